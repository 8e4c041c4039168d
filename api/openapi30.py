"""The OpenAPI document in version 3.0.3, for generators of clients that do not read 3.1.

A schema of 3.1 is JSON Schema 2020-12; one of 3.0 is a subset of an older draft with keywords of its own. What both can say
is said in the words of 3.0. What 3.0 has no word for is left out, and then the schema is wider than it was: what was valid
stays valid. So ``not`` goes when something inside it would go, and ``oneOf`` becomes ``anyOf``.

Sources: OpenAPI 3.0.3, *Schema Object*; OpenAPI 3.1.0, *Schema Object*; JSON Schema 2020-12, *Core* (section 8: ``$id``,
``$anchor``, ``$defs``) and *Validation*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

VERSION = "3.0.3"

Json = Any
Schema = dict[str, Any]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ELEMENTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "document": {"paths": ("map", "path item"), "components": ("one", "components")},
    "components": {
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "requestBodies": ("map", "content"),
        "headers": ("map", "parameter"),
        "callbacks": ("map", "callback"),
    },
    "callback": {"*": ("one", "path item")},
    "path item": {"parameters": ("list", "parameter"), **dict.fromkeys(_METHODS, ("one", "operation"))},
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "content"),
        "responses": ("map", "response"),
        "callbacks": ("map", "callback"),
    },
    "parameter": {"schema": ("one", "schema"), "content": ("map", "media type")},
    "response": {"headers": ("map", "parameter"), "content": ("map", "media type")},
    "content": {"content": ("map", "media type")},
    "media type": {"schema": ("one", "schema"), "encoding": ("map", "encoding")},
    "encoding": {"headers": ("map", "parameter")},
}
"""Where in an element of the document others are: by name, alone, in a list, or in a map of names that are anybody's."""

_ONLY_31: Mapping[str, frozenset[str]] = {
    "document": frozenset({"jsonSchemaDialect", "webhooks"}),
    "components": frozenset({"pathItems"}),
}

_SAME = frozenset(
    (
        *("title", "description", "example", "default", "deprecated", "readOnly", "writeOnly", "externalDocs", "xml"),
        *("type", "enum", "format", "nullable", "discriminator", "allOf", "oneOf", "anyOf", "not"),
        *("minimum", "maximum", "multipleOf", "minLength", "maxLength", "pattern"),
        *("items", "minItems", "maxItems", "uniqueItems"),
        *("properties", "additionalProperties", "minProperties", "maxProperties"),
    )
)
"""The keywords of a schema in 3.0 that 3.1 has as well, ``required`` aside."""

_LOST = frozenset(
    (
        *("if", "then", "else", "dependentRequired", "dependentSchemas", "$dynamicRef"),
        *("prefixItems", "contains", "minContains", "maxContains", "unevaluatedItems"),
        *("patternProperties", "propertyNames", "unevaluatedProperties"),
    )
)
"""What restricts in 2020-12, and cannot be said in 3.0, or not as exactly."""

_ONE = ("additionalProperties", "items", "not", "contains", "propertyNames", "if", "then", "else")
_LIST = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAP = ("properties", "patternProperties", "dependentSchemas")

_NOTHING: Schema = {"not": {}}
_COMPONENT = "/components/schemas/"


