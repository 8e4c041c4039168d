"""Block rules beside markdown-it's own: tables, footnotes, definition lists, attributes behind a block.

Source: goldmark 1.5, ``extension/table.go``, ``footnote.go``, ``definition_list.go``; Hugo 0.111,
``markup/goldmark/internal/extensions/attributes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from search_index.reading.goldmark.attributes import parse_attributes
from search_index.reading.goldmark.characters import BLANKS
from search_index.reading.goldmark.inline import DOCUMENT, Footnote, InlineDocument, label_end
from search_index.reading.goldmark.options import GoldmarkOptions

_DELIMITERS = re.compile(r"[\s|:-]+")
_COLUMN = re.compile(r"\s*(:?)-+(:?)\s*")
_MOST_FILLED_CELLS = 65_536
_CODE_INDENT = 4
_FOOTNOTE_INDENT = 4
_DEEPEST_DESCRIPTION_GAP = 8
_DESCRIPTION_GAP_OF_CODE = 5
_ENDS_PARAGRAPH: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}


def install(md: MarkdownIt, options: GoldmarkOptions) -> None:
    """Add the rules that are enabled."""
    ruler = md.block.ruler
    ruler.disable("table")
    ruler.before("lheading", "pipe_table", table, {"alt": ["paragraph", "reference"]})
    ruler.before("reference", "footnote", footnote, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    ruler.before("reference", "definition_list", definition_list, _ENDS_PARAGRAPH)
    ruler.before("reference", "attributes", attributes, _ENDS_PARAGRAPH)
    disabled = {
        "pipe_table": not options.table,
        "footnote": not options.footnote,
        "definition_list": not options.definition_list,
        "attributes": not options.attribute_block,
    }
    ruler.disable([name for name, unwanted in disabled.items() if unwanted])


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A header, a line of hyphens, rows to the end of the paragraph."""
    if start_line + 2 > end_line:
        return False
    if state.is_code_block(start_line) or state.is_code_block(start_line + 1):
        return False
    delimiters = _line(state, start_line + 1)
    if not _DELIMITERS.fullmatch(delimiters) or delimiters[:2] == "- ":
        return False
    aligns = _alignments(delimiters)
    if not aligns or ("|" not in delimiters and ":" not in delimiters):
        return False
    header = _cells(_line(state, start_line))
    if len(header) > len(aligns):
        return False
    if silent:
        state.sCount[start_line] = max(
            state.sCount[start_line], state.blkIndent
        )  # part of a paragraph: not less indented
        return True
    parent_type, state.parentType = state.parentType, "table"
    opened = state.push("table_open", "table", 1)
    state.push("thead_open", "thead", 1)
    _row(state, "th", header, aligns)
    state.push("thead_close", "thead", -1)
    line = _rows(state, start_line + 2, end_line, aligns)
    state.push("table_close", "table", -1)
    opened.map = [start_line, line]
    state.parentType = parent_type
    state.line = line
    return True


def _rows(state: StateBlock, line: int, end_line: int, aligns: list[str]) -> int:
    terminators = state.md.block.ruler.getRules("paragraph")
    first, filled = line, 0
    state.parentType = "paragraph"
    while line < end_line and not state.isEmpty(line):
        if (
            state.sCount[line] - state.blkIndent < _CODE_INDENT
            and state.sCount[line] >= 0
            and any(rule(state, line, end_line, True) for rule in terminators)
        ):
            break
        cells = _cells(_line(state, line))[: len(aligns)]
        filled += len(aligns) - len(cells)
        if filled > _MOST_FILLED_CELLS:
            break
        if line == first:
            state.push("tbody_open", "tbody", 1)
        _row(state, "td", cells, aligns)
        line += 1
    if line > first:
        state.push("tbody_close", "tbody", -1)
    return line


def _row(state: StateBlock, tag: str, cells: list[str], aligns: list[str]) -> None:
    state.push("tr_open", "tr", 1)
    for cell, align in zip_longest(cells, aligns):
        opened = state.push(f"{tag}_open", tag, 1)
        if align and cell is not None:
            opened.attrs = {"align": align}
        inline = state.push("inline", "", 0)
        inline.content, inline.children = cell or "", []
        state.push(f"{tag}_close", tag, -1)
    state.push("tr_close", "tr", -1)


def _alignments(delimiters: str) -> list[str]:
    """``left``, ``right``, ``center`` or empty for each column; an empty list for a line that is none of hyphens."""
    columns = delimiters.split("|")
    if not columns[0].strip():
        del columns[0]
    if columns and not columns[-1].strip():
        del columns[-1]
    aligns: list[str] = []
    for column in columns:
        match = _COLUMN.fullmatch(column)
        if not match:
            return []
        aligns.append("center" if match[1] and match[2] else "left" if match[1] else "right" if match[2] else "")
    return aligns


def _cells(line: str) -> list[str]:
    """The cells of a row: parted by pipes that no backslash stands before."""
    line = line.strip(BLANKS)
    start = 1 if line.startswith("|") else 0
    end = len(line) - 1 if line.endswith("|") and len(line) > start else len(line)
    cells: list[str] = []
    at = start
    while at < end:
        pipe = line.find("|", at, end)
        while pipe > 0 and line[pipe - 1] == "\\":
            pipe = line.find("|", pipe + 1, end)
        stop = pipe if pipe >= 0 else end
        cell = line[at:stop].strip(BLANKS)
        cells.append(cell.replace("\\|", "|") if "`" in cell else cell)
        at = stop + 1
    return cells


