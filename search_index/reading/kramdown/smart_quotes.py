"""Which way a straight quotation mark bends: the rules of RubyPants and SmartyPants, as kramdown orders them.

Source: https://kramdown.gettalong.org/syntax.html#typographic-symbols
"""

from __future__ import annotations

import re
from typing import Final

from search_index.reading.kramdown.patterns import WHITE, S

LEFT_SINGLE, RIGHT_SINGLE, LEFT_DOUBLE, RIGHT_DOUBLE = range(4)

_OPENERS: Final = frozenset("[{(-\\")
_TWO_OPENING: Final = re.compile(r"(?:\"'|'\")(?=[A-Za-z0-9_])")
_DECADE: Final = re.compile(r"'(?=[0-9][0-9]s)")
_BEFORE_WORD: Final = re.compile(r"[\"'](?=[A-Za-z0-9_])")
_BEFORE_EMPHASIS: Final = re.compile(r"[\"'](?=[_*]{1,2}[^ \t\n\v\f\r])")
_BEFORE_PUNCTUATION: Final = re.compile(r"[\"'](?=[!\"#$%'()*+,\-./:;<=>?@\[\\\]^_`{|}~](?!\.\.)\B)")
_AT_END_OF_WORD: Final = re.compile(rf"[\"'](?={S}|s\b|\Z)")


def _left(mark: str) -> int:
    return LEFT_SINGLE if mark == "'" else LEFT_DOUBLE


def _right(mark: str) -> int:
    return RIGHT_SINGLE if mark == "'" else RIGHT_DOUBLE


def quotes_in_text(source: str, place: int) -> tuple[int, ...]:
    """What the mark at ``place``, which follows other text, becomes; two values if the next character is a mark too."""
    before, mark = source[place - 1], source[place]
    if before not in WHITE:
        return (_left(mark) if before in _OPENERS else _right(mark),)
    if _TWO_OPENING.match(source, place):
        return _left(mark), _left(source[place + 1])
    if _DECADE.match(source, place):
        return (RIGHT_SINGLE,)
    if before in "\v\f" and not _BEFORE_WORD.match(source, place):
        return (_right(mark),)
    return (_left(mark),)


def quotes_at_start(source: str, place: int) -> tuple[int, ...]:
    """As above for a mark at the start of a text or behind an element. An empty answer: the mark stays as it is, and
    the one behind it closes."""
    mark = source[place]
    if _BEFORE_EMPHASIS.match(source, place):
        return (_left(mark),)
    if _BEFORE_PUNCTUATION.match(source, place):
        return (_right(mark),)
    if _TWO_OPENING.match(source, place):
        return _left(mark), _left(source[place + 1])
    if _DECADE.match(source, place):
        return (RIGHT_SINGLE,)
    if source.startswith(("'", '"'), place + 1):
        return ()
    return (_right(mark) if _AT_END_OF_WORD.match(source, place) else _left(mark),)


def closing_quote(mark: str) -> int:
    return _right(mark)
