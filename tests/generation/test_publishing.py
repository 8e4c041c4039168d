"""What publishing promises: one step, one id for one content, numbers that only rise."""

from __future__ import annotations

import errno
import json
import os
from hashlib import sha256
from pathlib import Path

import pytest

from search_index.generation import (
    CorruptGeneration,
    CorruptPointer,
    GenerationError,
    GenerationMissing,
    IndexFolder,
    Published,
    generation_id,
)
from tests.crashing import CrashPoints
from tests.generation.worlds import SHARED, NotWhole, assert_tidy, current_word, fill, id_of, publish, published, whole


@pytest.fixture
def index(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "some where" / "index")


def test_a_folder_that_does_not_exist_has_nothing_and_is_not_made_by_looking(index: IndexFolder) -> None:
    assert index.current() is None
    assert index.generations() == ()
    assert not index.is_pinned
    assert not index.path.exists()


def test_a_publication_is_one_line_and_one_folder_with_a_manifest(index: IndexFolder) -> None:
    published(index, "one")
    assert (index.path / "CURRENT").read_text() == f"1 {id_of('one')}\n"
    folder = index.path / "generations" / id_of("one")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {"format", "id", "parent", "inputs", "files", "sha256"} == manifest.keys()
    assert (manifest["id"], manifest["parent"], manifest["inputs"]) == (id_of("one"), None, {"word": "one"})
    assert manifest["files"].keys() == {"catalog.txt", "engine/first-segment.bin", "engine/segment.txt"}
    assert manifest["files"]["catalog.txt"] == {
        "size": 3,
        "sha256": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
    }
    assert index.open_checked(id_of("one")) == folder
    assert index.inputs(id_of("one")) == {"word": "one"}
    assert_tidy(index)


def test_the_same_content_gives_the_same_bytes_on_two_hosts(tmp_path: Path) -> None:
    manifests = [
        (published(IndexFolder(tmp_path / host), "one").generation_path(id_of("one")) / "manifest.json").read_bytes()
        for host in ("here", "there")
    ]
    assert manifests[0] == manifests[1]


def test_publishing_what_is_current_changes_nothing(index: IndexFolder) -> None:
    published(index, "one")
    with index.writer() as writer:
        assert publish(writer, index, "one") == Published(1, id_of("one"))
    assert index.current() == Published(1, id_of("one"))
    assert_tidy(index)


def test_content_that_comes_back_has_its_old_generation_and_a_new_number(index: IndexFolder) -> None:
    published(index, "one", "two")
    kept = (index.generation_path(id_of("one")) / "catalog.txt").stat().st_ino
    published(index, "one")
    assert index.current() == Published(3, id_of("one"))
    assert (index.generation_path(id_of("one")) / "catalog.txt").stat().st_ino == kept
    assert_tidy(index)


def test_the_folder_of_a_generation_can_be_read_by_whom_the_umask_lets(index: IndexFolder) -> None:
    before = os.umask(0o022)
    try:
        published(index, "one")
    finally:
        os.umask(before)
    assert index.generation_path(id_of("one")).stat().st_mode & 0o777 == 0o755
    assert (index.path / "CURRENT").stat().st_mode & 0o777 == 0o644


def test_a_build_that_fails_its_check_is_not_published_and_leaves_nothing(index: IndexFolder) -> None:
    published(index, "one")
    with index.writer() as writer, writer.begin(None) as build:
        fill(build.path, "two", None)
        (build.path / "engine" / "segment.txt").write_text("segment of another")
        with pytest.raises(NotWhole):
            writer.publish(build, id_of("two"), {}, check=whole)
    assert current_word(index) == "one"
    assert [entry.id for entry in index.generations()] == [id_of("one")]
    assert_tidy(index)


def test_a_build_is_not_checked_in_its_final_place_but_before(index: IndexFolder) -> None:
    seen: list[Path] = []
    with index.writer() as writer, writer.begin(None) as build:
        fill(build.path, "one", None)
        writer.publish(build, id_of("one"), {}, check=seen.append)
        assert seen == [build.path]
    assert not build.path.exists()


def test_a_build_that_is_left_or_followed_by_another_is_thrown_away(index: IndexFolder) -> None:
    with index.writer() as writer:
        forgotten = writer.begin(None)
        fill(forgotten.path, "one", None)
        with writer.begin(None) as build:
            assert not forgotten.path.exists()
            fill(build.path, "two", None)
        assert_tidy(index)
    assert index.current() is None


def test_a_link_in_a_build_is_refused(index: IndexFolder, tmp_path: Path) -> None:
    with index.writer() as writer, writer.begin(None) as build:
        fill(build.path, "one", None)
        (build.path / "passwords").symlink_to(tmp_path)
        with pytest.raises(GenerationError, match="passwords is no regular file"):
            writer.publish(build, id_of("one"), {}, check=whole)
    assert index.current() is None


def test_a_file_that_is_called_like_the_manifest_gives_way_to_it(index: IndexFolder) -> None:
    with index.writer() as writer, writer.begin(None) as build:
        fill(build.path, "one", None)
        (build.path / "manifest.json").write_text("{}")
        writer.publish(build, id_of("one"), {}, check=whole)
    assert current_word(index) == "one"