def footnote(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """``[^label]: text``, and what is indented by four below."""
    if state.is_code_block(start_line):
        return False
    source, start, end = state.src, state.bMarks[start_line] + state.tShift[start_line], state.eMarks[start_line]
    if source[start : start + 2] != "[^":
        return False
    closing = label_end(source, start + 2, end)
    if closing < 0 or source[closing + 1 : closing + 2] != ":":
        return False
    label = source[start + 2 : closing]
    if not label.strip():
        return False
    if silent:
        return True
    document: InlineDocument = state.env[DOCUMENT]
    opened = state.push("footnote_open", "", 1)
    opened.meta = {"footnote": document.footnotes.setdefault(label, Footnote()), "label": label}
    with _content(state, start_line, closing + 2, state.blkIndent + _FOOTNOTE_INDENT, fresh_columns=True):
        if closing + 2 < end:
            state.md.block.tokenize(state, start_line, end_line)
        else:
            state.line = start_line + 1
            state.md.block.tokenize(state, start_line + 1, end_line)
    state.push("footnote_close", "", -1)
    return True


def definition_list(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """``: description`` behind a paragraph, each line of which is a term, or behind another description."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    source = state.src
    if source[start : start + 1] != ":" or source[start + 1 : start + 2] not in (" ", "\t"):
        return False
    if silent and state.sCount[start_line] == state.ddIndent:
        return True
    if state.sCount[start_line] != state.blkIndent:
        return False
    if silent:
        return state.parentType == "paragraph"
    tokens = state.tokens
    if not tokens or tokens[-1].level != state.level or tokens[-1].type not in ("paragraph_close", "definitions_close"):
        return False
    first_line = (tokens[-3].map or [start_line])[0] if tokens[-1].type == "paragraph_close" else start_line
    terms = _take_terms(state) if tokens[-1].type == "paragraph_close" else []
    if tokens and tokens[-1].type == "definitions_close" and tokens[-1].level == state.level:
        tokens.pop()
        state.level += 1
    else:
        state.push("definitions_open", "dl", 1).map = [first_line, start_line]
    for term in terms:
        state.push("term_open", "dt", 1)
        inline = state.push("inline", "", 0)
        inline.content, inline.children = term.strip(BLANKS), []
        state.push("term_close", "dt", -1)
    tight = not (start_line and state.isEmpty(start_line - 1))
    opened = state.push("description_open", "dd", 1)
    first = len(tokens)
    gap = _width(source, start + 1, state.eMarks[start_line], state.sCount[start_line] + 1)
    gap = _DESCRIPTION_GAP_OF_CODE if gap >= _DEEPEST_DESCRIPTION_GAP else gap
    outer, state.ddIndent = state.ddIndent, state.blkIndent
    with _content(state, start_line, start + 1, state.blkIndent + 1 + gap, fresh_columns=False):
        state.md.block.tokenize(state, start_line, end_line)
    state.ddIndent = outer
    if tight:
        _hide_first_paragraph(tokens, first, opened.level + 1)
    state.push("description_close", "dd", -1)
    state.push("definitions_close", "dl", -1)
    return True


def _take_terms(state: StateBlock) -> list[str]:
    inline = state.tokens[-2]
    del state.tokens[-3:]
    return inline.content.split("\n")


def _hide_first_paragraph(tokens: list[Token], first: int, level: int) -> None:
    """A description right below its term begins with bare text; goldmark keeps the ``<p>`` of what follows."""
    for at in range(first, len(tokens)):
        if tokens[at].level == level and tokens[at].type == "paragraph_open":
            tokens[at].hidden = tokens[at + 2].hidden = True
            return


def _width(source: str, start: int, end: int, column: int) -> int:
    """The width of the blanks from ``start``, which is at ``column``."""
    width = 0
    for at in range(start, end):
        if source[at] == "\t":
            width += 4 - (column + width) % 4
        elif source[at] == " ":
            width += 1
        else:
            break
    return width


@contextmanager
def _content(state: StateBlock, line: int, start: int, indent: int, *, fresh_columns: bool) -> Iterator[None]:
    """A container whose first line goes on at ``start``, and whose other lines are indented by ``indent``.

    ``fresh_columns``: the first line's blanks count from the container's edge, whatever stands before them.
    """
    saved = state.bMarks[line], state.tShift[line], state.sCount[line], state.blkIndent, state.parentType
    source, end = state.src, state.eMarks[line]
    column = state.sCount[line] + start - (state.bMarks[line] + state.tShift[line])
    width = _width(source, start, end, column)
    text = start
    while text < end and source[text] in " \t":
        text += 1
    if fresh_columns:
        state.bMarks[line] = max(state.bMarks[line], start - indent)
    state.tShift[line] = text - state.bMarks[line]
    state.sCount[line] = indent + width if fresh_columns else max(indent, column + width)
    state.blkIndent = indent
    state.parentType = "list"
    try:
        yield
    finally:
        state.bMarks[line], state.tShift[line], state.sCount[line], state.blkIndent, state.parentType = saved


def attributes(state: StateBlock, start_line: int, _end_line: int, silent: bool) -> bool:
    """``{.class #id}`` on the line behind a block."""
    if state.is_code_block(start_line) or state.src[state.bMarks[start_line] + state.tShift[start_line]] != "{":
        return False
    line = _line(state, start_line)
    parsed = parse_attributes(line, 0)
    if parsed is None or line[parsed.end :].strip():
        return False
    if silent:
        return True
    token = state.push("attributes", "", 0)
    token.meta = {"attributes": parsed.attributes}
    token.map = [start_line, start_line + 1]
    token.hidden = bool(start_line) and state.isEmpty(start_line - 1)
    state.line = start_line + 1
    return True
