"""Any text at all in a feed: always well-formed, always read back the same."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.feeds.atom import atom
from api.feeds.feed import Entry, Feed, Picture
from api.feeds.json_feed import json_feed
from api.feeds.rss import rss
from api.feeds.xml import around, element
from tests.api.feed_rules import ATOM, CONTENT, assert_atom, assert_json_feed, assert_rss, parsed

TEXT = st.text(max_size=60) | st.text(
    "<>&'\"]]>\x00\x0b\x1f\x7f\x85\ud800\ufffe\uffff\r\n\t \u2028\u202e🎈א", max_size=60
)


def sayable(text: str) -> str:
    """The text less what XML 1.0, section 2.2, has no character for."""
    return "".join(
        char
        for char in text
        if char in "\t\n\r" or "\x20" <= char <= "\ud7ff" or "\ue000" <= char <= "\ufffd" or char >= "\U00010000"
    )


def feed_of(title: str, body: str, name: str) -> Feed:
    entry = Entry(
        id="https://example.org/a/",
        url="https://example.org/a/",
        title=title,
        summary=body,
        html=body,
        lang="en",
        authors=(name,),
        terms=((name, name),),
        published="2024-05-28T23:23:39-05:00",
        updated=None,
        cover=Picture("https://example.org/a.png", name, "image/png", 1, 1),
    )
    own = "https://api.example.org/feeds/atom.xml"
    return Feed(own, title, body, "https://example.org/", "en", name, own, own, None, (entry,))


@given(TEXT, TEXT, st.text(min_size=1, max_size=9).filter(lambda name: sayable(name).strip() != ""))
def test_atom_is_well_formed_and_reads_back_the_same(title: str, body: str, name: str) -> None:
    found = assert_atom(atom(feed_of(title, body, name)))
    entry = found.find(f"{ATOM}entry")
    assert entry is not None
    assert (entry.findtext(f"{ATOM}title") or "") == sayable(title)
    assert (entry.findtext(f"{ATOM}content") or "") == sayable(body)
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == sayable(name)
    (picture,) = (link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "enclosure")
    assert picture.get("title") == sayable(name)


@given(st.text(min_size=1, max_size=9).filter(lambda text: sayable(text) != ""), TEXT)
def test_rss_is_well_formed_and_reads_back_the_same(title: str, body: str) -> None:
    item = assert_rss(rss(feed_of(title, body, "Ann"))).find("item")
    assert item is not None
    assert item.findtext("title") == sayable(title)
    assert (item.findtext(f"{CONTENT}encoded") or "") == sayable(body)


@given(st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_json_feed_reads_back_the_same(title: str, body: str) -> None:
    found: dict[str, Any] = json.loads(json_feed(feed_of(title, body, "Ann")))
    assert_json_feed(found)
    assert (found["title"], found["items"][0]["title"]) == (title, title)
    assert found["items"][0]["content_html"] == body


@given(TEXT)
def test_text_and_attributes_keep_every_character_that_xml_can_say(text: str) -> None:
    found = parsed(element("a", text, {"b": text}).encode())
    assert (found.text or "", found.get("b")) == (sayable(text), sayable(text))


def test_an_element_without_anything_in_it_is_closed_at_once() -> None:
    assert around("a", (), {"b": "1"}) == '<a b="1"/>'
    with pytest.raises(ET.ParseError):
        parsed(b"<a>]]></a>")
