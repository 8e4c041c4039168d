"""What is searched for, for the operator alone."""

from __future__ import annotations

import os

from fastapi import APIRouter, Response

from api.dependencies import AnalyticsQuestionDep
from api.problems import ProblemError
from api.read_keys import ReadKey, bearer_token, key_of
from api.schemas.analytics import QueryCount, SearchReport
from api.schemas.problems import ErrorCode

router = APIRouter(include_in_schema=False)


@router.get("/v1/search/analytics")
async def get_search_analytics(question: AnalyticsQuestionDep) -> Response:
    """The most frequent queries and those without a result, since this worker's start."""
    service, request = question.service, question.request
    token = service.settings.search_analytics_token
    if service.analytics is None or token is None:
        setting = "OCTAVO_SEARCH_ANALYTICS_TOKEN" if service.analytics else "OCTAVO_SEARCH_ANALYTICS"
        raise ProblemError(ErrorCode.ROUTE_NOT_FOUND, f"search analytics are not served: see {setting}")
    given = bearer_token([value.encode("latin-1") for value in request.headers.getlist("authorization")])
    if key_of(given, [ReadKey.of("search-analytics", token.get_secret_value())]) is None:
        raise ProblemError(
            ErrorCode.UNAUTHORIZED,
            "send the token as 'Authorization: Bearer ...'",
            headers={"WWW-Authenticate": "Bearer"},
        )
    report = service.analytics.report(question.parameters.per_page)
    body = SearchReport(
        since=report.since.isoformat(),
        worker=os.getpid(),
        searches=report.searches,
        top=[QueryCount(query=query, count=count) for query, count in report.top],
        without_result=[QueryCount(query=query, count=count) for query, count in report.without_result],
        forgotten=report.forgotten,
    )
    return Response(
        body.model_dump_json(), headers={"Cache-Control": "private, no-store"}, media_type="application/json"
    )
