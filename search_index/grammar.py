"""What a person typed, as clauses.

::

    query   = { clause }
    clause  = [ "-" ] [ field ":" ] ( word [ "*" ] | '"' words '"' )
    field   = "title" | "tag" | "category" | "author"

Clauses are ANDed; a single ``-`` excludes. Nothing is an error: what is none of this is searched as words, signs that give
no token are passed over, and what goes beyond the limits is dropped and named in ``ParsedQuery.ignored``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from search_index.analysis import analyser, is_cjk, query_words
from search_index.query import FacetField
from search_index.taxonomy import term_slug

MAX_CHARACTERS = 512
MAX_TERMS = 16
MAX_PHRASES = 2
MAX_PHRASE_WORDS = 8
MAX_PARTS = 48
"""The most clauses that ``in_parts`` makes of a query."""

_LONGEST_IGNORED = 80
_QUOTES = '"“”„‟'
_JOINERS = "\u200c\u200d"
_ANY_LANGUAGE = "und"


class Prefix(StrEnum):
    """What may stand before ``:``."""

    TITLE = "title"
    TAG = "tag"
    CATEGORY = "category"
    AUTHOR = "author"


RESTRICTED = {Prefix.TAG: FacetField.TAG, Prefix.CATEGORY: FacetField.CATEGORY, Prefix.AUTHOR: FacetField.AUTHOR}


@dataclass(frozen=True, slots=True)
class QueryClause:
    """One clause. ``text`` is as typed, single spaces between words. ``starts`` marks ``word*``."""

    text: str
    phrase: bool = False
    prefix: Prefix | None = None
    excluded: bool = False
    starts: bool = False

    @property
    def restricts(self) -> bool:
        """Whether it names a term, instead of words to search."""
        return self.prefix in RESTRICTED

    @property
    def term(self) -> str:
        """The term that it names: a slug, or for a category the slugs of its levels."""
        if self.prefix is Prefix.CATEGORY:
            return "/".join(term_slug(level) for level in self.text.split("/") if level.strip())
        return term_slug(self.text)

    def __str__(self) -> str:
        quoted = self.phrase or (self.restricts and " " in self.text)
        return "".join(
            (
                "-" if self.excluded else "",
                f"{self.prefix}:" if self.prefix else "",
                f'"{self.text}"' if quoted else self.text,
                "*" if self.starts else "",
            )
        )


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """``ignored`` names what went beyond the limits; ``signs`` is what was typed where no clause is in it, "" for nothing."""

    clauses: tuple[QueryClause, ...]
    ignored: tuple[str, ...] = ()
    signs: str = ""

    @property
    def interpreted(self) -> str:
        """The query as it was read; parsed again, it is the same query."""
        return " ".join(map(str, self.clauses)) or self.signs

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.clauses or self.signs)


def parse_query(text: str) -> ParsedQuery:
    """Read what a person typed. Never raises."""
    cleaned = _clean(text)
    kept = _cut(cleaned)
    ignored = [cleaned[len(kept) :]]
    clauses: list[QueryClause] = []
    terms = phrases = 0
    for clause in _clauses(_without_lone_quote(kept)):
        short, rest = _shortened(clause)
        if not _says_something(short):
            if any(map(str.isalnum, short.text)):  # a word that is too long to be a token
                ignored.append(str(clause))
            continue
        if (phrases if short.phrase else terms) == (MAX_PHRASES if short.phrase else MAX_TERMS):
            ignored.append(str(clause))
            continue
        phrases += short.phrase
        terms += not short.phrase
        clauses.append(short)
        ignored.append(rest)
    while len(" ".join(map(str, clauses))) > MAX_CHARACTERS:
        ignored.append(str(clauses.pop()))
    named = tuple(_named(piece) for piece in ignored if piece.strip())
    return ParsedQuery(tuple(clauses), named, "" if clauses else kept.strip())


def in_parts(parsed: ParsedQuery) -> ParsedQuery:
    """The query with words that signs join (``react-native``), or nothing parts (``東京タワー``), as clauses of their own.

    That is what a person means where they do not stand together. Chinese, Japanese and Korean is parted into pairs of
    characters.
    """
    clauses: list[QueryClause] = []
    for number, clause in enumerate(parsed.clauses):
        parts = [] if clause.phrase or clause.excluded or clause.restricts else _parts(clause)
        room = MAX_PARTS - len(clauses) - (len(parsed.clauses) - number)
        clauses += parts if 1 < len(parts) <= room else (clause,)
    return replace(parsed, clauses=tuple(clauses))


def _parts(clause: QueryClause) -> list[QueryClause]:
    words: list[str] = []
    for word in query_words(clause.text):
        words += (word[at : at + 2] for at in range(max(1, len(word) - 1))) if is_cjk(word) else (word,)
    return [
        replace(clause, text=word, starts=clause.starts and place == len(words) - 1) for place, word in enumerate(words)
    ]


def _clean(text: str) -> str:
    """Without what is not seen: controls and lone surrogates become spaces, marks of direction go."""
    characters: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if category in ("Cc", "Cs"):
            characters.append(" ")
        elif category != "Cf" or char in _JOINERS:
            characters.append(char)
    return " ".join("".join(characters).split())


def _cut(text: str) -> str:
    """At most ``MAX_CHARACTERS``, cut between words where there is a space."""
    if len(text) <= MAX_CHARACTERS:
        return text
    return (
        text[: text.rfind(" ", 0, MAX_CHARACTERS + 1)] if " " in text[: MAX_CHARACTERS + 1] else text[:MAX_CHARACTERS]
    )


def _clauses(text: str) -> Iterator[QueryClause]:
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        clause, at = _clause(text, at)
        if clause is not None:
            yield clause


def _clause(text: str, at: int) -> tuple[QueryClause | None, int]:
    """The clause that begins at ``at``, None for signs that say nothing, and where to go on."""
    begin = at
    while text[at : at + 1] == "-":
        at += 1
    excluded = at - begin == 1  # --option is a word
    prefix, at = _prefix(text, at)
    if at < len(text) and text[at] in _QUOTES:
        at += 1
        end = _next_quote(text, at)
        return _of_words(text[at:end].strip(), prefix, excluded), end + 1
    end = at
    while end < len(text) and text[end] != " " and text[end] not in _QUOTES:
        end += 1
    return _of_word(text[at:end], prefix, excluded), end


def _of_words(words: str, prefix: Prefix | None, excluded: bool) -> QueryClause | None:
    return QueryClause(words, prefix not in RESTRICTED, prefix, excluded) if words else None


def _of_word(word: str, prefix: Prefix | None, excluded: bool) -> QueryClause | None:
    if prefix in RESTRICTED and word:
        return QueryClause(word, prefix=prefix, excluded=excluded)
    stem = word.rstrip("*")
    if stem:
        return QueryClause(stem, prefix=prefix, excluded=excluded, starts=stem != word)
    return QueryClause(prefix.value, excluded=excluded) if prefix else None  # "title:" alone is the word


def _prefix(text: str, at: int) -> tuple[Prefix | None, int]:
    for prefix in Prefix:
        end = at + len(prefix)
        if text[at:end].lower() == prefix and text[end : end + 1] == ":":
            return prefix, end + 1
    return None, at


def _next_quote(text: str, at: int) -> int:
    return next(place for place in range(at, len(text)) if text[place] in _QUOTES)


def _without_lone_quote(text: str) -> str:
    """Quotes open and close in turn: where their number is odd, the last one has no other."""
    quotes = [place for place, char in enumerate(text) if char in _QUOTES]
    if len(quotes) % 2 == 0:
        return text
    lone = quotes[-1]
    return text[:lone] + ("" if text[:lone].endswith(("-", ":")) else " ") + text[lone + 1 :]


def _shortened(clause: QueryClause) -> tuple[QueryClause, str]:
    """The clause with at most ``MAX_PHRASE_WORDS``, and the words that went."""
    words = clause.text.split(" ")
    if not clause.phrase or len(words) <= MAX_PHRASE_WORDS:
        return clause, ""
    return replace(clause, text=" ".join(words[:MAX_PHRASE_WORDS])), " ".join(words[MAX_PHRASE_WORDS:])


def _says_something(clause: QueryClause) -> bool:
    if clause.restricts:
        return bool(clause.term)
    return bool(analyser(_ANY_LANGUAGE).query_forms(clause.text, stemmed=False))


def _named(piece: str) -> str:
    piece = piece.strip()
    return piece if len(piece) <= _LONGEST_IGNORED else piece[: _LONGEST_IGNORED - 1] + "…"
