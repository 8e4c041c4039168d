"""Who is seen: drafts, unpublished and future posts; asked of Jekyll, with drafts and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.oracle.generators import Generator
from tests.oracle.sites import assert_alike, both_views, post

SITE = {
    "_config.yml": "timezone: Pacific/Auckland\ndefaults:\n  - values: {title: By default}\n",
    "_posts/2022-01-01-shown.md": post("title: t"),
    "_posts/2022-01-01-published.md": post("title: t\npublished: true"),
    "_posts/2022-01-01-unpublished.md": post("title: t\npublished: false"),
    "_posts/2022-01-01-unpublished-by-no.md": post("title: t\npublished: no"),
    "_posts/2022-01-01-unpublished-by-nothing.md": post("title: t\npublished:"),
    "_posts/2022-01-01-published-by-text.md": post("title: t\npublished: 'false'"),
    "_posts/2022-01-01-published-by-zero.md": post("title: t\npublished: 0"),
    "_posts/2022-01-01-capital-key.md": post("title: t\nPublished: false"),
    "_posts/2022-01-01-draft-in-posts.md": post("title: t\ndraft: true"),
    "_posts/2022-01-01-no-draft.md": post("title: t\ndraft: false"),
    "_posts/2099-01-01-future-name.md": post("title: t"),
    "_posts/2099-01-01-future-name-past-date.md": post("title: t\ndate: 2022-02-02"),
    "_posts/2022-01-01-future-date.md": post("title: t\ndate: 2099-01-01"),
    "_posts/2022-01-01-one-second-too-late.md": post("title: t\ndate: 2026-09-01 00:00:01 +0000"),
    "_posts/2022-01-01-just-now.md": post("title: t\ndate: 2026-08-31 23:59:59 +0000"),
    "_posts/2026-09-01-midnight-down-under.md": post("title: t"),
    "_posts/2026-09-02-tomorrow-down-under.md": post("title: t"),
    "_drafts/2022-01-02-dated.md": post("title: t"),
    "_drafts/dated-inside.md": post("title: t\ndate: 2022-01-03"),
    "_drafts/2022-01-02-dated-twice.md": post("title: t\ndate: 2022-01-04"),
    "_drafts/future.md": post("title: t\ndate: 2099-01-01"),
    "_drafts/unpublished.md": post("title: t\ndate: 2022-01-03\npublished: false"),
    "_drafts/no-draft.md": post("title: t\ndate: 2022-01-03\ndraft: false"),
    "_drafts/UPPER name.md": post("date: 2022-01-03"),
    "_drafts/dots.in.name.md": post("date: 2022-01-03"),
    "_drafts/no-front-matter.md": "Nothing but a body.\n",
    "_drafts/ideas/below.md": post("title: t\ndate: 2022-01-03"),
    "_drafts/_inner/below-an-underscore.md": post("title: t\ndate: 2022-01-03"),
    "_drafts/_underscore.md": post("title: t\ndate: 2022-01-03"),
    "_drafts/no-ending": post("title: t\ndate: 2022-01-03"),
    "essays/_drafts/above.md": post("title: t\ndate: 2022-01-03"),
    "essays/_posts/2022-01-05-above.md": post("title: t"),
    "_drafts/_posts/2022-01-06-posts-in-drafts.md": post("title: t"),
}


@pytest.mark.parametrize("drafts", [False, True], ids=["without drafts", "with drafts"])
def test_whoever_jekyll_shows_is_shown(tmp_path: Path, drafts: bool) -> None:
    comparison = both_views(tmp_path, SITE, Generator.JEKYLL, drafts=drafts)
    assert_alike(comparison)
