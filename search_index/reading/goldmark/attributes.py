"""Attributes in braces: ``{#id .class key=value key="a value"}``, as goldmark reads them.

Source: goldmark 1.5, ``parser/attribute.go``; Hugo 0.111 documentation, "Markdown attributes".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search_index.reading.goldmark.characters import ASCII_PUNCTUATION, ASCII_SPACE

Attributes = dict[str, str]
"""Values are not escaped; those that are no text (arrays) are empty."""

_IN_SHORT_VALUE = frozenset("_-:.")
_NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.-]*+")
_NUMBER = re.compile(r"[+-]?[0-9]++(?:\.[0-9]*+)?(?:[eE][+-]?[0-9]++)?")
_SPACES = re.compile(r"[ \t\n\v\f\r]*+")
_QUOTED = re.compile(r'"((?:[^"\\\n]++|\\[^\n])*+)"')
_ESCAPE = re.compile(r'\\(["/\\bfnrt])')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class ParsedAttributes:
    """What stood in the braces, and where the text goes on behind them."""

    attributes: Attributes
    end: int


def parse_attributes(text: str, start: int) -> ParsedAttributes | None:
    """The attributes whose opening brace is the first character at ``start`` that is no space; ``None`` for anything else."""
    return _braces(text, start, 0)


def _braces(text: str, start: int, depth: int) -> ParsedAttributes | None:
    at = _skip(text, start)
    if text[at : at + 1] != "{" or depth > _DEEPEST:
        return None
    at += 1
    found: Attributes = {}
    while text[at : at + 1] != "}":
        attribute = _attribute(text, at, depth)
        if attribute is None:
            return None
        name, value, at = attribute
        if name == "class" and name in found:
            found[name] += f" {value}"
        else:
            found[name] = value
        at = _skip(text, at)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
    return ParsedAttributes(found, at + 1)


def _attribute(text: str, at: int, depth: int) -> tuple[str, str, int] | None:
    at = _skip(text, at)
    mark = text[at : at + 1]
    if mark in ("#", "."):
        end = at + 1
        while end < len(text) and _may_be_short(text[end]):
            end += 1
        return ("id" if mark == "#" else "class"), text[at + 1 : end], end
    name = _NAME.match(text, at)
    if not name:
        return None
    at = _skip(text, name.end())
    if text[at : at + 1] != "=":
        return None
    value = _value(text, _skip(text, at + 1), depth)
    return value and (name[0], *value)


def _value(text: str, at: int, depth: int) -> tuple[str, int] | None:
    mark = text[at : at + 1]
    if mark == '"':
        quoted = _QUOTED.match(text, at)
        return quoted and (_ESCAPE.sub(_unescaped, quoted[1]), quoted.end())
    if mark == "{":
        inner = _braces(text, at, depth + 1)
        return ("", inner.end) if inner else None
    if mark == "[":
        return _array(text, at, depth + 1)
    word = _NUMBER.match(text, at) or _NAME.match(text, at)
    return word and ("" if word[0] == "null" else _as_number(word[0]), word.end())


def _array(text: str, at: int, depth: int) -> tuple[str, int] | None:
    if depth > _DEEPEST:
        return None
    at += 1
    while text[at : at + 1] != "]":
        value = _value(text, _skip(text, at), depth)
        if value is None:
            return None
        at = _skip(text, value[1])
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
            if text[at : at + 1] == "]":
                return None
    return "", at + 1


def _as_number(word: str) -> str:
    """Numbers are floats to Hugo: ``007`` is written ``7``."""
    if word[0] not in "+-0123456789":
        return word
    number = float(word)
    return str(int(number)) if number.is_integer() and abs(number) < 1e21 else str(number)


def _may_be_short(char: str) -> bool:
    return char not in ASCII_SPACE and (char not in ASCII_PUNCTUATION or char in _IN_SHORT_VALUE)


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPED.get(match[1], match[1])


def _skip(text: str, at: int) -> int:
    spaces = _SPACES.match(text, at)
    return spaces.end() if spaces else at
