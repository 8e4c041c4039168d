"""The tree between the two phases: blocks first, whose text the span phase then turns into children."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Final, TypeAlias


@dataclass(slots=True)
class AttributeList:
    """What stands between ``{:`` and ``}``: attributes, and names that refer to lists defined elsewhere."""

    attributes: dict[str, str] = field(default_factory=dict)
    references: list[str] = field(default_factory=list)

    def update(self, other: AttributeList) -> None:
        self.references.extend(other.references)
        merge_attributes(self.attributes, other.attributes)


def merge_attributes(attributes: dict[str, str], more: dict[str, str]) -> None:
    """Classes add up, of everything else the later value counts."""
    for name, value in more.items():
        if name == "class" and attributes.get("class"):
            value = f"{attributes['class']} {value}"
        attributes[name] = value


class Markup(str):
    """HTML among the children of a node that is written as it stands."""

    __slots__ = ()


Child: TypeAlias = "Node | str"
"""A ``str`` is text that the writer escapes."""


class Node:
    """An element, ``kind`` being its HTML name or one of the names below.

    ``value``  text that the span phase has not read yet, or what an element without children holds
    ``ial``    the attribute list that belongs to it
    ``block``  for kinds that occur among blocks and in text (``math``, ``comment``, ``raw``, ``html``)
    ``loose``  for a paragraph: it is written with its ``<p>``
    """

    __slots__ = ("attributes", "block", "children", "ial", "kind", "loose", "value")

    def __init__(self, kind: str, value: str = "", *, block: bool = True) -> None:
        self.kind = kind
        self.value = value
        self.children: list[Child] = []
        self.attributes: dict[str, str] | None = None
        self.ial: AttributeList | None = None
        self.block = block
        self.loose = True

    def attribute_map(self) -> dict[str, str]:
        if self.attributes is None:
            self.attributes = {}
        return self.attributes

    def with_children(self, children: list[Child]) -> Node:
        """A copy that has other children, and shares everything else."""
        node = copy(self)
        node.children = children
        return node


class Paragraph(Node):
    """Its text comes in parts, as blocks that turned out to be none continue the paragraph before them."""

    __slots__ = ("parts",)

    def __init__(self, text: str) -> None:
        super().__init__("p")
        self.parts = [text]

    @property
    def text(self) -> str:
        if len(self.parts) > 1:
            self.parts = ["".join(self.parts)]
        return self.parts[0]


class Header(Node):
    """``raw_text`` is what its id is made from."""

    __slots__ = ("level", "raw_text")

    def __init__(self, level: int, text: str) -> None:
        super().__init__("header", text)
        self.level = level
        self.raw_text = text


class CodeBlock(Node):
    """``value`` is the code."""

    __slots__ = ()

    def __init__(self, code: str, language: str = "") -> None:
        super().__init__("codeblock", code)
        if language:
            self.attributes = {"class": f"language-{language}"}


class Table(Node):
    """Sections of rows of cells; ``alignment`` has a word for every column, empty for none."""

    __slots__ = ("alignment",)

    def __init__(self) -> None:
        super().__init__("table")
        self.alignment: list[str] = []


RAW: Final = "raw"
SPAN: Final = "span"
BLOCK: Final = "block"


class HtmlElement(Node):
    """``value`` is the tag's name; ``model`` says what its content is: RAW, SPAN or BLOCK.

    ``inset`` counts the elements between it and its parent, which are text among the parent's children.
    """

    __slots__ = ("closed", "inset", "model")

    def __init__(self, name: str, attributes: dict[str, str], *, block: bool) -> None:
        super().__init__("html", name, block=block)
        self.attributes = attributes
        self.model = RAW
        self.closed = False
        self.inset = 0


class FootnoteMark(Node):
    """``value`` is the name, ``content`` the node that holds the note's blocks."""

    __slots__ = ("content",)

    def __init__(self, name: str, content: Node) -> None:
        super().__init__("footnote", name, block=False)
        self.content = content
