"""From text to tokens: the one analyser, for the index, for queries and for highlights.

A *word* is a run of letters, marks and digits. Words that ``.`` or ``_`` hold together are found whole and in parts:

* ``os.path_sep``: the whole at the first part's place, each part at a place of its own, so that a phrase of parts matches;
* ``camelCase``: the whole and its parts at one place, because people write the name in lower case too;
* ``c++``, ``c#``, ``.net``: the sign belongs to the word.

Compatibility forms, case and accents are folded, possessives removed. What is left is the word's token; where the
language's stem differs from it, the stem stands at the same place behind ``STEM_SIGN``, so that what was written can be told
from what it was reduced to. A word whose accents change its stem has both stems, so that it is found however it is typed.
Chinese, Japanese and Korean text gives every character and every pair of neighbours, at the character's place. There is no
stop list.

Positions count places from 0. A token over ``MAX_TOKEN`` characters is left out; its place remains.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import Generic, NamedTuple, TypeVar, cast

import Stemmer

from search_index.engines.port import FieldTokens

ANALYSER_VERSION = 3
"""Rises with every change of what tokens a text gives."""

MAX_TOKEN = 64
"""The longest token, in characters."""

STEM_SIGN = "~"
"""What a stem's token begins with; no word has it."""

_LONGEST_WORD = 4096
"""A run of letters longer than this many characters is not looked into (a data URL)."""

_LONGEST_KEPT = 64
_MOST_KEPT = 100_000

_Value = TypeVar("_Value")

_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

_CJK = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_EMOJI = (
    "\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c"
    "\u2b50\u2b55\U0001f1e6-\U0001f1ff\U0001f300-\U0001f5ff"
    "\U0001f600-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f900-\U0001faff"
)
_INVISIBLE = "\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_MARK_BLOCKS = (
    (0x300, 0x1CFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xA66F, 0xABFF),
    (0xFB1E, 0xFB1F),
    (0xFE20, 0xFE2F),
)
_APOSTROPHES = "'’ʼ＇"

_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ħ": "h"}
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z\d])(?=[A-Z][a-z]{2})")
_BEFORE_WORDS = "(\"'[*"
_BEHIND_WORDS = ".,;:!?)\"']*"
_CHUNK = re.compile(r"\S+")
_JOINTS = re.compile(r"[._]+")


class Placed(NamedTuple):
    """A token, its place, and the span of the text (in characters) that it stands for."""

    token: str
    position: int
    start: int
    end: int


Form = tuple[tuple[tuple[str, ...], int], ...]
"""Places as they have to stand in a text, each with the tokens of which one has to be there."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a chunk of text gives: tokens, their places relative to the first, and how many places it takes."""

    tokens: tuple[str, ...]
    places: tuple[int, ...]
    width: int


