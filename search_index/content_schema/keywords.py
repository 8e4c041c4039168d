"""Where in a JSON Schema other schemas stand: a property may be named ``$ref``, and a default may look like a schema.

Source: JSON Schema 2020-12, Core, sections 8 and 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]

_MAPS = ("$defs", "properties", "patternProperties", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = (
    *("items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"),
    *("not", "if", "then", "else", "contentSchema"),
)
_IN_PLACE = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})


def subschemas(schema: Schema) -> Iterator[tuple[Path, Schema]]:
    """The schemas right inside ``schema`` with the way to each; those that are ``true`` or ``false`` are passed over."""
    for keyword in schema:
        value = schema[keyword]
        if keyword in _MAPS and isinstance(value, dict):
            yield from (((keyword, name), inner) for name, inner in value.items() if isinstance(inner, dict))
        elif keyword in _LISTS and isinstance(value, list):
            yield from (((keyword, number), inner) for number, inner in enumerate(value) if isinstance(inner, dict))
        elif keyword in _SINGLE and isinstance(value, dict):
            yield (keyword,), value


def every_schema(schema: Schema, path: Path = ()) -> Iterator[tuple[Path, Schema]]:
    """``schema`` and all those inside it."""
    yield path, schema
    for step, inner in subschemas(schema):
        yield from every_schema(inner, (*path, *step))


def in_place(schema: Schema) -> Iterator[Schema]:
    """The schemas inside ``schema`` that speak of the same value as it does."""
    return (inner for path, inner in subschemas(schema) if path[0] in _IN_PLACE)


def rewritten(schema: Schema, change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """A copy in which ``change`` was made to each schema, from the inside out."""

    def inner(value: Any) -> Any:
        return rewritten(value, change) if isinstance(value, dict) else value

    copy: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _MAPS and isinstance(value, dict):
            copy[keyword] = {name: inner(one) for name, one in value.items()}
        elif keyword in _LISTS and isinstance(value, list):
            copy[keyword] = [inner(one) for one in value]
        else:
            copy[keyword] = inner(value) if keyword in _SINGLE else value
    return change(copy)
