"""Two pieces of HTML compared as a reader sees them, not as they are written.

``same_elements`` wants the same elements, attributes and words in the same order. Made equal first is what depends on the
renderer's plumbing: blanks that do not show, ids of headings, the markup of syntax highlighting and of footnotes, classes
of task lists, the two spellings of a column's alignment, curly and straight quotes, dashes of any length.
``same_words`` wants the visible words alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote


def _names(written: str) -> frozenset[str]:
    return frozenset(written.split())


_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_HEADINGS = _names("h1 h2 h3 h4 h5 h6")
_BLOCKS = _HEADINGS | _names(
    """p div ul ol li dl dt dd table thead tbody tfoot tr td th colgroup col pre blockquote hr section article aside nav
    header footer main figure figcaption details summary form fieldset iframe video script style center address"""
)
_BREAKS = _BLOCKS | {"br"}
_EDGES = _BREAKS | {"footnotes"}
_UNSEEN = frozenset({"script", "style"})
_TABLE_PARTS = frozenset({"table", "tbody", "tr"})
_LINE_NUMBERS = _names("rouge-gutter gutter gl lineno linenos linenodiv")
_HIGHLIGHTERS = ("highlight", "language-", "codehilite")
_PLUMBING = frozenset({"rel", "role", "disabled", "markdown"})
_TASK_LIST_PARTS = _names("ul ol li input label")
_TASK_LIST_CLASSES = ("task-list", "contains-task")
_NOTE_PARTS = _names("a sup li ol section")
_MEANT_WHEN_EMPTY = frozenset({"alt", "href"})
_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "«": "<<", "»": ">>", "–": "-", "—": "-", "…": "...", "\u00a0": " "}
)
_DASHES = re.compile("-{2,3}")
_BLANKS = re.compile(r"\s+")
_ALIGNED = re.compile(r"text-align:\s*(\w+)")
_STYLE_BLANKS = re.compile(r"\s*([:;])\s*")


def same_elements(one: str, other: str) -> bool:
    """Whether a reader, and a style sheet, would find the same."""
    return _shown(_parsed(one)) == _shown(_parsed(other))


def same_words(one: str, other: str) -> bool:
    """Whether a reader would read the same."""
    return visible_words(one) == visible_words(other)


def visible_words(html: str) -> str:
    """The words that are seen, one blank between them, quotes and dashes in their plain form."""
    return " ".join(_plain("".join(_seen(_parsed(html), in_code=False))).split())


def first_difference(one: str, other: str) -> tuple[str, str]:
    """What each has from where they begin to differ, a little of what is the same before it; for people."""
    a, b = ("".join(_written(_shown(_parsed(text)))) for text in (one, other))
    same = next((at for at, pair in enumerate(zip(a, b, strict=False)) if pair[0] != pair[1]), min(len(a), len(b)))
    return a[max(0, same - _BEFORE) :], b[max(0, same - _BEFORE) :]


_BEFORE = 30


@dataclass(slots=True)
class _Element:
    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[_Node] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def elements(self) -> list[_Node]:
        """The children without blanks between them."""
        return [child for child in self.children if isinstance(child, _Element) or child.strip()]

    def is_line_numbers(self) -> bool:
        return not _LINE_NUMBERS.isdisjoint(self.classes)


_Node = _Element | str


class _Parser(HTMLParser):
    """A tree out of whatever is written; what HTML closes by itself is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._add(tag, attrs)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].name == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        children = self._open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += data
        else:
            children.append(data)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> _Element:
        innermost = self._open[-1].name
        if (innermost == "p" and tag in _BLOCKS) or (innermost == "li" and tag == "li"):
            self._open.pop()
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        return element


def _parsed(html: str) -> _Element:
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.root


def _plain(text: str) -> str:
    return _DASHES.sub("-", text.translate(_PLAIN))


def _seen(node: _Node, *, in_code: bool) -> Iterator[str]:
    """The text in pieces, a blank on either side of a block."""
    if isinstance(node, str):
        yield node
    elif node.name in _UNSEEN or node.is_line_numbers():
        yield "" if in_code else " "
    elif node.name == "pre" and not in_code:
        yield f" {_code(node)} "
    else:
        apart = not in_code and node.name in _BREAKS
        yield " " if apart else ""
        for child in node.children:
            if not (in_code and node.name in _TABLE_PARTS and isinstance(child, str)):
                yield from _seen(child, in_code=in_code)
        yield " " if apart else ""


def _code(element: _Element) -> str:
    """The text of a code block, without the line numbers beside it and the table that holds them."""
    return "".join(piece for child in element.children for piece in _seen(child, in_code=True))


