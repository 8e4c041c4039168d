"""Liquid's loops: ``for``, ``tablerow``, ``cycle``, ``break`` and ``continue``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from liquid import Token, TokenStream
from liquid.ast import BlockNode, Node
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForLoop
from liquid.builtin.tags.tablerow_tag import TableRow
from liquid.exceptions import BreakLoop, ContinueLoop, LiquidInterrupt
from liquid.tag import Tag

from search_index.reading.liquid import expressions, ruby
from search_index.reading.liquid.context import rendering_of
from search_index.reading.liquid.expressions import Cycle, Loop
from search_index.reading.liquid.guarded import Guarded
from search_index.reading.liquid.tags import block, opening, rendered, without_blank_text

if TYPE_CHECKING:
    from liquid import RenderContext


class _Turns(ForLoop):
    """``forloop``; going through it does not turn the loop."""

    def __iter__(self) -> Iterator[str]:
        return iter(())


class _Cells(TableRow):
    """``tablerowloop``."""

    def __iter__(self) -> Iterator[str]:
        return iter(())


class ForNode(Guarded):
    __slots__ = ("body", "default", "loop")

    def __init__(self, token: Token, loop: Loop, body: BlockNode, default: BlockNode | None) -> None:
        super().__init__(token)
        self.loop = loop
        self.body = body
        self.default = default
        self.blank = body.blank and (default is None or default.blank)

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        items = self._items(context)
        length = _length(items)
        if not length:
            return self.default.render(context, buffer) if self.default else 0
        parent = context.loops[-1] if context.loops else None
        turns = _Turns(self.loop.name, iter(items), length, parent)
        variables: dict[str, object] = {"forloop": turns}
        budget = rendering_of(context).budget
        written = 0
        with context.loop(variables, turns):
            for item in items:
                budget.spend(1)
                turns.step()
                variables[self.loop.variable] = item
                try:
                    written += self.body.render(context, buffer)
                except ContinueLoop:
                    continue
                except BreakLoop:
                    break
        return written

    def _items(self, context: RenderContext) -> Sequence[object]:
        first = context.stopindex(self.loop.name) if self.loop.continues else _number(self.loop, "offset", context) or 0
        limit = _number(self.loop, "limit", context)
        items = sliced(self.loop.items.evaluate(context), first, limit)
        context.stopindex(self.loop.name, first + _length(items))
        if self.loop.backwards:
            return items[::-1]
        return items


def _number(loop: Loop, name: str, context: RenderContext) -> int | None:
    """The attribute as a number; None where it is not given, or nil."""
    value = loop.attributes[name].evaluate(context) if name in loop.attributes else None
    return None if value is None else ruby.to_integer(value)


def listed(value: object) -> Sequence[object]:
    """What a loop goes through: the items of a list, the pairs of a hash, a text as one item."""
    match value:
        case list() | range():
            return value
        case Mapping():
            return [[key, inner] for key, inner in value.items()]
        case str() if value:
            return [value]
        case _:
            return []


def sliced(value: object, first: int, limit: int | None) -> Sequence[object]:
    """``limit`` of the items from ``first`` on; one before the beginning counts as empty places. A text stays whole."""
    items = listed(value)
    if isinstance(value, str):
        return items
    return items[max(first, 0) : None if limit is None else max(first + limit, 0)]


def _length(items: Sequence[object]) -> int:
    """The length, of a huge range too."""
    return max(0, items.stop - items.start) if isinstance(items, range) and items.step == 1 else len(items)


class ForTag(Tag):
    name = "for"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        body = block(self, stream, "else", "endfor")
        default = block(self, stream, "endfor") if stream.current.is_tag("else") else None
        node = ForNode(token, expressions.loop(markup), body, default)
        if node.blank:
            without_blank_text(body, *([default] if default else []))
        return node


class TableRowNode(Guarded):
    """A table; ``break`` and ``continue`` end a cell, and what is around the table once that is whole."""

    __slots__ = ("body", "loop")

    def __init__(self, token: Token, loop: Loop, body: BlockNode) -> None:
        super().__init__(token)
        self.loop = loop
        self.body = body
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.loop.items.evaluate(context)
        if not ruby.truthy(value):
            return 0
        first, limit, columns = (self._whole(name, context) for name in ("offset", "limit", "cols"))
        items = sliced(value, first or 0, limit)
        table = _Cells(self.loop.variable, iter(items), _length(items), columns or 0)
        budget = rendering_of(context).budget
        variables: dict[str, object] = {"tablerowloop": table}
        buffer.write('<tr class="row1">\n')
        interrupted: LiquidInterrupt | None = None
        with context.extend(variables):
            for item in items:
                budget.spend(1)
                table.step()
                variables[self.loop.variable] = item
                buffer.write(f'<td class="col{table.col}">')
                interrupted = rendered(self.body, context, buffer) or interrupted
                buffer.write("</td>")
                if table.col_last and not table.last:
                    buffer.write(f'</tr>\n<tr class="row{table.row + 1}">')
        buffer.write("</tr>\n")
        if interrupted:
            raise interrupted
        return 0

    def _whole(self, name: str, context: RenderContext) -> int | None:
        attribute = self.loop.attributes.get(name)
        return None if attribute is None else ruby.to_i(attribute.evaluate(context))


class TableRowTag(Tag):
    name = "tablerow"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return TableRowNode(token, expressions.rows(markup), block(self, stream, "endtablerow"))


class CycleNode(Guarded):
    __slots__ = ("cycle",)

    def __init__(self, token: Token, cycle: Cycle) -> None:
        super().__init__(token)
        self.cycle = cycle
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        cycle = self.cycle
        if cycle.name:
            key: object = ruby.identity(cycle.name.evaluate(context))
        else:
            key = ("values", cycle.key) if cycle.key is not None else ("place", id(self))
        turn = context.cycle(key, len(cycle.values))
        value = cycle.values[turn].evaluate(context) if turn < len(cycle.values) else None
        return buffer.write(ruby.output(value))


class CycleTag(Tag):
    name = "cycle"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return CycleNode(token, expressions.cycle(markup))


class BreakTag(Tag):
    name = "break"

    def parse(self, stream: TokenStream) -> Node:
        token, _ = opening(stream)
        node = BreakNode(token)
        node.blank = False
        return node


class ContinueTag(Tag):
    name = "continue"

    def parse(self, stream: TokenStream) -> Node:
        token, _ = opening(stream)
        node = ContinueNode(token)
        node.blank = False
        return node


TAGS: tuple[type[Tag], ...] = (ForTag, TableRowTag, CycleTag, BreakTag, ContinueTag)
