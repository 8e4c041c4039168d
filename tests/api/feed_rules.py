"""What the standards ask of feeds and sitemaps, as checks of a parsed document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from jsonschema import Draft202012Validator

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def parsed(body: bytes) -> ET.Element:
    """The document, by Expat; what is not well-formed raises ``ParseError``."""
    return ET.fromstring(body)  # noqa: S314  # our own answer


def assert_atom(body: bytes) -> ET.Element:
    """The musts of RFC 4287; returns the feed."""
    feed = parsed(body)
    assert feed.tag == f"{ATOM}feed"
    _assert_container(feed)
    entries = feed.findall(f"{ATOM}entry")
    authored = bool(feed.findall(f"{ATOM}author"))
    for entry in entries:
        _assert_container(entry)
        assert authored or entry.findall(f"{ATOM}author"), "4.1.2: an author here or in the feed"
        _assert_at_most_one(entry, "content", "published", "rights", "source", "summary")
        content = entry.find(f"{ATOM}content")
        assert content is not None or _links(entry, "alternate"), "4.1.2: a link or content"
        if content is not None:
            assert content.get("type", "text") in ("text", "html"), "4.1.3.1: no other type is written here"
            assert len(content) == 0, "4.1.3.3: text and html have no child elements"
    known = [(_text(entry, "id"), _text(entry, "updated")) for entry in entries]
    assert len(set(known)) == len(known), "4.1.1: no two entries with the same id and time"
    _assert_at_most_one(feed, "generator", "icon", "logo", "subtitle", "rights")
    relations = {link.get("rel") for link in feed.findall(f"{ATOM}link")}
    assert relations <= {"self", "alternate", "next", "previous"}, "RFC 5005, section 3"
    assert "self" in relations, "4.1.1: a feed should say where it is"
    return feed


def _assert_container(element: ET.Element) -> None:
    """What feeds and entries have in common: sections 3.1, 3.2, 3.3, 4.1, 4.2."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    identity = _text(element, "id")
    assert urlsplit(identity).scheme, "4.2.6: an IRI, never relative"
    assert identity.isprintable()
    assert " " not in identity
    for name in ("updated", "published"):
        for date in element.findall(f"{ATOM}{name}"):
            assert _RFC_3339.fullmatch(date.text or ""), "3.3: a date of RFC 3339, with T and Z in upper case"
            datetime.fromisoformat(date.text or "")
    for author in element.findall(f"{ATOM}author"):
        assert [child.tag for child in author] == [f"{ATOM}name"]
        assert author[0].text
    for category in element.findall(f"{ATOM}category"):
        assert category.get("term"), "4.2.2: a term"
    for link in element.findall(f"{ATOM}link"):
        assert link.get("href"), "4.2.7.1: an address"
    alternates = [(link.get("type"), link.get("hreflang")) for link in _links(element, "alternate")]
    assert len(set(alternates)) == len(alternates), "4.1.1: no two alternates of one type and language"


def assert_rss(body: bytes) -> ET.Element:
    """The musts of RSS 2.0; returns the channel."""
    rss = parsed(body)
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    (channel,) = rss
    assert channel.tag == "channel"
    for name in ("title", "link", "description"):
        assert len(channel.findall(name)) == 1, name
        assert channel.findtext("link")
    for element in (*channel.iter("pubDate"), *channel.iter("lastBuildDate")):
        assert _RFC_822.fullmatch(element.text or ""), element.text
        assert parsedate_to_datetime(element.text or "").tzinfo
    for language in channel.findall("language"):
        assert _LANGUAGE.fullmatch(language.text or "")
    for item in channel.findall("item"):
        assert item.findall("title") or item.findall("description")
        for name in ("title", "link", "description", "pubDate", "guid", "author", "enclosure"):
            assert len(item.findall(name)) <= 1, name
        guid = item.find("guid")
        assert guid is not None
        assert guid.get("isPermaLink") in ("true", "false")
        assert guid.get("isPermaLink") == "false" or (guid.text or "").startswith(("https://", "http://"))
        assert not item.findall("author"), "an author is an e-mail address"
    guids = [item.findtext("guid") for item in channel.findall("item")]
    assert len(set(guids)) == len(guids)
    return channel


_TEXT = {"type": "string", "minLength": 1}
_URL = {"type": "string", "pattern": "^https?://[^ ]+$"}
_REFERENCE = {"type": "string", "pattern": "^(https?://|/)[^ ]*$"}
_DATE = {"type": "string", "pattern": f"^{_RFC_3339.pattern}$"}
_AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"name": _TEXT, "url": _URL, "avatar": _URL},
        "minProperties": 1,
        "additionalProperties": False,
    },
}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": _TEXT,
        "home_page_url": _URL,
        "feed_url": _URL,
        "description": _TEXT,
        "user_comment": _TEXT,
        "next_url": _REFERENCE,
        "icon": _URL,
        "favicon": _URL,
        "authors": _AUTHORS,
        "language": {"type": "string", "pattern": f"^{_LANGUAGE.pattern}$"},
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "properties": {
                    "id": _TEXT,
                    "url": _URL,
                    "external_url": _URL,
                    "title": _TEXT,
                    "content_html": {"type": "string"},
                    "content_text": {"type": "string"},
                    "summary": _TEXT,
                    "image": _REFERENCE,
                    "banner_image": _REFERENCE,
                    "date_published": _DATE,
                    "date_modified": _DATE,
                    "authors": _AUTHORS,
                    "tags": {"type": "array", "items": _TEXT},
                    "language": {"type": "string", "pattern": f"^{_LANGUAGE.pattern}$"},
                    "attachments": {"type": "array"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
"""Source: jsonfeed.org/version/1.1. Addresses of pages may be paths: they are where the API's own address is not known."""


def assert_json_feed(feed: object) -> None:
    Draft202012Validator.check_schema(JSON_FEED)
    Draft202012Validator(JSON_FEED).validate(feed)
    assert isinstance(feed, dict)
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)


def assert_sitemap(body: bytes) -> dict[str, str | None]:
    """The rules of sitemaps.org 0.9; returns each address with its lastmod."""
    assert len(body) <= 50 * 1024 * 1024
    urlset = parsed(body)
    assert urlset.tag == f"{SITEMAP}urlset"
    assert 1 <= len(urlset) <= 50_000
    return dict(_located(urlset, "url"))


def assert_sitemap_index(body: bytes) -> list[str]:
    index = parsed(body)
    assert index.tag == f"{SITEMAP}sitemapindex"
    assert 1 <= len(index) <= 50_000
    return [location for location, _ in _located(index, "sitemap")]


def _located(parent: ET.Element, name: str) -> Iterable[tuple[str, str | None]]:
    hosts = set()
    for child in parent:
        assert child.tag == f"{SITEMAP}{name}"
        tags = [inner.tag for inner in child]
        assert tags in ([f"{SITEMAP}loc"], [f"{SITEMAP}loc", f"{SITEMAP}lastmod"])
        location, modified = child[0].text or "", child.findtext(f"{SITEMAP}lastmod")
        assert len(location) < 2048
        assert location.isascii()
        assert modified is None or _RFC_3339.fullmatch(modified)
        parts = urlsplit(location)
        assert parts.scheme in ("http", "https")
        hosts.add(parts.netloc)
        yield location, modified
    assert len(hosts) == 1


def _links(element: ET.Element, relation: str) -> list[ET.Element]:
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") == relation]


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def _assert_at_most_one(element: ET.Element, *names: str) -> None:
    for name in names:
        assert len(element.findall(f"{ATOM}{name}")) <= 1, name
