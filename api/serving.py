"""``octavo serve``: one process that writes, one or more that answer, and the supervisor that starts and ends them.

With one worker the supervisor answers itself; with more they are uvicorn's, and a dead one is replaced.
"""

from __future__ import annotations

import errno
import http.client
import json
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.config import LOGGING_CONFIG, STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api.ending import ANSWER_GRACE_SECONDS, exit_after
from api.indexer_process import Built, Busy, Event, IndexerProcess, Say
from api.terminal import count, describe_build, describe_problems
from search_index.diagnostics import ContentProblem

_BACKLOG = 2048
_NEAR_PORTS = 20
_PATIENCE_SECONDS = 3.0
_LOOK_SECONDS = 0.1
_FAILURE = 70
"""The exit code where the application does not start (``api.cli`` lists them all)."""


class Indexing(StrEnum):
    """Who keeps the index up to date: a child that follows the folder, one that builds once, or nobody here."""

    WATCH = "watch"
    ONCE = "once"
    NONE = "none"


class CannotListen(Exception):
    """The address cannot be listened on; the text says what to do."""


@dataclass(frozen=True, slots=True)
class ServePlan:
    """What to serve and where. ``shown`` is the content folder as the person wrote it; ``port`` may be 0 (any); ``needs_key``:
    whether readers must send one."""

    shown: str
    content_dir: Path
    index_dir: Path
    host: str
    port: int
    workers: int
    indexing: Indexing
    needs_key: bool


def serve(plan: ServePlan, say: Say) -> int:
    """Serve until told to end by SIGINT or SIGTERM; the exit code. Raises ``CannotListen``."""
    sockets = listen(plan.host, plan.port)
    news = _News(plan, say)
    indexer = IndexerProcess(_indexer_arguments(plan), news.heard, say)
    announcement = _Announcement(plan, _Address.of(sockets[0]), say)

    def end_others() -> None:
        announcement.end()
        indexer.ask_to_end()

    server = (
        _Workers(_config(plan), sockets, say, end_others)
        if plan.workers > 1
        else _OneServer(_config(plan), sockets, end_others)
    )
    server.heed_signals()
    try:
        if plan.indexing is Indexing.ONCE and (code := indexer.run_once()):
            return code
        if plan.indexing is Indexing.WATCH:
            indexer.start()
        announcement.start()
        return server.answer()
    finally:
        end_others()
        indexer.end()


def listen(host: str, port: int) -> list[socket.socket]:
    """Listening sockets on every address of ``host``. They listen at once: early clients wait instead of being refused.

    Raises ``CannotListen``.
    """
    try:
        return _listen_everywhere(host, port)
    except OSError as error:
        raise CannotListen(_explain(error, host, port)) from error


def _listen_everywhere(host: str, port: int) -> list[socket.socket]:
    with ExitStack() as opened:
        sockets: list[socket.socket] = []
        for family, address in _places(host, port):
            chosen = sockets[0].getsockname()[1] if sockets else port
            sockets.append(opened.enter_context(_listen(family, (address, chosen))))
        opened.pop_all()
    return sockets


