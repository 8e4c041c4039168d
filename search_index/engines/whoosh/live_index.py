"""An opened index as its live documents: numbered from 0 over all segments, with their values and postings as arrays.

Deleted documents are left out of everything here, so that no answer and no statistic knows of them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from search_index.engines.port import AnyOf, TextField
from search_index.engines.whoosh.postings import IntArray, PostingList, ranges
from search_index.engines.whoosh.schema import ID, MISSING, TITLE_KEY
from search_index.engines.whoosh.scoring import FloatArray
from search_index.engines.whoosh.segments import SegmentReader, read_segments
from search_index.query import FacetField

CACHE_BYTES = 64 * 1024 * 1024
"""Decoded posting lists that one searcher keeps, unless told otherwise."""

_SHORT_LISTS = 128 * 1024
"""Bytes of posting lists up to which the places of a query's words are kept."""

_FEW_TOKENS = 4
"""So many tokens are the stems of one word."""

_DOC_STRIDE = 1 << 40
_SPACE_STRIDE = 1 << 35
_POSITION_BIAS = 1 << 20

_PERIODS = {
    FacetField.YEAR: ("{:d}", ("year",)),
    FacetField.MONTH: ("{:04d}-{:02d}", ("year", "month")),
}
"""The facets of time: how a value is written, and the columns that it is made of."""

_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Rising documents, and how often something stands in each."""

    docs: IntArray
    freqs: IntArray


@dataclass(frozen=True, slots=True)
class FieldLengths:
    """A text field's places a document; ``documents`` have any."""

    lengths: FloatArray
    documents: int
    average: float


