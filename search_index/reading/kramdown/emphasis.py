"""``*emphasis*``, ``**strong**``, both with underscores, and ``~~struck~~``.

Source: https://kramdown.gettalong.org/syntax.html#emphasis
"""

from __future__ import annotations

import re
from typing import Final

from search_index.reading.kramdown.nodes import Child, HtmlElement, Node
from search_index.reading.kramdown.patterns import WHITE, S, is_letter, is_letter_or_digit
from search_index.reading.kramdown.span_parser import NOT_MINE, Level, SpanParser, merged

_BITS: Final = {"em": 1, "strong": 2}
_POSSIBLE_ENDS: Final = {
    "*": re.compile(rf"(?<!{S})\*(?!\*(?!\*))"),
    "_": re.compile(rf"(?<!{S})_(?!_(?!_))(?![A-Za-z0-9])"),
    "**": re.compile(rf"(?<!{S})\*\*"),
    "__": re.compile(rf"(?<!{S})__(?![A-Za-z0-9])"),
}
_STRUCK_END: Final = re.compile(r"[^ \t\n\v\f\r~]~~")


def read_emphasis(parser: SpanParser, at: int, start: int, children: list[Child], level: Level) -> int:
    source = parser.source
    mark = source[at]
    after = at + 2 if source.startswith(mark, at + 1) else at + 1
    kind = "em" if after == at + 1 else "strong"
    parser.text(children, start, at)
    node: Node | None = None
    if not (
        level.within & _BITS[kind]
        or after >= len(source)
        or source[after] in WHITE
        or (mark == "_" and _follows_word(source, at))
    ):
        node = _emphasised(parser, source[at:after], kind, after, level)
        if node is None and kind == "strong" and level.kind != "em":
            node = _emphasised(parser, mark, "em", at + 1, level)
    if node is None:
        return parser.text(children, at, after)
    children.append(node)
    return parser.place


def _follows_word(source: str, at: int) -> bool:
    if at and source[at - 1] == "-":
        at -= 1
    return at > 0 and is_letter(source[at - 1])


def _emphasised(parser: SpanParser, delimiter: str, kind: str, begin: int, level: Level) -> Node | None:
    """The element whose text begins at ``begin``, with the parser behind it; None if nothing ends it."""
    if not level.can_nest() or parser.budget < 0 or parser.next_match(_POSSIBLE_ENDS[delimiter], begin + 1) < 0:
        return None
    source, mark = parser.source, delimiter[0]

    def ends(place: int, has_content: bool) -> bool:
        return (
            has_content
            and source.startswith(delimiter, place)
            and source[place - 1] not in WHITE
            and (kind == "strong" or not source.startswith(mark * 2, place) or source.startswith(mark * 3, place))
            and (mark == "*" or not is_letter_or_digit(source[place + len(delimiter) : place + len(delimiter) + 1]))
        )

    node = Node(kind)
    parser.place = begin
    if parser.run(node.children, parser.nested(level, kind, _BITS[kind]), mark, ends):
        node.children = merged(node.children)
        parser.place += len(delimiter)
        return node
    parser.budget -= len(source) - begin
    return None


def read_struck(parser: SpanParser, at: int, start: int, children: list[Child], level: Level) -> int:
    """Its text is read as one of its own."""
    source, begin = parser.source, at + 2
    if begin >= len(source) or source[begin] in WHITE or source[begin] == "~" or not level.can_nest():
        return NOT_MINE
    last = parser.next_match(_STRUCK_END, begin)
    if last < 0:
        return NOT_MINE
    parser.text(children, start, at)
    node = HtmlElement("del", {}, block=False)
    node.children = parser.parse(source[begin : last + 1])
    children.append(node)
    return last + 3
