"""The handbook's own judged queries (``benchmarks/judged.toml``): is what a person wants first, or among the first three?

    python -m benchmarks.judged [CONTENT]

Success is counted over all queries and a kind at a time; a query that is to find nothing succeeds where it finds nothing.
Beside the search as people have it stands plain Whoosh in the same run: title and body with its stemming analyser, its parser,
AND.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import whoosh.analysis
import whoosh.fields
import whoosh.index
import whoosh.qparser

from benchmarks.measuring import print_table
from benchmarks.searching import read_posts
from search_index.clock import SystemClock
from search_index.engines.port import Deadline
from search_index.engines.whoosh import WhooshEngine
from search_index.indexer import Indexer
from search_index.library import Library
from search_index.query import ListQuery, Page, SearchQuery
from search_index.settings import load_site_settings
from search_index.snapshot import Snapshot

JUDGED = Path(__file__).with_name("judged.toml")
WHOOSH: Any = whoosh

Ask = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Judged:
    query: str
    kind: str
    relevant: tuple[str, ...]

    def place(self, found: Sequence[str]) -> int:
        """The place of the first relevant post, from 1; 0 for none. Nothing found where nothing is to be found is 1."""
        if not self.relevant:
            return 0 if found else 1
        return next((place for place, slug in enumerate(found, 1) if slug in self.relevant), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path, nargs="?", default=Path("content"))
    content: Path = parser.parse_args().content
    judged = [
        Judged(row["query"], row["kind"], tuple(row["relevant"])) for row in tomllib.loads(JUDGED.read_text())["query"]
    ]
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder, published(content, Path(folder)) as snapshot:
        slugs = slugs_by_id(snapshot)
        missing = sorted({slug for row in judged for slug in row.relevant} - {*slugs.values()})
        if missing:
            raise SystemExit(f"judged.toml names posts that {content} does not have: {', '.join(missing)}")
        posts = [(slugs[post.id], post.title, post.text) for post in read_posts(Path(folder, "index"))]
        asks = {"Octavo": octavo(snapshot), "plain Whoosh": plain_whoosh(posts, Path(folder, "whoosh"))}
        places = {name: [row.place(ask(row.query)) for row in judged] for name, ask in asks.items()}
        kinds = list(dict.fromkeys(row.kind for row in judged))
        rows = []
        for kind in ("all", *kinds):
            among = [number for number, row in enumerate(judged) if kind in ("all", row.kind)]
            figures = [
                f"{sum(0 < places[name][number] <= most for number in among) / len(among):.2f}"
                for name in asks
                for most in (1, 3)
            ]
            rows.append([kind, str(len(among)), *figures])
        print_table(["kind", "queries", *(f"{name} @{most}" for name in asks for most in (1, 3))], rows)
        print()
        for row, place in zip(judged, places["Octavo"], strict=True):
            if place != 1:
                found = asks["Octavo"](row.query)[:3]
                print(f"{row.kind}: {row.query!r} wants {row.relevant[:1]}, at place {place}; found {list(found)}")


@contextmanager
def published(content: Path, folder: Path) -> Iterator[Snapshot]:
    """The content as a generation, read."""
    settings = load_site_settings(content)
    with Indexer(content, folder / "index", settings, engine=WhooshEngine(), clock=SystemClock()) as indexer:
        indexer.build()
    library = Library(folder / "index", WhooshEngine(), SystemClock())
    library.refresh()
    try:
        with library.lease() as snapshot:
            yield snapshot
    finally:
        library.close()


def slugs_by_id(snapshot: Snapshot) -> dict[str, str]:
    found = snapshot.list_posts(ListQuery(page=Page(1, 100)))
    if found.total > len(found.items):
        raise SystemExit("the judged queries are of a site of at most 100 posts")
    return {post["id"]: post["slug"] for post in map(json.loads, found.items)}


def octavo(snapshot: Snapshot) -> Ask:
    def ask(text: str) -> Sequence[str]:
        found = snapshot.search(SearchQuery(text, page=Page(1, 20)), Deadline(10))
        return [json.loads(hit.post)["slug"] for hit in found.hits]

    return ask


def plain_whoosh(posts: Iterable[tuple[str, str, str]], folder: Path) -> Ask:
    """``posts`` are slugs, titles and plain texts."""
    folder.mkdir()
    stemming = WHOOSH.analysis.StemmingAnalyzer()
    field = WHOOSH.fields.TEXT(analyzer=stemming)
    schema = WHOOSH.fields.Schema(slug=WHOOSH.fields.ID(stored=True), title=field, body=field)
    index = WHOOSH.index.create_in(str(folder), schema)
    writer = index.writer()
    for slug, title, text in posts:
        writer.add_document(slug=slug, title=title, body=text)
    writer.commit()
    parser = WHOOSH.qparser.MultifieldParser(["title", "body"], schema, fieldboosts={"title": 5.0})

    def ask(text: str) -> Sequence[str]:
        with index.searcher() as searcher:
            return [hit["slug"] for hit in searcher.search(parser.parse(text), limit=20)]

    return ask


if __name__ == "__main__":
    main()
