"""The index folder as its one writer sees it: build, publish, activate, prune."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from search_index.durable import remove_quietly, scratch_name, sync_folder, sync_tree, write_durably
from search_index.generation.errors import CorruptGeneration, CorruptPointer, GenerationMissing, storage
from search_index.generation.layout import (
    BUILDING_FOLDER,
    CORRUPT_PREFIX,
    CURRENT_FILE,
    GENERATIONS_FOLDER,
    HISTORY_FILE,
    MANIFEST_FILE,
    PIN_FILE,
)
from search_index.generation.lock import WriterLock
from search_index.generation.manifest import FileStamp, Manifest, describe_files, stamps_of
from search_index.generation.pointers import Past, Published, history_as_bytes

if TYPE_CHECKING:
    from search_index.generation.folder import GenerationEntry, IndexFolder

KEPT_GENERATIONS = 2
"""The newest generations that pruning leaves alone, whatever their age."""
KEPT_SECONDS = 60
"""How long a superseded generation stays, so that cursors into it remain valid."""

logger = logging.getLogger(__name__)


class BuildFolder:
    """A generation in the making: fill ``path``, then publish it. Leaving it unpublished throws it away."""

    def __init__(self, path: Path, parent: str | None, inherited: Mapping[FileStamp, str]) -> None:
        self.path = path
        self.parent = parent
        self.inherited = inherited

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove the folder; what resists is left for the next build to clear away."""
        remove_quietly(self.path)


