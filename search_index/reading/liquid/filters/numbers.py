"""Filters that calculate (``liquid/standardfilters.rb``)."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from search_index.reading.liquid import ruby
from search_index.reading.liquid.filters.calling import calls

_MOST_PLACES = 300


def absolute(value: object) -> object:
    number = ruby.to_number(value)
    return ruby.to_float(-number if number < 0 else number)


def _calculated(operation: str, value: object, operand: object) -> object:
    return ruby.calculate(operation, value, operand)


def rounded(value: object, places: object = 0) -> object:
    """Halves go away from zero; without places the result is a whole number."""
    number, digits = ruby.to_number(value), int(ruby.to_number(places))
    if abs(digits) > _MOST_PLACES:
        raise ruby.wrong("`round` is given too many places", f"give at most {_MOST_PLACES}")
    if isinstance(number, int) and digits >= 0:
        return number
    if not math.isfinite(number):
        raise ruby.wrong("an infinite number cannot be rounded", "check the division before it")
    exact = Decimal(number).scaleb(digits, ruby.DECIMALS).to_integral_value(ROUND_HALF_UP, ruby.DECIMALS)
    exact = exact.scaleb(-digits, ruby.DECIMALS)
    return int(exact) if digits <= 0 else float(exact)


def ceiling(value: object) -> object:
    return math.ceil(ruby.to_number(value))


def floor(value: object) -> object:
    return math.floor(ruby.to_number(value))


def at_least(value: object, least: object) -> object:
    return ruby.to_float(max(ruby.to_number(value), ruby.to_number(least)))


def at_most(value: object, most: object) -> object:
    return ruby.to_float(min(ruby.to_number(value), ruby.to_number(most)))


def to_integer(value: object) -> object:
    return int(value) if isinstance(value, bool) else ruby.to_i(value)


FILTERS = calls(
    {
        "abs": absolute,
        "plus": partial(_calculated, "+"),
        "minus": partial(_calculated, "-"),
        "times": partial(_calculated, "*"),
        "divided_by": partial(_calculated, "/"),
        "modulo": partial(_calculated, "%"),
        "round": rounded,
        "ceil": ceiling,
        "floor": floor,
        "at_least": at_least,
        "at_most": at_most,
        "to_integer": to_integer,
    }
)
