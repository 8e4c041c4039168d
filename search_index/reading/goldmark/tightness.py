"""Lists whose items are held apart by nothing but a table or a definition list: goldmark calls them tight.

Source: goldmark 1.5, ``parser/list.go``; what a paragraph is transformed into has forgotten the blank line before.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it.token import Token

_LISTS = ("bullet_list", "ordered_list")
_TRANSFORMED = frozenset({"table_open", "definitions_open"})


@dataclass(slots=True)
class _List:
    level: int
    items: int = 0
    blocks: int = 0
    loose: bool = False
    spared: bool = False
    paragraphs: list[int] = field(default_factory=list)


def tighten(tokens: list[Token], source: str) -> None:
    """Hide the paragraphs of such lists; ``source`` is what the tokens' line numbers refer to."""
    if not any(token.type in _TRANSFORMED and token.level > 1 for token in tokens):
        return
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lists: list[_List] = []
    for at, token in enumerate(tokens):
        if token.type.startswith(_LISTS):
            if token.nesting > 0:
                _note_block(lists, token, at, lines)
                lists.append(_List(token.level))
            else:
                _close(lists.pop(), tokens)
        elif token.type == "list_item_open" and lists:
            lists[-1].loose = lists[-1].loose or (lists[-1].items > 0 and _is_behind_blank(token, lines))
            lists[-1].items += 1
            lists[-1].blocks = 0
        else:
            _note_block(lists, token, at, lines)


def _note_block(lists: list[_List], token: Token, at: int, lines: list[str]) -> None:
    if not lists or token.nesting < 0 or token.level != lists[-1].level + 2:
        return
    around = lists[-1]
    if around.blocks and _is_behind_blank(token, lines):
        if token.type in _TRANSFORMED:
            around.spared = True
        else:
            around.loose = True
    around.blocks += 1
    if token.type == "paragraph_open":
        around.paragraphs.append(at)


def _close(closed: _List, tokens: list[Token]) -> None:
    if closed.spared and not closed.loose:
        for at in closed.paragraphs:
            tokens[at].hidden = tokens[at + 2].hidden = True


def _is_behind_blank(token: Token, lines: list[str]) -> bool:
    line = token.map[0] if token.map else 0
    return 0 < line <= len(lines) and not lines[line - 1].strip(" \t>")
