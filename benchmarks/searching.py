"""Searching: one page of results from Octavo, against plain Whoosh, SQLite FTS5 and tantivy over the same posts.

    python -m benchmarks.searching [--posts 10000] [--words 600] [--queries 200] [--content FOLDER] [--keep FOLDER]

A page is: two words, the number of all matches, tags, categories and years counted over all of them, and the ten best with a
marked snippet each. First both words must occur, which is what a person who types them gets; then either is enough, which is
more work: for Octavo that is its library with the query's clauses asked as optional ones. Octavo's hits are whole summaries
with their sections, and its pages are measured through the library and over HTTP (one connection kept open, no kept answers).
The others answer with id, title and one snippet. All have the same titles and plain texts, taken from Octavo's generation.
Queries are distinct, each word of middling frequency, each pair found in ten posts or more. A first pass asks each query once,
later ones again in random order; within a pass the systems take turns every few queries.

The second comparison is within Octavo: words as they stand, a last word cut short, a misspelled last word.

tantivy's row is measured where its Python package can be imported: ``pip install tantivy`` into the environment.
``--keep`` leaves corpus and indexes in FOLDER for the next run; without it they are made anew and thrown away.
"""

from __future__ import annotations

import argparse
import gc
import http.client
import importlib
import json
import random
import re
import shutil
import socket
import sqlite3
import statistics
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from importlib.metadata import version
from itertools import accumulate
from math import ceil
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import numpy as np
import whoosh
from whoosh.analysis import STOP_WORDS, StemmingAnalyzer  # type: ignore[attr-defined]  # exported without being named
from whoosh.fields import ID, KEYWORD, NUMERIC, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup  # type: ignore[attr-defined]  # as above
from whoosh.searching import Results
from whoosh.sorting import Count, FieldFacet

from benchmarks.building import published_folder
from benchmarks.corpus import a_document, write_corpus
from benchmarks.measuring import print_machine, print_table, stopwatch
from benchmarks.serving import running
from search_index.analysis import index_tokens
from search_index.answers import SearchResult
from search_index.catalog import Catalog
from search_index.clock import SystemClock
from search_index.engines.port import Deadline, EngineSpace, ExpandedQuery, Searcher, SearchPage
from search_index.engines.whoosh import WhooshEngine
from search_index.indexer import Indexer
from search_index.library import Library
from search_index.model import Kind
from search_index.query import FacetField, Page, SearchQuery
from search_index.settings import load_site_settings
from search_index.taxonomy import ancestors

HITS = 10
FACETS = (FacetField.TAG, FacetField.CATEGORY, FacetField.YEAR)
TITLE_WEIGHT = 5.0
SNIPPET_CHARACTERS = 190
SNIPPET_WORDS = 30

FIRST_RANK, LAST_RANK = 20, 3000
"""The words of queries are those between these two when the corpus' words are ordered by frequency."""
LONG_WORD = 6
FEWEST_MATCHES = HITS

TURN = 20
"""So many queries in a row are asked of one system, then of the next."""
WARM_PASSES = 2
WHOOSH_MEGABYTES = 128
SEED = 7
BUILT_POSTS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=600)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--content", type=Path, metavar="FOLDER", help="posts to use instead of generated ones")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where corpus and indexes stay for the next run")
    wanted = parser.parse_args()
    with ExitStack() as opened:
        folder: Path = wanted.keep or Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="octavo-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        content: Path = wanted.content or generated(folder / "content", wanted.posts, wanted.words)
        measure(folder, content, wanted.queries)


