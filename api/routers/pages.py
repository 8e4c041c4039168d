"""Pages, and collections: the documents of a site that are no posts, and all of them by the sort they are of."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.dependencies import CollectionQuestionDep, PostQuestionDep, QuestionDep
from api.http_cache import Answer
from api.openapi import operation
from api.parameters import CollectionParameters, Parameters
from api.previewing import preview, previewable, token_of
from api.problems import ProblemError
from api.routers.posts import INCLUDED, RELATED, REPEATED, listed, whole
from api.schemas.lists import CollectionList, PostList
from api.schemas.posts import Post
from api.schemas.problems import ErrorCode
from search_index.answers import StoredPost
from search_index.engines.port import Deadline
from search_index.model import PAGES, Kind
from search_index.public_state import page_name
from search_index.query import Include, ListQuery
from search_index.snapshot import Snapshot

router = APIRouter(tags=["pages"])


@router.get(
    "/v1/pages",
    operation_id="list_pages",
    summary="List pages",
    response_model=PostList,
    openapi_extra=operation(CollectionParameters, *REPEATED, *INCLUDED, paged=True),
)
async def list_pages(question: CollectionQuestionDep) -> Response:
    """The pages that belong to no collection, `about` for instance. They have the shape of posts; most have no date."""
    tags = dict.fromkeys(["pages", *_facet_tags(question.parameters)])
    return await listed(question, partial(_query, name=PAGES, kind=Kind.PAGE), "/v1/pages", tags)


@router.get(
    "/v1/pages/{path:path}",
    operation_id="get_page",
    summary="Get a page",
    response_model=Post,
    openapi_extra=previewable(*RELATED, ErrorCode.PAGE_NOT_FOUND),
)
async def get_page(
    path: Annotated[str, Path(description="The page's id, or its path on the site", examples=["about"])],
    question: PostQuestionDep,
) -> Response:
    """One page, or another document that is no post, whole. A 404 suggests ids that look alike.

    With a preview token, what is not public is answered too, and the answer is `private, no-store` without a validator.
    """
    missing = partial(_not_found, key=path)
    token = token_of(question)
    if token is not None:
        return await preview(question, token, Kind.PAGE, path, missing)
    return await whole(question, partial(_find, key=path), missing, partial(_own_tags, key=path))


def _own_tags(page: StoredPost, key: str) -> list[str]:
    """Its name, and the one it was asked for by, which another page may take from it."""
    return list(dict.fromkeys(f"page:{name}" for name in (page.slug or page.id, key, page_name(f"/{key}"))))


def _find(snapshot: Snapshot, include: tuple[Include, ...], deadline: Deadline, key: str) -> StoredPost | None:
    return snapshot.get_page(key, include, deadline)


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
    openapi_extra=operation(CollectionParameters, *REPEATED, *INCLUDED, ErrorCode.COLLECTION_NOT_FOUND, paged=True),
)
async def list_collection(
    name: Annotated[str, Path(description="The collection's name", examples=["recipes"])],
    question: CollectionQuestionDep,
) -> Response:
    """The documents of one collection, posts and pages alike, newest first where no other order is asked for."""
    return await listed(
        question,
        partial(_collection_query, name=name),
        f"/v1/collections/{name}",
        [f"collection:{name}", *_facet_tags(question.parameters)],
    )


def _collection_query(snapshot: Snapshot, parameters: CollectionParameters, name: str) -> ListQuery:
    names = [collection.name for collection in snapshot.list_collections()]
    if name not in names:
        raise ProblemError(
            ErrorCode.COLLECTION_NOT_FOUND,
            "there is no such collection",
            suggestions=tuple(names),
            headers={"X-Content-Generation": snapshot.version},
        )
    return _query(snapshot, parameters, name, None)


def _facet_tags(parameters: CollectionParameters) -> tuple[str, ...]:
    """The labels of facets are the names that most posts and pages of the whole site use."""
    return ("posts", "pages") if parameters.facet else ()


def _query(snapshot: Snapshot, parameters: CollectionParameters, name: str, kind: Kind | None) -> ListQuery:
    query = parameters.query(snapshot.site_zone)
    return replace(query, filters=replace(query.filters, kind=kind, collections=(name,)))
