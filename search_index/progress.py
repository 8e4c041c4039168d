"""How something long tells that it goes on."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told of files as they are read."""

    def start(self, total: int) -> None: ...

    def advance(self, count: int) -> None: ...

    def finish(self) -> None: ...


class NoProgress:
    """Says nothing."""

    def start(self, total: int) -> None:
        del total

    def advance(self, count: int) -> None:
        del count

    def finish(self) -> None:
        return
