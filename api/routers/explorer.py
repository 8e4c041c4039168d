"""The API explorer for people: one page and its files. Not part of the SDK."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException
from starlette.requests import Request

from api.dependencies import QuestionDep
from api.explorer import FOLDER, POLICY, ExplorerFile, explorer
from api.service import not_modified

router = APIRouter(include_in_schema=False)

_PAGE = {
    "Cache-Control": "public, max-age=0, s-maxage=60",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
}
_ASSET = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/docs")
async def get_explorer(question: QuestionDep) -> Response:
    """Swagger UI over ``/openapi.json``."""
    page = (await asyncio.to_thread(explorer)).page
    return _answer(question.request, page, _PAGE)


@router.get(f"{FOLDER}{{name}}")
async def get_explorer_file(name: str, question: QuestionDep) -> Response:
    """A script, a style sheet or a picture of the page. Any other name is answered as every unknown address is."""
    file = (await asyncio.to_thread(explorer)).assets.get(name)
    if file is None:
        raise HTTPException(404)
    return _answer(question.request, file, _ASSET)


def _answer(request: Request, file: ExplorerFile, headers: dict[str, str]) -> Response:
    headers = {**headers, "ETag": file.etag}
    if not_modified(request, file.etag):
        return Response(status_code=304, headers=headers)
    return Response(file.body, headers=headers, media_type=file.media_type)
