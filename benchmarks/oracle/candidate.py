"""Octavo's view of a site: built into a folder of its own, then asked like any reader would."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from benchmarks.measuring import stopwatch
from benchmarks.oracle.views import NOW, PostView
from search_index.clock import FixedClock
from search_index.engines.whoosh import WhooshEngine
from search_index.indexer import Indexer
from search_index.library import Library
from search_index.query import ListQuery, Page
from search_index.reading import ReadingPool, RenderCache, choose_dialect, scan
from search_index.settings import HtmlPolicy, LinkForm, SiteSettings, load_site_settings
from search_index.snapshot import Snapshot

_PAGE = 100


def candidate_settings(site: Path, *, drafts: bool) -> SiteSettings:
    """The site's own settings, with the present of the comparison and the authors' HTML as they wrote it."""
    asked = {"now": NOW, "html_policy": HtmlPolicy.TRUSTED, "links": LinkForm.UNTOUCHED, "drafts": drafts}
    return load_site_settings(site).model_copy(update=asked)


@contextmanager
def snapshot_of(site: Path, *, drafts: bool = False) -> Iterator[Snapshot]:
    """The site as it is served. Nothing is written into it."""
    settings = candidate_settings(site, drafts=drafts)
    with tempfile.TemporaryDirectory(prefix="octavo-oracle-") as folder:
        index, engine, clock = Path(folder) / "index", WhooshEngine(), FixedClock(NOW)
        with Indexer(site, index, settings, engine=engine, clock=clock) as indexer:
            indexer.build()
        library = Library(index, engine, clock)
        try:
            library.refresh()
            with library.lease() as snapshot:
                yield snapshot
        finally:
            library.close()


def view_of(site: Path, *, drafts: bool) -> list[PostView]:
    """Every public post of the site."""
    with snapshot_of(site, drafts=drafts) as snapshot:
        return _views(snapshot)


def seconds_to_read(site: Path) -> tuple[int, float]:
    """The number of documents, and the wall seconds to find and read them all: nothing cached, on every core."""
    settings = candidate_settings(site, drafts=False)
    with tempfile.TemporaryDirectory(prefix="octavo-oracle-") as folder, stopwatch() as watch:
        found = scan(site, choose_dialect(site, settings))
        with (
            RenderCache(Path(folder) / "cache.sqlite") as cache,
            ReadingPool(site, settings, cache=cache) as pool,
        ):
            posts = sum(outcome.post is not None for outcome in pool.read(found.files, now=int(NOW.timestamp())))
    return posts, watch.seconds


def _views(snapshot: Snapshot) -> list[PostView]:
    answers = [json.loads(stored.body) for key in _ids(snapshot) if (stored := snapshot.get_post(key))]
    paths = {answer["id"]: answer["source"]["path"] for answer in answers}
    return [_view(answer, paths) for answer in answers]


def _ids(snapshot: Snapshot) -> Iterator[str]:
    number = 1
    while items := snapshot.list_posts(ListQuery(page=Page(number, _PAGE))).items:
        yield from (json.loads(item)["id"] for item in items)
        number += 1


def _view(answer: Mapping[str, object], paths: Mapping[object, str]) -> PostView:
    def text(key: str) -> str | None:
        value = answer[key]
        return value if isinstance(value, str) else None

    def names(key: str) -> tuple[str, ...]:
        terms = answer[key]
        return tuple(str(term["name"]) for term in terms) if isinstance(terms, list) else ()

    def neighbour(key: str) -> str | None:
        link = answer[key]
        return paths.get(link["id"]) if isinstance(link, dict) else None

    date = text("published_at")
    return PostView(
        path=paths[answer["id"]],
        title=text("title"),
        date=datetime.fromisoformat(date) if date else None,
        slug=text("slug"),
        url=text("path"),
        categories=names("categories"),
        tags=names("tags"),
        draft=answer["status"] == "draft",
        previous=neighbour("prev"),
        next=neighbour("next"),
        excerpt=text("excerpt_html") or "",
        html=text("html") or "",
    )
