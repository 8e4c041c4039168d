"""The terms of one field in a segment, found by bisection in the memory map.

Whoosh's own term dictionary stands in the segment too; it costs ten times as much to ask, and knows no ranges. A table is
the number of terms, where each term's bytes begin, where its record begins in the postings file, and the terms in rising
order.
"""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np


def encode_terms(terms: Sequence[bytes], lengths: Sequence[int], first: int) -> bytes:
    """The table of rising terms whose records lie one behind the other from ``first`` in the postings file."""
    ends = np.cumsum([0, *map(len, terms)], dtype="<u8")
    records = np.cumsum([first, *lengths], dtype="<u8")
    return b"".join((len(terms).to_bytes(8, "little"), ends.tobytes(), records.tobytes(), *terms))


_BLOCK = 16


class TermTable:
    """The terms at an offset of a memory map. Keeps 16 bytes a term beside it, and every ``_BLOCK``-th term."""

    def __init__(self, source: mmap.mmap, offset: int) -> None:
        self._source = source
        count = int.from_bytes(source[offset : offset + 8], "little")
        size = 8 * (count + 1)
        self._count = count
        self._ends = array("Q", source[offset + 8 : offset + 8 + size])
        self._records = array("Q", source[offset + 8 + size : offset + 8 + 2 * size])
        if len(self._records) != count + 1:
            raise ValueError("a table of terms is cut short")
        self._text = offset + 8 + 2 * size
        self._first_of_blocks = [self._term(row) for row in range(0, count, _BLOCK)]

    def record(self, term: bytes) -> tuple[int, int] | None:
        """Where the term's record lies in the postings file: offset and length; None for an unknown term."""
        block = bisect_right(self._first_of_blocks, term) - 1
        if block < 0:
            return None
        low = block * _BLOCK
        high = min(low + _BLOCK, self._count)
        while low < high:
            middle = (low + high) // 2
            if self._term(middle) < term:
                low = middle + 1
            else:
                high = middle
        if low == self._count or self._term(low) != term:
            return None
        return self._at(low)

    def all_records(self) -> Iterator[tuple[bytes, tuple[int, int]]]:
        """Every term in rising order, and where its record lies."""
        for row in range(self._count):
            yield self._term(row), self._at(row)

    def _at(self, row: int) -> tuple[int, int]:
        start = self._records[row]
        return start, self._records[row + 1] - start

    def _term(self, row: int) -> bytes:
        return self._source[self._text + self._ends[row] : self._text + self._ends[row + 1]]
