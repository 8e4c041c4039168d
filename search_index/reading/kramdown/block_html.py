"""HTML among the blocks.

An element's content is raw, or text, or blocks: by ``markdown="1"`` and the like, or by the option. Raw content is
taken apart as well: tags that are not closed are, and text is escaped.

Source: https://kramdown.gettalong.org/syntax.html#html-blocks
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from search_index.reading.kramdown.escaping import escape_text, written_attributes
from search_index.reading.kramdown.html_tags import (
    BLOCK_CLOSING_TAG_AT,
    BLOCK_TAG_AT,
    CLOSING_TAG,
    KNOWN_TAGS,
    SPAN_TAGS,
    TAG,
    VOID_TAGS,
    content_model,
    read_attributes,
    tag_name,
    take_markdown_attribute,
)
from search_index.reading.kramdown.lookahead import NextPlace, next_match, next_string
from search_index.reading.kramdown.nodes import BLOCK, RAW, SPAN, HtmlElement, Markup, Node

if TYPE_CHECKING:
    from search_index.reading.kramdown.block_parser import BlockParser

_REST_OF_LINE: Final = re.compile(r"[ \t]*\n")
_RAW_START: Final = re.compile(r"<(?=[^\W\d]|/|!--|\?)")
_SCRIPT_ENDS: Final = {name: re.compile(rf"</{name}[ \t\n\v\f\r]*>", re.IGNORECASE) for name in ("script", "style")}


def read_html(parser: BlockParser) -> bool:
    source, place = parser.source, parser.place
    if source.startswith("<!--", place) and (end := _end(parser, "-->", place + 4)) > 0:
        parser.parent.children.append(Node("xml", source[place:end]))
        parser.place = end
        _skip_rest_of_line(parser)
        return True
    if (tag := BLOCK_TAG_AT.match(source, place)) and tag[1].lower() not in SPAN_TAGS:
        parser.place = tag.end()
        parser.parent.children.append(_read_element(parser, tag))
        return True
    closing = BLOCK_CLOSING_TAG_AT.match(source, place)
    if closing and isinstance(parser.parent, HtmlElement) and parser.parent.value == closing[1].lower():
        if parser.parent.value in SPAN_TAGS:
            return False
        parser.place = closing.end()
        parser.stopped = True
        return True
    return False


def _end(parser: BlockParser, closing: str, place: int) -> int:
    """Behind the next ``closing``, or -1."""
    start = parser.kept(closing, lambda text: next_string(text, closing)).after(place)
    return start + len(closing) if start >= 0 else -1


def _skip_rest_of_line(parser: BlockParser) -> None:
    if match := _REST_OF_LINE.match(parser.source, parser.place):
        parser.place = match.end()


def _read_element(parser: BlockParser, tag: re.Match[str]) -> HtmlElement:
    """The element whose start tag was read; the parser stands behind that."""
    element, is_open = _start_element(parser, tag, inside_raw=False)
    if is_open:
        _read_content(parser, element)
        _skip_rest_of_line(parser)
    return element


def _start_element(parser: BlockParser, tag: re.Match[str], *, inside_raw: bool) -> tuple[HtmlElement, bool]:
    """The element, and whether its content is still to be read."""
    name = tag_name(tag[1])
    attributes = read_attributes(tag[2], name)
    element = HtmlElement(name, attributes, block=True)
    is_script = name in _SCRIPT_ENDS
    if is_script:
        element.children.append(Markup(_take_script(parser, name)))
    element.ial, parser.pending = parser.pending, None
    by_option = parser.document.options.parse_block_html and not inside_raw
    element.model = content_model(name) if by_option else RAW
    element.model = take_markdown_attribute(attributes, name) or element.model
    if element.model == BLOCK and not parser.can_nest():
        element.model = RAW
    if element.model == BLOCK:
        _skip_rest_of_line(parser)
    element.closed = not is_script and (tag[3] is not None or name in VOID_TAGS)
    return element, not element.closed and not is_script


def _take_script(parser: BlockParser, name: str) -> str:
    source, start = parser.source, parser.place
    end = _SCRIPT_ENDS[name].search(source, start)
    parser.place = end.end() if end else len(source)
    return source[start : end.start()] if end else source[start:]


def _read_content(parser: BlockParser, element: HtmlElement) -> None:
    if element.model == BLOCK:
        parser.parse_here(element)
    elif element.model == SPAN:
        _read_span_content(parser, element)
    else:
        _read_raw_content(parser, element)


def _read_span_content(parser: BlockParser, element: HtmlElement) -> None:
    """Text up to the closing tag, or all the text that there is."""
    source, start = parser.source, parser.place
    name = element.value.lower()
    end = parser.kept(("</", name), lambda text: NextPlace(lambda place: _closing_place(text, name, place))).after(
        start
    )
    if end < 0:
        parser.place = len(source)
        element.children.append(Node("unread", source[start:]))
        return
    closing = CLOSING_TAG.match(source, end)
    parser.place = closing.end() if closing else end
    if end > start:
        element.children.append(Node("unread", source[start:end]))


def _closing_place(text: str, name: str, place: int) -> int:
    for match in CLOSING_TAG.finditer(text, place):
        if match[1].lower() == name:
            return match.start()
    return -1


def _read_raw_content(parser: BlockParser, element: HtmlElement) -> None:
    """Up to the closing tag, or all there is. Elements within become text among the children as they are read."""
    children = element.children
    open_names = [element.value]
    starts = parser.kept("<", lambda text: next_match(text, _RAW_START))
    while open_names:
        source, place = parser.source, parser.place
        start = starts.after(place)
        if start < 0:
            parser.place = len(source)
            _add_text(children, source[place:])
            break
        _add_text(children, source[place:start])
        _read_raw_item(parser, children, open_names, start)
    children.extend(Markup(f"</{name}>") for name in reversed(open_names[1:]))


def _read_raw_item(parser: BlockParser, children: list[Node | str], open_names: list[str], place: int) -> None:
    source = parser.source
    if (source.startswith("<!--", place) and (end := _end(parser, "-->", place + 4)) > 0) or (
        source.startswith("<?", place) and (end := _end(parser, "?>", place + 2)) > 0
    ):
        children.append(Markup(source[place:end]))
        parser.place = end
    elif tag := TAG.match(source, place):
        parser.place = tag.end()
        _read_inner_element(parser, tag, children, open_names)
    elif closing := CLOSING_TAG.match(source, place):
        parser.place = closing.end()
        name = open_names[-1]
        if (closing[1].lower() if name in KNOWN_TAGS else closing[1]) == name:
            open_names.pop()
            if open_names:
                children.append(Markup(f"</{name}>"))
        else:
            _add_text(children, closing[0])
    else:
        parser.place = place + 1
        _add_text(children, "<")


def _read_inner_element(
    parser: BlockParser, tag: re.Match[str], children: list[Node | str], open_names: list[str]
) -> None:
    """An element within raw content: raw as well, unless its attribute ``markdown`` wants it otherwise."""
    element, is_open = _start_element(parser, tag, inside_raw=True)
    if element.model != RAW:
        element.inset = len(open_names) - 1
        if is_open:
            _read_content(parser, element)
        children.append(element)
        return
    start = f"<{element.value}{written_attributes(element.attributes)}"
    if element.closed:
        children.append(Markup(start + " />"))
        return
    children.append(Markup(start + ">"))
    if is_open:
        open_names.append(element.value)
        return
    children.extend(element.children)
    children.append(Markup(f"</{element.value}>"))


def _add_text(children: list[Node | str], text: str) -> None:
    if text:
        children.append(Markup(escape_text(text)))
