"""Generations made of words: small, and easily seen to be whole."""

from __future__ import annotations

from pathlib import Path

from search_index.durable import link_or_copy
from search_index.generation import ENGINE_FOLDER, GenerationWriter, IndexFolder, Published, generation_id

SHARED = "first-segment.bin"


class NotWhole(Exception):
    """The parts of a generation do not belong together."""


class FillingFailed(Exception):
    """The caller's own part of a build was refused."""


def id_of(word: str) -> str:
    return generation_id({"word": word})


def fill(folder: Path, word: str, parent: Path | None) -> None:
    """Write what a build writes: a catalog, a segment, and the parent's segments by link."""
    (folder / "catalog.txt").write_text(word)
    engine = folder / ENGINE_FOLDER
    engine.mkdir()
    if parent is None:
        (engine / SHARED).write_bytes(b"unchanging " * 1_000)
    else:
        link_or_copy(parent / ENGINE_FOLDER / SHARED, engine / SHARED)
    (engine / "segment.txt").write_text(f"segment of {word}")


def whole(folder: Path) -> None:
    """The check of these generations: both parts are there and speak of the same word."""
    try:
        word = (folder / "catalog.txt").read_text()
        segment = (folder / ENGINE_FOLDER / "segment.txt").read_text()
    except OSError as error:
        raise NotWhole(folder) from error
    if segment != f"segment of {word}":
        raise NotWhole(word)


def publish(writer: GenerationWriter, index: IndexFolder, word: str, *, alone: bool = False) -> Published:
    """Build on the current generation (or ``alone``) and publish."""
    current = None if alone else index.current()
    parent = index.open_checked(current.id) if current else None
    with writer.begin(current.id if current else None) as build:
        try:
            fill(build.path, word, parent)
        except OSError as error:
            raise FillingFailed(word) from error
        return writer.publish(build, id_of(word), {"word": word}, check=whole)


def published(index: IndexFolder, *words: str) -> IndexFolder:
    """``index`` after these words were published, one after the other."""
    with index.writer() as writer:
        for word in words:
            publish(writer, index, word)
    return index


def current_word(index: IndexFolder) -> str:
    """What a reader gets, with all that it checks."""
    current = index.current()
    assert current is not None
    folder = index.open_checked(current.id)
    whole(folder)
    return (folder / "catalog.txt").read_text()


def assert_tidy(index: IndexFolder) -> None:
    """Nothing lies about that belongs to no generation."""
    assert list((index.path / "building").iterdir()) == []
    assert sorted(path.name for path in index.path.iterdir() if path.name.startswith(".")) == []
