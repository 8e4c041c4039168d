"""Fragments and section hits."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis import analyse
from search_index.highlight import (
    MAX_SECTIONS,
    WINDOW_CHARACTERS,
    Highlighter,
    Highlights,
    HighlightSource,
)
from search_index.model import Section
from tests.search.expanding import asked

FILLER = "lorem ipsum dolor sit amet consectetur "


def source(text: str = "", *, title: str = "", excerpt: str = "", lang: str = "en", **more: object) -> HighlightSource:
    plain: dict[str, object] = {"terms": (), "sections": (), "code_spans": ()}
    return HighlightSource(title=title, excerpt=excerpt, text=text, lang=lang, **(plain | more))  # type: ignore[arg-type]  # tests name real fields


def fragments(found: Highlights) -> dict[str, str]:
    return {row.field: row.html for row in found.fragments}


def body(text: str, query: str, lang: str = "en") -> str:
    return fragments(Highlighter(asked(query, lang)).highlight(source(text, lang=lang)))["body"]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("fox", "A fox.", "A <mark>fox</mark>."),
        ("run", "She runs, Running shoes", "She <mark>runs</mark>, <mark>Running</mark> shoes"),
        ("run", "truncate rural", ""),
        ("cafe", "Un café, des CAFÉS", "Un <mark>café</mark>, des <mark>CAFÉS</mark>"),
        ("café", "cafe", "<mark>cafe</mark>"),
        ("strasse", "Die Straße", "Die <mark>Straße</mark>"),
        ("fine", "ﬁne", "<mark>ﬁne</mark>"),
        ("invisible", "in\u00advisible", "<mark>in\u00advisible</mark>"),
        ('"quick fox"', "quick fox, quick dog, quick — fox", "<mark>quick fox</mark>, quick dog, <mark>quick — fox</mark>"),
        ('"red fox"', "red, fox and fox red", "<mark>red, fox</mark> and fox red"),
        ("c++", "C and C++ (c++)", "C and <mark>C++</mark> (<mark>c++</mark>)"),
        ("case", "snake_case camelCase", "<mark>snake_case</mark> <mark>camelCase</mark>"),
        ("JavaScript", "javascript and Java", "<mark>javascript</mark> and Java"),
        ("東京", "私は東京に住む", "私は<mark>東京</mark>に住む"),
        ("東京都", "東京都と東京", "<mark>東京都</mark>と東京"),
        ("東東", "東東東", "<mark>東東東</mark>"),
        ("タワー", "東京ﾀﾜｰ", "東京<mark>ﾀﾜｰ</mark>"),
        ("python", "私のpython入門です", "私の<mark>python</mark>入門です"),
        ("python", "한국어python을", "한국어<mark>python</mark>을"),
        ("fox", "İstanbul Fox and FOX", "İstanbul <mark>Fox</mark> and <mark>FOX</mark>"),
        ("haus fußgänger", "Das Haus. Fußgänger", "Das <mark>Haus</mark>. <mark>Fußgänger</mark>"),
        ("œuvre paris", "Une œuvre à Paris", "Une <mark>œuvre</mark> à <mark>Paris</mark>"),
        ("Þing dag", "þing í dag", "<mark>þing</mark> í <mark>dag</mark>"),
        ("oeuvre", "l'œuvre", "<mark>l&#x27;œuvre</mark>"),
        ("Python入門", "私のPython入門です", "私の<mark>Python入門</mark>です"),
        ("🦊", "go🦊", "go<mark>🦊</mark>"),
        ("fox -dog", "fox dog", "<mark>fox</mark> dog"),
        ("title:fox dog", "fox dog", "fox <mark>dog</mark>"),
        ("tag:fox dog", "fox dog", "fox <mark>dog</mark>"),
        ("john", "John's", "<mark>John&#x27;s</mark>"),
        ("fox", "fox <script></script> & \"x\"", "<mark>fox</mark> &lt;script&gt;&lt;/script&gt; &amp; &quot;x&quot;"),
        ("script", "<script>", "&lt;<mark>script</mark>&gt;"),
        ("mark", "<mark>", "&lt;<mark>mark</mark>&gt;"),
        ("a b", "a\n\n  b", "<mark>a</mark> <mark>b</mark>"),
    ],
)  # fmt: skip
def test_marks(query: str, text: str, expected: str) -> None:
    assert fragments(Highlighter(asked(query)).highlight(source(text))).get("body", "") == expected


@given(st.text(alphabet="東京都北a "))
def test_a_pair_of_characters_is_marked_wherever_it_is_a_token(text: str) -> None:
    marked = body(f"{text}東京", "東京")
    tokens = [row for row in analyse(f"{text}東京", "en") if row.token == "東京"]
    assert marked.count("<mark>") == len(tokens)
    assert re.sub("</?mark>", "", marked) == " ".join(f"{text}東京".split())


@pytest.mark.parametrize(
    ("lang", "query", "text"),
    [("ar", "كتاب", "الكتاب"), ("id", "baca", "membaca"), ("nl", "werk", "gewerkt"), ("ga", "fear", "bhfear")],
)
def test_a_word_whose_stem_lies_inside_it_is_marked(lang: str, query: str, text: str) -> None:
    assert body(text, query, lang) == f"<mark>{text}</mark>"


def test_a_text_without_white_space_is_looked_into_in_pieces() -> None:
    marked = body("foo;bar;" * 20_000, "foo")
    assert marked.startswith("<mark>foo</mark>;bar;<mark>foo</mark>")
    assert len(marked) < 1_000


def test_the_language_is_the_post_s() -> None:
    assert body("Die Häuser", "Haus", "de") == "Die <mark>Häuser</mark>"


def test_the_window_holds_most_of_the_query_and_whole_words() -> None:
    text = f"{FILLER * 10} fox {FILLER * 10} fox and dog {FILLER * 10}"
    html = body(text, "fox dog")
    assert html.startswith("…")
    assert html.endswith("…")
    assert "<mark>fox</mark> and <mark>dog</mark>" in html
    words = re.sub("</?mark>", "", html).strip("…").split()
    assert set(words) <= set(text.split())
    assert 20 <= len(words) <= 40


def test_an_end_that_is_shown_has_no_ellipsis() -> None:
    assert body(f"fox {FILLER * 9}", "fox").startswith("<mark>fox</mark> lorem")
    assert body(f"{FILLER * 9}fox", "fox").endswith("<mark>fox</mark>")


def test_text_without_spaces_is_cut_where_the_window_ends() -> None:
    html = body("あ" * 1_000 + "東京" + "い" * 1_000, "東京")
    assert re.fullmatch("…あ+<mark>東京</mark>い+…", html)
    assert len(html) <= WINDOW_CHARACTERS + 20


def test_a_long_word_beside_a_hit_is_left_whole() -> None:
    html = body(f"{'x' * 150} {'y' * 30} fox {'z' * 30} {'w' * 180}", "fox")
    assert "y" * 30 in html
    assert "z" * 30 in html


def test_a_title_is_shown_whole() -> None:
    found = fragments(Highlighter(asked("fox")).highlight(source("text", title="Fox & hounds", excerpt="Summary.")))
    assert found == {"title": "<mark>Fox</mark> &amp; hounds", "summary": "Summary."}


def test_the_summary_stands_in_where_the_text_does_not_hold_the_query() -> None:
    assert fragments(Highlighter(asked("fox")).highlight(source("dog", excerpt="A fox."))) == {
        "summary": "A <mark>fox</mark>."
    }
    assert fragments(Highlighter(asked("fox")).highlight(source("fox", excerpt="A fox."))) == {
        "body": "<mark>fox</mark>"
    }


def test_terms_are_marked() -> None:
    found = Highlighter(asked("design")).highlight(source("text", terms=("Web design", "CSS")))
    assert [(row.field, row.html) for row in found.fragments] == [("terms", "Web <mark>design</mark>")]


def test_code_is_called_code() -> None:
    text = "Text.\nprint(fox)\n"
    found = Highlighter(asked("fox")).highlight(source(text, code_spans=((6, 16),)))
    assert list(fragments(found)) == ["code"]


def test_without_words_nothing_is_marked() -> None:
    assert Highlighter(asked("tag:x -y")).highlight(source("text", title="title")) == Highlights((), ())
    assert fragments(Highlighter(asked("")).highlight(source("text", excerpt="text"))) == {"summary": "text"}


def sectioned(*parts: tuple[str, str]) -> HighlightSource:
    """A post of (heading, text) sections, the first one's heading may be empty."""
    text = ""
    sections = []
    for heading, below in parts:
        start = len(text)
        text += f"{heading}\n{below}\n" if heading else f"{below}\n"
        trail = ("Guide", heading) if heading else ()
        sections.append(Section(heading.lower(), trail, start, len(text)))
    return source(text, sections=tuple(sections))


