"""RSS, Atom and JSON Feed: files in, feeds out, read back by others."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from api.schemas.problems import ErrorCode
from tests.api.client import Client, serving
from tests.api.conftest import png
from tests.api.feed_rules import ATOM, CONTENT, DC, MEDIA, assert_atom, assert_json_feed, assert_rss
from tests.api.shapes import assert_problem
from tests.sites import Site, post

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import feedparser

ODD = "Is 1 < 2 & ]]> 🎈 or שלום עולם"
BODY = """\
A [rooted](/about/) and a [fragment](#part) and [another](second.md) link.

<img src="images/dot.png" srcset="/images/dot.png 1x, https://cdn.example/a.png 2x" alt="a dot">

```xml
<a href="left as it is"> ]]> &amp;
```
"""


def odd_post(title: str, **options: Any) -> str:
    """The title written as YAML has it, since an emoji is no escape there."""
    return post("title", **options).replace('"title"', f"'{title}'", 1)


FILES = {
    "hello.md": odd_post(
        ODD,
        slug="hello",
        date="2024-05-28T23:23:39-05:00",
        updated="2024-06-03T08:00:00+02:00",
        tags=["Python", "C++"],
        categories=["Dev/Tools", "Python"],
        authors=["Ann", "Bob & Son"],
        description="Is 1 < 2 & 3 > 2?",
        cover={"image": "images/dot.png", "alt": "A dot"},
        body=BODY,
    ),
    "second.md": post("Second", slug="second", date="2024-06-01", tags=["Python"]),
    "drei.md": post("Drei", slug="drei", date="2023-01-31", lang="de", tags=["C++"], authors=["Ann"]),
    "undated.md": post("Undated", tags=["web"]),
    "tomorrow.md": post("Tomorrow", date="2026-09-02", tags=["Python", "secret"]),
    "draft.md": post("Draft", date="2024-01-01", draft=True, tags=["Python", "secret"]),
}
PATHS = ("/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json")
API = "https://api.example.org"


def site_of(folder: Path, **settings: object) -> Site:
    site = Site(folder, title="A blog", description="Words & more", author="The crew", **settings)
    site.write(FILES)
    (site.content / "images").mkdir()
    (site.content / "images" / "dot.png").write_bytes(png(3, 2))
    site.build()
    return site


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    site = site_of(tmp_path_factory.mktemp("feeds"), public_url="https://example.org/blog")
    with serving(site, api_url=API) as opened:
        yield opened


@pytest.fixture(scope="module")
def nameless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The same blog, of which nobody said where it is."""
    with serving(site_of(tmp_path_factory.mktemp("nameless"))) as opened:
        yield opened


def read(response: httpx.Response) -> Any:
    """As a feed reader does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = feedparser.parse(
            response.content,
            response_headers={"content-type": response.headers["content-type"]},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    assert not found.bozo, found.get("bozo_exception")
    return found


def titles(response: httpx.Response) -> list[str]:
    """The titles of a feed of any form."""
    if response.headers["content-type"] == "application/feed+json":
        return [item["title"] for item in response.json()["items"]]
    if response.headers["content-type"].startswith("application/rss"):
        return [row.findtext("title") or "" for row in assert_rss(response.content).iter("item")]
    return [row.findtext(f"{ATOM}title") or "" for row in assert_atom(response.content).iter(f"{ATOM}entry")]


def test_atom_reads_back_as_the_post_was_written(client: Client) -> None:
    response = client.get("/feeds/atom.xml")
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert_atom(response.content)
    found = read(response)
    assert found.version == "atom10"
    assert (found.feed.title, found.feed.subtitle, found.feed.author) == ("A blog", "Words & more", "The crew")
    assert (found.feed.link, found.feed.id) == ("https://example.org/blog/", "https://example.org/blog/feeds/atom.xml")
    assert found.feed.updated == "2024-06-03T08:00:00+02:00"
    assert [entry.title for entry in found.entries] == ["Second", ODD, "Drei", "Undated"]
    entry = found.entries[1]
    assert (entry.id, entry.link) == ("https://example.org/blog/hello/", "https://example.org/blog/hello/")
    assert (entry.published, entry.updated) == ("2024-05-28T23:23:39-05:00", "2024-06-03T08:00:00+02:00")
    assert [author.name for author in entry.authors] == ["Ann", "Bob & Son"]
    assert [(tag.term, tag.label) for tag in entry.tags] == [
        ("dev/tools", "Tools"),
        ("python", "Python"),
        ("c-plus-plus", "C++"),
    ]
    assert entry.summary == "Is 1 < 2 & 3 > 2?"
    assert [content.language for content in found.entries[2].content] == ["de"]
    (picture,) = entry.enclosures
    assert (picture.href, picture.type) == ("https://example.org/blog/images/dot.png", "image/png")
    assert entry.content[0].value == whole_html(client)


def test_rss_reads_back_as_the_post_was_written(client: Client) -> None:
    response = client.get("/feeds/rss.xml")
    assert response.headers["content-type"] == "application/rss+xml; charset=utf-8"
    channel = assert_rss(response.content)
    found = read(response)
    assert found.version == "rss20"
    assert (found.feed.title, found.feed.subtitle, found.feed.language) == ("A blog", "Words & more", "en")
    assert found.feed.link == "https://example.org/blog/"
    item = channel.findall("item")[1]
    assert item.findtext("title") == ODD
    assert item.findtext("link") == item.findtext("guid") == "https://example.org/blog/hello/"
    assert item.findtext("pubDate") == "Tue, 28 May 2024 23:23:39 -0500"
    assert item.findtext(f"{ATOM}updated") == "2024-06-03T08:00:00+02:00"
    assert [row.text for row in item.findall(f"{DC}creator")] == ["Ann", "Bob & Son"]
    assert [row.text for row in item.findall("category")] == ["Tools", "Python", "C++"]
    assert unescape(item.findtext("description") or "") == "Is 1 < 2 & 3 > 2?"
    assert item.findtext("description") == "Is 1 &lt; 2 &amp; 3 &gt; 2?"
    assert item.findtext(f"{CONTENT}encoded") == whole_html(client)
    media = item.find(f"{MEDIA}content")
    assert media is not None
    assert media.attrib == {
        "url": "https://example.org/blog/images/dot.png",
        "medium": "image",
        "type": "image/png",
        "width": "3",
        "height": "2",
    }
    entry = found.entries[1]
    assert entry.id == entry.link == "https://example.org/blog/hello/"
    assert entry.published_parsed[:6] == (2024, 5, 29, 4, 23, 39)
    assert entry.content[0].value == whole_html(client)


def test_json_feed_reads_back_as_the_post_was_written(client: Client) -> None:
    response = client.get("/feeds/feed.json?per_page=2")
    assert response.headers["content-type"] == "application/feed+json"
    feed = response.json()
    assert_json_feed(feed)
    (item,) = (row for row in feed.pop("items") if row["title"] == ODD)
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "A blog",
        "home_page_url": "https://example.org/blog/",
        "feed_url": f"{API}/feeds/feed.json?per_page=2",
        "description": "Words & more",
        "next_url": f"{API}/feeds/feed.json?page=2&per_page=2",
        "authors": [{"name": "The crew"}],
        "language": "en",
    }
    assert item == {
        "id": "https://example.org/blog/hello/",
        "url": "https://example.org/blog/hello/",
        "title": ODD,
        "content_html": whole_html(client),
        "summary": "Is 1 < 2 & 3 > 2?",
        "image": "https://example.org/blog/images/dot.png",
        "date_published": "2024-05-28T23:23:39-05:00",
        "date_modified": "2024-06-03T08:00:00+02:00",
        "authors": [{"name": "Ann"}, {"name": "Bob & Son"}],
        "tags": ["Tools", "Python", "C++"],
        "language": "en",
    }


def whole_html(client: Client) -> str:
    """The post's HTML with the addresses that the site has, exchanged by hand."""
    html: str = client.get("/v1/posts/hello").json()["html"]
    for written, whole in (
        ('href="/about/"', 'href="https://example.org/blog/about/"'),
        ('href="#part"', 'href="https://example.org/blog/hello/#part"'),
        ('href="/second/"', 'href="https://example.org/blog/second/"'),
        ('src="/images/dot.png"', 'src="https://example.org/blog/images/dot.png"'),
        ('srcset="/images/dot.png 1x', 'srcset="https://example.org/blog/images/dot.png 1x'),
    ):
        assert html.count(written) == 1, (written, html)
        html = html.replace(written, whole)
    return html


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Second", ODD, "Drei", "Undated"]),
        ("?tag=python", ["Second", ODD]),
        ("?tag=secret", []),
        ("?not_tag=python&order=asc", ["Drei", "Undated"]),
        ("?category=dev", [ODD]),
        ("?author=ann&year=2023", ["Drei"]),
        ("?lang=de", ["Drei"]),
        ("?sort=title", ["Drei", ODD, "Second", "Undated"]),
        ("?per_page=1&page=3", ["Drei"]),
        ("?page=9", []),
    ],
)
def test_a_feed_has_the_posts_of_the_list_with_the_same_filters(
    client: Client, path: str, query: str, expected: list[str]
) -> None:
    response = client.get(path + query)
    assert titles(response) == expected
    listed = client.get(f"/v1/posts{query}")
    assert [item["title"] for item in listed.json()["items"]] == expected
    assert response.headers["x-total-count"] == listed.headers["x-total-count"]
    assert response.headers["link"].replace(path, "/v1/posts") == listed.headers["link"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("parameter", ["tga=python", "facet=tag", "facet_q=p", "include=html", "cursor=x", "q=x"])
def test_what_a_feed_does_not_take_is_refused(client: Client, path: str, parameter: str) -> None:
    assert_problem(client.get(f"{path}?{parameter}"), ErrorCode.UNKNOWN_PARAMETER)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("tag=c%2B%2B", "A blog: C++"),
        ("category=dev/tools", "A blog: Tools"),
        ("author=bob-son&tag=python", "A blog: Python, Bob & Son"),
        ("tag=python,web", "A blog"),
        ("tag=secret", "A blog: secret"),
        ("lang=de", "A blog"),
    ],
)
def test_the_title_says_which_term_the_feed_is_about(client: Client, path: str, query: str, title: str) -> None:
    response = client.get(f"{path}?{query}")
    found = response.json() if path.endswith("json") else read(response).feed
    assert found["title"] == title


