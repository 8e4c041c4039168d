"""Lines that define something for use elsewhere: links, footnotes, abbreviations. They leave a marker in the tree.

Source: https://kramdown.gettalong.org/syntax.html#reference-links
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from search_index.reading.kramdown.block_parser import unindented
from search_index.reading.kramdown.document import LinkDefinition, link_name
from search_index.reading.kramdown.nodes import Node
from search_index.reading.kramdown.patterns import ID_NAME, STRIPPED

if TYPE_CHECKING:
    from search_index.reading.kramdown.block_parser import BlockParser

DEFINITIONS: Final = frozenset({"link", "footnote", "abbreviation"})
"""The markers that an attribute list belongs to."""

_FOOTNOTE: Final = re.compile(rf" {{0,3}}\[\^({ID_NAME})\]:")
_LINK: Final = re.compile(r" {0,3}\[([^\n\]]+)\]:[ \t]*(?=[^ \t\n])")
_ABBREVIATION: Final = re.compile(r" {0,3}\*\[(.+?)\]:(.*)\n")
_TITLE_AHEAD: Final = re.compile(r"[ \t][\"']")
_BLANK: Final = " \t"


def _add_marker(parser: BlockParser, what: str) -> Node:
    marker = Node("eob", what)
    parser.add(marker)
    return marker


def read_footnote_definition(parser: BlockParser) -> bool:
    match = _FOOTNOTE.match(parser.source, parser.place)
    if match is None or not parser.can_nest():
        return False
    _, end = parser.line_at(match.end())
    parser.place = parser.end_of_code(end)
    content = Node("footnote_content")
    parser.parse(content, unindented(parser.source[match.end() : parser.place]))
    _add_marker(parser, "footnote")
    parser.document.footnotes[match[1]] = content
    return True


def read_link_definition(parser: BlockParser) -> bool:
    match = _LINK.match(parser.source, parser.place)
    if match is None:
        return False
    line, next_line = parser.line_at(match.end())
    following, after_title = parser.line_at(next_line)
    found = _bracketed_target(line, following) or _bare_target(line, following)
    if found is None:
        return False
    target, title, title_follows = found
    parser.place = after_title if title_follows else next_line
    marker = _add_marker(parser, "link")
    parser.document.links[link_name(match[1])] = LinkDefinition(target, title, marker)
    return True


def _bracketed_target(line: str, following: str) -> tuple[str, str | None, bool] | None:
    """Target, title, and whether that stands in the line that follows; of ``<target>`` and what comes after it."""
    if not line.startswith("<"):
        return None
    end = line.find(">")
    while end >= 0:
        rest = line[end + 1 :].rstrip("\n").rstrip(_BLANK)
        if rest[:1] in _BLANK and (title := _title(rest)):
            return line[1:end], title, False
        if not rest:
            title = _title(following.rstrip("\n").rstrip(_BLANK))
            return line[1:end], title, title is not None
        end = line.find(">", end + 1)
    return None


def _bare_target(line: str, following: str) -> tuple[str, str | None, bool] | None:
    """As above, of a target without brackets. None for one in which something like a title is left open."""
    line = line.rstrip("\n").rstrip(_BLANK)
    opening = _TITLE_AHEAD.search(line)
    if opening:
        title = _title(line[opening.end() - 1 :])
        return (line[: opening.start()].rstrip(_BLANK), title, False) if title else None
    title = _title(following.rstrip("\n").rstrip(_BLANK))
    return line, title, title is not None


def _title(text: str) -> str | None:
    """What stands in the quotation marks that a stripped text begins and ends with."""
    text = text.lstrip(_BLANK)
    return text[1:-1] if len(text) > 2 and text[0] in "\"'" and text[-1] == text[0] else None


def read_abbreviation_definition(parser: BlockParser) -> bool:
    match = _ABBREVIATION.match(parser.source, parser.place)
    if match is None:
        return False
    parser.place = match.end()
    marker = _add_marker(parser, "abbreviation")
    parser.document.abbreviations[match[1]] = (match[2].strip(STRIPPED), marker)
    return True
