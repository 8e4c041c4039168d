"""YAML front matter to JSON values, straight from the parser's events.

No node is composed and no object constructed: libyaml's event parser keeps its state on the heap (the composer overflows
the C stack at 30,000 levels), depth and size are counted while events come, and an alias costs what it stands for. Plain
scalars mean what YAML 1.1 says of null, booleans, decimal integers and floats; dates, sexagesimal (``1:30``), octal
(``010``), hexadecimal and grouped (``1_000``) numbers stay the strings that were written. Tags are ignored but ``!!str``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from search_index.diagnostics import ProblemCode
from search_index.reading.errors import ContentError
from search_index.reading.values import depth_exceeded, events_exceeded, merge_duplicate, nodes_exceeded, refused
from search_index.settings import Limits

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    spelling: value
    for word, value in (("true", True), ("yes", True), ("on", True), ("false", False), ("no", False), ("off", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII)
_STRING_TAG = "tag:yaml.org,2002:str"
DIGITS_OF_64_BITS = 20
_CHARACTERS_A_NODE = 100
"""A long text counts as several nodes, or an alias of it could be written out without end."""


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """A key that stands twice in one map, at its second place; ``hiding`` where the earlier value counts."""

    key: str
    line: int
    column: int
    hiding: bool


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """``value`` is {} for an empty document; the rest is about the keys at the top level.

    ``quoted`` are those whose scalar stands in quotes, in a block or behind a tag.
    """

    value: object
    written: Mapping[str, object]
    quoted: frozenset[str]
    lines: Mapping[str, tuple[int, int]]
    duplicates: tuple[DuplicateKey, ...]


ResolvePlain = Callable[[str], object]
"""What an unquoted scalar means, as a value of JSON. Raises ``ContentError`` without a place."""


def resolve_plain(text: str) -> object:
    """Null, booleans, decimal integers and floats as YAML 1.1 has them; all else is text."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > DIGITS_OF_64_BITS:
            raise refused("a whole number of more than 64 bits", "write it in quotes")
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        raise refused("a number that is not finite", "write it in quotes")
    return text


def parse_yaml(
    text: str, limits: Limits, resolve: ResolvePlain = resolve_plain, *, merges_in_order: bool = False
) -> YamlDocument:
    """Read one YAML document. Raises ``ContentError``, its line counted within ``text``.

    ``merges_in_order``: what ``<<`` brings takes the place of keys above it, as in Jekyll, not only of those that are missing.
    """
    builder = _Builder(limits, resolve, merges_in_order)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise _invalid(text, error) from error
    except yaml.YAMLError as error:
        raise _unreadable(text, error) from error
    return builder.document()


@dataclass(slots=True)
class _Container:
    """An open map or list. ``written`` runs beside ``items``: the text of each scalar, None for what is no scalar."""

    anchor: str | None
    event: Event
    items: list[object] = field(default_factory=list)
    written: list[str | None] = field(default_factory=list)
    mapping: dict[str, object] | None = None
    merged: dict[str, object] = field(default_factory=dict)
    key: str | None = None
    key_event: ScalarEvent | None = None
    merging: bool = False
    size: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: object
    written: object
    size: int


