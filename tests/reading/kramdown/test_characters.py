"""Quotation marks, dashes, entities, escapes, code in text."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(
            "\"a\" 'b' it's the '80s, \"'c' d\"\n",
            "<p>“a” ‘b’ it’s the ’80s, “‘c’ d”</p>\n",
            id="quotation marks bend",
        ),
        pytest.param(
            '*"a"* ("b") ["c"](/d) "*e*"\n',
            '<p><em>“a”</em> (“b”) <a href="/d">“c”</a> “<em>e</em>”</p>\n',
            id="quotation marks beside marks",
        ),
        pytest.param(
            "a -- b --- c... d----e\n",
            "<p>a – b — c… d—-e</p>\n",
            id="dashes and dots",
        ),
        pytest.param(
            "<<a>> << b >> \\<<c\\>>\n",
            "<p>«a» «\u00a0b\u00a0» &lt;&lt;c&gt;&gt;</p>\n",
            id="angle quotes",
        ),
        pytest.param(
            "&copy; &#8212; &#x41; a&nbsp;b &lt;b&gt; &amp; &\n",
            "<p>© — A a\u00a0b &lt;b&gt; &amp; &amp;</p>\n",
            id="entities become characters",
        ),
        pytest.param(
            "&nosuch; & a&b\n",
            "<p>&amp;nosuch; &amp; a&amp;b</p>\n",
            id="an unknown entity is text",
        ),
        pytest.param(
            "\\*a\\* \\_ \\# \\[x](y) \\` \\~ \\a \\\\\n",
            "<p>*a* _ # [x](y) ` ~ \\a \\</p>\n",
            id="escapes",
        ),
        pytest.param(
            '`a*b` ``c ` d`` ` e ` `<f> & "g"`\n',
            '<p><code>a*b</code> <code>c ` d</code> ` e ` <code>&lt;f&gt; &amp; "g"</code></p>\n',
            id="code",
        ),
        pytest.param(
            "a `b and ``c`\n",
            "<p>a <code>b and </code><code>c</code></p>\n",
            id="unclosed code is text",
        ),
        pytest.param(
            'a < b > c & d "<e\n',
            "<p>a &lt; b &gt; c &amp; d “&lt;e</p>\n",
            id="markup is escaped",
        ),
    ],
)
def test_characters_read_as_kramdown_reads_them(text: str, html: str) -> None:
    assert KramdownMarkdown().html(text) == html
