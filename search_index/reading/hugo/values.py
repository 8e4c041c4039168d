"""Values of configuration and front matter as Hugo takes them: types are bent rather than refused.

Source: ``spf13/cast`` 1.5, which Hugo 0.111 uses, and ``gopkg.in/yaml.v2`` for unquoted scalars.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite

_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})
_YAML_WORDS: dict[str, object] = (
    dict.fromkeys(("", "~", "null", "Null", "NULL"))
    | dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True)
    | dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False)
)
_YAML_NUMBER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)", re.ASCII)
_YAML_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_LARGEST = 2**63
_LONGEST_NUMBER = 400


def resolve_yaml(text: str) -> object:
    """What an unquoted scalar means: ``010`` is 8, ``1_000`` is 1000, ``1e3`` is a float, a date stays text.

    A number that no 64 bits hold, or that is not finite, stays text too.
    """
    if text in _YAML_WORDS:
        return _YAML_WORDS[text]
    if text[0] not in "+-.0123456789" or len(text) > _LONGEST_NUMBER:
        return text
    plain = text.replace("_", "")
    if _YAML_NUMBER.fullmatch(plain):
        number = _whole_number(plain)
        return number if -_LARGEST <= number < _LARGEST else text
    if _YAML_FLOAT.fullmatch(plain):
        value = float(plain)
        return value if isfinite(value) else text
    return text


def _whole_number(text: str) -> int:
    digits = text.lstrip("+-").lower()
    base = {"0x": 16, "0b": 2, "0o": 8}.get(digits[:2], 8 if len(digits) > 1 and digits[0] == "0" else 10)
    number = int(digits[2:] if digits[:2] in ("0x", "0b", "0o") else digits, base)
    return -number if text[0] == "-" else number


def to_text(value: object) -> str | None:
    """A scalar as text, null as ""; None for a list or a map."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float_text(value)
        case _:
            return None


def _float_text(value: float) -> str:
    """Without an exponent, as Go's ``FormatFloat(f, 'f', -1, 64)`` gives it: 1.0 is ``1``, 1e-7 is ``0.0000001``."""
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def to_texts(value: object) -> list[str]:
    """A list of texts; a text is split at blanks, another scalar is a list of one, a map none."""
    match value:
        case None | dict():
            return []
        case str():
            return value.split()
        case list():
            return [to_text(item) or "" for item in value]
        case _:
            return [to_text(value) or ""]


def to_bool(value: object) -> bool | None:
    """True, false, or None for what is neither."""
    match value:
        case bool():
            return value
        case None:
            return False
        case int():
            return value != 0
        case str() if value in _TRUE:
            return True
        case str() if value in _FALSE:
            return False
        case _:
            return None


def to_int(value: object) -> int:
    """A whole number; 0 for what is none."""
    match value:
        case bool() | int() | float():
            return int(value)
        case str():
            digits = value.strip().lstrip("+-")
            return int(value) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
        case _:
            return 0


def to_map(value: object) -> Mapping[str, object]:
    """A map; empty for anything else."""
    return value if isinstance(value, dict) else {}


def lowered(value: object) -> object:
    """``value`` with all keys of its maps in lower case, at any depth; of two that then are one the last counts."""
    if isinstance(value, dict):
        return {key.lower(): lowered(inner) for key, inner in value.items()}
    return [lowered(item) for item in value] if isinstance(value, list) else value


def merged(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """``base`` with the values of ``over``, maps merged at any depth."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result
