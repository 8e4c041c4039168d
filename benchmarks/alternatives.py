"""What Octavo's answers are measured against: the same bytes by FastAPI as people write it.

``OCTAVO_BENCH_ANSWERS`` names a folder with ``post.json`` and ``list.json``, taken from a running Octavo.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from fastapi import FastAPI, Response

from api.schemas.lists import PostList
from search_index.wire import Post


def ready_bytes() -> FastAPI:
    """Routes that return finished bytes."""
    folder = Path(os.environ["OCTAVO_BENCH_ANSWERS"])
    post, page = (folder / "post.json").read_bytes(), (folder / "list.json").read_bytes()
    app = FastAPI()

    @app.get("/v1/posts/{slug}")
    async def get_post(slug: str) -> Response:
        del slug
        return Response(post, media_type="application/json")

    @app.get("/v1/posts")
    async def list_posts(per_page: int = 20) -> Response:
        del per_page
        return Response(page, media_type="application/json")

    return app


def pydantic_models() -> FastAPI:
    """Routes that return pydantic models, which FastAPI serialises for each answer."""
    folder = Path(os.environ["OCTAVO_BENCH_ANSWERS"])
    post = Post.model_validate(json.loads((folder / "post.json").read_bytes()))
    page = PostList.model_validate(json.loads((folder / "list.json").read_bytes()))
    app = FastAPI()

    @app.get("/v1/posts/{slug}")
    async def get_post(slug: str) -> Post:
        del slug
        return post

    @app.get("/v1/posts")
    async def list_posts(per_page: int = 20) -> PostList:
        del per_page
        return page

    return app
