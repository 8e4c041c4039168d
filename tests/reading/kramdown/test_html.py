"""HTML among blocks and in text."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(
            '<div class="a">\n*not read*\n</div>\n\n*read*\n',
            '<div class="a">\n*not read*\n</div>\n\n<p><em>read</em></p>\n',
            id="a block is left as it is",
        ),
        pytest.param(
            '<div markdown="1">\n*read*\n\n- a\n</div>\n',
            "<div>\n  <p><em>read</em></p>\n\n  <ul>\n    <li>a</li>\n  </ul>\n</div>\n",
            id="markdown is read if wanted",
        ),
        pytest.param(
            '<div markdown="span">\n*read*\n</div>\n\n<p markdown="1">*read*</p>\n',
            "<div>\n<em>read</em>\n</div>\n\n<p><em>read</em></p>\n",
            id="text is read if wanted",
        ),
        pytest.param(
            '<section>\n<div markdown="1">\n*read*\n</div>\n</section>\n',
            "<section>\n<div>\n    <p><em>read</em></p>\n  </div>\n</section>\n",
            id="an inner element is read if wanted",
        ),
        pytest.param(
            "<div>\n<p>words\n",
            "<div>\n<p>words\n</p></div>\n",
            id="an unclosed element is closed",
        ),
        pytest.param(
            "words</div>\n",
            "<p>words&lt;/div&gt;</p>\n",
            id="a closing tag alone is text",
        ),
        pytest.param(
            '<hr>\n\na<br>b <img src="x">\n',
            '<hr />\n\n<p>a<br />b <img src="x" /></p>\n',
            id="empty elements are closed",
        ),
        pytest.param(
            '<span>*a*</span>\n\n<a href="/x">*b*</a>\n',
            '<p><span><em>a</em></span></p>\n\n<p><a href="/x"><em>b</em></a></p>\n',
            id="tags of running text stand in a paragraph",
        ),
        pytest.param(
            "<code>*a* &amp; <b></code>\n",
            "<p><code>*a* &amp; <b>&lt;/code&gt;</b></code></p>\n",
            id="code in tags is not read",
        ),
        pytest.param(
            '<script>\nif (a < b && c) { "x" }\n</script>\n',
            '<script>\nif (a < b && c) { "x" }\n</script>\n\n',
            id="a script is left as it is",
        ),
        pytest.param(
            "<div>\n<style>a > b {}</style>\n</div>\n",
            "<div>\n<style>a > b {}</style>\n</div>\n",
            id="a style in a block",
        ),
        pytest.param(
            "words\n<div>x</div>\nwords\n",
            "<p>words</p>\n<div>x</div>\n<p>words</p>\n",
            id="a block ends a paragraph",
        ),
        pytest.param(
            "<!-- a *b* -->\n\nwords <!-- c --> words\n",
            "<!-- a *b* -->\n\n<p>words <!-- c --> words</p>\n",
            id="a comment stays",
        ),
        pytest.param(
            "<!-- a\n\nb\n",
            "<p>&lt;!– a</p>\n\n<p>b</p>\n",
            id="an unclosed comment is text",
        ),
        pytest.param(
            "<div  ID='a' class = x hidden>y</div>\n",
            '<div id="a" class="x" hidden="">y</div>\n',
            id="attributes are written anew",
        ),
        pytest.param(
            "<my-card>\n*x*\n</my-card>\n",
            "<my-card>\n*x*\n</my-card>\n",
            id="unknown tags are blocks",
        ),
        pytest.param(
            "<a href=http://example.org>x</a>\n",
            "<p>&lt;a href=http://example.org&gt;x&lt;/a&gt;</p>\n",
            id="a value without quotes must be a word",
        ),
        pytest.param(
            "{: .a}\n<div>x</div>\n",
            '<div class="a">x</div>\n',
            id="an attribute list before a block",
        ),
        pytest.param(
            '<details markdown="1">\n<summary>More</summary>\n\n* a\n\n</details>\n',
            "<details>\n  <summary>More</summary>\n\n  <ul>\n    <li>a</li>\n  </ul>\n\n</details>\n",
            id="details hold markdown if wanted",
        ),
        pytest.param(
            "<table>\n<tr><td>a & b</td></tr>\n</table>\n",
            "<table>\n<tr><td>a &amp; b</td></tr>\n</table>\n",
            id="a table in html",
        ),
        pytest.param(
            "<https://example.org/?a=b> <ann@example.org>\n",
            '<p><a href="https://example.org/?a=b">https://example.org/?a=b</a> <a '
            'href="mailto:ann@example.org">ann@example.org</a></p>\n',
            id="an address is a link",
        ),
    ],
)
def test_html_read_as_kramdown_reads_them(text: str, html: str) -> None:
    assert KramdownMarkdown().html(text) == html
