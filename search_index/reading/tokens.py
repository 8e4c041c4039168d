"""HTML cut into tags, text and comments: one regular expression, linear in the text.

For the renderer's output and for what the sanitiser serialises. It is no parser: it corrects nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

TAG, TEXT, COMMENT, STRAY = "tag", "text", "comment", "stray"


def names(listed: str) -> frozenset[str]:
    """The names in ``listed``, which are parted by blanks."""
    return frozenset(listed.split())


VOID = names("area base br col embed hr img input link meta param source track wbr")

_MARKS = (
    r"(?P<comment><!--(?:-?>|(?:(?!--!?>).)*+(?:--!?>|\Z))|<[!?][^>]*+>?)"
    r"|(?P<tag><(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)(?:>|\Z))"
    r"|(?P<stray><)"
)
_TOKEN = re.compile(rf"(?P<text>[^<]++)|{_MARKS}", re.DOTALL)
_MARKUP = re.compile(_MARKS, re.DOTALL)
_RAW = names("script style textarea title iframe xmp noembed noframes")
_RAW_INITIALS = frozenset("sStTiIxXnNmM")
_FOREIGN = frozenset({"svg", "math"})
_ATTRIBUTE = re.compile(r"([^\s=\"'/>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


def html_tokens(html: str) -> Iterator[re.Match[str]]:
    """Tokens in order; ``lastgroup`` is TAG, TEXT, COMMENT or STRAY. The text inside scripts and the like is left out."""
    return _tokens(_TOKEN, html)


def html_markup(html: str) -> Iterator[re.Match[str]]:
    """The same without text."""
    return _tokens(_MARKUP, html)


def _tokens(pattern: re.Pattern[str], html: str) -> Iterator[re.Match[str]]:
    position: int | None = 0
    foreign = False
    while position is not None:
        start, position = position, None
        for token in pattern.finditer(html, start):
            yield token
            name = token["name"]
            if name is None or name[0] not in _RAW_INITIALS:
                continue
            lowered = name.lower()
            foreign = foreign or lowered in _FOREIGN
            if lowered in _RAW and not token["end"] and not foreign:
                position = _end_of_raw(html, token.end(), lowered)
                break


def _end_of_raw(html: str, position: int, name: str) -> int:
    closing = _RAW_ENDS[name].search(html, position)
    return closing.start() if closing else len(html)


_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a tag, names in lower case, values as written (character references included); the first counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return found