def test_an_unchanged_linked_file_is_not_read_again(index: IndexFolder) -> None:
    published(index, "one")
    shared = index.generation_path(id_of("one")) / "engine" / SHARED
    with CrashPoints(index.path, reads=True) as points:
        published(index, "two")
    assert (index.generation_path(id_of("two")) / "engine" / SHARED).samefile(shared)
    parents = index.generation_path(id_of("one"))
    inside = [place for call, place in points.trace if call == "open" and SHARED in place]
    assert [place for place in inside if not place.startswith(str(parents))] == []


def test_damage_to_a_linked_file_is_not_sealed_as_if_it_were_right(index: IndexFolder) -> None:
    published(index, "one")
    with index.writer() as writer, writer.begin(id_of("one")) as build:
        shared = index.generation_path(id_of("one")) / "engine" / SHARED
        fill(build.path, "two", index.generation_path(id_of("one")))
        times = shared.stat().st_mtime_ns
        shared.write_bytes(b"UNCHANGING " * 1_000)
        os.utime(shared, ns=(times, times))
        writer.publish(build, id_of("two"), {}, check=whole)
    with pytest.raises(CorruptGeneration, match=SHARED):
        index.open_checked(id_of("two"))


def test_where_files_cannot_be_linked_they_are_copied(index: IndexFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    published(index, "one")

    def refuse(*_paths: object) -> None:
        raise OSError(errno.EXDEV, "no links between file systems")

    monkeypatch.setattr(os, "link", refuse)
    published(index, "two")
    copy, shared = (index.generation_path(id_of(word)) / "engine" / SHARED for word in ("two", "one"))
    assert not copy.samefile(shared)
    assert copy.read_bytes() == shared.read_bytes()
    assert current_word(index) == "two"


def test_a_build_needs_a_parent_that_is_there_and_whole(index: IndexFolder) -> None:
    published(index, "one")
    with index.writer() as writer:
        with pytest.raises(GenerationMissing, match="generations list"):
            writer.begin(id_of("two"))
        with pytest.raises(GenerationMissing):
            writer.begin("../../etc")
        (index.generation_path(id_of("one")) / "engine" / SHARED).write_bytes(b"short")
        with pytest.raises(CorruptGeneration, match=SHARED):
            writer.begin(id_of("one"))


def test_an_id_is_32_hex_digits(index: IndexFolder) -> None:
    with index.writer() as writer, writer.begin(None) as build:
        fill(build.path, "one", None)
        for wrong in ("", "A" * 32, "a" * 31, "a" * 33, "../" + "a" * 29, "a" * 32 + "\n"):
            with pytest.raises(GenerationMissing):
                writer.publish(build, wrong, {}, check=whole)


def test_numbers_go_on_from_the_history_where_current_was_lost(index: IndexFolder) -> None:
    published(index, "one", "two")
    (index.path / "CURRENT").unlink()
    assert index.current() is None
    assert index.last_sequence() == 2
    published(index, "three")
    assert index.current() == Published(3, id_of("three"))


def test_numbers_go_on_from_current_where_the_history_was_lost(index: IndexFolder) -> None:
    published(index, "one", "two")
    (index.path / "HISTORY").unlink()
    published(index, "three")
    assert index.current() == Published(3, id_of("three"))
    assert [(entry.id, entry.sequence) for entry in index.generations()] == [
        (id_of("three"), 3),
        (id_of("two"), 2),
        (id_of("one"), 0),
    ]


@pytest.mark.parametrize("content", [b"", b"2", b"2 \n", b"x" * 40, b"02 " + b"a" * 32 + b"\n", b"\x00" * 36])
def test_a_damaged_pointer_is_said_to_readers_and_mended_by_the_next_build(index: IndexFolder, content: bytes) -> None:
    published(index, "one", "two")
    (index.path / "CURRENT").write_bytes(content)
    with pytest.raises(CorruptPointer, match="octavo index writes it anew"):
        index.current()
    assert [entry.current for entry in index.generations()] == [False, False]
    with index.writer() as writer:
        assert not writer.is_pinned
        assert publish(writer, index, "two", alone=True) == Published(3, id_of("two"))
    assert current_word(index) == "two"


def test_an_index_folder_that_was_removed_is_made_again_by_the_same_writer(index: IndexFolder) -> None:
    with index.writer() as writer:
        publish(writer, index, "one")
        for path in sorted(index.path.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        index.path.rmdir()
        assert publish(writer, index, "two") == Published(1, id_of("two"))
    assert current_word(index) == "two"


def test_the_id_depends_on_values_alone() -> None:
    assert generation_id({"a": 1, "b": ("x", None)}) == generation_id({"b": ["x", None], "a": 1})
    assert generation_id({"a": 1}) != generation_id({"a": 2})
    assert generation_id({}) == sha256(b"{}").hexdigest()[:32]
    assert generation_id({"caf\u00e9": "\udce9"}) == sha256(rb'{"caf\u00e9":"\udce9"}').hexdigest()[:32]
