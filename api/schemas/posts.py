"""Posts as they are answered: with what ``include`` asked for. These keys, and only these, are absent where nobody asked."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import Field, JsonValue

from search_index import wire
from search_index.wire import PostLink, PostSummary, TocEntry, WireModel

_T = TypeVar("_T")

Asked = Annotated[_T, Field(default=None, json_schema_extra=lambda schema: schema.pop("default"))]
"""A key that is there where it was asked for; never null."""


class Heading(WireModel):
    """A heading of a post."""

    id: str = Field(description="The heading's anchor in html")
    text: str
    level: int = Field(ge=1, le=6)


class Neighbors(WireModel):
    """The posts on either side."""

    prev: PostLink | None = Field(description="The next older post")
    next: PostLink | None = Field(description="The next newer post")


class ListedPost(PostSummary):
    """A post or page in a list: its summary, and what `include` asked for."""

    html: Asked[str]
    markdown: Asked[str]
    text: Asked[str]
    toc: Asked[list[TocEntry]]
    front_matter: Asked[dict[str, JsonValue]]
    neighbors: Asked[Neighbors]
    related: Asked[list[PostSummary]]
    backlinks: Asked[list[PostSummary]]
    headings: Asked[list[Heading]]


class Post(wire.Post):
    """A post, whole, and what `include` asked for."""

    markdown: Asked[str]
    text: Asked[str]
    neighbors: Asked[Neighbors]
    related: Asked[list[PostSummary]]
    backlinks: Asked[list[PostSummary]]
    headings: Asked[list[Heading]]
