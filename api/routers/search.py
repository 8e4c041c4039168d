"""Full-text search."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from time import perf_counter

from fastapi import APIRouter, Response
from pydantic_core import to_json

from api.cursors import search_cursor
from api.dependencies import SearchQuestionDep, SuggestQuestionDep
from api.http_cache import Answer
from api.openapi import operation
from api.pagination import PageLinks, facets_json, json_object
from api.parameters import SearchParameters, SuggestParameters
from api.routers.posts import included_tags
from api.schemas.problems import ErrorCode
from api.schemas.search import (
    ClauseExplanation,
    FieldScore,
    HitExplanation,
    QueryReading,
    SearchResults,
    Suggestion,
    SuggestionList,
)
from search_index import post_search as search_answers
from search_index.answers import SearchHit, SearchResult
from search_index.engines.port import Deadline
from search_index.expansion import Match
from search_index.included import json_array
from search_index.query import WINDOW
from search_index.snapshot import Snapshot

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
    return await question.answer(
        partial(_search_results, parameters=parameters, deadline_of=service.search_deadline),
        tags=dict.fromkeys(
            ("search", "posts", *included_tags(parameters.include), *(f"tag:{row}" for row in parameters.tag))
        ),
        weak=True,  # took_ms differs from one computation to the next
        run=service.searches.run,
    )


def _search_results(snapshot: Snapshot, parameters: SearchParameters, deadline_of: Callable[[], Deadline]) -> Answer:
    started = perf_counter()
    result = snapshot.search(parameters.query(snapshot.site_zone), deadline_of())
    is_first = parameters.page == 1 and parameters.cursor is None
    next_cursor = search_cursor(result.last) if result.last else None
    links = PageLinks("/v1/search", parameters, result.total, next_cursor, WINDOW)
    took_ms = round((perf_counter() - started) * 1000, 1)
    body = json_object(
        [
            ("items", json_array(map(_hit, result.hits))),
            ("query", _reading(parameters.q, result).model_dump_json().encode()),
            ("did_you_mean", json.dumps(result.did_you_mean or None, ensure_ascii=False).encode()),
            ("complete", b"true" if result.complete else b"false"),
            ("took_ms", str(took_ms).encode()),
            ("pagination", links.pagination.model_dump_json().encode()),
            ("facets", facets_json(result.facets)),
        ]
    )
    return Answer(
        body,
        links.headers(),
        lasting=result.complete and snapshot.is_settled,
        asked=(result.interpreted, result.total) if result.has_words and is_first else None,
    )


def _reading(raw: str, result: SearchResult) -> QueryReading:
    return QueryReading(
        raw=raw,
        interpreted=result.interpreted,
        corrected=result.corrected or None,
        relaxed=result.relaxed,
        dropped=list(result.dropped),
        ignored=list(result.ignored),
    )


def _hit(hit: SearchHit) -> bytes:
    """As the models declare it, written without them: they cost 3.5 times as much, and a page has about a hundred of them."""
    highlights = [{"field": part.field, "html": part.html} for part in hit.highlights]
    sections = [
        {"anchor": part.anchor, "heading": part.heading, "trail": part.trail, "url": part.url, "html": part.html}
        for part in hit.sections
    ]
    return json_object(
        [
            ("score", repr(float(hit.score)).encode()),
            ("post", hit.post),
            ("highlights", to_json(highlights)),
            ("sections", to_json(sections)),
            ("explanation", _explanation(hit.explanation) if hit.explanation else b"null"),
        ]
    )


def _explanation(found: search_answers.HitExplanation) -> bytes:
    return (
        HitExplanation(
            exact_title=found.exact_title,
            corrections=sum(clause.match is Match.TYPO for clause in found.clauses),
            clauses=[
                ClauseExplanation(
                    typed=clause.typed,
                    match=clause.match,
                    tokens=list(clause.tokens),
                    score=clause.score,
                    fields=[
                        FieldScore(
                            field=row.field,
                            frequency=row.frequency,
                            length=row.length,
                            average_length=row.average,
                            posts=row.holding,
                            of_posts=row.documents,
                            score=row.score,
                        )
                        for row in clause.fields
                    ],
                )
                for clause in found.clauses
            ],
            proximity=found.proximity,
            recency=found.recency,
            score=found.score,
        )
        .model_dump_json()
        .encode()
    )


@router.get(
    "/v1/search/suggest",
    operation_id="suggest",
    summary="Complete what is being typed",
    response_model=SuggestionList,
    openapi_extra=operation(
        SuggestParameters,
        ErrorCode.MISSING_PARAMETER,
        ErrorCode.REPEATED_PARAMETER,
        ErrorCode.INVALID_PARAMETER,
        ErrorCode.SEARCH_BUSY,
        ErrorCode.SEARCH_UNAVAILABLE,
    ),
)
async def suggest(question: SuggestQuestionDep) -> Response:
    """Titles, terms and words that what was typed may become, each with the number of posts behind it."""
    parameters, service = question.parameters, question.service
    return await question.answer(
        partial(_suggestions, parameters=parameters, deadline_of=service.search_deadline),
        tags=["search", "posts"],
        run=service.searches.run,
    )


def _suggestions(snapshot: Snapshot, parameters: SuggestParameters, deadline_of: Callable[[], Deadline]) -> Answer:
    deadline = deadline_of()
    found = snapshot.suggest(parameters.q, parameters.lang, parameters.per_page, deadline)
    complete = not deadline.passed
    items = [
        Suggestion(kind=row.kind, text=row.text, count=row.count, api_url=row.api_url, url=row.url) for row in found
    ]
    body = SuggestionList(items=items, complete=complete).model_dump_json().encode()
    return Answer(body, lasting=complete and snapshot.is_settled)
