"""What is told to those who listen, each time this worker serves another public version, and who listens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.addresses import path_address
from api.problems import ProblemError
from api.schemas.changes import ChangedDocument, GenerationEvent
from api.schemas.problems import ErrorCode
from search_index.library import Library, NotReady
from search_index.snapshot import Snapshot

MOST_WAITING = 16
"""Events that wait for a slow client; when there are more, one takes their place that says to fetch everything anew."""
MOST_TOLD = 1000
"""Documents of one event; where more changed at once, it is better to fetch everything anew."""

_RETRY_AFTER = 5


@dataclass(frozen=True, slots=True)
class Announcement:
    """An event as it is sent: that the public version is ``version`` now."""

    version: str
    text: bytes


class EventStream:
    """What one client has still to hear."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Announcement] = asyncio.Queue(MOST_WAITING)

    def put(self, announcement: Announcement) -> None:
        """Never waits; where the client is too far behind, what it has not heard is forgotten."""
        if self._waiting.full():
            while not self._waiting.empty():
                self._waiting.get_nowait()
            announcement = everything(announcement.version)
        self._waiting.put_nowait(announcement)

    async def next(self) -> Announcement:
        return await self._waiting.get()


class EventStreams:
    """The streams of one worker. Used from the event loop alone; holds no snapshot while it waits."""

    def __init__(self, library: Library, most: int) -> None:
        self._library = library
        self._most = most
        self._streams: set[EventStream] = set()
        self._version = ""

    @contextmanager
    def open(self) -> Iterator[EventStream]:
        """A stream that hears of every new version from now on. Raises ``ProblemError`` where there are too many."""
        if len(self._streams) >= self._most:
            raise ProblemError(
                ErrorCode.EVENTS_BUSY, "too many clients listen; ask /v1/changes instead", retry_after=_RETRY_AFTER
            )
        stream = EventStream()
        self._streams.add(stream)
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    async def look(self) -> None:
        """Tell every stream, if the public version is another than at the last look."""
        announcement = await asyncio.to_thread(self._news)
        if announcement is not None:
            for stream in self._streams:
                stream.put(announcement)

    def _news(self) -> Announcement | None:
        try:
            with self._library.lease() as snapshot:
                before, self._version = self._version, snapshot.version
                return announcement_since(snapshot, before) if before not in ("", self._version) else None
        except NotReady:
            return None


def announcement_since(snapshot: Snapshot, point: str | int) -> Announcement:
    """What changed since a version or an instant; that everything may have, where that is not known or too much."""
    found = snapshot.changes_since(point)
    if found is None or found.everything or len(found.documents) > MOST_TOLD:
        return everything(snapshot.version)
    event = GenerationEvent(
        generation=snapshot.version,
        complete=True,
        tags=[path_address(tag) for tag in found.tags],
        changes=[ChangedDocument(id=row.id, kind=row.kind, change=row.change) for row in found.documents],
    )
    return _announcement(event)


def everything(version: str) -> Announcement:
    return _announcement(GenerationEvent(generation=version, complete=False, tags=[], changes=[]))


def _announcement(event: GenerationEvent) -> Announcement:
    text = f"event: generation\nid: {event.generation}\ndata: {event.model_dump_json()}\n\n"
    return Announcement(event.generation, text.encode())
