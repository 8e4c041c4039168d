"""The content folder as found: which files are Markdown, and their bytes, read without following anything out of it."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.reading.errors import ContentError
from search_index.settings import Limits

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown", ".mkdn")

IGNORED_ENDINGS = ("~", ".swp", ".swo", ".swx", ".part", ".tmp", ".bak", ".orig", ".crdownload")
"""What editors and downloads leave behind; names that begin with ``.`` or ``#``, and vim's ``4913``, are ignored too."""

_SETTLED_NS = 50_000_000
_SKEW_NS = 1_000_000_000
"""A time of change so little ahead of the clock is just now, on a file system with a clock of its own."""
_LONGEST_WAIT = 1.0
_CHUNK = 1024 * 1024

Signature = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A Markdown file: ``path`` relative to the root with ``/``, ``size`` in bytes.

    ``signature`` is cheap to take and changes whenever the file does: size, mtime and ctime in nanoseconds, inode.
    """

    path: str
    size: int
    signature: Signature


class Selection(Protocol):
    """Which folders and files a scan takes in, by their paths relative to the root. A dialect is one."""

    def enters(self, folder: str) -> bool: ...

    def reads(self, path: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Scan:
    """The documents below a root, sorted by path.

    ``unreadable`` has the subtrees that could not be listed ("" for the root itself): what was published from there is
    neither confirmed nor gone.
    """

    files: tuple[FoundFile, ...]
    problems: tuple[ContentProblem, ...]
    unreadable: tuple[str, ...]

    def covers(self, path: str) -> bool:
        """Whether the absence of ``path`` from ``files`` means that the file is gone."""
        return not any(path.startswith(f"{folder}/") if folder else True for folder in self.unreadable)


def scan(root: Path, selection: Selection) -> Scan:
    """List the documents below ``root`` (which may be a symbolic link itself). Opens no file and never raises."""
    walk = _Walk(os.path.realpath(root), selection)
    walk.run()
    return Scan(
        tuple(sorted(walk.files, key=lambda file: file.path)),
        tuple(sorted(walk.problems)),
        tuple(sorted(walk.unreadable)),
    )


def is_markdown(name: str) -> bool:
    """Whether a file of this name is Markdown, by its ending."""
    return name.lower().endswith(MARKDOWN_SUFFIXES)


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is nobody's content: hidden, or left behind by an editor."""
    return name.startswith((".", "#")) or name.endswith(IGNORED_ENDINGS) or name == "4913"


class _Walk:
    def __init__(self, root: str, selection: Selection) -> None:
        self.root = root
        self._selection = selection
        self.files: list[FoundFile] = []
        self.problems: list[ContentProblem] = []
        self.unreadable: list[str] = []

    def run(self) -> None:
        pending = [""]
        while pending:
            folder = pending.pop()
            pending.extend(self._folder(folder))

    def _folder(self, folder: str) -> Iterator[str]:
        try:
            with os.scandir(f"{self.root}/{folder}" if folder else self.root) as entries:
                listed = list(entries)
        except OSError as error:
            if error.errno == errno.ENOENT and folder:
                return
            self.unreadable.append(_printable_path(folder))
            self._report(
                folder, ProblemCode.FILE_UNREADABLE, f"the folder cannot be listed: {error.strerror}", _READABLE
            )
            return
        for entry in listed:
            path = f"{folder}/{entry.name}" if folder else entry.name
            try:
                if self._entry(entry, path):
                    yield path
            except OSError as error:
                self._report(path, ProblemCode.FILE_UNREADABLE, f"cannot be looked at: {error.strerror}", _READABLE)

    def _entry(self, entry: os.DirEntry[str], path: str) -> bool:
        """Take in one entry; True for a folder to go into."""
        name = entry.name
        if is_ignored(name):
            return False
        if entry.is_dir(follow_symlinks=False):
            if not self._selection.enters(path):
                return False
            if self._selection.reads(path):
                self._warn(path, ProblemCode.NOT_A_REGULAR_FILE, "a folder is named like a Markdown file", _RENAME)
            return self._has_usable_name(path, is_folder=True)
        if entry.is_symlink():
            self._link(path)
        elif self._selection.reads(path):
            self._file(entry.stat(follow_symlinks=False), path)
        return False

    def _file(self, found: os.stat_result, path: str) -> None:
        if not stat.S_ISREG(found.st_mode):
            self._warn(path, ProblemCode.NOT_A_REGULAR_FILE, f"is {_kind(found.st_mode)}, not a file", _RENAME)
        elif self._has_usable_name(path, is_folder=False):
            self.files.append(FoundFile(path, found.st_size, signature_of(found)))

    def _link(self, path: str) -> None:
        target = os.path.realpath(f"{self.root}/{path}")
        inside = target == self.root or target.startswith(self.root.rstrip("/") + "/")
        try:
            found = Path(target).lstat() if inside else None
        except FileNotFoundError:
            if self._selection.reads(path):
                self._report(path, ProblemCode.FILE_UNREADABLE, "a symbolic link that leads nowhere", _MEND_LINK)
            return
        if found is None:
            if self._selection.reads(path) or Path(target).is_dir():
                message = "a symbolic link that leads out of the content folder is not followed"
                self._report(path, ProblemCode.LINK_LEAVES_FOLDER, message, "copy what it points to into the folder")
        elif stat.S_ISDIR(found.st_mode):
            message = "a symbolic link to a folder is not followed"
            self._warn(path, ProblemCode.NOT_A_REGULAR_FILE, message, "its files are read where they really are")
        elif stat.S_ISLNK(found.st_mode):
            self._report(path, ProblemCode.FILE_UNREADABLE, "a symbolic link that leads to itself", _MEND_LINK)
        elif self._selection.reads(path):
            self._file(found, path)

    def _has_usable_name(self, path: str, *, is_folder: bool) -> bool:
        if _printable_path(path) == path and _LINE_BREAK.search(path) is None:
            return True
        if is_folder:
            self.unreadable.append(_printable_path(path))
        message = "the name is not UTF-8, or holds a line break"
        self._report(path, ProblemCode.FILE_UNREADABLE, message, _RENAME)
        return False

    def _report(self, path: str, code: ProblemCode, message: str, hint: str) -> None:
        self.problems.append(ContentProblem(_printable_path(path), 0, 0, Severity.ERROR, code, message, hint))

    def _warn(self, path: str, code: ProblemCode, message: str, hint: str) -> None:
        self.problems.append(ContentProblem(_printable_path(path), 0, 0, Severity.WARNING, code, message, hint))


