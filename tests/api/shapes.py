"""What every answer must look like."""

from __future__ import annotations

import json
from typing import Any

import httpx
from pydantic import BaseModel

from api.problems import MEANINGS
from api.schemas.problems import ErrorCode, ProblemDocument


def assert_declared(response: httpx.Response, model: type[BaseModel]) -> Any:
    """The body has exactly the keys that the model declares, in its order; returns it decoded."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    body = json.loads(response.content)
    declared = model.model_validate_json(response.content).model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert json.dumps(body) == json.dumps(declared)
    return body


def assert_problem(response: httpx.Response, code: ErrorCode) -> dict[str, Any]:
    """The one shape of every error; returns it decoded."""
    status, title = MEANINGS[code]
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    problem: dict[str, Any] = json.loads(response.content)
    ProblemDocument.model_validate(problem)
    assert problem["code"] == code
    assert problem["type"] == f"urn:octavo:problem:{code}"
    assert problem["status"] == status
    assert problem["title"] == title
    assert problem["request_id"] == response.headers["x-request-id"]
    assert response.headers.get("retry-after") == (str(problem["retry_after"]) if problem["retry_after"] else None)
    return problem
