"""What reading one file comes to: the message from a reading process to the indexer, as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue, TypeAdapter

from search_index.composing import ComposedPost
from search_index.diagnostics import ContentProblem
from search_index.engines.port import IndexDocument
from search_index.model import Provenance

EVERYTHING = "*"
"""Among ``uses``: any document."""


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """One file, read.

    ``post_id`` is "" where the file is no post, or could not be read. ``hidden`` is why the post is never public ("" if it
    is or will be); a hidden post has neither ``post`` nor ``document``, but a ``preview`` where one could be made.
    ``transient`` marks a failure that the next scan tries again (timeout, unreadable file). ``uses`` are paths of other
    documents that the post was made from (``PreparedBody``). ``provenance`` is filled only when it was asked for
    (``octavo why``). ``front_matter`` is filled when only that was read (``octavo schema infer``), and then ``hidden``
    says of what is not public now why. ``aside_at`` is the path at which the site has a file that is no post, "" where
    it is not known.
    """

    path: str
    sha256: str
    post_id: str
    hidden: str
    post: ComposedPost | None
    document: IndexDocument | None
    problems: tuple[ContentProblem, ...]
    transient: bool
    uses: tuple[str, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    front_matter: dict[str, JsonValue] | None = None
    preview: ComposedPost | None = None
    aside_at: str = ""

    def to_json(self) -> bytes:
        return _ADAPTER.dump_json(self)

    @classmethod
    def from_json(cls, frame: bytes) -> ReadOutcome:
        return _ADAPTER.validate_json(frame)


_ADAPTER: TypeAdapter[ReadOutcome] = TypeAdapter(ReadOutcome)
