"""The searcher: clauses to scored documents, filters to masks, facets to counts, and one order.

What a query has found so far is always the rising numbers of the documents, and arrays that go with them; only filters are
masks over all documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search_index.engines.port import (
    PHRASE_SPACES,
    AnyOf,
    Bucket,
    Clause,
    ClauseScore,
    Deadline,
    EngineHit,
    ExpandedQuery,
    Explanation,
    Facet,
    FieldScore,
    Phrase,
    QueryTooCostly,
    Relevance,
    SearchPage,
    TextField,
    Word,
)
from search_index.engines.whoosh.live_index import LiveIndex, occurrence_docs, occurrence_places, sum_by_doc
from search_index.engines.whoosh.postings import IntArray
from search_index.engines.whoosh.schema import MISSING
from search_index.engines.whoosh.scoring import Bm25, FloatArray, idf
from search_index.engines.whoosh.segments import unavailable_if_damaged
from search_index.query import WINDOW, FacetField, Order, PostFilters, Sort, TagMatch

CLAUSE_BUDGET = 4_096
"""The most different tokens that the clauses of one query may have together."""

Mask = NDArray[np.bool_]
Occurrences = NDArray[np.int64]

_NOWHERE: Occurrences = np.zeros(0, np.int64)
_FAR = 1 << 20
_FEW = 16
"""Where fewer than one of so many documents are asked for, they are looked up one by one."""
_Value = TypeVar("_Value", bound=np.generic)
_NEAR_SPACES = ((TextField.TITLE,), (TextField.HEADINGS,), (TextField.BODY, TextField.CODE))
"""Where it counts that words stand near each other: terms are apart, and a summary mostly repeats the text."""
_NEAR_TOKENS = 8
"""So many tokens of a clause are looked at for what stands near what: those of its closest alternatives."""


@dataclass(frozen=True, slots=True)
class _ClauseHits:
    """The rising documents that a clause matches, their scores, and which of them only a correction matches."""

    docs: IntArray
    scores: FloatArray
    corrected: Mask

    @property
    def nbytes(self) -> int:
        return self.docs.nbytes + self.scores.nbytes + self.corrected.nbytes


@dataclass(slots=True)
class _Found:
    """What of a query has been worked out: rising documents, and what goes with each.

    ``base`` is the sum of the clauses' scores, ``scores`` what is ranked by.
    """

    docs: IntArray
    base: FloatArray
    corrections: NDArray[np.int32]
    proximity: FloatArray
    recency: FloatArray
    exact_title: Mask

    @property
    def scores(self) -> FloatArray:
        return (self.base + self.proximity) * self.recency

    @property
    def tiers(self) -> NDArray[np.int64]:
        """What comes before the score: 0 for an exact title, else one more than the corrections."""
        return np.where(self.exact_title, 0, 1 + self.corrections.astype(np.int64))


@dataclass(frozen=True, slots=True)
class _FieldHits:
    """Where an alternative stands in one field: rising documents, frequencies and scores; the rest as in ``FieldScore``."""

    field: TextField
    docs: IntArray
    freqs: IntArray
    scores: FloatArray
    holding: int
    documents: int


class _OutOfTime(Exception):
    """The deadline passed between two steps."""


class WhooshSearcher:
    """Answers queries over one index (``Searcher``)."""

    def __init__(self, index: LiveIndex) -> None:
        self._index = index

    def search(self, query: ExpandedQuery, deadline: Deadline) -> SearchPage:
        """Raises ``QueryTooCostly`` and, where the files are damaged, ``EngineUnavailable``."""
        _check_cost(query)
        with unavailable_if_damaged(self._index.folder):
            try:
                if not query.limit:
                    docs, narrowed = self._matching(query, self._clause_docs(query, deadline), deadline)
                    hits: tuple[EngineHit, ...] = ()
                else:
                    clauses = self._clauses(query, deadline)
                    docs, narrowed = self._matching(query, [clause.docs for clause in clauses], deadline)
                    hits = self._hits(query, self._scored(query, clauses, _narrowed(docs, narrowed), deadline))
                matching = _narrowed(docs, narrowed)
            except _OutOfTime:
                return SearchPage((), 0, (), complete=False)
            facets: list[Facet] = []
            for name in query.facets:
                if deadline.passed:
                    break
                facets.append(self._facet(name, _narrowed(docs, narrowed, but=name), query.facet_limit))
            complete = len(facets) == len(query.facets)
            return SearchPage(hits, len(matching), tuple(facets), complete)

    def explain(self, query: ExpandedQuery, post_ids: Sequence[str], deadline: Deadline) -> tuple[Explanation, ...]:
        """Raises ``QueryTooCostly`` and, where the files are damaged, ``EngineUnavailable``."""
        _check_cost(query)
        with unavailable_if_damaged(self._index.folder):
            try:
                clauses = self._clauses(query, deadline)
                docs, narrowed = self._matching(query, [clause.docs for clause in clauses], deadline)
                found = self._scored(query, clauses, _narrowed(docs, narrowed), deadline)
                wanted = self._rows_of(post_ids, found.docs)
                by_clause = [
                    self._clause_scores(clause, query.relevance, found.docs[wanted], deadline)
                    for clause in (*query.must, *query.should)
                ]
            except _OutOfTime:
                return ()
            scores = found.scores
            return tuple(
                Explanation(
                    clauses=tuple(of_clause[place] for of_clause in by_clause),
                    proximity=float(found.proximity[row]),
                    recency=float(found.recency[row]),
                    exact_title=bool(found.exact_title[row]),
                    score=float(scores[row]),
                )
                for place, row in enumerate(wanted)
            )

    def ids(self) -> frozenset[str]:
        return frozenset(map(_text, self._index.ids))

    def close(self) -> None:
        self._index.close()

    # Matching

    def _clauses(self, query: ExpandedQuery, deadline: Deadline) -> Sequence[_ClauseHits]:
        """What each clause of ``must`` matches, then each of ``should``."""
        return [self._clause(clause, query.relevance, deadline) for clause in (*query.must, *query.should)]

    def _clause_docs(self, query: ExpandedQuery, deadline: Deadline) -> Sequence[IntArray]:
        """As ``_clauses``, without scores: which documents match."""
        return [self._docs_of(clause, deadline) for clause in query.must or query.should]

    def _docs_of(self, clause: Clause, deadline: Deadline) -> IntArray:
        """The documents that match the clause."""
        return self._index.kept(
            ("docs", clause), lambda: self._matching_docs(clause, deadline), lambda docs: docs.nbytes
        )

    def _matching_docs(self, clause: Clause, deadline: Deadline) -> IntArray:
        there = np.zeros(self._index.count, np.bool_)
        for alternative in clause.all_alternatives:
            if isinstance(alternative, Word):
                for name in alternative.fields or TextField:
                    for token in alternative.tokens:
                        there[self._index.postings(name, token).docs] = True
            else:
                for names in _spaces_of(alternative):
                    there[occurrence_docs(self._starts(alternative, names))] = True
            _check(deadline)
        return np.flatnonzero(there).astype(np.int32)

    def _matching(
        self, query: ExpandedQuery, clauses: Sequence[IntArray], deadline: Deadline
    ) -> tuple[IntArray, dict[FacetField, Mask]]:
        """What everything but the facets' own filters lets through, and what each of those filters does; ``clauses`` are the
        documents that each clause of ``must`` matches, then each of ``should``."""
        needed = [*clauses[: len(query.must)]]
        if query.should and not query.must:
            there = np.zeros(self._index.count, np.bool_)
            for held in clauses:
                there[held] = True
            needed.append(np.flatnonzero(there).astype(np.int32))
        docs = np.arange(self._index.count, dtype=np.int32)
        for place, held in enumerate(sorted(needed, key=len)):
            docs = docs[_rows_in(held, docs) >= 0] if place else held
        for clause in query.must_not:
            docs = docs[_rows_in(self._docs_of(clause, deadline), docs) < 0]
        _check(deadline)
        for mask in self._plain_filters(query):
            docs = docs[mask[docs]]
        return docs, dict(self._facet_filters(query.filters))

    def _scored(
        self, query: ExpandedQuery, clauses: Sequence[_ClauseHits], docs: IntArray, deadline: Deadline
    ) -> _Found:
        """The documents with all that ranks them."""
        found = _Found(
            docs,
            np.zeros(len(docs)),
            np.zeros(len(docs), np.int32),
            np.zeros(len(docs)),
            np.ones(len(docs)),
            np.zeros(len(docs), np.bool_),
        )
        of_clauses: list[FloatArray] = []
        for number, held in enumerate(clauses):
            of_clauses.append(_of_docs(held.docs, held.scores, docs, self._index.count))
            found.base += of_clauses[-1]
            if number < len(query.must) and held.corrected.any():
                found.corrections += _of_docs(held.docs, held.corrected, docs, self._index.count)
        if query.sort is not Sort.RELEVANCE:
            return found
        _check(deadline)
        if query.exact_title:
            titled = _rows_in(docs, self._titled(query.exact_title))
            found.exact_title[titled[titled >= 0]] = True
        if query.relevance.recency and query.visible_at is not None:
            published = self._index.numbers("published_at")[docs]
            age = np.maximum(0, query.visible_at - published)
            fading = query.relevance.recency.weight * np.exp2(-age / query.relevance.recency.half_life)
            found.recency = np.where(published == MISSING, 1.0, 1.0 + fading)
        if query.relevance.proximity and len(query.must) > 1:
            best = np.sort(self._best(docs, found.tiers, -found.scores, query.relevance.window))
            _check(deadline)
            for number, (left, right) in enumerate(pairwise(query.must)):
                lower = np.minimum(of_clauses[number], of_clauses[number + 1])[best]
                gaps = self._gaps(left, right, docs[best])
                found.proximity[best] += query.relevance.proximity * lower / gaps
                _check(deadline)
        return found

    def _clause(self, clause: Clause, relevance: Relevance, deadline: Deadline) -> _ClauseHits:
        """The documents that match, with the best alternative's score."""
        key = (clause, relevance.weights, relevance.k1, relevance.b)
        return self._index.kept(key, lambda: self._clause_hits(clause, relevance, deadline), lambda hits: hits.nbytes)

    def _clause_hits(self, clause: Clause, relevance: Relevance, deadline: Deadline) -> _ClauseHits:
        count = self._index.count
        there = np.zeros(count, np.bool_)
        certain = there
        best = np.zeros(count)
        for number, alternative in enumerate(clause.all_alternatives):
            if number == len(clause.alternatives):
                certain = there.copy()
            parts = []
            for part in self._fields(alternative, relevance):
                parts.append((part.docs, part.scores))
                _check(deadline)
            docs, scores = sum_by_doc(parts, count)
            there[docs] = True
            best[docs] = np.maximum(best[docs], scores)
        docs = np.flatnonzero(there).astype(np.int32)
        corrected = ~certain[docs] if clause.corrections else np.zeros(len(docs), np.bool_)
        return _ClauseHits(docs, best[docs], corrected)

    def _fields(self, alternative: Word | Phrase, relevance: Relevance) -> Iterator[_FieldHits]:
        """Where an alternative stands, field by field, with its boost and the fields' weights in the scores."""
        bm25 = Bm25(relevance.k1, relevance.b)
        weights = dict(relevance.weights)
        hits = self._word(alternative) if isinstance(alternative, Word) else self._phrase(alternative)
        for name, docs, freqs, holding, documents, rarity in hits:
            held = self._index.lengths(name)
            weight = alternative.boost * weights.get(name, 0.0)
            scores = weight * rarity * bm25.saturation(freqs, held.lengths[docs], held.average)
            yield _FieldHits(name, docs, freqs, scores, holding, documents)

    def _word(self, word: Word) -> Iterator[tuple[TextField, IntArray, IntArray, int, int, float]]:
        for name in word.fields or TextField:
            found = self._index.frequencies(name, word.tokens)
            holding, documents = len(found.docs), self._index.lengths(name).documents
            if holding:
                yield name, found.docs, found.freqs, holding, documents, idf(documents, holding)

    def _phrase(self, phrase: Phrase) -> Iterator[tuple[TextField, IntArray, IntArray, int, int, float]]:
        """A phrase counts for the field in which its first word stands, and is as rare as its words together."""
        for names in _spaces_of(phrase):
            starts = self._starts(phrase, names)
            if not len(starts):
                continue
            rarity = sum(self._rarity(names, tokens) for tokens in phrase.words)
            for name in names:
                own = self._index.occurrences((name,), phrase.words[0])
                docs, freqs = np.unique(occurrence_docs(starts[_contains(own, starts)]), return_counts=True)
                if len(docs):
                    documents = self._index.lengths(name).documents
                    yield name, docs.astype(np.int32), freqs.astype(np.int32), len(docs), documents, rarity

    def _starts(self, phrase: Phrase, names: Sequence[TextField]) -> Occurrences:
        """Where the phrase begins, as occurrences of its first word."""
        runs: list[Occurrences] = []
        for tokens, offset in zip(phrase.words, phrase.offsets, strict=True):
            places = self._index.occurrences(names, tokens)
            if not len(places):
                return _NOWHERE
            runs.append(places - (offset - phrase.offsets[0]))
        runs.sort(key=len)
        starts = runs[0]
        for places in runs[1:]:
            starts = starts[_contains(places, starts)]
        return np.unique(starts)

    def _rarity(self, names: Sequence[TextField], tokens: AnyOf) -> float:
        """The idf of a word over fields that share their positions."""
        held = np.zeros(self._index.count, np.bool_)
        filled = np.zeros(self._index.count, np.bool_)
        for name in names:
            held[self._index.frequencies(name, tokens).docs] = True
            filled |= self._index.lengths(name).lengths > 0
        return idf(int(np.count_nonzero(filled)), int(np.count_nonzero(held)))

    def _titled(self, title: Phrase) -> IntArray:
        """The documents whose title is this and nothing else."""
        starts = self._starts(title, (TextField.TITLE,))
        docs = occurrence_docs(starts[occurrence_places(starts) == 0]).astype(np.int32)
        places: NDArray[np.bool_] = self._index.lengths(TextField.TITLE).lengths[docs] == title.offsets[-1] + 1
        return docs[places]

    def _gaps(self, left: Clause, right: Clause, docs: IntArray) -> FloatArray:
        """How many places apart the words of two clauses stand at the closest in each document, infinite where they do not
        stand in one field; a pair the other way round stands one place further apart."""
        gaps = np.full(len(docs), np.inf)
        first = self._index.near_places(_NEAR_SPACES, _tokens(left)[:_NEAR_TOKENS], docs)
        second = self._index.near_places(_NEAR_SPACES, _tokens(right)[:_NEAR_TOKENS], docs)
        if not (len(first) and len(second)):
            return gaps
        behind = np.searchsorted(second, first, "right")
        after = np.where(behind < len(second), second[np.minimum(behind, len(second) - 1)] - first, _FAR)
        ahead = np.searchsorted(second, first, "left") - 1
        before = np.where(ahead >= 0, first - second[np.maximum(ahead, 0)] + 1, _FAR)
        apart = np.minimum(after, before)
        near = apart < _FAR
        np.minimum.at(gaps, occurrence_docs(first[near]), apart[near])
        return gaps

    def _rows_of(self, post_ids: Sequence[str], docs: IntArray) -> list[int]:
        """The rows of those of the documents that have these ids, in the order of the ids."""
        wanted = {post_id.encode("utf-8", "surrogatepass") for post_id in post_ids}
        rows = {post_id: row for row, doc in enumerate(docs.tolist()) if (post_id := self._index.ids[doc]) in wanted}
        encoded = (post_id.encode("utf-8", "surrogatepass") for post_id in post_ids)
        return [rows[post_id] for post_id in encoded if post_id in rows]

    def _clause_scores(
        self, clause: Clause, relevance: Relevance, docs: IntArray, deadline: Deadline
    ) -> list[ClauseScore]:
        """What the clause says of each of the documents (in any order)."""
        best = [ClauseScore(None, False, (), 0.0)] * len(docs)
        certain = np.zeros(len(docs), np.bool_)
        for number, alternative in enumerate(clause.all_alternatives):
            fields = self._field_scores(alternative, relevance, docs, deadline)
            for place, found in fields.items():
                score = sum(row.score for row in found)
                certain[place] |= number < len(clause.alternatives)
                if best[place].alternative is None or score > best[place].score:
                    best[place] = ClauseScore(alternative, False, tuple(found), score)
        return [
            replace(row, corrected=row.alternative is not None and not certain[place]) for place, row in enumerate(best)
        ]

    def _field_scores(
        self, alternative: Word | Phrase, relevance: Relevance, docs: IntArray, deadline: Deadline
    ) -> dict[int, list[FieldScore]]:
        """Where the alternative stands, by the place of the document among ``docs``."""
        scored: dict[int, list[FieldScore]] = {}
        for part in self._fields(alternative, relevance):
            _check(deadline)
            held = self._index.lengths(part.field)
            for place, row in enumerate(_rows_in(part.docs, docs).tolist()):
                if row >= 0:
                    score = FieldScore(
                        part.field,
                        int(part.freqs[row]),
                        int(held.lengths[docs[place]]),
                        held.average,
                        part.holding,
                        part.documents,
                        float(part.scores[row]),
                    )
                    scored.setdefault(place, []).append(score)
        return scored

    # Filters

    def _facet_filters(self, filters: PostFilters) -> Iterator[tuple[FacetField, Mask]]:
        """The filters that are also facets; each leaves its own facet's counts alone."""
        wanted = {
            FacetField.TAG: filters.tags,
            FacetField.CATEGORY: filters.categories,
            FacetField.AUTHOR: filters.authors,
            FacetField.SERIES: filters.series,
            FacetField.LANG: filters.langs,
            FacetField.COLLECTION: filters.collections,
        }
        for name, values in wanted.items():
            if values:
                every = name is FacetField.TAG and filters.tag_match is TagMatch.ALL
                yield name, self._all_of(name, values) if every else self._any_of(name, values)
        if filters.year is not None:
            yield FacetField.YEAR, self._index.numbers("year") == filters.year
        if filters.month is not None:
            yield FacetField.MONTH, self._index.numbers("month") == filters.month

    def _one_of(self, ids: frozenset[str]) -> Mask:
        return self._index.kept(
            ("among", ids),
            lambda: np.fromiter((_text(row) in ids for row in self._index.ids), np.bool_, self._index.count),
            lambda mask: mask.nbytes,
        )

    def _plain_filters(self, query: ExpandedQuery) -> Iterator[Mask]:
        """The filters that narrow everything."""
        filters = query.filters
        if query.among is not None:
            yield self._one_of(query.among)
        if filters.not_tags:
            yield ~self._any_of(FacetField.TAG, filters.not_tags)
        if filters.not_categories:
            yield ~self._any_of(FacetField.CATEGORY, filters.not_categories)
        if filters.featured is not None:
            yield self._index.numbers("featured") == int(filters.featured)
        yield from self._between("published_at", filters.published_after, filters.published_before)
        yield from self._between("updated_at", filters.updated_after, filters.updated_before)
        for row in query.restrictions:
            holds = self._any_of(row.field, (row.value,))
            yield ~holds if row.excluded else holds
        if query.visible_at is not None and not self._index.all_visible(query.visible_at):
            since, until = self._index.numbers("visible_from"), self._index.numbers("visible_until")
            yield (since == MISSING) | (since <= query.visible_at)
            yield (until == MISSING) | (until > query.visible_at)

    def _any_of(self, name: FacetField, values: Iterable[str]) -> Mask:
        mask = np.zeros(self._index.count, np.bool_)
        for value in values:
            mask[self._index.postings(name, value).docs] = True
        return mask

    def _all_of(self, name: FacetField, values: Iterable[str]) -> Mask:
        mask = np.ones(self._index.count, np.bool_)
        for value in values:
            mask &= self._any_of(name, (value,))
        return mask

    def _between(self, column: str, first: int | None, end: int | None) -> Iterator[Mask]:
        if first is None and end is None:
            return
        values = self._index.numbers(column)
        yield values != MISSING
        if first is not None:
            yield values >= first
        if end is not None:
            yield values < end

    # Order and facets

    def _hits(self, query: ExpandedQuery, found: _Found) -> tuple[EngineHit, ...]:
        wanted = query.offset + query.limit
        if query.offset >= len(found.docs):
            return ()
        scores = found.scores
        tiers, keys = self._sort_keys(query, found, scores)
        rows = self._best(found.docs, tiers, keys, wanted)
        return tuple(
            EngineHit(
                _text(self._index.ids[found.docs[row]]),
                float(scores[row]),
                int(found.corrections[row]),
                bool(found.exact_title[row]),
            )
            for row in rows[query.offset :].tolist()
        )

    def _best(self, docs: IntArray, tiers: NDArray[np.int64], keys: FloatArray, wanted: int) -> NDArray[np.intp]:
        """The rows of the first documents by tier, key, date and id, in that order."""
        rows = _first(tiers, keys, wanted)
        order = np.lexsort((self._index.newest_first[docs[rows]], keys[rows], tiers[rows]))
        return rows[order[:wanted]]

    def _sort_keys(
        self, query: ExpandedQuery, found: _Found, scores: FloatArray
    ) -> tuple[NDArray[np.int64], FloatArray]:
        """What to sort by first and then, rising; documents without the value last in both orders."""
        sign = 1.0 if query.order is Order.ASC else -1.0
        level = np.zeros(len(found.docs), np.int64)
        match query.sort:
            case Sort.RELEVANCE:
                return (-found.tiers if query.order is Order.ASC else found.tiers), sign * scores
            case Sort.TITLE:
                return level, sign * self._index.title_places[found.docs].astype(np.float64)
            case _:
                values = self._index.numbers(query.sort)[found.docs]
                return level, np.where(values == MISSING, np.inf, sign * values)

    def _facet(self, name: FacetField, docs: IntArray, limit: int) -> Facet:
        rows = self._index.facet_rows(name)
        counts = rows.counts(docs)
        order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
        shown = order[:limit]
        buckets = tuple(map(Bucket, map(rows.values.__getitem__, shown.tolist()), counts[shown].tolist()))
        return Facet(name, buckets, len(order) > limit)


