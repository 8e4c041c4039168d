"""What is killed, and refused, at every step."""

from __future__ import annotations

from pathlib import Path

from search_index.generation import CorruptGeneration, GenerationMissing, IndexFolder
from tests.generation.worlds import assert_tidy, current_word, id_of, publish, published

FAR = 2**33


class FirstPublication:
    """Into an index folder that does not exist yet."""

    def prepare(self, folder: Path) -> None:
        (folder / "elsewhere").mkdir()

    def act(self, folder: Path) -> None:
        published(IndexFolder(folder / "index"), "one")

    def verify(self, folder: Path) -> None:
        index = IndexFolder(folder / "index")
        before = index.current()
        if before is not None:
            assert current_word(index) == "one"
        assert_recovers(index)


class Life:
    """Leftovers cleared, a build on a parent, an older generation activated, old ones pruned, the pin ended."""

    words = ("one", "two")

    def prepare(self, folder: Path) -> None:
        index = published(IndexFolder(folder / "index"), "zero", "one")
        (index.path / "building" / "leftover" / "engine").mkdir(parents=True)
        (index.path / "building" / "leftover" / "engine" / "half.txt").write_text("half")

    def act(self, folder: Path) -> None:
        index = IndexFolder(folder / "index")
        with index.writer() as writer:
            publish(writer, index, "two")
            index.activate(id_of("one"))
            writer.prune(now=FAR)
            writer.unpin()

    def verify(self, folder: Path) -> None:
        index = IndexFolder(folder / "index")
        current = index.current()
        assert current is not None
        assert current.sequence >= 2
        assert current_word(index) in self.words
        if current.sequence == 4 and index.generation_path(id_of("zero")).exists():
            assert index.is_pinned, "activated and not yet asked to end it"
        for entry in index.generations():
            index.open_checked(entry.id)
        assert_recovers(index)


class DamageMended:
    """The current generation is found damaged and built anew under the same id."""

    def prepare(self, folder: Path) -> None:
        index = published(IndexFolder(folder / "index"), "zero", "one")
        (index.generation_path(id_of("one")) / "catalog.txt").write_text("0ne")

    def act(self, folder: Path) -> None:
        index = IndexFolder(folder / "index")
        with index.writer() as writer:
            publish(writer, index, "one", alone=True) if is_damaged(index) else publish(writer, index, "one")

    def verify(self, folder: Path) -> None:
        index = IndexFolder(folder / "index")
        current = index.current()
        assert current is not None
        assert current.id == id_of("one")
        if not is_damaged(index):
            assert current_word(index) == "one"
        self.act(folder)
        assert current_word(index) == "one"
        assert_recovers(index)


def is_damaged(index: IndexFolder) -> bool:
    current = index.current()
    try:
        return current is not None and not index.open_checked(current.id)
    except (CorruptGeneration, GenerationMissing):
        return True


def assert_recovers(index: IndexFolder) -> None:
    """A new writer can be had at once, its build is published above all before it, and nothing is left lying about."""
    before = index.last_sequence()
    published(index, "next")
    current = index.current()
    assert current is not None
    assert current.sequence == before + 1
    assert current_word(index) == "next"
    assert not index.is_pinned
    assert_tidy(index)
