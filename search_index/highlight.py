"""Where a query stands in a post: marked fragments, and the sections that hold it.

Done for the posts of one page of results, after the engine has answered, with the analyser's own tokens. Most of a text is
never analysed: a search for the beginnings of the wanted tokens finds what stands between white space (a chunk) and may hold
them, and each such chunk is analysed once a query.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from operator import itemgetter
from typing import Any, NamedTuple

from search_index.analysis import STEM_SIGN, Placed, analyser, fold, invisible, is_cjk
from search_index.engines.port import Clause, Phrase, TextField
from search_index.kept import Kept
from search_index.model import Section

MAX_SECTIONS = 3

WINDOW_CHARACTERS = 190
"""The width of a fragment: about 30 words."""

_MOST_HITS = 300
_MOST_KEPT = 20_000
_SHORT = 2
_LONG_CHUNK = 40
_LONGEST_CHUNK = 1_000
"""What has no white space for longer than this is looked into in pieces."""
_CUT_BEGINNINGS = frozenset({"ar", "ga", "id", "nl"})
"""The languages whose stemmers take something off the beginnings of words."""
_CHUNK = re.compile(r"\S+")
_ACCENTED = re.compile("[\u00df-\u052f\u1e00-\u1fff]+")
_SPECIAL = re.compile("[&<>\"']")
_CHUNK_END = re.compile(r"\S*")


@dataclass(frozen=True, slots=True)
class HighlightSource:
    """What of a post is highlighted; offsets are into ``text``. ``sections`` are the parts of a ``Section`` each: of most,
    nothing else is asked than where they lie."""

    title: str
    excerpt: str
    terms: tuple[str, ...]
    text: str
    sections: Sequence[Sequence[Any]]
    code_spans: tuple[tuple[int, int], ...]
    lang: str

    @classmethod
    def from_json(cls, text: str, highlighting: str) -> HighlightSource:
        """From what a generation keeps beside a post (``ComposedPost.text`` and ``.highlighting``)."""
        row = json.loads(highlighting)
        return cls(
            title=row["title"],
            excerpt=row["excerpt"],
            terms=tuple(row["terms"]),
            text=text,
            sections=row["sections"],
            code_spans=tuple(map(tuple, row["code_spans"])),
            lang=row["lang"],
        )


@dataclass(frozen=True, slots=True)
class Fragment:
    """``field`` is a ``TextField`` value; ``html`` is escaped text with ``<mark>`` and nothing else."""

    field: str
    html: str


@dataclass(frozen=True, slots=True)
class SectionFragment:
    """A section in which the query stands. ``heading`` is the innermost of ``trail``."""

    anchor: str
    heading: str
    trail: tuple[str, ...]
    html: str


@dataclass(frozen=True, slots=True)
class Highlights:
    fragments: tuple[Fragment, ...]
    sections: tuple[SectionFragment, ...]


class _Hit(NamedTuple):
    """A stretch of a text to mark, which clause of the query stands there, and whether as typed."""

    start: int
    end: int
    clause: int
    certain: bool = True


class Highlighter:
    """Marks what a query's clauses ask for in the posts of a page."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._clauses = clauses
        self._for_titles = any(
            row.fields == (TextField.TITLE,) for clause in clauses for row in clause.all_alternatives
        )
        self._known: dict[tuple[str, bool, bool], _Wanted] = {}

    def highlight(self, source: HighlightSource, *, corrected: bool = False) -> Highlights:
        """The post's title and terms where the clauses stand in them, the best window of its text (its summary where the
        text does not hold them), and up to ``MAX_SECTIONS`` sections, the best first.

        With ``corrected`` a clause that stands nowhere as typed is marked where its corrections stand.
        """
        wanted = self._wanted(source.lang, in_title=False, corrected=corrected)
        fragments: list[Fragment] = []
        title_hits = self._wanted(source.lang, in_title=True, corrected=corrected).hits(source.title)
        if title_hits:
            fragments.append(Fragment(TextField.TITLE, _marked(source.title, 0, len(source.title), title_hits)))
        fragments += (Fragment(TextField.TERMS, html) for name in source.terms if (html := wanted.marked(name)))
        hits = wanted.hits(source.text)
        if hits:
            best = _best_together(hits)
            in_code = any(start <= best[0].start < end for start, end in source.code_spans)
            snippet = _snippet(source.text, 0, len(source.text), best, hits)
            fragments.append(Fragment(TextField.CODE if in_code else TextField.BODY, snippet))
        elif source.excerpt:
            summary_hits = wanted.hits(source.excerpt)
            snippet = _snippet(source.excerpt, 0, len(source.excerpt), _best_together(summary_hits), summary_hits)
            fragments.append(Fragment(TextField.SUMMARY, snippet))
        return Highlights(tuple(fragments), tuple(_section_fragments(source, hits)))

    def _wanted(self, lang: str, *, in_title: bool, corrected: bool) -> _Wanted:
        key = lang, in_title or not self._for_titles, corrected
        if key not in self._known:
            self._known[key] = _Wanted(self._clauses, *key)
        return self._known[key]


