"""``_config.yml``: Jekyll's defaults, overlaid with what the site says.

Source: Jekyll's configuration.rb.
"""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import decode
from search_index.reading.jekyll.scalars import resolve_scalar
from search_index.reading.source import read_file
from search_index.reading.toml_values import parse_toml
from search_index.reading.yaml_values import parse_yaml
from search_index.settings import Limits

CONFIG_FILES = ("_config.yml", "_config.yaml", "_config.toml")
_DEFAULT_EXCLUDES = (
    *(".sass-cache", ".jekyll-cache", "gemfiles", "Gemfile", "Gemfile.lock", "node_modules"),
    *("vendor/bundle/", "vendor/cache/", "vendor/gems/", "vendor/ruby/"),
)
_DEFAULT_INCLUDES = (".htaccess",)
PERMALINK_STYLES: Mapping[str, str] = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
"""Source: "Built-in formats" of Jekyll's page on permalinks."""
_CONFIG_FILE_FACTOR = 16
"""A configuration may be so many times as long, and as rich, as a post's front matter."""


_POSIX_ZONE = re.compile(r"[A-Za-z]{3,}(?P<sign>[+-]?)(?P<hours>\d{1,2})", re.ASCII)
_REVEALING = {
    "show_drafts": "'show_drafts' makes drafts public, as on the site itself",
    "unpublished": "'unpublished' makes public what says 'published: false', as on the site itself",
}


@dataclass(frozen=True, slots=True)
class JekyllConfig:
    """The site's configuration. ``written`` is all of it as JSON values; the rest is what reading asks for, in its type.

    ``file`` is the configuration file's name, "" where there is none; ``raw`` are its bytes.
    """

    file: str = ""
    raw: bytes = b""
    written: Mapping[str, object] = field(default_factory=dict)
    problems: tuple[ContentProblem, ...] = ()

    def text(self, key: str) -> str:
        """A scalar as text, "" where it is absent or no scalar."""
        value = self.written.get(key)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, (str, int, float)) else ""

    def flag(self, key: str) -> bool:
        return self.written.get(key) is True

    def map(self, key: str) -> Mapping[str, object]:
        value = self.written.get(key)
        return value if isinstance(value, dict) else {}

    def permalink_of(self, label: str) -> str:
        """The template of the addresses of a collection's documents."""
        own = self.collection(label).get("permalink")
        if isinstance(own, str) and own:
            return own
        if label != "posts":
            return f"/:collection/:path{self.suffix_of_style}"
        written = self.text("permalink") or "date"
        return PERMALINK_STYLES.get(written, written)

    @property
    def suffix_of_style(self) -> str:
        """What the addresses of pages and documents get of the style of the posts'.

        Source: ``add_permalink_suffix`` of Jekyll's utils.rb.
        """
        written = self.text("permalink") or "date"
        if written == "pretty" or written.endswith("/"):
            return "/"
        return ":output_ext" if written in ("date", "ordinal", "none") or written.endswith(":output_ext") else ""

    def collection(self, label: str) -> Mapping[str, object]:
        """The settings of one collection."""
        value = self.collections.get(label)
        return value if isinstance(value, dict) else {}

    def is_written(self, label: str) -> bool:
        """Whether the site has its documents at addresses of their own: ``output``, which posts and pages need not say."""
        return label not in self.collections or label == "posts" or self.collection(label).get("output") is True

    @property
    def collections(self) -> Mapping[str, object]:
        """The collections' settings by label; a list of labels is taken too."""
        value = self.written.get("collections")
        if isinstance(value, list):
            return {str(label): {} for label in value}
        return value if isinstance(value, dict) else {}

    @property
    def warnings(self) -> tuple[ContentProblem, ...]:
        """What the configuration makes public that its author may think hidden, and what in it is not used."""
        return tuple(
            ContentProblem(self.file, 0, 0, Severity.WARNING, ProblemCode.CONFIGURATION, message, hint)
            for message, hint in self._warnings()
        )

    def _warnings(self) -> Iterator[tuple[str, str]]:
        yield from ((message, f"take '{key}' out") for key, message in _REVEALING.items() if self.flag(key))
        if self.text("source").startswith(("/", "..")):
            yield "'source' leads out of the site's folder, which is not followed", "name a folder below _config.yml"
        try:
            codecs.lookup(self.encoding)
        except (LookupError, ValueError):
            yield f"'encoding': {self.encoding!r} is not known; UTF-8 is used", "save the files in UTF-8"

    @property
    def source(self) -> str:
        """The folder that the site's files lie in, relative to the configuration's; "" for that itself."""
        folder = posixpath.normpath(self.text("source").strip() or ".")
        return "" if folder == "." or folder.startswith(("/", "..")) else folder

    @property
    def destination(self) -> str:
        """The folder that the site is written to, relative to its source; "" where that is outside of it."""
        written = posixpath.normpath(self.text("destination").strip() or "_site")
        below = posixpath.relpath(written, self.source or ".") if not written.startswith("/") else ".."
        return "" if below.startswith("..") or below == "." else below

    @property
    def timezone(self) -> str:
        """The zone's name; ``UTC-9`` means nine hours east of UTC, as POSIX has it, and so does ``Etc/GMT-9``."""
        written = self.text("timezone")
        posix = _POSIX_ZONE.fullmatch(written)
        return f"Etc/GMT{posix['sign'] or '+'}{int(posix['hours'])}" if posix else written

    @property
    def encoding(self) -> str:
        """Of the site's posts and pages."""
        return self.text("encoding") or "utf-8"

    @property
    def exclude(self) -> tuple[str, ...]:
        """What ``include`` names in the same words is not excluded."""
        kept = set(_texts(self.written.get("include")))
        return tuple(name for name in (*_texts(self.written.get("exclude")), *_DEFAULT_EXCLUDES) if name not in kept)

    @property
    def include(self) -> tuple[str, ...]:
        return (*_texts(self.written.get("include")), *_DEFAULT_INCLUDES)

    @property
    def excerpt_separator(self) -> str:
        """Nothing behind the key leaves Jekyll's own in place; "" is none."""
        given = self.written.get("excerpt_separator") is not None
        return self.text("excerpt_separator") if given else "\n\n"

    @property
    def markdown_suffixes(self) -> tuple[str, ...]:
        written = self.text("markdown_ext") or "markdown,mkdown,mkdn,mkd,md"
        return tuple(f".{part.strip().lower()}" for part in written.split(",") if part.strip())


