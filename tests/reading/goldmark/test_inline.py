"""Text within blocks becomes what Hugo 0.111 makes of it; the expected HTML was checked by running it."""

from __future__ import annotations

import pytest

from search_index.reading.goldmark import GoldmarkMarkdown, GoldmarkOptions
from search_index.reading.goldmark.html import OMITTED


def inner(text: str, options: GoldmarkOptions = GoldmarkOptions()) -> str:  # noqa: B008  # frozen
    """The HTML of one paragraph, without its ``<p>``."""
    return GoldmarkMarkdown(options).html(text).removeprefix("<p>").removesuffix("</p>\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\"a\" and 'b'", "&ldquo;a&rdquo; and &lsquo;b&rsquo;"),
        ("it's Ann's, don't, I've", "it&rsquo;s Ann&rsquo;s, don&rsquo;t, I&rsquo;ve"),
        ("the '90s and '45", "the &rsquo;90s and &lsquo;45"),
        ("'tis 'em", "&rsquo;tis &rsquo;em"),
        ("a -- b --- c...", "a &ndash; b &mdash; c&hellip;"),
        ("<<a>>", "&laquo;a&raquo;"),
        ('\\"a\\" -\\-', "&quot;a&quot; --"),
        ('`"a" --`', "<code>&quot;a&quot; --</code>"),
        ('a" b', "a&quot; b"),
        ('5" 6"', "5&quot; 6&quot;"),
        ("dogs' tails", "dogs&rsquo; tails"),
    ],
)
def test_typographer(text: str, expected: str) -> None:
    assert inner(text) == expected


def test_quotes_left_open_count_on_in_the_next_paragraph() -> None:
    assert GoldmarkMarkdown().html('"a\n\nb"\n') == "<p>&ldquo;a</p>\n<p>b&rdquo;</p>\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see http://a.example/b?c=d.", 'see <a href="http://a.example/b?c=d">http://a.example/b?c=d</a>.'),
        ("(http://a.example/b)", '(<a href="http://a.example/b">http://a.example/b</a>)'),
        ("http://a.example/b_(c)", '<a href="http://a.example/b_(c)">http://a.example/b_(c)</a>'),
        ("www.example.org", '<a href="https://www.example.org">www.example.org</a>'),
        ("ann@example.org", '<a href="mailto:ann@example.org">ann@example.org</a>'),
        ("한글http://a.example", "한글http://a.example"),
        ("http://a.example/한글", '<a href="http://a.example/">http://a.example/</a>한글'),
        ("*http://a.example*", '<em><a href="http://a.example">http://a.example</a></em>'),
        ("[http://a.example](/x)", '<a href="/x">http://a.example</a>'),
        ("[open http://a.example", "[open http://a.example"),
        ("http://localhost", "http://localhost"),
        ("http://a.example/x&amp;", '<a href="http://a.example/x">http://a.example/x</a>&amp;'),
        ("<http://a.example/ü>", '<a href="http://a.example/%C3%BC">http://a.example/ü</a>'),
        ("<ann@example.org>", '<a href="mailto:ann@example.org">ann@example.org</a>'),
        (
            "<a>http://a.example</a> <b>www.example.org</b>",
            f'{OMITTED}<a href="http://a.example">http://a.example</a>{OMITTED} '
            f'{OMITTED}<a href="https://www.example.org">www.example.org</a>{OMITTED}',
        ),
    ],
)
def test_bare_addresses_become_links(text: str, expected: str) -> None:
    assert inner(text) == expected


def test_the_protocol_of_www_names_is_the_sites() -> None:
    assert 'href="http://www.example.org"' in inner("www.example.org", GoldmarkOptions(linkify_protocol="http"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "**a** *b* ***c*** __d__ _e_",
            "<strong>a</strong> <em>b</em> <em><strong>c</strong></em> <strong>d</strong> <em>e</em>",
        ),
        ("snake_case_word", "snake_case_word"),
        ("~~a~~ ~b~", "<del>a</del> ~b~"),
        ("a ~~~b~~~", "a <del><del>b</del></del>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**강조(한글)**은", "**강조(한글)**은"),
    ],
)
def test_emphasis(text: str, expected: str) -> None:
    assert inner(text) == expected


@pytest.mark.parametrize(
    "text",
    ["**강조(한글)**은", "これは**「強調」**です", "**“中文”**吗", "한국어**(괄호)**한국어", "这是**100%**的"],
)
def test_friendly_emphasis_is_bold_beside_cjk(text: str) -> None:
    assert "<strong>" in inner(text, GoldmarkOptions(cjk_friendly_emphasis=True))


