"""The course of a search: ask, drop words where nothing has all of them, and look for the spelling that was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

from search_index.analysis import fold, is_cjk, query_words
from search_index.engines.port import (
    Clause,
    Deadline,
    ExpandedQuery,
    Explanation,
    FieldScore,
    Phrase,
    Searcher,
    SearchPage,
    TextField,
    Word,
)
from search_index.expansion import Expander, Match, SearchedWord, corrected_query, without_corrections
from search_index.grammar import ParsedQuery, Prefix, parse_query
from search_index.query import PostFilters, SearchQuery

EVERY_VALUE = 2**31 - 1
"""No limit on the values of a facet."""

_MOST_COMPLETIONS = 20
_RELATED_WORDS = 25
_LONGEST_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to. ``asked`` are the clauses that its hits are found by; ``dropped`` the words that were given up
    because nothing had all of them; ``corrected`` what was found instead of what was typed, ``did_you_mean`` a spelling that
    finds more ("" for none)."""

    parsed: ParsedQuery
    page: SearchPage
    asked: tuple[Clause, ...]
    dropped: tuple[str, ...]
    corrected: str
    did_you_mean: str
    explanations: tuple[HitExplanation, ...]


@dataclass(frozen=True, slots=True)
class ExplainedClause:
    """What a clause of the query adds to a hit's score: how it stands in the post, by which tokens it was looked for there,
    and where it stands. ``match`` is None for a clause that the post does not hold."""

    typed: str
    match: Match | None
    tokens: tuple[str, ...]
    score: float
    fields: tuple[FieldScore, ...]


@dataclass(frozen=True, slots=True)
class HitExplanation:
    """Why a hit is where it is; the numbers as in the engine's ``Explanation``."""

    clauses: tuple[ExplainedClause, ...]
    proximity: float
    recency: float
    exact_title: bool
    score: float


