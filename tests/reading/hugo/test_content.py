"""Which files of ``content`` are posts."""

from __future__ import annotations

import pytest

from tests.reading.hugo.conftest import CONFIGURATION, HugoSite, page


def test_every_page_of_any_folder_is_a_post_whatever_it_holds(hugo: HugoSite) -> None:
    site = hugo(
        {
            "about.md": page("title: About"),
            "posts/a.markdown": "No front matter.\n",
            "posts/b.mdown": "",
            "_notes/c.md": page("title: C"),
            "posts/d.html": page("title: D", body="<p>As written.</p>\n"),
        }
    )
    assert sorted(site.posts) == ["_notes/c.md", "about.md", "posts/a.markdown", "posts/b.mdown", "posts/d.html"]
    assert {name: post.collection for name, post in site.posts.items()} == {
        "about.md": "pages",
        "posts/a.markdown": "posts",
        "posts/b.mdown": "posts",
        "_notes/c.md": "_notes",
        "posts/d.html": "posts",
    }
    assert site.posts["posts/d.html"].id == "content/posts/d"


def test_endings_count_with_their_case_and_hidden_names_are_left_out(hugo: HugoSite) -> None:
    files = dict.fromkeys(
        ("posts/A.MD", "posts/b.txt", ".git/c.md", "posts/.d.md", "posts/#e.md", "posts/f.md~"), "x\n"
    )
    assert hugo(files).posts == {}


def test_the_files_of_a_bundle_are_parts_of_its_page(hugo: HugoSite) -> None:
    site = hugo(
        {
            "posts/trip/index.md": page("title: Trip"),
            "posts/trip/day-1.md": page("title: One"),
            "posts/trip/more/day-2.md": page("title: Two"),
        }
    )
    assert site.paths == {"posts/trip/index.md": "/posts/trip/"}
    assert site.asides["posts/trip/more/day-2.md"] == "it is a part of the bundle content/posts/trip/index.md"
    assert site.posts["posts/trip/index.md"].slug == "trip"


def test_the_pages_of_sections_and_terms_are_no_posts(hugo: HugoSite) -> None:
    site = hugo({"_index.md": page("title: Home"), "posts/_index.md": page("title: P"), "tags/x/_index.md": page()})
    assert site.posts == {}
    assert {name: (one.collection, one.path) for name, one in site.pages.items()} == {
        "_index.md": ("pages", "/"),
        "posts/_index.md": ("pages", "/posts/"),
        "tags/x/_index.md": ("tags", "/tags/x/"),
    }


def test_a_folder_with_both_kinds_of_index_is_a_section(hugo: HugoSite) -> None:
    site = hugo({"posts/_index.md": page(), "posts/index.md": page("title: I"), "posts/a.md": page("title: A")})
    assert site.paths == {"posts/a.md": "/posts/a/", "posts/index.md": "/posts/"}


def test_an_index_at_the_top_makes_the_whole_site_one_bundle(hugo: HugoSite) -> None:
    assert hugo({"index.md": page("title: All"), "posts/a.md": page()}).paths == {"index.md": "/"}


def test_html_without_front_matter_is_a_file_as_it_stands(hugo: HugoSite) -> None:
    site = hugo(
        {
            "posts/a.html": "<h1>Slides</h1>\n",
            "posts/b.html": "only words\n",
            "demo/index.html": "<html></html>\n",
            "demo/text.md": page("title: Beside"),
        }
    )
    assert sorted(site.posts) == ["demo/text.md", "posts/b.html"]


def test_formats_that_are_not_read_are_told_of_once(hugo: HugoSite) -> None:
    site = hugo({"posts/a.org": "#+title: A\n", "posts/b.adoc": "= B\n"})
    assert site.asides["posts/a.org"] == "Octavo does not read .org files"
    assert site.told == ["2 pages are neither Markdown nor HTML, and are not read"]


def test_pages_that_are_listed_nowhere_are_no_posts(hugo: HugoSite) -> None:
    site = hugo(
        {
            "a.md": page("_build:", "  list: never"),
            "b.md": page("_build:", "  list: false"),
            "c.md": page("_build:", "  list: local"),
            "d.md": page("_build:", "  render: never"),
            "hidden/index.md": page("headless: true"),
            "e.md": page("headless: true"),
        }
    )
    assert sorted(site.posts) == ["d.md", "e.md"]
    assert site.asides["c.md"] == "_build: list is local"


