"""How categories and tags come together, and what the site's defaults add; asked of Jekyll."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.oracle.generators import Generator
from tests.oracle.sites import assert_alike, both_views, post

VALUES = {
    "text": "one two",
    "commas": "one, two",
    "quoted": "'one two'",
    "tab": '"one\ttwo"',
    "lines": "one\n  two\n  three",
    "list": "[one, two words]",
    "block": "\n- one\n- 'two words'",
    "block-indented": "\n  - one\n  - two",
    "twice": "[b, a, b]",
    "numbers": "[2020, 1.5, 007]",
    "day": "[2020-01-01]",
    "slash": "[a/b, c]",
    "signs": "[c++, 'c#', .net, 'q&a']",
    "capitals": "[Zebra, ANT]",
    "scripts": "[한글, 日本 語, Größe, ελληνικά]",
    "emoji": "[🎈]",
    "around": "['  around  ']",
    "colon": "['a: b']",
    "nothing": "",
    "nothing-in-list": "[]",
    "nothing-in-quotes": "''",
    "blank": "' '",
    "number": "7",
    "boolean": "true",
    "off": "no",
    "html": "['<b>x</b>', 'a &amp; b']",
    "liquid": "['{{ x }}']",
}

SITE = {
    "_config.yml": (
        "permalink: none\n"
        "defaults:\n"
        "  - scope: {path: ''}\n"
        "    values: {layout: post, tags: [everywhere]}\n"
        "  - scope: {path: _posts/shop, type: posts}\n"
        "    values: {categories: [shop], tags: [sold, new], author: {name: Ann, mail: a@example.org}}\n"
        "  - scope: {path: _posts/shop/old}\n"
        "    values: {categories: 'old things', tags: used}\n"
        "  - scope: {path: _posts/shop, type: pages}\n"
        "    values: {tags: [never]}\n"
        "  - scope: {path: _posts/shop, type: drafts}\n"
        "    values: {tags: [never]}\n"
        "  - scope: {path: '_posts/*/pressed'}\n"
        "    values: {tags: [pattern]}\n"
        "  - scope: {path: /_posts/slash}\n"
        "    values: {tags: [slashed]}\n"
        "  - scope: {path: _posts/single}\n"
        "    values: {category: [from-default], tag: single-default}\n"
        "  - scope: {path: _posts/named}\n"
        "    values: {title: Named by default, slug: by-default, permalink: '/fixed/:title/'}\n"
        "  - scope: {path: _posts/dated}\n"
        "    values: {date: '2015-05-05'}\n"
        "  - scope: {path: _posts/hidden}\n"
        "    values: {published: false}\n"
    ),
    **{f"_posts/2020-03-01-categories-{n}.md": post(f"title: t\ncategories: {v}") for n, v in VALUES.items()},
    **{f"_posts/2020-03-01-category-{n}.md": post(f"title: t\ncategory: {v}") for n, v in VALUES.items()},
    **{f"_posts/2020-03-02-tags-{n}.md": post(f"title: t\ntags: {v}") for n, v in VALUES.items()},
    **{f"_posts/2020-03-02-tag-{n}.md": post(f"title: t\ntag: {v}") for n, v in VALUES.items()},
    "_posts/2020-03-03-both-categories.md": post("title: t\ncategory: one\ncategories: [two, three]"),
    "_posts/2020-03-03-both-categories-alike.md": post("title: t\ncategory: two\ncategories: [two, three]"),
    "_posts/2020-03-03-both-tags.md": post("title: t\ntag: one\ntags: [two, three]"),
    "_posts/2020-03-03-empty-tag.md": post("title: t\ntag:\ntags: [two]"),
    "_posts/2020-03-03-empty-list-tag.md": post("title: t\ntag: []\ntags: [two]"),
    "_posts/2020-03-03-empty-quotes-tag.md": post("title: t\ntag: ''\ntags: [two]"),
    "Bread Rolls/_posts/2020-03-04-above.md": post("title: t"),
    "Bread Rolls/_posts/2020-03-04-above-and-own.md": post("title: t\ncategories: 'Bread Rolls more'"),
    "bread/rye/_posts/2020-03-04-two-above.md": post("title: t\ncategories: [rye, own]\ncategory: last"),
    "_posts/shop/2020-03-05-default.md": post("title: t"),
    "_posts/shop/2020-03-05-default-and-own.md": post("title: t\ncategories: [own]\ntags: [mine]"),
    "_posts/shop/2020-03-05-default-and-none.md": post("title: t\ncategories: []\ntags: []"),
    "_posts/shop/2020-03-05-default-and-null.md": post("title: t\ncategories:\ntags:"),
    "_posts/shop/old/2020-03-05-two-defaults.md": post("title: t\ncategories: own"),
    "_posts/shopping/2020-03-05-same-beginning.md": post("title: t"),
    "_posts/shop-2/2020-03-05-same-beginning.md": post("title: t"),
    "_posts/linen/pressed/2020-03-05-pattern.md": post("title: t"),
    "_posts/linen/pressed/deeper/2020-03-05-pattern-below.md": post("title: t"),
    "_posts/linen/washed/pressed/2020-03-05-pattern-too-deep.md": post("title: t"),
    "_posts/slash/2020-03-05-slashed.md": post("title: t"),
    "_posts/single/2020-03-05-single.md": post("title: t"),
    "_posts/single/2020-03-05-single-own.md": post("title: t\ncategory: own\ntags: [own]"),
    "_posts/named/2020-03-05-named.md": post(),
    "_posts/named/2020-03-05-named-itself.md": post("title: own\nslug: own-slug"),
    "_posts/dated/2020-03-05-by-default.md": post("title: t"),
    "_posts/dated/2020-03-05-by-itself.md": post("title: t\ndate: 2016-06-06"),
    "_posts/hidden/2020-03-05-by-default.md": post("title: t"),
    "_posts/hidden/2020-03-05-shown-by-itself.md": post("title: t\npublished: true"),
}


def test_terms_come_together_as_jekyll_puts_them(tmp_path: Path) -> None:
    comparison = both_views(tmp_path, SITE, Generator.JEKYLL)
    assert_alike(comparison)


@pytest.mark.parametrize(
    "scope",
    [
        "",
        "scope: {}, ",
        "scope: {path: ''}, ",
        "scope: {path: '', type: posts}, ",
        "scope: {type: post}, ",
        "scope: {path: '', type: post}, ",
        "scope: {path: '', type: pages}, ",
        "scope: {path: _posts/a}, ",
        "scope: {path: /_posts/a}, ",
        "scope: {path: '_posts/*'}, ",
        "scope: {path: '_posts/*/deep'}, ",
        "scope: {path: '/_posts/*'}, ",
    ],
)
def test_defaults_reach_what_their_scope_says(tmp_path: Path, scope: str) -> None:
    files = {
        "_config.yml": "defaults:\n  - {" + scope + "values: {tags: [handed], slug: handed}}\n",
        "_posts/2020-01-01-top.md": post("title: t"),
        "_posts/a/2020-01-01-a.md": post("title: t"),
        "_posts/a/deep/2020-01-01-deep.md": post("title: t"),
        "_posts/ab/2020-01-01-ab.md": post("title: t\nslug: own"),
        "x/_posts/2020-01-01-x.md": post("title: t"),
    }
    assert_alike(both_views(tmp_path, files, Generator.JEKYLL))
