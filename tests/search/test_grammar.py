"""What a person types, and how it is read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_index.engines.port import Clause, Phrase, Restriction, TextField, Token
from search_index.grammar import MAX_CHARACTERS, MAX_LANGUAGES, Prefix, QueryClause, expand, parse_query
from search_index.query import FacetField, PostFilters

TITLE = (TextField.TITLE,)


@pytest.mark.parametrize(
    ("typed", "clauses"),
    [
        ("red fox", [QueryClause("red"), QueryClause("fox")]),
        ('"red fox" dog', [QueryClause("red fox", phrase=True), QueryClause("dog")]),
        ("“red fox”", [QueryClause("red fox", phrase=True)]),
        ('dog"red fox"cat', [QueryClause("dog"), QueryClause("red fox", phrase=True), QueryClause("cat")]),
        ("-fox", [QueryClause("fox", excluded=True)]),
        ('-"red fox"', [QueryClause("red fox", phrase=True, excluded=True)]),
        ("--fox", [QueryClause("fox", excluded=True)]),
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
        ("x" * 600, 1, ("x" * 79 + "…",)),
        (("a" * 60 + '"b"') * 2 + " ".join(["c" * 60] * 6) + " " + "d" * 20, 10, ("d" * 20,)),
        ("(" * 10_000, 0, ("(" * 79 + "…",)),
    ],
)
def test_what_goes_beyond_the_limits_is_named(typed: str, kept: int, ignored: tuple[str, ...]) -> None:
    parsed = parse_query(typed)
    assert len(parsed.clauses) == kept or typed.startswith("xxx")
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
    assert again.ignored == ()
    assert len(parsed.interpreted) <= MAX_CHARACTERS
    expanded = expand(parsed, PostFilters(), ("en", "de", "zh"))
    assert expanded == expand(again, PostFilters(), ("en", "de", "zh"))
    tokens = [
        token
        for clause in (*expanded.must, *expanded.must_not)
        for row in clause.alternatives
        for token in ((row.text,) if isinstance(row, Token) else row.tokens)
    ]
    assert len(tokens) <= 2_048
    for token in tokens:
        token.encode()


def test_words_become_clauses_in_every_language_of_the_site() -> None:
    expanded = expand(parse_query("Häuser"), PostFilters(), ("en", "de", "en"))
    assert expanded.must == (Clause((Token("hauser"), Token("haus"))),)


def test_a_site_of_many_languages_asks_in_the_first_ones() -> None:
    languages = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "fi", "ru")
    few = expand(parse_query("organisationen"), PostFilters(), languages[:MAX_LANGUAGES])
    assert expand(parse_query("organisationen"), PostFilters(), languages) == few


def test_a_site_without_languages_is_searched_unstemmed() -> None:
    assert expand(parse_query("running"), PostFilters(), ()).must == (Clause((Token("running"),)),)


def test_a_prefix_is_searched_as_the_word_until_it_is_expanded() -> None:
    assert expand(parse_query("runn*"), PostFilters(), ("en",)).must == (Clause((Token("runn"),)),)


def test_phrases_titles_and_exclusions_are_asked_as_such() -> None:
    expanded = expand(parse_query('"red foxes" title:"red fox" -title:dogs'), PostFilters(), ("en",))
    assert expanded.must == (
        Clause((Phrase(("red", "fox"), (0, 1)),)),
        Clause((Phrase(("red", "fox"), (0, 1), TITLE),)),
    )
    assert expanded.must_not == (Clause((Token("dog", TITLE),)),)


def test_named_terms_restrict_beside_the_filters() -> None:
    filters = PostFilters(tags=("css",), year=2024)
    expanded = expand(parse_query('fox tag:"C++" -category:Dev/Web%20Design author:Ann'), filters, ("en",))
    assert expanded.filters == filters
    assert expanded.restrictions == (
        Restriction(FacetField.TAG, "c-plus-plus"),
        Restriction(FacetField.CATEGORY, "dev/web-20design", excluded=True),
        Restriction(FacetField.AUTHOR, "ann"),
    )
    assert len(expanded.must) == 1


def test_a_query_of_signs_finds_nothing() -> None:
    assert expand(parse_query("?!"), PostFilters(), ("en",)).must == (Clause(()),)


def test_a_query_that_only_restricts_asks_for_no_word() -> None:
    assert expand(parse_query("tag:python"), PostFilters(), ("en",)).must == ()
