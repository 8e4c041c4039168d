"""The words of a generation with the number of posts each stands in: what prefixes and typos are expanded over.

Counted are the posts that can be found now, so that no word of a withdrawn or scheduled post shows, and a generation made edit
by edit has the words of one made at once. ``vocabulary.bin`` has the number of words, their counts (32 bits each) and the words
themselves in code point order, a line each.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search_index.analysis import STEM_SIGN, is_cjk

VOCABULARY_FILE = "vocabulary.bin"

_COUNT = struct.Struct("<Q")
_LAST = "\U0010ffff"
_MOST_KEPT = 4096


class VocabularyWriter:
    """The vocabulary of a build: the parent's, changed post by post."""

    def __init__(self, folder: Path, parent: Path | None) -> None:
        self._path = folder / VOCABULARY_FILE
        self._counts: Counter[str] = Counter()
        if parent is not None:
            words, counts = _read(parent / VOCABULARY_FILE)
            self._counts.update(dict(zip(words, counts.tolist(), strict=True)))

    def add(self, words: Iterable[str]) -> None:
        """Count a post's words, each given once."""
        self._counts.update([*words])

    def remove(self, words: Iterable[str]) -> None:
        """Take a post's words out again."""
        self._counts.subtract([*words])

    def finish(self) -> None:
        words = sorted(word for word, count in self._counts.items() if count > 0)
        counts = np.array([self._counts[word] for word in words], "<u4")
        text = "\n".join(words).encode("utf-8", "surrogatepass")
        self._path.write_bytes(_COUNT.pack(len(words)) + counts.tobytes() + text)


class Vocabulary:
    """The words of one generation. Safe from several threads; keeps what it was asked."""

    def __init__(self, words: Sequence[str], counts: Sequence[int] | NDArray[np.uint32]) -> None:
        """``words`` rise in code point order."""
        self._words = words
        self._counts = np.asarray(counts, np.int64)
        self.prefixed = lru_cache(_MOST_KEPT)(self._prefixed)
        self.near = lru_cache(_MOST_KEPT)(self._near)
        self._lengths = lru_cache(_MOST_KEPT)(self._by_length)

    @classmethod
    def open(cls, folder: Path) -> Vocabulary:
        """Raises ``OSError`` and ``ValueError`` where the file cannot be read."""
        return cls(*_read(folder / VOCABULARY_FILE))

    def __len__(self) -> int:
        return len(self._words)

    def count(self, word: str) -> int:
        """In how many posts the word stands."""
        row = bisect_left(self._words, word)
        return int(self._counts[row]) if row < len(self._words) and self._words[row] == word else 0

    def halves(self, word: str) -> list[tuple[str, str]]:
        """The ways in which the word is two words, those first whose rarer half is the most frequent."""
        found = []
        for at in range(1, len(word) - 1):
            first, second = word[:at], word[at:]
            rarer = min(self.count(first), self.count(second))
            if rarer:
                found.append((-rarer, first, second))
        return [(first, second) for _, first, second in sorted(found)]

    def _prefixed(self, prefix: str, limit: int) -> tuple[str, ...]:
        """The words that begin so, the most frequent first, then in code point order."""
        first, end = self._span(prefix)
        rows = np.lexsort((np.arange(first, end), -self._counts[first:end]))[:limit]
        return tuple(self._words[first + row] for row in rows.tolist())

    def _near(self, word: str, distance: int, limit: int) -> tuple[tuple[str, int], ...]:
        """Words of letters that differ by at most ``distance`` edits (a letter more, less, another one, or two neighbours
        exchanged) and begin with the same letter: with their distances, nearest first, then the most frequent."""
        by_length = self._lengths(word[:1])
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
    return not token.startswith(STEM_SIGN) and not is_cjk(token)


def _read(path: Path) -> tuple[list[str], NDArray[np.uint32]]:
    content = path.read_bytes()
    (count,) = _COUNT.unpack_from(content)
    counts = np.frombuffer(content, "<u4", count, _COUNT.size)
    words = content[_COUNT.size + 4 * count :].decode("utf-8", "surrogatepass").split("\n")
    if not count:
        words = []
    if len(words) != count:
        raise ValueError(f"{path} is damaged: {len(words)} words and {count} counts")
    return words, counts
