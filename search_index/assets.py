"""The files beside the posts: images and downloads of the content folder, and nothing else of it.

A file is public by its extension and its place: no Markdown, nothing that a browser would run, nothing that the site
itself does not publish (``public_files``), no settings of ours. No symbolic link is followed below the folder itself.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search_index.content_schema import SCHEMA_FILE
from search_index.public_files import PublicFiles
from search_index.settings import SITE_FILE
from search_index.synonyms import SYNONYMS_FILE

MEDIA_TYPES: Mapping[str, str] = {
    "apng": "image/apng",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "webm": "video/webm",
    "vtt": "text/vtt; charset=utf-8",
    "otf": "font/otf",
    "ttf": "font/ttf",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "zip": "application/zip",
}
"""Extension (folded) to media type. HTML, scripts, style sheets and XML are absent on purpose: they would run here."""

DEEPEST = 32
LONGEST = 1024
"""How many folders down a file may lie, and how many characters its path may have. Each folder on the way is judged by the
site's rules: 3,000 of them, for a file that need not be there, took 35 s."""

_SETTINGS = frozenset({SITE_FILE, SYNONYMS_FILE, SCHEMA_FILE})
"""What Octavo itself reads at the top of the content folder; a file of such a name further down is anybody's."""

_FRONT_MATTER = re.compile(rb"---\s*(?:\n|\Z)")
"""Source: ``has_yaml_header?`` of Jekyll's utils.rb."""
_LONGEST_FENCE = 256

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ABSENT = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG, errno.ENXIO, errno.EISDIR}
)


class AssetNotFound(Exception):
    """There is no such public file."""


@dataclass(frozen=True, slots=True)
class Asset:
    """An open file. ``size`` in bytes, ``modified_ns`` in nanoseconds since the epoch. Close it."""

    descriptor: int
    media_type: str
    size: int
    modified_ns: int

    @property
    def version(self) -> str:
        """Changes when the file does; the same on every host that has the file with the same time."""
        return f"{self.modified_ns:x}-{self.size:x}"

    def read(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes from ``offset``; b"" at the end. Blocks."""
        return os.pread(self.descriptor, length, offset)

    def close(self) -> None:
        os.close(self.descriptor)


def is_asset(path: str) -> bool:
    """Whether a file may be public by its ending, and lies where files do."""
    return _is_near(path) and path.rpartition("/")[2].rpartition(".")[2].casefold() in MEDIA_TYPES


class AssetFolder:
    """The content folder, which may itself be a symbolic link."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self, path: str, public: PublicFiles) -> Asset:
        """Open the file at ``path`` (relative, with ``/``, decoded) if it is public. Raises ``AssetNotFound``. Blocks."""
        parts = path.split("/")
        media_type = MEDIA_TYPES.get(parts[-1].rpartition(".")[2].casefold())
        if media_type is None or not _is_near(path) or path.casefold() in _SETTINGS or not all(map(_is_name, parts)):
            raise AssetNotFound(path)
        if not public.publishes(path):
            raise AssetNotFound(path)
        try:
            descriptor = self._descend(parts)
        except OSError as error:
            if error.errno in _ABSENT:
                raise AssetNotFound(path) from error
            raise
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or (public.rendered and _has_front_matter(descriptor)):
            os.close(descriptor)
            raise AssetNotFound(path)
        return Asset(descriptor, media_type, found.st_size, found.st_mtime_ns)

    def has(self, path: str, public: PublicFiles) -> bool:
        """Whether ``open`` would open it. Blocks."""
        try:
            self.open(path, public).close()
        except (AssetNotFound, OSError):
            return False
        return True

    def _descend(self, parts: list[str]) -> int:
        """Open component by component, so that no link is followed even if one is put there meanwhile."""
        folder = os.open(self._root, _FOLDER)
        try:
            for name in parts[:-1]:
                inner = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            return os.open(parts[-1], _FILE, dir_fd=folder)
        finally:
            os.close(folder)


def _is_near(path: str) -> bool:
    return len(path) <= LONGEST and path.count("/") <= DEEPEST


def _is_name(name: str) -> bool:
    return name not in ("", ".", "..") and name.isprintable() and "\\" not in name


def _has_front_matter(descriptor: int) -> bool:
    return _FRONT_MATTER.match(os.pread(descriptor, _LONGEST_FENCE, 0)) is not None
