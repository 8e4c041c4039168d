"""What no address gives in to, of the document or beside it: whatever is sent, an answer or a documented problem."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.schemas.problems import ProblemDocument
from tests.api.client import Client
from tests.api.test_every_url import DOCUMENT, EXAMPLES

OF_THE_DOCUMENT = {
    **{path: urls[0] for path, urls in EXAMPLES.items() if urls},
    "/v1/pages/{path}": "/v1/pages/about",
    "/v1/export": "/v1/export",
}
"""One address a path; those that are posted to, or have no end, are asked for apart."""

BESIDE = ("/", "/healthz", "/readyz", "/docs", "/openapi.json", "/openapi-3.0.json", "/images/dot.png", "/nothing")
URLS = (*OF_THE_DOCUMENT.values(), *BESIDE)
REFUSING = (*URLS, "/v1/events")
"""What is asked here is refused by all of these."""

OTHERS = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "evil",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-For": "evil.example, 203.0.113.9",
    "Forwarded": "host=evil.example;proto=evil",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-HTTP-Method-Override": "DELETE",
    "Referer": "https://evil.example/",
}
ENDINGS = (
    *(
        "/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "%2f..%2foctavo.toml",
        "/..%5c..%5coctavo.toml",
    ),
    *(
        "/%00",
        "%00.png",
        "/a%0d%0aX-Injected:%201",
        "%0d%0a%0d%0a<b>",
        "/%E2%80%AE",
        "/" + "a/" * 3000,
        "/" + "a" * 7000,
    ),
    *("/%252e%252e%252f", "//evil.example", "/;x=1"),
)
TEXTS = (
    *(
        "\x00",
        "\r\nX-Injected: 1",
        "'; DROP TABLE posts;--",
        '"',
        "\\",
        "%",
        "\u202e",
        "😀" * 300,
        "a" * 5000,
        "[",
        "(" * 900,
    ),
    *("../../etc/passwd", "a:eq:'", "a.b:in:" + "," * 2000, "/" * 50, "=", "&", ";", "-" * 600),
)
OF_NO_TYPE = {
    "integer": ("a", "1.5", "-1", "0", "9" * 30, "1e9", "0x1", "%D9%A1", "+1", "%00", "1,2", "[1]"),
    "boolean": ("yes", "1", "TRUE", "null", "%00", "[]"),
}


def assert_refused(response: httpx.Response, path: str = "", method: str = "get") -> dict[str, Any]:
    """A problem of the caller's making; of a path of the document, one that it declares."""
    problem: dict[str, Any] = json.loads(response.content)
    assert 400 <= response.status_code < 500, problem
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    ProblemDocument.model_validate(problem)
    if path:
        declared = DOCUMENT["paths"][path][method]["responses"][str(response.status_code)]
        assert f"`{problem['code']}`" in declared["description"]
    assert_clean(response)
    return problem


def assert_clean(response: httpx.Response) -> None:
    """No header was added, and none has what only an escape may stand for."""
    for name, value in response.headers.multi_items():
        assert re.fullmatch(r"[\x20-\x7e]*", value), name
    assert "x-injected" not in response.headers
    assert b"root:" not in response.content


