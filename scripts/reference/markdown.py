"""Tables, templates, and the words for types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"

_PLACE = re.compile(r"^\{\{ (\w+) \}\}$", re.MULTILINE)


class Undescribed(ValueError):
    """Something that the reference has to explain has no words; the text says where they are to be written."""


def places_in(template: str) -> frozenset[str]:
    """The names of the template's places."""
    return frozenset(_PLACE.findall((TEMPLATES / template).read_text(encoding="utf-8")))


def filled(template: str, **parts: str) -> str:
    """The template with each line ``{{ name }}`` replaced by that part. Each part has its place, and each place its part."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    places = places_in(template)
    if places != parts.keys():
        raise Undescribed(f"{template} has places for {sorted(places)}, not for {sorted(parts)}")
    return f"{_PLACE.sub(lambda place: parts[place[1]], text).rstrip()}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a ``|`` in a cell is escaped, and a line break becomes a blank."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    return f"`{text}`"


def sentence(text: str) -> str:
    """With a full stop at its end."""
    return text if not text or text.endswith((".", "!", "?", ":")) else f"{text}."


def resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference leads to, or the only choice beside null."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == 1:
        return resolved(choices[0], definitions)
    if "$ref" in schema:
        return resolved(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return schema


def kind_of(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """What values a schema takes, in a few words."""
    plain = resolved(schema, definitions)
    if values := [value for value in plain.get("enum", []) if value != ""]:
        shown = [code(str(value)) for value in values]
        return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
    kind = str(plain.get("type", "anything"))
    if kind == "array":
        return f"list of {kind_of(plain.get('items', {}), definitions)}"
    if kind == "boolean":
        return "`true` or `false`"
    if kind == "string":
        words = {"path": "path", "password": "secret text", "date-time": "instant", "binary": "bytes"}
        return words.get(plain.get("format", ""), "text") + _lengths(plain)
    return {"integer": "whole number"}.get(kind, kind) + _bounds(plain)


def _bounds(schema: Mapping[str, Any]) -> str:
    least, most = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if least is not None and most is not None:
        return f", {least:g} to {most:g}" if max(abs(least), abs(most)) < 10**6 else f", {least} to {most}"
    words = (("at least", least), ("at most", most), ("above", above), ("below", below))
    return "".join(
        f", {word} {bound:g}" if bound < 10**6 else f", {word} {bound}" for word, bound in words if bound is not None
    )


def _lengths(schema: Mapping[str, Any]) -> str:
    words = (("at least", schema.get("minLength")), ("at most", schema.get("maxLength")))
    return "".join(f", {word} {length} characters" for word, length in words if length is not None)