def _check_cost(query: ExpandedQuery) -> None:
    if query.offset + query.limit > WINDOW:
        raise QueryTooCostly(f"a search reaches its first {WINDOW} hits; narrow it with filters")
    tokens = {token for clause in (*query.must, *query.should, *query.must_not) for token in _tokens(clause)}
    if len(tokens) > CLAUSE_BUDGET:
        raise QueryTooCostly(f"the query has {len(tokens)} tokens, at most {CLAUSE_BUDGET} are searched")


def _check(deadline: Deadline) -> None:
    if deadline.passed:
        raise _OutOfTime


def _spaces_of(phrase: Phrase) -> Iterator[list[TextField]]:
    """The fields in which the phrase is looked for: those that share their positions together."""
    for space in PHRASE_SPACES:
        names = [name for name in space if not phrase.fields or name in phrase.fields]
        if names:
            yield names


def _tokens(clause: Clause) -> AnyOf:
    """Every token that a clause asks for, once."""
    found: dict[str, None] = {}
    for alternative in clause.all_alternatives:
        for tokens in (alternative.tokens,) if isinstance(alternative, Word) else alternative.words:
            found |= dict.fromkeys(tokens)
    return tuple(found)


def _narrowed(docs: IntArray, filters: Mapping[FacetField, Mask], but: FacetField | None = None) -> IntArray:
    """What the facets' own filters let through, less the filter of one."""
    for name, lets_through in filters.items():
        if name is not but:
            docs = docs[lets_through[docs]]
    return docs


