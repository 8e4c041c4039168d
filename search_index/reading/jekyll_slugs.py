"""Slugs as Jekyll makes them (``Jekyll::Utils.slugify``)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PRETTY = frozenset("._~!$&'()+,;=@")
_SPACES = frozenset(" \t\n\v\f\r")
_ASCII_LETTERS_AND_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
MODES = ("raw", "default", "pretty", "ascii", "latin")
"""The modes that change anything but the case; any other name (``none``) only lowers it."""

_LATIN = {
    **{"Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ĳ": "IJ", "ĳ": "ij", "ß": "ss", "Þ": "Th", "þ": "th"},
    **{"Ø": "O", "ø": "o", "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k"},
    **{"Ł": "L", "ł": "l", "ŉ": "'n", "Ŋ": "NG", "ŋ": "ng", "Ŧ": "T", "ŧ": "t", "×": "x", "Ŀ": "L", "ŀ": "l"},
}


def slugify(text: str, mode: str = "default", *, cased: bool = False) -> str:
    """``text`` as part of an address.

    ``default`` keeps the letters and digits of every script, ``pretty`` also ``._~!$&'()+,;=@``, ``ascii`` only ASCII's,
    ``latin`` takes the accents off first, ``raw`` replaces nothing but whitespace. What is replaced becomes one hyphen;
    none is left at either end.
    """
    if mode not in MODES:
        return text if cased else text.lower()
    if mode == "latin":
        text = "".join(map(_without_accent, text))
    parts: list[str] = []
    replaced = False
    for character in text:
        if _keeps(character, mode):
            parts.append(character)
            replaced = False
        elif not replaced:
            parts.append("-")
            replaced = True
    slug = "".join(parts).removeprefix("-").removesuffix("-")
    return slug if cased else slug.lower()


def _keeps(character: str, mode: str) -> bool:
    if mode == "raw":
        return character not in _SPACES
    if mode == "ascii":
        return character in _ASCII_LETTERS_AND_DIGITS
    return _is_letter_or_digit(character) or (mode == "pretty" and character in _PRETTY)


@lru_cache(4_096)
def _is_letter_or_digit(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd"


def _without_accent(character: str) -> str:
    """A Latin letter without its accent; ``?`` for what is neither that nor ASCII."""
    if character.isascii():
        return character
    if character in _LATIN:
        return _LATIN[character]
    if "\u00c0" <= character <= "\u017e":
        return unicodedata.normalize("NFD", character)[0]
    return "?"
