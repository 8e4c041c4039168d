"""The list of headers that stands in the place of a list marked ``{:toc}``.

Source: https://kramdown.gettalong.org/converter/html.html#toc
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from search_index.reading.kramdown.nodes import Child, Node, Paragraph


@dataclass(frozen=True, slots=True)
class Entry:
    level: int
    name: str
    children: list[Child]


def contents_list(entries: Iterable[Entry], marked: Node) -> Node:
    """A list of the kind and with the attributes of the marked one; deeper headers stand in lists within."""
    root = Node(marked.kind)
    root.attributes = dict(marked.attributes or {})
    identity = root.attributes.setdefault("id", "markdown-toc")
    open_items: list[tuple[int, Node]] = [(0, root)]
    for entry in entries:
        while open_items[-1][0] >= entry.level:
            open_items.pop()
        parent = open_items[-1][1]
        if parent.kind == "li":
            if len(parent.children) == 1:
                parent.children.append(Node(marked.kind))
            sublist = parent.children[1]
            parent = sublist if isinstance(sublist, Node) else parent
        item = _item(entry, identity)
        parent.children.append(item)
        open_items.append((entry.level, item))
    return root


def _item(entry: Entry, identity: str) -> Node:
    link = Node("a")
    link.attributes = {"href": f"#{entry.name}", "id": f"{identity}-{entry.name}"}
    link.children = _without_links(entry.children)
    paragraph = Paragraph("")
    paragraph.loose = False
    paragraph.children = [link]
    item = Node("li")
    item.children = [paragraph]
    return item


def _without_links(children: Iterable[Child]) -> list[Child]:
    """Copies without footnote marks, and with what is in links instead of these."""
    kept: list[Child] = []
    for child in children:
        if isinstance(child, str):
            kept.append(child)
        elif child.kind == "a":
            kept.extend(_without_links(child.children))
        elif child.kind != "footnote":
            kept.append(child.with_children(_without_links(child.children)))
    return kept