class GenerationWriter:
    """Writes one index folder while its lock is held. Not for several threads, and for one build at a time.

    After any failure the folder is sound, and the next call may succeed: nothing has to be undone or closed. What is
    raised because the machine refused is a ``StorageFailure``.
    """

    def __init__(self, index: IndexFolder, lock: WriterLock) -> None:
        self._index = index
        self._lock = lock
        self._building = index.path / BUILDING_FOLDER
        self._generations = index.path / GENERATIONS_FOLDER
        self._prepare()
        self._clear_leftovers()

    @property
    def is_pinned(self) -> bool:
        """Whether a person chose the current generation and no explicit build has come since."""
        return self._index.is_pinned

    def begin(self, parent: str | None) -> BuildFolder:
        """An empty folder to build in; an unfinished build of this writer's is thrown away.

        ``parent`` is the generation whose files may be hard-linked into it: theirs are the digests that are taken over.
        Raises ``GenerationMissing``, ``CorruptGeneration`` for a parent that is not there or plainly damaged.
        """
        with storage(self._index.path):
            self._prepare()
            self._clear_leftovers()
            inherited = {} if parent is None else self._digests_of(parent)
            path = self._building / secrets.token_hex(8)
            path.mkdir()
        return BuildFolder(path, parent, inherited)

    def publish(
        self,
        build: BuildFolder,
        generation: str,
        inputs: Mapping[str, object],
        *,
        check: Callable[[Path], None],
    ) -> Published:
        """Make the build the current generation, under the id ``generation``, and end any pin.

        ``inputs`` (JSON values) go into its manifest. ``check`` opens the folder with the readers' code and raises
        whatever is wrong with it; the build is then not published. A generation of that id that is there and sound is
        used instead of the build; if it is even current, nothing changes. One that is damaged is set aside.
        """
        target = self._index.generation_path(generation)
        with storage(self._index.path):
            self._prepare()
        if self._is_sound(generation, check):
            build.discard()
            current = self._current()
            if current is not None and current.id == generation:
                self.unpin()
                return current
        else:
            check(build.path)
            with storage(self._index.path):
                self._seal(build, generation, inputs)
                self._set_aside(target)
                build.path.rename(target)
                sync_folder(self._generations)
        published = self._point_to(generation)
        self.unpin()
        return published

    def activate(self, generation: str) -> Published:
        """Serve an older generation and pin it there: only an explicit build publishes another.

        Raises ``GenerationMissing``, ``CorruptGeneration``.
        """
        with storage(self._index.path):
            self._prepare()
        self._index.open_checked(generation)
        return self._point_to(generation, pin=True)

    def unpin(self) -> None:
        """End the pin, if there is one; what is current stays current."""
        with storage(self._index.path):
            self._lock.confirm()
            pin = self._index.path / PIN_FILE
            if pin.exists():
                pin.unlink()
                sync_folder(self._index.path)

    def prune(self, now: int | None = None) -> tuple[str, ...]:
        """Remove the generations that nobody needs, and return their ids.

        Kept are the current one, the newest ``KEPT_GENERATIONS``, and what was superseded less than ``KEPT_SECONDS``
        before ``now`` (UTC epoch seconds; the clock's by default). A moment of superseding that is not known, or that
        is still to come because the clock was set back, counts as ``now``. Without a current generation none is removed.
        """
        now = self._now() if now is None else now
        with storage(self._index.path):
            self._prepare()
            entries = self._index.generations()
            if not any(entry.current for entry in entries):
                return ()
            gone = tuple(entry.id for entry in entries[KEPT_GENERATIONS:] if _is_over(entry, now))
            for generation in gone:
                self._remove(generation)
            self._write_history({entry.id: _past(entry, now) for entry in entries if entry.id not in gone})
        return gone

    def _now(self) -> int:
        return int(self._index.clock.now().timestamp())

    def _current(self) -> Published | None:
        """What ``CURRENT`` says; a damaged one is about to be replaced and says nothing."""
        try:
            return self._index.current()
        except CorruptPointer:
            return None

    def _prepare(self) -> None:
        """Have the folders, and the lock, even if somebody removed the index folder meanwhile."""
        self._building.mkdir(parents=True, exist_ok=True)
        self._generations.mkdir(exist_ok=True)
        self._lock.confirm()

    def _clear_leftovers(self) -> None:
        for name in (CURRENT_FILE, PIN_FILE, HISTORY_FILE):
            remove_quietly(scratch_name(self._index.path / name))
        for leftover in self._building.iterdir():
            remove_quietly(leftover)

    def _digests_of(self, generation: str) -> Mapping[FileStamp, str]:
        return stamps_of(self._index.generation_path(generation), self._index.manifest(generation))

    def _is_sound(self, generation: str, check: Callable[[Path], None]) -> bool:
        """Whether the generation is there, undamaged, and opens."""
        try:
            folder = self._index.open_checked(generation)
        except GenerationMissing:
            return False
        except CorruptGeneration as damage:
            logger.warning("%s", damage)
            return False
        try:
            check(folder)
        except Exception:  # whatever an engine may raise; the build that takes its place must pass the same check
            logger.warning("generation %s does not open and is replaced", generation, exc_info=True)
            return False
        return True

    def _seal(self, build: BuildFolder, generation: str, inputs: Mapping[str, object]) -> None:
        (build.path / MANIFEST_FILE).unlink(missing_ok=True)
        files, settled = describe_files(build.path, build.inherited)
        manifest = Manifest(generation, build.parent, files, inputs)
        (build.path / MANIFEST_FILE).write_bytes(manifest.as_bytes())
        sync_tree(build.path, settled)

    def _set_aside(self, generation: Path) -> None:
        """Keep a damaged generation for whoever wants to know what happened to it, in place of an earlier one."""
        if not generation.exists():
            return
        for earlier in self._generations.glob(f"{CORRUPT_PREFIX}*"):
            remove_quietly(earlier)
        generation.rename(self._generations / f"{CORRUPT_PREFIX}{generation.name}")

    def _point_to(self, generation: str, *, pin: bool = False) -> Published:
        """Replace ``CURRENT``. What is written before it is void until it names the same sequence."""
        with storage(self._index.path):
            published = Published(self._index.last_sequence() + 1, generation)
            self._write_history(self._history_with(published))
            if pin:
                write_durably(self._index.path / PIN_FILE, published.as_line())
            write_durably(self._index.path / CURRENT_FILE, published.as_line())
        return published

    def _history_with(self, published: Published) -> dict[str, Past]:
        now = self._now()
        entries = {entry.id: _past(entry, now) for entry in self._index.generations()}
        current = self._current()
        if current is not None:
            entries[current.id] = Past(current.sequence, now)
        entries[published.id] = Past(published.sequence, None)
        return entries

    def _write_history(self, history: Mapping[str, Past]) -> None:
        write_durably(self._index.path / HISTORY_FILE, history_as_bytes(history.items()))

    def _remove(self, generation: str) -> None:
        """Take it out in one step, so that no half of it is ever found under its name."""
        doomed = self._building / f"{generation}-{secrets.token_hex(4)}"
        self._index.generation_path(generation).rename(doomed)
        sync_folder(self._generations)
        remove_quietly(doomed)


def _past(entry: GenerationEntry, now: int) -> Past:
    if entry.current:
        return Past(entry.sequence, None)
    return Past(entry.sequence, now if entry.superseded_at is None else min(entry.superseded_at, now))


def _is_over(entry: GenerationEntry, now: int) -> bool:
    past = _past(entry, now)
    return past.superseded_at is not None and now - past.superseded_at >= KEPT_SECONDS
