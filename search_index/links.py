"""The links of a site to itself: from which page to which path, as a generation keeps them, and those that lead nowhere.

Where a link leads depends on the moment, so that is never stored: it is asked with ``PUBLIC_AT``. What is told of a broken
link is made of what the public sees, so a link to a draft reads like one to nothing at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.model import Judged, Kind, SiteLink
from search_index.public_files import PublicFiles
from search_index.site_paths import loose_path, site_path
from search_index.visibility import PUBLIC_AT

LINKS_SCHEMA = """
CREATE TABLE links (
    loose TEXT NOT NULL, post INTEGER NOT NULL, url TEXT NOT NULL, path TEXT NOT NULL,
    line INTEGER NOT NULL, position INTEGER NOT NULL, judged INTEGER NOT NULL,
    PRIMARY KEY (loose, post, url)
) WITHOUT ROWID;
CREATE INDEX links_by_post ON links (post, url);
"""

LINKING_TO = f"""
    SELECT links.post FROM links
    JOIN addresses AS own ON own.loose = links.loose AND own.post = :row JOIN posts AS target ON target.row = own.post
    WHERE links.post <> own.post AND NOT EXISTS (
        SELECT 1 FROM addresses JOIN posts ON posts.row = addresses.post
        WHERE addresses.loose = links.loose AND addresses.post <> own.post AND {PUBLIC_AT}
        AND (addresses.path <> links.path, addresses.is_alias, posts.kind = '{Kind.PAGE}', posts.id)
            < (own.path <> links.path, own.is_alias, target.kind = '{Kind.PAGE}', target.id)
    )
"""
"""SQL: the rows of posts and pages, public or not, that link from elsewhere to the public post in ``:row``. Of several at one
address a link leads to the one that ``Catalog.find_address`` gives."""

_HERE = f"SELECT 1 FROM addresses JOIN posts ON posts.row = addresses.post WHERE {PUBLIC_AT}"
_SECTION = "substr(links.loose, 1, instr(substr(links.loose, 2), '/') + 1)"
"""The first folder of the path, with both slashes; ``/`` where it has none."""

BROKEN = f"""
    SELECT files.path, links.line, links.position, links.url, links.path, (
        SELECT json_group_array(twin.path) FROM links AS twin WHERE twin.post = links.post AND twin.url = links.url
    )
    FROM links JOIN posts ON posts.row = links.post JOIN files ON files.post_id = posts.id AND files.hidden = ''
    WHERE links.judged <> {Judged.NEVER:d} AND {PUBLIC_AT}
    AND NOT EXISTS (
        SELECT 1 FROM links AS twin JOIN addresses ON addresses.loose = twin.loose
        JOIN posts ON posts.row = addresses.post
        WHERE twin.post = links.post AND twin.url = links.url AND {PUBLIC_AT}
    )
    AND NOT EXISTS ({_HERE} AND addresses.loose > links.loose || '/' AND addresses.loose < links.loose || '0')
    AND (links.judged = {Judged.ALWAYS:d} OR ({_SECTION} <> '/' AND EXISTS (
        {_HERE} AND addresses.loose > {_SECTION} AND addresses.loose < rtrim({_SECTION}, '/') || '0'
    )))
    ORDER BY files.path, links.line, links.position, links.url
"""
"""SQL: links of public documents to where neither a public document is nor anything below which there is one."""

_ENDINGS = ("", ".html", ".htm", ".md", ".markdown", "/index.html", "/index.htm", "/index.md", "/README.md")
_LEAST_LIKENESS = 75
_LOOKED_AT = 200
_MOST_LOOKED_FOR = 500
"""Each costs about 1 ms among 10,000 paths, and an answer has 2 s."""


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link of a public file that leads to nothing public; ``paths`` are where it may lead, ``path`` the likeliest."""

    file: str
    line: int
    column: int
    url: str
    path: str
    paths: tuple[str, ...]


def put_links(connection: sqlite3.Connection, row: int | None, links: Iterable[SiteLink]) -> None:
    """Store the links of the post in ``row``."""
    connection.executemany(
        "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (loose_path(path), row, link.url, path, link.line, link.column, Judged.NEVER if place else link.judged)
            for link in links
            for place, path in enumerate(link.paths)
        ],
    )


def without_asides(
    broken: Iterable[BrokenLink], places: Container[str], addresses: Iterable[str], public: PublicFiles
) -> list[BrokenLink]:
    """Those of the links that do not lead to a file which was read and is no document: the site may have that as it stands.

    ``places`` are the paths of these files below the content folder, ``addresses`` those on the site where they are known.
    """
    known = {loose_path(site_path(address)) for address in addresses if address}

    def leads_to_aside(path: str) -> bool:
        return loose_path(path) in known or any(place in places for place in _places(path, public))

    return [link for link in broken if not any(map(leads_to_aside, link.paths))]


def _places(path: str, public: PublicFiles) -> Iterator[str]:
    """Where, below the content folder, the file may lie that a path of the site is."""
    yield path.lstrip("/")
    for form in {path.rstrip("/"), loose_path(path)}:
        for ending in _ENDINGS:
            yield from public.places(f"{form}{ending}".lstrip("/"))


def link_problems(broken: Iterable[BrokenLink], paths: Iterable[str]) -> list[ContentProblem]:
    """The links as problems; ``paths`` are the site's public ones, of which the nearest is named."""
    links = tuple(broken)
    nearest = _Nearest(paths if links else ())
    return [_problem(link, nearest(link.path)) for link in links]


def _problem(link: BrokenLink, near: str) -> ContentProblem:
    return ContentProblem(
        link.file,
        link.line,
        link.column,
        Severity.WARNING,
        ProblemCode.BROKEN_LINK,
        f"the link {link.url!r} leads to nothing on the site",
        f"did you mean {near}?" if near else "mend the address, or remove the link",
    )


class _Nearest:
    """The public path whose end looks most like the end of another, and that is most like it of those that do."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_ending: dict[str, list[str]] = {}
        for path in paths:
            self._by_ending.setdefault(_ending(path), []).append(path)
        self._found: dict[str, str] = {}
        self._looked_for = 0

    def __call__(self, path: str) -> str:
        """An empty text where nothing is near. Beyond ``_MOST_LOOKED_FOR`` addresses only equal ends are looked for."""
        if path not in self._found:
            among = self._by_ending.get(_ending(path)) or self._alike(_ending(path))
            self._found[path] = max(among, key=lambda one: fuzz.ratio(one, path), default="")
        return self._found[path]

    def _alike(self, ending: str) -> list[str]:
        if self._looked_for >= _MOST_LOOKED_FOR:
            return []
        self._looked_for += 1
        near = process.extractOne(
            ending[:_LOOKED_AT], self._by_ending.keys(), scorer=fuzz.ratio, score_cutoff=_LEAST_LIKENESS
        )
        return self._by_ending[near[0]] if near else []


def _ending(path: str) -> str:
    return loose_path(path).removesuffix(".md").removesuffix(".markdown").rpartition("/")[2]
