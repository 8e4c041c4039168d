"""The site's own images and files."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from api.dependencies import QuestionDep
from api.openapi import operation
from api.parameters import Parameters
from api.problems import ProblemError
from api.schemas.problems import ErrorCode
from api.service import Service, is_head, not_modified
from search_index.assets import Asset, AssetNotFound, is_asset
from search_index.library import NotReady
from search_index.snapshot import Snapshot

router = APIRouter(tags=["assets"])

_BYTES = {name: {"schema": {"type": "string", "format": "binary"}} for name in ("application/octet-stream", "*/*")}
"""Generators that know no ranges of media types read the first as bytes."""

_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(?P<first>[0-9]{0,19})-(?P<last>[0-9]{0,19})", re.ASCII)
_SVG_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes from ``start`` up to ``stop``."""

    start: int
    stop: int


@router.get(
    "/assets/{path:path}",
    operation_id="get_asset",
    summary="Get a file",
    response_class=Response,
    responses={
        200: {"description": "The file, of the media type that its name says", "content": _BYTES},
        206: {"description": "The part that `Range` names (one range)", "content": _BYTES},
    },
    openapi_extra=operation(Parameters, ErrorCode.ASSET_NOT_FOUND, ErrorCode.RANGE_NOT_SATISFIABLE),
)
async def get_asset(
    path: Annotated[str, Path(description="The file's path in the content folder", examples=["images/cover.jpg"])],
    question: QuestionDep,
) -> Response:
    """An image, a document, audio, video or a font of the content folder, as it is."""
    service = question.service
    asset = await asyncio.to_thread(_open, service, path, _asset_places) if is_asset(path) else None
    if asset is None:
        raise ProblemError(ErrorCode.ASSET_NOT_FOUND, "there is no such public file in the content folder")
    return _answer(question.request, service, asset)


async def site_file(request: Request, service: Service) -> Response | None:
    """The file that the public site has at the request's own path; None where it has none."""
    path = request.scope["path"]
    if request.method != "GET" or not is_asset(path):
        return None
    try:
        asset = await asyncio.to_thread(_open, service, path, _site_places)
    except NotReady:
        return None
    return _answer(request, service, asset) if asset else None


def _answer(request: Request, service: Service, asset: Asset) -> Response:
    response: Response | None = None
    try:
        headers = _headers(asset, service.policy.header(0, None))
        if not_modified(request, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        response = AssetResponse(asset, _requested(request.headers, asset, headers), headers)
        return response
    finally:
        if response is None:
            asset.close()


def _asset_places(snapshot: Snapshot, path: str) -> Iterator[str]:
    """One of the folder's own ``assets/`` has the address that HTML has for it."""
    yield from (path, f"assets/{path}")
    yield from snapshot.file_places(f"/assets/{path}")


def _site_places(snapshot: Snapshot, path: str) -> Iterable[str]:
    return snapshot.file_places(path)


def _open(service: Service, path: str, places: Callable[[Snapshot, str], Iterable[str]]) -> Asset | None:
    """The first of the files that is there and that the site publishes. Raises ``NotReady``: until then no rule is known."""
    if service.assets is None:
        return None
    with service.library.lease() as snapshot:
        for place in places(snapshot, path):
            with contextlib.suppress(AssetNotFound):
                if not snapshot.hides_file(place):
                    return service.assets.open(place, snapshot.public_files)
    return None


def _headers(asset: Asset, cache_control: str) -> dict[str, str]:
    modified = datetime.fromtimestamp(asset.modified_ns // 1_000_000_000, UTC)
    headers = {
        "ETag": f'"{asset.version}"',
        "Last-Modified": format_datetime(modified, usegmt=True),
        "Cache-Control": cache_control,
        "Accept-Ranges": "bytes",
    }
    if asset.media_type == "image/svg+xml":
        headers["Content-Security-Policy"] = _SVG_POLICY
    return headers


def _requested(asked_headers: Headers, asset: Asset, headers: dict[str, str]) -> Span | None:
    """The one range asked for; None where the whole file is due: no range, several, a malformed one, an outdated one."""
    asked = _RANGE.fullmatch(asked_headers.get("range", "").strip())
    condition = asked_headers.get("if-range", headers["ETag"])
    if asked is None or condition not in (headers["ETag"], headers["Last-Modified"]):
        return None
    first, last = asked["first"], asked["last"]
    if not first:
        if not last:
            return None
        span = Span(max(0, asset.size - int(last)), asset.size)
    else:
        if last and int(last) < int(first):
            return None
        span = Span(int(first), min(asset.size, int(last) + 1) if last else asset.size)
    if span.start >= span.stop:
        raise ProblemError(
            ErrorCode.RANGE_NOT_SATISFIABLE,
            f"the file has {asset.size} bytes",
            headers={"Content-Range": f"bytes */{asset.size}"},
        )
    return span


class AssetResponse(Response):
    """A file, or one span of it: read chunk by chunk in a thread, closed whether or not the client stays."""

    def __init__(self, asset: Asset, span: Span | None, headers: dict[str, str]) -> None:
        self._asset = asset
        self._span = span or Span(0, asset.size)
        length = {"Content-Length": str(self._span.stop - self._span.start)}
        if span is not None:
            length["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{asset.size}"
        super().__init__(None, 200 if span is None else 206, headers | length, asset.media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(receive())
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            if not is_head(scope):
                await self._send_span(gone, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            self._asset.close()

    async def _send_span(self, gone: asyncio.Future[Message], send: Send) -> None:
        offset = self._span.start
        while offset < self._span.stop and not _left(gone):
            chunk = await asyncio.to_thread(self._asset.read, offset, min(_CHUNK, self._span.stop - offset))
            if not chunk:
                break  # the file has been cut meanwhile; the server closes the connection, so that the client notices
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
            offset += len(chunk)


def _left(gone: asyncio.Future[Message]) -> bool:
    return gone.done() and gone.result()["type"] == "http.disconnect"
