"""The application in a test: its lifespan, its event loop and requests to it, as plain calls."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
from fastapi import FastAPI

from api.app import create_app
from api.settings import ServiceSettings
from search_index.clock import Clock
from search_index.library import Library
from search_index.settings import SiteSettings
from tests.sites import MovableClock, Site

T = TypeVar("T")


class Client:
    """Sends requests to an application on an event loop that runs while a request does."""

    def __init__(self, app: FastAPI, runner: asyncio.Runner) -> None:
        self.app = app
        self._runner = runner
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=True),
            base_url="http://octavo.test",
            headers={"Accept-Encoding": "identity"},  # what is compressed: test_compression.py
        )

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return self.run(self.send(method, url, **options))

    async def send(self, method: str, url: str, **options: Any) -> httpx.Response:
        return await self._http.request(method, url, **options)

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def head(self, url: str, **options: Any) -> httpx.Response:
        return self.request("HEAD", url, **options)

    def refresh(self) -> None:
        """Look for a new generation now."""
        self.app.state.service.library.refresh()

    def close(self) -> None:
        self.run(self._http.aclose())


@contextmanager
def running(app: FastAPI) -> Iterator[Client]:
    """The application between the start and the end of its lifespan."""
    with asyncio.Runner() as runner:
        lifespan = app.router.lifespan_context(app)
        runner.run(lifespan.__aenter__())
        client = Client(app, runner)
        try:
            yield client
        finally:
            client.close()
            runner.run(lifespan.__aexit__(None, None, None))


@contextmanager
def serving(site: Site, **settings: object) -> Iterator[Client]:
    """A built site, served."""
    service = ServiceSettings(**{"index_dir": site.index, "content_dir": site.content, **settings})  # type: ignore[arg-type]  # settings by name
    with running(create_app(service, site.settings, site.clock)) as client:
        yield client


@contextmanager
def serving_library(library: Library, *, clock: Clock | None = None, **settings: object) -> Iterator[Client]:
    """A stand-in, served."""
    service = ServiceSettings(**{"index_dir": Path("/nonexistent"), **settings})  # type: ignore[arg-type]  # settings by name
    app = create_app(service, SiteSettings(), clock or MovableClock(), lambda *_: library)
    with running(app) as client:
        yield client
