"""The order in which posts are each other's neighbours, as texts whose order is that of the values in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

_ZERO = 2**63
_LONGEST = 200
"""Characters of a text that count."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands: among the posts of its ``chain``, the newer ones having the greater ``sequence``."""

    chain: str
    sequence: str


def chronological(moment: datetime | None, path: str) -> Place:
    """By date, of one date by path; posts without a date are a chain of their own."""
    return Place("dated" if moment else "undated", rising(int(moment.timestamp()) if moment else 0, path))


def rising(*values: int | str) -> str:
    """A text that is greater where the first differing value is."""
    return _encoded(values).hex()


def falling(*values: int | str) -> str:
    """A text that is less where the first differing value is greater."""
    return bytes(255 - byte for byte in _encoded(values)).hex()


def _encoded(values: tuple[int | str, ...]) -> bytes:
    return b"".join(_one(value) for value in values)


def _one(value: int | str) -> bytes:
    if isinstance(value, int):
        return (min(max(value, -_ZERO), _ZERO - 1) + _ZERO).to_bytes(8, "big")
    return value[:_LONGEST].replace("\0", "").encode("utf-8", "surrogatepass") + b"\0"
