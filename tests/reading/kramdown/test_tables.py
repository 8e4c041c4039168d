"""Tables."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(
            "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n",
            "<table>\n"
            "  <thead>\n"
            "    <tr>\n"
            '      <th style="text-align: left">a</th>\n'
            '      <th style="text-align: center">b</th>\n'
            '      <th style="text-align: right">c</th>\n'
            "    </tr>\n"
            "  </thead>\n"
            "  <tbody>\n"
            "    <tr>\n"
            '      <td style="text-align: left">1</td>\n'
            '      <td style="text-align: center">2</td>\n'
            '      <td style="text-align: right">3</td>\n'
            "    </tr>\n"
            "  </tbody>\n"
            "</table>\n",
            id="a head and columns",
        ),
        pytest.param(
            "| a | b |\n| c | d |\n",
            "<table>\n"
            "  <tbody>\n"
            "    <tr>\n"
            "      <td>a</td>\n"
            "      <td>b</td>\n"
            "    </tr>\n"
            "    <tr>\n"
            "      <td>c</td>\n"
            "      <td>d</td>\n"
            "    </tr>\n"
            "  </tbody>\n"
            "</table>\n",
            id="no head",
        ),
        pytest.param(
            "a | b\n--|--\n1 | 2\n",
            "<table>\n"
            "  <thead>\n"
            "    <tr>\n"
            "      <th>a</th>\n"
            "      <th>b</th>\n"
            "    </tr>\n"
            "  </thead>\n"
            "  <tbody>\n"
            "    <tr>\n"
            "      <td>1</td>\n"
            "      <td>2</td>\n"
            "    </tr>\n"
            "  </tbody>\n"
            "</table>\n",
            id="no outer pipes",
        ),
        pytest.param(
            "| h |\n|---|\n| 1 |\n|---|\n| 2 |\n|===|\n| f |\n",
            "<table>\n"
            "  <thead>\n"
            "    <tr>\n"
            "      <th>h</th>\n"
            "    </tr>\n"
            "  </thead>\n"
            "  <tbody>\n"
            "    <tr>\n"
            "      <td>1</td>\n"
            "    </tr>\n"
            "  </tbody>\n"
            "  <tbody>\n"
            "    <tr>\n"
            "      <td>2</td>\n"
            "    </tr>\n"
            "  </tbody>\n"
            "  <tfoot>\n"
            "    <tr>\n"
            "      <td>f</td>\n"
            "    </tr>\n"
            "  </tfoot>\n"
            "</table>\n",
            id="a foot and bodies",
        ),
        pytest.param(
            "a || b\n",
            "<table>\n"
            "  <tbody>\n"
            "    <tr>\n"
            "      <td>a</td>\n"
            "      <td>\u00a0</td>\n"
            "      <td>b</td>\n"
            "    </tr>\n"
            "  </tbody>\n"
            "</table>\n",
            id="two pipes in a line are a table",
        ),
        pytest.param(
            "| a \\| b | c |\n",
            "<table>\n  <tbody>\n    <tr>\n      <td>a | b</td>\n      <td>c</td>\n    </tr>\n  </tbody>\n</table>\n",
            id="an escaped pipe is a character",
        ),
        pytest.param(
            "| `a|b` | c |\n",
            "<table>\n"
            "  <tbody>\n"
            "    <tr>\n"
            "      <td><code>a|b</code></td>\n"
            "      <td>c</td>\n"
            "    </tr>\n"
            "  </tbody>\n"
            "</table>\n",
            id="a pipe in code is a character",
        ),
        pytest.param(
            "| a | b |\n| c |\n",
            "<table>\n"
            "  <tbody>\n"
            "    <tr>\n"
            "      <td>a</td>\n"
            "      <td>b</td>\n"
            "    </tr>\n"
            "    <tr>\n"
            "      <td>c</td>\n"
            "      <td>\u00a0</td>\n"
            "    </tr>\n"
            "  </tbody>\n"
            "</table>\n",
            id="rows are filled up",
        ),
        pytest.param(
            "| a |\n|---|\n",
            "<p>| a |\n|—|</p>\n",
            id="a head alone is text",
        ),
        pytest.param(
            "words\n| a | b |\n",
            "<p>words\n| a | b |</p>\n",
            id="a table needs a blank line before",
        ),
        pytest.param(
            "| a | b |\nwords\n",
            "<p>| a | b |\nwords</p>\n",
            id="a line without a pipe makes all of it text",
        ),
        pytest.param(
            "| *a* | [b](/c) |\n",
            "<table>\n"
            "  <tbody>\n"
            "    <tr>\n"
            "      <td><em>a</em></td>\n"
            '      <td><a href="/c">b</a></td>\n'
            "    </tr>\n"
            "  </tbody>\n"
            "</table>\n",
            id="marks are read in cells",
        ),
        pytest.param(
            "| a |\n| b |\n{: .wide}\n",
            '<table class="wide">\n'
            "  <tbody>\n"
            "    <tr>\n"
            "      <td>a</td>\n"
            "    </tr>\n"
            "    <tr>\n"
            "      <td>b</td>\n"
            "    </tr>\n"
            "  </tbody>\n"
            "</table>\n",
            id="attributes",
        ),
    ],
)
def test_tables_read_as_kramdown_reads_them(text: str, html: str) -> None:
    assert KramdownMarkdown().html(text) == html
