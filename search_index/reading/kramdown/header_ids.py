"""Ids of headers: as the GFM parser makes them, and as kramdown itself does.

GFM: kramdown-parser-gfm 1.1.0, ``generate_gfm_header_id``; kramdown: ``lib/kramdown/converter/base.rb``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NO_ID_CHARACTER: Final = re.compile(r"[^a-z0-9_\- \t]")
_WORD_CATEGORIES: Final = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"))
_LETTERS_IN_SHAPES: Final = (
    range(0x24B6, 0x24EA),
    range(0x1F130, 0x1F14A),
    range(0x1F150, 0x1F16A),
    range(0x1F170, 0x1F18A),
)
"""Circled and squared letters: symbols by their category, yet alphabetic."""
_BEFORE_LETTERS: Final = re.compile(r"^[^a-zA-Z]+", re.MULTILINE)
_NOT_ASCII_ID: Final = re.compile(r"[^a-zA-Z0-9 -]")
_TO_HYPHEN: Final = str.maketrans(" \t", "--")


def _is_word(character: str) -> bool:
    return unicodedata.category(character) in _WORD_CATEGORIES or any(
        ord(character) in letters for letters in _LETTERS_IN_SHAPES
    )


def _kept(match: re.Match[str]) -> str:
    character = match[0]
    return character if not character.isascii() and _is_word(character) else ""


class GfmIds:
    """Repeated ids get a number: ``-1`` the second."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._counts: dict[str, int] = {}

    def make(self, text: str) -> str:
        lower = text.replace("\u03a3", "\u03c3").lower()
        name = _NO_ID_CHARACTER.sub(_kept, lower).translate(_TO_HYPHEN)
        count = self._counts.get(name, 0)
        self._counts[name] = count + 1
        return f"{self._prefix}{name}-{count}" if count else self._prefix + name


def basic_id(text: str) -> str:
    """ASCII letters, digits and hyphens, beginning with a letter; it can be empty."""
    return _NOT_ASCII_ID.sub("", _BEFORE_LETTERS.sub("", text)).replace(" ", "-").lower()


class KramdownIds:
    """As above; a header without ASCII letters is a ``section``."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._counts: dict[str, int] = {}

    def make(self, text: str) -> str:
        name = basic_id(text) or "section"
        if name in self._counts:
            self._counts[name] += 1
            name = f"{name}-{self._counts[name]}"
        else:
            self._counts[name] = 0
        return self._prefix + name
