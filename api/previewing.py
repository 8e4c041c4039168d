"""Answers to requests that bring a preview token: what is not public, stored nowhere on its way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.responses import Response

from api.openapi import operation
from api.parameters import PostParameters, wrong
from api.preview_tokens import TokenExpired, TokenInvalid, read
from api.problems import ParameterProblem, ProblemError
from api.schemas.problems import ErrorCode, ParameterError
from api.service import PREVIEW_HEADER, Question, Service
from search_index.model import Kind
from search_index.snapshot import Snapshot

_HEADERS = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


def previewable(*codes: ErrorCode) -> dict[str, Any]:
    """``openapi.operation`` for a resource that can be previewed."""
    previews = (
        *(ErrorCode.REPEATED_PARAMETER, ErrorCode.INVALID_PARAMETER, ErrorCode.PREVIEWS_OFF),
        *(ErrorCode.PREVIEW_TOKEN_INVALID, ErrorCode.PREVIEW_TOKEN_EXPIRED),
    )
    declared = operation(PostParameters, *codes, *previews)
    header = {
        "name": PREVIEW_HEADER,
        "in": "header",
        "required": False,
        "description": "The same as `preview_token`, and in no log of addresses; only one of the two may be given",
        "schema": {"type": "string"},
    }
    return {**declared, "parameters": [*declared["parameters"], header]}


def token_of(question: Question[PostParameters]) -> str | None:
    """The request's preview token. Raises ``ParameterProblem`` where there are several, and where something is to be included,
    which previews do not have."""
    written = question.parameters.preview_token
    tokens = [*(() if written is None else (written,)), *question.request.headers.getlist(PREVIEW_HEADER)]
    if len(tokens) > 1:
        message = f"a preview token was given {len(tokens)} times, in 'preview_token' and {PREVIEW_HEADER}; send one"
        fields = {"in": "header", "name": PREVIEW_HEADER, "code": ErrorCode.REPEATED_PARAMETER}
        raise ParameterProblem([ParameterError.model_validate({**fields, "message": message, "suggestion": None})])
    if tokens and question.parameters.include:
        raise ParameterProblem([wrong("include", "does not go with a preview token; leave one of them out")])
    return tokens[0] if tokens else None


async def preview(
    question: Question[PostParameters],
    token: str,
    kind: Kind,
    key: str,
    missing: Callable[[Snapshot], ProblemError],
) -> Response:
    """The post or page that ``key`` leads to, public or not. ``missing`` is the problem where there is none.

    The token is judged before anything is looked up: a wrong one is answered alike whatever there is.
    """
    service = question.service
    _check(service, token, kind, key)
    with service.library.lease() as snapshot:
        body = await service.reads.run(partial(_found, snapshot, kind, key, missing))
        headers = {**_HEADERS, "X-Content-Generation": snapshot.version}
        return Response(body, headers=headers, media_type="application/json")


def _check(service: Service, token: str, kind: Kind, key: str) -> None:
    secret = service.settings.preview_secret
    if secret is None:
        raise ProblemError(ErrorCode.PREVIEWS_OFF, "this service shows no previews: OCTAVO_PREVIEW_SECRET is not set")
    try:
        grant = read(secret.get_secret_value(), token, service.clock.now().timestamp())
    except TokenExpired as error:
        detail = "the preview token's time is over; make another with octavo preview-token"
        raise ProblemError(ErrorCode.PREVIEW_TOKEN_EXPIRED, detail) from error
    except TokenInvalid as error:
        raise _invalid() from error
    if not grant.covers(kind, key):
        raise _invalid()


def _invalid() -> ProblemError:
    detail = "the preview token is not one of this service, or was made for something else"
    return ProblemError(ErrorCode.PREVIEW_TOKEN_INVALID, detail)


def _found(snapshot: Snapshot, kind: Kind, key: str, missing: Callable[[Snapshot], ProblemError]) -> bytes:
    body = snapshot.preview(kind, key)
    if body is None:
        raise missing(snapshot)
    return body
