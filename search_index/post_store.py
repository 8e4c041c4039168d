"""The finished JSON of posts, in files that generations share.

A build writes the posts that it read anew into one new segment file and hard-links its parent's segments, so that one
edit among 10,000 writes one post. A post is addressed by (segment, row), which the catalog keeps. Rows that no catalog
names any more are dead weight until their segment is merged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from search_index.composing import ComposedPost
from search_index.durable import link_or_copy
from search_index.sqlite_files import ReadConnections, create, read_only
from search_index.vocabulary import PostWords

MOST_SEGMENTS = 8
_SCHEMA = """
CREATE TABLE posts (
    row INTEGER PRIMARY KEY, summary BLOB NOT NULL, link BLOB NOT NULL, body BLOB NOT NULL,
    text TEXT NOT NULL, highlighting TEXT NOT NULL, words TEXT NOT NULL, markdown TEXT NOT NULL
)
"""
_COLUMNS = "summary, link, body, text, highlighting, words, markdown"
"""What single posts alone are asked for stands last: SQLite reads a row from its beginning."""


class StoreAddress(NamedTuple):
    """Where a post's JSON lies. A page has a hundred of them, and a tuple is made and found in a third of the time."""

    segment: int
    row: int


class PostStoreWriter:
    """Adds one segment to a build, beside those it takes over from the parent's ``folder``."""

    def __init__(self, folder: Path, parent: Path | None) -> None:
        self._folder = folder
        folder.mkdir()
        inherited = _segments(parent) if parent else ()
        for segment in inherited:
            link_or_copy(segment, folder / segment.name)
        self._number = max((_number(segment) for segment in inherited), default=0) + 1
        self._path = folder / f"{self._number:06d}.sqlite"
        self._connection = create(self._path, _SCHEMA)
        self._connection.execute("BEGIN")
        self._sources: dict[int, sqlite3.Connection] = {}
        self._row = 0

    def put(self, post: ComposedPost) -> StoreAddress:
        """Store a post's JSON."""
        texts = (post.summary, post.link, post.body)
        blobs = (text.encode() for text in texts)
        return self._insert((*blobs, post.text, post.highlighting, post.words, post.markdown))

    def words(self, address: StoreAddress) -> PostWords:
        """The words of a stored post."""
        return _words(self._source(address.segment), address.row)

    def merge(self, live: Mapping[int, Iterable[int]]) -> dict[StoreAddress, StoreAddress]:
        """Copy what still lives of the segments worth merging into the new one; says what moved where.

        ``live`` has the rows in use of every segment. Merged are segments without a live row, those whose live rows are
        fewer than half, and, when there are ``MOST_SEGMENTS`` or more, all but the largest.
        """
        others = {number: tuple(rows) for number, rows in live.items() if number != self._number}
        for segment in _segments(self._folder):
            others.setdefault(_number(segment), ()) if segment != self._path else None
        crowded = len(others) >= MOST_SEGMENTS
        largest = max(others, key=lambda number: len(others[number]), default=0)
        moved: dict[StoreAddress, StoreAddress] = {}
        for number, rows in sorted(others.items()):
            path = self._folder / f"{number:06d}.sqlite"
            if (crowded and number != largest) or len(rows) * 2 < _row_count(path):
                moved |= self._take(path, number, rows)
                path.unlink()
        return moved

    def finish(self) -> None:
        """Write the segment out; one without rows is removed."""
        self._close_sources()
        self._connection.execute("COMMIT")
        self._connection.close()
        if not self._row:
            self._path.unlink()

    def abandon(self) -> None:
        """Let go of the files of a build that failed."""
        self._close_sources()
        self._connection.close()

    def _insert(self, row: tuple[object, ...]) -> StoreAddress:
        self._row += 1
        self._connection.execute(
            f"INSERT INTO posts (row, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (self._row, *row)
        )
        return StoreAddress(self._number, self._row)

    def _take(self, path: Path, number: int, rows: Iterable[int]) -> dict[StoreAddress, StoreAddress]:
        select = f"SELECT {_COLUMNS} FROM posts WHERE row = ?"
        with closing(read_only(path)) as source:
            return {
                StoreAddress(number, row): self._insert(source.execute(select, (row,)).fetchone())
                for row in sorted(rows)
            }

    def _source(self, segment: int) -> sqlite3.Connection:
        """A connection to a segment of this build."""
        if segment == self._number:
            return self._connection
        if segment not in self._sources:
            self._sources[segment] = read_only(self._folder / f"{segment:06d}.sqlite")
        return self._sources[segment]

    def _close_sources(self) -> None:
        for source in self._sources.values():
            source.close()


class PostStore:
    """The read side of a generation's posts; safe from several threads."""

    def __init__(self, folder: Path) -> None:
        self._segments = {_number(path): ReadConnections(path) for path in _segments(folder)}

    def summary(self, address: StoreAddress) -> bytes:
        return self._value("summary", address)

    def summaries(self, addresses: Sequence[StoreAddress]) -> list[bytes]:
        """Those of several posts, in their order: one statement a segment."""
        found: dict[tuple[int, int], bytes] = {}
        for segment in {address.segment for address in addresses}:
            rows = [address.row for address in addresses if address.segment == segment]
            sql = f"SELECT row, summary FROM posts WHERE row IN ({', '.join('?' * len(rows))})"
            for row, summary in self._segments[segment].get().execute(sql, rows):
                found[segment, row] = summary
        return [found[address] for address in addresses]

    def link(self, address: StoreAddress) -> bytes:
        return self._value("link", address)

    def body(self, address: StoreAddress) -> bytes:
        return self._value("body", address)

    def text(self, address: StoreAddress) -> str:
        """The plain text that is indexed."""
        text: str = self._row("text", address)[0]  # type: ignore[assignment]  # as in the schema
        return text

    def markdown(self, address: StoreAddress) -> str:
        """The source behind the front matter, as its author wrote it."""
        markdown: str = self._row("markdown", address)[0]  # type: ignore[assignment]  # as in the schema
        return markdown

    def hit_parts(self, address: StoreAddress) -> tuple[bytes, str, str]:
        """The summary, the plain text and the highlighting JSON."""
        return self._row("summary, text, highlighting", address)  # type: ignore[return-value]  # as in the schema

    def words(self, address: StoreAddress) -> PostWords:
        """The words that the post can be found by."""
        return _words(self._segments[address.segment].get(), address.row)

    def close(self) -> None:
        for connections in self._segments.values():
            connections.close()

    def _value(self, column: str, address: StoreAddress) -> bytes:
        value: bytes = self._row(column, address)[0]  # type: ignore[assignment]  # the schema's columns are blobs
        return value

    def _row(self, columns: str, address: StoreAddress) -> tuple[object, ...]:
        connection = self._segments[address.segment].get()
        row: tuple[object, ...] | None = connection.execute(
            f"SELECT {columns} FROM posts WHERE row = ?", (address.row,)
        ).fetchone()
        if row is None:
            raise sqlite3.DatabaseError(f"no row {address.row} in segment {address.segment}")
        return row


def _words(connection: sqlite3.Connection, row: int) -> PostWords:
    return PostWords.from_json(connection.execute("SELECT words FROM posts WHERE row = ?", (row,)).fetchone()[0])


def _segments(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("*.sqlite")))


def _number(segment: Path) -> int:
    return int(segment.stem)


def _row_count(path: Path) -> int:
    with closing(read_only(path)) as connection:
        count: int = connection.execute("SELECT count(*) FROM posts").fetchone()[0]
    return count
