"""What is known of one document while it is read: definitions, and the options that it may change itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from search_index.reading.kramdown.nodes import AttributeList, Node
from search_index.reading.kramdown.options import KramdownOptions
from search_index.reading.kramdown.patterns import S

DEEPEST: Final = 50
"""Blocks within blocks, and spans within spans, that are read; what lies deeper is text. kramdown knows no bound."""

_SPACES: Final = re.compile(rf"{S}+")


@dataclass(slots=True)
class LinkDefinition:
    target: str
    title: str | None
    marker: Node


@dataclass(slots=True)
class Document:
    options: KramdownOptions
    attribute_lists: dict[str, AttributeList] = field(default_factory=dict)
    links: dict[str, LinkDefinition] = field(default_factory=dict)
    footnotes: dict[str, Node] = field(default_factory=dict)
    abbreviations: dict[str, tuple[str, Node]] = field(default_factory=dict)
    root: Node = field(default_factory=lambda: Node("root"))

    def __post_init__(self) -> None:
        for name, target, title in self.options.link_defs:
            self.links[link_name(name)] = LinkDefinition(target, title, Node("eob", "link"))


def link_name(text: str) -> str:
    """The name of a link's definition: case and the kind and length of white space do not matter."""
    return _SPACES.sub(" ", text).lower()
