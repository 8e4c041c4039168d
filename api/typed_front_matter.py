"""The OpenAPI document with a site's front matter as a named model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from search_index.content_schema.keywords import rewritten
from search_index.content_schema.schema import definition_name

COMPONENT = "FrontMatter"
_FIELD = "front_matter"

_AS_WRITTEN = (
    "Front matter as the site's `content.schema` describes it. Values are as their author wrote them: a file that breaks the "
    "schema is served all the same, and named by `/v1/diagnostics`; keys that are not named here may stand beside."
)


def typed(document: Mapping[str, Any], schema: Mapping[str, Any] | None) -> dict[str, Any]:
    """``document`` (OpenAPI 3.1) with the component ``FrontMatter`` wherever it has a property ``front_matter``.

    The schema's own definitions become components beside it. ``schema`` is as ``read_content_schema`` gives it; where there is
    none, the document stays as it is.
    """
    if schema is None:
        return dict(document)
    components: Mapping[str, Any] = document["components"]["schemas"]
    names = _names(schema.get("$defs", {}), {*components, COMPONENT})
    added = {COMPONENT: _root(_lifted(schema, names))}
    for definition, name in names.items():
        one = schema["$defs"][definition]
        added[name] = {**_lifted(one, names), "title": name} if isinstance(one, dict) else {} if one else {"not": {}}
    told = {name: _referring(component) for name, component in components.items()} | added
    return {**document, "components": {**document["components"], "schemas": dict(sorted(told.items()))}}


def _names(definitions: Mapping[str, Any], taken: set[str]) -> dict[str, str]:
    """A component's name for each definition: ``FrontMatterAuthor`` for ``author``, none of them taken."""
    names: dict[str, str] = {}
    for definition in definitions:
        words = "".join(char if char.isascii() and char.isalnum() else " " for char in definition).split()
        wanted = COMPONENT + ("".join(word[:1].upper() + word[1:] for word in words) or "Part")
        name = next(name for name in _numbered(wanted) if name not in taken)
        taken.add(name)
        names[definition] = name
    return names


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}{number}"
        number += 1


def _lifted(schema: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The schema with its references leading to components."""

    def change(one: dict[str, Any]) -> dict[str, Any]:
        if (reference := one.get("$ref")) is not None:
            definition = definition_name(reference)
            name = COMPONENT if definition is None else names[definition]
            one["$ref"] = f"#/components/schemas/{quote(name)}"
        return one

    return rewritten({keyword: value for keyword, value in schema.items() if keyword != "$defs"}, change)


def _root(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of the whole: a map, in which unknown keys may stand."""
    own = schema.get("description", "")
    schema.pop("unevaluatedProperties", None)
    return {
        **schema,
        "title": COMPONENT,
        "type": "object",
        "description": f"{own}\n\n{_AS_WRITTEN}" if own else _AS_WRITTEN,
        "additionalProperties": schema.get("additionalProperties") or True,
    }


def _referring(component: dict[str, Any]) -> dict[str, Any]:
    properties = component.get("properties", {})
    if _FIELD not in properties:
        return component
    return {**component, "properties": {**properties, _FIELD: {"$ref": f"#/components/schemas/{COMPONENT}"}}}
