"""Addresses of this API: root-relative and percent-encoded, made from paths and parameters, never from ``Host``."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from starlette.types import Scope

_PATH_SAFE = "/~!$&'()*+,;=:@"
_QUERY_SAFE = "/:~"
_SHOWN = 512

Parameter = tuple[str, str]


def path_address(path: str) -> str:
    """``path`` (decoded) as it stands in an address."""
    return quote(path, safe=_PATH_SAFE)


def query_string(parameters: Iterable[Parameter]) -> str:
    """Names and values as a query string, without the question mark."""
    return "&".join(f"{quote(name, safe=_QUERY_SAFE)}={quote(value, safe=_QUERY_SAFE)}" for name, value in parameters)


def address(path: str, parameters: Iterable[Parameter] = ()) -> str:
    """A root-relative address."""
    query = query_string(parameters)
    return f"{path_address(path)}?{query}" if query else path_address(path)


def request_path(scope: Scope) -> str:
    """The path of a request, percent-encoded, cut at 512 characters (for problems and logs)."""
    return path_address(scope.get("path", ""))[:_SHOWN]


def canonical_path(path: str) -> str:
    """One spelling a resource: single slashes, none at the end. Always begins with exactly one slash."""
    return "/" + "/".join(part for part in path.split("/") if part)