def measure(folder: Path, content: Path, queries: int) -> None:
    index = folder / "index"
    with Indexer(content, index, load_site_settings(content), engine=WhooshEngine(), clock=SystemClock()) as indexer:
        say(f"Octavo: built in {indexer.build().seconds:.1f} s")
    posts = read_posts(index)
    chance = random.Random(SEED)
    words = QueryWords(posts)
    pairs = words.pairs(chance, queries)
    long_pairs = words.pairs(chance, queries, shortest_last=LONG_WORD)
    misspelled = [(first, words.misspelled(chance, last)) for first, last in long_pairs]
    print_machine()
    print(
        f"{len(posts)} posts of {statistics.mean(len(post.text.split()) for post in posts):.0f} words on average,"
        f" {queries} queries; {', '.join(other.release for other in alternatives() if other.release)}\n"
    )
    fill_alternatives(folder, posts)
    compare_building(posts)
    del posts, words
    for either in (False, True):
        with ExitStack() as opened:
            compare_systems(opened, content, folder, [" ".join(pair) for pair in pairs], either=either)
    with ExitStack() as opened:
        compare_expansions(opened, index, long_pairs, misspelled)


def generated(content: Path, posts: int, words: int) -> Path:
    """The generated corpus in ``content``; one that was kept has to be of the same size."""
    described = json.dumps({"posts": posts, "words": words})
    stamp = Path(f"{content}.json")
    if not stamp.exists() and not content.exists():
        say(f"writing {posts} posts")
        write_corpus(content, posts, words=words)
        stamp.write_text(described, encoding="utf-8")
    kept = stamp.read_text(encoding="utf-8") if stamp.exists() else "an unfinished corpus"
    if kept != described:
        raise SystemExit(f"{content} has {kept}, not {described}: name another folder with --keep, or delete this one")
    return content


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# Posts and queries


@dataclass(frozen=True, slots=True)
class Post:
    """What every system is given of a post; categories with those above them."""

    id: str
    title: str
    text: str
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    year: int | None


def read_posts(index: Path) -> list[Post]:
    """The public posts of the published generation, by id."""
    now = int(time.time())
    posts = []
    with closing(Catalog(published_folder(index))) as catalog:
        for post_id, found in sorted(catalog.find_all(catalog.public_ids(now), now).items()):
            stored, text, _ = catalog.store.hit_parts(found.address)
            summary = json.loads(stored)
            if summary["kind"] != Kind.POST:
                continue
            paths = [term["path"] for term in summary["categories"]]
            posts.append(
                Post(
                    id=post_id,
                    title=summary["title"],
                    text=text,
                    tags=tuple(term["slug"] for term in summary["tags"]),
                    categories=tuple(dict.fromkeys(each for path in paths for each in (*ancestors(path), path))),
                    year=int(summary["published_at"][:4]) if summary["published_at"] else None,
                )
            )
    return posts


class QueryWords:
    """The words of the posts from ``FIRST_RANK`` to ``LAST_RANK``, and in which posts each stands."""

    _WORD = re.compile(r"[^\W\d_]{3,}")

    def __init__(self, posts: Sequence[Post]) -> None:
        found = [self._WORD.findall(post.text.lower()) for post in posts]
        counts = Counter(word for words in found for word in words)
        self._all = frozenset(counts)
        ranked = sorted(counts, key=lambda word: (-counts[word], word))
        self._middling = [word for word in ranked[FIRST_RANK - 1 : LAST_RANK] if word not in STOP_WORDS]
        places = {word: place for place, word in enumerate(self._middling)}
        self._stands = np.zeros((len(self._middling), len(posts)), dtype=np.bool_)
        for number, words in enumerate(found):
            self._stands[[places[word] for word in set(words) if word in places], number] = True
        self._weights = tuple(accumulate(1 / (FIRST_RANK + place) for place in range(len(self._middling))))

    def pairs(self, chance: random.Random, count: int, *, shortest_last: int = 0) -> list[tuple[str, str]]:
        """Distinct pairs of words, each chosen by Zipf's law, that ``FEWEST_MATCHES`` posts or more have in common."""
        places = range(len(self._middling))
        pairs: dict[frozenset[int], tuple[str, str]] = {}
        for _ in range(1000 * count):
            if len(pairs) == count:
                return list(pairs.values())
            first, last = chance.choices(places, cum_weights=self._weights, k=2)
            if first == last or len(self._middling[last]) < shortest_last:
                continue
            if (self._stands[first] & self._stands[last]).sum() >= FEWEST_MATCHES:
                pairs.setdefault(frozenset((first, last)), (self._middling[first], self._middling[last]))
        raise SystemExit(f"the corpus has only {len(pairs)} pairs of words for {count} queries")

    def misspelled(self, chance: random.Random, word: str) -> str:
        """The word with one letter exchanged for another, or for its neighbour; a word that no post has."""
        while True:
            at = chance.randrange(1, len(word) - 1)
            wrong = chance.choice(
                (
                    word[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :],
                    word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                )
            )
            if wrong not in self._all:
                return wrong


