"""Whatever the text, rendering ends, soon, with HTML that is nested as it should be."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.reading.goldmark import GoldmarkMarkdown, GoldmarkOptions
from search_index.reading.tokens import VOID

PIECES = st.sampled_from(
    [
        *(
            "word",
            " ",
            "\n",
            "\n\n",
            "    ",
            "\t",
            "- ",
            "1. ",
            "> ",
            "# ",
            "```\n",
            "~~~",
            "---\n",
            "===\n",
            "| ",
            "|--\n",
            ": ",
        ),
        *(
            "*",
            "**",
            "_",
            "~~",
            "`",
            "[",
            "](",
            "](/u)",
            "![",
            "]",
            "[^1]",
            "[^1]: ",
            "[r]: /u\n",
            "[ ] ",
            "{.c}",
            "{#i}\n",
        ),
        *(
            '"',
            "'",
            "--",
            "...",
            "<<",
            "<b>",
            "<",
            "&amp;",
            "&",
            "\\",
            "http://a.example",
            " www.a.b",
            "a@b.c",
            "漢字",
            "（",
            "é",
        ),
    ]
)
EVERYTHING = GoldmarkOptions(attribute_block=True, emoji=True, cjk_friendly_emphasis=True, wrap_standalone_image=False)
RENDERER = GoldmarkMarkdown(EVERYTHING)


class Nesting(HTMLParser):
    """Fails for a tag that closes another than the last that was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_mixture_of_markup_gives_well_nested_html(text: str) -> None:
    nesting = Nesting()
    nesting.feed(RENDERER.html(text))
    nesting.close()
    assert nesting.open == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_renders_the_same_twice(text: str) -> None:
    assert RENDERER.html(text) == RENDERER.html(text)


@pytest.mark.parametrize(
    "shape",
    [
        *(
            "[",
            "![",
            "[a](",
            "*a",
            "_a ",
            "**a*",
            "~~a",
            "`a``",
            "'",
            '"a',
            "{a=",
            "# a {#b}\n",
            "# a\n\n",
            "[^a]",
            "[^a]: b\n",
        ),
        *(
            "a\n: b\n",
            "|a",
            "a|b\n",
            " http://a.b",
            " a@b.c",
            "*a@",
            "http://a.b/(",
            "<a ",
            "<!-- ",
            "<![CDATA[",
            "- ",
            "> ",
            "1. ",
        ),
        *("--", "한*", "a\n{.b}\n", ":a", "&#", "{a={", "{a=[", "[a]: b\n", "- [ ] ", "\\"),
    ],
)
def test_four_times_the_text_takes_no_more_than_about_four_times_as_long(shape: str) -> None:
    def seconds(size: int) -> float:
        text = "[^a]: x\n\n" + (shape * size)[:size]
        start = time.process_time()
        RENDERER.html(text)
        return time.process_time() - start

    seconds(500)
    small, large = seconds(3_000), seconds(12_000)
    assert large < 8 * small + 0.5
