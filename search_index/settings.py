"""The settings of a site: from ``OCTAVO_*`` variables, then ``octavo.toml`` in the content folder, then the defaults.

Read once and passed down. Everything here that shapes what a generation contains is part of the generation's id.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

SITE_FILE = "octavo.toml"
Generator = Literal["", "jekyll", "hugo", "plain"]
"""Whose rules a folder is read by; "" means that the folder's own signs decide."""


class HtmlPolicy(StrEnum):
    """``safe`` sanitises the HTML of posts; ``trusted`` emits what the author wrote."""

    SAFE = "safe"
    TRUSTED = "trusted"


class LinkForm(StrEnum):
    """What links and images in HTML become: ``root`` gives paths from the site's root, ``site`` whole addresses of the public
    site, ``untouched`` what the author wrote."""

    ROOT = "root"
    SITE = "site"
    UNTOUCHED = "untouched"


class SettingsError(ValueError):
    """A setting is unknown, of the wrong type or out of range; the text names it and where it was read."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise ValueError(f"{name!r} is no time zone of the IANA database; write one such as Europe/Paris") from error
    return name


def _site_url(url: str) -> str:
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("write the whole address, such as https://example.org")
    return url.rstrip("/")


def _aware(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.utcoffset() is None:
        raise ValueError("write the instant with its zone, such as 2026-09-01T00:00:00Z")
    return moment


TimeZoneName = Annotated[str, AfterValidator(_known_zone)]
SiteUrl = Annotated[str, AfterValidator(_site_url)]
Instant = Annotated[datetime | None, AfterValidator(_aware)]


class Limits(BaseModel):
    """The budgets of ``docs/reference/limits.md``; each error names the one that was hit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_bytes: int = Field(1024 * 1024, ge=1)
    front_matter_bytes: int = Field(64 * 1024, ge=1)
    tags_per_post: int = Field(256, ge=1)
    tag_characters: int = Field(128, ge=1)
    front_matter_depth: int = Field(16, ge=1, le=64)
    front_matter_events: int = Field(5_000, ge=1)
    front_matter_nodes: int = Field(20_000, ge=1)
    toml_dots: int = Field(8, ge=1)
    render_seconds: float = Field(2.0, gt=0)
    render_cpu_seconds: int = Field(3, ge=1)
    render_memory_bytes: int = Field(512 * 1024 * 1024, ge=64 * 1024 * 1024)
    render_output_bytes: int = Field(4 * 1024 * 1024, ge=1)
    render_output_floor: int = Field(64 * 1024, ge=1)
    render_output_ratio: int = Field(20, ge=1)
    html_depth: int = Field(100, ge=1, le=1_000)

    def output_bytes_for(self, source_bytes: int) -> int:
        """The largest HTML, in bytes, that a body of ``source_bytes`` may become."""
        return min(self.render_output_bytes, self.render_output_floor + self.render_output_ratio * source_bytes)


class SiteSettings(BaseSettings):
    """What a site's owner says about the site."""

    model_config = SettingsConfigDict(
        env_prefix="OCTAVO_", env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    dialect: Generator = ""
    public_url: SiteUrl = ""
    timezone: TimeZoneName = "UTC"
    html_policy: HtmlPolicy = HtmlPolicy.SAFE
    links: LinkForm = LinkForm.ROOT
    title: str = ""
    description: str = ""
    lang: str = Field("en", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
    author: str = ""
    private_fields: Annotated[tuple[str, ...], NoDecode] = ()
    drafts: bool = False
    now: Instant = None
    limits: Limits = Limits()

    @property
    def zone(self) -> ZoneInfo:
        """The zone of dates that name none."""
        return ZoneInfo(self.timezone)

    def fingerprint(self) -> str:
        """Everything that shapes a generation's bytes, as canonical JSON. ``now`` does not: a generation has no clock."""
        return self.model_dump_json(exclude={"now"})

    def completed(self, says: Mapping[str, str]) -> Self:
        """With what a generator's configuration ``says``, by the settings' names, where the owner has set nothing.

        An empty value says nothing; nor does one that is none, such as a zone that nobody knows.
        """
        settings = self
        for name, value in says.items():
            if not value or name in self.model_fields_set:
                continue
            with suppress(ValidationError):
                checked = type(self).model_validate({**self.model_dump(exclude_unset=True), name: value})
                settings = settings.model_copy(update={name: getattr(checked, name)})
        return settings

    @field_validator("private_fields", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

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
        return env_settings, init_settings


def load_site_settings(content_dir: Path) -> SiteSettings:
    """The settings of the site in ``content_dir``: the environment, then its ``octavo.toml``, then the defaults.

    Raises ``SettingsError`` naming the file or variable, the key and what is wrong with it.
    """
    written: dict[str, object] = {}
    file = content_dir / SITE_FILE
    if file.is_file():
        try:
            written = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError, RecursionError) as error:
            raise SettingsError(f"{file}: {error}") from error
    unknown = sorted(set(written) - set(SiteSettings.model_fields))
    if unknown:
        near = get_close_matches(unknown[0], SiteSettings.model_fields, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(SiteSettings.model_fields)}"
        raise SettingsError(f"{file}: unknown key {unknown[0]!r}{hint}")
    try:
        return SiteSettings(**written)  # type: ignore[arg-type]  # values are checked by the model itself
    except ValidationError as error:
        raise SettingsError(explain(error, file)) from error


def explain(error: ValidationError, file: Path | None = None) -> str:
    """One line a wrong setting: the variable (or the key of ``file``), what is wrong, what was given."""
    lines = []
    for row in error.errors():
        key = "__".join(str(part) for part in row["loc"])
        variable = f"OCTAVO_{key.upper()}"
        place = variable if variable in os.environ or file is None else f"{file}: {key}"
        given = "" if key.endswith(("token", "secret")) else f" (given: {row['input']!r})"
        lines.append(f"{place}: {row['msg'].removeprefix('Value error, ')}{given}")
    return "\n".join(lines)
