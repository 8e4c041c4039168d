"""Emphasis, strong emphasis and strikethrough: runs of ``*``, ``_`` and ``~``.

Source: CommonMark 0.30, section 6.2; goldmark 1.5, ``parser/delimiter.go`` and ``extension/strikethrough.go``
(a run of tildes has two at least, and is matched as asterisks are).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

from search_index.reading.goldmark.characters import is_cjk, is_delimiting, is_space

_TILDE = ord("~")


@dataclass(frozen=True, slots=True)
class DelimiterRule:
    """Pushes each mark of a run as a text token; ``pair_marks`` makes tags of those that match."""

    strikethrough: bool
    cjk_friendly: bool

    def __call__(self, state: StateInline, silent: bool) -> bool:
        source, start = state.src, state.pos
        mark = source[start]
        if silent or mark not in "*_~":
            return False
        end = start + 1
        while end < state.posMax and source[end] == mark:
            end += 1
        if mark == "~" and (not self.strikethrough or end - start == 1):
            return False
        opens, closes = self._flanking(mark, source[start - 1] if start else " ", source[end : end + 1] or " ")
        for _ in range(end - start):
            token = state.push("text", "", 0)
            token.content = mark
            state.delimiters.append(Delimiter(ord(mark), end - start, len(state.tokens) - 1, -1, opens, closes))
        state.pos = end
        return True

    def _flanking(self, mark: str, before: str, after: str) -> tuple[bool, bool]:
        """Whether the run may open, and whether it may close."""
        space_before, space_after = is_space(before), is_space(after)
        mark_before, mark_after = is_delimiting(before), is_delimiting(after)
        lenient_before, lenient_after = mark_before, mark_after
        if self.cjk_friendly:
            cjk_before, cjk_after = is_cjk(before), is_cjk(after)
            mark_before, mark_after = mark_before and not cjk_before, mark_after and not cjk_after
            lenient_before, lenient_after = mark_before or cjk_before, mark_after or cjk_after
        left = not space_after and (not mark_after or space_before or lenient_before)
        right = not space_before and (not mark_before or space_after or lenient_after)
        if mark == "_":
            return left and (not right or mark_before), right and (not left or mark_after)
        return left, right


def pair_marks(state: StateInline) -> None:
    """Make tags of the marks that ``balance_pairs`` has matched."""
    _pair(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pair(state, meta["delimiters"])


def _pair(state: StateInline, delimiters: list[Delimiter]) -> None:
    for outer, inner in _pairs(delimiters):
        opener, closer = delimiters[inner], delimiters[delimiters[inner].end]
        name = "s" if opener.marker == _TILDE else "em" if outer is None else "strong"
        for delimiter, part, nesting in ((opener, "open", 1), (closer, "close", -1)):
            token = state.tokens[delimiter.token]
            token.type, token.nesting, token.content = f"{name}_{part}", 1 if nesting == 1 else -1, ""
        if outer is not None:
            state.tokens[delimiters[outer].token].content = ""
            state.tokens[delimiters[delimiters[outer].end].token].content = ""


def _pairs(delimiters: list[Delimiter]) -> Iterator[tuple[int | None, int]]:
    """Openers that are matched, from the last: alone, or with the adjacent one that makes the pair a double one."""
    at = len(delimiters) - 1
    while at >= 0:
        opener = delimiters[at]
        if opener.end == -1:
            at -= 1
        elif at > 0 and _is_double(delimiters, at):
            yield at - 1, at
            at -= 2
        else:
            yield None, at
            at -= 1


def _is_double(delimiters: list[Delimiter], at: int) -> bool:
    inner, outer = delimiters[at], delimiters[at - 1]
    return (
        outer.end == inner.end + 1
        and outer.marker == inner.marker
        and outer.token == inner.token - 1
        and delimiters[outer.end].token == delimiters[inner.end].token + 1
    )
