"""Inline rules beside markdown-it's own: text, bare links, footnote references, task boxes, typography.

The order is goldmark's order of priorities. Source: goldmark 1.5, ``parser/parser.go`` and the packages of ``extension``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline, image, link

from search_index.reading.goldmark.delimiters import DelimiterRule, pair_marks
from search_index.reading.goldmark.linkify import bare_link, candidates
from search_index.reading.goldmark.options import GoldmarkOptions
from search_index.reading.goldmark.typographer import OpenQuotes, replacement

DOCUMENT = "octavo"
"""The key under which the environment holds the ``InlineDocument``."""

_SPECIAL = re.compile(r"\n|\\|`|\*|_|~|\[|\]|!|<|&|'|\"|\.\.\.|--|>>")
_END_ON_OWN_LINE = re.compile(r"\n[ \t]*/?>\Z")
_TASK = re.compile(r"\[([ \t\n\f\rxX])\]\s*")
_BEFORE_LINK = frozenset(" (\n~")


@dataclass(slots=True)
class Footnote:
    """``index`` counts from 1 in the order of first references; 0 while there is none."""

    index: int = 0
    references: int = 0


@dataclass(slots=True)
class InlineDocument:
    """What inline rules know of the document, and of the block they are in."""

    footnotes: dict[str, Footnote] = field(default_factory=dict)
    referenced: int = 0
    quotes: OpenQuotes = field(default_factory=OpenQuotes)
    starts_item: bool = False
    open_brackets: int = 0
    link_starts: list[int] = field(default_factory=list)

    def enter(self, source: str, *, starts_item: bool, linkify: bool) -> None:
        """A new block begins."""
        self.starts_item = starts_item
        self.open_brackets = 0
        self.link_starts = candidates(source) if linkify else []


def install(md: MarkdownIt, options: GoldmarkOptions) -> None:
    """Replace markdown-it's inline rules by goldmark's where they differ."""
    ruler = md.inline.ruler
    ruler.at("text", _text)
    ruler.before("text", "bare_link", _BareLink(options.linkify_protocol))
    ruler.before("link", "task_box", _task_box)
    ruler.before("link", "footnote_reference", _footnote_reference)
    ruler.at("link", _link)
    ruler.at("image", _image)
    ruler.at("html_inline", _html_inline)
    ruler.after("image", "brackets", _brackets)
    ruler.at("emphasis", DelimiterRule(options.strikethrough, options.cjk_friendly_emphasis))
    ruler.after("emphasis", "typographer", _typographer)
    enabled = {
        "text": True,
        "bare_link": options.linkify,
        "newline": True,
        "escape": True,
        "backticks": True,
        "task_box": options.task_list,
        "footnote_reference": options.footnote,
        "link": True,
        "image": True,
        "brackets": True,
        "autolink": True,
        "html_inline": True,
        "emphasis": True,
        "typographer": options.typographer,
        "entity": True,
    }
    ruler.enableOnly([name for name, wanted in enabled.items() if wanted])
    md.inline.ruler2.at("emphasis", pair_marks)
    md.inline.ruler2.enableOnly(["balance_pairs", "emphasis"])


def _document(state: StateInline) -> InlineDocument:
    document: InlineDocument = state.env[DOCUMENT]
    return document


def _text(state: StateInline, silent: bool) -> bool:
    start = state.pos
    special = _SPECIAL.search(state.src, start, state.posMax)
    end = special.start() if special else state.posMax
    starts = _document(state).link_starts
    if starts and not state.linkLevel:
        following = bisect_left(starts, start + 1)
        if following < len(starts):
            end = min(end, starts[following])
    if end == start:
        return False
    if not silent:
        state.append_pending(state.src[start:end])
    state.pos = end
    return True


@dataclass(frozen=True, slots=True)
class _BareLink:
    protocol: str

    def __call__(self, state: StateInline, silent: bool) -> bool:
        source, start = state.src, state.pos
        if silent or state.linkLevel or not source[start].isalnum() or _document(state).open_brackets:
            return False
        if start and source[start - 1] not in _BEFORE_LINK and not _behind_node(state):
            return False
        link = bare_link(source, start, self.protocol)
        if link is None or start + len(link.text) > state.posMax:
            return False
        token = state.push("link_open", "a", 1)
        token.attrs = {"href": state.md.normalizeLink(link.href)}
        token.markup = "linkify"
        state.push("text", "", 0).content = link.text
        state.push("link_close", "a", -1)
        state.pos = start + len(link.text)
        return True


def _behind_node(state: StateInline) -> bool:
    """Whether what stands before is no text: goldmark looks for addresses there as at the beginning of a line."""
    return not state.pending and bool(state.tokens) and state.tokens[-1].type != "text_special"


def _link(state: StateInline, silent: bool) -> bool:
    before = len(state.tokens)
    if not link(state, silent):
        return False
    if not silent and any(token.type == "image" for token in state.tokens[before:]):
        _end_emphasis(state)
    return True


def _image(state: StateInline, silent: bool) -> bool:
    if not image(state, silent):
        return False
    if not silent and any(token.type == "link_open" for token in state.tokens[-1].children or ()):
        _end_emphasis(state)
    return True


def _end_emphasis(state: StateInline) -> None:
    """Behind a link around an image goldmark has forgotten the marks before it: none of them closes behind it."""
    state.tokens_meta[-1] = {"delimiters": state.delimiters}
    state.delimiters = []


def _html_inline(state: StateInline, silent: bool) -> bool:
    """As in markdown-it, but that goldmark makes addresses links between ``<a>`` and ``</a>``, too, and that no tag's end
    stands on a line of its own."""
    level, start = state.linkLevel, state.pos
    if not html_inline(state, silent):
        return False
    state.linkLevel = level
    if not _END_ON_OWN_LINE.search(state.src, start, state.pos):
        return True
    state.pos = start
    if not silent:
        state.tokens.pop()
        state.tokens_meta.pop()
    return False


def _task_box(state: StateInline, silent: bool) -> bool:
    """A box anywhere in the first block of a list item."""
    if state.src[state.pos] != "[" or not _document(state).starts_item:
        return False
    box = _TASK.match(state.src, state.pos)
    if not box or box.end() > state.posMax:
        return False
    if not silent:
        state.push("task_box", "", 0).meta = {"checked": box[1] in "xX"}
    state.pos = box.end()
    return True


def _footnote_reference(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    footnotes = _document(state).footnotes
    if not footnotes or not source.startswith(("[^", "![^"), start):
        return False
    if source[start] == "!":
        start += 1
    end = label_end(source, start + 2, state.posMax)
    footnote = footnotes.get(source[start + 2 : end]) if end > 0 else None
    if footnote is None:
        return False
    if not silent:
        state.append_pending(source[state.pos : start])
        document = _document(state)
        if not footnote.index:
            document.referenced += 1
            footnote.index = document.referenced
        state.push("footnote_reference", "", 0).meta = {"index": footnote.index, "repeat": footnote.references}
        footnote.references += 1
    state.pos = end + 1
    return True


_LABEL_PART = re.compile(r"(?:[^\[\]\\\n]++|\\.?)*+", re.DOTALL)


def label_end(source: str, start: int, end: int) -> int:
    """Where the ``]`` of a footnote's label is; -1 where the line ends first, or another bracket opens."""
    label = _LABEL_PART.match(source, start, end)
    at = label.end() if label else start
    return at if at < end and source[at] == "]" else -1


def _brackets(state: StateInline, silent: bool) -> bool:
    """A bracket that is part of no link: while one is open, goldmark makes no bare address a link."""
    char = state.src[state.pos]
    if char not in "![]" or (char == "!" and state.src[state.pos + 1 : state.pos + 2] != "["):
        return False
    bracket = "![" if char == "!" else char
    if not silent:
        document = _document(state)
        document.open_brackets = max(0, document.open_brackets + (-1 if char == "]" else 1))
        state.append_pending(bracket)
    state.pos += len(bracket)
    return True


def _typographer(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] not in "'\"-.<>":
        return False
    found = replacement(state.src, state.pos, _document(state).quotes)
    if found is None:
        return False
    state.push("typographic", "", 0).content = found.text
    state.pos += found.length
    return True
