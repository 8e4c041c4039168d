"""What an engine is asked for what a person typed."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_index.engines.port import Clause, ExpandedQuery, Phrase, Restriction, TextField, Word
from search_index.engines.whoosh.searching import CLAUSE_BUDGET
from search_index.expansion import MAX_LANGUAGES, Match, corrected_query, without_corrections
from search_index.grammar import parse_query
from search_index.query import FacetField, PostFilters
from search_index.relevance import SearchSettings
from tests.search.expanding import expand, expander
from tests.search.test_grammar import PIECES

TITLE = (TextField.TITLE,)
WORDS = {
    "python": 40,
    "pythons": 2,
    "pylons": 3,
    "pyramid": 9,
    "pyramids": 1,
    "py3": 5,
    "react": 10,
    "reach": 90,
    "reactive": 4,
    "receive": 40,
    "recieve": 1,
    "kubernetes": 7,
    "os.path": 2,
    "os": 9,
    "path": 8,
    "mail": 6,
    "mailbox": 3,
    "12345": 2,
}


def words_of(typed: str, **more: bool) -> list[Clause]:
    return list(expander(WORDS).expand(parse_query(typed), PostFilters(), **more).query.must)


def tokens(clause: Clause) -> list[str]:
    """What a clause's alternatives ask for, stems aside."""
    return [
        token
        for row in clause.alternatives
        if isinstance(row, Word)
        for token in row.tokens
        if not token.startswith("~")
    ]


def corrections(clause: Clause) -> list[str]:
    return [token for row in clause.corrections if isinstance(row, Word) for token in row.tokens if token[0] != "~"]


# Stems, phrases, restrictions


def test_a_word_asks_for_itself_and_for_its_stem_in_every_language_of_the_site() -> None:
    (clause,) = expand("Häuser", "en", "de", "en").query.must
    assert clause.alternatives == (
        Word(("hauser",), boost=1.1),
        Word(("hauser", "~hauser")),
        Word(("haus", "~haus")),
    )


def test_a_site_of_many_languages_asks_in_the_first_ones() -> None:
    languages = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "fi", "ru")
    assert expand("organisationen", *languages).query == expand("organisationen", *languages[:MAX_LANGUAGES]).query


def test_quoted_words_ask_for_exactly_these_words() -> None:
    asked = expand('"red foxes" title:"red fox"').query
    assert asked.must == (
        Clause((Phrase((("red",), ("foxes",)), (0, 1)),)),
        Clause((Phrase((("red",), ("fox",)), (0, 1), TITLE),)),
    )
    assert expand('"foxes"').query.must == (Clause((Word(("foxes",)),)),)


def test_an_excluded_word_excludes_its_forms_and_is_never_corrected() -> None:
    (clause,) = expander(WORDS).expand(parse_query("x -title:pythons"), PostFilters()).query.must_not
    assert tokens(clause) == ["pythons", "python"]
    assert all(row.fields == TITLE for row in clause.alternatives)
    assert clause.corrections == ()


def test_named_terms_restrict_beside_the_filters() -> None:
    filters = PostFilters(tags=("css",), year=2024)
    typed = parse_query('fox tag:"C++" -category:Dev/Web%20Design author:Ann')
    asked = expander().expand(typed, filters).query
    assert asked.filters == filters
    assert asked.restrictions == (
        Restriction(FacetField.TAG, "c-plus-plus"),
        Restriction(FacetField.CATEGORY, "dev/web-20design", excluded=True),
        Restriction(FacetField.AUTHOR, "ann"),
    )
    assert len(asked.must) == 1


def test_a_query_of_signs_finds_nothing() -> None:
    assert expand("?!").query.must == (Clause(()),)


def test_a_query_that_only_restricts_asks_for_no_word() -> None:
    assert expand("tag:python").query.must == ()


# Compounds


@pytest.mark.parametrize(
    ("typed", "known", "expected"),
    [
        ("back end", "backend back end", [["backend"], ["backend"]]),
        ("a way", "away a way", [[], []]),
        ("back end", "back end", [[], []]),
        ("back-end", "backend", [["backend"]]),
        ("socket.io", "socketio socket", [["socketio"]]),
        ("3.11", "311", [[]]),
        ("backend", "back end", [["back end", "back+end"]]),
        ("backend", "backend back end", [[]]),
        ("back-end", "back end", [[]]),
        ('"back end"', "backend", [[]]),
        ("backEnd", "back end", [[]]),
    ],
)
def test_compounds(typed: str, known: str, expected: list[list[str]]) -> None:
    words = expander(dict.fromkeys(known.split(), 3)).expand(parse_query(typed), PostFilters(), prefix=False).words
    assert [
        [shown(row) for row, match in word.matches.items() if match is Match.COMPOUND] for word in words
    ] == expected


