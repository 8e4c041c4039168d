"""Whose rules a folder follows: which files are posts, and where dates, slugs, addresses and terms come from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from search_index.diagnostics import ContentProblem
from search_index.model import Cover, Kind, Provenance, Rendered, TermRef
from search_index.public_files import PublicFiles
from search_index.reading.front_matter import FrontMatter, decode, decode_exactly, parse, split
from search_index.reading.markdown import MarkdownRenderer
from search_index.reading.other_pages import OtherPages
from search_index.reading.sequence import Place
from search_index.reading.source import FoundFile
from search_index.settings import SiteSettings
from search_index.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Document:
    """A file, its front matter parsed. ``path`` is relative to the content folder, ``body_line`` the body's first line."""

    path: str
    front_matter: FrontMatter
    body: str
    body_line: int = 1
    problems: tuple[ContentProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class PostOutline:
    """All of a post that its path and front matter say, before its body is rendered.

    ``title`` is "" where the body has to give it, ``fallback_title`` where that has none either; where that is None, a
    title of "" is meant so. ``excerpt`` and ``description`` are plain text, ``excerpt_html`` is the generator's excerpt
    where the front matter gives it whole (not sanitised yet). ``front_matter`` is without private fields. ``place`` is
    None where posts follow each other by date.
    ``on_site`` as in ``Post``.
    """

    id: str
    slug: str
    collection: str
    lang: str
    path: str
    title: str
    fallback_title: str | None
    excerpt: str
    excerpt_html: str | None
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
    place: Place | None = None
    kind: Kind = Kind.POST
    on_site: bool = True


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that is no post, and why. ``path`` is where the site has it all the same, "" for nowhere."""

    reason: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class PreparedBody:
    """A body as its Markdown renderer gets it: the template language has run.

    ``excerpt`` is the Markdown that the generator makes its excerpt from, None where that is cut from the finished HTML.
    ``uses`` are paths of other documents that shaped the text, as in ``ReadOutcome``.
    """

    text: str
    markdown: MarkdownRenderer
    excerpt: str | None = None
    problems: tuple[ContentProblem, ...] = ()
    uses: tuple[str, ...] = ()


class ValueCache(Protocol):
    """Bytes by key, kept from one build to the next; losing them costs time, nothing else."""

    def values(self, keys: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """Those that are there."""
        ...

    def put_value(self, key: bytes, value: bytes) -> None: ...


class Dialect(Protocol):
    """The rules of one generator, or of none. Methods with a body are what most dialects want."""

    @property
    def name(self) -> str: ...

    @property
    def reason(self) -> str:
        """Why the folder is read this way, for people."""
        ...

    @property
    def fingerprint(self) -> str:
        """A hash over what shapes posts besides their own files: configuration, data, includes, renderers."""
        ...

    @property
    def problems(self) -> tuple[ContentProblem, ...]:
        """What is wrong with the site itself, its configuration for instance."""
        return ()

    def site(self, settings: SiteSettings) -> SiteSettings:
        """The owner's settings, completed by what the generator's configuration says where the owner is silent."""
        return settings

    def use(self, now: int, cache: ValueCache | None) -> None:
        """Templates and links see the posts that are public at ``now`` (UTC epoch seconds)."""
        del now, cache

    def about_to_read(self, file: FoundFile) -> None:
        """The file that the next document is of, as it was found."""
        del file

    def is_read_late(self, path: str) -> bool:
        """Whether the file is likely to list others, and is read sooner when those have been."""
        del path
        return False

    def enters(self, folder: str) -> bool:
        """Whether documents may lie in the folder at this path, or below."""
        ...

    def reads(self, path: str) -> bool:
        """Whether the file at this path is a document."""
        ...

    def aside(self, path: str) -> Aside | None:
        """Why the file is no post whatever it says; decided by its path, before it is read."""
        ...

    def hides(self, path: str) -> str:
        """Why nothing at this path is public, though it cannot be read; "" where nothing is known."""
        ...

    def document(self, path: str, raw: bytes, settings: SiteSettings) -> Document:
        """The file taken apart. Raises ``ContentError``."""
        split_file = split(decode(raw), settings.limits)
        return Document(path, parse(path, split_file, settings.limits), split_file.body, split_file.body_line)

    def text_of(self, raw: bytes) -> str:
        """The file's text with its line ends as they are, in the encoding that it is in. Raises ``ContentError``."""
        return decode_exactly(raw)

    def outline(self, document: Document, settings: SiteSettings) -> PostOutline | Aside:
        """What the file says of its post. Wrong values become problems, never exceptions."""
        ...

    def prepare(self, document: Document, outline: PostOutline) -> PreparedBody:
        """The body for its renderer. What is wrong in it becomes a problem, never an exception."""
        ...

    @property
    def public_files(self) -> PublicFiles:
        """Which files, besides the documents, the site publishes, and where it has them."""
        ...

    def file_at(self, path: str) -> str | None:
        """The path on the site of the public file that is no document, at ``path`` below the folder; None without one."""
        del path
        return None

    def document_at(self, path: str) -> str | None:
        """The path on the site of the post whose document lies at ``path``; None where there is none, or it is not public."""
        del path
        return None

    @property
    def other_pages(self) -> OtherPages:
        """What the site may have besides its documents; part of the fingerprint."""
        return OtherPages()

    def document_meant(self, url: str, path: str) -> str | None:
        """The path on the site of the document that a theme may take the link ``url`` of the document ``path`` for, where it
        names a Markdown file that ``document_at`` does not know."""
        del url, path
        return None

    def image_size(self, path: str) -> tuple[int, int] | None:
        """Width and height, in pixels, of the image at a path of the site or below the folder; None where it is not known."""
        ...

    def excerpt_html(self, body: Rendered, excerpt: Rendered | None) -> str | None:
        """The generator's own excerpt; ``excerpt`` is ``PreparedBody.excerpt`` rendered."""
        return excerpt.html if excerpt else body.marker_html or body.first_paragraph_html or None


_SIGNS: Mapping[str, tuple[str, ...]] = {
    "jekyll": ("_config.yml", "_config.yaml", "_config.toml", "_posts"),
    "hugo": (
        *("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", ".hugo_build.lock"),
        *("config.toml", "config.yaml", "config.yml", "config.json", "config"),
    ),
}
"""What a folder must have one of to be worth a closer look; a dialect's modules are loaded only then."""


def is_configured(folder: Path) -> bool:
    """Whether a generator's configuration file lies in the folder, so that a site begins there."""
    return any((folder / sign).is_file() for signs in _SIGNS.values() for sign in signs)


def choose_dialect(root: Path, settings: SiteSettings) -> Dialect:
    """The dialect of the folder ``root``: the one that ``settings.dialect`` names, else the first whose signs are there."""
    for name, signs in _SIGNS.items():
        if settings.dialect in ("", name) and (settings.dialect or any(os.path.lexists(root / sign) for sign in signs)):
            dialect = _read_as(name, root, settings)
            if dialect is not None:
                return dialect
    from search_index.reading.dialects.plain import PlainDialect  # the dialects import this module's types

    return PlainDialect.of(root, settings)


def in_reading_order(files: Iterable[FoundFile], dialect: Dialect) -> tuple[FoundFile, ...]:
    """The files by path, those last that are likely to list others."""
    return tuple(sorted(files, key=lambda file: (dialect.is_read_late(file.path), file.path)))


def _read_as(name: str, root: Path, settings: SiteSettings) -> Dialect | None:
    if name == "jekyll":
        from search_index.reading.dialects.jekyll import JekyllDialect

        return JekyllDialect.of(root, settings)
    from search_index.reading.dialects.hugo import HugoDialect

    return HugoDialect.of(root, settings)