def test_ignore_files_are_left_out_by_their_path(hugo: HugoSite) -> None:
    configuration = CONFIGURATION + "ignoreFiles = ['\\.draft\\.md$', 'old/', '(?=x)']\n"
    files = {"posts/a.draft.md": page(), "old/b.md": page(), "posts/c.md": page()}
    site = hugo(files, configuration)
    assert sorted(site.posts) == ["posts/c.md"]
    assert site.told == ["ignoreFiles: '(?=x)' is not used: (? is only read as (?:"]


def test_content_lies_where_the_configuration_says(hugo: HugoSite) -> None:
    site = hugo({"/src/notes/a.md": page(), "b.md": page()}, CONFIGURATION + 'contentDir = "src"\n')
    assert site.paths == {"src/notes/a.md": "/notes/a/"}
    assert site.posts["src/notes/a.md"].id == "src/notes/a"
    assert not site.dialect.enters("themes")


def test_a_content_folder_outside_of_the_site_is_never_looked_into(hugo: HugoSite) -> None:
    site = hugo({"a.md": page()}, CONFIGURATION + 'contentDir = "../../etc"\n')
    assert site.paths == {"a.md": "/a/"}


TWO = CONFIGURATION + "[languages.en]\nweight = 1\n[languages.fr]\nweight = 2\n"


def test_the_language_in_a_name_is_not_part_of_the_address(hugo: HugoSite) -> None:
    site = hugo(
        {
            "posts/a.md": page(),
            "posts/a.fr.md": page(),
            "posts/b.xx.md": page(),
            "posts/trip/index.md": page(),
            "posts/trip/index.fr.md": page(),
        },
        TWO,
    )
    assert site.paths == {
        "posts/a.md": "/posts/a/",
        "posts/a.fr.md": "/fr/posts/a/",
        "posts/b.xx.md": "/posts/b.xx/",
        "posts/trip/index.md": "/posts/trip/",
        "posts/trip/index.fr.md": "/fr/posts/trip/",
    }
    assert site.posts["posts/a.fr.md"].lang == "fr"


def test_of_two_files_for_one_page_the_one_that_names_its_language_counts(hugo: HugoSite) -> None:
    site = hugo({"posts/a.md": page(), "posts/a.en.md": page()}, TWO)
    assert sorted(site.posts) == ["posts/a.en.md"]
    assert site.asides == {"posts/a.md": "content/posts/a.en.md is the same page in the same language"}


def test_languages_may_have_folders_of_their_own(hugo: HugoSite) -> None:
    configuration = CONFIGURATION + (
        'defaultContentLanguageInSubdir = true\n[languages.en]\ncontentDir = "content/en"\n'
        '[languages.fr]\ncontentDir = "content/fr"\n[languages.de]\ncontentDir = "content/de"\ndisabled = true\n'
    )
    site = hugo({"en/posts/a.md": page(), "fr/posts/a.md": page(), "de/posts/a.md": page()}, configuration)
    assert site.paths == {"en/posts/a.md": "/en/posts/a/", "fr/posts/a.md": "/fr/posts/a/"}
    assert site.asides == {"de/posts/a.md": "its language de is not built"}


def test_content_may_be_mounted_from_several_folders(hugo: HugoSite) -> None:
    mounts = (
        '[[module.mounts]]\nsource = "content"\ntarget = "content"\n'
        '[[module.mounts]]\nsource = "docs"\ntarget = "content/manual"\n'
        '[[module.mounts]]\nsource = "static"\ntarget = "static"\n'
    )
    site = hugo({"posts/a.md": page(), "/docs/b.md": page(), "/static/c.md": page()}, CONFIGURATION + mounts)
    assert site.paths == {"posts/a.md": "/posts/a/", "docs/b.md": "/manual/b/"}


@pytest.mark.parametrize(
    ("globs", "found"),
    [
        ('includeFiles = ["posts/**"]', ["posts/a.md", "posts/c.draft.md", "posts/deep/b.md"]),
        ('includeFiles = "**/*.draft.md"', ["posts/c.draft.md"]),
        ('excludeFiles = ["/posts/deep/**", "**.DRAFT.md"]', ["notes/d.md", "posts/a.md"]),
        (
            'includeFiles = ["/posts/**"]\nexcludeFiles = ["**/deep/**"]',
            ["posts/a.md", "posts/c.draft.md", "posts/deep/b.md"],
        ),
    ],
)
def test_a_mount_takes_the_files_that_its_globs_name(hugo: HugoSite, globs: str, found: list[str]) -> None:
    mount = f'[[module.mounts]]\nsource = "content"\ntarget = "content"\n{globs}\n'
    names = ("posts/a.md", "posts/deep/b.md", "posts/c.draft.md", "notes/d.md")
    site = hugo({name: page("title: T") for name in names}, CONFIGURATION + mount)
    assert sorted(site.posts) == found
