"""Whole sites in a test: files in, answers out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

from search_index.engines.whoosh import WhooshEngine
from search_index.indexer import BuildReport, Indexer
from search_index.library import Library
from search_index.query import ListQuery
from search_index.settings import SiteSettings
from search_index.snapshot import Snapshot

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
"""The present of most tests."""


class MovableClock:
    """A clock that a test sets."""

    def __init__(self, instant: datetime = NOON) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


class Site:
    """A content folder, its index folder, and what is asked of them."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.content = folder / "content"
        self.index = folder / "index"
        self.content.mkdir(exist_ok=True)
        self.settings = SiteSettings(**settings)  # type: ignore[arg-type]  # tests give what they mean to give
        self.clock = MovableClock()

    def write(self, files: Mapping[str, str]) -> None:
        """Write the files, each text dedented."""
        for path, text in files.items():
            target = self.content / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    @contextmanager
    def indexer(self) -> Iterator[Indexer]:
        with Indexer(self.content, self.index, self.settings, engine=WhooshEngine(), clock=self.clock) as indexer:
            yield indexer

    def build(self, *, allow_shrink: bool = False) -> BuildReport:
        with self.indexer() as indexer:
            return indexer.build(allow_shrink=allow_shrink)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The published generation as the read side sees it."""
        library = Library(self.index, WhooshEngine(), self.clock)
        assert library.refresh(), library.status
        try:
            with library.lease() as snapshot:
                yield snapshot
        finally:
            library.close()


def post(title: str, *, body: str = "Some words.", **front_matter: object) -> str:
    """A post's text: front matter (values as JSON, which is YAML too) and body."""
    lines = [f"{key}: {json.dumps(value)}" for key, value in {"title": title, **front_matter}.items()]
    return "\n".join(["---", *lines, "---", "", body, ""])


def titles(snapshot: Snapshot, query: ListQuery) -> list[str]:
    """The titles of one page, in order."""
    return [json.loads(item)["title"] for item in snapshot.list_posts(query).items]
