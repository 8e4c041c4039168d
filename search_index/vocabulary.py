"""The words of a generation with the number of posts each stands in: what prefixes and typos are expanded over.

Counted are the posts that can be found now, so that no word of a withdrawn or scheduled post shows, and a generation made edit
by edit has the words of one made at once. Words are folded, and so that people are shown ``Häuser`` and not ``hauser`` as a
correction, the spellings that differ from their folded word are counted beside them.

``vocabulary.bin`` has the number of words and of spellings, the counts of both (32 bits each), and a line each: the words in
code point order, then the spellings as word, tab, spelling.
"""

from __future__ import annotations

import json
import struct
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search_index.analysis import STEM_SIGN, is_cjk
from search_index.kept import Kept

VOCABULARY_FILE = "vocabulary.bin"

_SIZES = struct.Struct("<QQ")
_LAST = "\U0010ffff"
_MOST_KEPT = 4096


@dataclass(frozen=True, slots=True)
class PostWords:
    """The words that a post can be found by, with their frequencies, the most frequent first; and how it spells those that
    folding changes beyond their case."""

    frequencies: Mapping[str, int] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps([self.frequencies, self.spellings], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> PostWords:
        return cls(*json.loads(text))


class VocabularyWriter:
    """The vocabulary of a build: the parent's, changed post by post."""

    def __init__(self, folder: Path, parent: Path | None) -> None:
        self._path = folder / VOCABULARY_FILE
        self._words: Counter[str] = Counter()
        self._spellings: Counter[tuple[str, str]] = Counter()
        if parent is not None:
            content = _read(parent / VOCABULARY_FILE)
            self._words.update(dict(zip(content.words, content.counts.tolist(), strict=True)))
            self._spellings.update(content.spellings)

    def add(self, words: PostWords) -> None:
        """Count a post's words."""
        self._words.update([*words.frequencies])
        self._spellings.update([*words.spellings.items()])

    def remove(self, words: PostWords) -> None:
        """Take a post's words out again."""
        self._words.subtract([*words.frequencies])
        self._spellings.subtract([*words.spellings.items()])

    def finish(self) -> None:
        words = sorted(word for word, count in self._words.items() if count > 0)
        spellings = sorted(pair for pair, count in self._spellings.items() if count > 0)
        counts = [*(self._words[word] for word in words), *(self._spellings[pair] for pair in spellings)]
        text = "\n".join((*words, *map("\t".join, spellings))).encode("utf-8", "surrogatepass")
        self._path.write_bytes(_SIZES.pack(len(words), len(spellings)) + np.array(counts, "<u4").tobytes() + text)


class Vocabulary:
    """The words of one generation. Safe from several threads; keeps what it was asked."""

    def __init__(
        self,
        words: Sequence[str],
        counts: Sequence[int] | NDArray[np.uint32],
        spellings: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        """``words`` rise in code point order; ``spellings`` count the posts that spell a word in a way."""
        self._words = words
        self._counts = np.asarray(counts, np.int64)
        self._kept = Kept(_MOST_KEPT)
        self._shown = self._usual_spellings(spellings or {})

    @classmethod
    def open(cls, folder: Path) -> Vocabulary:
        """Raises ``OSError`` and ``ValueError`` where the file cannot be read."""
        content = _read(folder / VOCABULARY_FILE)
        return cls(content.words, content.counts, content.spellings)

    def __len__(self) -> int:
        return len(self._words)

    def count(self, word: str) -> int:
        """In how many posts the word stands."""
        row = bisect_left(self._words, word)
        return int(self._counts[row]) if row < len(self._words) and self._words[row] == word else 0

    def spelling(self, word: str) -> str:
        """The word in the spelling that the most posts have (one with both counts for the accented one), in lower case."""
        return self._shown.get(word, word)

    def _usual_spellings(self, spellings: Mapping[tuple[str, str], int]) -> dict[str, str]:
        """By word, the spelling that more posts have than any other, the folded one included."""
        by_word: dict[str, list[tuple[int, str]]] = {}
        for (word, spelling), count in spellings.items():
            by_word.setdefault(word, []).append((-count, spelling))
        shown = {}
        for word, found in by_word.items():
            plain = self.count(word) + sum(count for count, _ in found)
            most, spelling = min(found)
            if -most > plain:
                shown[word] = spelling
        return shown

    def halves(self, word: str) -> list[tuple[str, str]]:
        """The ways in which the word is two words, those first whose rarer half is the most frequent."""
        found = []
        for at in range(1, len(word) - 1):
            first, second = word[:at], word[at:]
            rarer = min(self.count(first), self.count(second))
            if rarer:
                found.append((-rarer, first, second))
        return [(first, second) for _, first, second in sorted(found)]

    def prefixed(self, prefix: str, limit: int) -> tuple[str, ...]:
        """The words that begin so, the most frequent first, then in code point order."""
        return self._kept.get(("prefixed", prefix, limit), lambda: self._prefixed(prefix, limit))

    def near(self, word: str, distance: int, limit: int) -> tuple[tuple[str, int], ...]:
        """Words of letters that differ by at most ``distance`` edits (a letter more, less, another one, or two neighbours
        exchanged) and begin with the same letter: with their distances, nearest first, then the most frequent."""
        return self._kept.get(("near", word, distance, limit), lambda: self._near(word, distance, limit))

    def _prefixed(self, prefix: str, limit: int) -> tuple[str, ...]:
        first, end = self._span(prefix)
        rows = np.lexsort((np.arange(first, end), -self._counts[first:end]))[:limit]
        return tuple(self._words[first + row] for row in rows.tolist())

    def _near(self, word: str, distance: int, limit: int) -> tuple[tuple[str, int], ...]:
        by_length = self._kept.get(("length", word[:1]), lambda: self._by_length(word[:1]))
        rows: list[int] = []
        choices: list[str] = []
        for length in range(len(word) - distance, len(word) + distance + 1):
            if length in by_length:
                rows += by_length[length][0]
                choices += by_length[length][1]
        if not rows:
            return ()
        (distances,) = process.cdist((word,), choices, scorer=OSA.distance, score_cutoff=distance, dtype=np.uint8)
        found = [
            (int(distances[at]), -int(self._counts[rows[at]]), choices[at])
            for at in np.flatnonzero(distances <= distance)
        ]
        return tuple((near, apart) for apart, _, near in sorted(found) if near != word)[:limit]

    def _by_length(self, letter: str) -> dict[int, tuple[list[int], list[str]]]:
        """The words of letters that begin with ``letter`` and their rows, by length."""
        first, end = self._span(letter)
        found: dict[int, tuple[list[int], list[str]]] = {}
        for row, word in enumerate(self._words[first:end], first):
            if word.isalpha():
                rows, words = found.setdefault(len(word), ([], []))
                rows.append(row)
                words.append(word)
        return found

    def _span(self, prefix: str) -> tuple[int, int]:
        return bisect_left(self._words, prefix), bisect_left(self._words, prefix + _LAST)


def is_word(token: str) -> bool:
    """Whether a token of a text is a word of the vocabulary: stems and Chinese, Japanese and Korean characters are not."""
    return token[0] != STEM_SIGN and not is_cjk(token)


class _Content(NamedTuple):
    words: list[str]
    counts: NDArray[np.uint32]
    spellings: dict[tuple[str, str], int]


def _read(path: Path) -> _Content:
    content = path.read_bytes()
    words, spellings = _SIZES.unpack_from(content)
    counts = np.frombuffer(content, "<u4", words + spellings, _SIZES.size)
    lines = content[_SIZES.size + counts.nbytes :].decode("utf-8", "surrogatepass").split("\n")
    if not words:
        lines = []
    if len(lines) != len(counts):
        raise ValueError(f"{path} is damaged: {len(lines)} lines and {len(counts)} counts")
    pairs = (line.partition("\t") for line in lines[words:])
    spelled = {
        (word, spelling): count for (word, _, spelling), count in zip(pairs, counts[words:].tolist(), strict=True)
    }
    return _Content(lines[:words], counts[:words], spelled)
