"""Cursors: a place in a list or in the results of a search, as an opaque text. It says nothing that the answers do not."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from search_index.query import WINDOW, ListPosition, Order, SearchPosition, Sort

LONGEST_CURSOR = 4096

_T = TypeVar("_T")
_Whole = Annotated[int, Field(ge=-(2**63), lt=2**63)]
_LIST = TypeAdapter(tuple[Literal["l1"], Sort, Order, _Whole | str | None, _Whole | None, str])
_SEARCH = TypeAdapter(tuple[Literal["s1"], str, Annotated[int, Field(ge=0, le=WINDOW)], str])


class InvalidCursor(ValueError):
    """The text is no cursor, or one of another list; the message says which, after "is "."""


def list_cursor(place: ListPosition, sort: Sort, order: Order) -> str:
    return _encoded(_LIST, ("l1", sort, order, place.value, place.published_at, place.id))


def list_position(cursor: str, sort: Sort, order: Order) -> ListPosition:
    """Raises ``InvalidCursor``."""
    _, of_sort, of_order, value, published_at, post_id = _decoded(_LIST, cursor)
    if (of_sort, of_order) != (sort, order):
        raise InvalidCursor(f"of a list with sort={of_sort} and order={of_order}")
    return ListPosition(value, published_at, post_id)


def search_cursor(place: SearchPosition) -> str:
    return _encoded(_SEARCH, ("s1", place.version, place.offset, place.id))


def search_position(cursor: str) -> SearchPosition:
    """Raises ``InvalidCursor``."""
    _, version, offset, post_id = _decoded(_SEARCH, cursor)
    return SearchPosition(version, offset, post_id)


def _encoded(shape: TypeAdapter[_T], value: _T) -> str:
    return urlsafe_b64encode(shape.dump_json(value)).decode().rstrip("=")


def _decoded(shape: TypeAdapter[_T], cursor: str) -> _T:
    try:
        written = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        return shape.validate_json(written, strict=False)
    except (ValueError, ValidationError) as error:
        raise InvalidCursor("not one that this list gave as next_cursor") from error
