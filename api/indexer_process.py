"""The one process that writes, seen from both ends: what it reports to the server that started it, and how it ends.

The child ends when its standard input does, which happens too when the server is killed; so there is never an orphan
that writes. It reports on its standard output, one JSON line an event; what it prints otherwise goes to standard error.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

from pydantic import Field, TypeAdapter, ValidationError

from api.ending import WRITER_GRACE_SECONDS
from search_index.diagnostics import ContentProblem

if TYPE_CHECKING:
    from search_index.indexer import BuildReport

Say = Callable[[str], None]
"""Tells the person at the terminal one line."""

_FIRST_DELAY = 1.0
_LONGEST_DELAY = 60.0
_PACKAGE_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Built:
    """A build's result, as in ``search_index.indexer.BuildReport``; its own class, so that servers need not load the
    write side."""

    published: bool
    generation: str
    posts: int
    read: int
    removed: int
    unchanged: int
    problems: tuple[ContentProblem, ...]
    seconds: float
    dialect: str
    dialect_reason: str
    kind: Literal["built"] = "built"

    @classmethod
    def of(cls, report: BuildReport) -> Built:
        return cls(**{field.name: getattr(report, field.name) for field in fields(cls) if field.name != "kind"})


@dataclass(frozen=True, slots=True)
class Busy:
    """Another process writes this index: ``pid``, None where it is not known."""

    pid: int | None
    kind: Literal["busy"] = "busy"


@dataclass(frozen=True, slots=True)
class Failed:
    """A build failed; what was published is served on."""

    message: str
    kind: Literal["failed"] = "failed"


Event = Built | Busy | Failed

_EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def report_channel() -> TextIO:
    """The child's way to its parent. Standard output itself becomes standard error, for this process and its own."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return channel


def send(channel: TextIO, event: Event) -> None:
    """Raises ``BrokenPipeError`` once the parent is gone."""
    channel.write(_EVENTS.dump_json(event).decode() + "\n")
    channel.flush()


class IndexerProcess:
    """The parent's end: starts ``octavo index`` with ``arguments``, hears what it reports, starts it again if it dies."""

    def __init__(
        self,
        arguments: Sequence[str],
        heard: Callable[[Event], None],
        say: Say,
        *,
        first_delay: float = _FIRST_DELAY,
    ) -> None:
        self._command = (sys.executable, "-P", "-m", "api.cli", "index", "--supervised", *arguments)
        self._heard = heard
        self._say = say
        self._first_delay = first_delay
        self._ending = threading.Event()
        self._starting = threading.RLock()  # the word may come as a signal, on the thread that starts the process
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._keep_alive, name="indexer")

    def start(self) -> None:
        """Start it, and again whenever it ends, until ``end``."""
        self._thread.start()

    def run_once(self) -> int:
        """Run it to its end; its exit code."""
        try:
            return self._run()
        finally:
            self.ask_to_end()

    def ask_to_end(self) -> None:
        """Give the word; returns at once."""
        self._ending.set()
        with self._starting:
            self._close_input()

    def end(self) -> None:
        """Give the word and wait for the end, a little longer than the grace; then kill."""
        self.ask_to_end()
        if self._thread.is_alive():
            self._thread.join(WRITER_GRACE_SECONDS + 2)
        if self._process and self._process.poll() is None:
            self._process.kill()

    def _keep_alive(self) -> None:
        delay = self._first_delay
        while not self._ending.is_set():
            started = time.monotonic()
            code = self._run()
            if self._ending.is_set():
                return
            if time.monotonic() - started > _LONGEST_DELAY:
                delay = self._first_delay
            self._say(
                f"the indexer ended unexpectedly ({describe_exit(code)}); serving goes on, "
                f"and it is started again in {delay:.0f} s"
            )
            self._ending.wait(delay)
            delay = min(2 * delay, _LONGEST_DELAY)

    def _run(self) -> int:
        with self._starting:
            if self._ending.is_set():
                return 0
            self._process = process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": _python_path()},
            )
            if self._ending.is_set():
                self._close_input()
        reader = threading.Thread(target=self._listen, args=(process,), daemon=True)
        reader.start()
        code = process.wait()
        reader.join(1.0)
        return code

    def _close_input(self) -> None:
        if self._process and self._process.stdin:
            self._process.stdin.close()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101  # it was asked for
        with process.stdout as lines:
            for line in lines:
                try:
                    event = _EVENTS.validate_json(line)
                except ValidationError:
                    continue
                self._heard(event)


def describe_exit(code: int) -> str:
    """``signal 9`` for a process that was killed, ``exit code 1`` for one that ended."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _python_path() -> str:
    """Where the child finds this package whatever folder it stands in: that of the content is not looked into."""
    given = os.environ.get("PYTHONPATH")
    return os.pathsep.join(filter(None, (str(_PACKAGE_ROOT), given)))
