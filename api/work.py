"""Threads for what computes or reads: nothing of it blocks the event loop, and none of it piles up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from api.problems import ProblemError
from api.schemas.problems import ErrorCode

T = TypeVar("T")


class WorkPool:
    """A fixed number of threads; what comes when all are busy waits for its turn."""

    def __init__(self, name: str, threads: int) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def close(self) -> None:
        """Wait for the running work and end the threads."""
        self._executor.shutdown(wait=True, cancel_futures=True)


class SearchPool(WorkPool):
    """A pool that says no: beyond ``threads`` searches at once ``queue`` more wait, ``wait_seconds`` at the longest.

    A flood of slow searches must not make everybody wait (see "searches at once" in ``docs/reference/limits.md``); who
    is refused gets a 503 with ``Retry-After`` at once.
    """

    def __init__(self, threads: int, queue: int, wait_seconds: float) -> None:
        super().__init__("search", threads)
        self._places = asyncio.Semaphore(threads)
        self._queue = queue
        self._wait_seconds = wait_seconds
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        await self._take_place()
        try:
            return await super().run(work)
        finally:
            self._places.release()

    async def _take_place(self) -> None:
        if self._places.locked():
            if self._waiting >= self._queue:
                raise _busy()
            self._waiting += 1
            try:
                async with asyncio.timeout(self._wait_seconds):
                    await self._places.acquire()
            except TimeoutError as error:
                raise _busy() from error
            finally:
                self._waiting -= 1
        else:
            await self._places.acquire()


def _busy() -> ProblemError:
    return ProblemError(ErrorCode.SEARCH_BUSY, "too many searches are running; try again in a second", retry_after=1)
