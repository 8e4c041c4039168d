"""Filters of lists (``liquid/standardfilters.rb``, ``jekyll/filters.rb``)."""

from __future__ import annotations

from collections.abc import Mapping

from search_index.reading.liquid import ruby
from search_index.reading.liquid.context import LiquidContext
from search_index.reading.liquid.filters.calling import calls


def items_of(value: object) -> list[object]:
    """What the list filters work on: a flat list, a range's numbers, one thing as a list of it."""
    match value:
        case list():
            return _flat(value)
        case range():
            return list(value)
        case None:
            return []
        case _:
            return [value]


def _flat(items: list[object]) -> list[object]:
    found: list[object] = []
    for item in items:
        if isinstance(item, list):
            found.extend(_flat(item))
        else:
            found.append(item)
    return found


def part(item: object, name: object) -> object:
    """Ruby's ``item[name]``. Raises ``LiquidFailure`` for what has no parts of that kind."""
    match item:
        case Mapping():
            return item.get(name)
        case str() if isinstance(name, str):
            return name if name in item else None
        case list() | str() if isinstance(name, int) and not isinstance(name, bool):
            return item[name] if -len(item) <= name < len(item) else None
        case _:
            raise ruby.wrong(
                f"{ruby.inspect(item)[:40]} has no {ruby.to_s(name)[:40]!r}", "look at what the list holds"
            )


def has_parts(item: object) -> bool:
    return isinstance(item, Mapping | str | list | int) and not isinstance(item, bool)


def size(value: object) -> object:
    match value:
        case str() | list() | Mapping():
            return len(value)
        case range():
            return value.stop - value.start
        case bool():
            return 0
        case int():
            return 8
        case _:
            return 0


def first(value: object) -> object:
    match value:
        case list():
            return value[0] if value else None
        case range():
            return value.start
        case Mapping():
            return next(([key, inner] for key, inner in value.items()), None)
        case _:
            return None


def last(value: object) -> object:
    match value:
        case list():
            return value[-1] if value else None
        case range():
            return value.stop - 1
        case _:
            return None


def joined(context: LiquidContext, value: object, glue: object = " ") -> object:
    items, between = items_of(value), ruby.to_s(glue)
    context.rendering.budget.made(len(items) * len(between))
    return ruby.join(items, between)


def naturally_sorted(value: object, name: object = None) -> object:
    """Without regard to case; nil comes last."""
    items = items_of(value)

    def key(item: object) -> object:
        return item if name is None else part(item, name)

    def compare(one: object, other: object) -> int:
        left, right = key(one), key(other)
        if left is None or right is None:
            return 1 if left is None else -1
        folded, other_folded = _folded(left), _folded(right)
        return (folded > other_folded) - (folded < other_folded)

    return ruby.ordered(items, compare) if name is None or all(map(has_parts, items)) else None


def _folded(value: object) -> str:
    """As Ruby's ``casecmp`` compares: only ASCII's letters have no case."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in ruby.to_s(value))


def unique(value: object, name: object = None) -> object:
    found: dict[object, object] = {}
    for item in items_of(value):
        found.setdefault(ruby.identity(item if name is None else part(item, name)), item)
    return list(found.values())


def reversed_items(value: object) -> object:
    return items_of(value)[::-1]


def mapped(value: object, name: object) -> object:
    return [part(item, name) if has_parts(item) else None for item in items_of(value)]


def compacted(value: object, name: object = None) -> object:
    return [item for item in items_of(value) if (item if name is None else part(item, name)) is not None]


def concatenated(value: object, other: object) -> object:
    if not isinstance(other, list):
        raise ruby.wrong("`concat` needs a list", "make one with `split`")
    return items_of(value) + other


def popped(value: object, number: object = 1) -> object:
    if not isinstance(value, list):
        return value
    return value[: max(0, len(value) - _count(number))]


def pushed(value: object, item: object) -> object:
    return [*value, item] if isinstance(value, list) else value


def shifted(value: object, number: object = 1) -> object:
    return value[_count(number) :] if isinstance(value, list) else value


def unshifted(value: object, item: object) -> object:
    return [item, *value] if isinstance(value, list) else value


def _count(number: object) -> int:
    count = ruby.to_integer(number)
    if count < 0:
        raise ruby.wrong("a number of items is negative", "give 1 or more")
    return count


def sampled(value: object, number: object = 1) -> object:
    """The first items: what is published must not change from one reading to the next."""
    if not isinstance(value, list):
        return value
    count = _count(number)
    return first(value) if count == 1 else value[:count]


def sentence(value: object, connector: object = "and") -> object:
    if isinstance(value, str) and len(value) <= 2:
        value = list(value)
    if value == {}:
        return ""
    if not isinstance(value, list):
        raise ruby.wrong("`array_to_sentence_string` needs a list", "make one with `split`")
    match value:
        case []:
            return ""
        case [only]:
            return ruby.to_s(only)
        case [one, other]:
            return f"{ruby.to_s(one)} {ruby.to_s(connector)} {ruby.to_s(other)}"
        case _:
            return f"{ruby.join(value[:-1], ', ')}, {ruby.to_s(connector)} {ruby.to_s(value[-1])}"


FILTERS = (
    *calls(
        {
            "size": size,
            "first": first,
            "last": last,
            "sort_natural": naturally_sorted,
            "uniq": unique,
            "reverse": reversed_items,
            "map": mapped,
            "compact": compacted,
            "concat": concatenated,
            "pop": popped,
            "push": pushed,
            "shift": shifted,
            "unshift": unshifted,
            "sample": sampled,
            "array_to_sentence_string": sentence,
        }
    ),
    *calls({"join": joined}, with_context=True),
)
