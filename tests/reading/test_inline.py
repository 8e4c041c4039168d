"""The quick inline parser gives what the package's own gives."""

from __future__ import annotations

import markdown
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.treeprocessors import InlineProcessor

from search_index.reading.markdown import _renderer

PIECES = st.sampled_from(
    [
        *(
            "word",
            " ",
            "\n",
            "  \n",
            "*",
            "**",
            "_",
            "__",
            "`",
            "``",
            "\\",
            "\\*",
            "~~",
            "&amp;",
            "&",
            "<b>",
            "</b>",
            "<br>",
        ),
        *("[text](https://example.org)", "![alt](a.png)", "![alt][ref]", "[text][ref]", "[ref]", "[^1]", "{:.lead}"),
        *("<https://example.org>", "<ann@example.org>", "ann@example.org", "http://x.y", "- ", "# ", "|", "漢字", "é"),
    ]
)
DEFINITIONS = "\n\n[ref]: https://example.org 'title'\n[^1]: a note\n"


def slow_renderer() -> markdown.Markdown:
    """The same renderer with the package's inline parser."""
    renderer = _renderer()
    renderer.treeprocessors.register(InlineProcessor(renderer), "inline", 20)
    return renderer


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=24).map("".join))
def test_any_mixture_of_inline_markup_renders_as_with_the_packages_parser(text: str) -> None:
    assert _renderer().convert(text + DEFINITIONS) == slow_renderer().convert(text + DEFINITIONS)
