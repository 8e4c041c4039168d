"""``octavo index`` as a process: following a folder, giving way, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import (
    PATIENCE,
    ServedFactory,
    descendants,
    end_all,
    octavo_environment,
    run_octavo,
    wait_until,
    write_post,
)

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(content: Path, index_dir: Path) -> Iterator[Start]:
    """Starts ``octavo`` with a command and the test's folders; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(
        command: str, *options: str, stdout: int | None = None, stderr: int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "api.cli", command, str(content), "--index-dir", str(index_dir), *options],
            encoding="utf-8",
            env=octavo_environment(),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        end_all(process)


def next_line(process: subprocess.Popen[str]) -> str:
    """What it says next, beside how far it is."""
    assert process.stderr is not None
    while " files  " in (line := process.stderr.readline()):
        continue
    return line


def test_index_watch_follows_the_folder_until_a_signal(start: Start, content: Path, index_dir: Path) -> None:
    write_post(content, "one.md", "One")
    indexer = start("index", "--watch")
    assert next_line(indexer).startswith("octavo: 1 post in generation ")
    write_post(content, "two.md", "Two")
    assert next_line(indexer).startswith("octavo: 2 posts in generation ")
    (content / "octavo.toml").write_text("timezon = 'Europe/Paris'\n", encoding="utf-8")
    assert "unknown key 'timezon'" in next_line(indexer)
    indexer.send_signal(signal.SIGTERM)
    assert indexer.wait(PATIENCE) == 0
    again = start("index", "--watch")
    assert "unknown key 'timezon'" in next_line(again)
    assert again.wait(PATIENCE) == 2


def test_index_watch_may_shrink_at_the_start_where_that_is_meant(start: Start, content: Path) -> None:
    posts = [write_post(content, f"{number}.md", f"Post {number}") for number in range(12)]
    first = start("index")
    assert first.wait(PATIENCE) == 0
    for post in posts[1:]:
        post.unlink()
    refused = start("index", "--watch")
    assert "--allow-shrink" in next_line(refused)
    refused.send_signal(signal.SIGINT)
    assert refused.wait(PATIENCE) == 0
    allowed = start("index", "--watch", "--allow-shrink")
    assert next_line(allowed).startswith("octavo: 1 post in generation ")


def test_a_second_writer_is_refused_with_75(start: Start, content: Path, index_dir: Path) -> None:
    write_post(content, "one.md", "One")
    first = start("index", "--watch")
    next_line(first)
    second = run_octavo("index", content, "--index-dir", index_dir)
    assert second.returncode == 75
    assert f"(pid {first.pid})" in second.stderr
    assert len(second.stderr.splitlines()) == 1


def test_a_server_that_builds_once_gives_way_to_a_writer(start: Start, serve: ServedFactory, content: Path) -> None:
    write_post(content, "one.md", "One")
    first = start("index", "--watch")
    next_line(first)
    served = serve("--no-watch")
    served.until_serving("One")
    served.until_said(f"octavo: another process (pid {first.pid}) writes the index; serving what it publishes\n")


def test_interrupting_a_build_ends_with_130(start: Start, content: Path) -> None:
    for number in range(2_000):
        write_post(content, f"{number}.md", f"Post {number}")
    indexer = start("index")
    wait_until("files are being read", lambda: descendants(indexer.pid))
    indexer.send_signal(signal.SIGINT)
    assert indexer.stderr is not None
    said = indexer.stderr.read()
    assert indexer.wait(PATIENCE) == 130, said
    assert said.endswith("octavo: interrupted\n")
    assert "Traceback" not in said


def test_a_build_that_fails_keeps_a_server_that_builds_once_from_starting(content: Path, index_dir: Path) -> None:
    write_post(content, "one.md", "One")
    index_dir.mkdir()
    (index_dir / "generations").write_text("a file where a folder should be", encoding="utf-8")
    refused = run_octavo("serve", content, "--port", "0", "--no-watch", "--index-dir", index_dir)
    assert refused.returncode == 74
    assert refused.stderr.startswith("octavo: ")
    assert "Traceback" not in refused.stderr


def test_serving_goes_on_when_nobody_reads_what_is_said(start: Start, content: Path) -> None:
    write_post(content, "one.md", "One")
    reading, writing = os.pipe()
    served = start("serve", "--port", "0", stderr=writing, stdout=writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as said:
        url = next(line for line in said if "try: curl" in line).split()[-1]
    address = url.removesuffix("/v1/posts")
    for number in range(20):
        write_post(content, f"more-{number}.md", f"More {number}")
        wait_until(
            "the new post is served",
            lambda number=number: _status(f"{address}/v1/posts/more-{number}") == 200,  # type: ignore[misc]  # bound early
        )
    assert served.poll() is None


def test_an_output_that_nobody_reads_is_no_traceback(content: Path) -> None:
    for number in range(3):
        (content / f"{number}.md").write_text("---\ntitle: [unclosed\n---\n", encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    checked = subprocess.run(
        [sys.executable, "-P", "-m", "api.cli", "check", str(content)],
        stdout=writing,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=octavo_environment(),
        check=False,
    )
    os.close(writing)
    assert checked.returncode == 1
    assert "Traceback" not in checked.stderr


def test_what_nobody_foresaw_is_a_traceback_and_70(content: Path) -> None:
    write_post(content, "one.md", "One")
    broken = "import api.cli\napi.cli.site_settings = lambda folder: 1 / 0\napi.cli.main()"
    failed = subprocess.run(
        [sys.executable, "-c", broken, "check", str(content)],
        capture_output=True,
        encoding="utf-8",
        env=octavo_environment(),
        check=False,
    )
    assert failed.returncode == 70
    assert "ZeroDivisionError" in failed.stderr


def test_the_command_line_itself_ends_with_2_and_help_with_0() -> None:
    refused = run_octavo("serve", "--prot", "8000")
    assert refused.returncode == 2
    assert "No such option '--prot'" in refused.stderr.replace(":", "")
    assert "--port" in refused.stderr
    assert run_octavo("--help").returncode == 0


def _status(url: str) -> int | None:
    from urllib.error import URLError
    from urllib.request import urlopen

    try:
        with urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except URLError:
        return None
