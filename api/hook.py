"""The refresh hook of one worker: whoever knows the secret may have the content looked at now. It fetches nothing."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path

from pydantic import SecretStr
from starlette.datastructures import Headers

from api.hook_signatures import TOLERANCE_SECONDS, verified
from api.problems import ProblemError
from api.schemas.hooks import RefreshOutcome
from api.schemas.problems import ErrorCode
from search_index.clock import Clock
from search_index.refresh import request_refresh

logger = logging.getLogger("octavo.hook")

HOOK_PATH = "/v1/hooks/refresh"

KEPT_SECONDS = 2 * TOLERANCE_SECONDS
"""As long as a signed time can count: it may be ahead of our clock when it comes, and behind it when it comes again."""
MOST_KEPT = 10_000


class SeenDeliveries:
    """The deliveries of the last ten minutes, by digests of their names: at most ``MOST_KEPT``, the oldest leave first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    def add(self, names: tuple[str, ...], now: float) -> bool:
        """Whether none of the names was there; ``now`` is in seconds."""
        while self._seen and (len(self._seen) > MOST_KEPT or now - next(iter(self._seen.values())) > KEPT_SECONDS):
            self._seen.popitem(last=False)
        digests = [_digest(name) for name in names]
        if any(digest in self._seen for digest in digests):
            return False
        self._seen |= dict.fromkeys(digests, now)
        return True

    def forget(self, names: tuple[str, ...]) -> None:
        for name in names:
            self._seen.pop(_digest(name), None)


class RefreshHook:
    """Used from the event loop alone, so it needs no lock. ``clock`` is the machine's: signatures carry true times."""

    def __init__(self, secret: SecretStr, file: Path, clock: Clock) -> None:
        self._secret = secret
        self._file = file
        self._clock = clock
        self._seen = SeenDeliveries()

    async def receive(self, headers: Headers, body: bytes) -> RefreshOutcome:
        """Tell the indexer to look, if the delivery is a new one.

        Raises ``ProblemError``: ``signature_invalid``, or ``hook_unavailable`` where the indexer cannot be told; the same
        delivery may be tried again then.
        """
        now = self._clock.now().timestamp()
        delivery = verified(headers, body, self._secret.get_secret_value(), now)
        if delivery is None:
            raise ProblemError(
                ErrorCode.SIGNATURE_INVALID,
                "the request is not signed with this hook's secret",
                headers={"WWW-Authenticate": "HMAC-SHA256"},
            )
        if delivery.ping:
            return RefreshOutcome.PING
        if not self._seen.add(delivery.names, now):
            return RefreshOutcome.REPEATED
        try:
            await asyncio.to_thread(request_refresh, self._file)
        except OSError as error:
            self._seen.forget(delivery.names)
            entry = {"event": "refresh_not_requested", "file": str(self._file), "error": error.strerror or str(error)}
            logger.error("%s", json.dumps(entry))
            raise ProblemError(
                ErrorCode.HOOK_UNAVAILABLE, "the indexer cannot be told; the log has the reason", retry_after=60
            ) from error
        logger.info("%s", json.dumps({"event": "refresh_requested", "form": delivery.form}))
        return RefreshOutcome.REQUESTED


def _digest(name: str) -> bytes:
    return sha256(name.encode("utf-8", "surrogateescape")).digest()
