"""What a snapshot answers: lists, filters, facets, terms, archives, neighbours, addresses."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from search_index import wire
from search_index.answers import FacetBucket
from search_index.diagnostics import ProblemCode
from search_index.engines.port import Deadline, QueryTooCostly
from search_index.query import FacetField, ListQuery, Order, Page, PostFilters, SearchQuery, Sort, TagMatch
from search_index.settings import SiteSettings
from search_index.taxonomy import Taxonomy
from tests.sites import Site, post, titles

BLOG = {
    "2024-05-01-alpha.md": post(
        "Alpha", tags=["Python", "Web"], categories=["Dev/Backend"], author="Ann", series="Start", featured=True
    ),
    "2024-06-01-beta.md": post("Beta", tags=["python"], categories=["Dev"], author="Bo", updated="2026-02-03"),
    "2025-06-15-gamma.md": post("Gamma", tags=["web"], categories=["Notes"], author="Ann", lang="de", series="Start"),
    "undated.md": post("Delta"),
}


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("blog"))
    site.write(BLOG)
    assert site.build().problems == ()
    return site


def epoch(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (PostFilters(), ["Gamma", "Beta", "Alpha", "Delta"]),
        (PostFilters(tags=("python",)), ["Beta", "Alpha"]),
        (PostFilters(tags=("python", "web")), ["Gamma", "Beta", "Alpha"]),
        (PostFilters(tags=("python", "web"), tag_match=TagMatch.ALL), ["Alpha"]),
        (PostFilters(not_tags=("web",)), ["Beta", "Delta"]),
        (PostFilters(categories=("dev",)), ["Beta", "Alpha"]),
        (PostFilters(categories=("dev/backend",)), ["Alpha"]),
        (PostFilters(not_categories=("dev",)), ["Gamma", "Delta"]),
        (PostFilters(authors=("ann",)), ["Gamma", "Alpha"]),
        (PostFilters(series=("start",)), ["Gamma", "Alpha"]),
        (PostFilters(langs=("de",)), ["Gamma"]),
        (PostFilters(collections=("posts",)), ["Gamma", "Beta", "Alpha", "Delta"]),
        (PostFilters(collections=("notes",)), []),
        (PostFilters(year=2024), ["Beta", "Alpha"]),
        (PostFilters(month=6), ["Gamma", "Beta"]),
        (PostFilters(published_after=epoch(2024, 6, 1)), ["Gamma", "Beta"]),
        (PostFilters(published_before=epoch(2024, 6, 1)), ["Alpha"]),
        (PostFilters(updated_after=epoch(2026, 1, 1)), ["Beta"]),
        (PostFilters(updated_before=epoch(2026, 1, 1)), []),
        (PostFilters(featured=True), ["Alpha"]),
        (PostFilters(featured=False), ["Gamma", "Beta", "Delta"]),
        (PostFilters(tags=("python",), authors=("ann",)), ["Alpha"]),
    ],
)
def test_a_filter_means_the_same_in_a_list_and_in_a_search(
    blog: Site, filters: PostFilters, expected: list[str]
) -> None:
    with blog.snapshot() as snapshot:
        page = snapshot.list_posts(ListQuery(filters))
        assert [json.loads(item)["title"] for item in page.items] == expected
        assert page.total == len(expected)
        result = snapshot.search(SearchQuery("words", filters, sort=Sort.PUBLISHED_AT), Deadline(5))
        assert [json.loads(hit.post)["title"] for hit in result.hits] == expected
        assert result.total == len(expected)


@pytest.mark.parametrize(
    ("sort", "order", "expected"),
    [
        (Sort.PUBLISHED_AT, Order.DESC, ["Gamma", "Beta", "Alpha", "Delta"]),
        (Sort.PUBLISHED_AT, Order.ASC, ["Alpha", "Beta", "Gamma", "Delta"]),
        (Sort.UPDATED_AT, Order.DESC, ["Beta", "Gamma", "Alpha", "Delta"]),
        (Sort.UPDATED_AT, Order.ASC, ["Beta", "Gamma", "Alpha", "Delta"]),
        (Sort.TITLE, Order.ASC, ["Alpha", "Beta", "Delta", "Gamma"]),
        (Sort.TITLE, Order.DESC, ["Gamma", "Delta", "Beta", "Alpha"]),
        (Sort.READING_TIME, Order.ASC, ["Gamma", "Beta", "Alpha", "Delta"]),
    ],
)
def test_an_order_is_the_same_in_a_list_and_in_a_search(
    blog: Site, sort: Sort, order: Order, expected: list[str]
) -> None:
    with blog.snapshot() as snapshot:
        assert titles(snapshot, ListQuery(sort=sort, order=order)) == expected
        result = snapshot.search(SearchQuery("words", sort=sort, order=order), Deadline(5))
        assert [json.loads(hit.post)["title"] for hit in result.hits] == expected


def test_pages_cover_every_post_once_and_a_page_past_the_end_is_empty(blog: Site) -> None:
    with blog.snapshot() as snapshot:
        pages = [titles(snapshot, ListQuery(page=Page(number, 3))) for number in (1, 2, 3)]
        assert pages == [["Gamma", "Beta", "Alpha"], ["Delta"], []]
        assert snapshot.list_posts(ListQuery(page=Page(3, 3))).total == 4


@pytest.mark.parametrize("searched", [False, True])
def test_facets_count_all_matches_and_their_own_selection_does_not_narrow_them(blog: Site, searched: bool) -> None:
    filters = PostFilters(tags=("web",))
    facets = (FacetField.TAG, FacetField.CATEGORY, FacetField.YEAR)
    with blog.snapshot() as snapshot:
        answer = (
            snapshot.search(SearchQuery("words", filters, page=Page(1, 1), facets=facets), Deadline(5))
            if searched
            else snapshot.list_posts(ListQuery(filters, page=Page(1, 1), facets=facets))
        )
    by_field = {facet.field: facet.buckets for facet in answer.facets}
    assert by_field[FacetField.TAG] == (
        FacetBucket("python", "Python", 2, False),
        FacetBucket("web", "Web", 2, True),
    )
    assert [(row.value, row.count) for row in by_field[FacetField.CATEGORY]] == [
        ("dev", 1),
        ("dev/backend", 1),
        ("notes", 1),
    ]
    assert [(row.value, row.label, row.count) for row in by_field[FacetField.YEAR]] == [
        ("2024", "2024", 1),
        ("2025", "2025", 1),
    ]


def test_a_term_is_named_as_most_posts_write_it_and_each_post_keeps_its_own_writing(site: Site) -> None:
    site.write(
        {
            f"{name}{number}.md": post(name, date="2026-01-01", tags=[name])
            for name, number in (("Ruby", 1), ("Ruby", 2), ("ruby", 3), ("RUBY", 4))
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        (term,) = snapshot.list_terms(Taxonomy.TAGS)
        assert (term.slug, term.name, term.post_count) == ("ruby", "Ruby", 4)
        names = {json.loads(item)["tags"][0]["name"] for item in snapshot.list_posts(ListQuery()).items}
        assert names == {"Ruby", "ruby", "RUBY"}


def test_categories_count_their_descendants_and_nest_in_the_tree_view(blog: Site) -> None:
    with blog.snapshot() as snapshot:
        flat = [
            (term.path, term.name, term.post_count, term.parent) for term in snapshot.list_terms(Taxonomy.CATEGORIES)
        ]
        assert flat == [
            ("dev/backend", "Backend", 1, "dev"),
            ("dev", "Dev", 2, None),
            ("notes", "Notes", 1, None),
        ]
        tree = snapshot.list_terms(Taxonomy.CATEGORIES, tree=True)
        assert [(term.path, [child.path for child in term.children]) for term in tree] == [
            ("dev", ["dev/backend"]),
            ("notes", []),
        ]
        dev = snapshot.get_term(Taxonomy.CATEGORIES, "dev")
        assert dev is not None
        assert dev.api_url == "/v1/categories/dev"
        assert snapshot.get_term(Taxonomy.CATEGORIES, "backend") is None
        assert snapshot.near_terms(Taxonomy.CATEGORIES, "nots") == ("notes",)


def test_archives_count_years_and_months_newest_first(blog: Site) -> None:
    with blog.snapshot() as snapshot:
        archives = [
            (year.year, year.count, [(month.month, month.count) for month in year.months])
            for year in snapshot.list_archives()
        ]
    assert archives == [(2025, 1, [(6, 1)]), (2024, 2, [(6, 1), (5, 1)])]


def test_neighbours_are_the_next_older_and_newer_post_and_undated_posts_have_none_among_dated_ones(blog: Site) -> None:
    with blog.snapshot() as snapshot:
        around = {}
        for slug in ("gamma", "beta", "alpha", "undated"):
            stored = snapshot.get_post(slug)
            assert stored is not None
            body = json.loads(stored.body)
            around[body["title"]] = tuple(body[way] and body[way]["title"] for way in ("prev", "next"))
    assert around == {
        "Gamma": ("Beta", None),
        "Beta": ("Alpha", "Gamma"),
        "Alpha": (None, "Beta"),
        "Delta": (None, None),
    }


def test_posts_of_one_date_are_neighbours_by_the_path_of_their_files(site: Site) -> None:
    site.write({name: post(name, date="2024-05-01") for name in ("b.md", "a.md", "a-b.md")})
    site.build()
    with site.snapshot() as snapshot:
        older = {}
        for slug in ("a", "a-b", "b"):
            stored = snapshot.get_post(slug)
            assert stored is not None
            previous = json.loads(stored.body)["prev"]
            older[slug] = previous and previous["slug"]
    assert older == {"a-b": None, "a": "a-b", "b": "a"}


def test_the_stored_bytes_are_what_the_wire_models_declare(blog: Site) -> None:
    with blog.snapshot() as snapshot:
        for item in snapshot.list_posts(ListQuery()).items:
            summary = wire.PostSummary.model_validate_json(item)
            assert summary.model_dump_json().encode() == item
            stored = snapshot.get_post(summary.slug)
            assert stored is not None
            whole = wire.Post.model_validate_json(stored.body)
            assert whole.model_dump_json().encode() == stored.body
            assert whole.model_dump(include=set(wire.PostSummary.model_fields)) == summary.model_dump()


def test_a_shared_slug_leads_to_the_first_and_api_urls_still_lead_to_each(site: Site) -> None:
    site.write(
        {
            "en/hello.md": post("Hello", date="2026-01-01"),
            "fr/hello.md": post("Bonjour", date="2026-01-02", lang="fr"),
            "other.md": post("Other", date="2026-01-03"),
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        items = [json.loads(item) for item in snapshot.list_posts(ListQuery()).items]
        assert [item["api_url"] for item in items] == ["/v1/posts/other", "/v1/posts/fr/hello", "/v1/posts/en/hello"]
        for item in items:
            stored = snapshot.get_post(item["api_url"].removeprefix("/v1/posts/"))
            assert stored is not None
            assert json.loads(stored.body)["id"] == item["id"]
        first = snapshot.get_post("hello")
        assert first is not None
        assert json.loads(first.body)["title"] == "Hello"
        assert json.loads(first.body)["next"]["api_url"] == "/v1/posts/fr/hello"
        assert snapshot.diagnostics() == ()


def test_a_slug_that_repeats_within_a_language_is_reported(site: Site) -> None:
    site.write({"a/hello.md": post("One", date="2026-01-01"), "b/hello.md": post("Two", date="2026-01-02")})
    site.build()
    with site.snapshot() as snapshot:
        (problem,) = snapshot.diagnostics()
        assert (problem.file, problem.code) == ("b/hello.md", ProblemCode.SLUG_REPEATED)


def test_a_slug_that_is_another_posts_id_leaves_both_reachable(site: Site) -> None:
    site.write(
        {
            "taken.md": post("By id", date="2026-01-01", slug="elsewhere"),
            "named.md": post("By slug", date="2026-01-02", slug="taken"),
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        for item in snapshot.list_posts(ListQuery()).items:
            summary = json.loads(item)
            stored = snapshot.get_post(summary["api_url"].removeprefix("/v1/posts/"))
            assert stored is not None
            assert json.loads(stored.body)["id"] == summary["id"]


def test_a_text_that_looks_like_an_api_url_is_left_alone(site: Site) -> None:
    tricky = '","api_url":"/v1/posts/hello'
    site.write(
        {
            "a/hello.md": post(tricky, date="2026-01-01"),
            "b/hello.md": post("Two", date="2026-01-02", note=tricky, lang="fr"),
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        for key in ("a/hello", "b/hello"):
            stored = snapshot.get_post(key)
            assert stored is not None
            assert json.loads(stored.body)["api_url"] == f"/v1/posts/{key}"
        assert json.loads(snapshot.list_posts(ListQuery()).items[1])["title"].startswith('","api_url"')


def test_a_hit_carries_the_posts_summary_snippets_and_its_sections(site: Site) -> None:
    site.settings = SiteSettings(public_url="https://example.org/blog")
    body = "Opening.\n\n## Install\n\nFirst this.\n\n### Set-up & go\n\nThe zebra <b>crosses</b> here.\n"
    site.write({"2026-01-01-hello.md": post("Hello", body=body)})
    site.build()
    with site.snapshot() as snapshot:
        result = snapshot.search(SearchQuery("zebra"), Deadline(5))
        (hit,) = result.hits
        assert (result.total, result.complete, result.interpreted) == (1, True, "zebra")
        assert hit.post == snapshot.list_posts(ListQuery()).items[0]
        assert "<mark>zebra</mark>" in hit.highlights[0].html
        assert hit.sections[0].trail == ("Install", "Set-up & go")
        assert hit.sections[0].url == f"https://example.org/blog/hello/#{hit.sections[0].anchor}"


def test_a_search_beyond_the_window_is_refused(blog: Site) -> None:
    with blog.snapshot() as snapshot, pytest.raises(QueryTooCostly):
        snapshot.search(SearchQuery("words", page=Page(101, 100)), Deadline(5))


def test_a_near_miss_suggests_what_may_have_been_meant(blog: Site) -> None:
    with blog.snapshot() as snapshot:
        assert snapshot.get_post("gama") is None
        assert snapshot.near_posts("gama")[0] == "gamma"
        assert snapshot.near_posts("\ud7ff%%%") == ()
