"""From a Markdown body to HTML, plain text, sections, headings, links and the first paragraph."""

from __future__ import annotations

import pytest

from search_index.diagnostics import ProblemCode
from search_index.model import Heading, Link, Rendered
from search_index.reading.body import plain_body, render_body
from search_index.reading.errors import ContentError
from search_index.reading.extraction import extract, heading_slug, words_in
from search_index.reading.markdown import BlogMarkdown
from search_index.settings import HtmlPolicy, Limits

RENDERER = BlogMarkdown()


def rendered(body: str, policy: HtmlPolicy = HtmlPolicy.SAFE, **limits: int) -> Rendered:
    return render_body(body, RENDERER, policy, Limits.model_validate(limits))


def html(body: str, policy: HtmlPolicy = HtmlPolicy.SAFE) -> str:
    return rendered(body, policy).html


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("*a* **b** `c` ~~d~~", "<p><em>a</em> <strong>b</strong> <code>c</code> <del>d</del></p>"),
        ("H~2~O", "<p>H~2~O</p>"),
        ("```python title=x\na < 1\n```", '<pre><code class="language-python">a &lt; 1\n</code></pre>'),
        ("~~~ {.c++ .numberLines}\n\tx\n~~~", '<pre><code class="language-c++">\tx\n</code></pre>'),
        ("```\n```", "<pre><code></code></pre>"),
        ("a\n```\nb\n```\nc", "<p>a</p>\n<pre><code>b\n</code></pre>\n<p>c</p>"),
        ("```\nnever closed", "<pre><code>never closed\n</code></pre>"),
        ("    indented", "<pre><code>indented\n</code></pre>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("text\n- a\n- b", "<p>text</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("text\n1. a", "<p>text</p>\n<ol>\n<li>a</li>\n</ol>"),
        ("in\n1986. A great year", "<p>in\n1986. A great year</p>"),
        ("1) a\n2) b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("- a\n1. b", "<ul>\n<li>a</li>\n</ul>\n<ol>\n<li>b</li>\n</ol>"),
        ("- a\n  - b\n    - c", "<ul>\n<li>a<ul>\n<li>b<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n</li>\n</ul>"),
        ("- a\n\n  more\n- b", "<ul>\n<li>\n<p>a</p>\n<p>more</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
        ("- a\nlazy", "<ul>\n<li>a\nlazy</li>\n</ul>"),
        ("- a\n# b", '<ul>\n<li>a</li>\n</ul>\n<h1 id="b">b</h1>'),
        (
            "- a\n  ```sh\n  b\n  ```\n- c",
            '<ul>\n<li>a\n    <pre><code class="language-sh">b\n</code></pre></li>\n<li>c</li>\n</ul>',
        ),
        ("- ```\n  a\n  ```", "<ul>\n<li><pre><code>a\n</code></pre></li>\n</ul>"),
        ("-\ta\n\n\tb", "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n</ul>"),
        ("* * *\n\n- - -", "<hr>\n<hr>"),
        ("> a\n> ```\n> b\n> ```", "<blockquote>\n<p>a</p>\n<pre><code>b\n</code></pre>\n</blockquote>"),
        ("text\n> quote", "<p>text</p>\n<blockquote>\n<p>quote</p>\n</blockquote>"),
        (
            "- [ ] a\n- [x] b",
            '<ul class="task-list">\n<li class="task-list-item"><input type="checkbox" disabled=""> a</li>\n'
            '<li class="task-list-item"><input type="checkbox" disabled="" checked=""> b</li>\n</ul>',
        ),
        ("term\n: meaning", "<dl>\n<dt>term</dt>\n<dd>meaning</dd>\n</dl>"),
        (
            "| a | b |\n|---|--:|\n| 1 | x\\|y |",
            '<table>\n<thead>\n<tr>\n<th>a</th>\n<th align="right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n'
            '<td align="right">x|y</td>\n</tr>\n</tbody>\n</table>',
        ),
        (
            "!!! note\n    text",
            '<div class="admonition note">\n<p class="admonition-title">Note</p>\n<p>text</p>\n</div>',
        ),
        ("*[API]: Interface\n\nAn API", '<p>An <abbr title="Interface">API</abbr></p>'),
        ('<div markdown="1">\n*a*\n</div>', "<div>\n<p><em>a</em></p>\n</div>"),
        ("<pre>\n- a\n\n    b\n</pre>", "<pre>- a\n\n    b\n</pre>"),
        (
            '![](x.jpg){:.lead width="400" height="400" loading="lazy"}',
            '<p><img alt="" class="lead" height="400" loading="lazy" src="x.jpg" width="400"></p>',
        ),
        ("## Own {#mine}", '<h2 id="mine">Own</h2>'),
        ("text\n{: .note}", '<p class="note">text</p>'),
        ('a "quoted" -- b', '<p>a "quoted" -- b</p>'),
    ],
)
def test_markdown_means_what_bloggers_mean_by_it(body: str, shown: str) -> None:
    assert html(body) == shown


def test_footnotes_keep_lists_and_leave_no_number_in_the_text() -> None:
    body = rendered("Said[^1].\n\n[^1]: Source\n\n    - first\n    - second\n")
    assert '<a class="footnote-ref" href="#fn:1">1</a>' in body.html
    assert "<li>first</li>" in body.html
    assert body.text == "Said.\nSource\nfirst\nsecond\n"
    assert body.links == ()


def test_a_renderer_is_the_same_after_every_body() -> None:
    bodies = ["[^1]\n\n[^1]: a", "[x]\n\n[x]: y", "*[A]: b\n\nA", "# h", "```\nx\n```"]
    first = [html(body) for body in bodies]
    assert [html(body) for body in reversed(bodies)] == first[::-1]


TEXT = """# Title

Intro with `code <x>` &amp; *more*
and a [link](https://a.b/c?d=1&e=2).

## Set up

- one
- two

```py
x = 1

y = 2
```

| a | b |
|---|---|
| 1 | 2 |

### Deeper

line<br>break

## Set up

last
"""


def test_text_has_inline_code_in_its_place_and_a_line_for_each_block_and_cell() -> None:
    body = rendered(TEXT)
    assert body.text == (
        "Title\nIntro with code <x> & more and a link.\nSet up\none\ntwo\nx = 1\n\ny = 2\na\nb\n1\n2\n"
        "Deeper\nline\nbreak\nSet up\nlast\n"
    )
    assert [body.text[start:end] for start, end in body.code_spans] == ["x = 1\n\ny = 2\n"]


def test_the_numbers_of_a_code_blocks_lines_are_no_text() -> None:
    numbers, code = '<pre><code><span class="lnt">1\n</span></code></pre>', "<pre><code>let x\n</code></pre>"
    body = extract(
        f"<table><tr><td>{numbers}</td><td>{code}</td></tr></table>\n\n"
        '<pre><code><span class="ln">2</span>y = 3\n</code></pre>\n'
    )
    assert body.text == "let x\ny = 3\n"


def test_sections_lie_side_by_side_and_carry_the_headings_above_them() -> None:
    body = rendered("before\n\n" + TEXT)
    assert [(section.anchor, section.trail) for section in body.sections] == [
        ("", ()),
        ("user-content-title", ("Title",)),
        ("set-up", ("Title", "Set up")),
        ("deeper", ("Title", "Set up", "Deeper")),
        ("set-up-1", ("Title", "Set up")),
    ]
    assert "".join(body.text[section.start : section.end] for section in body.sections) == body.text
    assert body.text[body.sections[2].start :].startswith("Set up\none")
    assert body.headings[1] == Heading(2, "Set up", "set-up")


def test_links_and_images_are_listed_with_their_text() -> None:
    body = rendered("[a *b*](x?y=1&z=2) ![alt](p.png) <https://q.r/> [](empty) <a>none</a>")
    assert body.links == (
        Link("x?y=1&z=2", "a b", False),
        Link("p.png", "alt", True),
        Link("https://q.r/", "https://q.r/", False),
        Link("empty", "", False),
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("# h\n\nfirst\n\nsecond", "first"),
        ("- item\n\n| a |\n|---|\n| b |\n\n```\ncode\n```\n\nprose", "prose"),
        ("![only](an-image.png)\n\nprose *here*\nand there", "prose here and there"),
        ("[TOC]\n\n# h\n\nprose", "prose"),
        ("> quoted\n\nprose", "prose"),
        ("> quoted", "quoted"),
        ("!!! note\n    careful\n\nprose", "prose"),
        ("# only a heading", ""),
        ("- only\n- a list", ""),
        ("***", ""),
        ("", ""),
    ],
)
def test_the_first_paragraph_is_prose(body: str, text: str) -> None:
    found = rendered(body)
    assert found.first_paragraph == text
    assert bool(found.first_paragraph_html) == bool(text)