def openapi30(document: Mapping[str, Json]) -> dict[str, Json]:
    """The document of version 3.1 as one of version 3.0.3; it is not changed itself.

    A schema that references name inside a component, as ``$defs`` of somebody's JSON Schema are, becomes a component. A
    reference out of the document becomes a schema that takes everything: no generator should have to fetch it.
    """
    return _Conversion(document).converted()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a schema stands: its JSON pointer, and of the resource that it belongs to the pointer and the ``$id``."""

    pointer: str
    resource: str
    identity: str = ""

    def inside(self, *keys: str | int) -> _Place:
        steps = "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)
        return _Place(self.pointer + steps, self.resource, self.identity)

    def entered(self, schema: Schema) -> _Place:
        """A schema with an ``$id`` is a resource of its own: its references begin there."""
        own = schema.get("$id")
        if not isinstance(own, str):
            return self
        return _Place(self.pointer, self.pointer, urljoin(self.identity, own))


class _Conversion:
    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document
        components: Mapping[str, Json] = document.get("components", {}).get("schemas", {})
        self._names = {_pointer(name): name for name in components}
        self._places = {_pointer(name): _Place(_pointer(name), _pointer(name)) for name in components}
        self._identities: dict[str, _Place] = {}
        for place in list(self._places.values()):
            self._note_identities(self._at(place.pointer), place)

    def converted(self) -> dict[str, Json]:
        converted: dict[str, Json] = self._element(self._document, "document")
        converted |= {"openapi": VERSION, "paths": converted.get("paths", {})}
        converted["info"] = {key: value for key, value in converted["info"].items() if key != "summary"}
        if licence := converted["info"].get("license"):
            converted["info"]["license"] = {key: value for key, value in licence.items() if key != "identifier"}
        schemas: dict[str, Schema] = {}
        while waiting := [pointer for pointer, name in self._names.items() if name not in schemas]:
            for pointer in waiting:
                schemas[self._names[pointer]] = self._schema(self._at(pointer), self._places[pointer])
        if schemas:
            converted["components"] = converted.get("components", {}) | {"schemas": dict(sorted(schemas.items()))}
        return converted

    def _element(self, element: Json, kind: str) -> Json:
        if not isinstance(element, Mapping):
            return element
        if "$ref" in element and kind != "path item":
            return {"$ref": element["$ref"]}
        inside, dropped = _ELEMENTS[kind], _ONLY_31.get(kind, frozenset())
        written: dict[str, Json] = {}
        for key, value in element.items():
            form, inner = inside.get(key) or inside.get("*") or ("", "")
            if key in dropped:
                continue
            if form == "one":
                written[key] = self._described(value, inner)
            elif form == "list":
                written[key] = [self._described(item, inner) for item in value]
            elif form == "map":
                written[key] = {name: self._described(item, inner) for name, item in value.items()}
            else:
                written[key] = value
        return written

    def _described(self, element: Json, kind: str) -> Json:
        return self._schema(element, _Place("", "")) if kind == "schema" else self._element(element, kind)

    def _schema(self, schema: Json, place: _Place) -> Schema:
        if not isinstance(schema, dict):
            return dict(_NOTHING) if schema is False else {}
        place = place.entered(schema)
        written = {key: value for key, value in schema.items() if key in _SAME or key.startswith("x-")}
        if required := schema.get("required"):
            written["required"] = required
        self._convert_inner(schema, written, place)
        _convert_bounds(schema, written)
        _convert_content(schema, written)
        if schema.get("examples"):
            written.setdefault("example", schema["examples"][0])
        if "const" in schema:
            written["enum"] = [schema["const"]]
        _convert_type(schema, written)
        _convert_choices(written)
        if written.get("nullable") and "enum" in written and None not in written["enum"]:
            written["enum"] = [*written["enum"], None]
        if written.get("enum") == []:
            written = dict(_NOTHING)
        return self._with_reference(schema, written, place)

    def _with_reference(self, schema: Schema, written: Schema, place: _Place) -> Schema:
        if "$ref" not in schema:
            return written
        target = self._target(schema["$ref"], place)
        if target is None:
            return written
        reference = {"$ref": f"#{_COMPONENT}{self._name_of(target)}"}
        return {**written, "allOf": [reference, *written.get("allOf", [])]} if written else reference

    def _convert_inner(self, schema: Schema, written: Schema, place: _Place) -> None:
        """The schemas inside, and the keywords about them that 3.0 words otherwise."""
        for key in ("allOf", "anyOf", "oneOf"):
            if choices := schema.get(key):
                written[key] = [self._schema(choice, place.inside(key, i)) for i, choice in enumerate(choices)]
        if "oneOf" in written and self._loses(schema["oneOf"], place.inside("oneOf")):
            alternatives = {"anyOf": written.pop("oneOf")}
            if "anyOf" in written:
                written["allOf"] = [*written.get("allOf", []), alternatives]
            else:
                written |= alternatives
        if "not" in schema:
            if self._loses([schema["not"]], place):
                del written["not"]
            else:
                written["not"] = self._schema(schema["not"], place.inside("not"))
        if "properties" in schema:
            written["properties"] = {
                name: self._schema(inner, place.inside("properties", name))
                for name, inner in schema["properties"].items()
            }
        self._convert_additional(schema, written, place)
        self._convert_items(schema, written, place)

    def _convert_additional(self, schema: Schema, written: Schema, place: _Place) -> None:
        if "additionalProperties" not in schema:
            return
        additional = schema["additionalProperties"]
        patterns = [
            self._schema(inner, place.inside("patternProperties", name))
            for name, inner in schema.get("patternProperties", {}).items()
        ]
        if isinstance(additional, bool):
            written["additionalProperties"] = additional or _any_of(patterns) if patterns else additional
        else:
            inner = self._schema(additional, place.inside("additionalProperties"))
            written["additionalProperties"] = _any_of([*patterns, inner])

    def _convert_items(self, schema: Schema, written: Schema, place: _Place) -> None:
        """``prefixItems``: each item may be any of those that 2020-12 tells apart by their place."""
        first = [
            self._schema(inner, place.inside("prefixItems", i)) for i, inner in enumerate(schema.get("prefixItems", []))
        ]
        rest = schema.get("items", True)
        if rest is False:
            written["maxItems"] = min(len(first), schema.get("maxItems", len(first)))
            written["items"] = _any_of(first) if first else {}
        elif "prefixItems" in schema or "items" in schema:
            written["items"] = _any_of([*first, self._schema(rest, place.inside("items"))])

    def _loses(self, schemas: list[Json], place: _Place, seen: set[str] | None = None) -> bool:
        """Whether one of the schemas says what 3.0 cannot say, anywhere in it or where it refers to."""
        seen = set() if seen is None else seen
        for schema in schemas:
            if not isinstance(schema, dict):
                continue
            here = place.entered(schema)
            if _LOST & schema.keys():
                return True
            if reference := schema.get("$ref"):
                target = self._target(reference, here)
                if target is None:
                    return True
                if target.pointer not in seen:
                    seen.add(target.pointer)
                    if self._loses([self._at(target.pointer)], target, seen):
                        return True
            if self._loses(list(_inner(schema)), here, seen):
                return True
        return False

    def _name_of(self, target: _Place) -> str:
        """The component that the target is; it becomes one where it is a part of another."""
        if target.pointer not in self._names:
            steps = [_unescaped(step) for step in target.pointer.removeprefix(_COMPONENT).split("/")]
            wanted = re.sub(r"[^A-Za-z0-9._-]", "_", f"{steps[0]}_{steps[-1]}" if len(steps) > 1 else steps[-1])
            name, number, taken = wanted, 2, set(self._names.values())
            while name in taken:
                name, number = f"{wanted}_{number}", number + 1
            self._names[target.pointer] = name
            self._places[target.pointer] = target
        return self._names[target.pointer]

    def _target(self, reference: str, place: _Place) -> _Place | None:
        """Where a reference leads; None where that is not in the document."""
        base, fragment = urldefrag(reference)
        resource = _Place(place.resource, place.resource, place.identity)
        if base:
            found = self._identities.get(urljoin(place.identity, base))
            if found is None:
                return None
            resource = found
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            return self._anchored(self._at(resource.pointer), resource, fragment)
        if not base and fragment.startswith(_COMPONENT):
            resource = self._places.get("/".join(fragment.split("/")[:4]), _Place(fragment, fragment))
            pointer = fragment
        else:
            pointer = resource.pointer + fragment
        try:
            self._at(pointer)
        except (KeyError, IndexError, ValueError, TypeError):
            return None
        return _Place(pointer, resource.resource, resource.identity)

    def _anchored(self, schema: Json, place: _Place, anchor: str) -> _Place | None:
        if isinstance(schema, dict):
            if anchor in (schema.get("$anchor"), schema.get("$dynamicAnchor")):
                return place
            for key, value in schema.items():
                if found := self._anchored(value, place.inside(key), anchor):
                    return found
        if isinstance(schema, list):
            for i, value in enumerate(schema):
                if found := self._anchored(value, place.inside(i), anchor):
                    return found
        return None

    def _note_identities(self, schema: Json, place: _Place) -> None:
        if isinstance(schema, dict):
            place = place.entered(schema)
            if "$id" in schema and place.identity:
                self._identities[urldefrag(place.identity)[0]] = place
            for key, value in schema.items():
                self._note_identities(value, place.inside(key))
        elif isinstance(schema, list):
            for i, value in enumerate(schema):
                self._note_identities(value, place.inside(i))

    def _at(self, pointer: str) -> Json:
        node: Json = self._document
        for step in pointer.split("/")[1:]:
            node = node[int(step)] if isinstance(node, list) else node[_unescaped(step)]
        return node


def _pointer(name: str) -> str:
    return _Place(_COMPONENT[:-1], "").inside(name).pointer


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _inner(schema: Schema) -> Iterator[Json]:
    """The schemas that stand directly in a schema."""
    yield from (schema[key] for key in _ONE if key in schema)
    for key in _LIST:
        yield from schema.get(key, [])
    for key in _MAP:
        yield from schema.get(key, {}).values()


def _any_of(schemas: list[Schema]) -> Schema:
    """A schema that takes what one of these takes."""
    different = [schema for i, schema in enumerate(schemas) if schema not in schemas[:i]]
    if {} in different:
        return {}
    return different[0] if len(different) == 1 else {"anyOf": different}


def _convert_bounds(schema: Schema, written: Schema) -> None:
    """An exclusive bound is a number in 2020-12, and in 3.0 a word about the bound beside it."""
    for bound, exclusive, sign in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
        if exclusive in schema and (bound not in schema or sign * schema[exclusive] >= sign * schema[bound]):
            written |= {bound: schema[exclusive], exclusive: True}


def _convert_content(schema: Schema, written: Schema) -> None:
    if schema.get("contentEncoding") == "base64":
        written.setdefault("format", "byte")
    elif schema.get("contentMediaType") == "application/octet-stream":
        written.setdefault("format", "binary")


def _convert_type(schema: Schema, written: Schema) -> None:
    """A list of types, or null as a type, in the words of 3.0; an array says what its items are."""
    declared = schema.get("type", [])
    types = [declared] if isinstance(declared, str) else list(declared)
    if "null" in types:
        types.remove("null")
        written["nullable"] = True
        if not types:
            written.setdefault("enum", [None])
    written.pop("type", None)
    if len(types) == 1:
        written["type"] = types[0]
        if types[0] == "array":
            written.setdefault("items", {})
    elif types:
        choices = [{"type": name} | ({"items": {}} if name == "array" else {}) for name in types]
        if written.get("nullable"):
            choices = [choice | {"nullable": True} for choice in choices]
        if "anyOf" in written:
            written["allOf"] = [*written.get("allOf", []), {"anyOf": choices}]
        else:
            written["anyOf"] = choices


def _convert_choices(written: Schema) -> None:
    """Choices of which one is null: the others are nullable. One that is left alone needs no choice."""
    for key in ("anyOf", "oneOf"):
        choices = written.get(key, [])
        others = [choice for choice in choices if not _is_null(choice)]
        if len(others) == len(choices):
            continue
        del written[key]
        beside = {name for name in written if name not in ("title", "description", "example", "default", "nullable")}
        if not others:
            written |= {"nullable": True, "enum": [None]}
        elif len(others) == 1 and not beside and "$ref" not in others[0]:
            written |= {**others[0], **written, "nullable": True}
        elif len(others) == 1:
            written |= {"allOf": [*written.get("allOf", []), _nullable(others[0])], "nullable": True}
        else:
            written |= {key: [_nullable(choice) for choice in others], "nullable": True}


def _nullable(choice: Schema) -> Schema:
    """3.0 heeds ``nullable`` beside a ``type`` only; of a reference it can be said outside alone."""
    if "type" not in choice:
        return choice
    values = {"enum": [*choice["enum"], None]} if None not in choice.get("enum", [None]) else {}
    return choice | {"nullable": True} | values


def _is_null(choice: Schema) -> bool:
    return choice.get("nullable") is True and choice.get("enum") == [None] and "type" not in choice
