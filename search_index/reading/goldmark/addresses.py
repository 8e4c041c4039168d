"""Destinations of links as goldmark writes them.

Source: goldmark 1.5, ``util.URLEscape``.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_NOT_KEPT = re.compile(r"[^A-Za-z0-9!#$&'()*+,\-./:;=?@_~%]|%(?![0-9A-Fa-f]{2})")


def escaped(address: str) -> str:
    """Percent signs for what no URL holds: blanks, quotes, letters beyond ASCII. Escapes stay as they are."""
    return _NOT_KEPT.sub(_quoted, address)


def _quoted(match: re.Match[str]) -> str:
    return quote(match[0].encode("utf-8", "replace"), safe="")
