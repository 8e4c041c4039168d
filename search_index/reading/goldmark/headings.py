"""Headings: their attributes, and the anchors that Hugo makes of their source.

Source: Hugo 0.111, ``markup/goldmark/autoid.go``; goldmark 1.5, ``parser/atx_heading.go``.
"""

from __future__ import annotations

import re
import unicodedata

from search_index.reading.goldmark.attributes import Attributes, parse_attributes
from search_index.reading.goldmark.characters import is_digit, is_letter
from search_index.reading.goldmark.options import HeadingIds

_CLOSING_MARKS = re.compile(r"\s(#++)")
_PLAIN = re.compile(r"[^a-z0-9_\- ]++")


def split_attributes(source: str, *, atx: bool) -> tuple[str, Attributes]:
    """The source of a heading without its attributes, and the attributes."""
    if "{" not in source:
        return source, {}
    if atx and (closing := _CLOSING_MARKS.search(" " + source)):
        between = parse_attributes(source, closing.end() - 1)
        if between and not source[between.end :].strip():
            return source[: closing.start(1) - 1].rstrip(), between.attributes
    line = source.rfind("\n") + 1
    start = _last_brace(source, line)
    parsed = parse_attributes(source, start) if start >= 0 else None
    if parsed is None or source[parsed.end :].strip():
        return source, {}
    return source[:start].rstrip(), parsed.attributes


def _last_brace(source: str, line: int) -> int:
    at = source.rfind("{", line)
    while at > line and source[at - 1] == "\\":
        at = source.rfind("{", line, at - 1)
    return at if at == line or (at > line and source[at - 1] != "\\") else -1


class HeadingAnchors:
    """The anchors of one document: no two are the same."""

    def __init__(self, kind: HeadingIds) -> None:
        self._kind = kind
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def reserve(self, anchor: str) -> None:
        """An anchor that the author wrote."""
        self._taken.add(anchor)

    def make(self, source: str) -> str:
        """The anchor for a heading with this source; of several lines the last counts."""
        base = anchor_name(source[source.rfind("\n") + 1 :], self._kind) or "heading"
        anchor, number = base, self._next.get(base, 1)
        while anchor in self._taken:
            anchor = f"{base}-{number}"
            number += 1
        self._next[base] = number
        self._taken.add(anchor)
        return anchor


def anchor_name(text: str, kind: HeadingIds) -> str:
    """Lower case, blanks to hyphens, without punctuation: ``Straße & Ça`` is ``straße--ça``."""
    if kind == "blackfriday":
        return _blackfriday_name(text)
    if kind == "github-ascii" and not text.isascii():
        text = _without_accents(text)
    text = text.strip()
    if text.isascii():
        return _PLAIN.sub("", text.lower()).replace(" ", "-")
    ascii_only = kind == "github-ascii"
    kept: list[str] = []
    for char in text:
        if char in " -":
            kept.append("-")
        elif char == "_" or ((char < "\x80" or not ascii_only) and (is_letter(char) or is_digit(char))):
            kept.append(_lower(char))
    return "".join(kept)


def _blackfriday_name(text: str) -> str:
    kept: list[str] = []
    gap = False
    for char in text:
        if unicodedata.category(char)[0] not in "LN":
            gap = True
            continue
        if gap and kept:
            kept.append("-")
        gap = False
        kept.append(_lower(char))
    return "".join(kept)


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if unicodedata.category(char) != "Mn"))


def _lower(char: str) -> str:
    return char.lower()[0]
