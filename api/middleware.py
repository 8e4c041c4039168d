"""What every request passes before it reaches a route, from the outside in. Plain ASGI: it costs microseconds.

``Envelope``    request id, safety and CORS headers on every answer; keys and rates, where there are any; an unforeseen error
                becomes a 500 problem
``Guard``       limits of the request, addresses that are not UTF-8, one spelling a path
``HeadMethod``  HEAD answers what GET would, without the body
``Shortcut``    a request that was answered before gets the kept answer without another look for its route
``PlainRoutes`` (``api.plain_routes``) the two routes that most requests are for, found without the router
``Compression`` (``api.compression``) compresses what comes uncompressed from the router; answers that last bring their form

Whatever else decides whether somebody may ask at all belongs before ``Shortcut``, as a class of its own that is added where
it is configured: ``api.kept_responses`` steps aside for every middleware that it does not know, and where there are keys or
rates.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterable
from itertools import chain
from urllib.parse import quote, unquote_to_bytes

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Access, private
from api.addresses import canonical_path, path_address
from api.hook import HOOK_PATH
from api.http_cache import RawHeaders
from api.problems import REQUEST_ID_KEY, ProblemError, log_failure, problem_for, problem_response
from api.request_fields import fields
from api.schemas.problems import ErrorCode
from api.service import BODY_KEY, HEAD_KEY, PREVIEW_HEADER, Service
from api.settings import ServiceSettings

METHODS = "GET, HEAD, OPTIONS"
"""What every path takes but the hook's; scripts of other origins are offered no other."""

