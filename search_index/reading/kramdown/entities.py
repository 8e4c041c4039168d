"""Entities by name or number, as kramdown knows them: the names of HTML 4, and Windows' characters by their numbers."""

from __future__ import annotations

from html.entities import codepoint2name, name2codepoint
from typing import Final

from search_index.reading.kramdown.nodes import Markup

_NAMES: Final = {**name2codepoint, "apos": 39, "vellip": 8942, "lceil": 8969, "rceil": 8968, "lang": 9002, "rang": 9001}
"""The two pairs at the end stand the wrong way round in kramdown's table, and so on every page that it made."""

_WINDOWS: Final = {
    number: ord(bytes([number]).decode("cp1252"))
    for number in range(128, 160)
    if number not in {129, 141, 143, 144, 157}
}
_LONGEST_NUMBER: Final = 20
"""Digits; longer numbers name no character, and reading them takes time."""


def named_code_point(name: str) -> int | None:
    return _NAMES.get(name)


def numbered_code_point(digits: str, base: int) -> int | None:
    """None for a number that no character has."""
    digits = digits.lstrip("0")
    if len(digits) > _LONGEST_NUMBER:
        return None
    number = int(digits or "0", base)
    number = _WINDOWS.get(number, number)
    return None if number > 0x10FFFF or 0xD800 <= number < 0xE000 else number


def written_character(character: str, output: str, original: str | None = None) -> str:
    """As the option ``entity_output`` has it, which keeps what HTML gives a meaning an entity in any case."""
    if output == "as_char" and character not in "<>&":
        return character
    if output in ("as_input", "as_char") and original:
        return Markup(original)
    name = codepoint2name.get(ord(character))
    if name and (output == "symbolic" or character in '<>&"'):
        return Markup(f"&{name};")
    return Markup(f"&#{ord(character)};")


def quote_character(name_or_number: str) -> str:
    """The character for one of the four values of the option ``smart_quotes``, or nothing if it names none."""
    digits = name_or_number.removeprefix("0x")
    code_point = (
        numbered_code_point(digits, 10 if digits == name_or_number else 16)
        if name_or_number[:1].isdecimal()
        else named_code_point(name_or_number)
    )
    return "" if code_point is None else chr(code_point)
