"""The table of inputs and tokens, which is the analyser's documentation too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_index.analysis import (
    MAX_TOKEN,
    Analyser,
    Form,
    analyse,
    analyser,
    analyser_fingerprint,
    fold,
    index_tokens,
    join_values,
)
from search_index.engines.port import FieldTokens

TABLE = [
    # what it is, language, text, tokens by place (several at one place joined with |)
    ("words", "en", "The quick brown Fox", "the quick brown fox"),
    ("words and, behind ~, their stems", "en", "running runs run ran", "running|~run runs|~run run ran"),
    ("stems of another language", "de", "Häuser Haus", "hauser|~haus haus"),
    ("a language without stemmer", "xx", "running runs", "running runs"),
    ("a regional language", "en-GB", "running", "running|~run"),
    ("stop words stay", "en", "to be or not to be", "to be or not to be"),
    ("one letter", "en", "R and C", "r and c"),
    ("case", "en", "HELLO Hello", "hello hello"),
    ("accents", "en", "café naïve Ångström", "cafe naive|~naiv angstrom"),
    ("accents that decide the stem", "fr", "mangée", "mangee|~mange|~mang"),
    ("typed without them", "fr", "mangee mange", "mangee|~mange mange|~mang"),
    ("accents typed apart", "en", "cafe\u0301", "cafe"),
    ("sharp s", "de", "Straße STRASSE", "strasse|~strass strasse|~strass"),
    ("letters with a stroke", "xx", "Łódź smørrebrød œuvre", "lodz smorrebrod oeuvre"),
    ("compatibility forms", "xx", "ﬁne Ｃ＋＋ ② ½", "fine c++ 2 1 2"),
    ("Cyrillic: short i is a letter, yo is not", "xx", "йод ёлка", "йод елка"),
    ("Greek accents and final sigma", "xx", "Ὀδυσσεύς", "οδυσσευσ"),
    ("Hebrew points", "xx", "שָׁלוֹם", "שלום"),
    ("Hindi vowel signs", "xx", "हिन्दी", "हिन्दी"),
    ("possessives", "en", "John's dogs' James’s", "john dogs|~dog james|~jame"),
    ("contractions", "xx", "don't rock'n'roll", "dont rocknroll"),
    ("elisions", "xx", "l'amour d’Artagnan o'clock", "l amour d artagnan o clock"),
    ("code words", "en", "C++ C# F# .NET Node.js", "c++ c# f# .net|net node.js|node js"),
    ("versions after a sign", "en", "C++11 (C++), c#.", "c++ 11 c++ c#"),
    ("longer words with plus signs", "en", "Notepad++", "notepad++|notepad"),
    ("signs alone", "en", "# ++ .. -- _ '", ""),
    ("a hash is no sign of a longer word", "en", "page#top", "page top"),
    ("snake_case", "en", "my_snake_case x", "my_snake_case|my snake case x"),
    ("dunder", "en", "__init__", "init"),
    ("dotted", "en", "os.path.join 3.11", "os.path.join|os path join 3.11|3 11"),
    ("camelCase", "xx", "getUserName JavaScript", "getusername|get|user|name javascript|java|script"),
    (
        "capitals before a word",
        "xx",
        "XMLParser iPhone PDFs MP3Player",
        "xmlparser|xml|parser iphone|phone pdfs mp3player|mp3|player",
    ),
    ("hyphens part words", "xx", "e-mail state-of-the-art", "e mail state of the art"),
    (
        "an address",
        "xx",
        "ann@example.com https://example.com/a-b",
        "ann example.com|example com https example.com|example com a b",
    ),
    ("a sentence without space", "xx", "end.Start", "end.start|end start"),
    ("Chinese", "zh", "北京大学", "北|北京 京|京大 大|大学 学"),
    ("one character", "zh", "北", "北"),
    ("Japanese, mixed", "ja", "Python入門 タワー", "python 入|入門 門 タ|タワ ワ|ワー ー"),
    ("half-width kana", "ja", "ﾀﾜｰ", "タ|タワ ワ|ワー ー"),
    ("Korean", "ko", "한국어", "한|한국 국|국어 어"),
    ("emoji", "xx", "go 🦊🚀! ⌚ ▶️", "go 🦊 🚀 ⌚ ▶"),
    ("marks of direction and soft hyphens", "xx", "in\u00advisible \u202eabc\u202c", "invisible abc"),
    ("controls", "xx", "a\x00b\x1fc", "a b c"),
    ("Markdown leftovers", "xx", "**bold** [link](x) `code`", "bold link x code"),
    ("numbers", "en", "2024 1,000 -5", "2024 1 000 5"),
    ("a lone surrogate", "xx", "a\ud800b", "a b"),
    ("Thai", "xx", "ภาษาไทย", "ภาษาไทย"),
]


def by_place(field: FieldTokens) -> str:
    """``TABLE``'s way to write tokens; a place without a token is not written."""
    places: dict[int, list[str]] = {}
    for token, position in zip(field.tokens, field.positions, strict=True):
        places.setdefault(position, []).append(token)
    return " ".join("|".join(places[position]) for position in sorted(places))


