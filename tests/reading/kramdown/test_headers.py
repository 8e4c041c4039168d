"""Headers and the ids that links point at."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(
            "# Getting started\n",
            '<h1 id="getting-started">Getting started</h1>\n',
            id="a header gets an id of its words",
        ),
        pytest.param(
            "## 시작하기 é Ünï 日本語 ΣΑΣ\n",
            '<h2 id="시작하기-é-ünï-日本語-σασ">시작하기 é Ünï 日本語 ΣΑΣ</h2>\n',
            id="letters of every script stay in the id",
        ),
        pytest.param(
            "### What's new, in 2.0?\n",
            '<h3 id="whats-new-in-20">What’s new, in 2.0?</h3>\n',
            id="punctuation leaves the id and blanks become hyphens",
        ),
        pytest.param(
            "# Notes\n\n# Notes\n\n# Notes\n",
            '<h1 id="notes">Notes</h1>\n\n<h1 id="notes-1">Notes</h1>\n\n<h1 id="notes-2">Notes</h1>\n',
            id="the second header of a name gets a number",
        ),
        pytest.param(
            "# The `main` call of $$x$$\n",
            '<h1 id="the-main-call-of-x">The <code>main</code> call of \\(x\\)</h1>\n',
            id="code and formulas count for the id",
        ),
        pytest.param(
            "## Setup {#install}\n",
            '<h2 id="install">Setup</h2>\n',
            id="a written id is kept",
        ),
        pytest.param(
            "## Setup\n{: #first .wide}\n",
            '<h2 id="first" class="wide">Setup</h2>\n',
            id="an attribute list may follow",
        ),
        pytest.param(
            "## Setup ##\n",
            '<h2 id="setup">Setup</h2>\n',
            id="closing marks are cut off",
        ),
        pytest.param(
            "#hash tag\n",
            "<p>#hash tag</p>\n",
            id="a mark without a blank is no header",
        ),
        pytest.param(
            "words\n# Header\nwords\n",
            '<p>words</p>\n<h1 id="header">Header</h1>\n<p>words</p>\n',
            id="a header ends a paragraph",
        ),
        pytest.param(
            "Big\n===\n\nSmall\n---\n",
            '<h1 id="big">Big</h1>\n\n<h2 id="small">Small</h2>\n',
            id="underlined headers take one line",
        ),
        pytest.param(
            "one\ntwo\n---\n",
            "<p>one\ntwo\n—</p>\n",
            id="an underline in a paragraph is none",
        ),
        pytest.param(
            "####### seven\n",
            "<p>####### seven</p>\n",
            id="seven marks are words",
        ),
        pytest.param(
            "# ...\n\n# ???\n",
            '<h1>…</h1>\n\n<h1 id="-1">???</h1>\n',
            id="a header without letters has a general id",
        ),
        pytest.param(
            "# *Big* [news](/n)\n",
            '<h1 id="big-news"><em>Big</em> <a href="/n">news</a></h1>\n',
            id="emphasis and links stand in a header",
        ),
    ],
)
def test_headers_read_as_kramdown_reads_them(text: str, html: str) -> None:
    assert KramdownMarkdown().html(text) == html
