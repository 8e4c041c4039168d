"""Attribute lists and extensions."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(
            "words\n{: .a .b #c key=\"v w\" other='x'}\n",
            '<p class="a b" id="c" key="v w" other="x">words</p>\n',
            id="after a paragraph",
        ),
        pytest.param(
            "{: .note}\nwords\n",
            '<p class="note">words</p>\n',
            id="before a block",
        ),
        pytest.param(
            "one\n\n{: .note}\ntwo\n",
            '<p>one</p>\n\n<p class="note">two</p>\n',
            id="before a block is not after another",
        ),
        pytest.param(
            '*em*{: .a} and [x](/y){: target="_blank"} and ![i](/j){: width="9"}\n',
            '<p><em class="a">em</em> and <a href="/y" target="_blank">x</a> and <img src="/j" alt="i" '
            'width="9" /></p>\n',
            id="after a span",
        ),
        pytest.param(
            "words{: .a}\n",
            "<p>words{: .a}</p>\n",
            id="after text it is text",
        ),
        pytest.param(
            '{:big: .large title="t"}\n\nwords\n{: big .more}\n',
            '\n<p class="large more" title="t">words</p>\n',
            id="a definition is referred to",
        ),
        pytest.param(
            "> q\n{: .prompt-tip }\n",
            '<blockquote class="prompt-tip">\n  <p>q</p>\n</blockquote>\n',
            id="after a quote",
        ),
        pytest.param(
            "* contents\n{:toc}\n\n# One\n\n## Two [x](/y)\n\n# Three\n",
            '<ul id="markdown-toc">\n'
            '  <li><a href="#one" id="markdown-toc-one">One</a>    <ul>\n'
            '      <li><a href="#two-x" id="markdown-toc-two-x">Two x</a></li>\n'
            "    </ul>\n"
            "  </li>\n"
            '  <li><a href="#three" id="markdown-toc-three">Three</a></li>\n'
            "</ul>\n"
            "\n"
            '<h1 id="one">One</h1>\n'
            "\n"
            '<h2 id="two-x">Two <a href="/y">x</a></h2>\n'
            "\n"
            '<h1 id="three">Three</h1>\n',
            id="a table of contents",
        ),
        pytest.param(
            "1. contents\n{:toc}\n\n# One\n{:.no_toc}\n\n# Two\n",
            '<ol id="markdown-toc">\n'
            '  <li><a href="#two" id="markdown-toc-two">Two</a></li>\n'
            "</ol>\n"
            "\n"
            '<h1 class="no_toc" id="one">One</h1>\n'
            "\n"
            '<h1 id="two">Two</h1>\n',
            id="a header stays out of the contents",
        ),
        pytest.param(
            "* contents\n{:toc}\n\nwords\n",
            "\n<p>words</p>\n",
            id="no headers no contents",
        ),
        pytest.param(
            "a {::comment}hidden{:/comment} b\n\n{::comment}\nhidden\n{:/comment}\n",
            "<p>a <!-- hidden --> b</p>\n\n<!-- hidden -->\n",
            id="a comment",
        ),
        pytest.param(
            "{::nomarkdown}\n<b>*x*</b>\n{:/}\n\nand {::nomarkdown}*y*{:/} too\n",
            "<b>*x*</b>\n\n<p>and *y* too</p>\n",
            id="what is not markdown",
        ),
        pytest.param(
            '{::nomarkdown type="latex"}\n\\x\n{:/}\n\nwords\n',
            "\n<p>words</p>\n",
            id="what is for another format",
        ),
        pytest.param(
            '{::options auto_ids="false" /}\n\n# One\n',
            "\n<h1>One</h1>\n",
            id="options in the text",
        ),
        pytest.param(
            "{::other}\n\nx\n",
            "<p>{::other}</p>\n\n<p>x</p>\n",
            id="an unknown extension is text",
        ),
        pytest.param(
            "![A cat](/cat.png){: standalone .wide}\n",
            '<figure class="wide">\n'
            '  <img src="/cat.png" alt="A cat" />\n'
            "  <figcaption>A cat</figcaption>\n"
            "</figure>\n",
            id="an image with a caption",
        ),
    ],
)
def test_attributes_read_as_kramdown_reads_them(text: str, html: str) -> None:
    assert KramdownMarkdown().html(text) == html
