"""What the routes ask for in their signatures."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from api.parameters import CategoryParameters, ListParameters, Parameters, SearchParameters
from api.service import Service


async def _service(request: Request) -> Service:
    return cast(Service, request.app.state.service)


async def _no_parameters(request: Request) -> Parameters:
    return Parameters.read(request.scope["query_string"])


async def _category_parameters(request: Request) -> CategoryParameters:
    return CategoryParameters.read(request.scope["query_string"])


async def _list_parameters(request: Request) -> ListParameters:
    return ListParameters.read(request.scope["query_string"])


async def _search_parameters(request: Request) -> SearchParameters:
    return SearchParameters.read(request.scope["query_string"])


ServiceDep = Annotated[Service, Depends(_service)]
NoParametersDep = Annotated[Parameters, Depends(_no_parameters)]
CategoryParametersDep = Annotated[CategoryParameters, Depends(_category_parameters)]
ListParametersDep = Annotated[ListParameters, Depends(_list_parameters)]
SearchParametersDep = Annotated[SearchParameters, Depends(_search_parameters)]
