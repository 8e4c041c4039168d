"""Changing which generation is served: ``CURRENT``, ``PIN`` and ``HISTORY``, changed together under one short lock.

A writer changes them when it publishes; a person may at any time, while a writer is at work.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from search_index.durable import sync_folder, write_durably
from search_index.generation.errors import CorruptPointer, storage
from search_index.generation.layout import CURRENT_FILE, HISTORY_FILE, PIN_FILE, SWITCH_FILE
from search_index.generation.pointers import Past, Published, history_as_bytes

if TYPE_CHECKING:
    from search_index.generation.folder import GenerationEntry, IndexFolder


class Switch:
    """The pointers of one index folder, held still. Made by ``switching``."""

    def __init__(self, index: IndexFolder) -> None:
        self._index = index

    def current(self) -> Published | None:
        """What ``CURRENT`` says; a damaged one is about to be replaced and says nothing."""
        try:
            return self._index.current()
        except CorruptPointer:
            return None

    def point_to(self, generation: str, *, pin: bool = False) -> Published:
        """Replace ``CURRENT``. What is written before it is void until it names the same sequence."""
        published = Published(self._index.last_sequence() + 1, generation)
        self.write_history(self._history_with(published))
        if pin:
            write_durably(self._index.path / PIN_FILE, published.as_line())
        write_durably(self._index.path / CURRENT_FILE, published.as_line())
        return published

    def unpin(self) -> None:
        """End the pin, if there is one; what is current stays current."""
        pin = self._index.path / PIN_FILE
        if pin.exists():
            pin.unlink()
            sync_folder(self._index.path)

    def write_history(self, history: Mapping[str, Past]) -> None:
        write_durably(self._index.path / HISTORY_FILE, history_as_bytes(history.items()))

    def _history_with(self, published: Published) -> dict[str, Past]:
        now = int(self._index.clock.now().timestamp())
        entries = {entry.id: past_of(entry, now) for entry in self._index.generations()}
        current = self.current()
        if current is not None:
            entries[current.id] = Past(current.sequence, now)
        entries[published.id] = Past(published.sequence, None)
        return entries


@contextmanager
def switching(index: IndexFolder) -> Iterator[Switch]:
    """Wait for whoever changes the pointers at this moment, then hold them still. Not to be nested."""
    with storage(index.path):
        descriptor = os.open(index.path / SWITCH_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Switch(index)
        finally:
            os.close(descriptor)


def past_of(entry: GenerationEntry, now: int) -> Past:
    """The entry's line in ``HISTORY``; a moment of superseding that is not known or still to come counts as ``now``."""
    if entry.current:
        return Past(entry.sequence, None)
    return Past(entry.sequence, now if entry.superseded_at is None else min(entry.superseded_at, now))
