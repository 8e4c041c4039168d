"""Addresses as Jekyll's filters make them: below ``baseurl``, on the site, and normal (``addressable``'s rules)."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from urllib.parse import quote, unquote_to_bytes

from search_index.reading.liquid.model import SiteForLiquid

_ADDRESS = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_AUTHORITY = re.compile(r"(?:(.*)@)?([^@]*?)(?::([0-9]*))?", re.DOTALL)
_SEGMENT = "!$&'()*+,;=:@"
_QUERY = "!$'()*+,=:@/?"
_FRAGMENT = _SEGMENT + "/?"
_RESERVED = ":/?#[]@!$&'()*+,;="
_PORTS = {"http": "80", "https": "443", "ftp": "21"}
_PLUS = re.compile(r"%2[bB]")


def _is_absolute(address: str) -> bool:
    """Whether it begins with a scheme."""
    found = _ADDRESS.match(address)
    return found is not None and found.group(1) is not None


def relative(address: str, site: SiteForLiquid) -> str:
    """The address below ``baseurl``; one with a scheme stays as it is."""
    if _is_absolute(address):
        return address
    return normalized(_with_slash(site.baseurl.removesuffix("/")) + _with_slash(address))


def absolute(address: str, site: SiteForLiquid) -> str:
    """The address with the site's scheme and host; one with a scheme stays as it is."""
    if _is_absolute(address):
        return address
    path = relative(address, site)
    return normalized(site.url + path) if site.url else path


def escaped(text: str) -> str:
    """A whole address with what may not stand in one percent-encoded."""
    return _component(text, _RESERVED)


def _with_slash(path: str) -> str:
    return path if not path or path.startswith("/") else "/" + path


def normalized(address: str) -> str:
    """Escapes in capitals and only where needed, no dot segments, host in lower case, no empty query or fragment."""
    found = _ADDRESS.match(address)
    if found is None:
        return address
    scheme, authority, path, query, fragment = found.groups()
    scheme = scheme.lower() if scheme else ""
    path = _without_dots("/".join(_component(part, _SEGMENT) for part in path.strip().split("/")))
    if not path and scheme in _PORTS:
        path = "/"
    return "".join(
        (
            f"{scheme}:" if scheme else "",
            "" if authority is None else "//" + _authority(authority, scheme),
            path,
            f"?{_query(query)}" if query else "",
            f"#{_component(fragment, _FRAGMENT)}" if fragment else "",
        )
    )


def _component(text: str, safe: str) -> str:
    unescaped = unquote_to_bytes(text)
    with suppress(UnicodeDecodeError):
        unescaped = unicodedata.normalize("NFKC", unescaped.decode()).encode()
    return quote(unescaped, safe=safe + "-._~")


def _query(query: str) -> str:
    """The query; an escaped plus stays escaped, since a bare one means a blank."""
    pairs = ("%2B".join(_component(part, _QUERY) for part in _PLUS.split(pair)) for pair in query.split("&"))
    return "&".join(pairs)


def _authority(authority: str, scheme: str) -> str:
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        return authority
    user, host, port = found.groups()
    try:
        host = host.strip().lower().encode("idna").decode()
    except UnicodeError:
        host = host.lower()
    user = f"{user}@" if user else ""
    return user + host.removesuffix(".") + (f":{port}" if port and port != _PORTS.get(scheme) else "")


def _without_dots(path: str) -> str:
    if "." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        if part == ".." and (len(kept) > 1 or kept == [""]):
            if len(kept) > 1:
                kept.pop()
            if last:
                kept.append("")
        elif part == ".":
            if last:
                kept.append("")
        elif part != "..":
            kept.append(part)
    return "/".join(kept)
