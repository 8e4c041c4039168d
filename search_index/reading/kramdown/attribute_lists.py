"""Attribute lists: ``#id .class key="value" reference``.

Source: https://kramdown.gettalong.org/syntax.html#attribute-list-definitions
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from search_index.reading.kramdown.lookahead import NextPlace, next_match
from search_index.reading.kramdown.nodes import AttributeList, Node, merge_attributes
from search_index.reading.kramdown.patterns import ID_NAME, S

_ITEM: Final = re.compile(
    rf"({ID_NAME})=([\"'])|({ID_NAME})(?={S}|\Z)|((?:#[A-Za-z][A-Za-z0-9_:-]*|\.[^ \t\n\v\f\r.#]+)+)(?={S}|\Z)"
)
_ID_OR_CLASS: Final = re.compile(r"#([A-Za-z][A-Za-z0-9_:-]*)|\.([^.#]+)")
_SPACE: Final = re.compile(S)
_CLOSING: Final = {quote: re.compile(rf"(?<!\\){quote}(?={S}|\Z)") for quote in "\"'"}
_ESCAPED: Final = {quote: re.compile(rf"\\([}}{quote}])") for quote in "\"'"}

_MOST_REFERENCES: Final = 100
"""Definitions that one attribute list takes from. Each can refer to others, and these to it."""


def read_attribute_list(text: str, into: AttributeList | None = None) -> AttributeList:
    """What cannot be read is left out, as kramdown does."""
    found = AttributeList() if into is None else into
    closing = {quote: next_match(text, pattern) for quote, pattern in _CLOSING.items()}
    place = 0
    while place >= 0:
        place = _read_item(text, place, closing, found)
        space = _SPACE.search(text, place)
        place = space.end() if space else -1
    return found


def _read_item(text: str, place: int, closing: Mapping[str, NextPlace], found: AttributeList) -> int:
    """Returns where to look for the white space before the next item."""
    item = _ITEM.match(text, place)
    if item is None:
        return place
    key, quote, reference, marks = item.groups()
    if key:
        end = closing[quote].after(item.end())
        if end < 0:
            return place
        found.attributes[key] = _ESCAPED[quote].sub(r"\1", text[item.end() : end])
        return end + 1
    if reference:
        found.references.append(reference)
    else:
        for name, css_class in _ID_OR_CLASS.findall(marks):
            merge_attributes(found.attributes, {"id": name} if name else {"class": css_class})
    return item.end()


def apply_attribute_list(node: Node, given: AttributeList, definitions: Mapping[str, AttributeList]) -> None:
    """What its references are defined as comes first, each beginning with its own references."""
    attributes = node.attribute_map()
    if given.references:
        for attribute_list in _with_references(given, definitions):
            merge_attributes(attributes, attribute_list.attributes)
    else:
        merge_attributes(attributes, given.attributes)


def _with_references(given: AttributeList, definitions: Mapping[str, AttributeList]) -> Iterator[AttributeList]:
    """Definitions before what refers to them. One that refers to itself, however indirectly, is not taken again."""
    taken = 0
    open_lists = [(given, iter(given.references))]
    while open_lists:
        current, references = open_lists[-1]
        definition = next((definitions[name] for name in references if name in definitions), None)
        if definition is None or taken == _MOST_REFERENCES:
            open_lists.pop()
            yield current
        elif all(definition is not other for other, _ in open_lists):
            taken += 1
            open_lists.append((definition, iter(definition.references)))
