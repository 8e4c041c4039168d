"""Slugs, addresses, and the neighbours of a post; asked of Jekyll."""

from __future__ import annotations

from pathlib import Path

from benchmarks.oracle.generators import Generator
from tests.oracle.sites import assert_alike, both_views, post

PERMALINKS = {
    "absolute": "/a/b/",
    "html": "/a/b.html",
    "other-ending": "/feed/a.xml",
    "no-slash": "a/b",
    "bare": "/a",
    "index": "/a/index.html",
    "date": "/:year/:month/:day/:title/",
    "short": "/:short_year/:i_month/:i_day/:hour:minute:second/",
    "names": "/:short_month-:long_month/:short_day-:long_day/",
    "weeks": "/:w_year/W:week/:w_day/:y_day/",
    "title": "/:title",
    "slug": "/:slug.html",
    "name": "/:name/",
    "path": "/:path/",
    "collection": "/:collection/:title:output_ext",
    "categories": "/:categories/:title",
    "slugified": "/:slugified_categories/:title",
    "underscore": "/:title_/:year_:month_:day/",
    "scripts": "/한글/Größe/",
    "blank": "/a b/c/",
    "percent": "/a%20b/",
    "dots": "/a/../b/",
    "here": "/a/./b/",
    "slashes": "//a///b//",
    "hash": "/a#b/",
    "query": "/a?b=c",
    "style-word": "pretty",
    "number": "2020",
    "empty": "''",
    "null": "",
    "host": "https://example.org/a/",
}

SLUGS = {
    "given": "My Slug: of Words!",
    "umlaut": "Grüße-an-Ünal",
    "pretty": "a.b_c~d(e)+f=g@h,i;j",
    "slash": "a/b",
    "hyphens": "-a--b-",
    "hash": "'a#b'",
    "quotes": "\"it's 'quoted'\"",
    "empty": "''",
    "null": "",
    "false": "false",
    "nothing-left": "'!!!'",
}

SITE = {
    "_config.yml": (
        "timezone: Asia/Tokyo\n"
        "permalink: pretty\n"
        "collections:\n"
        "  posts:\n"
        "    output: true\n"
        "    permalink: /:slugified_categories/:year/:title:output_ext\n"
    ),
    **{
        f"_posts/sub/2021-05-01-Perma-{name}.md": post(
            f"title: t\ncategories: [Öl & Salz, two]\ndate: 2021-05-01 06:07:08 +0900\npermalink: {template}"
        )
        for name, template in PERMALINKS.items()
    },
    **{f"_posts/2021-05-02-Slug_{name}.md": post(f"title: t\nslug: {slug}") for name, slug in SLUGS.items()},
    "_posts/2021-05-03-a-html-page.html": post("title: t"),
    "_posts/2021-05-03-a-text.txt": post("title: t"),
    "_posts/2021-05-03-a.b.c.md": post("title: t"),
    "_posts/2021-05-03-(parens)-[brackets]-{braces}.md": post("title: t"),
    "_posts/2021-05-03-comma,semi;colon:at@plus+equals=.md": post("title: t"),
    "_posts/2021-05-03-quote'star*tilde~dollar$.md": post("title: t"),
    "_posts/2021-05-03-same.md": post("title: one\nslug: shared"),
    "_posts/other/2021-05-03-same.md": post("title: two\nslug: shared"),
    "_posts/2021-05-04-b.md": post("title: t\ndate: 2021-05-04 10:00:00 +0900"),
    "_posts/2021-05-04-a.md": post("title: t\ndate: 2021-05-04 10:00:00 +0900"),
    "_posts/2021-05-04-B.md": post("title: t\ndate: 2021-05-04 01:00:00 +0000"),
    "_posts/a/2021-05-04-c.md": post("title: t\ndate: 2021-05-04 10:00:00 +0900"),
    "z/_posts/2021-05-04-first-folder.md": post("title: t\ndate: 2021-05-04 10:00:00 +0900"),
    "_posts/2021-05-04-ä.md": post("title: t\ndate: 2021-05-04 10:00:00 +0900"),
    "_posts/2021-05-09-earlier-than-named.md": post("title: t\ndate: 2021-05-01"),
    "_posts/2021-05-01-later-than-named.md": post("title: t\ndate: 2021-05-09"),
}


def test_slugs_and_addresses_and_neighbours_are_jekylls(tmp_path: Path) -> None:
    comparison = both_views(tmp_path, SITE, Generator.JEKYLL)
    still_wrong = {
        "_posts/sub/2021-05-01-Perma-empty.md",
    }
    assert_alike(comparison, still_wrong=still_wrong)
