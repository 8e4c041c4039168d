"""From a ``Post`` as read to what a generation stores of it: finished JSON, and the columns that lists are made by."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from math import ceil
from urllib.parse import quote

from search_index import wire
from search_index.front_matter_fields import FieldValue, field_values
from search_index.model import Cover, Heading, Kind, Post, SiteLink, TermRef
from search_index.settings import SiteSettings
from search_index.site_paths import loose_path, site_path
from search_index.taxonomy import Taxonomy, ancestors
from search_index.vocabulary import PostWords

SHAPE_VERSION = "7"
"""Raise it when the stored JSON or columns change: every generation is then built anew."""

_LONGEST_KEY = 2048
"""Characters of a slug in an address, percent-encoded: a request line takes 8 KiB."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")

_NEIGHBOURS = ',"prev":null,"next":null}'


@dataclass(frozen=True, slots=True)
class ComposedTerm:
    """One row of a post's terms; ``own`` is False for the ancestors of a category that the post names."""

    taxonomy: Taxonomy
    path: str
    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class ComposedAddress:
    """A path of the site that leads to the post: its own, or with ``is_alias`` an older one. ``loose`` as in ``site_paths``."""

    path: str
    loose: str
    is_alias: bool


@dataclass(frozen=True, slots=True)
class ComposedPost:
    """A post ready for the catalog.

    ``summary`` and ``link`` are whole JSON objects, ``body`` is a ``Post`` object cut before ``prev`` and ``next`` (which
    depend on the moment); ``api_url`` of a post in all three is the one by slug, exchanged at read time where the slug is
    shared. Times are UTC epoch seconds; ``year`` and ``month`` are the authored ones. ``highlighting`` is what
    snippets are made from, as JSON; ``words`` its ``PostWords`` as JSON; ``markdown`` and ``links`` as in ``Post``.
    """

    kind: Kind
    id: str
    slug: str
    collection: str
    lang: str
    path: str
    chain: str
    sequence: str
    title_key: str
    published_at: int | None
    updated_at: int | None
    year: int | None
    month: int | None
    reading_time: int
    featured: bool
    visible_from: int | None
    visible_until: int | None
    summary: str
    body: str
    link: str
    text: str
    highlighting: str
    words: str
    markdown: str
    terms: tuple[ComposedTerm, ...]
    addresses: tuple[ComposedAddress, ...]
    fields: tuple[FieldValue, ...]
    links: tuple[SiteLink, ...]


def compose(post: Post, settings: SiteSettings, words: PostWords) -> ComposedPost:
    """Compose a post, or the preview of one; ``words`` are those that it can be found by.

    The wire models validate what is stored.
    """
    url = public_url(settings.public_url, post.path) if post.on_site else None
    api_url = page_api_url(post.id) if post.kind is Kind.PAGE else post_api_url(_key(post.slug, post.id))
    summary = {
        "kind": post.kind,
        "id": post.id,
        "slug": post.slug,
        "collection": post.collection,
        "url": url,
        "path": post.path,
        "api_url": api_url,
        "title": post.title,
        "excerpt": post.excerpt,
        "excerpt_html": post.excerpt_html,
        "excerpt_source": post.excerpt_source,
        "published_at": _timestamp(post.published_at),
        "updated_at": _timestamp(post.updated_at),
        "status": post.status,
        "lang": post.lang,
        "featured": post.featured,
        "tags": [_term_link(Taxonomy.TAGS, term) for term in post.tags],
        "categories": [
            {
                "slug": term.slug,
                "path": term.path,
                "name": term.name,
                "api_url": term_api_url(Taxonomy.CATEGORIES, term.path),
            }
            for term in post.categories
        ],
        "authors": [_term_link(Taxonomy.AUTHORS, term) for term in post.authors],
        "series": _term_link(Taxonomy.SERIES, post.series) if post.series else None,
        "cover": _cover(post.cover),
        "word_count": post.word_count,
        "reading_time": post.reading_time,
        "source": {"path": post.source.path, "sha256": post.source.sha256},
    }
    whole = wire.Post.model_validate(
        {
            **summary,
            "html": post.rendered.html,
            "toc": nest_headings(post.rendered.headings),
            "aliases": list(post.aliases),
            "front_matter": dict(post.front_matter),
            "prev": None,
            "next": None,
        }
    ).model_dump_json()
    link = wire.PostLink.model_validate({key: summary[key] for key in wire.PostLink.model_fields})
    return ComposedPost(
        kind=post.kind,
        id=post.id,
        slug=post.slug,
        collection=post.collection,
        lang=post.lang,
        path=post.path,
        chain=post.chain,
        sequence=post.sequence,
        title_key=title_key(post.title),
        published_at=_epoch(post.published_at),
        updated_at=_epoch(post.updated_at),
        year=post.published_at.year if post.published_at else None,
        month=post.published_at.month if post.published_at else None,
        reading_time=post.reading_time,
        featured=post.featured,
        visible_from=post.visible_from,
        visible_until=post.visible_until,
        summary=wire.PostSummary.model_validate(summary).model_dump_json(),
        body=whole.removesuffix(_NEIGHBOURS),
        link=link.model_dump_json(),
        text=post.rendered.text,
        highlighting=_highlighting(post),
        words=words.to_json(),
        markdown=post.markdown,
        terms=tuple(_terms(post)),
        addresses=tuple(_addresses(post)),
        fields=tuple(field_values(post.front_matter)),
        links=post.links,
    )


