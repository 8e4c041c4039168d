"""Events over the real application: what is told, to whom, and how much of it waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api import announcements, events
from api.announcements import Announcement, EventStream
from api.schemas.problems import ErrorCode
from tests.api.client import Client, serving
from tests.api.shapes import assert_problem
from tests.api.streaming import event, listening
from tests.sites import NOON, Site, post


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.write({"one.md": post("One", date="2024-01-01", tags=["Web design"]), "two.md": post("Two")})
    site.build()
    return site


def version(client: Client) -> str:
    return client.get("/v1").headers["x-content-generation"]


def edit(site: Site, title: str, **fields: Any) -> None:
    site.write({"one.md": post(title, date="2024-01-01", **fields)})
    site.build()


def test_an_edit_is_told_with_the_tags_of_before_and_after(site: Site) -> None:
    with serving(site) as client, listening(client) as listener:
        before = version(client)
        assert listener.headers["content-type"] == "text/event-stream"
        assert listener.headers["cache-control"] == "no-store"
        assert listener.headers["x-accel-buffering"] == "no"
        assert listener.headers["x-content-generation"] == before
        assert listener.part() == f"retry: 5000\nid: {before}\n\n"
        edit(site, "One!", tags=["python"])
        told, data = event(listener.part())
        assert told == version(client) != before
        assert data["complete"] is True
        assert data["changes"] == [{"id": "one", "kind": "post", "change": "updated"}]
        assert {"posts", "post:one", "tag:web-design", "tag:python", "site", "changes"} <= set(data["tags"])
        assert "post:two" not in data["tags"]


def test_a_draft_is_not_told_of(site: Site) -> None:
    with serving(site) as client, listening(client) as listener:
        listener.part()
        site.write({"draft.md": post("Draft", draft=True)})
        site.build()
        client.app.state.service.library.refresh()
        client.run(client.app.state.service.events.look())
        edit(site, "One!")
        assert [row["id"] for row in event(listener.part())[1]["changes"]] == ["one"]


def test_what_comes_by_itself_is_told_when_it_is_listed_and_when_it_is_found(site: Site) -> None:
    site.write({"soon.md": post("Soon", date=(NOON + timedelta(hours=1)).isoformat(), tags=["new"])})
    site.build()
    with serving(site) as client, listening(client) as listener:
        listener.part()
        site.clock.instant = NOON + timedelta(hours=1)
        come, data = event(listener.part())
        assert {"post:soon", "posts", "tag:new", "search"} <= set(data["tags"])
        assert {"id": "soon", "kind": "post", "change": "created"} in data["changes"]
        site.build()
        found, data = event(listener.part())
        assert (found != come, data["complete"], data["changes"]) == (True, True, [])
        assert "search" in data["tags"]


def test_a_client_that_comes_back_hears_what_it_missed(site: Site) -> None:
    with serving(site) as client:
        before = version(client)
        edit(site, "One!", tags=["python"])
        client.app.state.service.library.refresh()
        for url, headers in (
            ("/v1/events", {"Last-Event-ID": before}),
            (f"/v1/events?since={before}", {}),
            ("/v1/events?since=2020-01-01", {"Last-Event-ID": before}),
        ):
            with listening(client, url, **headers) as listener:
                retry, _, missed = listener.part().partition("\n\n")
                assert retry == f"retry: 5000\nid: {version(client)}"
                told, data = event(missed)
                assert (told, data["complete"]) == (version(client), True)
                assert "tag:web-design" in data["tags"]
        with listening(client, **{"Last-Event-ID": version(client)}) as listener:
            assert listener.part() == f"retry: 5000\nid: {version(client)}\n\n"


@pytest.mark.parametrize("last", ["0" * 32, "not an id", "1"])
def test_a_client_whose_state_is_not_known_is_told_to_fetch_everything(site: Site, last: str) -> None:
    with serving(site) as client, listening(client, **{"Last-Event-ID": last}) as listener:
        _, data = event(listener.part().partition("\n\n")[2])
        assert data == {"generation": version(client), "complete": False, "tags": [], "changes": []}


def test_a_worker_that_is_behind_looks_once_more(site: Site) -> None:
    with serving(site, poll_seconds=1000) as behind, serving(site, poll_seconds=1000) as ahead:
        edit(site, "One!")
        ahead.app.state.service.library.refresh()
        with listening(behind, **{"Last-Event-ID": version(ahead)}) as listener:
            assert listener.part() == f"retry: 5000\nid: {version(ahead)}\n\n"


def test_another_address_of_the_site_changes_everything(site: Site) -> None:
    with serving(site) as client, listening(client) as listener:
        listener.part()
        Site(site.content.parent, public_url="https://example.org").build()
        assert event(listener.part())[1]["complete"] is False


def test_more_than_can_be_told_is_everything(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcements, "MOST_TOLD", 2)
    with serving(site) as client, listening(client) as listener:
        listener.part()
        site.write({f"new-{number}.md": post("New") for number in range(3)})
        site.build()
        assert event(listener.part())[1]["complete"] is False


def test_a_stream_without_news_beats(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT_SECONDS", 0.01)
    with serving(site) as client, listening(client) as listener:
        listener.part()
        assert [listener.part() for _ in range(3)] == [":\n\n"] * 3


def test_streams_are_bounded_and_the_next_client_is_told_when_to_come(site: Site) -> None:
    with serving(site, event_streams=1) as client:
        with listening(client):
            problem = assert_problem(client.get("/v1/events"), ErrorCode.EVENTS_BUSY)
            assert problem["retry_after"] == 5
        with listening(client) as listener:
            assert listener.status == 200


def test_a_slow_clients_events_are_bounded() -> None:
    stream = EventStream()
    for number in range(announcements.MOST_WAITING + 2):
        stream.put(Announcement(str(number), b"small"))
    waiting = [stream._waiting.get_nowait() for _ in range(stream._waiting.qsize())]
    assert [row.version for row in waiting] == [str(announcements.MOST_WAITING), str(announcements.MOST_WAITING + 1)]
    assert b'"complete":false' in waiting[0].text


def test_head_takes_no_place_for_long(site: Site) -> None:
    with serving(site, event_streams=1) as client:
        for _ in range(2):
            head = client.head("/v1/events")
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-type"] == "text/event-stream"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("since=", ErrorCode.INVALID_PARAMETER),
        ("since=now", ErrorCode.INVALID_PARAMETER),
        ("tag=a", ErrorCode.UNKNOWN_PARAMETER),
    ],
)
def test_a_wrong_question_is_refused(blog: Client, query: str, code: ErrorCode) -> None:
    assert_problem(blog.get(f"/v1/events?{query}"), code)
