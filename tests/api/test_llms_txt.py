"""``/llms.txt``: the site as a list of links in Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from api.feeds.llms import escaped
from tests.api.client import serving
from tests.sites import Site, post

FILES = {
    "hello.md": post(
        "snake_case [x] & 2 * 3 * 4",
        slug="hello",
        date="2024-05-28",
        categories=["Dev"],
        description="One\n  line 1 < 2.",
    ),
    "second.md": post("Second", date="2024-06-01", categories=["Dev/Python"], description="Words."),
    "plain.md": post("Plain", date="2024-04-01", body="A *few* words."),
    "draft.md": post("Draft", date="2024-01-01", draft=True),
    "later.md": post("Later", date="2027-01-01"),
}


def test_it_lists_the_posts_by_category_newest_first_with_links_to_their_markdown(tmp_path: Path) -> None:
    site = Site(tmp_path, title="A #1 blog", description="- Words\n& more")
    site.write(FILES)
    site.build()
    with serving(site, api_url="https://api.example.org") as client:
        response = client.get("/llms.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text == (
        "# A \\#1 blog\n\n"
        "> \\- Words \\& more\n\n"
        "Listed: 3 of 3 posts, the newest first. Each link leads to a post's Markdown."
        " [Search](https://api.example.org/v1/search?q=words) finds posts by what is in them.\n\n"
        "## Python\n\n"
        "- [Second](https://api.example.org/v1/posts/second.md): Words.\n\n"
        "## Dev\n\n"
        "- [snake\\_case \\[x\\] \\& 2 \\* 3 \\* 4](https://api.example.org/v1/posts/hello.md): One line 1 \\< 2.\n\n"
        "## Posts\n\n"
        "- [Plain](https://api.example.org/v1/posts/plain.md): A few words.\n"
    )


def test_it_says_how_many_are_listed_and_where_the_others_are(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({f"{number}.md": post(f"Post {number}", date="2024-01-01") for number in range(102)})
    site.build()
    with serving(site) as client:
        text = client.get("/llms.txt").text
        assert text.count("\n- [") == 100
        assert "Listed: 100 of 102 posts, the newest first." in text
        assert "The other 2 are in [the list of posts](/v1/posts?page=2&per_page=100)" in text
        others = client.get("/v1/posts?page=2&per_page=100").json()["items"]
        assert len(others) == 2
        assert not [row for row in others if f"({row['api_url']}.md)" in text]


@pytest.mark.parametrize(
    "text",
    [
        "# a",
        "- a",
        "1. a",
        "12) a",
        "+ a",
        "=== a",
        "> a",
        "a\n\nb",
        "[a](b)",
        "![a](b)",
        "&amp;",
        "`a`",
        "a\\",
        "~~a~~",
    ],
)
def test_markdown_characters_are_text(text: str) -> None:
    assert_shown_as_it_is(text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert_shown_as_it_is(text)


def assert_shown_as_it_is(text: str) -> None:
    line = " ".join(text.split())
    markdown = MarkdownIt("commonmark").enable("strikethrough")
    for before, after in (("# ", ""), ("> ", ""), ("- [", "](/x)"), ("- [x](/y): ", "")):
        tokens = markdown.parse(f"{before}{escaped(text)}{after}")
        shown = [
            child.content
            for token in tokens
            for child in token.children or ()
            if child.type in ("text", "text_special", "code_inline", "softbreak")
        ]
        assert "".join(shown) == ("x: " + line if after == "" and before.startswith("- [x]") else line).rstrip()
        kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
        assert not kinds & {
            "em_open",
            "strong_open",
            "s_open",
            "code_inline",
            "image",
            "html_inline",
            "html_block",
            "hr",
        }
