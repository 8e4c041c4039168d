"""XML, written: elements, attributes and text that every parser reads back as they were given.

Characters that XML 1.0 has no way to say (most controls, half surrogate pairs, U+FFFE and U+FFFF) are left out.
Source: Extensible Markup Language 1.0, sections 2.2 (characters) and 2.11 (line ends).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

_UNSAYABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = {"\r": "&#13;"}


def sayable(text: str) -> str:
    """``text`` without the characters that XML cannot say."""
    return _UNSAYABLE.sub("", text)


def element(name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> str:
    """An element with text in it."""
    return around(name, (escape(sayable(text), _LINE_ENDS),), attributes)


def around(name: str, elements: Iterable[str], attributes: Mapping[str, str] | None = None) -> str:
    """An element with finished XML in it."""
    written = "".join(f" {key}={quoteattr(sayable(value))}" for key, value in (attributes or {}).items())
    inner = "".join(elements)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"