# The systems

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was on a page: all matches, hits with a mark, values of facets."""

    total: int
    marked: int
    values: int


class System(ABC, Generic[A]):
    """Something that answers with pages; ``ask`` is what is measured, and leaves nothing of the page undone."""

    def __init__(self, name: str) -> None:
        self.name = name

    def begin(self) -> None:
        """Make ready for a turn; not measured."""

    @abstractmethod
    def ask(self, query: str) -> A: ...

    @abstractmethod
    def seen(self, answer: A) -> Seen: ...

    @abstractmethod
    def close(self) -> None: ...


class EitherWord:
    """A searcher that asks for any of the words where all of them were asked for."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self.explain, self.ids, self.close = searcher.explain, searcher.ids, searcher.close

    def search(self, query: ExpandedQuery, deadline: Deadline) -> SearchPage:
        return self._searcher.search(replace(query, must=(), should=query.must + query.should), deadline)


class EitherWordEngine(WhooshEngine):
    def open(self, space: EngineSpace) -> Searcher:  # type: ignore[override]  # the library needs no more of it
        return EitherWord(super().open(space))


class Octavo(System[SearchResult]):
    """The library, opened anew: no posting list of another's queries is at hand."""

    def __init__(self, name: str, index: Path, *, prefix: bool = True, typo: bool = True, either: bool = False) -> None:
        super().__init__(name)
        self._query = SearchQuery("", page=Page(1, HITS), facets=FACETS, prefix=prefix, typo=typo)
        self._library = Library(index, EitherWordEngine() if either else WhooshEngine(), SystemClock())
        self._library.refresh()

    def ask(self, query: str) -> SearchResult:
        with self._library.lease() as snapshot:
            return snapshot.search(replace(self._query, text=query), Deadline(60))

    def seen(self, answer: SearchResult) -> Seen:
        marked = sum(any("<mark>" in fragment.html for fragment in hit.highlights) for hit in answer.hits)
        return Seen(answer.total, marked, sum(len(facet.buckets) for facet in answer.facets))

    def close(self) -> None:
        self._library.close()


class OctavoOverHttp(System[bytes]):
    """``octavo serve`` on this machine: from the request until the last byte is read."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(name)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def begin(self) -> None:
        """Connect anew: the server has closed a connection that waited for the others' turns."""
        self._connection.close()
        self._connection.connect()

    def ask(self, query: str) -> bytes:
        parameters = {"q": query, "per_page": HITS, "facet": ",".join(FACETS)}
        self._connection.request("GET", f"/v1/search?{urlencode(parameters)}")
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != http.client.OK:
            raise SystemExit(f"{query!r}: {answer.status} {body[:200]!r}")
        return body

    def seen(self, answer: bytes) -> Seen:
        page = json.loads(answer)
        marked = sum("<mark>" in json.dumps(hit["highlights"]) for hit in page["items"])
        return Seen(page["pagination"]["total"], marked, sum(len(facet["buckets"]) for facet in page["facets"]))

    def close(self) -> None:
        self._connection.close()


