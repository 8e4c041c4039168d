"""Kept answers as whole responses, for a server that can write them before it has begun anything (``api.protocol``).

The same answer as through the middlewares, to the byte, but only where nothing about the request asks for a second look: a
plain GET, in a spelling that was answered before, with headers that change nothing. Everything else takes the long way. So
does every request where a middleware is present that is not known here: it may have a say in who gets an answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from itertools import chain

from starlette.types import Scope

from api.compression import Compression
from api.http_cache import RawHeaders, header_lines
from api.middleware import NOSNIFF, Cors, Envelope, Guard, HeadMethod, Shortcut
from api.plain_routes import PlainRoutes
from api.request_fields import fields
from api.service import Service

KNOWN_MIDDLEWARES = frozenset({Envelope, Guard, HeadMethod, Shortcut, PlainRoutes, Compression})

_FOUND = b"HTTP/1.1 200 OK\r\n"
_NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\n"

_LONG_WAY = frozenset(
    {
        b"authorization",
        b"content-length",
        b"expect",
        b"if-match",
        b"if-range",
        b"origin",
        b"range",
        b"transfer-encoding",
        b"upgrade",
        b"x-preview-token",
        b"x-request-id",
    }
)
"""Headers that somebody on the way looks at, beside ``Accept-Encoding`` and ``If-None-Match``."""


class KeptResponses:
    """Made with the service, for one application; not where there are keys or rates, which ``Envelope`` asks for."""

    def __init__(self, service: Service, middlewares: Iterable[object]) -> None:
        self._service = service
        self._is_known = set(middlewares) <= KNOWN_MIDDLEWARES
        settings = service.settings
        cors = Cors(settings.cors_origins, credentials=settings.cors_credentials, authorization=False).headers(None)
        self._is_plain = b"vary" not in dict(cors)
        self._always = header_lines((NOSNIFF, *cors))

    def find(self, scope: Scope) -> tuple[bytes, bytes, bytes] | None:
        """The status line, the headers but for those of the server, and the body; None where the long way is to be taken."""
        raw_path: bytes = scope["raw_path"]
        if not self._is_known or not self._is_plain or scope["method"] != "GET" or b"%" in raw_path:
            return None
        named = fields(scope)
        if not _LONG_WAY.isdisjoint(named) or not self._is_within_limits(scope):
            return None
        found = self._service.kept_form(scope)
        if found is None:
            return None
        form, is_known_to_client, cache_control = found
        request_id = secrets.token_hex(8).encode()
        moment: RawHeaders = (cache_control, (b"x-request-id", request_id))
        others = header_lines(moment) + self._always
        if is_known_to_client:
            return _NOT_MODIFIED, form.common_lines + others, b""
        return _FOUND, form.lines + others, form.body

    def _is_within_limits(self, scope: Scope) -> bool:
        """As ``Guard`` has them."""
        settings, headers = self._service.settings, scope["headers"]
        line = len("GET ? HTTP/1.1") + len(scope["raw_path"]) + len(scope["query_string"])
        size = sum(map(len, chain.from_iterable(headers))) + 4 * len(headers)
        return (
            line <= settings.request_line_bytes
            and len(headers) <= settings.header_count
            and size <= settings.header_bytes
        )
