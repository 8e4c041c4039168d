"""Lists, task lists and definition lists."""

from __future__ import annotations

import pytest

from search_index.reading.kramdown import KramdownMarkdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(
            "* a\n* b\n",
            "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n",
            id="a tight list",
        ),
        pytest.param(
            "* a\n\n* b\n* c\n",
            "<ul>\n  <li>\n    <p>a</p>\n  </li>\n  <li>b</li>\n  <li>c</li>\n</ul>\n",
            id="a blank line makes an item loose",
        ),
        pytest.param(
            "words\n- a\n- b\n",
            "<p>words</p>\n<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n",
            id="a list follows a paragraph at once",
        ),
        pytest.param(
            "- a\n  - b\n    - c\n- d\n",
            "<ul>\n"
            "  <li>a\n"
            "    <ul>\n"
            "      <li>b\n"
            "        <ul>\n"
            "          <li>c</li>\n"
            "        </ul>\n"
            "      </li>\n"
            "    </ul>\n"
            "  </li>\n"
            "  <li>d</li>\n"
            "</ul>\n",
            id="two blanks nest",
        ),
        pytest.param(
            "* a\n    * b\n        * c\n",
            "<ul>\n"
            "  <li>a\n"
            "    <ul>\n"
            "      <li>b\n"
            "        <ul>\n"
            "          <li>c</li>\n"
            "        </ul>\n"
            "      </li>\n"
            "    </ul>\n"
            "  </li>\n"
            "</ul>\n",
            id="four blanks nest",
        ),
        pytest.param(
            "- a\n\t- b\n",
            "<ul>\n  <li>a\n    <ul>\n      <li>b</li>\n    </ul>\n  </li>\n</ul>\n",
            id="a tab nests",
        ),
        pytest.param(
            "1. a\n   - b\n2. c\n",
            "<ol>\n  <li>a\n    <ul>\n      <li>b</li>\n    </ul>\n  </li>\n  <li>c</li>\n</ol>\n",
            id="numbers nest bullets",
        ),
        pytest.param(
            "3. a\n4. b\n",
            "<ol>\n  <li>a</li>\n  <li>b</li>\n</ol>\n",
            id="the first number does not count",
        ),
        pytest.param(
            "1. a\n\n   more\n\n2. b\n",
            "<ol>\n  <li>\n    <p>a</p>\n\n    <p>more</p>\n  </li>\n  <li>\n    <p>b</p>\n  </li>\n</ol>\n",
            id="an item holds paragraphs",
        ),
        pytest.param(
            "- a\n\n      code\n",
            "<ul>\n  <li>\n    <p>a</p>\n\n    <pre><code>code\n</code></pre>\n  </li>\n</ul>\n",
            id="an item holds code",
        ),
        pytest.param(
            "1. a\n   ```sh\n   ls\n   ```\n2. b\n",
            '<ol>\n  <li>a\n    <pre><code class="language-sh">ls\n</code></pre>\n  </li>\n  <li>b</li>\n</ol>\n',
            id="an item holds a fence",
        ),
        pytest.param(
            "- a\n  > q\n",
            "<ul>\n  <li>a\n    <blockquote>\n      <p>q</p>\n    </blockquote>\n  </li>\n</ul>\n",
            id="an item holds a quote",
        ),
        pytest.param(
            "- a\nlazy\n- b\n",
            "<ul>\n  <li>a\nlazy</li>\n  <li>b</li>\n</ul>\n",
            id="a lazy line belongs to the item",
        ),
        pytest.param(
            "* a\n+ b\n- c\n",
            "<ul>\n  <li>a</li>\n  <li>b</li>\n  <li>c</li>\n</ul>\n",
            id="kinds of markers mix in one list",
        ),
        pytest.param(
            "- {:.done} a\n- b\n",
            '<ul>\n  <li class="done">a</li>\n  <li>b</li>\n</ul>\n',
            id="an attribute list may begin an item",
        ),
        pytest.param(
            "- a\n- b\n{: .steps}\n",
            '<ul class="steps">\n  <li>a</li>\n  <li>b</li>\n</ul>\n',
            id="an attribute list after the list is the lists",
        ),
        pytest.param(
            "- [ ] open\n- [x] done\n- plain\n",
            '<ul class="task-list">\n'
            '  <li class="task-list-item"><input type="checkbox" class="task-list-item-checkbox" '
            'disabled="disabled" />open</li>\n'
            '  <li class="task-list-item"><input type="checkbox" class="task-list-item-checkbox" '
            'disabled="disabled" checked="checked" />done</li>\n'
            '  <li class="task-list-item">plain</li>\n'
            "</ul>\n",
            id="tasks have boxes",
        ),
        pytest.param(
            "term\n: meaning\n: another\n",
            "<dl>\n  <dt>term</dt>\n  <dd>meaning</dd>\n  <dd>another</dd>\n</dl>\n",
            id="a definition",
        ),
        pytest.param(
            "term\n\n: meaning\n\n  more\n",
            "<dl>\n  <dt>term</dt>\n  <dd>\n    <p>meaning</p>\n\n    <p>more</p>\n  </dd>\n</dl>\n",
            id="a loose definition",
        ),
        pytest.param(
            "one\ntwo\n: both\n\nthree\n: third\n",
            "<dl>\n  <dt>one</dt>\n  <dt>two</dt>\n  <dd>both</dd>\n  <dt>three</dt>\n  <dd>third</dd>\n</dl>\n",
            id="terms share a definition",
        ),
        pytest.param(
            "-\n- b\n",
            "<p>-</p>\n<ul>\n  <li>b</li>\n</ul>\n",
            id="an empty item",
        ),
        pytest.param(
            "- a\n\n---\n",
            "<ul>\n  <li>a</li>\n</ul>\n\n<hr />\n",
            id="a rule ends a list",
        ),
    ],
)
def test_lists_read_as_kramdown_reads_them(text: str, html: str) -> None:
    assert KramdownMarkdown().html(text) == html
