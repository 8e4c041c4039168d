"""Generated posts: the same number and seed give the same files, and the words follow Zipf's law."""

from __future__ import annotations

import random
from bisect import bisect
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from search_index.engines.port import FieldTokens, IndexDocument, TextField

_ONSETS = (
    "b",
    "br",
    "c",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
)
_NUCLEI = ("a", "e", "i", "o", "u", "ai", "ea", "ou")
_CODAS = ("", "n", "r", "s", "l", "t", "nd", "st", "ck")
_CATEGORIES = ("engineering", "engineering/backend", "engineering/frontend", "design", "notes", "notes/travel")
_TAGS = tuple(f"topic {number}" for number in range(1, 61))
_AUTHORS = ("Ada Brandt", "Ben Okoro", "Chen Yu", "Dora Lind")


class Words:
    """An endless stream of invented words; the n-th most frequent appears about 1/n as often as the first."""

    def __init__(self, chance: random.Random, size: int = 40_000) -> None:
        self._chance = chance
        vocabulary: dict[str, None] = {}
        while len(vocabulary) < size:
            syllables = chance.choice((1, 2, 2, 3, 3, 4))
            word = "".join(
                chance.choice(_ONSETS) + chance.choice(_NUCLEI) + chance.choice(_CODAS) for _ in range(syllables)
            )
            vocabulary[word] = None
        self.vocabulary = tuple(vocabulary)
        self._cumulated = tuple(accumulate(1 / rank for rank in range(1, size + 1)))

    def take(self, count: int) -> list[str]:
        """The next ``count`` words."""
        top = self._cumulated[-1]
        return [self.vocabulary[bisect(self._cumulated, self._chance.random() * top)] for _ in range(count)]


def write_corpus(folder: Path, posts: int, *, words: int = 600, seed: int = 1) -> Words:
    """Write ``posts`` Markdown files of about ``words`` words below ``folder``; returns the vocabulary they use."""
    chance = random.Random(seed)
    stream = Words(chance)
    start = datetime(2006, 1, 1, 8, tzinfo=UTC)
    step = timedelta(days=365 * 20) / max(posts, 1)
    for number in range(posts):
        moment = start + number * step
        path = folder / f"{moment:%Y}" / f"{moment:%Y-%m-%d}-post-{number:06d}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(post_text(chance, stream, number, moment, words), encoding="utf-8")
    return stream


def post_text(chance: random.Random, stream: Words, number: int, moment: datetime, words: int) -> str:
    """One post: front matter, an opening paragraph, sections with a list, code, links and emphasis."""
    title = " ".join(stream.take(chance.randint(3, 7))).capitalize()
    tags = ", ".join(chance.sample(_TAGS, chance.randint(1, 4)))
    blocks = [
        f"---\ntitle: {title} {number}\ndate: {moment.isoformat(timespec='seconds')}\ntags: [{tags}]\n"
        f"categories: [{chance.choice(_CATEGORIES)}]\nauthor: {chance.choice(_AUTHORS)}\n---",
        _paragraph(chance, stream, 60),
    ]
    left = words - 60
    while left > 0:
        blocks.append(f"## {' '.join(stream.take(3)).capitalize()}")
        size = min(left, 110)
        blocks.append(_paragraph(chance, stream, size))
        left -= size
        kind = chance.random()
        if kind < 0.3:
            blocks.append("\n".join(f"- {' '.join(stream.take(8))}" for _ in range(4)))
            left -= 32
        elif kind < 0.5:
            name, value = stream.take(2)
            blocks.append(
                f"```python\ndef {name}(count: int) -> int:\n    {value} = count * 2\n    return {value}\n```"
            )
    return "\n\n".join(blocks) + "\n"


def _paragraph(chance: random.Random, stream: Words, count: int) -> str:
    words = stream.take(count)
    for position in range(7, count, 23):
        decorate = chance.choice(("**{}**", "*{}*", "`{}`", "[{}](https://example.org/page)"))
        words[position] = decorate.format(words[position])
    sentences = (" ".join(words[start : start + 14]).capitalize() for start in range(0, count, 14))
    return ". ".join(sentences) + "."


def a_document(
    name: str, title: FieldTokens, body: FieldTokens, tags: tuple[str, ...] = (), categories: tuple[str, ...] = ()
) -> IndexDocument:
    """A document of little more than a title and a text."""
    return IndexDocument(
        id=name,
        text={TextField.TITLE: title, TextField.BODY: body},
        tags=tags,
        categories=categories,
        authors=(),
        series=None,
        lang="en",
        collection="",
        featured=False,
        year=None,
        month=None,
        published_at=None,
        updated_at=None,
        reading_time=1,
        title_key="",
        visible_from=None,
        visible_until=None,
    )
