"""The engine's front: builds, opens and throws away an index in a generation's folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager

from search_index.analysis import analyser_fingerprint
from search_index.engines.port import EngineSpace, EngineUnavailable
from search_index.engines.whoosh.border import whoosh_release
from search_index.engines.whoosh.building import Batch
from search_index.engines.whoosh.live_index import CACHE_BYTES, LiveIndex
from search_index.engines.whoosh.searching import WhooshSearcher
from search_index.engines.whoosh.segments import unavailable_if_damaged

LAYOUT_VERSION = 1
"""Rises with every change of what stands in the files."""


class WhooshEngine:
    """The embedded engine (``SearchEngine``). ``cache_bytes`` bounds the posting lists that a searcher keeps decoded."""

    def __init__(self, cache_bytes: int = CACHE_BYTES) -> None:
        self._cache_bytes = cache_bytes

    @property
    def fingerprint(self) -> str:
        return f"whoosh {whoosh_release()}; layout {LAYOUT_VERSION}; {analyser_fingerprint()}"

    @contextmanager
    def build(self, space: EngineSpace, base: EngineSpace | None) -> Iterator[Batch]:
        """Raises ``EngineUnavailable`` if the base cannot be read or the folder is not empty."""
        space.folder.mkdir(parents=True, exist_ok=True)
        if any(space.folder.iterdir()):
            raise EngineUnavailable(f"{space.folder} is not empty: an index is built in an empty folder")
        try:
            with unavailable_if_damaged(base.folder if base else space.folder):
                batch = Batch(space.folder, base.folder if base else None)
            with closing(batch):
                yield batch
                batch.commit()
        except BaseException:
            shutil.rmtree(space.folder)
            raise

    def open(self, space: EngineSpace) -> WhooshSearcher:
        """Raises ``EngineUnavailable`` if there is no index, or one that cannot be read."""
        with unavailable_if_damaged(space.folder):
            return WhooshSearcher(LiveIndex(space.folder, self._cache_bytes))

    def discard(self, space: EngineSpace) -> None:
        """Remove the index; one that is not there is no error."""
        shutil.rmtree(space.folder, ignore_errors=True)
