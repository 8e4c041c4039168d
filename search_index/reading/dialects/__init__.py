"""Whose rules a folder follows: which files are posts, and where dates, slugs, addresses and terms come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from search_index.diagnostics import ContentProblem
from search_index.model import Cover, Provenance, TermRef
from search_index.reading.front_matter import FrontMatter
from search_index.settings import SiteSettings
from search_index.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file, its front matter parsed. ``path`` is relative to the content folder."""

    path: str
    front_matter: FrontMatter
    body: str


@dataclass(frozen=True, slots=True)
class PostOutline:
    """All of a post that its path and front matter say, before its body is rendered.

    ``title`` is "" where the body has to give it, ``fallback_title`` where that has none either. ``excerpt`` and
    ``description`` are plain text. ``front_matter`` is without private fields.
    """

    id: str
    slug: str
    collection: str
    lang: str
    path: str
    title: str
    fallback_title: str
    excerpt: str
    description: str
    published_at: datetime | None
    updated_at: datetime | None
    expires_at: datetime | None
    featured: bool
    tags: tuple[TermRef, ...]
    categories: tuple[TermRef, ...]
    authors: tuple[TermRef, ...]
    series: TermRef | None
    cover: Cover | None
    aliases: tuple[str, ...]
    front_matter: dict[str, object]
    visibility: Visibility
    problems: tuple[ContentProblem, ...]
    provenance: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that is no post, and why."""

    reason: str


class Dialect(Protocol):
    """The rules of one generator, or of none."""

    @property
    def name(self) -> str: ...

    @property
    def reason(self) -> str:
        """Why the folder is read this way, for people."""
        ...

    def aside(self, path: str) -> Aside | None:
        """Why the file is no post whatever it says; decided by its path, before it is read."""
        ...

    def hides(self, path: str) -> str:
        """Why nothing at this path is public, though it cannot be read; "" where nothing is known."""
        ...

    def outline(self, document: Document, settings: SiteSettings) -> PostOutline | Aside:
        """What the file says of its post. Wrong values become problems, never exceptions."""
        ...


def choose_dialect(root: Path, settings: SiteSettings) -> Dialect:
    """The dialect of the folder ``root``."""
    from search_index.reading.dialects.plain import PlainDialect  # the dialects import this module's types

    del root, settings
    return PlainDialect()
