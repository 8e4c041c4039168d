"""What OpenAPI has no words for: requests that its schemas allow and that Octavo refuses for what they mean together."""

from __future__ import annotations

from datetime import date
from typing import Any

import schemathesis
from schemathesis import Case, GenerationMode, HookContext

_MOST_VALUES = 100
_INSTANTS = ("published_after", "published_before", "updated_after", "updated_before", "since")


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _options: dict[str, Any]) -> None:
    """Mends such a request. One that is wrong on purpose stays as it is."""
    if (
        case.meta is None
        or case.meta.generation.mode is not GenerationMode.POSITIVE
        or not isinstance(case.query, dict)
    ):
        return
    query = case.query
    query.pop("cursor", None)  # opaque: what next_cursor gave, and nothing that can be thought up
    if str(query.get("facet_q", "")).strip():
        query["facet"] = query.get("facet") or ["tag"]  # it searches in the values of facets
    if case.path == "/v1/search" and "per_page" in query:
        query["page"] = min(int(query.get("page", 1)), 10_000 // int(query["per_page"]))  # the window of a search
    if "X-Preview-Token" in (case.headers or {}):
        query.pop("preview_token", None)  # one token is enough
    if "preview_token" in query or "X-Preview-Token" in (case.headers or {}):
        query.pop("include", None)  # a preview is never more than the post itself
    for name, values in query.items():
        if isinstance(values, list) and ",".join(map(str, values)).count(",") >= _MOST_VALUES:
            query[name] = values[:1]  # commas separate values too
    for name in _INSTANTS:
        if name in query and not _exists(str(query[name])):
            query[name] = "2024-05-28"


def _exists(instant: str) -> bool:
    """Whether there is such a day: patterns allow a 31 June and a year 0. A version of the content has no days."""
    if instant[4:5] != "-":
        return True
    try:
        date.fromisoformat(instant[:10])
    except ValueError:
        return False
    return True
