"""Server-sent events: the connection of one client that listens.

Source: HTML standard, section 9.2 (server-sent events).
"""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.announcements import Announcement, EventStream, announcement_since, everything
from api.parameters import EventParameters, point_in
from api.service import Question, is_head
from api.streaming import END, ENDLESS_KEY, disconnection, part, start

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_SECONDS = 15.0
"""Shorter than what proxies take for a dead connection, which is a minute as a rule."""
RETRY_MS = 5000

_HEADERS = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_HEARTBEAT = b":\n\n"


class EventResponse(Response):
    """The stream of one client, until it leaves or the server stops."""

    def __init__(self, question: Question[EventParameters]) -> None:
        super().__init__()
        self._question = question

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        service = self._question.service
        with service.events.open() as stream:
            version, beginning = await self._beginning()
            scope[ENDLESS_KEY] = True
            await send(start(_HEADERS | {"X-Content-Generation": version}))
            if not is_head(scope):
                await send(part(beginning))
                await _listen(stream, version, receive, send)
            await send(END)

    async def _beginning(self) -> tuple[str, bytes]:
        """The version that is served, and what a client has to hear first: what it missed, where it says what it has.

        Where another worker is ahead, the client may have what this one has not seen yet: it looks once more.
        """
        service = self._question.service
        version, missed = await service.reads.run(self._missed)
        if missed is not None and missed.text == everything(version).text:
            await asyncio.to_thread(service.library.refresh)
            version, missed = await service.reads.run(self._missed)
        opening = f"retry: {RETRY_MS}\nid: {version}\n\n".encode()
        return version, opening + (missed.text if missed else b"")

    def _missed(self) -> tuple[str, Announcement | None]:
        request, since = self._question.request, self._question.parameters.since
        with self._question.service.library.lease() as snapshot:
            point: str | int | None = request.headers.get("last-event-id") or None
            if point is None and since is not None:
                point = point_in(since, snapshot.site_zone)
            if point is None or point == snapshot.version:
                return snapshot.version, None
            return snapshot.version, announcement_since(snapshot, point)


async def _listen(stream: EventStream, version: str, receive: Receive, send: Send) -> None:
    """Send what there is to hear; ``version`` is the last one that the client has heard of."""
    gone = asyncio.ensure_future(disconnection(receive))
    hearing = asyncio.ensure_future(stream.next())
    try:
        while not gone.done():
            await asyncio.wait({gone, hearing}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not hearing.done():
                await send(part(_HEARTBEAT))
                continue
            heard = hearing.result()
            hearing = asyncio.ensure_future(stream.next())
            if heard.version != version:
                version = heard.version
                await send(part(heard.text))
    finally:
        gone.cancel()
        hearing.cancel()
