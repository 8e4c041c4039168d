"""The embedded engine: the contract, and what is its own."""

from __future__ import annotations

import errno
import os
import random
import resource
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import whoosh.index
from numpy.typing import NDArray
from whoosh.query.positional import Phrase
from whoosh.query.terms import Term

from search_index.engines.port import (
    Deadline,
    EngineSpace,
    EngineUnavailable,
    ExpandedQuery,
    IndexDocument,
    Relevance,
    SearchEngine,
    SearchPage,
    TextField,
)
from search_index.engines.whoosh import WhooshEngine, building, inversion, live_index
from search_index.engines.whoosh.building import MOST_SEGMENTS
from search_index.engines.whoosh.postings import PostingList, decode, encode
from search_index.query import FacetField, PostFilters
from tests.engines.contract import (
    QUESTIONS,
    EngineContract,
    contents,
    document,
    everything,
    generated,
    must,
    phrase,
    seeded,
    word,
)


class TestWhoosh(EngineContract):
    @pytest.fixture
    def engine(self) -> SearchEngine:
        return WhooshEngine()


@pytest.fixture
def engine() -> WhooshEngine:
    return WhooshEngine()


def build(folder: Path, *documents: IndexDocument, base: Path | None = None, delete: tuple[str, ...] = ()) -> Path:
    """One generation in ``folder``."""
    base_space = EngineSpace(base, base.name) if base else None
    with WhooshEngine().build(EngineSpace(folder, folder.name), base_space) as batch:
        for post_id in delete:
            batch.delete(post_id)
        for row in documents:
            batch.put(row)
    return folder


def answers(folder: Path) -> list[object]:
    with closing(WhooshEngine().open(EngineSpace(folder, folder.name))) as searcher:
        return list(everything(searcher))


