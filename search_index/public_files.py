"""Which files of a content folder its site publishes.

A dialect says it when a generation is built, as data that the generation keeps; whoever opens a file asks it, and knows no
generator. What no rule speaks for is not public.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from search_index.patterns import Pattern, compile_expression, compile_glob

UNPUBLISHED_NAMES = (
    *("_data", "_drafts", "_includes", "_layouts", "_plugins", "_posts", "_sass", "_site"),
    *("bower_components", "node_modules"),
)
"""Folders that no generator publishes, and that package managers fill."""

IMAGE_ENDINGS = ("apng", "avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp")


@dataclass(frozen=True, slots=True)
class PublicFolder:
    """A folder whose files are published, those further down too, unless something here keeps them back.

    ``path`` is relative to the site's source ("" for that itself), ``at`` the path on the site that its files begin with.
    Kept back are: files of other endings than ``endings`` (folded; () for any); files and folders, below this one, whose
    name begins with one of ``beginnings``, ends in ``~``, or is one of ``names`` (folded); what an expression of ``ignored``
    finds in ``/`` and its path; what ``but`` names, or where there are ``only``, what those do not (globs for the path below
    this folder); what ``exclude`` names, and ``include`` does not, which also overrules ``beginnings`` (as Jekyll names
    paths, see ``named``). ``walked``: each folder on the way is judged by itself; else the path below this folder as one,
    by how it begins and by its last name.
    """

    path: str = ""
    at: str = ""
    endings: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = (".", "#", "~", "_")
    names: tuple[str, ...] = UNPUBLISHED_NAMES
    ignored: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    walked: bool = True

    def publishes(self, below: str) -> bool:
        """Whether the file at the path ``below`` this folder is published."""
        parts = below.split("/")
        if self.endings and parts[-1].rpartition(".")[2].casefold() not in self.endings:
            return False
        if not self._takes(below) or any(part.casefold() in self.names for part in parts):
            return False
        steps = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
        if any(expression(one).matches(f"/{joined(self.path, step)}") for one in self.ignored for step in steps):
            return False
        judged = steps if self.walked else [below]
        return all(self._keeps(step, is_folder=step != below) for step in judged)

    def _keeps(self, entry: str, *, is_folder: bool) -> bool:
        """Source: ``filter`` of Jekyll's entry_filter.rb."""
        name = entry.rpartition("/")[2]
        included = named(self.include, name) or (not self.walked and named(self.include, entry))
        if included or named(self.exclude, joined(self.path, entry), is_folder=is_folder):
            return included
        begins = name.startswith(self.beginnings) or (not self.walked and entry.startswith(self.beginnings))
        return not begins and not entry.endswith("~")

    def _takes(self, below: str) -> bool:
        """Source: Hugo's hugofs/glob/filename_filter.go."""
        folded = below.lower()
        globs = self.only or self.but
        found = any(glob(one).matches(form) for one in globs for form in (folded, f"/{folded}"))
        return found is bool(self.only)


@dataclass(frozen=True, slots=True)
class PublicFiles:
    """The rule of one site; without ``folders`` nothing is public.

    ``base`` is the folder, below the content folder, that the site's source is ("" for that itself), and of which all other
    paths here speak. Nothing in ``withheld`` is published: paths of files and folders, or globs. ``rendered``: a file that
    begins with a line ``---`` is a template, which the site never has as it stands. ``bundled``: a file is as public as
    the page ``index`` of the outermost folder that has one, and as the page ``_index`` beside it.
    """

    folders: tuple[PublicFolder, ...] = ()
    base: str = ""
    withheld: tuple[str, ...] = ()
    rendered: bool = False
    bundled: bool = False

    def publishes(self, path: str) -> bool:
        """Whether the site publishes the file at ``path`` below the content folder, by its name and place."""
        inner = below(path, self.base)
        if inner is None or any(_lies_in(inner, withheld) for withheld in self.withheld):
            return False
        holding = [(folder, rest) for folder in self.folders if (rest := below(inner, folder.path)) is not None]
        deepest = max((len(folder.path) for folder, _ in holding), default=0)
        return any(folder.publishes(rest) for folder, rest in holding if len(folder.path) == deepest)

    def places(self, site_path: str) -> Iterator[str]:
        """Where, below the content folder, the file at a path of the site (without its first slash) may lie."""
        for folder in self.folders:
            rest = below(site_path, folder.at)
            if rest is not None:
                yield joined(self.base, joined(folder.path, rest))

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, stored: str) -> PublicFiles:
        """What ``to_json`` gave; of "" the rule by which nothing is public."""
        values: dict[str, Any] = json.loads(stored or "{}", object_hook=_frozen)
        folders = tuple(PublicFolder(**folder) for folder in values.pop("folders", ()))
        return cls(folders, **values)


def named(patterns: tuple[str, ...], path: str, *, is_folder: bool = False) -> bool:
    """Whether a pattern names the path: by shell wildcards, by being what it begins with, or as a folder with a slash.

    Source: ``glob_include?`` of Jekyll's entry_filter.rb.
    """
    return any(
        path.startswith(name) or fnmatchcase(path, name) or (is_folder and f"{path}/" == name)
        for name in (pattern.removeprefix("/") for pattern in patterns)
        if name
    )


def joined(folder: str, path: str) -> str:
    """``path`` below ``folder``."""
    return f"{folder}/{path}" if folder and path else folder or path


def below(path: str, folder: str) -> str | None:
    """What of ``path`` is below ``folder`` ("" for the root); "" for the folder itself, None for what is outside of it."""
    if not folder or path == folder:
        return path[len(folder) :]
    return path[len(folder) + 1 :] if path.startswith(f"{folder}/") else None


@lru_cache(maxsize=256)
def glob(text: str) -> Pattern:
    return compile_glob(text)


@lru_cache(maxsize=256)
def expression(text: str) -> Pattern:
    return compile_expression(text)


def _lies_in(path: str, withheld: str) -> bool:
    if "*" in withheld:
        return fnmatchcase(path, withheld) or fnmatchcase(path, f"{withheld.rstrip('/')}/*")
    return path == withheld or path.startswith(f"{withheld}/")


def _frozen(values: dict[str, object]) -> dict[str, object]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