_Held = tuple[tuple[int, int, int, bool], ...]
"""The single words of a query that stand in a chunk: start, end, clause, and whether as typed. Empty where only a part of a
phrase does."""


class _Wanted:
    """What of a query is to be marked in texts of one language."""

    def __init__(self, clauses: Sequence[Clause], lang: str, in_title: bool, corrected: bool) -> None:
        self._analyser = analyser(lang)
        self._cuts_beginnings = lang.partition("-")[0].lower() in _CUT_BEGINNINGS
        self._words: dict[str, list[tuple[int, bool]]] = {}
        self._phrases: list[tuple[int, bool, Phrase]] = []
        self._literals: dict[str, list[tuple[int, bool]]] = {}
        in_chunks: set[str] = set()
        for number, clause in enumerate(clauses):
            for alternative in clause.all_alternatives if corrected else clause.alternatives:
                certain = alternative in clause.alternatives
                if alternative.fields == (TextField.TITLE,) and not in_title:
                    continue
                if isinstance(alternative, Phrase):
                    self._phrases.append((number, certain, alternative))
                    if literal := _literal(alternative):
                        self._literals.setdefault(literal, []).append((number, certain))
                    else:
                        in_chunks.update(token for tokens in alternative.words for token in tokens)
                    continue
                for token in alternative.tokens:
                    self._words.setdefault(token, []).append((number, certain))
                    if is_cjk(token):
                        self._literals.setdefault(token, []).append((number, certain))
                    else:
                        in_chunks.add(token)
        in_phrases = (token for _, _, phrase in self._phrases for tokens in phrase.words for token in tokens)
        self._tokens = frozenset((*self._words, *in_phrases))
        self._beginnings = _shortest(map(_beginning, in_chunks))
        self._held = Kept(_MOST_KEPT)
        self._marked = Kept(_MOST_KEPT)

    @cached_property
    def _beginnings_of_ligatures(self) -> list[str]:
        """The beginnings as they stand in a plain text that has one letter for two: of ``ß`` for ``ss``, one is left."""
        pairs = {fold(letter) for letter in _letters_of_several()}
        return _shortest(
            beginning[: min((at for pair in pairs if (at := beginning.find(pair)) >= 0), default=len(beginning)) + 1]
            for beginning in self._beginnings
        )

    def hits(self, text: str) -> list[_Hit]:
        """Where the query stands in the text, in order; at most ``_MOST_HITS`` of a word as written."""
        if not self._tokens:
            return []
        plain = _plain(text)
        hits = [*self._literal_hits(plain)] if self._literals else []
        places = self._candidates(text, plain)
        if not (hits or places):
            if not _may_hide(text):
                return []
            places = [match.span() for match in _CHUNK.finditer(text)]
        held = [(start, end, found) for start, end in places if (found := self._held_by(text[start:end])) is not None]
        for at, _, found in held:
            hits += [_Hit(at + start, at + end, number, certain) for start, end, number, certain in found]
        if held and self._phrases:
            for start, end in _stretches(text, [row[:2] for row in held]):
                hits += self._phrase_hits(text, start, end)
        if not all(hit.certain for hit in hits):
            as_typed = {hit.clause for hit in hits if hit.certain}
            hits = [hit for hit in hits if hit.certain or hit.clause not in as_typed]
        return sorted(set(hits))

    def marked(self, name: str) -> str:
        """A term's name, marked; "" where the query does not stand in it. The posts of a page share most of their terms."""
        return self._marked.get(name, lambda: self._marked_anew(name))

    def _marked_anew(self, name: str) -> str:
        hits = self.hits(name)
        return _marked(name, 0, len(name), hits) if hits else ""

    def _literal_hits(self, plain: str) -> Iterator[_Hit]:
        """Chinese, Japanese and Korean as it stands in the text: there a token is any pair of neighbours."""
        for literal, found in self._literals.items():
            at = plain.find(literal)
            for _ in range(_MOST_HITS):
                if at < 0:
                    break
                yield from (_Hit(at, at + len(literal), number, certain) for number, certain in found)
                at = plain.find(literal, at + 1)

    def _candidates(self, text: str, plain: str) -> list[tuple[int, int]]:
        """The chunks in which another wanted token may stand, in order."""
        find = plain.find
        found: list[int] = []
        ligatures = not text.isascii() and any(letter in text for letter in _letters_of_several())
        for beginning in self._beginnings_of_ligatures if ligatures else self._beginnings:
            at = find(beginning)
            if at < 0:
                continue
            inside = self._cuts_beginnings or not beginning[0].isalnum()
            most = len(found) + _MOST_HITS
            while at >= 0 and len(found) < most:
                if inside or at == 0 or not plain[at - 1].isalnum() or text[at].isupper() or is_cjk(plain[at - 1]):
                    found.append(at)
                at = find(beginning, at + 1)
        chunks: list[tuple[int, int]] = []
        end = -1
        for at in sorted(found):
            if at >= end:
                start, end = _chunk_around(text, at)
                chunks.append((start, end))
        return chunks

    def _held_by(self, chunk: str) -> _Held | None:
        """What of the query stands in a chunk; None for nothing."""
        return self._held.get(chunk, lambda: self._held_anew(chunk))

    def _held_anew(self, chunk: str) -> _Held | None:
        found = [*self._analyser.find(chunk, self._tokens)]
        if not found:
            return None
        return tuple(
            (row.start, row.end, number, certain) for row in found for number, certain in self._words.get(row.token, ())
        )

    def _phrase_hits(self, text: str, start: int, end: int) -> Iterator[_Hit]:
        """The phrases in a stretch of whole chunks."""
        places = {(row.token, row.position): row for row in self._analyser.find(text[start:end], self._tokens)}
        for number, certain, phrase in self._phrases:
            for token, position in places:
                if token in phrase.words[0]:
                    found = _run(places, phrase, position)
                    if found:
                        yield _Hit(start + found[0].start, start + max(row.end for row in found), number, certain)


