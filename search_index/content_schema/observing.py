"""What stands in the front matter of a site's files, counted by place and kind: what a schema is proposed from.

All that is kept adds up, whatever the order of the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from search_index.content_schema.checking import is_date, is_date_time

FILES_NAMED = 3
MOST_TEXTS = 12
"""So many different texts are told apart at one place; where there are more, they are no closed set."""
LONGEST_TEXT = 40

KINDS = ("string", "integer", "number", "boolean", "array", "object", "null")


@dataclass(frozen=True, slots=True)
class Example:
    """The front matter of one file; ``public`` is False for drafts, scheduled and expired posts."""

    path: str
    front_matter: Mapping[str, object]
    public: bool = True


@dataclass(slots=True)
class Tally:
    """How many values, how many files they stand in, how many of those are public; the first files by path."""

    values: int = 0
    files: int = 0
    public: int = 0
    paths: list[str] = field(default_factory=list)
    _last: str = ""

    def add(self, example: Example) -> None:
        """A value of a file; those of one file come in a row."""
        self.values += 1
        if example.path != self._last:
            self._last = example.path
            self.files += 1
            self.public += example.public
            self._name(example.path)

    def take_in(self, other: Tally) -> None:
        self.values += other.values
        self.files += other.files
        self.public += other.public
        for path in other.paths:
            self._name(path)

    def _name(self, path: str) -> None:
        if path not in self.paths:
            self.paths = sorted([*self.paths, path])[:FILES_NAMED]


@dataclass(slots=True)
class Place:
    """All values under one key, or all items of the lists there.

    ``texts`` has each text with its tally while they are few and short, else None; ``not_dates`` are texts that are no date,
    ``not_date_times`` those that are no date with a time.
    """

    all: Tally = field(default_factory=Tally)
    kinds: dict[str, Tally] = field(default_factory=dict)
    texts: dict[str, Tally] | None = field(default_factory=dict)
    not_dates: Tally = field(default_factory=Tally)
    not_date_times: Tally = field(default_factory=Tally)
    items: Place | None = None
    properties: dict[str, Place] = field(default_factory=dict)

    def add(self, value: object, example: Example) -> None:
        self.all.add(example)
        self.kinds.setdefault(kind_of(value), Tally()).add(example)
        match value:
            case str():
                self._add_text(value, example)
            case list():
                self.items = self.items or Place()
                for item in value:
                    self.items.add(item, example)
            case dict():
                for key, inner in value.items():
                    self.properties.setdefault(key, Place()).add(inner, example)

    def take_in(self, other: Place) -> None:
        """Count what was counted at another place as if it stood here."""
        self.all.take_in(other.all)
        for kind, tally in other.kinds.items():
            self.kinds.setdefault(kind, Tally()).take_in(tally)
        if self.texts is not None and other.texts is not None:
            for text, tally in other.texts.items():
                self.texts.setdefault(text, Tally()).take_in(tally)
        if self.texts is None or other.texts is None or len(self.texts) > MOST_TEXTS:
            self.texts = None
        self.not_dates.take_in(other.not_dates)
        self.not_date_times.take_in(other.not_date_times)
        if other.items:
            self.items = self.items or Place()
            self.items.take_in(other.items)
        for key, inner in other.properties.items():
            self.properties.setdefault(key, Place()).take_in(inner)

    def _add_text(self, text: str, example: Example) -> None:
        if not is_date(text):
            self.not_dates.add(example)
        if not is_date_time(text):
            self.not_date_times.add(example)
        if self.texts is None:
            return
        if len(text) > LONGEST_TEXT or (text not in self.texts and len(self.texts) == MOST_TEXTS):
            self.texts = None
        else:
            self.texts.setdefault(text, Tally()).add(example)


def kind_of(value: object) -> str:
    """The kind of a value of JSON, as a schema's ``type`` names it."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def observed(examples: Mapping[str, Example]) -> Place:
    """All of them, as one place whose values are whole front matters."""
    whole = Place()
    for example in examples.values():
        whole.add(dict(example.front_matter), example)
    return whole
