"""What was worked out before."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

_Value = TypeVar("_Value")
_NOTHING = object()


class Kept:
    """Values by key, at most ``most`` of them: when there is no room, all are forgotten.

    Safe from several threads, which may work out the same value. It holds nothing of who asks, so it goes when its owner does.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Hashable, object] = {}

    def get(self, key: Hashable, work_out: Callable[[], _Value]) -> _Value:
        """The value of ``key``, from ``work_out`` where it is not kept."""
        value = self._values.get(key, _NOTHING)
        if value is _NOTHING:
            value = work_out()
            if len(self._values) >= self._most:
                self._values.clear()
            self._values[key] = value
        return cast("_Value", value)
