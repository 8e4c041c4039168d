"""Links, images, addresses in angle brackets and footnote marks.

Source: https://kramdown.gettalong.org/syntax.html#links-and-images
"""

from __future__ import annotations

import re
from typing import Final

from search_index.reading.kramdown.attribute_lists import apply_attribute_list
from search_index.reading.kramdown.document import link_name
from search_index.reading.kramdown.nodes import Child, FootnoteMark, Node
from search_index.reading.kramdown.patterns import ID_NAME, STRIPPED, S
from search_index.reading.kramdown.span_parser import NOT_MINE, Level, SpanParser, Stop, merged

_LINK: Final = 4
_ESCAPED: Final = re.compile(r"\\([\\.*_+`<>()\[\]{}#!:|\"'$=-])")
_FOOTNOTE: Final = re.compile(rf"\[\^({ID_NAME})\]")
_REFERENCE: Final = re.compile(rf"{S}*\[([^\]]*)\]")
_PARENTHESIS: Final = re.compile(rf"\(|\)|{S}(?=[\"'])")
_TITLE_START: Final = re.compile(rf"{S}*([\"'])")
_TITLE_END: Final = {quote: re.compile(rf"{quote}{S}*\)") for quote in "\"'"}
_SCHEME: Final = re.compile(r"<(?:mailto|https?|ftps?):(?=[^\n])")
_ADDRESS: Final = re.compile(r"<([\w.\-]+@[\w.\-]+)>")


def read_bracket(parser: SpanParser, at: int, start: int, children: list[Child], level: Level) -> int:
    if parser.source.startswith("^", at + 1):
        return _read_footnote_mark(parser, at, start, children)
    if at + 1 >= len(parser.source):
        return NOT_MINE
    is_image = at > start and parser.source[at - 1] == "!"
    opening = at - 1 if is_image else at
    parser.text(children, start, opening)
    node: Node | None = None
    if level.can_nest() and (is_image or not level.within & _LINK):
        node = _read_link(parser, "img" if is_image else "a", at + 1, level)
    if node is None:
        return parser.text(children, opening, at + 1)
    children.append(node)
    return parser.place


def _read_footnote_mark(parser: SpanParser, at: int, start: int, children: list[Child]) -> int:
    mark = _FOOTNOTE.match(parser.source, at)
    if mark is None:
        return NOT_MINE
    parser.text(children, start, at)
    content = parser.document.footnotes.get(mark[1])
    if content is None:
        return parser.text(children, at, mark.end())
    children.append(FootnoteMark(mark[1], content))
    return mark.end()


def _read_link(parser: SpanParser, kind: str, begin: int, level: Level) -> Node | None:
    """The link whose text begins at ``begin``, with the parser behind it; None if it is none."""
    if parser.budget < 0 or parser.next("]", begin) < 0:
        return None
    node = Node(kind)
    parser.place = begin
    if not parser.run(
        node.children, parser.nested(level, kind, _LINK, in_brackets=True), "[]", _balanced(parser, node)
    ):
        parser.budget -= len(parser.source) - begin
        return None
    end = parser.place
    text = _ESCAPED.sub(r"\1", parser.source[begin:end])
    node.children = [] if kind == "img" else merged(node.children)
    if _read_target(parser, node, text, end + 1):
        return node
    parser.budget -= end - begin
    return None


def _balanced(parser: SpanParser, node: Node) -> Stop:
    """Stops at the bracket that closes the link's text. An image in it has taken its own closing bracket along."""
    source, children = parser.source, node.children
    opened, counted = 1, 0

    def ends(place: int, _: bool) -> bool:
        nonlocal opened, counted
        opened += -1 if source[place] == "]" else 1
        for child in children[counted:]:
            if isinstance(child, Node) and child.kind == "img":
                opened -= 1
        counted = len(children)
        return opened == 0

    return ends


def _read_target(parser: SpanParser, node: Node, text: str, place: int) -> bool:
    """Reads what follows the closing bracket."""
    source = parser.source
    reference = _REFERENCE.match(source, place) if parser.next("]", place) >= 0 else None
    if reference or not source.startswith("(", place):
        definition = parser.document.links.get(link_name((reference[1] if reference else "") or text))
        if definition is None:
            return False
        node.ial = definition.marker.ial
        if node.ial is not None:
            apply_attribute_list(node, node.ial, parser.document.attribute_lists)
        _set_target(node, definition.target, definition.title, text)
        parser.place = reference.end() if reference else place
        return True
    if source.startswith("<", place + 1) and (end := _bracketed_end(parser, place + 2)) >= 0:
        target, place, is_closed = source[place + 2 : end], end + 1, source.startswith(")", end + 1)
        place += is_closed
    else:
        place, is_closed = _parenthesised_end(parser, start := place)
        target = source[start + 1 : place - 1].strip(STRIPPED)
    title: str | None = None
    if not is_closed:
        found = _title(parser, place)
        if found is None:
            return False
        title, place = found
    _set_target(node, target, title, text)
    parser.place = place
    return True


def _bracketed_end(parser: SpanParser, place: int) -> int:
    end = parser.next(">", place)
    return -1 if -1 < parser.next("\n", place) < end else end


def _parenthesised_end(parser: SpanParser, place: int) -> tuple[int, bool]:
    """Behind the parenthesis that closes the one at ``place``, or behind the white space before a title."""
    opened, start = 0, place
    while match := _PARENTHESIS.search(parser.source, place):
        place = match.end()
        if match[0] == "(":
            opened += 1
        elif match[0] != ")":
            break
        else:
            opened -= 1
            if not opened:
                return place, True
    parser.budget -= place - start
    return place, False


def _title(parser: SpanParser, place: int) -> tuple[str, int] | None:
    """A title and the closing parenthesis, and the place behind that."""
    opening = _TITLE_START.match(parser.source, place)
    if opening is None:
        return None
    end = parser.next_match(_TITLE_END[opening[1]], opening.end() + 1)
    closing = _TITLE_END[opening[1]].match(parser.source, end) if end >= 0 else None
    return (parser.source[opening.end() : end], closing.end()) if closing else None


def _set_target(node: Node, target: str, title: str | None, text: str) -> None:
    attributes = node.attribute_map()
    if node.kind == "a":
        attributes["href"] = target
    else:
        attributes["src"] = target
        attributes["alt"] = text
    if title is not None:
        attributes["title"] = title


def read_address(parser: SpanParser, at: int, start: int, children: list[Child]) -> int:
    """``<https://...>`` and ``<name@host>``."""
    source = parser.source
    if scheme := _SCHEME.match(source, at):
        end = _bracketed_end(parser, scheme.end() + 1)
        if end < 0:
            return NOT_MINE
        target = address = source[at + 1 : end]
    elif match := _ADDRESS.match(source, at):
        address, end = match[1], match.end() - 1
        target = f"mailto:{address}"
    else:
        return NOT_MINE
    parser.text(children, start, at)
    node = Node("a")
    node.attributes = {"href": target}
    node.children = [address.removeprefix("mailto:")]
    children.append(node)
    return end + 1
