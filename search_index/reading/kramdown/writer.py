"""The tree as HTML, indented as kramdown indents it.

kramdown: ``lib/kramdown/converter/html.rb``, without a syntax highlighter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from search_index.reading.kramdown.document import Document
from search_index.reading.kramdown.entities import written_character
from search_index.reading.kramdown.escaping import escape_code, escape_text, written_attributes
from search_index.reading.kramdown.footnotes import Footnotes
from search_index.reading.kramdown.header_ids import KramdownIds, basic_id
from search_index.reading.kramdown.html_tags import VOID_TAGS
from search_index.reading.kramdown.nodes import (
    BLOCK,
    RAW,
    FootnoteMark,
    Header,
    HtmlElement,
    Markup,
    Node,
    Paragraph,
    Table,
)
from search_index.reading.kramdown.table_of_contents import Entry, contents_list

_LANGUAGE: Final = re.compile(r"\blanguage-([^ \t\n\v\f\r]+)")
_NO_TOC: Final = re.compile(r"\bno_toc\b")
_AUTO_IDS: Final = re.compile(r"auto_ids(?:-([\w-]+))?")
_CJK: Final = r"\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff"
_CJK_BREAK: Final = re.compile(rf"(?<=[{_CJK}\U00020000-\U0003ffff])\n(?=[{_CJK}\U00020000-\U0003ffff])")
_PLACE_OF_LIST: Final = "\0"
"""Stands where a list will be written; never seen."""


class HtmlWriter:
    """Writes one document. ``out`` holds no empty pieces."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._options = document.options
        self._footnotes = Footnotes(document.options)
        self._ids = KramdownIds(document.options.auto_id_prefix)
        self._contents: list[Entry] = []
        self._contents_place: tuple[int, Node] | None = None
        self._footnotes_place: int | None = None
        self._space = written_character("\u00a0", document.options.entity_output)
        self._text = _escape_cjk_text if document.options.remove_line_breaks_for_cjk else escape_text
        self._out: list[str] = []

    def write(self) -> str:
        out = self._out
        self._inner(self._document.root, -2)
        notes = self._written_footnotes()
        if self._footnotes_place is None:
            out.append(notes)
        else:
            out[self._footnotes_place] = notes
        if self._contents_place is not None:
            place, marked = self._contents_place
            out[place] = self._captured(contents_list(self._contents, marked), 0) if self._contents else ""
        return "".join(out)

    def _written_footnotes(self) -> str:
        items: list[str] = []
        for note in self._footnotes.used:
            items.append(self._captured(self._footnotes.item(note), 4))
        if not items:
            return ""
        start = written_attributes(self._footnotes.list_attributes())
        return f'<div class="footnotes" role="doc-endnotes">\n  <ol{start}>\n{"".join(items)}  </ol>\n</div>\n'

    def _captured(self, node: Node, indent: int) -> str:
        outer, self._out = self._out, []
        _WRITERS[node.kind](self, node, indent, node)
        written, self._out = "".join(self._out), outer
        return written

    def _inner(self, node: Node, indent: int) -> None:
        append, text = self._out.append, self._text
        indent += 2
        for child in node.children:
            if isinstance(child, str):
                if child:
                    append(child if isinstance(child, Markup) else text(child))
            else:
                _WRITERS[child.kind](self, child, indent, node)

    def _blank(self, _node: Node, _indent: int, _parent: Node) -> None:
        self._out.append("\n")

    def _hidden(self, _node: Node, _indent: int, _parent: Node) -> None:
        """An extension's text for another format."""

    def _paragraph(self, node: Node, indent: int, _parent: Node) -> None:
        if not node.loose:
            self._inner(node, indent)
            return
        only = node.children[0] if len(node.children) == 1 else None
        if isinstance(only, Node) and only.kind == "img" and only.ial and "standalone" in only.ial.references:
            self._figure(node, only, indent)
            return
        self._out.append(f"{' ' * indent}<p{written_attributes(node.attributes)}>")
        self._inner(node, indent)
        self._out.append("</p>\n")

    def _figure(self, node: Node, image: Node, indent: int) -> None:
        attributes, image_attributes = dict(node.attributes or {}), dict(image.attributes or {})
        for name in ("class", "id"):
            if name in image_attributes and name not in attributes:
                attributes[name] = image_attributes.pop(name)
        pad = " " * indent
        self._out.append(
            f"{pad}<figure{written_attributes(attributes)}>\n{pad}  <img{written_attributes(image_attributes)} />\n"
            f"{pad}  <figcaption>{image_attributes['alt']}</figcaption>\n{pad}</figure>\n"
        )

    def _header(self, node: Node, indent: int, _parent: Node) -> None:
        if not isinstance(node, Header):
            return
        attributes = node.attribute_map()
        if self._options.auto_ids and "id" not in attributes:
            attributes["id"] = self._ids.make(node.raw_text)
        is_listed = node.level in self._options.toc_levels and not _NO_TOC.search(attributes.get("class", ""))
        if "id" in attributes and is_listed:
            self._contents.append(Entry(node.level, attributes["id"], node.children))
        level = max(1, min(6, node.level + self._options.header_offset))
        self._out.append(f"{' ' * indent}<h{level}{written_attributes(attributes)}>")
        self._inner(node, indent)
        self._out.append(f"</h{level}>\n")

    def _container(self, node: Node, indent: int, _parent: Node) -> None:
        pad = " " * indent
        self._out.append(f"{pad}<{node.kind}{written_attributes(node.attributes)}>\n")
        self._inner(node, indent)
        self._out.append(f"{pad}</{node.kind}>\n")

    def _list(self, node: Node, indent: int, parent: Node) -> None:
        references = node.ial.references if node.ial else ()
        if self._contents_place is None and "toc" in references:
            self._contents_place = len(self._out), node
            self._out.append(_PLACE_OF_LIST)
        elif self._footnotes_place is None and "footnotes" in references:
            self._footnotes_place = len(self._out)
            self._out.append(_PLACE_OF_LIST)
        else:
            self._container(node, indent, parent)

    def _item(self, node: Node, indent: int, _parent: Node) -> None:
        pad, out = " " * indent, self._out
        out.append(f"{pad}<{node.kind}{written_attributes(node.attributes)}>")
        first = node.children[0] if node.children else None
        if first is not None and not (isinstance(first, Paragraph) and not first.loose):
            out.append("\n")
            self._inner(node, indent)
            out.append(f"{pad}</{node.kind}>\n")
            return
        mark = len(out)
        self._inner(node, indent)
        if len(out) > mark and out[-1].endswith("\n"):
            out.append(pad)
        out.append(f"</{node.kind}>\n")

    def _term(self, node: Node, indent: int, parent: Node) -> None:
        attributes = node.attribute_map()
        for reference in parent.ial.references if parent.ial and not attributes.get("id") else ():
            if automatic := _AUTO_IDS.match(reference):
                attributes["id"] = (automatic[1] or "") + basic_id(node.value)
                break
        self._out.append(f"{' ' * indent}<dt{written_attributes(attributes)}>")
        self._inner(node, indent)
        self._out.append("</dt>\n")

    def _rule(self, node: Node, indent: int, _parent: Node) -> None:
        self._out.append(f"{' ' * indent}<hr{written_attributes(node.attributes)} />\n")

    def _code_block(self, node: Node, indent: int, _parent: Node) -> None:
        attributes = dict(node.attributes or {})
        language = _LANGUAGE.search(attributes.get("class", ""))
        if language:
            attributes["class"] = _LANGUAGE.sub("", attributes["class"], count=1).strip()
            if not attributes["class"]:
                del attributes["class"]
        code_class = written_attributes({"class": f"language-{language[1]}"} if language else None)
        code = escape_code(node.value).removesuffix("\n")
        pre = f"{' ' * indent}<pre{written_attributes(attributes)}>"
        self._out.append(f"{pre}<code{code_class}>{code}\n</code></pre>\n")

    def _table(self, node: Node, indent: int, _parent: Node) -> None:
        if not isinstance(node, Table):
            return
        out, pad = self._out, " " * indent
        styles = [f' style="text-align: {word}"' if word else "" for word in node.alignment]
        out.append(f"{pad}<table{written_attributes(node.attributes)}>\n")
        for section in node.children:
            if isinstance(section, Node):
                out.append(f"{pad}  <{section.kind}>\n")
                self._rows(section, styles, indent + 4)
                out.append(f"{pad}  </{section.kind}>\n")
        out.append(f"{pad}</table>\n")

    def _rows(self, section: Node, styles: list[str], indent: int) -> None:
        out, pad = self._out, " " * indent
        name = "th" if section.kind == "thead" else "td"
        for row in section.children:
            out.append(f"{pad}<tr>\n")
            for cell, style in zip(row.children if isinstance(row, Node) else (), styles, strict=False):
                out.append(f"{pad}  <{name}{style}>")
                mark = len(out)
                if isinstance(cell, Node):
                    self._inner(cell, indent + 2)
                if len(out) == mark:
                    out.append(self._space)
                out.append(f"</{name}>\n")
            out.append(f"{pad}</tr>\n")

    def _formula(self, node: Node, indent: int, _parent: Node) -> None:
        attributes = node.attributes or {}
        if self._options.math_engine != "mathjax":
            self._plain_formula(node, attributes, indent)
        elif not node.block:
            if attributes:
                self._out.append(f"<span{written_attributes(attributes)}>${node.value}$</span>")
            else:
                self._out.append(f"\\({escape_code(node.value)}\\)")
        else:
            formula = f"\\[{escape_code(node.value)}\\]\n"
            if attributes:
                formula = f"{' ' * indent}<div{written_attributes(attributes)}>{formula}</div>\n"
            self._out.append(formula)

    def _plain_formula(self, node: Node, attributes: Mapping[str, str], indent: int) -> None:
        classes = {**attributes, "class": f"{attributes.get('class', '')} kdmath".lstrip()}
        if node.block:
            self._out.append(f"{' ' * indent}<div{written_attributes(classes)}>$$\n{node.value}\n$$</div>\n")
        else:
            self._out.append(f"<span{written_attributes(classes)}>${node.value}$</span>")

    def _html(self, node: Node, indent: int, parent: Node) -> None:
        if not isinstance(node, HtmlElement):
            return
        out, name = self._out, node.value
        start = f"<{name}{written_attributes(node.attributes)}"
        if not node.block:
            if not node.children and name in VOID_TAGS:
                out.append(f"{start} />")
                return
            out.append(f"{start}>")
            self._inner(node, indent)
            out.append(f"</{name}>")
            return
        within_raw = _is_raw(parent)
        if within_raw:
            indent += 2 * node.inset
        else:
            start = " " * indent + start
        end = "" if within_raw else "\n"
        if node.closed and node.model == RAW:
            out.append(f"{start} />{end}")
            return
        out.append(f"{start}>\n" if node.model == BLOCK else f"{start}>")
        mark = len(out)
        self._inner(node, indent)
        if len(out) == mark:
            out[-1] = f"{start} />{end}" if name in VOID_TAGS else f"{start}></{name}>{end}"
        elif node.model == BLOCK:
            out[-1] = out[-1].removesuffix("\n")
            out.append(f"\n{' ' * indent}</{name}>{end}")
        else:
            out.append(f"</{name}>{end}")

    def _xml(self, node: Node, indent: int, parent: Node) -> None:
        self._out.append(f"{' ' * indent}{node.value}\n" if node.block and not _is_raw(parent) else node.value)

    def _comment(self, node: Node, indent: int, _parent: Node) -> None:
        comment = f"<!-- {node.value} -->"
        self._out.append(f"{' ' * indent}{comment}\n" if node.block else comment)

    def _raw(self, node: Node, _indent: int, _parent: Node) -> None:
        if node.block or node.value:
            self._out.append(f"{node.value}\n" if node.block else node.value)

    def _span(self, node: Node, indent: int, _parent: Node) -> None:
        self._out.append(f"<{node.kind}{written_attributes(node.attributes)}>")
        self._inner(node, indent)
        self._out.append(f"</{node.kind}>")

    def _image(self, node: Node, _indent: int, _parent: Node) -> None:
        self._out.append(f"<img{written_attributes(node.attributes)} />")

    def _code(self, node: Node, _indent: int, _parent: Node) -> None:
        self._out.append(f"<code{written_attributes(node.attributes)}>{escape_code(node.value)}</code>")

    def _line_break(self, _node: Node, _indent: int, _parent: Node) -> None:
        self._out.append("<br />")

    def _footnote_mark(self, node: Node, _indent: int, _parent: Node) -> None:
        if isinstance(node, FootnoteMark):
            self._out.append(self._footnotes.mark(node))

    def _abbreviation(self, node: Node, _indent: int, _parent: Node) -> None:
        title, marker = self._document.abbreviations[node.value]
        attributes = dict(marker.attributes or {})
        if title:
            attributes["title"] = title
        self._out.append(f"<abbr{written_attributes(attributes)}>{node.value}</abbr>")


