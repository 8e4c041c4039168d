"""Search results: hits around post summaries."""

from __future__ import annotations

from pydantic import Field

from api.schemas.lists import Facet, Pagination
from api.schemas.posts import ListedPost
from search_index.answers import SuggestionKind
from search_index.engines.port import TextField
from search_index.expansion import Match
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


class FieldScore(WireModel):
    """What a clause adds in one field: BM25 of its frequency there."""

    field: TextField
    frequency: int = Field(description="How often it stands in the field")
    length: int = Field(description="The field's length in words")
    average_length: float = Field(description="That of all posts that have the field")
    posts: int = Field(description="How many posts have it in this field")
    of_posts: int = Field(description="How many posts have the field")
    score: float


class ClauseExplanation(WireModel):
    """What a word or phrase of the query adds to the score."""

    typed: str
    match: Match | None = Field(description="How the post holds it; null where it does not")
    tokens: list[str] = Field(description="What was looked for in that way; `~` stands before stems")
    score: float
    fields: list[FieldScore]


class HitExplanation(WireModel):
    """Why a hit is where it is: the clauses' scores and `proximity`, times `recency`."""

    exact_title: bool = Field(description="Whether the title is the query; such posts come first")
    corrections: int = Field(description="Words that had to be corrected; posts with fewer come first")
    clauses: list[ClauseExplanation]
    proximity: float = Field(description="For words that stand near each other")
    recency: float = Field(description="A factor, 1 where recency does not count")
    score: float


class SearchHit(WireModel):
    score: float = Field(description="Comparable within one answer only", examples=[12.3])
    post: ListedPost
    highlights: list[Highlight]
    sections: list[SectionHit]
    explanation: HitExplanation | None = Field(description="With `explain=true`")


class QueryReading(WireModel):
    """How the query was read."""

    raw: str = Field(description="As it was sent")
    interpreted: str = Field(description="As it was understood")
    corrected: str | None = Field(description="What was searched instead, where it was")
    relaxed: bool = Field(
        description="Whether nothing was found as typed: words were dropped, or joined ones need not stand together"
    )
    dropped: list[str] = Field(description="The words that were given up because nothing matched all of them")
    ignored: list[str] = Field(description="What was dropped because it exceeds a limit")


class SearchResults(WireModel):
    items: list[SearchHit]
    query: QueryReading
    did_you_mean: str | None = Field(description="A spelling that would find more")
    complete: bool = Field(description="False where the deadline passed; total and facets then count what was found")
    took_ms: float = Field(examples=[3.1])
    pagination: Pagination
    facets: list[Facet]


class Suggestion(WireModel):
    """A completion of what is being typed."""

    kind: SuggestionKind
    text: str = Field(description="A title, a term's name, or the query with its last word finished")
    count: int = Field(description="How many posts are behind it")
    api_url: str = Field(description="The post, the term, or the search for the text", examples=["/v1/posts/hello"])
    url: str | None = Field(description="The public address of a title's post; null for all others")


class SuggestionList(WireModel):
    """Titles first, then terms, then words."""

    items: list[Suggestion]
    complete: bool = Field(description="False where the deadline passed")


class RelatedPosts(WireModel):
    """The posts that are most like one, the most alike first."""

    items: list[PostSummary]
