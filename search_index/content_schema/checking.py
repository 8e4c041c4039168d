"""Front matter against the site's schema, in time that neither the one nor the other can draw out.

``jsonschema`` walks the schema; each step counts. Patterns are matched by ``search_index.patterns``, never as regular
expressions of Python. Of ``format`` only ``date`` and ``date-time`` are looked at. Source: JSON Schema 2020-12, Validation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from search_index.content_schema.keywords import Path, Schema
from search_index.patterns import Pattern, compile_expression

MAX_STEPS = 50_000
"""Of one file; a schema of 50 properties takes about 200."""
MAX_PATTERN_TEXT = 1_000
"""The most characters that a text may have which is to match a pattern."""
MOST_TOLD = 20
"""So many violations of one file are told one by one."""
_STATES_A_STEP = 10

_LONGEST_SHOWN = 60
_LONGEST_MESSAGE = 300
_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
    "array": "a list",
    "object": "a map",
}
_FORMATS = {"date": "a date such as 2024-05-28", "date-time": "a date and time such as 2024-05-28T23:23:39-05:00"}

Keyword = Callable[[Any, Any, Any, Any], Iterable[ValidationError]]
"""What ``jsonschema`` calls for a keyword: with the validator, the keyword's value, the value, the schema around it."""


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong at ``path`` of the front matter, in words that begin with that path."""

    path: Path
    message: str


class _TooMuch(Exception):
    """The steps of this file have been taken."""


@dataclass(slots=True)
class _Steps:
    left: int = MAX_STEPS

    def take(self, number: int = 1) -> None:
        self.left -= number
        if self.left < 0:
            raise _TooMuch


class SchemaCheck:
    """Looks at the front matter of file after file. ``schema`` is as ``read_content_schema`` gives it."""

    def __init__(self, schema: Schema) -> None:
        self._steps = _Steps()
        keywords = {name: _counted(keyword, self._steps) for name, keyword in Draft202012Validator.VALIDATORS.items()}
        kind = extend(Draft202012Validator, keywords | _bounded(self._steps))  # type: ignore[no-untyped-call]  # by jsonschema
        self._validator = kind(dict(schema), registry=Registry(), format_checker=_checked_formats())

    def violations(self, front_matter: Mapping[str, object]) -> tuple[Violation, ...]:
        """In the order of the schema; beyond ``MOST_TOLD`` only their number."""
        self._steps.left = MAX_STEPS
        try:
            found = [*dict.fromkeys(map(_violation, self._validator.iter_errors(front_matter)))]
        except (_TooMuch, RecursionError):
            return (Violation((), "checking the front matter takes more steps than are allowed"),)
        except ArithmeticError as error:
            return (Violation((), f"a number cannot be compared with the schema's: {error}"),)
        if len(found) > MOST_TOLD:
            found[MOST_TOLD:] = [Violation((), f"{len(found) - MOST_TOLD} more values are not as they should be")]
        return tuple(found)


def _counted(keyword: Keyword, steps: _Steps) -> Keyword:
    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        steps.take()
        yield from keyword(validator, value, instance, schema) or ()

    return counted


def _bounded(steps: _Steps) -> dict[str, Keyword]:
    """The keywords that ``jsonschema`` would match with regular expressions, compare each with each, or tell one by one."""

    def matches(pattern: str, text: str) -> bool:
        compiled = _compiled(pattern)
        steps.take(1 + len(text) * compiled.size // _STATES_A_STEP)
        return compiled.matches(text)

    def required(validator: Any, names: list[str], instance: Any, _: Any) -> Iterator[ValidationError]:
        steps.take()
        if validator.is_type(instance, "object"):
            missing = [name for name in names if name not in instance]
            if missing:
                yield ValidationError(f"{_listed(missing)} {'is' if len(missing) == 1 else 'are'} missing")

    def pattern(validator: Any, expression: str, instance: Any, _: Any) -> Iterator[ValidationError]:
        steps.take()
        if not validator.is_type(instance, "string"):
            return
        if len(instance) > MAX_PATTERN_TEXT:
            yield ValidationError(f"has more than the {MAX_PATTERN_TEXT} characters that a pattern is matched with")
        elif not matches(expression, instance):
            yield ValidationError(f"does not match the pattern {expression!r}")

    def pattern_properties(
        validator: Any, patterns: Mapping[str, Any], instance: Any, _: Any
    ) -> Iterator[ValidationError]:
        steps.take()
        if validator.is_type(instance, "object"):
            for expression, inner in patterns.items():
                for key in _short(instance):
                    if matches(expression, key):
                        yield from validator.descend(instance[key], inner, path=key, schema_path=expression)

    def additional_properties(validator: Any, inner: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        steps.take()
        if not validator.is_type(instance, "object"):
            return
        patterns = schema.get("patternProperties", ())
        known = schema.get("properties", ())
        extra = [
            key
            for key in instance
            if key not in known and not any(key in _short([key]) and matches(one, key) for one in patterns)
        ]
        if inner is False and extra:
            yield ValidationError(f"{_listed(extra)} {'is' if len(extra) == 1 else 'are'} not among the known keys")
        elif inner is not False:
            for key in extra:
                yield from validator.descend(instance[key], inner, path=key)

    def unique_items(validator: Any, wanted: bool, instance: Any, _: Any) -> Iterator[ValidationError]:
        steps.take()
        if wanted and validator.is_type(instance, "array"):
            steps.take(len(instance))
            if len({_canonical(item) for item in instance}) < len(instance):
                yield ValidationError("has an item twice")

    return {
        "required": required,
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "additionalProperties": additional_properties,
        "uniqueItems": unique_items,
    }


def _short(keys: Iterable[str]) -> list[str]:
    """The keys that patterns are matched with; a longer one matches none."""
    return [key for key in keys if len(key) <= MAX_PATTERN_TEXT]


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Pattern:
    return compile_expression(pattern)


def _canonical(value: object) -> str:
    """The same text for values that are equal in JSON, where 1 and 1.0 are."""

    def plain(item: object) -> object:
        match item:
            case float() if item.is_integer():
                return int(item)
            case list():
                return [plain(one) for one in item]
            case dict():
                return {key: plain(one) for key, one in item.items()}
        return item

    return json.dumps(plain(value), sort_keys=True)


_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


def is_date(text: str) -> bool:
    """Whether the text is a ``full-date`` of the calendar. Source: RFC 3339, section 5.6."""
    return len(text) == len("2024-05-28") and bool(_DATE.fullmatch(text)) and _is_moment(text)


def is_date_time(text: str) -> bool:
    """Whether the text is a ``date-time``, of which leap seconds are not read. Source: RFC 3339, section 5.6."""
    return len(text) <= 64 and bool(_DATE_TIME.fullmatch(text)) and _is_moment(_with_microseconds(text.upper()))


def _with_microseconds(text: str) -> str:
    return re.sub(r"(\.\d{1,6})\d*", r"\1", text)


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _checked_formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, holds in (("date", is_date), ("date-time", is_date_time)):
        checker.checks(name)(_for_text(holds))
    return checker


def _for_text(holds: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or holds(value)


def _violation(error: ValidationError) -> Violation:
    path = tuple(error.absolute_path)
    place = shown_path(path)
    expected = _expected_by(error)
    message = f"should be {expected}, and is {_shown(error.instance)}" if expected else error.message
    message = f"{place} {message}" if place and expected else f"{place}: {message}" if place else message
    return Violation(path, message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}…")


def _expected_by(error: ValidationError) -> str:
    match error.validator:
        case "type" | "enum" | "const" | "format":
            return _expected({error.validator: error.validator_value})
        case "anyOf" | "oneOf" if error.context:
            written: list[object] = error.schema[error.validator] if isinstance(error.schema, Mapping) else []
            forms = [_expected(form) if isinstance(form, dict) else "" for form in written]
            return " or ".join(dict.fromkeys(forms)) if all(forms) else "of a form that the schema allows"
    return ""


def _expected(schema: Schema) -> str:
    """What a schema asks for, in words; "" where a few do not do."""
    match schema:
        case {"const": value}:
            return _shown(value)
        case {"enum": list() as values}:
            return f"one of {', '.join(map(_shown, values))}"
        case {"format": str() as name} if name in _FORMATS:
            return _FORMATS[name]
        case {"type": str() as name}:
            return _KINDS[name]
        case {"type": list() as names}:
            return " or ".join(_KINDS[name] for name in names)
    return ""


def _shown(value: object) -> str:
    match value:
        case None:
            return "empty"
        case dict():
            return "a map"
        case list():
            return "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _listed(names: Iterable[str]) -> str:
    shown = [repr(name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…") for name in names]
    return ", ".join((*shown[:MOST_TOLD], *((f"{len(shown) - MOST_TOLD} more",) if len(shown) > MOST_TOLD else ())))


def shown_path(path: Path) -> str:
    """``cover.size[0]``."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step[:_LONGEST_SHOWN]}" for step in path)
    return "".join(parts).removeprefix(".")
