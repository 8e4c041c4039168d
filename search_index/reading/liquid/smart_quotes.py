"""Curly quotes, dashes and ellipses as ``smartify`` makes them (kramdown's rules of typography, outside of HTML tags)."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<kept><[a-zA-Z/!?][^<>]*>|&(?:[a-zA-Z]+|\#[0-9]+);)|(?P<markup>[&<>](?![<>])|(?<=[<>])[<>])|"""
    r"""(?P<symbol>---?|\.\.\.|<<[ ]?|[ ]?>>)|(?P<quote>["'])""",
    re.VERBOSE,
)
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SYMBOLS = {
    **{"---": "—", "--": "–", "...": "…"},
    **{"<<": "«", ">>": "»", "<< ": "«\u00a0", " >>": "\u00a0»"},
}
_OPENING = {'"': "“", "'": "‘"}
_CLOSING = {'"': "”", "'": "’"}
_BEFORE_EMPHASIS = re.compile(r"[_*]{1,2}\S")
_BEFORE_PUNCTUATION = re.compile(r"""[!"#$%'()*+,\-./:;<=>?@\[\\\]^_`{|}~](?!\.\.)\B""", re.ASCII)
_NESTED = re.compile(r"""["']\w""")
_DECADE = re.compile(r"[0-9]{2}s")
_ENDS_WORD = re.compile(r"\s|s\b|\Z", re.ASCII)
_OPENS_AFTER = frozenset(" \\\t\r\n[{(-")


def smartened(text: str) -> str:
    parts: list[str] = []
    position = plain_from = 0
    for token in _TOKEN.finditer(text):
        parts.append(text[position : token.start()])
        before = text[token.start() - 1] if token.start() > plain_from else ""
        found = token.group()
        match token.lastgroup:
            case "markup":
                parts.append(_MARKUP[found])
            case "symbol":
                parts.append(_SYMBOLS[found])
            case "quote":
                closes = _closes(text, token.end(), found, before)
                parts.append((_CLOSING if closes else _OPENING)[found])
            case _:
                parts.append(found)
        position = token.end()
        plain_from = plain_from if token.lastgroup == "markup" else position
    return "".join((*parts, text[position:]))


def _closes(text: str, after: int, quote: str, before: str) -> bool:
    """Whether the quote that ends at ``after`` is a closing one; ``before`` is the plain letter before it, if any."""
    following = text[after : after + 1]
    is_word = following.isalnum() or following == "_"
    if not before and _BEFORE_EMPHASIS.match(text, after):
        return False
    if not before and _BEFORE_PUNCTUATION.match(text, after):
        return True
    if (
        (not before or before.isspace())
        and following in ('"', "'")
        and following != quote
        and _NESTED.match(text, after)
    ):
        return False
    if (not before or before.isspace()) and quote == "'" and _DECADE.match(text, after):
        return True
    if before.isspace() and is_word:
        return False
    if before and before not in _OPENS_AFTER:
        return True
    return not before and _ENDS_WORD.match(text, after) is not None
