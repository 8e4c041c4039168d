"""Emphasis, links and images."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(
            "*a* _b_ **c** __d__ ***e***\n",
            "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong> <strong><em>e</em></strong></p>\n",
            id="stars and underscores",
        ),
        pytest.param(
            "snake_case_name and _a_b_\n",
            "<p>snake_case_name and <em>a_b</em></p>\n",
            id="an underscore in a word is one",
        ),
        pytest.param(
            "**강조(한글)**은 and un*believ*able\n",
            "<p><strong>강조(한글)</strong>은 and un<em>believ</em>able</p>\n",
            id="stars work within words",
        ),
        pytest.param(
            "2 * 3 * 4 and * a*\n",
            "<p>2 * 3 * 4 and * a*</p>\n",
            id="a star before a blank is one",
        ),
        pytest.param(
            "*a and **b\n",
            "<p>*a and **b</p>\n",
            id="an unclosed star is one",
        ),
        pytest.param(
            "**a*\n",
            "<p><em>*a</em></p>\n",
            id="two stars closed by one",
        ),
        pytest.param(
            "**a *b* c** and *a **b** c*\n",
            "<p><strong>a <em>b</em> c</strong> and <em>a <strong>b</strong> c</em></p>\n",
            id="nested",
        ),
        pytest.param(
            "~~a *b*~~ and ~~ c ~~\n",
            "<p><del>a <em>b</em></del> and ~~ c ~~</p>\n",
            id="struck",
        ),
        pytest.param(
            "[a *b*](/c \"d 'e'\") [f](<g h>)\n",
            '<p><a href="/c" title="d \'e\'">a <em>b</em></a> <a href="g h">f</a></p>\n',
            id="a link with a title",
        ),
        pytest.param(
            "[a](/b_(c))\n",
            '<p><a href="/b_(c)">a</a></p>\n',
            id="parentheses in a target",
        ),
        pytest.param(
            "[a][B c] and [b  C][] and [b c]\n\n[b c]: https://example.org 'T'\n",
            '<p><a href="https://example.org" title="T">a</a> and <a href="https://example.org" '
            'title="T">b  C</a> and <a href="https://example.org" title="T">b c</a></p>\n'
            "\n",
            id="a link by its name",
        ),
        pytest.param(
            '[a]\n\n[a]: <https://example.org>\n   "T"\n',
            '<p><a href="https://example.org" title="T">a</a></p>\n\n',
            id="a title on the next line",
        ),
        pytest.param(
            "[a][b] and [c]\n",
            "<p>[a][b] and [c]</p>\n",
            id="no definition no link",
        ),
        pytest.param(
            "[a [b] c](/d) and [\\]](/e)\n",
            '<p><a href="/d">a [b] c</a> and <a href="/e">]</a></p>\n',
            id="brackets in a link",
        ),
        pytest.param(
            '![a \\* "b"](/c.png "t") ![d][e]\n\n[e]: /f.png\n',
            '<p><img src="/c.png" alt="a * &quot;b&quot;" title="t" /> <img src="/f.png" alt="d" /></p>\n\n',
            id="an image",
        ),
        pytest.param(
            "[![a](/b.png)](/c)\n",
            '<p><a href="/c"><img src="/b.png" alt="a" /></a></p>\n',
            id="an image in a link",
        ),
        pytest.param(
            "[a [b](/c) d](/e)\n",
            '<p><a href="/e">a [b](/c) d</a></p>\n',
            id="no link in a link",
        ),
        pytest.param(
            "[a]\n\n[a]: /b\n{: .c}\n",
            '<p><a class="c" href="/b">a</a></p>\n\n',
            id="an attribute list at a definition",
        ),
        pytest.param(
            "one[^a] two[^b] one[^a] none[^c]\n\n[^a]: A *note*.\n[^b]: B\n\n    more\n",
            '<p>one<sup id="fnref:a" role="doc-noteref"><a href="#fn:a" class="footnote" '
            'rel="footnote">1</a></sup> two<sup id="fnref:b" role="doc-noteref"><a href="#fn:b" '
            'class="footnote" rel="footnote">2</a></sup> one<sup id="fnref:a:1" role="doc-noteref"><a '
            'href="#fn:a" class="footnote" rel="footnote">1</a></sup> none[^c]</p>\n'
            "\n"
            '<div class="footnotes" role="doc-endnotes">\n'
            "  <ol>\n"
            '    <li id="fn:a" role="doc-endnote">\n'
            '      <p>A <em>note</em>.\u00a0<a href="#fnref:a" class="reversefootnote" '
            'role="doc-backlink">&#8617;</a>\u00a0<a href="#fnref:a:1" class="reversefootnote" '
            'role="doc-backlink">&#8617;<sup>2</sup></a></p>\n'
            "    </li>\n"
            '    <li id="fn:b" role="doc-endnote">\n'
            "      <p>B</p>\n"
            "\n"
            '      <p>more\u00a0<a href="#fnref:b" class="reversefootnote" '
            'role="doc-backlink">&#8617;</a></p>\n'
            "    </li>\n"
            "  </ol>\n"
            "</div>\n",
            id="footnotes",
        ),
        pytest.param(
            "x[^1]\n\n[^1]: A\n\n        code\n",
            '<p>x<sup id="fnref:1" role="doc-noteref"><a href="#fn:1" class="footnote" '
            'rel="footnote">1</a></sup></p>\n'
            "\n"
            '<div class="footnotes" role="doc-endnotes">\n'
            "  <ol>\n"
            '    <li id="fn:1" role="doc-endnote">\n'
            "      <p>A</p>\n"
            "\n"
            "      <pre><code>code\n"
            "</code></pre>\n"
            '      <p><a href="#fnref:1" class="reversefootnote" role="doc-backlink">&#8617;</a></p>\n'
            "    </li>\n"
            "  </ol>\n"
            "</div>\n",
            id="a footnote that ends with code",
        ),
        pytest.param(
            "HTML and HTML5, XHTML (HTML)\n\n*[HTML]: Hyper *Text*\n",
            '<p><abbr title="Hyper *Text*">HTML</abbr> and HTML5, XHTML (<abbr title="Hyper '
            '*Text*">HTML</abbr>)</p>\n'
            "\n",
            id="abbreviations",
        ),
    ],
)
def test_emphasis_and_links_read_as_kramdown_reads_them(text: str, html: str) -> None:
    assert KramdownMarkdown().html(text) == html