def with_parameter(url: str, parameter: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{parameter}"


def parameters() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Path, address without a query, and each parameter of its query that the document has."""
    for path, url in {**OF_THE_DOCUMENT, "/v1/events": "/v1/events"}.items():
        for row in DOCUMENT["paths"][path]["get"].get("parameters", ()):
            if row["in"] == "query":
                yield path, url.partition("?")[0], row


def required(path: str, but: str) -> str:
    """What else must be given."""
    rows = DOCUMENT["paths"][path]["get"].get("parameters", ())
    names = [row["name"] for row in rows if row["in"] == "query" and row["required"] and row["name"] != but]
    return "".join(f"{name}={'2024-01-01' if name == 'since' else 'a'}&" for name in names)


@pytest.mark.parametrize("url", URLS)
def test_nothing_comes_from_host_or_forwarded_headers(blog: Client, url: str) -> None:
    def shown(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
        by_request = ("x-request-id", "date")
        kept = {name: value for name, value in response.headers.items() if name not in by_request}
        body = response.content.replace(response.headers.get("x-request-id", "-").encode(), b"")
        return response.status_code, kept, re.sub(rb'"took_ms":[0-9.]+', b"", body)

    plain, asked = shown(blog.get(url)), shown(blog.get(url, headers=OTHERS))
    assert asked == plain
    assert b"evil" not in asked[2]


@pytest.mark.parametrize("url", REFUSING)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_what_is_read_takes_no_other_method(blog: Client, url: str, method: str) -> None:
    response = blog.request(method, url, content=b"x")
    problem = assert_refused(response)
    assert problem["code"] == ("route_not_found" if url in ("/nothing", "/images/dot.png") else "method_not_allowed")
    assert response.headers.get("allow", "GET, HEAD, OPTIONS") == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_the_hook_takes_no_method_but_its_own(blog: Client, method: str) -> None:
    response = blog.request(method, "/v1/hooks/refresh")
    assert (response.status_code, response.headers["allow"]) == (405, "POST, OPTIONS")
    assert_clean(response)


@pytest.mark.parametrize("parameter", ["", "?x=1", "?%ff"])
def test_the_hook_is_not_there_unsigned(blog: Client, parameter: str) -> None:
    assert_refused(blog.request("POST", f"/v1/hooks/refresh{parameter}", content=b"x"), "/v1/hooks/refresh", "post")


@pytest.mark.parametrize("url", URLS)
def test_a_body_is_passed_over_up_to_its_limit(blog: Client, url: str) -> None:
    assert blog.request("GET", url, content=b"x" * 100).status_code == blog.get(url).status_code
    problem = assert_refused(blog.request("GET", url, content=b"x" * 65_537))
    assert problem["code"] == "body_too_large"


@pytest.mark.parametrize("url", URLS)
def test_a_long_validator_is_read_and_a_longer_one_refused(blog: Client, url: str) -> None:
    status = blog.get(url).status_code
    assert blog.get(url, headers={"If-None-Match": '"a",' * 2500}).status_code == status
    assert blog.get(url, headers={"If-None-Match": 'W/"' + "\\" * 10_000}).status_code == status
    assert assert_refused(blog.get(url, headers={"If-None-Match": '"a",' * 5000}))["code"] == "headers_too_large"


@pytest.mark.parametrize("url", [url for url in REFUSING if url != "/nothing"])
def test_what_is_not_utf_8_or_too_long_is_refused(blog: Client, url: str) -> None:
    for wrong in ("%ff", "x=%c0%ae", "%ed%a0%80=x", "x=%E2%80"):
        assert assert_refused(blog.get(with_parameter(url, wrong)))["code"] == "invalid_encoding"
    assert assert_refused(blog.get(with_parameter(url, "x=" + "a" * 9000)))["code"] == "uri_too_long"
    assert assert_refused(blog.get(url.partition("?")[0].rstrip("/") + "/%ff"))["code"] == "invalid_encoding"


@pytest.mark.parametrize("url", REFUSING)
def test_no_address_is_another_with_a_line_break_behind_it(blog: Client, url: str) -> None:
    assert assert_refused(blog.get(url.partition("?")[0] + "%0A"))["code"] == "route_not_found"


@pytest.mark.parametrize("url", [url for url in REFUSING if url != "/"])
def test_slashes_dots_and_line_breaks_in_the_path_lead_nowhere(blog: Client, url: str) -> None:
    for ending in ENDINGS:
        response = blog.get(url.partition("?")[0] + ending)
        if response.status_code == 308:
            assert re.match(r"/(?!/)", response.headers["location"])
            assert_clean(response)
        elif response.status_code >= 400:
            assert_refused(response)
        else:
            assert response.status_code == 200
            assert_clean(response)


@pytest.mark.parametrize(
    ("path", "url", "name"),
    [
        (path, url, row["name"])
        for path, url, row in parameters()
        if row["schema"].get("type") != "array" and "preview" not in row["name"]
    ],
)
def test_what_takes_one_value_is_refused_with_two(blog: Client, path: str, url: str, name: str) -> None:
    problem = assert_refused(blog.get(f"{url}?{required(path, name)}{name}=1&{name}=1"), path)
    assert [(row["name"], row["code"]) for row in problem["errors"]] == [(name, "repeated_parameter")]


@pytest.mark.parametrize(
    ("path", "url", "row"), [pytest.param(*found, id=f"{found[1]}?{found[2]['name']}") for found in parameters()]
)
def test_a_value_of_another_type_is_a_documented_problem(
    blog: Client, path: str, url: str, row: Mapping[str, Any]
) -> None:
    schema, name = row["schema"], row["name"]
    asked = f"{url}?{required(path, name)}{name}="
    values = OF_NO_TYPE.get(schema.get("type", ""), ())
    chosen = schema.get("enum") or schema.get("items", {}).get("enum")
    if chosen:
        values = ("nothing-of-these", chosen[0] + "%00", f"%20,{chosen[0]}", "%3Cscript%3E")
    for value in values:
        assert [error["name"] for error in assert_refused(blog.get(asked + value), path)["errors"]] == [name]
    if schema.get("type") == "array":
        problem = assert_refused(blog.get(asked + f"&{name}=".join(map(str, range(101)))), path)
        assert [error["name"] for error in problem["errors"]] == [name]


@pytest.mark.parametrize(
    ("path", "url", "name"),
    [
        (path, url, row["name"])
        for path, url, row in parameters()
        if path != "/v1/events"
        and not row["schema"].get("enum")
        and row["schema"].get("type") in ("string", "array")
        and not row["schema"].get("items", {}).get("enum")
    ],
)
def test_any_text_is_answered_or_a_documented_problem(blog: Client, path: str, url: str, name: str) -> None:
    for text in TEXTS:
        response = blog.get(f"{url}?{required(path, name)}{name}={quote(text, safe='')}")
        if response.status_code >= 400:
            assert_refused(response, path)
        assert_clean(response)


@pytest.mark.parametrize("url", ["/v1/posts", "/v1/search", "/v1/collections/posts", "/feeds/rss.xml"])
@pytest.mark.parametrize(
    "filters", ["where=layout:ne:" + "(" * 8000, f"not_tag={','.join(f't{n}' * 5 for n in range(100))}"]
)
def test_no_question_makes_headers_that_a_proxy_refuses(blog: Client, url: str, filters: str) -> None:
    """Each link to another page has all filters in it, percent-encoded."""
    response = blog.get(f"{url}?{'q=fox&' if url == '/v1/search' else ''}per_page=1&{filters}")
    assert response.status_code == 200
    assert sum(len(name) + len(value) + 4 for name, value in response.headers.items()) < 12_000
    if "json" in response.headers["content-type"]:
        assert response.json()["pagination"]["total_pages"] == 1 or response.json()["pagination"]["next"]
    assert "first" in blog.get(f"{url}?{'q=fox&' if url == '/v1/search' else ''}per_page=1").headers["link"]