def shown(alternative: Word | Phrase) -> str:
    if isinstance(alternative, Word):
        return alternative.tokens[0]
    return ("+" if alternative.offsets[-1] == 0 else " ").join(tokens[0] for tokens in alternative.words)


# Prefixes


def test_the_last_word_may_be_unfinished_the_most_frequent_words_first() -> None:
    first, last = words_of("python pyr")
    assert tokens(first) == ["python", "python"]
    assert tokens(last)[-2:] == ["pyramid", "pyramids"]


def test_prefix_false_turns_that_off_and_a_star_on() -> None:
    assert "pyramid" not in tokens(words_of("pyr", prefix=False)[0])
    assert "pyramid" in tokens(words_of("pyr* x", prefix=False)[0])


def test_a_quoted_last_word_is_finished() -> None:
    assert tokens(words_of('"pyr"')[0]) == ["pyr"]


def test_one_letter_is_no_prefix_and_as_an_unfinished_last_word_optional() -> None:
    query = expander(WORDS).expand(parse_query("python p"), PostFilters()).query
    assert (len(query.must), len(query.should)) == (1, 1)
    assert tokens(query.should[0]) == ["p", "p"]
    for typed in ("p", "p python", 'python "p"'):
        assert expander(WORDS).expand(parse_query(typed), PostFilters()).query.should == ()
    assert expander(WORDS).expand(parse_query("python p"), PostFilters(), prefix=False).query.should == ()


def test_the_last_part_of_a_compound_is_the_unfinished_one() -> None:
    (dotted,) = words_of("os.pa")
    assert tokens(dotted)[-1] == "os.path"
    (hyphened,) = words_of("e-mai")
    assert Phrase((("e",), ("mail", "mailbox")), (0, 1), (), 0.7) in hyphened.alternatives


def test_a_prefix_becomes_so_many_words_and_no_more() -> None:
    many = {f"pre{number:03}": number for number in range(1, 200)}
    (clause,) = expander(many).expand(parse_query("pre"), PostFilters()).query.must
    assert tokens(clause)[-50:] == [f"pre{number:03}" for number in range(199, 149, -1)]


# Typos


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pyhton", ["python"]),  # two neighbours exchanged are one edit
        ("pythn", ["python"]),
        ("pythonn", ["python", "pythons"]),
        ("pxthon", ["python"]),
        ("ypthon", []),  # the first letter must be right
        ("reac", []),  # four letters are too few
        ("raect", ["react"]),
        ("kubrnets", []),  # two edits need nine letters
        ("kubernets", ["kubernetes"]),
        ("kubernetse", ["kubernetes"]),
        ("kubbernetse", ["kubernetes"]),
        ("12346", []),  # no numbers
        ("os.pathh", []),  # no code
        ("pyRamdi", []),  # nor names in camel case
        ('"pyhton"', []),  # nothing quoted
        ("pyhton*", []),  # nor what is meant as a prefix
    ],
)
def test_typos(typed: str, expected: list[str]) -> None:
    (clause,) = words_of(typed)
    assert sorted(set(corrections(clause)) & WORDS.keys()) == sorted(expected)


def test_typo_false_turns_corrections_off() -> None:
    assert words_of("pyhton", typo=False)[0].corrections == ()
    assert without_corrections(ExpandedQuery(must=tuple(words_of("pyhton")))).must == tuple(
        words_of("pyhton", typo=False)
    )


def test_nearer_words_weigh_more_than_farther_ones() -> None:
    words = {"kubernetes": 7, "kubernetis": 1}
    (clause,) = expander(words).expand(parse_query("kubernetas"), PostFilters()).query.must
    assert [row.boost for row in clause.corrections] == [0.5]
    (clause,) = expander(words | {"kuberneta": 1}).expand(parse_query("kubernetass"), PostFilters()).query.must
    assert [row.boost for row in clause.corrections] == [0.25]


# Spelling


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("pyhton -x", "python -x"),
        ("pyhton raect", "python react"),
        ('"exact" pyhton', '"exact" python'),
        ("title:pyhton", "title:python"),
        ("recieve", "receive"),  # known, and forty times as rare
        ("react", None),  # known, and only nine times as rare
        ("python", None),
        ("pyram", None),  # an unfinished word
        ("qwertz", None),
    ],
)
def test_the_spelling_that_was_probably_meant(typed: str, expected: str | None) -> None:
    parsed = parse_query(typed)
    better = corrected_query(parsed, expander(WORDS).expand(parsed, PostFilters()).words)
    assert (better.interpreted if better else None) == expected


