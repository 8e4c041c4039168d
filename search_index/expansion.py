"""From what a person typed to what an engine is asked: stems, prefixes, typos and synonyms as alternatives of each word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from search_index.analysis import (
    STEM_SIGN,
    Form,
    analyser,
    compound_parts,
    fold,
    index_tokens,
    is_cjk,
    is_plain_word,
    query_words,
)
from search_index.engines.port import AnyOf, Clause, ExpandedQuery, Phrase, Restriction, TextField, Word
from search_index.grammar import RESTRICTED, ParsedQuery, Prefix, QueryClause
from search_index.kept import Kept
from search_index.query import PostFilters
from search_index.relevance import SearchSettings
from search_index.synonyms import Key, Synonyms
from search_index.vocabulary import Vocabulary

MAX_LANGUAGES = 8
"""A word is stemmed by so many of a site's languages."""

_ANY_LANGUAGE = "und"
_MOST_HALVES = 2
_MOST_KEPT = 1_000
_SHORTEST_JOINED = 5
"""``in to`` and ``a way`` are not ``into`` and ``away``."""

Alternative = Word | Phrase


class Match(StrEnum):
    """How a text holds what was typed: as it is, as a word of the same stem, as a word that begins so, as a compound that is
    joined or parted in another way, as a synonym, or spelled in another way."""

    EXACT = "exact"
    STEM = "stem"
    PREFIX = "prefix"
    COMPOUND = "compound"
    SYNONYM = "synonym"
    TYPO = "typo"


@dataclass(frozen=True, slots=True)
class SearchedWord:
    """A clause of the typed query that is searched, what the engine is asked for it, and how each alternative matches.

    ``corrected`` is the spelling that was probably meant, "" where the word is as good as any.
    """

    clause: QueryClause
    asked: Clause
    matches: Mapping[Alternative, Match]
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Expansion:
    """A query as it is asked: ``words`` are the clauses of ``query.must`` in their order, then those of ``query.should``."""

    query: ExpandedQuery
    words: tuple[SearchedWord, ...]


