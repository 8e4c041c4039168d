"""Front matter: where it stands, and what its values are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.diagnostics import ProblemCode
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, FrontMatter, decode, parse, split
from search_index.settings import Limits

LIMITS = Limits()


def matter(text: str | bytes) -> FrontMatter:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return parse("post.md", split(decode(raw), LIMITS), LIMITS)


def values(text: str) -> Mapping[str, object]:
    return matter(text).values


def yaml_value(written: str) -> object:
    return values(f"---\nkey: {written}\n---\n")["key"]


def error(text: str | bytes) -> ContentError:
    with pytest.raises(ContentError) as refused:
        matter(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "kind", "body", "body_line"),
    [
        ("---\na: 1\n---\nbody\n", Format.YAML, "body\n", 4),
        ("--- \t\na: 1\n---  \nbody", Format.YAML, "body", 4),
        ("---\na: 1\n...\nbody", Format.YAML, "body", 4),
        ("\n\n---\na: 1\n---\nbody", Format.YAML, "body", 6),
        ("\ufeff---\r\na: 1\r\n---\r\nbody\r\n", Format.YAML, "body\n", 4),
        ("---\ra: 1\r---\rbody", Format.YAML, "body", 4),
        ("---\na: 1\n---", Format.YAML, "", 3),
        ("---\n---\nbody", Format.YAML, "body", 3),
        ("+++\na = 1\n+++\nbody", Format.TOML, "body", 4),
        ('{"a": 1}\nbody', Format.JSON, "body", 2),
        ('{"a": 1} body', Format.JSON, " body", 1),
        ('{\n  "a": "}"\n}\n\nbody', Format.JSON, "\nbody", 4),
        ("{% include x %}\nbody", Format.NONE, "{% include x %}\nbody", 1),
        ("{:toc}\n", Format.NONE, "{:toc}\n", 1),
        ("body\n---\nmore\n", Format.NONE, "body\n---\nmore\n", 1),
        ("---- \nbody", Format.NONE, "---- \nbody", 1),
        ("", Format.NONE, "", 1),
    ],
)
def test_a_file_is_cut_where_its_front_matter_ends(text: str, kind: Format, body: str, body_line: int) -> None:
    parts = split(decode(text.encode()), LIMITS)
    assert (parts.format, parts.body, parts.body_line) == (kind, body, body_line)


@pytest.mark.parametrize(
    ("raw", "line", "column", "byte"),
    [
        (b"abc\xff", 1, 4, "byte 3"),
        (b"one\r\ntw\xe9o", 2, 3, "byte 7"),
        (b"\xff\xfea\0b\0", 1, 1, "byte 0"),
        (b"a\0b\0c\0", 1, 1, "byte 0"),
    ],
)
def test_what_is_not_utf8_is_refused_by_its_byte(raw: bytes, line: int, column: int, byte: str) -> None:
    refused = error(raw)
    assert (refused.code, refused.line, refused.column) == (ProblemCode.NOT_UTF8, line, column)
    assert byte in refused.message


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"),
        ("'5'", "5"),
        ("5", 5),
        ("-5", -5),
        ("1.5", 1.5),
        ("1.10", 1.1),
        ("1.5e3", 1500.0),
        ("1e3", "1e3"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("1:59:59", "1:59:59"),
        ("2020-12-02", "2020-12-02"),
        ("2020-12-02 07:37:00 -0400", "2020-12-02 07:37:00 -0400"),
        ("2024-02-30", "2024-02-30"),
        ("true", True),
        ("Yes", True),
        ("off", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("[a, 1, [b]]", ["a", 1, ["b"]]),
        ("{a: {b: c}}", {"a": {"b": "c"}}),
        ("{1: x, ~: y, true: z}", {"1": "x", "~": "y", "true": "z"}),
        ("!!str 5", "5"),
        ("!!binary aGk=", "aGk="),
        ("!!set {a, b}", {"a": None, "b": None}),
        ("!ruby/object:Gem {a: 1}", {"a": 1}),
        ("!!python/object/apply:os.system [id]", ["id"]),
        (">\n  folded\n  text", "folded text\n"),
        ("|\n  kept\n  lines\n", "kept\nlines\n"),
        ("9223372036854775807", 9223372036854775807),
    ],
)
def test_yaml_values_are_json_and_dates_stay_as_written(written: str, value: object) -> None:
    assert yaml_value(written) == value
    assert type(yaml_value(written)) is type(value)


def test_the_text_of_scalars_is_kept_beside_their_values() -> None:
    found = matter("---\nversion: 1.10\ntags: [1.10, no, b]\nmixed: [a, [b]]\n---\n")
    assert found.values["tags"] == [1.1, False, "b"]
    assert found.written == {"version": "1.10", "tags": ["1.10", "no", "b"]}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("---\na: 1\n", ProblemCode.FRONT_MATTER_UNCLOSED, 1, 1),
        ("+++\na = 1\n---\n", ProblemCode.FRONT_MATTER_UNCLOSED, 1, 1),
        ('{"a": 1\n', ProblemCode.FRONT_MATTER_UNCLOSED, 1, 1),
        ("---\n- a\n---\n", ProblemCode.FRONT_MATTER_NOT_A_MAP, 2, 1),
        ("---\njust text\n---\n", ProblemCode.FRONT_MATTER_NOT_A_MAP, 2, 1),
        ("---\nx: 1\ntitle: a: b\n---\n", ProblemCode.FRONT_MATTER_INVALID, 3, 9),
        ("---\n\tx: 1\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 1),
        ("---\nx: \x01\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 4),
        ("---\nx: .nan\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 4),
        ("---\nx: -.inf\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 4),
        ("---\nx: 1" + "0" * 5000 + "\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 4),
        ("---\nx: 9223372036854775808\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 1),
        ("---\nx: 1.0e999\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 1),
        ('---\nx: "\\ud800"\n---\n', ProblemCode.FRONT_MATTER_INVALID, 2, 7),
        ("---\n{{ x }}: 1\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 1),
        ("---\n? [a]\n: 1\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 3),
        ("---\na: &x 1\n*x : 1\n---\n", ProblemCode.FRONT_MATTER_INVALID, 3, 1),
        ("---\na: &a [*a]\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 8),
        ("---\na: *none\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 4),
        ("---\n<<: 5\n---\n", ProblemCode.FRONT_MATTER_INVALID, 2, 5),
        ("---\na: 1\n--- b\nc: 1\n---\n", ProblemCode.FRONT_MATTER_INVALID, 3, 1),
        ("---\na = 1\n---\n", ProblemCode.FRONT_MATTER_NOT_A_MAP, 2, 1),
        ("+++\na: 1\n+++\n", ProblemCode.FRONT_MATTER_INVALID, 2, 2),
        ("+++\na = 1\na = 2\n+++\n", ProblemCode.FRONT_MATTER_INVALID, 3, 6),
        ("+++\na = 2024-02-30\n+++\n", ProblemCode.FRONT_MATTER_INVALID, 2, 5),
        ("+++\na = nan\n+++\n", ProblemCode.FRONT_MATTER_INVALID, 2, 1),
        ("+++\na = " + "9" * 5000 + "\n+++\n", ProblemCode.FRONT_MATTER_INVALID, 2, 1),
        ('+++\na = """\n+++\n', ProblemCode.FRONT_MATTER_INVALID, 3, 1),
        ('{"a": NaN}\n', ProblemCode.FRONT_MATTER_INVALID, 1, 1),
        ('{"a": 1e999}\n', ProblemCode.FRONT_MATTER_INVALID, 1, 1),
        ('{"a": "\\ud800"}\n', ProblemCode.FRONT_MATTER_INVALID, 1, 1),
        ('{"\\ud800": 1}\n', ProblemCode.FRONT_MATTER_INVALID, 1, 1),
        ('{"a": 1,\n "b" 2}\n', ProblemCode.FRONT_MATTER_INVALID, 2, 6),
    ],
)
def test_an_error_has_its_line_and_column_in_the_file(text: str, code: ProblemCode, line: int, column: int) -> None:
    refused = error(text)
    assert (refused.code, refused.line, refused.column) == (code, line, column)
    assert refused.hint