# Synonyms


def synonymous(typed: str, synonyms: str) -> list[list[tuple[str, ...]]]:
    """The words and phrases that each clause asks for as synonyms."""
    expansion = expander(synonyms=synonyms, languages=("und",)).expand(parse_query(typed), PostFilters())
    return [
        [
            row.tokens if isinstance(row, Word) else tuple(token for any_of in row.words for token in any_of)
            for row, match in word.matches.items()
            if match is Match.SYNONYM
        ]
        for word in expansion.words
    ]


@pytest.mark.parametrize(
    ("typed", "file", "expected"),
    [
        ("js", "js, javascript, ecmascript", [[("javascript",), ("ecmascript",)]]),
        ("JavaScript", "js, JavaScript", [[("js",)]]),
        ("k8s", "k8s => kubernetes", [[("kubernetes",)]]),
        ("kubernetes", "k8s => kubernetes", [[]]),
        ("ml", "ml, machine learning", [[("machine", "learning")]]),
        ("machine learning", "ml, machine learning", [[("ml",)], [("ml",)]]),
        ("learning machine", "ml, machine learning", [[], []]),
        ('"js"', "js, javascript", [[]]),
        ("python", "js, javascript", [[]]),
        ("a b", "# a, b\n\n", [[], []]),
    ],
)
def test_synonyms(typed: str, file: str, expected: list[list[tuple[str, ...]]]) -> None:
    assert synonymous(typed, file) == expected


# Titles, settings, bounds


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Getting started", ["getting", "started"]),
        ('"getting" started', ["getting", "started"]),
        ("東京", ["東", "京"]),
        ("Node.js tips", ["node.js", "js", "tips"]),
        ("getting -started", None),
        ("title:getting", None),
        ("getting start*", None),
        ("tag:x", None),
        ("!?", None),
    ],
)
def test_a_query_of_words_may_be_a_title(typed: str, title: list[str] | None) -> None:
    phrase = expand(typed, "und").query.exact_title
    assert (phrase and [token for any_of in phrase.words for token in any_of]) == title


def test_every_number_is_a_setting() -> None:
    settings = SearchSettings(
        title_weight=7,
        k1=1,
        b=0.5,
        one_typo_letters=4,
        typo_boost=0.9,
        prefix_letters=3,
        recency_weight=1,
        expansions=1,
    )
    expansion = expander(WORDS, settings=settings).expand(parse_query("raect py"), PostFilters())
    assert dict(expansion.query.relevance.weights)[TextField.TITLE] == 7
    assert (expansion.query.relevance.k1, expansion.query.relevance.b) == (1, 0.5)
    assert expansion.query.relevance.recency is not None
    assert [row.boost for row in expansion.query.must[0].corrections] == [0.9]
    assert tokens(expansion.query.must[1]) == ["py", "py"]


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)), st.booleans(), st.booleans())
@example("a* b* " * 2_000, True, True)
@example(" ".join(f"pyhton{'x' * n}" for n in range(16)), True, True)
@example(" ".join(["pyth", "python"] * 8), True, True)
def test_whatever_is_typed_the_reading_asks_the_same_within_bounds(typed: str, prefix: bool, typo: bool) -> None:
    knows = expander(WORDS, languages=("en", "de", "zh"), synonyms="fox, vulpes, red fox")
    parsed = parse_query(typed)
    asked = knows.expand(parsed, PostFilters(), prefix=prefix, typo=typo).query
    assert asked == knows.expand(parse_query(parsed.interpreted), PostFilters(), prefix=prefix, typo=typo).query
    found = [
        token
        for clause in (*asked.must, *asked.should, *asked.must_not)
        for row in clause.all_alternatives
        for any_of in ((row.tokens,) if isinstance(row, Word) else row.words)
        for token in any_of
    ]
    assert len(found) <= CLAUSE_BUDGET
    for token in found:
        token.encode()


def test_the_longest_query_stays_within_the_engine_s_budget() -> None:
    words = {
        f"{letter}{number:09}x"[:11].translate(DIGITS): 1 for letter in "abcdefghijklmnop" for number in range(200)
    }
    typed = " ".join(sorted(words)[::200][:16])
    knows = expander(words, languages=("en", "de", "fr", "es", "it", "pt", "nl", "sv"))
    asked = knows.expand(parse_query(typed), PostFilters()).query
    assert len(asked.must) == 16
    total = sum(
        len(any_of)
        for clause in asked.must
        for row in clause.all_alternatives
        if isinstance(row, Word)
        for any_of in [row.tokens]
    )
    assert total <= CLAUSE_BUDGET


DIGITS = str.maketrans("0123456789", "qrstuvwxyz")
