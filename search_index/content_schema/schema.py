"""Reading ``content.schema``: within a budget, nothing fetched, nothing that could hold up the files it is applied to.

What it may be: a JSON Schema of the draft 2020-12, one object, whose references lead to its own ``$defs``. A wrong one is a
problem of the site, which is then served untyped.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path as FilePath
from typing import Any
from urllib.parse import unquote

from search_index.content_schema.keywords import Path, Schema, every_schema, in_place, rewritten
from search_index.content_schema.places import place_of
from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.patterns import PatternError, compile_expression

SCHEMA_FILE = "content.schema"
"""In the content folder, beside ``octavo.toml``."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
"""How deep the lists and maps of the file may nest."""

_REFUSED = ("$id", "$schema", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary")
"""What would give a part of the schema another address or other rules."""
_OF_THE_FILE = ("$schema", "$id", "$comment")
"""What may stand at the top, and is about the file."""
_ROOT = "#"
_DEFINITIONS = "#/$defs/"


@dataclass(frozen=True, slots=True)
class ContentSchema:
    """The schema of a content folder, None where there is none or a wrong one; ``problems`` say what is wrong with it.

    ``value`` names no private field, and has neither ``$schema`` nor ``$id``.
    """

    value: Mapping[str, Any] | None = None
    problems: tuple[ContentProblem, ...] = ()

    def to_json(self) -> str:
        """The same text for the same schema; "" for none. Properties keep their order, in which clients show them."""
        return "" if self.value is None else json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> ContentSchema:
        """What ``to_json`` gave."""
        return cls(json.loads(text) if text else None)


class _Wrong(Exception):
    """Why the file is no schema that can be used, and where in it."""

    def __init__(self, message: str, hint: str, *, at: Path = (), line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.at = at
        self.line = line
        self.column = column


def read_content_schema(content_dir: FilePath, private_fields: Iterable[str] = ()) -> ContentSchema:
    """The schema of a content folder."""
    file = content_dir / SCHEMA_FILE
    try:
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode):
            return _refusal("it is no regular file", "copy the schema into the folder")
        if status.st_size > MAX_BYTES:
            return _refusal(f"it is longer than {MAX_BYTES} bytes", "shorten it")
        with file.open("rb") as opened:
            raw = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return ContentSchema()
    except OSError as error:
        return _refusal(f"it cannot be read: {error.strerror}", "give the user that runs Octavo the right to read it")
    return parse_content_schema(raw, tuple(private_fields))


@lru_cache(maxsize=2)
def parse_content_schema(raw: bytes, private_fields: tuple[str, ...] = ()) -> ContentSchema:
    """The schema that the bytes of a file are. Each build asks, and the file seldom changes."""
    text = ""
    try:
        if len(raw) > MAX_BYTES:
            raise _Wrong(f"it is longer than {MAX_BYTES} bytes", "shorten it")
        text = _decoded(raw)
        is_public = partial(_is_public, frozenset(name.casefold() for name in private_fields))
        schema = _parsed(text, is_public)
        _check_depth(schema)
        public = _without_keys(schema, is_public)  # before anything of it is told
        _check(public)
        return ContentSchema({keyword: value for keyword, value in public.items() if keyword not in _OF_THE_FILE})
    except _Wrong as wrong:
        line, column = (wrong.line, wrong.column) if wrong.line else place_of(text, wrong.at)
        return _refusal(wrong.message, wrong.hint, line, column)


def _refusal(message: str, hint: str, line: int = 0, column: int = 0) -> ContentSchema:
    code = ProblemCode.CONTENT_SCHEMA_INVALID
    return ContentSchema(None, (ContentProblem(SCHEMA_FILE, line, column, Severity.ERROR, code, message, hint),))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _Wrong(f"byte {error.start} is not UTF-8", "save the file in UTF-8", line=line, column=1) from error


def _parsed(text: str, is_public: Callable[[str], bool]) -> dict[str, Any]:
    hint = "write a JSON object; `octavo schema infer` proposes one"
    try:
        value = json.loads(text, object_pairs_hook=partial(_unrepeated, is_public), parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except json.JSONDecodeError as error:
        raise _Wrong(f"it is no JSON: {error.msg}", hint, line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise _too_deep() from error
    except UnicodeEncodeError as error:
        raise _Wrong("it has half a surrogate pair, which is no character", "write the character itself") from error
    except ValueError as error:
        raise _Wrong(f"it is no JSON: {error}"[:200], hint) from error
    if not isinstance(value, dict):
        raise _Wrong("it is no JSON object", hint, line=1, column=1)
    return value


def _unrepeated(is_public: Callable[[str], bool], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, value in pairs:
        if name in read:
            shown = f" {name!r}" if is_public(name) else ""
            raise ValueError(f"the key{shown} stands twice in one object")
        read[name] = value
    return read


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


def _too_deep() -> _Wrong:
    return _Wrong(f"its lists and maps nest deeper than {MAX_DEPTH}", "nest them less, with $defs and $ref")


def _check(schema: dict[str, Any]) -> None:
    """Raise ``_Wrong`` unless the schema can be applied to any front matter, within bounds."""
    _check_keywords(schema)
    _check_against_its_own(schema)
    _check_root(schema)
    _check_patterns(schema)
    _check_references(schema)


def _check_depth(schema: dict[str, Any]) -> None:
    pending: list[tuple[object, int]] = [(schema, 1)]
    while pending:
        item, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise _too_deep()
        inner = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
        pending.extend((value, depth + 1) for value in inner if isinstance(value, dict | list))


def _check_keywords(schema: dict[str, Any]) -> None:
    stated = schema.get("$schema", DIALECT)
    if stated not in (DIALECT, f"{DIALECT}#"):
        raise _Wrong("it is written for another draft than 2020-12", f'write "$schema": "{DIALECT}"', at=("$schema",))
    for path, one in every_schema(schema):
        for keyword in _REFUSED:
            if keyword in one and (path or keyword not in _OF_THE_FILE):
                raise _Wrong(f"{keyword} is not read here", "remove it, and refer to $defs", at=(*path, keyword))
        if path and "$defs" in one:
            raise _Wrong("$defs stands below the top", "move it to the top", at=(*path, "$defs"))


def _check_against_its_own(schema: dict[str, Any]) -> None:
    from jsonschema import Draft202012Validator, SchemaError  # takes a while, and most sites have no schema

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        at = tuple(error.absolute_path)
        named = f"{'.'.join(map(str, at))}: " if at else ""
        raise _Wrong(f"{named}{error.message}"[:300], "see json-schema.org, draft 2020-12", at=at) from error
    except RecursionError as error:
        raise _too_deep() from error


def _check_root(schema: dict[str, Any]) -> None:
    """Front matter is a map, so a schema of anything else holds for no file."""
    kinds = schema.get("type", "object")
    if kinds != "object" and "object" not in kinds:
        raise _Wrong(
            "front matter is a map, and the schema is of something else", 'write "type": "object"', at=("type",)
        )


def _check_patterns(schema: dict[str, Any]) -> None:
    for path, one in every_schema(schema):
        named = [((*path, "pattern"), one["pattern"])] if "pattern" in one else []
        named += [((*path, "patternProperties", key), key) for key in one.get("patternProperties", ())]
        for at, pattern in named:
            try:
                compile_expression(pattern)
            except PatternError as error:
                hint = "write it with letters, classes, groups, | * + ? {n,m} ^ and $"
                raise _Wrong(f"the pattern {pattern[:60]!r} is not read here: {error}", hint, at=at) from error
    keywords = {keyword for _, one in every_schema(schema) for keyword in one}
    if {"patternProperties", "unevaluatedProperties"} <= keywords:
        hint = "use additionalProperties in place of unevaluatedProperties"
        raise _Wrong("patternProperties and unevaluatedProperties are not read together", hint)


def _check_references(schema: dict[str, Any]) -> None:
    for path, one in every_schema(schema):
        reference = one.get("$ref")
        if reference is not None and referred(schema, reference) is None:
            hint = 'refer to the file\'s own definitions, such as "#/$defs/author"'
            raise _Wrong(f"{reference[:100]!r} leads to nothing in this file", hint, at=(*path, "$ref"))
    heights: dict[int, int] = {}
    for path, one in every_schema(schema):
        _check_height(schema, one, path, heights, frozenset())


def _check_height(root: Schema, schema: Schema, path: Path, heights: dict[int, int], above: frozenset[int]) -> int:
    """Of how many schemas, one inside the other or referred to by it, a value needs looking at to apply this one."""
    if id(schema) in above:
        hint = "let it refer to itself below a property or an item only"
        raise _Wrong("a schema that refers to itself says nothing of any value", hint, at=path)
    if id(schema) not in heights:
        inner = [*in_place(schema)]
        if (target := referred(root, schema.get("$ref", ""))) is not None:
            inner.append(target)
        below = (_check_height(root, one, path, heights, above | {id(schema)}) for one in inner)
        heights[id(schema)] = max(below, default=0) + 1
    if heights[id(schema)] + len(above) > MAX_DEPTH:
        raise _Wrong(f"its references lead further than {MAX_DEPTH}", "refer to fewer definitions in turn", at=path)
    return heights[id(schema)]


def referred(root: Schema, reference: str) -> Schema | None:
    """The schema that ``#`` or ``#/$defs/name`` means; {} where that is ``true`` or ``false``, None for anything else."""
    if reference == _ROOT:
        return root
    definition = root.get("$defs", {}).get(definition_name(reference))
    return {} if isinstance(definition, bool) else definition


def definition_name(reference: str) -> str | None:
    """``author`` of ``#/$defs/author``. Source: RFC 6901, sections 4 and 6."""
    name = reference.removeprefix(_DEFINITIONS)
    if name == reference or "/" in name:
        return None
    return unquote(name).replace("~1", "/").replace("~0", "~")


def _is_public(private: frozenset[str], name: str) -> bool:
    return not name.startswith("_") and name.casefold() not in private


def _without_keys(schema: Schema, is_public: Callable[[str], bool]) -> dict[str, Any]:
    """Without what names a private field: such a field is not in what the schema is applied to, nor told to anybody.

    What has another form than a schema's stays, to be refused.
    """

    def kept(names: Any) -> Any:
        if not isinstance(names, list):
            return names
        return [name for name in names if not isinstance(name, str) or is_public(name)]

    def change(one: dict[str, Any]) -> dict[str, Any]:
        for keyword in ("properties", "dependentSchemas", "dependentRequired"):
            if isinstance(one.get(keyword), dict):
                one[keyword] = {name: value for name, value in one[keyword].items() if is_public(name)}
        if isinstance(one.get("dependentRequired"), dict):
            one["dependentRequired"] = {name: kept(names) for name, names in one["dependentRequired"].items()}
        if "required" in one:
            one["required"] = kept(one["required"])
        return one

    return rewritten(schema, change)
