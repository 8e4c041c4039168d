"""The settings of the service: from ``OCTAVO_*`` variables alone, read once by whoever starts it, then passed down."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from api.hook_signatures import signing_key
from api.read_keys import parse_read_keys
from search_index.refresh import REFRESH_FILE
from search_index.relevance import SearchSettings
from search_index.settings import SettingsError, SiteUrl, explain


class ServiceSettings(BaseSettings):
    """How the API is served. What shapes the content itself stands in ``search_index.settings.SiteSettings``."""

    model_config = SettingsConfigDict(
        env_prefix="OCTAVO_",
        env_nested_delimiter="__",
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    index_dir: Path = Field(
        description="The folder in which generations are published; `octavo serve` sets it, and `--index-dir` goes before it"
    )
    content_dir: Path | None = Field(
        None,
        description="The folder whose files are served, under `/assets` and at the site's own paths; `octavo serve` sets it. "
        "Without it none are",
    )
    api_url: SiteUrl = Field("", description="The public address of this API itself, for the links of feeds")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("*",), description="Origins whose scripts may read; `*` is everybody"
    )
    cors_credentials: bool = Field(False, description="Whether those scripts may send cookies; not together with `*`")
    s_maxage: int = Field(60, ge=0, description="Seconds for which a shared cache may answer by itself")
    stale_while_revalidate: int = Field(600, ge=0, description="Further seconds for which it may while it asks again")
    compression: bool = Field(True, description="Whether answers are compressed where the client wants it")
    response_cache_bytes: int = Field(
        16 * 1024 * 1024, ge=0, description="Memory for finished answers, for each worker, in bytes"
    )
    search_concurrency: int = Field(2, ge=1, description="Searches at once, for each worker")
    search_queue: int = Field(8, ge=0, description="Searches that may wait for a place")
    search_wait_ms: int = Field(100, ge=0, description="The longest they wait, in milliseconds")
    search_deadline_ms: int = Field(1000, ge=1, description="The longest a search takes, in milliseconds")
    search_cache_bytes: int = Field(
        64 * 1024 * 1024, ge=0, description="Memory for posting lists and scored words, for each worker, in bytes"
    )
    search_analytics: bool = Field(True, description="Whether queries are counted, for `/v1/search/analytics`")
    search_analytics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="The token with which `/v1/search/analytics` is read. Without one it is not served",
    )
    preview_secret: SecretStr | None = Field(
        None, min_length=32, description="What preview tokens are signed with; there are no previews without"
    )
    search: SearchSettings = Field(SearchSettings(), description="The numbers of the search")
    read_concurrency: int = Field(4, ge=1, description="Lists and terms read at once, for each worker")
    event_streams: int = Field(100, ge=0, description="Streams of events at once, for each worker")
    poll_seconds: float = Field(0.25, gt=0, description="How often a worker looks for a new generation, in seconds")
    request_line_bytes: int = Field(8 * 1024, ge=64, description="The length of a request line, in bytes")
    header_bytes: int = Field(16 * 1024, ge=64, description="The length of all headers together, in bytes")
    header_count: int = Field(64, ge=1, description="The number of headers")
    body_bytes: int = Field(64 * 1024, ge=0, description="The size of a request body, in bytes")
    body_seconds: float = Field(10.0, gt=0, description="The longest a request body may take to arrive, in seconds")
    hook_secret: SecretStr | None = Field(
        None, min_length=16, description="What /v1/hooks/refresh is signed with; not served without"
    )
    hook_file: Path | None = Field(None, description="Where the hook tells the indexer; a file in index_dir without")
    rescan_seconds: float = Field(60.0, gt=0, description="How often the folder is looked through without an event")
    read_keys: SecretStr | None = Field(
        None, description="Keys, one of which every reader must send, separated by commas; everybody reads without"
    )
    rate_limit: float = Field(0, ge=0, le=1e6, description="Requests a second of one caller; 0 is no limit")
    rate_burst: int = Field(40, ge=1, description="How many of them may come at once")
    search_rate_limit: float = Field(0, ge=0, le=1e6, description="Searches a second; 0 is no limit")
    search_rate_burst: int = Field(20, ge=1, description="How many of them may come at once")
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        (), description="Proxies whose X-Forwarded-For counts: addresses and networks, separated by commas"
    )

    @property
    def refresh_file(self) -> Path:
        """The file by which the hook tells the indexer to look."""
        return self.hook_file or self.index_dir / REFRESH_FILE

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("rate_limit", "search_rate_limit")
    @classmethod
    def _is_a_rate(cls, per_second: float) -> float:
        if 0 < per_second < 0.001:
            raise ValueError("write 0 for no limit, or at least 0.001 (one in 1000 seconds)")
        return per_second

    @field_validator("hook_secret")
    @classmethod
    def _can_sign(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None:
            signing_key(secret.get_secret_value())
        return secret

    @field_validator("read_keys")
    @classmethod
    def _are_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None:
            parse_read_keys(keys.get_secret_value())
        return keys

    @model_validator(mode="after")
    def _no_credentials_for_everybody(self) -> ServiceSettings:
        if self.cors_credentials and "*" in self.cors_origins:
            raise ValueError("OCTAVO_CORS_CREDENTIALS needs a list of origins in OCTAVO_CORS_ORIGINS, not *")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del settings_cls, dotenv_settings, file_secret_settings
        return init_settings, env_settings


def load_service_settings(**given: object) -> ServiceSettings:
    """The settings in the environment, but for those that are ``given``.

    Raises ``SettingsError`` naming the variable and what is wrong with it.
    """
    try:
        return ServiceSettings(**given)  # type: ignore[arg-type]  # values are checked by the model itself
    except ValidationError as error:
        raise SettingsError(explain(error)) from error
