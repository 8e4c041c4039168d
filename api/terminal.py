"""What a person at a terminal sees of a long build, and how the result of one reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import TextIO

from api.indexer_process import Built
from search_index.diagnostics import ContentProblem, errors_in
from search_index.progress import Progress

SHOWN_PROBLEMS = 5
_REDRAW_SECONDS = 0.1
_LOG_SECONDS = 5.0


class _Measured:
    """Counts files against the monotonic clock; what is shown when is left to the two below."""

    def __init__(self, stream: TextIO, every: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._every = every
        self._monotonic = monotonic
        self._total = self._done = 0
        self._started = self._shown = 0.0

    def start(self, total: int) -> None:
        self._total, self._done = total, 0
        self._started = self._shown = self._monotonic()

    def advance(self, count: int) -> None:
        self._done += count
        now = self._monotonic()
        if now - self._shown >= self._every:
            self._shown = now
            self._show(describe_progress(self._done, self._total, now - self._started))

    def finish(self) -> None:
        return

    def _show(self, text: str) -> None:
        self._print(f"octavo: {text}\n")

    def _print(self, text: str) -> None:
        """A terminal that has gone away is no reason to end the work."""
        with suppress(OSError):
            self._stream.write(text)
            self._stream.flush()


class LineProgress(_Measured):
    """One line that is drawn over itself, for a terminal."""

    def __init__(self, stream: TextIO, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, _REDRAW_SECONDS, monotonic)
        self._drawn = False

    def finish(self) -> None:
        if self._drawn:
            self._print("\r\x1b[K")
            self._drawn = False

    def _show(self, text: str) -> None:
        self._print(f"\r\x1b[K{text}")
        self._drawn = True


class LogProgress(_Measured):
    """A line every few seconds, for a log."""

    def __init__(self, stream: TextIO, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, _LOG_SECONDS, monotonic)


def progress_on(stream: TextIO) -> Progress:
    """The progress that suits ``stream``."""
    return LineProgress(stream) if stream.isatty() else LogProgress(stream)


def describe_progress(done: int, total: int, seconds: float) -> str:
    """``3,000 of 10,000 files  30 %  600/s  12 s left``."""
    rate = done / seconds if seconds > 0 else 0.0
    left = f"{(total - done) / rate:,.0f} s left" if rate else "no rate yet"
    share = 100 * done // total if total else 100
    return f"{done:,} of {total:,} files  {share} %  {rate:,.0f}/s  {left}"


def describe_build(build: Built) -> str:
    """One line about a build."""
    if not build.published:
        return f"nothing has changed: {count(build.posts, 'post')} in generation {build.generation[:12]}"
    changes = [f"{count(build.read, 'file')} read"]
    if build.removed:
        changes.append(f"{build.removed:,} removed")
    return (
        f"{count(build.posts, 'post')} in generation {build.generation[:12]}: "
        f"{', '.join(changes)}, {build.unchanged:,} unchanged, in {build.seconds:.1f} s"
    )


def describe_problems(problems: Collection[ContentProblem], check: str, shown: int = SHOWN_PROBLEMS) -> Iterator[str]:
    """The first problems, errors before warnings, then how many there are and the command that shows all."""
    if not problems:
        return
    ordered = sorted(problems, key=lambda problem: (problem.severity, problem))
    for problem in ordered[:shown]:
        yield problem.as_text()
    if len(ordered) > shown:
        yield f"{summarize(problems)}; {check} shows them all"


def summarize(problems: Collection[ContentProblem]) -> str:
    """``2 errors, 1 warning``."""
    errors = errors_in(problems)
    return f"{count(errors, 'error')}, {count(len(problems) - errors, 'warning')}"


def count(number: int, noun: str) -> str:
    """``1 post``, ``1,200 posts``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