def test_sections_that_hold_the_query_are_named_with_what_stands_below() -> None:
    post = sectioned(("", "fox before all"), ("Install", "Get the fox."), ("Use", "Nothing."))
    (section,) = Highlighter(asked("fox")).highlight(post).sections
    assert (section.anchor, section.heading, section.trail) == ("install", "Install", ("Guide", "Install"))
    assert section.html == "Get the <mark>fox</mark>."


def test_the_best_sections_come_first_and_are_few() -> None:
    post = sectioned(("A", "fox"), ("B", "fox fox"), ("C", "fox dog"), ("D", "fox"), ("E", "fox"))
    assert [row.anchor for row in Highlighter(asked("fox dog")).highlight(post).sections] == ["c", "b", "a"]
    assert MAX_SECTIONS == 3


def test_a_heading_that_holds_the_query_shows_what_stands_below_it() -> None:
    post = sectioned(("Fox", "About animals."), ("Foxes", ""))
    assert [row.html for row in Highlighter(asked("fox")).highlight(post).sections] == [
        "About animals.",
        "<mark>Foxes</mark>",
    ]


def test_a_section_s_window_does_not_leave_it() -> None:
    post = sectioned(("A", "alpha"), ("B", f"{FILLER * 20}fox"), ("C", "gamma"))
    (section,) = Highlighter(asked("fox")).highlight(post).sections
    assert section.html.startswith("…")
    assert section.html.endswith("<mark>fox</mark>")


