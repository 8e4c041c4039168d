"""A Hexo site: which files are what, and where their values come from. Source: Hexo's documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_index.reading import choose_dialect
from search_index.settings import SiteSettings
from tests.reading.frameworks.conftest import ReadSite
from tests.reading.shown import codes, summary, whole

CONFIG = """
    title: My Hexo
    url: https://hexo.example.org
    timezone: Asia/Shanghai
    language: [zh-CN, en]
    author: Li
    permalink: :year/:month/:day/:title/
"""
POST = "---\ntitle: Hello\ndate: 2024-05-06 07:08:09\n---\nWords.\n"


def test_a_post_is_below_source_posts_and_at_its_permalink(read_site: ReadSite) -> None:
    found = read_site({"_config.yml": CONFIG, "source/_posts/notes/hello.md": POST, "README.md": "# R\n"})
    assert list(found) == ["source/_posts/notes/hello.md"]
    post = summary(found["source/_posts/notes/hello.md"])
    assert (post["kind"], post["slug"], post["path"]) == ("post", "notes/hello", "/2024/05/06/notes/hello/")
    assert post["url"] == "https://hexo.example.org/2024/05/06/notes/hello/"
    assert (post["published_at"], post["lang"]) == ("2024-05-06T07:08:09+08:00", "zh-CN")
    assert [author["name"] for author in post["authors"]] == ["Li"]


@pytest.mark.parametrize(
    ("permalink", "path"),
    [
        (":title.html", "/deep/hello.html"),
        (":category/:name/", "/tech/web/hello/"),
        ("posts/:i_month-:i_day/:hour:minute:second/:post_title/", "/posts/5-6/070809/hello/"),
        (":timestamp/", "/1714950489/"),
        ("", "/2024/05/06/deep/hello/"),
    ],
)
def test_permalinks_have_the_placeholders_of_hexo(read_site: ReadSite, permalink: str, path: str) -> None:
    text = POST.replace("title: Hello", "title: Hello\ncategories: [Tech, Web]")
    found = read_site(
        {"_config.yml": f"permalink: '{permalink}'\ntimezone: Asia/Shanghai\n", "source/_posts/deep/hello.md": text}
    )
    assert summary(found["source/_posts/deep/hello.md"])["path"] == path


def test_a_placeholder_that_is_not_worked_out_is_told(read_site: ReadSite) -> None:
    found = read_site({"_config.yml": "permalink: ':year/:hash/'\n", "source/_posts/hello.md": POST})
    assert summary(found["source/_posts/hello.md"])["path"] == "/hello/"
    assert codes(found["source/_posts/hello.md"]) == ["permalink_invalid"]


def test_a_permalink_of_its_own_needs_no_slash(read_site: ReadSite) -> None:
    found = read_site({"source/_posts/a.md": "---\npermalink: my/place/\ndate: 2024-01-01\n---\nA.\n"})
    assert summary(found["source/_posts/a.md"])["path"] == "/my/place/"


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("categories: [Tech, Web]", ["tech/web"]),
        ("categories:\n- [Tech, Web]\n- [Life]", ["tech/web", "life"]),
        ("categories: Tech and more", ["tech-and-more"]),
        ("categories: a/b", ["a-b"]),
        ("category: One", ["one"]),
    ],
)
def test_categories_are_a_path_or_several(read_site: ReadSite, written: str, paths: list[str]) -> None:
    found = read_site({"source/_posts/a.md": f"---\ndate: 2024-01-01\n{written}\n---\nA.\n"})
    assert [one["path"] for one in summary(found["source/_posts/a.md"])["categories"]] == paths


def test_a_text_is_one_tag_and_the_front_matter_stays_as_written(read_site: ReadSite) -> None:
    found = read_site({"source/_posts/a.md": "---\ntags: one, two\ncategories: [a, b]\n---\nA.\n"})
    post = whole(found["source/_posts/a.md"])
    assert [tag["name"] for tag in post["tags"]] == ["one, two"]
    assert post["front_matter"] == {"tags": "one, two", "categories": ["a", "b"]}


def test_drafts_are_hidden_and_a_future_post_is_public_as_in_hexo(read_site: ReadSite) -> None:
    files = {
        "source/_drafts/idea.md": POST,
        "source/_posts/later.md": POST.replace("2024", "2999"),
        "source/_posts/off.md": POST.replace("title: Hello", "published: false"),
        "source/_posts/_part.md": POST,
    }
    found = read_site(files)
    assert found["source/_drafts/idea.md"].hidden == "it lies in the folder _drafts"
    assert found["source/_posts/off.md"].hidden == "published: false"
    later = found["source/_posts/later.md"].post
    assert later is not None
    assert later.visible_from is None
    assert found["source/_posts/_part.md"].post is None
    held = read_site({"_config.yml": "future: false\n", **files})["source/_posts/later.md"].post
    assert held is not None
    assert held.visible_from is not None


def test_what_lies_beside_the_posts_is_a_page(read_site: ReadSite) -> None:
    found = read_site({"source/_posts/a.md": POST, "source/about/index.md": "---\ntitle: About\n---\nMe.\n"})
    page = summary(found["source/about/index.md"])
    assert (page["kind"], page["collection"], page["slug"], page["path"]) == ("page", "pages", "about", "/about/")


def test_only_the_marker_ends_an_excerpt(read_site: ReadSite) -> None:
    found = read_site({"source/_posts/a.md": POST + "\nOne.\n\n<!-- more -->\n\nTwo.\n"})
    assert (
        summary(found["source/_posts/a.md"])["excerpt"],
        summary(found["source/_posts/a.md"])["excerpt_source"],
    ) == (
        "Words. One.",
        "marker",
    )


def test_a_configuration_that_is_none_is_told_and_the_posts_are_there(read_site: ReadSite, tmp_path: Path) -> None:
    found = read_site({"_config.yml": "title: [open\n", "source/_posts/a.md": POST})
    assert summary(found["source/_posts/a.md"])["path"] == "/2024/05/06/a/"
    dialect = choose_dialect(tmp_path, SiteSettings())
    assert (dialect.name, dialect.reason) == ("plain", "_config.yml and source/_posts/ (Hexo)")
    assert [(problem.file, problem.code) for problem in dialect.problems] == [("_config.yml", "front_matter_invalid")]


def test_an_exclusion_that_cannot_be_read_is_told(read_site: ReadSite, tmp_path: Path) -> None:
    read_site({"_config.yml": 'exclude: ["[", "files/*"]\n', "source/_posts/a.md": "---\ntitle: A\n---\n"})
    dialect = choose_dialect(tmp_path, SiteSettings())
    assert [problem.message for problem in dialect.problems] == ["exclude: '[' is not used: it ends too early"]
    assert not dialect.public_files.publishes("source/files/x.txt")
    assert dialect.public_files.publishes("source/x.txt")
