"""The engine port: what a search engine is to Octavo, and what it is asked.

The engine never guesses. Tokens come from ``search_index.analysis``, queries arrive expanded, highlights are made
afterwards by ``search_index.highlight``. Left for an engine: terms, phrases, filters, facets, relevance, one sort order.
``tests/engines/contract.py`` is the specification that every engine passes.

Failures::

    EngineError
    +-- EngineUnavailable     the index cannot be opened or reached
    +-- QueryTooCostly        the window or the clause budget is exceeded
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from search_index.query import FacetField, Order, PostFilters, Sort


class EngineError(Exception):
    """An engine could not answer."""


class EngineUnavailable(EngineError):
    """The engine's index cannot be opened, read or reached."""


class QueryTooCostly(EngineError):
    """The query asks for more than an engine may be asked (window, clauses)."""


class TextField(StrEnum):
    """The searchable fields. ``body`` and ``code`` share one space of positions: a phrase may run from one to the other."""

    TITLE = "title"
    TERMS = "terms"
    HEADINGS = "headings"
    SUMMARY = "summary"
    BODY = "body"
    CODE = "code"


PHRASE_SPACES: tuple[tuple[TextField, ...], ...] = (
    (TextField.TITLE,),
    (TextField.TERMS,),
    (TextField.HEADINGS,),
    (TextField.SUMMARY,),
    (TextField.BODY, TextField.CODE),
)
"""The groups of fields within which positions count on: a phrase matches inside one group."""

DEFAULT_WEIGHTS: Mapping[TextField, float] = {
    TextField.TITLE: 5.0,
    TextField.TERMS: 3.0,
    TextField.HEADINGS: 2.5,
    TextField.SUMMARY: 2.0,
    TextField.BODY: 1.0,
    TextField.CODE: 0.5,
}


@dataclass(frozen=True, slots=True)
class FieldTokens:
    """The tokens of one field: ``positions[i]`` is the place of ``tokens[i]``; several tokens may stand at one place.

    Positions do not fall; a gap of more than one keeps phrases from running over it.
    """

    tokens: tuple[str, ...]
    positions: tuple[int, ...]

    @property
    def length(self) -> int:
        """The number of places, which is the field's length for BM25."""
        return len(set(self.positions))


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """A post as an engine sees it.

    ``filters`` has the values of the filter fields (a category with all its ancestors). Times are UTC epoch seconds,
    ``None`` where the post has none. ``title_key`` orders titles (casefolded); ``visible_from`` and
    ``visible_until`` are as in ``Post``.
    """

    id: str
    text: Mapping[TextField, FieldTokens]
    tags: tuple[str, ...]
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    series: str | None
    lang: str
    collection: str
    featured: bool
    year: int | None
    month: int | None
    published_at: int | None
    updated_at: int | None
    reading_time: int
    title_key: str
    visible_from: int | None
    visible_until: int | None


AnyOf = tuple[str, ...]
"""Tokens that count as one: it stands wherever one of them does, and its frequency is the sum of theirs."""


@dataclass(frozen=True, slots=True)
class Word:
    """One of ``tokens`` in any of ``fields`` (every field where empty); ``boost`` multiplies its score."""

    tokens: AnyOf
    fields: tuple[TextField, ...] = ()
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words at their places relative to each other, within one of ``PHRASE_SPACES`` (cut down to ``fields``).

    ``offsets[i]`` is the place of one of ``words[i]`` relative to the first; equal offsets mean the same place.
    """

    words: tuple[AnyOf, ...]
    offsets: tuple[int, ...]
    fields: tuple[TextField, ...] = ()
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Clause:
    """Matches where any of its alternatives does; its score is the best alternative's.

    A word that was expanded (prefix, synonym) is one clause with many alternatives. ``corrections`` match too; a document
    that only they match needs a correction, and stands behind those that need fewer.
    """

    alternatives: tuple[Word | Phrase, ...]
    corrections: tuple[Word | Phrase, ...] = ()

    @property
    def all_alternatives(self) -> tuple[Word | Phrase, ...]:
        return self.alternatives + self.corrections


@dataclass(frozen=True, slots=True)
class Recency:
    """New documents get up to ``weight`` times their score on top, half of that after ``half_life`` seconds."""

    weight: float
    half_life: float


@dataclass(frozen=True, slots=True)
class Relevance:
    """What scores are made of: a weight a field, the constants of BM25, and how much standing together adds.

    Of the ``window`` best documents, those in which the words of two clauses of ``must`` that follow each other stand ``n``
    places apart get ``proximity / n`` of the lower of both clauses' scores on top.
    """

    weights: tuple[tuple[TextField, float], ...] = tuple(DEFAULT_WEIGHTS.items())
    k1: float = 1.2
    b: float = 0.75
    proximity: float = 0.0
    window: int = 200
    recency: Recency | None = None


@dataclass(frozen=True, slots=True)
class Restriction:
    """What a person typed as ``tag:python`` or ``-category:dev``: a term's identity that must, or must not, be there."""

    field: FacetField
    value: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class ExpandedQuery:
    """What an engine is asked.

    All of ``must``, none of ``must_not``; with no ``must``, at least one of ``should`` where there is one, else every
    document. ``should`` adds to the score. Every one of ``restrictions`` holds beside ``filters``; unlike these, they narrow
    all facets. ``visible_at`` (UTC epoch seconds) leaves out what has expired by then, or is not public yet; recency counts
    from it. ``among`` has the ids of those that may match at all, for what an engine does not know (``filters.where``);
    None: all. Documents whose title is ``exact_title`` and nothing else come first when relevance orders, then those that
    need fewer corrections for ``must``, then the higher scores.
    ``limit`` may be 0. ``facet_limit`` is the most buckets a facet returns.
    """

    must: tuple[Clause, ...] = ()
    should: tuple[Clause, ...] = ()
    must_not: tuple[Clause, ...] = ()
    filters: PostFilters = PostFilters()
    restrictions: tuple[Restriction, ...] = ()
    visible_at: int | None = None
    among: frozenset[str] | None = None
    sort: Sort = Sort.RELEVANCE
    order: Order = Order.DESC
    offset: int = 0
    limit: int = 20
    facets: tuple[FacetField, ...] = ()
    facet_limit: int = 100
    exact_title: Phrase | None = None
    relevance: Relevance = Relevance()


