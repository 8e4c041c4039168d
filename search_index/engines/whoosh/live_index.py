"""An opened index as its live documents: numbered from 0 over all segments, with their values and postings as arrays.

Deleted documents are left out of everything here, so that no answer and no statistic knows of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from search_index.engines.port import TextField
from search_index.engines.whoosh.postings import IntArray, PostingList
from search_index.engines.whoosh.schema import ID, TITLE_KEY
from search_index.engines.whoosh.scoring import FloatArray, idf, saturation
from search_index.engines.whoosh.segments import SegmentReader, read_segments
from search_index.query import FacetField

CACHE_BYTES = 64 * 1024 * 1024
"""Decoded posting lists that one searcher keeps, unless told otherwise."""

_DOC_STRIDE = 1 << 40
_POSITION_BIAS = 1 << 20

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Scored:
    """The documents that hold a token in a field, and what it adds to their scores (before weight and boost)."""

    docs: IntArray
    scores: FloatArray

    @property
    def nbytes(self) -> int:
        return self.docs.nbytes + self.scores.nbytes


@dataclass(frozen=True, slots=True)
class FieldLengths:
    """A text field's places a document; ``documents`` have any."""

    lengths: FloatArray
    documents: int
    average: float


@dataclass(frozen=True, slots=True)
class FacetRows:
    """Document ``docs[i]`` has value ``values[ordinals[i]]``; values rise."""

    values: tuple[str, ...]
    docs: IntArray
    ordinals: IntArray


