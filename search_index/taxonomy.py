"""Taxonomies (the classification: tags) and their terms (a member: python): names to slugs, and the hierarchy."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from search_index.model import TermRef

_SPELLED = {"+": "-plus", "#": "-sharp"}


class Taxonomy(StrEnum):
    """The four classifications of posts; the value is the collection's name in the API."""

    TAGS = "tags"
    CATEGORIES = "categories"
    AUTHORS = "authors"
    SERIES = "series"


def slugify(text: str) -> str:
    """Letters, marks and numbers of every script, folded; everything else becomes single hyphens.

    ``+`` and ``#`` behind a letter or number are spelled out, so that C, C++ and C# stay three: ``c``, ``c-plus-plus``,
    ``c-sharp``. "" where nothing is left.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    parts: list[str] = []
    for position, char in enumerate(folded):
        if unicodedata.category(char)[0] in "LNM":
            parts.append(char)
        elif char in _SPELLED and position and folded[position - 1] not in " -_/":
            parts.append(_SPELLED[char] + "-")
        elif unicodedata.category(char) != "Cf":
            parts.append("-")
    return "-".join(part for part in "".join(parts).split("-") if part)


def term_slug(name: str) -> str:
    """The identity of a term: ``slugify``, or a short hash of the name where that leaves nothing (an emoji)."""
    return slugify(name) or hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def term(names: Sequence[str]) -> TermRef:
    """The term with these level names, outermost first (one name for a flat taxonomy)."""
    return TermRef("/".join(term_slug(name) for name in names), tuple(names))


def ancestors(path: str) -> tuple[str, ...]:
    """The paths above ``path``, outermost first: ``a/b/c`` gives ``("a", "a/b")``."""
    levels = path.split("/")
    return tuple("/".join(levels[:depth]) for depth in range(1, len(levels)))
