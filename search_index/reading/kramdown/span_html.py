"""HTML in a text.

Source: https://kramdown.gettalong.org/syntax.html#html-spans
"""

from __future__ import annotations

import re
from typing import Final

from search_index.reading.kramdown.html_tags import (
    BLOCK_TAGS,
    CLOSING_TAG,
    KNOWN_TAGS,
    TAG,
    VOID_TAGS,
    content_model,
    read_attributes,
    tag_name,
)
from search_index.reading.kramdown.nodes import RAW, SPAN, Child, HtmlElement, Node
from search_index.reading.kramdown.span_parser import NOT_MINE, Level, SpanParser, Stop, merged

_START: Final = re.compile(r"<(?:[^\W\d]|!--|/)")
_TAGS: Final = re.compile("<")
_LINE_BREAKS: Final = re.compile(r"\n+")


def read_tag(parser: SpanParser, at: int, start: int, children: list[Child], level: Level) -> int:
    """Tags of blocks and closing tags without a start are text."""
    source = parser.source
    if not _START.match(source, at):
        return NOT_MINE
    if source.startswith("<!--", at) and (end := parser.next("-->", at + 4)) >= 0:
        parser.text(children, start, at)
        children.append(Node("xml", source[at : end + 3], block=False))
        return end + 3
    if closing := CLOSING_TAG.match(source, at):
        return parser.text(children, start, closing.end())
    tag = TAG.match(source, at)
    if tag is None or not level.can_nest():
        return NOT_MINE
    name = tag_name(tag[1])
    if name in BLOCK_TAGS:
        return parser.text(children, start, tag.end())
    parser.text(children, start, at)
    children.append(_read_element(parser, tag, name, level))
    return parser.place


def _read_element(parser: SpanParser, tag: re.Match[str], name: str, level: Level) -> HtmlElement:
    attributes = {key: _LINE_BREAKS.sub(" ", value) for key, value in read_attributes(tag[2], name).items()}
    element = HtmlElement(name, attributes, block=False)
    element.model = SPAN if _is_parsed(parser, attributes, name, level) else RAW
    element.closed = tag[3] is not None
    parser.place = tag.end()
    if not element.closed and name not in VOID_TAGS:
        _read_content(parser, element, level)
    return element


def _is_parsed(parser: SpanParser, attributes: dict[str, str], name: str, level: Level) -> bool:
    has_text = content_model(name) != RAW
    wanted = attributes.pop("markdown", None)
    if wanted == "1":
        return has_text
    if wanted in {"0", "span"}:
        return wanted == "span"
    return has_text and not level.raw and parser.document.options.parse_span_html


def _read_content(parser: SpanParser, element: HtmlElement, level: Level) -> None:
    """Up to the closing tag, or all the text that is left."""
    if element.model == RAW:
        inner = Level("html", level.within, level.depth + 1, True, _TAGS, {"<": read_tag})
    else:
        inner = parser.nested(level, "html", 0)
    if parser.run(element.children, inner, "<", _closing(parser, element.value)):
        closing = CLOSING_TAG.match(parser.source, parser.place)
        parser.place = closing.end() if closing else parser.place
    else:
        parser.place = parser.text(element.children, parser.place, len(parser.source))
    element.children = merged(element.children)


def _closing(parser: SpanParser, name: str) -> Stop:
    source, is_known = parser.source, name in KNOWN_TAGS

    def ends(place: int, _: bool) -> bool:
        closing = CLOSING_TAG.match(source, place)
        return closing is not None and (closing[1].lower() if is_known else closing[1]) == name

    return ends
