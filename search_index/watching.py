"""Following a folder: build when it changes, when a post's minute comes, when somebody asks, and every minute in case an event
was lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from sqlite3 import Error as SqliteError

from watchfiles import watch as watch_files

from search_index.clock import Clock
from search_index.engines.port import EngineError
from search_index.generation import GenerationError
from search_index.indexer import BuildReport, ContentFolderError, Indexer
from search_index.reading import ReadingProcessError
from search_index.refresh import RefreshRequests

QUIET_MS = 400
"""A burst of changes is taken as one when this long passes without another."""
LONGEST_BURST_MS = 5_000
RESCAN_SECONDS = 60.0
_LOOK_SECONDS = 0.25
"""How soon an instant that has come, or a folder that was exchanged, is noticed."""

BuildFailure = ContentFolderError | GenerationError | EngineError | ReadingProcessError | OSError | SqliteError
_FAILURES = (ContentFolderError, GenerationError, EngineError, ReadingProcessError, OSError, SqliteError)


def watch(
    indexer: Indexer,
    clock: Clock,
    stop: threading.Event,
    report: Callable[[BuildReport | BuildFailure], None],
    *,
    requests: RefreshRequests | None = None,
    rescan_seconds: float = RESCAN_SECONDS,
) -> None:
    """Build now, and again whenever there is a reason, until ``stop`` is set. ``report`` hears of every build.

    A request is a reason too. Those that come while a build runs are one reason for one further build.
    A build that fails leaves what is published as it is; the next change, or the next minute, tries again. The folder may
    be exchanged for another, and its path be a link that is turned.
    """
    schedule = _Schedule(clock, rescan_seconds)
    while not stop.is_set():
        folder = _identity(indexer.content_dir)
        schedule.look_now()
        for changed in _changes(indexer.content_dir, stop) if folder else _ticks(stop):
            asked = requests is not None and requests.is_new()
            due = asked or schedule.is_due() or indexer.shrink_is_allowed
            if changed or due:
                schedule.built()
                began = clock.now()
                try:
                    report(indexer.build(explicit=False, retry=due))
                    schedule.wake_at(indexer.next_instant(began))
                except _FAILURES as failure:
                    report(failure)
            if _identity(indexer.content_dir) != folder:
                break


def _changes(folder: Path, stop: threading.Event) -> Iterator[bool]:
    """Whether something changed since the last time: about every ``_LOOK_SECONDS``, or when a burst has ended."""
    watched = watch_files(
        folder,
        watch_filter=None,
        debounce=LONGEST_BURST_MS,
        step=QUIET_MS,
        stop_event=stop,
        rust_timeout=int(_LOOK_SECONDS * 1000),
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    try:
        for changes in watched:
            yield bool(changes)
    except FileNotFoundError:
        return


def _ticks(stop: threading.Event) -> Iterator[bool]:
    while not stop.wait(_LOOK_SECONDS):
        yield False


def _identity(folder: Path) -> tuple[int, int] | None:
    """What the path leads to now: another folder may take its place, or a link be turned to one."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _Schedule:
    """When to look without having been told of a change."""

    def __init__(self, clock: Clock, rescan_seconds: float) -> None:
        self._clock = clock
        self._rescan_seconds = rescan_seconds
        self._instant = inf
        self._rescan_at = 0.0

    def look_now(self) -> None:
        self._rescan_at = 0.0

    def built(self) -> None:
        self._instant = inf
        self._rescan_at = time.monotonic() + self._rescan_seconds

    def wake_at(self, instant: int | None) -> None:
        self._instant = inf if instant is None else instant

    def is_due(self) -> bool:
        return time.monotonic() >= self._rescan_at or self._clock.now().timestamp() >= self._instant
