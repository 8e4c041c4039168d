"""The guard against an unmounted or emptied content folder."""

from __future__ import annotations

from search_index.generation.errors import ShrinkRefused

FEWEST_LOST = 10
"""Losing fewer posts than this is never refused."""


def refuse_shrink(before: int, after: int) -> None:
    """Raise ``ShrinkRefused`` where more than half of ``before`` posts, and at least ``FEWEST_LOST``, would go."""
    lost = before - after
    if lost >= FEWEST_LOST and 2 * lost > before:
        raise ShrinkRefused(before, after)
