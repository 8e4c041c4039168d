"""Posts: lists and single ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response

from api.addresses import Parameter
from api.dependencies import ListQuestionDep, QuestionDep, RelatedQuestionDep
from api.http_cache import Answer, Finished, cache_key
from api.openapi import operation
from api.pagination import json_array, json_object, post_list
from api.parameters import ListParameters, Parameters, RelatedParameters
from api.problems import ProblemError
from api.schemas.lists import PostList
from api.schemas.problems import ErrorCode
from api.schemas.search import RelatedPosts
from api.service import Question, cache_tag
from search_index.answers import StoredPost
from search_index.engines.port import Deadline
from search_index.library import Snapshot
from search_index.wire import Post

router = APIRouter(tags=["posts"])

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_REPEATED = (ErrorCode.REPEATED_PARAMETER, ErrorCode.INVALID_PARAMETER)


@router.get(
    "/v1/posts",
    operation_id="list_posts",
    summary="List posts",
    response_model=PostList,
    openapi_extra=operation(ListParameters, *_REPEATED, paged=True),
)
async def list_posts(question: ListQuestionDep) -> Response:
    """Posts by the given filters, newest first where no other order is asked for; a page past the end is empty."""
    tags = ["posts", *(f"tag:{slug}" for slug in question.parameters.tag)]
    make = partial(_post_list, parameters=question.parameters)
    return await question.answer(make, tags=tags, at_once=question.parameters.is_one_of_the_first)


def _post_list(snapshot: Snapshot, parameters: ListParameters) -> Answer:
    return post_list(snapshot.list_posts(parameters.query(snapshot.site_zone)), parameters, "/v1/posts")


@router.get(
    "/v1/posts/{slug:path}/related",
    operation_id="list_related_posts",
    summary="List posts that are like a post",
    response_model=RelatedPosts,
    openapi_extra=operation(
        RelatedParameters, *_REPEATED, ErrorCode.POST_NOT_FOUND, ErrorCode.SEARCH_BUSY, ErrorCode.SEARCH_UNAVAILABLE
    ),
)
async def list_related_posts(
    slug: Annotated[str, Path(description="The post's slug or id", examples=["hello"])],
    question: RelatedQuestionDep,
) -> Response:
    """The posts of the same language that share its rare words and its terms, the most alike first."""
    service = question.service
    make = partial(
        _related, slug=slug, limit=question.parameters.per_page, seconds=service.settings.search_deadline_ms / 1000
    )
    return await question.answer(make, tags=["posts"], run=service.searches.run)


def _related(snapshot: Snapshot, slug: str, limit: int, seconds: float) -> Answer:
    whole = snapshot.get_post(f"{slug}/related")
    if whole is not None:  # a post's own slug comes before what may be asked of another
        return Answer(whole.body)
    deadline = Deadline(seconds)
    found = snapshot.related(slug, limit, deadline)
    if found is None:
        raise _not_found(snapshot, slug)
    return Answer(json_object([("items", json_array(found))]), lasting=snapshot.is_settled and not deadline.passed)


@router.get(
    "/v1/posts/{slug:path}",
    operation_id="get_post",
    summary="Get a post",
    response_model=Post,
    openapi_extra=operation(Parameters, ErrorCode.POST_NOT_FOUND),
)
async def get_post(
    slug: Annotated[
        str, Path(description="The post's slug, or its id where the slug is not unique", examples=["hello"])
    ],
    question: QuestionDep,
) -> Response:
    """One post, whole. `api_url` of every post leads here. A 404 suggests the slugs that look alike."""
    return await whole(question, lambda snapshot: snapshot.get_post(slug), partial(_not_found, slug=slug), "post")


def _not_found(snapshot: Snapshot, slug: str) -> ProblemError:
    return ProblemError(
        ErrorCode.POST_NOT_FOUND,
        "there is no post with this slug or id",
        suggestions=snapshot.near_posts(slug),
        headers={"X-Content-Generation": snapshot.version},
    )


async def whole(
    question: Question[Parameters],
    find: Callable[[Snapshot], StoredPost | None],
    missing: Callable[[Snapshot], ProblemError],
    tag: str,
) -> Response:
    """A post or page as it is stored, with validators of its own content; ``tag`` is what its Cache-Tag begins with.

    It is read on the event loop: that takes a fraction of the way to a thread and back (decision 0026). What looks like a
    name that is not there is looked for in a thread.
    """
    service, request = question.service, question.request
    with service.library.lease() as snapshot:
        post = find(snapshot)
        if post is None:
            raise await service.reads.run(partial(missing, snapshot))
        tags = cache_tag((f"{tag}:{post.slug or post.id}", *(f"tag:{name}" for name in post.tags)))
        key = cache_key(snapshot.version, request.scope["path"], [])
        finished = Finished(key, f'"{post.content_hash}"', tags)
        answer = Answer(post.body, _last_modified(post, service.clock.now()))
        service.keep(request, finished, answer)
        return service.response(request, snapshot, finished, answer)


def _last_modified(post: StoredPost, now: datetime) -> tuple[Parameter, ...]:
    """Never later than now. Source: RFC 9110, section 8.8.2.1."""
    if post.modified_at is None:
        return ()
    moment = min(_EPOCH + timedelta(seconds=post.modified_at), now.astimezone(UTC))
    return (("Last-Modified", format_datetime(moment, usegmt=True)),)
