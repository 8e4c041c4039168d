"""Links, replacement in one step, syncing."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from search_index.durable import link_or_copy, remove_quietly, sync_folder, sync_tree, write_durably
from tests.crashing import CrashPoints, Refusal


def test_a_link_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("words")
    link_or_copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").samefile(tmp_path / "a")


@pytest.mark.parametrize("fault", [errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP])
def test_where_there_are_no_links_the_content_is_copied(tmp_path: Path, fault: int) -> None:
    (tmp_path / "a").write_text("words")
    with CrashPoints(tmp_path, at=1, strike=Refusal(fault)):
        link_or_copy(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "words"
    assert not (tmp_path / "b").samefile(tmp_path / "a")


def test_a_full_disk_and_a_missing_file_are_not_copied_around(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        link_or_copy(tmp_path / "missing", tmp_path / "b")
    (tmp_path / "a").write_text("words")
    with CrashPoints(tmp_path, at=1, strike=Refusal(errno.ENOSPC)), pytest.raises(OSError, match="No space"):
        link_or_copy(tmp_path / "a", tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_file_is_replaced_in_one_step_after_it_was_synced(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    with CrashPoints(tmp_path) as points:
        write_durably(target, b"new")
    scratch = str(tmp_path / ".file.new")
    assert points.trace == [("open", scratch), ("fsync", scratch), ("replace", scratch), ("fsync", str(tmp_path))]
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_replacement_that_fails_leaves_the_old_file_alone(tmp_path: Path, step: int) -> None:
    (tmp_path / "file").write_text("old")
    with CrashPoints(tmp_path, at=step, strike=Refusal(errno.EIO)), pytest.raises(OSError, match="Input/output"):
        write_durably(tmp_path / "file", b"new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("file", "old")]


def test_a_tree_is_synced_whole_but_for_what_is_settled(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("one", "a/two", "a/b/three", "a/b/four"):
        (tmp_path / name).write_text(name)
    with CrashPoints(tmp_path) as points:
        sync_tree(tmp_path, {tmp_path / "a" / "b" / "four"})
    synced = [place for call, place in points.trace if call == "fsync"]
    names = ("one", "a/two", "a/b/three", "a/b", "a", ".")
    assert sorted(synced) == sorted(str(tmp_path / name) for name in names)
    assert synced[-1] == str(tmp_path)


def test_a_file_system_that_cannot_sync_folders_is_left_in_peace(tmp_path: Path) -> None:
    with CrashPoints(tmp_path, at=1, strike=Refusal(errno.EINVAL)) as points:
        sync_folder(tmp_path)
    assert points.struck
    with CrashPoints(tmp_path, at=1, strike=Refusal(errno.EIO)), pytest.raises(OSError, match="Input/output"):
        sync_folder(tmp_path)


def test_removing_quietly_follows_no_link_and_minds_no_refusal(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").write_text("kept")
    (tmp_path / "link").symlink_to("kept")
    (tmp_path / "tree" / "branch").mkdir(parents=True)
    os.link(tmp_path / "kept" / "file", tmp_path / "tree" / "branch" / "leaf")
    for name in ("link", "tree", "missing"):
        remove_quietly(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    with CrashPoints(tmp_path, at=1, strike=Refusal(errno.EACCES)):
        remove_quietly(tmp_path / "kept" / "file")
    assert (tmp_path / "kept" / "file").read_text() == "kept"
