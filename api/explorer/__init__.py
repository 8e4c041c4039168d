"""The API explorer: Swagger UI, and the page that starts it, served by Octavo alone.

The files of Swagger UI come from the package ``fastapi-swagger`` (docs/decisions/0025). Each address holds a digest of what is
there, so that a browser keeps it for as long as it likes and never has a wrong one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FOLDER = "/docs/explorer/"
"""Where the files are served."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""What the page may do: run our own scripts and ask the origin it came from. Source: Content Security Policy Level 3."""

_OURS = ("api.explorer", ("explorer.js",))
_SWAGGER = ("fastapi_swagger.resources", ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png"))
_MEDIA_TYPES: Mapping[str, str] = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "png": "image/png",
    "html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class ExplorerFile:
    """What is sent: the bytes, their media type, and a validator (quoted)."""

    body: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Explorer:
    """The page, and the other files by the last part of their address."""

    page: ExplorerFile
    assets: Mapping[str, ExplorerFile]


@cache
def explorer() -> Explorer:
    """Read once a process: 1.9 MB. Nothing is read by a name that a request gives."""
    assets: dict[str, ExplorerFile] = {}
    page = files("api.explorer").joinpath("page.html").read_text(encoding="utf-8")
    for package, names in (_OURS, _SWAGGER):
        for name in names:
            file = _file(files(package).joinpath(name).read_bytes(), name)
            stem, _, ending = name.rpartition(".")
            address = f"{stem}.{file.etag[1:13]}.{ending}"
            assets[address] = file
            page = page.replace(f"{{{name}}}", FOLDER + address)
    return Explorer(_file(page.encode(), "page.html"), assets)


def _file(body: bytes, name: str) -> ExplorerFile:
    return ExplorerFile(body, _MEDIA_TYPES[name.rpartition(".")[2]], f'"{hashlib.sha256(body).hexdigest()[:32]}"')
