"""Shortcode tags are found and read as Hugo 0.111 reads them."""

from __future__ import annotations

import pytest

from search_index.reading.shortcodes.tags import BrokenTag, Comment, Parameters, Tag, TagKind, tags_in


def only_tag(text: str) -> Tag:
    (tag,) = tags_in(text)
    assert isinstance(tag, Tag), tag
    return tag


@pytest.mark.parametrize(
    ("text", "name", "parameters"),
    [
        ("{{< a >}}", "a", Parameters()),
        ("{{<a>}}", "a", Parameters()),
        ("{{% dir/a-b_c %}}", "dir/a-b_c", Parameters()),
        ('{{< a one 2.5 "three four" `fi"ve` >}}', "a", Parameters(("one", "2.5", "three four", 'fi"ve'))),
        ('{{< a b="c d" e=f g=`h "i"` >}}', "a", Parameters(named={"b": "c d", "e": "f", "g": 'h "i"'})),
        ('{{< a b="say \\"hi\\"" >}}', "a", Parameters(named={"b": 'say "hi"'})),
        ('{{< a\n  b="c"\n  d="e"\n>}}', "a", Parameters(named={"b": "c", "d": "e"})),
        ("{{< a `two\nlines` >}}", "a", Parameters(("two\nlines",))),
        ('{{< a "{{< b >}}" >}}', "a", Parameters(("{{< b >}}",))),
        ("{{< a b= c >}}", "a", Parameters(named={"b": "c"})),
        ("{{< 한글 >}}", "한글", Parameters()),
    ],
)
def test_names_and_parameters(text: str, name: str, parameters: Parameters) -> None:
    tag = only_tag(text)
    assert (tag.name, tag.parameters, tag.kind) == (name, parameters, TagKind.OPENING)
    assert (tag.start, tag.end) == (0, len(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{{< a />}}", TagKind.SELF_CLOSING),
        ("{{< a b=c / >}}", TagKind.SELF_CLOSING),
        ("{{</ a >}}", TagKind.CLOSING),
        ("{{% / a %}}", TagKind.CLOSING),
    ],
)
def test_kinds(text: str, kind: TagKind) -> None:
    assert only_tag(text).kind is kind


def test_only_percent_signs_mean_markdown() -> None:
    assert only_tag("{{% a %}}").markdown
    assert not only_tag("{{< a >}}").markdown


def test_a_commented_tag_is_its_source() -> None:
    assert list(tags_in('x {{</* a "b" */>}} y')) == [Comment('{{< a "b" >}}', 2, 19)]
    assert [one.source for one in tags_in("{{%/* a */%}}") if isinstance(one, Comment)] == ["{{% a %}}"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{< a", "it is not closed"),
        ("{{< >}}", "the shortcode has no name"),
        ('{{< a "b >}}', "a quotation mark is not closed"),
        ("{{< a `b >}}", "a backtick is not closed"),
        ("{{< a b c=d >}}", "it mixes named and positional parameters"),
        ("{{< a (b) >}}", "'(' must stand in quotes"),
        ("{{</* a >}}", "the comment is not closed"),
        ("{{</ a b >}}", "the closing tag has parameters"),
        ("{{< a / b >}}", "a slash stands within the shortcode"),
        ("{{< a %}}", "'%' must stand in quotes"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, reason: str) -> None:
    assert next(tags_in(f"x{text}")) == BrokenTag(reason, 1)


def test_reading_goes_on_behind_a_broken_tag() -> None:
    assert [type(one) for one in tags_in("{{< a {{< b >}}")] == [BrokenTag, Tag]
