"""Validators and the response cache, both keyed by what is publicly visible: nothing is ever invalidated."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from api.addresses import Parameter, query_string
from api.analytics import Asked
from api.content_coding import Coding, Wanted, is_compressible

_OVERHEAD = 512
"""Bytes that an entry or a form costs beside its body and headers, about."""

_MOST_SPELLINGS = 4096
_LONGEST_SPELLING = 512
"""How many spellings of requests are remembered, and how long they may be: a few MiB at the most."""

CacheKey = tuple[str, str, str]
"""Snapshot version, path, canonical query string."""

Spelling = tuple[str, bytes]
"""A request as it was written: path and raw query string."""


RawHeaders = tuple[tuple[bytes, bytes], ...]
"""Header fields as ASGI has them."""

VARY_ENCODING = (b"vary", b"Accept-Encoding")


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished representation. ``lasting`` is False where the next request might get a better one; ``asked`` is the search
    that it answers, for the counters."""

    body: bytes
    headers: tuple[Parameter, ...] = ()
    lasting: bool = True
    asked: Asked | None = None
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Finished:
    """Where an answer is kept, and what its headers say beside those of the moment."""

    key: CacheKey
    etag: str
    tags: str


@dataclass(frozen=True, slots=True)
class Form:
    """An answer as it goes to one kind of client: its headers but for those of the moment, and the body in its coding.

    ``lines`` are the headers as HTTP/1.1 writes them, ``common_lines`` those of them that a 304 has too.
    """

    headers: RawHeaders
    lines: bytes
    common_lines: bytes
    body: bytes


def common_headers(finished: Finished, answer: Answer, wanted: Wanted, *, varies: bool) -> RawHeaders:
    """What a 200 and a 304 have in common, but for the headers of the moment. ``varies``: codings are negotiated.

    The tag is weak for a client that asks for a coding: it need not get the bytes that the tag was made for.
    """
    given = (
        ("etag", finished.etag if wanted.coding is Coding.IDENTITY else weakened(finished.etag)),
        ("cache-tag", finished.tags),
        ("x-content-generation", finished.key[0]),
        *((name.lower(), value) for name, value in answer.headers),
    )
    raw = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in given)
    return (*raw, VARY_ENCODING) if varies and is_compressible(answer.media_type) else raw


def form_of(finished: Finished, answer: Answer, wanted: Wanted, coding: Coding, body: bytes, *, varies: bool) -> Form:
    """The form of an answer for clients that want ``wanted``; ``body`` is the answer's in ``coding``."""
    common = common_headers(finished, answer, wanted, varies=varies)
    entity = ((b"content-type", answer.media_type.encode()), (b"content-length", b"%d" % len(body)))
    encoded = () if coding is Coding.IDENTITY else ((b"content-encoding", coding.encode()),)
    headers, common_lines = (*common, *entity, *encoded), header_lines(common)
    return Form(headers, common_lines + header_lines((*entity, *encoded)), common_lines, body)


def header_lines(headers: RawHeaders) -> bytes:
    """Header fields as HTTP/1.1 writes them. Raises ``ValueError`` where a value would become a line of its own."""
    lines = b"".join([b"%b: %b\r\n" % field for field in headers])
    if lines.count(b"\n") != len(headers) or lines.count(b"\r") != len(headers):
        raise ValueError("a header's value holds a line break")
    return lines


def weakened(etag: str) -> str:
    return etag if etag.startswith("W/") else f"W/{etag}"


def cache_key(version: str, path: str, query: list[Parameter]) -> CacheKey:
    return version, path, query_string(query)


def entity_tag(salt: str, key: CacheKey, *, weak: bool = False) -> str:
    """The validator of an answer that is a function of ``key``; ``salt`` is the program's version."""
    digest = hashlib.blake2b("\n".join((salt, *key)).encode(), digest_size=16).hexdigest()
    return f'W/"{digest}"' if weak else f'"{digest}"'


