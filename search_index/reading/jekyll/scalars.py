"""What an unquoted YAML scalar means to Jekyll: the rules of the safe_yaml gem, which its releases read YAML with.

Source: safe_yaml's transformations (to_integer, to_float, to_boolean, to_nil, to_date), as Jekyll 4.3 uses them.
"""

from __future__ import annotations

import re
from math import isfinite

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "yes": True,
    "on": True,
    "true": True,
    "no": False,
    "off": False,
    "false": False,
}
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_OCTAL = re.compile(r"0[0-7]+", re.ASCII)
_HEXADECIMAL = re.compile(r"[-+]?0[xX][0-9a-fA-F]+", re.ASCII)
_BINARY = re.compile(r"0[bB][01]+", re.ASCII)
_SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?", re.ASCII)
_FLOAT = re.compile(r"[-+]?[0-9]*\.[0-9]+(?:[eE][-+][0-9]+)?", re.ASCII)
_MOST_DIGITS = 18
"""A longer number is taken as the text that it is: JSON readers have 64 bits."""


def resolve_scalar(text: str) -> object:
    """The value: a number (``1,000`` and ``1_000`` are 1000, ``12:30`` is 750.0, ``017`` is 15), a boolean, None, or the text.

    Dates stay the text; ``dates`` reads them.
    """
    if len(text) <= 5 and text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if not text or text[0] not in "-+.0123456789":
        return text
    bare = text.replace("_", "").replace(",", "")
    if len(bare) > _MOST_DIGITS:
        return text
    if _DECIMAL.fullmatch(bare):
        return int(bare)
    if _OCTAL.fullmatch(bare):
        return int(bare, 8)
    if _HEXADECIMAL.fullmatch(bare):
        return int(bare, 16)
    if _BINARY.fullmatch(bare):
        return int(bare, 2)
    if _SEXAGESIMAL.fullmatch(bare):
        return _sexagesimal(bare)
    if _FLOAT.fullmatch(text.replace("_", "")):
        number = float(text.replace("_", ""))
        return number if isfinite(number) else text
    return text


def _sexagesimal(text: str) -> float:
    whole, _, fraction = text.partition(".")
    total = 0.0
    for part in whole.lstrip("+-").split(":"):
        total = total * 60 + float(part)
    total += float(f"0.{fraction}") if fraction else 0.0
    return -total if text.startswith("-") else total