def _stretches(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans; those that only signs part are one."""
    start, end = spans[0]
    for first, last in spans[1:]:
        if any(map(str.isalnum, text[end:first])):
            yield start, end
            start = first
        end = last
    yield start, end


def _run(places: Mapping[tuple[str, int], Placed], phrase: Phrase, position: int) -> list[Placed]:
    """Where each word of a phrase stands that begins at ``position``; empty where one of them does not."""
    found: list[Placed] = []
    for tokens, offset in zip(phrase.words, phrase.offsets, strict=True):
        here = (places.get((token, position + offset)) for token in tokens)
        row = next((row for row in here if row is not None), None)
        if row is None:
            return []
        found.append(row)
    return found


def _beginning(token: str) -> str:
    """What a word that gives this token surely begins with, folded: stemming changes the last letters, and an apostrophe may
    stand before them."""
    token = token.removeprefix(STEM_SIGN)
    return token if len(token) <= _SHORT or is_cjk(token) else token[: max(_SHORT, min(len(token) - _SHORT, 5))]


def _literal(phrase: Phrase) -> str:
    """What a run of Chinese, Japanese or Korean looks like whose pairs the phrase asks for; "" for any other phrase."""
    text = ""
    for place, (tokens, offset) in enumerate(zip(phrase.words, phrase.offsets, strict=True)):
        (token, *others) = tokens
        follows = not text or text[-1] == token[0]
        if others or offset != place or len(token) != _SHORT or not is_cjk(token) or not follows:
            return ""
        text = text[:-1] + token
    return text


def _shortest(beginnings: Iterable[str]) -> list[str]:
    """Those that begin with no other one."""
    kept: list[str] = []
    for beginning in sorted(set(beginnings)):
        if not (kept and beginning.startswith(kept[-1])):
            kept.append(beginning)
    return kept


def _may_hide(text: str) -> bool:
    """Whether words may be written with other characters than their tokens: compatibility forms, or with unseen ones."""
    return not text.isascii() and (
        not unicodedata.is_normalized("NFKC", text) or any(char in text for char in _unseen())
    )


@lru_cache(maxsize=1)
def _unseen() -> tuple[str, ...]:
    return tuple(map(chr, invisible()))


@lru_cache(maxsize=1)
def _letters_of_several() -> tuple[str, ...]:
    """Letters that are folded to several: ß, æ."""
    letters = (chr(code) for code in range(0xC0, 0x250))
    return tuple(letter for letter in letters if letter.isalpha() and len(fold(letter)) > 1)


def _plain(text: str) -> str:
    """The text in lower case and without the common accents, character for character (as it is, where that changes its
    length)."""
    lower = text.lower()
    if len(lower) != len(text):  # İ is two characters in lower case
        lower = "".join(small if len(small := char.lower()) == 1 else fold(char)[:1] or char for char in text)
    if text.isascii():
        return lower
    plain = _ACCENTED.sub(lambda found: found.group().translate(_plain_letters()), lower)
    return plain if len(plain) == len(text) else text


@lru_cache(maxsize=1)
def _plain_letters() -> dict[int, str]:
    accented = (*range(0xDF, 0x250), *range(0x386, 0x3CF), *range(0x430, 0x460), *range(0x1E00, 0x2000))
    return {code: fold(chr(code))[:1] or chr(code) for code in accented if unicodedata.category(chr(code)) == "Ll"}


def _chunk_around(text: str, at: int) -> tuple[int, int]:
    first = max(0, at - _LONGEST_CHUNK)
    start = max(first, text.rfind(" ", first, at) + 1)
    start = max(start, text.rfind("\n", start, at) + 1)
    end = _CHUNK_END.match(text, at, at + _LONGEST_CHUNK)
    return start, end.end() if end else at


def _best_together(hits: Sequence[_Hit]) -> Sequence[_Hit]:
    """The hits within one window that show most of the query: most clauses, then most hits, then the first."""
    if len(hits) < 2:
        return hits
    best = 0, 1
    best_worth = (0, 0)
    inside: Counter[int] = Counter()
    end = 0
    for begin, hit in enumerate(hits):
        while end < len(hits) and (end <= begin or hits[end].end - hit.start <= WINDOW_CHARACTERS):
            inside[hits[end].clause] += 1
            end += 1
        worth = len(inside), end - begin
        if worth > best_worth:
            best, best_worth = (begin, end), worth
        inside[hit.clause] -= 1
        if not inside[hit.clause]:
            del inside[hit.clause]
    return hits[best[0] : best[1]]


def _snippet(text: str, first: int, end: int, shown: Sequence[_Hit], hits: Sequence[_Hit]) -> str:
    """A window of ``text[first:end]`` around the hits that are shown (its beginning if there are none)."""
    left, right = (shown[0].start, shown[-1].end) if shown else (first, first)
    spare = max(0, WINDOW_CHARACTERS - (right - left))
    start = _word_start(text, max(first, left - spare // 3), left, first)
    stop = _word_end(text, min(end, max(right, start + WINDOW_CHARACTERS)), right, end)
    return "".join(
        (
            "…" if text[first:start].strip() else "",
            _marked(text, start, stop, hits),
            "…" if text[stop:end].strip() else "",
        )
    )


def _word_start(text: str, at: int, limit: int, first: int) -> int:
    """The first beginning of a word from ``at`` on and not after ``limit``; where a word is a whole sentence, as in
    Chinese, ``at`` itself."""
    if at <= first:
        return first
    for place in range(at, limit + 1):
        if text[place - 1].isspace():
            return place
    start = _chunk_around(text, limit)[0]
    return at if limit - start > _LONG_CHUNK else max(start, first)


def _word_end(text: str, at: int, limit: int, end: int) -> int:
    """The last end of a word up to ``at`` and not before ``limit``."""
    if at >= end:
        return end
    for place in range(at, limit - 1, -1):
        if text[place].isspace():
            return place
    stop = _chunk_around(text, limit)[1]
    return at if stop - limit > _LONG_CHUNK else min(stop, end)


def _marked(text: str, start: int, stop: int, hits: Sequence[_Hit]) -> str:
    """``text[start:stop]`` escaped, its white space single, and the hits that lie in it marked; hits that overlap are one
    mark."""
    spans: list[tuple[int, int]] = []
    for hit in hits[bisect_left(hits, (start,)) :]:
        if hit.start >= stop:
            break
        if hit.end > stop:
            continue
        if spans and hit.start < spans[-1][1]:
            spans[-1] = spans[-1][0], max(hit.end, spans[-1][1])
        else:
            spans.append((hit.start, hit.end))
    parts: list[str] = []
    at = start
    for first, last in spans:
        parts += (_escaped(text[at:first]), "<mark>", _escaped(text[first:last]), "</mark>")
        at = last
    parts.append(_escaped(text[at:stop]))
    return " ".join("".join(parts).split())


def _escaped(text: str) -> str:
    return escape(text) if _SPECIAL.search(text) else text


def _section_fragments(source: HighlightSource, hits: Sequence[_Hit]) -> Iterator[SectionFragment]:
    """The sections that can be linked to and hold the query, those that hold most of it first."""
    starts = [hit.start for hit in hits]
    found: list[tuple[int, int, Section, Sequence[_Hit]]] = []
    for anchor, trail, start, end in source.sections:
        held = hits[bisect_left(starts, start) : bisect_left(starts, end)]
        if held and anchor:
            section = Section(anchor, tuple(trail), start, end)
            found.append((-len({hit.clause for hit in held}), -len(held), section, held))
    for _, _, section, held in sorted(found, key=itemgetter(0, 1))[:MAX_SECTIONS]:
        yield SectionFragment(
            section.anchor,
            section.trail[-1] if section.trail else "",
            section.trail,
            _section_html(source.text, section, held),
        )


def _section_html(text: str, section: Section, hits: Sequence[_Hit]) -> str:
    """A window of what stands below the heading; the heading, where nothing does."""
    below = text.find("\n", section.start, section.end) + 1 or section.end
    if not text[below : section.end].strip():
        return _snippet(text, section.start, section.end, _best_together(hits), hits)
    held = [hit for hit in hits if hit.start >= below]
    return _snippet(text, below, section.end, _best_together(held), held)
