"""Which files of a site Jekyll takes for posts, drafts, documents of its collections, and pages.

Source: Jekyll's reader.rb, entry_filter.rb, collection.rb, readers/post_reader.rb and document.rb (DATE_FILENAME_MATCHER).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from glob import escape

from search_index.assets import MEDIA_TYPES
from search_index.model import PAGES
from search_index.public_files import PublicFiles, PublicFolder, joined, named
from search_index.reading.jekyll.config import JekyllConfig
from search_index.reading.jekyll.defaults import default_sets

POSTS = "_posts"
DRAFTS = "_drafts"
POSTS_LABEL = "posts"
"""The collection that posts and drafts are of."""
_NAME = re.compile(r"(?P<date>\d{2,4}-\d{1,2}-\d{1,2})-(?P<slug>[^/]*)(?P<suffix>\.[^./]+)", re.ASCII)
_NO_TEXT = frozenset(MEDIA_TYPES) - {"txt"} | {"yml", "yaml"}
"""Endings of files that are no posts: images and downloads, and data, which has no body."""
_SPECIAL = (".", "_", "#", "~")
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml")
"""Endings of pages besides those of Markdown; what else has front matter (feeds, style sheets) is no text to serve."""


@dataclass(frozen=True, slots=True)
class PostName:
    """A file name taken apart; ``date`` is "" where there is none, ``slug`` has no full stops at its end."""

    date: str
    slug: str
    suffix: str


@dataclass(frozen=True, slots=True)
class SiteLayout:
    """The rules of one site; paths are relative to its source."""

    exclude: tuple[str, ...]
    include: tuple[str, ...]
    collections_dir: str
    labels: frozenset[str]
    suffixes: tuple[str, ...]

    @classmethod
    def of(cls, config: JekyllConfig) -> SiteLayout:
        folder = posixpath.normpath(config.text("collections_dir").strip("/") or ".")
        return cls(
            config.exclude,
            config.include,
            "" if folder == "." else folder,
            frozenset(config.collections) - {POSTS_LABEL, "data"},
            (*config.markdown_suffixes, *_PAGE_SUFFIXES),
        )

    def enters(self, folder: str) -> bool:
        """Whether posts, documents or pages may lie in the folder, or below it."""
        parts = folder.split("/")
        if self._start(parts) is not None:
            return self._kept(folder, parts, is_file=False)
        return not self._special(folder, parts[-1]) and not named(self.exclude, folder, is_folder=True)

    def reads(self, path: str) -> bool:
        """Whether the file is text that may be a post, a document or a page."""
        parts = path.split("/")
        if self._home(parts[:-1]) is not None:
            return self.is_post(path)
        if not path.lower().endswith(self.suffixes):
            return False
        if self._start(parts[:-1]) is not None:
            return self._kept(path, parts, is_file=True)
        above = ("/".join(parts[:depth]) for depth in range(1, len(parts)))
        kept = not named(self.exclude, path) or self._included(path, parts[-1])
        return kept and not self._special(path, parts[-1]) and all(map(self.enters, above))

    def label(self, path: str) -> str:
        """The collection that the file belongs to: ``posts`` (drafts too), one that the site names, or ``pages``."""
        folders = path.split("/")[:-1]
        if self._home(folders) is not None:
            return POSTS_LABEL
        at = self._collection(folders)
        return PAGES if at is None else folders[at][1:]

    def below(self, path: str) -> str:
        """The path below ``_posts``, ``_drafts`` or the collection's folder; a page's whole path."""
        parts = path.split("/")
        at = self._start(parts[:-1])
        return path if at is None else "/".join(parts[at + 1 :])

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
        label = self.label(path)
        if label != PAGES and (found := _NAME.fullmatch(name)):
            return PostName(found["date"], found["slug"].rstrip("."), found["suffix"])
        stem, _, suffix = name.rpartition(".")
        if suffix and (self.home(path) == DRAFTS or label != POSTS_LABEL):
            return PostName("", stem.rstrip("."), f".{suffix}")
        return None

    def _depth(self, parts: list[str]) -> int:
        """How many of the first folders are ``collections_dir``."""
        folder = self.collections_dir
        above = folder.split("/") if folder else []
        return len(above) if parts[: len(above)] == above else 0

    def _start(self, folders: list[str]) -> int | None:
        """Where among the folders the one is that posts or documents lie below."""
        at = self._home(folders)
        return self._collection(folders) if at is None else at

    def _collection(self, folders: list[str]) -> int | None:
        depth = self._depth(folders)
        if depth == len(folders) or (self.collections_dir and not depth):
            return None
        name = folders[depth]
        return depth if name.startswith("_") and name[1:] in self.labels else None

    def _home(self, folders: list[str]) -> int | None:
        depth = self._depth(folders)
        if self._collection(folders) is not None:
            return None
        if self.collections_dir and depth == 0 and POSTS in folders:
            return None
        return next((at for at, part in enumerate(folders) if part in (POSTS, DRAFTS)), None)

    def _kept(self, path: str, parts: list[str], *, is_file: bool) -> bool:
        """The filter of what lies in ``_posts``: by where its path in there begins, and a file by its own name."""
        at = self._start(parts)
        below = parts[at + 1 :] if at is not None else parts
        if not below:
            return not named(self.exclude, path, is_folder=True)
        if below[-1].endswith("~"):
            return False
        special = below[0].startswith(_SPECIAL) or (is_file and below[-1].startswith(_SPECIAL))
        if special and not self._included(path, below[-1]):
            return False
        return not named(self.exclude, path) or self._included(path, below[-1])

    def _special(self, path: str, name: str) -> bool:
        return name.startswith(_SPECIAL) and not self._included(path, name)

    def _included(self, path: str, name: str) -> bool:
        return named(self.include, path) or named(self.include, name)

    def public_files(self, config: JekyllConfig) -> PublicFiles:
        """What Jekyll copies as it stands: ordinary files, and those beside the documents of collections that it writes.

        Source: Jekyll's reader.rb, collection.rb and static_file.rb.
        """
        ordinary = PublicFolder(beginnings=_SPECIAL, exclude=self.exclude, include=self.include)
        written = sorted(label for label in self.labels if config.is_written(label))
        folders = [joined(self.collections_dir, f"_{label}") for label in written]
        of_collections = (replace(ordinary, path=folder, at=folder, walked=False) for folder in folders)
        unpublished = (
            f"{escape(one.path)}*" if "*" not in one.path else one.path.strip("/")
            for one in default_sets(config.written.get("defaults"))
            if one.values.get("published") is False and one.kind in (None, *written)
        )
        output = config.destination
        return PublicFiles(
            (ordinary, *of_collections), withheld=(*unpublished, *((output,) if output else ())), rendered=True
        )
