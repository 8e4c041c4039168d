"""What is searched for, as counters: the most frequent queries and those without a result, since the worker's start.

Private: queries and numbers alone, in memory and, as one line an hour, in the log. Who asked, and when, is not known here.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from search_index.clock import Clock

logger = logging.getLogger("octavo.search")

MOST_QUERIES = 10_000
"""Different queries that are counted; beyond, the rarest quarter is forgotten, and how many those were is said."""
LONGEST_QUERY = 200
LOG_SECONDS = 60 * 60
LOGGED = 10

Asked = tuple[str, int]
"""A query as it was read, and how many posts it found."""


@dataclass(frozen=True, slots=True)
class AnalyticsReport:
    """``top`` and ``without_result`` have queries with the number of their searches, the most frequent first; ``forgotten``
    counts the searches whose queries there was no room for."""

    since: datetime
    searches: int
    top: Sequence[tuple[str, int]]
    without_result: Sequence[tuple[str, int]]
    forgotten: int


class SearchAnalytics:
    """The counters of one worker. Used from the event loop alone, so it needs no lock."""

    def __init__(self, clock: Clock) -> None:
        self._since = clock.now()
        self._searches = 0
        self._forgotten = 0
        self._found: Counter[str] = Counter()
        self._missed: Counter[str] = Counter()

    def note(self, asked: Asked) -> None:
        """Count a search."""
        query, total = asked
        name = " ".join(query.casefold().split())[:LONGEST_QUERY]
        self._searches += 1
        counts = self._found if total else self._missed
        if len(counts) >= MOST_QUERIES and name not in counts:
            self._forget(counts)
        counts[name] += 1

    def report(self, most: int) -> AnalyticsReport:
        """The counters, with the ``most`` frequent queries of each kind."""
        everything = self._found + self._missed
        return AnalyticsReport(
            self._since, self._searches, _first(everything, most), _first(self._missed, most), self._forgotten
        )

    def _forget(self, counts: Counter[str]) -> None:
        for name, count in counts.most_common()[-(MOST_QUERIES // 4) :]:
            self._forgotten += count
            del counts[name]

    async def log_every(self, seconds: float) -> None:
        """Write the counters to the log again and again, and when it is cancelled; nothing while nothing is searched."""
        told = 0
        try:
            while True:
                await asyncio.sleep(seconds)
                told = self._log(told)
        finally:
            self._log(told)

    def _log(self, told: int) -> int:
        if self._searches > told:
            report = self.report(LOGGED)
            line = {
                "event": "searches",
                "since": report.since.isoformat(),
                "searches": report.searches,
                "top": report.top,
                "without_result": report.without_result,
            }
            logger.info("%s", json.dumps(line))
        return self._searches


def _first(counts: Counter[str], most: int) -> Sequence[tuple[str, int]]:
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))[:most]
