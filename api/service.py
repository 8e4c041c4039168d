"""From a request to a response: one snapshot, its validator first, then the cache, then the question itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.addresses import path_address
from api.analytics import SearchAnalytics
from api.announcements import EventStreams
from api.content_coding import AS_IT_IS, INLINE_BYTES, Coding, Wanted, compress, is_compressible, wanted
from api.hook import RefreshHook
from api.http_cache import (
    Answer,
    CachePolicy,
    Finished,
    Form,
    RawHeaders,
    ResponseCache,
    Spelling,
    cache_key,
    common_headers,
    entity_tag,
    form_of,
    none_match,
)
from api.parameters import Parameters
from api.request_fields import fields
from api.settings import ServiceSettings
from api.work import SearchPool, WorkPool
from search_index.assets import AssetFolder
from search_index.clock import Clock
from search_index.engines.port import Deadline
from search_index.library import Library
from search_index.snapshot import Snapshot

_CACHE_TAG_BYTES = 4096
"""Proxies refuse longer headers; the tags that do not fit are left out, and s-maxage bounds what that costs."""

HEAD_KEY = "octavo.head"
"""What the scope of a HEAD request has under this is true; all else of it is a GET's."""

BODY_KEY = "octavo.body"
"""The body of a POST request, in its scope; absent where there is none."""

PREVIEW_HEADER = "X-Preview-Token"
"""A request that has it is never answered from memory."""

Run = Callable[[Callable[[], Answer]], Awaitable[Answer]]
P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with. Made once, in ``create_app``. ``salt`` has what else answers depend on beside the content:
    the program's version, its address and the numbers of the search.

    Nothing that reads or computes runs on the event loop: the catalog is asked in ``reads``, the engine in ``searches``,
    which refuses what is too much. Measured with 800 posts: reading one takes 0.6 ms and a page of them 0.7 ms, a list
    with every facet 4 ms; the way to a thread and back costs 0.15 ms. What was answered before comes from ``cache``, on
    the event loop, in less time than that.
    """

    version: str
    salt: str
    settings: ServiceSettings
    library: Library
    clock: Clock
    policy: CachePolicy
    cache: ResponseCache
    reads: WorkPool
    searches: SearchPool
    assets: AssetFolder | None
    events: EventStreams
    analytics: SearchAnalytics | None
    hook: RefreshHook | None

    def search_deadline(self) -> Deadline:
        """The instant at which a search that begins now ends."""
        return Deadline(self.settings.search_deadline_ms / 1000)

    def response(self, request: Request, snapshot: Snapshot, finished: Finished, answer: Answer) -> Response:
        """The answer, or a 304 where the client has it. What does not last has no validator and is stored nowhere."""
        self._note(request.scope, answer)
        if answer.lasting:
            return Delivery(self, finished, answer, self._cache_control(snapshot.next_change_at))
        headers = {"Cache-Tag": finished.tags, "X-Content-Generation": snapshot.version, **dict(answer.headers)}
        return Response(answer.body, headers=headers | {"Cache-Control": "no-store"}, media_type=answer.media_type)

    def not_modified(self, scope: Scope, snapshot: Snapshot, finished: Finished) -> Response:
        """The 304 of an answer that was not made."""
        common = self.common_headers(finished, Answer(b""), self.wanted(scope))
        return RawResponse(304, (*common, self._cache_control(snapshot.next_change_at)))

    def common_headers(self, finished: Finished, answer: Answer, wanted: Wanted) -> RawHeaders:
        """What a 200 and a 304 have in common, but for the headers of the moment."""
        return common_headers(finished, answer, wanted, varies=self.settings.compression)

    def repeated(self, scope: Scope) -> Response | None:
        """The answer to a request that was made before, in the same spelling and of the same content.

        The routes would come to the same; this saves finding the route and reading the parameters.
        """
        found = self._recalled(scope)
        if found is None:
            return None
        finished, answer, next_change_at = found
        self._note(scope, answer)
        return Delivery(self, finished, answer, self._cache_control(next_change_at))

    def kept_form(self, scope: Scope) -> tuple[Form, bool, tuple[bytes, bytes]] | None:
        """``repeated`` for who takes nothing but a form that is kept already: the form, whether the client has it, and its
        ``Cache-Control``."""
        found = self._recalled(scope)
        if found is None:
            return None
        finished, answer, next_change_at = found
        form = self.cache.form(finished.key, answer, self.wanted(scope))
        if form is None:
            return None
        self._note(scope, answer)
        return form, has_it(scope, finished.etag), self._cache_control(next_change_at)

    def _recalled(self, scope: Scope) -> tuple[Finished, Answer, int | None] | None:
        finished = self.cache.recall((scope["path"], scope["query_string"]))
        if finished is None:
            return None
        present = self.library.present()
        if present is None or present.version != finished.key[0]:
            return None
        answer = self.cache.get(finished.key)
        return (finished, answer, present.next_change_at) if answer is not None else None

    def wanted(self, scope: Scope) -> Wanted:
        """The coding that the client wants, where answers are compressed at all."""
        return wanted(fields(scope).get(b"accept-encoding")) if self.settings.compression else AS_IT_IS

    async def form(self, finished: Finished, answer: Answer, wanted: Wanted) -> Form:
        """The answer's form for such clients. A large body is compressed in a thread."""
        body = answer.body
        coding = wanted.for_size(len(body)) if is_compressible(answer.media_type) else Coding.IDENTITY
        if coding is not Coding.IDENTITY:
            body = await self.compressed(coding, body)
        form = form_of(finished, answer, wanted, coding, body, varies=self.settings.compression)
        self.cache.put_form(finished.key, answer, wanted, form)
        return form

    async def compressed(self, coding: Coding, body: bytes) -> bytes:
        if len(body) <= INLINE_BYTES:
            return compress(coding, body)
        return await self.reads.run(partial(compress, coding, body))

    def _cache_control(self, next_change_at: int | None) -> tuple[bytes, bytes]:
        return b"cache-control", self.policy.header(self.clock.now().timestamp(), next_change_at).encode()

    def _note(self, scope: Scope, answer: Answer) -> None:
        if answer.asked and self.analytics and not is_head(scope):
            self.analytics.note(answer.asked)

    def keep(self, request: Request, finished: Finished, answer: Answer) -> None:
        """Keep an answer for requests like this one."""
        self.cache.put(finished.key, answer)
        self.cache.remember(spelling(request), finished)


