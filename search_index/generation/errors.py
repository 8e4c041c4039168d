"""What can go wrong with an index folder. Each text says what to do about it.

::

    GenerationError
    +-- WriterBusy            another process writes (``pid`` where it is known)
    +-- ShrinkRefused         a build would lose most of the posts (``before``, ``after``)
    +-- GenerationMissing     there is no generation of that id (``id``)
    +-- CorruptGeneration     a file is damaged, missing or too many (``id``, ``file``)
    +-- CorruptPointer        ``CURRENT`` has something else in it than a sequence number and an id
    +-- StorageFailure        the machine refused (``__cause__`` is the ``OSError``)
        +-- NotAFolder        a file is where the folder should be
        +-- NoAccess          permission denied, or a read-only file system
        +-- DiskFull          no space, no quota or no inodes left
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class GenerationError(Exception):
    """A generation could not be read, built or published."""


class WriterBusy(GenerationError):
    """Another process holds the writer's lock."""

    def __init__(self, folder: Path, pid: int | None) -> None:
        self.pid = pid
        who = f"another process (pid {pid})" if pid else "another process"
        super().__init__(f"{who} is writing {folder}: wait until it has finished, or stop it")


class ShrinkRefused(GenerationError):
    """A build has so many posts less than the published generation that its folder is more likely gone than edited."""

    def __init__(self, before: int, after: int) -> None:
        self.before = before
        self.after = after
        super().__init__(
            f"{after} posts are left of {before}, so the published generation stays: see whether the content folder is "
            "complete (mounted, checked out), or build with --allow-shrink if it is meant"
        )


class GenerationMissing(GenerationError):
    """No generation has this id."""

    def __init__(self, generation: str) -> None:
        self.id = generation
        super().__init__(f"there is no generation {generation!r}: octavo generations list shows those there are")


class CorruptGeneration(GenerationError):
    """A generation is not what was published. ``file`` is relative to its folder."""

    def __init__(self, generation: str, file: str, reason: str) -> None:
        self.id = generation
        self.file = file
        super().__init__(
            f"generation {generation} is damaged, {file} {reason}: octavo index builds it anew, "
            "octavo generations activate serves an older one"
        )


class CorruptPointer(GenerationError):
    """``CURRENT`` cannot be read as a sequence number and an id."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is damaged: octavo index writes it anew")


class StorageFailure(GenerationError):
    """The operating system refused; ``__cause__`` is what it said."""


class NotAFolder(StorageFailure):
    """A file lies where the index folder, or a folder within it, should be."""


class NoAccess(StorageFailure):
    """This process may not read or write the index folder."""


class DiskFull(StorageFailure):
    """There is no space left for the index."""


_NO_FOLDER = frozenset({errno.ENOTDIR, errno.EEXIST})
_NO_ACCESS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def storage(folder: Path) -> Iterator[None]:
    """Within it an ``OSError`` of the index folder becomes a ``StorageFailure``."""
    try:
        yield
    except OSError as error:
        raise _failure(error, folder) from error


def _failure(error: OSError, folder: Path) -> StorageFailure:
    place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else str(folder)
    if error.errno in _NO_FOLDER:
        return NotAFolder(f"{place} is a file where a folder should be: move it away, or choose another index folder")
    if error.errno in _NO_ACCESS:
        return NoAccess(
            f"no permission for {place} ({error.strerror}): give this user the folder, or choose another index folder"
        )
    if error.errno in _NO_SPACE:
        return DiskFull(
            f"no space left for {folder} ({error.strerror}): make room and build again; what is served stays"
        )
    return StorageFailure(f"{place}: {error.strerror or error}; see to the disk and build again, what is served stays")
