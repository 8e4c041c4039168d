"""Options of kramdown, from a site's configuration and in a text."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown, KramdownOptions


@pytest.mark.parametrize(
    ("configured", "text", "html"),
    [
        ({"hard_wrap": True}, "one\ntwo\n", "<p>one<br />\ntwo</p>\n"),
        ({"auto_ids": False}, "# One\n", "<h1>One</h1>\n"),
        ({"auto_id_prefix": "h-"}, "# One\n", '<h1 id="h-one">One</h1>\n'),
        ({"header_offset": 1}, "# One\n", '<h2 id="one">One</h2>\n'),
        ({"smart_quotes": "apos,apos,quot,quot"}, '"it\'s"\n', '<p>"it\'s"</p>\n'),
        ({"smart_quotes": ["sbquo", "lsquo", "bdquo", "ldquo"]}, '"a"\n', "<p>„a“</p>\n"),
        ({"typographic_symbols": {"hellip": "...", "mdash": "---"}}, "a... b---c\n", "<p>a... b---c</p>\n"),
        ({"entity_output": "symbolic"}, "a -- &copy;\n", "<p>a &ndash; &copy;</p>\n"),
        ({"entity_output": ":numeric"}, '&copy; "a"\n', "<p>&#169; &#8220;a&#8221;</p>\n"),
        ({"math_engine": None}, "$$x$$\n", '<div class="kdmath">$$\nx\n$$</div>\n'),
        ({"parse_block_html": True}, "<div>\n*a*\n</div>\n", "<div>\n  <p><em>a</em></p>\n</div>\n"),
        ({"parse_span_html": False}, "<b>*a*</b>\n", "<p><b>*a*</b></p>\n"),
        ({"remove_line_breaks_for_cjk": True}, "한글\n中文\n日本\n", "<p>한글\n中文日本</p>\n"),
        ({"gfm_quirks": ["no_auto_typographic"]}, "a -- b\n", "<p>a -- b</p>\n"),
        ({"gfm_quirks": []}, "a\n# b\n", "<p>a\n# b</p>\n"),
        ({"link_defs": {"Home": ["/", "T"]}}, "[home]\n", '<p><a href="/" title="T">home</a></p>\n'),
        ({"input": "kramdown"}, "~~a~~\n```\nb\n```\n", "<p>~~a~~\n<code>\nb\n</code></p>\n"),
        ({"input": "kramdown"}, "# 1. One é\n", '<h1 id="one-">1. One é</h1>\n'),
        (
            {"toc_levels": "2..3"},
            "* x\n{:toc}\n\n# One\n\n## Two\n",
            '<ul id="markdown-toc">\n  <li><a href="#two" id="markdown-toc-two">Two</a></li>\n</ul>\n\n'
            '<h1 id="one">One</h1>\n\n<h2 id="two">Two</h2>\n',
        ),
        (
            {"footnote_nr": 4, "footnote_backlink": "up", "footnote_prefix": "p-"},
            "a[^x]\n\n[^x]: b\n",
            '<p>a<sup id="fnref:p-x" role="doc-noteref"><a href="#fn:p-x" class="footnote" rel="footnote">4</a></sup></p>\n\n'
            '<div class="footnotes" role="doc-endnotes">\n  <ol start="4">\n    <li id="fn:p-x" role="doc-endnote">\n'
            '      <p>b\u00a0<a href="#fnref:p-x" class="reversefootnote" role="doc-backlink">up</a></p>\n'
            "    </li>\n  </ol>\n</div>\n",
        ),
    ],
)
def test_an_option_of_the_configuration_counts(configured: dict[str, object], text: str, html: str) -> None:
    assert KramdownMarkdown(KramdownOptions.from_config(configured)).html(text) == html


@pytest.mark.parametrize(
    "configured",
    [
        {"toc_levels": "1..9"},
        {"smart_quotes": "lsquo"},
        {"footnote_nr": "many"},
        {"typographic_symbols": "none"},
        {"link_defs": ["x"]},
        {"input": "GFM", "guess_lang": True, "syntax_highlighter": "rouge", "show_warnings": False},
    ],
)
def test_what_is_no_option_or_no_value_of_one_is_left_out(configured: dict[str, object]) -> None:
    assert KramdownOptions.from_config(configured) == KramdownOptions()


def test_an_option_in_a_text_counts_for_that_text_only() -> None:
    markdown = KramdownMarkdown()
    assert markdown.html('{::options header_offset="1" /}\n\n# One\n') == '\n<h2 id="one">One</h2>\n'
    assert markdown.html("# One\n") == '<h1 id="one">One</h1>\n'


def test_the_version_says_which_options_a_renderer_has() -> None:
    assert KramdownMarkdown().version != KramdownMarkdown(KramdownOptions(hard_wrap=True)).version
