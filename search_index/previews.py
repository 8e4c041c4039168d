"""``previews.sqlite`` of a generation: the posts and pages that are never public, for whoever has a preview token.

A file of its own, so that nothing that answers the public can come upon it: neither the catalog nor the engine knows of
what is in it, and a service without a preview secret never opens it. Scheduled and expired posts are not here but in the
catalog.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from search_index.composing import ComposedPost, with_neighbours
from search_index.durable import link_or_copy
from search_index.model import Kind
from search_index.site_paths import loose_path
from search_index.sqlite_files import ReadConnections, create, open_for_build, read_only

PREVIEWS_FILE = "previews.sqlite"

_SCHEMA = """
CREATE TABLE previews (
    file TEXT PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, slug TEXT NOT NULL, loose TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX previews_by_id ON previews (id);
CREATE INDEX previews_by_slug ON previews (slug);
CREATE INDEX previews_by_path ON previews (loose);
"""
_BY_ID = "SELECT id, slug, body FROM previews WHERE kind = ? AND id = ? ORDER BY file LIMIT 1"
_BY_SLUG = "SELECT id, slug, body FROM previews WHERE kind = ? AND slug = ? ORDER BY file LIMIT 1"
_BY_PATH = "SELECT id, slug, body FROM previews WHERE kind = ? AND loose = ? ORDER BY file LIMIT 1"
_INSERT = "INSERT INTO previews VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Preview:
    """A post or page that is not public; ``body`` is its ``Post`` object as finished JSON."""

    id: str
    slug: str
    body: bytes


class PreviewWriter:
    """Writes the previews of a build, one a file of the content folder; those of the parent's ``folder`` are taken over.

    While nothing is changed, the parent's file is shared and not copied.
    """

    def __init__(self, folder: Path, parent: Path | None) -> None:
        self._path = folder / PREVIEWS_FILE
        self._parent = parent / PREVIEWS_FILE if parent else None
        self._connection: sqlite3.Connection | None = None
        self._files = _files_of(self._parent) if self._parent else set()

    def put(self, file: str, post: ComposedPost | None) -> None:
        """What the file is from now on; None where it has nothing to preview."""
        if file not in self._files and post is None:
            return
        connection = self._connection or self._open()
        connection.execute("DELETE FROM previews WHERE file = ?", (file,))
        self._files.discard(file)
        if post is not None:
            loose = next((row.loose for row in post.addresses if not row.is_alias), "")
            body = with_neighbours(post.body.encode(), None, None)
            connection.execute(_INSERT, (file, post.kind, post.id, post.slug, loose, body))
            self._files.add(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *failure: object) -> None:
        if kind is None and self._connection is None and self._parent:
            link_or_copy(self._parent, self._path)
        elif kind is None:
            (self._connection or self._open()).execute("COMMIT")
        if self._connection:
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        """The build's own file. What an author takes back is overwritten in it, not only forgotten."""
        if self._parent:
            shutil.copyfile(self._parent, self._path)
            self._connection = open_for_build(self._path)
        else:
            self._connection = create(self._path, _SCHEMA)
        self._connection.execute("PRAGMA secure_delete=ON")
        self._connection.execute("BEGIN")
        return self._connection


class Previews:
    """The read side; safe from several threads. Raises ``sqlite3.Error`` where the file does not open."""

    def __init__(self, folder: Path) -> None:
        self._connections = ReadConnections(folder / PREVIEWS_FILE)

    @classmethod
    def of(cls, folder: Path) -> Previews | None:
        """Those of a generation; None for one that was built before there were any."""
        return cls(folder) if (folder / PREVIEWS_FILE).exists() else None

    def find(self, kind: Kind, key: str) -> Preview | None:
        """The one with this id; else a post with this slug, or a page at this path (without the slash it begins with).

        Where files share what they are found by, the first by path.
        """
        by_id = self._first(_BY_ID, kind, key)
        if by_id or not key:
            return by_id
        return (
            self._first(_BY_PATH, kind, loose_path(f"/{key}"))
            if kind is Kind.PAGE
            else self._first(_BY_SLUG, kind, key)
        )

    def close(self) -> None:
        self._connections.close()

    def _first(self, sql: str, kind: Kind, value: str) -> Preview | None:
        row: tuple[Any, ...] | None = self._connections.get().execute(sql, (kind, value)).fetchone()
        return Preview(*row) if row else None


def _files_of(path: Path) -> set[str]:
    with closing(read_only(path)) as connection:
        return {row[0] for row in connection.execute("SELECT file FROM previews")}
