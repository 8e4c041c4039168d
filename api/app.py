"""The application: ``create_app`` wires everything, and nothing else does.

Under uvicorn: ``uvicorn --factory api.app:from_environment``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from difflib import get_close_matches
from functools import cache, partial
from importlib.metadata import version
from typing import Any, cast

from fastapi import FastAPI, Request, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from api.access import Access, MonotonicNs
from api.analytics import LOG_SECONDS, SearchAnalytics
from api.announcements import EventStreams
from api.compression import Compression
from api.hook import HOOK_PATH, RefreshHook
from api.http_cache import CachePolicy, ResponseCache
from api.kept_responses import KeptResponses
from api.middleware import Envelope, Guard, HeadMethod, Shortcut, allowed_methods
from api.openapi import document
from api.plain_routes import PlainRoutes
from api.problems import problem_response, refusal
from api.routers import (
    analytics,
    assets,
    explorer,
    feeds,
    hooks,
    pages,
    post_parts,
    posts,
    search,
    site,
    sync,
    system,
    taxonomies,
)
from api.routers.assets import site_file
from api.schemas.problems import ErrorCode
from api.service import Service
from api.settings import ServiceSettings, load_service_settings
from api.typed_front_matter import typed
from api.work import SearchPool, WorkPool
from search_index.assets import AssetFolder
from search_index.clock import Clock, FixedClock, SystemClock
from search_index.engines.whoosh import WhooshEngine
from search_index.library import Library
from search_index.settings import SettingsError, SiteSettings, explain, load_site_settings

logger = logging.getLogger("octavo.api")

LibraryOpener = Callable[[ServiceSettings, Clock], Library]


def open_library(settings: ServiceSettings, clock: Clock) -> Library:
    """The index folder, read through the engine it was written with."""
    engine = WhooshEngine(settings.search_cache_bytes)
    previews = settings.preview_secret is not None
    return Library(settings.index_dir, engine, clock, settings.search, previews=previews)


def create_app(
    settings: ServiceSettings,
    site_settings: SiteSettings,
    clock: Clock,
    library_opener: LibraryOpener = open_library,
    *,
    system_clock: Clock | None = None,
    monotonic_ns: MonotonicNs = time.monotonic_ns,
) -> FastAPI:
    """The application over one index folder. Opens nothing before its lifespan begins.

    ``clock`` says what is public now, and may stand still; ``system_clock`` (the machine's) is what signatures are held
    against, and ``monotonic_ns`` what rates are counted by.
    """

    access = Access.of(settings, monotonic_ns)
    preview = site_settings.drafts or site_settings.now is not None

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        library = await asyncio.to_thread(library_opener, settings, clock)
        await asyncio.to_thread(library.refresh)
        events = EventStreams(library, settings.event_streams)
        await events.look()
        service = Service(
            version=app.version,
            salt=f"{app.version} {settings.api_url} {settings.search.model_dump_json()}",
            settings=settings,
            library=library,
            clock=clock,
            policy=CachePolicy(settings.s_maxage, settings.stale_while_revalidate, preview),
            cache=ResponseCache(settings.response_cache_bytes),
            reads=WorkPool("read", settings.read_concurrency),
            searches=SearchPool(settings.search_concurrency, settings.search_queue, settings.search_wait_ms / 1000),
            assets=AssetFolder(settings.content_dir) if settings.content_dir else None,
            events=events,
            analytics=SearchAnalytics(clock) if settings.search_analytics else None,
            hook=RefreshHook(settings.hook_secret, settings.refresh_file, system_clock or SystemClock())
            if settings.hook_secret
            else None,
        )
        app.state.service = service
        if access is None:
            app.state.kept_responses = KeptResponses(service, (middleware.cls for middleware in app.user_middleware))
        tasks = [asyncio.create_task(follow(library, settings.poll_seconds, events))]
        if service.analytics:
            tasks.append(asyncio.create_task(service.analytics.log_every(LOG_SECONDS)))
        await asyncio.sleep(0)  # a task that is cancelled before it begins never gets to its end
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await service.cache.drain()
            service.reads.close()
            service.searches.close()
            await asyncio.to_thread(library.close)

    app = _bare_app(lifespan)
    if settings.compression:
        app.add_middleware(Compression)
    app.add_middleware(PlainRoutes)
    app.add_middleware(Shortcut)
    app.add_middleware(HeadMethod)
    app.add_middleware(Guard, settings=settings)
    app.add_middleware(Envelope, settings=settings, access=access)
    return app


def from_environment() -> FastAPI:
    """The application that the environment describes. Raises ``SettingsError`` naming the variable that is wrong."""
    settings = load_service_settings()
    site_settings = load_site_settings(settings.content_dir) if settings.content_dir else _environment_alone()
    clock: Clock = FixedClock(site_settings.now) if site_settings.now else SystemClock()
    return create_app(settings, site_settings, clock)


def _environment_alone() -> SiteSettings:
    try:
        return SiteSettings()
    except ValidationError as error:
        raise SettingsError(explain(error)) from error


def openapi_document(content_schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The OpenAPI document; the same for every site without a ``content_schema``."""
    return typed(document(_bare_app(None)), content_schema)


async def follow(library: Library, seconds: float, events: EventStreams) -> None:
    """Look for a new generation again and again, about every ``seconds``; workers drift apart instead of looking at once.
    Who listens hears of every new version, one that time brings by itself too.

    A failure is logged and does not end it: the next look may succeed.
    """
    told = ""
    while True:
        await asyncio.sleep(seconds * random.uniform(0.75, 1.25))  # noqa: S311  # no secret
        try:
            await asyncio.to_thread(library.refresh)
            error = library.status.error
            if error and error != told:
                logger.error("the newest generation does not open: %s", error)
            told = error
            await events.look()
        except Exception:
            logger.exception("looking for a new generation failed")


def _bare_app(lifespan: Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]] | None) -> FastAPI:
    app = FastAPI(
        title="Octavo",
        version=version("octavo"),
        lifespan=lifespan,
        redirect_slashes=False,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        exception_handlers={HTTPException: _refused},
    )
    for module in (
        analytics,
        post_parts,
        posts,
        pages,
        search,
        taxonomies,
        site,
        feeds,
        sync,
        assets,
        hooks,
        explorer,
        system,
    ):
        app.include_router(module.router)
    app.openapi = cache(partial(document, app))  # type: ignore[method-assign]  # FastAPI's documented way
    return app


async def _refused(request: Request, error: Exception) -> Response:
    """Starlette's own 404 and 405 in our shape."""
    problem = refusal(cast(HTTPException, error))
    if problem.code is ErrorCode.METHOD_NOT_ALLOWED:
        problem.headers["Allow"] = allowed_methods(request.scope["path"])
        if request.scope["path"] == HOOK_PATH:
            problem.detail = "the hook takes POST"
    if problem.code is ErrorCode.ROUTE_NOT_FOUND:
        if (service := getattr(request.app.state, "service", None)) and (found := await site_file(request, service)):
            return found
        known = {path for path in request.app.openapi()["paths"] if "{" not in path}
        problem.suggestions = tuple(_near_routes(request.scope["path"], known))
    return problem_response(request.scope, problem)


def _near_routes(path: str, known: set[str]) -> list[str]:
    """The routes that look like ``path``, with or without ``/v1`` before it."""
    shown = path[:64].lower()
    return list(dict.fromkeys(near for form in (shown, f"/v1{shown}") for near in get_close_matches(form, known, n=1)))
