"""Shortcodes leave the Markdown before it is rendered, and come back as HTML; the HTML was checked by running Hugo 0.111."""

from __future__ import annotations

import pytest

from search_index.reading.shortcodes import ProblemKind, expand, insert
from tests.reading.shortcodes.pages import EMPTY, Page, rendered

PAGE = Page(
    refs={"other.md": "/posts/other/", "other.md#part": "/posts/other/#part", "ko:other.md": "/ko/other/"},
    params={"n": "5", "html": "<b> & *c*"},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {{< param n >}} b\n", "<p>a 5 b</p>\n"),
        ("{{< param n >}}\n", "5\n"),
        ("text\n{{< param n >}}\ntext\n", "<p>text\n5\ntext</p>\n"),
        ("- {{< param n >}}\n", "<ul>\n<li>5</li>\n</ul>\n"),
        ("- {{< param n >}}\n\n- b\n", "<ul>\n<li>5\n</li>\n<li><p>b</p>\n</li>\n</ul>\n"),
        ("**{{< param n >}}**b\n", "<p><strong>5</strong>b</p>\n"),
        ("`{{< param n >}}`\n", "<p><code>5</code></p>\n"),
        ("| {{< param n >}} |\n|---|\n", "<table>\n<thead>\n<tr>\n<th>5</th>\n</tr>\n</thead>\n</table>\n"),
        ("{{< param html >}}\n", "&lt;b&gt; &amp; *c*\n"),
        ("x {{% param n %}}0\n", "<p>x 50</p>\n"),
        ('[a]({{< ref "other.md" >}})\n', '<p><a href="/posts/other/">a</a></p>\n'),
        ('[a]({{< relref path="other.md" lang="ko" >}} "t")\n', '<p><a href="/ko/other/" title="t">a</a></p>\n'),
        ('[a]: {{< ref "other.md#part" >}}\n\n[a]\n', '<p><a href="/posts/other/#part">a</a></p>\n'),
        ('[a]({{% ref "other.md" %}})\n', '<p><a href="/posts/other/">a</a></p>\n'),
    ],
)
def test_shortcodes_work_wherever_they_stand(text: str, expected: str) -> None:
    assert rendered(text, PAGE) == expected


def test_code_fences_are_no_shelter() -> None:
    assert "<code>5\n</code>" in rendered("```\n{{< param n >}}\n```\n", PAGE)


def test_comments_show_the_source() -> None:
    assert (
        rendered('`{{</* figure src="a.png" */>}}`\n')
        == "<p><code>{{&lt; figure src=&quot;a.png&quot; &gt;}}</code></p>\n"
    )


def test_a_headings_anchor_is_free_of_tokens() -> None:
    assert rendered("## Part {{< param n >}}\n", PAGE) == '<h2 id="part-">Part 5</h2>\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{< note >}}\n\nA **b**.\n\n{{< /note >}}\n", "<p>A <strong>b</strong>.</p>\n"),
        ("{{< note >}}A **b**.{{< /note >}}\n", "<p>A <strong>b</strong>.</p>\n"),
        ("{{% note %}}\n- a\n{{% /note %}}\n", "<ul>\n<li>a</li>\n</ul>\n"),
        ('{{< tabs >}}{{< tab "x" >}}a{{< /tab >}}{{< /tabs >}}\n', "<p>a</p>\n"),
        ("{{< icon name=x >}}\n", "\n"),
        ("a {{< icon />}} b\n", "<p>a  b</p>\n"),
        ("a\n{{< icon >}}\nb\n", "<p>a\n\nb</p>\n"),
        ("{{< note >}}a {{< param n >}}{{< /note >}}\n", "<p>a 5</p>\n"),
    ],
)
def test_unknown_shortcodes_keep_what_they_enclose(text: str, expected: str) -> None:
    assert rendered(text, PAGE) == expected


def test_an_unknown_shortcode_is_reported_with_its_line_and_where_its_template_would_be() -> None:
    (problem,) = expand("a\n\n{{< my/note >}}x{{< /my/note >}}\n", EMPTY, first_line=10).problems
    assert (problem.line, problem.kind) == (12, ProblemKind.UNKNOWN)
    assert "'my/note'" in problem.message
    assert "layouts/shortcodes/my/note.html" in problem.hint


def test_inline_templates_are_not_shown() -> None:
    expanded = expand("a {{< x.inline >}}{{ .Page.Title }}{{< /x.inline >}} b", EMPTY)
    assert expanded.text == "a  b"
    assert [problem.kind for problem in expanded.problems] == [ProblemKind.UNKNOWN]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ('{{< ref "gone.md" >}}', [ProblemKind.MISSING_REF]),
        ("{{< /note >}}", [ProblemKind.UNCLOSED]),
        ("{{< highlight go >}}\ncode", [ProblemKind.UNCLOSED]),
        ("{{< param >}}", [ProblemKind.INVALID]),
        ("{{< param gone >}}", [ProblemKind.INVALID]),
        ("{{< youtube >}}", [ProblemKind.INVALID]),
        ("{{< gist only-user >}}", [ProblemKind.INVALID]),
        ('{{< figure src="a.png" >}}x{{< /figure >}}', []),
        ("{{< figure", [ProblemKind.INVALID]),
        ("{{< a >}}{{< b >}}{{< /a >}}{{< /b >}}", [ProblemKind.UNKNOWN, ProblemKind.UNKNOWN, ProblemKind.UNCLOSED]),
    ],
)
def test_problems_are_reported(text: str, kinds: list[ProblemKind]) -> None:
    assert [problem.kind for problem in expand(text, EMPTY).problems] == kinds


def test_what_cannot_be_read_stays_as_it_is_written() -> None:
    assert rendered("a {{< figure src= b\n") == "<p>a {{&lt; figure src= b</p>\n"


def test_the_pages_that_were_asked_for_are_named() -> None:
    expanded = expand(
        '{{< ref "a.md" >}} {{% relref "b.md#c" %}} {{< highlight go >}}{{< ref "d.md" >}}{{< /highlight >}}', EMPTY
    )
    assert expanded.asked_pages == {"a.md", "b.md#c", "d.md"}


def test_a_text_without_shortcodes_is_left_alone() -> None:
    expanded = expand("{{ .Title }} {% raw %}", EMPTY)
    assert (expanded.text, expanded.insertions, expanded.problems) == ("{{ .Title }} {% raw %}", (), ())


def test_words_that_look_like_tokens_are_the_authors() -> None:
    text = "OCTAVOSHORTCODEQ0Q octavoshortcodexxq0q {{< param n >}}\n"
    assert rendered(text, PAGE) == "<p>OCTAVOSHORTCODEQ0Q octavoshortcodexxq0q 5</p>\n"


def test_insert_takes_no_paragraph_away_that_holds_more() -> None:
    assert (
        insert("<p>TOKEN</p><p>OCTAVOSHORTCODEQ0Q b</p>", [("OCTAVOSHORTCODEQ0Q", "<hr>")])
        == "<p>TOKEN</p><p><hr> b</p>"
    )
