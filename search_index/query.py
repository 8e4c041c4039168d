"""Questions: what a list or a search asks of a generation. Frozen and hashable, so that they can key a cache."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search_index.front_matter_fields import FieldCondition
from search_index.model import Kind

WINDOW = 10_000
"""The deepest hit a search can be asked for; lists have no such window."""


class Sort(StrEnum):
    """What a list is ordered by. ``relevance`` needs a query."""

    PUBLISHED_AT = "published_at"
    UPDATED_AT = "updated_at"
    TITLE = "title"
    READING_TIME = "reading_time"
    RELEVANCE = "relevance"


class Order(StrEnum):
    ASC = "asc"
    DESC = "desc"


class TagMatch(StrEnum):
    ANY = "any"
    ALL = "all"


class FacetField(StrEnum):
    TAG = "tag"
    CATEGORY = "category"
    AUTHOR = "author"
    SERIES = "series"
    YEAR = "year"
    MONTH = "month"
    LANG = "lang"
    COLLECTION = "collection"


class Include(StrEnum):
    """What a post may carry beside its summary, under these names."""

    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    TOC = "toc"
    FRONT_MATTER = "front_matter"
    NEIGHBORS = "neighbors"
    RELATED = "related"
    BACKLINKS = "backlinks"
    HEADINGS = "headings"


@dataclass(frozen=True, slots=True)
class PostFilters:
    """Which posts are meant; everything given must hold.

    Term filters hold identities (slugs; paths for categories, which include their descendants). Several values of one
    field mean any of them; for ``tags`` with ``tag_match=all`` all of them. Times are UTC epoch seconds,
    ``*_after`` inclusive, ``*_before`` exclusive; a post without that date matches neither. ``year`` and ``month`` are
    those of the date as the author wrote it, in its own offset. ``where`` are conditions on the front matter, all of which
    hold. ``kind`` None: posts and pages.
    """

    kind: Kind | None = Kind.POST
    tags: tuple[str, ...] = ()
    tag_match: TagMatch = TagMatch.ANY
    not_tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    not_categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None
    published_after: int | None = None
    published_before: int | None = None
    updated_after: int | None = None
    updated_before: int | None = None
    featured: bool | None = None
    where: tuple[FieldCondition, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """``number`` counts from 1; ``size`` is 1 to 100."""

    number: int = 1
    size: int = 20

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class ListPosition:
    """A post's place in a list, which it has whatever comes before or after: what the list is ordered by (as the catalog
    has it; ``published_at`` in UTC epoch seconds breaks ties, then the id)."""

    value: int | str | None
    published_at: int | None
    id: str


@dataclass(frozen=True, slots=True)
class SearchPosition:
    """A hit's place in the results of a search: it was the last of the first ``offset`` hits in the content of ``version``
    (as in ``Snapshot.version``)."""

    version: str
    offset: int
    id: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list of posts: filters, order, page, facets. ``facet_text`` keeps facets to the values whose name has a word that
    begins so. With ``after`` the page begins behind that place, and its number counts for nothing."""

    filters: PostFilters = PostFilters()
    sort: Sort = Sort.PUBLISHED_AT
    order: Order = Order.DESC
    page: Page = Page()
    facets: tuple[FacetField, ...] = ()
    facet_text: str = ""
    after: ListPosition | None = None
    include: tuple[Include, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search: what the person typed, and the same filters, order, page, facets and inclusions as a list.

    ``prefix``: the last word may be unfinished. ``typo``: words may be misspelled. ``explain``: hits say why they are where
    they are.
    """

    text: str
    filters: PostFilters = PostFilters()
    sort: Sort = Sort.RELEVANCE
    order: Order = Order.DESC
    page: Page = Page()
    facets: tuple[FacetField, ...] = ()
    facet_text: str = ""
    after: SearchPosition | None = None
    include: tuple[Include, ...] = ()
    prefix: bool = True
    typo: bool = True
    explain: bool = False
