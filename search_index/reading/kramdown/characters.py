"""Characters that stand for others: quotation marks, dashes, dots, angle quotes, entities, escapes, line breaks.

Source: https://kramdown.gettalong.org/syntax.html#typographic-symbols
"""

from __future__ import annotations

import re
from typing import Final

from search_index.reading.kramdown.entities import named_code_point, numbered_code_point, written_character
from search_index.reading.kramdown.links import read_address
from search_index.reading.kramdown.nodes import Child, Markup, Node
from search_index.reading.kramdown.smart_quotes import closing_quote, quotes_at_start, quotes_in_text
from search_index.reading.kramdown.span_html import read_tag
from search_index.reading.kramdown.span_parser import NOT_MINE, Level, SpanParser

_ENTITY: Final = re.compile(r"&(?:([A-Za-z0-9_:][-A-Za-z0-9_.:]*)|#([0-9]+)|#x([0-9a-fA-F]+));")
_ESCAPABLE: Final = frozenset("\\.*_+`<>()[]{}#!:|\"'$=-")


def read_quote(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    source = parser.source
    parser.text(children, start, at)
    quotes = quotes_in_text(source, at) if at > start else quotes_at_start(source, at)
    if not quotes:
        children.append(source[at])
        return parser.symbol(children, parser.quotes[closing_quote(source[at + 1])], at + 2)
    for place, quote in enumerate(quotes, at + 1):
        parser.symbol(children, parser.quotes[quote], place)
    return at + len(quotes)


def read_dash(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    parser.text(children, start, at)
    if parser.source.startswith("---", at):
        return parser.symbol(children, parser.symbols["mdash"], at + 3)
    return parser.symbol(children, parser.symbols["ndash"], at + 2)


def read_dots(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    parser.text(children, start, at)
    return parser.symbol(children, parser.symbols["hellip"], at + 3)


def read_angle(parser: SpanParser, at: int, start: int, children: list[Child], level: Level) -> int:
    """An address, a tag or an opening angle quote."""
    if parser.source.startswith("<<", at):
        return _read_angle_quote(parser, at, start, children)
    end = read_address(parser, at, start, children)
    return end if end >= 0 else read_tag(parser, at, start, children, level)


def _read_angle_quote(parser: SpanParser, at: int, start: int, children: list[Child]) -> int:
    if "-" not in parser.constructs:
        return NOT_MINE
    parser.text(children, start, at)
    if parser.source.startswith("<< ", at):
        return parser.symbol(children, parser.symbols["laquo_space"], at + 3)
    return parser.symbol(children, parser.symbols["laquo"], at + 2)


def read_closing_angle_quote(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    if at > start and parser.source[at - 1] == " ":
        parser.text(children, start, at - 1)
        return parser.symbol(children, parser.symbols["raquo_space"], at + 2)
    parser.text(children, start, at)
    return parser.symbol(children, parser.symbols["raquo"], at + 2)


def read_entity(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    """An unknown name is text, and its ampersand is escaped."""
    entity = _ENTITY.match(parser.source, at)
    if entity is None:
        return NOT_MINE
    name, decimal, hexadecimal = entity.groups()
    parser.text(children, start, at)
    if name:
        code_point = named_code_point(name)
        if code_point is None:
            parser.symbol(children, Markup("&amp;"), at + 1)
            return parser.text(children, at + 1, entity.end())
    else:
        code_point = numbered_code_point(decimal or hexadecimal, 10 if decimal else 16)
    output = parser.document.options.entity_output
    written = Markup(entity[0]) if code_point is None else written_character(chr(code_point), output, entity[0])
    return parser.symbol(children, written, entity.end())


def read_backslash(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    source = parser.source
    following = source[at + 1 : at + 2]
    if following in ("<", ">") and source.startswith(following, at + 2) and "-" in parser.constructs:
        parser.text(children, start, at)
        return parser.symbol(children, Markup("&lt;&lt;" if following == "<" else "&gt;&gt;"), at + 3)
    if following == "\\" and source.startswith("\n", at + 2) and " " in parser.constructs:
        return read_line_break(parser, at, start, children, _)
    if following and (following in _ESCAPABLE or (following == "~" and "~" in parser.constructs)):
        parser.text(children, start, at)
        return parser.text(children, at + 1, at + 2)
    return NOT_MINE


def read_line_break(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    parser.text(children, start, at)
    children.append(Node("br", block=False))
    return at + 2