def segments(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.seg")}


# Files


def test_a_full_build_is_one_segment_and_a_table_of_contents(tmp_path: Path) -> None:
    built = build(tmp_path / "g1", *(document(f"d{number}") for number in range(100)))
    assert len(segments(built)) == 1
    assert len(list(built.iterdir())) == 2


def test_a_build_beyond_its_memory_is_one_segment_with_the_same_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [*generated(150, seeded(1)), *generated(20, seeded(2))]  # the last twenty replace the first
    whole = build(tmp_path / "whole", *documents)
    monkeypatch.setattr(building, "OCCURRENCES_IN_MEMORY", 2_000)
    in_parts = build(tmp_path / "parts", *documents)
    monkeypatch.setattr(inversion, "LISTS_AT_A_TIME", 500)
    in_portions = build(tmp_path / "portions", *documents)
    for built in (in_parts, in_portions):
        assert len(segments(built)) == 1
        assert answers(built) == answers(whole)


def test_an_incremental_build_links_the_base_s_segments_and_adds_one(tmp_path: Path) -> None:
    base = build(tmp_path / "g1", document("a"), document("b"))
    new = build(tmp_path / "g2", document("c"), base=base)
    assert segments(base) < segments(new)
    (shared,) = segments(base)
    assert (base / shared).samefile(new / shared)
    assert len(segments(new)) == 2


def test_a_deletion_alone_writes_no_segment(tmp_path: Path) -> None:
    base = build(tmp_path / "g1", *(document(f"d{number}") for number in range(9)))
    assert segments(build(tmp_path / "g2", base=base, delete=("d1",))) == segments(base)


def test_where_linking_fails_segments_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    base = build(tmp_path / "g1", document("a", "fox"))
    monkeypatch.setattr(os, "link", refuse)
    new = build(tmp_path / "g2", document("b", "fox"), base=base)
    (shared,) = segments(base)
    assert not (base / shared).samefile(new / shared)
    assert (base / shared).read_bytes() == (new / shared).read_bytes()


def test_segments_stay_few_over_many_small_builds(tmp_path: Path) -> None:
    folder = build(tmp_path / "g0", *generated(200, seeded(1)))
    (largest,) = segments(folder)
    for number in range(1, 25):
        folder = build(tmp_path / f"g{number}", document(f"n{number}", "fox"), base=folder)
        assert len(segments(folder)) <= MOST_SEGMENTS + 1
    assert largest in segments(folder)
    assert answers(folder)[0] != []


def test_a_segment_of_mostly_deleted_documents_is_written_anew(tmp_path: Path) -> None:
    documents = generated(20, seeded(1))
    base = build(tmp_path / "g1", *documents)
    new = build(tmp_path / "g2", base=base, delete=tuple(row.id for row in documents[:12]))
    assert not segments(base) & segments(new)
    assert answers(new) == answers(build(tmp_path / "full", *documents[12:]))


def test_a_segment_without_live_documents_is_let_go(tmp_path: Path) -> None:
    base = build(tmp_path / "g1", document("a"))
    assert segments(build(tmp_path / "g2", base=base, delete=("a",))) == set()


def test_segment_names_differ_whatever_the_random_seed(tmp_path: Path) -> None:
    folder = tmp_path / "g0"
    random.seed(1)
    build(folder, document("a"))
    for number in range(1, 4):
        random.seed(1)
        folder = build(tmp_path / f"g{number}", document(f"n{number}"), base=folder)
    assert len(segments(folder)) == 4


def test_a_folder_in_use_is_refused(tmp_path: Path, engine: WhooshEngine) -> None:
    built = build(tmp_path / "g1", document("a"))
    before = contents(built)
    with pytest.raises(EngineUnavailable, match="not empty"), engine.build(EngineSpace(built, "g1"), None):
        pass
    assert contents(built) == before


def test_a_failed_commit_leaves_no_trace_and_the_next_build_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    base = build(tmp_path / "g1", document("a"))
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            build(tmp_path / "g2", document("b"), base=base)
    assert not (tmp_path / "g2").exists()
    assert open_descriptors(tmp_path) == []
    assert len(answers(build(tmp_path / "g2", document("b"), base=base))) == len(QUESTIONS)


@pytest.mark.parametrize("room", [0, 100, 1_000, 4_000, 12_000])
def test_a_full_disk_leaves_no_trace_and_no_open_file(tmp_path: Path, room: int) -> None:
    base = build(tmp_path / "g1", *generated(10, seeded(1)))
    with largest_file(room), pytest.raises(OSError, match="File too large"):
        build(tmp_path / "g2", *generated(20, seeded(2), first=50), base=base)
    assert not (tmp_path / "g2").exists()
    assert open_descriptors(tmp_path) == []
    assert build(tmp_path / "g2", document("b"), base=base).is_dir()


def test_everything_written_is_synced_before_the_build_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    built = build(tmp_path / "g1", document("a"))
    assert set(synced) == {str(built), *map(str, built.iterdir())}
    assert synced[-1] == str(built)


# Damage


@pytest.mark.parametrize("kind", ["*.seg", "*.toc"])
@pytest.mark.parametrize("damage", ["emptied", "cut", "zeroed", "removed"])
def test_a_damaged_index_is_unavailable(tmp_path: Path, engine: WhooshEngine, kind: str, damage: str) -> None:
    built = build(tmp_path / "g1", *generated(30, seeded(1)))
    (file,) = built.glob(kind)
    whole = file.read_bytes()
    match damage:
        case "emptied":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(whole[: len(whole) // 2])
        case "zeroed":
            file.write_bytes(bytes(len(whole)))
        case _:
            file.unlink()
    with pytest.raises(EngineUnavailable, match="g1"):
        engine.open(EngineSpace(built, "g1"))
    with pytest.raises(EngineUnavailable):
        build(tmp_path / "g2", document("a"), base=built)
    assert not (tmp_path / "g2").exists()
    assert open_descriptors(tmp_path) == []


def test_damage_met_while_searching_is_unavailable(tmp_path: Path, engine: WhooshEngine) -> None:
    built = build(tmp_path / "g1", document("a", "fox"))
    (file,) = built.glob("*.seg")
    content = bytearray(file.read_bytes())
    record = encode(PostingList(*(_numbers(0), _numbers(1), _numbers(0))))
    place = content.rindex(record)
    content[place : place + 4] = b"\xff\xff\xff\xff"
    file.write_bytes(content)
    with closing(engine.open(EngineSpace(built, "g1"))) as searcher, pytest.raises(EngineUnavailable):
        searcher.search(must("fox"), Deadline(30))


def test_a_posting_list_that_is_cut_short_is_an_error() -> None:
    whole = encode(PostingList(_numbers(1, 2), _numbers(1, 2), _numbers(7, 8, 9)))
    for length in range(len(whole)):
        with pytest.raises(ValueError, match=r"cut short|buffer"):
            decode(whole[:length])


@pytest.mark.parametrize("largest", [1, 255, 256, 65_535, 65_536, 2**31 - 1])
def test_a_posting_list_is_read_as_it_was_written(largest: int) -> None:
    written = PostingList(_numbers(0, 1, max(2, largest)), _numbers(1, 2, 1), _numbers(largest, 0, 5, 9))
    read = decode(encode(written))
    assert [part.tolist() for part in (read.docs, read.freqs, read.positions)] == [
        part.tolist() for part in (written.docs, written.freqs, written.positions)
    ]
    assert len(decode(encode(written), with_positions=False).positions) == 0


# Memory, descriptors and time


def test_answers_do_not_depend_on_the_room_in_the_cache(tmp_path: Path, engine: WhooshEngine) -> None:
    built = build(tmp_path / "g1", *generated(60, seeded(1)))
    with closing(WhooshEngine(cache_bytes=0).open(EngineSpace(built, "g1"))) as searcher:
        assert [*everything(searcher), *everything(searcher)] == answers(built) * 2


@pytest.mark.parametrize("window", [3, 20, 200])
def test_what_stands_near_is_found_the_same_in_lists_that_are_too_long_to_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    first = build(tmp_path / "g1", *generated(60, seeded(1)))
    second = build(tmp_path / "g2", *generated(40, seeded(2), first=60), base=first, delete=("d0003", "d0030", "d0059"))
    third = build(tmp_path / "g3", *generated(30, seeded(3), first=100), base=second, delete=("d0061", "d0099"))
    relevance = Relevance(proximity=0.5, window=window)
    pairs = [(f"w{left}", f"w{right}") for left in range(8) for right in range(8) if left != right]
    questions = [replace(must(*pair), relevance=relevance, limit=130) for pair in pairs]

    def hits() -> list[object]:
        with closing(WhooshEngine().open(EngineSpace(third, "g3"))) as searcher:
            return [searcher.search(question, Deadline(30)).hits for question in questions]

    kept = hits()
    assert len(segments(third)) == 3
    monkeypatch.setattr(live_index, "_SHORT_LISTS", -1)
    assert hits() == kept
    plain = [replace(question, relevance=Relevance()) for question in questions]
    with closing(WhooshEngine().open(EngineSpace(third, "g3"))) as searcher:
        assert kept != [searcher.search(question, Deadline(30)).hits for question in plain]


def test_opening_and_closing_leaves_no_descriptor(tmp_path: Path, engine: WhooshEngine) -> None:
    base = build(tmp_path / "g1", *generated(20, seeded(1)))
    built = build(tmp_path / "g2", *generated(3, seeded(2)), base=base)
    for _ in range(50):
        with closing(engine.open(EngineSpace(built, "g2"))) as searcher:
            everything(searcher)
            searcher.ids()
            assert open_descriptors(tmp_path)
    assert open_descriptors(tmp_path) == []


def test_a_deadline_counts_down() -> None:
    later, past = Deadline(60), Deadline(-1)
    assert 0 < later.remaining <= 60
    assert not later.passed
    assert (past.remaining, past.passed) == (0, True)


class Countdown(Deadline):
    """Passes at the n-th look."""

    def __init__(self, looks: int) -> None:
        super().__init__(60)
        self._looks = looks

    @property
    def passed(self) -> bool:
        self._looks -= 1
        return self._looks < 0


def test_a_deadline_that_passes_at_any_step_gives_part_of_the_true_answer(tmp_path: Path, engine: WhooshEngine) -> None:
    built = build(tmp_path / "g1", *generated(40, seeded(1)))
    query = ExpandedQuery(
        must=(word("w0"), word("w1")),
        should=(phrase("w0 w1"),),
        must_not=(word("w9"),),
        filters=PostFilters(year=2024),
        facets=(FacetField.TAG, FacetField.YEAR),
    )

    def ask(deadline: Deadline) -> SearchPage:
        with closing(engine.open(EngineSpace(built, "g1"))) as searcher:  # with nothing kept of the time before
            return searcher.search(query, deadline)

    whole = ask(Deadline(60))
    seen: list[bool] = []
    while not seen or not seen[-1]:
        page = ask(Countdown(len(seen)))
        assert page.hits in ((), whole.hits)
        assert page.total in (0, whole.total)
        assert page.facets == whole.facets[: len(page.facets)]
        seen.append(page.complete)
    assert page == whole
    assert len(seen) > 6


# Whoosh itself


def test_whoosh_s_own_searcher_reads_the_index(tmp_path: Path) -> None:
    base = build(tmp_path / "g1", *generated(80, seeded(1)))
    built = build(tmp_path / "g2", *generated(9, seeded(5), first=70), base=base, delete=("d0003", "d0004"))
    with (
        closing(WhooshEngine().open(EngineSpace(built, "g2"))) as ours,
        whoosh.index.open_dir(str(built)).searcher() as theirs,
    ):
        for field in TextField:
            for number in range(0, 40, 5):
                query = ExpandedQuery(must=(word(f"w{number}"),), limit=0)
                kept = ExpandedQuery(must=(word(f"w{number}", field),), limit=0)
                own = theirs.search(Term(str(field), f"w{number}"), limit=None)
                assert len(own) == ours.search(kept, Deadline(30)).total <= ours.search(query, Deadline(30)).total
            run = ExpandedQuery(must=(phrase("w0 w1", field),), limit=0)
            own = theirs.search(Phrase(str(field), ["w0", "w1"]), limit=None)
            assert len(own) == ours.search(run, Deadline(30)).total
        assert theirs.doc_count() == len(ours.ids())
        for tag in ("a", "b", "nothing"):
            tagged = ExpandedQuery(filters=PostFilters(tags=(tag,)), limit=0)
            assert len(theirs.search(Term("tag", tag), limit=None)) == ours.search(tagged, Deadline(30)).total
        matcher = theirs.postings("body", "w0")
        assert matcher.value_as("weight") == matcher.value_as("frequency") == len(matcher.value_as("positions"))


def test_the_fingerprint_names_whoosh_and_the_analyser(engine: WhooshEngine) -> None:
    assert "whoosh" in engine.fingerprint
    assert "analyser" in engine.fingerprint


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Writing beyond ``size`` bytes of a file fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def open_descriptors(folder: Path) -> list[str]:
    """The files below ``folder`` that this process has open or mapped."""
    found: list[str] = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the listing's own
            found.append(str(descriptor.readlink()))
    return [name for name in found if name.startswith(str(folder))]


def _numbers(*numbers: int) -> NDArray[np.int32]:
    return np.array(numbers, np.int32)
