"""Events, changes and the export of a real ``octavo serve``, with a real connection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PATIENCE, Served, ServedFactory, write_post

TAGGED = "---\ntitle: {title}\ndate: 2024-01-02\ntags: [{tags}]\n---\n\nSome words.\n"


class Events:
    """What a client that listens is sent."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.response = response

    def next(self) -> dict[str, str]:
        """The fields of the next block that says something; heartbeats are passed over."""
        fields: dict[str, str] = {}
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if not line and fields:
                return fields
            name, _, value = line.partition(": ")
            if name and not line.startswith(":"):
                fields[name] = value

    def news(self) -> Any:
        """The data of the next event."""
        fields = self.next()
        assert fields["event"] == "generation"
        assert json.loads(fields["data"])["generation"] == fields["id"]
        return json.loads(fields["data"])


@contextmanager
def listening(served: Served, headers: Mapping[str, str] | None = None) -> Iterator[Events]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/v1/events", headers=dict(headers or {}))
        response = connection.getresponse()
        assert response.status == 200
        yield Events(response)
    finally:
        connection.close()


def write_tagged(folder: Path, name: str, title: str, tags: str) -> None:
    temporary = folder / f".{name}.new"
    temporary.write_text(TAGGED.format(title=title, tags=tags), encoding="utf-8")
    temporary.replace(folder / name)


def test_an_edit_is_heard_of_and_what_was_missed_is_told_again(serve: ServedFactory, content: Path) -> None:
    write_tagged(content, "one.md", "One", "python, web")
    served = serve()
    served.until_serving("One")
    with listening(served) as events:
        opening = events.next()
        assert opening["retry"] == "5000"
        write_post(content, "draft.md", "Draft\ndraft: true")
        write_tagged(content, "one.md", "One, edited", "web")
        news = events.news()
        assert news["changes"] == [{"id": "one", "kind": "post", "change": "updated"}]
        assert {"post:one", "tag:python", "tag:web", "posts"} <= set(news["tags"])
    write_tagged(content, "two.md", "Two", "web")
    served.until_serving("One, edited", "Two")
    with listening(served, {"Last-Event-ID": opening["id"]}) as events:
        now = events.next()
        missed = events.news()
        assert missed["generation"] == now["id"]
        assert {row["id"]: row["change"] for row in missed["changes"]} == {"one": "updated", "two": "created"}
    status, answer = served.get(f"/v1/changes?since={opening['id']}")
    assert status == 200
    assert {item["id"] for item in answer["items"]} == {"one", "two"}


@pytest.mark.parametrize("workers", [1, 2])
def test_clients_that_listen_do_not_hold_up_the_end(serve: ServedFactory, content: Path, workers: int) -> None:
    write_post(content, "one.md", "One")
    served = serve("--workers", str(workers))
    served.until_said("try: curl")
    with listening(served) as one, listening(served) as two:
        for events in (one, two):
            events.next()
        assert served.stop() == 0
        for events in (one, two):
            with pytest.raises((OSError, http.client.HTTPException)):
                events.response.read()
    assert "graceful" not in served.said
    assert "Traceback" not in served.said
