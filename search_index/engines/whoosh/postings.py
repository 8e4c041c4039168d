"""Posting lists as arrays, and their bytes.

A record is a header (number of postings and of positions, the width of each array's items in bytes), then three arrays of
little-endian unsigned numbers: the documents as steps from one to the next, how often the token stands in each, and the
positions one document after the other. Each width is the least that holds the record's largest number, so that reading is
three copies and a running sum.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int32]
UintArray = NDArray[np.uint32]

_HEADER = struct.Struct("<IIBBB")
_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}


@dataclass(frozen=True, slots=True)
class PostingList:
    """Where one token stands in one field: ``docs`` rising, ``freqs`` a document, then all ``positions``
    (``freqs.sum()`` of them, or none at all in a field without positions)."""

    docs: IntArray
    freqs: IntArray
    positions: IntArray


def decode(record: bytes, *, with_positions: bool = True) -> PostingList:
    """Read a record. Raises ``ValueError`` where it is cut short."""
    if len(record) < _HEADER.size:
        raise ValueError("a posting list is cut short")
    count, places, step_width, freq_width, position_width = _HEADER.unpack_from(record)
    freqs_at = _HEADER.size + count * step_width
    positions_at = freqs_at + count * freq_width
    steps = np.frombuffer(record, _TYPES[step_width], count, _HEADER.size)
    freqs = np.frombuffer(record, _TYPES[freq_width], count, freqs_at)
    positions = np.frombuffer(record, _TYPES[position_width], places if with_positions else 0, positions_at)
    return PostingList(np.cumsum(steps, dtype=np.int32), freqs.astype(np.int32), positions.astype(np.int32))


def positions_among(record: bytes, docs: IntArray) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Where the token stands in some documents (rising numbers): the place of each occurrence's document among ``docs``, and
    its position. Reads the positions of no other document."""
    count, places, step_width, freq_width, position_width = _HEADER.unpack_from(record)
    freqs_at = _HEADER.size + count * step_width
    held = np.cumsum(np.frombuffer(record, _TYPES[step_width], count, _HEADER.size), dtype=np.int32)
    rows = np.minimum(np.searchsorted(held, docs), count - 1)
    among = np.flatnonzero(held[rows] == docs)
    rows = rows[among]
    freqs = np.frombuffer(record, _TYPES[freq_width], count, freqs_at)
    sizes = freqs[rows].astype(np.intp)
    first = np.cumsum(freqs, dtype=np.intp)[rows] - sizes
    positions = np.frombuffer(record, _TYPES[position_width], places, freqs_at + count * freq_width)
    return np.repeat(among, sizes), positions[ranges(first, sizes)].astype(np.int64)


def ranges(first: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """The numbers from ``first[i]`` on, ``sizes[i]`` of them, for one ``i`` after the other."""
    return np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))


def encode(postings: PostingList) -> bytes:
    """One posting list as a record."""
    (record,) = encode_all(
        postings.docs,
        postings.freqs,
        postings.positions,
        np.array([0, len(postings.docs)]),
        np.array([0, len(postings.positions)]),
    )
    return record


def encode_all(
    docs: IntArray, freqs: IntArray, positions: IntArray, bounds: NDArray[np.intp], places: NDArray[np.intp]
) -> list[bytes]:
    """Many posting lists, one behind the other, as records: list ``i`` has the postings from ``bounds[i]`` to
    ``bounds[i + 1]`` and the positions from ``places[i]`` to ``places[i + 1]``."""
    steps = np.diff(docs, prepend=0)
    steps[bounds[:-1]] = docs[bounds[:-1]]
    step_bytes, step_widths = _casts(steps), _widths(steps, bounds)
    freq_bytes, freq_widths = _casts(freqs), _widths(freqs, bounds)
    position_bytes, position_widths = _casts(positions), _widths(positions, places)
    records: list[bytes] = []
    rows = zip(
        bounds[:-1].tolist(),
        bounds[1:].tolist(),
        places[:-1].tolist(),
        places[1:].tolist(),
        step_widths,
        freq_widths,
        position_widths,
        strict=True,
    )
    for first, last, first_place, last_place, step, freq, position in rows:
        records.append(
            _HEADER.pack(last - first, last_place - first_place, step, freq, position)
            + step_bytes[step][first * step : last * step]
            + freq_bytes[freq][first * freq : last * freq]
            + position_bytes[position][first_place * position : last_place * position]
        )
    return records


def _casts(numbers: IntArray) -> dict[int, bytes]:
    """The numbers in every width; what does not fit a width is never read in it."""
    return {width: numbers.astype(kind).tobytes() for width, kind in _TYPES.items()}


def _widths(numbers: IntArray, bounds: NDArray[np.intp]) -> list[int]:
    """The bytes that each stretch's largest number needs; 1 for an empty stretch."""
    if not len(numbers):
        return [1] * (len(bounds) - 1)
    largest = np.maximum.reduceat(numbers, np.minimum(bounds[:-1], len(numbers) - 1))
    largest[bounds[:-1] == bounds[1:]] = 0
    widths: list[int] = np.where(largest < 1 << 8, 1, np.where(largest < 1 << 16, 2, 4)).tolist()
    return widths
