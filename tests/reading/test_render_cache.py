"""The cache of rendered bodies: losing it costs time, nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from search_index.model import Rendered
from search_index.reading.extraction import extract
from search_index.reading.render_cache import RenderCache

BODY = extract('<h1 id="a">A</h1>\n<p>x <a href="y">z</a></p>\n<!--more-->\n<pre><code>q\n</code></pre>')


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def test_what_was_stored_is_found_by_every_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "cache.sqlite"
    with RenderCache(path) as cache, RenderCache(path) as other:
        cache.put(key(1), BODY)
        assert other.get(key(1)) == BODY
        assert other.get(key(2)) is None
    with RenderCache(path) as cache:
        assert cache.get(key(1)) == BODY


def test_the_oldest_goes_when_there_is_too_much(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    with RenderCache(path) as cache:
        for number in range(20):
            cache.put(key(number), BODY)
    with closing(sqlite3.connect(path)) as file:
        (size,) = file.execute("SELECT size FROM rendered LIMIT 1").fetchone()
    with RenderCache(path, largest=size * 5):
        pass
    with RenderCache(path) as cache:
        assert [number for number in range(20) if cache.get(key(number))] == [15, 16, 17, 18, 19]


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(content)
    with RenderCache(path) as cache:
        cache.put(key(1), BODY)
        assert cache.get(key(1)) == BODY


def test_damage_found_while_working_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    with RenderCache(path) as cache:
        for number in range(200):
            cache.put(key(number), BODY)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with RenderCache(path) as cache:
        for number in range(200):
            assert cache.get(key(number)) in (None, BODY)
        cache.put(key(1), BODY)
        cache.put(key(1), BODY)
        assert cache.get(key(1)) == BODY


def test_a_row_that_is_no_rendering_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    with RenderCache(path) as cache:
        cache.put(key(1), BODY)
        with closing(sqlite3.connect(path)) as file:
            file.execute("UPDATE rendered SET body = x'00ff'")
            file.commit()
        assert cache.get(key(1)) is None
        with closing(sqlite3.connect(path)) as file:
            assert file.execute("SELECT count(*) FROM rendered").fetchone() == (0,)


def test_another_shape_of_the_table_starts_anew(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE rendered (other TEXT)")
        file.execute("PRAGMA user_version = 99")
        file.commit()
    with RenderCache(path) as cache:
        cache.put(key(1), BODY)
        assert cache.get(key(1)) == BODY


def test_a_place_that_cannot_be_written_is_no_cache_and_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "file" / "cache.sqlite", tmp_path):
        with RenderCache(path) as cache:
            cache.put(key(1), BODY)
            assert cache.get(key(1)) is None


def test_a_closed_cache_answers_nothing(tmp_path: Path) -> None:
    cache = RenderCache(tmp_path / "cache.sqlite")
    cache.close()
    cache.put(key(1), BODY)
    assert cache.get(key(1)) is None
    assert isinstance(BODY, Rendered)
