"""Posts: lists and single ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Response

from api.addresses import Parameter
from api.dependencies import ListQuestionDep, PostQuestionDep, RelatedQuestionDep
from api.http_cache import Answer, Finished, cache_key
from api.openapi import operation
from api.pagination import json_object, post_list
from api.parameters import CollectionParameters, ListParameters, PostParameters, RelatedParameters
from api.previewing import preview, previewable, token_of
from api.problems import ProblemError
from api.schemas.lists import PostList
from api.schemas.posts import Post
from api.schemas.problems import ErrorCode
from api.schemas.search import RelatedPosts
from api.service import P, Question, cache_tag
from search_index.answers import StoredPost
from search_index.engines.port import Deadline
from search_index.included import json_array
from search_index.model import Kind
from search_index.query import Include, ListQuery
from search_index.snapshot import Snapshot

router = APIRouter(tags=["posts"])

JSON = "application/json"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REPEATED = (ErrorCode.REPEATED_PARAMETER, ErrorCode.INVALID_PARAMETER)
RELATED = (ErrorCode.SEARCH_BUSY, ErrorCode.SEARCH_UNAVAILABLE)
"""What `include=related` can end with."""
INCLUDED = (ErrorCode.QUERY_TOO_COSTLY, *RELATED)
"""What a list can end with where something is included."""

L = TypeVar("L", bound=CollectionParameters)


@router.get(
    "/v1/posts",
    operation_id="list_posts",
    summary="List posts",
    response_model=PostList,
    openapi_extra=operation(ListParameters, *REPEATED, *INCLUDED, paged=True),
)
async def list_posts(question: ListQuestionDep) -> Response:
    """Posts by the given filters, newest first where no other order is asked for; a page past the end is empty."""
    tags = ["posts", *(f"tag:{slug}" for slug in question.parameters.tag)]
    return await listed(question, _whole_query, "/v1/posts", tags)


def _whole_query(snapshot: Snapshot, parameters: CollectionParameters) -> ListQuery:
    return parameters.query(snapshot.site_zone)


async def listed(
    question: Question[L], query_of: Callable[[Snapshot, L], ListQuery], address: str, tags: Iterable[str]
) -> Response:
    """The list at ``address``. What needs the engine waits among the searches, with their deadline."""
    service, parameters = question.service, question.parameters
    needs_engine = Include.RELATED in parameters.include

    def make(snapshot: Snapshot) -> Answer:
        page = snapshot.list_posts(query_of(snapshot, parameters), service.search_deadline())
        return post_list(page, parameters, address, lasting=snapshot.is_settled or not needs_engine)

    tags = dict.fromkeys((*tags, *included_tags(parameters.include)))
    return await question.answer(
        make,
        tags=tags,
        run=service.searches.run if needs_engine else None,
        at_once=isinstance(parameters, ListParameters) and parameters.is_one_of_the_first,
    )


@router.get(
    "/v1/posts/{slug:path}/related",
    operation_id="list_related_posts",
    summary="List posts that are like a post",
    response_model=RelatedPosts,
    openapi_extra=operation(
        RelatedParameters, *REPEATED, ErrorCode.POST_NOT_FOUND, ErrorCode.SEARCH_BUSY, ErrorCode.SEARCH_UNAVAILABLE
    ),
)
async def list_related_posts(
    slug: Annotated[str, Path(description="The post's slug or id", examples=["hello"])],
    question: RelatedQuestionDep,
) -> Response:
    """The posts of the same language that share its rare words and its terms, the most alike first."""
    service = question.service
    make = partial(_related, slug=slug, limit=question.parameters.per_page, deadline_of=service.search_deadline)
    return await question.answer(make, tags=["search", "posts"], run=service.searches.run)


def _related(snapshot: Snapshot, slug: str, limit: int, deadline_of: Callable[[], Deadline]) -> Answer:
    whole = snapshot.get_post(f"{slug}/related")
    if whole is not None:  # a post's own slug comes before what may be asked of another
        return Answer(whole.body)
    deadline = deadline_of()
    found = snapshot.related(slug, limit, deadline)
    if found is None:
        raise not_found(snapshot, slug)
    return Answer(json_object([("items", json_array(found))]), lasting=snapshot.is_settled and not deadline.passed)


@router.get(
    "/v1/posts/{slug:path}",
    operation_id="get_post",
    summary="Get a post",
    response_model=Post,
    openapi_extra=previewable(*RELATED, ErrorCode.POST_NOT_FOUND),
)
async def get_post(
    slug: Annotated[
        str, Path(description="The post's slug, or its id where the slug is not unique", examples=["hello"])
    ],
    question: PostQuestionDep,
) -> Response:
    """One post, whole. `api_url` of every post leads here. A 404 suggests the slugs that look alike.

    With a preview token, what is not public is answered too, and the answer is `private, no-store` without a validator.
    """
    missing = partial(not_found, slug=slug)
    token = token_of(question)
    if token is not None:
        return await preview(question, token, Kind.POST, slug, missing)
    return await whole(question, partial(_find, slug=slug), missing, post_tags)


def post_tags(post: StoredPost) -> list[str]:
    """The tag of a post's own."""
    return [f"post:{post.slug or post.id}"]


