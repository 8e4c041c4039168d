"""Where something occurs next in a text, asked from ever later places: every part of the text is searched once."""

from __future__ import annotations

import re
from collections.abc import Callable


class NextPlace:
    """Remembers the last answer, which holds for every place before it. An answer of -1 means nowhere."""

    __slots__ = ("_asked", "_find", "_found")

    def __init__(self, find: Callable[[int], int]) -> None:
        self._find = find
        self._asked = 0
        self._found = -2

    def after(self, place: int) -> int:
        """The first occurrence at ``place`` or later."""
        if self._found == -2 or place < self._asked or -1 < self._found < place:
            self._asked = place
            self._found = self._find(place)
        return self._found


def next_string(text: str, wanted: str) -> NextPlace:
    return NextPlace(lambda place: text.find(wanted, place))


def next_match(text: str, pattern: re.Pattern[str]) -> NextPlace:
    def find(place: int) -> int:
        match = pattern.search(text, place)
        return match.start() if match else -1

    return NextPlace(find)
