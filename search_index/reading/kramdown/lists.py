"""Lists and definition lists.

A list's lines are first sorted to its items by their indentation, then every item's text is read as blocks. A nested
list begins a part of its own, so that a paragraph before it does not swallow it.

Source: https://kramdown.gettalong.org/syntax.html#lists
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from search_index.reading.kramdown.attribute_lists import read_attribute_list
from search_index.reading.kramdown.nodes import AttributeList, Node, Paragraph
from search_index.reading.kramdown.patterns import (
    BLANK_LINES,
    END_OF_BLOCK,
    HORIZONTAL_RULE,
    ID_NAME,
    MARKERS,
    WHITE,
    S,
)

if TYPE_CHECKING:
    from search_index.reading.kramdown.block_parser import BlockParser

_LIST_START: Final = re.compile(rf" {{0,3}}(?:[+*-]|[0-9]+\.){MARKERS}")
_MARKS: Final[Mapping[str, str]] = {"ul": "[+*-]", "ol": r"[0-9]+\.", "dl": ":"}
_STARTS: Final = {
    kind: [re.compile(rf"( {{0,{spaces}}}{mark})({MARKERS}.*?\n)") for spaces in range(4)]
    for kind, mark in _MARKS.items()
}
"""By how many spaces may stand before the mark."""

_ITEM_ATTRIBUTES: Final = re.compile(rf"{S}*\{{:(?!(?:{ID_NAME})?:|/)((?:\\\}}|[^}}])+)\}}{S}*")
_UP_TO_THREE_SPACES: Final = re.compile(r" {0,3}")
_SPACES_THEN_TAB: Final = re.compile(r"( *)(\t+)")
_TASK: Final = re.compile(rf"{S}*\[([ xX])\]{S}+")
_BOX: Final = '<input type="checkbox" class="task-list-item-checkbox" disabled="disabled"{checked} />'


@dataclass(slots=True)
class _Item:
    """One item's lines; a new part begins where a list begins in it."""

    node: Node
    indentation: int
    parts: list[list[str]] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.parts[-1].append(text)


def _start_item(kind: str, marker: str, content: str) -> _Item:
    """From the first line: what follows the marker says how far the item's other lines must be indented."""
    indentation = len(marker)
    attributes = _ITEM_ATTRIBUTES.match(content)
    if not content[attributes.end() if attributes else 0 :].strip(WHITE):
        indentation = 4
    else:
        content = _expanded(content, indentation)
        indentation += len(content) - len(content.lstrip(" "))
    content = content.lstrip(WHITE)
    node = Node(kind)
    if content.startswith("{:") and (attributes := _ITEM_ATTRIBUTES.match(content)):
        node.ial = read_attribute_list(attributes[1])
        content = content[attributes.end() :]
    return _Item(node, indentation, [[content]])


def _expanded(content: str, column: int) -> str:
    """Tabs before the text become spaces up to the next multiple of four."""
    while (match := _SPACES_THEN_TAB.match(content)) is not None:
        spaces, tabs = match.groups()
        width = 4 - (len(spaces) + column) % 4 + (len(tabs) - 1) * 4
        content = spaces + " " * width + content[match.end() :]
    return content


def _is_indented(source: str, place: int, indentation: int) -> bool:
    """Whether the line's white space reaches ``indentation``, a tab counting as four spaces."""
    if source.startswith(" " * indentation, place):
        return True
    stops, spaces = divmod(indentation, 4)
    for _ in range(stops):
        if source.startswith("\t", place):
            place += 1
        elif source.startswith("    ", place):
            place += 4
        else:
            return False
    return source.startswith((" " * spaces, "\t", "    "), place)


def _continues(parser: BlockParser, indentation: int, *, after_blank: bool) -> bool:
    """Whether the line, which is not blank, belongs to the item: by indentation, or lazily."""
    if _is_indented(parser.source, parser.place, indentation):
        return True
    if after_blank:
        return False
    source, place = parser.source, parser.place
    spaces = _UP_TO_THREE_SPACES.match(source, place)
    start = spaces.end() if spaces else place
    return start - place > indentation or source[start] not in "{<" or not parser.ends_laziness(place)


