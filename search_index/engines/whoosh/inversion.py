"""From documents to a segment's posting lists, in memory and by sorting numbers; and the merging of segments."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from search_index.engines.whoosh.codec import PostingLists
from search_index.engines.whoosh.postings import IntArray, PostingList, UintArray

LISTS_AT_A_TIME = 1_000_000
"""Postings and positions that are encoded together while merging."""


class _Numbers(dict[str, int]):
    """Token -> number, in the order in which tokens are first met."""

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        return number


class FieldInversion:
    """The tokens of one field, document by document, until they are asked for by token."""

    def __init__(self) -> None:
        self._numbers = _Numbers()
        self._tokens = array("I")
        self._positions = array("I")
        self._docs = array("I")
        self._counts = array("I")

    def add(self, doc: int, tokens: Sequence[str], positions: Iterable[int]) -> None:
        """``doc`` rises from call to call; ``positions`` do not fall."""
        self._tokens.extend(map(self._numbers.__getitem__, tokens))
        self._positions.extend(positions)
        self._docs.append(doc)
        self._counts.append(len(tokens))

    def lists(self, *, with_positions: bool) -> PostingLists:
        """Every token's posting list, tokens rising by their UTF-8."""
        if not self._tokens:
            return _no_lists()
        by_token = sorted((token.encode("utf-8", "surrogatepass"), number) for token, number in self._numbers.items())
        ranks = np.empty(len(by_token), np.uint64)
        ranks[[number for _, number in by_token]] = np.arange(len(by_token), dtype=np.uint64)
        token_ranks, order = _stable_sort(ranks[np.frombuffer(self._tokens, np.uint32)])
        docs = np.repeat(np.frombuffer(self._docs, np.uint32), np.frombuffer(self._counts, np.uint32))[order]
        positions = np.frombuffer(self._positions, np.uint32)[order]
        del order
        new_list = _changes(token_ranks)
        new_posting = new_list | _changes(docs)
        fresh = new_posting | _changes(positions)
        if not fresh.all():  # a token that was given twice at one place
            new_list, new_posting = new_list[fresh], new_posting[fresh]
            docs, positions = docs[fresh], positions[fresh]
        postings_at = np.flatnonzero(new_posting)
        list_places = np.append(np.flatnonzero(new_list), len(docs))
        return PostingLists(
            terms=[token for token, _ in by_token],
            docs=docs[postings_at].astype(np.int32),
            freqs=np.diff(np.append(postings_at, len(docs))).astype(np.int32),
            positions=(positions if with_positions else positions[:0]).astype(np.int32),
            bounds=np.searchsorted(postings_at, list_places),
            places=list_places if with_positions else np.zeros_like(list_places),
        )


def _stable_sort(keys: NDArray[np.uint64]) -> tuple[UintArray, UintArray]:
    """The sorted keys (below 2**32) and the order that sorts them; equal keys keep theirs. ``keys`` is used up.

    Sorting key and place as one number is several times faster than a stable argsort.
    """
    keys <<= np.uint64(32)
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    order = keys.astype(np.uint32)
    keys >>= np.uint64(32)
    return keys.astype(np.uint32), order


def _changes(values: UintArray) -> NDArray[np.bool_]:
    """Where a value is another than the one before it; True for the first."""
    changes = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes


def _no_lists() -> PostingLists:
    nothing = np.zeros(0, np.int32)
    start = np.zeros(1, np.intp)
    return PostingLists((), nothing, nothing, nothing, start, start)


def merge_lists(
    sources: Sequence[Iterable[tuple[bytes, PostingList]]], new_docs: Sequence[IntArray]
) -> Iterator[PostingLists]:
    """The posting lists of several segments' field as one, in portions.

    Each source gives its terms in rising order; ``new_docs[i]`` has the new number of every document of source ``i``, -1
    for one that is left out. New numbers rise from source to source.
    """
    numbered = [_numbered(row, source) for row, source in enumerate(sources)]
    terms: list[bytes] = []
    gathered: list[PostingList] = []
    gathered_of: list[int] = []
    size = 0
    for term, group in groupby(merge(*numbered, key=itemgetter(0, 1)), key=itemgetter(0)):
        parts = [_renumbered(postings, new_docs[row]) for _, row, postings in group]
        count = sum(len(part.docs) for part in parts)
        if not count:
            continue
        terms.append(term)
        gathered += parts
        gathered_of.append(count)
        size += count + sum(len(part.positions) for part in parts)
        if size >= LISTS_AT_A_TIME:
            yield _joined(terms, gathered, gathered_of)
            terms, gathered, gathered_of, size = [], [], [], 0
    if terms:
        yield _joined(terms, gathered, gathered_of)


def _numbered(row: int, source: Iterable[tuple[bytes, PostingList]]) -> Iterator[tuple[bytes, int, PostingList]]:
    for term, postings in source:
        yield term, row, postings


def _renumbered(postings: PostingList, new_docs: IntArray) -> PostingList:
    docs = new_docs[postings.docs]
    kept = docs >= 0
    if kept.all():
        return PostingList(docs, postings.freqs, postings.positions)
    positions = postings.positions
    if len(positions):
        positions = positions[np.repeat(kept, postings.freqs)]
    return PostingList(docs[kept], postings.freqs[kept], positions)


def _joined(terms: list[bytes], parts: list[PostingList], counts: list[int]) -> PostingLists:
    freqs = np.concatenate([part.freqs for part in parts])
    positions = np.concatenate([part.positions for part in parts])
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
    places = (
        np.concatenate([[0], np.cumsum(freqs)]).astype(np.intp)[bounds] if len(positions) else np.zeros_like(bounds)
    )
    return PostingLists(terms, np.concatenate([part.docs for part in parts]), freqs, positions, bounds, places)
