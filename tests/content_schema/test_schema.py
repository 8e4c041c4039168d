"""``content.schema``: what is taken for one, what is refused and where, and what never can hold anything up."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.content_schema import ContentSchema, parse_content_schema, read_content_schema
from search_index.content_schema.checking import MAX_PATTERN_TEXT, MOST_TOLD, SchemaCheck

LARGE = b'{"title": "' + b"x" * 1024 * 1024 + b'"}'
DEEP = b'{"not": ' * 40 + b"{}" + b"}" * 40


def written(schema: object) -> bytes:
    return json.dumps(schema, indent=1).encode()


def nested(keyword: str, times: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(times):
        schema = {keyword: schema}
    return schema


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (b"", 1, "no JSON"),
        (b'{\n"type": object}', 2, "no JSON"),
        (b"[]", 1, "no JSON object"),
        (b"true", 1, "no JSON object"),
        (b'{\n"title": "\xff"}', 2, "not UTF-8"),
        (b'{"minimum": NaN}', 0, "NaN"),
        (b'{"minimum": 1e999}', 0, "no JSON"),
        (b'{"title": "\\ud800"}', 0, "surrogate"),
        (b'{"type": "object", "type": "object"}', 0, "'type' stands twice"),
        (LARGE, 0, "longer than 262144 bytes"),
        (DEEP, 0, "deeper than 32"),
        (b"[" * 100_000, 0, "deeper than 32"),
        (b'{\n"properties": {\n"n": {\n"type": "int"}}}', 4, "properties.n.type"),
        (b'{\n"type": "array"}', 2, "front matter is a map"),
        (b'{\n"$schema": "http://json-schema.org/draft-07/schema#"}', 2, "another draft"),
        (b'{\n"properties": {\n"a": {"$ref": "https://example.org/x.json"}}}', 3, "leads to nothing"),
        (b'{"$ref": "other.json#/$defs/a", "$defs": {"a": {}}}', 1, "leads to nothing"),
        (b'{"$ref": "#/properties/a", "properties": {"a": {}}}', 1, "leads to nothing"),
        (b'{"$ref": "#/$defs/gone"}', 1, "leads to nothing"),
        (b'{"properties": {"a": {"$id": "https://example.org/"}}}', 1, "$id is not read here"),
        (b'{"$dynamicRef": "#meta"}', 1, "$dynamicRef is not read here"),
        (b'{"$ref": "#"}', 0, "refers to itself"),
        (b'{"$ref": "#/$defs/a", "$defs": {\n"a": {"allOf": [{"$ref": "#/$defs/a"}]}}}', 0, "refers to itself"),
        (b'{\n"pattern": "(?=a)b"}', 2, "pattern"),
        (b'{"patternProperties": {"(a+": {}}}', 1, "patternProperties"),
    ],
)
def test_what_is_no_schema_is_one_problem_at_its_line(raw: bytes, line: int, said: str) -> None:
    read = parse_content_schema(raw)
    assert read.value is None
    (problem,) = read.problems
    assert (problem.file, problem.line, problem.code, problem.severity) == (
        "content.schema",
        line,
        "content_schema_invalid",
        "error",
    )
    assert said in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"properties": {"$ref": {"type": "string"}, "enum": {"enum": [{"$ref": "nowhere"}]}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"inner": {"$ref": "#/$defs/a"}}}}},
        {"properties": {"tree": {"items": {"$ref": "#"}}}},
        {"properties": {"a": {"$ref": "#/$defs/a~1b%20c"}}, "$defs": {"a/b c": True}},
        nested("not", 31),
        nested("items", 31),
    ],
)
def test_what_is_a_schema_is_taken_as_it_is(schema: dict[str, Any]) -> None:
    read = parse_content_schema(written({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}))
    assert read == ContentSchema(schema)
    assert ContentSchema.from_json(read.to_json()) == read
    SchemaCheck(schema).violations({"tree": [], "a": 1, "inner": {"inner": {}}})


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["$ref", "$defs", "allOf", "not", "properties", "items", "type", "pattern", "required"]
                ),
                inner,
                max_size=4,
            )
        ),
    ).map(written)
)
def test_any_bytes_are_a_schema_or_a_problem(raw: bytes) -> None:
    read = parse_content_schema(raw)
    assert (read.value is None) is bool(read.problems)
    if read.value is not None:
        SchemaCheck(read.value).violations({"a": [1, {"b": "c"}], "items": None})


def test_what_names_a_private_field_is_taken_out_at_any_depth() -> None:
    schema = {
        "required": ["title", "Budget", "_note"],
        "properties": {
            "title": {"type": "string"},
            "budget": {"type": "integer"},
            "cover": {"properties": {"_source": {}, "url": {}}, "required": ["_source", "url"]},
        },
        "dependentRequired": {"title": ["budget"], "_note": ["title"]},
    }
    assert parse_content_schema(written(schema), ("budget",)).value == {
        "required": ["title"],
        "properties": {"title": {"type": "string"}, "cover": {"properties": {"url": {}}, "required": ["url"]}},
        "dependentRequired": {"title": []},
    }


@pytest.mark.parametrize(
    "raw",
    [
        b'{"properties": {"budget": {"type": "int"}, "n": {"type": "int"}}}',
        b'{"properties": {"budget": {}, "budget": {}}}',
        b'{"properties": {"_budget": {"$ref": "gone"}, "n": {"$ref": "gone"}}}',
        b'{"required": ["budget", 1]}',
        b'{"dependentRequired": {"n": ["budget", 1]}, "properties": []}',
    ],
)
def test_a_problem_of_a_schema_names_no_private_field(raw: bytes) -> None:
    (problem,) = parse_content_schema(raw, ("Budget",)).problems
    assert "budget" not in problem.message


def test_a_folder_without_one_has_none_and_a_link_is_not_followed(tmp_path: Path) -> None:
    assert read_content_schema(tmp_path) == ContentSchema()
    (tmp_path / "content.schema").symlink_to("/etc/hostname")
    (problem,) = read_content_schema(tmp_path).problems
    assert "no regular file" in problem.message


def test_one_that_may_not_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "content.schema").write_bytes(b"{}")

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    (problem,) = read_content_schema(tmp_path).problems
    assert "cannot be read" in problem.message


@pytest.mark.parametrize(
    ("schema", "value", "message"),
    [
        ({"type": "integer"}, "five", 'key should be a whole number, and is "five"'),
        ({"type": ["string", "null"]}, [1], "key should be text or empty, and is a list"),
        ({"type": "integer"}, True, "key should be a whole number, and is true"),
        ({"enum": ["a", "b"]}, "c", 'key should be one of "a", "b", and is "c"'),
        ({"const": "a"}, None, 'key should be "a", and is empty'),
        ({"format": "date"}, "2023-02-29", 'key should be a date such as 2024-05-28, and is "2023-02-29"'),
        (
            {"format": "date-time"},
            "2024-05-28 10:00",
            'key should be a date and time such as 2024-05-28T23:23:39-05:00, and is "2024-05-28 10:00"',
        ),
        ({"items": {"type": "string"}}, ["a", 1], "key[1] should be text, and is 1"),
        ({"properties": {"a": {"type": "string"}}}, {"a": 1}, "key.a should be text, and is 1"),
        ({"required": ["a", "b"]}, {}, "key: 'a', 'b' are missing"),
        ({"required": ["a", "b"]}, {"a": 1}, "key: 'b' is missing"),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1}, "key: 'b' is not among the known keys"),
        ({"additionalProperties": {"type": "string"}}, {"b": 1}, "key.b should be text, and is 1"),
        ({"patternProperties": {"^x": {"type": "string"}}}, {"xa": 1, "a": 1}, "key.xa should be text, and is 1"),
        ({"pattern": "^[a-z]{2}$"}, "eng", "key: does not match the pattern '^[a-z]{2}$'"),
        ({"pattern": "a"}, "a" * (MAX_PATTERN_TEXT + 1), "key: has more than the 1000 characters"),
        ({"uniqueItems": True}, [{"a": 1}, {"a": 1.0}], "key: has an item twice"),
        ({"anyOf": [{"type": "string"}, {"type": "array"}]}, 1, "key should be text or a list, and is 1"),
        ({"anyOf": [{"type": "string"}, {"minLength": 3, "maxLength": 4}, {"minimum": 5}]}, "", None),
        (
            {"oneOf": [{"type": "string"}, {"minimum": 5}]},
            1,
            "key should be of a form that the schema allows, and is 1",
        ),
        ({"minimum": 5}, 3, "key: 3 is less than the minimum of 5"),
        ({"multipleOf": 10**400}, 1.5, "a number cannot be compared"),
    ],
)
def test_a_breach_says_where_what_should_be_and_what_is(schema: object, value: object, message: str | None) -> None:
    read = parse_content_schema(written({"properties": {"key": schema}}))
    assert read.value is not None, read.problems
    found = [violation.message for violation in SchemaCheck(read.value).violations({"key": value})]
    assert len(found) == (message is not None)
    assert not message or found[0].startswith(message)


def test_many_breaches_of_one_file_are_counted() -> None:
    found = SchemaCheck({"additionalProperties": {"type": "string"}}).violations({f"k{n:02}": n for n in range(50)})
    assert len(found) == MOST_TOLD + 1
    assert found[-1].message == "30 more values are not as they should be"


@pytest.mark.parametrize(
    "schema",
    [
        {
            "$ref": "#/$defs/a0",
            "$defs": {**{f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(15)}, "a15": {}},
        },
        {"properties": {"list": {"items": {"items": {"pattern": "(a|a)*(a|a)*(a|a)*b"}}}}},
        {
            "additionalProperties": {"$ref": "#/$defs/tree"},
            "$defs": {"tree": {"anyOf": [*[{"type": "array", "items": {"$ref": "#/$defs/tree"}}] * 2, {"const": 0}]}},
        },
    ],
)
def test_neither_schema_nor_front_matter_can_draw_the_check_out(schema: dict[str, Any]) -> None:
    read = parse_content_schema(written(schema))
    assert read.value is not None, read.problems
    values: dict[str, object] = {"list": [["a" * 500] * 100 for _ in range(100)]}
    (told, *_) = SchemaCheck(read.value).violations(values)
    assert told.message == "checking the front matter takes more steps than are allowed"
