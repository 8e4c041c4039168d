"""Between the phases' results and the writing: texts are read, attribute lists applied, ids and line breaks made."""

from __future__ import annotations

from typing import Final

from search_index.reading.kramdown.abbreviations import Abbreviations
from search_index.reading.kramdown.attribute_lists import apply_attribute_list
from search_index.reading.kramdown.document import Document
from search_index.reading.kramdown.header_ids import GfmIds
from search_index.reading.kramdown.nodes import Child, Header, Markup, Node, Paragraph
from search_index.reading.kramdown.options import KramdownOptions
from search_index.reading.kramdown.span_parser import SpanParser
from search_index.reading.kramdown.spans import span_parser

_CONTAINERS: Final = frozenset(("blockquote", "ul", "ol", "li", "dl", "dd"))
_NOT_BLOCKS: Final = frozenset(("root", "a", "em", "strong"))


def finish(document: Document, source: str) -> None:
    """Makes the tree of ``source``, and the footnotes' own, what the writer can write."""
    spans = span_parser(document)
    roots = [document.root, *document.footnotes.values()]
    for root in roots:
        _read_texts(root, spans)
    if document.abbreviations:
        abbreviations = Abbreviations(document.abbreviations)
        for _, marker in document.abbreviations.values():
            if marker.ial is not None:
                apply_attribute_list(marker, marker.ial, document.attribute_lists)
        for root in roots:
            abbreviations.replace_in(root)
    if document.options.gfm:
        _Gfm(document.options, source).finish(document.root)


def _read_texts(parent: Node, spans: SpanParser) -> None:
    """Replaces what is unread by what it says. Markers go, and blank lines that meet become one."""
    children: list[Child] = []
    after_blank = False
    for child in parent.children:
        if isinstance(child, str):
            children.append(child)
        elif child.kind == "blank":
            if not after_blank:
                children.append(child)
            after_blank = True
            continue
        elif child.kind == "eob":
            continue
        elif child.kind in ("unread", "stray"):
            children.extend(spans.parse(child.value))
        else:
            _read_block(child, spans)
            children.append(child)
        after_blank = False
    parent.children = children


def _read_block(node: Node, spans: SpanParser) -> None:
    kind = node.kind
    if isinstance(node, Paragraph):
        node.children = spans.parse(node.text)
    elif kind == "td":
        node.children = spans.parse(node.value)
    elif kind in ("header", "dt"):
        node.children = spans.parse(node.value)
        _set_raw_text(node, spans)
    elif node.children:
        _read_texts(node, spans)
    if node.ial is not None:
        apply_attribute_list(node, node.ial, spans.document.attribute_lists)


def _set_raw_text(node: Node, spans: SpanParser) -> None:
    """What an id is made from."""
    options = spans.document.options
    if not isinstance(node, Header):
        node.value = _text(node, with_code=options.gfm)
    elif options.gfm or options.auto_id_stripping:
        node.raw_text = _text(node, with_code=options.gfm)


def _text(node: Node, *, with_code: bool) -> str:
    if node.kind in ("code", "math"):
        return node.value if with_code else ""
    return "".join(
        "" if isinstance(child, Markup) else child if isinstance(child, str) else _text(child, with_code=with_code)
        for child in node.children
    )


class _Gfm:
    """What the GFM parser does with the finished tree: ids for headers, and line breaks after backslashes or, with
    ``hard_wrap``, everywhere. Nothing of it happens inside HTML elements and footnotes."""

    def __init__(self, options: KramdownOptions, source: str) -> None:
        self._auto_ids = options.auto_ids
        self._ids = GfmIds(options.auto_id_prefix)
        self._line_end = "\n" if options.hard_wrap else "\\\n"
        self._has_breaks = self._line_end in source

    def finish(self, parent: Node) -> None:
        has_breaks = self._has_breaks
        for child in parent.children:
            if isinstance(child, str):
                continue
            if child.kind == "header":
                self._finish_header(child)
            elif child.kind in _CONTAINERS or (has_breaks and child.children and child.kind != "html"):
                self.finish(child)
        if has_breaks and any(isinstance(child, str) and self._line_end in child for child in parent.children):
            parent.children = self._with_line_breaks(parent)

    def _finish_header(self, header: Node) -> None:
        """One that has an id is gone through, one that gets its id is not."""
        if isinstance(header, Header) and self._auto_ids and "id" not in header.attribute_map():
            header.attribute_map()["id"] = self._ids.make(header.raw_text)
        elif self._has_breaks:
            self.finish(header)

    def _with_line_breaks(self, parent: Node) -> list[Child]:
        children: list[Child] = []
        for place, child in enumerate(parent.children, 1):
            if not isinstance(child, str) or isinstance(child, Markup):
                children.append(child)
                continue
            lines = child.split(self._line_end)
            is_last = place == len(parent.children) and parent.kind not in _NOT_BLOCKS
            breaks = len(lines) - 1 - (is_last and not lines[-1])
            for number, line in enumerate(lines):
                children.append(f"\n{line}" if number else line)
                if number < breaks:
                    children.append(Node("br", block=False))
        return children
