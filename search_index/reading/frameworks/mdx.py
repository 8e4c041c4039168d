"""MDX as Markdown: what is a program in it goes, and its text stays.

Source: "What is MDX?" of MDX's documentation: JSX, expressions in braces, and ``import`` and ``export`` in Markdown.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})")
_MODULE = re.compile(r"(?:import|export)[ \t{*]")
_COMPONENT = re.compile(r"</?(?P<name>[A-Z][\w.]*|)(?=[\s/>])")
_LONGEST_TAG = 20_000
_MOST_OPEN = 100
"""So many tags that never end are no tags."""


def as_markdown(body: str) -> tuple[str, tuple[str, ...]]:
    """The body without imports, exports, comments and components' tags, and the names of the components.

    The number of lines stays as it is, and code is left alone.
    """
    names: dict[str, None] = {}
    parts: list[str] = []
    for text, is_code in _runs(body):
        parts.append(text if is_code else _without_tags(_without_comments(text), names))
    return "".join(parts), tuple(names)


def _runs(body: str) -> list[tuple[str, bool]]:
    """The body's lines in runs of prose and of fenced code; imports and exports are blank already."""
    runs: list[tuple[list[str], bool]] = []
    fence, module = "", False
    for line in body.splitlines(keepends=True):
        opened = _FENCE.match(line)
        is_code = bool(fence) or opened is not None
        if opened and not fence:
            fence = opened["fence"]
        elif opened and fence and opened["fence"].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif not fence:
            module = bool(line.strip()) and (module or _MODULE.match(line) is not None)
            line = "\n" if module else line
        if not runs or runs[-1][1] is not is_code:
            runs.append(([], is_code))
        runs[-1][0].append(line)
    return [("".join(lines), is_code) for lines, is_code in runs]


def _without_comments(text: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := text.find("{/*", at)) >= 0 and (end := text.find("*/}", start)) >= 0:
        parts += [text[at:start], _line_ends(text[start:end])]
        at = end + 3
    return "".join((*parts, text[at:]))


def _without_tags(text: str, names: dict[str, None]) -> str:
    parts: list[str] = []
    at = counted = ticks = unended = 0
    for match in _COMPONENT.finditer(text):
        line = text.rfind("\n", counted, match.start()) + 1
        ticks = text.count("`", max(line, counted), match.start()) + (0 if line else ticks)
        counted = match.start()
        if match.start() < at or ticks % 2:
            continue
        end = _tag_end(text, match.end())
        if end < 0:
            unended += 1
            if unended > _MOST_OPEN:
                break
            continue
        parts += [text[at : match.start()], _line_ends(text[match.start() : end])]
        if match["name"]:
            names[match["name"]] = None
        at = end
    return "".join((*parts, text[at:]))


def _tag_end(text: str, at: int) -> int:
    """Behind the ``>`` that ends the tag; what is in quotes and braces does not. -1 where it does not end."""
    quote, depth = "", 0
    for place in range(at, min(len(text), at + _LONGEST_TAG)):
        char = text[place]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'`":
            quote = char
        elif char in "{}":
            depth += 1 if char == "{" else -1
        elif char == ">" and depth <= 0:
            return place + 1
    return -1


def _line_ends(removed: str) -> str:
    """What is left of something removed."""
    return "\n" * removed.count("\n")
