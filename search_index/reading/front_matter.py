"""Front matter: where it stands in a file, and its values as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.reading.errors import ContentError
from search_index.reading.toml_values import parse_toml
from search_index.reading.values import check_closed, merge_duplicate
from search_index.reading.yaml_values import DuplicateKey, ResolvePlain, parse_yaml, resolve_plain
from search_index.settings import Limits


class Format(StrEnum):
    """How front matter is written; ``NONE`` where a file has none."""

    YAML = "yaml"
    TOML = "toml"
    JSON = "json"
    HEADERS = "headers"
    NONE = ""


@dataclass(frozen=True, slots=True)
class SplitFile:
    """A file cut in two. ``line`` is the line of the front matter's first character, ``body_line`` the body's."""

    format: Format
    front_matter: str
    line: int
    body: str
    body_line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values as JSON: strings, finite numbers, booleans, None, lists, and maps with string keys.

    Dates are strings as written. ``written`` has the text of scalars, and of lists of scalars, at the top level (a
    ``title: 1.10`` is the number 1.1, written ``1.10``); ``quoted`` has the keys whose scalar stands in quotes or in a
    block. ``lines`` has line and column of the keys at the top level.
    """

    format: Format = Format.NONE
    values: Mapping[str, object] = field(default_factory=dict)
    written: Mapping[str, object] = field(default_factory=dict)
    quoted: frozenset[str] = frozenset()
    lines: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    problems: tuple[ContentProblem, ...] = ()


_YAML_OPEN = re.compile(r"(?:[ \t]*\n)*---[ \t]*(?:\n|\Z)")
_YAML_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_TOML_OPEN = re.compile(r"(?:[ \t]*\n)*\+\+\+[ \t]*(?:\n|\Z)")
_TOML_CLOSE = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
_JSON_OPEN = re.compile(r'\{\s*(?="|\}\s*(?:\n|\Z))')
_FENCES = ((Format.YAML, _YAML_OPEN, _YAML_CLOSE, "---"), (Format.TOML, _TOML_OPEN, _TOML_CLOSE, "+++"))


def decode(raw: bytes) -> str:
    """The text of a file, line ends made ``\\n``, a byte order mark taken off. Raises ``ContentError`` (NOT_UTF8)."""
    return with_plain_lines(decode_exactly(raw))


