"""``{:ref: ...}``, ``{: ...}`` and ``{::name ...}`` with its ``{:/}``.

Source: https://kramdown.gettalong.org/syntax.html#extensions
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from search_index.reading.kramdown.attribute_lists import read_attribute_list
from search_index.reading.kramdown.definitions import DEFINITIONS
from search_index.reading.kramdown.document import Document
from search_index.reading.kramdown.lookahead import next_match
from search_index.reading.kramdown.nodes import Node
from search_index.reading.kramdown.options import with_option
from search_index.reading.kramdown.patterns import ID_NAME, REST_OF_LINE, WHITE

if TYPE_CHECKING:
    from search_index.reading.kramdown.block_parser import BlockParser

_DEFINITION: Final = re.compile(rf" {{0,3}}\{{:({ID_NAME}):")
_START: Final = re.compile(r" {0,3}\{::([A-Za-z0-9_]+)")
EXTENSIONS: Final = ("comment", "nomarkdown", "options")
_STOPS: Final = {name: re.compile(rf"^ {{0,3}}\{{:/(?:{name})?\}} *\n", re.MULTILINE) for name in EXTENSIONS}


def read_block_extension(parser: BlockParser) -> bool:
    if definition := _DEFINITION.match(parser.source, parser.place):
        return _read_definition(parser, definition[1], definition.end())
    if start := _START.match(parser.source, parser.place):
        return _read_extension(parser, start[1], start.end())
    return _read_attribute_line(parser)


def _read_definition(parser: BlockParser, name: str, place: int) -> bool:
    braced = parser.braced(place)
    if braced is None:
        return _read_attribute_line(parser)
    content, parser.place = braced
    lists = parser.document.attribute_lists
    lists[name] = read_attribute_list(content, lists.get(name))
    parser.add(Node("eob", "definition"))
    return True


def _read_attribute_line(parser: BlockParser) -> bool:
    """An attribute list belongs to the block before it, or to the next if a blank line is before it."""
    line = parser.attribute_line_at(parser.place)
    if line is None:
        return False
    content, parser.place = line
    last = parser.last()
    if last is not None and last.kind != "blank" and (last.kind != "eob" or last.value in DEFINITIONS):
        last.ial = read_attribute_list(content, last.ial)
        if parser.attribute_line_at(parser.place) is None:
            parser.add(Node("eob", "attributes"))
    else:
        parser.pending = read_attribute_list(content, parser.pending)
    return True


def _read_extension(parser: BlockParser, name: str, place: int) -> bool:
    braced = _start_tag_rest(parser, place) if name in EXTENSIONS else None
    if braced is None:
        return False
    attributes, end = braced
    body: str | None = None
    if attributes.endswith("/"):
        attributes = attributes[:-1]
    else:
        stop_place = parser.kept(("{:/", name), lambda text: next_match(text, _STOPS[name])).after(end)
        stop = _STOPS[name].match(parser.source, stop_place) if stop_place >= 0 else None
        if stop is None:
            return False
        body, end = parser.source[end:stop_place].removesuffix("\n"), stop.end()
    parser.place = end
    node = extension_node(parser.document, name, attributes, body, block=True)
    if node is not None:
        parser.parent.children.append(node)
    if name == "options":
        parser.add(Node("eob", "options"))
    return True


def _start_tag_rest(parser: BlockParser, place: int) -> tuple[str, int] | None:
    if parser.source.startswith("}", place):
        rest = REST_OF_LINE.match(parser.source, place + 1)
        return ("", rest.end()) if rest else None
    return parser.braced(place) if parser.source[place] in WHITE + "/" else None


def extension_node(document: Document, name: str, attributes: str, body: str | None, *, block: bool) -> Node | None:
    """What an extension leaves in the tree. Options take effect at once."""
    given = read_attribute_list(attributes).attributes
    if name == "options":
        for option, value in given.items():
            document.options = with_option(document.options, option, value)
        return None
    if body is None:
        return None
    if name == "comment":
        return Node("comment", body, block=block)
    wanted = given.get("type", "").split()
    return Node("raw" if not wanted or "html" in wanted else "hidden", body, block=block)
