"""The searcher: clauses to masks and scores, filters to masks, facets to counts, and one order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search_index.engines.port import (
    PHRASE_SPACES,
    Bucket,
    Clause,
    Deadline,
    EngineHit,
    ExpandedQuery,
    Facet,
    Phrase,
    QueryTooCostly,
    SearchPage,
    TextField,
    Token,
)
from search_index.engines.whoosh.live_index import LiveIndex, occurrence_docs
from search_index.engines.whoosh.postings import IntArray
from search_index.engines.whoosh.schema import MISSING
from search_index.engines.whoosh.scoring import FloatArray, idf, saturation
from search_index.engines.whoosh.segments import unavailable_if_damaged
from search_index.query import WINDOW, FacetField, Order, PostFilters, Sort, TagMatch

CLAUSE_BUDGET = 2_048
"""The most tokens that the clauses of one query may have together."""

Mask = NDArray[np.bool_]
Occurrences = NDArray[np.int64]

_NOWHERE: Occurrences = np.zeros(0, np.int64)


@dataclass(slots=True)
class _Found:
    """What of a query has been worked out. ``narrowed[f]`` is what facet ``f``'s own filter lets through; ``rest`` what
    everything else does."""

    rest: Mask
    scores: FloatArray
    narrowed: dict[FacetField, Mask] = field(default_factory=dict)

    def matches(self, but: FacetField | None = None) -> Mask:
        """What matches, less the filter of one facet."""
        mask = self.rest
        for name, lets_through in self.narrowed.items():
            if name is not but:
                mask = mask & lets_through
        return mask


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
                found = self._find(query, deadline)
            except _OutOfTime:
                return SearchPage((), 0, (), complete=False)
            mask = found.matches()
            hits = self._hits(query, mask, found.scores)
            facets: list[Facet] = []
            for name in query.facets:
                if deadline.passed:
                    break
                facets.append(self._facet(name, found.matches(but=name), query.facet_limit))
            complete = len(facets) == len(query.facets)
            return SearchPage(hits, int(np.count_nonzero(mask)), tuple(facets), complete)

    def ids(self) -> frozenset[str]:
        return frozenset(map(_text, self._index.ids))

    def close(self) -> None:
        self._index.close()

    def _find(self, query: ExpandedQuery, deadline: Deadline) -> _Found:
        index = self._index
        found = _Found(np.ones(index.count, np.bool_), np.zeros(index.count))
        weights = dict(query.weights)
        for clause in query.must:
            _check(deadline)
            mask, scores = self._clause(clause, weights)
            found.rest &= mask
            found.scores += scores
        any_of = np.zeros(index.count, np.bool_)
        for clause in query.should:
            _check(deadline)
            mask, scores = self._clause(clause, weights)
            any_of |= mask
            found.scores += scores
        if query.should and not query.must:
            found.rest &= any_of
        for clause in query.must_not:
            _check(deadline)
            found.rest &= ~self._clause(clause, weights)[0]
        _check(deadline)
        found.rest &= self._plain_filters(query.filters)
        for row in query.restrictions:
            holds = self._any_of(row.field, (row.value,))
            found.rest &= ~holds if row.excluded else holds
        found.narrowed = dict(self._facet_filters(query.filters))
        if query.visible_at is not None:
            since, until = index.numbers("visible_from"), index.numbers("visible_until")
            found.rest &= (since == MISSING) | (since <= query.visible_at)
            found.rest &= (until == MISSING) | (until > query.visible_at)
        return found

    # Clauses

    def _clause(self, clause: Clause, weights: dict[TextField, float]) -> tuple[Mask, FloatArray]:
        """Which documents match, and their scores: the best alternative's, 0 where none matches."""
        mask = np.zeros(self._index.count, np.bool_)
        best = np.zeros(self._index.count)
        for alternative in clause.alternatives:
            scores = np.zeros(self._index.count)
            parts = self._token(alternative) if isinstance(alternative, Token) else self._phrase(alternative)
            for name, docs, of_field in parts:
                mask[docs] = True
                scores[docs] += alternative.boost * weights.get(name, 0.0) * of_field
            np.maximum(best, scores, out=best)
        return mask, best

    def _token(self, token: Token) -> Iterator[tuple[TextField, IntArray, FloatArray]]:
        for name in token.fields or TextField:
            scored = self._index.scored(name, token.text)
            yield name, scored.docs, scored.scores

    def _phrase(self, phrase: Phrase) -> Iterator[tuple[TextField, IntArray, FloatArray]]:
        """A phrase counts for the field in which its first token stands."""
        for space in PHRASE_SPACES:
            names = [name for name in space if not phrase.fields or name in phrase.fields]
            starts = self._starts(phrase, names) if names else _NOWHERE
            if not len(starts):
                continue
            rarity = sum(self._rarity(names, token) for token in phrase.tokens)
            for name in names:
                own = self._index.occurrences(name, phrase.tokens[0])
                docs, freqs = np.unique(occurrence_docs(starts[_contains(own, starts)]), return_counts=True)
                held = self._index.lengths(name)
                scores = rarity * saturation(freqs.astype(np.int32), held.lengths[docs], held.average)
                yield name, docs.astype(np.int32), scores

    def _starts(self, phrase: Phrase, names: Sequence[TextField]) -> Occurrences:
        """Where the phrase begins, as occurrences of its first token."""
        runs: list[Occurrences] = []
        for token, offset in zip(phrase.tokens, phrase.offsets, strict=True):
            places = _merged([self._index.occurrences(name, token) for name in names])
            if not len(places):
                return _NOWHERE
            runs.append(places - (offset - phrase.offsets[0]))
        runs.sort(key=len)
        starts = runs[0]
        for places in runs[1:]:
            starts = starts[_contains(places, starts)]
        return starts

    def _rarity(self, names: Sequence[TextField], token: str) -> float:
        """The idf of a token over fields that share their positions."""
        held = np.zeros(self._index.count, np.bool_)
        filled = np.zeros(self._index.count, np.bool_)
        for name in names:
            held[self._index.postings(name, token).docs] = True
            filled |= self._index.lengths(name).lengths > 0
        return idf(int(np.count_nonzero(filled)), int(np.count_nonzero(held)))

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

    def _plain_filters(self, filters: PostFilters) -> Mask:
        """The filters that narrow everything."""
        mask = ~self._any_of(FacetField.TAG, filters.not_tags) & ~self._any_of(
            FacetField.CATEGORY, filters.not_categories
        )
        if filters.month is not None:
            mask &= self._index.numbers("month") == filters.month
        if filters.featured is not None:
            mask &= self._index.numbers("featured") == int(filters.featured)
        mask &= self._between("published_at", filters.published_after, filters.published_before)
        mask &= self._between("updated_at", filters.updated_after, filters.updated_before)
        return mask

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

    def _between(self, column: str, first: int | None, end: int | None) -> Mask:
        if first is None and end is None:
            return np.ones(self._index.count, np.bool_)
        values = self._index.numbers(column)
        mask: Mask = np.not_equal(values, MISSING)
        if first is not None:
            mask &= values >= first
        if end is not None:
            mask &= values < end
        return mask

    # Order and facets

    def _hits(self, query: ExpandedQuery, mask: Mask, scores: FloatArray) -> tuple[EngineHit, ...]:
        wanted = query.offset + query.limit
        docs = np.flatnonzero(mask)
        if not query.limit or query.offset >= len(docs):
            return ()
        keys = self._sort_keys(query, scores)[docs]
        if len(docs) > 2 * wanted:  # a full sort of everything for one page is the larger part of a query
            first = keys <= np.partition(keys, wanted - 1)[wanted - 1]
            docs, keys = docs[first], keys[first]
        order = np.lexsort((self._index.newest_first[docs], keys))[query.offset : wanted]
        return tuple(EngineHit(_text(self._index.ids[doc]), float(scores[doc])) for doc in docs[order].tolist())

    def _sort_keys(self, query: ExpandedQuery, scores: FloatArray) -> FloatArray:
        """What to sort by, rising; documents without the value last in both orders."""
        sign = 1.0 if query.order is Order.ASC else -1.0
        match query.sort:
            case Sort.RELEVANCE:
                return sign * scores
            case Sort.TITLE:
                return sign * self._index.title_places.astype(np.float64)
            case _:
                values = self._index.numbers(query.sort)
                return np.where(values == MISSING, np.inf, sign * values)

    def _facet(self, name: FacetField, mask: Mask, limit: int) -> Facet:
        values, counts = self._years(mask) if name is FacetField.YEAR else self._counts(name, mask)
        order = np.lexsort((np.arange(len(counts)), -counts))
        order = order[: np.count_nonzero(counts)]
        buckets = tuple(Bucket(values[row], int(counts[row])) for row in order[:limit].tolist())
        return Facet(name, buckets, len(order) > limit)

    def _counts(self, name: FacetField, mask: Mask) -> tuple[Sequence[str], NDArray[np.intp]]:
        rows = self._index.facet_rows(name)
        return rows.values, np.bincount(rows.ordinals[mask[rows.docs]], minlength=len(rows.values))

    def _years(self, mask: Mask) -> tuple[Sequence[str], NDArray[np.intp]]:
        years = self._index.numbers("year")
        found, counts = np.unique(years[mask & (years != MISSING)], return_counts=True)
        by_text = sorted(zip(map(str, found.tolist()), counts.tolist(), strict=True))
        return [text for text, _ in by_text], np.array([count for _, count in by_text], np.intp)


