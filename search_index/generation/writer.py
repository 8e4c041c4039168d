"""The index folder as its one writer sees it: build, publish, prune."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

from search_index.durable import remove_quietly, scratch_name, sync_folder, sync_tree
from search_index.generation.errors import CorruptGeneration, GenerationMissing, storage
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
from search_index.generation.pointers import Published
from search_index.generation.switch import past_of, switching

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
        over_pin: bool = True,
    ) -> Published:
        """Make the build the current generation, under the id ``generation``, and end any pin.

        Without ``over_pin``, where a generation was pinned meanwhile, that one stays current and is returned.

        ``inputs`` (JSON values) go into its manifest. ``check`` opens the folder with the readers' code and raises
        whatever is wrong with it; the build is then not published. A generation of that id that is there and sound is
        used instead of the build; if it is even current, nothing changes. One that is damaged is set aside.
        """
        target = self._index.generation_path(generation)
        with storage(self._index.path):
            self._prepare()
        is_there = self._is_sound(generation, check)
        if is_there:
            build.discard()
        else:
            check(build.path)
            with storage(self._index.path):
                self._seal(build, generation, inputs)
                self._set_aside(target)
                build.path.rename(target)
                sync_folder(self._generations)
        with switching(self._index) as switch:
            current = switch.current()
            if current is not None and not over_pin and self._index.is_pinned:
                return current
            if current is None or current.id != generation or not is_there:
                current = switch.point_to(generation)
            switch.unpin()
        return current

    def unpin(self) -> None:
        """End the pin, if there is one; what is current stays current."""
        with storage(self._index.path):
            self._lock.confirm()
        with switching(self._index) as switch:
            switch.unpin()

    def prune(self, now: int | None = None) -> tuple[str, ...]:
        """Remove the generations that nobody needs, and return their ids.

        Kept are the current one, the newest ``KEPT_GENERATIONS``, and what was superseded less than ``KEPT_SECONDS``
        before ``now`` (UTC epoch seconds; the clock's by default). A moment of superseding that is not known, or that
        is still to come because the clock was set back, counts as ``now``. Without a current generation none is removed.
        """
        now = self._now() if now is None else now
        with storage(self._index.path):
            self._prepare()
        with switching(self._index) as switch:
            entries = self._index.generations()
            if not any(entry.current for entry in entries):
                return ()
            gone = tuple(entry.id for entry in entries[KEPT_GENERATIONS:] if _is_over(entry, now))
            for generation in gone:
                self._remove(generation)
            switch.write_history({entry.id: past_of(entry, now) for entry in entries if entry.id not in gone})
        return gone

    def _now(self) -> int:
        return int(self._index.clock.now().timestamp())

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

    def _remove(self, generation: str) -> None:
        """Take it out in one step, so that no half of it is ever found under its name."""
        doomed = self._building / f"{generation}-{secrets.token_hex(4)}"
        self._index.generation_path(generation).rename(doomed)
        sync_folder(self._generations)
        remove_quietly(doomed)


def _is_over(entry: GenerationEntry, now: int) -> bool:
    past = past_of(entry, now)
    return past.superseded_at is not None and now - past.superseded_at >= KEPT_SECONDS