class Analyser:
    """The analyser of one language. Keeps what chunks of text it has met gave; safe from several threads.

    A chunk is what stands between white space; no word reaches over it.
    """

    def __init__(self, lang: str) -> None:
        """``lang`` is a BCP 47 tag; a language without a stemmer is not stemmed."""
        algorithm = _ALGORITHMS.get(lang.partition("-")[0].lower())
        self._stemmer = Stemmer.Stemmer(algorithm, 0) if algorithm else None
        self._lock = threading.Lock()
        self._words: _Kept[_Entry] = _Kept(self._word)
        self._chunks: _Kept[tuple[str, ...] | _Entry] = _Kept(self._chunk)
        self._placed: _Kept[tuple[list[Placed], int]] = _Kept(self._place)

    def analyse(self, text: str) -> list[Placed]:
        """Every token with its place and its span, in order of places."""
        placed: list[Placed] = []
        position = 0
        for match in _CHUNK.finditer(text):
            tokens, width = self._placed[match.group()]
            offset = match.start()
            placed += [Placed(row[0], position + row[1], offset + row[2], offset + row[3]) for row in tokens]
            position += width
        return placed

    def index_tokens(self, text: str, first: int = 0) -> tuple[list[str], list[int], int]:
        """The tokens, their places counted from ``first``, and the place after the last."""
        tokens: list[str] = []
        positions: list[int] = []
        position = first
        for entry in map(self._chunks.__getitem__, text.split()):
            if type(entry) is tuple:
                tokens += entry
                positions += (position,) * len(entry)
                position += 1
            else:
                several = cast("_Entry", entry)
                tokens += several.tokens
                positions += [position + offset for offset in several.places]
                position += several.width
        return tokens, positions, position

    def find(self, text: str, wanted: Container[str]) -> Iterator[Placed]:
        """Those of ``analyse`` whose token is wanted."""
        position = 0
        for match in _CHUNK.finditer(text):
            tokens, width = self._placed[match.group()]
            for row in tokens:
                if row[0] in wanted:
                    offset = match.start()
                    yield Placed(row[0], position + row[1], offset + row[2], offset + row[3])
            position += width

    def query_forms(self, text: str, *, stemmed: bool) -> tuple[Form, ...]:
        """The ways in which what a person typed may stand in a text, the closest first; empty if there is no word in it.

        A single word may have several: ``JavaScript`` stands as itself, as ``java script`` and as parts of one longer name,
        never as ``java`` alone.
        Several words have one. ``stemmed`` takes every word with the same stem for the word.
        """
        words = query_words(text)
        tokens = self._same_stem if stemmed else _itself
        if len(words) == 1:
            return tuple(dict.fromkeys(form for form in self._word_forms(words[0], tokens) if form))
        run: list[tuple[tuple[str, ...], int]] = []
        place = 0
        for word in words:
            run += ((found, place + offset) for found, offset in _plain_form(word, tokens))
            place += _width(word)
        return (tuple(run),) if run else ()

    def _word_forms(self, word: str, tokens: Callable[[str], tuple[str, ...]]) -> Iterator[Form]:
        if _is_cjk(word) or _has_sign(word):
            yield _plain_form(word, tokens)
            return
        if len(_JOINTS.split(word)) > 1:
            yield _form([(_itself(word), 0)])
            yield _plain_form(word, tokens)
            return
        yield _form([(tokens(word), 0)])
        camel = _CAMEL.split(word)
        if len(camel) > 1:
            yield _form([(tokens(part), place) for place, part in enumerate(camel)])
            yield _form([(tokens(part), 0) for part in camel if len(part) > 1])

    def _same_stem(self, word: str) -> tuple[str, ...]:
        """The tokens of all words that have a stem of this one, of each word one."""
        folded = fold(word)
        if self._stemmer is None:
            return (folded,)
        found: list[str] = []
        for stem in self._stems(word, folded):
            if self._stem(stem) == stem:
                found.append(stem)
            found.append(STEM_SIGN + stem)
        return tuple(dict.fromkeys(token for token in found if len(token) <= MAX_TOKEN))

    def _chunk(self, chunk: str) -> tuple[str, ...] | _Entry:
        """The tokens of a chunk that takes one place, else its tokens and places."""
        core = chunk.lstrip(_BEFORE_WORDS).rstrip(_BEHIND_WORDS)
        if core != chunk and core.isascii() and core.isalpha():
            return self._chunks[core]
        tokens: list[str] = []
        places: list[int] = []
        width = 0
        for word in _word_pattern().findall(chunk):
            entry = self._words[word]
            tokens += entry.tokens
            places += [width + place for place in entry.places]
            width += entry.width
        return tuple(tokens) if width == 1 else _Entry(tuple(tokens), tuple(places), width)

    def _place(self, chunk: str) -> tuple[list[Placed], int]:
        """A chunk's tokens with their spans in it, and how many places it takes."""
        placed: list[Placed] = []
        width = 0
        for match in _word_pattern().finditer(chunk):
            word, start = match.group(), match.start()
            entry = self._words[word]
            by_char = entry.width == len(word) and _is_cjk(word)
            for token, place in zip(entry.tokens, entry.places, strict=True):
                span = (start + place, start + place + len(token)) if by_char else match.span()
                placed.append(Placed(token, width + place, *span))
            width += entry.width
        return placed, width

    def _word(self, raw: str) -> _Entry:
        if raw.isascii() and raw.isalpha() and (raw[1:].islower() or len(raw) == 1) and len(raw) <= MAX_TOKEN:
            tokens = tuple(self._forms(raw.lower()))
            return _Entry(tokens, (0,) * len(tokens), 1)
        if len(raw) > _LONGEST_WORD:
            return _Entry((), (), 1)
        found: dict[tuple[int, str], None] = {}
        width = 0
        for word in _split(raw):
            for token, place in self._tokens(word):
                if 0 < len(token) <= MAX_TOKEN:
                    found.setdefault((width + place, token))
            width += _width(word)
        ordered = sorted(found, key=lambda key: key[0])
        return _Entry(tuple(token for _, token in ordered), tuple(place for place, _ in ordered), width)

    def _tokens(self, word: str) -> Iterator[tuple[str, int]]:
        """Tokens and places of one normalised word."""
        if _is_cjk(word):
            yield from ((char, place) for place, char in enumerate(word))
            yield from ((word[place : place + 2], place) for place in range(len(word) - 1))
            return
        if _has_sign(word):
            yield fold(word), 0
            base = word.strip("+#.")
            if len(base) > 1:
                yield from ((token, 0) for token in self._name(base))
            return
        parts = _JOINTS.split(word)
        if len(parts) > 1:
            yield fold(word), 0
        for place, part in enumerate(parts):
            yield from ((token, place) for token in self._name(part))

    def _name(self, name: str) -> Iterator[str]:
        """The tokens at the place of a name: itself, and its camelCase parts."""
        yield from self._forms(name)
        parts = _CAMEL.split(name)
        if len(parts) > 1:
            for part in parts:
                if len(part) > 1:
                    yield from self._forms(part)

    def _forms(self, word: str) -> Iterator[str]:
        """The word's token, and behind their sign those stems that differ from it."""
        folded = fold(word)
        yield folded
        for stem in self._stems(word, folded):
            if stem != folded:
                yield STEM_SIGN + stem

    def _stems(self, word: str, folded: str) -> Iterator[str]:
        yield self._stem(folded)
        if not word.isascii():
            yield fold(self._stem(unicodedata.normalize("NFC", word.casefold())))

    def _stem(self, word: str) -> str:
        if self._stemmer is None or (word.isascii() and not word.isalpha()):
            return word
        with self._lock:  # a stemmer keeps its word while it works on it
            stem: str = self._stemmer.stemWord(word)
        return stem


