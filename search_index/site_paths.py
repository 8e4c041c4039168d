"""Addresses of the public site as they are compared: what a visitor typed, a link says, or a generator wrote."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote, urlsplit

_INDEX_FILES = ("index.html", "index.htm")


def site_path(address: str) -> str:
    """The path of an address, decoded, from the root: what stands between the host and the query.

    ``address`` is a whole URL or a path, percent-encoded or not; what cannot be decoded stays as it is.
    """
    path = address.strip()
    if "://" in path:
        try:
            path = urlsplit(path).path
        except ValueError:
            path = path.partition("://")[2].partition("/")[2]
    path = path.partition("#")[0].partition("?")[0]
    decoded = unquote(path, errors="replace")
    return unicodedata.normalize("NFC", "/" + decoded.lstrip("/"))


def loose_path(path: str) -> str:
    """What web servers take for one page: without ``index.html``, ``.html`` and the slash at the end."""
    folder, _, name = path.rpartition("/")
    if name in _INDEX_FILES:
        path = folder
    return path.rstrip("/").removesuffix(".html").removesuffix(".htm") or "/"


def without_base(path: str, site_url: str) -> str:
    """``path`` below the folder that the site lives in on its host (``/blog`` of ``https://example.org/blog``)."""
    base = unquote(urlsplit(site_url).path).rstrip("/")
    return path[len(base) :] or "/" if base and (path == base or path.startswith(f"{base}/")) else path
