"""The entrance of the API, and how the service is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from search_index.wire import PostSummary, WireModel


class Counts(WireModel):
    posts: int
    pages: int
    tags: int
    categories: int
    authors: int
    series: int


class Links(WireModel):
    """Where everything is, root-relative."""

    posts: str = Field(examples=["/v1/posts"])
    pages: str
    collections: str
    tags: str
    categories: str
    authors: str
    series: str
    archives: str
    search: str
    resolve: str
    rss: str = Field(examples=["/feeds/rss.xml"])
    atom: str
    json_feed: str
    sitemap: str
    llms_txt: str
    changes: str
    export: str
    events: str
    diagnostics: str
    openapi: str = Field(description="The OpenAPI document, version 3.1", examples=["/openapi.json"])
    openapi_3_0: str = Field(
        description="The same in version 3.0, for tools that read no newer one", examples=["/openapi-3.0.json"]
    )
    docs: str = Field(description="The API explorer, a page for people", examples=["/docs"])


class Index(WireModel):
    name: Literal["octavo"]
    version: str = Field(description="Octavo's own", examples=["0.1.0"])
    generation: str = Field(description="A hash of what is publicly visible; as in X-Content-Generation")
    title: str = Field(description="The site's; empty where it has none")
    url: str | None = Field(description="The public site's address; null when not known")
    counts: Counts
    links: Links


class Resolution(WireModel):
    """Where an address of the public site leads."""

    kind: Literal["post", "page", "redirect"] = Field(
        description="`post`, `page`: the address is its own; `redirect`: it is an older one, or is spelled otherwise"
    )
    path: str = Field(description="The address as it was asked for, as a decoded path", examples=["/old/hello.html"])
    location: str = Field(description="Its own path, percent-encoded: where a redirect leads")
    post: PostSummary = Field(description="What is there; `kind` in it says whether it is a post or a page")


class Health(WireModel):
    status: Literal["ok"]


class Readiness(WireModel):
    """``degraded``: the last good generation is served because the newest one did not open (``error`` says so)."""

    status: Literal["ready", "degraded"]
    generation: str
    error: str
