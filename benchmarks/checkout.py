"""A checkout of thousands of files under a live server: when it is served, and what readers notice of it.

    python -m benchmarks.checkout [--files 3000] [--words 60] [--workers 2]

A git repository has two branches that differ in every post. ``octavo serve`` runs on it with a client asking all the
time; ``git checkout`` changes between them. Told are the seconds from git's end to the generation's publication (the
writer's work) and from there until every worker serves it, and the requests that failed. Beside it, in the same run, what
building the folder from nothing takes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.building import wait_for
from benchmarks.corpus import write_corpus
from benchmarks.measuring import print_machine, print_table
from search_index.clock import SystemClock
from search_index.engines.whoosh import WhooshEngine
from search_index.generation import IndexFolder
from search_index.indexer import Indexer
from search_index.settings import SiteSettings

CHECKOUTS = 4
SETTLED_SECONDS = 3.0
"""So long every answer has to come from the new generation."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=3_000)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        measure(Path(folder), wanted.files, wanted.words, wanted.workers)


def measure(folder: Path, files: int, words: int, workers: int) -> None:
    content, index = folder / "content", folder / "index"
    write_corpus(content, files, words=words)
    two_branches(content)
    print_machine()
    print(f"{files} posts of about {words} words, {workers} workers\n")
    with Indexer(content, folder / "nothing", SiteSettings(), engine=WhooshEngine(), clock=SystemClock()) as indexer:
        full = indexer.build().seconds
    port = int(os.environ.get("OCTAVO_BENCH_PORT", "8765"))
    where = ["--port", str(port), "--index-dir", str(index), "--workers", str(workers)]
    command = [sys.executable, "-m", "api.cli", "serve", str(content), *where]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = Client(f"http://127.0.0.1:{port}/v1")
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        client.start()
        threading.Event().wait(SETTLED_SECONDS)
        times = [one_checkout(content, index, client, ("other", "main")[turn % 2]) for turn in range(CHECKOUTS)]
    finally:
        client.stop()
        server.terminate()
        server.wait(30)
    published, served = (sorted(values)[CHECKOUTS // 2] for values in zip(*times, strict=True))
    rows = [
        ["building the folder from nothing", f"{full:.2f} s"],
        ["git's end to published", f"{published:.2f} s"],
        ["ratio (checkout / from nothing)", f"{published / full:.2f}"],
        ["published to served by every worker", f"{served:.2f} s"],
        ["requests meanwhile", str(len(client.answers))],
        ["of which failed", str(len(client.failures))],
    ]
    print_table(["", f"median of {CHECKOUTS}"], rows)
    for failure in client.failures[:10]:
        print(failure)


def two_branches(content: Path) -> None:
    """``main`` as it is, and ``other``, where each post has one more paragraph."""
    git(content, "init", "-q", "-b", "main")
    git(content, "add", ".")
    git(content, *_AUTHOR, "commit", "-q", "-m", "one")
    git(content, "checkout", "-q", "-b", "other")
    for path in content.rglob("*.md"):
        path.write_text(path.read_text(encoding="utf-8") + "\nThe other branch.\n", encoding="utf-8")
    git(content, *_AUTHOR, "commit", "-q", "-a", "-m", "two")
    git(content, "checkout", "-q", "main")


_AUTHOR = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "gc.auto=0")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


@dataclass(slots=True)
class Client:
    """Asks for the site's document again and again; notes when each answer came, and of which generation it was."""

    url: str
    answers: list[tuple[float, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread:
            self._thread.join()

    def _ask(self) -> None:
        while not self._ending.wait(0.002):
            try:
                with urllib.request.urlopen(self.url, timeout=10) as answer:
                    generation = json.load(answer)["generation"]
            except (OSError, ValueError, KeyError) as error:
                self.failures.append(f"{type(error).__name__}: {error}")
            else:
                self.answers.append((time.monotonic(), generation))


def one_checkout(content: Path, index: Path, client: Client, branch: str) -> tuple[float, float]:
    """Seconds from git's end to the last publication, and from there to the last answer from an older generation."""
    before, served_before = published_id(index), client.answers[-1][1]
    git(content, "checkout", "-q", branch)
    ended = time.monotonic()
    published_at, published = ended, before
    while published == before or time.monotonic() - published_at < SETTLED_SECONDS:
        now = published_id(index)
        if now != published:
            published, published_at = now, time.monotonic()
        time.sleep(0.005)
    served = client.answers[-1][1]
    older = [at for at, generation in client.answers if generation != served and at > published_at]
    if served == served_before:
        raise SystemExit(f"not served within {SETTLED_SECONDS} s of its publication")
    return published_at - ended, max(older, default=published_at) - published_at


def published_id(index: Path) -> str:
    current = IndexFolder(index).current()
    return current.id if current else ""


if __name__ == "__main__":
    main()
