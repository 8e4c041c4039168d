"""The markup within tags and outputs, as values to evaluate.

Liquid reads it strictly first, and loosely where that fails (``liquid/parser_switching.rb``): the strict reading only
tells where expressions begin and end, each is then read by the rules of ``liquid/expression.rb``. Reading the same
markup again costs a look-up. A markup with no possible reading raises ``LiquidSyntaxError``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from liquid.exceptions import LiquidSyntaxError
from liquid.expression import Expression

from search_index.reading.liquid import ruby
from search_index.reading.liquid.evaluation import (
    OPERATORS,
    Comparison,
    Condition,
    FilterCall,
    Filtered,
    Literal,
    Lookup,
    Range,
)
from search_index.reading.liquid.lexing import (
    ATTRIBUTE,
    FRAGMENT,
    FRAGMENTS,
    Tokens,
    filter_parts,
    lookups,
    tokens,
)

_INTEGER = re.compile(r"-?[0-9]+")
_FLOAT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)[0-9.]*")
_RANGE = re.compile(r"\(\s*(?>(\S+)\s*\.\.)\s*(\S+)\s*\)", re.ASCII)
_COMPARISON = re.compile(rf"({FRAGMENT})\s*([=!<>a-z_]+)?\s*({FRAGMENT})?", re.ASCII)
_LOOP = re.compile(rf"([\w-]+)\s+in\s+({FRAGMENTS})\s*(reversed)?", re.ASCII)
_ROWS = re.compile(rf"(?<!\w)(\w+)\s+in\s+({FRAGMENTS})", re.ASCII)
_NAME = re.compile(r"(?:\(?[\w\-.\[\]]\)?)+", re.ASCII)
_SEPARATED = re.compile(r"\s+or\s+|\s*,\s*", re.ASCII)
_NAMED_CYCLE = re.compile(r"""("[^"]*"|'[^']*'|[^\s,|'"]+)\s*:\s*(.*)""", re.ASCII | re.DOTALL)
_ANY = re.compile(FRAGMENT, re.ASCII)
_LONGEST_MARKUP = 20_000
_MOST_DIGITS = 300
_KEPT = 4_096

NIL = Literal(None)
_LITERALS: dict[str, Expression] = {
    **{"": NIL, "nil": NIL, "null": NIL, "true": Literal(True), "false": Literal(False)},
    **{"empty": Literal(ruby.EMPTY), "blank": Literal(ruby.BLANK)},
}


@dataclass(frozen=True, slots=True)
class Loop:
    """What ``for`` and ``tablerow`` say: ``item in items limit: 2 offset: 1 reversed cols: 3``."""

    variable: str
    items: Expression
    name: str
    backwards: bool
    attributes: Mapping[str, Expression]
    continues: bool
    """``offset: continue``."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """What ``cycle`` says; cycles of the same ``key`` take turns, one without a key stands alone."""

    name: Expression | None
    values: tuple[Expression, ...]
    key: str | None


@lru_cache(_KEPT)
def expression(markup: str) -> Expression:
    """A single value: a literal, a range, or a variable (``liquid/expression.rb``). Never fails."""
    markup = markup.strip(ruby.WHITESPACE)
    if markup[:1] in ("'", '"') and markup.endswith(markup[0]):
        return Literal(markup[1:-1])
    if markup in _LITERALS:
        return _LITERALS[markup]
    if _INTEGER.fullmatch(markup):
        return Literal(int(markup)) if len(markup) <= _MOST_DIGITS else NIL
    if found := _RANGE.fullmatch(markup):
        return Range(_literal_bound(expression(found.group(1))), _literal_bound(expression(found.group(2))))
    if len(markup) > 1 and markup[-1] in "0123456789." and (found := _FLOAT.fullmatch(markup)):
        return Literal(float(found.group(1))) if len(markup) <= _MOST_DIGITS else NIL
    parts = lookups(markup)
    if not parts:
        return NIL
    name = expression(parts[0][1:-1]) if parts[0].startswith("[") else parts[0]
    steps = (expression(part[1:-1]) if part.startswith("[") else part for part in parts[1:])
    return Lookup(name, tuple(steps))


def _literal_bound(bound: Expression) -> Expression:
    """A fraction that is written out is cut; one that a variable holds is an error."""
    return Literal(int(bound.value)) if isinstance(bound, Literal) and isinstance(bound.value, float) else bound


@lru_cache(_KEPT)
def filtered(markup: str) -> Filtered:
    """A value with filters (``liquid/variable.rb``)."""
    _check_length(markup)
    try:
        return _strictly_filtered(tokens(markup))
    except LiquidSyntaxError:
        return _loosely_filtered(markup)


def _strictly_filtered(stream: Tokens) -> Filtered:
    if stream.at_end():
        return Filtered(NIL, ())
    value = expression(stream.expression())
    filters = []
    while stream.took("|"):
        name = stream.take("name")
        arguments: list[str] = []
        if stream.took(":"):
            arguments.append(stream.argument())
            while stream.took(","):
                arguments.append(stream.argument())
        filters.append(_filter_call(name, arguments))
    stream.take("end")
    return Filtered(value, tuple(filters))


def _loosely_filtered(markup: str) -> Filtered:
    first = _ANY.search(markup)
    if not first:
        return Filtered(NIL, ())
    calls = (_filter_call(name, arguments) for name, arguments in filter_parts(markup[first.end() :]))
    return Filtered(expression(first.group()), tuple(calls))


def _filter_call(name: str, arguments: list[str]) -> FilterCall:
    plain, named = [], []
    for argument in arguments:
        if attribute := ATTRIBUTE.fullmatch(argument):
            named.append((attribute.group(1), expression(attribute.group(2))))
        else:
            plain.append(expression(argument))
    return FilterCall(name, tuple(plain), tuple(dict(named).items()))


@lru_cache(_KEPT)
def condition(markup: str) -> Condition:
    """What ``if``, ``unless`` and ``elsif`` say (``liquid/tags/if.rb``)."""
    _check_length(markup)
    try:
        return strict_condition(markup)
    except LiquidSyntaxError:
        return _loose_condition(markup)


@lru_cache(_KEPT)
def strict_condition(markup: str) -> Condition:
    """A condition that must be well-formed: that of ``where_exp`` and ``find_exp``."""
    stream = tokens(markup)
    comparisons: list[Comparison] = []
    while True:
        left, operator = expression(stream.expression()), ""
        right: Expression = NIL
        if stream.looks("comparison"):
            operator = stream.take("comparison")
            right = expression(stream.expression())
        joined = stream.took_name("and") or stream.took_name("or")
        comparisons.append(Comparison(left, operator, right, joined))
        if not joined:
            break
    stream.take("end")
    return Condition(tuple(comparisons))


def _loose_condition(markup: str) -> Condition:
    comparisons: list[Comparison] = []
    for part, joined in _parts_of_condition(markup):
        found = _COMPARISON.search(part)
        if not found:
            raise _unreadable(markup)
        left, operator, right = found.groups()
        if operator and operator not in OPERATORS:
            raise LiquidSyntaxError(f"`{operator}` is no comparison", token=None)
        comparisons.append(Comparison(expression(left), operator or "", expression(right or ""), joined))
    return Condition(tuple(comparisons))


_WORD = re.compile(rf"{FRAGMENT}|\S+", re.ASCII)


def _parts_of_condition(markup: str) -> list[tuple[str, str]]:
    """The stretches between ``and`` and ``or``, each with the word after it."""
    parts: list[tuple[str, str]] = []
    start = 0
    for word in _WORD.finditer(markup):
        if word.group() in ("and", "or"):
            parts.append((markup[start : word.start()], word.group()))
            start = word.end()
    parts.append((markup[start:], ""))
    return parts


@lru_cache(_KEPT)
def loop(markup: str) -> Loop:
    """What ``for`` says (``liquid/tags/for.rb``)."""
    _check_length(markup)
    try:
        return _strict_loop(tokens(markup))
    except LiquidSyntaxError:
        found = _LOOP.match(markup)
        if not found:
            raise LiquidSyntaxError("`for` is not written as `for item in items`", token=None) from None
        attributes = {name: value for name, value in ATTRIBUTE.findall(markup) if name in ("limit", "offset")}
        return _loop(found.group(1), found.group(2), bool(found.group(3)), attributes)


def _strict_loop(stream: Tokens) -> Loop:
    variable = stream.take("name")
    if not stream.took_name("in"):
        raise LiquidSyntaxError("`in` is missing", token=None)
    items = stream.expression()
    backwards = bool(stream.took_name("reversed"))
    attributes: dict[str, str] = {}
    while stream.looks("name"):
        attribute = stream.took_name("limit") or stream.took_name("offset")
        if not attribute:
            raise LiquidSyntaxError("`for` knows `limit:` and `offset:`", token=None)
        stream.take(":")
        attributes[attribute] = stream.expression()
    stream.take("end")
    return _loop(variable, items, backwards, attributes)


def _loop(variable: str, items: str, backwards: bool, attributes: Mapping[str, str]) -> Loop:
    continues = attributes.get("offset") == "continue"
    values = {name: expression(value) for name, value in attributes.items()}
    return Loop(variable, expression(items), f"{variable}-{items}", backwards, values, continues)


@lru_cache(_KEPT)
def rows(markup: str) -> Loop:
    """What ``tablerow`` says (``liquid/tags/table_row.rb``)."""
    _check_length(markup)
    found = _ROWS.search(markup)
    if not found:
        raise LiquidSyntaxError("`tablerow` is not written as `tablerow item in items`", token=None)
    return _loop(found.group(1), found.group(2), False, dict(ATTRIBUTE.findall(markup)))


@lru_cache(_KEPT)
def assignment(markup: str) -> tuple[str, Filtered]:
    """The name and the value of ``assign`` (``liquid/tags/assign.rb``)."""
    _check_length(markup)
    before, equals, after = markup.partition("=")
    name = _last_name(before.rstrip(ruby.WHITESPACE))
    if not equals or not name:
        raise LiquidSyntaxError("`assign` is not written as `assign name = value`", token=None)
    return name, filtered(after.strip(ruby.WHITESPACE))


def _last_name(text: str) -> str:
    found = _NAME.match(text[::-1].translate(_MIRRORED))
    return found.group()[::-1].translate(_MIRRORED) if found else ""


_MIRRORED = str.maketrans("()[]", ")(][")


@lru_cache(_KEPT)
def variable_name(markup: str) -> str:
    """The name ``capture`` fills (``liquid/tags/capture.rb``)."""
    _check_length(markup)
    found = _NAME.search(markup)
    if not found:
        raise LiquidSyntaxError("`capture` is not followed by a name", token=None)
    return found.group()


@lru_cache(_KEPT)
def first_value(markup: str) -> Expression:
    """The value ``case`` compares with (``liquid/tags/case.rb``)."""
    return values(markup)[0]


@lru_cache(_KEPT)
def values(markup: str) -> tuple[Expression, ...]:
    """The values of ``when``, parted by ``or`` or commas."""
    _check_length(markup)
    found: list[Expression] = []
    position = 0
    while value := _ANY.search(markup, position):
        found.append(expression(value.group()))
        separator = _SEPARATED.match(markup, value.end())
        if not separator:
            break
        position = separator.end()
    if not found:
        raise _unreadable(markup)
    return tuple(found)


@lru_cache(_KEPT)
def cycle(markup: str) -> Cycle:
    """What ``cycle`` says (``liquid/tags/cycle.rb``)."""
    _check_length(markup)
    named = _NAMED_CYCLE.match(markup)
    listed = (_ANY.search(part) for part in (named.group(2) if named else markup).split(","))
    texts = [part.group() for part in listed if part]
    if not texts:
        raise LiquidSyntaxError("`cycle` has no values", token=None)
    found = tuple(map(expression, texts))
    alone = not all(isinstance(value, Literal) for value in found)
    return Cycle(expression(named.group(1)) if named else None, found, None if alone else ",".join(texts))


def _check_length(markup: str) -> None:
    if len(markup) > _LONGEST_MARKUP:
        raise LiquidSyntaxError(f"a tag is longer than {_LONGEST_MARKUP} characters", token=None)


def _unreadable(markup: str) -> LiquidSyntaxError:
    return LiquidSyntaxError(f"`{markup[:40]}` is no value" if markup else "no value follows its name", token=None)
