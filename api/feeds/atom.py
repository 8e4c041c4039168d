"""Atom (RFC 4287), with the links between pages of RFC 5005, section 3."""

from __future__ import annotations

from collections.abc import Iterator

from api.feeds.feed import Entry, Feed
from api.feeds.xml import DECLARATION, around, element

MEDIA_TYPE = "application/atom+xml; charset=utf-8"

UNDATED = "1970-01-01T00:00:00Z"
"""``updated`` must be there: what has no date, and a feed without posts, has this one."""


def atom(feed: Feed) -> bytes:
    parts = (*_head(feed), *(around("entry", _entry(entry), {"xml:lang": entry.lang}) for entry in feed.entries))
    attributes = {"xmlns": "http://www.w3.org/2005/Atom", **({"xml:lang": feed.lang} if feed.lang else {})}
    return f"{DECLARATION}{around('feed', parts, attributes)}\n".encode()


def _head(feed: Feed) -> Iterator[str]:
    yield element("id", feed.id)
    yield element("title", feed.title)
    if feed.description:
        yield element("subtitle", feed.description)
    yield element("updated", feed.changed or UNDATED)
    yield around("author", (element("name", feed.author),))
    yield element("generator", "Octavo")
    if feed.home:
        yield around("link", (), {"rel": "alternate", "type": "text/html", "href": feed.home})
    for relation, target in (("self", feed.own), ("next", feed.next), ("previous", feed.previous)):
        if target:
            yield around("link", (), {"rel": relation, "type": "application/atom+xml", "href": target})


def _entry(entry: Entry) -> Iterator[str]:
    yield element("id", entry.id)
    yield element("title", entry.title)
    yield element("updated", entry.changed or UNDATED)
    if entry.published:
        yield element("published", entry.published)
    if entry.url:
        yield around("link", (), {"rel": "alternate", "type": "text/html", "href": entry.url})
    if entry.cover:
        described = {"type": entry.cover.media_type, "title": entry.cover.alt}
        given = {name: value for name, value in described.items() if value}
        yield around("link", (), {"rel": "enclosure", "href": entry.cover.url, **given})
    for name in entry.authors:
        yield around("author", (element("name", name),))
    for slug, name in entry.terms:
        yield around("category", (), {"term": slug, "label": name})
    yield element("summary", entry.summary)
    yield element("content", entry.html, {"type": "html"})
