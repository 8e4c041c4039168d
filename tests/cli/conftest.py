"""A real ``octavo`` in a process of its own, and waiting for what it promises."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
"""Seconds after which a promise counts as broken; far above what keeping it takes."""

T = TypeVar("T")


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A shell that runs the tests in the background has interrupts ignored, and processes inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_until(what: str, look: Callable[[], T | None]) -> T:
    """What ``look`` returns as soon as that is not None or False."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"in {PATIENCE:.0f} s it did not come to this: {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_post(folder: Path, name: str, title: str, body: str = "Some words.") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.new")
    temporary.write_text(f"---\ntitle: {title}\ndate: 2024-01-02\n---\n\n{body}\n", encoding="utf-8")
    temporary.replace(file)
    return file


def octavo_environment(**variables: str) -> dict[str, str]:
    """This process's environment without settings of Octavo but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OCTAVO_")}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return kept | {"PYTHONPATH": path, "PYTHONWARNINGS": "default"} | variables


def run_octavo(
    *arguments: str | Path, cwd: Path | None = None, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "api.cli", *map(str, arguments)],
        cwd=cwd,
        env=octavo_environment(**(variables or {})),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def descendants(pid: int) -> set[int]:
    """The living processes that ``pid`` started, and those that they started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state != "Z":
                parents[int(entry.name)] = int(parent)
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Served:
    """A running ``octavo serve``."""

    def __init__(self, folder: Path, index_dir: Path, *options: str, log: Path, **variables: str) -> None:
        self.port = free_port()
        self.log = log
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "api.cli", "serve", str(folder)),
                    *("--port", str(self.port), "--index-dir", str(index_dir), *options),
                ],
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
                env=octavo_environment(**variables),
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON. Raises ``OSError`` where there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        return response.status, json.loads(body) if body else None

    def titles(self) -> set[str] | None:
        """The titles of the first hundred posts, None while there is no answer."""
        try:
            status, answer = self.get("/v1/posts?per_page=100")
        except (OSError, http.client.HTTPException):
            assert self.process.poll() is None, self.said
            return None
        return {post["title"] for post in answer["items"]} if status == 200 else None

    def until_serving(self, *titles: str) -> None:
        wait_until(f"serves {sorted(titles)}; said:\n{self.said}", lambda: self.titles() == set(titles))

    def until_said(self, text: str) -> None:
        wait_until(f"says {text!r}; said:\n{self.said}", lambda: text in self.said)

    def indexer(self) -> int:
        """The id of the process that writes."""

        def look() -> int | None:
            for pid in descendants(self.process.pid):
                if b"--supervised" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return pid
            return None

        return wait_until("there is an indexer", look)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


ServedFactory = Callable[..., Served]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "my posts"
    folder.mkdir()
    return folder


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def serve(content: Path, index_dir: Path, tmp_path: Path) -> Iterator[ServedFactory]:
    """Starts ``octavo serve`` on the content folder; whatever still runs at the end is killed."""
    started: list[Served] = []

    def start(*options: str, variables: Mapping[str, str] | None = None) -> Served:
        log = tmp_path / f"serve-{len(started)}.log"
        served = Served(content, index_dir, *options, log=log, **(variables or {}))
        started.append(served)
        return served

    yield start
    for served in started:
        end_all(served.process)


def end_all(process: subprocess.Popen[Any]) -> None:
    """End a process in order, and kill what is left of it and its children."""
    processes = {process.pid, *descendants(process.pid)}
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(30)
    for pid in processes:
        if is_alive(pid):
            os.kill(pid, signal.SIGKILL)
    process.communicate()
