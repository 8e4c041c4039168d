"""``octavo serve`` when processes die, and when there are several."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.cli.conftest import (
    PATIENCE,
    Served,
    ServedFactory,
    descendants,
    is_alive,
    octavo_environment,
    wait_until,
    write_post,
)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def workers_of(served: Served) -> set[int]:
    """The processes that answer, of a server with several."""
    found = set()
    for pid in descendants(served.process.pid):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"spawn_main" in command and os.getpgid(pid) == os.getpgid(served.process.pid):
            found.add(pid)
    return found


def test_two_workers_both_follow_the_folder(serve: ServedFactory, content: Path) -> None:
    write_post(content, "one.md", "One")
    served = serve("--workers", "2")
    served.until_serving("One")
    write_post(content, "two.md", "Two")
    wait_until(
        "twenty answers in a row with both posts",
        lambda: all(served.titles() == {"One", "Two"} for _ in range(20)),
    )


def test_a_killed_worker_is_replaced_while_the_other_serves(serve: ServedFactory, content: Path) -> None:
    write_post(content, "one.md", "One")
    served = serve("--workers", "2")
    served.until_said("try: curl")
    before = wait_until("two workers", lambda: found if len(found := workers_of(served)) == 2 else None)
    victim = min(before)
    kill(victim)
    wait_until("it has ended", lambda: not is_alive(victim))
    served.until_serving("One")
    served.until_said(f"worker {victim} ended unexpectedly")
    wait_until("two workers again", lambda: len(workers_of(served)) == 2)
    assert served.stop() == 0


def test_a_new_worker_waits_for_settings_that_are_being_edited(serve: ServedFactory, content: Path) -> None:
    write_post(content, "one.md", "One")
    served = serve("--workers", "2")
    workers = wait_until(
        "two workers with a generation",
        lambda: found if len(found := workers_of(served)) == 2 and all(map(has_generation, found)) else None,
    )
    settings = content / "octavo.toml"
    settings.write_text('titel = "Half"\n', encoding="utf-8")
    kill(min(workers))
    served.until_said(f"a new worker waits until this is mended: {settings}: unknown key 'titel'")
    served.until_serving("One")
    settings.write_text('title = "Whole"\n', encoding="utf-8")
    wait_until(
        "twenty answers in a row with the title",
        lambda: all(served.get("/v1")[1]["title"] == "Whole" for _ in range(20)),
    )


def has_generation(worker: int) -> bool:
    """Whether the process has a catalog open: it has read its settings, and serves."""
    try:
        return any("catalog.sqlite" in str(opened.readlink()) for opened in Path(f"/proc/{worker}/fd").iterdir())
    except OSError:
        return False


@pytest.mark.parametrize("workers", [1, 2])
def test_an_application_that_does_not_start_ends_everything_with_70(
    serve: ServedFactory, content: Path, tmp_path: Path, workers: int
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(BROKEN_APPLICATION, encoding="utf-8")
    write_post(content, "one.md", "One")
    path = f"{tmp_path}/broken:{octavo_environment()['PYTHONPATH']}"
    served = serve("--workers", str(workers), variables={"PYTHONPATH": path})
    assert served.process.wait(PATIENCE) == 70
    assert "broken on purpose" in served.said


BROKEN_APPLICATION = """
from contextlib import asynccontextmanager
from fastapi import FastAPI
import api.worker

@asynccontextmanager
async def lifespan(app):
    raise RuntimeError("broken on purpose")
    yield

api.worker.application = lambda: FastAPI(lifespan=lifespan)
"""


def test_a_killed_indexer_is_started_again_and_serving_goes_on(serve: ServedFactory, content: Path) -> None:
    write_post(content, "one.md", "One")
    served = serve()
    served.until_serving("One")
    indexer = served.indexer()
    kill(indexer)
    served.until_said(
        "octavo: the indexer ended unexpectedly (signal 9); serving goes on, and it is started again in 1 s"
    )
    assert served.titles() == {"One"}
    write_post(content, "two.md", "Two")
    served.until_serving("One", "Two")
    assert served.indexer() != indexer


@pytest.mark.parametrize("workers", [1, 2])
def test_a_killed_supervisor_leaves_nobody_behind(serve: ServedFactory, content: Path, workers: int) -> None:
    write_post(content, "one.md", "One")
    served = serve("--workers", str(workers))
    served.until_serving("One")
    children = descendants(served.process.pid)
    kill(served.process.pid)
    served.process.wait()
    wait_until("no child is left", lambda: not any(is_alive(pid) for pid in children))
    again = serve("--port", str(served.port))
    again.port = served.port
    again.until_serving("One")


def test_a_second_server_of_one_folder_only_reads_until_the_first_ends(serve: ServedFactory, content: Path) -> None:
    write_post(content, "one.md", "One")
    first = serve()
    first.until_serving("One")
    second = serve()
    second.until_said(
        f"octavo: another process (pid {first.indexer()}) writes the index; "
        "serving what it publishes, and taking over when it ends"
    )
    second.until_serving("One")
    write_post(content, "two.md", "Two")
    second.until_serving("One", "Two")
    assert first.stop() == 0
    write_post(content, "three.md", "Three")
    second.until_serving("One", "Two", "Three")


@pytest.mark.slow
def test_a_checkout_of_thousands_of_files_fails_no_request(serve: ServedFactory, content: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "gc.auto=0")
        subprocess.run(["git", *identity, *arguments], cwd=content, check=True, capture_output=True)

    git("init", "--initial-branch=main")
    for number in range(2_000):
        write_post(content, f"posts/{number:04}.md", f"Post {number}", "Before the checkout.")
    git("add", ".")
    git("commit", "-m", "before")
    git("checkout", "-b", "after")
    for number in range(2_000):
        write_post(content, f"posts/{number:04}.md", f"Post {number}", "Behind the checkout.")
    git("add", ".")
    git("commit", "-m", "after")
    git("checkout", "main")

    served = serve("--workers", "2")
    wait_until(
        "twenty answers in a row of the first branch, by both workers",
        lambda: all(_total(served, "before") == 2_000 for _ in range(20)),
    )
    client = _Client(served)
    client.start()
    git("checkout", "after")
    wait_until("serves the second branch", lambda: _total(served, "behind") == 2_000)
    client.end()
    assert client.failures == []
    assert client.answers > 0


def _total(served: Served, word: str) -> int | None:
    try:
        status, found = served.get(f"/v1/search?q={word}&per_page=1")
    except (OSError, http.client.HTTPException):
        return None
    return int(found["pagination"]["total"]) if status == 200 else None


class _Client:
    """Asks for posts and lists without a pause, and notes every answer that is not a 200."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self.answers = 0
        self.failures: list[object] = []

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ending.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._ending.is_set():
            for path in (f"/v1/posts/{self.answers % 2_000:04}", "/v1/posts?per_page=20"):
                try:
                    status, _ = self._served.get(path)
                except (OSError, http.client.HTTPException) as error:
                    self.failures.append((path, repr(error)))
                else:
                    self.answers += 1
                    if status != 200:
                        self.failures.append((path, status))
