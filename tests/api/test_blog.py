"""A blog as a reader of the API sees it: files in a folder, JSON out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from api.schemas.lists import PostList
from api.schemas.problems import ErrorCode
from api.schemas.search import SearchResults
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.sites import Site, post


def slugs(client: Client, url: str) -> list[str]:
    return [item["slug"] for item in assert_declared(client.get(url), PostList)["items"]]


def found(client: Client, url: str) -> list[str]:
    return [item["post"]["slug"] for item in assert_declared(client.get(url), SearchResults)["items"]]


def test_the_entrance_says_what_there_is(blog: Client) -> None:
    index = blog.get("/v1").json()
    assert (index["name"], index["title"], index["url"]) == ("octavo", "A blog", "https://example.org")
    assert index["counts"]["posts"] == 5
    assert index["generation"] == blog.get("/v1").headers["x-content-generation"]
    assert index["links"].pop("events") == "/v1/events"  # has no end: test_events.py
    needed = {"search": "?q=fox", "resolve": "?path=/hello/", "changes": "?since=2026-09-02"}
    for name, link in index["links"].items():
        response = blog.get(link + needed.get(name, ""))
        assert response.status_code == 200, name
    assert blog.get("/").content == blog.get("/v1").content
    assert '</openapi.json>; rel="service-desc"' in blog.get("/").headers["link"]


def test_lists_are_newest_first_and_undated_last(blog: Client) -> None:
    assert slugs(blog, "/v1/posts") == ["second", "hello", "über", "deep", "undated"]
    assert slugs(blog, "/v1/posts?sort=title") == ["second", "deep", "hello", "undated", "über"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("tag=Python", ["second", "hello"]),
        ("tag=python&tag=web&tag_match=all", ["hello"]),
        ("tag=python,c%2B%2B", ["second", "hello", "über"]),
        ("not_tag=python,web", ["über"]),
        ("category=dev", ["hello"]),
        ("author=Ann", ["hello"]),
        ("series=letters", ["second"]),
        ("lang=de", ["über"]),
        ("featured=true", ["second"]),
        ("featured=false", ["hello", "über", "deep", "undated"]),
        ("year=2024", ["second", "hello"]),
        ("month=5", ["hello"]),
        ("published_after=2024-05-30", ["second"]),
        ("published_after=2024-05-28T23:23:39-05:00&published_before=2024-06-01", ["hello"]),
        ("updated_after=2025-01-01", ["second"]),
        ("tag=secret", []),
    ],
)
def test_filters_narrow_lists(blog: Client, asked: str, expected: list[str]) -> None:
    assert slugs(blog, f"/v1/posts?{asked}") == expected


def test_pages_are_linked_and_keep_every_filter(blog: Client) -> None:
    url: str | None = "/v1/posts?not_tag=C%2B%2B&per_page=2&utm_source=x&lang=en"
    pages, seen = [], []
    while url:
        response = blog.get(url)
        page = assert_declared(response, PostList)
        pages.append(page["pagination"])
        seen += [item["slug"] for item in page["items"]]
        url = page["pagination"]["next"]
        assert response.headers["x-total-count"] == "4"
    assert seen == ["second", "hello", "deep", "undated"]
    query = "per_page=2&not_tag=c-plus-plus&lang=en"
    assert [page["prev"] for page in pages] == [None, f"/v1/posts?{query}"]
    assert pages[0]["next"] == f"/v1/posts?page=2&{query}"
    assert blog.get(f"/v1/posts?page=2&{query}").headers["link"] == (
        f'</v1/posts?{query}>; rel="first", </v1/posts?{query}>; rel="prev", </v1/posts?page=2&{query}>; rel="last"'
    )


def test_a_page_past_the_end_is_empty_with_the_true_totals(blog: Client) -> None:
    page = assert_declared(blog.get("/v1/posts?page=2147483647&per_page=2"), PostList)
    assert page["items"] == []
    assert page["pagination"] == {
        "page": 2147483647,
        "per_page": 2,
        "total": 5,
        "total_pages": 3,
        "next": None,
        "prev": "/v1/posts?page=3&per_page=2",
        "next_cursor": None,
    }


def test_facets_count_over_all_matches(blog: Client) -> None:
    facets = blog.get("/v1/posts?facet=tag&per_page=1&tag=python").json()["facets"]
    assert [facet["field"] for facet in facets] == ["tag"]
    counted = {row["value"]: (row["count"], row["selected"]) for row in facets[0]["buckets"]}
    assert counted == {"web": (3, False), "python": (2, True), "c-plus-plus": (1, False)}


def test_a_post_has_its_body_its_neighbours_and_its_headers(blog: Client) -> None:
    response = blog.get("/v1/posts/hello")
    read = response.json()
    assert "<h2" in read["html"]
    assert [entry["text"] for entry in read["toc"]] == ["Setup"]
    assert (read["prev"]["slug"], read["next"]["slug"]) == ("über", "second")
    assert response.headers["last-modified"] == "Wed, 29 May 2024 04:23:39 GMT"
    assert response.headers["cache-tag"] == "post:hello tag:python tag:web"


def test_every_listed_post_is_where_its_api_url_leads(blog: Client) -> None:
    for item in blog.get("/v1/posts").json()["items"]:
        got = blog.get(item["api_url"]).json()
        assert {key: got[key] for key in item} == item
        assert blog.get("/v1/posts/" + item["id"].replace("/", "%2F")).json() == got


def test_drafts_and_scheduled_posts_answer_like_posts_that_never_were(blog: Client) -> None:
    bodies = set()
    for slug in ("draft", "tomorrow", "never-was"):
        problem = assert_problem(blog.get(f"/v1/posts/{slug}"), ErrorCode.POST_NOT_FOUND)
        assert not {"draft", "tomorrow"} & set(problem["suggestions"])
        bodies.add(problem["detail"])
    assert len(bodies) == 1
    assert "secret" not in blog.get("/v1/tags").text
    assert found(blog, "/v1/search?q=fox&tag=secret") == []


def test_terms_are_counted_and_found_in_any_spelling(blog: Client) -> None:
    response = blog.get("/v1/tags")
    terms = {term["slug"]: term["post_count"] for term in response.json()["items"]}
    assert terms == {"c-plus-plus": 1, "python": 2, "web": 3}
    assert response.headers["x-total-count"] == "3"
    assert blog.get("/v1/tags/Python").json() == blog.get("/v1/tags/python").json()
    for term in response.json()["items"]:
        assert blog.get(term["api_url"]).json() == term


def test_archives_lead_to_their_posts(blog: Client) -> None:
    archives = blog.get("/v1/archives").json()["items"]
    assert [(year["year"], year["post_count"]) for year in archives] == [(2024, 2), (2023, 1), (2022, 1)]
    assert [(month["month"], month["post_count"]) for month in archives[0]["months"]] == [(6, 1), (5, 1)]
    for year in archives:
        assert len(slugs(blog, year["api_url"])) == year["post_count"]
        for month in year["months"]:
            assert len(slugs(blog, month["api_url"])) == month["post_count"]


def test_what_is_wrong_with_a_file_is_told_with_its_place(blog: Client) -> None:
    (problem,) = blog.get("/v1/diagnostics").json()["items"]
    assert (problem["file"], problem["severity"]) == ("broken.md", "error")
    assert problem["line"] > 0


def test_a_search_finds_marks_and_links(blog: Client) -> None:
    response = blog.get("/v1/search?q=fox")
    results = assert_declared(response, SearchResults)
    assert {item["post"]["slug"] for item in results["items"]} == {"hello", "deep"}
    assert results["query"]["raw"] == "fox"
    assert results["complete"] is True
    assert response.headers["x-total-count"] == "2"
    assert all("<mark>fox</mark>" in item["highlights"][0]["html"] for item in results["items"])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("q=fox&tag=python", ["hello"]),
        ("q=%22lazy+fox%22", ["deep"]),
        ("q=fox+-lazy", ["hello"]),
        ("q=fox&sort=published_at&order=asc", ["deep", "hello"]),
        ("q=fox&per_page=1&page=2&sort=published_at", ["deep"]),
        ("q=fuchs&lang=de", ["über"]),
        ("q=fox&page=9", []),
    ],
)
def test_searches_are_narrowed_and_sorted_like_lists(blog: Client, asked: str, expected: list[str]) -> None:
    assert found(blog, f"/v1/search?{asked}") == expected


HOSTILE = [
    "*", "?*", "????*", "*a*", "*?*?*", "a*b*c*", " ".join("*x*" for _ in range(10)),
    " OR ".join(f"t{number}" for number in range(1000)), " AND ".join(f"t{number}" for number in range(1000)),
    "(" * 2000, "(" * 1000 + ")" * 1000, "NOT (" * 500, "w" * 7000, '"' + "the " * 200 + '"', '"a b"~1000000000',
    "a~9", 'r"a.*"', "[a TO]", "date:[0 TO 9e99]", "a^1e308", "a^nan", "\x00", "a\x00b", "\u202eabc", "e\u0301", "\u00e9",
    "😀" * 200, "\ufffe\uffff", "title:", "tag:", ":", '"', '""', "-", "--", "-a", '-"', "'; DROP TABLE posts; --",
    "<script>alert(1)</script>", "\r\nSet-Cookie: a=b", "%", "%00", "\\", "a\\*b", "\u200b", "\u0130", "ß",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_can_be_typed_is_an_error(blog: Client, text: str) -> None:
    response = blog.get("/v1/search", params={"q": text, "facet": "tag"})
    if response.status_code == 414:
        assert_problem(response, ErrorCode.URI_TOO_LONG)
        return
    results = assert_declared(response, SearchResults)
    assert results["query"]["raw"] == text
    assert "<script>" not in json.dumps([item["highlights"] for item in results["items"]])


def test_composed_and_decomposed_letters_are_the_same_search(blog: Client) -> None:
    composed, decomposed = found(blog, "/v1/search?q=%C3%BCber"), found(blog, "/v1/search?q=u%CC%88ber")
    assert composed == decomposed == ["über"]


def test_no_cache_keeps_a_list_past_the_minute_of_a_scheduled_post(tmp_path: Any) -> None:
    site = Site(tmp_path)
    site.write({"now.md": post("Now", date="2026-08-01"), "soon.md": post("Soon", date="2026-09-01T12:00:30Z")})
    site.build()
    with serving(site) as client:
        first = client.get("/v1/posts")
        assert first.headers["cache-control"] == "public, max-age=0, s-maxage=30, stale-while-revalidate=0"
        assert client.get("/v1/posts/now").json()["next"] is None
        site.clock.instant = datetime(2026, 9, 1, 12, 0, 30, tzinfo=UTC)
        second = client.get("/v1/posts", headers={"If-None-Match": first.headers["etag"]})
        assert second.status_code == 200
        assert [item["slug"] for item in second.json()["items"]] == ["soon", "now"]
        assert client.get("/v1/posts/now").json()["next"]["slug"] == "soon"
        assert second.headers["cache-control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=600"


def test_editing_a_draft_changes_nothing_that_can_be_seen(tmp_path: Any) -> None:
    site = Site(tmp_path)
    site.write({"now.md": post("Now", date="2026-08-01"), "draft.md": post("Draft", draft=True)})
    site.build()

    def seen() -> list[tuple[str, bytes]]:
        urls = ["/v1", "/v1/posts", "/v1/posts/now", "/v1/search?q=now", "/v1/tags", "/v1/posts/draft"]
        with serving(site) as client:
            answers = [client.get(url, headers={"X-Request-Id": "same"}) for url in urls]
        return [
            (answer.headers.get("etag", ""), b"" if b"took_ms" in answer.content else answer.content)
            for answer in answers
        ]

    before = seen()
    site.write({"draft.md": post("Draft, edited", draft=True, tags=["new"])})
    site.build()
    assert seen() == before


def test_an_edit_is_served_without_a_restart(tmp_path: Any) -> None:
    site = Site(tmp_path)
    site.write({"a.md": post("Before", date="2026-08-01")})
    site.build()
    with serving(site, poll_seconds=0.01) as client:
        before = client.get("/v1/posts/a")
        site.write({"a.md": post("After", date="2026-08-01")})
        site.build()
        client.run(_until(lambda: client.app.state.service.library.status.sequence == 2))
        after = client.get("/v1/posts/a", headers={"If-None-Match": before.headers["etag"]})
        assert (after.status_code, after.json()["title"]) == (200, "After")
        assert client.get("/v1/posts").json()["items"][0]["title"] == "After"


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)