def _first(tiers: NDArray[np.int64], keys: FloatArray, wanted: int) -> NDArray[np.intp]:
    """The rows that come first by tier and key, at least ``wanted`` of them (all ties included), in no order.

    A full sort of everything for one page would be the larger part of a query.
    """
    rows = np.arange(len(keys))
    if len(rows) <= 2 * wanted:
        return rows
    taken = [rows[:0]]
    left = wanted
    lowest, highest = tiers.min(), tiers.max()
    for tier in np.unique(tiers) if lowest < highest else (lowest,):
        held = rows[tiers == tier] if lowest < highest else rows
        if len(held) > left:
            kept = keys[held]
            held = held[kept <= np.partition(kept, left - 1)[left - 1]]
        taken.append(held)
        left -= len(held)
        if left <= 0:
            break
    return np.concatenate(taken)


def _rows_in(held: IntArray, docs: IntArray) -> NDArray[np.intp]:
    """The row of each document among rising ones, -1 for those that are not there."""
    if not len(held):
        return np.full(len(docs), -1, np.intp)
    rows = np.minimum(np.searchsorted(held, docs), len(held) - 1)
    return np.where(held[rows] == docs, rows, -1)


def _of_docs(held: IntArray, values: NDArray[_Value], docs: IntArray, count: int) -> NDArray[_Value]:
    """Each document's value, 0 for those that are not held; ``held`` and ``docs`` rise and are below ``count``."""
    if len(docs) * _FEW < count:
        rows = _rows_in(held, docs)
        there = rows >= 0
        found = np.zeros(len(docs), values.dtype)
        found[there] = values[rows[there]]
        return found
    every = np.zeros(count, values.dtype)
    every[held] = values
    return every[docs]


def _contains(rising: Occurrences, wanted: Occurrences) -> Mask:
    """Which of the wanted numbers stand in the rising ones."""
    if not len(rising):
        return np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(rising, wanted), len(rising) - 1)
    found: Mask = np.equal(rising[places], wanted)
    return found


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-8", "surrogatepass")
