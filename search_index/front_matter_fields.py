"""Custom front matter as something to filter by: its fields as rows, and conditions on them.

A field is named by its path, dots reaching into maps (and into the maps of a list). Its values are those written there; each
element of a list is a value of its own.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
_WHOLE = range(-(2**63), 2**63)


class Operator(StrEnum):
    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    IN = "in"
    CONTAINS = "contains"
    EXISTS = "exists"


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """What a field of the front matter has to be.

    ``values`` are as the request wrote them: one, for ``in`` several, for ``exists`` ``true`` or ``false``. Numbers are
    compared as numbers where both sides are some, everything else as text, by code point. A list fulfils a condition where
    one of its elements does. ``ne`` is the opposite of ``eq``: it holds for posts without the field too. ``contains``: a
    text has the value in it, a list has it as an element. A field without a value (null) does not exist.
    """

    key: str
    operator: Operator
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.key}:{self.operator}:{','.join(self.values)}"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of a field. ``number`` where it is one; ``text`` is how it compares as text, None for maps and empty lists,
    which have nothing to compare; ``in_list`` where it is an element of a list."""

    key: str
    text: str | None
    number: int | float | None
    in_list: bool


def field_values(front_matter: Mapping[str, object]) -> Iterator[FieldValue]:
    """Every field of a post's front matter (JSON values) with each of its values."""
    for key, value in front_matter.items():
        yield from _values(key, value, in_list=False)


def _values(key: str, value: object, *, in_list: bool) -> Iterator[FieldValue]:
    match value:
        case None:
            return
        case dict():
            yield FieldValue(key, None, None, in_list)
            for name, inner in value.items():
                yield from _values(f"{key}.{name}", inner, in_list=in_list)
        case list() | tuple():
            yield FieldValue(key, None, None, in_list)
            for element in value:
                yield from _values(key, element, in_list=True)
        case bool():
            yield FieldValue(key, json.dumps(value), None, in_list)
        case int() | float():
            yield FieldValue(key, json.dumps(value), value, in_list)
        case _:
            yield FieldValue(key, str(value), None, in_list)


def number_of(text: str) -> int | float | None:
    """The number that a request's value is, written as JSON writes numbers; None where it is none.

    Whole numbers beyond 64 bits, which front matter cannot have, are taken as floating point.
    """
    written = _NUMBER.fullmatch(text)
    if not written:
        return None
    if not (written[2] or written[3]) and int(text) in _WHOLE:
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else None


def condition_sql(condition: FieldCondition, bind: Callable[[object], str]) -> str:
    """The condition over ``posts``; ``bind`` takes a value and gives the placeholder that stands for it."""
    key = bind(condition.key)

    def some(test: str) -> str:
        return f"posts.row IN (SELECT post FROM fields WHERE key = {key} AND {test})"

    def any_equal(values: Sequence[str]) -> str:
        return " OR ".join(_comparison("=", value, bind) for value in values)

    match condition.operator:
        case Operator.EXISTS:
            return some("1") if condition.values == ("true",) else f"NOT {some('1')}"
        case Operator.EQ | Operator.IN:
            return some(f"({any_equal(condition.values)})")
        case Operator.NE:
            return f"NOT {some(f'({any_equal(condition.values)})')}"
        case Operator.CONTAINS:
            (value,) = condition.values
            within = f"instr(text, {bind(value)}) > 0"
            return some(f"CASE WHEN in_list THEN {_comparison('=', value, bind)} ELSE {within} END")
        case _:
            (value,) = condition.values
            return some(_comparison(_SQL_OPERATOR[condition.operator], value, bind))


_SQL_OPERATOR = {Operator.LT: "<", Operator.LTE: "<=", Operator.GT: ">", Operator.GTE: ">="}


def _comparison(sign: str, value: str, bind: Callable[[object], str]) -> str:
    number = number_of(value)
    as_text = f"text {sign} {bind(value)}"
    if number is None:
        return f"({as_text})"
    return f"(CASE WHEN number IS NULL THEN {as_text} ELSE number {sign} {bind(number)} END)"