@dataclass(frozen=True, slots=True)
class Expander:
    """What a generation knows of words. A word's alternatives are its forms in each of ``languages``."""

    vocabulary: Vocabulary
    synonyms: Synonyms
    languages: Sequence[str]
    settings: SearchSettings
    _kept: Kept = field(default_factory=lambda: Kept(_MOST_KEPT), repr=False, compare=False)

    def expand(self, parsed: ParsedQuery, filters: PostFilters, *, prefix: bool = True, typo: bool = True) -> Expansion:
        """The parsed query with the request's filters.

        With ``prefix`` the last word may be unfinished; one of a single letter behind others then need not match. A query in
        which nothing can be searched (signs only) finds nothing; one that only restricts or excludes finds all the rest.
        """
        must: list[SearchedWord] = []
        should: list[SearchedWord] = []
        must_not: list[Clause] = []
        restrictions: list[Restriction] = []
        last = len(parsed.clauses) - 1
        keys = [*map(_key, parsed.clauses)]
        related, joined = self._related(keys), self._joined(keys)
        for number, clause in enumerate(parsed.clauses):
            if clause.prefix in RESTRICTED:
                restrictions.append(Restriction(RESTRICTED[clause.prefix], clause.term, clause.excluded))
            elif clause.excluded:
                must_not.append(self._searched(clause, starts=clause.starts, typo=False).asked)
            else:
                unfinished = prefix and number == last and not clause.phrase
                word = self._searched(
                    clause,
                    starts=clause.starts or unfinished,
                    typo=typo,
                    related=related.get(number, ()),
                    beside=joined.get(number, ()),
                )
                optional = unfinished and not clause.starts and number and _is_begun(clause.text)
                if not optional:
                    must.append(word)
                elif must:
                    should.append(word)
        asked = ExpandedQuery(
            must=(Clause(()),) if parsed.signs else tuple(word.asked for word in must),
            should=tuple(word.asked for word in should),
            must_not=tuple(must_not),
            filters=filters,
            restrictions=tuple(restrictions),
            exact_title=_exact_title(parsed),
            relevance=self.settings.relevance(),
        )
        return Expansion(asked, (*must, *should))

    def _searched(
        self,
        clause: QueryClause,
        *,
        starts: bool,
        typo: bool,
        related: Sequence[Key] = (),
        beside: Sequence[str] = (),
    ) -> SearchedWord:
        """``related`` are its synonyms, ``beside`` the words that it forms with its neighbours."""
        key = (clause, starts, typo, tuple(related), tuple(beside))
        return self._kept.get(key, lambda: self._work_out(clause, starts, typo, related, beside))

    def _work_out(
        self, clause: QueryClause, starts: bool, typo: bool, related: Sequence[Key], beside: Sequence[str]
    ) -> SearchedWord:
        fields = (TextField.TITLE,) if clause.prefix is Prefix.TITLE else ()
        settings = self.settings
        exact = analyser(_ANY_LANGUAGE).query_forms(clause.text, stemmed=False)
        if clause.phrase:
            phrase = _alternative(exact[0], fields)
            return SearchedWord(clause, Clause((phrase,)), {phrase: Match.EXACT})
        found = {_alternative(form, fields, settings.exact_boost): Match.EXACT for form in exact}
        for language in self._languages:
            stemmed = analyser(language).query_forms(clause.text, stemmed=True)
            found |= {_alternative(form, fields): Match.STEM for form in stemmed if form not in exact}
        longer = [form for form in map(self._longer, exact) if form] if starts else []
        found |= {_alternative(form, fields, settings.prefix_boost): Match.PREFIX for form in longer}
        words = query_words(clause.text)
        for form in self._compounds(words, beside):
            found.setdefault(_alternative(form, fields, settings.compound_boost), Match.COMPOUND)
        for key in related:
            found |= {_alternative(form, fields, settings.synonym_boost): Match.SYNONYM for form in self._forms(key)}
        word = fold(words[0]) if len(words) == 1 and is_plain_word(words[0]) and not clause.starts else ""
        near = self.vocabulary.near(word, settings.typos(word), settings.expansions) if settings.typos(word) else ()
        corrections = tuple(self._corrections(near, fields)) if typo else ()
        known = (
            bool(longer)
            or not word
            or any(map(self.vocabulary.count, self._plain(exact, found)))
            or self._is_inflected(word, near)
        )
        return SearchedWord(
            clause,
            Clause(tuple(found), corrections),
            found | dict.fromkeys(corrections, Match.TYPO),
            self._better(word, near, known=known),
        )

    def _corrections(self, near: Sequence[tuple[str, int]], fields: tuple[TextField, ...]) -> Iterator[Alternative]:
        """The nearest words with their stems, one alternative a distance."""
        for distance in sorted({apart for _, apart in near}):
            tokens = [token for word, apart in near if apart == distance for token in (word, *self._same_stem(word))]
            yield Word(tuple(dict.fromkeys(tokens)), fields, self.settings.typo_boost**distance)

    def _better(self, word: str, near: Sequence[tuple[str, int]], *, known: bool) -> str:
        """The spelling that was probably meant: the nearest of the most frequent; for a known word, one that is far more
        frequent."""
        own = self.vocabulary.count(word) * self.settings.did_you_mean_ratio if known else 0
        if known and not own:
            return ""
        better = next((other for other, _ in near if self.vocabulary.count(other) > own), "")
        return self.vocabulary.spelling(better)

    def _is_inflected(self, word: str, near: Sequence[tuple[str, int]]) -> bool:
        """Whether one of the words that are spelled nearly so has the same stem."""
        stems = {token for token in self._same_stem(word) if token.startswith(STEM_SIGN)}
        return any(not stems.isdisjoint(self._same_stem(other)) for other, _ in near)

    def _longer(self, form: Form) -> Form | None:
        """The form with what begins as its last word does in that word's place; None where nothing does."""
        tokens, place = form[-1]
        if len(tokens[0]) < self.settings.prefix_letters:
            return None
        longer = tuple(
            word for word in self.vocabulary.prefixed(tokens[0], self.settings.expansions + 1) if word != tokens[0]
        )
        return (*form[:-1], (longer[: self.settings.expansions], place)) if longer else None

    def _forms(self, key: Key) -> Iterator[Form]:
        """The ways in which a synonym's words may stand in a text."""
        for language in self._languages:
            yield from analyser(language).query_forms(" ".join(key), stemmed=True)[:1]

    def _same_stem(self, word: str) -> AnyOf:
        found: dict[str, None] = {}
        for language in self._languages:
            for form in analyser(language).query_forms(word, stemmed=True)[:1]:
                found |= dict.fromkeys(form[0][0])
        return tuple(found)

    def _plain(self, exact: Sequence[Form], found: Iterable[Alternative]) -> Iterator[str]:
        yield from (token for form in exact for tokens, _ in form for token in tokens)
        yield from (token for row in found if isinstance(row, Word) for token in row.tokens)

    def _compounds(self, words: Sequence[str], beside: Sequence[str]) -> Iterator[Form]:
        """Other ways to write a compound: parted words as one (``back-end``, ``node.js``), a word that no post has as two,
        beside each other or as parts of a name (``fullstack``, ``username``); and the words that it forms with others."""
        parts = [fold(part) for word in words for part in compound_parts(word)]
        whole = "".join(parts)
        if len(parts) > 1 and whole.isalpha():
            beside = (*beside, whole)
        for word in beside:
            if self.vocabulary.count(word):
                yield ((self._same_stem(word), 0),)
        if len(parts) == 1 and is_plain_word(words[0]) and not self.vocabulary.count(whole):
            for first, second in self.vocabulary.halves(whole)[:_MOST_HALVES]:
                for place in (1, 0):
                    yield ((first,), 0), (self._same_stem(second), place)

    def _joined(self, keys: Sequence[Key]) -> dict[int, tuple[str, ...]]:
        """The words that clauses of a single word form with their neighbours: ``back end`` is ``backend`` too."""
        found: dict[int, tuple[str, ...]] = {}
        for number, (left, right) in enumerate(pairwise(keys)):
            whole = "".join((*left, *right))
            words = len(left) == len(right) == 1 and is_plain_word(left[0]) and is_plain_word(right[0])
            if words and len(whole) >= _SHORTEST_JOINED:
                for of in (number, number + 1):
                    found[of] = (*found.get(of, ()), whole)
        return found

    def _related(self, keys: Sequence[Key]) -> dict[int, tuple[Key, ...]]:
        """The synonyms of each clause: those of the runs of words that it is part of."""
        found: dict[int, tuple[Key, ...]] = {}
        if not self.synonyms.of:
            return found
        for first in range(len(keys)):
            run: Key = ()
            for last in range(first, len(keys)):
                run += keys[last]
                if not keys[last] or len(run) > self.synonyms.longest:
                    break
                for number in range(first, last + 1):
                    found[number] = found.get(number, ()) + self.synonyms.of.get(run, ())
        return found

    @property
    def _languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.languages))[:MAX_LANGUAGES] or (_ANY_LANGUAGE,)


