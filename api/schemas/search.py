"""Search results: hits around post summaries."""

from __future__ import annotations

from pydantic import Field

from api.schemas.lists import Facet, Pagination
from search_index.engines.port import TextField
from search_index.wire import PostSummary, WireModel


class Highlight(WireModel):
    """A passage in which the query stands."""

    field: TextField
    html: str = Field(description="Escaped text with <mark>, nothing else", examples=["the <mark>quick</mark> fox"])


class SectionHit(WireModel):
    """A section of the post in which the query stands."""

    anchor: str = Field(examples=["setup"])
    heading: str = Field(examples=["Setup"])
    trail: list[str] = Field(description="The headings down to this one", examples=[["Install", "Setup"]])
    url: str = Field(description="The post's address with the anchor")
    html: str = Field(description="Escaped text with <mark>, nothing else")


class SearchHit(WireModel):
    score: float = Field(description="Comparable within one answer only", examples=[12.3])
    post: PostSummary
    highlights: list[Highlight]
    sections: list[SectionHit]


class QueryReading(WireModel):
    """How the query was read."""

    raw: str = Field(description="As it was sent")
    interpreted: str = Field(description="As it was understood")
    corrected: str | None = Field(description="What was searched instead, where it was")
    relaxed: bool = Field(description="Whether words were dropped because nothing matched all of them")
    ignored: list[str] = Field(description="What was dropped because it exceeds a limit")


class SearchResults(WireModel):
    items: list[SearchHit]
    query: QueryReading
    did_you_mean: str | None = Field(description="A spelling that would find more")
    complete: bool = Field(description="False where the deadline passed; total and facets then count what was found")
    took_ms: float = Field(examples=[3.1])
    pagination: Pagination
    facets: list[Facet]
