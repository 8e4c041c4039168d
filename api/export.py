"""Everything at once: a list of posts as lines of JSON, sent as they are read."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Coroutine
from functools import partial
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.http_cache import cache_key, entity_tag
from api.parameters import ExportParameters
from api.service import Question, cache_tag, is_head, not_modified
from api.streaming import END, disconnection, part, start
from search_index.snapshot import Snapshot

MEDIA_TYPE = "application/x-ndjson"

_CHUNK_POSTS = 32
_CHUNK_BYTES = 256 * 1024
"""A chunk ends with the post that makes it so long: that is how long one thread is busy with it."""

T = TypeVar("T")


class ExportResponse(Response):
    """The posts of one snapshot, whose lease is held to the end.

    A chunk is read in the bounded pool once the client has taken the one before, so a slow client holds no thread. A
    failure breaks the connection before the encoding's last chunk, which tells the client that this was not all.
    """

    def __init__(self, question: Question[ExportParameters]) -> None:
        super().__init__()
        self._question = question

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        service, parameters = self._question.service, self._question.parameters
        with service.library.lease() as snapshot:
            key = cache_key(snapshot.version, scope["path"], parameters.canonical())
            tags = cache_tag(("posts", *(f"tag:{slug}" for slug in parameters.tag)))
            headers = {
                "ETag": entity_tag(service.salt, key),
                "Cache-Control": service.policy.header(service.clock.now().timestamp(), snapshot.next_change_at),
                "Cache-Tag": tags,
                "X-Content-Generation": snapshot.version,
            }
            if not_modified(Request(scope), headers["ETag"]):
                await Response(status_code=304, headers=headers)(scope, receive, send)
                return
            filters = parameters.filters(snapshot.site_zone)
            rows = await _to_the_end(service.reads.run(partial(snapshot.export_rows, filters)))
            await send(start(headers | {"Content-Type": MEDIA_TYPE, "X-Total-Count": str(len(rows))}))
            if not is_head(scope):
                await self._send_lines(snapshot, rows, receive, send)
            await send(END)

    async def _send_lines(self, snapshot: Snapshot, rows: array[int], receive: Receive, send: Send) -> None:
        run = self._question.service.reads.run
        gone = asyncio.ensure_future(disconnection(receive))
        try:
            place = 0
            while place < len(rows) and not gone.done():
                some = rows[place : place + _CHUNK_POSTS]
                lines = await _to_the_end(run(partial(snapshot.export_lines, some, _CHUNK_BYTES)))
                place += len(lines)
                await send(part(b"".join(lines)))
        finally:
            gone.cancel()


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """What the work comes to. Who is cancelled waits until the thread has let go of the snapshot."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
