"""The searcher on arrays against Whoosh's own searcher on the same index: the same documents with the same scores.

Whoosh combines (``And``, ``Or``, ``AndMaybe``); what one posting is worth is BM25 worked out
here from the documents themselves, since Whoosh's statistics count deleted documents and round lengths.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from math import log1p
from pathlib import Path
from typing import Any

import pytest
import whoosh.index
import whoosh.query
import whoosh.scoring

from search_index.engines.port import (
    Clause,
    Deadline,
    EngineSpace,
    ExpandedQuery,
    IndexDocument,
    Relevance,
    TextField,
    Word,
)
from search_index.engines.whoosh import WhooshEngine
from search_index.engines.whoosh.segments import SegmentReader, read_segments
from tests.engines.contract import generated, seeded

QUERY: Any = whoosh.query
SCORING: Any = whoosh.scoring

QUERIES = 2_000

WEIGHTS = dict(zip(TextField, (5.0, 3.0, 2.5, 2.0, 1.0, 0.5), strict=True))


class Statistics:
    """What BM25 needs of the documents that are left, counted one by one."""

    def __init__(self, documents: Sequence[IndexDocument]) -> None:
        self.lengths: dict[tuple[str, str], int] = {}
        self.holding: Counter[tuple[str, str]] = Counter()
        self.documents: Counter[str] = Counter()
        self.places: Counter[str] = Counter()
        for document in documents:
            for field, found in document.text.items():
                if found.tokens:
                    self.lengths[field, document.id] = found.length
                    self.documents[field] += 1
                    self.places[field] += found.length
                self.holding.update((str(field), token) for token in set(found.tokens))

    def score(self, field: str, token: str, frequency: float, post_id: str) -> float:
        holding, documents = self.holding[field, token], self.documents[field]
        length, average = self.lengths[field, post_id], self.places[field] / documents
        rarity = log1p((documents - holding + 0.5) / (holding + 0.5))
        return rarity * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / average))


class Bm25OfTheDocuments(SCORING.WeightingModel):  # type: ignore[misc]  # whoosh has no types
    """Scores postings by ``Statistics``; ``ids`` has the documents of each segment by its id."""

    def __init__(self, statistics: Statistics, ids: Mapping[str, Sequence[str]]) -> None:
        self._statistics = statistics
        self._ids = ids

    def scorer(self, searcher: Any, fieldname: str, text: bytes, qf: int = 1) -> PostingScorer:
        ids = self._ids[searcher.reader().segment().segment_id()] if searcher.is_atomic() else ()
        return PostingScorer(self._statistics, ids, fieldname, text.decode())


class PostingScorer(SCORING.BaseScorer):  # type: ignore[misc]  # whoosh has no types
    def __init__(self, statistics: Statistics, ids: Sequence[str], field: str, token: str) -> None:
        self._statistics, self._ids, self._field, self._token = statistics, ids, field, token

    def supports_block_quality(self) -> bool:
        return False

    def block_quality(self, matcher: Any) -> float:
        return float("inf")  # nothing is skipped

    max_quality = block_quality

    def score(self, matcher: Any) -> float:
        return self._statistics.score(self._field, self._token, matcher.weight(), self._ids[matcher.id()])


def in_whoosh(query: ExpandedQuery) -> Any:
    """The query as Whoosh is asked it, without what it excludes."""
    needed = [*map(of_clause, query.must)]
    rest = [*map(of_clause, query.should)]
    asked = QUERY.And(needed) if needed else QUERY.Or(rest)
    if needed and rest:
        asked = QUERY.AndMaybe(asked, QUERY.Or(rest))
    return asked


def of_clause(clause: Clause) -> Any:
    (word,) = clause.alternatives
    assert isinstance(word, Word)
    return of_word(word)


def of_word(word: Word) -> Any:
    (token,) = word.tokens
    return QUERY.Or(
        [QUERY.Term(str(field), token, boost=WEIGHTS[field] * word.boost) for field in word.fields or TextField]
    )


def random_query(chance: random.Random) -> ExpandedQuery:
    """Up to four words needed, two that help and one that excludes, each in some fields or in all."""

    def word() -> Word:
        fields = tuple(chance.sample(list(TextField), chance.choice((0, 0, 1, 2))))
        return Word((f"w{chance.randrange(41)}",), fields, chance.choice((1.0, 1.0, 0.5, 0.7)))

    def clauses(most: int) -> tuple[Clause, ...]:
        return tuple(Clause((word(),)) for _ in range(chance.randint(0, most)))

    must, should = clauses(4), clauses(2)
    return ExpandedQuery(
        must=must or (Clause((word(),)),) if not should else must,
        should=should,
        must_not=clauses(1),
        relevance=Relevance(tuple(WEIGHTS.items())),
        limit=1_000,
    )


@pytest.mark.parametrize("edited", [False, True], ids=["one segment", "segments with deletions"])
def test_thousands_of_queries_are_answered_as_whoosh_answers_them_score_by_score(tmp_path: Path, edited: bool) -> None:
    documents = {row.id: row for row in generated(250, seeded(1))}
    folder = tmp_path / "g1"
    with WhooshEngine().build(EngineSpace(folder, "g1"), None) as batch:
        for row in documents.values():
            batch.put(row)
    if edited:
        base, folder = folder, tmp_path / "g2"
        gone, changed = [*documents][::9], generated(30, seeded(2), first=100) + generated(20, seeded(3), first=240)
        with WhooshEngine().build(EngineSpace(folder, "g2"), EngineSpace(base, "g1")) as batch:
            for post_id in gone:
                batch.delete(post_id)
                del documents[post_id]
            for row in changed:
                batch.put(row)
                documents[row.id] = row
    ids = {}
    for segment in read_segments(folder):
        with closing(SegmentReader(folder, segment)) as reader:
            ids[segment.segment_id()] = [row.decode() for row in reader.strings("id")]
    assert len(ids) == 1 + edited
    weighting = Bm25OfTheDocuments(Statistics([*documents.values()]), ids)
    places = [post_id for segment in read_segments(folder) for post_id in ids[segment.segment_id()]]
    chance = seeded(7)
    found = 0
    with (
        closing(WhooshEngine().open(EngineSpace(folder, folder.name))) as ours,
        whoosh.index.open_dir(str(folder)).searcher(weighting=weighting) as theirs,
    ):
        for number in range(QUERIES // 2):
            query = random_query(chance)
            own = theirs.search(in_whoosh(query), limit=None, optimize=False)
            # not by Whoosh's AndNot: the first document escapes it
            excluded = {
                docnum
                for clause in query.must_not
                for _, docnum in theirs.search(of_clause(clause), limit=None, optimize=False).top_n
            }
            expected = {places[docnum]: score for score, docnum in own.top_n if docnum not in excluded}
            page = ours.search(query, Deadline(60))
            assert {hit.id: hit.score for hit in page.hits} == pytest.approx(expected, rel=1e-12), number
            assert page.total == len(expected)
            found += page.total
    assert found > 20 * QUERIES // 2  # most queries find something


def test_the_best_alternative_is_the_best_of_what_whoosh_answers_to_each(tmp_path: Path) -> None:
    documents = generated(250, seeded(4))
    with WhooshEngine().build(EngineSpace(tmp_path / "g1", "g1"), None) as batch:
        for row in documents:
            batch.put(row)
    (segment,) = read_segments(tmp_path / "g1")
    weighting = Bm25OfTheDocuments(Statistics(documents), {segment.segment_id(): [row.id for row in documents]})
    chance = seeded(5)
    with (
        closing(WhooshEngine().open(EngineSpace(tmp_path / "g1", "g1"))) as ours,
        whoosh.index.open_dir(str(tmp_path / "g1")).searcher(weighting=weighting) as theirs,
    ):
        for number in range(500):
            # not by Whoosh's DisjunctionMax: it takes the larger score of two matchers that stand at different documents
            words = [Word((f"w{chance.randrange(41)}",), (), chance.choice((1.0, 0.5))) for _ in range(3)]
            best: dict[str, float] = {}
            for word in words:
                for score, docnum in theirs.search(of_word(word), limit=None, optimize=False).top_n:
                    post_id = documents[docnum].id
                    best[post_id] = max(score, best.get(post_id, 0.0))
            relevance = Relevance(tuple(WEIGHTS.items()))
            page = ours.search(
                ExpandedQuery(must=(Clause(tuple(words)),), relevance=relevance, limit=999), Deadline(60)
            )
            assert {hit.id: hit.score for hit in page.hits} == pytest.approx(best, rel=1e-12), number
