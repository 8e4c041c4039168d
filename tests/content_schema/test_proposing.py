"""What is proposed as a site's schema, from the front matter of its files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.content_schema import parse_content_schema
from search_index.content_schema.checking import SchemaCheck
from search_index.content_schema.observing import Example
from search_index.content_schema.proposing import Proposal, propose, summary


def proposed(*front_matters: dict[str, Any], strict: bool = False, drafts: tuple[dict[str, Any], ...] = ()) -> Proposal:
    public = [Example(f"{number:03}.md", values) for number, values in enumerate(front_matters)]
    hidden = [Example(f"draft-{number}.md", values, public=False) for number, values in enumerate(drafts)]
    return propose([*public, *hidden], strict=strict)


def of_key(key: str, *values: object, strict: bool = False) -> dict[str, Any]:
    """What is proposed for a key that has these values, without its description."""
    schema: dict[str, Any] = proposed(*({key: value} for value in values), strict=strict).schema["properties"][key]
    del schema["description"]
    return schema


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        (["a", "b"], {"type": "string"}),
        ([1, 2], {"type": "integer"}),
        ([1, 2.5], {"type": "number"}),
        ([True, False], {"type": "boolean"}),
        (["a", None], {"type": ["string", "null"]}),
        (["a", 1], {"type": ["string", "integer"]}),
        ([["a"], []], {"type": "array", "items": {"type": "string"}}),
        ([[]], {"type": "array", "items": {}}),
        (["a", ["b"]], {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
        (["2024-05-28", "2024-02-29"], {"type": "string", "format": "date"}),
        (["2024-05-28", "2023-02-29"], {"type": "string"}),
        (["2024-05-28T10:00:00Z", "2024-05-28T10:00:00.5+02:00"], {"type": "string", "format": "date-time"}),
        (["2024-05-28", "2024-05-28T10:00:00Z"], {"type": "string"}),
        (["2024-05-28 10:00:00 +0200"], {"type": "string"}),
        (
            [{"url": "a", "width": 1}, {"url": "b"}],
            {
                "type": "object",
                "properties": {"url": {"type": "string"}, "width": {"type": "integer"}},
                "required": ["url"],
            },
        ),
        (
            [{f"k{number % 10}": number, f"k{number % 11}": number} for number in range(40)],
            {"type": "object", "additionalProperties": {"type": "integer"}},
        ),
    ],
)
def test_the_kinds_of_values_that_occur_are_proposed(values: list[object], schema: dict[str, Any]) -> None:
    assert of_key("key", *values) == schema


def test_a_key_is_required_where_every_file_has_it_and_says_in_how_many_it_stands() -> None:
    schema = proposed({"title": "A", "lang": "en"}, {"title": "B"}).schema
    assert schema["required"] == ["title"]
    assert schema["properties"]["title"]["description"] == "In each of 2 public posts and pages"
    assert schema["properties"]["lang"]["description"] == "In 1 of 2 public posts and pages"
    assert schema["additionalProperties"] is True


@pytest.mark.parametrize(
    ("values", "members"),
    [
        (["open", "done"] * 10, ["done", "open"]),
        (["open", "done", None, None] * 10, ["done", "open", None]),
        (["open", "done"] * 9, None),  # too few files
        (["open"] * 30, None),  # which others there may be is not known
        ([*["open", "done"] * 10, "late"], None),  # once
        ([str(number % 9) for number in range(40)], None),  # too many
        (["x" * 41, "y"] * 20, None),  # prose
        ([["open"], ["done"]] * 20, None),  # lists grow
    ],
)
def test_a_small_set_of_short_texts_that_are_often_seen_is_closed(
    values: list[object], members: list[object] | None
) -> None:
    assert of_key("status", *values).get("enum") == members


def test_tags_categories_authors_and_series_are_never_a_closed_set() -> None:
    assert of_key("author", *["Ann", "Bo"] * 20) == {"type": "string"}


def test_a_rare_kind_is_told_and_allowed_unless_strict() -> None:
    posts: list[dict[str, Any]] = [{"title": f"Post {number}"} for number in range(500)]
    posts[7]["title"] = 1984
    lenient, strict = proposed(*posts), proposed(*posts, strict=True)
    assert lenient.remarks == ("title: a whole number in 1 of 500 files, elsewhere text: 007.md",)
    assert strict.remarks == lenient.remarks
    assert lenient.schema["properties"]["title"]["type"] == ["string", "integer"]
    assert strict.schema["properties"]["title"]["type"] == "string"


def test_a_text_that_is_no_date_among_dates_is_told() -> None:
    posts: list[dict[str, Any]] = [{"date": f"2024-01-{1 + number % 28:02}"} for number in range(100)]
    posts[9]["date"] = "2024-02-30"
    lenient, strict = proposed(*posts), proposed(*posts, strict=True)
    assert lenient.remarks == strict.remarks == ("date: no date in 1 of 100 files, elsewhere a date: 009.md",)
    assert "format" not in lenient.schema["properties"]["date"]
    assert strict.schema["properties"]["date"]["format"] == "date"


def test_a_misspelt_member_and_a_misspelt_key_are_told_and_left_out_by_strict() -> None:
    posts: list[dict[str, Any]] = [{"status": ("open", "done")[number % 2], "title": "x" * 50} for number in range(120)]
    posts[3]["status"] = "opne"
    posts[4]["titel"] = posts[4].pop("title")
    strict = proposed(*posts, strict=True)
    assert strict.remarks == (
        "status: 'opne' in 1 of 120 files, elsewhere one of 'done', 'open': 003.md",
        "titel: in 1, title in 119 files; is it the same: 004.md",
    )
    assert strict.schema["properties"]["status"]["enum"] == ["done", "open"]
    assert list(strict.schema["properties"]) == ["status", "title"]
    assert "titel" in proposed(*posts).schema["properties"]


def test_what_only_drafts_have_is_told_to_the_author_and_not_written_down() -> None:
    public: tuple[dict[str, Any], ...] = tuple({"status": ("a", "b")[number % 2], "n": 1} for number in range(40))
    found = proposed(*public, drafts=({"status": "takeover", "n": "x", "merger": "Acme"},))
    assert "takeover" not in json.dumps(found.schema)
    assert "merger" not in json.dumps(found.schema)
    assert "of 40 public" in found.schema["properties"]["n"]["description"]
    assert found.schema["properties"]["n"]["type"] == ["string", "integer"], "a draft may have what it has"
    assert any("merger" in remark for remark in found.remarks)


def test_a_summary_has_a_line_a_key() -> None:
    schema = proposed({"title": "A", "cover": {"url": "x"}}, {"title": "B", "cover": "y"}).schema
    assert list(summary(schema)) == [
        "cover  text or a map  required  In each of 2 public posts and pages",
        "title  text           required  In each of 2 public posts and pages",
    ]


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["a", "b", "2024-05-28", "2024-05-28T10:00:00Z", "$ref", ""])
    | st.text(max_size=8)
)
KEYS = st.sampled_from(["title", "tags", "$ref", "properties", "*", "[]"]) | st.text(max_size=6)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=12), max_leaves=12
)
SITES = st.lists(st.tuples(st.dictionaries(KEYS, VALUES, max_size=6), st.booleans()), max_size=30).map(
    lambda rows: [Example(f"{number}.md", values, public) for number, (values, public) in enumerate(rows)]
)


@given(SITES)
def test_whatever_a_schema_is_proposed_from_follows_it(examples: list[Example]) -> None:
    read = parse_content_schema(json.dumps(propose(examples).schema).encode())
    assert read.problems == ()
    assert read.value is not None
    check = SchemaCheck(read.value)
    for example in examples:
        public = {key: value for key, value in example.front_matter.items() if not key.startswith("_")}
        assert check.violations(public) == ()


@given(SITES.flatmap(lambda examples: st.tuples(st.just(examples), st.permutations(examples))))
def test_the_order_of_the_files_does_not_matter(orders: tuple[list[Example], list[Example]]) -> None:
    one, other = (propose(examples) for examples in orders)
    assert json.dumps(one.schema) == json.dumps(other.schema)
    assert one.remarks == other.remarks
