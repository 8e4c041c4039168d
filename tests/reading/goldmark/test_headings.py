"""Headings have the anchors that Hugo gives them."""

from __future__ import annotations

import re

import pytest

from search_index.reading.goldmark import GoldmarkMarkdown, GoldmarkOptions, HeadingIds
from search_index.reading.goldmark.headings import anchor_name


def headings(text: str, **options: bool) -> list[str]:
    return re.findall(r"<h\d[^>]*>", GoldmarkMarkdown(GoldmarkOptions(**options)).html(text))  # type: ignore[arg-type]  # tests name real fields


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Hello, World!", "hello-world"),
        ("What's `new` in 2.0?", "whats-new-in-20"),
        ("A -- B", "a----b"),
        ("Straße & Ça", "straße--ça"),
        ("한국어 제목", "한국어-제목"),
        ("中文（标题）", "中文标题"),
        ("Überblick_x", "überblick_x"),
        ("[Link](/to/it)", "linktoit"),
        ("½ and ²", "-and-"),
    ],
)
def test_the_anchor_is_made_of_the_source(heading: str, anchor: str) -> None:
    assert headings(f"# {heading}\n") == [f'<h1 id="{anchor}">']


@pytest.mark.parametrize(
    ("kind", "text", "anchor"),
    [
        ("github-ascii", "Ça va? 한글", "ca-va-"),
        ("blackfriday", "  A -- B!", "a-b"),
        ("blackfriday", "½ 제목", "½-제목"),
    ],
)
def test_other_kinds_of_anchors(kind: HeadingIds, text: str, anchor: str) -> None:
    assert anchor_name(text, kind) == anchor


def test_repeated_and_empty_headings_are_numbered() -> None:
    assert headings("# A\n# A\n# A-1\n# A\n#\n#\n") == [
        '<h1 id="a">',
        '<h1 id="a-1">',
        '<h1 id="a-1-1">',
        '<h1 id="a-2">',
        '<h1 id="heading">',
        '<h1 id="heading-1">',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A {#own}\n", '<h1 id="own">'),
        ("# A {#own .c data-x=1.50 k=\"v 'w'\"}\n", '<h1 id="own" class="c" data-x="1.5" k="v \'w\'">'),
        ("# A ## {.c .d}\n", '<h1 class="c d" id="a">'),
        ("A\nB {.c}\n===\n", '<h1 class="c" id="b">'),
        ("# A {onclick=x .c}\n", '<h1 class="c" id="a">'),
        ("# A {not attributes}\n", '<h1 id="a-not-attributes">'),
        ("# A \\{#own}\n", '<h1 id="a-own">'),
        ("# A {#own} more\n", '<h1 id="a-own-more">'),
    ],
)
def test_attributes_of_headings(text: str, expected: str) -> None:
    assert headings(text) == [expected]


def test_an_own_anchor_is_taken() -> None:
    assert headings("# X {#a}\n# A\n") == ['<h1 id="a">', '<h1 id="a-1">']


def test_anchors_and_attributes_can_be_switched_off() -> None:
    assert headings("# A {#own}\n", attribute_title=False) == ['<h1 id="a-own">']
    assert headings("# A {#own}\n# B\n", auto_heading_id=False) == ['<h1 id="own">', "<h1>"]
