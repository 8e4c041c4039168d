"""The reading processes: they read everything, die of nothing, and outlive nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from search_index.reading import FoundFile, ReadingPool, ReadingProcessError, RenderCache, scan
from search_index.reading.dialects.plain import PlainDialect
from search_index.reading.frames import FrameBuffer
from search_index.reading.outcome import ReadOutcome
from search_index.settings import SiteSettings
from tests.reading.shown import codes, summary, whole

Put = Callable[..., Path]
SLOW = "[" * 16_000


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Callable[..., ReadingPool]]:
    opened: list[ReadingPool] = []

    def start(processes: int | None = 1, cache: RenderCache | None = None, **settings: Any) -> ReadingPool:
        opened.append(ReadingPool(tmp_path / "site", SiteSettings(**settings), processes, cache))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def outcomes(pool: ReadingPool, root: Path) -> dict[str, ReadOutcome]:
    return {outcome.path: outcome for outcome in pool.read(scan(root, PlainDialect()).files)}


def processes(pool: ReadingPool) -> list[int]:
    return [process.popen.pid for process in pool._processes]


def wait_until(met: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not met():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_every_file_is_read_once_by_as_many_processes_as_are_worth_it(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]
) -> None:
    for number in range(40):
        put(f"2020-01-02-post-{number}.md", f"---\ntitle: Post {number}\n---\n*text* {number}\n")
    put("2020-01-02-bad.md", "---\ntitle: [\n---\n")
    reading = pool(2)
    found = outcomes(reading, tmp_path / "site")
    assert len(found) == 41
    assert summary(found["2020-01-02-post-7.md"])["title"] == "Post 7"
    assert codes(found["2020-01-02-bad.md"]) == ["front_matter_invalid"]
    assert len(processes(reading)) == 2


def test_few_files_start_one_process_which_stays_warm(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]
) -> None:
    put("2020-01-02-a.md", "one")
    reading = pool(4)
    assert processes(reading) == []
    outcomes(reading, tmp_path / "site")
    first = processes(reading)
    put("2020-01-02-a.md", "two")
    assert whole(outcomes(reading, tmp_path / "site")["2020-01-02-a.md"])["html"] == "<p>two</p>"
    assert processes(reading) == first
    assert len(first) == 1


def test_nothing_to_read_starts_nothing(pool: Callable[..., ReadingPool]) -> None:
    reading = pool()
    assert list(reading.read(())) == []
    assert processes(reading) == []


def test_settings_reach_the_processes_and_their_environment_does_not(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("2020-01-02-a.md", "<script>x</script>")
    reading = pool(timezone="Asia/Seoul", html_policy="trusted")
    monkeypatch.setenv("OCTAVO_TIMEZONE", "Europe/Paris")
    monkeypatch.setenv("OCTAVO_HTML_POLICY", "safe")
    shown = whole(outcomes(reading, tmp_path / "site")["2020-01-02-a.md"])
    assert shown["published_at"] == "2020-01-02T00:00:00+09:00"
    assert shown["html"] == "<script>x</script>"


def test_code_beside_the_posts_is_never_run(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("2020-01-02-a.md", "x")
    put("yaml.py", f"open({str(tmp_path / 'ran')!r}, 'w')")
    put("search_index.py", f"open({str(tmp_path / 'ran')!r}, 'w')")
    monkeypatch.chdir(tmp_path / "site")
    assert outcomes(pool(), tmp_path / "site")["2020-01-02-a.md"].post
    assert not (tmp_path / "ran").exists()


def test_provenance_comes_when_asked_for(put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]) -> None:
    put("2020-01-02-a.md", "x")
    files = scan(tmp_path / "site", PlainDialect()).files
    (outcome,) = pool().read(files, with_provenance=True)
    assert {row.name for row in outcome.provenance} >= {"slug", "published_at", "title"}


def test_a_slow_file_costs_its_own_time_only(put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]) -> None:
    put("2020-01-02-a.md", SLOW)
    put("2020-01-02-b.md", "fine")
    found = outcomes(pool(limits={"render_seconds": 0.2}), tmp_path / "site")
    assert codes(found["2020-01-02-a.md"]) == ["render_timeout"]
    assert found["2020-01-02-a.md"].transient
    assert whole(found["2020-01-02-b.md"])["html"] == "<p>fine</p>"


def test_a_file_that_needs_too_much_memory_is_served_as_plain_text(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]
) -> None:
    width = 1_500
    put("2020-01-02-a.md", "|" + "a|" * width + "\n|" + "-|" * width + "\n" + "|a\n" * width)
    put("2020-01-02-b.md", "fine")
    limits = {"render_seconds": 60, "render_cpu_seconds": 60, "render_memory_bytes": 64 * 1024 * 1024}
    found = outcomes(pool(limits=limits), tmp_path / "site")
    assert codes(found["2020-01-02-a.md"])[0] in ("render_memory", "render_crashed")
    assert whole(found["2020-01-02-a.md"])["html"].startswith("<p>|a|")
    assert codes(found["2020-01-02-b.md"]) == []


def test_a_file_that_burns_the_processor_is_ended_and_served_as_plain_text(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]
) -> None:
    put("2020-01-02-a.md", SLOW)
    put("2020-01-02-b.md", "fine")
    found = outcomes(pool(limits={"render_seconds": 60, "render_cpu_seconds": 1}), tmp_path / "site")
    assert codes(found["2020-01-02-a.md"]) == ["render_timeout"]
    assert "limits.render_cpu_seconds" in found["2020-01-02-a.md"].problems[0].message
    assert not found["2020-01-02-a.md"].transient
    assert codes(found["2020-01-02-b.md"]) == []


def test_a_process_that_is_killed_loses_no_file(put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]) -> None:
    for number in range(30):
        put(f"2020-01-02-post-{number}.md", "text")
    reading = pool(limits={"render_seconds": 30, "render_cpu_seconds": 60})
    found: list[ReadOutcome] = []
    for outcome in reading.read(scan(tmp_path / "site", PlainDialect()).files):
        if not found:
            os.kill(processes(reading)[0], signal.SIGKILL)
        found.append(outcome)
    assert len({outcome.path for outcome in found}) == len(found) == 30
    blamed = [outcome for outcome in found if outcome.problems]
    assert len(blamed) <= 1
    for outcome in blamed:
        assert codes(outcome) == ["render_crashed"]
        assert whole(outcome)["html"] == "<p>text</p>"


def test_a_file_that_ends_its_process_twice_is_left_out(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("2020-01-02-a.md", "a")
    put("2020-01-02-b.md", "b")
    ready_then_dead = tmp_path / "python"
    ready_then_dead.write_text("#!/bin/sh\nprintf '\\000\\000\\000\\005ready'\nhead -c 1 >&2\nexit 9\n")
    ready_then_dead.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(ready_then_dead))
    found = outcomes(pool(), tmp_path / "site")
    for outcome in found.values():
        assert codes(outcome) == ["render_crashed"]
        assert outcome.post is None
        assert not outcome.transient
    assert len(found) == 2


def test_a_file_too_large_for_the_memory_is_reported_and_the_process_goes_on(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]
) -> None:
    with put("2020-01-02-a.md").open("wb") as sparse:
        sparse.truncate(300 * 1024 * 1024)
    put("2020-01-02-b.md", "fine")
    limits = {"render_memory_bytes": 64 * 1024 * 1024, "file_bytes": 1 << 30}
    found = outcomes(pool(limits=limits), tmp_path / "site")
    assert codes(found["2020-01-02-a.md"]) == ["render_memory"]
    assert found["2020-01-02-a.md"].post is None
    assert codes(found["2020-01-02-b.md"]) == []


def test_a_file_that_holds_a_process_up_is_ended_from_outside(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("2020-01-02-a.md", SLOW)
    monkeypatch.setattr("search_index.reading.pool._READ_SECONDS", -118.0)
    (outcome,) = pool(limits={"render_seconds": 60, "render_cpu_seconds": 60}).read(
        scan(tmp_path / "site", PlainDialect()).files
    )
    assert codes(outcome) == ["render_timeout"]
    assert "2 seconds" in outcome.problems[0].message
    assert whole(outcome)["html"].startswith("<p>[[")


def test_a_file_that_went_away_is_transient(put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]) -> None:
    (outcome,) = pool().read([FoundFile("gone.md", 1, (1, 1, 1, 1))])
    assert (codes(outcome), outcome.transient, outcome.sha256) == (["file_unreadable"], True, "")


def test_an_abandoned_reading_leaves_no_answers_behind(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]
) -> None:
    for number in range(10):
        put(f"2020-01-02-post-{number}.md", "text")
    reading = pool()
    answers = reading.read(scan(tmp_path / "site", PlainDialect()).files)
    next(answers)
    answers.close()  # type: ignore[attr-defined]  # it is a generator
    assert len(outcomes(reading, tmp_path / "site")) == 10


def test_processes_end_with_the_pool(put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]) -> None:
    put("2020-01-02-a.md", "text")
    reading = pool()
    outcomes(reading, tmp_path / "site")
    (pid,) = processes(reading)
    reading.close()
    assert not is_running(pid)


def test_processes_do_not_outlive_a_parent_that_is_killed(put: Put, tmp_path: Path) -> None:
    put("2020-01-02-a.md", "text")
    program = (
        "import time; from pathlib import Path\n"
        "from search_index.reading import ReadingPool, scan; from search_index.settings import SiteSettings\n"
        "from search_index.reading.dialects.plain import PlainDialect\n"
        f"root = Path({str(tmp_path / 'site')!r})\n"
        "pool = ReadingPool(root, SiteSettings(), 1); list(pool.read(scan(root, PlainDialect()).files))\n"
        "print(pool._processes[0].popen.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=Path.cwd()) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
    wait_until(lambda: not is_running(pid))


def test_processes_that_do_not_start_say_why(
    put: Put, tmp_path: Path, pool: Callable[..., ReadingPool], monkeypatch: pytest.MonkeyPatch
) -> None:
    put("2020-01-02-a.md", "text")
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such interpreter >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(ReadingProcessError, match="no such interpreter"):
        list(pool().read(scan(tmp_path / "site", PlainDialect()).files))


def test_rendering_is_cached_between_processes(put: Put, tmp_path: Path, pool: Callable[..., ReadingPool]) -> None:
    put("2020-01-02-a.md", "*text*")
    path = tmp_path / "index" / "cache.sqlite"
    with RenderCache(path) as cache:
        first = outcomes(pool(1, cache), tmp_path / "site")
        again = outcomes(pool(1, cache), tmp_path / "site")
    assert first == again
    assert path.stat().st_size > 0


def test_descriptors_do_not_leak(put: Put, tmp_path: Path) -> None:
    put("2020-01-02-a.md", "text")

    def once() -> int:
        with ReadingPool(tmp_path / "site", SiteSettings(), 1) as reading:
            outcomes(reading, tmp_path / "site")
        return len(list(Path("/proc/self/fd").iterdir()))

    assert once() == once()


def test_frames_come_whole_however_they_are_cut() -> None:
    buffer = FrameBuffer()
    stream = b"\0\0\0\3abc\0\0\0\0\0\0\0\1x"
    taken: list[bytes] = []
    for byte in stream:
        buffer.feed(bytes([byte]))
        while (frame := buffer.take()) is not None:
            taken.append(frame)
    assert taken == [b"abc", b"", b"x"]
