"""JSON Feed, version 1.1. Source: jsonfeed.org/version/1.1. What is not known is absent, never null."""

from __future__ import annotations

from pydantic_core import to_json

from api.feeds.feed import Entry, Feed

MEDIA_TYPE = "application/feed+json"


def json_feed(feed: Feed) -> bytes:
    """``feed_url`` names the feed among all others, so that a path alone is none."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": "" if feed.own.startswith("/") else feed.own,
        "description": feed.description,
        "next_url": feed.next,
        "language": feed.lang,
    }
    return to_json(_known(head) | {"authors": [{"name": feed.author}], "items": [_item(row) for row in feed.entries]})


def _item(entry: Entry) -> dict[str, object]:
    known = _known(
        {
            "url": entry.url,
            "title": entry.title,
            "summary": entry.summary,
            "image": entry.cover.url if entry.cover else None,
            "date_published": entry.published,
            "date_modified": entry.updated,
            "language": entry.lang,
        }
    )
    authors = {"authors": [{"name": name} for name in entry.authors]} if entry.authors else {}
    tags = {"tags": [name for _, name in entry.terms]} if entry.terms else {}
    return {"id": entry.id, "content_html": entry.html, **known, **authors, **tags}


def _known(members: dict[str, str | None]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value}
