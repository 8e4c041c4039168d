"""Search over HTTP: the shapes, the parameters, and what overload and odd input come to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from api.schemas.problems import ErrorCode
from api.schemas.search import RelatedPosts, SearchResults, SuggestionList
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.indexing.test_searching import NASTY
from tests.sites import Site, post


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("searched"), public_url="https://example.org")
    site.write(
        {
            "fox.md": post("The quick fox", body="A fox that runs.", date="2026-01-01", tags=["Wild life"]),
            "dog.md": post("Dogs", body="A dog ran after a fox.", date="2026-02-01", tags=["Pets", "Wild life"]),
            "cat.md": post("Cats", body="Cats sleep.", date="2026-03-01", tags=["Pets"]),
            "a/related.md": post("Odd", body="An id that ends like a resource.", date="2026-03-01"),
        }
    )
    site.build()
    return site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[Client]:
    with serving(site) as client:
        yield client


def searched(client: Client, query: str) -> dict[str, Any]:
    answer: dict[str, Any] = assert_declared(client.get(f"/v1/search?{query}"), SearchResults)
    return answer


def test_a_typo_is_corrected_and_said(client: Client) -> None:
    answer = client.get("/v1/search?q=quikc").json()
    assert answer["query"]["corrected"] == answer["did_you_mean"] == "quick"
    assert client.get("/v1/search?q=quikc&typo=false").json()["pagination"]["total"] == 0


def test_words_that_are_given_up_are_named(client: Client) -> None:
    reading = client.get("/v1/search?q=cats+zebra").json()["query"]
    assert (reading["relaxed"], reading["dropped"], reading["interpreted"]) == (True, ["zebra"], "cats zebra")


def test_a_hit_explains_itself_when_asked(client: Client) -> None:
    (hit,) = client.get("/v1/search?q=quick&explain=true").json()["items"]
    (clause,) = hit["explanation"]["clauses"]
    assert (clause["typed"], clause["match"]) == ("quick", "exact")
    assert {row["field"] for row in clause["fields"]} == {"title"}
    assert hit["explanation"]["score"] == hit["score"]
    assert client.get("/v1/search?q=quick").json()["items"][0]["explanation"] is None
    searched(client, "q=quick&explain=true")


def test_the_bytes_are_what_the_response_model_declares(tmp_path: Path) -> None:
    site = Site(tmp_path, public_url="https://example.org")
    odd = 'A "quick" \\ fox & <b>café</b> 東京\u2028'
    body = "\n\n".join(f"## {odd} {n}\n\nThe fox {odd} 🦊 runs.\n\n```\nfox\n```" for n in range(4))
    site.write({f"fox{n}.md": post(f"{odd} {n}", body=body, tags=[odd, "fox"], date="2026-01-01") for n in range(3)})
    site.build()
    with serving(site) as client:
        for query in ("fox", "東京", '"quick"', "café tag:fox", "runs&facet=tag,year,lang&tag=fox", "", "none", "fxo"):
            content = client.get(f"/v1/search?q={query}").content
            results = SearchResults.model_validate_json(content)
            assert results.model_dump_json(exclude_unset=True).encode() == content
            if query == "fox":
                assert {len(hit.sections) for hit in results.items} == {3}
                assert {row.field for hit in results.items for row in hit.highlights} >= {"title", "terms"}


def test_facet_values_are_searched_beside_facets_alone(client: Client) -> None:
    (facet,) = client.get("/v1/search?q=fox&facet=tag&facet_q=wil").json()["facets"]
    assert [row["value"] for row in facet["buckets"]] == ["wild-life"]
    (facet,) = client.get("/v1/posts?facet=tag&facet_q=pe").json()["facets"]
    assert [(row["label"], row["count"]) for row in facet["buckets"]] == [("Pets", 2)]
    assert_problem(client.get("/v1/search?q=fox&facet_q=wil"), ErrorCode.INVALID_PARAMETER)


@pytest.mark.parametrize(
    "path", ["/v1/posts?per_page=1", "/v1/search?q=a&per_page=1", "/v1/collections/posts?per_page=1"]
)
@pytest.mark.parametrize("blank", ["", "%20", "+%09"])
def test_a_blank_facet_q_is_as_if_it_were_absent(client: Client, path: str, blank: str) -> None:
    for asked in (path, f"{path}&facet=tag"):
        absent, given = client.get(asked), client.get(f"{asked}&facet_q={blank}")
        assert given.status_code == 200
        assert {key: given.json()[key] for key in ("items", "facets", "pagination")} == {
            key: absent.json()[key] for key in ("items", "facets", "pagination")
        }
        assert given.headers["etag"] == absent.headers["etag"]


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    site = Site(tmp_path_factory.mktemp("languages"))
    site.write(
        {
            "react.md": post("React", body="It reacts to a reaction. C++ & more", lang="en", tags=["React"]),
            "redact.md": post("Redact", body="Redacting what reacts.", lang="en", tags=["React"]),
            "reakt.md": post("Reaktion", body="Eine Reaktion, kein react.", lang="de", tags=["React"]),
            "reactor.md": post("Reactors", body="A reactor, a Zürich café & a % sign.", lang="en"),
        }
    )
    site.build()
    with serving(site) as client:
        yield client


@pytest.mark.parametrize("lang", ["", "&lang=de", "&lang=en", "&lang=de,en", "&lang=fr&lang=en"])
@pytest.mark.parametrize(
    "typed", ["rea", "re", "react", "reacts re", "zur", "zürich caf", "c", "reactr", "a re", "it%20to%20rea"]
)
def test_a_suggested_word_leads_to_as_many_posts_as_it_says(languages: Client, typed: str, lang: str) -> None:
    items = languages.get(f"/v1/search/suggest?q={typed}&per_page=50{lang}").json()["items"]
    for word in (row for row in items if row["kind"] == "word"):
        answer = languages.get(word["api_url"]).json()
        assert answer["pagination"]["total"] == word["count"], word
        assert (answer["query"]["raw"], answer["query"]["relaxed"]) == (word["text"], False)


def test_suggestions_keep_to_the_language_that_is_asked_for(languages: Client) -> None:
    def kinds(lang: str) -> dict[str, int]:
        items = languages.get(f"/v1/search/suggest?q=rea&per_page=50&lang={lang}").json()["items"]
        return {row["api_url"]: row["count"] for row in items if row["kind"] != "word"}

    assert kinds("en") == {"/v1/posts/react": 1, "/v1/posts/reactor": 1, "/v1/tags/react": 2}
    assert kinds("de") == {"/v1/posts/reakt": 1, "/v1/tags/react": 1}
    assert kinds("fr") == {}


BLANK = ["", "%20", "+++", "%09%0a", "%C2%A0", "%E3%80%80"]


@pytest.mark.parametrize("q", BLANK)
def test_a_blank_query_finds_every_post_the_newest_first(client: Client, q: str) -> None:
    answer = searched(client, f"q={q}&facet=tag,year")
    listed = client.get("/v1/posts?facet=tag,year").json()
    assert [hit["post"] for hit in answer["items"]] == listed["items"]
    assert answer["facets"] == listed["facets"]
    assert {hit["score"] for hit in answer["items"]} == {0.0}
    assert not any(hit["sections"] for hit in answer["items"])
    assert "<mark>" not in str(answer["items"])
    assert answer["pagination"]["total"] == 4
    assert (answer["query"]["interpreted"], answer["query"]["relaxed"], answer["complete"]) == ("", False, True)
    assert answer["did_you_mean"] is answer["query"]["corrected"] is None


def test_a_blank_query_takes_filters_order_and_pages_as_any_other(client: Client) -> None:
    def slugs(query: str) -> list[str]:
        return [hit["post"]["slug"] for hit in searched(client, f"q=&{query}")["items"]]

    assert slugs("tag=pets") == ["cat", "dog"]
    assert slugs("tag=nothing") == []
    assert slugs("sort=title") == ["cat", "dog", "related", "fox"]
    assert slugs("order=asc&sort=published_at")[0] == "fox"
    first = client.get("/v1/search?q=&per_page=3&explain=true").json()
    assert first["pagination"]["next"] == "/v1/search?page=2&per_page=3&q=&explain=true"
    second = client.get(first["pagination"]["next"]).json()
    assert [len(page["items"]) for page in (first, second)] == [3, 1]


@pytest.mark.parametrize("q", ["!!!", "%22%22", "-", "*", "%3F%21"])
def test_signs_alone_find_nothing(client: Client, q: str) -> None:
    assert searched(client, f"q={q}")["items"] == []


def test_a_search_without_q_is_a_mistake_of_the_program_that_asks(client: Client) -> None:
    for url in ("/v1/search", "/v1/search?facet=tag", "/v1/search/suggest"):
        assert_problem(client.get(url), ErrorCode.MISSING_PARAMETER)


@pytest.mark.parametrize("q", BLANK)
def test_nothing_is_suggested_for_nothing(client: Client, q: str) -> None:
    answer = assert_declared(client.get(f"/v1/search/suggest?q={q}"), SuggestionList)
    assert answer == {"items": [], "complete": True}


def test_months_are_a_facet_of_lists_and_searches_alike(client: Client) -> None:
    urls = ("/v1/posts?facet=month&month=2", "/v1/search?q=-zebra&facet=month&month=2")
    listed, found = (client.get(url).json()["facets"][0] for url in urls)
    assert listed == found
    assert [(row["value"], row["selected"]) for row in listed["buckets"]] == [
        ("2026-03", False),
        ("2026-01", False),
        ("2026-02", True),
    ]


def test_suggestions_lead_to_posts_terms_and_searches(client: Client) -> None:
    answer = assert_declared(client.get("/v1/search/suggest?q=qui"), SuggestionList)
    title, word = answer["items"]
    assert (title["kind"], title["api_url"], title["url"]) == ("title", "/v1/posts/fox", "https://example.org/fox/")
    assert (word["kind"], word["text"], word["count"]) == ("word", "quick", 1)
    assert client.get(word["api_url"]).json()["pagination"]["total"] == 1
    assert_problem(client.get("/v1/search/suggest?q=a&per_page=51"), ErrorCode.INVALID_PARAMETER)


def test_related_posts_are_those_that_share_something(client: Client) -> None:
    answer = assert_declared(client.get("/v1/posts/dog/related"), RelatedPosts)
    assert sorted(row["slug"] for row in answer["items"]) == ["cat", "fox"]
    assert len(client.get("/v1/posts/dog/related?per_page=1").json()["items"]) == 1
    problem = assert_problem(client.get("/v1/posts/dogg/related"), ErrorCode.POST_NOT_FOUND)
    assert problem["suggestions"] == ["dog"]


def test_a_post_whose_own_address_ends_so_comes_before_related_posts(client: Client) -> None:
    assert client.get("/v1/posts/a/related").json()["title"] == "Odd"
    assert "items" in client.get("/v1/posts/fox/related").json()


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
def test_whatever_is_typed_is_answered(client: Client, typed: str) -> None:
    response = client.get(f"/v1/search?q={quote(typed[:1_500])}&facet=tag")
    assert response.status_code == (200 if len(quote(typed[:1_500])) < 8_000 else 414)
    if response.status_code == 200:
        assert response.json()["complete"] is True


def test_the_reading_leads_back_to_the_same_answer(client: Client) -> None:
    first = client.get('/v1/search?q=Fox%20-zebra%20"ran after"').json()
    again = client.get(f"/v1/search?q={quote(first['query']['interpreted'])}").json()
    assert again["items"] == first["items"]
