"""What the public sees at one instant, document by document, as hashes and cache tags: what two states are compared by.

Cache tags are the ones that answers carry in ``Cache-Tag``. An answer made of posts carries ``posts`` or tags of the posts
in it; whoever sees a document change invalidates the document's tags, those it had before and those it has now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from hashlib import blake2b

from search_index.catalog import Catalog, DocumentRow
from search_index.composing import page_api_url, post_api_url
from search_index.model import Kind
from search_index.site_paths import loose_path, site_path
from search_index.taxonomy import Taxonomy

SINGULAR = {
    Taxonomy.TAGS: "tag",
    Taxonomy.CATEGORIES: "category",
    Taxonomy.AUTHORS: "author",
    Taxonomy.SERIES: "series",
}
"""What a term is called, in cache tags and in errors."""

DocumentKey = tuple[str, str]
"""Kind and id: a post that becomes a page is another document."""

PublicState = Mapping[DocumentKey, "PublicDocument"]


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A public post or page.

    ``own`` is a hash of its JSON, ``api_url`` included; ``around`` one of the links to its neighbours, which stand in the
    whole JSON alone. ``own_tags`` are on the answer that has it whole, ``tags`` on the others that depend on it.
    """

    kind: Kind
    id: str
    slug: str
    api_url: str
    path: str
    own: bytes
    around: bytes
    own_tags: tuple[str, ...]
    tags: tuple[str, ...]

    @property
    def key(self) -> DocumentKey:
        return self.kind, self.id

    @property
    def hash(self) -> bytes:
        """32 bytes that stand for all its JSON."""
        return self.own + self.around


def public_state(catalog: Catalog, now: int) -> dict[DocumentKey, PublicDocument]:
    """The public posts and pages of a generation at ``now`` (UTC epoch seconds), by kind and id."""
    shared = catalog.shared_slugs(now)
    terms = catalog.document_terms(now)
    rows = list(catalog.documents(now))
    addresses = {row.row: _api_url(row, shared) for row in rows}
    links = {row.row: row.link_hash + addresses[row.row].encode() for row in rows}
    documents = (
        PublicDocument(
            kind=Kind(row.kind),
            id=row.id,
            slug=row.slug,
            api_url=addresses[row.row],
            path=row.path,
            own=_digest(row.content_hash, addresses[row.row].encode()),
            around=_digest(*(links[near] if near is not None else b"" for near in (row.newer, row.older))),
            own_tags=own_tags(Kind(row.kind), row.id, row.slug, row.path),
            tags=tuple(_tags(row, terms.get(row.row, []))),
        )
        for row in rows
    )
    return {document.key: document for document in documents}


def public_version(catalog: Catalog, now: int, not_found_yet: Set[str]) -> str:
    """A hash (hex) of what is publicly visible at ``now``, the same on every host.

    ``not_found_yet`` are the ids of posts that can be listed and not yet be found: that moment has a version of its own.
    """
    visible = catalog.visible_hash(now)
    if not not_found_yet:
        return visible
    return blake2b("\n".join((visible, *sorted(not_found_yet))).encode(), digest_size=16).hexdigest()


def own_tags(kind: Kind, document_id: str, slug: str, path: str) -> tuple[str, ...]:
    """The cache tags of a document's own answer; a page can be asked for by three names, of which others may get hold."""
    if kind is Kind.POST:
        return (f"post:{slug or document_id}",)
    names = (slug or document_id, document_id, page_name(path))
    return tuple(dict.fromkeys(f"page:{name}" for name in names if name))


def page_name(path: str) -> str:
    """A page's path on the site as it is compared, without the slash it begins with."""
    return loose_path(site_path(path)).removeprefix("/")


def _api_url(row: DocumentRow, shared: Set[str]) -> str:
    if row.kind == Kind.PAGE:
        return page_api_url(row.id)
    return post_api_url(row.id if row.slug in shared else row.slug)


def _tags(row: DocumentRow, terms: list[tuple[str, str]]) -> Iterator[str]:
    """Those of the answers that show the document, count it, or lead to it."""
    if row.kind == Kind.POST:
        yield from ("posts", "archives")
    else:
        yield "pages"
    yield from ("resolve", "collections", f"collection:{row.collection}")
    yield from dict.fromkeys(taxonomy for taxonomy, _ in terms)
    for taxonomy, path in terms:
        yield f"{SINGULAR[Taxonomy(taxonomy)]}:{path}"


def _digest(*parts: bytes) -> bytes:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(4, "big") + part)
    return digest.digest()
