"""What of a post is searched, and where: ``Post`` to ``IndexDocument``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from math import ceil
from unicodedata import normalize

from search_index.analysis import analyser, fold, index_tokens, join_values, query_words
from search_index.composing import title_key
from search_index.engines.port import FieldTokens, IndexDocument, TextField
from search_index.model import Post, Rendered
from search_index.taxonomy import ancestors
from search_index.vocabulary import PostWords, is_word

VALUE_GAP = 16
"""Places left free between unrelated values of one field (two headings, two tags)."""


def document_of(post: Post) -> IndexDocument:
    """The post as an engine sees it. ``code`` has what stands in code blocks, ``body`` the rest of the text."""
    body, code = _body_and_code(post.rendered, post.lang)
    return IndexDocument(
        id=post.id,
        text={
            TextField.TITLE: index_tokens(post.title, post.lang),
            TextField.TERMS: join_values(post.term_names, post.lang, VALUE_GAP),
            TextField.HEADINGS: join_values([row.text for row in post.rendered.headings], post.lang, VALUE_GAP),
            TextField.SUMMARY: index_tokens(post.excerpt, post.lang),
            TextField.BODY: body,
            TextField.CODE: code,
        },
        tags=_unique(term.path for term in post.tags),
        categories=_unique(path for term in post.categories for path in (*ancestors(term.path), term.path)),
        authors=_unique(term.path for term in post.authors),
        series=post.series.path if post.series else None,
        lang=post.lang,
        collection=post.collection,
        featured=post.featured,
        year=post.published_at.year if post.published_at else None,
        month=post.published_at.month if post.published_at else None,
        published_at=_epoch(post.published_at),
        updated_at=_epoch(post.updated_at),
        reading_time=post.reading_time,
        title_key=title_key(post.title),
        visible_from=post.visible_from,
        visible_until=post.visible_until,
    )


def words_of(post: Post, document: IndexDocument) -> PostWords:
    """The words of a post, and of its document, over all fields."""
    counts: Counter[str] = Counter()
    for found in document.text.values():
        counts.update(found.tokens)
    frequencies = {word: count for word, count in counts.most_common() if is_word(word)}
    return PostWords(frequencies, _spellings(post, frequencies))


def _spellings(post: Post, words: Container[str]) -> dict[str, str]:
    """How the post spells the words that folding changes beyond their case: the most frequent spelling of each."""
    counts: Counter[tuple[str, str]] = Counter()
    for text in (post.title, post.excerpt, *post.term_names, post.rendered.text):
        for chunk in () if text.isascii() else text.split():
            for word in () if chunk.isascii() else query_words(chunk):
                folded, spelling = fold(word), normalize("NFC", word).lower()
                if folded != spelling and folded in words:
                    counts[folded, spelling] += 1
    return dict(sorted(pair for pair, _ in sorted(counts.items(), key=lambda row: (row[1], row[0]))))


def _body_and_code(rendered: Rendered, lang: str) -> tuple[FieldTokens, FieldTokens]:
    """The text's tokens in one space of positions, parted at the code blocks."""
    analyse = analyser(lang).index_tokens
    tokens: tuple[list[str], list[str]] = ([], [])
    positions: tuple[list[int], list[int]] = ([], [])
    place = 0
    for start, end, is_code in _parts(rendered):
        part_tokens, part_positions, place = analyse(rendered.text[start:end], place)
        tokens[is_code].extend(part_tokens)
        positions[is_code].extend(part_positions)
    body, code = (FieldTokens(tuple(tokens[kind]), tuple(positions[kind])) for kind in (False, True))
    return body, code


def _parts(rendered: Rendered) -> Iterator[tuple[int, int, bool]]:
    """The text's pieces in order: start, end, whether it is a code block."""
    at = 0
    for start, end in sorted(rendered.code_spans):
        yield at, start, False
        yield max(at, start), end, True
        at = max(at, end)
    yield at, len(rendered.text), False


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _epoch(moment: datetime | None) -> int | None:
    return ceil(moment.timestamp()) if moment else None
