"""The moment, passed down: nothing in ``search_index`` or ``api`` asks the machine for the time of day but here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present instant, aware, in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """Stands still at one instant (``OCTAVO_NOW``: tests and previews)."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant
