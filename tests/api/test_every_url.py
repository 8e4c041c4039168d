"""What holds for every address of the OpenAPI document, over a real blog."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
from pydantic import BaseModel

from api.app import openapi_document
from api.middleware import EXPOSED_HEADERS
from api.schemas.changes import ChangeList
from api.schemas.lists import Archives, Backlinks, CollectionList, DiagnosticList, PostList, TermList
from api.schemas.posts import Neighbors
from api.schemas.problems import ErrorCode
from api.schemas.search import RelatedPosts, SearchResults, SuggestionList
from api.schemas.site import Index, Resolution
from search_index.wire import Post, Term
from tests.api.client import Client
from tests.api.shapes import assert_declared, assert_problem

EXAMPLES: dict[str, tuple[str, ...]] = {
    "/v1": ("/v1", "/"),
    "/v1/posts": (
        "/v1/posts",
        "/v1/posts?facet=tag,category,author,series,year,month,lang,collection&per_page=2",
        "/v1/posts?facet=tag&facet_q=pyt",
        "/v1/posts?page=99",
    ),
    "/v1/posts/{slug}": ("/v1/posts/hello", "/v1/posts/%C3%BCber", "/v1/posts/undated"),
    "/v1/posts/{slug}.md": ("/v1/posts/hello.md", "/v1/posts/%C3%BCber.md"),
    "/v1/posts/{slug}.txt": ("/v1/posts/hello.txt", "/v1/posts/folder%2Fdeep.txt"),
    "/v1/posts/{slug}/backlinks": ("/v1/posts/hello/backlinks",),
    "/v1/posts/{slug}/neighbors": ("/v1/posts/hello/neighbors", "/v1/posts/undated/neighbors"),
    "/v1/posts/{slug}/related": ("/v1/posts/hello/related", "/v1/posts/undated/related?per_page=1"),
    "/v1/pages": ("/v1/pages", "/v1/pages?per_page=2"),
    "/v1/pages/{path}": (),  # the blog has none: test_pages.py
    "/v1/collections": ("/v1/collections",),
    "/v1/collections/{name}": ("/v1/collections/posts", "/v1/collections/posts?tag=python&facet=year"),
    "/v1/tags": ("/v1/tags",),
    "/v1/tags/{slug}": ("/v1/tags/python", "/v1/tags/C%2B%2B"),
    "/v1/categories": ("/v1/categories", "/v1/categories?view=tree"),
    "/v1/categories/{path}": ("/v1/categories/dev",),
    "/v1/authors": ("/v1/authors",),
    "/v1/authors/{slug}": ("/v1/authors/ann",),
    "/v1/series": ("/v1/series",),
    "/v1/series/{slug}": ("/v1/series/letters",),
    "/v1/archives": ("/v1/archives",),
    "/v1/search": ("/v1/search?q=fox", "/v1/search?q=fox&facet=tag,year&sort=title", "/v1/search?q=nothing-at-all"),
    "/v1/search/suggest": ("/v1/search/suggest?q=he", "/v1/search/suggest?q=nothing-at-all&per_page=3"),
    "/v1/changes": ("/v1/changes?since=2026-09-02", "/v1/changes?since=2026-09-02T00:00:00Z&per_page=2"),
    "/v1/export": (),  # lines, not one object: test_export.py
    "/v1/events": (),  # without an end: test_events.py
    "/v1/resolve": ("/v1/resolve?path=/hello/", "/v1/resolve?path=/hello/index.html"),
    "/v1/diagnostics": ("/v1/diagnostics",),
    "/feeds/rss.xml": ("/feeds/rss.xml", "/feeds/rss.xml?tag=python&per_page=1", "/feeds/rss.xml?page=99"),
    "/feeds/atom.xml": ("/feeds/atom.xml", "/feeds/atom.xml?tag=python&per_page=1"),
    "/feeds/feed.json": ("/feeds/feed.json", "/feeds/feed.json?sort=title"),
    "/sitemap.xml": ("/sitemap.xml", "/sitemap.xml?page=1"),
    "/llms.txt": ("/llms.txt",),
    "/assets/{path}": ("/assets/images/dot.png",),
    "/v1/hooks/refresh": (),  # is posted to: test_hook.py
}
"""Addresses that answer 200, by the path of the document."""

MODELS: dict[str, type[BaseModel]] = {
    model.__name__: model
    for model in (
        Archives,
        Backlinks,
        ChangeList,
        CollectionList,
        DiagnosticList,
        Index,
        Post,
        PostList,
        Neighbors,
        RelatedPosts,
        Resolution,
        SearchResults,
        SuggestionList,
        Term,
        TermList,
    )
}

DOCUMENT = openapi_document()
JSON = [
    path
    for path, item in DOCUMENT["paths"].items()
    if "get" in item and "application/json" in item["get"]["responses"]["200"].get("content", ())
]
URLS = [url for urls in EXAMPLES.values() for url in urls]
BY_REQUEST = {"x-request-id"}


def declared_model(path: str) -> type[BaseModel]:
    schema = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return MODELS[schema["$ref"].rpartition("/")[2]]


def lasting(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in BY_REQUEST}


def test_every_path_of_the_document_has_an_example() -> None:
    assert set(EXAMPLES) == set(DOCUMENT["paths"])


@pytest.mark.parametrize(("path", "url"), [(path, url) for path in JSON for url in EXAMPLES[path]])
def test_the_bytes_are_what_the_document_declares(blog: Client, path: str, url: str) -> None:
    assert_declared(blog.get(url), declared_model(path))


@pytest.mark.parametrize("url", URLS)
def test_head_has_the_headers_of_get_and_no_body(blog: Client, url: str) -> None:
    got, head = blog.get(url), blog.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert lasting(head.headers) == lasting(got.headers)
    assert head.headers["content-length"] == str(len(got.content))


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_client_has_is_not_sent_again(blog: Client, url: str, form: str) -> None:
    got = blog.get(url)
    again = blog.get(url, headers={"If-None-Match": form.format(got.headers["etag"].removeprefix("W/"))})
    assert (again.status_code, again.content) == (304, b"")
    body_alone = {"content-type", "content-length", "accept-ranges"}
    assert set(lasting(got.headers)) - set(lasting(again.headers)) <= body_alone
    assert lasting(again.headers).items() <= lasting(got.headers).items()


@pytest.mark.parametrize("url", URLS)
def test_another_validator_gets_the_answer(blog: Client, url: str) -> None:
    assert blog.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    ignored = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert blog.get(url, headers=ignored).status_code == 200
    assert blog.get(url, headers={"If-Modified-Since": "soon"}).status_code == 200


@pytest.mark.parametrize("url", URLS)
def test_every_answer_has_its_headers(blog: Client, url: str) -> None:
    headers = blog.get(url, headers={"Origin": "https://a.example"}).headers
    assert headers["etag"].startswith('W/"' if "/search?" in url or "/changes?" in url else '"')
    assert headers["cache-control"].startswith("public, max-age=0, s-maxage=")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-request-id"]
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-expose-headers"] == ", ".join(EXPOSED_HEADERS)
    assert ("x-content-generation" in headers) == ("cache-tag" in headers) == (not url.startswith("/assets"))


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("parameter", ["zzz=1", "q[$ne]=1", "callback=alert", "limit=1", "__proto__=1"])
def test_an_unknown_parameter_is_refused_everywhere(blog: Client, url: str, parameter: str) -> None:
    response = blog.get(f"{url}{'&' if '?' in url else '?'}{parameter}")
    problem = assert_problem(response, ErrorCode.UNKNOWN_PARAMETER)
    assert [row["name"] for row in problem["errors"]] == [parameter.partition("=")[0]]
    assert unquote(problem["instance"]) == unquote(url.partition("?")[0])


@pytest.mark.parametrize("url", URLS)
def test_what_caches_and_newsletters_add_changes_nothing(blog: Client, url: str) -> None:
    added = blog.get(f"{url}{'&' if '?' in url else '?'}utm_source=letter&_=17")
    assert added.headers["etag"] == blog.get(url).headers["etag"]


@pytest.mark.parametrize("url", URLS)
def test_a_parameter_that_is_not_utf_8_is_refused_everywhere(blog: Client, url: str) -> None:
    assert_problem(blog.get(f"{url}{'&' if '?' in url else '?'}x=%ff"), ErrorCode.INVALID_ENCODING)


@pytest.mark.parametrize(
    ("path", "url"),
    [(path, url) for path in EXAMPLES if path not in (*JSON, "/assets/{path}") for url in EXAMPLES[path]],
)
def test_what_is_no_json_has_the_media_type_that_the_document_declares(blog: Client, path: str, url: str) -> None:
    (declared,) = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
    assert blog.get(url).headers["content-type"].partition(";")[0] == declared


@pytest.mark.parametrize("path", ["/v1/posts", "/v1/search", "/feeds/atom.xml"])
def test_every_filter_is_checked(blog: Client, path: str) -> None:
    asked = "?q=a&" if path.endswith("search") else "?"
    for row in DOCUMENT["paths"][path]["get"]["parameters"]:
        if row["name"] in ("q", "facet_q"):  # what people type may be blank
            continue
        problem = assert_problem(blog.get(f"{path}{asked}{row['name']}="), ErrorCode.INVALID_PARAMETER)
        assert [error["name"] for error in problem["errors"]] == [row["name"]]


@pytest.mark.parametrize(
    "url", ["/v1/posts/helo", "/v1/tags/pyhton", "/v1/categories/devv", "/v1/authors/anne", "/v1/series/leters"]
)
def test_what_is_not_there_suggests_what_is(blog: Client, url: str) -> None:
    code = ErrorCode.POST_NOT_FOUND if "/posts/" in url else ErrorCode.TERM_NOT_FOUND
    problem = assert_problem(blog.get(url), code)
    wanted = {"helo": "hello", "pyhton": "python", "devv": "dev", "anne": "ann", "leters": "letters"}
    assert wanted[url.rpartition("/")[2]] in problem["suggestions"]


def defaults_of(path: str) -> dict[str, str]:
    """The defaults that the document declares for the path's parameters, as a generated client writes them."""
    parameters = DOCUMENT["paths"][path]["get"].get("parameters", [])
    declared = {row["name"]: row["schema"]["default"] for row in parameters if "default" in row["schema"]}
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in declared.items()}


def told(response: httpx.Response) -> Any:
    """The body without what differs from one request to the next, and without links, which repeat the parameters."""
    body = response.json()
    body.pop("took_ms", None)
    if "pagination" in body:
        body["pagination"] = {key: value for key, value in body["pagination"].items() if key not in ("next", "prev")}
    return body


@pytest.mark.parametrize(("path", "url"), [(path, url) for path, urls in EXAMPLES.items() for url in urls])
def test_a_default_that_is_sent_changes_nothing(blog: Client, path: str, url: str) -> None:
    asked = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    plain, sent = (blog.get(urlsplit(url).path, params={**defaults, **asked}) for defaults in ({}, defaults_of(path)))
    assert sent.status_code == 200, sent.text
    if plain.headers["content-type"] == "application/json":
        assert told(sent) == told(plain)


@pytest.mark.parametrize("path", ["/v1/posts", "/v1/search"])
def test_defaults_go_with_a_cursor(blog: Client, path: str) -> None:
    asked = {"per_page": "1"} | ({"q": "fox"} if path == "/v1/search" else {})
    cursor = {"cursor": blog.get(path, params=asked).json()["pagination"]["next_cursor"]}
    plain, sent = (blog.get(path, params={**defaults, **asked, **cursor}) for defaults in ({}, defaults_of(path)))
    assert sent.status_code == 200, sent.text
    assert told(sent) == told(plain)
