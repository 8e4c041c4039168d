"""Relevance: three public test collections with human judgements, against plain Whoosh in the same run.

    python -m benchmarks.relevance FOLDER

``FOLDER`` has ``cacm/`` (cacm.tar.gz, topics.cacm.txt, qrels.cacm.txt), ``cranfield/`` (cran.all.1400, cran.qry,
qrels.trec) and ``vaswani/`` (doc-text.trec, query-text.trec, qrels). Printed are MAP at depth 1000 and nDCG at 10, as trec_eval
has them: a document is relevant from grade 1 on, its grade is its gain, queries without a relevant document do not count.
Cranfield's queries are numbered by their place in the file, as its judgements are.

``any word``: the words of a query as OR, one field, BM25 with k1 1.2 and b 0.75, each word as its stem, and for a tenth as it
is written; a document's text is all that stands in it. ``as typed``: the product with its defaults, title and body apart: all
words, unless none has all, then fewer; what goes beyond 512 characters or 16 words is dropped.
"""

from __future__ import annotations

import argparse
import re
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import whoosh.analysis
import whoosh.fields
import whoosh.index
import whoosh.query
import whoosh.scoring

from benchmarks.corpus import a_document
from benchmarks.measuring import print_table
from search_index.analysis import analyser, index_tokens, query_words
from search_index.engines.port import (
    Clause,
    Deadline,
    EngineSpace,
    ExpandedQuery,
    Relevance,
    Searcher,
    TextField,
    Word,
)
from search_index.engines.whoosh import WhooshEngine
from search_index.expansion import Expander
from search_index.post_search import PostSearch
from search_index.query import Page, SearchQuery
from search_index.relevance import SearchSettings
from search_index.synonyms import Synonyms
from search_index.vocabulary import Vocabulary, is_word

DEPTH = 1000
AS_WRITTEN = 0.1
LUCENE = {"cacm": 0.3097, "vaswani": 0.2855, "cranfield": 0.4200}
"""MAP of Lucene's BM25 (k1 1.2, b 0.75) on the same files, OR of all analysed words."""

WHOOSH: Any = whoosh

Ranking = Sequence[str]
Ask = Callable[[str], Ranking]


