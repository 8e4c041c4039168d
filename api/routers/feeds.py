"""The site for feed readers, crawlers and language models."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Response

from api.dependencies import FeedQuestionDep, QuestionDep, SitemapQuestionDep
from api.feeds import atom, json_feed, llms, rss, sitemap
from api.feeds.feed import Feed, feed_of
from api.http_cache import Answer
from api.openapi import operation
from api.pagination import PageLinks
from api.parameters import FeedParameters, Parameters, SitemapParameters
from api.problems import ProblemError
from api.schemas.problems import ErrorCode
from api.service import Question
from search_index.query import ListQuery, Page
from search_index.snapshot import Snapshot

router = APIRouter(tags=["feeds"])

_FEED = operation(FeedParameters, ErrorCode.REPEATED_PARAMETER, ErrorCode.INVALID_PARAMETER, paged=True)


def _text(media_type: str, schema: str = "string") -> dict[int | str, dict[str, Any]]:
    """What a 200 has, in the OpenAPI document."""
    return {200: {"content": {media_type.partition(";")[0]: {"schema": {"type": schema}}}}}


@router.get(
    "/feeds/rss.xml",
    operation_id="get_rss_feed",
    summary="Get the posts as RSS",
    response_class=Response,
    responses=_text(rss.MEDIA_TYPE),
    openapi_extra=_FEED,
)
async def get_rss_feed(question: FeedQuestionDep) -> Response:
    """Posts by the given filters as RSS 2.0, whole, newest first where no other order is asked for."""
    return await _feed(question, "/feeds/rss.xml", rss.rss, rss.MEDIA_TYPE)


@router.get(
    "/feeds/atom.xml",
    operation_id="get_atom_feed",
    summary="Get the posts as Atom",
    response_class=Response,
    responses=_text(atom.MEDIA_TYPE),
    openapi_extra=_FEED,
)
async def get_atom_feed(question: FeedQuestionDep) -> Response:
    """Posts by the given filters as Atom (RFC 4287), whole; its pages are linked as RFC 5005 says."""
    return await _feed(question, "/feeds/atom.xml", atom.atom, atom.MEDIA_TYPE)


@router.get(
    "/feeds/feed.json",
    operation_id="get_json_feed",
    summary="Get the posts as JSON Feed",
    response_class=Response,
    responses=_text(json_feed.MEDIA_TYPE, "object"),
    openapi_extra=_FEED,
)
async def get_json_feed(question: FeedQuestionDep) -> Response:
    """Posts by the given filters as JSON Feed 1.1, whole; `next_url` leads to the next page."""
    return await _feed(question, "/feeds/feed.json", json_feed.json_feed, json_feed.MEDIA_TYPE)


async def _feed(
    question: Question[FeedParameters], path: str, write: Callable[[Feed], bytes], media_type: str
) -> Response:
    parameters, api = question.parameters, question.service.settings.api_url

    def make(snapshot: Snapshot) -> Answer:
        page = snapshot.whole_posts(parameters.query(snapshot.site_zone))
        links = PageLinks(path, parameters, page.total, None)
        feed = feed_of(snapshot, page, links, parameters, path, api)
        return Answer(write(feed), links.headers(), media_type=media_type)

    return await question.answer(make, tags=["posts", *(f"tag:{slug}" for slug in parameters.tag)])


@router.get(
    "/sitemap.xml",
    operation_id="get_sitemap",
    summary="Get the sitemap",
    response_class=Response,
    responses=_text(sitemap.MEDIA_TYPE),
    openapi_extra=operation(
        SitemapParameters,
        ErrorCode.REPEATED_PARAMETER,
        ErrorCode.INVALID_PARAMETER,
        ErrorCode.SITEMAP_NOT_FOUND,
    ),
)
async def get_sitemap(question: SitemapQuestionDep) -> Response:
    """Every post and page of the public site (sitemaps.org 0.9). Beyond 50,000 addresses or 50 MB: a list of its parts."""
    return await question.answer(partial(_sitemap, page=question.parameters.page), tags=["posts", "pages"])


def _sitemap(snapshot: Snapshot, page: int | None) -> Answer:
    if not snapshot.site_url:
        raise _no_sitemap(snapshot, "the public site's address is not known: set OCTAVO_PUBLIC_URL")
    parts = sitemap.sitemap_parts(snapshot.site_map(), snapshot.site_url)
    if not parts:
        raise _no_sitemap(snapshot, "the site has no public post or page yet")
    if page is None and len(parts) > 1:
        return Answer(sitemap.sitemap_index(len(parts), snapshot.site_url), media_type=sitemap.MEDIA_TYPE)
    number = page or 1
    if number > len(parts):
        raise _no_sitemap(snapshot, f"the last part of the sitemap has the number {len(parts)}")
    return Answer(sitemap.sitemap(parts[number - 1]), media_type=sitemap.MEDIA_TYPE)


def _no_sitemap(snapshot: Snapshot, why: str) -> ProblemError:
    return ProblemError(ErrorCode.SITEMAP_NOT_FOUND, why, headers={"X-Content-Generation": snapshot.version})


@router.get(
    "/llms.txt",
    operation_id="get_llms_txt",
    summary="Get the list of posts for language models",
    response_class=Response,
    responses=_text(llms.MEDIA_TYPE),
    openapi_extra=operation(Parameters),
)
async def get_llms_txt(question: QuestionDep) -> Response:
    """The newest 100 posts by category with links to their Markdown (llmstxt.org), and where the others are."""
    return await question.answer(partial(_llms, api=question.service.settings.api_url), tags=["posts"])


def _llms(snapshot: Snapshot, api: str) -> Answer:
    page = snapshot.list_posts(ListQuery(page=Page(size=llms.MOST_POSTS)))
    body = llms.llms_txt(snapshot.site_title, snapshot.site_description, page, snapshot.site_url, api)
    return Answer(body, media_type=llms.MEDIA_TYPE)
