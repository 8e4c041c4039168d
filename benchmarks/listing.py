#!/usr/bin/env python3
"""A Jekyll site whose pages list all of its posts: reading it from nothing, against ``jekyll build``, and one edit.

    python -m benchmarks.listing [--posts 3000] [--words 300]

Jekyll builds the posts without layouts and without the two pages; Octavo reads the pages too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

if not __package__:
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.corpus import write_corpus
from benchmarks.measuring import print_machine, print_table
from benchmarks.oracle.candidate import seconds_to_read
from benchmarks.oracle.generators import Generator, GeneratorFailed
from benchmarks.oracle.speed import seconds_to_build
from search_index.clock import SystemClock
from search_index.engines.whoosh import WhooshEngine
from search_index.indexer import Indexer
from search_index.settings import SiteSettings

_LINE = '<li><a href="{{ post.url }}">{{ post.title }}</a> {{ post.date | date: "%Y-%m-%d" }}</li>'
_PAGES = {
    "archive.html": f"---\ntitle: Archive\n---\n{{% for post in site.posts %}}{_LINE}{{% endfor %}}\n",
    "tags.html": (
        "---\ntitle: Tags\n---\n{% for tag in site.tags %}<h2>{{ tag[0] }}</h2>"
        f"{{% for post in tag[1] %}}{_LINE}{{% endfor %}}{{% endfor %}}\n"
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=3_000)
    parser.add_argument("--words", type=int, default=300)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        measure(Path(folder), wanted.posts, wanted.words)


def measure(folder: Path, posts: int, words: int) -> None:
    site = folder / "site"
    write_corpus(site / "_posts", posts, words=words)
    (site / "_config.yml").write_text("title: Generated\n", encoding="utf-8")
    for name, text in _PAGES.items():
        (site / name).write_text(text, encoding="utf-8")
    print_machine()
    documents, seconds = seconds_to_read(site)
    rows = [["read from nothing", f"{seconds:.1f} s", f"{documents / seconds:.0f}/s"]]
    try:
        jekyll = seconds_to_build(site, Generator.JEKYLL)
    except (GeneratorFailed, FileNotFoundError) as error:
        rows.append(["jekyll build", "not run", str(error)[:80]])
    else:
        rows.append(["jekyll build", f"{jekyll:.1f} s", f"{posts / jekyll:.0f}/s"])
        rows.append(["ratio (Octavo / Jekyll)", f"{(documents / seconds) / (posts / jekyll):.2f}", ""])
    rows += edits(site, folder / "index")
    print_table(["", "time", ""], rows)


def edits(site: Path, index: Path) -> list[list[str]]:
    """One post changed, five times: the median from the scan to the publication."""
    taken = []
    with Indexer(site, index, SiteSettings(), engine=WhooshEngine(), clock=SystemClock()) as indexer:
        indexer.build()
        for path in sorted((site / "_posts").glob("*/*.md"))[:5]:
            path.write_text(path.read_text(encoding="utf-8") + "\nAn edit.\n", encoding="utf-8")
            report = indexer.build()
            taken.append((report.seconds, report.read))
    seconds, read = sorted(taken)[2]
    return [["one edit, scan to published", f"{seconds * 1000:.0f} ms", f"{read} files read"]]


if __name__ == "__main__":
    main()
