"""Which files are posts, by their names and folders; asked of Jekyll."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.oracle.generators import Generator
from tests.oracle.sites import assert_alike, both_views, post

NAMES = {
    "_config.yml": "permalink: pretty\nexclude: [attic, '*.bak.md', /notes/_posts/secret]\ninclude: [_kept, .well-known]\n",
    "_posts/2021-03-04-plain.md": post(),
    "_posts/2021-3-4-one-digit.md": post(),
    "_posts/21-03-04-two-digit-year.md": post(),
    "_posts/99-03-04-last-century.md": post(),
    "_posts/2021-02-31-past-the-month.md": post(),
    "_posts/2021-03-04-.md": post("title: No slug in the name"),
    "_posts/2021-03-04-UPPER-and_Under.dots.in.it.md": post(),
    "_posts/2021-03-04-ends-with-dots...md": post(),
    "_posts/2021-03-04---hyphens--.md": post(),
    "_posts/2021-03-04-봄-꽃.md": post(),
    "_posts/2021-03-04-Übergröße-Straße.md": post(),
    "_posts/2021-03-04-two words & more!.md": post(),
    "_posts/2021-03-04-hash#mark.md": post(),
    "_posts/2021-03-04-per%20cent.md": post(),
    "_posts/2021-03-04-e\u0301-decomposed.md": post(),
    "_posts/2021-03-04-emoji-🎈-balloon.md": post(),
    "_posts/2021-03-04-2020-01-01-second-date.md": post(),
    "_posts/2021-03-04-capital-ending.MD": post(),
    "_posts/2021-03-04-other-ending.mkdown": post(),
    "_posts/2021-03-04-page.html": post(body="<p>HTML</p>\n"),
    "_posts/2021-03-04-text.txt": post(),
    "_posts/2021-03-04-no-ending": post(),
    "_posts/2021-03-04.md": post(),
    "_posts/2021-03-04_underscore.md": post(),
    "_posts/undated.md": post(),
    "_posts/x-2021-03-04-date-inside.md": post(),
    "_posts/_2021-03-04-underscore-before.md": post(),
    "_posts/.2021-03-04-hidden.md": post(),
    "_posts/#2021-03-04-hash-before.md": post(),
    "_posts/~2021-03-04-tilde-before.md": post(),
    "_posts/2021-03-04-backup.md~": post(),
    "_posts/2021-03-04-excluded.bak.md": post(),
    "_posts/year/2021-03-05-below.md": post(),
    "_posts/2021/03/2021-03-05-far-below.md": post(),
    "_posts/_inner/2021-03-05-below-an-underscore.md": post(),
    "_posts/.inner/2021-03-05-below-a-dot.md": post(),
    "_posts/deep/_inner/2021-03-05-further-below-an-underscore.md": post(),
    "_posts/deep/.inner/2021-03-05-further-below-a-dot.md": post(),
    "_posts/2021-03-04-folder-like-a-post/2021-03-06-in-it.md": post(),
    "travel/_posts/2021-03-07-above.md": post(),
    "Travel Notes/far/_posts/near/2021-03-07-above-and-below.md": post("categories: own"),
    "travel/_posts/_posts/2021-03-07-posts-in-posts.md": post(),
    "travel.v2/_posts/2021-03-07-dot-in-the-folder.md": post(),
    "_import/_posts/2021-03-07-below-an-underscore.md": post(),
    "_kept/_posts/2021-03-07-included.md": post(),
    ".well-known/_posts/2021-03-07-included-dot.md": post(),
    ".git/_posts/2021-03-07-hidden-folder.md": post(),
    "attic/_posts/2021-03-07-excluded-folder.md": post(),
    "attic2/_posts/2021-03-07-excluded-by-the-beginning.md": post(),
    "notes/_posts/2021-03-07-beside-the-excluded.md": post(),
    "notes/_posts/secret/2021-03-07-excluded-below-posts.md": post(),
    "node_modules/_posts/2021-03-07-excluded-by-jekyll.md": post(),
    "vendor/bundle/_posts/2021-03-07-excluded-by-jekyll.md": post(),
    "vendor/mine/_posts/2021-03-07-not-excluded.md": post(),
    "my_posts/2021-03-07-not-a-posts-folder.md": post(),
}

MOVED = {
    "_config.yml": (
        "collections_dir: content/blog\n"
        "permalink: none\n"
        "defaults:\n"
        "  - scope: {path: content/blog/_posts/guides}\n"
        "    values: {categories: [with-the-folder]}\n"
        "  - scope: {path: _posts/guides}\n"
        "    values: {tags: [without-the-folder]}\n"
        "  - scope: {path: 'content/blog/_posts/*/deep'}\n"
        "    values: {slug: by-a-pattern}\n"
    ),
    "content/blog/_posts/2022-01-02-moved.md": post(),
    "content/blog/_posts/guides/2022-01-02-guide.md": post(),
    "content/blog/_posts/guides/deep/2022-01-02-deep-guide.md": post(),
    "content/blog/letters/_posts/2022-01-02-letter.md": post(),
    "_posts/2022-01-02-left-behind.md": post(),
    "content/_posts/2022-01-02-too-high.md": post(),
    "letters/_posts/2022-01-02-left-behind-too.md": post(),
}


def test_names_and_folders_decide_what_is_a_post(tmp_path: Path) -> None:
    comparison = both_views(tmp_path, NAMES, Generator.JEKYLL)
    still_wrong = {
        ".well-known/_posts/2021-03-07-included-dot.md",
    }
    assert_alike(comparison, still_wrong=still_wrong)


def test_collections_dir_moves_the_posts(tmp_path: Path) -> None:
    comparison = both_views(tmp_path, MOVED, Generator.JEKYLL)
    assert_alike(comparison)


@pytest.mark.parametrize(
    "config",
    [
        "exclude: [t?p]",
        "exclude: ['[st]op']",
        "exclude: [./top]",
        "exclude: [/top]",
        "exclude: [top/]",
        "exclude: ['*/low']",
        "exclude: ['**/low']",
        "exclude: [top, other]\ninclude: [top]",
        "exclude: ['_posts/*-b.md']",
        "exclude: [top/_posts/2022-03-04-a.md]",
        "include: [_hidden]",
    ],
)
def test_exclude_and_include_name_files_as_in_jekyll(tmp_path: Path, config: str) -> None:
    folders = ("", "top/", "top/low/", "other/", "_hidden/", "stop/")
    files = {f"{folder}_posts/2022-03-04-{name}.md": post() for folder in folders for name in "ab"}
    assert_alike(both_views(tmp_path, {"_config.yml": config, **files}, Generator.JEKYLL))
