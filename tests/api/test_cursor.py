"""Cursors: pages that stay whole while content changes."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.schemas.problems import ErrorCode
from tests.api.client import Client, serving
from tests.api.shapes import assert_problem
from tests.sites import Site, post

TITLES = ["Beta", "alpha", "Beta", "Äpfel", "zeta", "gamma", "Delta"]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.write(
        {
            f"post-{number}.md": post(
                title,
                **({"date": f"2024-01-{1 + number // 2:02}"} if number < 5 else {}),  # two of a day, two undated
                body="word " * (300 * number),
            )
            for number, title in enumerate(TITLES)
        }
    )
    site.build()
    return site


def follow(client: Client, url: str) -> list[str]:
    """The slugs of the pages that ``next`` leads to, from the one at ``url``."""
    slugs: list[str] = []
    following: str | None = url
    while following:
        body = client.get(following).json()
        slugs += [(item.get("post") or item)["slug"] for item in body["items"]]
        following = body["pagination"]["next"]
    return slugs


def begin(client: Client, url: str) -> tuple[list[str], str]:
    """The slugs of the first page, and the address that goes on by cursor."""
    body = client.get(url).json()
    return [(item.get("post") or item)["slug"] for item in body["items"]], (
        f"{url}&cursor={body['pagination']['next_cursor']}"
    )


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", ["published_at", "updated_at", "title", "reading_time"])
@pytest.mark.parametrize("path", ["/v1/posts?", "/v1/search?q=&"])
def test_a_cursor_goes_through_the_same_list_as_pages(site: Site, path: str, sort: str, order: str) -> None:
    with serving(site) as client:
        url = f"{path}sort={sort}&order={order}&per_page=2"
        first, onwards = begin(client, url)
        everything = follow(client, url)
        assert len({*everything}) == len(TITLES)
        assert first + follow(client, onwards) == everything


def test_a_page_by_cursor_says_so(site: Site) -> None:
    with serving(site) as client:
        _, onwards = begin(client, "/v1/posts?per_page=3")
        response = client.get(onwards)
        pagination = response.json()["pagination"]
        assert (pagination["page"], pagination["prev"], pagination["total"], pagination["total_pages"]) == (
            None,
            None,
            7,
            3,
        )
        assert pagination["next"] == f"/v1/posts?cursor={pagination['next_cursor']}&per_page=3"
        assert response.headers["link"] == (f'</v1/posts?per_page=3>; rel="first", <{pagination["next"]}>; rel="next"')
        last = client.get(pagination["next"]).json()["pagination"]
        assert (last["next"], last["next_cursor"]) == (None, None)
        assert client.get("/v1/posts?per_page=7").json()["pagination"]["next_cursor"] is None
        assert client.get("/v1/posts?page=9").json()["pagination"]["next_cursor"] is None


@pytest.mark.parametrize("path", ["/v1/posts?", "/v1/search?q=title&sort=published_at&", "/v1/search?q=title&"])
def test_what_comes_and_goes_between_two_pages_doubles_and_hides_nothing(tmp_path: Path, path: str) -> None:
    site = Site(tmp_path)
    site.write({f"{day:02}.md": post(f"Title {day:02}", date=f"2024-01-{day:02}") for day in range(1, 9)})
    site.build()
    with serving(site) as client:
        first, onwards = begin(client, f"{path}per_page=3")
        assert first == ["08", "07", "06"]
        site.write({"09.md": post("Title 09", date="2024-01-09"), "0.md": post("Title 0", date="2023-01-01")})
        (site.content / "07.md").unlink()
        site.build()
        client.refresh()
        assert follow(client, onwards) == ["05", "04", "03", "02", "01", "0"]


def test_the_post_that_a_cursor_stands_at_may_go(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({f"{day}.md": post(f"Title {day}", date=f"2024-01-0{day}") for day in range(1, 7)})
    site.build()
    with serving(site) as client:
        _, onwards = begin(client, "/v1/posts?per_page=2")
        (site.content / "5.md").unlink()
        site.build()
        client.refresh()
        assert follow(client, onwards) == ["4", "3", "2", "1"]


def test_a_cursor_and_a_page_exclude_each_other(site: Site) -> None:
    with serving(site) as client:
        _, onwards = begin(client, "/v1/posts?per_page=2")
        problem = assert_problem(client.get(f"{onwards}&page=2"), ErrorCode.INVALID_PARAMETER)
        assert [error["name"] for error in problem["errors"]] == ["page"]


def test_a_cursor_belongs_to_its_order(site: Site) -> None:
    with serving(site) as client:
        _, onwards = begin(client, "/v1/posts?per_page=2")
        for other in (
            f"{onwards}&sort=title",
            f"{onwards}&order=asc",
            onwards.replace("/v1/posts?", "/v1/search?q=a&"),
        ):
            problem = assert_problem(client.get(other), ErrorCode.INVALID_PARAMETER)
            assert [error["name"] for error in problem["errors"]] == ["cursor"]


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(
    cursor=st.one_of(
        st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="&#+%"), min_size=1, max_size=60),
        st.builds(
            lambda *parts: _encoded("[" + ",".join(parts) + "]"),
            *(
                st.sampled_from(choices)
                for choices in (
                    ['"l1"', '"s1"', "1", "null"],
                    ['"published_at"', '"relevance"', '"x"', "[[[["],
                    ['"desc"', '"asc"', "7"],
                    ["null", "1e999", "99999999999999999999", '"\\ud800"', "-5", '"a\\u0000"', "NaN", "true", "1.5"],
                    ["null", "9223372036854775808", "0", "{}"],
                    ['"id"', '""', "null", "[]"],
                )
            ),
        ),
        st.just(_encoded("[" * 2000)),
    )
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_cursor_is_an_error_of_the_server(blog: Client, cursor: str) -> None:
    for url in ("/v1/posts?", "/v1/search?q=fox&", "/v1/posts?sort=title&"):
        response = blog.get(f"{url}cursor={cursor}")
        body: dict[str, Any] = response.json()
        assert response.status_code == 200 or body["errors"][0]["name"] == "cursor", body
