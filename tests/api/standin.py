"""A library of one snapshot in memory, for what a real one does not do on demand: fail, hang, not be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from search_index.answers import PostPage, SearchResult, SiteAddress, SiteCounts, StoredPost
from search_index.engines.port import Deadline
from search_index.library import Library, LibraryStatus, NotReady
from search_index.public_files import PublicFiles, PublicFolder
from search_index.query import Include, ListQuery, SearchQuery
from search_index.snapshot import NO_HURRY, PresentVersion, Snapshot

EMPTY = SearchResult(
    hits=(),
    total=0,
    facets=(),
    interpreted="",
    ignored=(),
    has_words=True,
    relaxed=False,
    dropped=(),
    corrected="",
    did_you_mean="",
    complete=True,
    last=None,
)


class StandInSnapshot(Snapshot):
    """Empty; a test replaces what it is about, and counts what was asked."""

    def __init__(self, searching: Callable[[SearchQuery], SearchResult] = lambda _: EMPTY) -> None:
        self.searching = searching
        self.listing: Callable[[ListQuery], PostPage] = lambda _: PostPage((), 0, (), None)
        self.lists = 0

    version = "v1"
    next_change_at = None
    site_title = ""
    site_description = ""
    site_url = ""
    site_zone = ZoneInfo("UTC")
    is_settled = True
    public_files = PublicFiles((PublicFolder(),))

    def counts(self) -> SiteCounts:
        return SiteCounts(0, 0, 0, 0, 0, 0)

    def list_posts(self, query: ListQuery, deadline: Deadline = NO_HURRY) -> PostPage:
        self.lists += 1
        return self.listing(query)

    def site_map(self) -> tuple[SiteAddress, ...]:
        return ()

    def get_post(self, key: str, include: tuple[Include, ...] = (), deadline: Deadline = NO_HURRY) -> StoredPost | None:
        return None

    def file_places(self, address: str) -> tuple[str, ...]:
        return ()

    def near_posts(self, key: str, limit: int = 3) -> tuple[str, ...]:
        return ()

    def search(self, query: SearchQuery, deadline: Deadline) -> SearchResult:
        return self.searching(query)


class StandInLibrary(Library):
    """Lends the one snapshot, and knows how often it was looked at and how many leases are out."""

    def __init__(self, snapshot: Snapshot | None) -> None:
        self.snapshot = snapshot
        self.error = ""
        self.looks = 0
        self.leases = 0
        self.refreshing: Callable[[], bool] = lambda: False

    def refresh(self) -> bool:
        self.looks += 1
        return self.refreshing()

    @property
    def status(self) -> LibraryStatus:
        return LibraryStatus(1, "g1", self.error) if self.snapshot else LibraryStatus(0, "", self.error)

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        if self.snapshot is None:
            raise NotReady(self.error)
        self.leases += 1
        try:
            yield self.snapshot
        finally:
            self.leases -= 1

    def present(self) -> PresentVersion | None:
        return PresentVersion(self.snapshot.version, self.snapshot.next_change_at) if self.snapshot else None

    def close(self) -> None:
        self.snapshot = None
