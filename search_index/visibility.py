"""The one choke point between what authors wrote and what the public may see.

A post is *hidden* (draft, ``published: false``) and never enters a public generation, or it has a half-open span
``[visible_from, visible_until)`` in which it is public. Everything that reads a generation asks with ``PUBLIC_AT``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from search_index.model import Status

PUBLIC_AT = (
    "(posts.visible_from IS NULL OR posts.visible_from <= :now)"
    " AND (posts.visible_until IS NULL OR posts.visible_until > :now)"
)
"""SQL over the catalog's ``posts`` table; ``:now`` is UTC epoch seconds."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """``hidden`` says why a post is never public ("" if it can be); the span is in UTC epoch seconds."""

    status: Status
    hidden: str
    visible_from: int | None
    visible_until: int | None

    def is_public(self, now: int | None) -> bool:
        """Whether the post is public at ``now`` (UTC epoch seconds); without a moment, whether it ever is."""
        return not self.hidden and (now is None or public_at(self.visible_from, self.visible_until, now))


def visibility_of(
    *,
    draft: str,
    published: bool,
    published_at: datetime | None,
    publish_after: datetime | None,
    expires_at: datetime | None,
    show_drafts: bool,
) -> Visibility:
    """Decide who may see a post.

    ``draft`` names the sign that makes it one ("" if none), ``published`` is False where the front matter says so;
    ``publish_after`` is a date of publication beside the post's own date (Hugo's ``publishDate``), the later counts.
    ``show_drafts`` shows drafts with status ``draft``; as with ``jekyll --drafts``, it shows neither what says
    ``published: false`` nor what lies in the future.
    """
    hidden = ("" if show_drafts else draft) if published else "published: false"
    starts = [_epoch(moment) for moment in (published_at, publish_after) if moment is not None]
    return Visibility(
        Status.DRAFT if draft or not published else Status.PUBLISHED,
        hidden,
        max(starts) if starts else None,
        _epoch(expires_at) if expires_at is not None else None,
    )


def public_at(visible_from: int | None, visible_until: int | None, now: int) -> bool:
    """``PUBLIC_AT`` for one post in hand."""
    return (visible_from is None or visible_from <= now) and (visible_until is None or visible_until > now)


def _epoch(moment: datetime) -> int:
    return ceil(moment.timestamp())