def _key(clause: QueryClause) -> Key:
    """The words of a clause that may stand for others; none for quoted, excluded and restricting ones."""
    if clause.phrase or clause.excluded or clause.restricts:
        return ()
    return tuple(map(fold, query_words(clause.text)))


def _is_begun(text: str) -> bool:
    """Whether this is the first letter of a word that somebody has begun to type."""
    return len(text) == 1 and text.isalpha() and not is_cjk(text)


def without_corrections(query: ExpandedQuery) -> ExpandedQuery:
    """The query as typed: nothing is misspelled."""
    return replace(
        query,
        must=tuple(replace(clause, corrections=()) for clause in query.must),
        should=tuple(replace(clause, corrections=()) for clause in query.should),
    )


def corrected_query(parsed: ParsedQuery, words: Sequence[SearchedWord]) -> ParsedQuery | None:
    """The query with the spellings that were probably meant; None where there are none."""
    better = {word.clause: word.corrected for word in words if word.corrected}
    if not better:
        return None
    return replace(
        parsed, clauses=tuple(replace(clause, text=better.get(clause, clause.text)) for clause in parsed.clauses)
    )


def mended_text(typed: ParsedQuery, parts: Sequence[SearchedWord]) -> str:
    """The typed query with the spellings that were probably meant for its parts."""
    clauses = []
    for clause in typed.clauses:
        text = clause.text
        for part in parts:
            if part.corrected and not (clause.phrase or clause.excluded or clause.restricts):
                text = text.replace(part.clause.text, part.corrected)
        clauses.append(replace(clause, text=text))
    return replace(typed, clauses=tuple(clauses)).interpreted


def _alternative(form: Form, fields: tuple[TextField, ...], boost: float = 1.0) -> Alternative:
    if len(form) == 1:
        return Word(form[0][0], fields, boost)
    first = form[0][1]
    return Phrase(tuple(tokens for tokens, _ in form), tuple(place - first for _, place in form), fields, boost)


def _exact_title(parsed: ParsedQuery) -> Phrase | None:
    """The title that the query is, if it is one: nothing but words and phrases."""
    if not parsed.clauses or any(row.excluded or row.prefix or row.starts for row in parsed.clauses):
        return None
    tokens = index_tokens(" ".join(row.text for row in parsed.clauses), _ANY_LANGUAGE)
    first = dict(reversed(list(zip(tokens.positions, tokens.tokens, strict=True))))
    places = sorted(first)
    return Phrase(tuple((first[place],) for place in places), tuple(places)) if places else None
