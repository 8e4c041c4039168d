"""HTML's tags as kramdown sorts them, and how they are read.

The sorting is kramdown's of 2019: ``main`` is a block and ``video`` is unknown, and an unknown tag stands among blocks.
"""

from __future__ import annotations

import re
from typing import Final

from search_index.reading.kramdown.nodes import BLOCK, RAW, SPAN
from search_index.reading.kramdown.patterns import NAME, S

SPAN_TAGS: Final = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "big",
        "bdo",
        "br",
        "button",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "option",
        "q",
        "rb",
        "rbc",
        "rp",
        "rt",
        "rtc",
        "ruby",
        "samp",
        "select",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
    ]
)
BLOCK_TAGS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "applet",
        "body",
        "blockquote",
        "caption",
        "col",
        "colgroup",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "head",
        "iframe",
        "legend",
        "menu",
        "li",
        "main",
        "map",
        "nav",
        "ol",
        "optgroup",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tfoot",
        "tr",
        "ul",
    ]
)
VOID_TAGS: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "command",
        "embed",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_BLOCK_CONTENT: Final = (
    "address applet article aside blockquote body dd details div dl fieldset figure figcaption footer form header "
    "hgroup iframe li main map menu nav noscript object section summary td"
)
_SPAN_CONTENT: Final = (
    "a abbr acronym b bdo big button cite caption del dfn dt em h1 h2 h3 h4 h5 h6 i ins label legend optgroup p q rb "
    "rbc rp rt rtc ruby select small span strong sub sup th tt"
)
_RAW_CONTENT: Final = "script style math option textarea pre code kbd samp var"

_CONTENT: Final = (
    dict.fromkeys(_BLOCK_CONTENT.split(), BLOCK)
    | dict.fromkeys(_SPAN_CONTENT.split(), SPAN)
    | dict.fromkeys(_RAW_CONTENT.split(), RAW)
)
KNOWN_TAGS: Final = SPAN_TAGS | BLOCK_TAGS | VOID_TAGS | _CONTENT.keys()

_VALUE: Final = rf"(?:{S}*+={S}*+(?:[\w\u0300-\u036f]++|\"[^\"]*+\"|'[^']*+'))?+"
TAG: Final = re.compile(rf"<((?>{NAME}))((?>{S}++{NAME}{_VALUE})*){S}*(/)?>")
"""Groups: name, attributes, the slash of a tag that closes itself."""
BLOCK_TAG_AT: Final = re.compile(rf" {{0,3}}{TAG.pattern}")
CLOSING_TAG: Final = re.compile(rf"</({NAME}){S}*>")
BLOCK_CLOSING_TAG_AT: Final = re.compile(rf" {{0,3}}{CLOSING_TAG.pattern}")
_ATTRIBUTE: Final = re.compile(rf"{S}*({NAME})(?:{S}*={S}*(?:([\w\u0300-\u036f]+)|\"([^\"]*)\"|'([^']*)'))?")

_MARKDOWN: Final = {"0": RAW, "1": "", "span": SPAN, "block": BLOCK}
"""The values of the attribute ``markdown``; for 1 the tag's own content model counts."""


def content_model(name: str) -> str:
    return _CONTENT.get(name, RAW)


def tag_name(written: str) -> str:
    """HTML's own tags in lower case; any other as it is written."""
    lower = written.lower()
    return lower if lower in KNOWN_TAGS else written


def read_attributes(text: str, name: str) -> dict[str, str]:
    """In their order; of two with one name the first keeps its place and the second gives the value."""
    attributes: dict[str, str] = {}
    if not text:
        return attributes
    lower = name in KNOWN_TAGS
    for attribute, bare, double, single in _ATTRIBUTE.findall(text):
        attributes[attribute.lower() if lower else attribute] = bare or double or single
    return attributes


def take_markdown_attribute(attributes: dict[str, str], name: str) -> str | None:
    """The content model that ``markdown="..."`` asks for; the attribute is taken away."""
    wanted = attributes.pop("markdown", None)
    if wanted is None or wanted not in _MARKDOWN:
        return None
    return _MARKDOWN[wanted] or content_model(name)
