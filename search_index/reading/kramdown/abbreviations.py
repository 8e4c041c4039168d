"""Abbreviations: their occurrences in running text become elements that carry the definition.

Source: https://kramdown.gettalong.org/syntax.html#abbreviations
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from search_index.reading.kramdown.nodes import RAW, Child, HtmlElement, Markup, Node
from search_index.reading.kramdown.patterns import WORD

_WORD_START: Final = re.compile(r"^|[^A-Za-z0-9_]", re.MULTILINE)
_LONGEST: Final = 100
"""Characters in a name; a longer one is not looked for."""


class Abbreviations:
    """Finds names by their first character and their lengths, as there can be as many as words."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(name for name in names if len(name) <= _LONGEST)
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            lengths.setdefault(name[0], set()).add(len(name))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def replace_in(self, node: Node) -> None:
        children: list[Child] = []
        for child in node.children:
            if isinstance(child, Node):
                self.replace_in(child)
                children.append(child)
            elif isinstance(child, Markup) or (isinstance(node, HtmlElement) and node.model == RAW):
                children.append(child)
            else:
                children.extend(self._split(child))
        node.children = children

    def _split(self, text: str) -> Iterator[Child]:
        done = 0
        for start in _WORD_START.finditer(text):
            place = start.end()
            end = self._name_at(text, place) if start.start() >= done else 0
            if end:
                if place > done:
                    yield text[done:place]
                yield Node("abbr", text[place:end], block=False)
                done = end
        if done < len(text):
            yield text[done:]

    def _name_at(self, text: str, place: int) -> int:
        """The end of the longest name at a place where some name ends a word; 0 for none."""
        longest = 0
        for length in self._lengths.get(text[place : place + 1], ()):
            end = place + length
            if text[place:end] in self._names:
                longest = longest or end
                if text[end : end + 1] not in WORD:
                    return longest
        return 0
