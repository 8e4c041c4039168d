"""A template's source as text, outputs and tags, cut as Liquid's own tokenizer cuts it (``liquid/tokenizer.rb``).

Each mark is looked for once, so that any source takes linear time. Where Liquid gives up (an output or a tag without an
end), the mark stays text and is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from search_index.reading.liquid.ruby import WHITESPACE

_TAG = re.compile(r"(\s*)(#|\w+)\s*", re.ASCII)
_END_RAW = re.compile(r"\{%-?\s*endraw(?!\w)", re.ASCII)
_MARK = re.compile(r"\{[{%]")
_TAG_NAME_AT_LINE_START = re.compile(r"\s*(#|\w+)\s*", re.ASCII)


class PieceKind(Enum):
    TEXT = auto()
    OUTPUT = auto()
    TAG = auto()
    RAW = auto()
    BROKEN = auto()
    """A mark that is not what it looks like; it counts as text, and ``name`` says what is wrong."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the source at ``start``; ``text`` is the text, the markup of a tag or output, or the raw body."""

    kind: PieceKind
    start: int
    text: str
    name: str = ""
    trim_before: bool = False
    trim_after: bool = False


class _Finder:
    """Where a mark stands next; what was found is kept for the next question."""

    def __init__(self, source: str, mark: str) -> None:
        self._source = source
        self._mark = mark
        self._found = -2

    def after(self, position: int) -> int:
        """The first index at or after ``position``, or -1. Positions must not go down."""
        if self._found != -1 and self._found < position:
            self._found = self._source.find(self._mark, position)
        return self._found


def pieces(source: str) -> Iterator[Piece]:
    """The pieces of ``source`` in order; texts are not trimmed yet."""
    tag_ends, output_ends = _Finder(source, "%}"), _Finder(source, "}")
    position = 0
    no_end_raw = False
    while mark := _MARK.search(source, position):
        start = mark.start()
        if start > position:
            yield Piece(PieceKind.TEXT, position, source[position:start])
        if source[start + 1] == "{":
            piece, position = _output(source, start, output_ends.after(start + 2))
            yield piece
            continue
        piece, position = _tag(source, start, tag_ends.after(start + 2))
        if piece.name == "liquid":
            yield from _lines_of_tags(piece)
            continue
        yield piece
        if piece.name == "raw" and not piece.text and not no_end_raw:
            end = _END_RAW.search(source, position)
            closing = source.find("%}", end.end()) if end else -1
            if end is None or closing < 0:
                no_end_raw = True
                continue
            yield Piece(PieceKind.RAW, position, source[position : end.start()])
            position = closing + 2
            yield Piece(PieceKind.TAG, end.start(), "", "endraw")
    if position < len(source):
        yield Piece(PieceKind.TEXT, position, source[position:])


def _output(source: str, start: int, end: int) -> tuple[Piece, int]:
    if end < 0 or not source.startswith("}}", end):
        return Piece(PieceKind.BROKEN, start, "{{", "`{{` has no `}}`"), start + 2
    inner = source[start + 2 : end]
    before, after = inner.startswith("-"), inner.endswith("-")
    inner = inner.removeprefix("-").removesuffix("-") if inner != "-" else ""
    return Piece(PieceKind.OUTPUT, start, inner, "", before, after), end + 2


def _tag(source: str, start: int, end: int) -> tuple[Piece, int]:
    if end < 0:
        return Piece(PieceKind.BROKEN, start, "{%", "`{%` has no `%}`"), start + 2
    before = source.startswith("-", start + 2) and start + 2 < end
    after = source[end - 1] == "-" and end - 1 > start + 2
    name = _TAG.match(source, start + (3 if before else 2), end)
    if name is None:
        return Piece(PieceKind.BROKEN, start, "{%", "`{%` is followed by no name of a tag"), start + 2
    markup = source[name.end() : end]
    markup = markup.removesuffix("-") if after else markup
    return Piece(PieceKind.TAG, start, markup.rstrip(WHITESPACE), name.group(2), before, after), end + 2


def _lines_of_tags(piece: Piece) -> Iterator[Piece]:
    """The tags of ``{% liquid %}``, one a line."""
    yield Piece(PieceKind.TEXT, piece.start, "", "", piece.trim_before, False)
    for line in piece.text.split("\n"):
        name = _TAG_NAME_AT_LINE_START.match(line)
        if name:
            yield Piece(PieceKind.TAG, piece.start, line[name.end() :].rstrip(WHITESPACE), name.group(1))
        elif line.strip(WHITESPACE):
            yield Piece(PieceKind.BROKEN, piece.start, "", "a line of `{% liquid %}` does not begin with a tag")
    yield Piece(PieceKind.TEXT, piece.start, "", "", False, piece.trim_after)
