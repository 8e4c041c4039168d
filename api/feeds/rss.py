"""RSS 2.0, with the modules that feed readers know: content, Dublin Core, Media RSS and Atom's links.

Source: the RSS 2.0 specification and the RSS Advisory Board's Best Practices Profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from html import escape

from api.feeds.feed import Entry, Feed, Picture
from api.feeds.xml import DECLARATION, around, element

MEDIA_TYPE = "application/rss+xml; charset=utf-8"

_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def rss(feed: Feed) -> bytes:
    channel = around("channel", (*_head(feed), *(around("item", _item(entry)) for entry in feed.entries)))
    return f"{DECLARATION}{around('rss', (channel,), {'version': '2.0', **_NAMESPACES})}\n".encode()


def _head(feed: Feed) -> Iterator[str]:
    """``link`` must be there: without a known site it is the root."""
    yield element("title", feed.title)
    yield element("link", feed.home or "/")
    yield element("description", feed.description or feed.title)
    if feed.lang:
        yield element("language", feed.lang)
    if feed.changed:
        yield element("lastBuildDate", _date(feed.changed))
    yield element("generator", "Octavo")
    for relation, target in (("self", feed.own), ("next", feed.next), ("previous", feed.previous)):
        if target:
            yield around("atom:link", (), {"rel": relation, "type": "application/rss+xml", "href": target})


def _item(entry: Entry) -> Iterator[str]:
    """``description`` is HTML by convention, so the plain summary is written as HTML. ``author`` would need an address."""
    yield element("title", entry.title)
    if entry.url:
        yield element("link", entry.url)
    yield element("guid", entry.id, {"isPermaLink": "true" if entry.id == entry.url else "false"})
    if entry.published:
        yield element("pubDate", _date(entry.published))
    if entry.updated:
        yield element("atom:updated", entry.updated)
    for name in entry.authors:
        yield element("dc:creator", name)
    for _, name in entry.terms:
        yield element("category", name)
    yield element("dc:language", entry.lang)
    yield element("description", escape(entry.summary, quote=False))
    yield element("content:encoded", entry.html)
    if entry.cover:
        yield _media(entry.cover)


def _media(cover: Picture) -> str:
    """Media RSS, since an ``enclosure`` must say how many bytes it has."""
    attributes = {"url": cover.url, "medium": "image"}
    if cover.media_type:
        attributes["type"] = cover.media_type
    if cover.width and cover.height:
        attributes |= {"width": str(cover.width), "height": str(cover.height)}
    alt = (element("media:description", cover.alt, {"type": "plain"}),) if cover.alt else ()
    return around("media:content", alt, attributes)


def _date(timestamp: str) -> str:
    """RFC 822 with four digits of the year, in the authored offset."""
    return format_datetime(datetime.fromisoformat(timestamp))