class PlainWhoosh(System[tuple[int, list[tuple[str, str, str]], int]]):
    """Whoosh as it comes: one searcher kept open, ``groupedby`` with counts, its own highlighter.

    Grouping, Whoosh passes over ``limit``: the ten best are cut from all.
    """

    def __init__(self, name: str, folder: Path, *, either: bool) -> None:
        super().__init__(name)
        self._searcher = open_dir(str(folder)).searcher()
        boosts = {"title": TITLE_WEIGHT}
        group = OrGroup if either else AndGroup
        self._parser = MultifieldParser(["title", "body"], self._searcher.schema, fieldboosts=boosts, group=group)
        self._facets = {
            "tags": FieldFacet("tags", allow_overlap=True, maptype=Count),
            "categories": FieldFacet("categories", allow_overlap=True, maptype=Count),
            "year": FieldFacet("year", maptype=Count),
        }

    @staticmethod
    def fill(posts: Iterable[Post], folder: Path) -> None:
        analyzer = StemmingAnalyzer()
        schema = Schema(
            id=ID(stored=True, unique=True),
            title=TEXT(analyzer=analyzer, stored=True),
            body=TEXT(analyzer=analyzer, stored=True),
            tags=KEYWORD(commas=True),
            categories=KEYWORD(commas=True),
            year=NUMERIC(sortable=True),
        )
        writer = create_in(str(folder), schema).writer(limitmb=WHOOSH_MEGABYTES)
        for post in posts:
            lists = {"tags": ",".join(post.tags), "categories": ",".join(post.categories)}
            year = {"year": post.year} if post.year else {}
            writer.add_document(id=post.id, title=post.title, body=post.text, **lists, **year)
        writer.commit()

    def ask(self, query: str) -> tuple[int, list[tuple[str, str, str]], int]:
        results: Results = self._searcher.search(self._parser.parse(query), limit=HITS, groupedby=self._facets)
        hits = [(hit["id"], hit["title"], hit.highlights("body", top=1)) for hit in results[:HITS]]
        counted: list[Mapping[object, int]] = [results.groups(name) for name in self._facets]  # type: ignore[no-untyped-call]  # whoosh has no types
        return len(results), hits, sum(map(len, counted))

    def seen(self, answer: tuple[int, list[tuple[str, str, str]], int]) -> Seen:
        total, hits, values = answer
        return Seen(total, sum("<b " in snippet for _, _, snippet in hits), values)

    def close(self) -> None:
        self._searcher.close()  # type: ignore[no-untyped-call]  # whoosh has no types


class SqliteFts5(System[tuple[list[tuple[str, str, int]], list[tuple[str, str, str]]]]):
    """FTS5 with its Porter stemmer, ``bm25`` by ``rank``, ``snippet``, and facets grouped over a table of terms."""

    _SCHEMA = """
    CREATE VIRTUAL TABLE posts USING fts5(id UNINDEXED, title, body, tokenize = 'porter unicode61');
    CREATE TABLE terms (post INTEGER, field TEXT, value TEXT, PRIMARY KEY (post, field, value)) WITHOUT ROWID;
    """
    _COUNTS = """
    WITH found AS MATERIALIZED (SELECT rowid AS post FROM posts WHERE posts MATCH ?)
    SELECT '', '', count(*) FROM found
    UNION ALL
    SELECT * FROM (SELECT field, value, count(*) FROM found JOIN terms USING (post) GROUP BY field, value)
    """
    _BEST = """
    SELECT id, title, snippet(posts, 2, '<mark>', '</mark>', '…', ?) FROM posts WHERE posts MATCH ? ORDER BY rank LIMIT ?
    """

    def __init__(self, name: str, folder: Path, *, either: bool) -> None:
        super().__init__(name)
        self._joint = " OR " if either else " "
        self._connection = sqlite3.connect(f"file:{folder / 'posts.sqlite'}?mode=ro", uri=True)
        self._connection.executescript("PRAGMA mmap_size = 2147483648; PRAGMA cache_size = -65536;")

    @classmethod
    def fill(cls, posts: Iterable[Post], folder: Path) -> None:
        with closing(sqlite3.connect(folder / "posts.sqlite")) as connection, connection:
            connection.executescript(cls._SCHEMA)
            weights = f"bm25(0.0, {TITLE_WEIGHT}, 1.0)"
            connection.execute("INSERT INTO posts (posts, rank) VALUES ('rank', ?)", (weights,))
            for number, post in enumerate(posts, start=1):
                connection.execute(
                    "INSERT INTO posts (rowid, id, title, body) VALUES (?, ?, ?, ?)",
                    (number, post.id, post.title, post.text),
                )
                terms = [("tags", tag) for tag in post.tags] + [("categories", path) for path in post.categories]
                terms += [("year", str(post.year))] if post.year else []
                connection.executemany("INSERT INTO terms VALUES (?, ?, ?)", [(number, *term) for term in terms])
            connection.execute("INSERT INTO posts (posts) VALUES ('optimize')")
            connection.execute("ANALYZE")

    def ask(self, query: str) -> tuple[list[tuple[str, str, int]], list[tuple[str, str, str]]]:
        matched = self._joint.join(f'"{word}"' for word in query.split())
        counts = self._connection.execute(self._COUNTS, (matched,)).fetchall()
        return counts, self._connection.execute(self._BEST, (SNIPPET_WORDS, matched, HITS)).fetchall()

    def seen(self, answer: tuple[list[tuple[str, str, int]], list[tuple[str, str, str]]]) -> Seen:
        counts, hits = answer
        return Seen(counts[0][2], sum("<mark>" in snippet for _, _, snippet in hits), len(counts) - 1)

    def close(self) -> None:
        self._connection.close()


