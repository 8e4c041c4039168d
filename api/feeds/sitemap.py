"""Sitemaps: every address of the public site, in parts where there are very many. Source: sitemaps.org, protocol 0.9."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from api.feeds.xml import DECLARATION, around, element
from search_index.answers import SiteAddress

MEDIA_TYPE = "application/xml"

MOST_URLS = 50_000
MOST_BYTES = 50 * 1024 * 1024
"""What one part may have, as a document that is not compressed."""

_NAMESPACE = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRAME_BYTES = 256

Part = Sequence[str]
"""The ``url`` elements of one document."""


def sitemap_parts(addresses: Iterable[SiteAddress], site_url: str) -> Sequence[Part]:
    """All addresses, in as few documents as may hold them."""
    parts: list[list[str]] = []
    room = urls = 0
    for row in addresses:
        location = _dated("url", f"{site_url}{row.path}", row.modified_at)
        size = len(location.encode())
        if not urls or size > room:
            parts.append([])
            room, urls = MOST_BYTES - _FRAME_BYTES, MOST_URLS
        parts[-1].append(location)
        room -= size
        urls -= 1
    return parts


def sitemap(part: Part) -> bytes:
    return _document("urlset", part)


def sitemap_index(parts: int, site_url: str) -> bytes:
    """The list of the parts, which are numbered from 1; below the site, as all that they list must be."""
    return _document(
        "sitemapindex",
        (_dated("sitemap", f"{site_url}/sitemap.xml?page={number}", None) for number in range(1, parts + 1)),
    )


def _dated(name: str, location: str, modified_at: int | None) -> str:
    """``lastmod`` is a W3C datetime, left out where there is no date."""
    parts = [element("loc", location)]
    if modified_at is not None:
        moment = _EPOCH + timedelta(seconds=modified_at)
        parts.append(element("lastmod", moment.isoformat().replace("+00:00", "Z")))
    return around(name, parts)


def _document(name: str, elements: Iterable[str]) -> bytes:
    return f"{DECLARATION}{around(name, elements, _NAMESPACE)}\n".encode()