@pytest.mark.parametrize("policy", HtmlPolicy)
@pytest.mark.parametrize("marker", ["<!--more-->", "<!-- more -->", "<!--MORE-->"])
def test_what_stands_before_the_marker_is_kept_apart(marker: str, policy: HtmlPolicy) -> None:
    body = rendered(f"one *two*\n\n{marker}\n\nthree", policy)
    assert body.marker_html == "<p>one <em>two</em></p>"
    assert body.marker_text == "one two"
    assert body.text == "one two\nthree\n"
    assert "\ufdd0" not in body.html
    assert (marker in body.html) == (policy is HtmlPolicy.TRUSTED)


def test_a_marker_in_the_middle_of_a_paragraph_closes_what_is_open() -> None:
    body = rendered("> one <!--more--> two")
    assert body.marker_html == "<blockquote>\n<p>one</p></blockquote>"
    assert body.marker_text == "one"


def test_a_marker_in_code_is_code() -> None:
    assert rendered("```\n<!--more-->\n```\n\n`<!--more-->`").marker_text is None


def test_a_body_without_a_marker_has_none_even_with_the_stand_in_in_it() -> None:
    body = rendered("a\ufdd0b")
    assert body.marker_text is None
    assert body.text == "ab\n"


def test_a_table_of_contents_is_made_once() -> None:
    body = rendered("[TOC]\n\n## A\n\n#### B\n\n### C\n\n## D & E\n\n[TOC]\n\n# F")
    assert body.html.startswith(
        '<div class="toc"><ul><li><a href="#a">A</a><ul><li><a href="#b">B</a></li><li><a href="#c">C</a></li></ul></li>'
        '<li><a href="#d--e">D &amp; E</a></li><li><a href="#f">F</a></li></ul></div>'
    )
    assert body.html.count('class="toc"') == 1
    assert "[TOC]" not in body.html + body.text


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("Set up & Go!", "set-up--go"),
        ("C++ and C#", "c-and-c"),
        ("snake_case-kept", "snake_case-kept"),
        ("한글 제목", "한글-제목"),
        ("Über ẞ", "über-ß"),
        ("हिन्दी", "हिन्दी"),
        ("🎉", "section"),
        ("!!!", "section"),
    ],
)
def test_heading_anchors_are_githubs_in_every_script(text: str, anchor: str) -> None:
    assert heading_slug(text) == anchor


