"""Compression: what the client wants, over every route, and the forms that kept answers keep."""

from __future__ import annotations

import gzip
import sys
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.compression import Compression
from api.content_coding import LEAST_BYTES, Coding, Wanted, compress, encoder, is_compressible, wanted
from api.http_cache import Answer, Finished, ResponseCache, form_of
from tests.api.client import Client, serving, serving_library
from tests.api.standin import EMPTY, StandInLibrary, StandInSnapshot
from tests.api.test_every_url import URLS
from tests.sites import Site, post

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ZSTD, GZIP, PLAIN = (Wanted(coding) for coding in Coding)


@dataclass(frozen=True)
class Sent:
    """An answer as it went over the wire."""

    status: int
    headers: dict[str, str]
    pieces: list[bytes]

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def plain(self) -> bytes:
        return decoded(self.headers.get("content-encoding", "identity"), self.body)


def decoded(coding: str, body: bytes) -> bytes:
    match coding:
        case "zstd":
            return zstd.decompress(body)
        case "gzip":
            return gzip.decompress(body)
    return body


async def ask(app: Callable[..., Awaitable[None]], path: str, method: str = "GET", **headers: str) -> Sent:
    """Ask without a client library, which would undo what is looked at."""
    path, _, query = path.partition("?")
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": unquote(path), "query_string": query.encode(), "headers": raw}
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    await app({**scope, "raw_path": path.encode(), "root_path": "", "scheme": "http", "client": None}, receive, send)
    start, *rest = messages
    named = [(name.decode(), value.decode()) for name, value in start["headers"]]
    assert len({name for name, _ in named}) == len(named), "a header stands twice"
    return Sent(start["status"], dict(named), [message.get("body", b"") for message in rest])


def asked(client: Client, path: str, method: str = "GET", **headers: str) -> Sent:
    return client.run(ask(client.app, path, method, **headers))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, PLAIN),
        (b"", PLAIN),
        (b"gzip, deflate, br, zstd", ZSTD),
        (b"gzip, deflate, br", GZIP),
        (b"GZIP", GZIP),
        (b"x-gzip", GZIP),
        (b"br", PLAIN),
        (b"zstd;q=0.5, gzip;q=0.8", GZIP),
        (b"zstd ; q=0.8 , gzip;Q=0.8", ZSTD),
        (b"zstd;q=0, gzip", GZIP),
        (b"gzip;q=0", PLAIN),
        (b"gzip;q=0.000", PLAIN),
        (b"gzip;q=0.001", GZIP),
        (b"*", GZIP),
        (b"*;q=0.5, gzip;q=0", PLAIN),
        (b"*;q=0", PLAIN),
        (b"identity", PLAIN),
        (b"identity, gzip;q=0.5", PLAIN),
        (b"identity;q=0.5, gzip;q=0.5", GZIP),
        (b"identity;q=0, gzip", Wanted(Coding.GZIP, always=True)),
        (b"zstd, *;q=0", Wanted(Coding.ZSTD, always=True)),
        (b"zstd, identity;q=1, *;q=0", ZSTD),
        (b"identity;q=0", PLAIN),
        (b"gzip;q=2", PLAIN),
        (b"gzip;q=0.5;x=1", PLAIN),
        (b"gzip;level=9", PLAIN),
        (b";;;,,=,q=1,gzip", GZIP),
        (b"gzip;q=0, gzip", PLAIN),
    ],
)
def test_accept_encoding_is_read_as_the_rfc_has_it(header: bytes | None, expected: Wanted) -> None:
    assert wanted(header) == expected


@given(
    st.binary(max_size=400)
    | st.lists(st.sampled_from([b"gzip", b"zstd", b"*", b";", b"q=", b"0", b",", b" "])).map(b"".join)
)
def test_no_accept_encoding_is_an_error(header: bytes) -> None:
    assert wanted(header).coding in Coding


@given(st.permutations([b"gzip;q=0.3", b"zstd;q=0.4", b"br", b"identity;q=0.1"]))
def test_the_order_of_the_elements_does_not_count(elements: list[bytes]) -> None:
    assert wanted(b",".join(elements)) == ZSTD


@given(st.binary(), st.sampled_from([Coding.ZSTD, Coding.GZIP]))
def test_a_body_reads_back_the_same_and_is_made_the_same_again(body: bytes, coding: Coding) -> None:
    assert decoded(coding, compress(coding, body)) == body
    assert compress(coding, body) == compress(coding, body)


@given(st.lists(st.binary(min_size=1)), st.sampled_from([Coding.ZSTD, Coding.GZIP]))
def test_each_piece_of_a_stream_can_be_read_before_the_next_one_comes(pieces: list[bytes], coding: Coding) -> None:
    encoding = encoder(coding)
    decoding: Any = zstd.ZstdDecompressor() if coding is Coding.ZSTD else zlib.decompressobj(wbits=31)
    for piece in pieces:
        assert decoding.decompress(encoding.encode(piece)) == piece
    assert decoding.decompress(encoding.finish()) == b""
    assert decoding.eof


