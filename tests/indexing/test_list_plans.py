"""How SQLite reads lists: in the order of an index, with what is skipped skipped there."""

from __future__ import annotations

import json

import pytest

from search_index.catalog import Catalog
from search_index.query import ListQuery, Order, Page, PostFilters, Sort, TagMatch
from tests.sites import NOON, Site, post

NOW = int(NOON.timestamp())
FILES = {
    "a.md": post("Alpha", date="2024-03-01", tags=["common", "rare"], updated="2024-05-01", body="word " * 900),
    "b.md": post("Beta", date="2024-02-01", tags=["common"], body="word " * 300),
    "c.md": post("alpha", date="2024-02-01", tags=["common"], updated="2024-04-01"),
    "d.md": post("Delta", tags=["common"]),
    "e.md": post("Epsilon", tags=["common"], updated="2024-04-01"),
    "f.md": post("Later", date="2026-10-01", tags=["common"]),
}
ORDERED = {
    (Sort.PUBLISHED_AT, Order.DESC): "abcde",
    (Sort.PUBLISHED_AT, Order.ASC): "bcade",
    (Sort.UPDATED_AT, Order.DESC): "acebd",
    (Sort.UPDATED_AT, Order.ASC): "ceabd",
    (Sort.TITLE, Order.ASC): "acbde",
    (Sort.TITLE, Order.DESC): "edbac",
    (Sort.READING_TIME, Order.DESC): "abcde",
    (Sort.READING_TIME, Order.ASC): "cdeba",
}
"""The posts that are public at noon; those without the value last, ties newest first, then by id."""


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    site = Site(tmp_path_factory.mktemp("lists"))
    site.write(FILES)
    site.build()
    generation = next(site.index.rglob("catalog.sqlite")).parent
    return Catalog(generation)


def plan(catalog: Catalog, query: ListQuery, total: int) -> str:
    """What SQLite says it does for the page."""
    connection = catalog._connections.get()
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    catalog.page(query, NOW, total)
    connection.set_trace_callback(None)
    return json.dumps([row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statements[-1]}")])


def listed(catalog: Catalog, query: ListQuery, total: int) -> str:
    return "".join(found.slug for found in catalog.page(query, NOW, total)[0])


@pytest.mark.parametrize(("sort", "order"), ORDERED)
def test_every_order_is_as_promised_and_follows_an_index(catalog: Catalog, sort: Sort, order: Order) -> None:
    query = ListQuery(PostFilters(), sort, order, Page(1, 20), (), "")
    assert listed(catalog, query, 5) == ORDERED[sort, order]
    told = plan(catalog, query, 5)
    assert "USING INDEX posts_by_" in told
    assert "TEMP B-TREE FOR ORDER BY" not in told


@pytest.mark.parametrize("total", [1, 1_000_000])
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (PostFilters(tags=("common",)), "abcde"),
        (PostFilters(tags=("rare",)), "a"),
        (PostFilters(tags=("none",)), ""),
        (PostFilters(tags=("rare", "common")), "abcde"),
        (PostFilters(tags=("rare", "common"), tag_match=TagMatch.ALL), "a"),
        (PostFilters(tags=("common",), not_tags=("rare",)), "bcde"),
    ],
)
def test_both_ways_to_the_posts_of_a_term_find_the_same(
    catalog: Catalog, filters: PostFilters, expected: str, total: int
) -> None:
    query = ListQuery(filters, Sort.PUBLISHED_AT, Order.DESC, Page(1, 20), (), "")
    assert listed(catalog, query, total) == expected
    assert catalog.count(filters, NOW) == len(expected)


def test_a_list_begins_with_the_term_where_few_posts_have_it(catalog: Catalog) -> None:
    query = ListQuery(PostFilters(tags=("rare",)), Sort.PUBLISHED_AT, Order.DESC, Page(1, 20), (), "")
    assert "LIST SUBQUERY" in plan(catalog, query, 1)
    assert "USING INDEX posts_by_date" in plan(catalog, query, 1_000_000)
