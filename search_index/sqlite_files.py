"""SQLite files as generations use them: written once without a journal, then only read, a connection a thread."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from urllib.parse import quote


def create(path: Path, schema: str) -> sqlite3.Connection:
    """A new file with ``schema``. Nothing of it is journaled or synced: a build that dies is thrown away whole."""
    connection = open_for_build(path)
    connection.executescript(schema)
    return connection


def open_for_build(path: Path) -> sqlite3.Connection:
    """A writable connection to a file that no one else reads yet."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA page_size=4096")
    connection.execute("PRAGMA cache_size=-65536")
    return connection


def read_only(path: Path) -> sqlite3.Connection:
    """A connection to a published file: read-only, and without locks since nothing changes it.

    Raises ``sqlite3.Error`` where the file is not there or is no database.
    """
    uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA mmap_size=1073741824")
    return connection


class ReadConnections:
    """Read-only connections to one published file, one a thread, closed together.

    The first is opened at once and kept: should the file be taken away while it is served, threads that come later share
    it. SQLite serialises what they do (``sqlite3.threadsafety`` is 3).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._closed = False
        self._first = read_only(path)
        self._opened = [self._first]
        try:
            self._first.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.Error:
            self._first.close()
            raise

    def get(self) -> sqlite3.Connection:
        """This thread's connection. Raises ``sqlite3.ProgrammingError`` after ``close``."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self._lock:
                if self._closed:
                    raise sqlite3.ProgrammingError(f"{self._path.name} is closed")
                try:
                    connection = read_only(self._path)
                except sqlite3.OperationalError:
                    connection = self._first
                else:
                    self._opened.append(connection)
            self._local.connection = connection
        return connection

    def close(self) -> None:
        """Close every thread's connection; no thread may be using one."""
        with self._lock:
            self._closed = True
            opened, self._opened = self._opened, []
        for connection in opened:
            connection.close()
