"""The values that tags and outputs name, as nodes to evaluate: literals, variables, filters, conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from liquid import Token
from liquid.expression import Expression
from liquid.token import TOKEN_EXPRESSION

from search_index.reading.liquid import ruby
from search_index.reading.liquid.context import rendering_of

if TYPE_CHECKING:
    from liquid import RenderContext

_NOWHERE = Token(TOKEN_EXPRESSION, "", -1, "")


class _Node(Expression):
    """An expression; where it stands is its tag's business."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_NOWHERE)

    def children(self) -> list[Expression]:
        return []


class Literal(_Node):
    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value

    def evaluate(self, _context: RenderContext) -> object:
        return self.value


class Range(_Node):
    __slots__ = ("first", "last")

    def __init__(self, first: Expression, last: Expression) -> None:
        super().__init__()
        self.first = first
        self.last = last

    def evaluate(self, context: RenderContext) -> range:
        first, last = _bound(self.first.evaluate(context)), _bound(self.last.evaluate(context))
        return range(first, max(first, last + 1))


def _bound(value: object) -> int:
    return ruby.to_i(value) if value is None or isinstance(value, str | int) else ruby.to_integer(value)


class Lookup(_Node):
    """A variable with what follows it: ``page.tags[0].size`` (``liquid/variable_lookup.rb``)."""

    __slots__ = ("name", "steps")

    def __init__(self, name: str | Expression | None, steps: tuple[str | Expression, ...]) -> None:
        super().__init__()
        self.name = name
        self.steps = steps

    def evaluate(self, context: RenderContext) -> object:
        name = self.name.evaluate(context) if isinstance(self.name, Expression) else self.name
        value = context.resolve(name, default=None) if isinstance(name, str) else None
        for step in self.steps:
            value = _property(value, step) if isinstance(step, str) else _item(value, step.evaluate(context))
            if value is None:
                return None
        return value


def _item(value: object, key: object) -> object:
    if isinstance(value, Mapping):
        return value.get(key) if isinstance(key, str | int) else None
    if isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool):
        return value[key] if -len(value) <= key < len(value) else None
    return None


def _property(value: object, name: str) -> object:
    if isinstance(value, Mapping):
        if name in value:
            return value[name]
        if name == "size" and isinstance(value, dict):
            return len(value)
        if name == "first":
            return next(([key, inner] for key, inner in value.items()), None)
        return None
    match name, value:
        case "size", str() | list():
            return len(value)
        case "size", bool():
            return None
        case "size", int():
            return 8
        case "size", range():
            return value.stop - value.start
        case "first", list():
            return value[0] if value else None
        case "last", list():
            return value[-1] if value else None
        case "first", range():
            return value.start
        case "last", range():
            return value.stop - 1
        case _:
            return None


@dataclass(frozen=True, slots=True)
class FilterCall:
    """One ``| name: arguments``; named arguments are given as a last one, a hash."""

    name: str
    arguments: tuple[Expression, ...]
    named: tuple[tuple[str, Expression], ...]

    def values(self, context: RenderContext) -> list[object]:
        values = [argument.evaluate(context) for argument in self.arguments]
        if self.named:
            values.append({name: value.evaluate(context) for name, value in self.named})
        return values


class Filtered(_Node):
    """A value that goes through filters."""

    __slots__ = ("filters", "value")

    def __init__(self, value: Expression, filters: tuple[FilterCall, ...]) -> None:
        super().__init__()
        self.value = value
        self.filters = filters

    def evaluate(self, context: RenderContext) -> object:
        value = self.value.evaluate(context)
        for call in self.filters:
            value = context.filter(call.name, None)(value, *call.values(context))
        return value


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison, and how the next one is joined to it: ``and``, ``or``, or "" at the end."""

    left: Expression
    operator: str
    right: Expression
    joined: str = ""


class Condition(_Node):
    """Comparisons read from the left; the first that settles it ends it (``liquid/condition.rb``)."""

    __slots__ = ("comparisons",)

    def __init__(self, comparisons: tuple[Comparison, ...]) -> None:
        super().__init__()
        self.comparisons = comparisons

    def evaluate(self, context: RenderContext) -> bool:
        holds = False
        for comparison in self.comparisons:
            left = comparison.left.evaluate(context)
            if comparison.operator:
                holds = compare(left, comparison.operator, comparison.right.evaluate(context), context)
            else:
                holds = ruby.truthy(left)
            if holds == (comparison.joined == "or"):
                break
        return holds


def compare(left: object, operator: str, right: object, context: RenderContext) -> bool:
    """One comparison as Ruby makes it: nil, lists and hashes are in no order; a number and a text are an error."""
    if operator in ("==", "!=", "<>"):
        return _equal(left, right, context) == (operator == "==")
    if operator == "contains":
        return _contains(left, right, context)
    if any(
        value is None or isinstance(value, bool | list | Mapping | range | ruby.MethodLiteral)
        for value in (left, right)
    ):
        return False
    found = ruby.order(left, right)
    if found is None:
        raise ruby.wrong(f"{ruby.inspect(left)[:40]} and {ruby.inspect(right)[:40]} are in no order", "compare alike")
    return _ORDERS[operator](found)


_ORDERS: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
OPERATORS = frozenset((*_ORDERS, "==", "!=", "<>", "contains"))


def _equal(left: object, right: object, context: RenderContext) -> bool:
    literal, other = (left, right) if isinstance(left, ruby.MethodLiteral) else (right, left)
    if isinstance(literal, ruby.MethodLiteral):
        return literal is ruby.EMPTY and isinstance(other, str | list | dict) and not other
    weigh(context, left)
    return ruby.equal(left, right)


def _contains(left: object, right: object, context: RenderContext) -> bool:
    if not ruby.truthy(left) or not ruby.truthy(right):
        return False
    weigh(context, left)
    if isinstance(left, str):
        return ruby.to_s(right) in left
    if isinstance(left, list):
        return any(ruby.equal(item, right) for item in left)
    if isinstance(left, range):
        return isinstance(right, int) and right in left
    return isinstance(left, Mapping) and isinstance(right, str | int) and right in left


def weigh(context: RenderContext, value: object) -> None:
    """Let the rendering pay for looking through ``value``."""
    rendering_of(context).budget.weigh(value)