def _check_cost(query: ExpandedQuery) -> None:
    if query.offset + query.limit > WINDOW:
        raise QueryTooCostly(f"a search reaches its first {WINDOW} hits; narrow it with filters")
    clauses = (*query.must, *query.should, *query.must_not)
    tokens = sum(1 if isinstance(row, Token) else len(row.tokens) for clause in clauses for row in clause.alternatives)
    if tokens > CLAUSE_BUDGET:
        raise QueryTooCostly(f"the query has {tokens} tokens, at most {CLAUSE_BUDGET} are searched")


def _check(deadline: Deadline) -> None:
    if deadline.passed:
        raise _OutOfTime


def _merged(parts: Sequence[Occurrences]) -> Occurrences:
    """The numbers of all parts, rising."""
    filled = [part for part in parts if len(part)]
    if len(filled) == 1:
        return filled[0]
    return np.sort(np.concatenate(filled)) if filled else _NOWHERE


def _contains(rising: Occurrences, wanted: Occurrences) -> Mask:
    """Which of the wanted numbers stand in the rising ones."""
    if not len(rising):
        return np.zeros(len(wanted), np.bool_)
    places = np.minimum(np.searchsorted(rising, wanted), len(rising) - 1)
    found: Mask = np.equal(rising[places], wanted)
    return found


def _text(encoded: bytes) -> str:
    return encoded.decode("utf-8", "surrogatepass")
