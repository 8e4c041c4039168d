"""A build: the base's segments linked, a new segment written beside them, the table of contents last.

The folder belongs to one build from an empty start until the table of contents stands in it; the base is only read.
Changes are deletions noted in the table of contents and one new segment. Whoosh's own writer is not used: it would lock,
keep a chain of generators a token, and name segments from the seeded random numbers of the process.
"""

from __future__ import annotations

import os
import shutil
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.engines.port import IndexDocument, TextField
from search_index.engines.whoosh.border import TableOfContents, W3Segment, length_byte
from search_index.engines.whoosh.codec import ArrayCodec, PostingLists
from search_index.engines.whoosh.inversion import FieldInversion, merge_lists
from search_index.engines.whoosh.postings import IntArray
from search_index.engines.whoosh.schema import (
    FIELD_ORDER,
    ID,
    MISSING,
    NUMBERS,
    STRINGS,
    TITLE_KEY,
    build_schema,
    filter_values,
    join_strings,
    length_column,
    numbers_of,
    terms_column,
)
from search_index.engines.whoosh.segments import INDEX_NAME, BuildFiles, SegmentReader, read_segments, segment_file
from search_index.engines.whoosh.terms import encode_terms

MOST_SEGMENTS = 6
"""Above this many segments, small ones are merged: a query costs a little for each."""

OCCURRENCES_IN_MEMORY = 8 * 1024 * 1024
"""Occurrences of tokens that are kept (8 bytes each, 64 MB; sorting a field needs as much again) before a segment is
written. A longer build ends with merging what it wrote."""


class Batch:
    """A build in progress (``IndexBatch``)."""

    def __init__(self, folder: Path, base: Path | None) -> None:
        self._folder = folder
        self._files = BuildFiles(folder)
        self._base: list[SegmentReader] = []
        self._written: list[Any] = []
        self._doc_of: dict[str, tuple[Any, int]] = {}
        self._growing = _Growing()
        if base is not None:
            self._link(base)

    def put(self, document: IndexDocument) -> None:
        self.delete(document.id)
        self._doc_of[document.id] = self._growing.segment, self._growing.add(document)
        if self._growing.occurrences >= OCCURRENCES_IN_MEMORY:
            self._write_segment()

    def delete(self, post_id: str) -> None:
        own = self._doc_of.pop(post_id, None)
        if own is not None:
            segment, doc = own
            segment.delete_document(doc)
            return
        for reader in self._base:
            found = reader.find(post_id)
            if found is not None:
                reader.segment.delete_document(found)

    def commit(self) -> None:
        """Write the new segment, merge by the rule, and the table of contents last; all of it synced."""
        self._write_segment()
        segments = [*(reader.segment for reader in self._base), *self._written]
        alive = [segment for segment in segments if segment.doc_count()]
        full = not self._base and len(alive) > 1
        merged = alive if full else segments_to_merge(alive)
        kept = [segment for segment in alive if segment not in merged]
        if merged:
            kept.append(self._merged(merged))
        for segment in segments:
            if segment not in kept:
                segment_file(self._folder, segment).unlink()
        TableOfContents(build_schema(), kept, 1).write(self._files, INDEX_NAME)
        for path in (*self._folder.iterdir(), self._folder):
            _sync(path)

    def close(self) -> None:
        """Let go of all files."""
        self._files.close()
        for reader in self._base:
            reader.close()

    def _link(self, base: Path) -> None:
        try:
            for segment in read_segments(base):
                _link_or_copy(segment_file(base, segment), segment_file(self._folder, segment))
                self._base.append(SegmentReader(self._folder, segment))
        except BaseException:
            self.close()
            raise

    def _write_segment(self) -> None:
        segment = self._growing.write(self._files)
        if segment is not None:
            self._written.append(segment)
            self._growing = _Growing()

    def _merged(self, segments: Sequence[Any]) -> Any:
        readers = [SegmentReader(self._folder, segment) for segment in segments]
        try:
            return merge_segments(self._files, readers)
        finally:
            for reader in readers:
                reader.close()


def segments_to_merge(segments: Sequence[Any]) -> list[Any]:
    """The merge rule of incremental builds.

    A segment half of whose documents are deleted is written anew. With more than ``MOST_SEGMENTS``, the smallest are
    merged, and with them every one that is not four times as large as what is merged already.
    """
    chosen = [segment for segment in segments if segment.deleted_count() * 2 > segment.doc_count_all()]
    if len(segments) > MOST_SEGMENTS:
        merged = 0
        for place, segment in enumerate(sorted(segments, key=lambda segment: int(segment.doc_count()))):
            if place >= len(segments) - MOST_SEGMENTS and segment.doc_count() > 4 * merged:
                break
            merged += segment.doc_count()
            if segment not in chosen:
                chosen.append(segment)
    return chosen


