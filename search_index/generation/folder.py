"""The index folder as its readers see it: which generation is current, and whether it is whole. Reading writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from search_index.clock import Clock, SystemClock
from search_index.generation.errors import CorruptPointer, GenerationMissing, storage
from search_index.generation.layout import CURRENT_FILE, GENERATIONS_FOLDER, HISTORY_FILE, MANIFEST_FILE, PIN_FILE
from search_index.generation.lock import WriterLock
from search_index.generation.manifest import (
    FileStamp,
    Manifest,
    check_files,
    files_below,
    read_manifest,
)
from search_index.generation.pointers import Past, Published, is_id, parse_history, parse_pointer
from search_index.generation.switch import switching
from search_index.generation.writer import GenerationWriter

_SETTLED_NS = 2_000_000_000
"""A file that changed less long ago may change again within the same tick of its time stamp."""


@dataclass(frozen=True, slots=True)
class GenerationEntry:
    """One generation of the folder.

    ``sequence`` is that of its last publication (0: never published), ``superseded_at`` UTC epoch seconds (None for the
    current one, and where it is not known). ``created_at`` is UTC epoch seconds, None where its manifest is gone.
    ``size`` is in bytes; generations share files, so that the sum over several is more than the disk holds.
    """

    id: str
    sequence: int
    superseded_at: int | None
    current: bool
    pinned: bool
    created_at: int | None
    size: int


class IndexFolder:
    """An index folder, which need not exist yet.

    ``clock`` is the machine's: it says how long a generation has been superseded. Safe from several threads.
    """

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self.path = path
        self.clock = clock or SystemClock()
        self._checked: Mapping[FileStamp, str] = {}

    @contextmanager
    def writer(self) -> Iterator[GenerationWriter]:
        """The only writer of this folder, which is made if need be; what a dead one left half done is cleared away.

        Raises ``WriterBusy`` at once where there is another one.
        """
        lock = WriterLock(self.path)
        try:
            with storage(self.path):
                self.path.mkdir(parents=True, exist_ok=True)
                lock.acquire()
                writer = GenerationWriter(self, lock)
            yield writer
        finally:
            lock.release()

    def activate(self, generation: str) -> Published:
        """Serve an older generation and pin it there: only an explicit build publishes another.

        Needs no writer's lock: a person does it while one is at work. Raises ``GenerationMissing``, ``CorruptGeneration``.
        """
        self.open_checked(generation)
        with switching(self) as switch:
            return switch.point_to(generation, pin=True)

    def current(self) -> Published | None:
        """What readers shall serve; None before the first publication. Raises ``CorruptPointer``."""
        content = self._read(CURRENT_FILE)
        published = parse_pointer(content) if content is not None else None
        if content is not None and published is None:
            raise CorruptPointer(self.path / CURRENT_FILE)
        return published

    @property
    def is_pinned(self) -> bool:
        """Whether a person chose the current generation; a pin that any later publication has overtaken is void."""
        pin = self._pin()
        return pin is not None and self._read(CURRENT_FILE) == pin.as_line()

    def generation_path(self, generation: str) -> Path:
        """Where that generation lies, or would lie. Raises ``GenerationMissing`` for what cannot be an id."""
        if not is_id(generation):
            raise GenerationMissing(generation)
        return self.path / GENERATIONS_FOLDER / generation

    def inputs(self, generation: str) -> Mapping[str, object]:
        """What the builder said it was made from. Raises ``GenerationMissing``, ``CorruptGeneration``."""
        return self.manifest(generation).inputs

    def manifest(self, generation: str) -> Manifest:
        """The manifest, checked against its own digest. Raises ``GenerationMissing``, ``CorruptGeneration``."""
        with storage(self.path):
            return read_manifest(self.generation_path(generation), generation)

    def open_checked(self, generation: str) -> Path:
        """The generation's folder, after every file of it was compared with the digest under which it was published.

        Nothing in it may be opened before. What this object compared before, and what has the same inode, size and time
        of change since, is not read again. Raises ``GenerationMissing``, ``CorruptGeneration``.
        """
        folder = self.generation_path(generation)
        with storage(self.path):
            settled_before = int(self.clock.now().timestamp()) * 1_000_000_000 - _SETTLED_NS
            digests = check_files(folder, read_manifest(folder, generation), self._checked)
        self._checked = {stamp: digest for stamp, digest in digests.items() if stamp.modified_ns < settled_before}
        return folder

    def generations(self) -> tuple[GenerationEntry, ...]:
        """All generations, the last published first; damaged ones too."""
        history = self.history()
        current = parse_pointer(self._read(CURRENT_FILE) or b"")
        pinned = self.is_pinned
        entries = []
        for generation in self._ids():
            is_current = current is not None and current.id == generation
            past = history.get(generation, Past(0, None))
            created_at, size = self._measure(generation)
            entries.append(
                GenerationEntry(
                    id=generation,
                    sequence=current.sequence if current and is_current else past.sequence,
                    superseded_at=None if is_current else past.superseded_at,
                    current=is_current,
                    pinned=is_current and pinned,
                    created_at=created_at,
                    size=size,
                )
            )
        return tuple(sorted(entries, key=lambda entry: (-entry.sequence, entry.id)))

    def history(self) -> dict[str, Past]:
        """The last publication of each generation by id, as far as ``HISTORY`` knows it."""
        return parse_history(self._read(HISTORY_FILE) or b"")

    def last_sequence(self) -> int:
        """The highest sequence number that was ever given out, whichever of the pointers has survived."""
        current = parse_pointer(self._read(CURRENT_FILE) or b"")
        pin = self._pin()
        given = [past.sequence for past in self.history().values()]
        given += [published.sequence for published in (current, pin) if published]
        return max(given, default=0)

    def _pin(self) -> Published | None:
        return parse_pointer(self._read(PIN_FILE) or b"")

    def _read(self, name: str) -> bytes | None:
        with storage(self.path):
            try:
                return (self.path / name).read_bytes()
            except FileNotFoundError:
                return None

    def _ids(self) -> list[str]:
        with storage(self.path):
            try:
                return [path.name for path in (self.path / GENERATIONS_FOLDER).iterdir() if is_id(path.name)]
            except FileNotFoundError:
                return []

    def _measure(self, generation: str) -> tuple[int | None, int]:
        """When it was made, and its size; a writer may be taking it away meanwhile."""
        folder = self.generation_path(generation)
        created_at, size = None, 0
        with storage(self.path):
            try:
                for path, status in files_below(folder):
                    size += status.st_size
                    if path == MANIFEST_FILE:
                        created_at = int(status.st_mtime)
            except FileNotFoundError:
                pass
        return created_at, size
