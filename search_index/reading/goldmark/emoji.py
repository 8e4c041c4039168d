"""Emoji by name: ``:smile:``. The names are GitHub's.

Source: Hugo 0.111 documentation, "Emojis".
"""

from __future__ import annotations

import re
from functools import cache

from pymdownx import gemoji_db

_NAMED = re.compile(r":([A-Za-z0-9_+-]++):")


def with_emoji(text: str) -> str:
    """The text with the names of emoji replaced, in code as well: Hugo does it before it reads the Markdown."""
    return _NAMED.sub(_emoji, text)


def _emoji(match: re.Match[str]) -> str:
    return _characters().get(match[1], match[0])


@cache
def _characters() -> dict[str, str]:
    names = {name: entry["unicode"] for name, entry in gemoji_db.emoji.items() if "unicode" in entry}
    names |= {alias: names[name] for alias, name in gemoji_db.aliases.items() if name in names}
    return {name.strip(":"): _decoded(codes) for name, codes in names.items()}


def _decoded(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split("-"))
