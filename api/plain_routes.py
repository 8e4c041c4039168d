"""The two routes that most requests are for, found without the router: lists of posts, and posts by a plain slug.

FastAPI 0.165 takes longer to find a route and to solve its one dependency than SQLite takes to read a post (decision 0026).
Nothing is declared twice: the routes' own functions are called, with the question that their signatures ask for. An
address that could mean anything else goes to the router.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Any, get_type_hints

from fastapi.params import Depends
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.routers.posts import get_post, list_posts

_POST = re.compile(r"/v1/posts/(?P<slug>[^/.\n]+)")
"""No suffix route (``/related``, ``.md``) looks like this."""

_Answer = Callable[..., Awaitable[Response]]


class PlainRoutes:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._list_posts = _called_directly(list_posts)
        self._get_post = _called_directly(get_post, "slug")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            path = scope["path"]
            if path == "/v1/posts":
                await (await self._list_posts(Request(scope)))(scope, receive, send)
                return
            if post := _POST.fullmatch(path):
                await (await self._get_post(Request(scope), slug=post["slug"]))(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _called_directly(endpoint: _Answer, *path_parameters: str) -> _Answer:
    """The endpoint as a function of the request and the path's parameters.

    Raises ``TypeError``, at the start, where it asks for anything else than these and one dependency of the request alone.
    """
    asked = set(signature(endpoint).parameters) - set(path_parameters)
    if len(asked) != 1:
        raise TypeError(f"{endpoint.__name__} asks for {sorted(asked)}: api.plain_routes knows one dependency")
    name = asked.pop()
    ask = _dependency(get_type_hints(endpoint, include_extras=True)[name])
    if list(signature(ask).parameters) != ["request"]:
        raise TypeError(f"{endpoint.__name__}: api.plain_routes knows dependencies of the request alone")

    async def answer(request: Request, **path: str) -> Response:
        return await endpoint(**path, **{name: await ask(request)})

    return answer


def _dependency(annotation: Any) -> Callable[[Request], Awaitable[Any]]:
    found = [part.dependency for part in getattr(annotation, "__metadata__", ()) if isinstance(part, Depends)]
    if len(found) != 1 or found[0] is None:
        raise TypeError(f"{annotation} is not one dependency")
    return found[0]