def _escape_cjk_text(text: str) -> str:
    return escape_text(_CJK_BREAK.sub("", text))


def _is_raw(node: Node) -> bool:
    return isinstance(node, HtmlElement) and node.model == RAW


_WRITERS: Final[Mapping[str, Callable[[HtmlWriter, Node, int, Node], None]]] = {
    "blank": HtmlWriter._blank,
    "hidden": HtmlWriter._hidden,
    "p": HtmlWriter._paragraph,
    "header": HtmlWriter._header,
    "blockquote": HtmlWriter._container,
    "codeblock": HtmlWriter._code_block,
    "ul": HtmlWriter._list,
    "ol": HtmlWriter._list,
    "li": HtmlWriter._item,
    "dl": HtmlWriter._container,
    "dt": HtmlWriter._term,
    "dd": HtmlWriter._item,
    "hr": HtmlWriter._rule,
    "table": HtmlWriter._table,
    "math": HtmlWriter._formula,
    "html": HtmlWriter._html,
    "xml": HtmlWriter._xml,
    "comment": HtmlWriter._comment,
    "raw": HtmlWriter._raw,
    "a": HtmlWriter._span,
    "em": HtmlWriter._span,
    "strong": HtmlWriter._span,
    "img": HtmlWriter._image,
    "code": HtmlWriter._code,
    "br": HtmlWriter._line_break,
    "footnote": HtmlWriter._footnote_mark,
    "abbr": HtmlWriter._abbreviation,
}
