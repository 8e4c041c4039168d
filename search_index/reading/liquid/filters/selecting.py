"""Jekyll's filters that choose, sort and group by a property or an expression (``jekyll/filters.rb``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cmp_to_key

from liquid.exceptions import LiquidSyntaxError
from liquid.expression import Expression

from search_index.reading.liquid import expressions, ruby
from search_index.reading.liquid.budget import Group
from search_index.reading.liquid.context import LiquidContext
from search_index.reading.liquid.filters.arrays import part
from search_index.reading.liquid.filters.calling import calls

_INTEGER_LIKE = re.compile(r"\s*-?[0-9]+\s*", re.ASCII)
_FLOAT_LIKE = re.compile(r"\s*-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)\s*", re.ASCII)
_READING_COST = 8
_LONGEST_NUMBER = 100


def property_of(item: object, name: object) -> object:
    """The item's property, ``a.b`` reaching inward; a text that looks like a number is one."""
    found: object = item
    for step in ruby.to_s(name).split("."):
        if found is None or isinstance(found, bool):
            return None
        found = part(found, step)
    if not isinstance(found, str) or len(found) > _LONGEST_NUMBER:
        return found
    if _INTEGER_LIKE.fullmatch(found):
        return int(found)
    return float(found) if _FLOAT_LIKE.fullmatch(found) else found


def _is_target(value: object, target: object) -> bool:
    if target is None:
        return value is None
    if isinstance(target, ruby.MethodLiteral):
        return value is None or value == "" or value == []
    wanted = ruby.to_s(target)
    if isinstance(value, str):
        return value == wanted
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return any(ruby.to_s(item) == wanted for item in listed)


def _selectable(value: object) -> list[object] | None:
    """The items to choose from; None for a value that the filters give back."""
    match value:
        case list():
            return value
        case range():
            return list(value)
        case Mapping():
            return list(value.values())
        case _:
            return None


def where(value: object, name: object, target: object) -> object:
    items = _selectable(value)
    if items is None or not ruby.truthy(name) or isinstance(target, list | Mapping):
        return value
    return [item for item in items if _is_target(property_of(item, name), target)]


def find(value: object, name: object, target: object) -> object:
    items = _selectable(value)
    if items is None or not ruby.truthy(name) or isinstance(target, list | Mapping):
        return value
    return next((item for item in items if _is_target(property_of(item, name), target)), None)


def where_exp(context: LiquidContext, value: object, variable: object, expression: object) -> object:
    items = _selectable(value)
    if items is None:
        return value
    condition = _condition(context, expression)
    return [item for item, holds in _evaluated(context, items, variable, condition) if ruby.truthy(holds)]


def find_exp(context: LiquidContext, value: object, variable: object, expression: object) -> object:
    items = _selectable(value)
    if items is None:
        return value
    found = _evaluated(context, items, variable, _condition(context, expression))
    return next((item for item, holds in found if ruby.truthy(holds)), None)


def _condition(context: LiquidContext, expression: object) -> Expression:
    context.rendering.budget.spend(_READING_COST)
    try:
        return expressions.strict_condition(ruby.to_s(expression))
    except LiquidSyntaxError as error:
        raise ruby.wrong(f"an expression cannot be read: {error.args[0]}", "write it as for `if`") from None


def _evaluated(
    context: LiquidContext, items: list[object], variable: object, expression: Expression
) -> Iterator[tuple[object, object]]:
    """Each item with what the expression gives while ``variable`` is the item."""
    budget = context.rendering.budget
    variables: dict[str, object] = {}
    with context.extend(variables):
        for item in items:
            budget.spend(1)
            variables[ruby.to_s(variable)] = item
            yield item, expression.evaluate(context)


def group_by(value: object, name: object) -> object:
    if not isinstance(value, list | range | Mapping):
        return value
    items = _groupable(value)
    return _grouped([(item, ruby.to_s(property_of(item, name))) for item in items])


def group_by_exp(context: LiquidContext, value: object, variable: object, expression: object) -> object:
    if not isinstance(value, list | range | Mapping):
        return value
    try:
        filtered = expressions.filtered(ruby.to_s(expression))
    except LiquidSyntaxError as error:
        raise ruby.wrong(f"an expression cannot be read: {error.args[0]}", "write it shorter") from None
    return _grouped(list(_evaluated(context, _groupable(value), variable, filtered)))


def _groupable(value: list[object] | range | Mapping[object, object]) -> list[object]:
    return [[key, inner] for key, inner in value.items()] if isinstance(value, Mapping) else list(value)


def _grouped(named: list[tuple[object, object]]) -> list[object]:
    groups: dict[object, tuple[object, list[object]]] = {}
    for item, name in named:
        groups.setdefault(ruby.identity(name), (name, []))[1].append(item)
    return [Group(name, items) for name, items in groups.values()]


def sort(value: object, name: object = None, nils: object = "first") -> object:
    """By a property, those without it first or last; without a property by the items themselves."""
    if value is None:
        raise ruby.wrong("nil cannot be sorted", "check the list with `if`")
    if nils not in ("first", "last"):
        raise ruby.wrong(f"`sort` knows no order {ruby.to_s(nils)[:40]!r} of nils", "write `first` or `last`")
    if not isinstance(value, list | range | Mapping):
        raise ruby.wrong("this cannot be sorted", "give a list")
    items = _groupable(value)
    if name is None:
        return ruby.ordered(items, _strictly)
    order = _by_property(-1 if nils == "first" else 1)
    found = [property_of(item, name) for item in items]

    def compare(one: int, other: int) -> int:
        return order(found[one], found[other])

    return [items[place] for place in sorted(range(len(items)), key=cmp_to_key(compare))]


def _strictly(one: object, other: object) -> int:
    found = ruby.order(one, other)
    if found is None:
        raise ruby.wrong(
            f"{ruby.inspect(one)[:40]} and {ruby.inspect(other)[:40]} are in no order", "sort by a property"
        )
    return found


def _by_property(nil_order: int) -> Callable[[object, object], int]:
    def compare(one: object, other: object) -> int:
        if (one is None) != (other is None):
            return nil_order if one is None else -nil_order
        found = ruby.order(one, other)
        if found is None:
            found = ruby.order(ruby.to_s(one), ruby.to_s(other))
        return found or 0

    return compare


FILTERS = (
    *calls({"where": where, "find": find, "group_by": group_by, "sort": sort}),
    *calls({"where_exp": where_exp, "find_exp": find_exp, "group_by_exp": group_by_exp}, with_context=True),
)
