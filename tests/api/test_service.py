"""The way of a request: limits, encodings, methods, failures; with a stand-in for the index where it must misbehave."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.app import create_app, from_environment
from api.middleware import EXPOSED_HEADERS
from api.schemas.problems import ErrorCode
from api.settings import ServiceSettings, load_service_settings
from search_index.answers import PostPage, SearchResult
from search_index.engines.port import EngineUnavailable, QueryTooCostly
from search_index.query import ListQuery, SearchQuery
from search_index.settings import SettingsError, SiteSettings
from tests.api.client import Client, running, serving_library
from tests.api.shapes import assert_problem
from tests.api.standin import EMPTY, StandInLibrary, StandInSnapshot
from tests.sites import MovableClock


@pytest.fixture
def snapshot() -> StandInSnapshot:
    return StandInSnapshot()


@pytest.fixture
def library(snapshot: StandInSnapshot) -> StandInLibrary:
    return StandInLibrary(snapshot)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """An empty site; bodies must hurry."""
    with serving_library(StandInLibrary(StandInSnapshot()), body_seconds=0.05) as client:
        yield client


def raise_(error: Exception) -> Any:
    raise error


class TestLimits:
    @pytest.mark.parametrize(
        "url", ["/v1/posts/" + "a" * 8200, "/v1/search?q=" + "a" * 60_000, "/v1/search?q=" + "%F0%9F%98%80" * 700]
    )
    def test_a_long_address_is_414(self, client: Client, url: str) -> None:
        problem = assert_problem(client.get(url), ErrorCode.URI_TOO_LONG)
        assert len(problem["instance"]) <= 512

    def test_many_or_long_headers_are_431(self, client: Client) -> None:
        many = [(f"x-{number}", "1") for number in range(64)]
        assert_problem(client.get("/v1", headers=many), ErrorCode.HEADERS_TOO_LARGE)
        assert_problem(client.get("/v1", headers={"x-long": "a" * 16384}), ErrorCode.HEADERS_TOO_LARGE)

    def test_a_large_body_is_413_declared_or_not(self, client: Client) -> None:
        async def chunks() -> Any:
            for _ in range(1024):
                yield b"x" * 1024

        declared = client.request("GET", "/v1", content=b"x" * 65537)
        assert_problem(declared, ErrorCode.BODY_TOO_LARGE)
        assert declared.headers["connection"] == "close"
        assert_problem(client.request("GET", "/v1", content=chunks()), ErrorCode.BODY_TOO_LARGE)
        huge = client.request("GET", "/v1", content=b"", headers={"content-length": "9" * 30})
        assert_problem(huge, ErrorCode.BODY_TOO_LARGE)

    def test_a_small_body_is_passed_over(self, client: Client) -> None:
        assert client.request("GET", "/v1", content=b"{}").status_code == 200

    def test_a_body_that_does_not_come_is_408(self, client: Client) -> None:
        async def never() -> Any:
            yield b"x"
            await asyncio.Event().wait()

        assert_problem(client.request("GET", "/v1", content=never()), ErrorCode.BODY_TIMEOUT)


class TestAddresses:
    @pytest.mark.parametrize("bad", ["%ff", "%c0%af", "%ed%a0%80", "a%80b"])
    def test_what_is_not_utf_8_is_400_in_path_and_query(self, client: Client, bad: str) -> None:
        for url in (f"/v1/posts/{bad}", f"/assets/{bad}.png", f"/{bad}", f"/v1/search?q={bad}", f"/v1?{bad}=1"):
            assert_problem(client.get(url), ErrorCode.INVALID_ENCODING)

    @pytest.mark.parametrize(
        ("asked", "canonical"),
        [
            ("/v1/posts/", "/v1/posts"),
            ("/v1//posts", "/v1/posts"),
            ("/v1/posts/?tag=a&page=2", "/v1/posts?tag=a&page=2"),
            ("/v1/posts/a/b//", "/v1/posts/a/b"),
            ("/v1/posts/gr%C3%BC%C3%9Fe/?q=%C3%A9", "/v1/posts/gr%C3%BC%C3%9Fe?q=%C3%A9"),
            ("/v1/posts/a%0d%0aSet-Cookie:x/", "/v1/posts/a%0D%0ASet-Cookie:x"),
            ("/v1/posts/a%2F", "/v1/posts/a"),
        ],
    )
    def test_every_other_spelling_leads_to_the_one_path(self, client: Client, asked: str, canonical: str) -> None:
        response = client.get(asked, headers={"Host": "evil.example"})
        assert (response.status_code, response.headers["location"]) == (308, canonical)
        assert client.head(asked).headers["location"] == canonical

    def test_a_redirect_cannot_leave_the_site(self, client: Client) -> None:
        response = client.get("http://octavo.test//evil.example//")
        assert (response.status_code, response.headers["location"]) == (308, "/evil.example")

    @pytest.mark.parametrize(
        "url", ["/nothing", "/v1/nothing", "/documentation", "/redoc", "/admin", "/V1", "/v1;x", "/%2e%2e/x"]
    )
    def test_an_unknown_route_is_a_problem(self, client: Client, url: str) -> None:
        assert_problem(client.get(url), ErrorCode.ROUTE_NOT_FOUND)

    def test_the_nearest_routes_are_suggested(self, client: Client) -> None:
        assert client.get("/posts").json()["suggestions"] == ["/v1/posts"]
        assert client.get("/v1/serch").json()["suggestions"] == ["/v1/search"]
        assert client.get("/wp-login.php").json()["suggestions"] == []

    def test_the_host_header_is_in_no_answer(self, client: Client) -> None:
        for host in ("evil.example", "evil.example:80", "a/b?", ""):
            response = client.get("/v1/posts?page=2", headers={"Host": host, "X-Forwarded-Host": "evil.example"})
            assert response.status_code == 200
            assert "evil" not in response.text + str(response.headers)


class TestMethods:
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"])
    @pytest.mark.parametrize("url", ["/", "/v1/posts", "/v1/posts/a", "/v1/posts/a/", "/healthz", "/assets/a.png"])
    def test_other_methods_are_405(self, client: Client, method: str, url: str) -> None:
        response = client.request(method, url, headers={"X-HTTP-Method-Override": "GET"})
        assert_problem(response, ErrorCode.METHOD_NOT_ALLOWED)
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"

    def test_a_problem_asked_with_head_has_the_same_headers_and_no_body(self, client: Client) -> None:
        got, head = client.get("/v1/posts?tga=1"), client.head("/v1/posts?tga=1")
        assert (head.status_code, head.content) == (400, b"")
        assert head.headers["content-length"] == got.headers["content-length"]

    def test_a_requests_own_id_is_kept_where_it_is_harmless(self, client: Client) -> None:
        assert client.get("/v1", headers={"X-Request-Id": "abc-1.2_3"}).headers["x-request-id"] == "abc-1.2_3"
        for hostile in ("a b", "<script>", "a" * 65, ""):
            assert client.get("/v1", headers={"X-Request-Id": hostile}).headers["x-request-id"] != hostile


PREFLIGHT = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}


class TestCors:
    def test_everybody_may_read_by_default_without_credentials(self, library: StandInLibrary) -> None:
        with serving_library(library) as client:
            for headers in ({}, {"Origin": "https://evil.example", "Cookie": "a=b"}, {"Origin": "null"}):
                answer = client.get("/v1/posts", headers=headers)
                assert answer.headers["access-control-allow-origin"] == "*"
                assert "access-control-allow-credentials" not in answer.headers
                assert answer.headers["vary"] == "Accept-Encoding"
                assert set(answer.headers["access-control-expose-headers"].split(", ")) == set(EXPOSED_HEADERS)

    def test_a_preflight_is_answered_on_every_path(self, library: StandInLibrary) -> None:
        with serving_library(library) as client:
            for url in ("/v1/posts", "/nothing"):
                answer = client.request("OPTIONS", url, headers=PREFLIGHT | {"Access-Control-Request-Headers": "range"})
                assert answer.status_code == 204
                assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
                assert "Range" in answer.headers["access-control-allow-headers"]
                assert answer.headers["access-control-allow-origin"] == "*"
            assert client.request("OPTIONS", "/v1").headers["allow"] == "GET, HEAD, OPTIONS"
            simple = client.request("OPTIONS", "/v1", headers=PREFLIGHT)
            assert "access-control-allow-headers" not in simple.headers

    def test_a_list_of_origins_lets_only_these_read_and_caches_know(self, library: StandInLibrary) -> None:
        origins = "https://a.example, https://b.example/"
        with serving_library(library, cors_origins=origins, cors_credentials=True) as client:
            good = client.get("/v1", headers={"Origin": "https://b.example"})
            assert good.headers["access-control-allow-origin"] == "https://b.example"
            assert good.headers["access-control-allow-credentials"] == "true"
            bad = client.get("/v1", headers={"Origin": "https://evil.example"})
            none = client.get("/v1")
            for answer in (bad, none):
                assert "access-control-allow-origin" not in answer.headers
            assert {answer.headers["vary"] for answer in (good, bad, none)} == {"Accept-Encoding, Origin"}
        with serving_library(StandInLibrary(StandInSnapshot()), cors_origins=origins) as client:
            plain = client.get("/v1", headers={"Origin": "https://a.example"})
            assert "access-control-allow-credentials" not in plain.headers

    def test_errors_may_be_read_too(self, library: StandInLibrary) -> None:
        with serving_library(library) as client:
            for url in ("/nothing", "/v1/posts?tga=1", "/v1/posts/" + "a" * 9000):
                assert client.get(url).headers["access-control-allow-origin"] == "*"

    def test_everybody_with_credentials_does_not_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OCTAVO_INDEX_DIR", "/tmp/index")  # noqa: S108  # never opened
        monkeypatch.setenv("OCTAVO_CORS_CREDENTIALS", "true")
        with pytest.raises(SettingsError, match="OCTAVO_CORS_ORIGINS"):
            load_service_settings()


class TestFailures:
    def test_an_unforeseen_error_shows_its_id_and_nothing_else(
        self, snapshot: StandInSnapshot, library: StandInLibrary, caplog: pytest.LogCaptureFixture
    ) -> None:
        secret = "line one\nline two \x1b[31m /home/ann/secret"
        snapshot.listing = lambda _: raise_(RuntimeError(secret))
        with serving_library(library) as client, caplog.at_level(logging.ERROR):
            response = client.get("/v1/posts?tag=x", headers={"X-Request-Id": "me"})
        problem = assert_problem(response, ErrorCode.INTERNAL_ERROR)
        assert problem["request_id"] == "me"
        assert not any(word in response.text for word in ("line", "secret", "Traceback", "RuntimeError", ".py"))
        (record,) = caplog.records
        message = record.getMessage()
        assert message.isprintable()
        assert message.isascii()
        entry = json.loads(message)
        assert (entry["request_id"], entry["path"]) == ("me", "/v1/posts")
        assert secret in entry["trace"]

    def test_the_next_request_after_a_failure_is_answered(
        self, snapshot: StandInSnapshot, library: StandInLibrary
    ) -> None:
        with serving_library(library) as client:
            snapshot.listing = lambda _: raise_(RuntimeError())
            assert client.get("/v1/posts").status_code == 500
            snapshot.listing = lambda _: PostPage((), 0, (), None)
            assert client.get("/v1/posts").status_code == 200
            assert library.leases == 0

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (EngineUnavailable("gone"), ErrorCode.SEARCH_UNAVAILABLE),
            (QueryTooCostly("much"), ErrorCode.QUERY_TOO_COSTLY),
        ],
    )
    def test_an_engine_that_fails_is_a_problem_never_an_empty_page(
        self, snapshot: StandInSnapshot, library: StandInLibrary, error: Exception, code: ErrorCode
    ) -> None:
        snapshot.searching = lambda _: raise_(error)
        with serving_library(library) as client:
            assert_problem(client.get("/v1/search?q=a"), code)
            assert client.get("/v1/posts").status_code == 200

    def test_an_error_after_the_answer_began_closes_the_connection(self, library: StandInLibrary) -> None:
        app = create_app(ServiceSettings(index_dir=Path("/x")), SiteSettings(), MovableClock(), lambda *_: library)

        class BrokenResponse(Response):
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                raise RuntimeError("halfway")

        async def break_halfway() -> Response:
            return BrokenResponse()

        app.add_api_route("/breaks", break_halfway, response_model=None)
        with running(app) as client, pytest.raises(RuntimeError, match="halfway"):
            client.get("/breaks")


class TestReadiness:
    def test_health_is_answered_without_a_generation(self) -> None:
        with serving_library(StandInLibrary(None)) as client:
            response = client.get("/healthz?probe=1")
            assert (response.status_code, response.json()) == (200, {"status": "ok"})
            assert response.headers["cache-control"] == "no-store"

    def test_until_the_first_generation_everything_is_503_never_an_empty_list(self) -> None:
        with serving_library(StandInLibrary(None)) as client:
            for url in ("/v1", "/v1/posts", "/v1/posts/a", "/v1/tags", "/v1/search?q=a"):
                assert assert_problem(client.get(url), ErrorCode.NOT_READY)["retry_after"] == 1

    def test_readiness_says_that_there_is_nothing_to_read_and_no_path(self) -> None:
        library = StandInLibrary(None)
        with serving_library(library) as client:
            first = assert_problem(client.get("/readyz"), ErrorCode.NOT_READY)
            assert first["detail"] == "no generation has been published yet"
            library.error = "/srv/index/CURRENT is damaged"
            for url in ("/readyz", "/v1/posts"):
                assert "/srv" not in client.get(url).text
            assert "does not open" in client.get("/readyz").json()["detail"]

    def test_a_newer_generation_that_does_not_open_is_told_without_its_path(self, library: StandInLibrary) -> None:
        with serving_library(library) as client:
            version = client.get("/v1").json()["generation"]
            ready = {"status": "ready", "generation": version, "error": ""}
            assert client.get("/readyz").json() == ready
            library.error = "/srv/index/generations/x: digest mismatch"
            degraded = client.get("/readyz").json()
            assert (degraded["status"], degraded["generation"]) == ("degraded", version)
            assert "/srv" not in degraded["error"]

    def test_the_pointer_is_followed_even_after_a_look_failed(
        self, library: StandInLibrary, caplog: pytest.LogCaptureFixture
    ) -> None:
        looked = threading.Event()

        def fail_twice() -> bool:
            if library.looks < 3:
                raise OSError("unreachable")
            looked.set()
            return False

        with serving_library(library, poll_seconds=0.001) as client:
            library.looks = 0
            library.refreshing = fail_twice
            assert client.run(asyncio.to_thread(looked.wait, 10))
        assert [record.message for record in caplog.records].count("looking for a new generation failed") == 2

    def test_a_preview_is_stored_by_nobody(self, library: StandInLibrary) -> None:
        settings = ServiceSettings(index_dir=Path("/x"))
        app = create_app(settings, SiteSettings(drafts=True), MovableClock(), lambda *_: library)
        with running(app) as client:
            assert client.get("/v1/posts").headers["cache-control"] == "private, no-store"


class TestSearchPool:
    def test_beyond_the_places_and_the_queue_the_answer_is_503_at_once(
        self, snapshot: StandInSnapshot, library: StandInLibrary
    ) -> None:
        gate, running = threading.Event(), threading.Semaphore(0)

        def slow(query: SearchQuery) -> SearchResult:
            running.release()
            gate.wait(30)
            return EMPTY

        snapshot.searching = slow
        with serving_library(library, search_wait_ms=30_000) as client:

            async def scenario() -> tuple[list[httpx.Response], list[httpx.Response], httpx.Response]:
                first = [asyncio.create_task(client.send("GET", f"/v1/search?q=a{number}")) for number in range(10)]
                await asyncio.to_thread(lambda: [running.acquire(timeout=10) for _ in range(2)])
                refused = [await client.send("GET", f"/v1/search?q=b{number}") for number in range(5)]
                listed = await client.send("GET", "/v1/posts")
                gate.set()
                return await asyncio.gather(*first), refused, listed

            served, refused, listed = client.run(scenario())
        assert [response.status_code for response in served] == [200] * 10
        assert listed.status_code == 200
        for response in refused:
            assert assert_problem(response, ErrorCode.SEARCH_BUSY)["retry_after"] == 1

    def test_who_waits_too_long_is_refused(self, snapshot: StandInSnapshot, library: StandInLibrary) -> None:
        gate, running = threading.Event(), threading.Event()

        def slow(query: SearchQuery) -> SearchResult:
            running.set()
            gate.wait(30)
            return EMPTY

        snapshot.searching = slow
        with serving_library(library, search_concurrency=1, search_wait_ms=1) as client:

            async def scenario() -> tuple[httpx.Response, httpx.Response]:
                first = asyncio.create_task(client.send("GET", "/v1/search?q=a"))
                await asyncio.to_thread(running.wait, 10)
                refused = await client.send("GET", "/v1/search?q=b")
                gate.set()
                return await first, refused

            served, refused = client.run(scenario())
        assert served.status_code == 200
        assert_problem(refused, ErrorCode.SEARCH_BUSY)

    def test_a_search_cut_short_is_not_stored_anywhere(
        self, snapshot: StandInSnapshot, library: StandInLibrary
    ) -> None:
        asked: list[SearchQuery] = []

        def cut(query: SearchQuery) -> SearchResult:
            asked.append(query)
            return replace(EMPTY, interpreted="a", complete=False)

        snapshot.searching = cut
        with serving_library(library) as client:
            first = client.get("/v1/search?q=a")
            client.get("/v1/search?q=a")
        assert first.json()["complete"] is False
        assert first.headers["cache-control"] == "no-store"
        assert "etag" not in first.headers
        assert len(asked) == 2


class TestOneAnswer:
    def test_equal_requests_at_once_are_computed_once(self, snapshot: StandInSnapshot, library: StandInLibrary) -> None:
        gate = threading.Event()

        def slow(query: ListQuery) -> PostPage:
            gate.wait(30)
            return PostPage((), 7, (), None)

        snapshot.listing = slow
        with serving_library(library) as client:

            async def scenario() -> list[httpx.Response]:
                asking = [asyncio.create_task(client.send("GET", "/v1/posts?tag=a,b")) for _ in range(50)]
                while snapshot.lists == 0:
                    await asyncio.sleep(0)
                gate.set()
                return await asyncio.gather(*asking)

            answers = client.run(scenario())
        assert snapshot.lists == 1
        assert {answer.json()["pagination"]["total"] for answer in answers} == {7}
        assert len({answer.headers["x-request-id"] for answer in answers}) == 50
        assert library.leases == 0

    def test_a_validator_costs_no_query(self, snapshot: StandInSnapshot, library: StandInLibrary) -> None:
        with serving_library(library, response_cache_bytes=0) as client:
            etag = client.get("/v1/posts?tag=a").headers["etag"]
            assert client.get("/v1/posts?tag=A&_=1", headers={"If-None-Match": etag}).status_code == 304
            assert client.get("/v1/posts?tag=b", headers={"If-None-Match": etag}).status_code == 200
        assert snapshot.lists == 2

    def test_new_content_gets_a_new_validator_and_a_new_answer(
        self, snapshot: StandInSnapshot, library: StandInLibrary
    ) -> None:
        with serving_library(library) as client:
            before = client.get("/v1/posts")
            client.get("/v1/posts")
            assert snapshot.lists == 1
            snapshot.version = "v2"
            after = client.get("/v1/posts", headers={"If-None-Match": before.headers["etag"]})
        assert (after.status_code, after.headers["x-content-generation"]) == (200, "v2")
        assert snapshot.lists == 2


class TestSettings:
    def test_they_come_from_the_environment_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OCTAVO_INDEX_DIR", "/srv/index")
        monkeypatch.setenv("OCTAVO_CORS_ORIGINS", "https://a.example,https://b.example")
        monkeypatch.setenv("OCTAVO_SEARCH_DEADLINE_MS", "500")
        settings = load_service_settings()
        assert str(settings.index_dir) == "/srv/index"
        assert settings.cors_origins == ("https://a.example", "https://b.example")
        assert settings.search_deadline_ms == 500
        with pytest.raises(ValidationError):
            settings.s_maxage = 1  # type: ignore[misc]  # frozen

    def test_a_wrong_one_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OCTAVO_INDEX_DIR", "/srv/index")
        monkeypatch.setenv("OCTAVO_S_MAXAGE", "soon")
        with pytest.raises(SettingsError, match="OCTAVO_S_MAXAGE"):
            load_service_settings()
        monkeypatch.delenv("OCTAVO_INDEX_DIR")
        monkeypatch.delenv("OCTAVO_S_MAXAGE")
        with pytest.raises(SettingsError, match="INDEX_DIR"):
            load_service_settings()

    def test_the_factory_reads_them_and_opens_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OCTAVO_INDEX_DIR", "/nonexistent/index")
        monkeypatch.setenv("OCTAVO_NOW", "2026-09-01T00:00:00Z")
        assert from_environment().title == "Octavo"
        monkeypatch.setenv("OCTAVO_TIMEZONE", "Mars/Olympus")
        with pytest.raises(SettingsError, match="OCTAVO_TIMEZONE"):
            from_environment()
