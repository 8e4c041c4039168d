"""How often a caller may ask: a token bucket each, kept as one number (GCRA, the generic cell rate algorithm).

Source: ITU-T I.371, annex A, in its virtual scheduling form; header fields as in draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

MOST_CALLERS = 10_000
"""Callers that are remembered, a worker and a limit: about 2 MB. Beyond, the one that was not seen for longest is forgotten and
begins anew, so that a flood of addresses takes no memory."""

_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """``per_second`` requests on average, ``burst`` of them at once. ``name`` is what its header fields call it."""

    name: str
    per_second: float
    burst: int

    @property
    def interval(self) -> int:
        """Nanoseconds until one more is allowed."""
        return ceil(_SECOND / self.per_second)

    @property
    def policy(self) -> str:
        """An item of ``RateLimit-Policy``: the quota, and the seconds in which the whole of it comes back."""
        return f'"{self.name}";q={self.burst};w={_seconds(self.burst * self.interval)}'


class TokenBuckets:
    """One bucket a caller. Instants are whole nanoseconds of one monotonic clock, so that nothing is gained by rounding.

    A bucket is the instant at which it will be full again. Used from the event loop alone, so it needs no lock.
    """

    def __init__(self, rate: Rate, most_callers: int = MOST_CALLERS) -> None:
        self.rate = rate
        self._most_callers = most_callers
        self._full_at: OrderedDict[str, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def wait(self, caller: str, now: int) -> int:
        """Nanoseconds until ``caller`` has a token; 0 where it has one."""
        return max(0, self._full(caller, now) - now - (self.rate.burst - 1) * self.rate.interval)

    def take(self, caller: str, now: int) -> None:
        """Take a token, which is there (``wait`` is 0)."""
        self._full_at[caller] = self._full(caller, now) + self.rate.interval
        self._full_at.move_to_end(caller)
        if len(self._full_at) > self._most_callers:
            self._full_at.popitem(last=False)

    def standing(self, caller: str, now: int) -> str:
        """An item of ``RateLimit``: the tokens left, and the seconds until all are back."""
        missing = self._full(caller, now) - now
        left = self.rate.burst - -(-missing // self.rate.interval)
        return f'"{self.rate.name}";r={max(0, left)};t={_seconds(missing)}'

    def _full(self, caller: str, now: int) -> int:
        return max(self._full_at.get(caller, now), now)


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a request may pass, and its header fields. ``wait`` is in whole seconds, at least 1 where it may not, else 0."""

    wait: int
    limit: str
    policy: str


def admit(buckets: Sequence[TokenBuckets], caller: str, now: int) -> Admission:
    """Take a token of each bucket, or of none where one is empty."""
    wait = max(bucket.wait(caller, now) for bucket in buckets)
    if not wait:
        for bucket in buckets:
            bucket.take(caller, now)
    return Admission(
        max(1, _seconds(wait)) if wait else 0,
        ", ".join(bucket.standing(caller, now) for bucket in buckets),
        ", ".join(bucket.rate.policy for bucket in buckets),
    )


def _seconds(nanoseconds: int) -> int:
    return -(-nanoseconds // _SECOND)
