"""Damage is found before anything is opened, named by its file, and mended by the next build."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from search_index.generation import CorruptGeneration, GenerationMissing, IndexFolder, Published, StorageFailure
from tests.crashing import CrashPoints, Refusal
from tests.generation.worlds import NotWhole, current_word, fill, id_of, publish, published, whole

FILES = ("manifest.json", "catalog.txt", "engine/first-segment.bin", "engine/segment.txt")


@pytest.fixture
def index(tmp_path: Path) -> IndexFolder:
    return published(IndexFolder(tmp_path / "index"), "zero", "one")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def blank(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def remove(path: Path) -> None:
    path.unlink()


def link(path: Path) -> None:
    path.rename(path.with_name("moved"))
    path.symlink_to("moved")


@pytest.mark.parametrize("damage", [flip, cut, empty, blank, grow, remove, link])
@pytest.mark.parametrize("file", FILES)
def test_damage_to_any_file_is_found_and_named(index: IndexFolder, file: str, damage: Callable[[Path], None]) -> None:
    index.open_checked(id_of("one"))
    damage(index.generation_path(id_of("one")) / file)
    for reader in (index, IndexFolder(index.path)):
        with pytest.raises(CorruptGeneration, match=r"octavo index builds it anew") as found:
            reader.open_checked(id_of("one"))
        assert found.value.file in {file, str(Path(file).with_name("moved"))}
        assert found.value.id == id_of("one")


@pytest.mark.parametrize("file", FILES)
def test_a_single_bit_anywhere_counts(index: IndexFolder, file: str) -> None:
    path = index.generation_path(id_of("one")) / file
    content = path.read_bytes()
    for bit in range(0, 8 * len(content), max(1, len(content) // 5)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(CorruptGeneration):
            IndexFolder(index.path).open_checked(id_of("one"))
    path.write_bytes(content)
    assert current_word(index) == "one"


def test_a_file_that_was_not_published_is_damage_too(index: IndexFolder) -> None:
    (index.generation_path(id_of("one")) / "engine" / "newer.toc").write_bytes(b"")
    with pytest.raises(CorruptGeneration, match=r"engine/newer\.toc is not in the manifest"):
        index.open_checked(id_of("one"))


def test_a_generation_that_is_not_there_is_missing_not_damaged(index: IndexFolder) -> None:
    with pytest.raises(GenerationMissing):
        index.open_checked(id_of("two"))
    with pytest.raises(GenerationMissing):
        index.inputs("../one")


def resealed(index: IndexFolder, **changes: object) -> None:
    """Rewrite the manifest with another member, and its digest with it."""
    path = index.generation_path(id_of("one")) / "manifest.json"
    document = json.loads(path.read_text()) | changes
    del document["sha256"]
    body = json.dumps(document, indent=1).removesuffix("\n}")
    path.write_text(body + f',\n"sha256": "{sha256(body.encode()).hexdigest()}"}}\n')


def test_a_manifest_of_another_format_or_generation_is_refused(index: IndexFolder) -> None:
    resealed(index)
    assert current_word(index) == "one"
    resealed(index, format=2)
    with pytest.raises(CorruptGeneration, match="has format 2, not 1"):
        index.open_checked(id_of("one"))
    resealed(index, format=1, id=id_of("zero"))
    with pytest.raises(CorruptGeneration, match="belongs to generation"):
        index.open_checked(id_of("one"))


def test_a_damaged_generation_is_set_aside_and_built_anew_under_a_new_number(
    index: IndexFolder, caplog: pytest.LogCaptureFixture
) -> None:
    for number, damage in enumerate((flip, remove), start=3):
        damage(index.generation_path(id_of("one")) / "catalog.txt")
        with index.writer() as writer:
            assert publish(writer, index, "one", alone=True) == Published(number, id_of("one"))
        assert current_word(index) == "one"
    assert "catalog.txt" in caplog.text
    aside = [path for path in (index.path / "generations").iterdir() if path.name.startswith("corrupt-")]
    assert [path.name for path in aside] == [f"corrupt-{id_of('one')}"]
    assert not (aside[0] / "catalog.txt").exists()
    assert len(index.generations()) == 2


def test_a_generation_that_is_undamaged_and_does_not_open_is_replaced(
    index: IndexFolder, caplog: pytest.LogCaptureFixture
) -> None:
    refused = [index.generation_path(id_of("one"))]

    def check(folder: Path) -> None:
        whole(folder)
        if folder in refused:
            refused.clear()
            raise NotWhole(folder)

    with index.writer() as writer, writer.begin(None) as build:
        fill(build.path, "one", None)
        assert writer.publish(build, id_of("one"), {}, check=check) == Published(3, id_of("one"))
    assert "does not open and is replaced" in caplog.text
    assert current_word(index) == "one"


def test_a_generation_that_cannot_be_read_just_now_is_not_taken_for_damaged(index: IndexFolder) -> None:
    folder = index.generation_path(id_of("one"))
    with index.writer() as writer, writer.begin(None) as build:
        fill(build.path, "one", None)
        reading = CrashPoints(folder, at=2, strike=Refusal(24), reads=True)
        with reading, pytest.raises(StorageFailure, match="Too many open files"):
            writer.publish(build, id_of("one"), {}, check=whole)
    assert not list((index.path / "generations").glob("corrupt-*"))
    assert current_word(index) == "one"
