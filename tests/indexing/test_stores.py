"""The files of a generation: shared segments, connections, and the writer's memory."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from search_index.catalog import Catalog
from search_index.engines.port import Deadline
from search_index.engines.whoosh import WhooshEngine
from search_index.generation import IndexFolder
from search_index.library import Library, NotReady
from search_index.post_store import MOST_SEGMENTS, PostStore, StoreAddress
from search_index.query import ListQuery, Page, SearchQuery
from search_index.reading import scan
from search_index.reading.dialects.plain import PlainDialect
from search_index.seen import SeenFiles
from search_index.sqlite_files import ReadConnections, create
from tests.sites import Site, post, titles


def segments(site: Site) -> dict[str, int]:
    """The segment files of the published generation, with their inodes."""
    index = IndexFolder(site.index)
    current = index.current()
    assert current is not None
    return {path.name: path.stat().st_ino for path in (index.generation_path(current.id) / "posts").iterdir()}


def test_an_edit_writes_a_segment_of_its_own_and_shares_the_others(site: Site) -> None:
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01") for number in range(10)})
    site.build()
    first = segments(site)
    site.write({"3.md": post("P3, edited", date="2026-01-01")})
    site.build()
    second = segments(site)
    assert len(first) == 1
    assert len(second) == 2
    assert second.items() > first.items()


def test_segments_stay_few_and_dead_ones_go_however_many_edits_there_are(site: Site) -> None:
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01") for number in range(3)})
    with site.indexer() as indexer:
        indexer.build()
        for edit in range(2 * MOST_SEGMENTS):
            site.write({f"{edit % 3}.md": post(f"P{edit % 3}, edit {edit}", date="2026-01-01")})
            assert indexer.build().read == 1
            assert len(segments(site)) <= MOST_SEGMENTS
    with site.snapshot() as snapshot:
        assert sorted(titles(snapshot, ListQuery(page=Page(size=100)))) == [
            "P0, edit 15",
            "P1, edit 13",
            "P2, edit 14",
        ]


def test_many_small_edits_of_a_large_site_are_merged_beside_its_largest_segment(site: Site) -> None:
    count = 4 * MOST_SEGMENTS
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01") for number in range(count)})
    with site.indexer() as indexer:
        indexer.build()
        (largest,) = segments(site).items()
        for number in range(MOST_SEGMENTS + 2):
            site.write({f"{number}.md": post(f"P{number}, edited", date="2026-01-01")})
            indexer.build()
            assert largest in segments(site).items()
    assert len(segments(site)) < MOST_SEGMENTS
    with site.snapshot() as snapshot:
        edited = [title for title in titles(snapshot, ListQuery(page=Page(size=100))) if title.endswith("edited")]
        assert len(edited) == MOST_SEGMENTS + 2


def test_an_address_that_leads_nowhere_is_an_error(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01")})
    site.build()
    index = IndexFolder(site.index)
    current = index.current()
    assert current is not None
    store = PostStore(index.generation_path(current.id) / "posts")
    with pytest.raises(sqlite3.DatabaseError, match="no row 99"):
        store.summary(StoreAddress(1, 99))
    store.close()


def test_connections_are_one_a_thread_and_closed_together(tmp_path: Path) -> None:
    path = tmp_path / "a#b ?.sqlite"
    create(path, "CREATE TABLE t (x)").close()
    connections = ReadConnections(path)
    seen = [connections.get()]
    thread = threading.Thread(target=lambda: seen.append(connections.get()))
    thread.start()
    thread.join()
    assert connections.get() is seen[0]
    assert seen[1] is not seen[0]
    connections.close()
    for connection in seen:
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
    late: list[BaseException] = []

    def ask() -> None:
        try:
            connections.get()
        except sqlite3.ProgrammingError as error:
            late.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert len(late) == 1


def test_a_published_file_cannot_be_written_through_a_reader(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01")})
    site.build()
    index = IndexFolder(site.index)
    current = index.current()
    assert current is not None
    connections = ReadConnections(index.generation_path(current.id) / "catalog.sqlite")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connections.get().execute("DELETE FROM posts")
    connections.close()


def test_a_catalog_that_is_no_database_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"no database at all" * 100)
    (tmp_path / "posts").mkdir()
    with pytest.raises(sqlite3.DatabaseError):
        Catalog(tmp_path)


def test_a_file_is_remembered_until_it_changes(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("old", encoding="utf-8")
    os.utime(content / "a.md", (1_000_000_000, 1_000_000_000))
    seen = SeenFiles(tmp_path / "seen.json")
    (found,) = scan(content, PlainDialect()).files
    settled = type(found)(
        found.path, found.size, (found.size, found.signature[1], found.signature[1], found.signature[3])
    )
    seen.remember(settled, "abc")
    seen.save()
    again = SeenFiles(tmp_path / "seen.json")
    assert again.checksum(settled) == "abc"
    assert again.checksum(found) is None, "its ctime is another"


def test_a_file_that_changed_a_moment_ago_is_not_trusted(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("new", encoding="utf-8")
    (found,) = scan(content, PlainDialect()).files
    seen = SeenFiles(tmp_path / "seen.json")
    seen.remember(found, "abc")
    assert seen.checksum(found) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", json.dumps({"a.md": "no pair"}).encode(), b"\xff\xfe"])
def test_a_damaged_memory_only_costs_reading(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "seen.json").write_bytes(damage)
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("new", encoding="utf-8")
    (found,) = scan(content, PlainDialect()).files
    assert SeenFiles(tmp_path / "seen.json").checksum(found) is None


def test_a_library_without_a_generation_is_not_ready(site: Site) -> None:
    library = Library(site.index, WhooshEngine(), site.clock)
    assert not library.refresh()
    assert library.status.generation == ""
    with pytest.raises(NotReady, match="no generation"), library.lease():
        pass
    library.close()


@pytest.mark.parametrize("victim", ["catalog.sqlite", "manifest.json", "engine", "posts"])
def test_a_damaged_generation_is_not_served_and_the_old_one_goes_on(site: Site, victim: str) -> None:
    site.write({"a.md": post("Good", date="2026-01-01")})
    site.build()
    library = Library(site.index, WhooshEngine(), site.clock)
    assert library.refresh()
    site.write({"a.md": post("Damaged", date="2026-01-01")})
    report = site.build()
    target = IndexFolder(site.index).generation_path(report.generation) / victim
    file = sorted(target.iterdir())[-1] if target.is_dir() else target
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.unlink()
    file.write_bytes(content)
    assert not library.refresh()
    assert library.status.error
    with library.lease() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Good"]
    assert site.build().published, "the next build mends it"
    assert library.refresh()
    assert library.status.error == ""
    with library.lease() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Damaged"]
    library.close()


def test_a_generation_that_is_taken_away_while_it_is_served_goes_on_answering_in_every_thread(site: Site) -> None:
    site.write({f"{name}.md": post(name, date="2026-01-01") for name in "abc"})
    site.build()
    library = Library(site.index, WhooshEngine(), site.clock)
    library.refresh()
    shutil.rmtree(site.index)
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            with library.lease() as snapshot:
                assert len(titles(snapshot, ListQuery())) == 3
                assert snapshot.get_post("a") is not None
                assert snapshot.search(SearchQuery("words"), Deadline(5)).total == 3
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    library.close()
    assert failures == []
    assert sqlite3.threadsafety == 3


def test_a_pointer_that_could_not_be_read_for_a_moment_is_forgotten(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01")})
    site.build()
    library = Library(site.index, WhooshEngine(), site.clock)
    library.refresh()
    pointer = (site.index / "CURRENT").read_bytes()
    (site.index / "CURRENT").write_bytes(b"nonsense")
    library.refresh()
    assert library.status.error
    (site.index / "CURRENT").write_bytes(pointer)
    library.refresh()
    assert library.status.error == ""
    library.close()