@dataclass(frozen=True, slots=True)
class EngineHit:
    """``corrections`` counts the clauses of ``must`` that only a correction matches; ``exact_title`` as in
    ``ExpandedQuery``."""

    id: str
    score: float
    corrections: int = 0
    exact_title: bool = False


@dataclass(frozen=True, slots=True)
class FieldScore:
    """What one field adds to an alternative's score: ``frequency`` in the document, in ``holding`` of ``documents`` that
    have the field; ``length`` in places, ``average`` that of all documents."""

    field: TextField
    frequency: int
    length: int
    average: float
    holding: int
    documents: int
    score: float


@dataclass(frozen=True, slots=True)
class ClauseScore:
    """Why a clause of the query scores as it does: the best alternative (None where none matches) and its fields."""

    alternative: Word | Phrase | None
    corrected: bool
    fields: tuple[FieldScore, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a hit's score comes from: ``score`` is the sum of the clauses' (``must``, then ``should``) and ``proximity``,
    times ``recency``."""

    clauses: tuple[ClauseScore, ...]
    proximity: float
    recency: float
    exact_title: bool
    score: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """A facet's value (a term's identity, a year as text) and in how many matches it stands."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """Most frequent first, ties by value; ``truncated`` says that there are more than ``facet_limit``.

    Counts are over all matches, and disjunctive: the facet's own field does not narrow its own counts.
    """

    field: FacetField
    buckets: tuple[Bucket, ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """``total`` is exact where ``complete``; ``complete`` is False where the deadline passed, and then total and facets
    count what was found by then."""

    hits: tuple[EngineHit, ...]
    total: int
    facets: tuple[Facet, ...]
    complete: bool


class Deadline:
    """An instant of the monotonic clock after which an engine stops and says that it is not complete."""

    __slots__ = ("_at",)

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        return time.monotonic() >= self._at

    @property
    def remaining(self) -> float:
        """Seconds left, at least 0."""
        return max(0.0, self._at - time.monotonic())


@dataclass(frozen=True, slots=True)
class EngineSpace:
    """Where an engine keeps one generation: its own folder, and the generation's name for an engine elsewhere."""

    folder: Path
    generation: str


class IndexBatch(Protocol):
    """A build in progress. Leaving it normally commits; an exception leaves no trace."""

    def put(self, document: IndexDocument) -> None:
        """Add the document, or replace the one with its id."""
        ...

    def delete(self, post_id: str) -> None:
        """Take the document out; an id that is not there is no error."""
        ...


class Searcher(Protocol):
    """A fixed view of one generation; safe from several threads."""

    def search(self, query: ExpandedQuery, deadline: Deadline) -> SearchPage: ...

    def explain(self, query: ExpandedQuery, post_ids: Sequence[str], deadline: Deadline) -> tuple[Explanation, ...]:
        """Why those hits of the query score as they do, in their order; ids that are no hits are left out, and all of them
        where the deadline passed."""
        ...

    def ids(self) -> frozenset[str]:
        """The ids of all live documents (the check before publishing compares them with the catalog's)."""
        ...

    def close(self) -> None: ...


class SearchEngine(Protocol):
    """Builds, opens and throws away one generation's index."""

    @property
    def fingerprint(self) -> str:
        """Engine, mapping and analyser versions; part of the generation's id."""
        ...

    def build(self, space: EngineSpace, base: EngineSpace | None) -> AbstractContextManager[IndexBatch]:
        """Start from ``base`` (its files are linked or copied, never changed), or from nothing."""
        ...

    def open(self, space: EngineSpace) -> Searcher: ...

    def discard(self, space: EngineSpace) -> None: ...
