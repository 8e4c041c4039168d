"""Code, formulas and extensions in a text, and which construct each character begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from search_index.reading.kramdown.attribute_lists import apply_attribute_list, read_attribute_list
from search_index.reading.kramdown.characters import (
    read_angle,
    read_backslash,
    read_closing_angle_quote,
    read_dash,
    read_dots,
    read_entity,
    read_line_break,
    read_quote,
)
from search_index.reading.kramdown.document import Document
from search_index.reading.kramdown.emphasis import read_emphasis, read_struck
from search_index.reading.kramdown.extensions import EXTENSIONS, extension_node
from search_index.reading.kramdown.links import read_bracket
from search_index.reading.kramdown.nodes import Child, Node
from search_index.reading.kramdown.options import KramdownOptions
from search_index.reading.kramdown.patterns import ID_NAME, STRIPPED, WHITE
from search_index.reading.kramdown.span_html import read_tag
from search_index.reading.kramdown.span_parser import NOT_MINE, Construct, Level, SpanParser

_TICKS: Final = re.compile(r"`+")
_EXTENSION: Final = re.compile(r"\{::([A-Za-z0-9_]+)(?=[ \t\n\v\f\r}]|/\})")
_STOPS: Final = {name: re.compile(rf"\{{:/(?:{name})?\}}") for name in EXTENSIONS}
_STOP_TAG: Final = re.compile(rf"\{{:/(?:{ID_NAME})?\}}")
_CLOSING_BRACE: Final = re.compile(r"(?<!\\)\}")


def read_code(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    source = parser.source
    parser.text(children, start, at)
    ticks = _TICKS.match(source, at)
    begin = ticks.end() if ticks else at + 1
    run = source[at:begin]
    is_loose_tick = (
        run == "`" and (not at or source[at - 1] in WHITE) and begin < len(source) and source[begin] in WHITE
    )
    end = -1 if is_loose_tick else parser.next(run, begin)
    if end < 0:
        return parser.text(children, at, begin)
    code = source[begin:end]
    if run != "`":
        code = code.removeprefix(" ").removesuffix(" ")
    children.append(Node("code", code, block=False))
    return end + len(run)


def read_formula(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    end = parser.next("$$", at + 2)
    if end < 0:
        return NOT_MINE
    parser.text(children, start, at)
    children.append(Node("math", parser.source[at + 2 : end].strip(STRIPPED), block=False))
    return end + 2


def read_braces(parser: SpanParser, at: int, start: int, children: list[Child], _: Level) -> int:
    source = parser.source
    if extension := _EXTENSION.match(source, at):
        return _read_extension(parser, extension, start, children)
    brace = parser.next_match(_CLOSING_BRACE, at + 2)
    if brace <= at + 2 or at > start or not children or _STOP_TAG.match(source, at):
        return NOT_MINE
    last = children[-1]
    if isinstance(last, Node):
        given = read_attribute_list(source[at + 2 : brace])
        apply_attribute_list(last, given, parser.document.attribute_lists)
        last.ial = last.ial or given
        if last.ial is not given:
            last.ial.update(given)
    elif parser.symbol_end == at:
        parser.symbol_end = brace + 1
    else:
        return NOT_MINE
    return brace + 1


def _read_extension(parser: SpanParser, extension: re.Match[str], start: int, children: list[Child]) -> int:
    source, name = parser.source, extension[1]
    brace = parser.next_match(_CLOSING_BRACE, extension.end())
    if name not in EXTENSIONS or brace < 0:
        return NOT_MINE
    attributes, body, end = source[extension.end() : brace], None, brace + 1
    if not attributes.endswith("/"):
        stop_place = parser.next_match(_STOPS[name], end)
        stop = _STOPS[name].match(source, stop_place) if stop_place >= 0 else None
        if stop is None:
            return NOT_MINE
        body, end = source[end:stop_place], stop.end()
    parser.text(children, start, extension.start())
    node = extension_node(parser.document, name, attributes.removesuffix("/"), body, block=False)
    if node is not None:
        children.append(node)
    elif parser.symbol_end == extension.start():
        parser.symbol_end = end
    return end


_CONSTRUCTS: Final[Mapping[str, Construct]] = {
    "*": read_emphasis,
    "_": read_emphasis,
    "`": read_code,
    "<": read_angle,
    "[": read_bracket,
    "\\": read_backslash,
    '"': read_quote,
    "'": read_quote,
    "&": read_entity,
    "{": read_braces,
    "$": read_formula,
    "~": read_struck,
    "-": read_dash,
    ".": read_dots,
    ">": read_closing_angle_quote,
    " ": read_line_break,
}
_CODE: Final = re.compile("`")
_CODE_AND_TAGS: Final = re.compile("[`<]")


def _constructs(options: KramdownOptions) -> Mapping[str, Construct]:
    switched_off = ""
    if options.gfm and "no_auto_typographic" in options.gfm_quirks:
        switched_off += "-.>"
    if options.gfm and options.hard_wrap:
        switched_off += " "
    if not options.gfm:
        switched_off += "~"
    return {character: construct for character, construct in _CONSTRUCTS.items() if character not in switched_off}


def span_parser(document: Document) -> SpanParser:
    return SpanParser(document, _constructs(document.options))


def read_code_only(parser: SpanParser, text: str) -> list[Child]:
    return parser.parse_with(text, _CODE, {"`": read_code})


def read_code_and_html_only(parser: SpanParser, text: str) -> list[Child]:
    return parser.parse_with(text, _CODE_AND_TAGS, {"`": read_code, "<": read_tag})
