"""What of a post is searched, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from search_index.analysis import index_tokens
from search_index.documents import VALUE_GAP, document_of, words_of
from search_index.engines.port import FieldTokens, TextField
from search_index.model import ExcerptSource, Heading, Kind, Post, Rendered, SourceFile, Status
from search_index.taxonomy import term

TOKYO = timezone(timedelta(hours=9))

RENDERED = Rendered(
    html="",
    text="Install\nRun it:\nmake serve\nDone.\n",
    headings=(Heading(2, "Install", "install"), Heading(2, "Use", "use")),
    sections=(),
    links=(),
    code_spans=((16, 26),),
    first_paragraph="",
    first_paragraph_html="",
    marker_text=None,
    marker_html=None,
)

POST = Post(
    kind=Kind.POST,
    on_site=True,
    id="posts/a",
    slug="a",
    collection="posts",
    lang="en",
    path="/a/",
    title="Straße Now",
    excerpt="A summary.",
    excerpt_html=None,
    excerpt_source=ExcerptSource.AUTO,
    published_at=datetime(2024, 1, 1, 3, 0, 0, 500_000, TOKYO),
    updated_at=None,
    expires_at=None,
    featured=True,
    tags=(term(("Web Design",)), term(("C++",)), term(("c++",))),
    categories=(term(("Dev", "Web", "CSS")), term(("Dev", "Web"))),
    authors=(term(("Ann",)),),
    series=term(("Intro",)),
    cover=None,
    word_count=6,
    reading_time=2,
    aliases=(),
    front_matter={},
    source=SourceFile("a.md", "", 0),
    status=Status.PUBLISHED,
    hidden="",
    visible_from=None,
    visible_until=99,
    rendered=RENDERED,
    markdown="",
    links=(),
    chain="",
    sequence="",
)


def test_every_field_has_its_text() -> None:
    text = document_of(POST).text
    assert text[TextField.TITLE] == index_tokens("Straße Now", "en")
    assert text[TextField.SUMMARY] == index_tokens("A summary.", "en")
    assert text[TextField.HEADINGS] == FieldTokens(("install", "~instal", "use"), (0, 0, 1 + VALUE_GAP))
    assert text[TextField.TERMS].tokens == ("web", "design", "c++", "c++", "dev", "web", "css")


def test_values_that_do_not_belong_together_stand_apart() -> None:
    positions = document_of(POST).text[TextField.TERMS].positions
    assert positions == (0, 1, 18, 35, 52, 69, 86)


def test_body_and_code_share_their_places() -> None:
    text = document_of(POST).text
    assert text[TextField.BODY] == FieldTokens(("install", "~instal", "run", "it", "done"), (0, 0, 1, 2, 5))
    assert text[TextField.CODE] == FieldTokens(("make", "serve", "~serv"), (3, 4, 4))


def test_a_text_of_code_alone_has_no_body() -> None:
    rendered = replace(RENDERED, text="make", code_spans=((0, 4),))
    text = document_of(replace(POST, rendered=rendered)).text
    assert text[TextField.BODY] == FieldTokens((), ())
    assert text[TextField.CODE].tokens == ("make",)


def test_terms_are_identities_and_categories_stand_with_their_ancestors() -> None:
    document = document_of(POST)
    assert document.tags == ("web-design", "c-plus-plus")
    assert document.categories == ("dev", "dev/web", "dev/web/css")
    assert document.authors == ("ann",)
    assert document.series == "intro"


def test_times_are_utc_seconds_and_the_year_is_the_author_s() -> None:
    document = document_of(POST)
    assert (document.published_at, document.updated_at, document.visible_until) == (1_704_045_601, None, 99)
    assert (document.year, document.month) == (2024, 1)


def test_an_undated_post_has_no_year() -> None:
    document = document_of(replace(POST, published_at=None, series=None))
    assert (document.published_at, document.year, document.month, document.series) == (None, None, None, None)


def test_what_is_left_is_taken_over() -> None:
    document = document_of(POST)
    assert (document.id, document.lang, document.collection) == ("posts/a", "en", "posts")
    assert (document.featured, document.reading_time, document.title_key) == (True, 2, "strasse now")


def test_the_words_of_a_post_are_counted_over_all_fields_without_stems_and_chinese() -> None:
    rendered = replace(RENDERED, text="Installing 北京 os.path installing\n", code_spans=())
    post = replace(POST, title="Path", excerpt="", rendered=rendered, tags=(), categories=())
    words = words_of(post, document_of(post)).frequencies
    assert words == {"install": 1, "use": 1, "path": 2, "installing": 2, "os.path": 1, "os": 1}
    assert list(words)[:2] == ["path", "installing"]


def test_a_post_keeps_how_it_spells_what_folding_changes() -> None:
    rendered = replace(RENDERED, text="Häuser, HÄUSER, hauser. Cafe\u0301 und 北京 in der Straße\n", code_spans=())
    post = replace(POST, title="Now", excerpt="", rendered=rendered, tags=(), categories=(), lang="de")
    assert words_of(post, document_of(post)).spellings == {"cafe": "café", "hauser": "häuser", "strasse": "straße"}
