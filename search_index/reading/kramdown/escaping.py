"""Characters that HTML gives a meaning, written so that they have none. References to characters stay as they are.

kramdown: ``lib/kramdown/utils/html.rb``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_TEXT: Final = re.compile(r"&(?!(?:[A-Za-z0-9_:][-A-Za-z0-9_.:]*|#[0-9]+|#x[0-9a-fA-F]+);)|[<>]")
_ATTRIBUTE: Final = re.compile(r"&(?!(?:[A-Za-z0-9_:][-A-Za-z0-9_.:]*|#[0-9]+|#x[0-9a-fA-F]+);)|[<>\"]")
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def _entity(match: re.Match[str]) -> str:
    return _ENTITIES[match[0]]


def escape_text(text: str) -> str:
    if "&" in text or "<" in text or ">" in text:
        return _TEXT.sub(_entity, text)
    return text


def escape_code(text: str) -> str:
    """Nothing stays: a reference in code is not one."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def written_attributes(attributes: Mapping[str, str] | None) -> str:
    """As they stand in a tag, with a space before each. An empty id is left out."""
    if not attributes:
        return ""
    return "".join(
        f' {name}="{_ATTRIBUTE.sub(_entity, value)}"'
        for name, value in attributes.items()
        if name != "id" or value.strip()
    )