def with_plain_lines(text: str) -> str:
    """``text`` with each line end made ``\\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_exactly(raw: bytes, encoding: str = "utf-8") -> str:
    """The text of a file with its line ends as they are, without a byte order mark. Raises ``ContentError`` (NOT_UTF8).

    An ``encoding`` that Python does not know is taken for UTF-8.
    """
    if encoding.lower().replace("_", "-") not in ("utf-8", "utf8"):
        with suppress(LookupError, UnicodeError):
            return raw.decode(encoding)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        raise ContentError(
            ProblemCode.NOT_UTF8,
            f"byte {error.start} is not UTF-8",
            "save the file in UTF-8",
            line=before.count(b"\n") + 1,
            column=len(before) - before.rfind(b"\n"),
        ) from error
    if text.count("\0") * 4 > len(text) > 3:
        raise ContentError(
            ProblemCode.NOT_UTF8, "byte 0 is not UTF-8 but UTF-16", "save the file in UTF-8", line=1, column=1
        )
    return text


def body_as_written(text: str, body: str) -> str:
    """The end of ``text`` (as ``decode_exactly`` gives it) that ``body`` is but for its line ends."""
    if text.endswith(body):
        return body
    plain = with_plain_lines(text)
    if not plain.endswith(body):
        return body
    start = len(plain) - len(body)
    lines = plain.count("\n", 0, start)
    line_ends = (match.end() for match in _LINE_END.finditer(text))
    begun = next(islice(line_ends, lines - 1, None)) if lines else 0
    return text[begun + start - (plain.rfind("\n", 0, start) + 1) :]


_LINE_END = re.compile(r"\r\n?|\n")


def split(text: str, limits: Limits) -> SplitFile:
    """Cut ``text`` (as ``decode`` gives it) into front matter and body.

    YAML between ``---`` and ``---`` or ``...``, TOML between ``+++``, or a JSON object at the very beginning. Raises
    ``ContentError``: FRONT_MATTER_UNCLOSED, FRONT_MATTER_LIMIT, and FRONT_MATTER_INVALID for JSON that does not end.
    """
    for kind, opening, closing, fence in _FENCES:
        if opened := opening.match(text):
            return _split_fenced(text, kind, opened.end(), closing, fence, limits)
    if opened := _JSON_OPEN.match(text):
        return _split_json(text, limits)
    return SplitFile(Format.NONE, "", 1, text, 1)


def _split_fenced(
    text: str, kind: Format, start: int, closing: re.Pattern[str], fence: str, limits: Limits
) -> SplitFile:
    first = text.count("\n", 0, start) + 1
    closed = closing.search(text, start)
    if closed is None:
        raise ContentError(
            ProblemCode.FRONT_MATTER_UNCLOSED,
            f"the front matter that {fence} opens is never closed",
            f"write a line with {fence} behind it",
            line=max(1, first - 1),
            column=1,
        )
    written = text[start : closed.start()]
    _check_size(written, first, limits)
    end = min(closed.end() + 1, len(text))
    return SplitFile(kind, written, first, text[end:], text.count("\n", 0, end) + 1)


def _split_json(text: str, limits: Limits) -> SplitFile:
    end = _end_of_object(text, limits.front_matter_bytes + 1)
    if end is None:
        _check_size(text, 1, limits)
        raise ContentError(
            ProblemCode.FRONT_MATTER_UNCLOSED,
            "the JSON object at the beginning is never closed",
            "write the closing }, or begin the text with something else than {",
            line=1,
            column=1,
        )
    written = text[:end]
    _check_size(written, 1, limits)
    newline = text.find("\n", end)
    rest = len(text) if newline < 0 else newline + 1
    if text[end:rest].strip():
        rest = end
    return SplitFile(Format.JSON, written, 1, text[rest:], text.count("\n", 0, rest) + 1)


_JSON_MARKS = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}]', re.DOTALL)


def _end_of_object(text: str, most: int) -> int | None:
    depth = 0
    for mark in _JSON_MARKS.finditer(text, 0, most):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if not depth:
            return mark.end()
    return None


def _check_size(written: str, line: int, limits: Limits) -> None:
    size = len(written.encode())
    if size > limits.front_matter_bytes:
        raise ContentError(
            ProblemCode.FRONT_MATTER_LIMIT,
            f"{size} bytes of front matter are more than limits.front_matter_bytes ({limits.front_matter_bytes})",
            "move what is long into the body",
            line=line,
            column=1,
        )


def parse(
    file: str,
    split_file: SplitFile,
    limits: Limits,
    resolve: ResolvePlain = resolve_plain,
    *,
    merges_in_order: bool = False,
) -> FrontMatter:
    """The front matter's values. Raises ``ContentError`` with line and column of the file.

    ``resolve`` says what an unquoted scalar of YAML means; ``merges_in_order`` see ``parse_yaml``.
    """
    try:
        match split_file.format:
            case Format.YAML:
                return _parse_yaml(file, split_file, limits, resolve, merges_in_order)
            case Format.TOML:
                values = parse_toml(split_file.front_matter, limits)
                check_closed(values, limits)
                return FrontMatter(Format.TOML, values, lines=_toml_lines(split_file))
            case Format.JSON:
                return _parse_json(file, split_file.front_matter, limits)
            case Format.HEADERS | Format.NONE:
                return FrontMatter()
    except ContentError as error:
        error.line += split_file.line - 1 if error.line else split_file.line
        error.column = error.column or 1
        raise


def _parse_yaml(
    file: str, split_file: SplitFile, limits: Limits, resolve: ResolvePlain, merges_in_order: bool
) -> FrontMatter:
    document = parse_yaml(split_file.front_matter, limits, resolve, merges_in_order=merges_in_order)
    shift = split_file.line - 1
    if not isinstance(document.value, dict):
        raise _not_a_map(document.value)
    check_closed(document.value, limits)
    return FrontMatter(
        Format.YAML,
        document.value,
        document.written,
        document.quoted,
        {key: (line + shift, column) for key, (line, column) in document.lines.items()},
        tuple(_duplicate(file, key, shift) for key in document.duplicates),
    )


def _not_a_map(value: object) -> ContentError:
    kind = "a list" if isinstance(value, list) else "a single value"
    return ContentError(
        ProblemCode.FRONT_MATTER_NOT_A_MAP,
        f"the front matter is {kind}, not keys with values",
        "write lines such as title: Hello; where --- is meant as a rule, put an empty front matter before it",
        line=1,
        column=1,
    )


def _duplicate(file: str, key: DuplicateKey, shift: int) -> ContentProblem:
    error = ContentError(
        ProblemCode.DUPLICATE_KEY,
        f"the key {key.key!r} stands here a second time"
        + (", and the value that hides the post counts" if key.hiding else ", and this one counts"),
        "remove one of the two",
        line=key.line + shift,
        column=key.column,
    )
    return error.problem(file, Severity.WARNING)


def _parse_json(file: str, text: str, limits: Limits) -> FrontMatter:
    repeated: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        mapping: dict[str, object] = {}
        for key, value in items:
            if key in mapping:
                repeated.append(key)
            merge_duplicate(mapping, key, value)
        return mapping

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise _invalid_json(error.msg, error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:
        raise _invalid_json(str(error), 1, 1) from error
    check_closed(value, limits)
    lines = {key: _position(text, f'"{key}"') for key in value}
    problems = tuple(
        _duplicate(
            file, DuplicateKey(key, *_last_position(text, f'"{key}"'), key.casefold() in ("draft", "published")), 0
        )
        for key in dict.fromkeys(repeated)
    )
    return FrontMatter(Format.JSON, value, lines=lines, problems=problems)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number of JSON")


def _invalid_json(message: str, line: int, column: int) -> ContentError:
    hint = "write JSON, or put YAML between two lines ---"
    return ContentError(ProblemCode.FRONT_MATTER_INVALID, f"no JSON: {message}", hint, line=line, column=column)


def _toml_lines(split_file: SplitFile) -> dict[str, tuple[int, int]]:
    lines: dict[str, tuple[int, int]] = {}
    for number, line in enumerate(split_file.front_matter.split("\n"), split_file.line):
        if line.lstrip().startswith("["):
            break
        key, equals, _ = line.partition("=")
        if equals:
            lines.setdefault(key.strip().strip("\"'"), (number, len(key) - len(key.lstrip()) + 1))
    return lines


def _position(text: str, part: str) -> tuple[int, int]:
    return _line_and_column(text, max(0, text.find(part)))


def _last_position(text: str, part: str) -> tuple[int, int]:
    return _line_and_column(text, max(0, text.rfind(part)))


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
