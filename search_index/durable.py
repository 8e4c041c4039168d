"""Files that survive a power cut: links, replacement in one step, syncing."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Container
from pathlib import Path

_CANNOT_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS})
_CANNOT_SYNC_FOLDERS = frozenset({errno.EINVAL, errno.ENOTSUP})


def link_or_copy(source: Path, target: Path) -> None:
    """Give ``source`` the second name ``target``; where the file system cannot, copy its content."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _CANNOT_LINK:
            raise
        shutil.copyfile(source, target)


def scratch_name(path: Path) -> Path:
    """The name under which ``write_durably`` prepares ``path``; a crash may leave it behind."""
    return path.with_name(f".{path.name}.new")


def write_durably(path: Path, content: bytes) -> None:
    """Replace the file in one step: whoever opens it, even after a power cut, finds the old content or the new one."""
    scratch = scratch_name(path)
    try:
        with scratch.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError:
        remove_quietly(scratch)
        raise
    sync_folder(path.parent)


def sync_tree(folder: Path, settled: Container[Path] = ()) -> None:
    """Sync every file and folder below ``folder``, and the folder itself; files in ``settled`` are on the disk already."""
    with os.scandir(folder) as entries:
        listed = [(Path(entry.path), entry.is_dir(follow_symlinks=False)) for entry in entries]
    for path, is_folder in listed:
        if is_folder:
            sync_tree(path, settled)
        elif path not in settled:
            _sync(path, os.O_RDONLY)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder; file systems that have no such thing are left in peace."""
    try:
        _sync(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_FOLDERS:
            raise


def remove_quietly(path: Path) -> None:
    """Remove a file or a whole folder as far as that is possible; links are not followed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
