"""What a person types, and how it is read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_index.grammar import MAX_CHARACTERS, Prefix, QueryClause, parse_query


@pytest.mark.parametrize(
    ("typed", "clauses"),
    [
        ("red fox", [QueryClause("red"), QueryClause("fox")]),
        ('"red fox" dog', [QueryClause("red fox", phrase=True), QueryClause("dog")]),
        ("“red fox”", [QueryClause("red fox", phrase=True)]),
        ('dog"red fox"cat', [QueryClause("dog"), QueryClause("red fox", phrase=True), QueryClause("cat")]),
        ("-fox", [QueryClause("fox", excluded=True)]),
        ('-"red fox"', [QueryClause("red fox", phrase=True, excluded=True)]),
        ("--dry-run", [QueryClause("dry-run")]),
        ("red-fox", [QueryClause("red-fox")]),
        ("red - fox", [QueryClause("red"), QueryClause("fox")]),
        ("title:fox", [QueryClause("fox", prefix=Prefix.TITLE)]),
        ('-title:"red fox"', [QueryClause("red fox", phrase=True, prefix=Prefix.TITLE, excluded=True)]),
        ("tag:python", [QueryClause("python", prefix=Prefix.TAG)]),
        ('Tag:"Machine  Learning"', [QueryClause("Machine Learning", prefix=Prefix.TAG)]),
        ("category:Dev/Web", [QueryClause("Dev/Web", prefix=Prefix.CATEGORY)]),
        ("-author:ann", [QueryClause("ann", prefix=Prefix.AUTHOR, excluded=True)]),
        ("pyth*", [QueryClause("pyth", starts=True)]),
        ("title:pyth**", [QueryClause("pyth", prefix=Prefix.TITLE, starts=True)]),
        ("c++ c# .net node.js", [QueryClause("c++"), QueryClause("c#"), QueryClause(".net"), QueryClause("node.js")]),
        ('"lone quote', [QueryClause("lone"), QueryClause("quote")]),
        ('lone" quote', [QueryClause("lone"), QueryClause("quote")]),
        ('-"fox', [QueryClause("fox", excluded=True)]),
        ('""', []),
        ('tag:""', []),
        ("title:", [QueryClause("title")]),
        ('title:"', [QueryClause("title")]),
        ("tag: python", [QueryClause("tag"), QueryClause("python")]),
        ("url:https://x", [QueryClause("url:https://x")]),
        ("fox & dog | (cat)", [QueryClause("fox"), QueryClause("dog"), QueryClause("(cat)")]),
        ("AND OR NOT", [QueryClause("AND"), QueryClause("OR"), QueryClause("NOT")]),
        ("a\x00b\u202e c\ud800", [QueryClause("a"), QueryClause("b"), QueryClause("c")]),
        ("  \n\t ", []),
        ("((((", []),
        ("* ** ?", []),
        ("category:/", []),
        ("", []),
    ],
)
def test_reading(typed: str, clauses: list[QueryClause]) -> None:
    parsed = parse_query(typed)
    assert parsed.clauses == tuple(clauses)
    assert parsed.ignored == ()


@pytest.mark.parametrize(
    ("typed", "kept", "ignored"),
    [
        (" ".join(f"w{n}" for n in range(18)), 16, ("w16", "w17")),
        ('"a b" "c d" "e f" g', 3, ('"e f"',)),
        ('"1 2 3 4 5 6 7 8 9 10"', 1, ("9 10",)),
        ("! " * 50 + "fox", 1, ()),
        ("fox " + "x" * 600, 1, ("x" * 79 + "…",)),
        ("x" * 600, 0, ("x" * 79 + "…", "x" * 79 + "…")),
        ("fox " + "x" * 70, 1, ("x" * 70,)),
        (("a" * 60 + '"b"') * 2 + " ".join(["c" * 60] * 6) + " " + "d" * 20, 10, ("d" * 20,)),
        ("(" * 10_000, 0, ("(" * 79 + "…",)),
    ],
)
def test_what_goes_beyond_the_limits_is_named(typed: str, kept: int, ignored: tuple[str, ...]) -> None:
    parsed = parse_query(typed)
    assert len(parsed.clauses) == kept
    assert parsed.ignored == ignored


def test_the_reading_is_shown_in_one_form() -> None:
    typed = 'Fox  -TAG:"C++ tips"  title:“red fox” py*'
    assert parse_query(typed).interpreted == 'Fox -tag:"C++ tips" title:"red fox" py*'


BRICKS = (
    *('"', "-", "*", ":", "(", "/", "“", " ", "\x00", "\u202e", "\ud800"),
    *("title:", "tag:", "category:", "author:", "fox", "東京", "é", "🦊", "a" * 40),
)
PIECES = st.sampled_from(BRICKS)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
@example('"TITLE:')
@example("a* b* " * 2_000)
@example('a"' * 300)
@example("tag:x " * 40)
@example("(" * 10_000)
def test_nothing_raises_and_the_reading_read_again_is_the_same_query(typed: str) -> None:
    parsed = parse_query(typed)
    again = parse_query(parsed.interpreted)
    assert again.clauses == parsed.clauses
    assert again.is_blank == parsed.is_blank
    assert again.ignored == () or not parsed.clauses
    assert len(parsed.interpreted) <= MAX_CHARACTERS