def load_config(root: Path, limits: Limits) -> JekyllConfig:
    """The configuration of the site at ``root``. What cannot be read becomes a problem, and Jekyll's defaults hold."""
    name = next((name for name in CONFIG_FILES if (root / name).is_file()), None)
    if name is None:
        return JekyllConfig()
    raw = b""
    try:
        raw = read_site_file(root, name, limits)
        return _parsed(name, raw, config_limits(limits))
    except ContentError as error:
        return JekyllConfig(name, raw, problems=(error.problem(name),))


def _parsed(name: str, raw: bytes, limits: Limits) -> JekyllConfig:
    text = decode(raw)
    value = parse_toml(text, limits) if name.endswith(".toml") else parse_yaml(text, limits, resolve_scalar).value
    if isinstance(value, dict):
        return JekyllConfig(name, raw, value)
    message, hint = "the configuration is not keys with values", "write lines such as title: My site"
    problem = ContentProblem(name, 1, 1, Severity.ERROR, ProblemCode.FRONT_MATTER_NOT_A_MAP, message, hint)
    return JekyllConfig(name, raw, problems=(problem,))


def read_site_file(root: Path, path: str, limits: Limits) -> bytes:
    """A file of the site that is no post. No link out of the folder is followed. Raises ``ContentError``."""
    return read_file(root, path, config_limits(limits))


def config_limits(limits: Limits) -> Limits:
    """The limits of a site's own files."""
    return limits.model_copy(
        update={
            "front_matter_bytes": limits.front_matter_bytes * _CONFIG_FILE_FACTOR,
            "front_matter_events": limits.front_matter_events * _CONFIG_FILE_FACTOR,
            "front_matter_nodes": limits.front_matter_nodes * _CONFIG_FILE_FACTOR,
        }
    )


def _texts(value: object) -> tuple[str, ...]:
    """A list of texts; one text is split at commas and blanks, as Jekyll's older sites write it."""
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    return tuple(str(item) for item in value if item is not None) if isinstance(value, list) else ()
