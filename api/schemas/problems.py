"""The shape of every error: an RFC 9457 problem document."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from search_index.wire import WireModel


class ErrorCode(StrEnum):
    """The closed list of errors; each has its section in ``docs/reference/problems.md``."""

    UNKNOWN_PARAMETER = "unknown_parameter"
    REPEATED_PARAMETER = "repeated_parameter"
    MISSING_PARAMETER = "missing_parameter"
    INVALID_PARAMETER = "invalid_parameter"
    INVALID_ENCODING = "invalid_encoding"
    WINDOW_EXCEEDED = "window_exceeded"
    QUERY_TOO_COSTLY = "query_too_costly"
    UNAUTHORIZED = "unauthorized"
    SIGNATURE_INVALID = "signature_invalid"
    PREVIEWS_OFF = "previews_off"
    PREVIEW_TOKEN_INVALID = "preview_token_invalid"  # noqa: S105  # a code, no secret
    PREVIEW_TOKEN_EXPIRED = "preview_token_expired"  # noqa: S105  # a code, no secret
    POST_NOT_FOUND = "post_not_found"
    PAGE_NOT_FOUND = "page_not_found"
    COLLECTION_NOT_FOUND = "collection_not_found"
    TERM_NOT_FOUND = "term_not_found"
    PATH_NOT_FOUND = "path_not_found"
    ASSET_NOT_FOUND = "asset_not_found"
    SITEMAP_NOT_FOUND = "sitemap_not_found"
    ROUTE_NOT_FOUND = "route_not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    BODY_TIMEOUT = "body_timeout"
    SINCE_UNKNOWN = "since_unknown"
    BODY_TOO_LARGE = "body_too_large"
    URI_TOO_LONG = "uri_too_long"
    RANGE_NOT_SATISFIABLE = "range_not_satisfiable"
    RATE_LIMITED = "rate_limited"
    HEADERS_TOO_LARGE = "headers_too_large"
    REQUEST_REFUSED = "request_refused"
    INTERNAL_ERROR = "internal_error"
    NOT_READY = "not_ready"
    SEARCH_BUSY = "search_busy"
    SEARCH_UNAVAILABLE = "search_unavailable"
    HOOK_UNAVAILABLE = "hook_unavailable"
    EVENTS_BUSY = "events_busy"


class ParameterError(WireModel):
    """What is wrong with one part of the request."""

    location: Literal["query", "path", "header"] = Field(alias="in", serialization_alias="in")
    name: str = Field(description="The parameter, as the request wrote it", examples=["tga"])
    code: ErrorCode
    message: str = Field(description="For people", examples=["there is no parameter 'tga'; did you mean 'tag'?"])
    suggestion: str | None = Field(description="What was probably meant", examples=["tag"])


class ProblemDocument(WireModel):
    """An error (RFC 9457). Programs branch on ``code``; the texts are for people and may change."""

    type: str = Field(description="A stable URN", examples=["urn:octavo:problem:unknown_parameter"])
    title: str = Field(description="The same for every problem of this code", examples=["Unknown parameter"])
    status: int = Field(examples=[400])
    code: ErrorCode
    detail: str = Field(description="What happened this time", examples=["there is no parameter 'tga'"])
    instance: str = Field(description="The path asked for", examples=["/v1/posts"])
    request_id: str = Field(description="As in the X-Request-Id header and in the log")
    errors: list[ParameterError] = Field(description="One entry for each wrong part of the request; else empty")
    suggestions: list[str] = Field(description="What was probably meant: slugs, paths or routes; else empty")
    retry_after: int | None = Field(description="Seconds after which it is worth trying again")
