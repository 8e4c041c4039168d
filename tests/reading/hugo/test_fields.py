"""Titles, terms and the other values of a page."""

from __future__ import annotations

import pytest

from search_index.reading.hugo.values import resolve_yaml, to_bool, to_int, to_text, to_texts
from tests.reading.hugo.conftest import CONFIGURATION, HugoSite, page


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("one, two", ["one, two"]),
        ("[Ruby, x, RUBY]", ["x", "RUBY"]),
        ("2020", ["2020"]),
        ("[1.10, 010, 0x1F, 1e3, 1_000, yes, 2020-01-02]", ["1.1", "8", "31", "1000", "true", "2020-01-02"]),
        ("[a/b, c++, C#]", ["a/b", "c++", "C#"]),
        ("{a: b}", []),
        ("", []),
    ],
)
def test_a_text_is_one_term_and_names_of_one_address_are_one(hugo: HugoSite, written: str, names: list[str]) -> None:
    assert [tag.name for tag in hugo({"a.md": page(f"tags: {written}")}).posts["a.md"].tags] == names


def test_a_name_of_which_no_address_can_be_made_is_left_out_and_told(hugo: HugoSite) -> None:
    site = hugo({"a.md": page('tags: ["&", "a&b"]')})
    assert [tag.name for tag in site.posts["a.md"].tags] == ["a&b"]
    assert site.told == ["'tags' holds '&', of which Hugo makes no term, and is passed over"]


def test_only_configured_taxonomies_have_terms(hugo: HugoSite) -> None:
    files = {"a.md": page("tags: [t]", "categories: [c/d]", "topics: [x]", "tag: nope")}
    site = hugo(files, CONFIGURATION + '[taxonomies]\ncategory = "categories"\ntopic = "topics"\n')
    post = site.posts["a.md"]
    assert post.tags == ()
    assert [(one.path, one.name) for one in post.categories] == [("c-d", "c/d")]
    assert post.front_matter["topics"] == ["x"]


def test_the_page_of_a_term_names_it(hugo: HugoSite) -> None:
    site = hugo({"tags/go/_index.md": page("title: The Go language"), "a.md": page("tags: [Go, rust]")})
    assert [(tag.path, tag.name) for tag in site.posts["a.md"].tags] == [("go", "The Go language"), ("rust", "rust")]


def test_authors_and_series(hugo: HugoSite) -> None:
    site = hugo(
        {"a.md": page("authors: [Ann, Bob]", "series: [S]"), "b.md": page()}, CONFIGURATION + 'author.name = "Site"\n'
    )
    assert [one.name for one in site.posts["a.md"].authors] == ["Ann", "Bob"]
    assert site.posts["a.md"].series is not None
    assert [one.name for one in site.posts["b.md"].authors] == ["Site"]


def test_titles_are_texts_whatever_they_are_written_as(hugo: HugoSite) -> None:
    titles = {"a": "010", "b": "1.10", "c": "yes", "d": "2020-01-01", "e": "", "f": "[x]", "g": "1e-7"}
    site = hugo({f"{name}.md": page(f"title: {title}") for name, title in titles.items()})
    assert [post.title for post in site.posts.values()] == ["8", "1.1", "true", "2020-01-01", "", "", "0.0000001"]


def test_a_page_without_a_title_has_none_as_in_hugo_and_a_section_is_named_by_its_folder(hugo: HugoSite) -> None:
    site = hugo({"posts/my-first_post.md": page(body="# Heading\n"), "my-posts/_index.md": page()})
    post = site.posts["posts/my-first_post.md"]
    assert (post.title, post.fallback_title) == ("", None)
    assert site.pages["my-posts/_index.md"].fallback_title == "My Posts"


def test_keys_count_without_their_case_and_are_given_as_written(hugo: HugoSite) -> None:
    post = hugo({"a.md": page("Title: T", "DESCRIPTION: D", "linkTitle: L")}).posts["a.md"]
    assert (post.title, post.description) == ("T", "D")
    assert post.front_matter == {"Title": "T", "DESCRIPTION": "D", "linkTitle": "L"}


def test_octavo_why_tells_where_each_value_comes_from(hugo: HugoSite) -> None:
    post = hugo({"posts/a.md": page("date: 2020-01-02")}).posts["posts/a.md"]
    assert [(row.name, row.value, row.reason) for row in post.provenance] == [
        ("published_at", "2020-01-02T00:00:00+00:00", "from 'date' of the front matter"),
        ("path", "/posts/a/", "from the folders and the slug"),
        ("slug", "a", "from the file name"),
        ("collection", "posts", "the first folder of the content"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("0b11", 3),
            ("-0x10", -16),
            ("0o17", 15),
            ("019", 19.0),
            ("1_000", 1000),
            (".5", 0.5),
            ("~", None),
            ("On", True),
        ),
        *((kept, kept) for kept in ("99999999999999999999", "1e999", ".inf", "2020-01-02", "1:30")),
    ],
)
def test_unquoted_values_are_what_hugos_yaml_makes_of_them(text: str, value: object) -> None:
    assert resolve_yaml(text) == value


def test_values_are_bent_to_what_is_asked_for() -> None:
    nothing: list[object] = []
    assert list(map(to_text, (None, True, 5, 2.5, 1e21, nothing))) == ["", "true", "5", "2.5", "1" + "0" * 21, None]
    assert list(map(to_bool, ("T", "yes", 0, None, nothing))) == [True, None, False, False, None]
    assert list(map(to_int, ("7", 3.9, "x", None, True))) == [7, 3, 0, 0, 1]
    assert list(map(to_texts, ("a b", ["a b", 1], 5, {}))) == [["a", "b"], ["a b", "1"], ["5"], []]
