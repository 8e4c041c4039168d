"""Footnotes are one list at the end, in the order of their first references."""

from __future__ import annotations

import pytest

from search_index.reading.goldmark import GoldmarkMarkdown

BACK = '&#160;<a href="#fnref:{}" class="footnote-backref" role="doc-backlink">&#x21a9;&#xfe0e;</a>'


def html(text: str) -> str:
    return GoldmarkMarkdown().html(text)


def test_a_footnote_has_goldmarks_markup() -> None:
    assert html("a[^x]\n\n[^x]: note\n") == (
        '<p>a<sup id="fnref:1"><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></sup></p>\n'
        '<div class="footnotes" role="doc-endnotes">\n<hr>\n<ol>\n'
        f'<li id="fn:1">\n<p>note{BACK.format(1)}</p>\n</li>\n</ol>\n</div>\n'
    )


def test_several_references_have_as_many_links_back() -> None:
    shown = html("a[^x] b[^x]\n\n[^x]: note\n")
    assert 'id="fnref:1"' in shown
    assert 'id="fnref1:1"' in shown
    assert BACK.format(1) + BACK.format(1).replace("fnref:", "fnref1:") in shown


def test_numbers_follow_the_references_not_the_notes() -> None:
    shown = html("a[^b] c[^a]\n\n[^a]: first written\n\n[^b]: first used\n")
    assert shown.index("first used") < shown.index("first written")


def test_notes_are_read_where_the_first_of_them_stands() -> None:
    shown = html("a[^1]\n\n[^1]: one[^2]\n\n[^2]: two\n\nlater[^3]\n\n[^3]: three\n")
    assert [shown.index(word) for word in ("one<", "two&", "three&")] == sorted(
        shown.index(word) for word in ("one<", "two&", "three&")
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a[^x]\n", "<p>a[^x]</p>\n"),
        ("a\n\n[^x]: unused\n", "<p>a</p>\n"),
        ("`[^x]`\n\n[^x]: n\n", "<p><code>[^x]</code></p>\n"),
    ],
)
def test_without_note_or_reference_there_is_no_list(text: str, kept: str) -> None:
    assert html(text) == kept


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("[^x]: a\n\n    b\n", f"<p>a</p>\n<p>b{BACK.format(1)}</p>\n</li>"),
        ("[^x]: a\nlazy\n", f"<p>a\nlazy{BACK.format(1)}</p>\n</li>"),
        ("[^x]:\n    - a\n", f"<ul>\n<li>a</li>\n</ul>\n{BACK.format(1)}</li>"),
        ("[^x]:     code\n", f"<pre><code> code\n</code></pre>\n{BACK.format(1)}</li>"),
        ("[^x]: first\n\n[^x]: second\n", f"<p>first{BACK.format(1)}</p>\n</li>\n</ol>"),
        ("> [^x]: in a quote\n", "<blockquote>\n</blockquote>\n<div"),
    ],
)
def test_notes_hold_blocks(note: str, expected: str) -> None:
    assert expected in html(f"ref[^x]\n\n{note}")


def test_labels_may_have_blanks_and_every_script() -> None:
    assert html("a[^한글 b] ![^한글 b]\n\n[^한글 b]: n\n").count("<sup") == 2