ALIAS_BOMB = "---\na: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdef", "bcdefg", strict=True)
)
MERGE_BOMB = "---\na0: &a0 {k: 1}\n" + "".join(
    f"a{level}: &a{level}\n  <<: [*a{level - 1}, *a{level - 1}]\n" for level in range(1, 22)
)


@pytest.mark.parametrize(
    "text",
    [
        ALIAS_BOMB + "---\n",
        MERGE_BOMB + "---\n",
        "---\n" + "[" * 60_000 + "\n---\n",
        "---\n" + "- " * 30_000 + "\n---\n",
        "---\n" + "{a: " * 15_000 + "\n---\n",
        "---\n" + "".join(f"k{number}: v\n" for number in range(5_000)) + "---\n",
        "---\na: &a '" + "x" * 50_000 + "'\nb: [" + "*a, " * 1_000 + "]\n---\n",
        "---\na: '" + "x" * 70_000 + "'\n---\n",
        "+++\n" + "a." * 20_000 + "a = 1\n+++\n",
        "+++\n[" + "a." * 100 + "a]\n+++\n",
        "+++\na = " + "[" * 1_000 + "]" * 1_000 + "\n+++\n",
        "+++\na = [" + "1," * 6_000 + "]\n+++\n",
        '{"a": ' + "[" * 17 + "]" * 17 + "}\n",
        '{"a": [' + "1," * 25_000 + "1]}\n",
        '{"a": "' + "x" * 70_000 + '"}\n',
        '{"a": "' + "x" * 70_000,
    ],
)
def test_a_bomb_is_refused_by_the_limit_it_hits(text: str) -> None:
    refused = error(text)
    assert refused.code is ProblemCode.FRONT_MATTER_LIMIT
    assert "limits." in refused.message
    assert refused.line >= 1


