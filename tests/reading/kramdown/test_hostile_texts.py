"""Texts that nobody means: they are rendered all the same, in time that grows with their length and no faster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.reading.kramdown import KramdownMarkdown, KramdownOptions

LINES = st.sampled_from(
    [
        *("", "words", "# H", "===", "---", "- a", "* b", "1. c", "   d", "    e", "\tf", "> g", "```", "~~~ x", "$$"),
        *(
            "| a | b |",
            "|---|",
            "|===|",
            ": d",
            "[x]: /y 'z'",
            "[^x]: y",
            "*[x]: y",
            "{: .a}",
            "{:a: b}",
            "{:b: a}",
            "{: a}",
        ),
        *(
            "{:toc}",
            "{::comment}",
            "{:/}",
            "{::options /}",
            "^",
            "<div>",
            "</div>",
            '<div markdown="1">',
            "<!--",
            "-->",
            "<p>",
        ),
        *("<script>", "<b>", "<?", "- [ ] t", "* toc\n{:toc}", "{:footnotes}", "\f", "\u00a0", "a\\", "b  "),
    ]
)
PIECES = st.sampled_from(
    [
        *(
            "*",
            "**",
            "_",
            "`",
            "``",
            "[",
            "](",
            "](x)",
            "![",
            "]",
            "[x]",
            "[^x]",
            "<",
            "<b>",
            "</b>",
            "<!--",
            "<http://x>",
        ),
        *(
            "&",
            "&amp;",
            "&#x110000;",
            "&#55296;",
            '"',
            "'",
            "--",
            "...",
            "<<",
            " >>",
            "\\",
            "$$",
            "~~",
            "{:",
            "{: .a}",
            "}",
        ),
        *("{::comment}", "{:/}", "|", "  \n", "\\\n", "\n", " ", "x", "é", "漢字", "\0", "\ud800"),
    ]
)
TEXTS = st.one_of(
    st.lists(LINES, max_size=16).map("\n".join), st.lists(PIECES, max_size=24).map("".join), st.text(max_size=60)
)


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.booleans(), st.booleans())
def test_any_text_has_html(text: str, gfm: bool, parse_block_html: bool) -> None:
    options = KramdownOptions(gfm=gfm, parse_block_html=parse_block_html, hard_wrap=parse_block_html)
    assert isinstance(KramdownMarkdown(options).html(text), str)


def calls(text: str) -> int:
    """How many functions are called for a text, the interpreter's own among them."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    outer = sys.getprofile()
    sys.setprofile(counted)
    try:
        KramdownMarkdown().html(text)
    finally:
        sys.setprofile(outer)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "[",
            "![",
            "[a](",
            '[a](b "',
            "[a](<",
            "[a][",
            "[^",
            "*a ",
            "**a ",
            "**a *b",
            "_a ",
            "*a `x* `",
            "*a [b ",
            "![*a **b [",
        ),
        *("<", "<a ", '<a b="', "<b>", "<div>", '<div markdown="1">\n', "<!--", "<!--\n\n", "<script>", "<?", "<http:"),
        *("`", "`` ` ", "```a\n\n", "~~~\n\n", ">", "> a\n", "- ", "- a\n", "1. ", "|", "a|b\n", "a|`b|`\n", "| `\n"),
        *(
            "{:",
            "{:\n",
            '{: a="',
            "{:a: b\n",
            "{::comment}\n\n",
            "$$ ",
            "$$a\n\n",
            "~~a ",
            "'a ",
            "&",
            "\\",
            '[a]: b "c\n',
        ),
        *(
            "[a]: <b> ",
            "*[a]: b\n",
            "[^a]: b\n\n",
            "t\n: d\n\n",
            "<div|\n",
            "a\\\n",
            "{:.a}\na\n\n",
            "a<<",
            " ",
            "\t",
            "\n",
        ),
    ],
    ids=repr,
)
def test_twice_the_text_takes_twice_the_steps(piece: str) -> None:
    length = 3_000 // len(piece)
    once, twice = calls(piece * length), calls(piece * length * 2)
    assert twice < 2.4 * once + 500


@pytest.mark.parametrize(
    "make",
    [
        lambda size: "".join(" " * (2 * depth) + "- a\n" for depth in range(size)),
        lambda size: "- " * size + "a\n",
        lambda size: ">" * size + "a\n",
        lambda size: '<div markdown="1">\n' * size,
        lambda size: "<i>" * size,
        lambda size: "![" * size + "](a)" * size,
    ],
    ids=["lists", "lists in a line", "quotes", "blocks", "spans", "images"],
)
def test_what_is_nested_too_deeply_is_text(make: Callable[[int], str]) -> None:
    assert "a" in KramdownMarkdown().html(make(400)) or make(1).startswith("<")


def test_attribute_lists_that_refer_to_each_other_end() -> None:
    text = "{:a: b .x}\n{:b: a .y}\n\nwords\n{: a}\n"
    assert KramdownMarkdown().html(text) == '\n<p class="y x">words</p>\n'


def test_a_number_without_end_names_no_character() -> None:
    text = f"&#{'9' * 9_000};"
    assert KramdownMarkdown().html(text) == f"<p>{text}</p>\n"
