"""``where``: posts by what their front matter says."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from api.schemas.problems import ErrorCode
from search_index.front_matter_fields import Operator
from tests.api.client import Client, serving
from tests.api.shapes import assert_problem
from tests.sites import Site

FILES = {
    "four.md": """
        ---
        date: 2024-01-04
        rating: 4
        mood: "calm, mostly"
        hero: {image: a.png, size: {width: 800}}
        tools: [pen, ink]
        subtitle:
        event: 2024-05-28
        _secret: x
        internal: y
        ---
        words
        """,
    "ten.md": """
        ---
        date: 2024-01-03
        rating: 10
        mood: Calm
        hero: {image: b.png}
        tools: pencil
        available: true
        event: 2024-06-01
        ---
        words
        """,
    "text.md": """
        ---
        date: 2024-01-02
        rating: "9"
        cast: [{name: Ann, age: 40}, {name: Bo, age: 7}]
        "og:type": article
        big: 9223372036854775807
        ---
        words
        """,
    "none.md": "---\ndate: 2024-01-01\n---\nwords\n",
    "draft.md": "---\ndate: 2024-01-01\ndraft: true\nrating: 4\n---\nwords\n",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    site = Site(tmp_path_factory.mktemp("where"), private_fields=("internal",))
    site.write(FILES)
    site.build()
    with serving(site) as opened:
        yield opened


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        (["rating:eq:4"], "four"),
        (["rating:eq:4.0"], "four"),
        (["rating:eq:9"], "text"),
        (["rating:ne:4"], "ten text none"),
        (["rating:gt:4"], "ten text"),
        (["rating:lt:9"], "four"),  # a number with a number; the text "9" is not before "9"
        (["rating:gte:4", "rating:lte:10"], "four ten"),  # "9" stands behind "10" as text
        (["rating:in:4,10"], "four ten"),
        (["mood:eq:calm, mostly"], "four"),
        (["mood:contains:alm"], "four ten"),
        (["mood:contains:calm"], "four"),
        (["mood:in:Calm,other"], "ten"),
        (["tools:contains:pen"], "four ten"),  # an element, or a part of a text
        (["tools:contains:pe"], "ten"),
        (["tools:eq:ink"], "four"),
        (["tools:exists"], "four ten"),
        (["tools:exists:false"], "text none"),
        (["subtitle:exists"], ""),
        (["hero:exists:true"], "four ten"),
        (["hero.image:eq:b.png"], "ten"),
        (["hero.size.width:gt:799.5"], "four"),
        (["hero:eq:a.png"], ""),
        (["cast.name:contains:Bo"], "text"),
        (["cast.age:lt:10"], "text"),
        (["available:eq:true"], "ten"),
        (["available:eq:false"], ""),
        (["og:type:eq:article"], "text"),
        (["event:gte:2024-05-29"], "ten"),
        (["big:gt:9223372036854775806", "big:lt:12345678901234567890000"], "text"),
        (["_secret:exists"], ""),
        (["internal:eq:y"], ""),
        (["nothing:ne:x"], "four ten text none"),
        (["rating:eq:%"], ""),
        (["mood:eq:"], ""),
    ],
)
def test_posts_whose_front_matter_fulfils_every_condition(client: Client, conditions: list[str], found: str) -> None:
    asked = "&".join(f"where={quote(condition)}" for condition in conditions)
    listed = client.get(f"/v1/posts?{asked}").json()
    assert [post["slug"] for post in listed["items"]] == found.split()
    assert listed["pagination"]["total"] == len(found.split())
    hits = client.get(f"/v1/search?q=words&sort=published_at&facet=year&{asked}").json()
    assert [hit["post"]["slug"] for hit in hits["items"]] == found.split()
    assert hits["pagination"]["total"] == len(found.split())
    assert sum(bucket["count"] for bucket in hits["facets"][0]["buckets"]) == len(found.split())


def test_links_keep_the_conditions(client: Client) -> None:
    pagination = client.get("/v1/posts?where=rating:gte:4&where=mood:contains:,&where=rating:exists&per_page=1").json()
    assert pagination["pagination"]["total"] == 1
    more = client.get("/v1/posts?where=rating:in:10,4&per_page=1").json()["pagination"]["next"]
    assert more == "/v1/posts?page=2&per_page=1&where=rating:in:10%2C4"
    assert [post["slug"] for post in client.get(more).json()["items"]] == ["ten"]


@pytest.mark.parametrize(
    "condition", ["rating", "rating:4", "rating:like:4", ":eq:4", "rating:eq", "rating:exists:maybe", "", "rating:in"]
)
def test_what_is_no_condition_is_refused(client: Client, condition: str) -> None:
    problem = assert_problem(client.get(f"/v1/posts?where={condition}"), ErrorCode.INVALID_PARAMETER)
    assert [error["name"] for error in problem["errors"]] == ["where"]


@pytest.mark.parametrize("path", ["/v1/posts", "/v1/search?q=words", "/feeds/feed.json"])
def test_a_condition_takes_a_hundred_values_and_no_more(client: Client, path: str) -> None:
    asked = f"{path}{'&' if '?' in path else '?'}where=rating:in:"
    assert client.get(asked + ",".join(map(str, range(100)))).status_code == 200
    for values in (",".join(map(str, range(101))), "," * 3000):
        problem = assert_problem(client.get(asked + values), ErrorCode.INVALID_PARAMETER)
        assert [row["name"] for row in problem["errors"]] == ["where"]
        assert "at most 100 values" in problem["detail"]


def test_as_many_conditions_as_may_be_are_answered(client: Client) -> None:
    """Of every operator, each with as many values as an address has room for."""
    conditions = [f"k{number}:{operator}:4,5" for number in range(12) for operator in Operator if operator != "exists"]
    query = "&".join(f"where={condition}" for condition in [*conditions, "rating:exists", "none:exists:false"])
    terms = "&".join(f"tag={number}&not_tag=x{number}&author={number}" for number in range(100))
    for path in ("/v1/posts?facet=tag,year&tag_match=all&", "/v1/search?q=words&"):
        assert client.get(f"{path}{query}&{terms}").status_code == 200


def test_conditions_hold_for_pages_and_collections(tmp_path_factory: pytest.TempPathFactory) -> None:
    site = Site(tmp_path_factory.mktemp("pages"))
    site.write(
        {
            "_config.yml": "collections: {recipes: {output: true}}\n",
            "_posts/2024-01-01-a.md": "---\nlevel: 1\n---\n",
            "about.md": "---\nlevel: 1\n---\n",
            "terms.md": "---\nlevel: 2\n---\n",
            "_recipes/cake.md": "---\nlevel: 1\n---\n",
        }
    )
    site.build()
    with serving(site) as client:
        for url, ids in (("/v1/pages", ["about"]), ("/v1/collections/recipes", ["recipes/cake"])):
            assert [item["id"] for item in client.get(f"{url}?where=level:eq:1").json()["items"]] == ids
