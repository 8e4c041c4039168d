"""Segments on disk: the table of contents, and one segment's compound file read through a memory map.

Nothing here keeps a cursor between calls, so a segment may be read by several threads.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.engines.port import EngineUnavailable, TextField
from search_index.engines.whoosh.border import (
    CompoundStorage,
    FileStorage,
    StructFile,
    TableOfContents,
    W3Codec,
    W3Segment,
)
from search_index.engines.whoosh.postings import IntArray, PostingList, decode, positions_among
from search_index.engines.whoosh.schema import FIELD_ORDER, ID, length_column, split_strings, terms_column
from search_index.engines.whoosh.terms import TermTable
from search_index.kept import Kept


@contextmanager
def unavailable_if_damaged(folder: Path) -> Iterator[None]:
    """Turn whatever reading an index raises into ``EngineUnavailable``: Whoosh's readers fail on damaged files with
    nine kinds of exception, and the caller's answer to all of them is the same."""
    try:
        yield
    except Exception as error:
        raise EngineUnavailable(f"the index in {folder} cannot be read: {type(error).__name__}: {error}") from error


_MOST_RECORDS = 20_000
"""So many terms are not looked up again."""

INDEX_NAME = "MAIN"
"""Whoosh's own default name of an index."""


def read_segments(folder: Path) -> list[Any]:
    """The segments of the folder's table of contents (Whoosh's objects; fresh ones at every call)."""
    segments: list[Any] = TableOfContents.read(_WholeFiles(str(folder)), INDEX_NAME).segments
    return segments


def segment_file(folder: Path, segment: Any) -> Path:
    return folder / str(segment.make_filename(W3Segment.COMPOUND_EXT))


class SegmentReader:
    """One segment: the values and postings of all its documents, deleted ones included, numbered from 0."""

    def __init__(self, folder: Path, segment: Any) -> None:
        self.segment = segment
        self.count: int = segment.doc_count_all()
        with segment_file(folder, segment).open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._ranges = _directory(self._map)
            self._postings_at = self._range(W3Codec.POSTS_EXT)[0]
            terms = {str(field): self._table(field) for field in FIELD_ORDER}
        except BaseException:
            self._map.close()
            raise
        self._terms = terms
        self._records = Kept(_MOST_RECORDS)

    def close(self) -> None:
        self._map.close()

    @property
    def live(self) -> NDArray[np.bool_]:
        """Which documents are not deleted."""
        live = np.ones(self.count, np.bool_)
        live[list(self.segment.deleted_docs())] = False
        return live

    def postings(self, field: str, term: bytes, *, with_positions: bool = True) -> PostingList | None:
        record = self._record(field, term)
        return None if record is None else decode(self._bytes(record), with_positions=with_positions)

    def record_bytes(self, field: str, term: bytes) -> int:
        """The size of a term's record; 0 for an unknown one."""
        record = self._record(field, term)
        return 0 if record is None else record[1]

    def positions_among(
        self, field: str, term: bytes, docs: IntArray
    ) -> tuple[NDArray[np.intp], NDArray[np.int64]] | None:
        """Where the term stands in some documents, as ``postings.positions_among`` has it; None for an unknown term."""
        record = self._record(field, term)
        return None if record is None else positions_among(self._bytes(record), docs)

    def _record(self, field: str, term: bytes) -> tuple[int, int] | None:
        return self._records.get((field, term), lambda: self._terms[field].record(term))

    def all_postings(self, field: str) -> Iterator[tuple[bytes, PostingList]]:
        """Every term of a field in rising order."""
        for term, record in self._terms[field].all_records():
            yield term, decode(self._bytes(record))

    def find(self, post_id: str) -> int | None:
        """The number of the live document with this id."""
        doc = self._doc_of.get(post_id.encode("utf-8", "surrogatepass"))
        return None if doc is None or self.segment.is_deleted(doc) else doc

    @cached_property
    def _doc_of(self) -> dict[bytes, int]:
        """The live documents by id: a lookup in the term dictionary costs ten times as much."""
        live = self.live
        return {value: doc for doc, value in enumerate(self.strings(ID)) if live[doc]}

    def numbers(self, column: str) -> NDArray[np.int64]:
        """A number column, ``MISSING`` where a document has no value."""
        return np.frombuffer(self._column(column), ">i8").astype(np.int64)

    def lengths(self, field: TextField) -> NDArray[np.int64]:
        """How many places a field takes in each document."""
        return self.numbers(length_column(field))

    def strings(self, column: str) -> list[bytes]:
        """A string column as UTF-8."""
        return split_strings(self._column(column), self.count)

    def _table(self, field: str) -> TermTable:
        return TermTable(self._map, self._ranges[W3Codec.column_filename(self.segment, terms_column(field))][0])

    def _bytes(self, record: tuple[int, int]) -> bytes:
        offset, length = record
        start = self._postings_at + offset
        return self._map[start : start + length]

    def _column(self, name: str) -> bytes:
        offset, length = self._ranges[W3Codec.column_filename(self.segment, name)]
        return self._map[offset : offset + length]

    def _range(self, extension: str) -> tuple[int, int]:
        return self._ranges[str(self.segment.make_filename(extension))]


class _WholeFiles(FileStorage):  # type: ignore[misc]  # whoosh has no types
    """Reads small files whole: Whoosh leaves a file open where it cannot read it."""

    def open_file(self, name: str, **_: object) -> Any:
        return StructFile(BytesIO(Path(self.folder, name).read_bytes()))


class BuildFiles(FileStorage):  # type: ignore[misc]  # whoosh has no types
    """The files of a build. Whoosh leaves open what it was writing when the disk is full: ``close`` sees to that."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._opened: list[Any] = []

    def create_file(self, name: str, **options: Any) -> Any:
        return self._noted(super().create_file(name, **options))

    def open_file(self, name: str, **options: Any) -> Any:
        return self._noted(super().open_file(name, **options))

    def close(self) -> None:
        for file in self._opened:
            with suppress(OSError):  # what could not be written belongs to a build that is thrown away
                file.close()

    def _noted(self, file: Any) -> Any:
        self._opened.append(file.raw_file())
        return file


def _directory(compound_file: mmap.mmap) -> dict[str, tuple[int, int]]:
    """Name -> offset and length of the files in a compound file."""
    compound = CompoundStorage(StructFile(compound_file), use_mmap=False)
    return {name: compound.range(name) for name in compound.list()}
