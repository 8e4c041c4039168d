"""Whoosh's codec with posting lists that are arrays.

Term dictionary, per-document columns, table of contents and compound files are Whoosh's own; only what a term's extent in
the postings file holds is ours (``postings``). Any Whoosh searcher reads such an index through ``ArrayCodec``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.engines.whoosh.border import ListMatcher, W3Codec, W3FieldWriter, W3TermInfo
from search_index.engines.whoosh.postings import IntArray, decode, encode_all
from search_index.engines.whoosh.schema import Positions

_FIELD_KEY = Struct("!H")


@dataclass(frozen=True, slots=True)
class PostingLists:
    """The posting lists of rising terms of one field, one behind the other (``encode_all`` says how)."""

    terms: Sequence[bytes]
    docs: IntArray
    freqs: IntArray
    positions: IntArray
    bounds: NDArray[np.intp]
    places: NDArray[np.intp]


def extent(about: Any) -> tuple[int, int]:
    """Where a term's record stands in the postings file: offset and length in bytes."""
    offset, length = about.extent()
    return offset, length[0] if isinstance(length, tuple) else length  # read back, Whoosh's length is a tuple of one


class ArrayCodec(W3Codec):  # type: ignore[misc]  # whoosh has no types
    """The codec of every segment that Octavo writes."""

    def field_writer(self, storage: Any, segment: Any) -> ArrayFieldWriter:
        return ArrayFieldWriter(self, storage, segment)

    def postings_reader(self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None) -> Any:
        postings = decode(dbfile.get(*extent(terminfo)))
        values: list[bytes | None] = [None] * len(postings.docs)
        if isinstance(format_, Positions):
            parts = np.split(postings.positions, np.cumsum(postings.freqs)[:-1])
            values = [part.astype(">u4").tobytes() for part in parts]
        return ListMatcher(
            postings.docs.tolist(),
            postings.freqs.astype(float).tolist(),
            values,
            format_,
            scorer=scorer,
            term=term,
            terminfo=terminfo,
        )


class ArrayFieldWriter(W3FieldWriter):  # type: ignore[misc]  # whoosh has no types
    """Writes many posting lists at a time; Whoosh's way of one posting at a time is not used."""

    @property
    def written(self) -> int:
        """The length of the postings file so far."""
        length: int = self._postfile.tell()
        return length

    def add_lists(self, lists: PostingLists, lengths: NDArray[np.int64]) -> list[int]:
        """Add posting lists of the field that was started; ``lengths`` are the field's, a document each.

        Returns the length of each term's record.
        """
        if not lists.terms:
            return []
        starts = lists.bounds[:-1]
        weights = np.add.reduceat(lists.freqs, starts).tolist()
        highest = np.maximum.reduceat(lists.freqs, starts).tolist()
        held = lengths[lists.docs]
        shortest = np.minimum.reduceat(held, starts).tolist()
        longest = np.maximum.reduceat(held, starts).tolist()
        counts = np.diff(lists.bounds).tolist()
        first = lists.docs[starts].tolist()
        last = lists.docs[lists.bounds[1:] - 1].tolist()
        records = encode_all(lists.docs, lists.freqs, lists.positions, lists.bounds, lists.places)
        key = _FIELD_KEY.pack(self._fieldid)
        offset = self._postfile.tell()
        for row, (term, record) in enumerate(zip(lists.terms, records, strict=True)):
            about = W3TermInfo(
                weights[row], counts[row], shortest[row], longest[row], highest[row], first[row], last[row]
            )
            about.set_extent(offset, len(record))
            self._tindex.add(key + term, about.to_bytes())
            self._postfile.write(record)
            offset += len(record)
        return [*map(len, records)]
