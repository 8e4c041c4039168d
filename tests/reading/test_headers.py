"""Front matter that no fence begins: Pelican's headers, Hexo's YAML."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.reading.headers import split_headers
from search_index.reading.outcome import ReadOutcome
from tests.reading.shown import codes, summary, whole

Read = Callable[..., ReadOutcome]


def test_pelicans_headers_are_front_matter(read: Read) -> None:
    text = (
        "Title: My super post\nDate: 2020-12-03 10:20\nModified: 2020-12-05\nCategory: Python\nTags: one, two words\n"
        "Slug: my-own\nAuthors: Alexis M; Conan D\nSummary: Short\n    and continued.\n\nThe *content*.\n"
    )
    shown = whole(read(text, path="content/post.md"))
    assert (shown["title"], shown["slug"], shown["excerpt"]) == ("My super post", "my-own", "Short and continued.")
    assert (shown["published_at"], shown["updated_at"]) == ("2020-12-03T10:20:00+00:00", "2020-12-05T00:00:00+00:00")
    assert [tag["name"] for tag in shown["tags"]] == ["one", "two words"]
    assert [category["name"] for category in shown["categories"]] == ["Python"]
    assert [author["name"] for author in shown["authors"]] == ["Alexis M", "Conan D"]
    assert shown["html"] == "<p>The <em>content</em>.</p>"


def test_pelicans_draft_is_hidden(read: Read) -> None:
    assert read("Title: A\nStatus: draft\n\nText.\n", path="a.md").hidden


def test_yaml_that_only_a_fence_ends_is_front_matter(read: Read) -> None:
    shown = summary(read("title: Hello\ndate: 2020-01-02\ntags:\n- a\n- b c\n---\nText.\n", path="hello.md"))
    assert (shown["title"], [tag["name"] for tag in shown["tags"]]) == ("Hello", ["a", "b c"])


def test_an_error_in_it_names_its_line(read: Read) -> None:
    outcome = read("title: Hello\ndate: soon\n\nText.\n", path="hello.md")
    assert [(problem.code, problem.line) for problem in outcome.problems] == [("date_invalid", 2)]
    assert codes(read("title: a: b\n---\nText.\n", path="hello.md")) == ["front_matter_invalid"]


@pytest.mark.parametrize(
    "text",
    [
        "Note: this is prose.\n\nMore.\n",
        "Title without colon\n\nx\n",
        "Just text.\n",
        "Title: a\nthen prose\n\nx\n",
        "",
    ],
)
def test_prose_is_prose(text: str) -> None:
    assert split_headers(text) is None


@given(st.text(alphabet="Title:Dag -;\n\tx", max_size=120))
def test_any_text_has_headers_or_none(text: str) -> None:
    split_headers(text)
    split_headers(f"Title: x\n{text}")
