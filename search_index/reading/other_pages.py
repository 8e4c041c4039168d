"""What a site may have besides its documents: pages that generators, themes and plugins make, files, and redirects.

A link to such an address is not called broken, since a folder of documents cannot tell whether it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_MADE = frozenset(
    {
        *(
            "archive",
            "archives",
            "author",
            "authors",
            "categories",
            "category",
            "keyword",
            "keywords",
            "label",
            "labels",
        ),
        *("page", "series", "tag", "tags", "topic", "topics"),
        *("amp", "atom", "feed", "feeds", "rss", "sitemap"),
    }
)
"""Names, anywhere in a path, of what generators, their plugins and themes make of many documents."""
_MADE_PATH = re.compile(r"/(?:.*/)?page[-_:]?[0-9]+|(?:/[^/]+)?/[0-9]{4}(?:/[0-9]{1,2}){0,2}", re.DOTALL)
"""Pages of a list, and archives by date."""
_NEVER_A_DOCUMENT = ("_", ".", "~")

_RULES = ("_redirects", "netlify.toml", "vercel.json", "now.json", "firebase.json", "staticwebapp.config.json")
_SERVERS = (".htaccess", "web.config", "nginx.conf", "Caddyfile")
_LONGEST_RULES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class OtherPages:
    """``is_whole``: every page of the site is a document, or made by the generator itself. ``made`` are further names as in
    ``_MADE``, ``files`` the loose paths of HTML files that the site has as they stand. ``base`` is the folder that paths of the
    site begin with, and that authors may leave out."""

    is_whole: bool = False
    made: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    base: str = ""

    @property
    def fingerprint(self) -> str:
        said = (self.is_whole, sorted(self.made), sorted(self.files), self.base)
        return sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()

    def may_have(self, loose: str) -> bool:
        """Whether there may be something at the path (as ``loose_path`` gives it)."""
        names = loose.lower().split("/")[1:]
        if names == [""] or loose in self.files or _MADE_PATH.fullmatch(loose):
            return True
        return any(name in _MADE or name in self.made or name.startswith(_NEVER_A_DOCUMENT) for name in names)


def has_redirects(folders: Iterable[Path]) -> bool:
    """Whether a file in one of the folders tells a server or a host to answer at addresses where no page is."""
    return any(_redirects(folder / name) for folder in folders for name in (*_RULES, *_SERVERS))


def _redirects(file: Path) -> bool:
    with suppress(OSError):
        with file.open("rb") as opened:
            said = opened.read(_LONGEST_RULES).lower()
        return bool(said.strip()) if file.name == "_redirects" else b"redir" in said or b"rewrite" in said
    return False
