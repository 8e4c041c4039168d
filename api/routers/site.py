"""The site as a whole: the entrance, its years and months, what is wrong in its files."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial

from fastapi import APIRouter, Response

from api.addresses import address
from api.dependencies import QuestionDep, ResolveQuestionDep
from api.http_cache import Answer, Finished, cache_key, entity_tag
from api.openapi import operation
from api.pagination import json_object
from api.parameters import Parameters, ResolveParameters
from api.problems import ProblemError
from api.schemas.lists import ArchiveMonth, Archives, ArchiveYear, DiagnosticList
from api.schemas.problems import ErrorCode
from api.schemas.site import Counts, Index, Links, Resolution
from api.service import cache_tag
from search_index.answers import ArchiveYear as YearOfPosts
from search_index.answers import Resolution as Resolved
from search_index.composing import encoded_path
from search_index.model import Kind
from search_index.public_state import own_tags
from search_index.site_paths import site_path
from search_index.snapshot import Snapshot
from search_index.wire import Problem

router = APIRouter(tags=["site"])

_LINKS = Links(
    posts="/v1/posts",
    pages="/v1/pages",
    collections="/v1/collections",
    tags="/v1/tags",
    categories="/v1/categories",
    authors="/v1/authors",
    series="/v1/series",
    archives="/v1/archives",
    search="/v1/search",
    resolve="/v1/resolve",
    rss="/feeds/rss.xml",
    atom="/feeds/atom.xml",
    json_feed="/feeds/feed.json",
    sitemap="/sitemap.xml",
    llms_txt="/llms.txt",
    changes="/v1/changes",
    export="/v1/export",
    events="/v1/events",
    diagnostics="/v1/diagnostics",
    openapi="/openapi.json",
    openapi_3_0="/openapi-3.0.json",
    docs="/docs",
)


@router.get("/", include_in_schema=False)
@router.get(
    "/v1", operation_id="get_index", summary="The entrance", response_model=Index, openapi_extra=operation(Parameters)
)
async def get_index(question: QuestionDep) -> Response:
    """What this is, how much of it there is, and where."""
    return await question.answer(partial(_index, version=question.service.version), tags=["site"])


def _index(snapshot: Snapshot, version: str) -> Answer:
    index = Index(
        name="octavo",
        version=version,
        generation=snapshot.version,
        title=snapshot.site_title,
        url=snapshot.site_url or None,
        counts=Counts(**asdict(snapshot.counts())),
        links=_LINKS,
    )
    link = '</openapi.json>; rel="service-desc", </v1/posts>; rel="collection", </v1/search>; rel="search"'
    return Answer(index.model_dump_json().encode(), (("Link", link),))


@router.get(
    "/v1/archives",
    operation_id="list_archives",
    summary="List years and months",
    response_model=Archives,
    openapi_extra=operation(Parameters),
)
async def list_archives(question: QuestionDep) -> Response:
    """The years and months in which posts were published, newest first; undated posts stand in none."""
    return await question.answer(_archives, tags=["archives"])


def _archives(snapshot: Snapshot) -> Answer:
    archives = Archives(items=[_year(year) for year in snapshot.list_archives()])
    return Answer(archives.model_dump_json().encode())


def _year(year: YearOfPosts) -> ArchiveYear:
    query = [("year", str(year.year))]
    return ArchiveYear(
        year=year.year,
        post_count=year.count,
        api_url=address("/v1/posts", query),
        months=[
            ArchiveMonth(
                month=month.month,
                post_count=month.count,
                api_url=address("/v1/posts", [*query, ("month", str(month.month))]),
            )
            for month in year.months
        ],
    )


@router.get(
    "/v1/resolve",
    operation_id="resolve_path",
    summary="Resolve an address of the site",
    response_model=Resolution,
    openapi_extra=operation(
        ResolveParameters,
        ErrorCode.MISSING_PARAMETER,
        ErrorCode.REPEATED_PARAMETER,
        ErrorCode.INVALID_PARAMETER,
        ErrorCode.PATH_NOT_FOUND,
    ),
)
async def resolve_path(question: ResolveQuestionDep) -> Response:
    """What is at an address of the public site, or where the address leads now. A 404 suggests paths that look alike."""
    service, request, address = question.service, question.request, question.parameters.path
    with service.library.lease() as snapshot:
        found = await service.reads.run(partial(_resolved, snapshot, address))
        key = cache_key(snapshot.version, request.scope["path"], question.parameters.canonical())
        kind = Kind.PAGE if found.is_page else Kind.POST
        tags = cache_tag(("resolve", *own_tags(kind, found.id, found.slug, found.path)))
        finished, answer = Finished(key, entity_tag(service.salt, key), tags), _resolution(found, address)
        service.keep(request, finished, answer)
        return service.response(request, snapshot, finished, answer)


def _resolved(snapshot: Snapshot, address: str) -> Resolved:
    found = snapshot.resolve(address)
    if found is None:
        raise ProblemError(
            ErrorCode.PATH_NOT_FOUND,
            "nothing of the site is at this path",
            suggestions=snapshot.near_paths(address),
            headers={"X-Content-Generation": snapshot.version},
        )
    return found


def _resolution(found: Resolved, address: str) -> Answer:
    told = {
        "kind": "redirect" if found.is_redirect else "page" if found.is_page else "post",
        "path": site_path(address),
        "location": encoded_path(found.path),
    }
    return Answer(
        json_object([*((key, json.dumps(value).encode()) for key, value in told.items()), ("post", found.post)])
    )


@router.get(
    "/v1/diagnostics",
    operation_id="list_diagnostics",
    summary="List problems of the content",
    response_model=DiagnosticList,
    openapi_extra=operation(Parameters),
)
async def list_diagnostics(question: QuestionDep) -> Response:
    """What is wrong in which file, line and column. Files that are hidden from the public are not named."""
    return await question.answer(_diagnostics, tags=["diagnostics"])


def _diagnostics(snapshot: Snapshot) -> Answer:
    found = DiagnosticList(items=[Problem.model_validate(asdict(problem)) for problem in snapshot.diagnostics()])
    return Answer(found.model_dump_json().encode(), (("X-Total-Count", str(len(found.items))),))
