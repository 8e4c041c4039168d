"""Curly quotes, dashes and ellipses as ``smartify`` makes them (kramdown's rules of typography, outside of HTML tags)."""

from __future__ import annotations

import re
from collections import deque

from search_index.reading.kramdown.smart_quotes import (
    LEFT_DOUBLE,
    LEFT_SINGLE,
    RIGHT_DOUBLE,
    RIGHT_SINGLE,
    closing_quote,
    quotes_at_start,
    quotes_in_text,
)

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
_QUOTES = {LEFT_SINGLE: "‘", RIGHT_SINGLE: "’", LEFT_DOUBLE: "“", RIGHT_DOUBLE: "”"}


def smartened(text: str) -> str:
    parts: list[str] = []
    decided: deque[str] = deque()
    position = plain_from = 0
    for token in _TOKEN.finditer(text):
        parts.append(text[position : token.start()])
        found = token.group()
        match token.lastgroup:
            case "markup":
                parts.append(_MARKUP[found])
            case "symbol":
                parts.append(_SYMBOLS[found])
            case "quote":
                if not decided:
                    decided.extend(_bent(text, token.start(), follows_text=token.start() > plain_from))
                parts.append(decided.popleft())
            case _:
                parts.append(found)
        position = token.end()
        plain_from = plain_from if token.lastgroup == "markup" else position
    return "".join((*parts, text[position:]))


def _bent(text: str, place: int, *, follows_text: bool) -> list[str]:
    """What the quotation mark at ``place`` becomes, and the one behind it where both are decided together."""
    kinds = quotes_in_text(text, place) if follows_text else quotes_at_start(text, place)
    if not kinds:
        return [text[place], _QUOTES[closing_quote(text[place + 1])]]
    return [_QUOTES[kind] for kind in kinds]
