"""Who may ask, and how often: read keys and rates, both off unless they are set. Looked at before all else of a request."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from starlette.types import Scope

from api.client_address import Network, caller_name, client_address
from api.hook import HOOK_PATH
from api.problems import ProblemError
from api.rates import Rate, TokenBuckets, admit
from api.read_keys import ReadKey, bearer_token, key_of, parse_read_keys
from api.schemas.problems import ErrorCode
from api.settings import ServiceSettings

ANALYTICS_PATH = "/v1/search/analytics"
PROBES = frozenset({"/healthz", "/readyz"})
"""Whoever watches over the process has no key and may ask as often as it likes."""

_SEARCHES = "/v1/search"

MonotonicNs = Callable[[], int]
HeaderList = list[tuple[bytes, bytes]]


class Access:
    """The keys and the rates of one worker."""

    def __init__(self, settings: ServiceSettings, monotonic_ns: MonotonicNs = time.monotonic_ns) -> None:
        keys, token = settings.read_keys, settings.search_analytics_token
        self._keys = parse_read_keys(keys.get_secret_value()) if keys else ()
        self._analytics_key = ReadKey.of("search-analytics", token.get_secret_value()) if token else None
        self._requests = _buckets("requests", settings.rate_limit, settings.rate_burst)
        self._searches = _buckets("searches", settings.search_rate_limit, settings.search_rate_burst)
        self._trusted: Sequence[Network] = settings.trusted_proxies
        self._monotonic_ns = monotonic_ns

    @classmethod
    def of(cls, settings: ServiceSettings, monotonic_ns: MonotonicNs) -> Access | None:
        """None where everybody may ask as often as they like, so that a request costs no more than to see that."""
        limited = settings.read_keys or settings.rate_limit or settings.search_rate_limit
        return cls(settings, monotonic_ns) if limited else None

    @property
    def needs_key(self) -> bool:
        return bool(self._keys)

    def check(self, scope: Scope, added: HeaderList) -> None:
        """Let the request pass. What its answer, whatever that is, says of its standing goes into ``added``.

        Raises ``ProblemError``: ``rate_limited``, or ``unauthorized``. A wrong key counts against the address it comes from.
        """
        path: str = scope["path"]
        if path in PROBES:
            return
        key = self._key(scope, path)
        if self._keys:
            added.append((b"vary", b"Authorization"))
        self._count(path, f"key {key.name}" if key else f"address {self._address(scope)}", added)
        if self._keys and key is None and path != HOOK_PATH:
            raise ProblemError(
                ErrorCode.UNAUTHORIZED,
                "send a read key as 'Authorization: Bearer ...'",
                headers={"WWW-Authenticate": "Bearer"},
            )

    def _key(self, scope: Scope, path: str) -> ReadKey | None:
        keys = self._keys
        if keys and self._analytics_key and path == ANALYTICS_PATH:
            keys = (*keys, self._analytics_key)
        return key_of(bearer_token(_values(scope, b"authorization")), keys) if keys else None

    def _address(self, scope: Scope) -> str:
        peer = scope.get("client")
        forwarded = [value.decode("latin-1") for value in _values(scope, b"x-forwarded-for")] if self._trusted else []
        return caller_name(client_address(peer[0] if peer else "", forwarded, self._trusted))

    def _count(self, path: str, caller: str, added: HeaderList) -> None:
        is_search = path == _SEARCHES or path.startswith(f"{_SEARCHES}/")
        buckets = (*self._requests, *self._searches) if is_search else self._requests
        if not buckets:
            return
        admission = admit(buckets, caller, self._monotonic_ns())
        added += [(b"ratelimit", admission.limit.encode()), (b"ratelimit-policy", admission.policy.encode())]
        if admission.wait:
            raise ProblemError(
                ErrorCode.RATE_LIMITED, "too many requests; wait before the next", retry_after=admission.wait
            )


def private(headers: Sequence[tuple[bytes, bytes]]) -> HeaderList:
    """The headers of an answer that a key was needed for: no cache may hand it to others."""
    kept = [(name, value) for name, value in headers if name != b"cache-control" or b"no-store" in value]
    if any(name == b"cache-control" for name, _ in kept):
        return kept
    return [*kept, (b"cache-control", b"private, max-age=0")]


def _buckets(name: str, per_second: float, burst: int) -> tuple[TokenBuckets, ...]:
    return (TokenBuckets(Rate(name, per_second, burst)),) if per_second else ()


def _values(scope: Scope, wanted: bytes) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == wanted]
