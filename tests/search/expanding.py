"""Queries as engines are asked them, over a vocabulary given by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from search_index.engines.port import Clause
from search_index.expansion import Expander, Expansion
from search_index.grammar import parse_query
from search_index.query import PostFilters
from search_index.relevance import SearchSettings
from search_index.synonyms import parse_synonyms
from search_index.vocabulary import Vocabulary


def expander(
    words: Mapping[str, int] | None = None,
    *,
    languages: Sequence[str] = ("en",),
    synonyms: str = "",
    settings: SearchSettings | None = None,
) -> Expander:
    """``words`` with the number of posts each stands in."""
    rising = sorted((words or {}).items())
    vocabulary = Vocabulary([word for word, _ in rising], [count for _, count in rising])
    return Expander(vocabulary, parse_synonyms(synonyms), languages, settings or SearchSettings())


def expand(typed: str, *languages: str, prefix: bool = True, typo: bool = True) -> Expansion:
    """What a site without words asks for."""
    return expander(languages=languages or ("en",)).expand(parse_query(typed), PostFilters(), prefix=prefix, typo=typo)


def asked(typed: str, *languages: str) -> tuple[Clause, ...]:
    """The clauses that hits are found by."""
    return tuple(word.asked for word in expand(typed, *languages).words)