def test_identity_has_no_encoder() -> None:
    with pytest.raises(ValueError, match="identity"):
        encoder(Coding.IDENTITY)


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", True),
        ("application/feed+json", True),
        ("application/rss+xml; charset=utf-8", True),
        ("application/xml", True),
        ("application/x-ndjson", True),
        ("text/plain; charset=utf-8", True),
        ("text/event-stream", False),
        ("application/problem+json", False),
        ("image/svg+xml", False),
        ("image/png", False),
        ("application/jsonish", False),
        ("", False),
    ],
)
def test_text_json_and_xml_are_compressed(media_type: str, expected: bool) -> None:
    assert is_compressible(media_type) is expected


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("long"))
    site.write(
        {
            f"post-{number}.md": post(f"Post {number}", date="2024-01-01", body="A fox jumps. " * 300)
            for number in range(30)
        }
    )
    site.build()
    return site


LONG = ("/v1/posts/post-3", "/v1/posts", "/v1/posts?sort=title", "/v1/search?q=fox", "/openapi.json")


@pytest.mark.parametrize("coding", ["zstd", "gzip"])
@pytest.mark.parametrize("path", LONG)
def test_a_compressed_answer_is_the_same_answer_in_fewer_bytes(long_site: Site, path: str, coding: str) -> None:
    with serving(long_site) as client:
        first, again = (asked(client, path, accept_encoding=coding) for _ in range(2))
        plain = asked(client, path, accept_encoding="identity")
        for answer in (first, again):
            assert answer.headers["content-encoding"] == coding
            assert answer.headers["content-length"] == str(len(answer.body))
            assert len(answer.body) < len(plain.body)
            if "search" not in path or answer is again:
                assert answer.plain == plain.body
        assert "content-encoding" not in plain.headers
        of_the_body = {"content-encoding", "content-length", "etag", "x-request-id"}
        for name in {*first.headers, *plain.headers} - of_the_body:
            assert first.headers[name] == again.headers[name] == plain.headers[name], name


@pytest.mark.parametrize("path", LONG)
@pytest.mark.parametrize("have", ["zstd", "identity"])
@pytest.mark.parametrize("want", ["zstd", "gzip", "identity"])
@pytest.mark.parametrize("cache", [16 * 2**20, 0])
def test_any_form_of_the_tag_gets_a_304(long_site: Site, path: str, have: str, want: str, cache: int) -> None:
    with serving(long_site, response_cache_bytes=cache) as client:
        etag = asked(client, path, accept_encoding=have).headers["etag"]
        assert etag.startswith("W/") == (have != "identity" or "search" in path)
        whole = asked(client, path, accept_encoding=want)
        for form in (etag, etag.removeprefix("W/"), f'"other", {etag}'):
            again = asked(client, path, accept_encoding=want, if_none_match=form)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["vary"] == whole.headers["vary"] == "Accept-Encoding"
            assert again.headers["etag"] == whole.headers["etag"]
            assert "content-encoding" not in again.headers


@pytest.mark.parametrize("path", LONG)
def test_head_has_the_headers_of_the_compressed_get(long_site: Site, path: str) -> None:
    with serving(long_site) as client:
        for _ in range(2):
            got, head = (
                asked(client, path, method, accept_encoding="zstd", x_request_id="1") for method in ("GET", "HEAD")
            )
            assert head.body == b""
            assert head.headers == got.headers


@pytest.mark.parametrize("url", URLS)
def test_every_route_says_that_it_varies_or_never_does(blog: Client, url: str) -> None:
    answers = [asked(blog, url, accept_encoding=coding) for coding in ("zstd", "gzip", "identity", "")]
    assert len({answer.headers.get("vary") for answer in answers}) == 1
    assert answers[0].headers.get("vary") == (None if url.startswith("/assets") else "Accept-Encoding")
    for answer in answers:
        assert answer.status == 200
        assert ("content-encoding" in answer.headers) <= (len(answer.plain) >= LEAST_BYTES)


def test_a_small_answer_is_compressed_only_for_who_refuses_it_plain(blog: Client) -> None:
    assert "content-encoding" not in asked(blog, "/v1/tags/python", accept_encoding="gzip").headers
    assert asked(blog, "/v1/tags/python", accept_encoding="gzip, identity;q=0").headers["content-encoding"] == "gzip"


def test_problems_are_not_compressed(blog: Client) -> None:
    wrong = "&".join(f"{'x' * 60}{number}=1" for number in range(20))
    for path in (f"/v1/posts?{wrong}", "/nothing"):
        answer = asked(blog, path, accept_encoding="gzip, identity;q=0")
        assert answer.status >= 400
        assert "content-encoding" not in answer.headers


