"""Validators and the response cache, both keyed by what is publicly visible: nothing is ever invalidated."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.addresses import Parameter, query_string
from api.analytics import Asked

_OVERHEAD = 512
"""Bytes that an entry costs beside its body, about."""

_MOST_SPELLINGS = 4096
_LONGEST_SPELLING = 512
"""How many spellings of requests are remembered, and how long they may be: a few MiB at the most."""

CacheKey = tuple[str, str, str]
"""Snapshot version, path, canonical query string."""

Spelling = tuple[str, bytes]
"""A request as it was written: path and raw query string."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished representation. ``lasting`` is False where the next request might get a better one; ``asked`` is the search
    that it answers, for the counters."""

    body: bytes
    headers: tuple[Parameter, ...] = ()
    lasting: bool = True
    asked: Asked | None = None
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Finished:
    """Where an answer is kept, and what its headers say beside those of the moment."""

    key: CacheKey
    etag: str
    tags: str


def cache_key(version: str, path: str, query: list[Parameter]) -> CacheKey:
    return version, path, query_string(query)


def entity_tag(salt: str, key: CacheKey, *, weak: bool = False) -> str:
    """The validator of an answer that is a function of ``key``; ``salt`` is the program's version."""
    digest = hashlib.blake2b("\n".join((salt, *key)).encode(), digest_size=16).hexdigest()
    return f'W/"{digest}"' if weak else f'"{digest}"'


def none_match(header: str | None, etag: str) -> bool:
    """Whether ``If-None-Match`` is false for ``etag``, that is, whether a 304 is due.

    Weak comparison. Source: RFC 9110, sections 8.8.3.2 and 13.1.2. Linear in the header's length.
    """
    if header is None:
        return False
    if header.strip() == "*":
        return True
    opaque = etag.removeprefix("W/")
    return any(candidate.strip().removeprefix("W/") == opaque for candidate in header.split(","))


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """For how long shared caches may answer by themselves, in seconds; a preview is stored by nobody."""

    s_maxage: int
    stale_while_revalidate: int
    preview: bool = False

    def header(self, now: float, next_change_at: int | None) -> str:
        """``Cache-Control`` at ``now``: neither span reaches past the instant at which a post comes or goes by itself."""
        if self.preview:
            return "private, no-store"
        fresh, stale = self.s_maxage, self.stale_while_revalidate
        if next_change_at is not None:
            left = max(0, int(next_change_at - now))
            fresh = min(fresh, left)
            stale = min(stale, left - fresh)
        return f"public, max-age=0, s-maxage={fresh}, stale-while-revalidate={stale}"


class ResponseCache:
    """Finished answers, the least recently used leaving first, and single flight: equal requests wait for one answer.

    Used from the event loop alone, so it needs no lock.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._answers: OrderedDict[CacheKey, Answer] = OrderedDict()
        self._spellings: OrderedDict[Spelling, Finished] = OrderedDict()
        self._flights: dict[CacheKey, asyncio.Task[Answer]] = {}

    def get(self, key: CacheKey) -> Answer | None:
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def remember(self, spelling: Spelling, finished: Finished) -> None:
        """The next request in this spelling need not be read again."""
        if sum(map(len, spelling)) > _LONGEST_SPELLING:
            return
        self._spellings[spelling] = finished
        if len(self._spellings) > _MOST_SPELLINGS:
            self._spellings.popitem(last=False)

    def recall(self, spelling: Spelling) -> Finished | None:
        return self._spellings.get(spelling)

    def flight(self, key: CacheKey) -> asyncio.Task[Answer] | None:
        """The computation of this very answer, if one is under way."""
        return self._flights.get(key)

    def start(self, key: CacheKey, make: Callable[[], Awaitable[Answer]]) -> asyncio.Task[Answer]:
        """Start computing an answer, in a task of its own: it goes on when the request that began it is gone."""
        task = asyncio.ensure_future(self._computed(key, make))
        self._flights[key] = task
        task.add_done_callback(lambda done: self._landed(key, done))
        return task

    async def drain(self) -> None:
        """Wait for the computations under way."""
        await asyncio.gather(*self._flights.values(), return_exceptions=True)

    async def _computed(self, key: CacheKey, make: Callable[[], Awaitable[Answer]]) -> Answer:
        answer = await make()
        if answer.lasting:
            self.put(key, answer)
        return answer

    def _landed(self, key: CacheKey, task: asyncio.Task[Answer]) -> None:
        del self._flights[key]
        if not task.cancelled():
            task.exception()  # seen here, because the requests that waited for it may all be gone

    def put(self, key: CacheKey, answer: Answer) -> None:
        """Keep the answer; one that would take a quarter of the room is not kept."""
        cost = _cost(key, answer)
        if cost > self._max_bytes // 4:
            return
        if key not in self._answers:
            self._bytes += cost
        self._answers[key] = answer
        while self._bytes > self._max_bytes:
            oldest_key, oldest = self._answers.popitem(last=False)
            self._bytes -= _cost(oldest_key, oldest)


def _cost(key: CacheKey, answer: Answer) -> int:
    return len(answer.body) + sum(map(len, key)) + _OVERHEAD
