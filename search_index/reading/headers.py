"""Front matter without a fence before it: Pelican's ``Title: value`` lines, and Hexo's YAML that only a ``---`` ends.

Sources: "Writing content" of Pelican's documentation (MultiMarkdown headers), and hexo-front-matter's README.
"""

from __future__ import annotations

import re

from search_index.reading.front_matter import Format, FrontMatter, SplitFile

_HEADER = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9_ -]{0,30}):(?:[ \t]+(?P<value>.*))?")
_CONTINUED = re.compile(r"(?: {4}|\t)[ \t]*(?P<value>\S.*)")
_FENCE = re.compile(r"(?:---+|;;;+)[ \t]*")
_FIRST = frozenset({"title", "date", "slug", "category", "tags", "author", "authors", "layout", "categories"})
"""What the first line has to be about: prose may begin with a word and a colon too."""
_LISTS = frozenset({"tags", "categories"})
_MOST_LINES = 200


def split_headers(text: str) -> tuple[FrontMatter, str, int] | SplitFile | None:
    """The headers that ``text`` begins with, its body, and the body's first line; None where it begins with none.

    YAML that a fence ends is given back to be parsed.
    """
    lines = text.split("\n", _MOST_LINES)
    first = _HEADER.fullmatch(lines[0]) if lines else None
    if first is None or first["key"].strip().lower() not in _FIRST:
        return None
    for number, line in enumerate(lines):
        if _FENCE.fullmatch(line):
            return SplitFile(
                Format.YAML, "\n".join(lines[:number]) + "\n", 1, "\n".join(lines[number + 1 :]), number + 2
            )
        if not line.strip():
            return _headers(lines[:number]), "\n".join(lines[number + 1 :]), number + 2
        if not _HEADER.fullmatch(line) and not _CONTINUED.fullmatch(line) and not line.startswith(("- ", "  ")):
            return None
    return _headers(lines), "", len(lines) + 1


def _headers(lines: list[str]) -> FrontMatter:
    values: dict[str, object] = {}
    places: dict[str, tuple[int, int]] = {}
    key = ""
    for number, line in enumerate(lines, 1):
        continued = _CONTINUED.fullmatch(line)
        header = _HEADER.fullmatch(line)
        if continued and key:
            values[key] = f"{values[key]} {continued['value'].strip()}".strip()
        elif header:
            key = header["key"].strip().lower().replace(" ", "_")
            values[key] = (header["value"] or "").strip()
            places[key] = (number, 1)
    for name in _LISTS & values.keys():
        values[name] = [part.strip() for part in str(values[name]).split(",") if part.strip()]
    if isinstance(authors := values.get("authors"), str):
        values["authors"] = [part.strip() for part in authors.split(";" if ";" in authors else ",") if part.strip()]
    return FrontMatter(Format.HEADERS, values, lines=places)
