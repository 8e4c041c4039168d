"""Full-text search."""

from __future__ import annotations

from functools import partial
from time import perf_counter

from fastapi import APIRouter, Response

from api.dependencies import SearchQuestionDep
from api.http_cache import Answer
from api.openapi import operation
from api.pagination import PageLinks, facets_json, json_array, json_object
from api.parameters import SearchParameters
from api.schemas.problems import ErrorCode
from api.schemas.search import Highlight, QueryReading, SearchResults, SectionHit
from search_index.answers import SearchHit, SearchResult
from search_index.engines.port import Deadline, TextField
from search_index.library import Snapshot
from search_index.query import WINDOW

router = APIRouter(tags=["search"])


@router.get(
    "/v1/search",
    operation_id="search",
    summary="Search posts",
    response_model=SearchResults,
    openapi_extra=operation(
        SearchParameters,
        ErrorCode.MISSING_PARAMETER,
        ErrorCode.REPEATED_PARAMETER,
        ErrorCode.INVALID_PARAMETER,
        ErrorCode.WINDOW_EXCEEDED,
        ErrorCode.QUERY_TOO_COSTLY,
        ErrorCode.SEARCH_BUSY,
        ErrorCode.SEARCH_UNAVAILABLE,
        paged=True,
    ),
)
async def search(question: SearchQuestionDep) -> Response:
    """Posts in which the query stands, most relevant first, with the passages. Takes the filters of the list of posts."""
    parameters, service = question.parameters, question.service
    seconds = service.settings.search_deadline_ms / 1000
    return await question.answer(
        partial(_search_results, parameters=parameters, seconds=seconds),
        tags=["search", "posts", *(f"tag:{slug}" for slug in parameters.tag)],
        weak=True,  # took_ms differs from one computation to the next
        run=service.searches.run,
    )


def _search_results(snapshot: Snapshot, parameters: SearchParameters, seconds: float) -> Answer:
    started = perf_counter()
    result = snapshot.search(parameters.query(snapshot.site_zone), Deadline(seconds))
    links = PageLinks("/v1/search", parameters, result.total, WINDOW)
    took_ms = round((perf_counter() - started) * 1000, 1)
    body = json_object(
        [
            ("items", json_array(map(_hit, result.hits))),
            ("query", _reading(parameters.q, result).model_dump_json().encode()),
            ("did_you_mean", b"null"),
            ("complete", b"true" if result.complete else b"false"),
            ("took_ms", str(took_ms).encode()),
            ("pagination", links.pagination().model_dump_json().encode()),
            ("facets", facets_json(result.facets)),
        ]
    )
    return Answer(body, links.headers(), lasting=result.complete and snapshot.is_settled)


def _reading(raw: str, result: SearchResult) -> QueryReading:
    return QueryReading(
        raw=raw, interpreted=result.interpreted, corrected=None, relaxed=False, ignored=list(result.ignored)
    )


def _hit(hit: SearchHit) -> bytes:
    highlights = (
        Highlight(field=TextField(part.field), html=part.html).model_dump_json().encode() for part in hit.highlights
    )
    sections = (
        SectionHit(anchor=part.anchor, heading=part.heading, trail=list(part.trail), url=part.url, html=part.html)
        .model_dump_json()
        .encode()
        for part in hit.sections
    )
    return json_object(
        [
            ("score", repr(float(hit.score)).encode()),
            ("post", hit.post),
            ("highlights", json_array(highlights)),
            ("sections", json_array(sections)),
        ]
    )
