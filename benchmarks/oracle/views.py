"""A post as the comparison looks at it, whoever read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

NOW = datetime(2026, 9, 1, tzinfo=UTC)
"""The present of every comparison, so that scheduled posts stay the same."""


@dataclass(frozen=True, slots=True)
class PostView:
    """What one reader says of one post.

    ``path`` is relative to the site's root, ``url`` to the host. ``previous`` (older) and ``next`` are the neighbours'
    paths. ``excerpt`` and ``html`` are HTML. None is what the reader gives no answer to.
    """

    path: str
    title: str | None
    date: datetime | None
    slug: str | None
    url: str | None
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    draft: bool
    previous: str | None
    next: str | None
    excerpt: str | None
    html: str | None