def with_neighbours(body: bytes, newer: bytes | None, older: bytes | None) -> bytes:
    """A stored ``body`` made whole: ``prev`` is the older post, ``next`` the newer one (``PostLink`` objects)."""
    return b"".join((body, b',"prev":', older or b"null", b',"next":', newer or b"null", b"}"))


def with_api_url(stored: bytes, slug: str, post_id: str) -> bytes:
    """The same JSON with the post's own ``api_url`` by id.

    The first ``"api_url"`` key of a post is its own: what stands before it are strings, whose quotes are escaped.
    """
    by_slug = f'"api_url":{_json_string(post_api_url(slug))}'.encode()
    by_id = f'"api_url":{_json_string(post_api_url(post_id))}'.encode()
    return stored.replace(by_slug, by_id, 1)


def _key(slug: str, post_id: str) -> str:
    """What a post is asked for by: its slug where that can stand in an address, else its id.

    It cannot where a slash has nothing before or behind it, or a segment is of dots, which clients take out (RFC 3986,
    section 5.2.4); with controls in it; and where the address would be longer than is read.
    """
    is_addressable = (
        len(quote(slug)) <= _LONGEST_KEY
        and all(segment not in ("", ".", "..") for segment in slug.split("/"))
        and not _CONTROLS.search(slug)
    )
    return slug if is_addressable else post_id


def post_api_url(key: str) -> str:
    """The root-relative API address of a post, by slug or id, percent-encoded."""
    return f"/v1/posts/{quote(key, safe='/')}"


def page_api_url(page_id: str) -> str:
    """The root-relative API address of a page, percent-encoded."""
    return f"/v1/pages/{quote(page_id, safe='/')}"


def collection_api_url(name: str) -> str:
    """The root-relative API address of a collection's list, percent-encoded."""
    return f"/v1/collections/{quote(name, safe='')}"


def term_api_url(taxonomy: Taxonomy, path: str) -> str:
    """The root-relative API address of a term, percent-encoded."""
    return f"/v1/{taxonomy}/{quote(path, safe='/')}"


def public_url(site_url: str, path: str) -> str | None:
    """The post's address on the public site, percent-encoded; None when the site's address is not known."""
    return f"{site_url}{encoded_path(path)}" if site_url else None


def encoded_path(path: str) -> str:
    """A path of the site as it stands in a URL; what is percent-encoded already stays."""
    return quote(path, safe=_URL_CHARACTERS)


_URL_CHARACTERS = "/%:@!$&'()*+,;=~-._?#"


def title_key(title: str) -> str:
    """What titles are ordered by: case and compatibility forms folded, compared by code point."""
    return unicodedata.normalize("NFKC", title).casefold()


def nest_headings(headings: Iterable[Heading]) -> list[dict[str, object]]:
    """Headings that can be linked to, as a tree: each stands below the nearest earlier one of a higher level."""
    roots: list[dict[str, object]] = []
    open_lists: list[tuple[int, list[dict[str, object]]]] = []
    for heading in headings:
        if not heading.anchor:
            continue
        while open_lists and open_lists[-1][0] >= heading.level:
            open_lists.pop()
        siblings = open_lists[-1][1] if open_lists else roots
        children: list[dict[str, object]] = []
        siblings.append({"id": heading.anchor, "text": heading.text, "level": heading.level, "children": children})
        open_lists.append((heading.level, children))
    return roots


def _addresses(post: Post) -> Iterable[ComposedAddress]:
    if not post.on_site:
        return
    own = site_path(post.path)
    yield ComposedAddress(own, loose_path(own), False)
    for alias in dict.fromkeys(map(site_path, post.aliases)):
        if alias != own:
            yield ComposedAddress(alias, loose_path(alias), True)


def _terms(post: Post) -> Iterable[ComposedTerm]:
    flat = ((Taxonomy.TAGS, post.tags), (Taxonomy.AUTHORS, post.authors))
    for taxonomy, terms in flat:
        for term in terms:
            yield ComposedTerm(taxonomy, term.path, term.name, True)
    if post.series:
        yield ComposedTerm(Taxonomy.SERIES, post.series.path, post.series.name, True)
    own = {term.path for term in post.categories}
    above: dict[str, str] = {}
    for term in post.categories:
        yield ComposedTerm(Taxonomy.CATEGORIES, term.path, term.name, True)
        above |= dict(zip(ancestors(term.path), term.names, strict=False))
    for path, name in above.items():
        if path not in own:
            yield ComposedTerm(Taxonomy.CATEGORIES, path, name, False)


def _highlighting(post: Post) -> str:
    return json.dumps(
        {
            "title": post.title,
            "excerpt": post.excerpt,
            "terms": post.term_names,
            "lang": post.lang,
            "sections": post.rendered.sections,
            "code_spans": post.rendered.code_spans,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _term_link(taxonomy: Taxonomy, term: TermRef) -> dict[str, str]:
    return {"slug": term.path, "name": term.name, "api_url": term_api_url(taxonomy, term.path)}


def _cover(cover: Cover | None) -> dict[str, object] | None:
    return asdict(cover) if cover else None


def _timestamp(moment: datetime | None) -> str | None:
    """RFC 3339, whose offsets have whole minutes: local mean times of old dates are shown in the nearest minute's."""
    if moment is None:
        return None
    offset = moment.utcoffset() or timedelta()
    if offset.total_seconds() % 60:
        minutes = timedelta(minutes=round(offset.total_seconds() / 60))
        moment = moment.astimezone(timezone(minutes))
    return moment.isoformat(timespec="seconds")


def _epoch(moment: datetime | None) -> int | None:
    return ceil(moment.timestamp()) if moment else None


def _json_string(text: str) -> str:
    return json.dumps(text)
