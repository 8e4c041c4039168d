"""A request's header fields by name: read from the scope once, looked up by everything that it passes."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope

_FIELDS_KEY = "octavo.fields"


def fields(scope: Scope) -> Mapping[bytes, bytes]:
    """Values by lower-case name; lines of one name are joined with commas. Source: RFC 9110, section 5.3."""
    found: Mapping[bytes, bytes] | None = scope.get(_FIELDS_KEY)
    if found is None:
        found = scope[_FIELDS_KEY] = _by_name(scope["headers"])
    return found


def _by_name(headers: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    found = dict(headers)
    if len(found) == len(headers):
        return found
    lines: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        lines.setdefault(name, []).append(value)
    return {name: b", ".join(values) for name, values in lines.items()}
