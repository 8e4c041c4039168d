"""The application of one worker process, which ends when the supervisor that started it does.

A module of its own, so that a worker loads nothing of the write side and nothing of the supervisor.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess

from fastapi import FastAPI

from api.app import from_environment
from api.ending import ANSWER_GRACE_SECONDS, exit_after
from search_index.settings import SettingsError

logger = logging.getLogger("octavo.worker")


def application() -> FastAPI:
    """For uvicorn, as a factory. In the supervisor's own process it is the application and nothing more."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        threading.Thread(target=_end_with, args=(supervisor,), daemon=True).start()
    return _once_settings_are_right() if supervisor else from_environment()


def _once_settings_are_right() -> FastAPI:
    """A worker that takes a dead one's place may find ``octavo.toml`` half edited: it waits, while the others serve."""
    complaint = ""
    while True:
        try:
            return from_environment()
        except SettingsError as error:
            if str(error) != complaint:
                complaint = str(error)
                logger.error("a new worker waits until this is mended: %s", complaint)
            time.sleep(1.0)


def _end_with(supervisor: BaseProcess) -> None:
    supervisor.join()
    exit_after(ANSWER_GRACE_SECONDS + 2, 1)
    os.kill(os.getpid(), signal.SIGTERM)
