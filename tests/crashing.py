"""Crash points: a process dies, or the machine refuses, at the k-th change of the file system, for every k.

``CrashPoints`` wraps the calls; ``kill_everywhere`` runs a ``Scenario`` in processes of its own and kills each of them at
another call, before it and after it, until one runs to its end. For a scenario of your own, write a class with the three
methods of ``Scenario`` at the top of a module and name it ``"package.module:Class"``.
"""

from __future__ import annotations

import builtins
import errno
import importlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

ROOT = Path(__file__).resolve().parent.parent
CHANGES = (
    "rename",
    "replace",
    "unlink",
    "remove",
    "mkdir",
    "rmdir",
    "link",
    "symlink",
    "truncate",
    "ftruncate",
    "fsync",
)
READS = ("scandir",)
MOST_POINTS = 5_000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def die() -> None:
    """End this process as ``kill -9`` does."""
    os.kill(os.getpid(), signal.SIGKILL)


class Refusal:
    """Raises the ``OSError`` of ``number``."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __call__(self) -> None:
        raise OSError(self._number, os.strerror(self._number))


class CrashPoints:
    """Within it, the ``at``-th change (from 1) that this thread makes to files below ``folder`` is struck.

    Changes are the calls of ``CHANGES`` and every opening for writing; with ``reads`` also opening for reading and
    listing a folder. ``count`` is how many there were, ``trace`` their names and paths, ``struck`` whether it came to it.
    ``sync`` False leaves out the syncing itself (a killed process, unlike a power cut, loses nothing that was written).
    What SQLite and other C code do to files is not seen.
    """

    def __init__(
        self,
        folder: Path,
        *,
        at: int = 0,
        after: bool = False,
        strike: Callable[[], None] = die,
        reads: bool = False,
        sync: bool = True,
    ) -> None:
        self.count = 0
        self.struck = False
        self.trace: list[tuple[str, str]] = []
        self._folder = str(folder)
        self._at = at
        self._after = after
        self._strike = strike
        self._reads = reads
        self._sync = sync
        self._thread = threading.get_ident()
        self._originals: list[tuple[object, str, Any]] = []

    def __enter__(self) -> Self:
        for name in CHANGES + (READS if self._reads else ()):
            self._wrap(os, name)
        self._wrap(os, "open", self._opens_descriptor)
        for module in (builtins, io):
            self._wrap(module, "open", self._opens_file)
        return self

    def __exit__(self, *failure: object) -> None:
        for module, name, original in reversed(self._originals):
            setattr(module, name, original)

    def _opens_descriptor(self, arguments: tuple[Any, ...], _keywords: dict[str, Any]) -> bool:
        return self._reads or bool(arguments[1] & _WRITING)

    def _opens_file(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
        mode = arguments[1] if len(arguments) > 1 else keywords.get("mode", "r")
        return self._reads or any(letter in mode for letter in "wax+")

    def _wrap(self, module: object, name: str, counts: Callable[..., bool] = lambda *_call: True) -> None:
        original = getattr(module, name)
        self._originals.append((module, name, original))

        def wrapped(*arguments: Any, **keywords: Any) -> Any:
            if (
                threading.get_ident() != self._thread
                or not self._concerns(arguments)
                or not counts(arguments, keywords)
            ):
                return original(*arguments, **keywords)
            self.count += 1
            self.trace.append((name, _place(arguments[0])))
            chosen = self.count == self._at
            if chosen and not self._after:
                self._hit()
            try:
                return None if name == "fsync" and not self._sync else original(*arguments, **keywords)
            finally:
                if chosen and self._after:
                    self._hit()

        setattr(module, name, wrapped)

    def _concerns(self, arguments: tuple[Any, ...]) -> bool:
        # A bare name belongs to a folder that is open (shutil.rmtree), which only clearing away does.
        place = _place(arguments[0]) if arguments else "/"
        return not place.startswith(os.sep) or f"{place}/".startswith(f"{self._folder}/")

    def _hit(self) -> None:
        self.struck = True
        self._strike()


def _place(target: object) -> str:
    """The path that a call is about; of a descriptor where the system tells."""
    if not isinstance(target, int):
        return os.fsdecode(target) if isinstance(target, str | bytes | os.PathLike) else repr(target)
    try:
        return str(Path(f"/proc/self/fd/{target}").readlink())
    except OSError:
        return f"descriptor {target}"


class Scenario(Protocol):
    """What is struck. Each method runs in a process of its own and is given the same empty folder of its own."""

    def prepare(self, folder: Path) -> None:
        """Make the state from which ``act`` starts."""
        ...

    def act(self, folder: Path) -> None:
        """Do what is struck."""
        ...

    def verify(self, folder: Path) -> None:
        """Raise (``AssertionError``) where the promises do not hold, however far ``act`` came."""
        ...


@dataclass(frozen=True, slots=True)
class CrashReport:
    """``points`` counts the calls, ``kills`` the processes that died at them; ``violations`` are tracebacks."""

    points: int
    kills: int
    violations: tuple[str, ...]


def kill_everywhere(scenario: str, folder: Path) -> CrashReport:
    """Run the scenario ``"module:Class"`` below ``folder``, killed at each point in turn."""
    # A killed process reports no coverage, and those that measure it all the same are several times slower.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS")}
    command = [sys.executable, "-m", "tests.crashing", scenario, str(folder)]
    ran = subprocess.run(command, cwd=ROOT, env=unmeasured, capture_output=True, text=True)
    if ran.returncode:
        raise AssertionError(ran.stderr)
    outcome = json.loads(ran.stdout.splitlines()[-1])
    return CrashReport(outcome["points"], outcome["kills"], tuple(outcome["violations"]))


def main(name: str, folder: Path) -> CrashReport:
    """What ``kill_everywhere`` runs: forks a process for whatever is done, so that none inherits another's state."""
    module, _, attribute = name.partition(":")
    scenario: Scenario = getattr(importlib.import_module(module), attribute)()
    start = folder / "start"
    start.mkdir(parents=True)
    failure = _Child(lambda: scenario.prepare(start), start).end()
    if failure is not None:
        raise SystemExit(f"prepare failed\n{failure}")

    def verify(trial: Path) -> None:
        scenario.verify(trial)
        shutil.rmtree(trial)

    violations: list[str] = []
    kills = 0
    for point in range(1, MOST_POINTS):
        trials = {folder / f"{point}-before": False, folder / f"{point}-after": True}
        for trial in trials:
            shutil.copytree(start, trial, symlinks=True)
        acting = [_Child(partial(scenario.act, trial), trial, at=point, after=after) for trial, after in trials.items()]
        acted = [child.end() for child in acting]
        verifying = [_Child(partial(verify, trial), trial) for trial in trials]
        verified = [child.end() for child in verifying]
        kills += acted.count(_KILLED)
        for trial, *outcomes in zip(trials, acted, verified, strict=True):
            violations += [f"{trial.name}: {outcome}" for outcome in outcomes if outcome not in (None, _KILLED)]
        if None in acted:
            return CrashReport(point - 1, kills, tuple(violations))
    raise SystemExit(f"no end after {MOST_POINTS} points")


_KILLED = "killed"


class _Child:
    """A forked process that runs ``action`` among crash points."""

    def __init__(self, action: Callable[[], None], folder: Path, *, at: int = 0, after: bool = False) -> None:
        self._reading, writing = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            code = 1
            try:
                with CrashPoints(folder, at=at, after=after, sync=False):
                    action()
                code = 0
            except BaseException:
                os.write(writing, traceback.format_exc().encode()[-60_000:])
            finally:
                os._exit(code)
        os.close(writing)

    def end(self) -> str | None:
        """Wait for it: None if it ended well, ``_KILLED``, or its traceback."""
        with os.fdopen(self._reading, "rb") as pipe:
            said = pipe.read().decode()
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        if code == 0:
            return None
        return _KILLED if code == -signal.SIGKILL else said or f"exit status {code}"


FAULTS = (errno.ENOSPC, errno.EIO, errno.EMFILE, errno.EACCES)

if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(main(sys.argv[1], Path(sys.argv[2])))) + "\n")
