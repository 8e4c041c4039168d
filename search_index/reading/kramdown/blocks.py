"""The constructs that need no module of their own: code in fences, quotes, headers, rules, formulas, ends of blocks.

Source: https://kramdown.gettalong.org/syntax.html#block-level-elements and, for what GFM changes,
https://kramdown.gettalong.org/parser/gfm.html
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from search_index.reading.kramdown.block_parser import BlockParser
from search_index.reading.kramdown.nodes import CodeBlock, Header, Node
from search_index.reading.kramdown.patterns import (
    BLANKS,
    END_OF_BLOCK,
    HORIZONTAL_RULE,
    LAZY_END,
    REST_OF_LINE,
    STRIPPED,
)

_LETTER: Final = r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
_NAME_START: Final = _LETTER + r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
_HEADER_ID: Final = re.compile(rf"[\t ]\{{#([{_NAME_START}][{_NAME_START}\-.0-9\u00B7\u0300-\u036F\u203F\u2040]*)\}}\Z")
_ATX: Final = re.compile(r"(#{1,6})[\t ]*([^ \t].*)\n")
_ATX_GFM: Final = re.compile(r"(#{1,6})[\t ]+(.*)\n")
_CLOSING_MARKS: Final = re.compile(r"(?<![\\#])#++\Z")
_CLOSING_MARKS_GFM: Final = re.compile(r"[\t ]#++\Z")
_SETEXT_TEXT: Final = re.compile(r" {0,3}([^ \t\n].*)\n")
_UNDERLINE: Final = re.compile(rf"([-=])[-=]*{BLANKS}\n")
_QUOTE_MARK: Final = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_CLOSING_FENCE: Final = re.compile(rf"\n {{0,3}}(`{{3,}}|~{{3,}}){BLANKS}(?=\n)")
_FENCE_LANGUAGE: Final = re.compile(rf"{BLANKS}([^ \t\n\v\f\r]*){BLANKS}\n")
_MATH: Final = re.compile(r" {0,3}(\\)?\$\$")


@dataclass(frozen=True, slots=True)
class _Closings:
    """The lines that can close a fence of one character: where their marks begin, how many these are, and how many
    there are at most from there on."""

    places: list[int]
    lengths: list[int]
    longest: list[int]

    @classmethod
    def of(cls, text: str, mark: str) -> _Closings:
        matches = [match for match in _CLOSING_FENCE.finditer(text) if match[1].startswith(mark)]
        lengths = [len(match[1]) for match in matches]
        longest = list(accumulate(reversed(lengths), max))
        return cls([match.start(1) for match in matches], lengths, longest[::-1])


def read_fenced_code(parser: BlockParser) -> bool:
    """A fence that nothing of its length closes is a shorter one: the rest of it is part of the language's name."""
    source, place = parser.source, parser.place
    fence = _FENCE.match(source, place)
    gfm = parser.document.options.gfm
    if fence is None or (not gfm and source[place] != "~"):
        return False
    language = _FENCE_LANGUAGE.match(source, fence.end())
    closings = parser.kept(("fences", fence[1][0]), lambda text: _Closings.of(text, fence[1][0]))
    first = bisect_left(closings.places, fence.end())
    if language is None or first == len(closings.places):
        return False
    length = min(len(fence[1]), closings.longest[first])
    if length < len(fence[1]) and language[1] and language.start(1) > fence.end():
        return False
    closing = next(number for number in range(first, len(closings.places)) if closings.lengths[number] >= length)
    end_of_code = source.rindex("\n", 0, closings.places[closing]) + 1
    if not gfm and end_of_code < closings.places[closing]:
        return False
    name = fence[1][length:] + language[1]
    options = name.find("?", 1)
    parser.add(CodeBlock(source[language.end() : end_of_code], name if options < 0 else name[:options]))
    _, parser.place = parser.line_at(closings.places[closing])
    return True


def read_blockquote(parser: BlockParser) -> bool:
    if not parser.can_nest():
        return False
    start = parser.place
    parser.place = end = parser.end_of_lines(LAZY_END, start)
    quote = Node("blockquote")
    parser.add(quote)
    parser.parse(quote, _QUOTE_MARK.sub("", parser.source[start:end]))
    return True


def read_atx_header(parser: BlockParser) -> bool:
    match = (_ATX_GFM if parser.document.options.gfm else _ATX).match(parser.source, parser.place)
    if match is None or not (parser.interrupts or parser.after_boundary()):
        return False
    text, name = _header_contents(match[2])
    bare = (_CLOSING_MARKS_GFM if parser.interrupts else _CLOSING_MARKS).sub("", text)
    if bare != text:
        text = bare.rstrip(STRIPPED)
    return _add_header(parser, len(match[1]), text, name, match.end())


def _header_contents(text: str) -> tuple[str, str | None]:
    text = text.rstrip(STRIPPED)
    if text.endswith("}") and (match := _HEADER_ID.search(text)):
        return text[: match.start()].rstrip(STRIPPED), match[1]
    return text, None


def _add_header(parser: BlockParser, level: int, text: str, name: str | None, end: int) -> bool:
    if not text:
        return False
    header = Header(level, text)
    if name:
        header.attributes = {"id": name}
    parser.add(header)
    parser.place = end
    return True


def read_setext_header(parser: BlockParser) -> bool:
    text_line = _SETEXT_TEXT.match(parser.source, parser.place)
    if text_line is None:
        return False
    underline = _UNDERLINE.match(parser.source, text_line.end())
    if underline is None or not parser.after_boundary():
        return False
    text, name = _header_contents(text_line[1])
    return _add_header(parser, 2 if underline[1] == "-" else 1, text, name, underline.end())


def read_horizontal_rule(parser: BlockParser) -> bool:
    match = HORIZONTAL_RULE.match(parser.source, parser.place)
    if match is None:
        return False
    parser.place = match.end()
    parser.add(Node("hr"))
    return True


def read_math(parser: BlockParser) -> bool:
    source = parser.source
    opening = _MATH.match(source, parser.place)
    if opening is None or not parser.after_boundary():
        return False
    end = source.find("$$", opening.end())
    if end < 0:
        return False
    rest_of_line = REST_OF_LINE.match(source, end + 2)
    if opening[1]:
        parser.place = opening.end(1) if rest_of_line else parser.place
        return False
    start, parser.place = parser.place, rest_of_line.end() if rest_of_line else end + 2
    if not parser.before_boundary():
        parser.place = start
        return False
    parser.add(Node("math", source[opening.end() : end].strip(STRIPPED)))
    return True


def read_end_of_block(parser: BlockParser) -> bool:
    match = END_OF_BLOCK.match(parser.source, parser.place)
    if match is None:
        return False
    parser.place = match.end()
    parser.add(Node("eob"))
    return True
