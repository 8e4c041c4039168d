"""Markdown as Hugo 0.111 reads it: CommonMark and goldmark's extensions, over markdown-it-py."""

from __future__ import annotations

from importlib.metadata import version
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from search_index.reading.goldmark import blocks, inline
from search_index.reading.goldmark.addresses import escaped
from search_index.reading.goldmark.edges import keep_edges
from search_index.reading.goldmark.emoji import with_emoji
from search_index.reading.goldmark.footnotes import shown_footnotes, take_footnotes
from search_index.reading.goldmark.headings import HeadingAnchors, split_attributes
from search_index.reading.goldmark.html import HtmlWriter
from search_index.reading.goldmark.inline import DOCUMENT, InlineDocument
from search_index.reading.goldmark.options import GoldmarkOptions, HeadingIds
from search_index.reading.goldmark.tightness import tighten

__all__ = ["VERSION", "GoldmarkMarkdown", "GoldmarkOptions", "HeadingIds"]

VERSION = f"markdown-it-py {version('markdown-it-py')}, octavo 2"
"""Part of the reader's fingerprint; the last number rises when what this package makes of a body changes."""

_DEEPEST_BLOCK = 100
_DEEPEST_LINK = 20
"""Brackets in brackets cost time in proportion to it."""


class GoldmarkMarkdown:
    """Tables, strikethrough, task lists, bare links, footnotes, definition lists, typographic quotes, heading anchors."""

    version = VERSION

    def __init__(self, options: GoldmarkOptions = GoldmarkOptions()) -> None:  # noqa: B008  # frozen
        self._options = options
        self._writer = HtmlWriter(options)
        self._blocks = _markdown(options, _DEEPEST_BLOCK)
        self._inline = _markdown(options, _DEEPEST_LINK)

    def html(self, text: str) -> str:
        """Takes time in proportion to the text. Raises ``RecursionError`` for very deep nesting."""
        document = InlineDocument()
        environment = {DOCUMENT: document}
        source = with_emoji(text) if self._options.emoji else text
        tokens = self._blocks.parse(source, environment)
        keep_edges(tokens, source)
        tighten(tokens, source)
        self._name_headings(tokens)
        _give_attributes(tokens)
        parts = take_footnotes(tokens)
        notes = [token for note in parts.footnotes for token in note.tokens]
        for stretch in (parts.body[: parts.position], notes, parts.body[parts.position :]):
            self._read_inline(stretch, document, environment)
        if not self._options.wrap_standalone_image:
            _unwrap_images(parts.body)
        return self._writer.html(parts.body + shown_footnotes(parts.footnotes))

    def _name_headings(self, tokens: list[Token]) -> None:
        anchors = HeadingAnchors(self._options.auto_heading_id_type)
        for heading, content in pairwise(tokens):
            if heading.type != "heading_open":
                continue
            if self._options.attribute_title:
                content.content, given = split_attributes(content.content, atx=heading.markup.startswith("#"))
                heading.attrs = dict(given)
            if "id" in heading.attrs:
                anchors.reserve(str(heading.attrs["id"]))
            elif self._options.auto_heading_id:
                heading.attrs["id"] = anchors.make(content.content)

    def _read_inline(
        self, tokens: list[Token], document: InlineDocument, environment: dict[str, InlineDocument]
    ) -> None:
        for at, token in enumerate(tokens):
            if token.type == "inline":
                starts_item = at > 1 and tokens[at - 2].type == "list_item_open"
                document.enter(token.content, starts_item=starts_item, linkify=self._options.linkify)
                token.children = []
                self._inline.inline.parse(token.content, self._inline, environment, token.children)


class _Markdown(MarkdownIt):
    """markdown-it with goldmark's addresses; which of them are dangerous is decided when they are written."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # the package's names
        return escaped(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802  # the package's names
        return link

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802  # the package's signature
        return True


def _markdown(options: GoldmarkOptions, deepest: int) -> MarkdownIt:
    markdown = _Markdown("commonmark", {"maxNesting": deepest})
    markdown.core.ruler.enableOnly(["normalize", "block"])
    blocks.install(markdown, options)
    inline.install(markdown, options)
    return markdown


def _give_attributes(tokens: list[Token]) -> None:
    """Attributes on a line of their own belong to the block before."""
    for at, token in enumerate(tokens):
        if token.type != "attributes" or token.hidden or not at:
            continue
        before = at - 1
        while tokens[before].level > token.level or (
            tokens[before].nesting < 0 and tokens[before].level == token.level
        ):
            before -= 1
        block = tokens[before]
        if block.level == token.level and block.type != "fence":
            block.attrs = {**token.meta["attributes"], **block.attrs}


def _unwrap_images(tokens: list[Token]) -> None:
    for before, content, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        children = content.children or []
        if before.type == "paragraph_open" and len(children) == 1 and children[0].type == "image":
            before.hidden = after.hidden = True
            children[0].meta["attributes"] = {name: str(value) for name, value in before.attrs.items()}
