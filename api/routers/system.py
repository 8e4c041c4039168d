"""How the service is, and its own description. Not part of the SDK."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

from fastapi import APIRouter, Request, Response

from api.dependencies import QuestionDep
from api.openapi30 import openapi30
from api.problems import ProblemError
from api.schemas.problems import ErrorCode
from api.schemas.site import Health, Readiness
from api.service import Service, not_modified
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


@router.get("/openapi.json")
async def get_openapi(question: QuestionDep) -> Response:
    """The OpenAPI document (3.1)."""
    return _document(question.request, question.request.app.openapi())


@router.get("/openapi-3.0.json")
async def get_openapi_30(question: QuestionDep) -> Response:
    """The same document in version 3.0."""
    document = await asyncio.to_thread(openapi30, question.request.app.openapi())
    return _document(question.request, document)


def _document(request: Request, document: Mapping[str, Any]) -> Response:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": "public, max-age=0, s-maxage=60"}
    if not_modified(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