class Tantivy(System[tuple[int, list[tuple[str, str, str]], dict[str, Any]]]):
    """tantivy's Python package: terms aggregations over fast fields for facets, its snippet generator for the hits."""

    _FACETS = ("tags", "categories", "year")

    def __init__(self, name: str, folder: Path, *, either: bool) -> None:
        super().__init__(name)
        self._both = not either
        package = tantivy_package()
        assert package is not None
        self._snippets = package.SnippetGenerator
        self._index = package.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._aggregations = {facet: {"terms": {"field": facet, "size": 100}} for facet in self._FACETS}

    @staticmethod
    def fill(posts: Iterable[Post], folder: Path) -> None:
        package = tantivy_package()
        assert package is not None
        builder = package.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("title", "body"):
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        for name in ("tags", "categories"):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("year", fast=True)
        writer = package.Index(builder.build(), path=str(folder)).writer(heap_size=128_000_000, num_threads=1)
        for post in posts:
            document = package.Document(id=post.id, title=post.title, body=post.text)
            for tag in post.tags:
                document.add_text("tags", tag)
            for path in post.categories:
                document.add_text("categories", path)
            if post.year:
                document.add_integer("year", post.year)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def ask(self, query: str) -> tuple[int, list[tuple[str, str, str]], dict[str, Any]]:
        parsed = self._index.parse_query(
            query, ["title", "body"], field_boosts={"title": TITLE_WEIGHT}, conjunction_by_default=self._both
        )
        found = self._searcher.search(parsed, limit=HITS, count=True)
        counted = self._searcher.aggregate(parsed, self._aggregations)
        snippets = self._snippets.create(self._searcher, parsed, self._index.schema, "body")
        snippets.set_max_num_chars(SNIPPET_CHARACTERS)
        documents = [self._searcher.doc(address) for _, address in found.hits]
        hits = [
            (document.get_first("id"), document.get_first("title"), snippets.snippet_from_doc(document).to_html())
            for document in documents
        ]
        return found.count, hits, counted

    def seen(self, answer: tuple[int, list[tuple[str, str, str]], dict[str, Any]]) -> Seen:
        total, hits, counted = answer
        values = sum(len(counted[facet]["buckets"]) for facet in self._FACETS)
        return Seen(total, sum("<b>" in snippet for _, _, snippet in hits), values)

    def close(self) -> None:
        """Nothing is held."""


