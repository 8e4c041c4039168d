"""A whole build, with the real engine and catalog, to be killed at every step."""

from __future__ import annotations

from pathlib import Path

from search_index.engines.port import Deadline
from search_index.generation import IndexFolder
from search_index.query import ListQuery, SearchQuery
from tests.sites import Site, post, titles

BEFORE = ["C", "B", "A"]
AFTER = ["C", "A"]


class Withdrawal:
    """A post is withdrawn from a site of three, and the folder is built again. No file has to be read for it."""

    def prepare(self, folder: Path) -> None:
        site = Site(folder)
        site.write({f"{name}.md": post(name.upper(), date=f"2026-01-0{day}") for day, name in enumerate("abc", 1)})
        site.build()
        (site.content / "b.md").unlink()

    def act(self, folder: Path) -> None:
        Site(folder).build()

    def verify(self, folder: Path) -> None:
        site = Site(folder)
        assert self._answers(site) in (BEFORE, AFTER)
        site.build()
        assert self._answers(site) == AFTER
        assert not list((folder / "index" / "building").iterdir())
        assert len(IndexFolder(folder / "index").generations()) <= 2

    def _answers(self, site: Site) -> list[str]:
        """What is listed; the search must find the same."""
        with site.snapshot() as snapshot:
            listed = titles(snapshot, ListQuery())
            assert snapshot.search(SearchQuery("words"), Deadline(5)).total == len(listed)
            for item in ("a", "b", "c"):
                assert (snapshot.get_post(item) is not None) == (item.upper() in listed)
        return listed
