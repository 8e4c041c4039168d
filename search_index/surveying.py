"""The front matter of a whole content folder, and the schema that it suggests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from search_index.clock import SystemClock
from search_index.content_schema.observing import Example
from search_index.content_schema.proposing import Proposal, propose
from search_index.progress import NoProgress, Progress
from search_index.reading import ReadingPool, choose_dialect, scan
from search_index.settings import SiteSettings


@dataclass(frozen=True, slots=True)
class Survey:
    """``documents`` are the posts and pages that were read, drafts included; ``unread`` the files that could not be."""

    proposal: Proposal
    documents: int
    unread: tuple[str, ...]


def survey(
    content_dir: Path, settings: SiteSettings, *, strict: bool = False, progress: Progress | None = None
) -> Survey:
    """Read the front matter of every post and page, as a build would, and propose a schema for it (``propose``)."""
    dialect = choose_dialect(content_dir, settings)
    files = scan(content_dir, dialect).files
    told = progress or NoProgress()
    examples: list[Example] = []
    unread: list[str] = []
    now = int((settings.now or SystemClock().now()).timestamp())
    told.start(len(files))
    try:
        with ReadingPool(content_dir, settings) as pool:
            for outcome in pool.read_front_matter(files, now=now):
                if outcome.front_matter is not None:
                    examples.append(Example(outcome.path, outcome.front_matter, not outcome.hidden))
                elif outcome.problems:
                    unread.append(outcome.path)
                told.advance(1)
    finally:
        told.finish()
    return Survey(propose(examples, strict=strict), len(examples), tuple(sorted(unread)))
