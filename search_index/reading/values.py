"""The closed model of front matter: what JSON can say, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from search_index.diagnostics import ProblemCode
from search_index.reading.errors import ContentError
from search_index.settings import Limits

_LARGEST = 2**63


def merge_duplicate(mapping: dict[str, object], key: str, value: object) -> bool:
    """Set ``key``: the last value wins, but of two for ``draft`` or ``published`` the one that hides the post.

    True where the earlier value was kept.
    """
    if key in mapping and key.casefold() in _PUBLIC_VALUES:
        public = _PUBLIC_VALUES[key.casefold()]
        if mapping[key] is not public:
            return True
    mapping[key] = value
    return False


_PUBLIC_VALUES = {"draft": False, "published": True}


def check_closed(value: object, limits: Limits) -> None:
    """Raise ``ContentError`` unless ``value`` is JSON with finite numbers, 64-bit integers and no lone surrogates."""
    pending: list[tuple[object, int]] = [(value, 0)]
    count = 0
    while pending:
        item, depth = pending.pop()
        count += 1
        if depth > limits.front_matter_depth:
            raise depth_exceeded(limits)
        if count > limits.front_matter_nodes:
            raise nodes_exceeded(limits)
        pending.extend((child, depth + 1) for child in _children(item))


def _children(item: object) -> Iterator[object]:
    match item:
        case None | bool():
            pass
        case str():
            if not item.isascii():
                _check_text(item)
        case int():
            if not -_LARGEST <= item < _LARGEST:
                raise refused("a whole number of more than 64 bits", "write it in quotes")
        case float():
            if not isfinite(item):
                raise refused("a number that is not finite", "write it in quotes")
        case list():
            yield from item
        case dict():
            for key, value in item.items():
                if not isinstance(key, str):
                    raise refused("a key that is not text", "write it in quotes")
                _check_text(key)
                yield value
        case _:
            raise refused(f"a value of type {type(item).__name__}", "write it in quotes")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise refused("half a surrogate pair, which is no character", "write the character itself") from error


def refused(what: str, hint: str, line: int = 0, column: int = 0) -> ContentError:
    """Front matter holds something that an API cannot give out."""
    return ContentError(
        ProblemCode.FRONT_MATTER_INVALID, f"the front matter holds {what}", hint, line=line, column=column
    )


def depth_exceeded(limits: Limits, line: int = 0, column: int = 0) -> ContentError:
    """``front_matter_depth`` was hit."""
    message = f"values nested deeper than limits.front_matter_depth ({limits.front_matter_depth})"
    return _limit(message, line, column)


def nodes_exceeded(limits: Limits, line: int = 0, column: int = 0) -> ContentError:
    """``front_matter_nodes`` was hit."""
    message = f"more values than limits.front_matter_nodes ({limits.front_matter_nodes}), aliases written out"
    return _limit(message, line, column)


def events_exceeded(limits: Limits, line: int = 0, column: int = 0) -> ContentError:
    """``front_matter_events`` was hit."""
    message = f"more entries than limits.front_matter_events ({limits.front_matter_events})"
    return _limit(message, line, column)


def dots_exceeded(limits: Limits, line: int = 0, column: int = 0) -> ContentError:
    """``toml_dots`` was hit."""
    return _limit(f"a key with more dots than limits.toml_dots ({limits.toml_dots})", line, column)


def _limit(message: str, line: int, column: int) -> ContentError:
    return ContentError(ProblemCode.FRONT_MATTER_LIMIT, message, "write simpler front matter", line=line, column=column)
