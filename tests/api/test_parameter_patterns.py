"""What the document says of a text parameter is what is read: a client that checks values before sending errs in nothing."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.openapi import openapi_parameters
from api.parameters import ChangesParameters, ListParameters, Parameters, ResolveParameters, SitemapParameters
from api.problems import ParameterProblem

MODELS: tuple[type[Parameters], ...] = (ChangesParameters, ResolveParameters, ListParameters)
SCHEMAS: dict[str, dict[str, Any]] = {
    row["name"]: row["schema"] for model in MODELS for row in openapi_parameters(model)
}
BLANK = r" \t\n\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def pattern(schema: dict[str, Any]) -> re.Pattern[str]:
    """As ECMAScript reads it, whose ``\\s`` is another than Python's. Source: ECMA-262, WhiteSpace and LineTerminator."""
    return re.compile(schema["pattern"].replace(r"[\s\S]", "(?s:.)").replace(r"\s", BLANK))


VALUES = pattern(SCHEMAS["tag"]["items"])
CONDITION = pattern(SCHEMAS["where"]["items"])
INSTANT = pattern(SCHEMAS["published_after"])
PATH = pattern(SCHEMAS["path"])
SINCE = pattern(SCHEMAS["since"])


def complaints(name: str, *values: str) -> list[str]:
    """What reading these values of the parameter complains of."""
    model = next(model for model in reversed(MODELS) if name in model.known())
    try:
        model.read(urlencode([(name, value) for value in values]).encode())
    except ParameterProblem as problem:
        return [error.message for error in problem.errors]
    return []


@given(st.text("a,/ \t\x1c\x85\u3000"))
@example("/ /")
@example("\x1f")
def test_values_with_commas_between_them_none_of_them_blank(text: str) -> None:
    assert bool(VALUES.search(text)) == (complaints("tag", text) == []), text


@pytest.mark.parametrize("text", ["a", "a,b", " a , b", "dev/python", "/a", "C++", "日本"])
def test_values_that_are_read(text: str) -> None:
    assert VALUES.search(text)
    assert complaints("category", text) == []


@pytest.mark.parametrize("text", ["", ",", "a,", ",a", "a,,b", " ", "/", "a, ,b"])
def test_values_that_are_refused(text: str) -> None:
    assert not VALUES.search(text)
    assert complaints("category", text) != []


PARTS = st.sampled_from(
    ["rating", "a", "", " ", "\x85", "eq", "ne", "gte", "in", "contains", "exists", "true", "false", "4"]
)


@given(st.lists(PARTS, max_size=5).map(":".join))
@example("\x85:eq:0")
@example("rating:exists: ")
def test_conditions(text: str) -> None:
    if CONDITION.search(text):
        first_counts = re.search(
            "exists.*:(?:eq|ne|gte|in|contains|exists)", text
        )  # a later operator is part of the value
        assert complaints("where", text) == [] or first_counts, text
    elif text.partition(":")[0].strip():  # a key that begins with a colon is nobody's
        assert complaints("where", text) != [], text


@given(st.from_regex(INSTANT, fullmatch=True))
def test_instants_as_the_document_has_them(text: str) -> None:
    assert {told.rpartition(": ")[2] for told in complaints("published_after", text)} <= {
        "there is no such date or time"
    }


@given(st.text("0123456789-T:+Z. "), st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:]{8}[Z+]?)?", fullmatch=True))
def test_no_other_instants(text: str, date: str) -> None:
    for given_text in (text, date):
        assert INSTANT.search(given_text) or complaints("published_after", given_text) != []


@pytest.mark.parametrize("text", ["2024-05-28", "2024-05-28T23:00:00+02:00", "2024-05-28 23:00:00.123456789z"])
def test_instants_that_are_read(text: str) -> None:
    assert INSTANT.search(text)
    assert complaints("published_after", text) == []


def test_so_many_values_and_no_more() -> None:
    most = SCHEMAS["tag"]["maxItems"]
    assert complaints("tag", *map(str, range(most))) == []
    assert complaints("tag", *map(str, range(most + 1))) != []


@given(st.text(" \t/a\x85"))
@example("\x1c")
def test_a_path_is_not_blank(text: str) -> None:
    assert bool(PATH.search(text)) == (complaints("path", text) == [])


@pytest.mark.parametrize("model", [*MODELS, SitemapParameters])
def test_whole_numbers_have_their_bounds(model: type[Parameters]) -> None:
    for row in openapi_parameters(model):
        if row["schema"].get("type") == "integer":
            assert {"minimum", "maximum"} <= row["schema"].keys() <= {"type", "minimum", "maximum", "default"}, row
