"""Astro: collections in ``src/content``, pages in ``src/pages``.

Sources: "Content collections" and "Pages" of Astro's documentation; ids are made as github-slugger makes them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from search_index.model import PAGES, Kind
from search_index.public_files import IMAGE_ENDINGS, PublicFiles, PublicFolder
from search_index.reading.frameworks import Facts, Framework
from search_index.reading.plain_text import clean

_CONTENT = "src/content/"
_PAGES = "src/pages/"
_OUTPUT = "dist"


@dataclass(frozen=True, slots=True)
class Astro(Framework):
    """One Astro site."""

    def aside(self, path: str) -> str:
        if not path.startswith((_CONTENT, _PAGES)):
            return super(Astro, self).aside(path)
        hidden = any(part.startswith("_") for part in path.split("/"))
        return "Astro passes over files and folders whose name begins with _" if hidden else ""

    @property
    def public_files(self) -> PublicFiles:
        """All of ``public/`` as it stands; elsewhere the images, which a post or a page may use."""
        return PublicFiles(
            (PublicFolder(endings=IMAGE_ENDINGS), PublicFolder("public", beginnings=(".", "#", "~"))),
            withheld=(_OUTPUT,),
        )

    def about_folder(self, path: str, *, dated: bool) -> str:
        return "" if path.startswith((_CONTENT, _PAGES)) else super(Astro, self).about_folder(path, dated=dated)

    def kind(self, path: str) -> Kind:
        return Kind.PAGE if path.startswith(_PAGES) else Kind.POST

    def collection(self, path: str) -> str:
        """The folder below ``src/content``."""
        if path.startswith(_PAGES):
            return PAGES
        folder, _, below = path.removeprefix(_CONTENT).partition("/")
        return folder if path.startswith(_CONTENT) and below else "posts"

    def stem(self, path: str) -> str:
        name = PurePosixPath(path)
        return name.parent.name if name.stem == "index" else name.stem

    def slug(self, path: str) -> str:
        """The entry's id: the path in its collection, each part in lower case."""
        if not path.startswith((_CONTENT, _PAGES)):
            return ""
        below = path.removeprefix(_CONTENT).partition("/")[2] if path.startswith(_CONTENT) else path[len(_PAGES) :]
        parts = [github_slug(part) for part in str(PurePosixPath(below).with_suffix("")).split("/")]
        return "/".join(parts).removesuffix("/index")

    def address(self, facts: Facts) -> tuple[str, str] | None:
        """A page's is its place; an entry has one where the site's code gives it one, which is its collection's by custom."""
        if facts.path.startswith(_PAGES):
            below = str(PurePosixPath(facts.path[len(_PAGES) :]).with_suffix(""))
            path = "" if below == "index" else below.removesuffix("/index")
            return f"/{path}/" if path else "/", "its place below src/pages/"
        own = facts.values.get("permalink")
        if isinstance(own, str) and own.startswith("/"):
            return clean(own), "'permalink' of the front matter"
        if facts.path.startswith(_CONTENT):
            return f"/{self.collection(facts.path)}/{facts.slug}/", "the collection and the entry's id, by custom"
        return None


def github_slug(text: str) -> str:
    """``text`` in lower case, blanks as hyphens, without signs other than ``-`` and ``_``."""
    return "".join(
        "-" if char == " " else char for char in text.lower() if char in " -_" or unicodedata.category(char)[0] in "LNM"
    )


def astro(root: Path, configuration: str) -> Astro:
    """The site at ``root``."""
    folders = " and ".join(folder for folder in (_CONTENT, _PAGES) if (root / folder).is_dir())
    return Astro(root=root, reason=f"{configuration}{' and ' + folders if folders else ''} (Astro)")
