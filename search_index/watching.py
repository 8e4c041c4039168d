"""Following a folder: build when it changes, when a post's minute comes, and every minute in case an event was lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from math import inf
from sqlite3 import Error as SqliteError

from watchfiles import watch as watch_files

from search_index.clock import Clock
from search_index.engines.port import EngineError
from search_index.generation import GenerationError
from search_index.indexer import BuildReport, ContentFolderError, Indexer

QUIET_MS = 400
"""A burst of changes is taken as one when this long passes without another."""
LONGEST_BURST_MS = 5_000
RESCAN_SECONDS = 60.0
_LOOK_MS = 500

BuildFailure = ContentFolderError | GenerationError | EngineError | OSError | SqliteError
_FAILURES = (ContentFolderError, GenerationError, EngineError, OSError, SqliteError)


def watch(
    indexer: Indexer,
    clock: Clock,
    stop: threading.Event,
    report: Callable[[BuildReport | BuildFailure], None],
) -> None:
    """Build now, and again whenever there is a reason, until ``stop`` is set. ``report`` hears of every build.

    A build that fails leaves what is published as it is; the next change, or the next minute, tries again.
    """
    schedule = _Schedule(clock)

    def build(*, retry: bool) -> None:
        try:
            report(indexer.build(explicit=False, retry=retry))
        except _FAILURES as failure:
            report(failure)
        schedule.built(indexer.next_instant())

    changes = watch_files(
        indexer.content_dir,
        watch_filter=None,
        debounce=LONGEST_BURST_MS,
        step=QUIET_MS,
        stop_event=stop,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        recursive=True,
        ignore_permission_denied=True,
    )
    build(retry=True)
    for changed in changes:
        due = schedule.is_due()
        if changed or due:
            build(retry=due)


class _Schedule:
    """When to look without having been told of a change."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._instant = inf
        self._rescan_at = 0.0

    def built(self, next_instant: int | None) -> None:
        self._instant = inf if next_instant is None else next_instant
        self._rescan_at = time.monotonic() + RESCAN_SECONDS

    def is_due(self) -> bool:
        return time.monotonic() >= self._rescan_at or self._clock.now().timestamp() >= self._instant
