"""The JSON of posts and terms: what a generation stores and the API sends, byte for byte.

No property has a default, so that generated clients see every key as present; ``null`` stands only where the type says so.
Timestamps are RFC 3339 with the authored offset.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from search_index.model import ExcerptSource, Kind, Status

Timestamp = Annotated[
    str,
    Field(
        json_schema_extra={"format": "date-time"},
        examples=["2024-05-28T23:23:39-05:00"],
        description="RFC 3339, with the offset that the author wrote",
    ),
]


class WireModel(BaseModel):
    """Base of everything on the wire."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TermLink(WireModel):
    """A tag, an author or a series of a post."""

    slug: str = Field(examples=["python"])
    name: str = Field(description="As this post writes it", examples=["Python"])
    api_url: str = Field(examples=["/v1/tags/python"])


class CategoryLink(WireModel):
    """A category of a post."""

    slug: str = Field(examples=["python"])
    path: str = Field(description="The slugs from the outermost category to this one", examples=["dev/python"])
    name: str = Field(examples=["Python"])
    api_url: str = Field(examples=["/v1/categories/dev/python"])


class CoverImage(WireModel):
    url: str
    alt: str
    width: int | None = Field(description="Pixels, where known")
    height: int | None = Field(description="Pixels, where known")


class SourceRef(WireModel):
    """The file a post was read from, relative to the site's root."""

    path: str = Field(examples=["_posts/2024-05-28-hello.md"])
    sha256: str = Field(description="Of the file's bytes, in hex")


class PostSummary(WireModel):
    """A post or page in a list."""

    kind: Kind = Field(description="`page`: a document that is no post")
    id: str = Field(description="Unique; from the file's path", examples=["posts/2024-05-28-hello"])
    slug: str = Field(description="The site's own slug; may repeat or be empty", examples=["hello"])
    collection: str = Field(examples=["posts"])
    url: str | None = Field(description="The post's address on the public site; null when no site URL is known")
    path: str = Field(description="The site's own path of it", examples=["/2024/05/28/hello/"])
    api_url: str = Field(description="Leads to this one post, always", examples=["/v1/posts/hello"])
    title: str = Field(description="Plain text")
    excerpt: str = Field(description="Plain text")
    excerpt_html: str | None = Field(description="The excerpt as the site's generator renders it")
    excerpt_source: ExcerptSource
    published_at: Timestamp | None
    updated_at: Timestamp | None
    status: Status
    lang: str = Field(examples=["en"])
    featured: bool
    tags: list[TermLink]
    categories: list[CategoryLink]
    authors: list[TermLink]
    series: TermLink | None
    cover: CoverImage | None
    word_count: int
    reading_time: int = Field(description="Minutes, at least 1 where there are words")
    source: SourceRef


class TocEntry(WireModel):
    """A heading of a post and those below it."""

    id: str = Field(description="The heading's anchor in html")
    text: str
    level: int = Field(ge=1, le=6)
    children: list[TocEntry]


class PostLink(WireModel):
    """The way to another post."""

    id: str
    slug: str
    title: str
    url: str | None
    path: str
    api_url: str
    published_at: Timestamp | None


class Post(PostSummary):
    """A post, whole."""

    html: str = Field(description="The rendered body; sanitised under OCTAVO_HTML_POLICY=safe, the default")
    toc: list[TocEntry]
    aliases: list[str] = Field(description="Other paths of the post on the site")
    front_matter: dict[str, JsonValue] = Field(description="As written, without private fields")
    prev: PostLink | None = Field(description="The next older post")
    next: PostLink | None = Field(description="The next newer post")


class Term(WireModel):
    """A term of a taxonomy, with the number of posts that carry it or one of its descendants."""

    slug: str
    path: str
    name: str = Field(description="As most posts write it")
    description: str = Field(description="What the term's own page says of it; empty where it has none")
    post_count: int
    api_url: str
    parent: str | None = Field(description="The path of the term above")
    children: list[Term] = Field(description="Filled in the tree view only")


class Collection(WireModel):
    """Documents of one sort: the posts, the pages, or what the site's generator calls a collection or section."""

    name: str = Field(examples=["recipes"])
    item_count: int = Field(description="Posts and pages in it")
    api_url: str = Field(examples=["/v1/collections/recipes"])


class Problem(WireModel):
    """A problem of a content file, as /v1/diagnostics and `octavo check --format json` give it."""

    file: str
    line: int = Field(description="From 1; 0 for the whole file")
    column: int
    severity: Literal["error", "warning"]
    code: str
    message: str
    hint: str
