"""Lists: of posts, of terms, of years, of problems."""

from __future__ import annotations

from pydantic import Field

from api.schemas.posts import ListedPost
from search_index.query import FacetField
from search_index.wire import Collection, PostSummary, Problem, Term, WireModel


class Pagination(WireModel):
    """Where in the whole a page stands. ``next`` and ``prev`` keep every filter."""

    page: int | None = Field(description="From 1; null where a cursor was used", examples=[1])
    per_page: int = Field(examples=[20])
    total: int = Field(description="Items on all pages", examples=[137])
    total_pages: int = Field(examples=[7])
    next: str | None = Field(description="Root-relative; null on the last page", examples=["/v1/posts?page=2"])
    prev: str | None = Field(description="Root-relative; null on the first page")
    next_cursor: str | None = Field(
        description="What `cursor` takes to go on behind this page, also when content changes meanwhile; null at the end"
    )


class FacetBucket(WireModel):
    """A value of a facet, and how many of the matching posts carry it."""

    value: str = Field(description="What the filter parameter takes", examples=["python"])
    label: str = Field(description="For people", examples=["Python"])
    count: int = Field(examples=[12])
    selected: bool = Field(description="Whether the request filters by it")


class Facet(WireModel):
    """The values of one field over all matching posts, most frequent first."""

    field: FacetField
    buckets: list[FacetBucket]
    truncated: bool = Field(description="Whether there are more values than are shown")


class PostList(WireModel):
    """A page of a list of posts or pages."""

    items: list[ListedPost]
    pagination: Pagination
    facets: list[Facet]


class Backlinks(WireModel):
    """The posts and pages that link to a post, newest first; never paginated."""

    items: list[PostSummary]


class TermList(WireModel):
    """All terms of a taxonomy; never paginated."""

    items: list[Term]


class CollectionList(WireModel):
    """All collections; never paginated."""

    items: list[Collection]


class ArchiveMonth(WireModel):
    month: int = Field(ge=1, le=12)
    post_count: int
    api_url: str = Field(examples=["/v1/posts?year=2024&month=5"])


class ArchiveYear(WireModel):
    year: int
    post_count: int
    api_url: str = Field(examples=["/v1/posts?year=2024"])
    months: list[ArchiveMonth] = Field(description="Those with posts, newest first")


class Archives(WireModel):
    """The years and months in which there are posts, newest first."""

    items: list[ArchiveYear]


class DiagnosticList(WireModel):
    """What is wrong in which file of the content."""

    items: list[Problem]