def merge_segments(files: BuildFiles, readers: Sequence[SegmentReader]) -> Any:
    """Write the live documents of the segments as one new segment."""
    values = _Values()
    new_docs: list[IntArray] = []
    for reader in readers:
        live = reader.live
        new_docs.append(np.where(live, np.cumsum(live) - 1 + values.count, -1).astype(np.int32))
        values.extend(reader, live)
    segment = _new_segment()
    writer = _SegmentWriter(files, segment, values)
    for name in FIELD_ORDER:
        writer.write_field(str(name), merge_lists([reader.all_postings(name) for reader in readers], new_docs))
    writer.finish()
    return segment


class _Growing:
    """A segment while documents come in."""

    def __init__(self) -> None:
        self.segment = _new_segment()
        self.occurrences = 0
        self._fields = {name: FieldInversion() for name in FIELD_ORDER}
        self._values = _Values()

    def add(self, document: IndexDocument) -> int:
        """Take the document in; returns its number."""
        doc = self._values.add(document)
        self._fields[ID].add(doc, (document.id,), (0,))
        for name, values in filter_values(document).items():
            self._fields[name].add(doc, values, range(len(values)))
        for field, found in document.text.items():
            self._fields[field].add(doc, found.tokens, found.positions)
            self.occurrences += len(found.tokens)
        return doc

    def write(self, files: BuildFiles) -> Any | None:
        """Write the segment; None if no document came in."""
        if not self._values.count:
            return None
        writer = _SegmentWriter(files, self.segment, self._values)
        for name in FIELD_ORDER:
            lists = self._fields.pop(name).lists(with_positions=isinstance(name, TextField))
            writer.write_field(str(name), [lists])
        writer.finish()
        return self.segment


class _Values:
    """What is kept of every document beside its tokens."""

    def __init__(self) -> None:
        self.count = 0
        self.numbers: dict[str, array[int]] = {name: array("q") for name in NUMBERS}
        self.lengths: dict[TextField, array[int]] = {field: array("q") for field in TextField}
        self.strings: dict[str, list[str]] = {name: [] for name in STRINGS}

    def add(self, document: IndexDocument) -> int:
        for name, number in numbers_of(document).items():
            self.numbers[name].append(MISSING if number is None else number)
        for field in TextField:
            found = document.text.get(field)
            self.lengths[field].append(found.length if found else 0)
        self.strings[ID].append(document.id)
        self.strings[TITLE_KEY].append(document.title_key)
        self.count += 1
        return self.count - 1

    def extend(self, reader: SegmentReader, live: NDArray[np.bool_]) -> None:
        """Take in the documents of a segment that are live."""
        for name in NUMBERS:
            self.numbers[name].extend(reader.numbers(name)[live].tolist())
        for field in TextField:
            self.lengths[field].extend(reader.lengths(field)[live].tolist())
        for name in STRINGS:
            column = reader.strings(name)
            self.strings[name] += [column[doc].decode("utf-8", "surrogatepass") for doc in np.flatnonzero(live)]
        self.count += int(live.sum())


class _SegmentWriter:
    """Writes the files of one segment and packs them into one."""

    def __init__(self, files: BuildFiles, segment: Any, values: _Values) -> None:
        self._files = files
        self._segment = segment
        self._values = values
        self._schema = build_schema()
        self._postings = segment.codec().field_writer(files, segment)

    def write_field(self, name: str, portions: Iterable[PostingLists]) -> None:
        """Write a field's posting lists. Every field of ``FIELD_ORDER`` has its turn, in that order."""
        lengths = self._values.lengths.get(name)  # type: ignore[call-overload]  # a TextField equals its name
        held = np.zeros(self._values.count, np.int64) if lengths is None else np.array(lengths, np.int64)
        self._postings.start_field(name, self._schema[name])
        terms: list[bytes] = []
        records: list[int] = []
        first = self._postings.written
        for portion in portions:
            terms += portion.terms
            records += self._postings.add_lists(portion, held)
        self._postings.finish_field()
        self._write_column(terms_column(name), encode_terms(terms, records, first))

    def finish(self) -> None:
        """Write the columns and pack all of it into one file."""
        self._postings.close()
        self._write_columns()
        self._segment.set_doc_count(self._values.count)
        self._segment.create_compound_file(self._files)

    def _write_columns(self) -> None:
        for name, numbers in self._values.numbers.items():
            self._write_column(name, np.array(numbers, ">i8").tobytes())
        for name, strings in self._values.strings.items():
            self._write_column(name, join_strings(strings))
        self._segment._fieldlengths = {}
        for field, lengths in self._values.lengths.items():
            self._write_column(length_column(field), np.array(lengths, ">i8").tobytes())
            self._write_column(f"_{field}_len", bytes(map(length_byte, lengths)))
            self._segment._fieldlengths[str(field)] = sum(lengths)

    def _write_column(self, name: str, content: bytes) -> None:
        with self._files.create_file(ArrayCodec.column_filename(self._segment, name)) as file:
            file.write(content)


def _new_segment() -> Any:
    """A segment with a name that no other has, whatever the process's random numbers were seeded with."""
    return W3Segment(ArrayCodec(), INDEX_NAME, segid=token_hex(8))


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
