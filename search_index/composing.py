"""From a ``Post`` as read to what a generation stores of it: finished JSON and the columns that lists are made by."""

from __future__ import annotations

from dataclasses import dataclass

from search_index.model import Post
from search_index.settings import SiteSettings


@dataclass(frozen=True, slots=True)
class ComposedPost:
    """A post ready for the catalog."""

    id: str


def compose(post: Post, settings: SiteSettings) -> ComposedPost:
    """Compose a public post."""
    raise NotImplementedError
