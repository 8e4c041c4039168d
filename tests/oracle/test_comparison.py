"""What counts as equal, as a chosen difference, and as a fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.oracle.comparison import Choice, Comparison, Field, compare
from benchmarks.oracle.generators import Answer, Generator, GeneratorPost
from benchmarks.oracle.views import PostView

VIEW = PostView(
    path="_posts/2020-01-02-a.md",
    title="A",
    date=datetime(2020, 1, 2, tzinfo=UTC),
    slug="a",
    url="/2020/01/02/a.html",
    categories=(),
    tags=("x",),
    draft=False,
    previous=None,
    next=None,
    excerpt="<p>A</p>",
    html="<p>A</p>",
)


def compared(wanted: PostView, *got: PostView, left_out: dict[str, str] | None = None, **said: bool) -> Comparison:
    answer = Answer(Generator.JEKYLL, {wanted.path: GeneratorPost(wanted, **said)}, left_out or {})
    return compare(answer, got)


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ({"url": "/%ED%95%9C/"}, {"url": "/한/"}),
        ({"date": datetime.fromisoformat("2020-01-02T09:00:00+09:00")}, {}),
        ({"tags": ("x", "x")}, {}),
        ({"title": "A\n"}, {}),
        ({"html": "<p>“A”</p>"}, {"html": '<p>"A"</p>'}),
        ({"html": None}, {"html": "<p>whatever</p>"}),
        ({"slug": None, "url": None}, {}),
    ],
    ids=["percent-encoding", "zone", "repeated tag", "line end", "quotes", "no answer", "no slug"],
)
def test_two_ways_to_say_the_same_are_equal(wanted: dict[str, Any], got: dict[str, Any]) -> None:
    comparison = compared(replace(VIEW, **wanted), replace(VIEW, **got))
    assert comparison.differences == []


@pytest.mark.parametrize(
    ("wanted", "got", "choice"),
    [
        ({"title": "<b>A</b> &amp; B"}, {"title": "A & B"}, Choice.PLAIN_TITLE),
        ({"tags": ("Ruby", "ruby")}, {"tags": ("Ruby",)}, Choice.ONE_TERM),
        ({"tags": ("", "x")}, {"tags": ("x",)}, Choice.TEXT_TERMS),
        ({"title": "Hello"}, {"title": "SGVsbG8="}, Choice.NO_BINARY),
        ({"html": "<p>A\0</p>"}, {}, Choice.NO_NUL),
        ({"html": '<img alt="it&amp;rsquo;s">'}, {"html": '<img alt="it’s">'}, Choice.IMAGE_TEXT),
        ({"draft": True}, {"draft": True, "date": None}, Choice.NO_FILE_TIME),
    ],
    ids=lambda value: value.name if isinstance(value, Choice) else "",
)
def test_a_chosen_difference_is_counted_apart(wanted: dict[str, Any], got: dict[str, Any], choice: Choice) -> None:
    comparison = compared(replace(VIEW, **wanted), replace(VIEW, **got))
    assert comparison.faults() == []
    assert set(comparison.chosen) == {choice}
    assert all(score.share == 1 for score in comparison.scores.values())


def test_a_post_with_unreadable_front_matter_is_kept_under_its_name() -> None:
    now = replace(
        VIEW, title=None, slug=None, url="/2026/09/01/2020-01-02-a.html", date=datetime(2026, 9, 1, tzinfo=UTC)
    )
    comparison = compared(now, VIEW, unreadable=True)
    assert comparison.faults() == []
    assert comparison.chosen == {Choice.KEPT_POST: 4 - 1}


def test_terms_that_are_no_texts_are_chosen() -> None:
    wanted = replace(VIEW, tags=('{"a": 1}',))
    assert compared(wanted, VIEW, mixed_terms=True).chosen == {Choice.TEXT_TERMS: 1}
    assert [fault.field for fault in compared(wanted, VIEW).faults()] == [Field.TAGS]


def test_a_fault_names_path_field_and_both_values() -> None:
    [fault] = compared(VIEW, replace(VIEW, slug="b")).faults()
    assert str(fault) == "_posts/2020-01-02-a.md: slug: wanted 'a', got 'b'"


def test_missing_and_superfluous_posts_are_faults() -> None:
    other = replace(VIEW, path="_posts/x.md")
    comparison = compared(VIEW, other, left_out={"_posts/x.md": "file name is not DATE-TITLE.EXT"})
    assert [(fault.path, fault.field, fault.wanted, fault.got) for fault in comparison.faults()] == [
        (VIEW.path, Field.FOUND, "kept", "missing"),
        ("_posts/x.md", Field.EXTRA, "left out: file name is not DATE-TITLE.EXT", "kept"),
    ]


def test_neighbours_are_those_that_both_have() -> None:
    a, b, c = (replace(VIEW, path=f"{name}.md") for name in "abc")
    wanted = [replace(a, next="b.md"), replace(b, previous="a.md", next="c.md"), replace(c, previous="b.md")]
    answer = Answer(Generator.JEKYLL, {view.path: GeneratorPost(view) for view in wanted}, {})
    comparison = compare(answer, [replace(a, next="c.md"), replace(c, previous="a.md")])
    assert [fault.field for fault in comparison.faults()] == [Field.FOUND]
    comparison = compare(answer, [replace(a, next="c.md"), replace(b, next="a.md"), replace(c, previous="a.md")])
    assert {(fault.path, fault.field) for fault in comparison.faults()} == {
        ("a.md", Field.NEXT),
        ("b.md", Field.NEXT),
        ("b.md", Field.PREVIOUS),
        ("c.md", Field.PREVIOUS),
    }
