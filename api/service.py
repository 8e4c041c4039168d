"""From a request to a response: one snapshot, its validator first, then the cache, then the question itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from api.addresses import Parameter, path_address
from api.http_cache import Answer, CachePolicy, ResponseCache, cache_key, entity_tag, none_match
from api.settings import ServiceSettings
from api.work import SearchPool, WorkPool
from search_index.assets import AssetFolder
from search_index.clock import Clock
from search_index.library import Library, Snapshot

_CACHE_TAG_BYTES = 4096
"""Proxies refuse longer headers; the tags that do not fit are left out, and s-maxage bounds what that costs."""

Run = Callable[[Callable[[], Answer]], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with. Made once, in ``create_app``.

    Where things run was decided by measurement: one post is one indexed read (well under a millisecond) and is read on
    the event loop, since handing it to a thread costs more than the read; lists, terms and archives may walk thousands
    of rows and run in ``reads``; searches compute and run in ``searches``, which refuses what is too much.
    """

    version: str
    settings: ServiceSettings
    library: Library
    clock: Clock
    policy: CachePolicy
    cache: ResponseCache
    reads: WorkPool
    searches: SearchPool
    assets: AssetFolder | None

    def headers(self, snapshot: Snapshot, etag: str, tags: Iterable[str]) -> dict[str, str]:
        """What a 200 and a 304 have in common."""
        return {
            "ETag": etag,
            "Cache-Control": self.policy.header(self.clock.now().timestamp(), snapshot.next_change_at),
            "Cache-Tag": cache_tag(tags),
            "X-Content-Generation": snapshot.version,
        }

    async def answer(
        self,
        request: Request,
        make: Callable[[Snapshot], Answer],
        *,
        query: list[Parameter],
        tags: Iterable[str],
        weak: bool = False,
        run: Run | None = None,
    ) -> Response:
        """Answer with what ``make`` yields, from the cache where the same was asked before of the same content.

        The validator depends on the snapshot and the question alone, so that a 304 costs no query.
        """
        with ExitStack() as lease:
            snapshot = lease.enter_context(self.library.lease())
            key = cache_key(snapshot.version, request.scope["path"], query)
            etag = entity_tag(self.version, key, weak=weak)
            headers = self.headers(snapshot, etag, tags)
            answer = self.cache.get(key)
            if not_modified(request, etag):
                return Response(status_code=304, headers=headers | dict(answer.headers if answer else ()))
            if answer is not None:
                return json_response(answer, headers)
            flight = self.cache.flight(key)
            if flight is None:
                flight = self.cache.start(key, partial(_leased, lease.pop_all(), run or self.reads.run, make, snapshot))
        return json_response(await asyncio.shield(flight), headers)


async def _leased(lease: ExitStack, run: Run, make: Callable[[Snapshot], Answer], snapshot: Snapshot) -> Answer:
    """Keep the snapshot open until the work is done, even when nobody waits for it any more."""
    with lease:
        return await run(partial(make, snapshot))


def not_modified(request: Request, etag: str) -> bool:
    """Whether the client's copy is this one. ``If-Modified-Since`` is not looked at: a post's neighbours change without it."""
    return none_match(",".join(request.headers.getlist("if-none-match")) or None, etag)


def json_response(answer: Answer, headers: dict[str, str]) -> Response:
    """A 200. What does not last carries no validator and is not stored anywhere."""
    if not answer.lasting:
        headers = {name: value for name, value in headers.items() if name != "ETag"} | {"Cache-Control": "no-store"}
    return Response(answer.body, headers=headers | dict(answer.headers), media_type="application/json")


def cache_tag(tags: Iterable[str]) -> str:
    """``Cache-Tag``: separated by blanks, percent-encoded, as many as fit into 4 KiB."""
    header = ""
    for tag in tags:
        longer = f"{header} {path_address(tag)}".lstrip()
        if len(longer) > _CACHE_TAG_BYTES:
            break
        header = longer
    return header
