"""Kept answers that the server writes at once: the same as the long way, and only where nothing else is asked."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from api.app import create_app
from api.http_cache import header_lines
from api.kept_responses import KNOWN_MIDDLEWARES, KeptResponses
from api.settings import ServiceSettings
from tests.api.client import Client, running, serving
from tests.api.test_compression import asked
from tests.api.test_every_url import URLS
from tests.api.test_server import exchange, served
from tests.sites import Site, post


def scope(path: str = "/v1/posts", **changes: Any) -> dict[str, Any]:
    headers = [(b"host", b"a"), (b"accept-encoding", b"gzip"), *changes.pop("headers", ())]
    path, _, query = path.partition("?")
    whole = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode()}
    return {**whole, "headers": headers, **changes}


@pytest.fixture(scope="module")
def warm(blog_site: Site) -> Iterator[Client]:
    """A blog of its own that has answered every address once."""
    with serving(blog_site) as client:
        for url in URLS:
            asked(client, url, accept_encoding="gzip")
        yield client


def connected(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def kept(client: Client) -> KeptResponses:
    found: KeptResponses = client.app.state.kept_responses
    return found


@pytest.mark.parametrize("url", [url for url in URLS if "%" not in url and not url.startswith("/assets")])
def test_the_bytes_are_those_of_the_long_way(warm: Client, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _: "0123456789abcdef")
    found = kept(warm).find(scope(url))
    assert found is not None
    sent = asked(warm, url, accept_encoding="gzip")
    named = tuple((name.encode(), value.encode()) for name, value in sent.headers.items())
    assert found == (b"HTTP/1.1 200 OK\r\n", header_lines(named), sent.body)
    conditional = scope(url, headers=[(b"if-none-match", sent.headers["etag"].encode())])
    sent = asked(warm, url, accept_encoding="gzip", if_none_match=sent.headers["etag"])
    named = tuple((name.encode(), value.encode()) for name, value in sent.headers.items())
    assert kept(warm).find(conditional) == (b"HTTP/1.1 304 Not Modified\r\n", header_lines(named), b"")


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "HEAD"},
        {"method": "OPTIONS"},
        {"method": "POST"},
        {"path": "/v1/posts/nothing"},
        {"query_string": b"utm_source=never-seen"},
        {"raw_path": b"/v1/%70osts"},
        *({"headers": [(name, b"1")]} for name in (b"authorization", b"if-match", b"origin", b"range")),
        *(
            {"headers": [(name, b"1")]}
            for name in (b"x-request-id", b"x-preview-token", b"content-length", b"transfer-encoding", b"expect")
        ),
        {"headers": [(b"x-%d" % number, b"") for number in range(64)]},
        {"headers": [(b"x", b"a" * 17_000)]},
        {"headers": [(b"accept-encoding", b"identity;q=0")]},
    ],
)
def test_what_asks_for_a_second_look_takes_the_long_way(warm: Client, changed: dict[str, Any]) -> None:
    assert kept(warm).find(scope()) is not None
    assert kept(warm).find(scope(**changed)) is None


class Doorkeeper:
    """A middleware that nobody knows."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._app(scope, receive, send)


def application(site: Site) -> FastAPI:
    settings = ServiceSettings(index_dir=site.index, content_dir=site.content)
    return create_app(settings, site.settings, site.clock)


def test_an_unknown_middleware_is_never_passed_by(blog_site: Site) -> None:
    known, guarded = application(blog_site), application(blog_site)
    guarded.add_middleware(Doorkeeper)
    for app, expected in ((known, True), (guarded, False)):
        with running(app) as client:
            for _ in range(2):
                asked(client, "/v1/posts", accept_encoding="gzip")
            assert (kept(client).find(scope()) is not None) is expected


def test_every_middleware_of_the_application_is_known(blog_site: Site) -> None:
    present: set[object] = {middleware.cls for middleware in application(blog_site).user_middleware}
    assert present == KNOWN_MIDDLEWARES


