"""Values as Ruby sees them: as text, as numbers, equal, in order. Liquid's behaviour is Ruby's in these.

nil is None, a hash any ``Mapping`` (a plain ``dict`` prints as a hash, another one, a drop, as nothing), a time an aware
``datetime``, a range of integers a ``range``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Context, Decimal
from functools import cmp_to_key

from search_index.reading.liquid.budget import LiquidFailure

WHITESPACE = "\t\n\v\f\r \0"
"""What Ruby's ``strip`` removes."""

_INTEGER = re.compile(r"\s*([+-]?[0-9]+(?:_[0-9]+)*)", re.ASCII)
_STRICT_INTEGER = re.compile(r"\s*([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[0-9]+(?:_[0-9]+)*)\s*", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+", re.ASCII)
_MOST_DIGITS = 1_000
DECIMALS = Context(prec=1_200, traps=[])
"""Exact for every number a template may have; divisions by 0 give infinity."""
_ESCAPED = {
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
    "\r": "\\r",
    "\f": "\\f",
    "\v": "\\v",
    "\b": "\\b",
    "\a": "\\a",
    "\x1b": "\\e",
}


class MethodLiteral:
    """``empty`` or ``blank``: prints as nothing, and in a comparison asks the other side."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


EMPTY = MethodLiteral("empty")
BLANK = MethodLiteral("blank")


def wrong(message: str, hint: str) -> LiquidFailure:
    """An unfit value."""
    return LiquidFailure(message, hint)


def truthy(value: object) -> bool:
    return value is not None and value is not False


def to_s(value: object) -> str:
    """Ruby's ``to_s``."""
    match value:
        case str():
            return value
        case None | MethodLiteral():
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return _digits(value)
        case float():
            return _float(value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S} {_offset(value)}"
        case date():
            return value.isoformat()
        case range():
            return f"{value.start}..{value.stop - 1}"
        case list() | dict():
            return inspect(value)
        case _:
            return ""


def output(value: object) -> str:
    """A value as ``{{ }}`` prints it: a list is joined."""
    return join(value, "") if isinstance(value, list) else to_s(value)


def join(items: Iterable[object], glue: str) -> str:
    return glue.join(join(item, glue) if isinstance(item, list) else to_s(item) for item in items)


def inspect(value: object) -> str:
    """Ruby's ``inspect``."""
    match value:
        case None:
            return "nil"
        case str():
            return '"' + "".join(map(_inspected, value)).replace("#{", "\\#{").replace("#$", "\\#$") + '"'
        case list():
            return "[" + ", ".join(map(inspect, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{inspect(key)}=>{inspect(inner)}" for key, inner in value.items()) + "}"
        case date() if not isinstance(value, datetime):
            return f"#<Date: {value.isoformat()}>"
        case _:
            return to_s(value)


def _inspected(character: str) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    if character.isprintable() or character == "\u3000":
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code < 0x80 else f"\\u{code:04X}" if code < 0x10000 else f"\\u{{{code:X}}}"


def _digits(value: int) -> str:
    if value.bit_length() > _MOST_DIGITS * 3:
        raise wrong(f"a number has more than {_MOST_DIGITS} digits", "calculate with smaller numbers")
    return str(value)


def _float(value: float) -> str:
    text = repr(value)
    if text in ("inf", "-inf", "nan"):
        return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[text]
    mantissa, exponent, power = text.partition("e")
    if exponent and "." not in mantissa:
        mantissa += ".0"
    return mantissa + exponent + power


def _offset(moment: datetime) -> str:
    return f"{moment:%z}"[:5] or "+0000"


def to_i(value: object) -> int:
    """Ruby's ``to_i``: the number a text begins with; 0 for nil."""
    match value:
        case None:
            return 0
        case bool():
            raise wrong("true and false are no numbers", "give a number")
        case int():
            return value
        case float() if abs(value) < 1e300:
            return int(value)
        case str():
            digits = _INTEGER.match(value)
            return _bounded(digits.group(1)) if digits else 0
        case datetime():
            return int(value.timestamp())
        case _:
            raise wrong("this value is no number", "give a number")


def to_integer(value: object) -> int:
    """An argument that must be an integer, or a text of one (``liquid/utils.rb``)."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _STRICT_INTEGER.fullmatch(to_s(value))
    if not found:
        raise wrong("an argument is not an integer", "give a whole number")
    sign, digits = found.groups()
    prefix = digits[:2].lower()
    base = {"0x": 16, "0b": 2}.get(prefix, 8 if len(digits) > 1 and digits[0] == "0" else 10)
    number = _bounded(digits.removeprefix("0o").removeprefix("0O"), base)
    return -number if sign == "-" else number


def _bounded(digits: str, base: int = 10) -> int:
    if len(digits) > _MOST_DIGITS:
        raise wrong(f"a number has more than {_MOST_DIGITS} digits", "write a smaller number")
    return int(digits, base)


def to_number(value: object) -> int | Decimal:
    """What a calculation takes a value for: 0 for anything that is no number."""
    match value:
        case bool():
            return 0
        case int():
            return value
        case float():
            return Decimal(repr(value))
        case str() if len(value) <= _MOST_DIGITS and _DECIMAL.fullmatch(value.strip(WHITESPACE)):
            return Decimal(value.strip(WHITESPACE))
        case str():
            return to_i(value)
        case _:
            return 0


def calculate(operation: str, left: object, right: object) -> int | float:
    """``+ - * / %`` as Ruby's: whole numbers stay whole, division and remainder go down."""
    one, other = to_number(left), to_number(right)
    if isinstance(one, int) and isinstance(other, int):
        if operation in "/%" and not other:
            raise wrong("a number is divided by 0", "check the divisor with `if`")
        if operation == "*" and one.bit_length() + other.bit_length() > _MOST_DIGITS * 4:
            raise wrong(f"a number has more than {_MOST_DIGITS} digits", "calculate with smaller numbers")
        return _INTEGERS[operation](one, other)
    result = _FRACTIONS[operation](Decimal(one), Decimal(other))
    return to_float(result)


def to_float(number: int | Decimal) -> int | float:
    """A decimal as the float Liquid gives; a whole number stays."""
    return number if isinstance(number, int) else float(number)


def _floored_remainder(one: Decimal, other: Decimal) -> Decimal:
    rest = DECIMALS.remainder(one, other)
    return DECIMALS.add(rest, other) if rest and (rest < 0) != (other < 0) else rest


_INTEGERS: dict[str, Callable[[int, int], int]] = {
    "+": int.__add__,
    "-": int.__sub__,
    "*": int.__mul__,
    "/": int.__floordiv__,
    "%": int.__mod__,
}
_FRACTIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": DECIMALS.add,
    "-": DECIMALS.subtract,
    "*": DECIMALS.multiply,
    "/": DECIMALS.divide,
    "%": _floored_remainder,
}


def equal(one: object, other: object) -> bool:
    """Ruby's ``==``: true is not 1, 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def identity(value: object) -> object:
    """A hashable stand-in; two are equal where Ruby's ``eql?`` says so (1 and 1.0 are not)."""
    match value:
        case list():
            return (list, tuple(map(identity, value)))
        case dict():
            return (dict, tuple((key, identity(inner)) for key, inner in value.items()))
        case None | bool() | int() | float() | str() | date():
            return (type(value), value)
        case _:
            return (object, id(value))


def order(one: object, other: object) -> int | None:
    """Ruby's ``<=>``: None for what cannot be compared."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return 0 if one is other else None
    if isinstance(one, list) and isinstance(other, list):
        for left, right in zip(one, other, strict=False):
            found = order(left, right)
            if found != 0:
                return found
        return (len(one) > len(other)) - (len(one) < len(other))
    if isinstance(one, Mapping) and isinstance(other, Mapping) and not isinstance(one, dict):
        return order([one.get("date"), one.get("path")], [other.get("date"), other.get("path")])
    if isinstance(one, str) and isinstance(other, str):
        return (one > other) - (one < other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return (one > other) - (one < other)
    if isinstance(one, date) and isinstance(other, date) and isinstance(one, datetime) == isinstance(other, datetime):
        return (one > other) - (one < other)
    return 0 if one == other else None


def ordered(items: Iterable[object], compare: Callable[[object, object], int]) -> list[object]:
    """``items`` sorted; items that compare equal keep their order."""
    return sorted(items, key=cmp_to_key(compare))


def split(text: str, separator: str) -> list[object]:
    """Ruby's ``split``: empty texts at the end are dropped; one blank means any whitespace; "" every character."""
    if separator == " ":
        return list(_split_words(text))
    parts = text.split(separator) if separator else list(text)
    while parts and not parts[-1]:
        parts.pop()
    return list(parts)


def _split_words(text: str) -> list[str]:
    return [part for part in re.split(r"[\t\n\v\f\r \0]+", text) if part]


def words(text: str) -> list[str]:
    """The words of ``text``, parted by ASCII whitespace as Ruby's ``split`` parts them."""
    return _split_words(text)
