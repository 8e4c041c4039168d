"""Compression of every answer that has not come in its coding already: whole ones at once, streams piece by piece.

A route need not know of it. It declares its media type and sends: one message is compressed whole (a large one off the
event loop), several are a stream, in which each piece is passed on as far as it has come, so that a line of NDJSON does not
wait for the next one. Left as they are: what is not text, JSON or XML, event streams, ranges and what has them, problem
documents, small bodies, and what names its ``Content-Encoding``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.content_coding import INLINE_BYTES, Coding, Encoder, Wanted, compress, encoder, is_compressible, wanted
from api.http_cache import VARY_ENCODING, weakened
from api.request_fields import fields

_Headers = list[tuple[bytes, bytes]]

_EXEMPT = frozenset({b"content-encoding", b"content-range", b"accept-ranges"})
_WITHOUT_BODY = frozenset({204, 304})


class Compression:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            send = _Outgoing(send, wanted(fields(scope).get(b"accept-encoding"))).send
        await self._app(scope, receive, send)


class _Outgoing:
    """One answer on its way out. Its head waits for the first piece of its body, by which its size is known."""

    def __init__(self, send: Send, wanted: Wanted) -> None:
        self._send = send
        self._wanted = wanted
        self._start: Message | None = None
        self._encoder: Encoder | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._start is not None:
            start, self._start = self._start, None
            await self._first(start, message)
        elif self._encoder is not None:
            await self._send(await self._encoded(self._encoder, message))
        else:
            await self._send(message)

    async def _begin(self, start: Message) -> None:
        headers: _Headers = list(start["headers"])
        if not _varies(start["status"], headers):
            await self._send(start)
            return
        if not _names_vary(headers):
            headers.append(VARY_ENCODING)
        if self._wanted.coding is not Coding.IDENTITY:
            headers = [(name, _weak(value) if name == b"etag" else value) for name, value in headers]
        start = {**start, "headers": headers}
        if start["status"] in _WITHOUT_BODY or self._wanted.coding is Coding.IDENTITY:
            await self._send(start)
        else:
            self._start = start

    async def _first(self, start: Message, message: Message) -> None:
        body: bytes = message.get("body", b"")
        coding = self._wanted.coding
        if message.get("more_body", False):
            self._encoder = encoder(coding)
            await self._send({**start, "headers": _in_coding(start["headers"], coding, None)})
            await self._send(await self._encoded(self._encoder, message))
            return
        coding = self._wanted.for_size(len(body))
        if coding is Coding.IDENTITY:
            await self._send(start)
            await self._send(message)
            return
        body = compress(coding, body) if len(body) <= INLINE_BYTES else await asyncio.to_thread(compress, coding, body)
        await self._send({**start, "headers": _in_coding(start["headers"], coding, len(body))})
        await self._send({**message, "body": body})

    async def _encoded(self, encoder: Encoder, message: Message) -> Message:
        piece: bytes = message.get("body", b"")
        if len(piece) > INLINE_BYTES:
            body = await asyncio.to_thread(encoder.encode, piece)
        else:
            body = encoder.encode(piece) if piece else b""
        return {**message, "body": body if message.get("more_body", False) else body + encoder.finish()}


def _varies(status: int, headers: _Headers) -> bool:
    """Whether the answer's bytes depend on ``Accept-Encoding``. A 304 stands for the answer, whose type it does not name."""
    if status in (206, 204) or any(name in _EXEMPT for name, _ in headers):
        return False
    return status == 304 or any(
        name == b"content-type" and is_compressible(value.decode("latin-1")) for name, value in headers
    )


def _names_vary(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(name == b"vary" and b"accept-encoding" in value.lower() for name, value in headers)


def _in_coding(headers: _Headers, coding: Coding, length: int | None) -> _Headers:
    """The headers of the answer in a coding; of a stream the length is not known."""
    kept = [(name, value) for name, value in headers if name != b"content-length"]
    if length is not None:
        kept.append((b"content-length", b"%d" % length))
    return [*kept, (b"content-encoding", coding.encode())]


def _weak(etag: bytes) -> bytes:
    return weakened(etag.decode("latin-1")).encode("latin-1")
