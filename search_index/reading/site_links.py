"""The links of one body to its own site: where they lead, and where they stand in the file."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator
from urllib.parse import unquote

from search_index.model import Judged, Link, SiteLink
from search_index.reading.links import PostLinks
from search_index.reading.other_pages import OtherPages
from search_index.reading.source import is_markdown
from search_index.site_paths import loose_path

_PAGE_ENDINGS = ("html", "htm")
_WORD = re.compile(r"[^\s()<>\[\]{}|\\\"'`]+")
_BEFORE_LINK = re.compile(r"(?:\]\(\s*<?|\]:\s*<?|href\s*=\s*[\"']|<)\Z", re.IGNORECASE)
_LOOK_BACK = 16


def first_mentions(text: str, line: int, wanted: Container[str]) -> dict[str, tuple[int, int]]:
    """Line and column, from 1, of the first place at which each of the ``wanted`` addresses stands by itself: as a link where
    there is such a place. ``line`` is the number of the text's first line. One pass, however many are wanted."""
    places: dict[str, tuple[bool, int]] = {}
    for match in _WORD.finditer(text):
        word, at = match[0], match.start()
        if word in wanted and not (word in places and places[word][0]):
            is_link = _BEFORE_LINK.search(text[max(0, at - _LOOK_BACK) : at]) is not None
            if is_link or word not in places:
                places[word] = (is_link, at)
    ends = [match.start() for match in re.finditer("\n", text)] if places else []

    def of(at: int) -> tuple[int, int]:
        above = bisect_left(ends, at)
        return line + above, at - (ends[above - 1] if above else -1)

    return {word: of(at) for word, (_, at) in places.items()}


def site_links(
    links: Iterable[Link],
    resolve: PostLinks,
    other: OtherPages,
    text: str,
    line: int,
    meant: Callable[[str], str | None],
) -> tuple[SiteLink, ...]:
    """The links to the site itself, each address once; images are none. ``text`` is the body as its author wrote it, which
    begins in the ``line`` of the file.

    ``meant`` gives the path on the site of the document that a theme may take a link to a Markdown file for.
    """
    found: dict[str, tuple[str, ...]] = {}
    for link in links:
        if link.image or link.url in found or link.url.lstrip().startswith("#"):
            continue
        paths = resolve.paths(link.url)
        if not paths:
            continue
        if is_markdown(paths[0]):
            by_theme = meant(unquote(link.url.strip()))
            paths = (by_theme,) if by_theme else paths
        elif not f"{paths[0]}/".startswith(f"{other.base}/"):
            paths = (*paths, other.base + paths[0])
        found[link.url] = paths
    spellings = {url: tuple(_spellings(url, paths)) for url, paths in found.items()}
    mentions = first_mentions(text, line, {form for forms in spellings.values() for form in forms}) if found else {}
    return tuple(
        SiteLink(
            url,
            paths,
            *next((mentions[form] for form in spellings[url] if form in mentions), (0, 0)),
            _judged(url, paths, resolve, other),
        )
        for url, paths in found.items()
    )


def _judged(url: str, paths: tuple[str, ...], resolve: PostLinks, other: OtherPages) -> Judged:
    if resolve.leaves_folder(url):
        return Judged.NEVER
    if resolve.names_file(url, rooted=other.is_whole):
        return Judged.ALWAYS
    name = paths[0].rpartition("/")[2]
    is_file = "." in name and name.rpartition(".")[2].lower() not in _PAGE_ENDINGS
    if is_file or not other.is_whole or any(other.may_have(loose_path(path)) for path in paths):
        return Judged.NEVER
    return Judged.ALWAYS if resolve.is_in_own_folder(url) else Judged.IN_SECTION


def _spellings(url: str, paths: Iterable[str]) -> Iterator[str]:
    """How the author may have written the address: as it is, decoded, or with the site's folder added by a template."""
    yield url
    yield unquote(url)
    written, mark, rest = url.partition("#")
    for path in paths:
        if written.endswith(path) or unquote(written).endswith(path):
            yield path + mark + rest