def test_a_source_is_read_from_what_a_generation_keeps() -> None:
    kept = {
        "title": "T",
        "excerpt": "E",
        "terms": ["Web"],
        "lang": "en",
        "sections": [["a", ["A"], 0, 4]],
        "code_spans": [[1, 2]],
    }
    expected = HighlightSource("T", "E", ("Web",), "text", [["a", ["A"], 0, 4]], ((1, 2),), "en")
    assert HighlightSource.from_json("text", json.dumps(kept)) == expected


WORDS = ("fox", "Fóx", "dog", "<b>", "&", "\n", "東京都", "camelCase", "l'amour", "x" * 90, "c++", "İstanbul", "é")
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join))


@given(TEXTS, TEXTS)
def test_any_html_is_the_text_escaped_with_marks_alone(text: str, query: str) -> None:
    section = Section("s", ("S",), 0, len(text))
    found = Highlighter(asked(query)).highlight(
        source(text, title=text, excerpt=text, terms=(text,), sections=(section,))
    )
    shown = " ".join(text.split())
    for html in (*(row.html for row in found.fragments), *(row.html for row in found.sections)):
        bare = re.sub("</?mark>", "", html)
        assert not re.search("[<>]", bare)
        assert html.count("<mark>") == html.count("</mark>")
        assert " ".join(unescape(bare).removeprefix("…").removesuffix("…").split()) in shown or "…" in text
