"""Summaries end where Hugo 0.111 ends them."""

from __future__ import annotations

import pytest

from search_index.reading.goldmark import GoldmarkMarkdown
from search_index.reading.goldmark.summary import mark_divider, plain_of, summary_of, summary_of_divider


@pytest.mark.parametrize(
    ("plain", "length", "summary"),
    [
        ("One two three. Four five. Six.", 2, "One two three."),
        ("One two. Three four. Five.", 2, "One two. Three four."),
        ("no sentence ends here", 2, "no sentence ends here"),
        ('He said "one two" and three.', 3, 'He said "one two"'),
        ("one two three\nfour", 2, "one two three"),
        ("short", 70, "short"),
        ("", 70, ""),
    ],
)
def test_words_are_counted_to_the_end_of_the_sentence(plain: str, length: int, summary: str) -> None:
    assert summary_of(plain, cjk=False, length=length) == summary


@pytest.mark.parametrize(
    ("plain", "length", "summary"),
    [
        ("one two three. four", 2, "one two"),
        ("漢字漢字 漢字", 3, "漢字漢"),
        ("漢字 漢字", 4, "漢字 漢字"),
        ("word 漢字漢字漢字", 4, "word 漢字漢"),
        ("가나  다라\n마바", 5, "가나 다라 마"),
    ],
)
def test_cjk_counts_characters(plain: str, length: int, summary: str) -> None:
    assert summary_of(plain, cjk=True, length=length) == summary


def test_plain_text_ends_lines_where_paragraphs_end() -> None:
    assert plain_of('<p>a\n<b class="x>y">b</b></p>\n<p>c<br>d &amp;<!-- e --></p>') == "a b\nc\nd &amp;\n"


@pytest.mark.parametrize(
    ("text", "summary", "content"),
    [
        ("a\n\n<!--more-->\n\nb\n", "<p>a</p>", "<p>a</p>\n<p>b</p>"),
        ("a<!--more-->b\n", "<p>a</p>", "<p>a</p>\n<p>b</p>"),
        ("<!--more-->\nb\n", "", "<p>b</p>"),
        ("a\n\n<!--more-->", "<p>a</p>", "<p>a</p>"),
        (
            "# H\n\na\n<!--more-->\n- b\n",
            '<h1 id="h">H</h1>\n<p>a</p>',
            '<h1 id="h">H</h1>\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>',
        ),
    ],
)
def test_the_divider_cuts_the_rendered_html(text: str, summary: str, content: str) -> None:
    divided = summary_of_divider(GoldmarkMarkdown().html(mark_divider(text)))
    assert divided is not None
    assert (divided.summary, divided.content) == (summary, content)


def test_without_divider_nothing_is_cut() -> None:
    assert mark_divider("a <!-- more --> b") == "a <!-- more --> b"
    assert summary_of_divider("<p>a</p>") is None