_LINE_BREAK = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
"""Other control characters are kept: an input method that leaves a backspace in a name is no rarity in Korea."""
_READABLE = "let the user Octavo runs as read it"
_RENAME = "rename it"
_MEND_LINK = "mend or remove the link"


def signature_of(found: os.stat_result) -> Signature:
    """Size, mtime, ctime and inode of a file."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _printable_path(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))
    return next((name for matches, name in kinds if matches(mode)), "a device")


def read_file(root: Path, path: str, limits: Limits) -> bytes:
    """The bytes of the file at ``path`` below ``root``, as ``read_stable`` gives them. Raises ``ContentError``."""
    try:
        found = (root / path).lstat()
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error
    return read_stable(root, FoundFile(path, found.st_size, signature_of(found)), limits)


def read_stable(root: Path, file: FoundFile, limits: Limits) -> bytes:
    """The bytes of ``file`` as they are when nobody is writing it.

    Raises ``ContentError``: FILE_TOO_LARGE before reading, LINK_LEAVES_FOLDER and NOT_A_REGULAR_FILE where the file was
    exchanged since the scan, FILE_UNREADABLE, and FILE_UNSTABLE when it still changes after about a second.
    """
    give_up = time.monotonic() + _LONGEST_WAIT
    while True:
        content = _read_once(os.path.realpath(root), file.path, limits)
        if content is not None:
            return content
        if time.monotonic() >= give_up:
            raise ContentError(
                ProblemCode.FILE_UNSTABLE,
                "the file is being written to all the time",
                "it is read again at the next scan",
                transient=True,
            )
        time.sleep(0.02)


def _read_once(root: str, path: str, limits: Limits) -> bytes | None:
    """None where the file changed meanwhile, or so lately that it may still be changing."""
    descriptor = _open_inside(root, path)
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise ContentError(
                ProblemCode.NOT_A_REGULAR_FILE, f"is {_kind(before.st_mode)}, not a file", _RENAME, transient=True
            )
        if before.st_size > limits.file_bytes:
            raise too_large(before.st_size, limits)
        age = time.time_ns() - before.st_mtime_ns
        if -_SKEW_NS < age < _SETTLED_NS:
            return None
        content = _read_all(descriptor, limits.file_bytes + 1)
        if len(content) > limits.file_bytes:
            raise too_large(len(content), limits)
        after = os.fstat(descriptor)
    except OSError as error:
        raise _unreadable(error) from error
    finally:
        os.close(descriptor)
    same = signature_of(before) == signature_of(after) and len(content) == before.st_size
    return content if same else None


def too_large(size: int, limits: Limits) -> ContentError:
    """The refusal of a file of ``size`` bytes."""
    return ContentError(
        ProblemCode.FILE_TOO_LARGE,
        f"{size} bytes are more than limits.file_bytes ({limits.file_bytes})",
        "split the post, or raise OCTAVO_LIMITS__FILE_BYTES",
    )


def _open_inside(root: str, path: str) -> int:
    """Open without following a link in any component, unless the file itself is a link that stays inside."""
    target = os.path.realpath(f"{root}/{path}")
    prefix = root.rstrip("/") + "/"
    if not target.startswith(prefix):
        raise ContentError(
            ProblemCode.LINK_LEAVES_FOLDER,
            "a symbolic link that leads out of the content folder is not followed",
            "copy what it points to into the folder",
        )
    *folders, name = target[len(prefix) :].split("/")
    opened = -1
    try:
        opened = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for folder in folders:
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=opened)
            os.close(opened)
            opened = inner
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=opened)
    except (OSError, ValueError) as error:
        raise _unreadable(error) from error
    finally:
        if opened >= 0:
            os.close(opened)


def _read_all(descriptor: int, most: int) -> bytes:
    parts = []
    while most > 0 and (part := os.read(descriptor, min(most, _CHUNK))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _unreadable(error: OSError | ValueError) -> ContentError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return ContentError(ProblemCode.FILE_UNREADABLE, f"cannot be read: {reason}", _READABLE, transient=True)
