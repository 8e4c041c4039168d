"""The list of footnotes at the end, or where a list is marked ``{:footnotes}``.

Source: https://kramdown.gettalong.org/syntax.html#footnotes
"""

from __future__ import annotations

from dataclasses import dataclass

from search_index.reading.kramdown.entities import written_character
from search_index.reading.kramdown.escaping import escape_text
from search_index.reading.kramdown.nodes import FootnoteMark, Markup, Node, Paragraph
from search_index.reading.kramdown.options import KramdownOptions


@dataclass(slots=True)
class Footnote:
    """``repeats`` counts the marks after the first."""

    name: str
    number: int
    content: Node
    repeats: int = 0


class Footnotes:
    """Numbered in the order of their first marks."""

    def __init__(self, options: KramdownOptions) -> None:
        self.used: list[Footnote] = []
        self._by_name: dict[str, Footnote] = {}
        self._first = options.footnote_nr
        self._prefix = options.footnote_prefix
        self._backlink = escape_text(options.footnote_backlink)
        self._space = written_character("\u00a0", options.entity_output)
        self._is_inline = options.footnote_backlink_inline

    def mark(self, node: FootnoteMark) -> str:
        name = self._prefix + node.value
        note = self._by_name.get(name)
        if note is None:
            note = self._by_name[name] = Footnote(name, self._first + len(self.used), node.content)
            self.used.append(note)
            repeat = ""
        else:
            note.repeats += 1
            repeat = f":{note.repeats}"
        return (
            f'<sup id="fnref:{name}{repeat}" role="doc-noteref"><a href="#fn:{name}" class="footnote" rel="footnote">'
            f"{note.number}</a></sup>"
        )

    def item(self, note: Footnote) -> Node:
        """The note as an item of the list, with links back to its marks in its last paragraph or in one of their own."""
        item = Node("li")
        item.attributes = {"id": f"fn:{note.name}", "role": "doc-endnote"}
        item.children = list(note.content.children)
        paragraph = self._last_paragraph(item)
        space = self._space
        if paragraph is None:
            paragraph, space = Paragraph(""), ""
            item.children.append(paragraph)
        if self._backlink:
            paragraph.children = [*paragraph.children, *self._backlinks(note, space)]
        return item

    def _backlinks(self, note: Footnote, space: str) -> list[Markup]:
        form = '{}<a href="#fnref:{}" class="reversefootnote" role="doc-backlink">{}</a>'
        links = [Markup(form.format(space, note.name, self._backlink))]
        for repeat in range(1, note.repeats + 1):
            text = f"{self._backlink}<sup>{repeat + 1}</sup>"
            links.append(Markup(form.format(self._space, f"{note.name}:{repeat}", text)))
        return links

    def _last_paragraph(self, item: Node) -> Node | None:
        last = item.children[-1] if item.children else None
        if self._is_inline:
            while isinstance(last, Node) and last.kind not in ("p", "header"):
                last = last.children[-1] if last.children else None
        return last if isinstance(last, Node) and (self._is_inline or last.kind == "p") else None

    def list_attributes(self) -> dict[str, str]:
        return {} if self._first == 1 else {"start": str(self._first)}
