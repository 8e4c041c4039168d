"""HTTP as ``httptools`` reads it, with two kindnesses: addresses typed with letters, and refusals in our own shape; and kept
answers written at once, headers and body together, without a task.

It stops at once, whoever listens to it.
"""

from __future__ import annotations

import re
import secrets
from typing import cast

from fastapi import FastAPI
from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.http_cache import header_lines
from api.kept_responses import KeptResponses
from api.problems import REQUEST_ID_KEY, ProblemError, problem_response
from api.schemas.problems import ErrorCode
from api.streaming import ENDLESS_KEY

_REQUEST_LINE = re.compile(rb"\A[A-Z]{3,16} (\S{1,8192}) HTTP/1\.[01]\r\n")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class Protocol(HttpToolsProtocol):
    """``curl 'localhost:8000/v1/search?q=café'`` sends the letters as they are; ``httptools`` takes ASCII alone.

    Only what begins a message is read so: a body that grew would end in what is taken for the next request.
    """

    _within_message = False
    _is_ending_another = False

    def data_received(self, data: bytes) -> None:
        super().data_received(data if self._within_message else _percent_encoded(data))

    def on_message_begin(self) -> None:
        self._within_message = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._within_message = False
        super().on_message_complete()

    def shutdown(self) -> None:
        """An answer without an end is cut off, so that the server does not wait for it; its client comes back elsewhere."""
        if self.cycle is not None and not self.cycle.response_complete and self.cycle.scope.get(ENDLESS_KEY):
            self.transport.abort()
        else:
            super().shutdown()

    def on_response_complete(self) -> None:
        """What was pipelined behind a response is begun here, by a task: answered at once, each would lie on the stack of
        the one before."""
        self._is_ending_another = True
        try:
            super().on_response_complete()
        finally:
            self._is_ending_another = False

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if self._is_ending_another or not self._answered_at_once(cycle, app):
            super()._start_asgi_task(cycle, app)

    def _answered_at_once(self, cycle: RequestResponseCycle, app: ASGI3Application) -> bool:
        """Whether a kept answer has been written. Not where uvicorn would log, close or wait."""
        kept: KeptResponses | None = getattr(app.state, "kept_responses", None) if isinstance(app, FastAPI) else None
        if kept is None or cycle.access_log or not cycle.keep_alive or cycle.flow.write_paused:
            return False
        found = kept.find(cast(Scope, cycle.scope))
        if found is None:
            return False
        status, headers, body = found
        server = header_lines(tuple(cycle.default_headers))
        self.transport.writelines((status, server, headers, b"\r\n", body))
        cycle.response_started = cycle.response_complete = True
        cycle.on_response()
        cycle.on_response = _nothing
        return True

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # the parser's words are not for the outside
        """What cannot be read as HTTP: the problem document that every other error is, and the end of the connection."""
        scope: Scope = {"type": "http", "path": "", "query_string": b"", "headers": []}
        scope[REQUEST_ID_KEY] = secrets.token_hex(8)
        response = problem_response(
            scope, ProblemError(ErrorCode.REQUEST_REFUSED, "this is not HTTP as RFC 9112 has it")
        )
        lines = [b"HTTP/1.1 400 Bad Request\r\n", b"connection: close\r\n", b"access-control-allow-origin: *\r\n"]
        lines += [name + b": " + value + b"\r\n" for name, value in response.raw_headers]
        self.transport.write(b"".join((*lines, b"\r\n", bytes(response.body))))
        self.transport.close()


def _nothing() -> None:
    """The end of a cycle of references, as uvicorn ends it after a task."""


def _percent_encoded(data: bytes) -> bytes:
    """The same bytes, where they begin with a request line, with its non-ASCII ones percent-encoded."""
    if data.isascii():
        return data
    line = _REQUEST_LINE.match(data)
    if line is None:
        return data
    start, end = line.span(1)
    encoded = _NOT_ASCII.sub(lambda byte: b"%%%02X" % byte[0][0], data[start:end])
    return data[:start] + encoded + data[end:]
