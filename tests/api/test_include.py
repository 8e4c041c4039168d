"""``include``: what a post carries beside what it has anyway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.schemas.lists import PostList
from api.schemas.posts import Post
from api.schemas.problems import ErrorCode
from api.schemas.search import SearchResults
from search_index.query import Include
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.sites import Site, post

FILES = {
    "first.md": """
        ---
        title: The first
        date: 2024-01-01
        tags: [fox]
        rating: 4
        ---
        The `quick` brown fox, as [the second](second.md) says.

        ## Setup

        ### Deeper

        Install.
        """,
    "second.md": "---\ntitle: The second\ndate: 2024-01-02\ntags: [fox]\n---\nThe brown fox.\n",
    "third.md": "---\ntitle: The third\ndate: 2024-01-03\n---\nOther words.\n",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    site = Site(tmp_path_factory.mktemp("include"), public_url="https://example.org")
    site.write(FILES)
    site.build()
    with serving(site) as opened:
        yield opened


def test_a_list_carries_what_is_asked_for_and_nothing_else(client: Client) -> None:
    plain = assert_declared(client.get("/v1/posts"), PostList)["items"]
    every = assert_declared(client.get(f"/v1/posts?include={','.join(Include)}"), PostList)["items"]
    assert not {*Include} & plain[0].keys()
    assert [{key: value for key, value in item.items() if key not in {*Include}} for item in every] == plain
    first = every[2]
    assert [key for key in first if key in {*Include}] == [*Include]
    whole = client.get("/v1/posts/first").json()
    assert (first["html"], first["toc"], first["front_matter"]) == (whole["html"], whole["toc"], whole["front_matter"])
    assert first["text"] == "The quick brown fox, as the second says.\nSetup\nDeeper\nInstall.\n"
    assert (
        first["markdown"] == FILES["first.md"].replace("\n        ", "\n").partition("---\n")[2].partition("---\n")[2]
    )
    assert first["headings"] == [
        {"id": "setup", "text": "Setup", "level": 2},
        {"id": "deeper", "text": "Deeper", "level": 3},
    ]
    assert (first["neighbors"]["prev"], first["neighbors"]["next"]) == (None, whole["next"])
    assert [post["slug"] for post in first["related"]] == ["second"]
    assert [post["slug"] for post in every[1]["backlinks"]] == ["first"]


def test_one_post_carries_what_it_does_not_have_anyway(client: Client) -> None:
    plain = client.get("/v1/posts/first").json()
    more = assert_declared(client.get("/v1/posts/first?include=html&include=text,headings,neighbors"), Post)
    assert [key for key in more if key not in plain] == ["text", "neighbors", "headings"]
    assert {key: more[key] for key in plain} == plain
    every = assert_declared(client.get(f"/v1/posts/first?include={','.join(Include)}"), Post)
    assert every["related"] == client.get("/v1/posts/first/related").json()["items"]
    assert every["backlinks"] == client.get("/v1/posts/first/backlinks").json()["items"]


def test_hits_carry_it_in_their_post(client: Client) -> None:
    results = assert_declared(client.get("/v1/search?q=quick+fox&include=toc,related"), SearchResults)
    (hit,) = results["items"]
    assert hit["post"]["toc"][0]["id"] == "setup"
    assert [post["slug"] for post in hit["post"]["related"]] == ["second"]


def test_links_keep_it_and_validators_tell_it_apart(client: Client) -> None:
    listed = client.get("/v1/posts?include=toc,html&per_page=1")
    assert listed.json()["pagination"]["next"] == "/v1/posts?page=2&per_page=1&include=html&include=toc"
    tags = {
        client.get(url).headers["etag"]
        for url in ("/v1/posts/first", "/v1/posts/first?include=text", "/v1/posts?include=text")
    }
    assert len(tags) == 3
    for url in ("/v1/posts/first?include=related", "/v1/posts?include=html"):
        first = client.get(url)
        assert client.get(url, headers={"If-None-Match": first.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("url", ["/v1/posts", "/v1/posts/first", "/v1/search?q=fox", "/v1/pages"])
def test_what_cannot_be_included_is_refused(client: Client, url: str) -> None:
    problem = assert_problem(client.get(f"{url}{'&' if '?' in url else '?'}include=htlm"), ErrorCode.INVALID_PARAMETER)
    assert "htlm" in problem["errors"][0]["message"] or "include" in problem["errors"][0]["message"]


@pytest.mark.parametrize("url", ["/v1/posts?", "/v1/search?q=words&", "/v1/collections/posts?"])
def test_what_is_included_in_one_answer_has_a_bound(densely_linked: Client, url: str) -> None:
    """A page of posts that all link to each other has the square of them in it."""
    assert densely_linked.get(f"{url}include=backlinks&per_page=10").status_code == 200
    problem = assert_problem(densely_linked.get(f"{url}include=backlinks&per_page=100"), ErrorCode.QUERY_TOO_COSTLY)
    assert "32 MiB" in problem["detail"]
    assert "fewer posts" in problem["detail"]


@pytest.fixture(scope="module")
def densely_linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Fifty posts of which each links to all, with excerpts of 20 kB: 49 MB of backlinks."""
    site = Site(tmp_path_factory.mktemp("dense"))
    body = "words " + " ".join(f"[{number}](p{number}.md)" for number in range(50))
    site.write({f"p{n}.md": post(f"Post {n}", date="2024-01-01", excerpt="x" * 20_000, body=body) for n in range(50)})
    site.build()
    with serving(site) as opened:
        yield opened
