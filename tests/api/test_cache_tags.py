"""The promise to caches: whatever differs after an edit carried one of the tags that are told of the edit."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.announcements import announcement_since
from tests.api.client import Client, serving
from tests.api.conftest import FILES
from tests.api.streaming import event
from tests.api.test_every_url import EXAMPLES
from tests.sites import Site, post

BLOG_URLS = [
    *(url for urls in EXAMPLES.values() for url in urls if not url.startswith(("/assets", "/v1/changes"))),
    "/v1/posts?tag=python",
    "/v1/posts?not_tag=python",
    "/v1/posts?category=dev",
    "/v1/posts?author=ann",
    "/v1/posts?series=letters",
    "/v1/posts?lang=de",
    "/v1/posts?year=2024&month=6",
    "/v1/posts?featured=true",
    "/v1/posts?sort=title",
    "/v1/posts/second",
    "/v1/posts/folder/deep",
    "/v1/posts/deep",
    "/v1/posts/second/related",
    "/v1/categories/python",
    "/v1/tags/web",
    "/v1/export",
    "/v1/export?tag=python",
    "/v1/search?q=",
    "/v1/search?q=words&tag=web",
    "/v1/search?q=zebra",
    "/v1/search/suggest?q=py",
    "/v1/resolve?path=/second/",
    "/v1/posts?include=related,backlinks,neighbors",
    "/v1/posts/second?include=related,backlinks,neighbors",
    "/v1/posts?where=updated:exists",
    "/v1/search?q=fox&include=backlinks",
    "/v1/posts/second.md",
    "/v1/posts/second.txt",
    "/v1/posts/second/backlinks",
    "/v1/posts/second/neighbors",
    "/v1/resolve?path=/old/deep/",
]

BLOG_FILES = {**FILES, "aliased.md": post("Aliased", date="2020-05-05", aliases=["/old/deep/", "/deeper/"])}

Edit = Callable[[Site], None]


def writing(files: dict[str, str]) -> Edit:
    return lambda site: site.write(files)


def deleting(*names: str) -> Edit:
    def delete(site: Site) -> None:
        for name in names:
            (site.content / name).unlink()

    return delete


BLOG_EDITS: dict[str, Edit] = {
    "a title": writing({"second.md": FILES["second.md"].replace("A second post", "Another name")}),
    "a body": writing({"second.md": post("A second post", date="2024-06-01", tags=["python"], body="zebra")}),
    "a tag that is lost": writing({"hello.md": FILES["hello.md"].replace('"Python", "Web"', '"Rust"')}),
    "the name of a tag": writing({"second.md": FILES["second.md"].replace('"python"', '"PYTHON"')}),
    "a category": writing({"hello.md": FILES["hello.md"].replace('"Dev"', '"Art"')}),
    "an author": writing({"hello.md": FILES["hello.md"].replace("Ann", "Bob")}),
    "a series": writing({"second.md": FILES["second.md"].replace("Letters", "Notes")}),
    "a language": writing({"über.md": FILES["über.md"].replace('"de"', '"en"')}),
    "a date": writing({"second.md": FILES["second.md"].replace("2024-06-01", "2021-07-02")}),
    "no date": writing({"second.md": FILES["second.md"].replace('date: "2024-06-01"', "weight: 1")}),
    "a new post": writing({"new.md": post("New", date="2024-06-02", tags=["web", "new"], body="The fox again.")}),
    "a slug that two have": writing({"other.md": post("Other", slug="hello", date="2020-01-01")}),
    "a post with the name of another": writing({"über/uns.md": post("Other", slug="second", date="2025-01-01")}),
    "an alias that is an address": writing({"taker.md": post("Taker", date="2019-01-01", permalink="/old/deep/")}),
    "an alias of two": writing({"aaa.md": post("Taker", date="2019-01-01", aliases=["/old/deep/"])}),
    "an alias that moves": writing(
        {
            "aliased.md": BLOG_FILES["aliased.md"].replace('"/old/deep/", ', ""),
            "taker.md": post("Taker", date="2019-01-01", aliases=["/old/deep/"]),
        }
    ),
    "another address with the same slug": writing(
        {"second.md": FILES["second.md"].replace("featured", "permalink: /2nd/\nslug: second\nfeatured")}
    ),
    "a draft": writing({"hello.md": FILES["hello.md"].replace("---\n\n", "draft: true\n---\n\n")}),
    "a deleted post": deleting("second.md"),
    "two deleted posts": deleting("undated.md", "folder/deep.md"),
    "a problem": writing({"worse.md": "---\ntitle: [unclosed\n---\n"}),
    "a problem less": deleting("broken.md"),
    "synonyms": writing({"synonyms.txt": "fox, words\n"}),
}

JEKYLL_FILES = {
    "_config.yml": "title: A\ncollections:\n  recipes:\n    output: true\n",
    "_posts/2024-01-01-a.md": post("A", tags=["Python"], categories=["dev"]),
    "_posts/2024-01-02-b.md": post("B", tags=["Python"]),
    "about.md": post("About", tags=["people"]),
    "imprint.md": post("Imprint"),
    "_recipes/cake.md": post("Cake", tags=["sweet"]),
    "_recipes/pie.md": post("Pie", tags=["sweet", "python"]),
}
JEKYLL_URLS = [
    "/v1",
    "/v1/posts",
    "/v1/posts/a",
    "/v1/posts?facet=tag,collection",
    "/v1/pages",
    "/v1/pages?facet=tag",
    "/v1/pages/about",
    "/v1/pages/imprint",
    "/v1/collections",
    "/v1/collections/posts",
    "/v1/collections/pages",
    "/v1/collections/recipes",
    "/v1/collections/recipes?facet=tag",
    "/v1/tags",
    "/v1/tags/python",
    "/v1/tags/people",
    "/v1/tags/sweet",
    "/v1/archives",
    "/v1/resolve?path=/about/",
    "/v1/resolve?path=/about.html",
    "/v1/search?q=words",
    "/v1/export",
    "/v1/diagnostics",
]
JEKYLL_EDITS: dict[str, Edit] = {
    "a page": writing({"about.md": post("About us", tags=["people"])}),
    "a page's tag": writing({"about.md": post("About", tags=["folk"])}),
    "a document of a collection": writing({"_recipes/cake.md": post("Cakes", tags=["sweet"])}),
    "the name of a tag that posts use": writing(
        {
            "_posts/2024-01-01-a.md": post("A", tags=["PYTHON"], categories=["dev"]),
            "_posts/2024-01-02-b.md": post("B", tags=["PYTHON"]),
        }
    ),
    "the name of a tag that pages use": writing(
        {"_recipes/cake.md": post("Cake", tags=["SWEET"]), "_recipes/pie.md": post("Pie", tags=["SWEET"])}
    ),
    "a page that takes another's address": writing({"aaa.md": post("Taker", permalink="/about.html")}),
    "a new page": writing({"contact.md": post("Contact")}),
    "a page less": deleting("imprint.md"),
    "an empty collection": deleting("_recipes/cake.md", "_recipes/pie.md"),
}


def seen(client: Client, urls: list[str]) -> dict[str, tuple[Any, set[str]]]:
    """What is at each address, and its cache tags; what is not there has none, and no cache keeps it."""
    found = {}
    for url in urls:
        response = client.get(url)
        body: Any = response.content if response.status_code == 200 else response.status_code
        if url.startswith("/v1/search?"):
            body = json.loads(body)
            del body["took_ms"]
        found[url] = (body, set(response.headers.get("cache-tag", "").split()))
    return found


def assert_told(site: Site, urls: list[str], edit: Edit) -> None:
    site.build()
    with serving(site, poll_seconds=1000) as client:
        library = client.app.state.service.library
        before = seen(client, urls)
        assert [url for url, (body, _) in before.items() if isinstance(body, int)] == []
        with library.lease() as snapshot:
            version = snapshot.version
        edit(site)
        site.build(allow_shrink=True)
        library.refresh()
        after = seen(client, urls)
        with library.lease() as snapshot:
            _, told = event(announcement_since(snapshot, version).text.decode())
        kept = {
            item["id"]: item["tags"] for item in client.get(f"/v1/changes?since={version}&per_page=100").json()["items"]
        }
    different = [url for url in urls if before[url][0] != after[url][0]]
    assert different
    assert told["complete"]
    assert [url for url in different if not before[url][1] & set(told["tags"])] == []
    assert all(set(tags) <= set(told["tags"]) for tags in kept.values())


@pytest.mark.parametrize("name", BLOG_EDITS)
def test_what_differs_after_an_edit_carried_a_tag_that_is_told(tmp_path: Path, name: str) -> None:
    site = Site(tmp_path, public_url="https://example.org", title="A blog")
    site.write(BLOG_FILES)
    assert_told(site, BLOG_URLS, BLOG_EDITS[name])


@pytest.mark.parametrize("name", JEKYLL_EDITS)
def test_what_differs_after_an_edit_of_a_page_carried_a_tag_that_is_told(tmp_path: Path, name: str) -> None:
    site = Site(tmp_path)
    site.write(JEKYLL_FILES)
    assert_told(site, JEKYLL_URLS, JEKYLL_EDITS[name])


def test_a_page_that_describes_a_tag_is_told_to_the_answers_about_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        {
            "hugo.toml": 'title = "A"\n',
            "content/posts/a.md": post("A", date="2024-01-01", tags=["python"]),
            "content/tags/python/_index.md": post("Python", body="A language."),
        }
    )
    edit = writing({"content/tags/python/_index.md": post("Python", body="A snake.")})
    assert_told(site, ["/v1/tags", "/v1/tags/python"], edit)


def test_an_edit_touches_no_answer_about_something_else(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({name: post(name, date=date, tags=[name]) for name, date in (("a", "2024-01-03"), ("b", "2024-01-02"))})
    site.write({f"{name}.md": post(name, date=f"2024-01-0{day}", tags=[name]) for day, name in enumerate("abcd", 1)})
    site.build()
    with serving(site, poll_seconds=1000) as client:
        since = client.get("/v1").headers["x-content-generation"]
        site.write({"a.md": post("A, edited", date="2024-01-01", tags=["a"])})
        site.build()
        client.app.state.service.library.refresh()
        items = client.get(f"/v1/changes?since={since}").json()["items"]
        tags = {tag for item in items for tag in item["tags"]}
        assert tags & {"tag:a", "tag:b", "tag:c"} == {"tag:a"}
        for url in ("/v1/posts/c", "/v1/posts/d", "/v1/tags/b", "/v1/pages", "/v1/diagnostics", "/v1/resolve?path=/c/"):
            assert not tags & set(client.get(url).headers["cache-tag"].split()), url


def test_what_is_at_an_address_is_told_where_addresses_differ_and_where_the_post_does(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"a.md": post("A", date="2024-01-01"), "b.md": post("B", date="2024-01-02")})
    site.build()
    with serving(site, poll_seconds=1000) as client:
        assert client.get("/v1/resolve?path=/a/").headers["cache-tag"] == "resolve post:a"
        assert client.get("/v1/resolve?path=/b/index.html").headers["cache-tag"] == "resolve post:b"
        told = []
        for text in (post("B, edited", date="2024-01-02"), post("B, edited", date="2024-01-02", aliases=["/c/"])):
            since = client.get("/v1").headers["x-content-generation"]
            site.write({"b.md": text})
            site.build()
            client.app.state.service.library.refresh()
            (item,) = (item for item in client.get(f"/v1/changes?since={since}").json()["items"] if item["id"] == "b")
            told.append({"resolve", "post:b"} & set(item["tags"]))
    assert told == [{"post:b"}, {"resolve", "post:b"}]
