"""The first phase: a text's blocks.

At the start of a line the constructs are asked in kramdown's order, only those that the line's first character can
begin. One that reads something returns True and leaves ``place`` behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias, TypeVar

from search_index.reading.kramdown.document import DEEPEST, Document
from search_index.reading.kramdown.lookahead import next_match
from search_index.reading.kramdown.nodes import AttributeList, CodeBlock, Node, Paragraph
from search_index.reading.kramdown.patterns import (
    ATTRIBUTE_LINE_START,
    BLANK_LINES,
    BLOCK_TAG_LINE,
    END_OF_BLOCK,
    PARAGRAPH_END,
    PARAGRAPH_END_GFM,
    REST_OF_LINE,
    STRIPPED,
    WHITE,
)

_CLOSING_BRACE: Final = re.compile(r"(?<!\\)\}")
_UP_TO_THREE_SPACES: Final = re.compile(r" {0,3}")
_INDENT: Final = re.compile(r"^(?:\t| {4})", re.MULTILINE)
_INDENTED: Final = re.compile(r"(?:\t| {4})[ \t]*[^ \t\n\v\f\r]")
_CONTINUED_CODE: Final = re.compile(r"\n( {0,3}[^ \t\n\v\f\r])")

T = TypeVar("T")
Construct: TypeAlias = "Callable[[BlockParser], bool]"


class BlockParser:
    """Reads a text's blocks into a tree whose texts are still unread. One object reads one document.

    ``source``, ``place``  the text being read and how far
    ``parent``             the node that gets the blocks
    ``pending``            an attribute list that waits for the block after it
    ``stopped``            an element's closing tag was met among its blocks
    """

    def __init__(
        self, document: Document, constructs: Mapping[str, tuple[Construct, ...]], others: tuple[Construct, ...]
    ) -> None:
        """``constructs`` by the character that a line begins with, ``others`` for a line that begins otherwise."""
        self.document = document
        self.source = ""
        self.place = 0
        self.parent: Node = document.root
        self.pending: AttributeList | None = None
        self.stopped = False
        self._constructs = constructs
        self._others = others
        self._depth = 0
        self._kept: dict[object, Any] = {}
        self._ends_of_line: dict[int, int] = {}
        self.interrupts = document.options.gfm and "paragraph_end" in document.options.gfm_quirks
        self._paragraph_end = PARAGRAPH_END_GFM if self.interrupts else PARAGRAPH_END

    def parse(self, parent: Node, text: str) -> None:
        """Reads a text of its own into ``parent``."""
        outer = self.source, self.place, self._kept, self._ends_of_line
        self.source, self.place, self._kept, self._ends_of_line = text, 0, {}, {}
        self.parse_here(parent)
        self.source, self.place, self._kept, self._ends_of_line = outer

    def parse_here(self, parent: Node) -> None:
        """Reads on into ``parent``, to its closing tag or to the end of the text."""
        outer = self.parent, self.pending
        self.parent, self.pending = parent, None
        self._depth += 1
        end = len(self.source)
        while self.place < end and not self.stopped:
            self._read_block()
        self._depth -= 1
        self.stopped = False
        self.parent, self.pending = outer

    def can_nest(self) -> bool:
        return self._depth < DEEPEST

    def _read_block(self) -> None:
        source, place = self.source, self.place
        character = source[place]
        if character in WHITE:
            if blank := BLANK_LINES.match(source, place):
                self._add_blank(blank.end())
                return
            if character == "\t" or source.startswith("    ", place):
                self._read_code_block()
                return
            if spaces := _UP_TO_THREE_SPACES.match(source, place):
                character = source[spaces.end()]
            if character == "\t":
                self._add_stray_line()
                return
        for construct in self._constructs.get(character, self._others):
            if construct(self):
                return
        self._read_paragraph()

    def add(self, node: Node) -> None:
        """Adds a block; the attribute list that waited is its own."""
        if self.pending is not None:
            node.ial, self.pending = self.pending, None
        self.parent.children.append(node)

    def last(self) -> Node | None:
        children = self.parent.children
        return children[-1] if children and isinstance(children[-1], Node) else None

    def _add_blank(self, end: int) -> None:
        text, self.place = self.source[self.place : end], end
        last = self.last()
        if last is not None and last.kind == "blank":
            last.value += text
        else:
            self.add(Node("blank", text))

    def _add_stray_line(self) -> None:
        """A line that no construct takes, not even a paragraph: its text stands among the blocks."""
        line, self.place = self.line_at(self.place)
        last = self.last()
        if last is not None and last.kind == "stray":
            last.value += line
        else:
            self.parent.children.append(Node("stray", line))

    def line_at(self, place: int) -> tuple[str, int]:
        """The line with its end, and where the next one begins."""
        end = self.source.find("\n", place) + 1 or len(self.source)
        return self.source[place:end], end

    def kept(self, key: object, make: Callable[[str], T]) -> T:
        """Something found out about the source, made once."""
        if key not in self._kept:
            self._kept[key] = make(self.source)
        kept: T = self._kept[key]
        return kept

    def after_boundary(self) -> bool:
        if self.pending is not None or not self.parent.children:
            return True
        last = self.last()
        return last is not None and (last.kind == "blank" or (last.kind == "eob" and not last.value))

    def before_boundary(self) -> bool:
        source, place = self.source, self.place
        return (
            place >= len(source)
            or BLANK_LINES.match(source, place) is not None
            or END_OF_BLOCK.match(source, place) is not None
            or self.attribute_line_at(place) is not None
        )

    def attribute_line_at(self, place: int) -> tuple[str, int] | None:
        """What the attribute list at ``place`` holds, and the end of the line behind it."""
        opening = ATTRIBUTE_LINE_START.match(self.source, place)
        return self.braced(opening.end()) if opening else None

    def braced(self, place: int) -> tuple[str, int] | None:
        """What stands before the next closing brace, which must end its line, and where the next line begins."""
        brace = self.kept("}", lambda text: next_match(text, _CLOSING_BRACE)).after(place)
        if brace not in self._ends_of_line:
            rest = REST_OF_LINE.match(self.source, brace + 1)
            self._ends_of_line[brace] = rest.end() if rest and brace >= 0 else -1
        end = self._ends_of_line[brace]
        return (self.source[place:brace], end) if end >= 0 and brace > place else None

    def end_of_lines(self, pattern: re.Pattern[str], place: int) -> int:
        """Where the lines that belong together with the one at ``place`` end."""
        search, source = pattern.search, self.source
        while match := search(source, place):
            place = match.end()
            if not match.lastindex or self.attribute_line_at(place):
                return place
        return len(source)

    def ends_laziness(self, place: int) -> bool:
        """Whether the line at ``place`` is a tag of a block or an attribute list, which continue nothing."""
        return BLOCK_TAG_LINE.match(self.source, place) is not None or self.attribute_line_at(place) is not None

    def _read_paragraph(self) -> None:
        start = self.place
        self.place = end = self.end_of_lines(self._paragraph_end, start)
        text = self.source[start:end].rstrip(STRIPPED)
        last = self.last()
        if isinstance(last, Paragraph):
            joint = "  \n" if self.source[max(start - 3, 0) : start] == "  \n" else "\n"
            last.parts += (joint, text)
        else:
            self.add(Paragraph(text.lstrip(STRIPPED)))

    def _read_code_block(self) -> None:
        start, self.place = self.place, self.end_of_code(self.place)
        code = _CONTINUED_CODE.sub(r" \1", self.source[start : self.place])
        self.add(CodeBlock(unindented(code)))

    def end_of_code(self, place: int) -> int:
        """Behind the indented lines at ``place``; each stretch of them goes on to a blank line, indented or not."""
        source, size = self.source, len(self.source)
        needs_indent, line = True, place
        while line < size:
            if _INDENTED.match(source, line):
                needs_indent = False
            elif blank := BLANK_LINES.match(source, line):
                needs_indent, line = True, blank.end()
                continue
            elif needs_indent or END_OF_BLOCK.match(source, line) or self.ends_laziness(line):
                break
            place = line = source.find("\n", line) + 1 or size
        return place


def unindented(text: str) -> str:
    """Every line one tab or four spaces further left."""
    return _INDENT.sub("", text)
