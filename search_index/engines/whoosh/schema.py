"""The fields of the index, as Whoosh's schema knows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from search_index.engines.port import IndexDocument, TextField
from search_index.engines.whoosh.border import FieldType, Format, Schema
from search_index.query import FacetField

MISSING = -(2**63)
"""What stands in a number column (64 bits, as Whoosh's ``NumericColumn("q")`` writes them) for a document without the
value."""

ID = "id"
TITLE_KEY = "title_key"

FILTER_FIELDS = tuple(field for field in FacetField if field not in (FacetField.YEAR, FacetField.MONTH))
"""Filter fields whose values are indexed; year and month are numbers."""

NUMBERS = (
    *("published_at", "updated_at", "visible_from", "visible_until"),
    *("year", "month", "reading_time", "featured"),
)

STRINGS = (ID, TITLE_KEY)

FIELD_ORDER = (ID, *FILTER_FIELDS, *TextField)
"""The order in which the fields stand in the term dictionary of every segment."""


def length_column(field: TextField) -> str:
    """The column with a field's exact lengths; Whoosh's own keeps them to the nearest of 256 steps."""
    return f"{field}_length"


def terms_column(field: str) -> str:
    """The column with a field's table of terms (``terms``)."""
    return f"{field}_terms"


class Occurrence(Format):  # type: ignore[misc]  # whoosh has no types
    """That a value stands in a document, no more."""

    posting_size = 0


class Positions(Format):  # type: ignore[misc]  # whoosh has no types
    """How often and where a token stands in a document; the value is its positions as big-endian 32-bit numbers."""

    posting_size = -1

    def decode_positions(self, value: bytes) -> list[int]:
        numbers: list[int] = np.frombuffer(value, ">u4").tolist()
        return numbers

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // 4

    def decode_weight(self, value: bytes) -> float:
        return float(self.decode_frequency(value))


def join_strings(values: Sequence[str]) -> bytes:
    """A string column: the UTF-8 of all values one behind the other, then their ends as 32-bit numbers."""
    encoded = [value.encode("utf-8", "surrogatepass") for value in values]
    ends = np.cumsum([len(value) for value in encoded], dtype="<u4")
    return b"".join(encoded) + ends.tobytes()


def split_strings(column: bytes, count: int) -> list[bytes]:
    """The values of a string column of ``count`` documents, as UTF-8."""
    ends = np.frombuffer(column, "<u4", count, len(column) - 4 * count).tolist()
    return [column[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def build_schema() -> Any:
    """The schema that is written into every index."""
    schema = Schema()
    for name in (ID, *FILTER_FIELDS):
        schema.add(str(name), FieldType(Occurrence(), None))
    for field in TextField:
        schema.add(str(field), FieldType(Positions(), None, scorable=True))
    return schema


def filter_values(document: IndexDocument) -> dict[FacetField, tuple[str, ...]]:
    """The document's values in each filter field."""
    return {
        FacetField.TAG: document.tags,
        FacetField.CATEGORY: document.categories,
        FacetField.AUTHOR: document.authors,
        FacetField.SERIES: () if document.series is None else (document.series,),
        FacetField.LANG: (document.lang,),
        FacetField.COLLECTION: (document.collection,),
    }


def numbers_of(document: IndexDocument) -> dict[str, int | None]:
    """The document's values in each number column."""
    return {
        "published_at": document.published_at,
        "updated_at": document.updated_at,
        "visible_from": document.visible_from,
        "visible_until": document.visible_until,
        "year": document.year,
        "month": document.month,
        "reading_time": document.reading_time,
        "featured": int(document.featured),
    }
