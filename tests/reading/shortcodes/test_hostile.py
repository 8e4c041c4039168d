"""Whatever the text, expanding ends, soon, and no token is left in the HTML."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index.reading.shortcodes import expand, insert
from tests.reading.shortcodes.pages import EMPTY, RENDERER, Page

PIECES = st.sampled_from(
    [
        *(
            "{{< ",
            "{{% ",
            " >}}",
            " %}}",
            " />}}",
            "{{</ ",
            "{{</* ",
            " */>}}",
            "a",
            "note",
            "param n",
            "param",
            '"',
            "`",
            "=",
            "\\",
        ),
        *(
            "{{< param n >}}",
            "{{% param n %}}",
            "{{< note >}}",
            "{{< /note >}}",
            "{{< highlight go >}}",
            "{{< /highlight >}}",
        ),
        *('{{< ref "x" >}}', '{{< figure src="a" caption="*b*" >}}', "{{< x.inline >}}", "{{< /x.inline >}}"),
        *(
            " ",
            "\n",
            "\n\n",
            "    ",
            "- ",
            "> ",
            "# ",
            "*",
            "**",
            "`",
            "[a](",
            ")",
            "|",
            "|--\n",
            "```\n",
            "<b>",
            "\x00",
            "漢",
        ),
    ]
)
PAGE = Page(params={"n": "5"})


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_token_is_left_in_the_html(text: str) -> None:
    expanded = expand(text, PAGE)
    html = insert(RENDERER.html(expanded.text), expanded.insertions)
    assert "octavoshortcode" not in html.lower()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_expands(text: str) -> None:
    assert expand(text, EMPTY).asked_pages == frozenset()


@pytest.mark.parametrize(
    "shape",
    [
        *(
            "{{< a",
            "{{< a >}}",
            "{{< /a >}}",
            "{{</*",
            "{{%/* ",
            "{{< a `",
            '{{< a "',
            '{{< a b="',
            '{{< a \\"',
            "{{<     ",
        ),
        *(
            "{{< highlight >}}",
            "{{< highlight >}}{{< /highlight >}}",
            "{{< a >}}{{< b >}}{{< /a >}}",
            "OCTAVOSHORTCODEX",
        ),
        *("{{< x.inline >}}", "{{< x.inline >}}{{< /x.inline >}}", '{{< figure caption="a" >}}', "{{< ref x >}}", "{{"),
    ],
)
def test_four_times_the_text_takes_no_more_than_about_four_times_as_long(shape: str) -> None:
    def seconds(size: int) -> float:
        text = "{{< b >}}" + (shape * size)[:size] + "{{< /highlight >}}"
        start = time.process_time()
        expanded = expand(text, PAGE)
        insert(expanded.text, expanded.insertions)
        return time.process_time() - start

    seconds(500)
    small, large = seconds(6_000), seconds(24_000)
    assert large < 8 * small + 0.5
