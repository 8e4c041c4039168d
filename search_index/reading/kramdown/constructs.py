"""Which constructs a line can begin, by its first character, in the order in which kramdown asks them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from search_index.reading.kramdown.block_html import read_html
from search_index.reading.kramdown.block_parser import BlockParser, Construct
from search_index.reading.kramdown.blocks import (
    read_atx_header,
    read_blockquote,
    read_end_of_block,
    read_fenced_code,
    read_horizontal_rule,
    read_math,
    read_setext_header,
)
from search_index.reading.kramdown.definitions import (
    read_abbreviation_definition,
    read_footnote_definition,
    read_link_definition,
)
from search_index.reading.kramdown.document import Document
from search_index.reading.kramdown.extensions import read_block_extension
from search_index.reading.kramdown.lists import read_definition_list, read_list
from search_index.reading.kramdown.tables import read_table


def _read_header_or_table(parser: BlockParser) -> bool:
    """What a line of words can be besides a paragraph."""
    source = parser.source
    end = source.find("\n", parser.place)
    if source[end + 1 : end + 2] in ("-", "=") and read_setext_header(parser):
        return True
    return source.find("|", parser.place, end) >= 0 and read_table(parser)


_OTHERS: Final = (_read_header_or_table,)
_CONSTRUCTS: Final[Mapping[str, tuple[Construct, ...]]] = {
    "`": (read_fenced_code, *_OTHERS),
    "~": (read_fenced_code, *_OTHERS),
    ">": (read_blockquote, *_OTHERS),
    "#": (read_atx_header, *_OTHERS),
    "*": (read_horizontal_rule, read_list, *_OTHERS, read_abbreviation_definition),
    "-": (read_horizontal_rule, read_list, *_OTHERS),
    "_": (read_horizontal_rule, *_OTHERS),
    "+": (read_list, *_OTHERS),
    **dict.fromkeys("0123456789", (read_list, *_OTHERS)),
    ":": (read_definition_list, *_OTHERS),
    "<": (read_html, *_OTHERS),
    "$": (read_setext_header, read_math, *_OTHERS),
    "\\": (read_setext_header, read_math, *_OTHERS),
    "[": (*_OTHERS, read_footnote_definition, read_link_definition),
    "{": (*_OTHERS, read_block_extension),
    "^": (*_OTHERS, read_end_of_block),
}


def block_parser(document: Document) -> BlockParser:
    return BlockParser(document, _CONSTRUCTS, _OTHERS)