def none_match(header: str | None, etag: str) -> bool:
    """Whether ``If-None-Match`` is false for ``etag``, that is, whether a 304 is due.

    Weak comparison. Source: RFC 9110, sections 8.8.3.2 and 13.1.2. Linear in the header's length.
    """
    if header is None:
        return False
    if header.strip() == "*":
        return True
    opaque = etag.removeprefix("W/")
    return any(candidate.strip().removeprefix("W/") == opaque for candidate in header.split(","))


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """For how long shared caches may answer by themselves, in seconds; a preview is stored by nobody."""

    s_maxage: int
    stale_while_revalidate: int
    preview: bool = False

    def header(self, now: float, next_change_at: int | None) -> str:
        """``Cache-Control`` at ``now``: neither span reaches past the instant at which a post comes or goes by itself."""
        if self.preview:
            return "private, no-store"
        fresh, stale = self.s_maxage, self.stale_while_revalidate
        if next_change_at is not None:
            left = max(0, int(next_change_at - now))
            fresh = min(fresh, left)
            stale = min(stale, left - fresh)
        return f"public, max-age=0, s-maxage={fresh}, stale-while-revalidate={stale}"


@dataclass(slots=True)
class _Kept:
    """An answer, the forms of it that were sent, and how many bytes all of it takes."""

    answer: Answer
    cost: int
    forms: dict[Wanted, Form] = field(default_factory=dict)


class ResponseCache:
    """Finished answers, the least recently used leaving first, and single flight: equal requests wait for one answer.

    Used from the event loop alone, so it needs no lock.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[CacheKey, _Kept] = OrderedDict()
        self._spellings: OrderedDict[Spelling, Finished] = OrderedDict()
        self._flights: dict[CacheKey, asyncio.Task[Answer]] = {}

    def get(self, key: CacheKey) -> Answer | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        self._kept.move_to_end(key)
        return kept.answer

    def form(self, key: CacheKey, answer: Answer, wanted: Wanted) -> Form | None:
        """The form of this very answer that such clients get, where it is kept."""
        kept = self._kept.get(key)
        return kept.forms.get(wanted) if kept is not None and kept.answer is answer else None

    def put_form(self, key: CacheKey, answer: Answer, wanted: Wanted, form: Form) -> None:
        """Keep a form of an answer beside it, where that very answer is kept and has room for it."""
        kept = self._kept.get(key)
        if kept is None or kept.answer is not answer or wanted in kept.forms:
            return
        cost = _form_cost(answer, form)
        if kept.cost + cost > self._max_bytes // 4:
            return
        kept.forms[wanted] = form
        kept.cost += cost
        self._bytes += cost
        self._make_room()

    def remember(self, spelling: Spelling, finished: Finished) -> None:
        """The next request in this spelling need not be read again."""
        if sum(map(len, spelling)) > _LONGEST_SPELLING:
            return
        self._spellings[spelling] = finished
        if len(self._spellings) > _MOST_SPELLINGS:
            self._spellings.popitem(last=False)

    def recall(self, spelling: Spelling) -> Finished | None:
        return self._spellings.get(spelling)

    def flight(self, key: CacheKey) -> asyncio.Task[Answer] | None:
        """The computation of this very answer, if one is under way."""
        return self._flights.get(key)

    def start(self, key: CacheKey, make: Callable[[], Awaitable[Answer]]) -> asyncio.Task[Answer]:
        """Start computing an answer, in a task of its own: it goes on when the request that began it is gone."""
        task = asyncio.ensure_future(self._computed(key, make))
        self._flights[key] = task
        task.add_done_callback(lambda done: self._landed(key, done))
        return task

    async def drain(self) -> None:
        """Wait for the computations under way."""
        await asyncio.gather(*self._flights.values(), return_exceptions=True)

    async def _computed(self, key: CacheKey, make: Callable[[], Awaitable[Answer]]) -> Answer:
        answer = await make()
        if answer.lasting:
            self.put(key, answer)
        return answer

    def _landed(self, key: CacheKey, task: asyncio.Task[Answer]) -> None:
        del self._flights[key]
        if not task.cancelled():
            task.exception()  # seen here, because the requests that waited for it may all be gone

    def put(self, key: CacheKey, answer: Answer) -> None:
        """Keep the answer; one that would take a quarter of the room is not kept."""
        cost = _cost(key, answer)
        if cost > self._max_bytes // 4:
            return
        replaced = self._kept.pop(key, None)
        self._bytes += cost - (replaced.cost if replaced else 0)
        self._kept[key] = _Kept(answer, cost)
        self._make_room()

    def _make_room(self) -> None:
        while self._bytes > self._max_bytes:
            self._bytes -= self._kept.popitem(last=False)[1].cost


def _cost(key: CacheKey, answer: Answer) -> int:
    return len(answer.body) + sum(map(len, key)) + _OVERHEAD


def _form_cost(answer: Answer, form: Form) -> int:
    """Without the body where it is the answer's own."""
    return 3 * len(form.lines) + _OVERHEAD + (0 if form.body is answer.body else len(form.body))
