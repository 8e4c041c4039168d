"""Summaries as Hugo makes them, and the divider with which an author says where one ends.

Source: Hugo 0.111, ``helpers/content.go``, ``hugolib/page__per_output.go`` and ``tpl/template.go``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search_index.reading.goldmark.characters import is_space
from search_index.reading.tokens import COMMENT, TAG, html_markup

_DIVIDER = re.compile(r"<!--more-->[ \t\r\n]*")
_STAND_IN = "OCTAVOSUMMARYDIVIDER"
_SENTENCE_END = re.compile(r"[.?!\"\n]")
_LINE_END = re.compile(r"</p>|<br ?/?>")
_SPACES = re.compile(r"(\s)\s+")
_UNSEEN = frozenset({"script", "style"})
_OTHER_DIVIDERS = re.compile(r"<!--(?!more-->)[ \t\n]*more[ \t\n]*-->", re.IGNORECASE)
_LINE_MARK = "\ufdd1"


@dataclass(frozen=True, slots=True)
class DividedHtml:
    """The HTML without the divider, and the part before it."""

    summary: str
    content: str


def mark_divider(text: str) -> str:
    """Markdown in which the first ``<!--more-->`` is a paragraph of its own, which rendering keeps."""
    divider = _DIVIDER.search(text)
    if not divider or _STAND_IN in text:
        return text
    return f"{text[: divider.start()]}\n\n{_STAND_IN}\n\n{text[divider.end() :]}"


def summary_of_divider(html: str) -> DividedHtml | None:
    """Cut the HTML at the paragraph that ``mark_divider`` has left; ``None`` without one."""
    divider = html.find(_STAND_IN)
    if divider < 0:
        return None
    start = html.rfind("<p", 0, divider)
    end = html.find("</p", divider)
    start = divider if start < 0 else start
    end = divider + len(_STAND_IN) if end < 0 else end + len("</p>")
    content = html[:start] + html[end:].strip("\n")
    return DividedHtml(content[:start].strip(), content.strip())


def without_other_dividers(html: str) -> str:
    """The HTML without comments such as ``<!-- more -->``: for Hugo only ``<!--more-->`` ends a summary."""
    return _OTHER_DIVIDERS.sub("", html) if "<!--" in html else html


def plain_of(html: str) -> str:
    """The text as Hugo's ``.Plain`` gives it: paragraphs and breaks end lines, character references stay."""
    marked = _LINE_END.sub(_LINE_MARK, html.replace("\n", " "))
    parts: list[str] = []
    at = 0
    unseen = False
    for token in html_markup(marked):
        if token.lastgroup in (TAG, COMMENT):
            parts.append("" if unseen else marked[at : token.start()])
            at = token.end()
            unseen = token.lastgroup == TAG and not token["end"] and token["name"].lower() in _UNSEEN
    plain = "".join([*parts, "" if unseen else marked[at:]]).replace(_LINE_MARK, "\n")
    return _SPACES.sub(r"\1", plain)


def summary_of(plain: str, *, cjk: bool, length: int = 70) -> str:
    """The first ``length`` words of ``plain`` (see ``plain_of``) to the end of their sentence.

    ``cjk``: a character is a word, except in words of ASCII, and the sentence does not count.
    """
    return _first_characters(plain.split(), length) if cjk else _first_sentences(plain, length)


def _first_sentences(plain: str, length: int) -> str:
    last = -1
    words = 0
    for at, char in enumerate(plain):
        if is_space(char):
            words += 1
            last = at
            if words >= length:
                break
    end = _SENTENCE_END.search(plain, last) if last >= 0 else None
    return plain[: end.end()].strip() if end else plain


def _first_characters(words: list[str], length: int) -> str:
    taken: list[str] = []
    count = 0
    for word in words:
        if count >= length:
            break
        if word.isascii():
            count += 1
        elif count + len(word) < length:
            count += len(word)
        else:
            kept = word[: length - count]
            count += len(kept)
            taken.append(kept)
            continue
        taken.append(word)
    return " ".join(taken)