def test_a_feed_is_paged_as_rfc_5005_says_and_is_one_feed_throughout(client: Client) -> None:
    url, seen, ids = "/feeds/atom.xml?per_page=1&tag=python", [], set()
    for _ in range(3):
        feed = assert_atom(client.get(url).content)
        seen += [title.text for title in feed.iterfind(f"{ATOM}entry/{ATOM}title")]
        ids.add(feed.findtext(f"{ATOM}id"))
        links = {link.get("rel"): link.get("href") or "" for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == API + url
        assert ("previous" in links) == (len(seen) > 1)
        if "next" not in links:
            break
        url = links["next"].removeprefix(API)
    assert seen == ["Second", ODD]
    assert ids == {"https://example.org/blog/feeds/atom.xml?tag=python"}
    feed = assert_atom(client.get(links["previous"]).content)
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "Second"


@pytest.mark.parametrize("path", PATHS)
def test_no_address_comes_from_the_host_header(client: Client, nameless: Client, path: str) -> None:
    for opened in (client, nameless):
        text = opened.get(f"{path}?per_page=1", headers={"Host": "evil.example"}).text
        assert "evil.example" not in text
        assert "octavo.test" not in text


def test_without_addresses_feeds_have_permanent_names_and_paths_from_the_root(nameless: Client) -> None:
    atom = assert_atom(nameless.get("/feeds/atom.xml?per_page=2&tag=python").content)
    assert atom.findtext(f"{ATOM}id") == "urn:octavo:feed:feeds/atom.xml%3Ftag%3Dpython"
    assert [row.text for row in atom.iterfind(f"{ATOM}entry/{ATOM}id")] == [
        "urn:octavo:post:second",
        "urn:octavo:post:hello",
    ]
    (own,) = (link.get("href") for link in atom.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own == "/feeds/atom.xml?per_page=2&tag=python"
    channel = assert_rss(nameless.get("/feeds/rss.xml").content)
    assert channel.findtext("link") == "/"
    assert [row.findtext("link") for row in channel.findall("item")] == [None] * 4
    feed = nameless.get("/feeds/feed.json?per_page=3").json()
    assert_json_feed(feed)
    assert feed["next_url"] == "/feeds/feed.json?page=2&per_page=3"
    assert not {"feed_url", "home_page_url"} & feed.keys()
    assert not any("url" in item for item in feed["items"])


def test_a_post_without_a_date_has_none_but_in_atom_that_must_have_one(client: Client) -> None:
    query = "?tag=web"
    assert assert_rss(client.get(f"/feeds/rss.xml{query}").content).find("item/pubDate") is None
    (item,) = client.get(f"/feeds/feed.json{query}").json()["items"]
    assert not {"date_published", "date_modified"} & item.keys()
    atom = assert_atom(client.get(f"/feeds/atom.xml{query}").content)
    assert atom.findtext(f"{ATOM}entry/{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert atom.find(f"{ATOM}entry/{ATOM}published") is None


def test_the_name_of_a_post_stays_when_its_title_changes(tmp_path: Path) -> None:
    site = Site(tmp_path, public_url="https://example.org")
    names = []
    for title in ("Before", "After"):
        site.write({"a.md": post(title, date="2024-01-01")})
        site.build()
        with serving(site) as client:
            (item,) = client.get("/feeds/feed.json").json()["items"]
            names.append((item["title"], item["id"]))
    assert names == [("Before", "https://example.org/a/"), ("After", "https://example.org/a/")]


def test_posts_that_share_an_address_have_names_of_their_own(tmp_path: Path) -> None:
    site = Site(tmp_path, public_url="https://example.org")
    site.write({f"{name}.md": post(name, date="2024-01-01", permalink="/same/") for name in "ab"})
    site.build()
    with serving(site) as client:
        for path in PATHS:
            response = client.get(path)
            assert sorted(titles(response)) == ["a", "b"]
            assert response.text.count("urn:octavo:post:") == 2


def test_links_that_were_left_untouched_are_whole_in_feeds(tmp_path: Path) -> None:
    site = Site(tmp_path, public_url="https://example.org", links="untouched", html_policy="trusted")
    body = "<p><a href=x.html>x</a> <a href='?a=1&amp;b=2'>q</a> <img src=//cdn.example/a.png><a href='mailto:a@b.c'>m</a></p>"
    site.write({"a.md": post("A", date="2024-01-01", body=body)})
    site.build()
    with serving(site) as client:
        (item,) = client.get("/feeds/feed.json").json()["items"]
    assert item["content_html"].strip() == (
        '<p><a href="https://example.org/a/x.html">x</a> <a href="https://example.org/a/?a=1&amp;b=2">q</a>'
        " <img src=\"https://cdn.example/a.png\"><a href='mailto:a@b.c'>m</a></p>"
    )


def test_a_scheduled_post_is_in_every_feed_from_its_minute_on_and_not_before(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"a.md": post("Tomorrow", date="2026-09-02T00:00:00Z", tags=["secret"]), "b.md": post("B")})
    site.build()
    with serving(site) as client:
        before = {path: client.get(f"{path}?tag=secret") for path in PATHS}
        site.clock.instant = datetime(2026, 9, 2, tzinfo=UTC)
        for path, response in before.items():
            assert titles(response) == []
            assert response.headers["cache-tag"] == "posts tag:secret"
            again = client.get(f"{path}?tag=secret", headers={"If-None-Match": response.headers["etag"]})
            assert titles(again) == ["Tomorrow"]


def test_a_draft_is_in_no_feed(client: Client) -> None:
    assert not [path for path in (*PATHS, "/sitemap.xml", "/llms.txt") if "draft" in client.get(path).text.lower()]


def test_an_empty_site_has_valid_feeds(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"README.md": "Nothing yet.\n", "draft.md": post("Draft", draft=True)})
    site.build()
    with serving(site) as client:
        assert [titles(client.get(path)) for path in PATHS] == [[], [], []]
        assert_json_feed(client.get("/feeds/feed.json").json())


def test_the_addresses_of_the_api_are_part_of_the_validator(tmp_path: Path) -> None:
    site = site_of(tmp_path, public_url="https://example.org")
    tags = set()
    for api in ("", API):
        with serving(site, api_url=api) as client:
            tags.add(client.get("/feeds/atom.xml").headers["etag"])
    assert len(tags) == 2


def test_the_entrance_leads_to_them(client: Client) -> None:
    links = client.get("/v1").json()["links"]
    for name in ("rss", "atom", "json_feed", "sitemap", "llms_txt"):
        assert client.get(links[name]).status_code == 200
        assert not urlsplit(links[name]).netloc
