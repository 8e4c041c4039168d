"""The writer's memory of file signatures: which checksum a file had when it looked exactly as it looks now.

It only saves reading: lost or corrupt, files are read again. It is no part of a generation.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from search_index.durable import write_durably
from search_index.reading import FoundFile

_SETTLED_NS = 2_000_000_000


class SeenFiles:
    """Checksums (sha256, hex) by path, valid while a file's size, mtime, ctime and inode stay the same."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[str, list[str]] = {}
        self._changed = False
        try:
            stored = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return
        if isinstance(stored, dict):
            self._seen = {key: value for key, value in stored.items() if isinstance(value, list) and len(value) == 2}

    def checksum(self, file: FoundFile) -> str | None:
        """The file's checksum, if it is known without reading it."""
        signature, checksum = self._seen.get(file.path, ("", ""))
        return checksum if signature == _text(file) else None

    def remember(self, file: FoundFile, checksum: str) -> None:
        """Note a checksum, unless the file changed so lately that the same time stamp could hide another change."""
        _, mtime_ns, ctime_ns, _ = file.signature
        if time.time_ns() - max(mtime_ns, ctime_ns) > _SETTLED_NS:
            self._seen[file.path] = [_text(file), checksum]
            self._changed = True

    def save(self) -> None:
        """Write the memory out, if there is anything new in it."""
        if self._changed:
            write_durably(self._path, json.dumps(self._seen, ensure_ascii=False).encode("utf-8", "surrogateescape"))
            self._changed = False


def _text(file: FoundFile) -> str:
    return ":".join(str(part) for part in file.signature)
