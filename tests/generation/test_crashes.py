"""Killed at every step, refused at every step: what is served stays whole, and the next build succeeds."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from search_index.generation import DiskFull, IndexFolder, NoAccess, StorageFailure
from tests.crashing import FAULTS, ROOT, CrashPoints, Refusal, Scenario, kill_everywhere
from tests.generation import scenarios
from tests.generation.worlds import FillingFailed, NotWhole, assert_tidy, current_word, published


@pytest.mark.parametrize(("name", "fewest"), [("FirstPublication", 20), ("Life", 60), ("DamageMended", 20)])
def test_a_writer_killed_at_any_step_leaves_a_whole_generation_and_a_free_lock(
    quick_path: Path, name: str, fewest: int
) -> None:
    report = kill_everywhere(f"tests.generation.scenarios:{name}", quick_path)
    assert report.violations == ()
    assert report.points >= fewest
    assert report.kills == 2 * report.points


def failure_of(scenario: Scenario, folder: Path) -> Exception | None:
    """What ``act`` reports; anything but a word about storage is no report."""
    try:
        scenario.act(folder)
    except (StorageFailure, FillingFailed, NotWhole) as failure:
        return failure
    return None


@pytest.mark.parametrize(
    ("scenario", "faults"),
    [
        *((scenarios.FirstPublication(), (fault,)) for fault in FAULTS),
        (scenarios.Life(), FAULTS),
        (scenarios.DamageMended(), FAULTS),
    ],
    ids=lambda value: (
        type(value).__name__ if not isinstance(value, tuple) else "-".join(errno.errorcode[fault] for fault in value)
    ),
)
def test_a_refusal_at_any_step_is_reported_and_the_same_process_goes_on(
    quick_path: Path, scenario: Scenario, faults: tuple[int, ...]
) -> None:
    start = quick_path / "start"
    start.mkdir()
    scenario.prepare(start)
    point, struck, reported = 0, True, 0
    while struck:
        point += 1
        trial = quick_path / str(point)
        shutil.copytree(start, trial)
        strike = Refusal(faults[point % len(faults)])
        with CrashPoints(trial, at=point, strike=strike, reads=True, sync=False) as points:
            failure = failure_of(scenario, trial)
        struck = points.struck
        reported += failure is not None
        assert failure is None or struck
        with CrashPoints(trial, sync=False):
            scenario.verify(trial)
        shutil.rmtree(trial)
    assert reported > 20


def test_everything_is_on_the_disk_before_current_names_it(tmp_path: Path) -> None:
    index = published(IndexFolder(tmp_path / "index"), "one")
    with CrashPoints(index.path) as points:
        published(index, "two")
    current = index.current()
    assert current is not None
    folder = index.generation_path(current.id)
    switch = points.trace.index(("replace", str(index.path / ".CURRENT.new")))
    moved = next(place for call, place in points.trace if call == "rename")
    synced = {place.replace(moved, str(folder)) for call, place in points.trace[:switch] if call == "fsync"}
    linked = {folder / "engine" / "first-segment.bin"}
    made = {str(path) for path in (folder, *folder.rglob("*")) if path not in linked}
    assert made | {str(folder.parent), str(index.path / ".CURRENT.new")} <= synced
    assert points.trace[switch + 1] == ("fsync", str(index.path))


SIZE_LIMITED = """
import resource, sys
from pathlib import Path
from search_index.generation import GenerationError, IndexFolder
from tests.generation.worlds import current_word, published

index = IndexFolder(Path(sys.argv[1]))
with index.writer() as writer, writer.begin(None) as build:
    (build.path / "catalog.txt").write_text("two")
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, unlimited[1]))
    try:
        writer.publish(build, "2" * 32, {"word": "two"}, check=lambda folder: None)
    except GenerationError as failure:
        print(type(failure).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
print(current_word(index))
published(index, "three")
print(current_word(index))
"""


def test_a_file_that_cannot_be_written_whole_fails_the_build_and_nothing_else(tmp_path: Path) -> None:
    index = published(IndexFolder(tmp_path / "index"), "one")
    said = subprocess.run(
        [sys.executable, "-c", SIZE_LIMITED, str(index.path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["StorageFailure", "one", "three"]
    assert_tidy(index)


@pytest.mark.parametrize(
    ("fault", "kind"), [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, NoAccess)]
)
def test_a_refusal_says_what_to_do(tmp_path: Path, fault: int, kind: type[StorageFailure]) -> None:
    index = IndexFolder(tmp_path / "index")
    with CrashPoints(index.path, at=1, strike=Refusal(fault)), pytest.raises(kind, match=r"make room|choose another"):
        published(index, "one")
    assert current_word(published(index, "one")) == "one"