def tantivy_package() -> ModuleType | None:
    try:
        return importlib.import_module("tantivy")
    except ImportError:
        return None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A system beside Octavo: how it is filled and opened in a folder; ``release`` is "" where it is not installed."""

    name: str
    release: str
    fill: Callable[[Iterable[Post], Path], None]
    open: Callable[..., System[Any]]


def alternatives() -> tuple[Alternative, ...]:
    tantivy = f"tantivy {version('tantivy')}" if tantivy_package() else ""
    return (
        Alternative("plain Whoosh", f"Whoosh {whoosh.versionstring()}", PlainWhoosh.fill, PlainWhoosh),
        Alternative("SQLite FTS5", f"SQLite {sqlite3.sqlite_version}", SqliteFts5.fill, SqliteFts5),
        Alternative("tantivy", tantivy, Tantivy.fill, Tantivy),
    )


def place_of(folder: Path, alternative: Alternative) -> Path:
    return folder / alternative.name.lower().replace(" ", "-")


def fill_alternatives(folder: Path, posts: Sequence[Post]) -> None:
    """Fill those that do not have the posts yet."""
    digest = blake2b(repr(posts).encode(), digest_size=16).hexdigest()
    for alternative in alternatives():
        place = place_of(folder, alternative)
        stamp = Path(f"{place}.filled")
        filled = f"{alternative.release} {digest}"
        if not alternative.release or (stamp.exists() and stamp.read_text(encoding="utf-8") == filled):
            continue
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        with stopwatch() as watch:
            alternative.fill(posts, place)
        stamp.write_text(filled, encoding="utf-8")
        say(f"{alternative.name}: filled in {watch.seconds:.1f} s")


def compare_building(posts: Sequence[Post]) -> None:
    """The engines alone, over the first posts: title and text analysed, inverted, written and ready to be searched."""
    some = posts[:BUILT_POSTS]
    builders = [
        ("Octavo's engine", fill_octavo),
        *((other.name, other.fill) for other in alternatives() if other.release),
    ]
    taken: dict[str, float] = {}
    for name, fill in builders:
        with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder, stopwatch() as watch:
            fill(some, Path(folder))
        taken[name] = watch.seconds
    own = taken[builders[0][0]]
    rows = [[name, f"{len(some) / seconds:.0f}", f"{seconds / own:.2f}"] for name, seconds in taken.items()]
    print_table([f"building, {len(some)} posts", "posts/s", "time / Octavo's"], rows)
    print()


def fill_octavo(posts: Iterable[Post], folder: Path) -> None:
    with WhooshEngine().build(EngineSpace(folder / "engine", "benchmark"), None) as batch:
        for post in posts:
            title, body = index_tokens(post.title, "en"), index_tokens(post.text, "en")
            batch.put(a_document(post.id, title, body, post.tags, post.categories))


# Measuring


@dataclass(slots=True)
class Run:
    """A system, its queries, and how long each took in milliseconds."""

    system: System[Any]
    queries: Sequence[str]
    first: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def take(self, places: Iterable[int], *, first: bool) -> None:
        for place in places:
            started = time.perf_counter()
            answer = self.system.ask(self.queries[place])
            taken = (time.perf_counter() - started) * 1000
            (self.first if first else self.warm).append(taken)
            if first:
                self.seen.append(self.system.seen(answer))


def race(runs: Sequence[Run]) -> None:
    """Every query once, then ``WARM_PASSES`` times in random order. The system that begins is another at each turn.

    What lies in memory when it begins is left out of the garbage collections in it.
    """
    chance = random.Random(SEED)
    order = list(range(len(runs[0].queries)))
    gc.collect()
    gc.freeze()
    for number in range(1 + WARM_PASSES):
        for turn, start in enumerate(range(0, len(order), TURN)):
            begin = turn % len(runs)
            for run in (*runs[begin:], *runs[:begin]):
                gc.collect()
                run.system.begin()
                run.take(order[start : start + TURN], first=number == 0)
        chance.shuffle(order)
    gc.unfreeze()


def percentile(times: Sequence[float], share: float) -> float:
    """The nearest rank."""
    return sorted(times)[ceil(share * len(times)) - 1]


def percentiles(times: Sequence[float]) -> list[str]:
    return [f"{percentile(times, share):.2f}" for share in (0.5, 0.95, 0.99)]


def compare_systems(opened: ExitStack, content: Path, folder: Path, queries: Sequence[str], *, either: bool) -> None:
    index, port = folder / "index", free_port()
    systems: list[System[Any]] = [Octavo("Octavo", index, either=either)]
    if not either:
        serve = ["-m", "api.cli", "serve", str(content), "--read-only", "--index-dir", str(index), "--port", str(port)]
        opened.enter_context(running(serve, f"http://127.0.0.1:{port}/readyz", {"OCTAVO_RESPONSE_CACHE_BYTES": "0"}))
        systems += [
            Octavo("Octavo, `prefix` and `typo` off", index, prefix=False, typo=False),
            OctavoOverHttp("Octavo over HTTP", port),
        ]
    others = alternatives()
    systems += [other.open(other.name, place_of(folder, other), either=either) for other in others if other.release]
    missing = [[other.name, "not installed", "", "", ""] for other in others if not other.release]
    runs = [Run(opened.enter_context(closing(system)), queries) for system in systems]
    race(runs)
    header = ["p50", "p95", "p99", "p50 / Octavo's"]
    rows = [[*row_of(run.system, run.first, runs[0].first), f"{run.first[0]:.0f}"] for run in runs]
    page = "either word" if either else "both words"
    print_table([f"{page}, first use, ms", *header, "the very first"], [*rows, *([*row, ""] for row in missing)])
    print()
    rows = [row_of(run.system, run.warm, runs[0].warm) for run in runs]
    print_table([f"{page}, warm, ms", *header], [*rows, *missing])
    print()
    rows = [
        [
            run.system.name,
            f"{statistics.median(seen.total for seen in run.seen):.0f}",
            f"{statistics.mean(seen.marked for seen in run.seen):.1f}",
            f"{statistics.mean(seen.values for seen in run.seen):.0f}",
        ]
        for run in runs
    ]
    print_table(["what stands on a page", "matches (median)", "hits with a mark (mean)", "facet values (mean)"], rows)
    print()


def row_of(system: System[Any], times: Sequence[float], octavo: Sequence[float]) -> list[str]:
    return [system.name, *percentiles(times), f"{percentile(times, 0.5) / percentile(octavo, 0.5):.2f}"]


def compare_expansions(
    opened: ExitStack, index: Path, pairs: Sequence[tuple[str, str]], misspelled: Sequence[tuple[str, str]]
) -> None:
    def run(name: str, words: Iterable[tuple[str, str]], *, prefix: bool, typo: bool) -> Run:
        system = opened.enter_context(closing(Octavo(name, index, prefix=prefix, typo=typo)))
        return Run(system, [" ".join(pair) for pair in words])

    plain = run("plain: `prefix` and `typo` off", pairs, prefix=False, typo=False)
    runs = [plain, run("the same words, both on", pairs, prefix=True, typo=True)]
    for letters in (4, 3, 2):
        cut = [(first, last[:letters]) for first, last in pairs]
        runs.append(run(f"prefix: last word cut to {letters} letters", cut, prefix=True, typo=False))
    runs.append(run("typo: one wrong letter in the last word", misspelled, prefix=False, typo=True))
    race(runs)
    rows = [
        [
            run.system.name,
            *percentiles(run.first),
            f"{percentile(run.first, 0.95) / percentile(plain.first, 0.95):.2f}",
            *percentiles(run.warm),
            f"{percentile(run.warm, 0.95) / percentile(plain.warm, 0.95):.2f}",
            f"{statistics.median(seen.total for seen in run.seen):.0f}",
        ]
        for run in runs
    ]
    header = ["p50", "p95", "p99", "p95 / plain's"]
    first, warm = ([f"{name} {column}" for column in header] for name in ("first", "warm"))
    print_table(["a page through the library, ms", *first, *warm, "matches (median)"], rows)


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