def _unindented(line: str, indentation: int) -> tuple[str, bool]:
    """The line without the item's indentation, and whether all of that was there."""
    tabs = len(line) - len(line.lstrip("\t"))
    if tabs:
        line = "    " * tabs + line[tabs:]
    if line.startswith(" " * indentation):
        return line[indentation:], True
    return line, False


def read_list(parser: BlockParser) -> bool:
    source = parser.source
    kind = "ul" if _STARTS["ul"][3].match(source, parser.place) else "ol"
    if not parser.can_nest() or not _STARTS[kind][3].match(source, parser.place):
        return False
    items, ended = _list_items(parser, kind)
    node = Node(kind)
    parser.add(node)
    node.children.extend(item.node for item in items)
    blank: Node | None = None
    for item in items:
        for part in item.parts:
            parser.parse(item.node, "".join(part))
        if item.node.children:
            blank = _finish_item(item.node, node, ended=ended)
    if blank is not None and not ended:
        parser.parent.children.append(blank)
    if parser.document.options.gfm:
        _mark_tasks(node)
    return True


def _list_items(parser: BlockParser, kind: str) -> tuple[list[_Item], bool]:
    """The items, and whether an end-of-block marker ended the list."""
    source, size = parser.source, len(parser.source)
    items: list[_Item] = []
    start = _STARTS[kind][3]
    nested = after_blank = False
    while parser.place < size:
        if after_blank and HORIZONTAL_RULE.match(source, parser.place):
            break
        if source[parser.place] == "^" and (end := END_OF_BLOCK.match(source, parser.place)):
            parser.place = end.end()
            return items, True
        if match := start.match(source, parser.place):
            parser.place = match.end()
            item = _start_item("li", match[1], match[2])
            items.append(item)
            start = _STARTS[kind][_spaces_before(item.indentation)]
            nested = _LIST_START.match(item.parts[0][0]) is not None
            after_blank = False
            continue
        line, end_of_line = parser.line_at(parser.place)
        if not line.strip(WHITE):
            blank = BLANK_LINES.match(source, parser.place)
            end_of_line = blank.end() if blank else end_of_line
            items[-1].add(source[parser.place : end_of_line])
            nested = after_blank = True
        elif _continues(parser, items[-1].indentation, after_blank=after_blank):
            nested = _add_line(items[-1], line, nested=nested)
            after_blank = False
        else:
            break
        parser.place = end_of_line
    return items, False


def _spaces_before(indentation: int) -> int:
    return min(indentation, 4) - 1


def _add_line(item: _Item, line: str, *, nested: bool) -> bool:
    """Returns whether the item is known to hold a list."""
    line, found = _unindented(line, item.indentation)
    if found != nested and _LIST_START.match(line):
        if nested:
            line = " " * (item.indentation + 4) + line
        else:
            item.parts.append([])
            nested = True
    item.add(line)
    return nested


def _finish_item(item: Node, parent: Node, *, ended: bool) -> Node | None:
    """Decides whether the first paragraph is written as one; returns the blank line behind the item."""
    children = item.children
    first = children[0]
    if isinstance(first, Paragraph):
        second = children[1] if len(children) > 1 else None
        if isinstance(second, Node) and second.kind == "eob" and first.ial is not None:
            del children[1]
            second = children[1] if len(children) > 1 else None
        blank_follows = isinstance(second, Node) and second.kind == "blank"
        is_last = item is parent.children[-1]
        if (not blank_follows or (is_last and len(children) == 2 and not ended)) and (
            not is_last or len(parent.children) == 1 or _has_tight_item(parent)
        ):
            if second is not None and not blank_follows:
                first.parts.append("\n")
            first.loose = False
    last = children[-1]
    if isinstance(last, Node) and last.kind == "blank":
        children.pop()
        return last
    return None


def _has_tight_item(parent: Node) -> bool:
    """Whether an item before the last one has no paragraph in front, or one that is written without its tags."""
    for item in parent.children[:-1]:
        first = item.children[0] if isinstance(item, Node) and item.children else None
        if not isinstance(first, Paragraph) or not first.loose:
            return True
    return False


