"""The application of one worker process, which ends when the supervisor that started it does.

A module of its own, so that a worker loads nothing of the write side and nothing of the supervisor.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess

from fastapi import FastAPI

from api.app import from_environment
from api.ending import ANSWER_GRACE_SECONDS, exit_after


def application() -> FastAPI:
    """For uvicorn, as a factory. In the supervisor's own process it is the application and nothing more."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        threading.Thread(target=_end_with, args=(supervisor,), daemon=True).start()
    return from_environment()


def _end_with(supervisor: BaseProcess) -> None:
    supervisor.join()
    exit_after(ANSWER_GRACE_SECONDS + 2, 1)
    os.kill(os.getpid(), signal.SIGTERM)
