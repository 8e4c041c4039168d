"""The manifest of a generation: every file with its size and digest, and a digest of the manifest itself.

``manifest.json`` is one JSON object whose last member, ``sha256``, is the digest of all that stands before it, so that it
can be checked before anything of it is parsed.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from search_index.generation.errors import CorruptGeneration, GenerationError, GenerationMissing
from search_index.generation.layout import MANIFEST_FILE

FORMAT = 1
_SEAL = ',\n"sha256": "{}"}}\n'
_SEAL_LENGTH = len(_SEAL.format("0" * 64))


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file's size in bytes and the hex digest of its content."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``files`` by path relative to the generation's folder, with ``/``; ``inputs`` as the builder gave them."""

    id: str
    parent: str | None
    files: Mapping[str, FileEntry]
    inputs: Mapping[str, object]

    def as_bytes(self) -> bytes:
        document = {
            "format": FORMAT,
            "id": self.id,
            "parent": self.parent,
            "inputs": self.inputs,
            "files": {path: {"size": entry.size, "sha256": entry.sha256} for path, entry in sorted(self.files.items())},
        }
        body = json.dumps(document, indent=1, allow_nan=False).removesuffix("\n}")
        return (body + _SEAL.format(hashlib.sha256(body.encode()).hexdigest())).encode()


class FileStamp(NamedTuple):
    """What tells, short of reading it, that a file is the one that was read before."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileStamp:
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def generation_id(parts: Mapping[str, object]) -> str:
    """The id of whatever ``parts`` (JSON values; tuples count as arrays) determine: 32 hex digits, the same everywhere."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def read_manifest(folder: Path, generation: str) -> Manifest:
    """The manifest in ``folder``. Raises ``GenerationMissing``, or ``CorruptGeneration`` where it is not as it was sealed."""
    try:
        content = (folder / MANIFEST_FILE).read_bytes()
    except FileNotFoundError:
        if folder.is_dir():
            raise CorruptGeneration(generation, MANIFEST_FILE, "is missing") from None
        raise GenerationMissing(generation) from None
    body, seal = content[:-_SEAL_LENGTH], content[-_SEAL_LENGTH:]
    if seal != _SEAL.format(hashlib.sha256(body).hexdigest()).encode():
        raise CorruptGeneration(generation, MANIFEST_FILE, "does not match its digest")
    document = json.loads(content)
    if document["format"] != FORMAT:
        raise CorruptGeneration(generation, MANIFEST_FILE, f"has format {document['format']}, not {FORMAT}")
    if document["id"] != generation:
        raise CorruptGeneration(generation, MANIFEST_FILE, f"belongs to generation {document['id']}")
    files = {path: FileEntry(entry["size"], entry["sha256"]) for path, entry in document["files"].items()}
    return Manifest(generation, document["parent"], files, document["inputs"])


def check_files(folder: Path, manifest: Manifest, known: Mapping[FileStamp, str]) -> dict[FileStamp, str]:
    """Compare all files of ``folder`` with the manifest; returns their digests by stamp.

    Files whose stamp is in ``known`` are not read again. Raises ``CorruptGeneration`` naming the first file that differs,
    is missing, or is there without being listed (an engine may read any file that lies in its folder).
    """
    digests: dict[FileStamp, str] = {}
    for path, status in _listed_files(folder, manifest):
        stamp = FileStamp.of(status)
        digests[stamp] = known.get(stamp) or sha256_of(folder / path)
        if digests[stamp] != manifest.files[path].sha256:
            raise CorruptGeneration(manifest.id, path, "does not match its digest")
    return digests


def describe_files(folder: Path, inherited: Mapping[FileStamp, str]) -> tuple[dict[str, FileEntry], frozenset[Path]]:
    """The files of a finished build, and which of them are ``inherited`` by hard link: their digests are taken over."""
    files: dict[str, FileEntry] = {}
    taken_over = set()
    for path, status in files_below(folder):
        if not stat.S_ISREG(status.st_mode):
            raise GenerationError(f"{folder / path} is no regular file: a generation has nothing but files and folders")
        digest = inherited.get(FileStamp.of(status))
        if digest:
            taken_over.add(folder / path)
        files[path] = FileEntry(status.st_size, digest or sha256_of(folder / path))
    return files, frozenset(taken_over)


def stamps_of(folder: Path, manifest: Manifest) -> dict[FileStamp, str]:
    """The digests that the manifest gives, by the stamps of the files; raises as ``check_files`` but reads none."""
    return {FileStamp.of(status): manifest.files[path].sha256 for path, status in _listed_files(folder, manifest)}


def files_below(folder: Path, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Everything in ``folder`` that is no folder, by relative path, in order; links are not followed."""
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.is_dir(follow_symlinks=False):
            yield from files_below(folder / entry.name, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.stat(follow_symlinks=False)


def _listed_files(folder: Path, manifest: Manifest) -> Iterator[tuple[str, os.stat_result]]:
    """The generation's files, which must be those of the manifest: no other, none missing, each of its size."""
    missing = set(manifest.files)
    for path, status in files_below(folder):
        if path == MANIFEST_FILE:
            continue
        entry = manifest.files.get(path)
        if entry is None:
            raise CorruptGeneration(manifest.id, path, "is not in the manifest")
        if not stat.S_ISREG(status.st_mode) or status.st_size != entry.size:
            raise CorruptGeneration(manifest.id, path, f"is not the file of {entry.size:,} bytes that was published")
        missing.discard(path)
        yield path, status
    if missing:
        raise CorruptGeneration(manifest.id, min(missing), "is missing")


def sha256_of(path: Path) -> str:
    """The hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
