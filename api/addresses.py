"""Addresses of this API: root-relative and percent-encoded, made from paths and parameters, never from ``Host``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from starlette.types import Scope

_PATH_SAFE = "/~!$&'()*+,;=:@"
_QUERY_SAFE = "/:~"
_SHOWN = 512
_PLAIN = re.compile(r"[A-Za-z0-9_.~/:-]*")
"""What nothing has to be done about: most names are of this kind, and asking is a tenth of the work of quoting."""

Parameter = tuple[str, str]


def path_address(path: str) -> str:
    """``path`` (decoded) as it stands in an address."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe=_PATH_SAFE)


def query_string(parameters: Iterable[Parameter]) -> str:
    """Names and values as a query string, without the question mark."""
    return "&".join(f"{_in_query(name)}={_in_query(value)}" for name, value in parameters)


def _in_query(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quote(text, safe=_QUERY_SAFE)


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
