"""What a snapshot answers: pages of finished JSON, facets, hits, archives. Frozen, no input or output."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search_index.highlight import Fragment
from search_index.post_search import HitExplanation
from search_index.query import FacetField, ListPosition, SearchPosition


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
    """``items`` are ``PostSummary`` objects as finished JSON, with what the query includes; ``total`` counts all pages;
    ``last`` is the place of the last item, None where nothing comes behind it."""

    items: tuple[bytes, ...]
    total: int
    facets: tuple[FacetCounts, ...]
    last: ListPosition | None


@dataclass(frozen=True, slots=True)
class Neighbors:
    """The next older and the next newer post, as ``PostLink`` JSON."""

    prev: bytes | None
    next: bytes | None


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post as finished JSON (``Post``), or its source or text in UTF-8.

    ``content_hash`` is a hex digest of all that ``body`` is made of; ``tags`` are the slugs of its tags (for Cache-Tag);
    ``modified_at`` is its last date in UTC epoch seconds.
    """

    id: str
    slug: str
    body: bytes
    content_hash: str
    tags: tuple[str, ...]
    modified_at: int | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a path of the site leads: ``post`` is a ``PostSummary`` as finished JSON, ``id``, ``slug`` and ``path`` its own.

    ``is_redirect`` where the path is written otherwise, ``is_page`` where it is no post but a page.
    """

    id: str
    slug: str
    path: str
    is_redirect: bool
    is_page: bool
    post: bytes


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
    """``post`` is a ``PostSummary`` as finished JSON; ``explanation`` where one was asked for."""

    score: float
    post: bytes
    explanation: HitExplanation | None
    highlights: tuple[Fragment, ...]
    sections: tuple[SectionHit, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``interpreted`` is the query as it was read, ``has_words`` whether there was something to search in it, ``ignored``
    what of it goes beyond the limits; ``last`` is the place of the last hit, None where none comes behind it that may be asked
    for; the rest as in ``post_search.Found``."""

    hits: tuple[SearchHit, ...]
    total: int
    facets: tuple[FacetCounts, ...]
    interpreted: str
    has_words: bool
    ignored: tuple[str, ...]
    relaxed: bool
    dropped: tuple[str, ...]
    corrected: str
    did_you_mean: str
    complete: bool
    last: SearchPosition | None


class SuggestionKind(StrEnum):
    TITLE = "title"
    TAG = "tag"
    CATEGORY = "category"
    AUTHOR = "author"
    SERIES = "series"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion, the number of posts behind it, and where the API has them; ``url`` is a post's public address."""

    kind: SuggestionKind
    text: str
    count: int
    api_url: str
    url: str | None


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
class SiteAddress:
    """A path of the site, percent-encoded, and when what is there changed last (UTC epoch seconds; None: undated)."""

    path: str
    modified_at: int | None


@dataclass(frozen=True, slots=True)
class SiteCounts:
    posts: int
    pages: int
    tags: int
    categories: int
    authors: int
    series: int
