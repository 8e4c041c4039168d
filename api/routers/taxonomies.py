"""Tags, categories, authors and series."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import TypeAdapter

from api.dependencies import CategoryQuestionDep, QuestionDep
from api.http_cache import Answer
from api.openapi import operation
from api.pagination import json_object
from api.parameters import CategoryParameters, CategoryView, Parameters, category_path
from api.problems import ProblemError
from api.schemas.lists import TermList
from api.schemas.problems import ErrorCode
from api.service import Question
from search_index.public_state import SINGULAR
from search_index.snapshot import Snapshot
from search_index.taxonomy import Taxonomy, term_slug
from search_index.wire import Term

router = APIRouter(tags=["terms"])

_TERMS = TypeAdapter(list[Term])

TagSlug = Annotated[str, Path(description="The tag's slug", examples=["python"])]
AuthorSlug = Annotated[str, Path(description="The author's slug", examples=["ann"])]
SeriesSlug = Annotated[str, Path(description="The series' slug", examples=["letters"])]
CategoryPath = Annotated[str, Path(description="The slugs from the outermost category", examples=["dev/python"])]

_LIST = operation(Parameters)
_ONE = operation(Parameters, ErrorCode.TERM_NOT_FOUND)


@router.get("/v1/tags", operation_id="list_tags", summary="List tags", response_model=TermList, openapi_extra=_LIST)
async def list_tags(question: QuestionDep) -> Response:
    """Every tag with the number of posts that carry it."""
    return await _list(question, Taxonomy.TAGS)


@router.get("/v1/tags/{slug}", operation_id="get_tag", summary="Get a tag", response_model=Term, openapi_extra=_ONE)
async def get_tag(slug: TagSlug, question: QuestionDep) -> Response:
    """One tag."""
    return await _get(question, Taxonomy.TAGS, term_slug(slug))


@router.get(
    "/v1/categories",
    operation_id="list_categories",
    summary="List categories",
    response_model=TermList,
    openapi_extra=operation(CategoryParameters, ErrorCode.REPEATED_PARAMETER, ErrorCode.INVALID_PARAMETER),
)
async def list_categories(question: CategoryQuestionDep) -> Response:
    """Every category with the number of posts in it and below it."""
    return await _list(question, Taxonomy.CATEGORIES, tree=question.parameters.view is CategoryView.TREE)


@router.get(
    "/v1/categories/{path:path}",
    operation_id="get_category",
    summary="Get a category",
    response_model=Term,
    openapi_extra=_ONE,
)
async def get_category(path: CategoryPath, question: QuestionDep) -> Response:
    """One category, with those directly below it."""
    return await _get(question, Taxonomy.CATEGORIES, category_path(path))


@router.get(
    "/v1/authors", operation_id="list_authors", summary="List authors", response_model=TermList, openapi_extra=_LIST
)
async def list_authors(question: QuestionDep) -> Response:
    """Every author with the number of posts."""
    return await _list(question, Taxonomy.AUTHORS)


@router.get(
    "/v1/authors/{slug}", operation_id="get_author", summary="Get an author", response_model=Term, openapi_extra=_ONE
)
async def get_author(slug: AuthorSlug, question: QuestionDep) -> Response:
    """One author."""
    return await _get(question, Taxonomy.AUTHORS, term_slug(slug))


@router.get(
    "/v1/series", operation_id="list_series", summary="List series", response_model=TermList, openapi_extra=_LIST
)
async def list_series(question: QuestionDep) -> Response:
    """Every series with the number of posts."""
    return await _list(question, Taxonomy.SERIES)


@router.get(
    "/v1/series/{slug}", operation_id="get_series", summary="Get a series", response_model=Term, openapi_extra=_ONE
)
async def get_series(slug: SeriesSlug, question: QuestionDep) -> Response:
    """One series."""
    return await _get(question, Taxonomy.SERIES, term_slug(slug))


async def _list(
    question: Question[Parameters] | Question[CategoryParameters], taxonomy: Taxonomy, *, tree: bool = False
) -> Response:
    return await question.answer(
        partial(_term_list, taxonomy=taxonomy, tree=tree), tags=[str(taxonomy), _descriptions(taxonomy)]
    )


def _term_list(snapshot: Snapshot, taxonomy: Taxonomy, tree: bool) -> Answer:
    terms = snapshot.list_terms(taxonomy, tree=tree)
    body = json_object([("items", _TERMS.dump_json(list(terms)))])
    return Answer(body, (("X-Total-Count", str(_count(terms))),))


def _count(terms: tuple[Term, ...] | list[Term]) -> int:
    return sum(1 + _count(term.children) for term in terms)


async def _get(question: Question[Parameters], taxonomy: Taxonomy, path: str) -> Response:
    tags = [f"{SINGULAR[taxonomy]}:{path}", _descriptions(taxonomy)]
    return await question.answer(partial(_term, taxonomy=taxonomy, path=path), tags=tags)


def _descriptions(taxonomy: Taxonomy) -> str:
    """The cache tag of the pages that describe the terms."""
    return f"collection:{taxonomy}"


def _term(snapshot: Snapshot, taxonomy: Taxonomy, path: str) -> Answer:
    term = snapshot.get_term(taxonomy, path)
    if term is None:
        raise ProblemError(
            ErrorCode.TERM_NOT_FOUND,
            f"there is no such {SINGULAR[taxonomy]}",
            suggestions=snapshot.near_terms(taxonomy, path),
            headers={"X-Content-Generation": snapshot.version},
        )
    return Answer(term.model_dump_json().encode())
