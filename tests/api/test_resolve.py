"""Addresses of the public site, and what they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from api.schemas.problems import ErrorCode
from api.schemas.site import Resolution
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.sites import Site, post


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A site in a folder of its host, whose posts had other addresses before."""
    site = Site(Path(tmp_path_factory.mktemp("moved")), public_url="https://example.org/blog")
    site.write(
        {
            "hello.md": post("Hello", permalink="/2024/hello.html", redirect_from=["/old/hello/", "/older"]),
            "grüße.md": post("Grüße", permalink="/grüße/"),
            "taken.md": post("Taken", permalink="/older.html"),
            "draft.md": post("Draft", permalink="/secret/", aliases=["/old-secret/"], draft=True),
            "later.md": post("Later", permalink="/later/", date="2026-09-02"),
        }
    )
    site.build()
    with serving(site) as client:
        yield client


def resolved(client: Client, path: str) -> dict[str, Any]:
    found: dict[str, Any] = assert_declared(client.get(f"/v1/resolve?path={quote(path)}"), Resolution)
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/2024/hello.html",
        "2024/hello.html",
        "/blog/2024/hello.html",
        "https://example.org/blog/2024/hello.html",
        "https://www.example.org/blog/2024/hello.html?utm_source=a#setup",
    ],
)
def test_a_permalink_leads_to_its_post_however_the_address_is_given(moved: Client, path: str) -> None:
    found = resolved(moved, path)
    assert (found["kind"], found["location"], found["post"]["slug"]) == ("post", "/2024/hello.html", "hello")


@pytest.mark.parametrize("path", ["/grüße/", "/gr%C3%BC%C3%9Fe/", "/gru\u0308ße/"])
def test_letters_are_the_same_encoded_and_composed_or_not(moved: Client, path: str) -> None:
    found = resolved(moved, path)
    assert (found["kind"], found["path"], found["post"]["title"]) == ("post", "/grüße/", "Grüße")


@pytest.mark.parametrize(
    ("path", "location", "title"),
    [
        ("/old/hello/", "/2024/hello.html", "Hello"),
        ("/old/hello", "/2024/hello.html", "Hello"),
        ("/old/hello/index.html", "/2024/hello.html", "Hello"),
        ("/2024/hello", "/2024/hello.html", "Hello"),
        ("/2024/hello/", "/2024/hello.html", "Hello"),
        ("/grüße", "/gr%C3%BC%C3%9Fe/", "Grüße"),
    ],
)
def test_an_older_or_otherwise_spelled_address_says_where_the_post_is(
    moved: Client, path: str, location: str, title: str
) -> None:
    found = resolved(moved, path)
    assert (found["kind"], found["location"], found["post"]["title"]) == ("redirect", location, title)


def test_an_address_written_just_so_goes_before_one_that_only_means_the_same(moved: Client) -> None:
    assert resolved(moved, "/older.html")["post"]["title"] == "Taken"
    assert resolved(moved, "/older")["post"]["title"] == "Hello"


@pytest.mark.parametrize("path", ["/secret/", "/old-secret/", "/later/"])
def test_nothing_leads_to_a_post_that_is_not_public(moved: Client, path: str) -> None:
    problem = assert_problem(moved.get(f"/v1/resolve?path={path}"), ErrorCode.PATH_NOT_FOUND)
    assert not {"/secret/", "/later/"} & set(problem["suggestions"])


def test_a_miss_suggests_the_paths_that_look_alike(moved: Client) -> None:
    problem = assert_problem(moved.get("/v1/resolve?path=/2023/helo.html"), ErrorCode.PATH_NOT_FOUND)
    assert problem["suggestions"] == ["/2024/hello.html"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", ErrorCode.MISSING_PARAMETER),
        ("?path=", ErrorCode.MISSING_PARAMETER),
        ("?path=%20", ErrorCode.MISSING_PARAMETER),
        ("?path=/a&path=/b", ErrorCode.REPEATED_PARAMETER),
        (f"?path=/{'a' * 2048}", ErrorCode.INVALID_PARAMETER),
    ],
)
def test_a_path_is_needed_once_and_of_some_length(moved: Client, query: str, code: ErrorCode) -> None:
    assert_problem(moved.get(f"/v1/resolve{query}"), code)


@pytest.mark.parametrize(
    "path", ["//", "/..", "http://[", "https://[::1/hello", "/%ff%00", "?", "#", "://", "/%2e%2e/%2f"]
)
def test_an_odd_path_is_a_miss_and_no_failure(moved: Client, path: str) -> None:
    assert_problem(moved.get(f"/v1/resolve?path={quote(path)}"), ErrorCode.PATH_NOT_FOUND)
