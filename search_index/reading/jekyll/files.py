"""Which files of a site Jekyll takes for posts and drafts.

Source: Jekyll's reader.rb, entry_filter.rb, readers/post_reader.rb and document.rb (DATE_FILENAME_MATCHER).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from search_index.assets import MEDIA_TYPES
from search_index.reading.jekyll.config import JekyllConfig

POSTS = "_posts"
DRAFTS = "_drafts"
_NAME = re.compile(r"(?P<date>\d{2,4}-\d{1,2}-\d{1,2})-(?P<slug>[^/]*)(?P<suffix>\.[^./]+)", re.ASCII)
_NO_TEXT = frozenset(MEDIA_TYPES) - {"txt"} | {"yml", "yaml"}
"""Endings of files that are no posts: images and downloads, and data, which has no body."""
_SPECIAL = (".", "_", "#", "~")


@dataclass(frozen=True, slots=True)
class PostName:
    """A post's file name taken apart; ``date`` is "" for a draft without one, ``slug`` has no full stops at its end."""

    date: str
    slug: str
    suffix: str


@dataclass(frozen=True, slots=True)
class PostFiles:
    """The rules of one site; paths are relative to its source."""

    exclude: tuple[str, ...]
    include: tuple[str, ...]
    collections_dir: str

    @classmethod
    def of(cls, config: JekyllConfig) -> PostFiles:
        folder = posixpath.normpath(config.text("collections_dir").strip("/") or ".")
        return cls(config.exclude, config.include, "" if folder == "." else folder)

    def enters(self, folder: str) -> bool:
        """Whether posts may lie in the folder, or below it."""
        parts = folder.split("/")
        if self._home(parts) is not None:
            return self._kept(folder, parts, is_file=False)
        return not self._special(folder, parts[-1]) and not self._matches(self.exclude, folder + "/")

    def is_post(self, path: str) -> bool:
        """Whether the file lies where posts and drafts do, and is text by its name."""
        parts = path.split("/")
        if self._home(parts[:-1]) is None:
            return False
        name = parts[-1]
        suffix = name.rpartition(".")[2].lower() if "." in name else ""
        return bool(suffix) and suffix not in _NO_TEXT and self._kept(path, parts, is_file=True)

    def home(self, path: str) -> str:
        """``_posts`` or ``_drafts``, whichever the file lies in; "" where neither."""
        parts = path.split("/")
        at = self._home(parts[:-1])
        return "" if at is None else parts[at]

    def categories(self, path: str) -> list[str]:
        """The folders above ``_posts``: each is a category."""
        parts = path.split("/")
        at = self._home(parts[:-1])
        return [] if at is None else parts[self._depth(parts) : at]

    def name(self, path: str) -> PostName | None:
        """None where the name is none of a post."""
        name = path.rpartition("/")[2]
        if found := _NAME.fullmatch(name):
            return PostName(found["date"], found["slug"].rstrip("."), found["suffix"])
        stem, _, suffix = name.rpartition(".")
        if self.home(path) == DRAFTS and suffix:
            return PostName("", stem.rstrip("."), f".{suffix}")
        return None

    def _depth(self, parts: list[str]) -> int:
        """How many of the first folders are ``collections_dir``."""
        folder = self.collections_dir
        above = folder.split("/") if folder else []
        return len(above) if parts[: len(above)] == above else 0

    def _home(self, folders: list[str]) -> int | None:
        depth = self._depth(folders)
        if self.collections_dir and depth == 0 and POSTS in folders:
            return None
        return next((at for at, part in enumerate(folders) if part in (POSTS, DRAFTS)), None)

    def _kept(self, path: str, parts: list[str], *, is_file: bool) -> bool:
        """The filter of what lies in ``_posts``: by where its path in there begins, and a file by its own name."""
        at = self._home(parts)
        below = parts[at + 1 :] if at is not None else parts
        if not below:
            return not self._matches(self.exclude, path + "/")
        if below[-1].endswith("~"):
            return False
        special = below[0].startswith(_SPECIAL) or (is_file and below[-1].startswith(_SPECIAL))
        if special and not self._included(path, below[-1]):
            return False
        return not self._matches(self.exclude, path) or self._included(path, below[-1])

    def _special(self, path: str, name: str) -> bool:
        return name.startswith(_SPECIAL) and not self._included(path, name)

    def _included(self, path: str, name: str) -> bool:
        return self._matches(self.include, path) or self._matches(self.include, name)

    @staticmethod
    def _matches(patterns: tuple[str, ...], path: str) -> bool:
        """A pattern names a path by shell wildcards, or by being what it begins with."""
        return any(path.startswith(clean) or fnmatchcase(path, clean) for clean in map(_clean, patterns) if clean)


def _clean(pattern: str) -> str:
    return pattern.removeprefix("./").removeprefix("/")
