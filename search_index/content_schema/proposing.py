"""A JSON Schema that the front matter of a site's files follows, and what in it looks like a mistake.

The rules, each of which ``docs/guides/typed-front-matter.md`` explains:

* A key is required where each file has it. Every kind of value that occurs is allowed.
* What less than 1 in 50 of the files with the key have is named as a likely mistake, and with ``strict`` not allowed.
* A closed set of texts has 2 to 8 members, each in two public files at least, in 20 files or more. What is in a list, and
  what tells tags, categories, authors or series, is no closed set: it grows.
* A map is a dictionary where it has many keys and each stands in less than half of the maps.
* Drafts count for what is allowed; keys and texts that stand in no public file are not written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from search_index.content_schema.checking import shown_path
from search_index.content_schema.keywords import Path
from search_index.content_schema.observing import KINDS, Example, Place, Tally, observed
from search_index.content_schema.schema import DIALECT

RARE = 50
"""Less than one in so many is a likely mistake."""
FEWEST_FILES = 20
MOST_MEMBERS = 8
FEWEST_OF_A_MEMBER = 2
TERMS = frozenset({"tag", "tags", "category", "categories", "author", "authors", "series"})
"""Keys whose texts are never a closed set: the next post may bring a new one."""
MOST_MISSPELT = 2
"""So many texts beside a closed set are taken for mistakes."""
REGULAR_KEYS = 8
"""A map of so many keys, or fewer, is no dictionary."""
MOST_KEYS = 100
"""A map of more keys is one."""

_KIND_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a map",
    "null": "empty",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """``schema`` is what a ``content.schema`` would hold; ``remarks`` are about the files, a line each, for their author."""

    schema: dict[str, Any]
    remarks: tuple[str, ...]


def propose(examples: Iterable[Example], *, strict: bool = False) -> Proposal:
    """A schema for these files, the same in whatever order they come. Paths are unique.

    Without ``strict`` each of them follows it.
    """
    whole = observed({example.path: example for example in examples})
    proposing = _Proposing(strict)
    keys = proposing.map_of(whole, ())
    for key, place in whole.properties.items():
        if key in keys["properties"]:
            keys["properties"][key]["description"] = _presence(place.all, whole.all)
    schema = {"$schema": DIALECT, **keys, "additionalProperties": True}
    return Proposal(schema, tuple(sorted(proposing.remarks)))


def _presence(key: Tally, whole: Tally) -> str:
    """How many public files have it: a draft is not counted where the public may read it."""
    return f"In {'each' if key.public == whole.public else key.public} of {whole.public} public posts and pages"


@dataclass(slots=True)
class _Proposing:
    strict: bool
    remarks: list[str] = field(default_factory=list)

    def schema_of(self, place: Place, path: Path) -> dict[str, Any]:
        """What the values at the place are."""
        kinds = [kind for kind in KINDS if kind in place.kinds]
        if "number" in kinds and "integer" in kinds:
            kinds.remove("integer")
        odd = [kind for kind in kinds if self._is_rare(_tally(place, kind), place.all)]
        for kind in odd:
            usual = " or ".join(_KIND_NAMES[one] for one in kinds if one not in odd)
            self._remark(path, _KIND_NAMES[kind], _tally(place, kind), place.all, f"elsewhere {usual}")
        if self.strict:
            kinds = [kind for kind in kinds if kind not in odd]
        plain = [kind for kind in kinds if kind not in ("array", "object")]
        forms = [self._plain(place, plain, path)] if plain else []
        if "array" in kinds:
            forms.append(self._list(place, path))
        if "object" in kinds:
            forms.append({"type": "object", **self.map_of(place, path)})
        return forms[0] if len(forms) == 1 else {"anyOf": forms} if forms else {}

    def map_of(self, place: Place, path: Path) -> dict[str, Any]:
        """What the maps at the place hold."""
        maps = place.kinds.get("object", Tally())
        if path and _is_dictionary(place, maps):
            merged = Place()
            for _, inner in sorted(place.properties.items()):
                merged.take_in(inner)
            return {"additionalProperties": self.schema_of(merged, (*path, "*"))}
        told = {key: inner for key, inner in sorted(place.properties.items()) if self._is_told(inner, (*path, key))}
        if not path:
            told = {key: inner for key, inner in told.items() if not self._is_misspelt(key, told)}
        known: dict[str, Any] = {"properties": {key: self.schema_of(one, (*path, key)) for key, one in told.items()}}
        required = [key for key, inner in told.items() if inner.all.values == maps.values]
        kind = {} if path else {"type": "object"}
        return {**kind, **known, **({"required": required} if required else {})}

    def _plain(self, place: Place, kinds: list[str], path: Path) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": kinds[0] if len(kinds) == 1 else kinds}
        if kinds in (["string"], ["string", "null"]):
            if name := self._format(place, path):
                schema["format"] = name
            elif members := self._members(place, path):
                schema["enum"] = [*members, *([None] if "null" in kinds else [])]
        return schema

    def _format(self, place: Place, path: Path) -> str:
        """``date`` or ``date-time`` where all texts are one, "" else."""
        texts = place.kinds["string"]
        for name, what, odd in (
            ("date", "no date", place.not_dates),
            ("date-time", "no date and time", place.not_date_times),
        ):
            if not odd.values:
                return name
            if self._is_rare(odd, texts):
                self._remark(path, what, odd, texts, f"elsewhere a {name}")
                return name if self.strict else ""
        return ""

    def _members(self, place: Place, path: Path) -> list[str]:
        """The texts of a closed set, in order; [] where they are none."""
        if path[-1] in TERMS or "[]" in path or "*" in path:
            return []
        if place.texts is None or place.kinds["string"].files < FEWEST_FILES:
            return []
        told = dict(sorted(place.texts.items()))
        usual = {text: tally for text, tally in told.items() if tally.public >= FEWEST_OF_A_MEMBER}
        odd = {text: tally for text, tally in told.items() if text not in usual}
        if not 2 <= len(usual) <= MOST_MEMBERS or len(odd) > MOST_MISSPELT:
            return []
        if not all(self._is_rare(tally, place.all) for tally in odd.values()):
            return []
        for text, tally in odd.items():
            self._remark(path, repr(text), tally, place.all, f"elsewhere one of {', '.join(map(repr, usual))}")
        return [] if odd and not self.strict else [*usual]

    def _list(self, place: Place, path: Path) -> dict[str, Any]:
        items = self.schema_of(place.items, (*path, "[]")) if place.items and place.items.all.values else {}
        return {"type": "array", "items": items}

    def _is_told(self, place: Place, path: Path) -> bool:
        if not place.all.public:
            self.remarks.append(f"{_shown(path)}: stands in no public file, and is left out: {_files(place.all)}")
        return place.all.public > 0

    def _is_misspelt(self, key: str, keys: dict[str, Place]) -> bool:
        """Whether the key looks like a much more frequent one and, with ``strict``, is left out."""
        own = keys[key].all
        usual = [one for one, place in keys.items() if self._is_rare(own, place.all)]
        near = get_close_matches(key, usual, n=1, cutoff=0.8)
        if near:
            usual_files = keys[near[0]].all.files
            self.remarks.append(
                f"{key}: in {own.files}, {near[0]} in {usual_files} files; is it the same: {_files(own)}"
            )
        return bool(near) and self.strict

    def _is_rare(self, part: Tally, whole: Tally) -> bool:
        return part.files * RARE < whole.files

    def _remark(self, path: Path, what: str, part: Tally, whole: Tally, instead: str) -> None:
        self.remarks.append(f"{_shown(path)}: {what} in {part.files} of {whole.files} files, {instead}: {_files(part)}")


def _tally(place: Place, kind: str) -> Tally:
    """Of numbers whole ones are some."""
    tally = place.kinds[kind]
    if kind == "number" and "integer" in place.kinds:
        both = Tally()
        both.take_in(tally)
        both.take_in(place.kinds["integer"])
        return both
    return tally


def _is_dictionary(place: Place, maps: Tally) -> bool:
    counts = [inner.all.values for inner in place.properties.values()]
    if len(counts) > MOST_KEYS:
        return True
    return len(counts) > REGULAR_KEYS and all(2 * number < maps.values for number in counts)


def _shown(path: Path) -> str:
    return shown_path(path).replace(".[]", "[]")


def _files(tally: Tally) -> str:
    more = tally.files - len(tally.paths)
    return ", ".join((*tally.paths, *((f"{more} more",) if more > 0 else ())))


def summary(schema: dict[str, Any]) -> Iterator[str]:
    """A line a key: ``title  text  required  In each of 12 public posts and pages``."""
    rows: list[tuple[str, str, str, str]] = [
        (key, _words(one), "required" if key in schema.get("required", ()) else "", one["description"])
        for key, one in schema["properties"].items()
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        yield "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3])).rstrip()


def _words(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(map(_words, schema["anyOf"]))
    if "enum" in schema:
        return f"one of {len(schema['enum'])} texts"
    if "format" in schema:
        return "a date" if schema["format"] == "date" else "a date and time"
    if "type" not in schema:
        return "anything"
    kinds: list[str] = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(_KIND_NAMES[kind] for kind in kinds)