@pytest.mark.parametrize(
    "settings", [{"read_keys": "reader:0123456789abcdef"}, {"rate_limit": 5}, {"search_rate_limit": 5}]
)
def test_where_there_are_keys_or_rates_everything_takes_the_long_way(
    blog_site: Site, settings: dict[str, object]
) -> None:
    with serving(blog_site, **settings) as client:
        assert not hasattr(client.app.state, "kept_responses")


def test_a_kept_answer_is_for_none_but_those_with_a_key(blog_site: Site) -> None:
    with served(blog_site, read_keys="reader:0123456789abcdef") as port, closing(connected(port)) as connection:
        answers = []
        for key in ("0123456789abcdef", "0123456789abcdef", "0123456789abcdeX", None):
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            connection.request("GET", "/v1/posts/hello", headers=headers)
            answer = connection.getresponse()
            answer.read()
            answers.append(answer.status)
    assert answers == [200, 200, 401, 401]


def test_origins_that_are_listed_take_the_long_way(blog_site: Site) -> None:
    with serving(blog_site, cors_origins="https://a.example") as client:
        for _ in range(2):
            asked(client, "/v1/posts", accept_encoding="gzip")
        assert kept(client).find(scope()) is None


def test_new_content_takes_the_long_way_once(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"a.md": post("Old", date="2024-01-01")})
    site.build()
    with serving(site, poll_seconds=1000) as client:
        asked(client, "/v1/posts", accept_encoding="gzip")
        assert kept(client).find(scope()) is not None
        site.write({"a.md": post("New", date="2024-01-01")})
        site.build()
        client.app.state.service.library.refresh()
        assert kept(client).find(scope()) is None
        asked(client, "/v1/posts", accept_encoding="gzip")
        found = kept(client).find(scope())
        assert found is not None
        assert b"New" in found[2]


def test_a_search_that_is_answered_at_once_is_counted_too(blog_site: Site) -> None:
    with serving(blog_site, search_analytics_token="x" * 16) as client:
        asked(client, "/v1/search?q=fox", accept_encoding="gzip")
        for _ in range(3):
            assert kept(client).find(scope("/v1/search?q=fox")) is not None
        counted = client.get("/v1/search/analytics", headers={"Authorization": f"Bearer {'x' * 16}"}).json()
        assert counted["top"][0]["count"] == 4


def test_a_line_break_in_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match="line break"):
        header_lines(((b"link", b"a\r\nset-cookie: x"),))


def test_a_connection_gets_the_same_again_and_again(blog_site: Site) -> None:
    with served(blog_site) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        seen = []
        for url in ("/v1/posts/hello", "/v1/posts", "/v1/tags"):
            for _ in range(4):
                connection.request("GET", url)
                response = connection.getresponse()
                headers = {name.lower(): value for name, value in response.getheaders()}
                assert len(headers) == len(response.getheaders())
                assert headers.pop("x-request-id") not in seen
                seen.append((url, response.status, response.read(), headers.pop("date") != "", sorted(headers.items())))
        assert len({str(answer) for answer in seen}) == 3
        connection.close()


def test_a_flood_of_pipelined_repetitions_is_answered_in_order(blog_site: Site) -> None:
    def get(target: bytes, more: bytes = b"") -> bytes:
        return b"GET %b HTTP/1.1\r\nHost: a\r\n%b\r\n" % (target, more)

    with served(blog_site) as port:
        exchange(port, get(b"/v1/posts", b"Connection: close\r\n"))
        flood = get(b"/v1/search?q=hare") + 1200 * get(b"/v1/posts") + get(b"/v1/tags", b"Connection: close\r\n")
        answers = exchange(port, flood)
        assert len(answers) == 1202
        assert {answer.status for answer in answers} == {200}
        assert len({answer.body for answer in answers[1:-1]}) == 1
        assert b'"took_ms"' in answers[0].body
