"""Lists as the catalog reads them, without cache and HTTP: milliseconds of a page, and of the count of all matches.

    python -m benchmarks.catalog_lists [--posts 10000 100000]

The catalog's rows are made up: every second post has one tag, every hundredth another, every five thousandth a third.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import median_seconds, print_machine, print_table
from search_index.catalog import _INSERT_POST, _SCHEMA, CATALOG_FILE, STORE_FOLDER, Catalog
from search_index.query import ListQuery, Order, Page, PostFilters, Sort
from search_index.sqlite_files import create

_HOUR = 3600
_START = 1_000_000_000
_TAGS = {"half of them": 2, "one in 100": 100, "one in 5,000": 5_000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, nargs="+", default=[10_000, 100_000])
    print_machine()
    for posts in parser.parse_args().posts:
        with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
            measure(Path(folder), posts)


def measure(folder: Path, posts: int) -> None:
    write_catalog(folder, posts)
    catalog, now = Catalog(folder), _START + (posts + 1) * _HOUR
    rows = []
    for label, query in queries(posts):
        total = catalog.count(query.filters, now)
        counting = median_seconds(lambda: catalog.count(query.filters, now), 5)  # noqa: B023  # measured in the same turn
        reading = median_seconds(lambda: catalog.page(query, now, total), 9)  # noqa: B023  # measured in the same turn
        rows.append([label, f"{total:,}", f"{reading * 1000:.2f}", f"{counting * 1000:.2f}"])
    catalog.close()
    print(f"\n{posts:,} posts:\n")
    print_table(["", "matches", "page of 20, ms", "count, ms (once a generation)"], rows)


def queries(posts: int) -> Iterator[tuple[str, ListQuery]]:
    """What is measured: each order, the first and the last page, and tags of each frequency."""
    for sort in (Sort.PUBLISHED_AT, Sort.UPDATED_AT, Sort.TITLE, Sort.READING_TIME):
        for order in (Order.DESC, Order.ASC):
            yield f"{sort} {order}, first page", _list(PostFilters(), sort, order, 1)
    yield "published_at desc, last page", _list(PostFilters(), Sort.PUBLISHED_AT, Order.DESC, posts // 20)
    for tag in _TAGS:
        yield f"tag of {tag}", _list(PostFilters(tags=(tag,)), Sort.PUBLISHED_AT, Order.DESC, 1)


def _list(filters: PostFilters, sort: Sort, order: Order, page: int) -> ListQuery:
    return ListQuery(filters, sort, order, Page(page, 20), (), "")


def write_catalog(folder: Path, posts: int) -> None:
    """A catalog of rows alone, and an empty post store."""
    (folder / STORE_FOLDER).mkdir()
    connection = create(folder / CATALOG_FILE, _SCHEMA)
    connection.execute("BEGIN")
    for number in range(1, posts + 1):
        connection.execute(_INSERT_POST, _row(number))
        tags = [("tags", tag, number, tag, 1) for tag, every in _TAGS.items() if number % every == 0]
        connection.executemany("INSERT INTO terms VALUES (?, ?, ?, ?, ?)", tags)
    connection.execute("COMMIT")
    connection.close()


def _row(number: int) -> dict[str, object]:
    published = _START + number * _HOUR
    name = f"{number * 7919 % 1_000_003:06d}"
    return {
        **{"kind": "post", "id": f"posts/{name}", "slug": name, "path": f"/{name}/", "chain": "posts", "lang": "en"},
        **{"sequence": f"{number:09d}", "collection": "posts", "title_key": f"title {name}", "featured": 0},
        **{"published_at": published, "updated_at": published if number % 10 == 0 else None, "year": 2020, "month": 1},
        **{"reading_time": number % 20, "visible_from": published, "visible_until": None, "content_hash": b""},
        **{"segment": 1, "segment_row": number},
    }


if __name__ == "__main__":
    main()
