"""A site whose every name is meant to do harm: what is made of it can be read, leads where it should, and runs nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest

from tests.api.client import Client, serving
from tests.sites import Site, post

NAMES = (
    *("a\r\nX-Injected: 1", "a%0d%0aX-Injected: 1", "q\"uo'te", "<script>alert(1)</script>", "]]>&amp;", "back\\slash"),
    *("..", "../../etc/passwd", ".", "%2e%2e%2f", "a//b", "/a", "b/", "//evil.example/x", "https://evil.example/x"),
    *("rtl\u202eevil", "\u2028line", "\ufeffbom", "\x1b[31mred", "\x7f", "x" * 5000, "é" * 1000, "javascript:alert(1)"),
    *(
        "one/related",
        "one.md",
        "one.txt",
        "one/neighbors",
        "one/backlinks",
        "feed.xml",
        "a?b#c",
        "a;b,c",
        "'; DROP TABLE posts",
    ),
)
"""What the front matter of one post each is made of."""


def _posts() -> dict[str, str]:
    files = {"_config.yml": "title: <b>&\nurl: https://example.org\nplugins: [jekyll-redirect-from]\n"}
    for number, name in enumerate(NAMES):
        terms = {"tags": [name], "categories": [name], "author": name, "series": name}
        fields = {"cover": name, "redirect_from": [name], name[:50]: {"a.b:eq": name}}
        body = f"Words.\n\n[hub](/one/) `{name}`"
        for key in ("slug", "permalink"):
            path = f"_posts/2024-01-{number % 28 + 1:02}-{key}-{number}.md"
            files[path] = post(name, body=body, **{**terms, **fields, key: name, "excerpt": name})
    files["_posts/2024-02-01-one.md"] = post("One", permalink="/one/")
    return files


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("hostile"))
    site.write(_posts())
    site.build()
    return site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[Client]:
    with serving(site, preview_secret="p" * 32) as client:
        yield client


def assert_plain(response: httpx.Response) -> None:
    """No header has a character that only percent-encoding can say, and none was added."""
    for name, value in response.headers.multi_items():
        assert re.fullmatch(r"[\x20-\x7e]*", value), name
    assert "x-injected" not in response.headers


def every_post(client: Client) -> Iterator[dict[str, Any]]:
    after: str | None = "/v1/posts?per_page=100"
    while after:
        listed = client.get(after)
        assert_plain(listed)
        yield from listed.json()["items"]
        after = listed.json()["pagination"]["next"]


def api_urls(value: object) -> Iterator[str]:
    """Every ``api_url`` in a JSON value."""
    match value:
        case dict():
            if isinstance(value.get("api_url"), str):
                yield value["api_url"]
            for inner in value.values():
                yield from api_urls(inner)
        case list():
            for inner in value:
                yield from api_urls(inner)


def test_every_post_is_served(client: Client) -> None:
    assert {item["source"]["path"] for item in every_post(client)} == {
        path for path in _posts() if path != "_config.yml"
    }


def test_api_url_leads_to_the_post_whatever_its_slug_is(client: Client) -> None:
    for item in every_post(client):
        response = client.get(item["api_url"])
        assert response.status_code == 200, item["api_url"]
        assert response.json()["id"] == item["id"]
        assert_plain(response)


def test_what_belongs_to_a_post_is_behind_its_api_url(client: Client) -> None:
    slugs = {item["slug"] for item in every_post(client)}
    for item in every_post(client):
        for part in ("/related", "/neighbors", "/backlinks", ".md", ".txt"):
            response = client.get(item["api_url"] + part)
            assert response.status_code == 200, item["api_url"] + part
            assert_plain(response)
            if item["slug"] + part in slugs:  # an exact slug goes before what belongs to another
                assert response.json()["slug"] == item["slug"] + part


LISTS = ("/v1/tags", "/v1/categories?view=tree", "/v1/authors", "/v1/series", "/v1/collections", "/v1/archives")


@pytest.mark.parametrize("path", [*LISTS, "/v1/search?q=words"])
def test_every_address_in_a_list_leads_somewhere(client: Client, path: str) -> None:
    response = client.get(path)
    found = set(api_urls(response.json()))
    assert found
    for url in found:
        followed = client.get(url)
        assert followed.status_code == 200, url
        assert_plain(followed)


@pytest.mark.parametrize("path", ["/feeds/rss.xml?per_page=100", "/feeds/atom.xml?per_page=100", "/sitemap.xml"])
def test_xml_has_every_name_as_text(client: Client, path: str) -> None:
    response = client.get(path)
    root = ElementTree.fromstring(response.content)  # noqa: S314  # our own answer
    assert not [element for element in root.iter() if element.tag.rpartition("}")[2] in ("script", "b")]
    titles = {element.text for element in root.iter() if element.tag.rpartition("}")[2] == "title"}
    assert path == "/sitemap.xml" or "<script>alert(1)</script>" in titles


def test_no_cover_runs_script(client: Client) -> None:
    covers = {item["cover"]["url"] for item in every_post(client) if item["cover"]}
    assert covers
    assert not [url for url in covers if url.casefold().startswith(("javascript", "data"))]
    feed = json.loads(client.get("/feeds/feed.json?per_page=100").content)
    assert not [item for item in feed["items"] if item.get("image", "").startswith("javascript")]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_can_be_asked_for(client: Client, name: str) -> None:
    """As a filter, as a path, as a word: an answer or a problem, and no name gets into a header as it is."""
    for path in ("/v1/posts", "/feeds/rss.xml", "/feeds/feed.json"):
        for key in ("tag", "category", "author", "series", "lang"):
            assert_answered(client.get(path, params={key: name}))
        assert_answered(client.get(path, params={"where": f"{name[:50]}.a.b:eq:exists"}))
        assert_answered(client.get(path, params={"where": f"cover:contains:{name}"}))
    texts = {"/v1/resolve": "path", "/v1/search": "q", "/v1/search/suggest": "q", "/v1/posts/one": "preview_token"}
    for path, key in texts.items():
        assert_answered(client.get(path, params={key: name}))
    for route in ("posts", "pages", "tags", "categories", "authors", "series", "collections"):
        assert_answered(client.get(f"/v1/{route}/{quote(name, safe='')}"))
    assert_answered(client.get(f"/assets/{quote(name, safe='')}.png"))


def assert_answered(response: httpx.Response) -> None:
    assert response.status_code < 500, response.text
    assert_plain(response)
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json"