@pytest.mark.parametrize(("lang", "text", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_table(lang: str, text: str, expected: str) -> None:
    assert by_place(index_tokens(text, lang)) == expected


@pytest.mark.parametrize(("lang", "text"), [row[1:3] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_batch_path_and_the_placed_path_agree(lang: str, text: str) -> None:
    placed = analyse(text, lang)
    assert FieldTokens(tuple(row.token for row in placed), tuple(row.position for row in placed)) == index_tokens(
        text, lang
    )


@given(st.text(), st.sampled_from(("en", "es", "zh", "xx")))
def test_any_text_has_rising_places_and_spans_inside_it(text: str, lang: str) -> None:
    placed = analyse(text, lang)
    tokens = index_tokens(text, lang)
    assert list(tokens.positions) == sorted(tokens.positions) == [row.position for row in placed]
    assert list(tokens.tokens) == [row.token for row in placed]
    assert len(set(zip(tokens.tokens, tokens.positions, strict=True))) == len(tokens.tokens)
    for row in placed:
        assert 0 <= row.start < row.end <= len(text)
        assert 0 < len(row.token) <= MAX_TOKEN
        row.token.encode()


@given(st.text(alphabet="aZ1.'_+# -é京ー🦊\u0301"), st.booleans())
def test_every_form_of_a_word_stands_in_a_text_of_that_word(text: str, stemmed: bool) -> None:
    tokens = index_tokens(text, "en")
    places = set(zip(tokens.tokens, tokens.positions, strict=True))
    for form in analyser("en").query_forms(text, stemmed=stemmed)[:1]:
        assert all(any((token, place) in places for token in any_of) for any_of, place in form)


FORMS = [
    # typed, the forms as it is, the forms with all words of the same stem; "+" joins what stands at one place
    ("running", ["running"], ["run|~run"]),
    ("run", ["run"], ["run|~run"]),
    (
        "JavaScript",
        ["javascript", "java script", "java+script"],
        ["javascript|~javascript", "java|~java script|~script", "java|~java+script|~script"],
    ),
    ("snake_case", ["snake_case", "snake case"], ["snake_case", "snake|~snake case|~case"]),
    ("Node.js", ["node.js", "node js"], ["node.js", "node|~node js|~js"]),
    ("c++", ["c++"], ["c++"]),
    (".net", [".net"], [".net"]),
    ("e-mails", ["e mails"], ["e|~e mail|~mail"]),
    ("to be or not", ["to be or not"], ["to|~to be|~be or|~or not|~not"]),
    ("東京", ["東京"], ["東京"]),
    ("東京都", ["東京 京都"], ["東京 京都"]),
    ("京", ["京"], ["京"]),
    ("!?", [], []),
    ("x" * 70, [], []),
    ("x" * 5_000, [], []),
]


@pytest.mark.parametrize(("text", "exact", "stemmed"), FORMS)
def test_the_forms_in_which_a_query_may_stand(text: str, exact: list[str], stemmed: list[str]) -> None:
    for expected, with_stems in ((exact, False), (stemmed, True)):
        forms = analyser("en").query_forms(text, stemmed=with_stems)
        assert [*map(written, forms)] == expected


def written(form: Form) -> str:
    """Places joined by blanks, the same place by ``+``."""
    text = ""
    before = -1
    for any_of, place in form:
        text += ("" if not text else "+" if place == before else " ") + "|".join(any_of)
        before = place
    return text


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12), st.sampled_from(("en", "de", "fr", "xx")))
@example("flows", "en")
def test_a_word_that_stands_once_counts_once_for_its_stem(word: str, lang: str) -> None:
    ((any_of, _),) = analyser(lang).query_forms(word, stemmed=True)[0]
    assert sum(token in any_of for token in index_tokens(word, lang).tokens) == 1


def test_an_accented_query_is_looked_for_by_the_stems_with_and_without() -> None:
    assert analyser("fr").query_forms("mangée", stemmed=True) == (((("~mange", "mang", "~mang"), 0),),)


def test_spans_are_those_of_the_text_as_written() -> None:
    text = "See (Café's) tower: 東京タワー"
    assert [text[row.start : row.end] for row in analyse(text, "en")] == [
        "See", "Café's", "tower", "東", "東京", "京", "京タ", "タ", "タワ", "ワ", "ワー", "ー",
    ]  # fmt: skip


def test_only_what_is_wanted_is_found() -> None:
    found = list(analyser("en").find("one two one (one)", {"one"}))
    assert [(row.position, row.start) for row in found] == [(0, 0), (2, 8), (3, 13)]


def test_long_tokens_are_left_out_and_keep_their_place() -> None:
    assert index_tokens(f"a {'x' * 65} b {'x' * 64}", "xx") == FieldTokens(("a", "b", "x" * 64), (0, 2, 3))
    assert index_tokens(f"a {'x' * 1_000_000} b", "xx") == FieldTokens(("a", "b"), (0, 2))


def test_values_keep_their_distance() -> None:
    assert join_values(("web design", "css"), "xx", gap=16) == FieldTokens(("web", "design", "css"), (0, 1, 18))
    assert join_values((), "xx", gap=16) == FieldTokens((), ())


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search_index.analysis._MOST_KEPT", 10)
    own = Analyser("en")
    text = " ".join(f"word{number}" for number in range(100))
    assert own.index_tokens(text)[0] == [f"word{number}" for number in range(100)]
    assert own.index_tokens(text)[0] == [f"word{number}" for number in range(100)]


def test_threads_share_an_analyser() -> None:
    texts = [f"running{'ing' * (number % 7)} houses{number} cities Städte" for number in range(200)]
    expected = [Analyser("en").index_tokens(text) for text in texts]
    shared = Analyser("en")
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(shared.index_tokens, texts)) == expected


def test_the_fingerprint_names_what_decides_the_tokens() -> None:
    for part in ("analyser", "PyStemmer", "Unicode"):
        assert part in analyser_fingerprint()


@given(st.text())
@example("Ǽ")
@example("ǿ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.sampled_from(["en", "de", "ja", "xx"]))
@example("a \u02bc b", "en")
@example("\u02bcs", "en")
def test_any_text_is_analysed_and_both_ways_give_the_same_tokens(text: str, lang: str) -> None:
    placed = analyse(text, lang)
    tokens = index_tokens(text, lang)
    assert [(row.token, row.position) for row in placed] == list(zip(tokens.tokens, tokens.positions, strict=True))
    assert all(text[row.start : row.end] for row in placed)