@dataclass(frozen=True, slots=True)
class Collection:
    """``documents`` by id: title and the rest. ``judged`` has the grades of documents by query."""

    name: str
    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    judged: Mapping[str, Mapping[str, int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    collections = [cacm(folder / "cacm"), vaswani(folder / "vaswani"), cranfield(folder / "cranfield")]
    rows: dict[str, list[str]] = {
        "Lucene (reference)": [],
        "Octavo, any word": [],
        "plain Whoosh": [],
        "Octavo, as typed": [],
    }
    for collection in collections:
        with tempfile.TemporaryDirectory(prefix="octavo-bench-") as scratch:
            asks = {
                "Octavo, any word": any_word(collection, Path(scratch, "any")),
                "plain Whoosh": plain_whoosh(collection, Path(scratch, "whoosh")),
                "Octavo, as typed": as_typed(collection, Path(scratch, "typed")),
            }
            for name, ask in asks.items():
                precision, gain = measure(collection, ask)
                rows[name] += [f"{precision:.4f}", f"{gain:.4f}"]
        rows["Lucene (reference)"] += [f"{LUCENE[collection.name]:.4f}", ""]
    header = ["", *(f"{row.name} {what}" for row in collections for what in ("MAP", "nDCG@10"))]
    print_table(header, [[name, *figures] for name, figures in rows.items()])


def measure(collection: Collection, ask: Ask) -> tuple[float, float]:
    """MAP and nDCG@10 over the queries that have a relevant document."""
    precisions: list[float] = []
    gains: list[float] = []
    for number, text in collection.queries.items():
        grades = {row: grade for row, grade in collection.judged.get(number, {}).items() if grade > 0}
        if not grades:
            continue
        ranking = ask(text)
        seen = 0
        total = 0.0
        for place, row in enumerate(ranking, 1):
            if row in grades:
                seen += 1
                total += seen / place
        precisions.append(total / len(grades))
        best = discounted(sorted(grades.values(), reverse=True)[:10])
        gains.append(discounted([grades.get(row, 0) for row in ranking[:10]]) / best)
    return sum(precisions) / len(precisions), sum(gains) / len(gains)


def discounted(grades: Sequence[int]) -> float:
    return sum(grade / log2(place + 1) for place, grade in enumerate(grades, 1))


# What is asked


def any_word(collection: Collection, folder: Path) -> Ask:
    searcher = indexed({name: ("", f"{title}\n{text}") for name, (title, text) in collection.documents.items()}, folder)
    relevance = Relevance(weights=((TextField.BODY, 1.0),))

    def ask(text: str) -> Ranking:
        words = Counter(query_words(text.lower()))
        should = tuple(
            Clause(
                (Word(analyser("en").query_forms(word, stemmed=stemmed)[0][0][0], (TextField.BODY,), boost * count),)
            )
            for word, count in words.items()
            for stemmed, boost in ((True, 1.0), (False, AS_WRITTEN))
        )
        page = searcher.search(ExpandedQuery(should=should, relevance=relevance, limit=DEPTH), Deadline(60))
        return [hit.id for hit in page.hits]

    return ask


def as_typed(collection: Collection, folder: Path) -> Ask:
    counts: Counter[str] = Counter()
    searcher = indexed(collection.documents, folder, counts)
    words = sorted(counts)
    vocabulary = Vocabulary(words, [counts[word] for word in words])
    search = PostSearch(searcher, Expander(vocabulary, Synonyms({}), ("en",), SearchSettings()), 0)

    def ask(text: str) -> Ranking:
        found: list[str] = []
        for number in range(1, DEPTH // 100 + 1):
            page = search.run(SearchQuery(text, page=Page(1, 100)), (number - 1) * 100, Deadline(60), 1).page
            found += (hit.id for hit in page.hits)
            if number * 100 >= page.total:
                break
        return found

    return ask


def plain_whoosh(collection: Collection, folder: Path) -> Ask:
    """Whoosh as it comes, with its stemming analyser and BM25F, one field."""
    folder.mkdir()
    stemming = WHOOSH.analysis.StemmingAnalyzer()
    schema = WHOOSH.fields.Schema(id=WHOOSH.fields.ID(stored=True), text=WHOOSH.fields.TEXT(analyzer=stemming))
    index = WHOOSH.index.create_in(str(folder), schema)
    writer = index.writer(limitmb=128)
    for name, (title, text) in collection.documents.items():
        writer.add_document(id=name, text=f"{title}\n{text}")
    writer.commit()
    searcher = index.searcher(weighting=WHOOSH.scoring.BM25F(B=0.75, K1=1.2))

    def ask(text: str) -> Ranking:
        words = [token.text for token in stemming(text, mode="query")]
        query = WHOOSH.query.Or([WHOOSH.query.Term("text", word) for word in words])
        return [hit["id"] for hit in searcher.search(query, limit=DEPTH)]

    return ask


def indexed(documents: Mapping[str, tuple[str, str]], folder: Path, counts: Counter[str] | None = None) -> Searcher:
    """The documents in the embedded engine; ``counts`` gets their words."""
    space = EngineSpace(folder, folder.name)
    with WhooshEngine().build(space, None) as batch:
        for name, (title, text) in documents.items():
            document = a_document(name, index_tokens(title, "en"), index_tokens(text, "en"))
            batch.put(document)
            if counts is not None:
                counts.update({token for field in document.text.values() for token in field.tokens if is_word(token)})
    return WhooshEngine().open(space)


# The collections


def cacm(folder: Path) -> Collection:
    documents: dict[str, tuple[str, str]] = {}
    with tarfile.open(folder / "cacm.tar.gz") as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            if file is None:
                continue
            with closing(file):
                text = re.sub(r"</?\w+>", " ", file.read().decode("latin-1"))
            title, _, rest = text.strip().partition("\n\n")
            documents[f"CACM-{int(member.name[5:9])}"] = title, rest
    topics = (folder / "topics.cacm.txt").read_text(encoding="latin-1")
    queries = dict(re.findall(r"<DOCNO>\s*(\d+)\s*</DOCNO>(.*?)</DOC>", topics, re.DOTALL))
    return Collection("cacm", documents, queries, judgements(folder / "qrels.cacm.txt"))


def vaswani(folder: Path) -> Collection:
    found = re.findall(
        r"<DOCNO>(\d+)</DOCNO>(.*?)</DOC>", (folder / "doc-text.trec").read_text(encoding="latin-1"), re.DOTALL
    )
    asked = (folder / "query-text.trec").read_text(encoding="latin-1")
    queries = dict(re.findall(r"<num>(\d+)</num>\s*<title>(.*?)</title>", asked, re.DOTALL))
    return Collection("vaswani", {name: ("", text) for name, text in found}, queries, judgements(folder / "qrels"))


def cranfield(folder: Path) -> Collection:
    documents = {
        name: (fields.get("T", ""), " ".join((fields.get("A", ""), fields.get("B", ""), fields.get("W", ""))))
        for name, fields in smart(folder / "cran.all.1400")
    }
    queries = {str(place): fields["W"] for place, (_, fields) in enumerate(smart(folder / "cran.qry"), 1)}
    return Collection("cranfield", documents, queries, judgements(folder / "qrels.trec"))


def smart(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The records of a file in the SMART form: number and fields by their letter."""
    for record in re.split(r"(?m)^\.I ", path.read_text(encoding="latin-1"))[1:]:
        number, *parts = re.split(r"(?m)^\.([A-Z])\s*$", record)
        yield number.strip(), dict(zip(parts[::2], parts[1::2], strict=True))


def judgements(path: Path) -> dict[str, dict[str, int]]:
    """``query 0 document grade``, a line each."""
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.strip():
            number, _, document, grade = line.split()
            found.setdefault(number, {})[document] = int(grade)
    return found


if __name__ == "__main__":
    main()
