"""The lock of the one process that writes an index folder."""

from __future__ import annotations

import fcntl
import os
import re
import weakref
from contextlib import suppress
from pathlib import Path

from search_index.generation.errors import GenerationError, WriterBusy
from search_index.generation.layout import LOCK_FILE


class WriterLock:
    """An flock on ``LOCK``. The kernel lets go of it when the process ends, however it ends.

    No child keeps it: the descriptor is closed on exec, and in a child that merely forks.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / LOCK_FILE
        self._descriptor: int | None = None
        self._wanted = False
        _release_in_forked_children(self)

    def acquire(self) -> None:
        """Raises ``WriterBusy`` at once where another process, or another writer of this one, has it."""
        self._wanted = True
        while self._descriptor is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._is_the_file(descriptor):
                    _leave_pid(descriptor)
                    self._descriptor, descriptor = descriptor, -1
            except BlockingIOError:
                raise WriterBusy(self._folder, _written_pid(descriptor)) from None
            finally:
                if descriptor >= 0:
                    os.close(descriptor)

    def confirm(self) -> None:
        """Make sure of the lock after whatever happened to the folder: a file that was removed locks nobody out."""
        if not self._wanted:
            raise GenerationError(f"the lock of {self._folder} has been given back: enter writer() again")
        if self._descriptor is None or not self._is_the_file(self._descriptor):
            self._close()
            self.acquire()

    def release(self) -> None:
        """Let go; a second time does nothing."""
        self._wanted = False
        self._close()

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _is_the_file(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False


def _leave_pid(descriptor: int) -> None:
    # It is for people only: on a full disk pruning must still be possible.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _written_pid(descriptor: int) -> int | None:
    written = re.fullmatch(rb"([1-9][0-9]{0,9})\n", os.pread(descriptor, 32, 0))
    return int(written[1]) if written else None


def _release_in_forked_children(lock: WriterLock) -> None:
    reference = weakref.ref(lock)

    def release() -> None:
        held = reference()
        if held is not None:
            held.release()

    os.register_at_fork(after_in_child=release)