class _Builder:
    def __init__(self, limits: Limits, resolve: ResolvePlain, merges_in_order: bool) -> None:
        self._limits = limits
        self._resolve = resolve
        self._merges_in_order = merges_in_order
        self._open: list[_Container] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._events = self._nodes = self._documents = 0
        self._value: object = {}
        self._written: dict[str, object] = {}
        self._quoted: set[str] = set()
        self._lines: dict[str, tuple[int, int]] = {}
        self._duplicates: list[DuplicateKey] = []

    def document(self) -> YamlDocument:
        value = {} if self._value is None else self._value
        return YamlDocument(value, self._written, frozenset(self._quoted), self._lines, tuple(self._duplicates))

    def take(self, event: Event) -> None:
        self._events += 1
        if self._events > self._limits.front_matter_events:
            raise events_exceeded(self._limits, *_place(event))
        match event:
            case ScalarEvent():
                self._scalar(event)
            case AliasEvent():
                self._alias(event)
            case MappingStartEvent() | SequenceStartEvent():
                self._start(event)
            case MappingEndEvent() | SequenceEndEvent():
                self._end()
            case DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise refused("a second document", "remove the line that begins with ---", *_place(event))
            case _:
                pass

    def _scalar(self, event: ScalarEvent) -> None:
        container = self._open[-1] if self._open else None
        if container and container.mapping is not None and container.key is None and not container.merging:
            self._key(container, event)
            return
        value = self._value_of(event)
        size = 1 + len(event.value) // _CHARACTERS_A_NODE
        self._count(size, event)
        if event.anchor:
            self._anchors[event.anchor] = _Anchored(value, event.value, size)
        self._put(value, event.value, size, event)

    def _key(self, container: _Container, event: ScalarEvent) -> None:
        if event.anchor:
            size = 1 + len(event.value) // _CHARACTERS_A_NODE
            self._anchors[event.anchor] = _Anchored(self._value_of(event), event.value, size)
        if event.value == "<<" and event.implicit[0]:
            container.merging = True
        else:
            container.key, container.key_event = event.value, event

    def _alias(self, event: AliasEvent) -> None:
        anchored = self._anchors.get(event.anchor or "")
        if anchored is None:
            raise refused(f"an alias of {event.anchor!r}, which is not anchored before it", _UNALIAS, *_place(event))
        self._count(anchored.size, event)
        container = self._open[-1] if self._open else None
        if container and container.mapping is not None and container.key is None and not container.merging:
            raise refused("an alias for a key", _UNALIAS, *_place(event))
        self._put(anchored.value, anchored.written, anchored.size, event)

    def _start(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        is_map = isinstance(event, MappingStartEvent)
        parent = self._open[-1] if self._open else None
        if parent and parent.mapping is not None and parent.key is None and not parent.merging:
            raise refused("a list or a map for a key", "put the key in quotes", *_place(event))
        self._count(1, event)
        if len(self._open) >= self._limits.front_matter_depth:
            raise depth_exceeded(self._limits, *_place(event))
        self._open.append(_Container(event.anchor, event, mapping={} if is_map else None))
        if event.anchor:
            self._anchors[event.anchor] = None

    def _end(self) -> None:
        container = self._open.pop()
        value: object
        written: object = None
        if container.mapping is None:
            value = container.items
            if all(text is not None for text in container.written):
                written = container.written
        else:
            value = {**container.merged, **container.mapping}
        if container.anchor:
            self._anchors[container.anchor] = _Anchored(value, written, container.size)
        self._put(value, written, container.size, container.event)

    def _put(self, value: object, written: object, size: int, event: Event) -> None:
        if not self._open:
            self._value = value
            return
        container = self._open[-1]
        container.size += size
        if container.mapping is None:
            container.items.append(value)
            container.written.append(written if isinstance(written, str) else None)
        elif container.merging:
            container.merging = False
            self._merge(container, container.mapping, _merged(value, event))
        else:
            self._pair(container, container.mapping, value, written, event)

    def _merge(self, container: _Container, mapping: dict[str, object], brought: Mapping[str, object]) -> None:
        if not self._merges_in_order:
            container.merged |= {key: value for key, value in brought.items() if key not in container.merged}
            return
        container.merged |= brought
        for key in brought.keys() & mapping.keys():
            del mapping[key]
            if len(self._open) == 1:
                self._written.pop(key, None)
                self._quoted.discard(key)

    def _pair(
        self, container: _Container, mapping: dict[str, object], value: object, written: object, event: Event
    ) -> None:
        key, at = container.key or "", container.key_event
        container.key = container.key_event = None
        line, column = _place(at) if at else (0, 0)
        repeated = key in mapping
        kept = merge_duplicate(mapping, key, value)
        if repeated:
            self._duplicates.append(DuplicateKey(key, line, column, kept))
        if len(self._open) == 1 and not kept:
            self._lines[key] = (line, column)
            self._quoted.discard(key)
            if isinstance(event, ScalarEvent) and not _is_plain(event):
                self._quoted.add(key)
            if written is None:
                self._written.pop(key, None)
            else:
                self._written[key] = written

    def _value_of(self, event: ScalarEvent) -> object:
        if not _is_plain(event):
            return event.value
        try:
            return self._resolve(event.value)
        except ContentError as error:
            error.line, error.column = _place(event)
            raise

    def _count(self, nodes: int, event: Event) -> None:
        self._nodes += nodes
        if self._nodes > self._limits.front_matter_nodes:
            raise nodes_exceeded(self._limits, *_place(event))


_UNALIAS = "write the value itself"


def _merged(value: object, event: Event) -> dict[str, object]:
    """``<<``: the keys of a map, or of a list of maps, of which the earlier count.

    Source: "Merge Key Language-Independent Type for YAML 1.1".
    """
    merged: dict[str, object] = {}
    maps = value if isinstance(value, list) else [value]
    for one in maps:
        if not isinstance(one, dict):
            raise refused("a merge key (<<) of something that is no map", _UNALIAS, *_place(event))
        for key, inner in one.items():
            merged.setdefault(key, inner)
    return merged


def _is_plain(event: ScalarEvent) -> bool:
    return bool(event.implicit[0]) and event.tag != _STRING_TAG


def _place(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _invalid(text: str, error: yaml.MarkedYAMLError) -> ContentError:
    mark = error.problem_mark or error.context_mark
    line = min(mark.line + 1, text.count("\n") + 1) if mark else 1
    return ContentError(
        ProblemCode.FRONT_MATTER_INVALID,
        f"no YAML: {error.problem or error.context}",
        _mend(error.problem or ""),
        line=line,
        column=mark.column + 1 if mark else 1,
    )


def _mend(problem: str) -> str:
    if "tab" in problem or "cannot start any token" in problem:
        return "put the value in quotes, and indent with blanks instead of tabs"
    if "mapping values are not allowed" in problem:
        return "put a value that holds a colon in quotes"
    return "put the value in quotes"


def _unreadable(text: str, error: yaml.YAMLError) -> ContentError:
    position = getattr(error, "position", 0)
    offset = position if isinstance(position, int) else 0
    return ContentError(
        ProblemCode.FRONT_MATTER_INVALID,
        f"no YAML: {getattr(error, 'reason', 'unreadable')}",
        "remove the control character",
        line=text.count("\n", 0, offset) + 1,
        column=offset - text.rfind("\n", 0, offset),
    )
