"""Rendered bodies, and other values, by the hash of what they are made from, in one SQLite file.

Losing it costs time, nothing else.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

from search_index.model import Heading, Link, Rendered, Section

_Result = TypeVar("_Result")
_WAIT_SECONDS = 2.0
_SHAPE = 1
_LOOK_UP = "SELECT body FROM rendered WHERE key = ?"


class RenderCache:
    """A cache that several processes may have open. A damaged file is thrown away and made anew.

    ``largest`` bounds the sum of what is stored, in bytes: the oldest goes first, on closing.
    """

    def __init__(self, path: Path, largest: int = 256 * 1024 * 1024) -> None:
        self.path = path
        self._largest = largest
        self._connection: sqlite3.Connection | None = None
        self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def get(self, key: bytes) -> Rendered | None:
        """What was stored under ``key``; None where there is nothing (any more)."""
        found = self.values((key,)).get(key)
        if found is None:
            return None
        try:
            return _decode(found)
        except (ValueError, TypeError, KeyError, IndexError, zlib.error):
            self._run(lambda file: file.execute("DELETE FROM rendered WHERE key = ?", (key,)))
            return None

    def put(self, key: bytes, rendered: Rendered) -> None:
        """Store it, if that is possible just now."""
        self.put_value(key, _encode(rendered))

    def values(self, keys: Iterable[bytes]) -> Mapping[bytes, bytes]:
        """What was stored under those of the keys that are there."""

        def look_up(file: sqlite3.Connection) -> dict[bytes, bytes]:
            rows = ((key, file.execute(_LOOK_UP, (key,)).fetchone()) for key in keys)
            return {key: row[0] for key, row in rows if row is not None}

        return self._run(look_up) or {}

    def put_value(self, key: bytes, value: bytes) -> None:
        """Store it, if that is possible just now."""
        self._run(
            lambda file: file.execute(
                "INSERT OR REPLACE INTO rendered (key, size, body) VALUES (?, ?, ?)", (key, len(value), value)
            )
        )

    def close(self) -> None:
        self._run(self._prune)
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _prune(self, file: sqlite3.Connection) -> None:
        (total,) = file.execute("SELECT coalesce(sum(size), 0) FROM rendered").fetchone()
        excess = total - self._largest
        if excess <= 0:
            return
        for number, size in file.execute("SELECT number, size FROM rendered ORDER BY number").fetchall():
            file.execute("DELETE FROM rendered WHERE number = ?", (number,))
            excess -= size
            if excess <= 0:
                return

    def _run(self, action: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        """None where the cache cannot be used: busy, on a full disk, or damaged (and then made anew)."""
        if self._connection is None:
            return None
        try:
            with self._connection:
                return action(self._connection)
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:
            self._remake()
            return None

    def _connect(self) -> None:
        try:
            self._connection = _opened(self.path)
        except sqlite3.OperationalError:
            self._connection = None
        except sqlite3.DatabaseError:
            self._remake()
        except OSError:
            self._connection = None

    def _remake(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None
        with suppress(OSError, sqlite3.Error):
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            self._connection = _opened(self.path)


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _SHAPE:
            connection.execute("DROP TABLE IF EXISTS rendered")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS rendered"
            " (number INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, body BLOB NOT NULL)"
        )
        connection.execute(f"PRAGMA user_version = {_SHAPE}")
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def _encode(rendered: Rendered) -> bytes:
    row = (
        rendered.html,
        rendered.text,
        [(heading.level, heading.text, heading.anchor) for heading in rendered.headings],
        [(section.anchor, section.trail, section.start, section.end) for section in rendered.sections],
        [(link.url, link.text, link.image) for link in rendered.links],
        rendered.code_spans,
        rendered.first_paragraph,
        rendered.first_paragraph_html,
        rendered.marker_text,
        rendered.marker_html,
    )
    return zlib.compress(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def _decode(stored: bytes) -> Rendered:
    html, text, headings, sections, links, code, paragraph, paragraph_html, marker, marker_html = json.loads(
        zlib.decompress(stored)
    )
    return Rendered(
        html,
        text,
        tuple(Heading(*heading) for heading in headings),
        tuple(Section(anchor, tuple(trail), start, end) for anchor, trail, start, end in sections),
        tuple(Link(*link) for link in links),
        tuple((start, end) for start, end in code),
        paragraph,
        paragraph_html,
        marker,
        marker_html,
    )
