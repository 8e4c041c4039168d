"""What the final HTML of a body says: plain text, sections, headings, links, the first paragraph. One pass over tokens.

Headings without an ``id`` get one on the way, and the first ``[TOC]`` becomes a table of contents, so that HTML,
sections and anchors cannot disagree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

from search_index.model import Heading, Link, Rendered, Section
from search_index.reading.sanitising import safe_id
from search_index.reading.tokens import COMMENT, STRAY, TAG, TEXT, VOID, attributes_of, html_tokens, names

MARKER = re.compile(r"<!--[ \t\n]*more[ \t\n]*-->", re.IGNORECASE)
MARKER_STAND_IN = "\ufdd0"
"""A noncharacter in the marker's place while HTML is sanitised, which drops comments. Bodies are freed of it before."""

_BLOCKS = names(
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hgroup hr iframe li main nav ol p pre section summary table tbody td tfoot th thead tr ul video"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NOT_PROSE = names("li table dl pre figure details nav aside blockquote header footer summary")
_NOT_PROSE_CLASSES = frozenset({"toc", "footnote", "footnotes", "admonition", "admonition-title", "table-of-contents"})
_SILENT_CLASSES = frozenset(
    {"footnote-ref", "footnote-backref", "headerlink", "anchor", "reversefootnote", "ln", "lnt"}
)
"""Marks around the text, not of it; ``ln`` and ``lnt`` hold the numbers of a code block's lines."""
_UNSHOWN = names("script style template noscript title head textarea")
_TOC = "<p>[TOC]</p>"
_UNEVEN = re.compile(r"[\t\n\r\f]|  ")
_BLANKS = re.compile(r"[ \t\n\r\f]+")


@dataclass(slots=True)
class _Element:
    name: str
    start: int
    text_start: int
    part: int
    prose: bool
    silent: bool
    url: str = ""
    anchor: str = ""
    insert_id: int = -1


@dataclass(slots=True)
class _Text:
    """Text that grows: runs of white space become one blank, a block begins on a line of its own."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"

    def flow(self, text: str) -> None:
        folded = _BLANKS.sub(" ", text) if _UNEVEN.search(text) else text
        if self.last in " \n" and folded[:1] == " ":
            folded = folded[1:]
        self._add(folded)

    def keep(self, text: str) -> None:
        self._add(text)

    def end_block(self) -> None:
        if self.last == " " and self.parts:
            self.parts[-1] = self.parts[-1][:-1]
            self.length -= 1
            self._remember()
        if self.last != "\n":
            self._add("\n")

    def since(self, part: int) -> str:
        return "".join(self.parts[part:])

    def _add(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)
            self.last = text[-1]

    def _remember(self) -> None:
        while self.parts and not self.parts[-1]:
            self.parts.pop()
        self.last = self.parts[-1][-1] if self.parts else "\n"


def heading_slug(text: str) -> str:
    """GitHub's way, in every script: lower case, punctuation gone, blanks to hyphens. "section" where nothing is left."""
    if text.isascii():
        return _NOT_IN_ASCII_SLUG.sub("", text.strip().lower()).replace(" ", "-").strip("-") or "section"
    kept = (
        char if char in "-_" or unicodedata.category(char)[0] in "LMN" else "-" if char.isspace() else ""
        for char in text.strip().lower()
    )
    return "".join(kept).strip("-") or "section"


_NOT_IN_ASCII_SLUG = re.compile(r"[^a-z0-9_ -]+")


def extract(html: str, *, safe: bool = True) -> Rendered:
    """Everything about ``html``, which is final but for heading ids, the table of contents and the marker's stand-in.

    ``safe`` keeps the ids that are made here from shadowing names of scripts, as the sanitiser does with written ones.
    """
    return _Extraction(html, safe).run()


class _Extraction:
    def __init__(self, html: str, safe: bool) -> None:
        self._html = html
        self._safe = safe
        self._text = _Text()
        self._open: list[_Element] = []
        self._used: dict[str, int] = dict.fromkeys(re.findall(r'\sid="([^"]*)"', html), 0)
        self._inserts: list[tuple[int, int, str]] = []
        self._headings: list[Heading] = []
        self._heading_starts: list[int] = []
        self._links: list[Link] = []
        self._code: list[tuple[int, int]] = []
        self._paragraph: tuple[int, int, str] | None = None
        self._quoted_paragraph: tuple[int, int, str] | None = None
        self._tocs: list[int] = []
        self._marker: tuple[int, int, tuple[str, ...], int] | None = None
        self._pre = 0
        self._silent = 0

    def run(self) -> Rendered:
        for token in html_tokens(self._html):
            kind = token.lastgroup
            if kind in (TEXT, STRAY):
                self._characters(token)
            elif kind == TAG:
                name = token["name"].lower()
                if token["end"]:
                    self._end(name, token.end())
                else:
                    self._start(name, token)
            elif kind == COMMENT and self._marker is None and MARKER.fullmatch(token[0]):
                self._mark(token.start(), token.end())
        while self._open:
            self._close(self._open.pop(), len(self._html))
        self._text.end_block()
        return self._rendered()

    def _characters(self, token: re.Match[str]) -> None:
        raw = token[0]
        if MARKER_STAND_IN in raw:
            before, _, after = raw.partition(MARKER_STAND_IN)
            self._put(before)
            at = token.start() + len(before)
            if self._marker is None:
                self._mark(at, at + 1)
            self._put(after.replace(MARKER_STAND_IN, ""))
            return
        if raw == "[TOC]" and self._html.startswith(_TOC, token.start() - 3):
            self._tocs.append(token.start() - 3)
            return
        self._put(raw)

    def _put(self, raw: str) -> None:
        if self._silent or not raw:
            return
        text = unescape(raw) if "&" in raw else raw
        if self._pre:
            self._text.keep(text)
        else:
            self._text.flow(text.replace("\xa0", " "))

    def _mark(self, start: int, end: int) -> None:
        stack = tuple(element.name for element in self._open)
        self._marker = (start, end, stack, self._text.length)

    def _start(self, name: str, token: re.Match[str]) -> None:
        if name in _BLOCKS:
            self._text.end_block()
        if name in VOID:
            self._void(name, token)
            return
        written = token["attributes"]
        attributes = attributes_of(written) if written else {}
        classes = attributes.get("class", "").split()
        silent = name in _UNSHOWN or not _SILENT_CLASSES.isdisjoint(classes)
        prose = (not self._open or self._open[-1].prose) and name not in _NOT_PROSE
        prose = prose and _NOT_PROSE_CLASSES.isdisjoint(classes)
        element = _Element(name, token.start(), self._text.length, len(self._text.parts), prose, silent)
        if name == "a":
            element.url = unescape(attributes.get("href", ""))
        elif name in _HEADINGS:
            element.anchor = unescape(attributes.get("id", ""))
            element.insert_id = -1 if element.anchor else token.start() + 1 + len(name)
        self._silent += silent
        self._pre += name == "pre"
        self._open.append(element)

    def _void(self, name: str, token: re.Match[str]) -> None:
        if name == "br" and not self._silent:
            self._text.end_block()
        elif name == "img":
            attributes = attributes_of(token["attributes"])
            if attributes.get("src"):
                self._links.append(Link(unescape(attributes["src"]), unescape(attributes.get("alt", "")).strip(), True))

    def _end(self, name: str, end: int) -> None:
        for at in range(len(self._open) - 1, max(-1, len(self._open) - 130), -1):
            if self._open[at].name == name:
                while len(self._open) > at:
                    self._close(self._open.pop(), end)
                return

    def _close(self, element: _Element, end: int) -> None:
        name = element.name
        self._silent -= element.silent
        if name == "pre":
            self._pre -= 1
            self._text.end_block()
            if self._text.length > element.text_start:
                self._code.append((element.text_start, self._text.length))
        elif name in _BLOCKS:
            self._text.end_block()
        if name == "a":
            if element.url and not element.silent:
                self._links.append(Link(element.url, self._since(element), False))
        elif name in _HEADINGS:
            self._heading(element)
        elif name == "p" and self._paragraph is None:
            self._consider(element, end)

    def _since(self, element: _Element) -> str:
        return self._text.since(element.part).strip()

    def _heading(self, element: _Element) -> None:
        text = " ".join(self._since(element).split())
        anchor = element.anchor
        if not anchor:
            slug = heading_slug(text)
            anchor = self._free_anchor(safe_id(slug) if self._safe else slug)
            self._inserts.append((element.insert_id, element.insert_id, f' id="{escape(anchor)}"'))
        self._headings.append(Heading(_HEADINGS[element.name], text, anchor))
        self._heading_starts.append(element.text_start)

    def _free_anchor(self, slug: str) -> str:
        anchor = slug
        while anchor in self._used:
            self._used[slug] = self._used.get(slug, 0) + 1
            anchor = f"{slug}-{self._used[slug]}"
        self._used[anchor] = 0
        return anchor

    def _consider(self, element: _Element, end: int) -> None:
        quoted = not element.prose and all(outer.name in ("blockquote", "div") for outer in self._open)
        if not element.prose and (not quoted or self._quoted_paragraph):
            return
        text = self._since(element)
        if not any(char.isalnum() for char in text):
            return
        if element.prose:
            self._paragraph = (element.start, end, text)
        else:
            self._quoted_paragraph = (element.start, end, text)

    def _rendered(self) -> Rendered:
        text = "".join(self._text.parts)
        contents = _contents(self._headings) if self._tocs else ""
        for count, at in enumerate(self._tocs):
            self._inserts.append((at, at + len(_TOC), "" if count else contents))
        if self._marker:
            start, end, _, _ = self._marker
            if self._html[start:end] == MARKER_STAND_IN:
                self._inserts.append((start, end, ""))
        self._inserts.sort()
        paragraph = self._paragraph or self._quoted_paragraph
        html = self._between(0, len(self._html))
        return Rendered(
            html=html,
            text=text,
            headings=tuple(self._headings),
            sections=tuple(self._sections(text)),
            links=tuple(self._links),
            code_spans=tuple(self._code),
            first_paragraph=" ".join(paragraph[2].split()) if paragraph else "",
            first_paragraph_html=self._between(paragraph[0], paragraph[1]) if paragraph else "",
            marker_text=text[: self._marker[3]].strip() if self._marker else None,
            marker_html=self._before_marker() if self._marker else None,
        )

    def _between(self, start: int, end: int) -> str:
        """The HTML from ``start`` to ``end`` with what is inserted or taken out there."""
        parts: list[str] = []
        at = start
        for left, right, insert in self._inserts:
            if left < at or right > end:
                continue
            parts += (self._html[at:left], insert)
            at = right
        parts.append(self._html[at:end])
        html = "".join(parts)
        return html.replace(MARKER_STAND_IN, "") if MARKER_STAND_IN in html else html

    def _before_marker(self) -> str:
        if self._marker is None:
            return ""
        start, _, stack, _ = self._marker
        html = self._between(0, start).rstrip()
        if stack and stack[-1] == "p" and html.endswith("<p>"):
            html, stack = html.removesuffix("<p>").rstrip(), stack[:-1]
        return html + "".join(f"</{name}>" for name in reversed(stack))

    def _sections(self, text: str) -> Iterator[Section]:
        starts = [*self._heading_starts, len(text)]
        if starts[0] > 0:
            yield Section("", (), 0, starts[0])
        trail: list[Heading] = []
        for heading, start, end in zip(self._headings, starts, starts[1:], strict=False):
            while trail and trail[-1].level >= heading.level:
                trail.pop()
            trail.append(heading)
            yield Section(heading.anchor, tuple(above.text for above in trail), start, end)


def _contents(headings: list[Heading]) -> str:
    """A nested list of links to the headings."""
    parts = ['<div class="toc">']
    levels: list[int] = []
    for heading in headings:
        if not levels or heading.level > levels[-1]:
            parts.append("<ul>")
            levels.append(heading.level)
        else:
            while len(levels) > 1 and levels[-2] >= heading.level:
                parts.append("</li></ul>")
                levels.pop()
            parts.append("</li>")
            levels[-1] = heading.level
        parts.append(f'<li><a href="#{escape(heading.anchor)}">{escape(heading.text, quote=False)}</a>')
    parts.append("</li></ul>" * len(levels) + "</div>")
    return "".join(parts)


def words_in(text: str) -> int:
    """Words as a reader counts them: runs without blanks, each Chinese, Japanese or Korean character by itself."""
    spaced, characters = _IDEOGRAPH.subn(" ", text) if not text.isascii() else (text, 0)
    return characters + sum(1 for word in spaced.split() if word.isalnum() or any(map(str.isalnum, word)))


_IDEOGRAPH = re.compile(
    "[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