@dataclass(frozen=True, slots=True)
class PostSearch:
    """Asks one generation as it is at one instant (UTC epoch seconds)."""

    searcher: Searcher
    expander: Expander
    visible_at: int

    def run(self, query: SearchQuery, deadline: Deadline, facet_limit: int) -> Found:
        """Raises ``QueryTooCostly`` beyond the window and ``EngineUnavailable``."""
        parsed = parse_query(query.text)
        expansion = self.expander.expand(parsed, query.filters, prefix=query.prefix, typo=query.typo)
        asked = replace(
            expansion.query,
            must=expansion.query.must if query.text.strip() else (),  # nothing typed: nothing has to match
            visible_at=self.visible_at,
            sort=query.sort,
            order=query.order,
            offset=query.page.offset,
            limit=query.page.size,
            facets=query.facets,
            facet_limit=facet_limit,
        )
        page = self.searcher.search(asked, deadline)
        corrected, did_you_mean = self._spelling(query, parsed, asked, expansion.words, page, deadline)
        dropped: tuple[str, ...] = ()
        if page.complete and not page.total and self.expander.settings.relax:
            relaxed, given_up = self._relaxed(asked, expansion.words, deadline)
            if given_up:
                asked, dropped = relaxed, given_up
                page = self.searcher.search(asked, deadline)
        explanations: tuple[HitExplanation, ...] = ()
        if query.explain:
            typed = {word.asked: word for word in expansion.words}
            clauses = [typed[clause] for clause in (*asked.must, *asked.should) if clause in typed]
            explained = self.searcher.explain(asked, [hit.id for hit in page.hits])
            explanations = tuple(_explained(row, clauses) for row in explained)
        return Found(parsed, page, (*asked.must, *asked.should), dropped, corrected, did_you_mean, explanations)

    def titles(self, typed: str, filters: PostFilters, limit: int, deadline: Deadline) -> tuple[str, ...]:
        """The ids of posts in whose titles all that was typed stands, the last word as a beginning."""
        parsed = parse_query(typed)
        in_title = tuple(
            replace(clause, prefix=Prefix.TITLE)
            for clause in parsed.clauses
            if not (clause.excluded or clause.restricts)
        )
        if not in_title:
            return ()
        asked = self.expander.expand(replace(parsed, clauses=in_title), filters, typo=False).query
        page = self.searcher.search(replace(asked, visible_at=self.visible_at, limit=limit), deadline)
        return tuple(hit.id for hit in page.hits)

    def completions(
        self, typed: str, filters: PostFilters, limit: int, deadline: Deadline
    ) -> Iterator[tuple[str, int]]:
        """What was typed with its last word finished, or mended where nothing begins so, and how many posts have all of it:
        the most frequent words first."""
        words = [fold(word) for word in query_words(typed[:_LONGEST_SUGGESTED])]
        if not words or typed[-1:].isspace():
            return
        last = words[-1]
        vocabulary, settings = self.expander.vocabulary, self.expander.settings
        found = vocabulary.prefixed(last, _MOST_COMPLETIONS) if len(last) >= settings.prefix_letters else ()
        if not found and settings.typos(last):
            found = tuple(word for word, _ in vocabulary.near(last, settings.typos(last), _MOST_COMPLETIONS))
        counted = []
        for word in found:
            text = " ".join((*words[:-1], word))
            asked = self.expander.expand(parse_query(text), filters, prefix=False, typo=False).query
            counted.append((text, self._count(asked, deadline)))
        yield from sorted((row for row in counted if row[1]), key=lambda row: -row[1])[:limit]

    def related(
        self, words: Mapping[str, int], terms: Sequence[str], filters: PostFilters, limit: int, deadline: Deadline
    ) -> tuple[str, ...]:
        """The ids of the posts that are most like one of these words (with their frequencies) and terms (by name)."""
        total = self._count(ExpandedQuery(), deadline)
        weighed = []
        for word, frequency in words.items():
            count = self.expander.vocabulary.count(word)
            if 1 < count <= max(2, (total + 1) // 2) and not word.isdigit():
                weighed.append(((1 + log(frequency)) * log(total / count), word))
        rare = [
            Clause((Word((word,), boost=1 + log(words[word])),))
            for _, word in sorted(weighed, reverse=True)[:_RELATED_WORDS]
        ]
        shared = [Clause((_named(name),)) for name in terms if query_words(name)]
        if not (rare or shared):
            return ()
        asked = ExpandedQuery(should=(*rare, *shared), filters=filters, visible_at=self.visible_at, limit=limit)
        return tuple(hit.id for hit in self.searcher.search(asked, deadline).hits)

    def _relaxed(
        self, asked: ExpandedQuery, words: Sequence[SearchedWord], deadline: Deadline
    ) -> tuple[ExpandedQuery, tuple[str, ...]]:
        """The query without the words that have to go for something to be found, and those words: first those that the
        fewest posts have. A quoted phrase is never given up."""
        counts = {
            number: self._count(replace(asked, must=(word.asked,), should=()), deadline)
            for number, word in enumerate(words[: len(asked.must)])
            if not word.clause.phrase
        }
        kept = dict(enumerate(asked.must))
        dropped: list[int] = []
        for number in sorted(counts, key=lambda number: (counts[number], -number)):
            if len(kept) == 1:
                break
            del kept[number]
            dropped.append(number)
            optional = tuple(asked.must[row] for row in sorted(dropped))
            relaxed = replace(asked, must=tuple(kept.values()), should=optional + asked.should)
            if self._count(relaxed, deadline):
                return relaxed, tuple(str(words[row].clause) for row in sorted(dropped))
        return asked, ()

    def _spelling(
        self,
        query: SearchQuery,
        parsed: ParsedQuery,
        asked: ExpandedQuery,
        words: Sequence[SearchedWord],
        page: SearchPage,
        deadline: Deadline,
    ) -> tuple[str, str]:
        better = corrected_query(parsed, words)
        if better is None:
            return "", ""
        as_typed = self._count(without_corrections(asked), deadline)
        mended = self.expander.expand(better, query.filters, prefix=query.prefix, typo=False).query
        if self._count(mended, deadline) <= as_typed:
            return "", ""
        return better.interpreted if page.total and not as_typed else "", better.interpreted

    def _count(self, query: ExpandedQuery, deadline: Deadline) -> int:
        return self.searcher.search(
            replace(query, visible_at=self.visible_at, limit=0, offset=0, facets=(), exact_title=None), deadline
        ).total


def _explained(explanation: Explanation, words: Sequence[SearchedWord]) -> HitExplanation:
    clauses = []
    for row, word in zip(explanation.clauses, words, strict=True):
        found = row.alternative
        tokens: tuple[str, ...] = ()
        if isinstance(found, Word):
            tokens = found.tokens
        elif found is not None:
            tokens = tuple(" ".join(any_of) for any_of in found.words)
        match = word.matches[found] if found is not None else None
        clauses.append(ExplainedClause(str(word.clause), match, tokens, row.score, row.fields))
    return HitExplanation(
        tuple(clauses), explanation.proximity, explanation.recency, explanation.exact_title, explanation.score
    )


def name_has(name: str, typed: str) -> bool:
    """Whether each typed word begins a word of the name (stands anywhere in it, in Chinese, Japanese and Korean)."""
    folded = fold(name)
    words = [fold(word) for word in query_words(name)]
    wanted = [fold(word) for word in query_words(typed)]
    return bool(wanted) and all(
        any(word.startswith(part) for word in words) or (is_cjk(part) and part in folded) for part in wanted
    )


def _named(name: str) -> Word | Phrase:
    """A term's name, where terms are searched."""
    words = tuple((fold(word),) for word in query_words(name))
    fields = (TextField.TERMS,)
    return Word(words[0], fields) if len(words) == 1 else Phrase(words, tuple(range(len(words))), fields)
