"""A list of posts as a feed, before it is RSS, Atom or JSON: every address whole, every text plain but the body."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from api.addresses import address
from api.pagination import PageLinks
from api.parameters import FeedParameters
from search_index.answers import PostPage
from search_index.assets import MEDIA_TYPES
from search_index.reading.links import on_site, relinked
from search_index.snapshot import Snapshot
from search_index.taxonomy import Taxonomy

_NO_TITLE = "Posts"
_PAGING = ("page", "per_page")


@dataclass(frozen=True, slots=True)
class Picture:
    """``media_type`` is "" where the ending says none; sizes in pixels where known."""

    url: str
    alt: str
    media_type: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A post. ``id`` is an IRI that stays when the title changes; ``url`` is "" where the site has no known address for it.

    ``html`` is the whole body, ``summary`` plain text; ``terms`` are its categories and tags as (slug, name). Times are
    RFC 3339 with the authored offset.
    """

    id: str
    url: str
    title: str
    summary: str
    html: str
    lang: str
    authors: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]
    published: str | None
    updated: str | None
    cover: Picture | None

    @property
    def changed(self) -> str | None:
        """When it was changed last, as far as it says."""
        return self.updated or self.published


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of a feed. ``id`` is the same for all its pages; ``home`` is the site's address, "" if not known.

    ``own``, ``next`` and ``previous`` are addresses of feeds: whole where the API's own address is known, else from the root.
    """

    id: str
    title: str
    description: str
    home: str
    lang: str
    author: str
    own: str
    next: str | None
    previous: str | None
    entries: tuple[Entry, ...]

    @property
    def changed(self) -> str | None:
        """When one of its posts was changed last."""
        dated = (entry.changed for entry in self.entries if entry.changed)
        return max(dated, key=datetime.fromisoformat, default=None)


def feed_of(
    snapshot: Snapshot, page: PostPage, links: PageLinks, parameters: FeedParameters, path: str, api: str
) -> Feed:
    """The feed at ``path`` of one page of posts. ``api`` is the API's own address, "" if not known."""
    query = parameters.canonical()
    around = links.pagination
    site = snapshot.site_title or urlsplit(snapshot.site_url).hostname or _NO_TITLE
    selected = ", ".join(_selected(snapshot, parameters))
    return Feed(
        id=_feed_id(address(path, [pair for pair in query if pair[0] not in _PAGING]), snapshot.site_url or api),
        title=f"{site}: {selected}" if selected else site,
        description=snapshot.site_description,
        home=f"{snapshot.site_url}/" if snapshot.site_url else "",
        lang=parameters.lang[0] if len(parameters.lang) == 1 else snapshot.site_lang,
        author=snapshot.site_author or site,
        own=f"{api}{address(path, query)}",
        next=f"{api}{around.next}" if around.next else None,
        previous=f"{api}{around.prev}" if around.prev else None,
        entries=tuple(_entry(json.loads(item), snapshot.site_url, snapshot.shared_paths) for item in page.items),
    )


def _feed_id(logical: str, base: str) -> str:
    """The same for all pages of a feed. ``logical`` is its address without page; ``base`` is "" where nothing is known."""
    return f"{base}{logical}" if base else f"urn:octavo:feed:{quote(logical[1:])}"


def _selected(snapshot: Snapshot, parameters: FeedParameters) -> Iterator[str]:
    """The names of the terms that the feed is limited to: of each taxonomy that is filtered by one."""
    filters = (
        (Taxonomy.TAGS, parameters.tag),
        (Taxonomy.CATEGORIES, parameters.category),
        (Taxonomy.AUTHORS, parameters.author),
        (Taxonomy.SERIES, parameters.series),
    )
    for taxonomy, paths in filters:
        if len(paths) == 1:
            term = snapshot.get_term(taxonomy, paths[0])
            yield term.name if term else paths[0]


def _entry(post: Mapping[str, Any], site_url: str, shared_paths: frozenset[str]) -> Entry:
    url = post["url"] or ""
    whole = _Whole(site_url, url or f"{site_url}/")
    named = url and post["path"] not in shared_paths
    return Entry(
        id=url if named else f"urn:octavo:post:{quote(post['id'])}",
        url=url,
        title=post["title"],
        summary=post["excerpt"],
        html=relinked(post["html"], whole),
        lang=post["lang"],
        authors=tuple(author["name"] for author in post["authors"]),
        terms=tuple(_terms(post)),
        published=post["published_at"],
        updated=post["updated_at"],
        cover=_picture(post["cover"], whole) if post["cover"] else None,
    )


def _terms(post: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Categories, then tags; a name that is both stands once."""
    by_name: dict[str, tuple[str, str]] = {}
    for term in (*post["categories"], *post["tags"]):
        by_name.setdefault(term["name"], (term.get("path", term["slug"]), term["name"]))
    return by_name.values()


def _picture(cover: Mapping[str, Any], whole: _Whole) -> Picture:
    ending = cover["url"].partition("#")[0].partition("?")[0].rpartition(".")[2].casefold()
    return Picture(whole(cover["url"]), cover["alt"], MEDIA_TYPES.get(ending, ""), cover["width"], cover["height"])


class _Whole:
    """Makes addresses in a post whole: a path from the root is the site's, anything else is taken from the post's ``url``.

    Without a site they stay as they are.
    """

    def __init__(self, site_url: str, url: str) -> None:
        self._site_url = site_url
        self._url = url

    def __call__(self, written: str) -> str:
        clean = written.strip()
        if not self._site_url or not clean:
            return written
        try:
            if clean.startswith("/") and not clean.startswith("//"):
                return on_site(clean, self._site_url)
            return urljoin(self._url, clean)
        except ValueError:
            return written
