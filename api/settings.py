"""The settings of the service: from ``OCTAVO_*`` variables alone, read once by whoever starts it, then passed down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from search_index.relevance import SearchSettings
from search_index.settings import SettingsError, explain


class ServiceSettings(BaseSettings):
    """How the API is served. What shapes the content itself stands in ``search_index.settings.SiteSettings``."""

    model_config = SettingsConfigDict(
        env_prefix="OCTAVO_", env_nested_delimiter="__", extra="ignore", frozen=True, env_ignore_empty=True
    )

    index_dir: Path = Field(description="The folder that the indexer publishes generations in")
    content_dir: Path | None = Field(
        None, description="The folder that /assets serves files of; none are served without"
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        ("*",), description="Origins whose scripts may read, separated by commas; * is everybody"
    )
    cors_credentials: bool = Field(False, description="Whether those scripts may send cookies; not together with *")
    s_maxage: int = Field(60, ge=0, description="Seconds for which a shared cache may answer by itself")
    stale_while_revalidate: int = Field(600, ge=0, description="Further seconds for which it may while it asks again")
    compression: bool = Field(True, description="Whether answers are compressed where the client wants it")
    response_cache_bytes: int = Field(16 * 1024 * 1024, ge=0, description="Memory for finished answers, a worker")
    search_concurrency: int = Field(2, ge=1, description="Searches at once, a worker")
    search_queue: int = Field(8, ge=0, description="Searches that may wait for a place")
    search_wait_ms: int = Field(100, ge=0, description="The longest they wait, in milliseconds")
    search_deadline_ms: int = Field(1000, ge=1, description="The longest a search takes, in milliseconds")
    search_cache_bytes: int = Field(
        64 * 1024 * 1024, ge=0, description="Memory for decoded posting lists and scored words, a worker"
    )
    search_analytics: bool = Field(True, description="Whether queries are counted")
    search_analytics_token: SecretStr | None = Field(
        None, min_length=16, description="The token with which /v1/search/analytics is read; not served without"
    )
    search: SearchSettings = Field(SearchSettings(), description="The numbers of the search")
    read_concurrency: int = Field(4, ge=1, description="Lists and terms read at once, a worker")
    poll_seconds: float = Field(0.25, gt=0, description="How often a worker looks for a new generation")
    request_line_bytes: int = Field(8 * 1024, ge=64)
    header_bytes: int = Field(16 * 1024, ge=64)
    header_count: int = Field(64, ge=1)
    body_bytes: int = Field(64 * 1024, ge=0)
    body_seconds: float = Field(10.0, gt=0, description="The longest a request's body may take to arrive")

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

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
