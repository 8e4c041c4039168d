"""How a process ends: on a word, and in any case within its grace."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

ANSWER_GRACE_SECONDS = 10
"""How long running requests may take to finish after the word to end."""

WRITER_GRACE_SECONDS = 2
"""How long a build may go on after the word to end; breaking it off is safe at any step."""


def exit_after(seconds: float, code: int) -> None:
    """End this process then, whatever still runs in it."""
    timer = threading.Timer(seconds, os._exit, (code,))
    timer.daemon = True
    timer.start()


class Ending:
    """The word to end for a process that writes: a signal, or the end of its standard input."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def begin(self) -> None:
        if not self.stop.is_set():
            self.stop.set()
            exit_after(WRITER_GRACE_SECONDS, 0)

    def on_signals(self) -> None:
        """Take SIGINT and SIGTERM as the word; a second SIGINT interrupts at once."""
        signal.signal(signal.SIGTERM, self._heed)
        signal.signal(signal.SIGINT, self._heed)

    def on_end_of_input(self) -> None:
        threading.Thread(target=self._wait_for_end_of_input, daemon=True).start()

    def _heed(self, number: int, frame: FrameType | None) -> None:
        del frame
        if number == signal.SIGINT:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self.begin()

    def _wait_for_end_of_input(self) -> None:
        while os.read(0, 1024):
            continue
        self.begin()
