"""The course of a search: ask, drop words where nothing has all of them, and look for the spelling that was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
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
from search_index.expansion import Expander, Match, SearchedWord, corrected_query, mended_text, without_corrections
from search_index.grammar import ParsedQuery, Prefix, QueryClause, in_parts, parse_query
from search_index.query import PostFilters, SearchQuery
from search_index.relevance import SearchSettings

EVERY_VALUE = 2**31 - 1
"""No limit on the values of a facet."""

_RELATED_WORDS = 25
_LONGEST_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    ``asked`` are the clauses that its hits are found by. ``relaxed`` says that nothing was found as typed: words that were
    typed as one need not stand together, and ``dropped`` need not be there. ``corrected`` is what was found instead of what
    was typed, ``did_you_mean`` a spelling that finds more ("" for none).
    """

    parsed: ParsedQuery
    page: SearchPage
    asked: tuple[Clause, ...]
    relaxed: bool
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

    def run(
        self, query: SearchQuery, offset: int, deadline: Deadline, facet_limit: int, among: frozenset[str] | None = None
    ) -> Found:
        """The page that begins at ``offset``; ``among`` as in ``ExpandedQuery``.

        Raises ``QueryTooCostly`` beyond the window and ``EngineUnavailable``.
        """
        typed = parse_query(query.text)
        parsed, words, asked = typed, *self._asked(typed, query, offset, facet_limit, among)
        page = self.searcher.search(asked, deadline)
        relaxed = False
        dropped: tuple[str, ...] = ()
        if _is_empty(page) and self.expander.settings.relax:
            parts = in_parts(typed)
            if parts != typed:
                parsed, words, asked = parts, *self._asked(parts, query, offset, facet_limit, among)
                page = self.searcher.search(asked, deadline)
                relaxed = page.total > 0
        corrected, did_you_mean = self._spelling(query, typed, parsed, asked, words, page, deadline)
        if _is_empty(page) and self.expander.settings.relax:
            fewer, given_up = self._fewer_words(asked, words, _is_sentence(typed, self.expander.settings), deadline)
            if fewer != asked:
                asked = fewer
                page = self.searcher.search(asked, deadline)
            if page.total:
                relaxed, dropped = True, tuple(_names(given_up, typed))
        explanations: tuple[HitExplanation, ...] = ()
        if query.explain and page.complete:
            by_clause = {word.asked: word for word in words}
            of_clauses = [by_clause.get(clause) for clause in (*asked.must, *asked.should)]
            explained = self.searcher.explain(asked, [hit.id for hit in page.hits], deadline)
            explanations = tuple(_explained(row, of_clauses) for row in explained)
            page = replace(page, complete=len(explained) == len(page.hits))
        if deadline.passed:  # what was counted in between may have been cut short
            page = replace(page, complete=False)
        clauses_asked = (*asked.must, *asked.should)
        return Found(typed, page, clauses_asked, relaxed, dropped, corrected, did_you_mean, explanations)

    def _asked(
        self, parsed: ParsedQuery, query: SearchQuery, offset: int, facet_limit: int, among: frozenset[str] | None
    ) -> tuple[Sequence[SearchedWord], ExpandedQuery]:
        """The query as the engine is asked it, and what each of its clauses was made of."""
        expansion = self.expander.expand(parsed, query.filters, prefix=query.prefix, typo=query.typo)
        return expansion.words, replace(
            expansion.query,
            visible_at=self.visible_at,
            among=among,
            sort=query.sort,
            order=query.order,
            offset=offset,
            limit=query.page.size,
            facets=query.facets,
            facet_limit=facet_limit,
        )

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
        words = query_words(typed[:_LONGEST_SUGGESTED])
        if not words or typed[-1:].isspace():
            return
        last = fold(words[-1])
        vocabulary, settings = self.expander.vocabulary, self.expander.settings
        found = vocabulary.prefixed(last, 2 * limit) if len(last) >= settings.prefix_letters else ()
        if not found and settings.typos(last):
            found = tuple(word for word, _ in vocabulary.near(last, settings.typos(last), 2 * limit))
        counted: list[tuple[str, int]] = []
        for word in found:
            text = " ".join((*words[:-1], vocabulary.spelling(word)))
            parsed = parse_query(text)
            if parsed.ignored:
                return
            asked = self.expander.expand(parsed, filters, prefix=False, typo=False).query
            if count := self._count(asked, deadline):
                counted.append((text, count))
            if len(counted) == limit:
                break
        yield from sorted(counted, key=lambda row: -row[1])

    def related(
        self, words: Mapping[str, int], terms: Sequence[str], filters: PostFilters, limit: int, deadline: Deadline
    ) -> tuple[str, ...]:
        """The ids of the posts that are most like one of these words (with their frequencies) and terms (by name)."""
        total = self._count(ExpandedQuery(), deadline)
        if not total:
            return ()
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

    def _fewer_words(
        self, asked: ExpandedQuery, words: Sequence[SearchedWord], is_sentence: bool, deadline: Deadline
    ) -> tuple[ExpandedQuery, tuple[QueryClause, ...]]:
        """The query without the words that have to go for something to be found, and those words.

        Given up are first those that the fewest posts have; what need not have gone is taken back, the most frequent
        first. Of a sentence any word will do. A quoted phrase is never given up.
        """
        counts = {
            number: self._count(replace(asked, must=(word.asked,), should=()), deadline)
            for number, word in enumerate(words[: len(asked.must)])
            if not word.clause.phrase
        }
        if is_sentence:
            return self._any_of_sentence(asked, words, counts, deadline)

        def without(numbers: Sequence[int]) -> ExpandedQuery:
            kept = tuple(clause for number, clause in enumerate(asked.must) if number not in numbers)
            optional = tuple(asked.must[number] for number in sorted(numbers))
            return replace(asked, must=kept, should=optional + asked.should)

        order = sorted(counts, key=lambda number: (counts[number], -number))
        dropped = [number for number in order if not counts[number]]
        going = order[len(dropped) :]
        while len(dropped) < len(asked.must) and not (dropped and self._count(without(dropped), deadline)):
            if not going:
                return asked, ()
            dropped.append(going.pop(0))
        if len(dropped) == len(asked.must):
            return asked, ()
        for number in reversed(dropped[:-1]):
            fewer = [row for row in dropped if row != number]
            if counts[number] and self._count(without(fewer), deadline):
                dropped = fewer
        return without(dropped), tuple(words[row].clause for row in sorted(dropped))

    def _any_of_sentence(
        self, asked: ExpandedQuery, words: Sequence[SearchedWord], counts: Mapping[int, int], deadline: Deadline
    ) -> tuple[ExpandedQuery, tuple[QueryClause, ...]]:
        """The query in which any word will do but those of little meaning, which more than half of all posts have; and the
        words that no post has. ``counts`` has the posts of each word by its number, within the request's filters."""
        found = [number for number, count in sorted(counts.items()) if count]
        if not found:
            return asked, ()
        everywhere = replace(asked, must=(), should=(), must_not=(), filters=PostFilters(), among=None, restrictions=())
        most = self._count(everywhere, deadline) / 2
        telling = [
            number for number in found if self._count(replace(everywhere, must=(asked.must[number],)), deadline) <= most
        ] or found
        phrases = tuple(clause for number, clause in enumerate(asked.must) if number not in counts)
        either = tuple(
            replace(alternative, boost=0.0) for number in telling for alternative in asked.must[number].all_alternatives
        )
        words_asked = tuple(asked.must[number] for number in found)
        gone = tuple(words[number].clause for number in sorted(counts.keys() - set(found)))
        return replace(asked, must=(*phrases, Clause(either)), should=words_asked + asked.should), gone

    def _spelling(
        self,
        query: SearchQuery,
        typed: ParsedQuery,
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
        if self._count(replace(mended, among=asked.among), deadline) <= as_typed:
            return "", ""
        shown = better.interpreted if parsed is typed else mended_text(typed, words)
        return shown if page.total and not as_typed else "", shown

    def _count(self, query: ExpandedQuery, deadline: Deadline) -> int:
        return self.searcher.search(
            replace(query, visible_at=self.visible_at, limit=0, offset=0, facets=(), exact_title=None), deadline
        ).total


def _is_sentence(typed: ParsedQuery, settings: SearchSettings) -> bool:
    words = (len(query_words(row.text)) for row in typed.clauses if not (row.phrase or row.excluded or row.restricts))
    return sum(words) >= settings.sentence_words


def _names(given_up: Sequence[QueryClause], typed: ParsedQuery) -> Iterator[str]:
    """The words as they are told: not the pairs of characters that nobody typed as words."""
    words = {word for clause in typed.clauses for word in query_words(clause.text)}
    yield from (str(clause) for clause in given_up if clause.text in words or not is_cjk(clause.text))


def _is_empty(page: SearchPage) -> bool:
    """Whether it is certain that nothing was found."""
    return page.complete and not page.total


def _explained(explanation: Explanation, words: Sequence[SearchedWord | None]) -> HitExplanation:
    """``words`` are those of the explanation's clauses; a clause that nobody typed has none."""
    clauses = []
    for row, word in zip(explanation.clauses, words, strict=True):
        if word is None:
            continue
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


def names_with(typed: str) -> Callable[[str], bool]:
    """Whether each typed word begins a word of a name (stands anywhere in it, in Chinese, Japanese and Korean)."""
    wanted = [fold(word) for word in query_words(typed)]

    def has(name: str) -> bool:
        words = _name_words(name)
        return bool(wanted) and all(
            any(word.startswith(part) for word in words) or (is_cjk(part) and part in fold(name)) for part in wanted
        )

    return has


@lru_cache(maxsize=10_000)
def _name_words(name: str) -> tuple[str, ...]:
    """The folded words of a term's name; a site has few names and asks for them at every key."""
    return tuple(fold(word) for word in query_words(name))


def _named(name: str) -> Word | Phrase:
    """A term's name, where terms are searched."""
    words = tuple((fold(word),) for word in query_words(name))
    fields = (TextField.TERMS,)
    return Word(words[0], fields) if len(words) == 1 else Phrase(words, tuple(range(len(words))), fields)