EXPOSED_HEADERS = (
    "Accept-Ranges",
    "Cache-Tag",
    "Content-Length",
    "Content-Range",
    "ETag",
    "Last-Modified",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Content-Generation",
    "X-Request-Id",
    "X-Total-Count",
)
"""What scripts of other origins may read of an answer, beside what the Fetch standard shows them anyway."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


NOSNIFF = (b"x-content-type-options", b"nosniff")
_NO_BODY = (None, b"0")
_PREVIEW = PREVIEW_HEADER.lower().encode()


def allowed_methods(path: str) -> str:
    """The methods of a path, as ``Allow`` has them."""
    return "POST, OPTIONS" if path == HOOK_PATH else METHODS


class Cors:
    """Which origins may read, as headers. Source: Fetch standard, section 3.2 (CORS protocol)."""

    def __init__(self, origins: Iterable[str], *, credentials: bool, authorization: bool) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)
        self._shared: RawHeaders = ((b"access-control-expose-headers", ", ".join(EXPOSED_HEADERS).encode()),)
        if credentials:
            self._shared = (*self._shared, (b"access-control-allow-credentials", b"true"))
        self._everybody: RawHeaders = ((b"access-control-allow-origin", b"*"), *self._shared)
        asked = ("If-None-Match", "If-Range", "Last-Event-ID", "Range", PREVIEW_HEADER, "X-Request-Id")
        self._asked = ", ".join((*asked, *(("Authorization",) if authorization else ())))

    def headers(self, origin: bytes | None) -> RawHeaders:
        if b"*" in self._origins:
            return self._everybody
        if origin is not None and origin in self._origins:
            return ((b"access-control-allow-origin", origin), (b"vary", b"Origin"), *self._shared)
        return ((b"vary", b"Origin"),)

    def preflight(self, scope: Scope) -> Response:
        """The answer to every OPTIONS request; ``Envelope`` adds who may read."""
        headers = Headers(scope=scope)
        answer = {"Allow": allowed_methods(scope["path"]), "Cache-Control": "no-store"}
        if "access-control-request-method" in headers:
            answer |= {"Access-Control-Allow-Methods": METHODS, "Access-Control-Max-Age": "86400"}
            if "access-control-request-headers" in headers:
                answer["Access-Control-Allow-Headers"] = self._asked
        return Response(status_code=204, headers=answer)


class Envelope:
    def __init__(self, app: ASGIApp, settings: ServiceSettings, access: Access | None) -> None:
        self._app = app
        self._access = access
        self._keyed = access is not None and access.needs_key
        self._cors = Cors(settings.cors_origins, credentials=settings.cors_credentials, authorization=self._keyed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        named = fields(scope)
        given, origin = named.get(b"x-request-id"), named.get(b"origin")
        request_id = given if given and _REQUEST_ID.fullmatch(given) else secrets.token_hex(8).encode()
        scope[REQUEST_ID_KEY] = request_id.decode()
        added = [(b"x-request-id", request_id), NOSNIFF, *self._cors.headers(origin)]
        started = False

        async def send_enveloped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = private(message["headers"]) if self._keyed else message["headers"]
                message["headers"] = _with(headers, added)
            await send(message)

        try:
            if scope["method"] == "OPTIONS":
                await self._cors.preflight(scope)(scope, receive, send_enveloped)
            else:
                if self._access is not None:
                    self._access.check(scope, added)
                await self._app(scope, receive, send_enveloped)
        except Exception as error:
            problem = problem_for(error)
            if problem is None:
                log_failure(scope, error)
                problem = ProblemError(ErrorCode.INTERNAL_ERROR, "the log has this request id")
            if started:
                raise
            await problem_response(scope, problem)(scope, receive, send_enveloped)


class Guard:
    """Refuses what is too large or cannot be read, and leads every other spelling of a path to the one that counts."""

    def __init__(self, app: ASGIApp, settings: ServiceSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._check_size(scope)
        _check_encoding(scope)
        if _declares_body(scope):
            await self._receive_body(scope, receive)
        path = scope["path"]
        canonical = path if path == "/" else canonical_path(path)
        if path != canonical and scope["method"] in ("GET", "HEAD"):
            await _redirect(scope, canonical)(scope, receive, send)
        elif "\n" in path:  # "$" of the routes' expressions matches before one at the end, too
            raise ProblemError(ErrorCode.ROUTE_NOT_FOUND, "nothing is served at this address")
        else:
            await self._app(scope, receive, send)

    def _check_size(self, scope: Scope) -> None:
        limits = self._settings
        line = (
            len(scope["method"]) + len(scope.get("raw_path") or b"") + len(scope["query_string"]) + len(" ? HTTP/1.1")
        )
        if line > limits.request_line_bytes:
            raise _closing(ErrorCode.URI_TOO_LONG, f"a request line takes at most {limits.request_line_bytes} bytes")
        headers = scope["headers"]
        if len(headers) > limits.header_count:
            raise _closing(ErrorCode.HEADERS_TOO_LARGE, f"a request takes at most {limits.header_count} headers")
        if sum(map(len, chain.from_iterable(headers))) + 4 * len(headers) > limits.header_bytes:
            raise _closing(ErrorCode.HEADERS_TOO_LARGE, f"the headers take at most {limits.header_bytes} bytes")

    async def _receive_body(self, scope: Scope, receive: Receive) -> None:
        """Read a body so far as it may go. Nobody uses it but the one resource that is posted to: the scope has it then."""
        limit = self._settings.body_bytes
        too_large = _closing(ErrorCode.BODY_TOO_LARGE, f"a request's body takes at most {limit} bytes")
        declared = fields(scope).get(b"content-length", b"0")
        if len(declared) > 19 or (declared.isdigit() and int(declared) > limit):
            raise too_large
        body, more = bytearray(), True
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while more:
                    message = await receive()
                    body += message.get("body", b"")
                    if len(body) > limit:
                        raise too_large
                    more = message.get("more_body", False)
        except TimeoutError as error:
            raise _closing(ErrorCode.BODY_TIMEOUT, "the request's body did not arrive in time") from error
        if scope["method"] == "POST":
            scope[BODY_KEY] = bytes(body)


class HeadMethod:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", HEAD_KEY: True}, receive, send_without_body)


class Shortcut:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and _PREVIEW not in fields(scope):
            service: Service = scope["app"].state.service
            repeated = service.repeated(scope)
            if repeated is not None:
                await repeated(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _with(headers: Iterable[tuple[bytes, bytes]], added: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """All of them, with one ``Vary`` at the most."""
    everything = (*headers, *added)
    varying = [value for name, value in everything if name == b"vary"]
    if len(varying) < 2:
        return everything
    return (*(pair for pair in everything if pair[0] != b"vary"), (b"vary", b", ".join(varying)))


def _declares_body(scope: Scope) -> bool:
    named = fields(scope)
    return b"transfer-encoding" in named or named.get(b"content-length") not in _NO_BODY


def _check_encoding(scope: Scope) -> None:
    try:
        for part in (scope.get("raw_path") or b"", scope["query_string"]):
            (unquote_to_bytes(part) if b"%" in part else part).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(ErrorCode.INVALID_ENCODING, "percent-encode the address as UTF-8") from error


def _redirect(scope: Scope, path: str) -> Response:
    """Root-relative: neither ``Host`` nor a path that begins with two slashes can lead it elsewhere."""
    query = quote(scope["query_string"], safe="%&=+/:~!$'()*,;@?")
    target = f"{path_address(path)}?{query}" if query else path_address(path)
    return RedirectResponse(target, 308, {"Cache-Control": "no-store"})


def _closing(code: ErrorCode, detail: str) -> ProblemError:
    """A refusal after which the rest of the connection is not worth reading."""
    return ProblemError(code, detail, headers={"Connection": "close"})
