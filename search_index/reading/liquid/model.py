"""What a template asks of the site, what it may use up, and what its rendering gives."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LiquidLimits:
    """What one rendering may use up. All are counts, so that the same template always ends the same way."""

    steps: int = 200_000
    """Tags, outputs, turns of loops, calls of filters and the size of what they work on (64 characters are one step)."""
    characters: int = 8_000_000
    """Written, captured or made by filters, all together."""
    nesting: int = 50
    """Blocks and includes within each other; also the depth of lists within lists."""
    tags: int = 20_000
    """Tags and outputs in one source; what comes after them stays as it is."""
    problems: int = 100
    """Problems reported of one text; further ones are left out."""


class LiquidProblemKind(StrEnum):
    """What was wrong."""

    SYNTAX = "syntax"
    UNKNOWN_TAG = "unknown_tag"
    MISSING_INCLUDE = "missing_include"
    MISSING_POST = "missing_post"
    VALUE = "value"
    UNSUPPORTED = "unsupported"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class LiquidProblem:
    """One thing that was wrong, at a line of the file the text is from."""

    line: int
    kind: LiquidProblemKind
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class LiquidText:
    """A rendered text, what was wrong, and what it depends on besides its own file."""

    text: str
    problems: tuple[LiquidProblem, ...] = ()
    asked_posts: frozenset[str] = frozenset()
    """The names given to ``post_url`` and the paths given to ``link``."""
    asked_site: bool = False
    """The text used one of the site's ``listings``."""


class SiteForLiquid(Protocol):
    """What templates ask of the site. Every answer must stay the same as long as a renderer lives."""

    @property
    def url(self) -> str:
        """Scheme and host, such as ``https://example.org``; "" for none."""

    @property
    def baseurl(self) -> str:
        """The path the site lies below, such as ``/blog``; "" for none."""

    @property
    def time(self) -> datetime:
        """The moment of the build, in the site's zone: ``site.time``, and what ``now`` means."""

    @property
    def listings(self) -> Set[str]:
        """Which of ``values()`` are made of the site's posts and pages (``posts``, ``tags``, labels of collections)."""

    def values(self) -> Mapping[str, object]:
        """``site.*``: the public configuration, ``data``, and the listings."""

    def include(self, name: str) -> str | None:
        """The text of a file below ``_includes``; None without such a file."""

    def included_relative(self, name: str, page_path: str) -> str | None:
        """The text of a file beside the page at ``page_path``; None without such a file."""

    def post_url(self, name: str) -> str | None:
        """The path on the site, without ``baseurl``, of the post ``2020-01-02-name`` or ``folder/2020-01-02-name``."""

    def link(self, path: str) -> str | None:
        """The path on the site, without ``baseurl``, of a source file."""
