"""Answers that are sent in parts, as the application sends them: a test takes each part when it wants to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import Message

from tests.api.client import Client

Heed = Callable[[Message], Awaitable[None]]


async def _nothing(message: Message) -> None:
    del message


class Connection:
    """One request to an application. ``sending`` is awaited before each part is taken: a slow client."""

    def __init__(
        self, app: FastAPI, url: str, headers: Mapping[str, str], *, method: str = "GET", sending: Heed = _nothing
    ) -> None:
        path, _, query = url.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "scheme": "http",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("octavo.test", 80),
        }
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self._sending = sending
        self._left = asyncio.Event()
        self._asked = False
        self.task = asyncio.ensure_future(app(scope, self._receive, self._send))

    def leave(self) -> None:
        self._left.set()

    async def part(self) -> bytes:
        """The next part of the body; b"" at its end."""
        message = await self._next()
        return b"" if not message.get("more_body") else bytes(message["body"])

    async def start(self) -> Message:
        return await self._next()

    async def rest(self) -> bytes:
        return b"".join([part async for part in self._parts()])

    async def _parts(self) -> Any:
        while part := await self.part():
            yield part

    async def _next(self) -> Message:
        waiting = asyncio.ensure_future(self.messages.get())
        await asyncio.wait({waiting, self.task}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done() and self.messages.empty():
            waiting.cancel()
            self.task.result()
            raise AssertionError("it ended without an end")
        return await waiting

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        await self._sending(message)
        self.messages.put_nowait(message)


class Listener:
    """A client of ``/v1/events``."""

    def __init__(self, client: Client, url: str = "/v1/events", **headers: str) -> None:
        self._client = client
        self._connection = client.run(self._connect(url, headers))
        start = client.run(self._connection.start())
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}

    async def _connect(self, url: str, headers: Mapping[str, str]) -> Connection:
        return Connection(self._client.app, url, headers)

    def part(self) -> str:
        """The next thing that is sent."""
        return self._client.run(self._connection.part()).decode()

    def leave(self) -> None:
        self._connection.leave()
        self._client.run(asyncio.wait_for(asyncio.shield(self._connection.task), 60))


def event(text: str) -> tuple[str, Any]:
    """Id and data of a part that is one event ``generation``."""
    fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
    assert set(fields) == {"event", "id", "data"}, text
    assert fields["event"] == "generation"
    data = json.loads(fields["data"])
    assert data["generation"] == fields["id"]
    return fields["id"], data


@contextmanager
def listening(client: Client, url: str = "/v1/events", **headers: str) -> Iterator[Listener]:
    listener = Listener(client, url, **headers)
    try:
        yield listener
    finally:
        listener.leave()