class RawResponse(Response):
    """Status, headers and body as they are: nothing is worked out again for each request."""

    def __init__(self, status: int, headers: RawHeaders, body: bytes = b"") -> None:
        self.status_code = status
        self.raw_headers = [*headers]
        self.body = body
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body})


class Delivery(Response):
    """A lasting answer, or a 304 where the client has it; ``cache_control`` is of this moment."""

    def __init__(
        self, service: Service, finished: Finished, answer: Answer, cache_control: tuple[bytes, bytes]
    ) -> None:
        self.status_code = 200
        self.background = None
        self._service = service
        self._finished = finished
        self._answer = answer
        self._cache_control = cache_control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        service, finished = self._service, self._finished
        wanted = service.wanted(scope)
        if has_it(scope, finished.etag):
            status, headers, body = 304, service.common_headers(finished, self._answer, wanted), b""
        else:
            form = service.cache.form(finished.key, self._answer, wanted)
            if form is None:
                form = await service.form(finished, self._answer, wanted)
            status, headers, body = 200, form.headers, form.body
        await send({"type": "http.response.start", "status": status, "headers": (*headers, self._cache_control)})
        await send({"type": "http.response.body", "body": body})


def is_head(scope: Scope) -> bool:
    """Whether the request was a HEAD (routes see GET)."""
    return bool(scope.get(HEAD_KEY))


def spelling(request: Request) -> Spelling:
    return request.scope["path"], request.scope["query_string"]


def not_modified(request: Request, etag: str) -> bool:
    """Whether the client's copy is the one that ``etag`` names.

    ``If-Modified-Since`` is not looked at: a post's neighbours change without its date.
    """
    return has_it(request.scope, etag)


def has_it(scope: Scope, etag: str) -> bool:
    """``not_modified``, of the scope."""
    header = fields(scope).get(b"if-none-match")
    return header is not None and none_match(header.decode("latin-1"), etag)


@dataclass(frozen=True, slots=True)
class Question(Generic[P]):
    """A request whose parameters have been read, and the service that answers it."""

    request: Request
    service: Service
    parameters: P

    @classmethod
    def of(cls, request: Request, model: type[P]) -> Question[P]:
        """Raises ``ParameterProblem`` where the query string is not what ``model`` takes."""
        service = cast(Service, request.scope["app"].state.service)
        return cls(request, service, model.read(request.scope["query_string"]))

    async def answer(
        self,
        make: Callable[[Snapshot], Answer],
        *,
        tags: Iterable[str],
        weak: bool = False,
        run: Run | None = None,
        at_once: bool = False,
    ) -> Response:
        """Answer with what ``make`` yields, from the cache where the same was asked before of the same content.

        ``at_once``: on the event loop, because it takes less than the way to a thread and back (decision 0026).

        The validator depends on the snapshot and the question alone, so that a 304 costs no query.
        """
        service, request = self.service, self.request
        with ExitStack() as lease:
            snapshot = lease.enter_context(service.library.lease())
            key = cache_key(snapshot.version, request.scope["path"], self.parameters.canonical())
            finished = Finished(key, entity_tag(service.salt, key, weak=weak), cache_tag(tags))
            known = service.cache.get(key)
            if known is not None:
                service.cache.remember(spelling(request), finished)
                return service.response(request, snapshot, finished, known)
            if b"*" not in fields(request.scope).get(b"if-none-match", b"") and not_modified(request, finished.etag):
                return service.not_modified(request.scope, snapshot, finished)
            if at_once:
                answer = make(snapshot)
                service.keep(request, finished, answer)
                return service.response(request, snapshot, finished, answer)
            flight = service.cache.flight(key)
            if flight is None:
                work = partial(_leased, lease.pop_all(), run or service.reads.run, partial(make, snapshot))
                flight = service.cache.start(key, work)
        answer = await asyncio.shield(flight)
        service.cache.remember(spelling(request), finished)
        return service.response(request, snapshot, finished, answer)


async def _leased(lease: ExitStack, run: Run, make: Callable[[], Answer]) -> Answer:
    """Keep the snapshot open until the work is done, even when nobody waits for it any more."""
    with lease:
        return await run(make)


def cache_tag(tags: Iterable[str]) -> str:
    """``Cache-Tag``: separated by blanks, percent-encoded, as many as fit into 4 KiB."""
    header = ""
    for tag in tags:
        longer = f"{header} {path_address(tag)}".lstrip()
        if len(longer) > _CACHE_TAG_BYTES:
            break
        header = longer
    return header
