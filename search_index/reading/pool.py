"""Reading processes: started when there is work, kept warm, killed when a file holds one up, fed from one thread."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Self

import search_index
from search_index.diagnostics import ProblemCode
from search_index.reading.errors import ContentError
from search_index.reading.frames import FrameBuffer, write_frame
from search_index.reading.outcome import ReadOutcome
from search_index.reading.post_reader import not_read
from search_index.reading.render_cache import RenderCache
from search_index.reading.source import FoundFile
from search_index.reading.worker import READY, Configuration, ReadRequest
from search_index.settings import SiteSettings

_QUEUED = 3
"""Files handed to a process at once: it need not wait for the next while its answer is taken in."""
_FILES_A_PROCESS = 16
"""So many files are worth the start of one more process."""
_START_SECONDS = 60.0
_READ_SECONDS = 3.0
"""What a file may take besides rendering: waiting until it is stable, front matter, composing."""
_STOP_SECONDS = 2.0
_CHUNK = 1024 * 1024
_WORKER = "import sys; sys.path.append(sys.argv[1]); from search_index.reading.worker import main; main()"
"""The same as ``-m search_index.reading.worker``, and it works from a source tree, whatever lies in the current folder."""


class ReadingProcessError(Exception):
    """Reading processes do not start; the text has what they said."""


@dataclass(slots=True)
class _Process:
    popen: subprocess.Popen[bytes]
    said: IO[bytes]
    queue: deque[ReadRequest] = field(default_factory=deque)
    answers: FrameBuffer = field(default_factory=FrameBuffer)
    ready: bool = False
    since: float = field(default_factory=time.monotonic)
    overdue: bool = False

    @property
    def output(self) -> int:
        assert self.popen.stdout is not None  # noqa: S101  # it was started with a pipe
        return self.popen.stdout.fileno()


class ReadingPool:
    """Reads the files of ``root`` in processes of their own, each under the limits of ``settings``.

    ``processes`` is the most that run, by default one a usable core. The pool may be used again and again; it is used
    from one thread at a time.
    """

    def __init__(
        self, root: Path, settings: SiteSettings, processes: int | None = None, cache: RenderCache | None = None
    ) -> None:
        self._configuration = Configuration(
            str(root.absolute()),
            settings.model_dump_json(exclude_unset=True),
            str(cache.path.absolute()) if cache else "",
        ).to_frame()
        self._seconds = settings.limits.render_seconds * 2 + _READ_SECONDS
        self._limits = settings.limits
        self._most = processes or len(os.sched_getaffinity(0))
        self._processes: list[_Process] = []
        self._selector = selectors.DefaultSelector()
        self._failed_starts = 0
        self._round = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def read(
        self, files: Iterable[FoundFile], *, with_provenance: bool = False, now: int | None = None
    ) -> Iterator[ReadOutcome]:
        """One outcome a file, as they are done. Raises ``ReadingProcessError``.

        Each call looks at the site's configuration anew. ``now`` (UTC epoch seconds; by default the present) is when
        templates that list posts have to be right.
        """
        moment = self._begin(now)
        yield from self._outcomes(ReadRequest(file, with_provenance, self._round, moment) for file in files)

    def read_front_matter(self, files: Iterable[FoundFile], *, now: int | None = None) -> Iterator[ReadOutcome]:
        """As ``read``, of each file its front matter alone; ``now`` is when a post has to be public to count as such."""
        moment = self._begin(now)
        yield from self._outcomes(
            ReadRequest(file, False, self._round, moment, front_matter_only=True) for file in files
        )

    def _begin(self, now: int | None) -> int:
        self._round += 1
        return int(time.time()) if now is None else now

    def _outcomes(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]:
        pending = deque(requests)
        try:
            while pending or any(process.queue for process in self._processes):
                self._hand_out(pending)
                yield from self._answers(pending)
        finally:
            for process in [process for process in self._processes if process.queue]:
                self._discard(process)

    def close(self) -> None:
        """End the processes."""
        for process in self._processes:
            _close_input(process)
        for process in list(self._processes):
            with suppress(subprocess.TimeoutExpired):
                process.popen.wait(_STOP_SECONDS)
            self._discard(process)
        self._selector.close()

    def _hand_out(self, pending: deque[ReadRequest]) -> None:
        queued = sum(len(process.queue) for process in self._processes)
        wanted = min(self._most, max(1, -(-(len(pending) + queued) // _FILES_A_PROCESS)))
        while len(self._processes) < wanted:
            self._start()
        while pending:
            process = min(self._processes, key=lambda process: len(process.queue))
            if len(process.queue) >= _QUEUED:
                return
            request = pending.popleft()
            if not process.queue:
                process.since = time.monotonic()
            process.queue.append(request)
            assert process.popen.stdin is not None  # noqa: S101  # it was started with a pipe
            with suppress(BrokenPipeError):
                write_frame(process.popen.stdin, request.to_frame())

    def _answers(self, pending: deque[ReadRequest]) -> Iterator[ReadOutcome]:
        for key, _ in self._selector.select(self._patience()):
            process: _Process = key.data
            part = os.read(process.output, _CHUNK)
            process.answers.feed(part)
            yield from self._take(process)
            if not part:
                yield from self._lost(process, pending)
        for process in list(self._processes):
            if process.queue and time.monotonic() > self._deadline(process):
                if self._selector_has(process):
                    continue
                process.overdue = True
                process.popen.kill()

    def _selector_has(self, process: _Process) -> bool:
        """Whether the process has said something that was not taken in yet."""
        return any(key.data is process for key, _ in self._selector.select(0))

    def _take(self, process: _Process) -> Iterator[ReadOutcome]:
        while (frame := process.answers.take()) is not None:
            process.since = time.monotonic()
            if not process.ready and frame == READY:
                process.ready = True
                self._failed_starts = 0
                continue
            process.queue.popleft()
            yield ReadOutcome.from_json(frame)

    def _deadline(self, process: _Process) -> float:
        return process.since + (self._seconds if process.ready else _START_SECONDS)

    def _patience(self) -> float:
        nearest = min(
            (self._deadline(process) for process in self._processes if process.queue), default=time.monotonic()
        )
        return min(1.0, max(0.01, nearest - time.monotonic()))

    def _lost(self, process: _Process, pending: deque[ReadRequest]) -> Iterator[ReadOutcome]:
        """A process died: its first file is to blame, the others are only handed to another one."""
        process.popen.wait()
        waiting = list(process.queue)
        process.queue.clear()
        said = _tail(process.said)
        self._discard(process)
        if not process.ready:
            self._failed_starts += 1
            if self._failed_starts > 2:
                raise ReadingProcessError(f"the reading processes do not start: {said}")
            pending.extendleft(reversed(waiting))
            return
        if not waiting:
            return
        blamed, *others = waiting
        pending.extendleft(reversed(others))
        code, message = self._cause(process)
        if blamed.crash:
            hint = "it is left out until the file changes"
            yield not_read(blamed.file.path, ContentError(code, message, hint))
        else:
            pending.appendleft(replace(blamed, crash_code=code, crash=message))

    def _cause(self, process: _Process) -> tuple[ProblemCode, str]:
        status = process.popen.returncode
        if process.overdue:
            return ProblemCode.RENDER_TIMEOUT, f"reading takes longer than {self._seconds:g} seconds"
        if status == -signal.SIGXCPU:
            seconds = self._limits.render_cpu_seconds
            message = f"rendering takes more processor time than limits.render_cpu_seconds ({seconds})"
            return ProblemCode.RENDER_TIMEOUT, message
        return ProblemCode.RENDER_CRASHED, f"rendering ended its process with status {status}"

    def _start(self) -> None:
        said = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process, in _discard
        environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("OCTAVO_")}
        popen = subprocess.Popen(  # noqa: S603  # our own module, by this interpreter
            [sys.executable, "-P", "-c", _WORKER, str(Path(search_index.__file__).parents[1])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment,
            process_group=0,
        )
        process = _Process(popen, said)
        self._processes.append(process)
        self._selector.register(process.output, selectors.EVENT_READ, process)
        assert popen.stdin is not None  # noqa: S101  # it was started with a pipe
        with suppress(BrokenPipeError):
            write_frame(popen.stdin, self._configuration)

    def _discard(self, process: _Process) -> None:
        self._processes.remove(process)
        self._selector.unregister(process.output)
        if process.popen.poll() is None:
            process.popen.kill()
            process.popen.wait()
        _close_input(process)
        for stream in (process.popen.stdout, process.said):
            if stream is not None:
                stream.close()
        process.queue.clear()


def _close_input(process: _Process) -> None:
    if process.popen.stdin is not None:
        with suppress(BrokenPipeError):
            process.popen.stdin.close()


def _tail(said: IO[bytes]) -> str:
    said.seek(max(0, said.seek(0, os.SEEK_END) - 2000))
    return said.read().decode("utf-8", "replace").strip() or "they said nothing"
