"""The small files that name generations: ``CURRENT``, ``PIN`` and ``HISTORY``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_ID = re.compile(r"[0-9a-f]{32}")
_POINTER = re.compile(rb"([1-9][0-9]{0,17}) ([0-9a-f]{32})\n")
_HISTORY_LINE = re.compile(rb"(0|[1-9][0-9]{0,17}) ([0-9a-f]{32}) (-|[0-9]{1,12})")


@dataclass(frozen=True, slots=True)
class Published:
    """A publication: ``sequence`` rises by at least one with each, from 1; ``id`` is the generation's."""

    sequence: int
    id: str

    def as_line(self) -> bytes:
        return f"{self.sequence} {self.id}\n".encode()


@dataclass(frozen=True, slots=True)
class Past:
    """When a generation was last published (0: never), and when superseded (UTC epoch seconds; None: not known)."""

    sequence: int
    superseded_at: int | None


def is_id(text: str) -> bool:
    """Whether ``text`` has the form of a generation's id."""
    return _ID.fullmatch(text) is not None


def parse_pointer(content: bytes) -> Published | None:
    """What ``CURRENT`` or ``PIN`` says; None where it is anything but one whole line."""
    match = _POINTER.fullmatch(content)
    return Published(int(match[1]), match[2].decode()) if match else None


def parse_history(content: bytes) -> dict[str, Past]:
    """By id, the line with the highest sequence. Lines that are damaged are passed over: ``HISTORY`` is derived."""
    history: dict[str, Past] = {}
    for line in content.splitlines():
        match = _HISTORY_LINE.fullmatch(line)
        if match is None:
            continue
        past = Past(int(match[1]), None if match[3] == b"-" else int(match[3]))
        known = history.get(match[2].decode())
        if known is None or known.sequence <= past.sequence:
            history[match[2].decode()] = past
    return history


def history_as_bytes(history: Iterable[tuple[str, Past]]) -> bytes:
    """The content of ``HISTORY``, oldest first."""
    ordered = sorted(history, key=lambda item: (item[1].sequence, item[0]))
    lines = (
        f"{past.sequence} {generation} {'-' if past.superseded_at is None else past.superseded_at}\n"
        for generation, past in ordered
    )
    return "".join(lines).encode()
