"""An Eleventy site: dates and addresses from paths, data of folders. Source: Eleventy's documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from search_index.reading import choose_dialect
from search_index.settings import SiteSettings
from tests.reading.frameworks.conftest import ReadSite
from tests.reading.shown import codes, summary, whole

SIGN = {".eleventy.js": "module.exports = () => ({ dir: { input: 'src' } });\n"}


@pytest.mark.parametrize(
    ("path", "slug", "address", "date"),
    [
        ("src/posts/hello.md", "hello", "/posts/hello/", None),
        ("src/posts/2024-05-06-hello.md", "hello", "/posts/hello/", "2024-05-06T00:00:00+00:00"),
        ("src/2024-05-06-trip/day.md", "day", "/2024-05-06-trip/day/", "2024-05-06T00:00:00+00:00"),
        ("src/posts/trip/index.md", "trip", "/posts/trip/", None),
    ],
)
def test_a_post_is_named_dated_and_addressed_by_its_path(
    read_site: ReadSite, path: str, slug: str, address: str, date: str | None
) -> None:
    post = summary(read_site({**SIGN, path: "---\ntitle: T\n---\nA.\n"})[path])
    assert (post["slug"], post["path"], post["published_at"]) == (slug, address, date)


def test_a_folders_data_is_below_its_documents_and_tags_are_united(read_site: ReadSite) -> None:
    files = {
        **SIGN,
        "src/posts/posts.json": '{"tags": "posts", "author": "Ann", "lang": "de", "layout": "post.njk"}',
        "src/posts/deep/deep.11tydata.json": '{"tags": ["deep"], "lang": "fr"}',
        "src/posts/a.md": "---\ntags: [own]\n---\nA.\n",
        "src/posts/deep/b.md": "---\nauthor: Bob\n---\nB.\n",
        "src/posts/deep/b.11tydata.json": '{"title": "From its own file"}',
    }
    found = read_site(files)
    first, second = whole(found["src/posts/a.md"]), summary(found["src/posts/deep/b.md"])
    assert ([tag["name"] for tag in first["tags"]], first["authors"][0]["name"], first["lang"]) == (
        ["posts", "own"],
        "Ann",
        "de",
    )
    assert first["front_matter"] == {"tags": ["own"]}
    assert ([tag["name"] for tag in second["tags"]], second["authors"][0]["name"], second["lang"], second["title"]) == (
        ["posts", "deep"],
        "Bob",
        "fr",
        "From its own file",
    )


def test_a_document_that_a_data_file_describes_needs_no_front_matter(read_site: ReadSite) -> None:
    files = {
        ".eleventy.js": "module.exports = (c) => { c.addDataExtension('yml, yaml', parse); };\n",
        "posts/trip/index.md": "Text.\n",
        "posts/trip/index.yml": "title: Trip\ndate: 2024-05-06\ntags: [far]\n",
        "notes/notes.11tydata.js": "export default { tags: ['notes'] };\n",
        "notes/short.md": "Short.\n",
        "LICENSE.md": "No post.\n",
    }
    found = read_site(files)
    post = summary(found["posts/trip/index.md"])
    assert (post["title"], post["published_at"], [tag["name"] for tag in post["tags"]]) == (
        "Trip",
        "2024-05-06T00:00:00+00:00",
        ["far"],
    )
    assert summary(found["notes/short.md"])["path"] == "/notes/short/"
    assert found["LICENSE.md"].post is None


def test_yaml_is_data_only_where_the_configuration_adds_it(read_site: ReadSite) -> None:
    found = read_site({**SIGN, "posts/a.md": "Text.\n", "posts/posts.yml": "title: Not data\n"})
    assert found["posts/a.md"].post is None


def test_data_changes_the_fingerprint(read_site: ReadSite, tmp_path: Path) -> None:
    read_site({**SIGN, "posts/posts.json": '{"lang": "de"}', "posts/a.md": "---\n---\n"})
    before = choose_dialect(tmp_path, SiteSettings()).fingerprint
    read_site({"posts/posts.json": '{"lang": "fr"}'})
    assert choose_dialect(tmp_path, SiteSettings()).fingerprint != before


def test_data_that_cannot_be_used_is_told_and_the_posts_are_there(read_site: ReadSite, tmp_path: Path) -> None:
    files = {
        **SIGN,
        "posts/posts.json": '{"lang": ',
        "posts/posts.11tydata.js": "module.exports = {};",
        "posts/a.md": "---\ntitle: A\n---\nA.\n",
    }
    assert summary(read_site(files)["posts/a.md"])["title"] == "A"
    dialect = choose_dialect(tmp_path, SiteSettings())
    assert (dialect.name, dialect.reason) == ("plain", ".eleventy.js (Eleventy)")
    assert [problem.file for problem in dialect.problems] == ["posts/posts.11tydata.js", "posts/posts.json"]


@pytest.mark.parametrize(
    ("permalink", "path", "problems"),
    [
        ("/own/place/", "/own/place/", []),
        ("own/place/index.html", "/own/place/", []),
        ("'/{{ title }}/'", "/posts/a/", ["permalink_invalid"]),
    ],
)
def test_a_permalink_is_taken_unless_it_is_a_program(
    read_site: ReadSite, permalink: str, path: str, problems: list[str]
) -> None:
    outcome = read_site({**SIGN, "src/posts/a.md": f"---\npermalink: {permalink}\n---\nA.\n"})["src/posts/a.md"]
    assert (summary(outcome)["path"], codes(outcome)) == (path, problems)


def test_a_post_without_a_page_has_no_address_and_one_outside_of_collections_is_none(read_site: ReadSite) -> None:
    found = read_site(
        {
            **SIGN,
            "src/a.md": "---\npermalink: false\n---\nA.\n",
            "src/b.md": "---\neleventyExcludeFromCollections: true\n---\nB.\n",
        }
    )
    unwritten = found["src/a.md"].post
    assert unwritten is not None
    assert unwritten.addresses == ()
    assert found["src/b.md"].post is None
