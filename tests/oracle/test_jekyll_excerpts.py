"""What a post's excerpt is made from; asked of Jekyll."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.oracle.comparison import Field
from benchmarks.oracle.generators import Generator
from tests.oracle.sites import assert_alike, both_views, post

TWO = "One *first*.\n\nTwo.\n"
MARKED = "One.\n\nTwo.\n\n<!--more-->\n\nThree.\n"
LINKED = "A [link][l] and [another].\n\nTwo.\n\n[l]: http://example.org/l 'Title'\n[another]: /a\n[unused]: /u\n"

SITE: dict[str, str | bytes] = {
    "_posts/2022-06-01-first-paragraph.md": post("title: t", TWO),
    "_posts/2022-06-01-one-paragraph.md": post("title: t", "Only one.\n"),
    "_posts/2022-06-01-no-body.md": post("title: t", ""),
    "_posts/2022-06-01-blank-lines-first.md": post("title: t", "\n\nAfter blank lines.\n\nTwo.\n"),
    "_posts/2022-06-01-blanks-in-the-blank-line.md": post("title: t", "One.\n  \nTwo.\n\nThree.\n"),
    "_posts/2022-06-01-heading.md": post("title: t", "# Heading\n\nPara.\n"),
    "_posts/2022-06-01-links.md": post("title: t", LINKED),
    "_posts/2022-06-01-given.md": post("title: t\nexcerpt: Given *as it is*", TWO),
    "_posts/2022-06-01-given-html.md": post("title: t\nexcerpt: '<b>Given</b>'", TWO),
    "_posts/2022-06-01-given-lines.md": post("title: t\nexcerpt: |\n  Given\n\n  over lines", TWO),
    "_posts/2022-06-01-given-empty.md": post("title: t\nexcerpt: ''", TWO),
    "_posts/2022-06-01-given-false.md": post("title: t\nexcerpt: false", TWO),
    "_posts/2022-06-01-given-null.md": post("title: t\nexcerpt:", TWO),
    "_posts/2022-06-01-given-number.md": post("title: t\nexcerpt: 42", TWO),
    "_posts/2022-06-01-description.md": post("title: t\ndescription: Not the excerpt", TWO),
    "_posts/2022-06-01-own-separator.md": post("title: t\nexcerpt_separator: <!--more-->", MARKED),
    "_posts/2022-06-01-own-separator-absent.md": post("title: t\nexcerpt_separator: <!--more-->", TWO),
    "_posts/2022-06-01-own-separator-empty.md": post("title: t\nexcerpt_separator: ''", TWO),
    "_posts/2022-06-01-own-separator-null.md": post("title: t\nexcerpt_separator:", TWO),
    "_posts/2022-06-01-own-separator-false.md": post("title: t\nexcerpt_separator: false", TWO),
    "_posts/2022-06-01-own-separator-number.md": post("title: t\nexcerpt_separator: 7", "One 7 two.\n\nThree.\n"),
    "_posts/2022-06-01-separator-at-the-end.md": post("title: t\nexcerpt_separator: END", "One.\n\nTwo.\n\nEND"),
    "_posts/2022-06-01-crlf.md": b"---\r\ntitle: t\r\n---\r\nOne.\r\n\r\nTwo.\r\n",
    "_posts/2022-06-01-crlf-links.md": b"---\r\ntitle: t\r\n---\r\nA [link][l].\r\n\r\nTwo.\r\n\r\n[l]: /l\r\n",
    "_posts/2022-06-01-mixed-line-ends.md": b"---\r\ntitle: t\r\n---\r\nOne.\n\nTwo.\r\n\r\nThree.\r\n",
    "_posts/2022-06-01-html.html": post("title: t", "<p>One</p>\n\n<p>*Two*</p>\n"),
    "_posts/2022-06-01-no-front-matter.md": TWO,
    "_posts/marked/2022-06-02-default-separator.md": post("title: t", MARKED),
    "_posts/marked/2022-06-02-default-separator-overruled.md": post("title: t\nexcerpt_separator: Two", MARKED),
    "_posts/given/2022-06-02-default-excerpt.md": post("title: t", TWO),
    "_posts/given/2022-06-02-default-excerpt-overruled.md": post("title: t\nexcerpt: Own", TWO),
}
CONFIG = (
    "permalink: date\n"
    "defaults:\n"
    "  - scope: {path: _posts/marked}\n"
    "    values: {excerpt_separator: <!--more-->}\n"
    "  - scope: {path: _posts/given}\n"
    "    values: {excerpt: By default}\n"
)


@pytest.mark.parametrize(
    ("separator", "still_wrong"),
    [
        pytest.param("", set(), id="two line ends"),
        pytest.param("excerpt_separator: <!--more-->\n", set(), id="more"),
        pytest.param("excerpt_separator:\n", set(), id="nothing"),
        pytest.param("excerpt_separator: false\n", set(), id="false"),
        pytest.param("excerpt_separator: ''\n", {"_posts/2022-06-01-given-false.md"}, id="empty"),
    ],
)
def test_excerpts_are_cut_where_jekyll_cuts_them(tmp_path: Path, separator: str, still_wrong: set[str]) -> None:
    """Where Jekyll cuts none and the post says ``excerpt: false``, that word is what it prints; here there is none."""
    files = {**SITE, "_config.yml": CONFIG + separator}
    comparison = both_views(tmp_path, files, Generator.JEKYLL)
    assert_alike(comparison)
    assert_alike(comparison, [Field.EXCERPT, Field.EXCERPT_TEXT], still_wrong=still_wrong)
