"""Errors on the wire: RFC 9457 documents, and the one table from a code to its status.

Every error of every path has this one shape::

    ProblemError                 raised anywhere in api; becomes its own document
    +-- ParameterProblem         one or more parameters are wrong: 400 with errors[]
    NotReady                     503 not_ready            (search_index.library)
    EngineUnavailable            503 search_unavailable   (search_index.engines.port)
    QueryTooCostly               400 query_too_costly     (search_index.engines.port)
    TooMuchIncluded              400 query_too_costly     (search_index.included)
    anything else                500 internal_error: the request id alone; the trace is in the log
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from api.addresses import request_path
from api.schemas.problems import ErrorCode, ParameterError, ProblemDocument
from search_index.engines.port import EngineError, QueryTooCostly
from search_index.included import MOST_BYTES, TooMuchIncluded
from search_index.library import NotReady

logger = logging.getLogger("octavo.api")

MEDIA_TYPE = "application/problem+json"

REQUEST_ID_KEY = "octavo.request_id"
"""Where in the ASGI scope the request's id is."""

MEANINGS: Mapping[ErrorCode, tuple[int, str]] = {
    ErrorCode.UNKNOWN_PARAMETER: (400, "Unknown parameter"),
    ErrorCode.REPEATED_PARAMETER: (400, "Parameter given more than once"),
    ErrorCode.MISSING_PARAMETER: (400, "Parameter missing"),
    ErrorCode.INVALID_PARAMETER: (400, "Invalid parameter"),
    ErrorCode.INVALID_ENCODING: (400, "Address is not UTF-8"),
    ErrorCode.WINDOW_EXCEEDED: (400, "Page lies beyond the search window"),
    ErrorCode.QUERY_TOO_COSTLY: (400, "Query too costly"),
    ErrorCode.UNAUTHORIZED: (401, "Key or token missing or wrong"),
    ErrorCode.SIGNATURE_INVALID: (401, "Signature missing or wrong"),
    ErrorCode.PREVIEWS_OFF: (403, "Previews are off"),
    ErrorCode.PREVIEW_TOKEN_INVALID: (403, "Preview token invalid"),
    ErrorCode.PREVIEW_TOKEN_EXPIRED: (403, "Preview token expired"),
    ErrorCode.POST_NOT_FOUND: (404, "No such post"),
    ErrorCode.PAGE_NOT_FOUND: (404, "No such page"),
    ErrorCode.COLLECTION_NOT_FOUND: (404, "No such collection"),
    ErrorCode.TERM_NOT_FOUND: (404, "No such term"),
    ErrorCode.PATH_NOT_FOUND: (404, "No such path"),
    ErrorCode.ASSET_NOT_FOUND: (404, "No such file"),
    ErrorCode.SITEMAP_NOT_FOUND: (404, "No such sitemap"),
    ErrorCode.ROUTE_NOT_FOUND: (404, "No such resource"),
    ErrorCode.METHOD_NOT_ALLOWED: (405, "Method not allowed"),
    ErrorCode.BODY_TIMEOUT: (408, "Request body too slow"),
    ErrorCode.SINCE_UNKNOWN: (410, "Changes since then are not known"),
    ErrorCode.BODY_TOO_LARGE: (413, "Request body too large"),
    ErrorCode.URI_TOO_LONG: (414, "Address too long"),
    ErrorCode.RANGE_NOT_SATISFIABLE: (416, "Range not satisfiable"),
    ErrorCode.RATE_LIMITED: (429, "Too many requests"),
    ErrorCode.HEADERS_TOO_LARGE: (431, "Request headers too large"),
    ErrorCode.REQUEST_REFUSED: (400, "Request refused"),
    ErrorCode.INTERNAL_ERROR: (500, "Internal error"),
    ErrorCode.NOT_READY: (503, "Not ready"),
    ErrorCode.SEARCH_BUSY: (503, "Too many searches at once"),
    ErrorCode.SEARCH_UNAVAILABLE: (503, "Search unavailable"),
    ErrorCode.HOOK_UNAVAILABLE: (503, "Hook unavailable"),
    ErrorCode.EVENTS_BUSY: (503, "Too many event streams at once"),
}


class ProblemError(Exception):
    """An answer that is a problem document."""

    def __init__(
        self,
        code: ErrorCode,
        detail: str,
        *,
        errors: Sequence[ParameterError] = (),
        suggestions: Sequence[str] = (),
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.suggestions = tuple(suggestions)
        self.retry_after = retry_after
        self.headers = dict(headers or {})


class ParameterProblem(ProblemError):
    """The request's parameters are wrong; the first error gives the document its code."""

    def __init__(self, errors: Sequence[ParameterError]) -> None:
        more = f" (and {len(errors) - 1} more, see errors)" if len(errors) > 1 else ""
        super().__init__(errors[0].code, errors[0].message + more, errors=errors)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """How Starlette's own refusals read here."""

    code: ErrorCode
    detail: str


_REFUSALS: Mapping[int, _Refusal] = {
    404: _Refusal(ErrorCode.ROUTE_NOT_FOUND, "nothing is served at this address"),
    405: _Refusal(ErrorCode.METHOD_NOT_ALLOWED, "this API is read with GET and HEAD"),
}


def problem_for(error: Exception) -> ProblemError | None:
    """The problem that stands for a known error; None for one that nobody foresaw."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, NotReady):
        return ProblemError(ErrorCode.NOT_READY, "the first generation is still being built", retry_after=1)
    if isinstance(error, QueryTooCostly):
        return ProblemError(
            ErrorCode.QUERY_TOO_COSTLY, "the query asks for more than a search may cost; make it shorter"
        )
    if isinstance(error, TooMuchIncluded):
        most = f"what is included comes to more than {MOST_BYTES // 2**20} MiB"
        return ProblemError(ErrorCode.QUERY_TOO_COSTLY, f"{most}; ask for fewer posts at once, or include less")
    if isinstance(error, EngineError):
        return ProblemError(ErrorCode.SEARCH_UNAVAILABLE, "the search engine does not answer", retry_after=5)
    return None


def refusal(error: HTTPException) -> ProblemError:
    """The problem that stands for one of Starlette's own refusals."""
    read = _REFUSALS.get(error.status_code, _Refusal(ErrorCode.REQUEST_REFUSED, "the request cannot be read"))
    return ProblemError(read.code, read.detail, headers=error.headers)


def problem_response(scope: Scope, problem: ProblemError) -> Response:
    """The document as a response; never stored by a cache."""
    status, title = MEANINGS[problem.code]
    document = ProblemDocument(
        type=f"urn:octavo:problem:{problem.code}",
        title=title,
        status=status,
        code=problem.code,
        detail=problem.detail,
        instance=request_path(scope),
        request_id=scope.get(REQUEST_ID_KEY, ""),
        errors=list(problem.errors),
        suggestions=list(problem.suggestions),
        retry_after=problem.retry_after,
    )
    headers = {"Cache-Control": "no-store", **problem.headers}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    return Response(document.model_dump_json(by_alias=True), status, headers, MEDIA_TYPE)


def log_failure(scope: Scope, error: Exception) -> None:
    """Write an unforeseen error to the log: one line of JSON, so that nothing in it can pass for another line."""
    entry = {
        "event": "request_failed",
        "request_id": scope.get(REQUEST_ID_KEY, ""),
        "method": scope.get("method", ""),
        "path": request_path(scope),
        "trace": "".join(traceback.format_exception(error)),
    }
    logger.error("%s", json.dumps(entry))
