"""The address of each page, as Hugo 0.111 prints it."""

from __future__ import annotations

import pytest

from search_index.reading.hugo.paths import PathRules, clean, escape, join, lower
from tests.reading.hugo.conftest import CONFIGURATION, HugoSite, page


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Hello World", "/posts/hello-world/"),
        ("A  B", "/posts/a-b/"),
        ("x--y", "/posts/x--y/"),
        ("a & b", "/posts/a-b/"),
        ("a+b", "/posts/a+b/"),
        ("c#", "/posts/c#/"),
        ("été", "/posts/%C3%A9t%C3%A9/"),
        ("한글 글", "/posts/%ED%95%9C%EA%B8%80-%EA%B8%80/"),
        ("İstanbul", "/posts/istanbul/"),
        ("dot.name.v2", "/posts/dot.name.v2/"),
        ("it's (so)", "/posts/its-so/"),
        ("50%25x", "/posts/50%25x/"),
        ("100%", "/posts/100/"),
        ("**", "/posts//"),
    ],
)
def test_file_names_become_addresses_letter_by_letter(hugo: HugoSite, name: str, path: str) -> None:
    assert hugo({f"posts/{name}.md": page()}).paths == {f"posts/{name}.md": path}


def test_an_address_never_begins_with_two_slashes(hugo: HugoSite) -> None:
    assert hugo({"**.md": page()}).paths == {"**.md": "/"}


def test_the_path_of_the_base_url_is_part_of_every_address(hugo: HugoSite) -> None:
    site = hugo({"posts/a.md": page("aliases: [/old/, near, ../up]")}, 'baseURL = "https://example.org/my/blog/"\n')
    assert site.settings.public_url == "https://example.org"
    assert site.posts["posts/a.md"].path == "/my/blog/posts/a/"
    assert site.posts["posts/a.md"].aliases == ("/my/blog/old/", "/my/blog/posts/near/", "/my/blog/up/")


def test_capitals_and_accents_follow_the_configuration(hugo: HugoSite) -> None:
    configuration = CONFIGURATION + "disablePathToLower = true\nremovePathAccents = true\n"
    assert hugo({"Posts/Été.md": page()}, configuration).paths == {"Posts/Été.md": "/Posts/Ete/"}


def test_ugly_urls_are_html_files(hugo: HugoSite) -> None:
    files = {"posts/a.md": page(), "docs/b.md": page(), "index2/index.md": page(), "posts/c.md": page("url: /c/")}
    assert hugo(files, CONFIGURATION + "uglyURLs = true\n").paths == {
        "posts/a.md": "/posts/a.html",
        "docs/b.md": "/docs/b.html",
        "index2/index.md": "/index2.html",
        "posts/c.md": "/c/",
    }


def test_ugly_urls_of_one_section(hugo: HugoSite) -> None:
    files = {"posts/a.md": page(), "docs/b.md": page()}
    assert hugo(files, CONFIGURATION + "[uglyURLs]\ndocs = true\n").paths == {
        "posts/a.md": "/posts/a/",
        "docs/b.md": "/docs/b.html",
    }


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/a/b/", "/a/b/"),
        ("/a/b", "/a/b/"),
        ("a/b", "/a/b/"),
        ("/Cap/x.html", "/Cap/x.html"),
        ("/x/index.html", "/x/index.html/"),
        ("/Über/Straße/", "/%C3%9Cber/Stra%C3%9Fe/"),
        ("/../up/", "/up/"),
        ("//other.example/x/", "/other.example/x/"),
        ("/%ED%95%9C/", "/%ED%95%9C/"),
        ("/", "/"),
    ],
)
def test_url_is_taken_as_written(hugo: HugoSite, url: str, path: str) -> None:
    assert hugo({"posts/a.md": page(f'url: "{url}"')}).paths == {"posts/a.md": path}


def test_a_url_without_a_slash_in_front_is_below_its_language(hugo: HugoSite) -> None:
    configuration = CONFIGURATION + "[languages.en]\n[languages.fr]\n"
    site = hugo({"a.fr.md": page("url: x/y"), "b.fr.md": page("url: /x/z")}, configuration)
    assert site.paths == {"a.fr.md": "/fr/x/y/", "b.fr.md": "/x/z/"}


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/:year/:month/:day/:title/", "/2020/03/04/some-title/"),
        ("/:yearday/:weekday/:weekdayname/:monthname/", "/64/3/wednesday/march/"),
        ("/:section/:slug", "/posts/own-slug/"),
        ("/:sections/:filename/", "/posts/sub/a/"),
        ("/:sections[1:]/:slugorfilename", "/sub/own-slug/"),
        ("/:sections[last]/x", "/sub/x/"),
        ("/:sections[0]/x", "/posts/x/"),
        ("/:2006/:Jan/:slug.html", "/2020/mar/own-slug.html/"),
        ("no-slash/:slug", "/no-slash/own-slug/"),
    ],
)
def test_permalinks_have_the_tokens_of_hugo(hugo: HugoSite, pattern: str, path: str) -> None:
    files = {
        "posts/sub/_index.md": page(),
        "posts/sub/a.md": page("title: Some Title", "date: 2020-03-04", "slug: own slug"),
    }
    site = hugo(files, CONFIGURATION + f'[permalinks]\nposts = "{pattern}"\n')
    assert site.paths == {"posts/sub/a.md": path}


def test_a_page_without_a_date_is_of_the_year_one_in_a_permalink(hugo: HugoSite) -> None:
    site = hugo({"posts/a.md": page("title: T")}, CONFIGURATION + '[permalinks]\nposts = "/:year/:month/:slug/"\n')
    assert site.paths == {"posts/a.md": "/1/01/t/"}
    assert site.posts["posts/a.md"].published_at is None


def test_a_token_that_hugo_does_not_have_leaves_the_default_address_and_is_told(hugo: HugoSite) -> None:
    site = hugo({"posts/a.md": page()}, CONFIGURATION + '[permalinks]\nposts = "/:contentbasename/"\n')
    assert site.paths == {"posts/a.md": "/posts/a/"}
    problem = site.dialect.problems[0]
    assert (problem.file, problem.code) == ("hugo.toml", "configuration")
    assert ":contentbasename is no token that Hugo 0.111 has" in problem.message


def test_a_section_that_has_no_page_of_its_own_has_no_last_folder(hugo: HugoSite) -> None:
    site = hugo(
        {"posts/deep/a.md": page("title: t")}, CONFIGURATION + '[permalinks]\nposts = "/:sections[last]/:slug/"\n'
    )
    assert site.paths == {"posts/deep/a.md": "/t/"}


def test_paths_are_made_as_go_makes_them() -> None:
    assert clean("/a/../../b//c/./") == "/b/c"
    assert clean("../x") == "../x"
    assert join("/a/", "/b/") == "/a/b/"
    assert escape("/a b/(c)?x=1#") == "/a%20b/%28c%29?x=1"
    assert escape("/a/(c)/100%") == "/a/%28c%29/100%25"
    assert lower("ΣΑΣ") == "σασ"
    assert PathRules(base="/blog").on_site("/a/") == "/blog/a/"
