"""The second phase: what stands in a text.

A text is searched for the next character that can begin something, and the construct for that character decides. One
that takes what it sees returns the place behind it; one that does not returns NOT_MINE, and the character is text.

kramdown reads a construct that is never closed to the end of the text, takes it back and reads on behind its first
character, which takes quadratic time or worse. Here every text has a budget for what is taken back, so generous that
only a text made for the purpose comes to its end; after that an opening character is text at once.

Source: https://kramdown.gettalong.org/syntax.html#span-level-elements
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from search_index.reading.kramdown.document import DEEPEST, Document
from search_index.reading.kramdown.entities import quote_character, written_character
from search_index.reading.kramdown.lookahead import NextPlace, next_match, next_string
from search_index.reading.kramdown.nodes import Child, Markup
from search_index.reading.kramdown.options import KramdownOptions

NOT_MINE: Final = -1

_SPECIAL: Final = r"[*_`<\[\\\"'&]|\{:|\$\$|~~|--|\.\.\.|>>"
_BREAK: Final = r" {2}(?=\n)"
_PLAIN: Final = (re.compile(_SPECIAL), re.compile(rf"\]|{_SPECIAL}"))
_WITH_BREAKS: Final = (re.compile(rf"{_SPECIAL}|{_BREAK}"), re.compile(rf"\]|{_SPECIAL}|{_BREAK}"))

_SYMBOLS: Final = {
    "mdash": "\u2014",
    "ndash": "\u2013",
    "hellip": "\u2026",
    "laquo": "\u00ab",
    "raquo": "\u00bb",
    "laquo_space": "\u00ab\u00a0",
    "raquo_space": "\u00a0\u00bb",
}
_BUDGET_PER_CHARACTER: Final = 16
_LEAST_BUDGET: Final = 20_000

Construct: TypeAlias = "Callable[[SpanParser, int, int, list[Child], Level], int]"
"""Gets the place of its character, where the text begins that is in no child yet, the children and their level."""
Stop: TypeAlias = Callable[[int, bool], bool]
"""Whether the element ends at a place, given whether anything is in it."""


@dataclass(frozen=True, slots=True)
class Level:
    """What an element's text is read with: ``within`` has a bit for each kind of element that is open."""

    kind: str
    within: int
    depth: int
    raw: bool
    search: re.Pattern[str]
    constructs: Mapping[str, Construct]

    def can_nest(self) -> bool:
        return self.depth < DEEPEST


class SpanParser:
    """Reads texts into children, one after the other.

    ``source``, ``place``  the text being read, and how far
    ``symbol_end``         behind the last character that came from a symbol: an attribute list there belongs to that
    ``budget``             characters that may still be taken back
    """

    def __init__(self, document: Document, constructs: Mapping[str, Construct]) -> None:
        self.document = document
        self.constructs = constructs
        options = document.options
        self.quotes = [_written(quote_character(quote), options) for quote in options.smart_quotes.split(",")]
        self.symbols = {name: _written(symbol, options) for name, symbol in _SYMBOLS.items()}
        self.symbols |= dict(options.typographic_symbols)
        self.source = ""
        self.place = 0
        self.symbol_end = -1
        self.budget = 0
        self._patterns = _PLAIN
        self._seekers: dict[object, NextPlace] = {}

    def parse(self, text: str) -> list[Child]:
        patterns = _WITH_BREAKS if "  \n" in text else _PLAIN
        if patterns[0].search(text) is None:
            return [text] if text else []
        return self.parse_with(text, None, self.constructs)

    def parse_with(self, text: str, search: re.Pattern[str] | None, constructs: Mapping[str, Construct]) -> list[Child]:
        """Reads with some constructs only, whose characters ``search`` finds."""
        outer = self.source, self.place, self.symbol_end, self._patterns, self._seekers
        self.source, self.place, self.symbol_end, self._seekers = text, 0, -1, {}
        self._patterns = _WITH_BREAKS if "  \n" in text else _PLAIN
        self.budget = max(self.budget, _BUDGET_PER_CHARACTER * len(text) + _LEAST_BUDGET)
        children: list[Child] = []
        self.run(children, Level("", 0, 0, False, search or self._patterns[0], constructs))
        self.source, self.place, self.symbol_end, self._patterns, self._seekers = outer
        return merged(children)

    def nested(self, level: Level, kind: str, bit: int, *, in_brackets: bool = False) -> Level:
        """The level for an element whose text is read with everything."""
        search = self._patterns[1 if in_brackets else 0]
        return Level(kind, level.within | bit, level.depth + 1, False, search, self.constructs)

    def run(self, children: list[Child], level: Level, ends: str = "", stop: Stop | None = None) -> bool:
        """Reads on from ``place``. With ``stop``, which is asked at the characters in ``ends``, stays before what
        stops it and returns True, or returns False with ``place`` where unread text begins."""
        source, search, constructs = self.source, level.search.search, level.constructs
        start = scan = self.place
        while found := search(source, scan):
            at = found.start()
            character = source[at]
            if stop is not None and character in ends and stop(at, at > start or bool(children)):
                if at > start:
                    children.append(source[start:at])
                self.place = at
                return True
            construct = constructs.get(character)
            end = construct(self, at, start, children, level) if construct else NOT_MINE
            if end < 0:
                scan = at + 1
            else:
                start = scan = end
        if stop is None:
            if start < len(source):
                children.append(source[start:])
            start = len(source)
        self.place = start
        return False

    def next(self, wanted: str, place: int) -> int:
        """Where a string occurs next, or -1."""
        seeker = self._seekers.get(wanted)
        if seeker is None:
            seeker = self._seekers[wanted] = next_string(self.source, wanted)
        return seeker.after(place)

    def next_match(self, pattern: re.Pattern[str], place: int) -> int:
        """Where a pattern matches next, or -1."""
        seeker = self._seekers.get(pattern)
        if seeker is None:
            seeker = self._seekers[pattern] = next_match(self.source, pattern)
        return seeker.after(place)

    def text(self, children: list[Child], start: int, end: int) -> int:
        if end > start:
            children.append(self.source[start:end])
        return end

    def symbol(self, children: list[Child], written: str, end: int) -> int:
        children.append(written)
        self.symbol_end = end
        return end


def _written(symbol: str, options: KramdownOptions) -> str:
    if options.entity_output == "as_char":
        return symbol
    return Markup("".join(written_character(character, options.entity_output) for character in symbol))


def merged(children: list[Child]) -> list[Child]:
    """Neighbouring texts made one."""
    if len(children) < 2:
        return children
    joined: list[Child] = []
    texts: list[str] = []
    for child in children:
        if type(child) is str:
            texts.append(child)
            continue
        if texts:
            joined.append("".join(texts))
            texts.clear()
        joined.append(child)
    if texts:
        joined.append("".join(texts))
    return joined
