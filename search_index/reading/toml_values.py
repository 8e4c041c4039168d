"""TOML front matter to JSON values, with a look at its shape before the parser sees it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time

from search_index.diagnostics import ProblemCode
from search_index.reading.errors import ContentError
from search_index.reading.values import depth_exceeded, dots_exceeded, events_exceeded
from search_index.settings import Limits

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""' + r"|'''.*?'''" + r'|"(?:[^"\\\n]|\\.)*+"' + r"|'[^'\n]*+'" + r"|\#[^\n]*+|[\[\]{}=,.\n]",
    re.DOTALL,
)
_PLACE = re.compile(r"^(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)


def parse_toml(text: str, limits: Limits) -> dict[str, object]:
    """The values of ``text``, dates as ISO 8601 strings. Raises ``ContentError``, its line counted within ``text``."""
    _check_shape(text, limits)
    try:
        return {key: _closed(value) for key, value in tomllib.loads(text).items()}
    except RecursionError as error:
        raise depth_exceeded(limits) from error
    except ValueError as error:
        raise _invalid(text, str(error)) from error


def _check_shape(text: str, limits: Limits) -> None:
    depth = dots = entries = 0
    for token in _tokens(text):
        match token[0]:
            case "[" | "{":
                depth += 1
                dots = 0
            case "]" | "}":
                depth -= 1
                dots = 0
            case ".":
                dots += 1
            case "=" | ",":
                entries += 1
                dots = 0
            case "\n" | "#":
                dots = 0
        if depth > limits.front_matter_depth:
            raise depth_exceeded(limits, *_place(text, token.start()))
        if dots > limits.toml_dots:
            raise dots_exceeded(limits, *_place(text, token.start()))
        if entries * 2 > limits.front_matter_events:
            raise events_exceeded(limits, *_place(text, token.start()))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(text)


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _invalid(text: str, message: str) -> ContentError:
    found = _PLACE.match(message)
    line, column = (int(found[2]), int(found[3])) if found and found[2] else (text.count("\n") + 1, 1)
    return ContentError(
        ProblemCode.FRONT_MATTER_INVALID,
        f"no TOML: {found[1] if found else message}",
        "write TOML, or put YAML between two lines ---",
        line=line if found else 1,
        column=column,
    )


def _closed(value: object) -> object:
    """As JSON. The depth is that of the text, which was checked."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return [_closed(item) for item in value]
        case dict():
            return {key: _closed(item) for key, item in value.items()}
        case _:
            return value
