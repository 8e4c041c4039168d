"""Activating an older generation, and taking away those that nobody needs."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from search_index.generation import CorruptGeneration, GenerationMissing, IndexFolder, Published
from tests.crashing import CrashPoints
from tests.generation.worlds import assert_tidy, current_word, fill, id_of, publish, published, whole

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
FAR = 2**33


class MovableClock:
    def __init__(self) -> None:
        self.instant = START

    def now(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        self.instant += timedelta(**by)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def index(tmp_path: Path, clock: MovableClock) -> IndexFolder:
    return IndexFolder(tmp_path / "index", clock)


def words(index: IndexFolder) -> list[str]:
    """Of the generations, the last published first."""
    known = {id_of(word): word for word in ("one", "two", "three", "four", "five")}
    return [known[entry.id] for entry in index.generations()]


def test_an_activated_generation_is_pinned_under_a_new_number(index: IndexFolder) -> None:
    published(index, "one", "two")
    with index.writer() as writer:
        assert index.activate(id_of("one")) == Published(3, id_of("one"))
        assert writer.is_pinned
    assert current_word(index) == "one"
    assert index.is_pinned
    assert (index.path / "PIN").read_text() == f"3 {id_of('one')}\n"
    entry = index.generations()[0]
    assert (entry.id, entry.sequence, entry.current, entry.pinned) == (id_of("one"), 3, True, True)


def test_a_pin_ends_when_asked_or_with_a_publication(index: IndexFolder) -> None:
    published(index, "one", "two")
    with index.writer() as writer:
        index.activate(id_of("one"))
        writer.unpin()
        writer.unpin()
        assert not writer.is_pinned
        assert index.current() == Published(3, id_of("one"))
        index.activate(id_of("two"))
        publish(writer, index, "three")
        assert not writer.is_pinned
        index.activate(id_of("three"))
        publish(writer, index, "three")
        assert not writer.is_pinned


def test_a_pin_that_a_publication_has_overtaken_is_void_even_if_its_file_stays(index: IndexFolder) -> None:
    published(index, "one", "two")
    with index.writer() as writer:
        index.activate(id_of("one"))
        pin = (index.path / "PIN").read_bytes()
        publish(writer, index, "three")
    (index.path / "PIN").write_bytes(pin)
    assert not index.is_pinned


def test_a_pin_that_never_took_effect_uses_up_its_number(index: IndexFolder) -> None:
    published(index, "one")
    (index.path / "PIN").write_text(f"7 {id_of('one')}\n")
    assert not index.is_pinned
    assert published(index, "two").current() == Published(8, id_of("two"))


def test_nothing_but_a_whole_generation_can_be_activated(index: IndexFolder) -> None:
    published(index, "one", "two")
    (index.generation_path(id_of("one")) / "catalog.txt").write_text("0ne")
    with index.writer():
        with pytest.raises(CorruptGeneration, match=r"catalog\.txt"):
            index.activate(id_of("one"))
        with pytest.raises(GenerationMissing):
            index.activate(id_of("three"))
    assert current_word(index) == "two"


def test_the_two_newest_stay_and_older_ones_go_a_minute_after_they_were_superseded(
    index: IndexFolder, clock: MovableClock
) -> None:
    published(index, "one", "two", "three")
    with index.writer() as writer:
        clock.move(seconds=59)
        assert writer.prune() == ()
        clock.move(seconds=1)
        assert writer.prune() == (id_of("one"),)
        clock.move(days=365)
        assert writer.prune() == ()
    assert words(index) == ["three", "two"]
    assert current_word(index) == "three"
    assert_tidy(index)


def test_the_current_one_stays_however_old_it_is(index: IndexFolder) -> None:
    published(index, "one", "two", "three")
    with index.writer() as writer:
        index.activate(id_of("one"))
        assert set(writer.prune(now=FAR)) == {id_of("two")}
    assert words(index) == ["one", "three"]
    assert current_word(index) == "one"


def test_a_minute_counts_from_the_last_time_that_a_generation_was_served(
    index: IndexFolder, clock: MovableClock
) -> None:
    published(index, "one", "two", "three")
    clock.move(minutes=10)
    published(index, "one", "four", "five")
    with index.writer() as writer:
        assert set(writer.prune()) == {id_of("two")}
    assert words(index) == ["five", "four", "one", "three"]


def test_a_clock_that_was_set_back_changes_no_order_and_keeps_nothing_for_ever(
    index: IndexFolder, clock: MovableClock
) -> None:
    published(index, "one", "two")
    clock.move(days=-400)
    published(index, "three", "four")
    assert words(index) == ["four", "three", "two", "one"]
    with index.writer() as writer:
        assert writer.prune() == ()
        clock.move(seconds=60)
        assert set(writer.prune()) == {id_of("one"), id_of("two")}
    assert current_word(index) == "four"


def test_generations_of_which_the_history_knows_nothing_get_their_minute(
    index: IndexFolder, clock: MovableClock
) -> None:
    published(index, "one", "two", "three", "four")
    (index.path / "HISTORY").write_text("nonsense\n")
    with index.writer() as writer:
        assert writer.prune() == ()
        clock.move(seconds=60)
        assert len(writer.prune()) == 2
    assert current_word(index) == "four"


def test_nothing_is_pruned_where_it_is_not_known_what_is_served(index: IndexFolder) -> None:
    published(index, "one", "two", "three")
    (index.path / "CURRENT").unlink()
    with index.writer() as writer:
        assert writer.prune(now=FAR) == ()
    assert words(index) == ["three", "two", "one"]


def test_a_hundred_builds_that_never_finished_leave_nothing(index: IndexFolder) -> None:
    published(index, "one")
    for number in range(100):
        left = index.path / "building" / str(number) / "engine"
        left.mkdir(parents=True)
        (left / "segment").write_bytes(b"half")
    (index.path / "building" / "file").write_bytes(b"")
    (index.path / "building" / "link").symlink_to(index.path / "generations")
    (index.path / ".CURRENT.new").write_bytes(b"2 ")
    with index.writer():
        assert_tidy(index)
    assert current_word(index) == "one"


def test_a_list_tells_sizes_and_times_and_survives_damage(index: IndexFolder, clock: MovableClock) -> None:
    published(index, "one", "two")
    newest, oldest = index.generations()
    folder = index.generation_path(id_of("two"))
    assert newest.size == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert newest.created_at == int((folder / "manifest.json").stat().st_mtime)
    assert (newest.superseded_at, oldest.superseded_at) == (None, int(clock.instant.timestamp()))
    (folder / "manifest.json").unlink()
    assert index.generations()[0].created_at is None


def test_a_list_survives_a_generation_that_goes_meanwhile(index: IndexFolder) -> None:
    published(index, "one", "two")
    folder = index.generation_path(id_of("one"))
    with CrashPoints(folder, at=1, reads=True, strike=lambda: shutil.rmtree(folder)):
        assert [(entry.id, entry.size > 0) for entry in index.generations()] == [
            (id_of("two"), True),
            (id_of("one"), False),
        ]


def test_a_generation_without_files_of_its_own_can_still_be_pruned(index: IndexFolder) -> None:
    with index.writer() as writer:
        for word in ("one", "two", "three"):
            with writer.begin(None) as build:
                fill(build.path, word, None)
                writer.publish(build, id_of(word), {}, check=whole)
        for path in sorted(index.generation_path(id_of("one")).rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        assert writer.prune(now=FAR) == (id_of("one"),)


def test_a_pin_that_is_set_while_a_build_goes_on_is_respected_by_a_build_that_nobody_asked_for(
    index: IndexFolder,
) -> None:
    published(index, "one", "two")
    with index.writer() as writer, writer.begin(None) as build:
        fill(build.path, "three", None)
        pinned = index.activate(id_of("one"))
        assert writer.publish(build, id_of("three"), {}, check=whole, over_pin=False) == pinned
    assert (current_word(index), index.is_pinned) == ("one", True)
    assert id_of("three") in [entry.id for entry in index.generations()], "it is ready for when the pin ends"
