"""Classes of characters as Go's ``unicode`` package and goldmark's ``util`` package draw them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
BLANKS = " \t\n\v\f\r"
"""What is taken off the ends of a block: of ASCII alone. An ideographic space that indents a paragraph stays."""
ASCII_SPACE = frozenset(BLANKS)
_SPACE = frozenset(" \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(code) for code in range(0x2000, 0x200B)
}
_FIRST_CJK = 0x1100
_WIDE_SYMBOLS = (range(0x2300, 0x2E80), range(0x1F000, 0x20000))


@lru_cache(maxsize=4096)
def is_punctuation(char: str) -> bool:
    """Go's ``unicode.IsPunct``: category P, so not ``$ + < = > ^ ` | ~``."""
    return unicodedata.category(char)[0] == "P"


def is_delimiting(char: str) -> bool:
    """What counts as punctuation beside a delimiter: ASCII punctuation, and category P beyond."""
    return char in ASCII_PUNCTUATION or (char > "\x7f" and is_punctuation(char))


def is_space(char: str) -> bool:
    return char in _SPACE


@lru_cache(maxsize=4096)
def is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] == "L"


@lru_cache(maxsize=4096)
def is_digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


@lru_cache(maxsize=8192)
def is_cjk(char: str) -> bool:
    """A wide, full-width or half-width character, emoji apart.

    Source: UAX #11, and "CJK-friendly emphasis", a proposal to amend CommonMark's flanking rules.
    """
    code = ord(char)
    if code < _FIRST_CJK or any(code in symbols for symbols in _WIDE_SYMBOLS):
        return False
    return unicodedata.east_asian_width(char) in "WFH"
