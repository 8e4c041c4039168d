"""Pages and collections of a Jekyll site, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api.schemas.lists import CollectionList, PostList
from api.schemas.problems import ErrorCode
from api.schemas.site import Resolution
from search_index.wire import Post
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.sites import Site

FILES = {
    "_config.yml": "collections: {recipes: {output: true}, notes: {}, tags: {}}\npermalink: pretty\n",
    "_posts/2024-01-01-hello.md": "---\ntitle: Hello\ntags: [Ruby]\n---\nWords.\n",
    "index.html": "---\ntitle: Home\n---\n<p>Welcome</p>\n",
    "about.md": "---\ntitle: About\nredirect_from: /me/\ntags: [people]\n---\nAbout words.\n",
    "docs/install.md": "---\ntitle: Install\n---\nDo it.\n",
    "secret.md": "---\ntitle: Secret\npublished: false\n---\nHidden words.\n",
    "_recipes/cake.md": "---\ntitle: Cake\ndate: 2024-02-01\n---\nBake.\n",
    "_recipes/pie.md": "---\ntitle: Pie\ndate: 2024-03-01\n---\nBake.\n",
    "_recipes/2999-01-01-later.md": "---\ntitle: Later\n---\nBake.\n",
    "_notes/draft.md": "---\ntitle: Note\npublished: false\n---\nHidden words.\n",
    "_tags/ruby.md": "---\ntitle: Ruby\n---\nA language that sparkles.\n",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    site = Site(tmp_path_factory.mktemp("pages"), public_url="https://example.org")
    site.write(FILES)
    site.build()
    with serving(site) as opened:
        yield opened


def test_pages_are_listed_apart_from_posts(client: Client) -> None:
    pages = assert_declared(client.get("/v1/pages?sort=title"), PostList)
    assert [(page["kind"], page["title"]) for page in pages["items"]] == [
        ("page", "About"),
        ("page", "Home"),
        ("page", "Install"),
    ]
    assert [item["title"] for item in client.get("/v1/posts").json()["items"]] == ["Hello"]
    assert client.get("/v1/search?q=about").json()["items"] == []
    assert client.get("/v1").json()["counts"] == {
        "posts": 1, "pages": 3, "tags": 1, "categories": 0, "authors": 0, "series": 0
    }  # fmt: skip


def test_every_page_is_at_its_api_url_and_at_its_path(client: Client) -> None:
    items = [item for name in ("pages", "recipes") for item in client.get(f"/v1/collections/{name}").json()["items"]]
    assert len(items) == 5
    for item in items:
        page = assert_declared(client.get(item["api_url"]), Post)
        assert page["id"] == item["id"]
        if item["path"] != "/":
            assert client.get(f"/v1/pages{item['path'].rstrip('/')}").json()["id"] == item["id"]
    assert client.get("/v1/pages/about").headers["cache-tag"] == "page:about tag:people"


def test_collections_have_their_documents_in_order_with_neighbours(client: Client) -> None:
    collections = assert_declared(client.get("/v1/collections"), CollectionList)["items"]
    assert [(row["name"], row["item_count"]) for row in collections] == [
        ("pages", 3),
        ("posts", 1),
        ("recipes", 2),
        ("tags", 1),
    ]
    for row in collections:
        assert client.get(row["api_url"]).json()["pagination"]["total"] == row["item_count"]
    recipes = assert_declared(client.get("/v1/collections/recipes?per_page=1"), PostList)
    assert [item["title"] for item in recipes["items"]] == ["Pie"]
    assert recipes["pagination"]["next"] == "/v1/collections/recipes?page=2&per_page=1"
    cake = client.get("/v1/pages/recipes/cake").json()
    assert (cake["prev"], cake["next"]["api_url"]) == (None, "/v1/pages/recipes/pie")


def test_addresses_of_pages_resolve_and_old_ones_lead_on(client: Client) -> None:
    home = assert_declared(client.get("/v1/resolve?path=https://example.org/"), Resolution)
    assert (home["kind"], home["post"]["title"]) == ("page", "Home")
    moved = assert_declared(client.get("/v1/resolve?path=/me"), Resolution)
    assert (moved["kind"], moved["location"]) == ("redirect", "/about/")
    assert client.get("/v1/resolve?path=/recipes/cake/").json()["kind"] == "page"
    problem = assert_problem(client.get("/v1/resolve?path=/abuot/"), ErrorCode.PATH_NOT_FOUND)
    assert problem["suggestions"] == ["/about/"]


def test_what_is_hidden_is_in_no_list_and_at_no_address(client: Client) -> None:
    for url in ("/v1/pages", "/v1/collections", "/v1/collections/recipes", "/v1/diagnostics"):
        assert not {"secret", "later", "note"} & set(client.get(url).text.lower().replace('"', " ").split()), url
    for path in ("secret", "recipes/2999-01-01-later", "notes/draft"):
        assert_problem(client.get(f"/v1/pages/{path}"), ErrorCode.PAGE_NOT_FOUND)
    assert_problem(client.get("/v1/collections/notes"), ErrorCode.COLLECTION_NOT_FOUND)
    assert_problem(client.get("/v1/resolve?path=/secret/"), ErrorCode.PATH_NOT_FOUND)


def test_a_miss_says_what_there_is(client: Client) -> None:
    page = assert_problem(client.get("/v1/pages/abuot"), ErrorCode.PAGE_NOT_FOUND)
    assert page["suggestions"] == ["about"]
    assert_problem(client.get("/v1/pages/hello"), ErrorCode.PAGE_NOT_FOUND)
    assert_problem(client.get("/v1/posts/about"), ErrorCode.POST_NOT_FOUND)
    collection = assert_problem(client.get("/v1/collections/x"), ErrorCode.COLLECTION_NOT_FOUND)
    assert collection["suggestions"] == ["pages", "posts", "recipes", "tags"]
    assert_problem(client.get("/v1/pages?collection=recipes"), ErrorCode.UNKNOWN_PARAMETER)


def test_a_terms_own_page_describes_it(client: Client) -> None:
    (tag,) = client.get("/v1/tags").json()["items"]
    assert (tag["name"], tag["description"], tag["post_count"]) == ("Ruby", "A language that sparkles.", 1)


def test_a_tag_that_only_a_page_carries_is_there_without_posts(client: Client) -> None:
    assert client.get("/v1/tags/people").json()["post_count"] == 0
