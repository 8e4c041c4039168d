"""Copies of the content: all of it, what changed since, and news as it happens."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import partial

from fastapi import APIRouter, Response
from pydantic_core import to_json

from api.addresses import path_address
from api.dependencies import ChangesQuestionDep, EventQuestionDep, ExportQuestionDep
from api.events import MEDIA_TYPE as EVENT_STREAM
from api.events import EventResponse
from api.export import MEDIA_TYPE as NDJSON
from api.export import ExportResponse
from api.http_cache import Answer
from api.openapi import operation
from api.pagination import PageLinks, json_object
from api.parameters import ChangesParameters, EventParameters, ExportParameters, point_in
from api.problems import ProblemError
from api.schemas.changes import ChangeList
from api.schemas.problems import ErrorCode
from search_index.changes import Change, DocumentChange
from search_index.included import json_array
from search_index.snapshot import Snapshot

router = APIRouter(tags=["sync"])

_REPEATED = (ErrorCode.REPEATED_PARAMETER, ErrorCode.INVALID_PARAMETER)


@router.get(
    "/v1/changes",
    operation_id="list_changes",
    summary="List what changed since",
    response_model=ChangeList,
    openapi_extra=operation(
        ChangesParameters, ErrorCode.MISSING_PARAMETER, *_REPEATED, ErrorCode.SINCE_UNKNOWN, paged=True
    ),
)
async def list_changes(question: ChangesQuestionDep) -> Response:
    """The posts and pages that came, changed and went since a state of the content that the client has, in all: what came
    and went again is not told. A client that begins with the export and applies these has what the export would give now."""
    make = partial(_changes, parameters=question.parameters)
    try:
        return await question.answer(make, tags=["changes"], weak=True)  # changed_at may differ between hosts
    except ProblemError as problem:
        if problem.code is not ErrorCode.SINCE_UNKNOWN:
            raise
    await asyncio.to_thread(
        question.service.library.refresh
    )  # another worker may be ahead, and the client have its version
    return await question.answer(make, tags=["changes"], weak=True)


def _changes(snapshot: Snapshot, parameters: ChangesParameters) -> Answer:
    found = snapshot.changes_since(point_in(parameters.since, snapshot.site_zone))
    if found is None:
        raise ProblemError(
            ErrorCode.SINCE_UNKNOWN,
            "what changed since then is not known here: take /v1/export anew, and go on with its X-Content-Generation",
            headers={"X-Content-Generation": snapshot.version},
        )
    begin = (parameters.page - 1) * parameters.per_page
    shown = found.documents[begin : begin + parameters.per_page]
    posts = snapshot.summaries(row.id for row in shown)
    links = PageLinks("/v1/changes", parameters, len(found.documents), None)
    body = json_object(
        [
            ("items", json_array(_item(row, posts) for row in shown)),
            ("since", to_json(parameters.since)),
            ("generation", to_json(snapshot.version)),
            ("complete", b"true"),
            ("pagination", links.pagination.model_dump_json().encode()),
        ]
    )
    return Answer(body, links.headers())


def _item(row: DocumentChange, posts: dict[str, bytes]) -> bytes:
    told = {
        "id": row.id,
        "kind": row.kind,
        "change": row.change,
        "slug": row.slug,
        "api_url": row.api_url,
        "path": row.path,
        "tags": [path_address(tag) for tag in row.tags],
        "changed_at": datetime.fromtimestamp(row.changed_at, UTC).isoformat(),
    }
    post = b"null" if row.change is Change.DELETED else posts[row.id]
    return json_object([*((key, to_json(value)) for key, value in told.items()), ("post", post)])


@router.get(
    "/v1/export",
    operation_id="export_posts",
    summary="Export posts",
    response_class=Response,
    responses={
        200: {"description": "One `Post` a line, newest first", "content": {NDJSON: {"schema": {"type": "string"}}}}
    },
    openapi_extra=operation(ExportParameters, *_REPEATED),
)
async def export_posts(question: ExportQuestionDep) -> Response:
    """All posts by the given filters, whole, as lines of JSON (`Post`), newest first; of one state of the content, which
    `X-Content-Generation` names. Where the connection ends without the encoding's last chunk, it was not all."""
    return ExportResponse(question)


@router.get(
    "/v1/events",
    operation_id="stream_events",
    summary="Hear of changes",
    response_class=Response,
    responses={200: {"description": "Server-sent events", "content": {EVENT_STREAM: {"schema": {"type": "string"}}}}},
    openapi_extra=operation(EventParameters, *_REPEATED, ErrorCode.EVENTS_BUSY, lasting=False),
)
async def stream_events(question: EventQuestionDep) -> Response:
    """An event `generation` whenever the content is another, with the cache tags of the answers that differ
    (`GenerationEvent` in `data`). `Last-Event-ID`, which browsers send by themselves, brings what was missed."""
    return EventResponse(question)
