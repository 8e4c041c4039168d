"""The live handle on an index folder (``Library``), which lends snapshots (``search_index.snapshot``).

A generation that a new one replaces stays open until its last lease returns. A snapshot is a generation between two
instants at which a post comes or goes by itself; all its answers are the same throughout, so it is shared and may keep
what it worked out.
"""

from __future__ import annotations

import sqlite3
import threading
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_index.catalog import Catalog
from search_index.changes import ChangeLog
from search_index.clock import Clock
from search_index.engines.port import (
    EngineError,
    EngineSpace,
    SearchEngine,
)
from search_index.generation import ENGINE_FOLDER, GenerationError, IndexFolder, Published
from search_index.previews import Previews
from search_index.relevance import SearchSettings
from search_index.snapshot import PresentVersion, Snapshot
from search_index.vocabulary import Vocabulary


class NotReady(Exception):
    """There is no generation to read yet; the text says what was looked for."""


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """``sequence`` and ``generation`` of what is served (0 and "" if nothing is); ``error`` is why the newest one
    could not be opened, "" if it was."""

    sequence: int
    generation: str
    error: str


class Library:
    """The live handle: opens the generation that ``CURRENT`` names, follows the pointer, lends snapshots."""

    def __init__(
        self,
        index_dir: Path,
        engine: SearchEngine,
        clock: Clock,
        settings: SearchSettings | None = None,
        *,
        previews: bool = False,
    ) -> None:
        """``previews``: open what is never public, too, for ``Snapshot.preview``."""
        self._folder = IndexFolder(index_dir)
        self._engine = engine
        self._clock = clock
        self._settings = settings or SearchSettings()
        self._previews = previews
        self._open: _OpenGeneration | None = None
        self._error = ""
        self._lock = threading.Lock()
        self._refreshing = threading.Lock()

    def refresh(self) -> bool:
        """Look at the pointer; open and swap in a new generation. True if it was swapped.

        A generation that does not open leaves the old one in place and its reason in ``status``. Blocks: run it in a
        thread.
        """
        with self._refreshing:
            return self._refresh()

    def _refresh(self) -> bool:
        try:
            published = self._folder.current()
            served = self._open
            if published is None or (served and served.published == published):
                self._error = ""
                return False
            folder = self._folder.open_checked(published.id)
            opened = _OpenGeneration(published, folder, self._engine, self._settings, self._previews)
            try:
                self._warm(opened)
            except BaseException:
                opened.retire()
                raise
        except (GenerationError, EngineError, sqlite3.Error, OSError, ValueError) as error:
            self._error = str(error)
            return False
        with self._lock:
            self._open, replaced = opened, self._open
        self._error = ""
        if replaced:
            replaced.retire()
        return True

    @property
    def status(self) -> LibraryStatus:
        served = self._open
        if served is None:
            return LibraryStatus(0, "", self._error)
        return LibraryStatus(served.published.sequence, served.published.id, self._error)

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """Lend the present snapshot; it stays open until the last lease returns. Raises ``NotReady``."""
        with self._lock:
            served = self._open
            if served is None:
                raise NotReady(self._error or "no generation has been published yet")
            served.acquire()
        try:
            yield served.snapshot(self._now())
        finally:
            served.release()

    def present(self) -> PresentVersion | None:
        """Which content a request would get now, without a lease; None where finding out would take reading."""
        served = self._open
        return served.present(self._now()) if served else None

    def close(self) -> None:
        """Let go of the generation; leases that are out keep it until they return."""
        with self._lock:
            served, self._open = self._open, None
        if served:
            served.retire()

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _warm(self, opened: _OpenGeneration) -> None:
        """Work out what every first request would wait for."""
        snapshot = opened.snapshot(self._now())
        _ = snapshot.version
        snapshot.counts()
        snapshot.warm_search()


class _OpenGeneration:
    """An open generation and the number of its users; closed when it is retired and the last one leaves."""

    def __init__(
        self, published: Published, folder: Path, engine: SearchEngine, settings: SearchSettings, previews: bool
    ) -> None:
        self.published = published
        self._settings = settings
        self._catalog = Catalog(folder)
        self._closing = ExitStack()
        self._closing.callback(self._catalog.close)
        try:
            self._log = ChangeLog(folder)
            self._closing.callback(self._log.close)
            self._searcher = engine.open(EngineSpace(folder / ENGINE_FOLDER, published.id))
            self._closing.callback(self._searcher.close)
            self._instants = self._catalog.instants()
            self._vocabulary = Vocabulary.open(folder)
            self._previews = Previews.of(folder) if previews else None
            if self._previews:
                self._closing.callback(self._previews.close)
        except BaseException:
            self._closing.close()
            raise
        self._snapshot: tuple[int, Snapshot] | None = None
        self._users = 1
        self._lock = threading.Lock()

    def snapshot(self, now: int) -> Snapshot:
        """The view at ``now``; the same object until the next instant passes."""
        passed = bisect_right(self._instants, now)
        kept = self._snapshot
        if kept and kept[0] == passed:
            return kept[1]
        upcoming = self._instants[passed] if passed < len(self._instants) else None
        snapshot = Snapshot(
            self._catalog,
            self._searcher,
            self._vocabulary,
            self._log,
            self._settings,
            now,
            upcoming,
            self._previews,
        )
        self._snapshot = (passed, snapshot)
        return snapshot

    def present(self, now: int) -> PresentVersion | None:
        """The version at ``now``; None where it has not been worked out."""
        kept = self._snapshot
        if kept is None or kept[0] != bisect_right(self._instants, now):
            return None
        return kept[1].known_version

    def acquire(self) -> None:
        with self._lock:
            self._users += 1

    def release(self) -> None:
        with self._lock:
            self._users -= 1
            last = self._users == 0
        if last:
            self._closing.close()

    retire = release
