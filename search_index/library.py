"""The read side: a live handle on an index folder (``Library``) and one immutable view of it (``Snapshot``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_index.clock import Clock
from search_index.diagnostics import ContentProblem
from search_index.engines.port import Deadline, SearchEngine
from search_index.query import FacetField, ListQuery, SearchQuery
from search_index.taxonomy import Taxonomy
from search_index.wire import Term


class NotReady(Exception):
    """There is no generation to read yet; the text says what was looked for."""


@dataclass(frozen=True, slots=True)
class FacetBucket:
    """A facet's value, its name for people, in how many matches it stands, and whether the query filters by it."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class FacetCounts:
    field: FacetField
    buckets: tuple[FacetBucket, ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class PostPage:
    """``items`` are ``PostSummary`` objects as finished JSON; ``total`` counts all pages."""

    items: tuple[bytes, ...]
    total: int
    facets: tuple[FacetCounts, ...]


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as finished JSON (``Post``). ``content_hash`` is a hex digest of ``body``; ``tags`` are the slugs of its
    tags (for Cache-Tag); ``modified_at`` is its last date in UTC epoch seconds."""

    id: str
    slug: str
    body: bytes
    content_hash: str
    tags: tuple[str, ...]
    modified_at: int | None


@dataclass(frozen=True, slots=True)
class HitFragment:
    """``field`` is a ``TextField`` value; ``html`` is escaped text with ``<mark>``."""

    field: str
    html: str


@dataclass(frozen=True, slots=True)
class SectionHit:
    """A section of a post in which the query stands; ``url`` is the post's with the anchor."""

    anchor: str
    heading: str
    trail: tuple[str, ...]
    url: str
    html: str


@dataclass(frozen=True, slots=True)
class SearchHit:
    """``post`` is a ``PostSummary`` as finished JSON."""

    score: float
    post: bytes
    highlights: tuple[HitFragment, ...]
    sections: tuple[SectionHit, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``interpreted`` is the query as it was read, ``ignored`` what of it was dropped (over the limits)."""

    hits: tuple[SearchHit, ...]
    total: int
    facets: tuple[FacetCounts, ...]
    interpreted: str
    ignored: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class ArchiveMonth:
    """``month`` is 1 to 12."""

    month: int
    count: int


@dataclass(frozen=True, slots=True)
class ArchiveYear:
    """Months with posts, newest first."""

    year: int
    count: int
    months: tuple[ArchiveMonth, ...]


@dataclass(frozen=True, slots=True)
class SiteCounts:
    posts: int
    tags: int
    categories: int
    authors: int
    series: int


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """``sequence`` and ``generation`` of what is served (0 and "" if nothing is); ``error`` is why the newest one
    could not be opened, "" if it was."""

    sequence: int
    generation: str
    error: str


class Snapshot:
    """One generation at one instant: everything one response is made of. Safe from several threads."""

    @property
    def version(self) -> str:
        """A hash (hex) of what is publicly visible now: the same content gives the same on every host."""
        raise NotImplementedError

    @property
    def next_change_at(self) -> int | None:
        """The next instant (UTC epoch seconds) at which a post comes or goes by itself."""
        raise NotImplementedError

    @property
    def site_title(self) -> str:
        raise NotImplementedError

    @property
    def site_url(self) -> str:
        """The public site's address without a trailing slash, "" if not known."""
        raise NotImplementedError

    def counts(self) -> SiteCounts:
        raise NotImplementedError

    def list_posts(self, query: ListQuery) -> PostPage:
        raise NotImplementedError

    def get_post(self, key: str) -> StoredPost | None:
        """By exact slug where it is unique, else by id. None for what is not there, or not there yet."""
        raise NotImplementedError

    def near_posts(self, key: str, limit: int = 3) -> tuple[str, ...]:
        """Slugs that look like ``key``, nearest first."""
        raise NotImplementedError

    def list_terms(self, taxonomy: Taxonomy, *, tree: bool = False) -> tuple[Term, ...]:
        """Every term with its count, by name; ``tree`` nests them under the outermost."""
        raise NotImplementedError

    def get_term(self, taxonomy: Taxonomy, path: str) -> Term | None:
        """One term, with its children filled in."""
        raise NotImplementedError

    def near_terms(self, taxonomy: Taxonomy, path: str, limit: int = 3) -> tuple[str, ...]:
        raise NotImplementedError

    def list_archives(self) -> tuple[ArchiveYear, ...]:
        """Years newest first; undated posts stand in none."""
        raise NotImplementedError

    def search(self, query: SearchQuery, deadline: Deadline) -> SearchResult:
        """Raises ``QueryTooCostly`` beyond the window and ``EngineUnavailable``."""
        raise NotImplementedError

    def diagnostics(self) -> tuple[ContentProblem, ...]:
        """Problems of public files and of files that could not be read."""
        raise NotImplementedError


class Library:
    """The live handle: opens the generation that ``CURRENT`` names, follows the pointer, lends snapshots."""

    def __init__(self, index_dir: Path, engine: SearchEngine, clock: Clock) -> None:
        raise NotImplementedError

    def refresh(self) -> bool:
        """Look at the pointer; open and swap in a new generation. True if it was swapped.

        A generation that does not open leaves the old one in place and its reason in ``status``. Blocks: run it in a thread.
        """
        raise NotImplementedError

    @property
    def status(self) -> LibraryStatus:
        raise NotImplementedError

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """Lend the present snapshot; it stays open until the last lease returns. Raises ``NotReady``."""
        raise NotImplementedError
        yield

    def close(self) -> None:
        raise NotImplementedError