@pytest.mark.parametrize("text", ["a ** b **", "**(a)**b", "* a*", "2**3**4", "_a_b"])
def test_friendly_emphasis_changes_nothing_elsewhere(text: str) -> None:
    assert inner(text, GoldmarkOptions(cjk_friendly_emphasis=True)) == inner(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "- [ ] a\n- [x] b\n",
            ['<li><input disabled="" type="checkbox"> a', '<input checked="" disabled="" type="checkbox"> b'],
        ),
        ("- a [x] b\n", ['a <input checked="" disabled="" type="checkbox"> b']),
        ("[ ] a\n", ["<p>[ ] a</p>"]),
        ("- ![x][y]\n", ["<li>![x][y]</li>"]),
    ],
)
def test_task_boxes(text: str, expected: list[str]) -> None:
    assert all(piece in GoldmarkMarkdown().html(text) for piece in expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  \nb", "a<br>\nb"),
        ("a\\\nb", "a<br>\nb"),
        ("a\nb", "a\nb"),
        ("&copy; &#65; &nope; &amp;lt;", "© A &amp;nope; &amp;lt;"),
        ("`` a`b ``", "<code>a`b</code>"),
        ("[a](/b \"t 'q'\")", '<a href="/b" title="t \'q\'">a</a>'),
        ("[a](</b c>)", '<a href="/b%20c">a</a>'),
        ("[a](/ü?q=[x])", '<a href="/%C3%BC?q=%5Bx%5D">a</a>'),
        ("[a](/b%20c%2)", '<a href="/b%20c%252">a</a>'),
        ("![a *b* `c`](d.png)", '<img src="d.png" alt="a b c">'),
        ("![it's](d.png)", '<img src="d.png" alt="it’s">'),
        ("[a](javascript:alert)", '<a href="">a</a>'),
        ("![a](data:image/png;base64,AA==)", '<img src="data:image/png;base64,AA==" alt="a">'),
    ],
)
def test_breaks_references_code_links_and_images(text: str, expected: str) -> None:
    assert inner(text) == expected


def test_hard_wraps_keep_the_lines() -> None:
    assert inner("a\nb", GoldmarkOptions(hard_wraps=True)) == "a<br>\nb"


def test_a_tag_may_break_its_lines_but_not_before_its_end() -> None:
    unsafe = GoldmarkOptions(unsafe=True)
    assert inner('x <br\nclass="a" /> y', unsafe) == 'x <br\nclass="a" /> y'
    assert inner("x <br\n/> y", unsafe) == "x &lt;br\n/&gt; y"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*[![a](b)](c)*", '*<a href="c"><img src="b" alt="a"></a>*'),
        ("**[![a](b)](c)** *d*", '**<a href="c"><img src="b" alt="a"></a>** <em>d</em>'),
        ("*x* [![a](b)](c) ~~y~~", '<em>x</em> <a href="c"><img src="b" alt="a"></a> <del>y</del>'),
        ("*![a [b](c)](d)*", '*<img src="d" alt="a b">*'),
        ("*![a](b)* *[d](e)*", '<em><img src="b" alt="a"></em> <em><a href="e">d</a></em>'),
    ],
)
def test_emphasis_does_not_reach_across_a_link_around_an_image(text: str, expected: str) -> None:
    assert inner(text) == expected


def test_emoji_have_names_only_where_the_site_enables_them() -> None:
    assert inner(":smile: :nothing: 10:30:00") == ":smile: :nothing: 10:30:00"
    assert inner(":smile: :nothing: 10:30:00", GoldmarkOptions(emoji=True)) == "😄 :nothing: 10:30:00"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (":artist:", "\U0001f9d1\u200d\U0001f3a8"),
        (":heart:", "\u2764\ufe0f"),
        (":de:", "\U0001f1e9\U0001f1ea"),
        (":umbrella:", "\u2602\ufe0f"),
        (":runner:", "\U0001f3c3\u200d\u2642\ufe0f"),
        (":dancers:", "\U0001f46f\u200d\u2640\ufe0f"),
        (":pen:", "\U0001f58a"),
        (":m:", "\u24dc\ufe0f"),
    ],
)
def test_an_emoji_has_the_characters_that_hugo_writes(name: str, expected: str) -> None:
    assert inner(name, GoldmarkOptions(emoji=True)) == expected


def test_quotes_in_an_images_text_are_read_apart_from_those_around() -> None:
    assert inner('"a" ![it\'s "b"](c.png) \'yes\'') == (
        '&ldquo;a&rdquo; <img src="c.png" alt="it’s “b”"> &lsquo;yes&rsquo;'
    )
