"""One writer, and none left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from search_index.generation import GenerationError, IndexFolder, NotAFolder, StorageFailure, WriterBusy
from search_index.generation.lock import WriterLock
from tests.crashing import ROOT, CrashPoints, Refusal
from tests.generation.worlds import current_word, publish, published

HOLD = """
import os, sys
from pathlib import Path
from search_index.generation import IndexFolder
with IndexFolder(Path(sys.argv[1])).writer():
{}
    print(os.getpid(), flush=True)
    sys.stdin.read()
"""
FORKED = """
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, b"forked")
        os.read(0, 1)
        os._exit(0)
    os.read(reading, 1)
"""
SPAWNED = """
    import subprocess
    subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"])
"""


@pytest.fixture
def index(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "index")


@contextmanager
def holder(index: IndexFolder, before: str = "") -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until it is ended or its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(before), str(index.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline() == f"{process.pid}\n"
        yield process
    finally:
        process.kill()
        process.stdin.close()
        process.wait()
        process.stdout.close()


def test_a_second_process_is_refused_with_the_pid_of_the_first(index: IndexFolder) -> None:
    with holder(index) as process:
        with (
            pytest.raises(WriterBusy, match=rf"\(pid {process.pid}\) is writing .*: wait until") as refusal,
            index.writer(),
        ):
            raise AssertionError("two writers")
        assert refusal.value.pid == process.pid
    assert current_word(published(index, "one")) == "one"


def test_a_second_writer_of_the_same_process_is_refused(index: IndexFolder) -> None:
    with index.writer() as writer:
        with pytest.raises(WriterBusy, match=f"pid {os.getpid()}"), IndexFolder(index.path).writer():
            raise AssertionError("two writers")
        publish(writer, index, "one")
    assert current_word(index) == "one"


def test_the_refusal_does_without_a_pid_where_none_is_written(index: IndexFolder) -> None:
    with index.writer():
        (index.path / "LOCK").write_text("")
        with pytest.raises(WriterBusy, match=r"^another process is writing") as refusal, index.writer():
            raise AssertionError("two writers")
    assert refusal.value.pid is None


def test_a_leftover_lock_file_is_harmless(index: IndexFolder) -> None:
    index.path.mkdir()
    (index.path / "LOCK").write_text("1\n")
    assert current_word(published(index, "one")) == "one"


@pytest.mark.parametrize("child", ["", FORKED, SPAWNED], ids=["alone", "forked", "spawned"])
def test_a_killed_writer_frees_the_lock_though_its_child_lives(index: IndexFolder, child: str) -> None:
    with holder(index, child) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert current_word(published(index, "one")) == "one"


def test_many_writers_at_once_publish_one_after_the_other(quick_path: Path) -> None:
    index = IndexFolder(quick_path / "index")
    tries = 10
    done: list[int] = []
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            while True:
                try:
                    with IndexFolder(index.path).writer() as writer:
                        done.append(publish(writer, index, f"word {number}").sequence)
                        return
                except WriterBusy:
                    continue
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert done == list(range(1, tries + 1))


def test_a_forked_child_that_goes_on_writing_is_refused(index: IndexFolder) -> None:
    script = """
import os, sys
from pathlib import Path
from search_index.generation import GenerationError, IndexFolder
with IndexFolder(Path(sys.argv[1])).writer():
    pass
with IndexFolder(Path(sys.argv[1])).writer() as writer:
    child = os.fork()
    if child == 0:
        try:
            writer.begin(None)
        except GenerationError as refusal:
            print(refusal, flush=True)
        sys.exit()
    os.waitpid(child, 0)
    with writer.begin(None):
        print("the parent goes on")
"""
    said = subprocess.run(
        [sys.executable, "-c", script, str(index.path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    refusal, went_on = said.stdout.splitlines()
    assert refusal.endswith("has been given back: enter writer() again")
    assert went_on == "the parent goes on"


def test_a_writer_that_was_left_writes_no_more(index: IndexFolder) -> None:
    with index.writer() as writer:
        pass
    with pytest.raises(GenerationError, match="given back"):
        writer.begin(None)


def test_a_lock_file_that_was_removed_and_taken_by_another_is_respected(index: IndexFolder) -> None:
    with index.writer() as writer:
        publish(writer, index, "one")
        (index.path / "LOCK").unlink()
        with holder(index), pytest.raises(WriterBusy):
            publish(writer, index, "two")
        publish(writer, index, "three")
    assert current_word(index) == "three"


def test_a_lock_file_that_is_removed_between_opening_and_locking_is_not_mistaken_for_the_lock(tmp_path: Path) -> None:
    removed = []

    def remove() -> None:
        (tmp_path / "LOCK").unlink()
        removed.append(True)

    lock = WriterLock(tmp_path)
    with CrashPoints(tmp_path, at=1, after=True, strike=remove):
        lock.acquire()
    try:
        assert removed
        with pytest.raises(WriterBusy):
            WriterLock(tmp_path).acquire()
    finally:
        lock.release()


def test_the_pid_is_left_out_where_the_disk_is_full(index: IndexFolder) -> None:
    index.path.mkdir()
    lock = WriterLock(index.path)
    with CrashPoints(index.path, at=2, strike=Refusal(28)) as points:
        lock.acquire()
    lock.release()
    assert [call for call, _ in points.trace] == ["open", "ftruncate"]


def test_a_file_in_place_of_the_index_folder_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    index = IndexFolder(tmp_path / "index")
    for refused in (index.current, index.generations, index.writer().__enter__):
        with pytest.raises(NotAFolder, match="is a file where a folder should be: move it away"):
            refused()


def test_a_folder_in_place_of_the_pointer_is_no_traceback(index: IndexFolder) -> None:
    (index.path / "CURRENT").mkdir(parents=True)
    with pytest.raises(StorageFailure, match="CURRENT: Is a directory"):
        index.current()
