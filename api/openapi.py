"""The OpenAPI document: what FastAPI derives from the routes, with our parameters and problems in the place of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.parameters import DOCUMENTED_VALUES, MAX_VALUES, Parameters
from api.problems import MEANINGS, MEDIA_TYPE
from api.schemas.changes import GenerationEvent
from api.schemas.problems import ErrorCode, ProblemDocument

DESCRIPTION = """\
A folder of Markdown posts as JSON, with full-text search.

Lists are `items` and `pagination`, a single resource is the bare object, every error is an RFC 9457 problem.
Every key is always present; `null` stands only where the schema says so. HEAD works wherever GET does.
An unknown parameter is an error, so that a typing mistake cannot change the meaning of a request.
"""

_ALWAYS = (
    ErrorCode.UNKNOWN_PARAMETER,
    ErrorCode.INVALID_ENCODING,
    ErrorCode.METHOD_NOT_ALLOWED,
    ErrorCode.BODY_TIMEOUT,
    ErrorCode.BODY_TOO_LARGE,
    ErrorCode.URI_TOO_LONG,
    ErrorCode.HEADERS_TOO_LARGE,
    ErrorCode.RATE_LIMITED,
    ErrorCode.INTERNAL_ERROR,
)
_READING = (ErrorCode.UNAUTHORIZED, ErrorCode.NOT_READY)

_HEADERS: Mapping[str, str] = {
    "ETag": "The validator of this answer",
    "Cache-Control": "For how long shared caches may keep it; never past the next scheduled change",
    "Cache-Tag": "What the answer is about, for purging",
    "X-Content-Generation": "A hash of what is publicly visible",
    "X-Request-Id": "The request's name in the log",
}
_PAGE_HEADERS: Mapping[str, str] = {
    "Link": "The first, prev, next and last page (RFC 8288), root-relative",
    "X-Total-Count": "Items on all pages",
}


def operation(
    parameters: type[Parameters], *codes: ErrorCode, paged: bool = False, lasting: bool = True
) -> dict[str, Any]:
    """What FastAPI cannot see of a route, for its ``openapi_extra``: parameters, headers, and which problems it answers.

    What is not ``lasting`` has no validator and is kept by no cache.
    """
    headers = {**_HEADERS, **(_PAGE_HEADERS if paged else {})}
    unchanged = {"304": {"description": "What `If-None-Match` names is still right; no body"}}
    if not lasting:
        headers, unchanged = {name: text for name, text in headers.items() if name.startswith("X-")}, {}
    return {
        "parameters": list(openapi_parameters(parameters)),
        "responses": {
            "200": {"headers": {name: _header(text) for name, text in headers.items()}},
            **unchanged,
            "308": {
                "description": "The path has another spelling, with a slash at its end for instance",
                "headers": {"Location": _header("The path as it counts, with the query, root-relative")},
            },
            **_problems((*_ALWAYS, *_READING, *codes)),
        },
    }


def signed_operation(parameters: type[Parameters], signatures: Mapping[str, str], *codes: ErrorCode) -> dict[str, Any]:
    """As ``operation``, of a route that is posted to: it needs no key, but a signature in one of these headers."""
    return {
        "security": [],
        "parameters": [
            *openapi_parameters(parameters),
            *({"name": name, "in": "header", "required": False, **_header(text)} for name, text in signatures.items()),
        ],
        "requestBody": {
            "description": "Whatever the sender has to say: it is signed, and not read",
            "required": False,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        "responses": _problems((*_ALWAYS, *codes)),
    }


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


def _problems(codes: tuple[ErrorCode, ...]) -> dict[str, Any]:
    by_status: dict[int, list[ErrorCode]] = {}
    for code in codes:
        by_status.setdefault(MEANINGS[code][0], []).append(code)
    return {
        str(status): {
            "description": "; ".join(f"`{code}`: {MEANINGS[code][1]}" for code in group),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
        for status, group in sorted(by_status.items())
    }


def document(app: FastAPI) -> dict[str, Any]:
    """The document of ``app``: no 422, no ``HTTPValidationError``, problems declared."""
    raw = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    schemas = raw["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in raw["paths"].values():
        for described in path.values():
            described["responses"].pop("422", None)
    for model in (ProblemDocument, GenerationEvent):  # of what is no JSON answer by itself, FastAPI sees no model
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs") | {model.__name__: schema}
    for path in raw["paths"].values():
        for described in path.values():
            for parameter in described.get("parameters", ()):
                parameter["schema"] = _by_name(parameter["schema"], schemas)
    raw["components"]["schemas"] = dict(sorted(schemas.items()))
    raw["components"]["securitySchemes"] = {"bearerAuth": _BEARER}
    raw["security"] = [{}, {"bearerAuth": []}]
    return raw


def _by_name(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The parameter's schema with its enumeration put among ``schemas``: one type in a client, not one for each route."""
    if "items" in schema:
        return {**schema, "items": _by_name(schema["items"], schemas)}
    if "enum" not in schema:
        return schema
    name, own = schema["title"], ("title", "type", "enum")
    schemas.setdefault(name, {key: schema[key] for key in own})
    beside = {key: value for key, value in schema.items() if key not in own}
    return {"$ref": f"#/components/schemas/{name}", **beside}


_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "A read key. Needed where the service has any (`OCTAVO_READ_KEYS`); by default everybody reads",
}


TAGS: Mapping[str, str] = {
    "posts": "Posts, filtered, sorted and page by page",
    "terms": "Tags, categories, authors and series",
    "search": "Full-text search",
    "site": "The site as a whole",
    "feeds": "The site for feed readers, crawlers and language models",
    "sync": "Copies of the content: whole, what changed since, and as it changes",
    "assets": "The site's images and files",
    "hooks": "What tells Octavo that the content has changed",
}


@cache
def openapi_parameters(model: type[Parameters]) -> tuple[dict[str, Any], ...]:
    """The model's parameters as OpenAPI parameter objects: enumerations inline with their titles, never nullable."""
    schema = model.model_json_schema(ref_template="{model}")
    definitions = schema.get("$defs", {})
    required = schema.get("required", [])
    rows = []
    properties = schema.get("properties", {})
    for name, declared in ((name, properties[name]) for name in model.known()):
        plain = _plain(declared, definitions)
        row: dict[str, Any] = {"name": name, "in": "query", "required": name in required}
        description = plain.pop("description", "")
        if name in model.several:
            description += ". Repeatable" if name in model.whole else ". Repeatable, or separated by commas"
            row |= {"style": "form", "explode": True}
            plain["maxItems"] = MAX_VALUES
            if name not in model.whole and "enum" not in plain["items"]:
                plain["items"]["pattern"] = DOCUMENTED_VALUES
        row["description"] = description
        if examples := plain.pop("examples", None):
            row["example"] = examples[0]
        row["schema"] = plain
        rows.append(row)
    return tuple(rows)


def _plain(declared: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with its references resolved and null taken out; no titles but those of enumerations, no default of null or
    of nothing."""
    plain = {
        key: value
        for key, value in declared.items()
        if not (key == "title" and "enum" not in declared) and not (key == "default" and not value)
    }
    for choice in plain.pop("anyOf", []):
        if choice != {"type": "null"}:
            plain = _plain(choice, definitions) | plain
    if reference := plain.pop("$ref", None):
        target = {key: value for key, value in definitions[reference].items() if key != "description"}
        plain = _plain(target, definitions) | plain
    if "items" in plain:
        plain["items"] = _plain(plain["items"], definitions)
    return plain