def _mark_tasks(parent: Node) -> None:
    is_task_list = False
    for item in parent.children:
        first = item.children[0] if isinstance(item, Node) and item.children else None
        if not isinstance(item, Node) or not isinstance(first, Paragraph):
            continue
        if task := _TASK.match(first.text):
            checked = "" if task[1] == " " else ' checked="checked"'
            first.parts = [_BOX.format(checked=checked) + first.text[task.end() :]]
            is_task_list = True
        if is_task_list:
            item.attribute_map()["class"] = "task-list-item"
    if is_task_list:
        parent.attribute_map()["class"] = "task-list"


def read_definition_list(parser: BlockParser) -> bool:
    """The paragraph before the definitions holds the terms, one a line."""
    if not parser.can_nest() or not _STARTS["dl"][3].match(parser.source, parser.place):
        return False
    children = parser.parent.children
    terms = children[-1] if children else None
    blank_between = False
    if isinstance(terms, Node) and terms.kind == "blank" and terms.value == "\n" and len(children) > 1:
        terms, blank_between = children[-2], True
    if not isinstance(terms, Paragraph):
        return False
    del children[-2 if blank_between else -1 :]
    node = Node("dl")
    parser.pending = None
    node.ial = terms.ial
    node.children.extend(_terms(terms.text))
    items = _definitions(parser, first_is_loose=blank_between)
    node.children.extend(item.node for item, _ in items)
    blank: Node | None = None
    for item, loose in items:
        parser.parse(item.node, "".join(item.parts[0]))
        if item.node.children:
            blank = _finish_definition(item.node, loose=loose)
    _append_definition_list(parser, node)
    if blank is not None:
        children.append(blank)
    return True


def _terms(text: str) -> list[Node]:
    nodes = []
    for line in text.rstrip("\n").split("\n"):
        node = Node("dt")
        attributes = _ITEM_ATTRIBUTES.match(line)
        if attributes:
            node.ial = read_attribute_list(attributes[1], AttributeList())
            line = line[attributes.end() :]
        node.value = line
        nodes.append(node)
    return nodes


def _definitions(parser: BlockParser, *, first_is_loose: bool) -> list[tuple[_Item, bool]]:
    source, size = parser.source, len(parser.source)
    items: list[tuple[_Item, bool]] = []
    start, loose, after_blank = _STARTS["dl"][3], first_is_loose, False
    while parser.place < size:
        if match := start.match(source, parser.place):
            item = _start_item("dd", match[1], match[2])
            items.append((item, loose))
            start = _STARTS["dl"][_spaces_before(item.indentation)]
            parser.place = match.end()
            loose = after_blank = False
            continue
        if END_OF_BLOCK.match(source, parser.place):
            break
        line, end = parser.line_at(parser.place)
        item = items[-1][0]
        if not line.strip(WHITE):
            blank = BLANK_LINES.match(source, parser.place)
            end = blank.end() if blank else end
            item.add(source[parser.place : end])
            loose = after_blank = True
        elif _continues(parser, item.indentation, after_blank=after_blank):
            item.add(_unindented(line, item.indentation)[0])
            loose = after_blank = False
        else:
            break
        parser.place = end
    return items


def _finish_definition(item: Node, *, loose: bool) -> Node | None:
    children = item.children
    last = children[-1]
    blank = last if isinstance(last, Node) and last.kind == "blank" else None
    if blank is not None:
        children.pop()
    first = children[0] if children else None
    if isinstance(first, Paragraph) and not loose:
        if len(children) > 1:
            first.parts.append("\n")
        first.loose = False
    return blank


def _append_definition_list(parser: BlockParser, node: Node) -> None:
    """Definitions that follow others, perhaps after a blank line, belong to the same list."""
    children = parser.parent.children
    last = children[-1] if children else None
    if isinstance(last, Node) and last.kind == "blank" and len(children) > 1:
        before = children[-2]
        if isinstance(before, Node) and before.kind == "dl":
            children.pop()
            last = before
    if isinstance(last, Node) and last.kind == "dl":
        last.children.extend(node.children)
    else:
        children.append(node)
