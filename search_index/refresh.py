"""The wish that the content be looked at now: a small file that a server writes and the indexer reads.

The two may be different users in different containers, with nothing in common but this file: it may lie on a file system
that tells nobody of changes, and clocks may differ. So neither events nor times count, but what it says: a word that nobody
said before. Wishes that come while a build runs are one wish, since only the last word is there to be read.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

REFRESH_FILE = "REFRESH"
"""Its name in an index folder, where no other place is set."""

_WORD_BYTES = 32
_NEVER_ELSEWHERE = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def request_refresh(file: Path) -> None:
    """Say a new word. Raises ``OSError`` where the file cannot be written: its folder is missing or read-only, it is a link.

    Written in one piece over the last one, so that a reader sees either; the folder need not be writable once the file exists.
    """
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | _NEVER_ELSEWHERE, 0o644)
    try:
        os.write(opened, secrets.token_hex(_WORD_BYTES // 2).encode())
    finally:
        os.close(opened)


class RefreshRequests:
    """The indexer's end. A word from before is no wish: whoever begins to follow a folder builds anyway."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._heard = self._word()

    def is_new(self) -> bool:
        """Whether a wish was made since the last time; several are one. A file that cannot be read says nothing."""
        word = self._word()
        if not word or word == self._heard:
            return False
        self._heard = word
        return True

    def _word(self) -> bytes:
        try:
            opened = os.open(self._file, os.O_RDONLY | _NEVER_ELSEWHERE)
        except OSError:
            return b""
        try:
            return os.read(opened, _WORD_BYTES)
        except OSError:
            return b""
        finally:
            os.close(opened)