def test_repeated_headings_are_numbered_around_anchors_that_are_taken() -> None:
    body = rendered('# a\n\n# a\n\n# a-1\n\n# a\n\n<p id="b">x</p>\n\n# b\n')
    assert [heading.anchor for heading in body.headings] == ["a", "a-1", "a-1-1", "a-2", "b-1"]


def test_trusted_html_is_what_the_renderer_makes() -> None:
    body = '<script>alert(1)</script>\n\n<p style="x" onclick="y">a</p>\n\n# location\n'
    trusted = html(body, HtmlPolicy.TRUSTED)
    assert "<script>alert(1)</script>" in trusted
    assert 'onclick="y"' in trusted
    assert '<h1 id="location">' in trusted
    assert rendered(body, HtmlPolicy.TRUSTED).text == "a\nlocation\n"


def test_text_of_broken_html_is_still_found() -> None:
    found = extract("<p>a <b>b</p></i> < c &lt; <pre>x\n y<div>z &amp;#0; <h2>head")
    assert found.text == "a b\n< c <\nx\n y\nz &#0;\nhead\n"
    assert found.headings == (Heading(2, "head", "user-content-head"),)


def test_a_body_with_too_much_output_is_refused() -> None:
    with pytest.raises(ContentError) as refused:
        rendered("| a |" + " b |" * 200 + "\n|" + "---|" * 201 + "\n" + "| x\n" * 200, render_output_bytes=10_000)
    assert refused.value.code is ProblemCode.RENDER_OUTPUT


@pytest.mark.parametrize("body", ["- " * 600 + "x", "<div>" * 101, "".join(f"<b title={n}>" for n in range(101))])
def test_a_body_that_nests_too_deeply_is_refused(body: str) -> None:
    with pytest.raises(ContentError) as refused:
        rendered(body)
    assert refused.value.code is ProblemCode.RENDER_NESTING


def test_a_renderer_goes_on_after_a_body_that_broke_it() -> None:
    with pytest.raises(ContentError):
        rendered("- " * 600 + "x")
    assert html("*a*") == "<p><em>a</em></p>"


def test_a_plain_body_is_escaped_paragraph_by_paragraph() -> None:
    body = plain_body("# <b>a</b> & b\nc\n\n  \n\nd\0\n")
    assert body.html == "<p># &lt;b&gt;a&lt;/b&gt; &amp; b\nc</p>\n<p>d</p>"
    assert body.text == "# <b>a</b> & b c\nd\n"
    assert plain_body("").html == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one two  three\nfour", 4),
        ("- -- !", 0),
        ("C++ don't x.y", 3),
        ("漢字 kana かな", 5),
        ("안녕 world", 3),
    ],
)
def test_words_are_counted_as_readers_count_them(text: str, words: int) -> None:
    assert words_in(text) == words
