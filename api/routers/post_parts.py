"""What belongs to a post besides its JSON: its neighbours, the posts that link to it, its source and its text.

A post whose own slug is the address comes before what the address asks of another.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.dependencies import QuestionDep
from api.http_cache import Answer
from api.openapi import operation
from api.pagination import json_object
from api.parameters import Parameters
from api.routers.posts import JSON, Representation, not_found, post_tags, represented
from api.schemas.lists import Backlinks
from api.schemas.posts import Neighbors
from api.schemas.problems import ErrorCode
from search_index.answers import StoredPost
from search_index.included import json_array, neighbours_json
from search_index.snapshot import Snapshot

router = APIRouter(tags=["posts"])

Slug = Annotated[str, Path(description="The post's slug or id", examples=["hello"])]
Read = Callable[[Snapshot, str], StoredPost | None]

_MARKDOWN = "text/markdown"
_TEXT = "text/plain"


def _as_text(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {media_type: {"schema": {"type": "string"}}}}}


@router.get(
    "/v1/posts/{slug:path}/backlinks",
    operation_id="list_post_backlinks",
    summary="List what links to a post",
    response_model=Backlinks,
    openapi_extra=operation(Parameters, ErrorCode.POST_NOT_FOUND),
)
async def list_post_backlinks(slug: Slug, question: QuestionDep) -> Response:
    """The posts and pages whose bodies link to the post, by its path or an older one, newest first."""
    return await question.answer(partial(_backlinks, slug=slug), tags=["posts", "pages"])


def _backlinks(snapshot: Snapshot, slug: str) -> Answer:
    if exact := snapshot.get_post(f"{slug}/backlinks"):
        return Answer(exact.body)
    found = snapshot.backlinks(slug)
    if found is None:
        raise not_found(snapshot, slug)
    return Answer(json_object([("items", json_array(found))]))


@router.get(
    "/v1/posts/{slug:path}/neighbors",
    operation_id="get_post_neighbors",
    summary="Get the neighbors of a post",
    response_model=Neighbors,
    openapi_extra=operation(Parameters, ErrorCode.POST_NOT_FOUND),
)
async def get_post_neighbors(slug: Slug, question: QuestionDep) -> Response:
    """The next older and the next newer post, as the post itself names them."""
    return await question.answer(partial(_neighbors, slug=slug), tags=["posts"])


def _neighbors(snapshot: Snapshot, slug: str) -> Answer:
    if exact := snapshot.get_post(f"{slug}/neighbors"):
        return Answer(exact.body)
    found = snapshot.neighbors(slug)
    if found is None:
        raise not_found(snapshot, slug)
    return Answer(neighbours_json(found))


@router.get(
    "/v1/posts/{slug:path}.md",
    operation_id="get_post_markdown",
    summary="Get the source of a post",
    response_class=Response,
    responses=_as_text(_MARKDOWN, "The file behind its front matter"),
    openapi_extra=operation(Parameters, ErrorCode.POST_NOT_FOUND),
)
async def get_post_markdown(slug: Slug, question: QuestionDep) -> Response:
    """The source of a post behind its front matter, in UTF-8: as its author wrote it, neither expanded nor rendered."""
    find = partial(_form, slug=slug, ending=".md", read=Snapshot.get_markdown, media_type=_MARKDOWN)
    return await represented(question, find, post_tags)


@router.get(
    "/v1/posts/{slug:path}.txt",
    operation_id="get_post_text",
    summary="Get the text of a post",
    response_class=Response,
    responses=_as_text(_TEXT, "The plain text"),
    openapi_extra=operation(Parameters, ErrorCode.POST_NOT_FOUND),
)
async def get_post_text(slug: Slug, question: QuestionDep) -> Response:
    """The plain text of a post, exactly as it is indexed: a quoted run of it is found."""
    find = partial(_form, slug=slug, ending=".txt", read=Snapshot.get_text, media_type=_TEXT)
    return await represented(question, find, post_tags)


def _form(snapshot: Snapshot, slug: str, ending: str, read: Read, media_type: str) -> Representation:
    if exact := snapshot.get_post(slug + ending):
        return Representation(exact, JSON)
    found = read(snapshot, slug)
    if found is None:
        raise not_found(snapshot, slug)
    return Representation(found, f"{media_type}; charset=utf-8")
