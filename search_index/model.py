"""The nouns of Octavo: what reading a file yields, before it becomes JSON. Frozen, no input or output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """A post stands in the site's stream of posts; a page is any other document: a page of its own, a section's, or one
    of a collection beside the posts."""

    POST = "post"
    PAGE = "page"


PAGES = "pages"
"""The collection of the pages that belong to none."""


class Status(StrEnum):
    """``draft`` is seen only where drafts are asked for (``OCTAVO_DRAFTS=1``, or a preview token); a post whose minute has
    not come is ``published`` too, and simply not there yet."""

    PUBLISHED = "published"
    DRAFT = "draft"


class ExcerptSource(StrEnum):
    """Where ``excerpt`` came from."""

    MARKER = "marker"
    FRONT_MATTER = "front_matter"
    DESCRIPTION = "description"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as found: ``path`` relative to the content folder, with ``/``; ``sha256`` in hex; ``size`` in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class TermRef:
    """A post's membership in a taxonomy.

    ``path`` is the identity: the slug of each level of the folded name, joined with ``/`` (one level everywhere but in
    categories). ``names`` has the name of each level as the post writes it, outermost first.
    """

    path: str
    names: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The innermost level's slug."""
        return self.path.rpartition("/")[2]

    @property
    def name(self) -> str:
        """The innermost level's name."""
        return self.names[-1]


@dataclass(frozen=True, slots=True)
class Cover:
    """The post's image; ``url`` as the front matter gives it, sizes in pixels where known."""

    url: str
    alt: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body: ``level`` 1 to 6, plain ``text``, ``anchor`` is the ``id`` in the HTML ("" if none)."""

    level: int
    text: str
    anchor: str


class Section(NamedTuple):
    """The text under one heading, up to the next heading of any level.

    ``trail`` has the plain headings from the outermost to this one; the text before the first heading is a section with
    an empty trail and anchor. ``start`` and ``end`` are offsets into ``Rendered.text`` (the heading's line included).
    """

    anchor: str
    trail: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link or an image of the body: ``url`` as in the HTML before any rewriting, plain ``text`` (``alt`` of an image)."""

    url: str
    text: str
    image: bool


class Judged(IntEnum):
    """When a link without a target is broken: never, since there may be something that no document is; always; or where the
    site has documents below the first folder of the path, so that the folder is the site's own."""

    NEVER = 0
    ALWAYS = 1
    IN_SECTION = 2


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link of a body to its own site.

    ``url`` is what the HTML says before any rewriting, ``paths`` are where it may lead (as ``site_path`` gives them, the
    likeliest first). ``line`` and ``column`` are those of its first mention in the file, from 1, 0 where that is not known.
    """

    url: str
    paths: tuple[str, ...]
    line: int
    column: int
    judged: Judged


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body after Markdown and sanitising.

    ``text`` is the plain text that is indexed, shown as ``.txt`` and highlighted: inline code in its place, code blocks
    too, blocks and table cells ending with a newline. ``code_spans`` are the offsets of code blocks in it.
    ``first_paragraph`` is the first prose paragraph as plain text. ``marker_html`` and ``marker_text`` are what stands
    before ``<!--more-->``, None without the marker.
    """

    html: str
    text: str
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    code_spans: tuple[tuple[int, int], ...]
    first_paragraph: str
    first_paragraph_html: str
    marker_text: str | None
    marker_html: str | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why one derived value is what it is: ``published_at``, ``2020-12-02T00:00+09:00``, ``from the file name, ...``."""

    name: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post or page as read: everything a generation needs of one file.

    Dates carry their authored offset. ``visible_from`` and ``visible_until`` are UTC epoch seconds, the half-open span in
    which the post is public (``None``: no bound on that side). ``hidden`` is the reason it is never public
    (``"draft"``, ``"published: false"``), "" for all others; it is decided in ``visibility.py`` alone. Neighbours are the
    posts of one ``chain``, by rising ``sequence``. ``on_site`` is False where the site has nothing at ``path``: documents of
    a collection that its generator does not write out. ``markdown`` is the file behind its front matter, as its author wrote it
    with its line ends; ``links`` are those of the body to its own site.
    """

    kind: Kind
    on_site: bool
    id: str
    slug: str
    collection: str
    lang: str
    path: str
    title: str
    excerpt: str
    excerpt_html: str | None
    excerpt_source: ExcerptSource
    published_at: datetime | None
    updated_at: datetime | None
    expires_at: datetime | None
    featured: bool
    tags: tuple[TermRef, ...]
    categories: tuple[TermRef, ...]
    authors: tuple[TermRef, ...]
    series: TermRef | None
    cover: Cover | None
    word_count: int
    reading_time: int
    aliases: tuple[str, ...]
    front_matter: Mapping[str, object]
    source: SourceFile
    status: Status
    hidden: str
    visible_from: int | None
    visible_until: int | None
    rendered: Rendered
    markdown: str
    links: tuple[SiteLink, ...]
    chain: str
    sequence: str
    provenance: tuple[Provenance, ...] = field(default=(), compare=False)

    @property
    def term_names(self) -> tuple[str, ...]:
        """The names of its tags, and of its categories with those above them, each once: what is searched as ``terms``."""
        levels = (name for term in self.categories for name in term.names)
        return tuple(dict.fromkeys((*(term.name for term in self.tags), *levels)))
