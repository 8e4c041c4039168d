"""Paragraphs, quotes, code, rules, formulas."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(
            "one\ntwo\n   three\n\nfour\n",
            "<p>one\ntwo\n   three</p>\n\n<p>four</p>\n",
            id="lines are one paragraph",
        ),
        pytest.param(
            "one  \ntwo\\\nthree\n",
            "<p>one<br />\ntwo<br />\nthree</p>\n",
            id="two blanks or a backslash break a line",
        ),
        pytest.param(
            "> one\ntwo\n> > deep\n\nafter\n",
            "<blockquote>\n"
            "  <p>one\n"
            "two</p>\n"
            "  <blockquote>\n"
            "    <p>deep</p>\n"
            "  </blockquote>\n"
            "</blockquote>\n"
            "\n"
            "<p>after</p>\n",
            id="a quote goes on lazily",
        ),
        pytest.param(
            "> # H\n>\n> * a\n> * b\n",
            '<blockquote>\n  <h1 id="h">H</h1>\n\n  <ul>\n    <li>a</li>\n    <li>b</li>\n  </ul>\n</blockquote>\n',
            id="a quote holds blocks",
        ),
        pytest.param(
            "words\n> quote\n",
            "<p>words</p>\n<blockquote>\n  <p>quote</p>\n</blockquote>\n",
            id="a quote ends a paragraph",
        ),
        pytest.param(
            "* * *\n\n---\n\n_____\n",
            "<hr />\n\n<hr />\n\n<hr />\n",
            id="three marks are a rule",
        ),
        pytest.param(
            '    a = 1\n    \tb <c> & "d"\n\n    e\n',
            '<pre><code>a = 1\n\tb &lt;c&gt; &amp; "d"\n\ne\n</code></pre>\n',
            id="indented lines are code with its tabs",
        ),
        pytest.param(
            "\tcode\n",
            "<pre><code>code\n</code></pre>\n",
            id="a tab indents code",
        ),
        pytest.param(
            "    code\ngoes on\n",
            "<pre><code>code goes on\n</code></pre>\n",
            id="code goes on lazily",
        ),
        pytest.param(
            "```\na  *b*\n\n\tc\n```\n",
            "<pre><code>a  *b*\n\n\tc\n</code></pre>\n",
            id="a fence holds code",
        ),
        pytest.param(
            "```ruby\nputs 1\n```\n",
            '<pre><code class="language-ruby">puts 1\n</code></pre>\n',
            id="a fence names a language",
        ),
        pytest.param(
            "~~~ php?start=1\n$a;\n~~~\n",
            '<pre><code class="language-php">$a;\n</code></pre>\n',
            id="a language may have options",
        ),
        pytest.param(
            "words\n~~~\ncode\n~~~\nwords\n",
            "<p>words</p>\n<pre><code>code\n</code></pre>\n<p>words</p>\n",
            id="a fence interrupts a paragraph",
        ),
        pytest.param(
            "````\n```\n````\n",
            "<pre><code>```\n</code></pre>\n",
            id="a longer fence holds a shorter one",
        ),
        pytest.param(
            "``` ruby title\nputs\n```\n",
            "<p><code>ruby title\nputs\n</code></p>\n",
            id="a fence with two words is text",
        ),
        pytest.param(
            "```\nputs\n",
            "<p>```\nputs</p>\n",
            id="an unclosed fence is text",
        ),
        pytest.param(
            '```js\nx\n```\n{: .wide title="t"}\n',
            '<pre class="wide" title="t"><code class="language-js">x\n</code></pre>\n',
            id="code keeps an attribute list",
        ),
        pytest.param(
            "$$a_b \\\\ <c$$\n\nand\n\n$$\n\\sum_i\n$$\n",
            "\\[a_b \\\\ &lt;c\\]\n\n<p>and</p>\n\n\\[\\sum_i\\]\n",
            id="a formula of its own",
        ),
        pytest.param(
            "so $$a_b * c_d$$ is, but $1 and $2 are not\n",
            "<p>so \\(a_b * c_d\\) is, but $1 and $2 are not</p>\n",
            id="a formula in text",
        ),
        pytest.param(
            "\\$$x$$\n",
            "<p>\\(x\\)</p>\n",
            id="an escaped formula is text",
        ),
        pytest.param(
            "$$x$$\n{: .eq}\n",
            '<div class="eq">\\[x\\]\n</div>\n',
            id="a formula with attributes has an element",
        ),
        pytest.param(
            "* a\n^\n* b\n",
            "<ul>\n  <li>a</li>\n</ul>\n<ul>\n  <li>b</li>\n</ul>\n",
            id="a caret ends a block",
        ),
    ],
)
def test_blocks_read_as_kramdown_reads_them(text: str, html: str) -> None:
    assert KramdownMarkdown().html(text) == html
