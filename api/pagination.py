"""Pages of a list: the body joined from finished JSON, and the links to the other pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from pydantic_core import to_json

from api.addresses import Parameter, address
from api.http_cache import Answer
from api.parameters import ChangesParameters, CollectionParameters, FilterParameters
from api.schemas.lists import Pagination
from search_index.answers import FacetCounts, PostPage
from search_index.included import json_array

_LINK_BYTES = 4096
"""Proxies refuse longer headers, and each of the four addresses has every filter in it; the body says ``next`` and ``prev`` in
any case."""


def json_object(members: Iterable[tuple[str, bytes]]) -> bytes:
    """An object of finished values."""
    return b"{" + b",".join(b'"%b":%b' % (name.encode(), value) for name, value in members) + b"}"


def facets_json(facets: Iterable[FacetCounts]) -> bytes:
    """As ``Facet`` declares them, written without the models: a facet may have a hundred values, and these cost four times as
    much."""
    return to_json(
        [
            {
                "field": facet.field,
                "buckets": [
                    {"value": row.value, "label": row.label, "count": row.count, "selected": row.selected}
                    for row in facet.buckets
                ],
                "truncated": facet.truncated,
            }
            for facet in facets
        ]
    )


def post_list(page: PostPage, parameters: CollectionParameters, path: str, *, lasting: bool = True) -> Answer:
    """The answer of a list at ``path`` (decoded)."""
    links = PageLinks(path, parameters, page.total, parameters.cursor_of(page.last) if page.last else None)
    body = json_object(
        [
            ("items", json_array(page.items)),
            ("pagination", links.pagination.model_dump_json().encode()),
            ("facets", facets_json(page.facets) if page.facets else b"[]"),
        ]
    )
    return Answer(body, links.headers(), lasting)


class PageLinks:
    """Where the other pages of one list are; every filter and ``per_page`` is kept.

    ``next_cursor`` is the place where this page ends, None where nothing comes behind it.
    """

    def __init__(
        self,
        path: str,
        parameters: FilterParameters | ChangesParameters,
        total: int,
        next_cursor: str | None,
        window: int | None = None,
    ) -> None:
        self._path = path
        self._query = [pair for pair in parameters.canonical() if pair[0] not in ("page", "cursor")]
        self._by_cursor = isinstance(parameters, FilterParameters) and parameters.cursor is not None
        self._next_cursor = next_cursor
        self._page = parameters.page
        self._per_page = parameters.per_page
        self._total = total
        self.total_pages = -(-total // parameters.per_page)
        self._last = max(
            1, self.total_pages if window is None else min(self.total_pages, window // parameters.per_page)
        )

    @cached_property
    def pagination(self) -> Pagination:
        """``next`` stands while there is a page to come that may be asked for; ``prev`` leads back into the list, but not
        from a cursor, which only goes on."""
        if self._by_cursor:
            onwards = address(self._path, [("cursor", self._next_cursor), *self._query]) if self._next_cursor else None
            return Pagination(
                page=None,
                per_page=self._per_page,
                total=self._total,
                total_pages=self.total_pages,
                next=onwards,
                prev=None,
                next_cursor=self._next_cursor,
            )
        return Pagination(
            page=self._page,
            per_page=self._per_page,
            total=self._total,
            total_pages=self.total_pages,
            next=self._address(self._page + 1) if self._page < self._last else None,
            prev=self._address(min(self._page - 1, self._last)) if self._page > 1 else None,
            next_cursor=self._next_cursor,
        )

    def headers(self) -> tuple[Parameter, ...]:
        """``Link`` (RFC 8288), unless it would be too long for a proxy, and ``X-Total-Count``."""
        here = self.pagination
        targets = [
            ("first", self._address(1)),
            ("prev", here.prev),
            ("next", here.next),
            ("last", None if self._by_cursor else self._address(self._last)),
        ]
        link = ", ".join(f'<{target}>; rel="{relation}"' for relation, target in targets if target)
        total = ("X-Total-Count", str(self._total))
        return (("Link", link), total) if len(link) <= _LINK_BYTES else (total,)

    def _address(self, page: int) -> str:
        return address(self._path, [("page", str(page)), *self._query] if page > 1 else self._query)
