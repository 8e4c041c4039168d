"""Everything at once: the posts of one snapshot as lines, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import threading
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.types import Message

from api import export
from api.app import create_app
from api.protocol import Protocol
from api.schemas.problems import ErrorCode
from api.settings import ServiceSettings
from search_index.query import PostFilters
from search_index.settings import SiteSettings
from search_index.wire import Post
from tests.api.client import Client, serving, serving_library
from tests.api.shapes import assert_problem
from tests.api.standin import StandInLibrary, StandInSnapshot
from tests.api.streaming import Connection
from tests.sites import MovableClock, Site, post


def ids(body: bytes) -> list[str]:
    return [json.loads(line)["id"] for line in body.splitlines()]


def test_every_line_is_what_the_posts_own_address_answers(blog: Client) -> None:
    exported = blog.get("/v1/export")
    assert exported.headers["content-type"] == "application/x-ndjson"
    assert exported.headers["x-content-generation"] == blog.get("/v1").json()["generation"]
    assert exported.headers["x-total-count"] == "5"
    assert exported.content.endswith(b"\n")
    lines = exported.content.splitlines()
    listed = [item["id"] for item in blog.get("/v1/posts").json()["items"]]
    assert [Post.model_validate_json(line).id for line in lines] == listed
    for line in lines:
        assert line == blog.get(json.loads(line)["api_url"]).content


@pytest.mark.parametrize(
    "query", ["tag=python", "tag=python,web&tag_match=all", "lang=de", "year=2024", "collection=none", "featured=true"]
)
def test_it_takes_the_filters_of_lists(blog: Client, query: str) -> None:
    listed = [item["id"] for item in blog.get(f"/v1/posts?{query}").json()["items"]]
    assert ids(blog.get(f"/v1/export?{query}").content) == listed


@pytest.mark.parametrize("name", ["page", "per_page", "facet", "facet_q", "sort", "order", "cursor", "include"])
def test_what_cuts_or_shapes_lists_is_refused(blog: Client, name: str) -> None:
    problem = assert_problem(blog.get(f"/v1/export?{name}=1"), ErrorCode.UNKNOWN_PARAMETER)
    assert [error["name"] for error in problem["errors"]] == [name]


def test_a_client_that_has_it_gets_nothing(blog: Client) -> None:
    etag = blog.get("/v1/export?tag=web").headers["etag"]
    assert etag.startswith('"')
    assert etag != blog.get("/v1/export").headers["etag"]
    again = blog.get("/v1/export?tag=web", headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert again.headers["cache-tag"] == "posts tag:web"


def test_head_has_the_headers_and_reads_no_post(blog: Client) -> None:
    got, head = blog.get("/v1/export"), blog.head("/v1/export")
    assert (head.status_code, head.content) == (200, b"")
    told = {"content-type", "etag", "cache-control", "cache-tag", "x-content-generation", "x-total-count"}
    assert {name: head.headers[name] for name in told} == {name: got.headers[name] for name in told}


def test_the_whole_export_is_of_one_generation_even_one_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_CHUNK_POSTS", 1)
    site = Site(tmp_path)
    site.write({f"{number}.md": post(f"Old {number}", date=f"2024-01-0{number}") for number in range(1, 10)})
    report = site.build()
    with serving(site, poll_seconds=1000) as client:
        before = client.get("/v1/export").content

        async def in_the_middle() -> bytes:
            connection = Connection(client.app, "/v1/export", {})
            await connection.start()
            first = await connection.part()
            for number in range(1, 10):
                site.write({f"{number}.md": post(f"New {number}", date=f"2024-01-0{number}")})
            await asyncio.to_thread(site.build)
            await asyncio.to_thread(client.app.state.service.library.refresh)
            shutil.rmtree(site.index / "generations" / report.generation)
            return first + await connection.rest()

        assert client.run(in_the_middle()) == before
        assert b"Old" not in client.get("/v1/export").content


def test_a_slow_client_holds_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_CHUNK_POSTS", 1)
    site = Site(tmp_path)
    site.write({f"{number}.md": post(f"Post {number}") for number in range(4)})
    site.build()
    with serving(site, read_concurrency=1) as client:

        async def meanwhile() -> tuple[int, bytes]:
            asked: list[int] = []

            async def stall(message: Message) -> None:
                if message.get("more_body"):
                    asked.append((await client.send("GET", f"/v1/posts?per_page={len(asked) + 1}")).status_code)

            connection = Connection(client.app, "/v1/export", {}, sending=stall)
            await connection.start()
            body = await connection.rest()
            assert asked == [200] * 4
            return len(asked), body

        assert len(ids(client.run(meanwhile())[1])) == 4


class Lines(StandInSnapshot):
    """A hundred posts, of which some cannot be read."""

    def __init__(self, readable: int) -> None:
        super().__init__()
        self.readable = readable
        self.read = 0

    def export_rows(self, filters: PostFilters) -> array[int]:
        del filters
        return array("q", range(100))

    def export_lines(self, rows: Iterable[int], enough: int) -> list[bytes]:
        del enough
        if next(iter(rows)) >= self.readable:
            raise OSError("the disk is gone")
        self.read += 1
        return [b"{}\n"]


def test_a_client_that_leaves_ends_the_reading_and_returns_the_lease() -> None:
    snapshot = Lines(100)
    library = StandInLibrary(snapshot)
    with serving_library(library) as client:

        async def leaving() -> None:
            connection: Connection

            async def leave(message: Message) -> None:
                if message.get("more_body") and snapshot.read == 2:
                    connection.leave()
                    await asyncio.sleep(0)

            connection = Connection(client.app, "/v1/export", {}, sending=leave)
            await connection.task

        client.run(leaving())
        assert snapshot.read < 100
        assert library.leases == 0


def test_who_is_cancelled_waits_until_the_thread_has_let_go_of_the_snapshot() -> None:
    snapshot = Lines(100)
    library = StandInLibrary(snapshot)
    reading, go_on = threading.Event(), threading.Event()

    class Slow(Lines):
        def export_lines(self, rows: Iterable[int], enough: int) -> list[bytes]:
            reading.set()
            assert go_on.wait(60)
            assert library.leases == 1
            return super().export_lines(rows, enough)

    library.snapshot = snapshot = Slow(100)
    with serving_library(library) as client:

        async def cancelled() -> None:
            connection = Connection(client.app, "/v1/export", {})
            await asyncio.to_thread(reading.wait, 60)
            connection.task.cancel()
            await asyncio.sleep(0)
            assert library.leases == 1
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await connection.task

        client.run(cancelled())
        assert (snapshot.read, library.leases) == (1, 0)


@contextmanager
def uvicorn_with(app: FastAPI) -> Iterator[int]:
    """A real server in a thread; its port."""
    config = uvicorn.Config(app, port=0, http=Protocol, ws="none", lifespan="on", log_level="critical")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    socket.listen()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        yield socket.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(60)
        socket.close()
        assert not thread.is_alive()


def test_a_failure_in_the_middle_breaks_the_connection() -> None:
    settings = ServiceSettings(index_dir=Path("/nonexistent"))
    library = StandInLibrary(Lines(50))
    app = create_app(settings, SiteSettings(), MovableClock(), lambda *_: library)
    with uvicorn_with(app) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/v1/export")
        response = connection.getresponse()
        assert (response.status, response.getheader("transfer-encoding")) == (200, "chunked")
        with pytest.raises(http.client.IncompleteRead) as broken:
            response.read()
        assert broken.value.partial == b"{}\n" * 50
        connection.close()
    assert library.leases == 0


def test_without_a_generation_it_is_not_ready() -> None:
    with serving_library(StandInLibrary(None)) as client:
        assert_problem(client.get("/v1/export"), ErrorCode.NOT_READY)
