"""What the public sees at one instant, document by document, as hashes and cache tags: what two states are compared by.

Cache tags are the ones that answers carry in ``Cache-Tag``. An answer made of posts carries ``posts`` or tags of the posts
in it; whoever sees a document change invalidates the document's tags, those it had before and those it has now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from pydantic_core import to_json

from search_index.catalog import Catalog, DocumentRow
from search_index.composing import page_api_url, post_api_url
from search_index.diagnostics import ContentProblem
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

OWN_BYTES = 17
"""How much of a document's hash stands for its own JSON, ``api_url`` included; the rest for the links to its neighbours,
which stand in the whole JSON alone."""

_NO_NEIGHBOUR = bytes(OWN_BYTES)


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A public post or page. ``own_tags`` are on the answer that has it whole, ``tags`` on the others that depend on it.

    ``addresses`` is a text that differs where the paths do that lead to it.
    """

    kind: Kind
    id: str
    slug: str
    api_url: str
    path: str
    addresses: str
    own_tags: tuple[str, ...]
    tags: tuple[str, ...]


class PublicState(Protocol):
    """The public posts and pages of one instant: a hash of each one's JSON, and the rest of the few that are asked for."""

    @property
    def hashes(self) -> Mapping[DocumentKey, bytes]: ...

    def document(self, key: DocumentKey) -> PublicDocument: ...


class CatalogState:
    """The state of a generation at ``now`` (UTC epoch seconds), while its catalog is open."""

    def __init__(self, catalog: Catalog, now: int) -> None:
        self._catalog = catalog
        self._shared = catalog.shared_slugs(now)
        rows = list(catalog.documents(now))
        self._rows = {(row.kind, row.id): row for row in rows}
        address = {row.row: b"\1" if row.kind == Kind.POST and row.slug in self._shared else b"\0" for row in rows}
        links: dict[int | None, bytes] = {row.row: row.link_hash + address[row.row] for row in rows}
        links[None] = _NO_NEIGHBOUR
        self._hashes = {
            key: row.content_hash + address[row.row] + links[row.newer] + links[row.older]
            for key, row in self._rows.items()
        }

    @property
    def hashes(self) -> Mapping[DocumentKey, bytes]:
        return self._hashes

    def document(self, key: DocumentKey) -> PublicDocument:
        row = self._rows[key]
        return PublicDocument(
            kind=Kind(row.kind),
            id=row.id,
            slug=row.slug,
            api_url=_api_url(row, self._shared),
            path=row.path,
            addresses=to_json(self._catalog.addresses_at(row.row)).decode(),
            own_tags=own_tags(Kind(row.kind), row.id, row.slug, row.path),
            tags=tuple(_tags(row, self._catalog.terms_at(row.row))),
        )


def public_version(
    catalog: Catalog, now: int, not_found_yet: Set[str], diagnosed: Sequence[ContentProblem] | None = None
) -> str:
    """A hash (hex) of what is publicly visible at ``now``, the same on every host.

    ``not_found_yet`` are the ids of posts that can be listed and not yet be found: that moment has a version of its own.
    ``diagnosed`` is the catalog's, where somebody has asked for it already.
    """
    visible = catalog.visible_hash(now, diagnosed)
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
    """Those of the answers that show the document or count it."""
    if row.kind == Kind.POST:
        yield from ("posts", "archives")
    else:
        yield "pages"
    yield from ("collections", f"collection:{row.collection}")
    yield from dict.fromkeys(taxonomy for taxonomy, _ in terms)
    for taxonomy, path in terms:
        yield f"{SINGULAR[Taxonomy(taxonomy)]}:{path}"