class LiveIndex:
    """A fixed view of one index folder; safe from several threads."""

    def __init__(self, folder: Path, cache_bytes: int) -> None:
        self.folder = folder
        with ExitStack() as opened:
            readers = [opened.enter_context(closing(SegmentReader(folder, row))) for row in read_segments(folder)]
            self._segments = []
            first = 0
            for reader in readers:
                live = reader.live
                self._segments.append(_LiveSegment(reader, live, first))
                first += int(live.sum())
            self.count = first
            self._open = opened.pop_all()
        self._cache = _Cache(cache_bytes)
        self._values: dict[Hashable, object] = {}

    def close(self) -> None:
        self._open.close()

    # Values of every document

    @cached_property
    def ids(self) -> list[bytes]:
        return self._strings(ID)

    def numbers(self, column: str) -> NDArray[np.int64]:
        """A number column, ``MISSING`` where there is no value."""
        return self._once(("numbers", column), lambda: self._joined([row.numbers(column) for row in self._segments]))

    def lengths(self, field: TextField) -> FieldLengths:
        return self._once(("lengths", field), lambda: self._lengths(field))

    @cached_property
    def newest_first(self) -> IntArray:
        """Each document's place in the order of ties: newest published first, undated ones last, then by id."""
        by_id = _ranks(self.ids)
        order = np.lexsort((by_id, -self.numbers("published_at").astype(np.float64)))
        places = np.empty(self.count, np.int32)
        places[order] = np.arange(self.count, dtype=np.int32)
        return places

    @cached_property
    def title_places(self) -> NDArray[np.int64]:
        """Each document's place by title; equal titles share theirs."""
        return _ranks(self._strings(TITLE_KEY))

    # Postings

    def postings(self, field: str, token: str, *, with_positions: bool = False) -> PostingList:
        """Where a token stands in a field; all empty for an unknown one."""
        key = (field, token, with_positions)
        return self._cache.get(key, lambda: self._read(field, token, with_positions), _postings_bytes)

    def scored(self, field: TextField, token: str) -> Scored:
        """The documents that hold a token in a field, with its BM25."""
        return self._cache.get((field, token), lambda: self._score(field, token), lambda scored: scored.nbytes)

    def occurrences(self, field: TextField, token: str) -> NDArray[np.int64]:
        """Every occurrence as one rising number, document before position; ``occurrence_docs`` reads them."""
        postings = self.postings(field, token, with_positions=True)
        docs = np.repeat(postings.docs.astype(np.int64), postings.freqs)
        return docs * _DOC_STRIDE + postings.positions + _POSITION_BIAS

    def facet_rows(self, field: FacetField) -> FacetRows:
        return self._once(("facet", field), lambda: self._facet_rows(field))

    # Reading

    def _read(self, field: str, token: str, with_positions: bool) -> PostingList:
        term = token.encode("utf-8", "surrogatepass")
        parts = [row.postings(field, term, with_positions) for row in self._segments]
        return _joined_postings([part for part in parts if part is not None])

    def _score(self, field: TextField, token: str) -> Scored:
        postings = self.postings(field, token)
        held = self.lengths(field)
        rarity = idf(held.documents, len(postings.docs))
        return Scored(postings.docs, rarity * saturation(postings.freqs, held.lengths[postings.docs], held.average))

    def _lengths(self, field: TextField) -> FieldLengths:
        lengths = self._joined([row.lengths(field) for row in self._segments])
        documents = int(np.count_nonzero(lengths))
        return FieldLengths(lengths.astype(np.float64), documents, float(lengths.sum()) / max(documents, 1))

    def _facet_rows(self, field: FacetField) -> FacetRows:
        found: dict[bytes, list[IntArray]] = {}
        for row in self._segments:
            for value, docs in row.values(field):
                found.setdefault(value, []).append(docs)
        values = sorted(value for value, rows in found.items() if any(len(row) for row in rows))
        parts: list[IntArray] = [np.concatenate(found[value]) for value in values]
        ordinals = np.repeat(np.arange(len(values), dtype=np.int32), [len(part) for part in parts])
        return FacetRows(
            tuple(value.decode("utf-8", "surrogatepass") for value in values),
            np.concatenate(parts) if parts else np.zeros(0, np.int32),
            ordinals,
        )

    def _strings(self, column: str) -> list[bytes]:
        return [value for row in self._segments for value in row.strings(column)]

    def _joined(self, parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def _once(self, key: Hashable, work_out: Callable[[], _Kept]) -> _Kept:
        """Kept as long as the index is open; two threads may work it out at once, to the same end."""
        if key not in self._values:
            self._values[key] = work_out()
        return cast("_Kept", self._values[key])


def occurrence_docs(occurrences: NDArray[np.int64]) -> NDArray[np.int64]:
    """The document of each occurrence."""
    return occurrences // _DOC_STRIDE


class _LiveSegment:
    """One segment's live documents, numbered on from ``first``."""

    def __init__(self, reader: SegmentReader, live: NDArray[np.bool_], first: int) -> None:
        self._reader = reader
        self._first = first
        self._live = None if live.all() else live
        self._numbers = (np.cumsum(live) - 1 + first).astype(np.int32)

    def numbers(self, column: str) -> NDArray[np.int64]:
        return self._kept(self._reader.numbers(column))

    def lengths(self, field: TextField) -> NDArray[np.int64]:
        return self._kept(self._reader.lengths(field))

    def strings(self, column: str) -> list[bytes]:
        values = self._reader.strings(column)
        return values if self._live is None else [values[doc] for doc in np.flatnonzero(self._live)]

    def postings(self, field: str, term: bytes, with_positions: bool) -> PostingList | None:
        found = self._reader.postings(field, term, with_positions=with_positions)
        return None if found is None else self._numbered(found)

    def values(self, field: FacetField) -> list[tuple[bytes, IntArray]]:
        return [(term, self._numbered(found).docs) for term, found in self._reader.all_postings(field)]

    def _kept(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        return values if self._live is None else values[self._live]

    def _numbered(self, found: PostingList) -> PostingList:
        if self._live is None:
            return PostingList(found.docs + np.int32(self._first), found.freqs, found.positions)
        live = self._live[found.docs]
        positions = found.positions
        if len(positions):
            positions = positions[np.repeat(live, found.freqs)]
        return PostingList(self._numbers[found.docs[live]], found.freqs[live], positions)


class _Cache:
    """The most recently used values up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._rows: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, work_out: Callable[[], _Kept], size_of: Callable[[_Kept], int]) -> _Kept:
        with self._lock:
            row = self._rows.get(key)
            if row is not None:
                self._rows.move_to_end(key)
                return cast("_Kept", row[0])
        value = work_out()
        size = size_of(value) + _ROW_BYTES
        with self._lock:
            if key not in self._rows:
                self._rows[key] = value, size
                self._size += size
            while self._size > self._limit:
                _, (_, freed) = self._rows.popitem(last=False)
                self._size -= freed
        return value


_ROW_BYTES = 500
"""What a row costs beside its arrays' contents."""


def _postings_bytes(postings: PostingList) -> int:
    return postings.docs.nbytes + postings.freqs.nbytes + postings.positions.nbytes


def _joined_postings(parts: list[PostingList]) -> PostingList:
    if not parts:
        nothing = np.zeros(0, np.int32)
        return PostingList(nothing, nothing, nothing)
    if len(parts) == 1:
        return parts[0]
    return PostingList(
        np.concatenate([part.docs for part in parts]),
        np.concatenate([part.freqs for part in parts]),
        np.concatenate([part.positions for part in parts]),
    )


def _ranks(values: list[bytes]) -> NDArray[np.int64]:
    """Each value's place among the distinct values in rising order."""
    places = {value: place for place, value in enumerate(sorted(set(values)))}
    return np.array([places[value] for value in values], np.int64)
