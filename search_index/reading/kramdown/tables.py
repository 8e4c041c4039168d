"""Tables: every line has a pipe that is no part of code.

Source: https://kramdown.gettalong.org/syntax.html#tables
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from search_index.reading.kramdown.nodes import Node, Table
from search_index.reading.kramdown.patterns import STRIPPED, WHITE
from search_index.reading.kramdown.span_parser import SpanParser
from search_index.reading.kramdown.spans import read_code_and_html_only, read_code_only, span_parser

if TYPE_CHECKING:
    from search_index.reading.kramdown.block_parser import BlockParser

_PIPE: Final = re.compile(r"\||.*?[^\\\n]\|")
_PIPE_START: Final = re.compile(r" {0,3}(?=[^ \t\n\v\f\r])(?:\||.*?[^\\\n]\|)")
_SEPARATOR: Final = re.compile(r"(?=[^\n-]*-)[+|: \t-]++\n")
_FOOTER_SEPARATOR: Final = re.compile(r"(?=[^\n=]*=)[+|: \t=]++\n")
_ALIGNMENT: Final = re.compile(r"(:?)-+(:?)")
_UNESCAPED_PIPE: Final = re.compile(r"(?<!\\)\|")
_TICKS: Final = re.compile(r"`+")


@dataclass(slots=True)
class _Rows:
    """The rows read so far, and the table made of those before the last separator."""

    table: Table
    rows: list[Node] = field(default_factory=list)
    columns: int = 0
    has_footer: bool = False

    def add(self, cells: list[str]) -> None:
        row = Node("tr")
        row.children.extend(Node("td", cell.strip(STRIPPED)) for cell in cells)
        self.columns = max(self.columns, len(cells))
        self.rows.append(row)

    def separate(self, line: str) -> None:
        """The first separator ends the head and aligns the columns, others divide the body; in the foot none counts."""
        if not self.rows:
            return
        if not self.table.alignment and not self.has_footer:
            self._close("thead")
            self.table.alignment = [_alignment(*colons) for colons in _ALIGNMENT.findall(line)]
        elif not self.has_footer:
            self._close("tbody")

    def start_footer(self) -> None:
        if self.rows:
            self._close("tbody")
        self.has_footer = True

    def finish(self) -> Table | None:
        """None without a body: a head alone is no table."""
        if self.rows:
            self._close("tfoot" if self.has_footer else "tbody")
        sections = [section for section in self.table.children if isinstance(section, Node)]
        if not any(section.kind == "tbody" for section in sections):
            return None
        for section in sections:
            for row in section.children:
                if isinstance(row, Node):
                    row.children.extend(Node("td") for _ in range(self.columns - len(row.children)))
        self.table.alignment += [""] * (self.columns - len(self.table.alignment))
        return self.table

    def _close(self, kind: str) -> None:
        section = Node(kind)
        section.children.extend(self.rows)
        self.rows = []
        self.table.children.append(section)


def _alignment(left: str, right: str) -> str:
    if left and right:
        return "center"
    return "left" if left else "right" if right else ""


def read_table(parser: BlockParser) -> bool:
    source, place = parser.source, parser.place
    if not _PIPE_START.match(source, place) or not parser.after_boundary():
        return False
    table = Table()
    table.ial, parser.pending = parser.pending, None
    if not _read_rows(parser, table):
        parser.place = place
        return False
    parser.parent.children.append(table)
    return True


def _read_rows(parser: BlockParser, table: Table) -> bool:
    source, start = parser.source, parser.place
    leading_pipe = parser.line_at(start)[0].lstrip(WHITE).startswith("|")
    spans = span_parser(parser.document)
    rows = _Rows(table)
    if separator := _SEPARATOR.match(source, start):
        parser.place = separator.end()
    while parser.place < len(source) and _PIPE.match(source, parser.place):
        if separator := _SEPARATOR.match(source, parser.place):
            rows.separate(separator[0])
            parser.place = separator.end()
        elif separator := _FOOTER_SEPARATOR.match(source, parser.place):
            rows.start_footer()
            parser.place = separator.end()
        else:
            line, parser.place = parser.line_at(parser.place)
            rows.add(_cells(line.rstrip("\n").rstrip(" \t"), spans, leading_pipe=leading_pipe))
    if not parser.before_boundary() or not _every_line_has_pipe(source[start : parser.place - 1], spans):
        return False
    return rows.finish() is not None


def _cells(line: str, spans: SpanParser, *, leading_pipe: bool) -> list[str]:
    cells: list[str] = []
    place = 0
    for start, end in _code_elements(line):
        _split(line[place:start], cells, spans)
        _continue_cell(cells, line[start:end])
        place = end
    _split(line[place:], cells, spans)
    if leading_pipe and cells and not cells[0].strip(STRIPPED):
        del cells[0]
    if cells and not cells[-1].strip(STRIPPED):
        cells.pop()
    return cells


def _code_elements(line: str) -> Iterator[tuple[int, int]]:
    start = line.find("<code")
    while start >= 0:
        tag_end = line.find(">", start)
        closing = line.find("</code>", tag_end) if tag_end >= 0 else -1
        if closing < 0:
            return
        end = closing + len("</code>")
        yield start, end
        start = line.find("<code", end)


def _split(text: str, cells: list[str], spans: SpanParser) -> None:
    for piece in read_code_only(spans, text) if "`" in text else [text] if text else ():
        if isinstance(piece, str):
            first, *others = _UNESCAPED_PIPE.split(piece)
            _continue_cell(cells, first.replace("\\|", "|"))
            cells.extend(other.replace("\\|", "|") for other in others)
        else:
            _continue_cell(cells, _code(piece.value))


def _continue_cell(cells: list[str], text: str) -> None:
    if cells:
        cells[-1] += text
    else:
        cells.append(text)


def _code(text: str) -> str:
    """A code span written anew, with more ticks than there are in it."""
    ticks = max(_TICKS.findall(text), default="") + "`"
    space = " " if len(ticks) > 1 else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def _every_line_has_pipe(text: str, spans: SpanParser) -> bool:
    """Whether each line has one that is not in code or in an HTML element."""
    if "`" not in text and "<" not in text:
        return True
    pipe_on_line = False
    for piece in read_code_and_html_only(spans, text):
        lines = (piece if isinstance(piece, str) else piece.value).rstrip("\n").split("\n")
        if lines == [""]:
            lines = []
        if isinstance(piece, Node) and piece.kind == "code":
            if len(lines) > 2 or (len(lines) == 2 and not pipe_on_line):
                break
            pipe_on_line = pipe_on_line and len(lines) != 2
            continue
        if len(lines) > 1 and not pipe_on_line and not _PIPE.match(lines[0]):
            break
        last_has_pipe = bool(lines) and _PIPE.match(lines[-1]) is not None
        pipe_on_line = (pipe_on_line and len(lines) < 2) or last_has_pipe
    return pipe_on_line
