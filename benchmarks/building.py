"""Building: Octavo's whole way from files to a published generation, against the same posts added to plain Whoosh.

    python -m benchmarks.building [--posts 10000] [--words 600]

Plain Whoosh is given the finished plain text (no reading, no Markdown): ``add_document`` with a ``StemmingAnalyzer`` on title
and body, one process, ``limitmb=128``. Octavo reads files, renders and sanitises Markdown, analyses six fields, writes the
JSON of every post, and publishes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import closing
from pathlib import Path

from whoosh.analysis import StemmingAnalyzer  # type: ignore[attr-defined]  # it is exported without being named
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in

from benchmarks.corpus import write_corpus
from benchmarks.measuring import median_seconds, print_machine, print_table, stopwatch
from search_index.catalog import Catalog
from search_index.clock import SystemClock
from search_index.engines.whoosh import WhooshEngine
from search_index.generation import IndexFolder
from search_index.indexer import BuildReport, Indexer
from search_index.library import Library
from search_index.query import ListQuery, Page
from search_index.settings import SiteSettings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=600)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        measure(Path(folder), wanted.posts, wanted.words)


def measure(folder: Path, posts: int, words: int) -> None:
    content, index = folder / "content", folder / "index"
    write_corpus(content, posts, words=words)
    print_machine()
    print(f"{posts} posts of about {words} words\n")
    with Indexer(content, index, SiteSettings(), engine=WhooshEngine(), clock=SystemClock()) as indexer:
        full = indexer.build()
        edits = [edit_and_build(indexer, content, number) for number in range(5)]
        unchanged = median_seconds(indexer.build, 5)
    plain = plain_whoosh(folder / "plain", index)
    rebuilt = rebuild_with_cache(content, folder / "index", posts)
    opening = median_seconds(lambda: open_once(index), 7)
    rows = [
        ["full build", f"{full.seconds:.1f} s", f"{posts / full.seconds:.0f} posts/s"],
        ["plain Whoosh, StemmingAnalyzer, ready text", f"{plain:.1f} s", f"{posts / plain:.0f} posts/s"],
        ["ratio (Octavo / plain Whoosh)", f"{full.seconds / plain:.2f}", ""],
        ["full build, bodies rendered before", f"{rebuilt.seconds:.1f} s", f"{posts / rebuilt.seconds:.0f} posts/s"],
        ["one edit, scan to published", f"{sorted(edits)[2] * 1000:.0f} ms", "1 file read"],
        ["nothing changed", f"{unchanged * 1000:.0f} ms", "0 files read"],
        ["open a generation and answer a list", f"{opening * 1000:.0f} ms", ""],
    ]
    print_table(["", "time", ""], rows)
    print()
    served(content, folder / "index")


def edit_and_build(indexer: Indexer, content: Path, number: int) -> float:
    path = sorted(content.glob("*/*.md"))[number]
    path.write_text(path.read_text(encoding="utf-8") + f"\nAn edit, number {number}.\n", encoding="utf-8")
    report = indexer.build()
    if report.read != 1:
        raise SystemExit(f"an edit of one file read {report.read} files")
    return report.seconds


def plain_whoosh(folder: Path, index: Path) -> float:
    """Seconds to add the same titles and texts to Whoosh as it comes."""
    folder.mkdir()
    with closing(Catalog(published_folder(index))) as catalog:
        texts = []
        for post_id, found in catalog.find_all(catalog.public_ids(2**40), 2**40).items():
            _, text, highlighting = catalog.store.hit_parts(found.address)
            texts.append((post_id, json.loads(highlighting)["title"], text))
    analyzer = StemmingAnalyzer()
    schema = Schema(id=ID(stored=True, unique=True), title=TEXT(analyzer=analyzer), body=TEXT(analyzer=analyzer))
    with stopwatch() as watch:
        writer = create_in(str(folder), schema).writer(limitmb=128)
        for post_id, title, text in texts:
            writer.add_document(id=post_id, title=title, body=text)
        writer.commit()
    return watch.seconds


def rebuild_with_cache(content: Path, index: Path, posts: int) -> BuildReport:
    """A full build after a setting changed that shapes no HTML: bodies come from the render cache."""
    settings = SiteSettings(title="Another title")
    with Indexer(content, index, settings, engine=WhooshEngine(), clock=SystemClock()) as indexer:
        report = indexer.build()
    if report.read != posts:
        raise SystemExit(f"{report.read} files were read, not {posts}")
    return report


def published_folder(index: Path) -> Path:
    folder = IndexFolder(index)
    current = folder.current()
    if current is None:
        raise SystemExit("nothing was published")
    return folder.generation_path(current.id)


def open_once(index: Path) -> None:
    library = Library(index, WhooshEngine(), SystemClock())
    library.refresh()
    with library.lease() as snapshot:
        snapshot.list_posts(ListQuery(page=Page(1, 20)))
    library.close()


def served(content: Path, index: Path) -> None:
    """``octavo serve`` with a generation present: seconds to ready, memory, and from an edit to its being visible."""
    port = int(os.environ.get("OCTAVO_BENCH_PORT", "8765"))
    command = [sys.executable, "-m", "api.cli", "serve", str(content), "--port", str(port), "--index-dir", str(index)]
    started = time.perf_counter()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        ready = time.perf_counter() - started
        path = sorted(content.glob("*/*.md"))[-1]
        slug = re.sub(r"^\d{4}-\d{2}-\d{2}-", "", path.stem)
        visible = []
        wait_for(f"http://127.0.0.1:{port}/v1/posts/{slug}")
        threading.Event().wait(15)
        for number in range(5):
            word = f"visibleedit{number}"
            path.write_text(path.read_text(encoding="utf-8") + f"\n{word}\n", encoding="utf-8")
            edited = time.perf_counter()
            wait_for(f"http://127.0.0.1:{port}/v1/posts/{slug}", word)
            visible.append(time.perf_counter() - edited)
        memory = resident_megabytes(server.pid)
        print_table(
            ["serving", ""],
            [
                ["start to ready, generation present", f"{ready:.2f} s"],
                ["edit to visible over HTTP (median of 5)", f"{sorted(visible)[2]:.2f} s"],
                ["memory of the worker (resident)", f"{memory:.0f} MB"],
            ],
        )
    finally:
        server.terminate()
        server.wait(30)


def wait_for(url: str, word: str = "", seconds: float = 120) -> None:
    """Until the URL answers 200, with ``word`` in its body."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if word in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.01)
    raise SystemExit(f"{url} did not answer as hoped within {seconds} s")


def resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    main()
