"""Blanks of other scripts at the ends of a block, which goldmark keeps and markdown-it takes off.

Chinese and Japanese authors indent paragraphs by ideographic spaces.
"""

from __future__ import annotations

import re
from itertools import pairwise

from markdown_it.token import Token

_KEPT = "\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_ANY = re.compile(f"[{_KEPT}]")
_BEFORE = re.compile(f"[{_KEPT}][ {_KEPT}]*\\Z")
_BEHIND = re.compile(f"[ {_KEPT}]*[{_KEPT}]")
_LINE_END = re.compile(r"\r\n?|\n")
_BLOCKS = frozenset({"paragraph_open", "heading_open"})


def keep_edges(tokens: list[Token], source: str) -> None:
    """Give paragraphs and headings back the blanks that stand at their ends in ``source``."""
    if not _ANY.search(source):
        return
    lines = _LINE_END.split(source)
    for block, content in pairwise(tokens):
        if block.type in _BLOCKS and content.type == "inline" and content.map and content.map[0] < len(lines):
            first, last = lines[content.map[0]], lines[min(content.map[1], len(lines)) - 1]
            content.content = _between(content.content, first, last)


def _between(text: str, first: str, last: str) -> str:
    """``text``, which begins in the line ``first`` and ends in ``last``, with the blanks around it."""
    if not text:
        blanks = _ANY.search(first)
        return first[blanks.start() :].rstrip(" \t") if blanks else text
    start = first.find(text.partition("\n")[0])
    end = last.rfind(text.rpartition("\n")[2])
    before = _BEFORE.search(first[:start]) if start > 0 else None
    behind = _BEHIND.match(last, end + len(text.rpartition("\n")[2])) if end >= 0 else None
    return (before[0].lstrip(" ") if before else "") + text + (behind[0] if behind else "")
