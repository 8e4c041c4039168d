"""``/sitemap.xml``: every address of the public site, by the rules of sitemaps.org."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.feeds import sitemap
from api.schemas.problems import ErrorCode
from search_index.answers import SiteAddress
from tests.api.client import serving, serving_library
from tests.api.feed_rules import assert_sitemap, assert_sitemap_index
from tests.api.shapes import assert_problem
from tests.api.standin import StandInLibrary, StandInSnapshot
from tests.sites import MovableClock, Site, post

FILES = {
    "_config.yml": "collections: {recipes: {output: true}, notes: {}}\npermalink: pretty\nbaseurl: /blog\n",
    "_posts/2024-01-01-hello.md": "---\ntitle: Hello\nlast_modified_at: 2024-02-03T04:05:06+02:00\n---\nWords.\n",
    "_posts/2023-01-01-grüße & mehr.md": "---\ntitle: Grüße\nredirect_from: /old/\n---\nWords.\n",
    "_posts/2999-01-01-later.md": "---\ntitle: Later\n---\nWords.\n",
    "_drafts/draft.md": "---\ntitle: Draft\n---\nWords.\n",
    "about.md": "---\ntitle: About\n---\nWords.\n",
    "secret.md": "---\ntitle: Secret\npublished: false\n---\nHidden words.\n",
    "_recipes/pie.md": "---\ntitle: Pie\ndate: 2024-03-01\n---\nBake.\n",
    "_notes/note.md": "---\ntitle: Note\n---\nNowhere on the site.\n",
}


def test_it_has_every_public_post_and_page_of_the_site_with_its_last_date(tmp_path: Path) -> None:
    site = Site(tmp_path, public_url="https://example.org/blog")
    site.write(FILES)
    site.build()
    with serving(site) as client:
        response = client.get("/sitemap.xml")
        assert response.headers["content-type"] == "application/xml"
        assert response.headers["cache-tag"] == "posts pages"
        found = assert_sitemap(response.content)
        listed = [
            item["url"]
            for name in ("posts", "pages", "recipes", "notes")
            for item in client.get(f"/v1/collections/{name}").json()["items"]
        ]
        assert set(found) == {url for url in listed if url}
        assert client.get("/sitemap.xml?page=1").content == response.content
        assert_problem(client.get("/sitemap.xml?page=2"), ErrorCode.SITEMAP_NOT_FOUND)
        assert_problem(client.get("/sitemap.xml?page=0"), ErrorCode.INVALID_PARAMETER)
        assert_problem(client.get("/sitemap.xml?tag=a"), ErrorCode.UNKNOWN_PARAMETER)
    assert found == {
        "https://example.org/blog/2024/01/01/hello/": "2024-02-03T02:05:06Z",
        "https://example.org/blog/2023/01/01/gr%C3%BC%C3%9Fe-&-mehr/": "2023-01-01T00:00:00Z",
        "https://example.org/blog/about/": None,
        "https://example.org/blog/recipes/pie/": "2024-03-01T00:00:00Z",
    }


def test_a_scheduled_post_is_in_it_from_its_minute_on(tmp_path: Path) -> None:
    site = Site(tmp_path, public_url="https://example.org")
    site.write({"a.md": post("A", date="2024-01-01"), "b.md": post("B", date="2026-09-02T00:00:00Z")})
    site.build()
    with serving(site) as client:
        before = client.get("/sitemap.xml")
        site.clock.instant = datetime(2026, 9, 2, tzinfo=UTC)
        after = client.get("/sitemap.xml", headers={"If-None-Match": before.headers["etag"]})
    assert list(assert_sitemap(before.content)) == ["https://example.org/a/"]
    assert list(assert_sitemap(after.content)) == ["https://example.org/a/", "https://example.org/b/"]


@pytest.mark.parametrize(
    ("public_url", "draft", "told"), [("", False, "OCTAVO_PUBLIC_URL"), ("https://example.org", True, "no public post")]
)
def test_where_there_can_be_none_it_says_why(tmp_path: Path, public_url: str, draft: bool, told: str) -> None:
    site = Site(tmp_path, public_url=public_url)
    site.write({"a.md": post("A", date="2024-01-01", draft=draft)})
    site.build()
    with serving(site) as client:
        problem = assert_problem(client.get("/sitemap.xml"), ErrorCode.SITEMAP_NOT_FOUND)
        assert told in problem["detail"]


class ManyAddresses(StandInSnapshot):
    site_url = "https://example.org/blog"

    def site_map(self) -> tuple[SiteAddress, ...]:
        return tuple(SiteAddress(f"/{number}/?a&b", None) for number in range(50_001))


def test_beyond_50_000_addresses_there_is_a_list_of_parts_and_every_address_is_in_one(clock: MovableClock) -> None:
    with serving_library(StandInLibrary(ManyAddresses()), clock=clock) as client:
        parts = assert_sitemap_index(client.get("/sitemap.xml").content)
        assert parts == [f"https://example.org/blog/sitemap.xml?page={number}" for number in (1, 2)]
        found = [
            list(assert_sitemap(client.get(part.removeprefix("https://example.org/blog")).content)) for part in parts
        ]
        assert_problem(client.get("/sitemap.xml?page=3"), ErrorCode.SITEMAP_NOT_FOUND)
    assert [len(part) for part in found] == [50_000, 1]
    assert [url for part in found for url in part] == [
        f"https://example.org/blog/{number}/?a&b" for number in range(50_001)
    ]


def test_a_part_is_never_larger_than_50_mb(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sitemap.MOST_BYTES == 52_428_800
    monkeypatch.setattr(sitemap, "MOST_BYTES", 10_000)
    addresses = [SiteAddress(f"/{'ü&' * 20}/{number}/", 0) for number in range(500)]
    documents = [sitemap.sitemap(part) for part in sitemap.sitemap_parts(addresses, "https://example.org")]
    assert len(documents) > 5
    assert max(map(len, documents)) <= 10_000
    assert min(map(len, documents[:-1])) > 9_000


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


def test_the_database_is_asked_once(tmp_path: Path) -> None:
    site = Site(tmp_path, public_url="https://example.org")
    site.write({f"{name}.md": post(name, date="2024-01-01") for name in "abc"})
    site.build()
    with site.snapshot() as snapshot:
        catalog = snapshot._catalog
        asked: list[str] = []
        catalog._connections.get().set_trace_callback(asked.append)
        assert len(snapshot.site_map()) == 3
    assert len(asked) == 1, json.dumps(asked)
