"""Pieces of kramdown's syntax that several constructs share. White space is ASCII's throughout, letters are Unicode's.

Source: https://kramdown.gettalong.org/syntax.html, and what kramdown 2.4.0 does.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WHITE: Final = " \t\n\v\f\r"
STRIPPED: Final = WHITE + "\0"
"""What is cut off at the ends of a paragraph and of code in dollars."""

S: Final = r"[ \t\n\v\f\r]"
BLANKS: Final = r"[ \t\v\f\r]*"
"""White space within a line."""

WORD: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
NAME: Final = r"(?:[^\W\d][-\w.]*:)?[^\W\d][-\w.]*"
"""The name of a tag or of an attribute, perhaps with a namespace."""

ID_NAME: Final = r"[A-Za-z0-9_][A-Za-z0-9_-]*"
"""The name of an attribute, a reference or a footnote."""

BLANK_LINES: Final = re.compile(rf"{S}*\n")
END_OF_BLOCK: Final = re.compile(rf"\^{BLANKS}\n")
REST_OF_LINE: Final = re.compile(rf"{BLANKS}\n")
ATTRIBUTE_LINE_START: Final = re.compile(r" {0,3}\{:(?![:/])")
HORIZONTAL_RULE: Final = re.compile(r" {0,3}(?:(?:\*[ \t]*+){3,}|(?:-[ \t]*+){3,}|(?:_[ \t]*+){3,})\n")

_PHRASING: Final = (
    "a|abbr|acronym|b|big|bdo|br|button|cite|code|del|dfn|em|i|img|input|ins|kbd|label|mark|option|q|rb|rbc|rp|rt|rtc"
    "|ruby|samp|select|small|span|strong|sub|sup|tt|u|var|script"
)
BLOCK_TAG: Final = rf"<(?:/(?!(?:{_PHRASING})\b){NAME}{S}*>|(?!(?:{_PHRASING})\b)[^\W\d])"
"""The start of a tag that ends a paragraph: any but a tag of running text. Names are compared with their case."""

MARKERS: Final = r"[\t| ]"
"""What follows a list marker; that a pipe does is kramdown's own."""

_LAZY_END: Final = rf"{BLANKS}(?:\n|\Z)|\^{BLANKS}\n| {{0,3}}{BLOCK_TAG}"
_BRACE: Final = r"| {0,3}(\{:)(?![:/])"
_DEFINITION: Final = rf"| {{0,3}}:{MARKERS}"
_GFM: Final = rf"| {{0,3}}(?:(?:[+*-]|[0-9]+\.){MARKERS}|>|[~`]{{3}})|#{{1,6}}[\t ]"

LAZY_END: Final = re.compile(rf"\n(?={_LAZY_END}{_BRACE})")
"""The end of a line that the next line does not continue. With group 1 that is so only before an attribute line."""
PARAGRAPH_END: Final = re.compile(rf"\n(?={_LAZY_END}{_DEFINITION}{_BRACE})")
PARAGRAPH_END_GFM: Final = re.compile(rf"\n(?={_LAZY_END}{_DEFINITION}{_GFM}{_BRACE})")

BLOCK_TAG_LINE: Final = re.compile(rf" {{0,3}}{BLOCK_TAG}")


def is_letter(character: str) -> bool:
    """Whether Unicode calls it alphabetic: letters, and the vowel signs of scripts that write them as marks."""
    if character.isascii():
        return character.isalpha()
    return character.isalpha() or unicodedata.category(character) in {"Mn", "Mc", "Nl"}


def is_letter_or_digit(character: str) -> bool:
    return is_letter(character) or character.isdecimal()
