"""How the service is, and its own description. Not part of the SDK."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from fastapi import APIRouter, Request, Response

from api.dependencies import QuestionDep
from api.openapi30 import openapi30
from api.parameters import Parameters
from api.problems import ProblemError
from api.schemas.problems import ErrorCode
from api.schemas.site import Health, Readiness
from api.service import Question, Service, not_modified
from api.typed_front_matter import typed
from search_index.content_schema import ContentSchema
from search_index.library import NotReady

router = APIRouter(include_in_schema=False)

_DOES_NOT_OPEN = "the newest generation does not open; the log has the reason"
_NOT_STORED = {"Cache-Control": "no-store"}


@router.get("/healthz")
async def get_health() -> Response:
    """The process answers. Takes any parameter and needs no generation, so that no probe fails by its form."""
    return Response(Health(status="ok").model_dump_json(), headers=_NOT_STORED, media_type="application/json")


@router.get("/readyz")
async def get_readiness(request: Request) -> Response:
    """There is something to read; ``degraded`` where a newer generation exists and does not open."""
    library = cast(Service, request.app.state.service).library
    failed = bool(library.status.error)
    try:
        with library.lease() as snapshot:
            readiness = Readiness(
                status="degraded" if failed else "ready",
                generation=snapshot.version,
                error=_DOES_NOT_OPEN if failed else "",
            )
    except NotReady as error:
        detail = _DOES_NOT_OPEN if failed else "no generation has been published yet"
        raise ProblemError(ErrorCode.NOT_READY, detail, retry_after=1) from error
    return Response(readiness.model_dump_json(), headers=_NOT_STORED, media_type="application/json")


def _content_schema(service: Service) -> str:
    """The schema of the front matter as JSON; "" where there is none, or nothing has been published yet."""
    try:
        with service.library.lease() as snapshot:
            return snapshot.content_schema.to_json()
    except NotReady:
        return ""


@lru_cache(maxsize=8)
def _finished(untyped: Callable[[], dict[str, Any]], version: str, content_schema: str) -> tuple[bytes, str]:
    """The document in a version of OpenAPI as it is sent, and its validator."""
    document = typed(untyped(), ContentSchema.from_json(content_schema).value)
    if version == "3.0":
        document = openapi30(document)
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


@router.get("/openapi.json")
async def get_openapi(question: QuestionDep) -> Response:
    """The OpenAPI document (3.1), with the front matter of what is published now."""
    return await _document(question, "3.1")


@router.get("/openapi-3.0.json")
async def get_openapi_30(question: QuestionDep) -> Response:
    """The same document in version 3.0."""
    return await _document(question, "3.0")


async def _document(question: Question[Parameters], version: str) -> Response:
    untyped, schema = question.request.app.openapi, _content_schema(question.service)
    body, etag = await asyncio.to_thread(_finished, untyped, version, schema)
    headers = {"ETag": etag, "Cache-Control": "public, max-age=0, s-maxage=60"}
    if not_modified(question.request, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