class _Kept(dict[str, _Value], Generic[_Value]):
    """Works out the value of a short text once. Bounded. Runs of Chinese, Japanese and Korean are hardly ever met again, and
    give much."""

    def __init__(self, work_out: Callable[[str], _Value]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, text: str) -> _Value:
        value = self._work_out(text)
        if len(text) <= _LONGEST_KEPT and (text.isascii() or not _cjk_pattern().search(text)):
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[text] = value
        return value


@lru_cache(maxsize=64)
def analyser(lang: str) -> Analyser:
    """The analyser of a language."""
    return Analyser(lang)


def analyse(text: str, lang: str) -> list[Placed]:
    """Every token with its place and its span, in order of places."""
    return analyser(lang).analyse(text)


def index_tokens(text: str, lang: str) -> FieldTokens:
    """The tokens of one text as a field."""
    tokens, positions, _ = analyser(lang).index_tokens(text)
    return FieldTokens(tuple(tokens), tuple(positions))


def join_values(values: Sequence[str], lang: str, gap: int) -> FieldTokens:
    """The tokens of unrelated values as one field: ``gap`` places between them keep phrases from running over."""
    all_tokens: list[str] = []
    all_positions: list[int] = []
    first = 0
    for value in values:
        tokens, positions, end = analyser(lang).index_tokens(value, first)
        all_tokens += tokens
        all_positions += positions
        first = end + gap
    return FieldTokens(tuple(all_tokens), tuple(all_positions))


def analyser_fingerprint() -> str:
    """Everything that decides what tokens a text gives."""
    return f"analyser {ANALYSER_VERSION}; PyStemmer {version('PyStemmer')}; Unicode {unicodedata.unidata_version}"


