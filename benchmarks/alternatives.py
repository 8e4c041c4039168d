"""What Octavo's answers are measured against: the same bytes by a bare ASGI function, and by FastAPI as people write it.

``OCTAVO_BENCH_ANSWERS`` names a folder with ``post.json``, ``list.json`` and ``short.json`` (a list of about 10 kB), taken
from a running Octavo.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from fastapi import FastAPI, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.schemas.lists import PostList
from search_index.wire import Post

SHORT = 5
"""Posts in the short list."""


def answers() -> tuple[bytes, bytes, bytes]:
    """The post, the list of 20 and the short list."""
    folder = Path(os.environ["OCTAVO_BENCH_ANSWERS"])
    post, page, short = ((folder / f"{name}.json").read_bytes() for name in ("post", "list", "short"))
    return post, page, short


def bare_function() -> ASGIApp:
    """No framework: a function that looks at the path and sends finished bytes with the two headers they need."""
    post, page, short = answers()
    lists = {b"": page, b"per_page=20": page, b"per_page=%d" % SHORT: short}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        body = lists[scope["query_string"]] if scope["path"] == "/v1/posts" else post
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def ready_bytes() -> FastAPI:
    """Routes that return finished bytes."""
    post, long, short = answers()
    app = FastAPI()

    @app.get("/v1/posts/{slug}")
    async def get_post(slug: str) -> Response:
        del slug
        return Response(post, media_type="application/json")

    @app.get("/v1/posts")
    async def list_posts(per_page: int = 20, page: int = 1) -> Response:
        del page
        return Response(short if per_page == SHORT else long, media_type="application/json")

    return app


def pydantic_models() -> FastAPI:
    """Routes that return pydantic models, which FastAPI serialises for each answer."""
    post, long, short = answers()
    whole = Post.model_validate(json.loads(post))
    pages = {20: PostList.model_validate(json.loads(long)), SHORT: PostList.model_validate(json.loads(short))}
    app = FastAPI()

    @app.get("/v1/posts/{slug}")
    async def get_post(slug: str) -> Post:
        del slug
        return whole

    @app.get("/v1/posts")
    async def list_posts(per_page: int = 20) -> PostList:
        return pages[per_page]

    return app
