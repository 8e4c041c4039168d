"""A build killed at every step, and readers that go on while builds are published."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from search_index.engines.port import Deadline
from search_index.engines.whoosh import WhooshEngine
from search_index.library import Library
from search_index.query import ListQuery, SearchQuery
from tests.crashing import ROOT, kill_everywhere
from tests.sites import Site, post, titles


@pytest.mark.slow
def test_an_indexer_killed_at_any_step_leaves_a_site_that_answers_and_can_be_built(tmp_path: Path) -> None:
    report = kill_everywhere("tests.indexing.scenarios:Withdrawal", tmp_path)
    assert report.violations == ()
    assert report.points >= 40
    assert report.kills == 2 * report.points


def assert_consistent(library: Library, seen: list[int]) -> None:
    """One response: the list, each of its posts and the search belong together, and time does not go back."""
    library.refresh()
    with library.lease() as snapshot:
        listed = titles(snapshot, ListQuery())
        number = int(listed[0].removeprefix("Edition "))
        assert listed == [f"Edition {number}"] * 3
        assert snapshot.search(SearchQuery(f"edition{number}"), Deadline(5)).total == 3
        assert all(snapshot.get_post(key) is not None for key in "abc")
    assert not seen or seen[-1] <= number
    seen.append(number)


READER = """
import sys
from pathlib import Path
from search_index.engines.whoosh import WhooshEngine
from search_index.library import Library
from tests.indexing.test_crashes import assert_consistent
from tests.sites import MovableClock
library = Library(Path(sys.argv[1]), WhooshEngine(), MovableClock())
seen = []
print("ready", flush=True)
while not seen or seen[-1] < int(sys.argv[2]):
    assert_consistent(library, seen)
library.close()
print(len(seen))
"""


@pytest.mark.slow
def test_threads_and_processes_that_read_while_a_writer_publishes_see_whole_generations_in_order(site: Site) -> None:
    editions = 12

    def edition(number: int) -> None:
        text = post(f"Edition {number}", date="2026-01-01", body=f"The words of edition{number}.")
        site.write({f"{name}.md": text for name in "abc"})

    edition(0)
    library = Library(site.index, WhooshEngine(), site.clock)
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        seen: list[int] = []
        try:
            while not done.is_set():
                assert_consistent(library, seen)
        except BaseException as failure:
            failures.append(failure)

    with site.indexer() as indexer:
        indexer.build()
        command = [sys.executable, "-c", READER, str(site.index), str(editions)]
        reader = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        for number in range(1, editions + 1):
            edition(number)
            assert indexer.build().published
    output, _ = reader.communicate(timeout=60)
    done.set()
    for thread in threads:
        thread.join(60)
    library.close()
    assert failures == []
    assert reader.returncode == 0
    assert int(output) >= 2


def test_opening_following_and_closing_leaves_no_descriptor_open(site: Site) -> None:
    def round_trip(number: int) -> int:
        site.write({"a.md": post(f"Round {number}", date="2026-01-01")})
        site.build()
        library = Library(site.index, WhooshEngine(), site.clock)
        library.refresh()
        with library.lease() as snapshot:
            snapshot.search(SearchQuery("words"), Deadline(5))
            site.write({"a.md": post(f"Round {number}, again", date="2026-01-01")})
            site.build()
            assert library.refresh()
        library.close()
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    first = round_trip(0)
    assert [round_trip(number) for number in range(1, 4)] == [first] * 3
