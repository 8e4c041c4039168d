"""What the routes ask for in their signatures: the question with its parameters read, and what answers it.

One dependency a route: FastAPI spends about 35 µs on each, nearly half of what a kept answer costs in all.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.parameters import (
    AnalyticsParameters,
    CategoryParameters,
    ChangesParameters,
    CollectionParameters,
    EventParameters,
    ExportParameters,
    FeedParameters,
    ListParameters,
    Parameters,
    PostParameters,
    RelatedParameters,
    ResolveParameters,
    SearchParameters,
    SitemapParameters,
    SuggestParameters,
)
from api.service import Question


async def _question(request: Request) -> Question[Parameters]:
    return Question.of(request, Parameters)


async def _category_question(request: Request) -> Question[CategoryParameters]:
    return Question.of(request, CategoryParameters)


async def _collection_question(request: Request) -> Question[CollectionParameters]:
    return Question.of(request, CollectionParameters)


async def _list_question(request: Request) -> Question[ListParameters]:
    return Question.of(request, ListParameters)


async def _post_question(request: Request) -> Question[PostParameters]:
    return Question.of(request, PostParameters)


async def _feed_question(request: Request) -> Question[FeedParameters]:
    return Question.of(request, FeedParameters)


async def _sitemap_question(request: Request) -> Question[SitemapParameters]:
    return Question.of(request, SitemapParameters)


async def _search_question(request: Request) -> Question[SearchParameters]:
    return Question.of(request, SearchParameters)


async def _suggest_question(request: Request) -> Question[SuggestParameters]:
    return Question.of(request, SuggestParameters)


async def _related_question(request: Request) -> Question[RelatedParameters]:
    return Question.of(request, RelatedParameters)


async def _analytics_question(request: Request) -> Question[AnalyticsParameters]:
    return Question.of(request, AnalyticsParameters)


async def _resolve_question(request: Request) -> Question[ResolveParameters]:
    return Question.of(request, ResolveParameters)


async def _changes_question(request: Request) -> Question[ChangesParameters]:
    return Question.of(request, ChangesParameters)


async def _export_question(request: Request) -> Question[ExportParameters]:
    return Question.of(request, ExportParameters)


async def _event_question(request: Request) -> Question[EventParameters]:
    return Question.of(request, EventParameters)


AnalyticsQuestionDep = Annotated[Question[AnalyticsParameters], Depends(_analytics_question)]
ChangesQuestionDep = Annotated[Question[ChangesParameters], Depends(_changes_question)]
EventQuestionDep = Annotated[Question[EventParameters], Depends(_event_question)]
ExportQuestionDep = Annotated[Question[ExportParameters], Depends(_export_question)]
QuestionDep = Annotated[Question[Parameters], Depends(_question)]
CategoryQuestionDep = Annotated[Question[CategoryParameters], Depends(_category_question)]
CollectionQuestionDep = Annotated[Question[CollectionParameters], Depends(_collection_question)]
FeedQuestionDep = Annotated[Question[FeedParameters], Depends(_feed_question)]
ListQuestionDep = Annotated[Question[ListParameters], Depends(_list_question)]
PostQuestionDep = Annotated[Question[PostParameters], Depends(_post_question)]
ResolveQuestionDep = Annotated[Question[ResolveParameters], Depends(_resolve_question)]
RelatedQuestionDep = Annotated[Question[RelatedParameters], Depends(_related_question)]
SitemapQuestionDep = Annotated[Question[SitemapParameters], Depends(_sitemap_question)]
SuggestQuestionDep = Annotated[Question[SuggestParameters], Depends(_suggest_question)]
SearchQuestionDep = Annotated[Question[SearchParameters], Depends(_search_question)]