def _places(host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return list(dict.fromkeys((family, str(place[0])) for family, _, _, _, place in found))


def _listen(family: socket.AddressFamily, place: tuple[str, int]) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind(place)
        opened.listen(_BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def _explain(error: OSError, host: str, port: int) -> str:
    if isinstance(error, socket.gaierror):
        return f"{host!r} is no address or name of this machine; try --host 127.0.0.1"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken; try --port {_free_port_near(host, port)}"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; try --host 127.0.0.1"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} is not this user's to open; try --port 8000"
    return f"cannot listen on {host}, port {port}: {error.strerror}"


def _free_port_near(host: str, port: int) -> int:
    """A port above ``port`` that is free now; 0, which takes any, where the nearest are taken too."""
    for candidate in range(port + 1, min(port + _NEAR_PORTS, 65535)):
        try:
            sockets = _listen_everywhere(host, candidate)
        except OSError:
            continue
        for opened in sockets:
            opened.close()
        return candidate
    return 0


def _indexer_arguments(plan: ServePlan) -> tuple[str, ...]:
    watch = ("--watch",) if plan.indexing is Indexing.WATCH else ()
    return (*watch, "--index-dir", str(plan.index_dir), "--", str(plan.content_dir))


def _logging() -> dict[str, Any]:
    """Uvicorn's logs, and ours on standard error as they are, a line an entry. Every worker sets this up anew."""
    ours = {"class": "logging.StreamHandler", "formatter": "octavo", "stream": "ext://sys.stderr"}
    return {
        **LOGGING_CONFIG,
        "formatters": LOGGING_CONFIG["formatters"] | {"octavo": {"format": "%(message)s"}},
        "handlers": LOGGING_CONFIG["handlers"] | {"octavo": ours},
        "loggers": LOGGING_CONFIG["loggers"] | {"octavo": {"handlers": ["octavo"], "level": "INFO"}},
    }


def _config(plan: ServePlan) -> uvicorn.Config:
    return uvicorn.Config(
        "api.worker:application",
        factory=True,
        workers=plan.workers,
        http="api.protocol:Protocol",
        ws="none",
        lifespan="on",
        log_config=_logging(),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=ANSWER_GRACE_SECONDS,
        timeout_worker_healthcheck=30,
    )


class _OneServer(uvicorn.Server):
    """The server in the supervisor's own process. A signal ends it in order, and the process with exit code 0."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket], end_others: Callable[[], None]) -> None:
        super().__init__(config)
        self._sockets = sockets
        self._end_others = end_others

    def heed_signals(self) -> None:
        """From now on, also while there is no event loop yet."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)

    def answer(self) -> int:
        """Serve until the word to end; the exit code."""
        if self.should_exit:
            return 0
        try:
            self.run(self._sockets)
        except SystemExit as failure:
            if failure.code != STARTUP_FAILURE:
                raise
            return _FAILURE
        return 0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        elif not self.should_exit:
            self.should_exit = True
            exit_after(ANSWER_GRACE_SECONDS + 3, 0)
            self._end_others()


class _Workers(Multiprocess):
    """uvicorn's workers. Those that outlive the grace are killed; closing the terminal ends them all."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], say: Say, end_others: Callable[[], None]
    ) -> None:
        kept_out = _ignored_signals()
        super().__init__(config, sockets)
        for number in kept_out:
            signal.signal(number, signal.SIG_IGN)
        self._say = say
        self._end_others = end_others

    def heed_signals(self) -> None:
        """From now on, also while there are no workers yet."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._heed)

    def answer(self) -> int:
        """Serve until the word to end; the exit code."""
        if not self.signal_queue:
            self.run()
        return _FAILURE if any(process.exitcode == STARTUP_FAILURE for process in self.processes) else 0

    def _heed(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.signal_queue.append(number)
        self._end_others()

    def keep_subprocess_alive(self) -> None:
        before = [process.pid for process in self.processes]
        super().keep_subprocess_alive()
        for old, new in zip(before, (process.pid for process in self.processes), strict=False):
            if old != new:
                self._say(f"worker {old} ended unexpectedly; {new} takes its place")

    def handle_hup(self) -> None:
        self.handle_term()

    def terminate_all(self) -> None:
        self._end_others()
        super().terminate_all()

    def join_all(self) -> None:
        deadline = time.monotonic() + ANSWER_GRACE_SECONDS + 2
        for process in self.processes:
            process.process.join(max(0.0, deadline - time.monotonic()))
            if process.process.is_alive():
                process.kill()
                process.process.join()


def _ignored_signals() -> list[signal.Signals]:
    """What whoever started us wants ignored (``nohup``)."""
    hang_up = getattr(signal, "SIGHUP", None)
    return [hang_up] if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_IGN else []


class _News:
    """What the indexer reports, as lines for the person at the terminal."""

    def __init__(self, plan: ServePlan, say: Say) -> None:
        self._plan = plan
        self._say = say
        self._known: frozenset[ContentProblem] | None = None
        self._afterwards = ", and taking over when it ends" if plan.indexing is Indexing.WATCH else ""

    def heard(self, event: Event) -> None:
        if isinstance(event, Built):
            self._built(event)
        elif isinstance(event, Busy):
            self._say(f"{_name(event.pid)} writes the index; serving what it publishes{self._afterwards}")
        else:
            self._say(event.message)

    def _built(self, built: Built) -> None:
        problems = frozenset(built.problems)
        if self._known is None or built.published:
            self._say(describe_build(built))
        fresh = problems - (self._known or frozenset())
        self._known = problems
        for line in describe_problems(fresh, f"octavo check {self._plan.shown}"):
            self._say(line)


def _name(pid: int | None) -> str:
    return f"another process (pid {pid})" if pid else "another process"


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a client on this machine reaches the server."""

    host: str
    port: int

    @classmethod
    def of(cls, listening: socket.socket) -> _Address:
        host, port = listening.getsockname()[:2]
        return cls({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104  # compared, not bound

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body. Raises ``OSError`` and ``http.client.HTTPException``."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


class _Announcement:
    """Says when the first generation is served, and where; and, if that takes long, what is waited for."""

    def __init__(self, plan: ServePlan, address: _Address, say: Say) -> None:
        self._plan = plan
        self._address = address
        self._say = say
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announcement", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ending.set()

    def _run(self) -> None:
        patience_ends = time.monotonic() + _PATIENCE_SECONDS
        while not self._ready():
            if time.monotonic() > patience_ends:
                self._say(self._waiting())
                patience_ends = float("inf")
            if self._ending.wait(_LOOK_SECONDS):
                return
        if not self._ending.is_set():
            self._say(f"serving {self._posts()} of {self._plan.shown} on {self._address.url} (Ctrl-C ends it)")
            key = "--header 'Authorization: Bearer KEY' " if self._plan.needs_key else ""
            self._say(f"try: curl {key}{self._address.url}/v1/posts")

    def _waiting(self) -> str:
        if self._plan.indexing is Indexing.NONE:
            return (
                f"nothing is published in {self._plan.index_dir} yet: waiting for "
                f"octavo index {self._plan.shown} --watch --index-dir {self._plan.index_dir}"
            )
        return f"reading {self._plan.shown} for the first time; {self._address.url}/readyz says when it is done"

    def _ready(self) -> bool:
        try:
            return self._address.get("/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def _posts(self) -> str:
        try:
            return count(int(json.loads(self._address.get("/v1")[1])["counts"]["posts"]), "post")
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return "the posts"