@dataclass(frozen=True, slots=True)
class FacetRows:
    """Document ``d`` has the values ``values[o]`` for ``o`` of ``ordinals[starts[d]:starts[d + 1]]``; values rise. ``single``:
    every document has one."""

    values: tuple[str, ...]
    starts: NDArray[np.intp]
    ordinals: NDArray[np.intp]
    single: bool

    @classmethod
    def of(cls, values: Sequence[str], sizes: NDArray[np.intp], ordinals: NDArray[np.intp]) -> FacetRows:
        """``sizes`` are the numbers of values of each document."""
        starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.intp)
        return cls(tuple(values), starts, ordinals, bool((sizes == 1).all()))

    def counts(self, docs: IntArray) -> NDArray[np.intp]:
        """In how many of the documents each value stands."""
        if self.single:
            return np.bincount(self.ordinals[docs], minlength=len(self.values))
        first = self.starts[docs]
        sizes = self.starts[docs + 1] - first
        return np.bincount(self.ordinals[ranges(first, sizes)], minlength=len(self.values))


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

    def all_visible(self, moment: int) -> bool:
        """Whether no document is hidden at this moment (UTC epoch seconds)."""
        since, until = self._once("visible", self._visible_span)
        return since <= moment < until

    def _visible_span(self) -> tuple[int, int]:
        since, until = self.numbers("visible_from"), self.numbers("visible_until")
        ending = until[until != MISSING]
        return int(since.max(initial=MISSING)), int(ending.min(initial=2**63 - 1))

    # Postings

    def postings(self, field: str, token: str) -> PostingList:
        """In which documents a token stands in a field, and how often, without its positions; all empty for an unknown
        one."""
        key = (field, token)
        return self._cache.get(key, lambda: self._read(field, token, with_positions=False), _postings_bytes)

    def frequencies(self, field: str, tokens: AnyOf) -> Frequencies:
        """In which documents any of the tokens stands in a field, and how often all of them together.

        The lists of many tokens are not kept: what comes of them is, and they would push out those of the words that people
        type.
        """
        lists = (
            (self.postings(field, token) for token in tokens)
            if len(tokens) <= _FEW_TOKENS
            else (self._read(field, token, with_positions=False) for token in tokens)
        )
        parts = [found for found in lists if len(found.docs)]
        if len(parts) == 1:
            return Frequencies(parts[0].docs, parts[0].freqs)
        docs, freqs = sum_by_doc([(part.docs, part.freqs) for part in parts], self.count)
        return Frequencies(docs, freqs.astype(np.int32))

    def occurrences(self, fields: Sequence[TextField], tokens: AnyOf) -> NDArray[np.int64]:
        """Every occurrence of any of the tokens in fields that share their positions, as one rising number, document before
        position; ``occurrence_docs`` and ``occurrence_places`` read them."""
        key = ("occurrences", tuple(fields), tokens)
        return self._cache.get(key, lambda: self._occurrences(fields, tokens), lambda found: found.nbytes)

    def near_places(self, spaces: Sequence[Sequence[TextField]], tokens: AnyOf, docs: IntArray) -> NDArray[np.int64]:
        """The occurrences of any of the tokens in some documents (rising numbers), as numbers that rise: those of one space
        of positions stand together, and ``occurrence_docs`` has the place of their document among ``docs``.

        Short lists are kept whole; of long ones, which would fill the cache, only what stands in these documents is read.
        """
        terms = [token.encode("utf-8", "surrogatepass") for token in tokens]
        fields = [field for space in spaces for field in space]
        size = sum(row.record_bytes(field, term) for row in self._segments for field in fields for term in terms)
        if size > _SHORT_LISTS:
            return self._near_places_of(docs, spaces, terms)
        found = self._cache.get(
            ("near", spaces, tokens),
            lambda: merged(
                [self._occurrences(space, tokens) + number * _SPACE_STRIDE for number, space in enumerate(spaces)]
            ),
            lambda found: found.nbytes,
        )
        starts = docs.astype(np.int64) * _DOC_STRIDE
        first = np.searchsorted(found, starts)
        sizes = np.searchsorted(found, starts + _DOC_STRIDE) - first
        moved = np.arange(len(docs), dtype=np.int64) * _DOC_STRIDE - starts
        return found[ranges(first, sizes)] + np.repeat(moved, sizes)

    def _near_places_of(
        self, docs: IntArray, spaces: Sequence[Sequence[TextField]], terms: Sequence[bytes]
    ) -> NDArray[np.int64]:
        parts: list[NDArray[np.int64]] = []
        for segment in self._segments:
            place, own = segment.own(docs)
            if not len(own):
                continue
            for number, fields in enumerate(spaces):
                for field in fields:
                    for term in terms:
                        if found := segment.positions_among(field, term, own):
                            among, positions = found
                            parts.append((among + place) * _DOC_STRIDE + number * _SPACE_STRIDE + positions)
        return merged(parts)

    def kept(self, key: Hashable, work_out: Callable[[], _Kept], size_of: Callable[[_Kept], int]) -> _Kept:
        """A value of a query's part from the bounded cache; ``size_of`` gives its bytes."""
        return self._cache.get(key, work_out, size_of)

    def facet_rows(self, field: FacetField) -> FacetRows:
        read = self._periods if field in _PERIODS else self._facet_rows
        return self._once(("facet", field), lambda: read(field))

    # Reading

    def _read(self, field: str, token: str, *, with_positions: bool) -> PostingList:
        term = token.encode("utf-8", "surrogatepass")
        parts = [row.postings(field, term, with_positions) for row in self._segments]
        return _joined_postings([part for part in parts if part is not None])

    def _occurrences(self, fields: Sequence[TextField], tokens: AnyOf) -> NDArray[np.int64]:
        parts = []
        for field in fields:
            for token in tokens:
                found = self._read(field, token, with_positions=True)
                docs = np.repeat(found.docs.astype(np.int64), found.freqs)
                parts.append(docs * _DOC_STRIDE + found.positions + _POSITION_BIAS)
        return merged(parts)

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
        docs = np.concatenate(parts) if parts else np.zeros(0, np.int32)
        ordinals = np.repeat(np.arange(len(values)), [len(part) for part in parts])
        return FacetRows.of(
            [value.decode("utf-8", "surrogatepass") for value in values],
            np.bincount(docs, minlength=self.count),
            ordinals[np.argsort(docs, kind="stable")],
        )

    def _periods(self, field: FacetField) -> FacetRows:
        """The years, or years and months, of the documents that have them."""
        form, columns = _PERIODS[field]
        numbers = [self.numbers(column) for column in columns]
        dated = numbers[0] != MISSING
        found, ordinals = np.unique(np.stack([column[dated] for column in numbers]), axis=1, return_inverse=True)
        texts = [form.format(*row) for row in found.T.tolist()]
        by_text = sorted(range(len(texts)), key=texts.__getitem__)
        places = np.empty(len(texts), np.intp)
        places[by_text] = np.arange(len(texts))
        return FacetRows.of([texts[row] for row in by_text], dated.astype(np.intp), places[ordinals.reshape(-1)])

    def _strings(self, column: str) -> list[bytes]:
        return [value for row in self._segments for value in row.strings(column)]

    def _joined(self, parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def _once(self, key: Hashable, work_out: Callable[[], _Kept]) -> _Kept:
        """Kept as long as the index is open; two threads may work it out at once, to the same end."""
        if key not in self._values:
            self._values[key] = work_out()
        return cast("_Kept", self._values[key])


def sum_by_doc(parts: Sequence[tuple[IntArray, NDArray[Any]]], count: int) -> tuple[IntArray, FloatArray]:
    """The rising documents of all parts, and the sum of what the parts say of each. ``count`` bounds the documents."""
    if not parts:
        return np.zeros(0, np.int32), np.zeros(0)
    docs = np.concatenate([part[0] for part in parts])
    values = np.concatenate([part[1] for part in parts])
    if len(docs) * 8 > count:
        there = np.zeros(count, np.bool_)
        there[docs] = True
        found = np.flatnonzero(there)
        return found.astype(np.int32), np.bincount(docs, values, count)[found].astype(np.float64, copy=False)
    rising, places = np.unique(docs, return_inverse=True)
    return rising.astype(np.int32), np.bincount(places, values, len(rising)).astype(np.float64, copy=False)


def merged(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The numbers of all parts, rising."""
    filled = [part for part in parts if len(part)]
    if len(filled) == 1:
        return filled[0]
    return np.sort(np.concatenate(filled)) if filled else np.zeros(0, np.int64)


def occurrence_docs(occurrences: NDArray[np.int64]) -> NDArray[np.int64]:
    """The document of each occurrence."""
    return occurrences // _DOC_STRIDE


def occurrence_places(occurrences: NDArray[np.int64]) -> NDArray[np.int64]:
    """The position of each occurrence."""
    return occurrences % _DOC_STRIDE - _POSITION_BIAS


class _LiveSegment:
    """One segment's live documents, numbered on from ``first``."""

    def __init__(self, reader: SegmentReader, live: NDArray[np.bool_], first: int) -> None:
        self._reader = reader
        self._first = first
        self._live = None if live.all() else live
        self._live_count = int(live.sum())
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

    def own(self, docs: IntArray) -> tuple[int, IntArray]:
        """Which of the rising documents are of this segment: the place of the first, and their numbers in the segment."""
        start, end = np.searchsorted(docs, (self._first, self._first + self._live_count)).tolist()
        own = docs[start:end] - np.int32(self._first)
        return start, own if self._live is None else np.flatnonzero(self._live)[own].astype(np.int32)

    def record_bytes(self, field: TextField, term: bytes) -> int:
        """The size of a posting list as it is written; 0 for an unknown term."""
        return self._reader.record_bytes(field, term)

    def positions_among(
        self, field: TextField, term: bytes, docs: IntArray
    ) -> tuple[NDArray[np.intp], NDArray[np.int64]] | None:
        """As ``SegmentReader.positions_among``; ``docs`` are numbers in the segment."""
        return self._reader.positions_among(field, term, docs)

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
