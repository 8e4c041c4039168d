"""Front matter where Jekyll sees it: YAML between ``---`` at the very first byte and ``---`` or ``...``.

Source: YAML_FRONT_MATTER_REGEXP of Jekyll's document.rb.
"""

from __future__ import annotations

import re

from search_index.diagnostics import ProblemCode
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, FrontMatter, SplitFile, parse, with_plain_lines
from search_index.reading.jekyll.scalars import resolve_scalar
from search_index.settings import Limits

_OPENING = re.compile(r"---\s*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)\s*$\n?", re.MULTILINE)


def split_jekyll(text: str, limits: Limits) -> SplitFile:
    """Cut ``text`` in two, its line ends as they are. Without both fences all of it is the body.

    Raises ``ContentError`` (FRONT_MATTER_LIMIT).
    """
    opened = _OPENING.match(text)
    closed = _CLOSING.search(text, opened.end()) if opened else None
    if opened is None or closed is None:
        return SplitFile(Format.NONE, "", 1, text, 1)
    written = text[opened.end() : closed.start()]
    first = text.count("\n", 0, opened.end()) + 1
    size = len(written.encode())
    if size > limits.front_matter_bytes:
        raise ContentError(
            ProblemCode.FRONT_MATTER_LIMIT,
            f"{size} bytes of front matter are more than limits.front_matter_bytes ({limits.front_matter_bytes})",
            "move what is long into the body",
            line=first,
            column=1,
        )
    body_line = text.count("\n", 0, closed.end()) + 1
    return SplitFile(Format.YAML, with_plain_lines(written), first, text[closed.end() :], body_line)


def parse_jekyll(path: str, split_file: SplitFile, limits: Limits) -> FrontMatter:
    """The front matter's values, typed as Jekyll types them. Raises ``ContentError``."""
    return parse(path, split_file, limits, resolve_scalar, merges_in_order=True)
