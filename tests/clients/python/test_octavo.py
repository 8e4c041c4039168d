"""What a Python program does with the client of openapi-python-client, against the Octavo at OCTAVO_BASE."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import pytest
from octavo_client import Client
from octavo_client.api.assets import get_asset
from octavo_client.api.posts import get_post, get_post_markdown, list_posts
from octavo_client.api.search import search
from octavo_client.api.sync import export_posts
from octavo_client.models import (
    ErrorCode,
    FacetField,
    Include,
    ListedPost,
    ParameterErrorIn,
    Post,
    PostList,
    ProblemDocument,
    SearchResults,
)
from octavo_client.types import File, Unset

PAGE = 7


@pytest.fixture(scope="module")
def octavo() -> Iterator[Client]:
    with Client(base_url=os.environ["OCTAVO_BASE"], raise_on_unexpected_status=True) as client:
        yield client


@pytest.fixture
def first_post(octavo: Client) -> ListedPost:
    found = list_posts.sync(client=octavo, per_page=1)
    assert isinstance(found, PostList)
    return found.items[0]


def assert_whole(pages: list[PostList]) -> None:
    ids = [post.id for page in pages for post in page.items]
    assert pages[0].pagination.total > PAGE, "one page is no test of paging"
    assert len(ids) == len(set(ids)) == pages[0].pagination.total


def test_all_posts_page_by_page(octavo: Client) -> None:
    pages: list[PostList] = []
    while not pages or pages[-1].pagination.next_ is not None:
        page = list_posts.sync(client=octavo, per_page=PAGE, page=len(pages) + 1)
        assert isinstance(page, PostList)
        assert page.pagination.page == len(pages) + 1
        pages.append(page)
    assert_whole(pages)


def test_all_posts_by_cursor(octavo: Client) -> None:
    page = list_posts.sync(client=octavo, per_page=PAGE)
    assert isinstance(page, PostList)
    pages = [page]
    while (cursor := pages[-1].pagination.next_cursor) is not None:
        page = list_posts.sync(client=octavo, per_page=PAGE, cursor=cursor)
        assert isinstance(page, PostList)
        assert page.pagination.page is None
        pages.append(page)
    assert_whole(pages)


def test_a_search_with_facets(octavo: Client) -> None:
    found = search.sync(client=octavo, q="octavo", facet=[FacetField.TAG, FacetField.YEAR], per_page=3)
    assert isinstance(found, SearchResults)
    assert found.items[0].score > 0
    assert found.items[0].post.title
    assert any("<mark>" in highlight.html for hit in found.items for highlight in hit.highlights)
    assert [facet.field for facet in found.facets] == [FacetField.TAG, FacetField.YEAR]
    bucket = found.facets[0].buckets[0]
    assert bucket.count > 0
    assert not bucket.selected

    narrowed = search.sync(client=octavo, q="octavo", tag=[bucket.value], facet=[found.facets[0].field])
    assert isinstance(narrowed, SearchResults)
    assert narrowed.pagination.total == bucket.count


def test_a_post_that_is_not_there_is_a_typed_problem(octavo: Client, first_post: ListedPost) -> None:
    answer = get_post.sync_detailed(f"{first_post.slug}x", client=octavo)
    problem = answer.parsed
    assert isinstance(problem, ProblemDocument)
    assert problem.code is ErrorCode.POST_NOT_FOUND
    assert problem.status == answer.status_code
    assert first_post.slug in problem.suggestions


def test_one_post_by_its_slug_and_by_its_id(octavo: Client, first_post: ListedPost) -> None:
    for key in (first_post.slug, first_post.id):
        post = get_post.sync(key, client=octavo)
        assert isinstance(post, Post)
        assert post.id == first_post.id
        assert post.html.startswith("<")
        assert all(1 <= heading.level <= 6 for heading in post.toc)
        assert isinstance(post.published_at, datetime)
        assert post.published_at.tzinfo
        assert post.next_ is None
        assert post.prev is not None
        assert post.prev.api_url.startswith("/v1/posts/")


def test_the_markdown_of_a_post_is_text(octavo: Client, first_post: ListedPost) -> None:
    markdown = get_post_markdown.sync(first_post.slug, client=octavo)
    assert isinstance(markdown, str)
    assert "## " in markdown


def test_the_export_is_a_post_a_line(octavo: Client) -> None:
    exported, listed = export_posts.sync(client=octavo), list_posts.sync(client=octavo)
    assert isinstance(exported, str)
    assert isinstance(listed, PostList)
    assert len(exported.splitlines()) == listed.pagination.total


def test_a_file_is_bytes(octavo: Client) -> None:
    file = get_asset.sync("images/first-steps.png", client=octavo)
    assert isinstance(file, File)
    assert file.payload.read(4) == b"\x89PNG"


def test_what_a_list_includes_is_there_where_it_was_asked_for(octavo: Client, first_post: ListedPost) -> None:
    found = list_posts.sync(client=octavo, include=[Include.HTML, Include.TOC], per_page=2)
    assert isinstance(found, PostList)
    for post in found.items:
        assert not isinstance(post.html, Unset)
        assert post.html.startswith("<")
        assert not isinstance(post.toc, Unset)
    assert isinstance(first_post.html, Unset)


def test_an_unknown_parameter_is_refused_with_what_was_probably_meant(octavo: Client) -> None:
    answer = octavo.get_httpx_client().get("/v1/posts", params={"tga": "python"})
    problem = ProblemDocument.from_dict(answer.json())
    assert problem.errors[0].in_ is ParameterErrorIn.QUERY
    assert problem.errors[0].code is ErrorCode.UNKNOWN_PARAMETER
    assert problem.errors[0].suggestion == "tag"
