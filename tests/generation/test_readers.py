"""Readers while a writer publishes: always something whole, never backwards, nothing left open, nothing written."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search_index.clock import FixedClock
from search_index.generation import IndexFolder
from tests.crashing import ROOT, CrashPoints
from tests.generation.worlds import assert_tidy, current_word, id_of, publish, published, whole

PUBLICATIONS = 50
READ = """
import sys
from pathlib import Path
from search_index.generation import IndexFolder
from tests.generation.test_readers import follow

print("reading", flush=True)
index = IndexFolder(Path(sys.argv[1]))
print(follow(index, lambda sequence: sequence >= int(sys.argv[2])))
"""


def follow(index: IndexFolder, is_last: Callable[[int], bool]) -> int:
    """Open what is current again and again until the last; returns how many different ones were seen."""
    seen: list[int] = []
    while not seen or not is_last(seen[-1]):
        current = index.current()
        assert current is not None
        folder = index.open_checked(current.id)
        whole(folder)
        if not seen or current.sequence != seen[-1]:
            seen.append(current.sequence)
    assert seen == sorted(seen)
    return len(seen)


def test_threads_and_processes_read_on_while_fifty_generations_are_published(quick_path: Path) -> None:
    index = published(IndexFolder(quick_path / "index"), "zero")
    last = PUBLICATIONS + 1
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", READ, str(index.path), str(last)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    outcomes: list[int | BaseException] = []

    def read() -> None:
        try:
            outcomes.append(follow(IndexFolder(index.path), lambda sequence: sequence >= last))
        except BaseException as failure:
            outcomes.append(failure)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "reading\n"
    for thread in threads:
        thread.start()
    with index.writer() as writer:
        for number in range(PUBLICATIONS):
            publish(writer, index, f"word {number}")
            writer.prune()
    for thread in threads:
        thread.join()
    for process in processes:
        said, failure = process.communicate(timeout=60)
        assert (process.returncode, failure) == (0, "")
        assert int(said) >= 2
    assert all(isinstance(outcome, int) and outcome >= 2 for outcome in outcomes), outcomes
    assert len(outcomes) == 2


def test_one_handle_serves_several_threads(tmp_path: Path) -> None:
    index = published(IndexFolder(tmp_path / "index"), "zero", "one")
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(50):
                whole(index.open_checked(id_of("zero")))
                whole(index.open_checked(id_of("one")))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_reading_writes_nothing(tmp_path: Path) -> None:
    index = IndexFolder(published(IndexFolder(tmp_path / "index"), "zero", "one").path)
    with CrashPoints(tmp_path) as points:
        assert current_word(index) == "one"
        assert len(index.generations()) == 2
        assert not index.is_pinned
    assert points.trace == []


def test_a_reader_of_files_that_have_settled_compares_them_once(tmp_path: Path) -> None:
    now = FixedClock(datetime.now(UTC))
    index = published(IndexFolder(tmp_path / "index"), "one")
    folder = index.generation_path(id_of("one"))
    opened: dict[str, int] = {}
    reader = IndexFolder(index.path, now)
    for settled in ("fresh", "still fresh", "settled", "known", "touched"):
        if settled in ("settled", "touched"):
            back = 10 if settled == "settled" else 20
            for path in folder.rglob("*.txt"):
                os.utime(path, (path.stat().st_mtime - back, path.stat().st_mtime - back))
        with CrashPoints(folder, reads=True) as points:
            reader.open_checked(id_of("one"))
        opened[settled] = sum(call == "open" and place.endswith(".txt") for call, place in points.trace)
    assert opened == {"fresh": 2, "still fresh": 2, "settled": 2, "known": 0, "touched": 2}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="descriptors are counted where the system lists them")
def test_no_descriptor_stays_open(quick_path: Path) -> None:
    index = published(IndexFolder(quick_path / "index"), "zero")
    before = sorted(path.name for path in Path("/proc/self/fd").iterdir())
    for number in range(30):
        published(index, f"word {number % 3}")
        with index.writer() as writer:
            index.activate(id_of("zero"))
            writer.prune(now=2**33)
        assert current_word(index) == "zero"
    assert len(list(Path("/proc/self/fd").iterdir())) == len(before)
    assert_tidy(index)
