"""Excerpts cut from a template."""

from __future__ import annotations

import re

from search_index.reading.liquid.structure import BLOCKS

_TAG = re.compile(r"\{%-?\s*(\w+)", re.ASCII)
_ENDS = {name: re.compile(rf"\{{%-?\s*end{name}", re.ASCII) for name in BLOCKS}


def close_blocks(source: str) -> str:
    """``source`` with an end for each kind of block that is opened in it and never ended (``jekyll/excerpt.rb``).

    As in Jekyll, one end of a kind anywhere in the text is enough, and the innermost is ended first.
    """
    closed = source
    for name in dict.fromkeys(reversed(_tag_names(source))):
        if name in BLOCKS and not _ends(name, closed):
            closed += f"\n{{% end{name} %}}"
    return closed


def _tag_names(source: str) -> list[str]:
    """The names of the tags that have their ``%}``, in order."""
    names: list[str] = []
    position = 0
    while tag := _TAG.search(source, position):
        end = source.find("%}", tag.end())
        if end < 0:
            break
        names.append(tag.group(1))
        position = end + 2
    return names


def _ends(name: str, source: str) -> bool:
    end = _ENDS[name].search(source)
    return end is not None and source.find("%}", end.end()) >= 0
