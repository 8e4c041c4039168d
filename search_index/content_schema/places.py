"""Line and column of a part of a JSON text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

_BLANK = re.compile(r"\s*")
_DECODER = json.JSONDecoder()


def place_of(text: str, path: Iterable[str | int]) -> tuple[int, int]:
    """Where the last step of ``path`` begins: a key, or an item of a list. (0, 0) for an empty path; ``text`` is JSON."""
    steps = tuple(path)
    if not steps:
        return 0, 0
    at = found = _BLANK.match(text, 1 if text.startswith("\ufeff") else 0).end()  # type: ignore[union-attr]  # matches ""
    for step in steps:
        inner = _inner(text, at, step)
        if inner is None:
            break
        found, at = inner
    return text.count("\n", 0, found) + 1, found - text.rfind("\n", 0, found)


def _inner(text: str, at: int, step: str | int) -> tuple[int, int] | None:
    """Offsets of the member or item ``step`` of the map or list at ``at``, and of its value."""
    is_map = text[at] == "{"
    position, number = _skip(text, at + 1), 0
    while text[position] not in "}]":
        begins = position
        name: object = number
        if is_map:
            name, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        if name == step:
            return begins, position
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)
        number += 1
    return None


def _skip(text: str, position: int) -> int:
    blank = _BLANK.match(text, position)
    return blank.end() if blank else position