def test_an_answer_that_does_not_last_is_compressed_too() -> None:
    unfinished = replace(EMPTY, interpreted="x" * 40_000, complete=False)
    with serving_library(StandInLibrary(StandInSnapshot(lambda _: unfinished))) as client:
        answer = asked(client, "/v1/search?q=x", accept_encoding="zstd")
        assert answer.headers["content-encoding"] == "zstd"
        assert answer.headers["cache-control"] == "no-store"
        assert b"x" * 40_000 in answer.plain


def test_it_can_be_left_to_a_proxy(long_site: Site) -> None:
    with serving(long_site, compression=False) as client:
        answer = asked(client, "/v1/posts", accept_encoding="zstd, gzip")
        assert not {"content-encoding", "vary"} & set(answer.headers)
        assert not answer.headers["etag"].startswith("W/")


def test_vary_is_one_header_also_where_origins_are_listed(long_site: Site) -> None:
    with serving(long_site, cors_origins="https://a.example") as client:
        answer = asked(client, "/v1/posts", accept_encoding="zstd", origin="https://a.example")
        assert answer.headers["vary"] == "Accept-Encoding, Origin"


def test_a_new_generation_is_not_answered_with_old_compressed_bytes(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"a.md": post("Old", date="2024-01-01", body="Old words. " * 200)})
    site.build()
    with serving(site, poll_seconds=1000) as client:
        for _ in range(2):
            assert b"Old words" in asked(client, "/v1/posts/a", accept_encoding="zstd").plain
        site.write({"a.md": post("New", date="2024-01-01", body="New words. " * 200)})
        site.build()
        client.app.state.service.library.refresh()
        for _ in range(2):
            assert b"New words" in asked(client, "/v1/posts/a", accept_encoding="zstd").plain


class TestStreams:
    """What a route sends in pieces."""

    @staticmethod
    def app(media_type: str, pieces: list[bytes], headers: dict[str, str] | None = None) -> Compression:
        async def route(scope: Scope, receive: Receive, send: Send) -> None:
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": Response(None, 200, headers, media_type).raw_headers,
                }
            )
            for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        return Compression(route)

    def test_ndjson_is_compressed_line_by_line(self, blog: Client) -> None:
        lines = [b'{"n": %d}\n' % number for number in range(3)] + [b"x" * 100_000]
        for coding in ("zstd", "gzip"):
            sent = blog.run(ask(self.app("application/x-ndjson", lines, {"ETag": '"a"'}), "/", accept_encoding=coding))
            assert sent.headers["content-encoding"] == coding
            assert sent.headers["etag"] == 'W/"a"'
            assert "content-length" not in sent.headers
            assert all(sent.pieces[:4]), "a line waited for the next"
            assert sent.plain == b"".join(lines)

    def test_events_pass_as_they_are(self, blog: Client) -> None:
        sent = blog.run(ask(self.app("text/event-stream", [b"data: 1\n\n"]), "/", accept_encoding="gzip"))
        assert (sent.pieces, sent.headers.get("vary")) == ([b"data: 1\n\n", b""], None)

    def test_what_is_encoded_already_or_has_ranges_passes_as_it_is(self, blog: Client) -> None:
        for header in ({"Content-Encoding": "br"}, {"Accept-Ranges": "bytes"}, {"Content-Range": "bytes 0-1/2"}):
            sent = blog.run(ask(self.app("text/plain", [b"x" * 5000], header), "/", accept_encoding="gzip"))
            assert sent.body == b"x" * 5000
            assert "vary" not in sent.headers


def test_the_forms_of_an_answer_count_and_leave_with_it() -> None:
    cache = ResponseCache(40_000)
    answer, finished = Answer(b"x" * 5000), Finished(("v1", "/a", ""), '"a"', "a")
    form = form_of(finished, answer, ZSTD, Coding.ZSTD, b"y" * 3000, varies=True)
    cache.put_form(finished.key, answer, ZSTD, form)
    assert cache.form(finished.key, answer, ZSTD) is None, "the form of an answer that is not kept"
    cache.put(finished.key, answer)
    cache.put_form(finished.key, answer, ZSTD, form)
    assert cache.form(finished.key, answer, ZSTD) is form
    assert cache.form(finished.key, Answer(b"another"), ZSTD) is None
    cache.put_form(finished.key, answer, GZIP, form_of(finished, answer, GZIP, Coding.GZIP, b"z" * 9000, varies=True))
    assert cache.form(finished.key, answer, GZIP) is None, "answer and forms take a quarter of the room at most"
    for name in "bcdef":
        cache.put(("v1", f"/{name}", ""), Answer(b"x" * 7000))
    assert cache.get(finished.key) is None
    assert cache.form(finished.key, answer, ZSTD) is None
