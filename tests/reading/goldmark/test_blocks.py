"""Blocks of Markdown become what Hugo 0.111 makes of them; the expected HTML was checked by running it."""

from __future__ import annotations

import re

import pytest

from search_index.reading.goldmark import GoldmarkMarkdown, GoldmarkOptions
from search_index.reading.goldmark.highlighting import HighlightOptions


def html(text: str, **options: bool | HighlightOptions) -> str:
    return GoldmarkMarkdown(GoldmarkOptions(**options)).html(text)  # type: ignore[arg-type]  # tests name the flags alone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n", ["text-align:left", "text-align:center", "text-align:right"]),
        ("above\n| a | b |\n|---|---|\n", ["<p>above</p>", "<th>a</th>"]),
        ("a | b\n- | -\n", ["<p>a | b</p>", "<ul>"]),
        ("| a | b |\n|---|---|\n| only |\n", ["<td>only</td>", "<td></td>"]),
        ("| a |\n|---|---|\n", ["<th>a</th>", "<th></th>"]),
        ("| a |\n|---|\n| x | too many |\n", ["<td>x</td>\n</tr>"]),
        ("| a |\n|---|\n| `x \\| y` and \\| |\n", ["<code>x | y</code> and |"]),
        ("- item\n\n  | a |\n  |---|\n  | b |\n", ["<li>item\n<table>"]),
        ("a\n:-\nb\n", ['<th style="text-align:left">a</th>', '<td style="text-align:left">b</td>']),
    ],
)
def test_tables_align_fill_and_escape_cells(text: str, expected: list[str]) -> None:
    assert all(piece in html(text) for piece in expected), html(text)


def test_a_line_with_more_cells_than_columns_is_no_header() -> None:
    assert "<table>" not in html("| a | b |\n|---|\n")


def test_xhtml_spells_alignment_as_an_attribute() -> None:
    assert '<th align="right">a</th>' in html("| a |\n|--:|\n", xhtml=True)
    assert "<hr />" in html("***", xhtml=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Term\n: text\n", "<dl>\n<dt>Term</dt>\n<dd>text</dd>\n</dl>\n"),
        ("one\ntwo\n: text\n", "<dl>\n<dt>one</dt>\n<dt>two</dt>\n<dd>text</dd>\n</dl>\n"),
        ("Term\n\n: text\n", "<dl>\n<dt>Term</dt>\n<dd><p>text</p>\n</dd>\n</dl>\n"),
        ("Term\n: first\n: second\n", "<dl>\n<dt>Term</dt>\n<dd>first</dd>\n<dd>second</dd>\n</dl>\n"),
        ("a\n: b\n\n  c\n", "<dl>\n<dt>a</dt>\n<dd>b\n<p>c</p>\n</dd>\n</dl>\n"),
        ("a\n: b\n\nc\n: d\n", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n<dt>c</dt>\n<dd>d</dd>\n</dl>\n"),
        ("a\n:b\n", "<p>a\n:b</p>\n"),
        ("- a\n: b\n", "<ul>\n<li>a\n: b</li>\n</ul>\n"),
        (": b\n", "<p>: b</p>\n"),
        ("a\n:         code\n", "<dl>\n<dt>a</dt>\n<dd><pre><code>code\n</code></pre>\n</dd>\n</dl>\n"),
    ],
)
def test_definition_lists(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```go\na < b\n```\n", '<pre><code class="language-go" data-lang="go">a &lt; b\n</code></pre>'),
        ("```\nplain\n```\n", '<pre tabindex="0"><code>plain\n</code></pre>'),
        (
            "```go {linenos=false,hl_lines=[1,3-4]}\nx\n```\n",
            '<pre><code class="language-go" data-lang="go">x\n</code></pre>',
        ),
        (
            '```go{.wide #one title="a b"}\nx\n```\n',
            '<div class="highlight wide" id="one" title="a b">'
            '<pre><code class="language-go" data-lang="go">x\n</code></pre></div>',
        ),
        ("~~~ py extra words\nx\n~~~\n", '<pre><code class="language-py" data-lang="py">x\n</code></pre>'),
        ("    indented\n", "<pre><code>indented\n</code></pre>\n"),
    ],
)
def test_code_is_left_plain(text: str, expected: str) -> None:
    assert html(text) == expected


def cells(text: str, **options: HighlightOptions) -> list[str]:
    """What stands in the cells of the first table, without the tags."""
    return [re.sub("<[^>]*>", "", cell) for cell in re.findall("<td.*?>(.*?)</td>", html(text, **options), re.DOTALL)]


def test_a_block_that_asks_has_the_numbers_of_its_lines_in_a_table_as_in_hugo() -> None:
    assert cells("```go {linenos=table,linenostart=9}\na < b\n\nc\n```\n") == ["\n 9\n10\n11\n", "\na &lt; b\n\nc\n"]


def test_empty_lines_at_the_end_of_a_block_have_no_numbers() -> None:
    assert cells("```go {linenos=table}\n\na\n\n\n```\n") == ["\n1\n2\n", "\n\na\n"]


