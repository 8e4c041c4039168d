"""``api.md``: every operation and every shape of the OpenAPI document."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi.routing import APIRoute

import api.routers
from api.schemas.problems import ErrorCode
from scripts.reference.markdown import Undescribed, code, filled, kind_of, resolved, sentence, table

_METHODS = ("get", "put", "post", "delete", "patch")
_NAMED = re.compile(r"`(\w+)`")
_COMPONENT = "#/components/schemas/"

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, as the document has it."""

    method: str
    path: str
    says: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.says["operationId"])

    @property
    def tag(self) -> str:
        return str(self.says.get("tags", [""])[0])

    @property
    def parameters(self) -> Sequence[Mapping[str, Any]]:
        return list(self.says.get("parameters", []))

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Status and code of each problem that it declares."""
        return tuple(
            (status, named)
            for status, answer in self.says["responses"].items()
            for named in _NAMED.findall(answer.get("description", ""))
            if status >= "400" and named in set(ErrorCode)
        )


def api_page(document: Mapping[str, Any]) -> str:
    """Raises ``Undescribed`` naming every route and every parameter that says nothing of itself."""
    found = list(operations(document))
    if without := list(undescribed(found)):
        raise Undescribed(f"{', '.join(without)}: a route has its words in its docstring, a parameter in description=")
    schemas = document["components"]["schemas"]
    always = set.intersection(*(set(operation.problems()) for operation in found))
    tags = {row["name"]: row.get("description", "") for row in document.get("tags", [])}
    order = list(dict.fromkeys((*tags, *(operation.tag for operation in found))))
    by_tag = {tag: [operation for operation in found if operation.tag == tag] for tag in order}
    sections = [
        "\n\n".join(
            (
                f"## {tag.capitalize()}",
                *([sentence(tags[tag])] if tags.get(tag) else []),
                *(_operation(row, always, schemas) for row in rows),
            )
        )
        for tag, rows in by_tag.items()
        if rows
    ]
    links = [
        (f"[{code(f'{row.method} {row.path}')}](#{row.name})", row.says["summary"])
        for rows in by_tag.values()
        for row in rows
    ]
    return filled(
        "api.md",
        resources=table(("Resource", "What it does"), links),
        unlisted=table(("Resource", "What it is"), unlisted_routes()),
        always=table(("Status", "Codes"), _by_status(sorted(always))),
        operations="\n\n".join(sections),
        shapes="\n\n".join(_shape(name, schema, schemas) for name, schema in schemas.items()),
    )


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                yield Operation(method.upper(), path, item[method])


def unlisted_routes() -> list[tuple[str, str]]:
    """The routes that the document leaves out, each with the first paragraph of its docstring."""
    rows = []
    for module in pkgutil.iter_modules(api.routers.__path__, "api.routers."):
        for route in importlib.import_module(module.name).router.routes:
            if isinstance(route, APIRoute) and not route.include_in_schema:
                told = (inspect.getdoc(route.endpoint) or "").split("\n\n")[0]
                if not told:
                    raise Undescribed(f"{route.path}: a route has its words in its docstring")
                rows.append((code(f"{min(route.methods or {'GET'})} {route.path}"), told.replace("``", "`")))
    return sorted(rows)


def undescribed(found: Sequence[Operation]) -> Iterator[str]:
    for operation in found:
        if not operation.says.get("description") or not operation.says.get("summary"):
            yield operation.name
        for parameter in operation.parameters:
            if not parameter.get("description"):
                yield f"{operation.name} {parameter['name']}"


def _operation(operation: Operation, always: set[tuple[str, str]], schemas: Schema) -> str:
    parts = [
        f"### {operation.name}",
        f"**{code(f'{operation.method} {operation.path}')}** {sentence(operation.says['summary'])}",
        *(" ".join(paragraph.split()) for paragraph in operation.says["description"].split("\n\n")),
    ]
    if operation.parameters:
        rows = [_parameter(parameter, schemas) for parameter in operation.parameters]
        parts.append(table(("Parameter", "In", "Takes", "Default", "Meaning"), rows))
    if body := operation.says.get("requestBody"):
        parts.append(
            f"It takes a body: {_content(body['content'], schemas)}. {sentence(body.get('description', ''))}".strip()
        )
    parts.append(table(("Status", "Answer"), [*_answers(operation, schemas), *_further(operation, always)]))
    parts.append(f"```sh\n{_example(operation, schemas)}\n```")
    return "\n\n".join(parts)


def _parameter(parameter: Mapping[str, Any], schemas: Schema) -> tuple[str, str, str, str, str]:
    schema = parameter.get("schema", {})
    default = schema.get("default")
    if parameter.get("required"):
        shown = "required"
    else:
        shown = code(str(default).lower() if isinstance(default, bool) else str(default)) if default is not None else ""
    return (
        code(parameter["name"]),
        parameter["in"],
        kind_of(schema, schemas),
        shown,
        sentence(parameter["description"]),
    )


def _answers(operation: Operation, schemas: Schema) -> Iterator[tuple[str, str]]:
    for status, answer in operation.says["responses"].items():
        if status < "400":
            content = _content(answer.get("content", {}), schemas)
            told = answer.get("description", "")
            yield status, "; ".join(part for part in ("" if told == "Successful Response" else told, content) if part)


def _further(operation: Operation, always: set[tuple[str, str]]) -> list[tuple[str, str]]:
    return _by_status([pair for pair in operation.problems() if pair not in always])


def _by_status(problems: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    by_status: dict[str, list[str]] = {}
    for status, name in problems:
        by_status.setdefault(status, []).append(f"[{name}](problems.md#{name})")
    return [(status, ", ".join(links)) for status, links in by_status.items()]


def _content(content: Mapping[str, Any], schemas: Schema) -> str:
    """Each media type with its shape; JSON goes without saying."""
    shown = []
    for media_type, body in content.items():
        shape = _linked(body["schema"], schemas) if body.get("schema") else ""
        plain = "" if media_type == "application/json" and shape else code(media_type)
        shown.append(" ".join(part for part in (shape, plain) if part))
    return ", ".join(shown)


def _example(operation: Operation, schemas: Schema) -> str:
    """The request with what it needs, by the examples of the parameters."""
    path, query = operation.path, {}
    for parameter in operation.parameters:
        value = _example_of(parameter, schemas)
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(value))
        elif parameter["in"] == "query" and parameter.get("required"):
            query[parameter["name"]] = value
    address = f"localhost:8000{path}{'?' if query else ''}{urlencode(query)}"
    method = "" if operation.method == "GET" else f"-X {operation.method} "
    return f"curl {method}'{address}'"


def _example_of(parameter: Mapping[str, Any], schemas: Schema) -> str:
    schema = resolved(parameter.get("schema", {}), schemas)
    for given in (
        parameter.get("example"),
        *schema.get("examples", []),
        schema.get("example"),
        *schema.get("enum", []),
    ):
        if given is not None:
            return str(given)
    return str(parameter["name"])


def _shape(name: str, schema: Schema, schemas: Schema) -> str:
    parts = [f"### {name}"]
    if schema.get("description"):
        parts += [" ".join(text.split()).replace("``", "`") for text in schema["description"].split("\n\n")]
    if schema.get("properties"):
        rows = [(code(key), _linked(inner, schemas), _told(inner)) for key, inner in schema["properties"].items()]
        parts.append(table(("Key", "Value", "Meaning"), rows))
    elif name == ErrorCode.__name__:
        parts.append("One of the codes of [problems](problems.md).")
    else:
        parts.append(sentence(_capital(_linked(schema, schemas))))
    return "\n\n".join(parts)


def _told(schema: Schema) -> str:
    """The description, of the value's own schema where the key has none, and an example."""
    plain = resolved(schema, {}) if "$ref" not in json.dumps(schema) else schema
    text = schema.get("description") or plain.get("description", "")
    examples = schema.get("examples") or plain.get("examples") or []
    example = f" Example: {code(str(examples[0]))}." if examples else ""
    return f"{sentence(' '.join(text.split()))}{example}".strip()


def _linked(schema: Schema, schemas: Schema) -> str:
    """What a value is; a shape is a link to its section."""
    if reference := schema.get("$ref"):
        name = reference.removeprefix(_COMPONENT)
        return f"[{name}](#{name.lower()})"
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join("`null`" if choice == {"type": "null"} else _linked(choice, schemas) for choice in choices)
    if "const" in schema:
        return code(str(schema["const"]))
    if schema.get("type") == "array":
        return f"list of {_linked(schema.get('items', {}), schemas)}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {_linked(schema['additionalProperties'], schemas)}"
    return kind_of(schema, schemas)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
