"""Conditions on front matter mean what a plain reading of them says, whatever the values and the conditions are."""

from __future__ import annotations

import operator
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from search_index.front_matter_fields import FieldCondition, Operator, condition_sql, field_values, number_of

_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-3, 12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "4", "4.0", "10", "9", "true", "pen", "a pencil", "Ä", "ä", "%", "1e3", "null"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6),
)
_KEYS = st.sampled_from(["a", "b", "a.b", "c"])
_FRONT_MATTER = st.dictionaries(
    _KEYS,
    st.recursive(
        _SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["b", "c"]), inner, max_size=2),
        max_leaves=6,
    ),
    max_size=3,
)
_VALUES = st.one_of(
    st.sampled_from(["4", "4.0", "04", "10", "9", "-0", "1e3", "true", "pen", "ä", "%", "", "1e999", "9" * 30]),
    st.integers(-3, 12).map(str),
    st.text(st.characters(codec="utf-8"), max_size=4),
)
_CONDITIONS = st.one_of(
    st.builds(
        lambda key, sign, value: FieldCondition(key, sign, (value,)),
        st.sampled_from(["a", "b", "a.b", "a.c", "c.b", "none"]),
        st.sampled_from([op for op in Operator if op not in (Operator.IN, Operator.EXISTS)]),
        _VALUES,
    ),
    st.builds(
        lambda key, values: FieldCondition(key, Operator.IN, tuple(values)), _KEYS, st.lists(_VALUES, min_size=1)
    ),
    st.builds(
        lambda key, there: FieldCondition(key, Operator.EXISTS, (there,)), _KEYS, st.sampled_from(["true", "false"])
    ),
)


def _at(value: object, path: list[str], *, listed: bool = False) -> Iterator[tuple[object, bool]]:
    """What stands at a path: each value, and whether it is an element of a list."""
    if isinstance(value, list):
        if not path:
            yield value, listed
        for element in value:
            yield from _at(element, path, listed=True)
    elif not path:
        yield value, listed
    elif isinstance(value, dict):
        for length in range(1, len(path) + 1):
            if (key := ".".join(path[:length])) in value:
                yield from _at(value[key], path[length:], listed=listed)


_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: operator.eq,
    Operator.LT: operator.lt,
    Operator.LTE: operator.le,
    Operator.GT: operator.gt,
    Operator.GTE: operator.ge,
}


def _compares(value: object, sign: Operator, wanted: str) -> bool:
    if isinstance(value, dict | list):
        return False
    number = number_of(wanted)
    if number is not None and isinstance(value, int | float) and not isinstance(value, bool):
        return _COMPARE[sign](value, number)
    return _COMPARE[sign](_text(value), wanted.encode())


def _text(value: object) -> bytes:
    if isinstance(value, bool):
        return b"true" if value else b"false"
    return str(value).encode()


def _holds(front_matter: dict[str, object], condition: FieldCondition) -> bool:
    there = [row for row in _at(front_matter, condition.key.split(".")) if row[0] is not None]
    match condition.operator:
        case Operator.EXISTS:
            return bool(there) == (condition.values == ("true",))
        case Operator.EQ | Operator.IN:
            return any(_compares(value, Operator.EQ, wanted) for value, _ in there for wanted in condition.values)
        case Operator.NE:
            return not any(_compares(value, Operator.EQ, condition.values[0]) for value, _ in there)
        case Operator.CONTAINS:
            (wanted,) = condition.values
            return any(
                _compares(value, Operator.EQ, wanted)
                if listed
                else not isinstance(value, dict | list) and wanted.encode() in _text(value)
                for value, listed in there
            )
        case _:
            return any(_compares(value, condition.operator, condition.values[0]) for value, _ in there)


@given(front_matter=_FRONT_MATTER, condition=_CONDITIONS)
def test_a_condition_holds_exactly_where_a_plain_reading_says(
    front_matter: dict[str, object], condition: FieldCondition
) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE posts (row INTEGER PRIMARY KEY)")
    connection.execute("INSERT INTO posts VALUES (1)")
    connection.execute("CREATE TABLE fields (post INTEGER, key TEXT, text TEXT, number, in_list INTEGER)")
    connection.executemany(
        "INSERT INTO fields VALUES (1, ?, ?, ?, ?)",
        [(field.key, field.text, field.number, field.in_list) for field in field_values(front_matter)],
    )
    values: dict[str, object] = {}

    def bind(value: object) -> str:
        values[f"v{len(values)}"] = value
        return f":v{len(values) - 1}"

    sql = f"SELECT row FROM posts WHERE {condition_sql(condition, bind)}"  # noqa: S608  # what is tested
    found = connection.execute(sql, values).fetchall()
    connection.close()
    assert bool(found) == _holds(front_matter, condition)


def test_numbers_are_those_of_json() -> None:
    assert [number_of(text) for text in ("4", "-4", "4.50", "1e3", "9" * 20)] == [4, -4, 4.5, 1000.0, 1e20]
    for text in ("", "04", "+4", ".5", "4.", "1e999", "NaN", "Infinity", "0x10", "1_000", "٣", " 4", "4\n"):
        assert number_of(text) is None, text