def fold(word: str) -> str:
    """Compatibility forms, case and accents folded: ``Café`` and ``cafe`` are one. A sign that makes another letter of
    its base (й, が, the vowel signs of Indic scripts) stays."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKC", word).casefold()
    kept: list[str] = []
    for char in unicodedata.normalize("NFD", folded):
        if not _is_accent(char) or (char == "\u0306" and kept and kept[-1] == "и"):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_UNDECOMPOSED)


def _is_accent(char: str) -> bool:
    """By canonical combining class: 10 to 35 are the points of Hebrew and Arabic, from 200 the accents."""
    combining = unicodedata.combining(char)
    return 10 <= combining <= 35 or combining >= 200


def _split(raw: str) -> list[str]:
    """The normalised words of a raw one, each a script run with its joints and signs, without apostrophes."""
    visible = raw.translate(invisible())
    normal = unicodedata.normalize("NFKC", visible)
    if normal == raw and not any(sign in raw for sign in _APOSTROPHES):
        return [raw]
    words: list[str] = []
    for match in _word_pattern().finditer(normal):
        words += (word for word in _without_apostrophes(match.group()) if word)
    return words


@lru_cache(maxsize=1)
def invisible() -> dict[int, None]:
    """Characters that are not seen: joiners, soft hyphens, marks of direction."""
    ranges = re.findall("(.)(?:-(.))?", _INVISIBLE)
    return {code: None for first, last in ranges for code in range(ord(first), ord(last or first) + 1)}


def _without_apostrophes(word: str) -> list[str]:
    """``John's`` is John, ``don't`` is dont, ``l'amour`` is two words."""
    pieces = re.split(f"[{_APOSTROPHES}]", word)
    if len(pieces) > 1 and pieces[-1] in ("s", "S"):
        pieces.pop()
    words = [pieces[0]]
    for piece in pieces[1:]:
        if len(words[-1]) == 1 and len(piece) > 1:
            words.append(piece)
        else:
            words[-1] += piece
    return words


def _has_sign(word: str) -> bool:
    return word[-1] in "+#" or word[0] == "."


def query_words(text: str) -> list[str]:
    """The words that a person typed: normalised, not folded."""
    return [word for raw in _word_pattern().findall(text) for word in _split(raw) if len(raw) <= _LONGEST_WORD]


def is_plain_word(word: str) -> bool:
    """Whether a word is one that people spell, and misspell: letters alone, no number, no code, no Chinese."""
    return word.isalpha() and not _is_cjk(word) and len(_CAMEL.split(word)) == 1


def compound_parts(word: str) -> list[str]:
    """The parts of a word that ``.`` or ``_`` hold together; a word without them, or with a sign of its own, is one part."""
    return [word] if _has_sign(word) else _JOINTS.split(word)


def is_cjk(token: str) -> bool:
    """Whether a token is of Chinese, Japanese or Korean characters."""
    return _is_cjk(token)


def _itself(word: str) -> tuple[str, ...]:
    return (fold(word),)


def _plain_form(word: str, tokens: Callable[[str], tuple[str, ...]]) -> Form:
    """A word place by place: what a phrase goes by."""
    if _is_cjk(word):
        pairs = [((word[place : place + 2],), place) for place in range(len(word) - 1)]
        return tuple(pairs) or (((word,), 0),)
    if _has_sign(word):
        return _form([(_itself(word), 0)])
    return _form([(tokens(part), place) for place, part in enumerate(_JOINTS.split(word))])


def _form(places: list[tuple[tuple[str, ...], int]]) -> Form:
    short = ((tuple(token for token in tokens if 0 < len(token) <= MAX_TOKEN), place) for tokens, place in places)
    return tuple((tokens, place) for tokens, place in short if tokens)


def _width(word: str) -> int:
    if _is_cjk(word):
        return len(word)
    return len(_JOINTS.split(word.strip("+#.")))


def _is_cjk(word: str) -> bool:
    return word[0] > "\u3004" and _cjk_pattern().match(word) is not None


@lru_cache(maxsize=1)
def _cjk_pattern() -> re.Pattern[str]:
    return re.compile(f"[{_CJK}]")


@lru_cache(maxsize=1)
def _word_pattern() -> re.Pattern[str]:
    """A run of CJK characters, an emoji, or a word with its joints and signs. Possessive throughout: no backtracking."""
    letter = rf"[^\W_{_CJK}]"
    inner = f"[{_marks()}{_INVISIBLE}]"
    run = f"(?:{letter}++{inner}*+)++"
    joints = rf"(?:(?:\.|_++|[{_APOSTROPHES}]){run})*+"
    signs = r"(?:\+\+(?!\+)|＋＋|(?<=\b[A-Za-z])[#＃♯](?!\w))?+"
    return re.compile(rf"[{_CJK}][{_CJK}\u3099\u309a]*+|[{_EMOJI}]|(?:(?<![\w.])\.(?=[A-Za-z]))?+{run}{joints}{signs}")


def _marks() -> str:
    """The combining marks of living scripts as ranges of a character class; ``re`` has no class for them."""
    ranges: list[list[int]] = []
    for first, last in _MARK_BLOCKS:
        for code in range(first, last + 1):
            if unicodedata.category(chr(code))[0] == "M":
                if ranges and ranges[-1][1] == code - 1:
                    ranges[-1][1] = code
                else:
                    ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