def test_json_nested_beyond_the_parser_is_refused_too() -> None:
    assert error('{"a": ' + "[" * 30_000 + "]" * 30_000 + "}\n").code is ProblemCode.FRONT_MATTER_INVALID


def test_a_million_open_brackets_do_not_end_the_process() -> None:
    roomy = Limits(file_bytes=4_000_000, front_matter_bytes=4_000_000)
    parts = split("---\n" + "[" * 1_000_000 + "\n---\n", roomy)
    with pytest.raises(ContentError):
        parse("post.md", parts, roomy)


def test_anchors_aliases_and_merge_keys_work_as_blogs_use_them() -> None:
    text = """---
base: &base {x: 1, y: 2}
more: &more {y: 3, z: 4}
one:
  y: 9
  <<: *base
all:
  <<: [*base, *more]
list: [*base]
---
"""
    found = values(text)
    assert found["one"] == {"x": 1, "y": 9}
    assert found["all"] == {"x": 1, "y": 2, "z": 4}
    assert found["list"] == [{"x": 1, "y": 2}]


@pytest.mark.parametrize("key", ["&k key", "key"])
def test_an_anchored_key_can_be_used_again(key: str) -> None:
    again = "*k" if key.startswith("&") else "key"
    assert values(f"---\n{key}: 1\nother: {again}\n---\n")["other"] == "key"


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ("title: one", "title: two", "two"),
        ("draft: true", "draft: false", True),
        ("draft: false", "draft: true", True),
        ("published: false", "published: true", False),
        ("published: true", "published:", None),
        ("published:", "published: true", None),
    ],
)
def test_of_a_key_given_twice_the_last_counts_or_the_one_that_hides(first: str, second: str, counts: object) -> None:
    found = matter(f"---\n{first}\n{second}\n---\n")
    assert list(found.values.values()) == [counts]
    assert [(problem.code, problem.line, problem.column) for problem in found.problems] == [
        (ProblemCode.DUPLICATE_KEY, 3, 1)
    ]


def test_a_key_given_twice_in_json_is_reported_too() -> None:
    found = matter('{"draft": true,\n "draft": false}\n')
    assert found.values == {"draft": True}
    assert [(problem.line, problem.column) for problem in found.problems] == [(2, 2)]


def test_toml_and_json_values_are_the_same_model() -> None:
    toml = '+++\ntitle = "x"\ndate = 2020-01-02T03:04:05Z\nday = 2020-01-02\nat = 03:04:05\n[[a]]\nb = [1.5]\n+++\n'
    assert values(toml) == {
        "title": "x",
        "date": "2020-01-02T03:04:05+00:00",
        "day": "2020-01-02",
        "at": "03:04:05",
        "a": [{"b": [1.5]}],
    }
    assert matter(toml).lines["date"] == (3, 1)
    assert values('{"title": "x", "a": {"b": null}}\n') == {"title": "x", "a": {"b": None}}


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), json_values, max_size=5)
)
def test_json_front_matter_is_what_was_written(written: dict[str, Any]) -> None:
    keys = {key.casefold() for key in written}
    text = json.dumps(written)
    if keys:
        assert values(text + "\nbody") == written


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"---\n{text}\n---\n".encode("utf-8", "replace"))
)
def test_any_bytes_give_json_values_or_a_content_error(raw: bytes) -> None:
    try:
        found = matter(raw)
    except ContentError:
        return
    json.dumps(found.values, allow_nan=False).encode()