def test_a_block_that_asks_has_the_numbers_in_its_lines_as_in_hugo() -> None:
    text = "```go {linenos=inline .wide}\na\nb\n```\n"
    classes = HighlightOptions(no_classes=False)
    assert html(text, highlight=classes) == (
        '<div class="highlight wide"><pre tabindex="0" class="chroma"><code class="language-go" data-lang="go">'
        '<span class="ln">1</span>a\n<span class="ln">2</span>b\n</code></pre></div>'
    )


def test_a_site_can_number_the_lines_of_all_its_blocks() -> None:
    numbered = HighlightOptions(line_numbers=True, no_classes=False)
    assert cells("```go\na\n```\n", highlight=numbered) == ["\n1\n", "\na\n"]
    assert '<table class="lntable"><tr><td class="lntd">' in html("```GO\na\n```\n", highlight=numbered)
    assert "background-color:#282a36" in html("```go\na\n```\n", highlight=HighlightOptions(True, style="dracula"))


@pytest.mark.parametrize("info", ["go {linenos=false}", "go {nohl=true}", "brainwave", ""])
def test_lines_have_no_numbers_where_hugo_highlights_nothing(info: str) -> None:
    assert "<table" not in html(f"```{info}\na\n```\n", highlight=HighlightOptions(line_numbers=True))


def test_without_code_fences_the_language_is_only_a_class() -> None:
    assert html("```go\nx\n```\n", code_fences=False) == '<pre><code class="language-go">x\n</code></pre>\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u3000\u3000中文\u3000\n", "<p>\u3000\u3000中文\u3000</p>\n"),
        ("a\u3000\n\u3000b\u00a0\n", "<p>a\u3000\n\u3000b\u00a0</p>\n"),
        ("# \u3000题\u3000\n", '<h1 id="题">\u3000题\u3000</h1>\n'),
        ("\u3000题\n===\n", '<h1 id="题">\u3000题</h1>\n'),
        ("- \u3000a\u3000\n", "<ul>\n<li>\u3000a\u3000</li>\n</ul>\n"),
        ("> \u3000a\r\n> b\u3000\r\n", "<blockquote>\n<p>\u3000a\nb\u3000</p>\n</blockquote>\n"),
        ("\u3000\n\na\n", "<p>\u3000</p>\n<p>a</p>\n"),
        ("| \u3000a |\n|---|\n", "<table>\n<thead>\n<tr>\n<th>\u3000a</th>\n</tr>\n</thead>\n</table>\n"),
        ("a\u3000  \nb\n", "<p>a\u3000<br>\nb</p>\n"),
        ("  a  \n", "<p>a</p>\n"),
    ],
)
def test_blanks_of_other_scripts_stay_at_the_ends_of_a_block(text: str, expected: str) -> None:
    assert html(text) == expected


def test_raw_html_is_omitted_unless_it_is_allowed() -> None:
    text = "<div>block</div>\n\nin <b>line</b>\n"
    assert html(text) == (
        "<!-- raw HTML omitted -->\n<p>in <!-- raw HTML omitted -->line<!-- raw HTML omitted --></p>\n"
    )
    assert html(text, unsafe=True) == "<div>block</div>\n<p>in <b>line</b></p>\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n\n- b\n", "<ul>\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"),
        ("3. a\n4. b\n", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("- a\n\n  t\n  : d\n", "<ul>\n<li>a\n<dl>\n<dt>t</dt>\n<dd>d</dd>\n</dl>\n</li>\n</ul>\n"),
        ("- a\n  - b\n", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n"),
    ],
)
def test_lists(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("para\n{.lead}\n", '<p class="lead">para</p>\n'),
        ("- a\n- b\n{.wide #list}\n", '<ul class="wide" id="list">\n<li>a</li>\n<li>b</li>\n</ul>\n'),
        ("> q\n\n{.far}\n", "<blockquote>\n<p>q</p>\n</blockquote>\n"),
        ('p\n{onclick="x()" .c}\n', '<p class="c">p</p>\n'),
        ("p\n{.c} and more\n", "<p>p\n{.c} and more</p>\n"),
    ],
)
def test_attributes_belong_to_the_block_before(text: str, expected: str) -> None:
    assert html(text, attribute_block=True) == expected


def test_attribute_lines_are_text_where_they_are_not_enabled() -> None:
    assert html("para\n{.lead}\n") == "<p>para\n{.lead}</p>\n"


def test_an_image_alone_stands_without_paragraph_where_the_site_wants_it() -> None:
    assert html("![a](b.png)\n", wrap_standalone_image=False) == '<img src="b.png" alt="a">'
    assert html("![a](b.png) c\n", wrap_standalone_image=False) == '<p><img src="b.png" alt="a"> c</p>\n'


@pytest.mark.parametrize(
    ("option", "text", "mark"),
    [
        ("table", "a | b\n--|--\n", "<table"),
        ("strikethrough", "~~x~~\n", "<del"),
        ("linkify", "http://a.example\n", "<a "),
        ("typographer", '"q"\n', "&ldquo;"),
        ("footnote", "a[^1]\n\n[^1]: n\n", "<sup"),
        ("task_list", "- [ ] t\n", "<input"),
        ("definition_list", "t\n: d\n", "<dl"),
    ],
)
def test_extensions_can_be_switched_off(option: str, text: str, mark: str) -> None:
    assert mark in html(text)
    assert mark not in html(text, **{option: False})
