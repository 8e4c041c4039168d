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
from starlette.types import Scope

from api.addresses import path_address
from api.analytics import SearchAnalytics
from api.announcements import EventStreams
from api.hook import RefreshHook
from api.http_cache import (
    Answer,
    CachePolicy,
    Finished,
    ResponseCache,
    Spelling,
    cache_key,
    entity_tag,
    none_match,
)
from api.parameters import Parameters
from api.settings import ServiceSettings
from api.work import SearchPool, WorkPool
from search_index.assets import AssetFolder
from search_index.clock import Clock
from search_index.engines.port import Deadline
from search_index.library import Library, Snapshot

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

    def headers(self, snapshot: Snapshot, finished: Finished) -> dict[str, str]:
        """What a 200 and a 304 have in common."""
        return {
            "ETag": finished.etag,
            "Cache-Control": self.policy.header(self.clock.now().timestamp(), snapshot.next_change_at),
            "Cache-Tag": finished.tags,
            "X-Content-Generation": snapshot.version,
        }

    def response(self, request: Request, snapshot: Snapshot, finished: Finished, answer: Answer) -> Response:
        """The answer, or a 304 where the client has it. What does not last has no validator and is stored nowhere."""
        if answer.asked and self.analytics and not is_head(request.scope):
            self.analytics.note(answer.asked)
        headers = self.headers(snapshot, finished) | dict(answer.headers)
        if not answer.lasting:
            del headers["ETag"]
            headers["Cache-Control"] = "no-store"
        elif not_modified(request, finished.etag):
            return Response(status_code=304, headers=headers)
        return Response(answer.body, headers=headers, media_type=answer.media_type)

    def repeated(self, request: Request) -> Response | None:
        """The answer to a request that was made before, in the same spelling and of the same content.

        The routes would come to the same; this saves finding the route and reading the parameters.
        """
        finished = self.cache.recall(spelling(request))
        answer = self.cache.get(finished.key) if finished else None
        if finished is None or answer is None:
            return None
        with self.library.lease() as snapshot:
            return self.response(request, snapshot, finished, answer) if snapshot.version == finished.key[0] else None

    def keep(self, request: Request, finished: Finished, answer: Answer) -> None:
        """Keep an answer for requests like this one."""
        self.cache.put(finished.key, answer)
        self.cache.remember(spelling(request), finished)


def is_head(scope: Scope) -> bool:
    """Whether the request was a HEAD (routes see GET)."""
    return bool(scope.get(HEAD_KEY))


def spelling(request: Request) -> Spelling:
    return request.scope["path"], request.scope["query_string"]


def not_modified(request: Request, etag: str) -> bool:
    """Whether the client's copy is the one that ``etag`` names.

    ``If-Modified-Since`` is not looked at: a post's neighbours change without its date.
    """
    return none_match(",".join(request.headers.getlist("if-none-match")) or None, etag)


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
        self, make: Callable[[Snapshot], Answer], *, tags: Iterable[str], weak: bool = False, run: Run | None = None
    ) -> Response:
        """Answer with what ``make`` yields, from the cache where the same was asked before of the same content.

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
            if "*" not in request.headers.get("if-none-match", "") and not_modified(request, finished.etag):
                return Response(status_code=304, headers=service.headers(snapshot, finished))
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