def _shown(element: _Element) -> _Element | None:
    """The element with only what a reader could notice; None where that is nothing."""
    if element.name == "pre":
        return _Element("pre", {}, [_code(element).rstrip().strip("\n")])
    if element.name in ("div", "figure", "section"):
        if any(name.startswith("footnotes") for name in element.classes):
            notes = [child for child in element.elements if isinstance(child, str) or child.name != "hr"]
            return _Element("footnotes", {}, [child for child in map(_shown_child, notes) if child is not None])
        if any(name.startswith(_HIGHLIGHTERS) for name in element.classes):
            inner = element.elements
            if len(inner) == 1 and isinstance(inner[0], _Element):
                return _shown(inner[0])
    if element.name in _NOTE_PARTS and _of_a_note(element):
        if _leads_back(element):
            return None
        if element.name in ("a", "sup"):
            return _Element(element.name, {}, ["#"])
        return _with_children(element.name, {}, element)
    if element.name == "code" and all(_is_colour(child) for child in element.children):
        element = _Element("code", {}, ["".join(_seen(element, in_code=True))])
    name = "del" if element.name in ("s", "strike") else element.name
    return _with_children(name, _meant(element), element)


def _is_colour(node: _Node) -> bool:
    """Whether the node is text, or what a highlighter puts around it."""
    return isinstance(node, str) or (node.name == "span" and bool(node.classes) and all(map(_is_colour, node.children)))


def _shown_child(child: _Node) -> _Node | None:
    return child if isinstance(child, str) else _shown(child)


def _of_a_note(element: _Element) -> bool:
    """Whether the element is a footnote's mark, the note, or the way back from it."""
    told = (*element.classes, element.attributes.get("id", ""), element.attributes.get("href", "").removeprefix("#"))
    return any(name.startswith(("footnote", "fn")) for name in told)


def _leads_back(element: _Element) -> bool:
    classes = " ".join(element.classes)
    return "backlink" in classes or "backref" in classes or "fnref" in element.attributes.get("href", "")


def _meant(element: _Element) -> dict[str, str]:
    """The attributes without plumbing, in one spelling."""
    attributes = {name: value for name, value in element.attributes.items() if name not in _PLUMBING}
    classes = element.classes
    if element.name in _HEADINGS:
        attributes.pop("id", None)
    if element.name == "code":
        classes = []
    if element.name in _TASK_LIST_PARTS:
        classes = sorted(name for name in classes if not name.startswith(_TASK_LIST_CLASSES))
    if element.name in ("th", "td"):
        aligned = _ALIGNED.search(attributes.pop("style", ""))
        attributes["align"] = aligned[1] if aligned else attributes.get("align", "")
    if element.name == "img":
        attributes.setdefault("alt", "")
    if "style" in attributes:
        attributes["style"] = _STYLE_BLANKS.sub(r"\1", attributes["style"]).strip(";")
    for name in ("href", "src"):
        if name in attributes:
            attributes[name] = unquote(attributes[name]).strip()
    attributes["class"] = " ".join(classes)
    return {name: value for name, value in attributes.items() if value or name in _MEANT_WHEN_EMPTY}


def _with_children(name: str, attributes: dict[str, str], element: _Element) -> _Element:
    """The children as they are shown: texts run together, and no blank next to a block or a line's end."""
    children: list[_Node] = []
    for child in element.children:
        shown = _plain(_BLANKS.sub(" ", child)) if isinstance(child, str) else _shown(child)
        if isinstance(shown, str) and children and isinstance(children[-1], str):
            children[-1] = (children[-1] + shown).replace("  ", " ")
        elif shown is not None:
            children.append(shown)
    kept: list[_Node] = []
    for at, child in enumerate(children):
        if isinstance(child, str):
            child = child.lstrip(" ") if _is_edge(children, at - 1, name) else child
            child = child.rstrip(" ") if _is_edge(children, at + 1, name) else child
        if child != "":
            kept.append(child)
    return _Element(name, attributes, kept)


def _is_edge(children: list[_Node], at: int, parent: str) -> bool:
    """Whether a line ends at this place: a block stands there, or the parent, which is one, ends."""
    if 0 <= at < len(children):
        neighbour = children[at]
        return isinstance(neighbour, _Element) and neighbour.name in _EDGES
    return parent in _BLOCKS or not parent


def _written(node: _Node | None) -> Iterator[str]:
    if isinstance(node, _Element):
        attributes = "".join(f' {name}="{value}"' for name, value in sorted(node.attributes.items()))
        yield f"<{node.name}{attributes}>" if node.name else ""
        for child in node.children:
            yield from _written(child)
        yield f"</{node.name}>" if node.name else ""
    elif node is not None:
        yield node
