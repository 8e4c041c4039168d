"""Pages, and collections: the documents of a site that are no posts, and all of them by the sort they are of."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.dependencies import CollectionQuestionDep, QuestionDep
from api.http_cache import Answer
from api.openapi import operation
from api.pagination import post_list
from api.parameters import CollectionParameters, Parameters
from api.problems import ProblemError
from api.routers.posts import whole
from api.schemas.lists import CollectionList, PostList
from api.schemas.problems import ErrorCode
from search_index.library import Snapshot
from search_index.model import PAGES, Kind
from search_index.wire import Post

router = APIRouter(tags=["pages"])

_REPEATED = (ErrorCode.REPEATED_PARAMETER, ErrorCode.INVALID_PARAMETER)


@router.get(
    "/v1/pages",
    operation_id="list_pages",
    summary="List pages",
    response_model=PostList,
    openapi_extra=operation(CollectionParameters, *_REPEATED, paged=True),
)
async def list_pages(question: CollectionQuestionDep) -> Response:
    """The pages that belong to no collection, `about` for instance. They have the shape of posts; most have no date."""
    return await question.answer(
        partial(_list, parameters=question.parameters, address="/v1/pages", name=PAGES, kind=Kind.PAGE), tags=["pages"]
    )


@router.get(
    "/v1/pages/{path:path}",
    operation_id="get_page",
    summary="Get a page",
    response_model=Post,
    openapi_extra=operation(Parameters, ErrorCode.PAGE_NOT_FOUND),
)
async def get_page(
    path: Annotated[str, Path(description="The page's id, or its path on the site", examples=["about"])],
    question: QuestionDep,
) -> Response:
    """One page, or another document that is no post, whole. A 404 suggests ids that look alike."""
    return await whole(question, lambda snapshot: snapshot.get_page(path), partial(_not_found, key=path), "page")


def _not_found(snapshot: Snapshot, key: str) -> ProblemError:
    return ProblemError(
        ErrorCode.PAGE_NOT_FOUND,
        "there is no page with this id or path",
        suggestions=snapshot.near_pages(key),
        headers={"X-Content-Generation": snapshot.version},
    )


@router.get(
    "/v1/collections",
    operation_id="list_collections",
    summary="List collections",
    response_model=CollectionList,
    openapi_extra=operation(Parameters),
)
async def list_collections(question: QuestionDep) -> Response:
    """Every collection with the number of its documents: the posts, the pages, and what else the site has."""
    return await question.answer(_collections, tags=["collections"])


def _collections(snapshot: Snapshot) -> Answer:
    collections = CollectionList(items=list(snapshot.list_collections()))
    return Answer(collections.model_dump_json().encode(), (("X-Total-Count", str(len(collections.items))),))


@router.get(
    "/v1/collections/{name}",
    operation_id="list_collection",
    summary="List the documents of a collection",
    response_model=PostList,
    openapi_extra=operation(CollectionParameters, *_REPEATED, ErrorCode.COLLECTION_NOT_FOUND, paged=True),
)
async def list_collection(
    name: Annotated[str, Path(description="The collection's name", examples=["recipes"])],
    question: CollectionQuestionDep,
) -> Response:
    """The documents of one collection, posts and pages alike, newest first where no other order is asked for."""
    address = f"/v1/collections/{name}"
    return await question.answer(
        partial(_collection, parameters=question.parameters, address=address, name=name), tags=[f"collection:{name}"]
    )


def _collection(snapshot: Snapshot, parameters: CollectionParameters, address: str, name: str) -> Answer:
    names = [collection.name for collection in snapshot.list_collections()]
    if name not in names:
        raise ProblemError(
            ErrorCode.COLLECTION_NOT_FOUND,
            "there is no such collection",
            suggestions=tuple(names),
            headers={"X-Content-Generation": snapshot.version},
        )
    return _list(snapshot, parameters, address, name, None)


def _list(snapshot: Snapshot, parameters: CollectionParameters, address: str, name: str, kind: Kind | None) -> Answer:
    query = parameters.query(snapshot.site_zone)
    filters = replace(query.filters, kind=kind, collections=(name,))
    return post_list(snapshot.list_posts(replace(query, filters=filters)), parameters, address)