def _find(snapshot: Snapshot, include: tuple[Include, ...], deadline: Deadline, slug: str) -> StoredPost | None:
    return snapshot.get_post(slug, include, deadline)


def not_found(snapshot: Snapshot, slug: str) -> ProblemError:
    return ProblemError(
        ErrorCode.POST_NOT_FOUND,
        "there is no post with this slug or id",
        suggestions=snapshot.near_posts(slug),
        headers={"X-Content-Generation": snapshot.version},
    )


Tags = Callable[[StoredPost], list[str]]
"""The cache tags that an answer begins with; those of the post's tags come behind them."""


async def whole(
    question: Question[PostParameters],
    find: Callable[[Snapshot, tuple[Include, ...], Deadline], StoredPost | None],
    missing: Callable[[Snapshot], ProblemError],
    own_tags: Tags,
) -> Response:
    """A post or page as it is stored, with what is included, and validators of its own content.

    By itself it is read on the event loop: that takes a fraction of the way to a thread and back (decision 0026). What
    looks like a name that is not there is looked for in a thread.
    """
    service, include = question.service, question.parameters.include
    with service.library.lease() as snapshot:
        look = partial(find, snapshot, include, service.search_deadline())
        lasting = True
        if include:
            needs_engine = Include.RELATED in include
            post = await (service.searches if needs_engine else service.reads).run(look)
            lasting = snapshot.is_settled or not needs_engine
        else:
            post = look()
        if post is None:
            raise await service.reads.run(partial(missing, snapshot))
        tags = (*own_tags(post), *included_tags(include))
        return _represented(question, snapshot, Representation(post, lasting=lasting), tags)


def included_tags(include: Iterable[Include]) -> tuple[str, ...]:
    """The tags of what a post carries of others."""
    related = ("search", "posts") if Include.RELATED in include else ()
    backlinks = ("posts", "pages") if Include.BACKLINKS in include else ()
    return tuple(dict.fromkeys((*related, *backlinks)))


@dataclass(frozen=True, slots=True)
class Representation:
    """A post in one of its forms; ``lasting`` as in ``Answer``."""

    post: StoredPost
    media_type: str = JSON
    lasting: bool = True


async def represented(question: Question[P], find: Callable[[Snapshot], Representation], own_tags: Tags) -> Response:
    """A post in the form that is found, with validators of that form's own bytes."""
    service = question.service
    with service.library.lease() as snapshot:
        found = await service.reads.run(partial(find, snapshot))
        return _represented(question, snapshot, found, own_tags(found.post))


def _represented(question: Question[P], snapshot: Snapshot, found: Representation, tags: Iterable[str]) -> Response:
    service, request, post = question.service, question.request, found.post
    key = cache_key(snapshot.version, request.scope["path"], question.parameters.canonical())
    finished = Finished(key, f'"{post.content_hash}"', cache_tag((*tags, *(f"tag:{name}" for name in post.tags))))
    answer = Answer(post.body, _last_modified(post, service.clock.now()), found.lasting, media_type=found.media_type)
    if found.lasting:
        service.keep(request, finished, answer)
    return service.response(request, snapshot, finished, answer)


def _last_modified(post: StoredPost, now: datetime) -> tuple[Parameter, ...]:
    """Never later than now. Source: RFC 9110, section 8.8.2.1."""
    if post.modified_at is None:
        return ()
    moment = min(_EPOCH + timedelta(seconds=post.modified_at), now.astimezone(UTC))
    return (("Last-Modified", format_datetime(moment, usegmt=True)),)
