"""The posts and pages of a site as templates list them, read once for as long as their files stay as they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from hashlib import sha256
from zoneinfo import ZoneInfo

from search_index.reading.dialects import ValueCache
from search_index.reading.source import FoundFile
from search_index.visibility import public_at

_MOMENT = "\0moment"
_DAY = "\0day"

Lazy = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Listed:
    """One post or page. ``order`` is what its collection is sorted by, then its path; the span is its visibility's."""

    path: str
    order: str
    visible_from: int | None
    visible_until: int | None
    values: Mapping[str, object]

    def to_bytes(self) -> bytes | None:
        """As JSON; None where that does not give the same values back."""
        row = [self.path, self.order, self.visible_from, self.visible_until, self.values]
        try:
            stored = json.dumps(row, default=_tagged, ensure_ascii=False).encode("utf-8", "surrogatepass")
        except (TypeError, ValueError, RecursionError):
            return None
        return stored if Listed.from_bytes(stored) == self else None

    @classmethod
    def from_bytes(cls, stored: bytes) -> Listed:
        return cls(*json.loads(stored.decode("utf-8", "surrogatepass"), object_hook=_untagged))


class Listing:
    """The documents of one site. ``read`` gives the one in a file, None where there is none or it is never public.

    ``lazy`` makes the values that cost much, by name and path. ``version`` stands for what shapes a document besides its file.
    """

    def __init__(
        self,
        read: Callable[[str], Listed | None],
        lazy: Mapping[str, Lazy],
        zone: ZoneInfo,
        version: str,
    ) -> None:
        self._read = read
        self._lazy = lazy
        self._zone = zone
        self._version = version
        self._cache: ValueCache | None = None
        self._now: int | None = None

    def use(self, now: int, cache: ValueCache | None) -> None:
        """List what is public at ``now`` (UTC epoch seconds), and keep what is read in ``cache``."""
        self._now, self._cache = now, cache

    def remember(self, file: FoundFile, listed: Listed | None) -> None:
        """Keep what the file has been read as."""
        if self._cache is not None:
            stored = listed.to_bytes() if listed else b"null"
            if stored is not None:
                self._cache.put_value(self._key(file), stored)

    def documents(self, files: tuple[FoundFile, ...]) -> list[Mapping[str, object]]:
        """Those of the files that are public, in the order of their collection."""
        listed = [one for one in self._listed(files) if self._is_public(one)]
        return [self._values(one) for one in sorted(listed, key=lambda one: (one.order, one.path))]

    def _listed(self, files: tuple[FoundFile, ...]) -> Iterator[Listed]:
        keys = {file.path: self._key(file) for file in files}
        known = self._cache.values(keys.values()) if self._cache else {}
        for file in files:
            stored = known.get(keys[file.path])
            if stored is None:
                listed = self._read(file.path)
                self.remember(file, listed)
            else:
                listed = None if stored == b"null" else Listed.from_bytes(stored)
            if listed is not None:
                yield listed

    def _is_public(self, listed: Listed) -> bool:
        return self._now is None or public_at(listed.visible_from, listed.visible_until, self._now)

    def _values(self, listed: Listed) -> Mapping[str, object]:
        values = dict(listed.values)
        moment = values.get("date")
        if isinstance(moment, datetime) and moment.tzinfo:
            values["date"] = moment.astimezone(self._zone)
        return LazyValues(values, {name: partial(make, listed.path) for name, make in self._lazy.items()})

    def _key(self, file: FoundFile) -> bytes:
        return sha256(
            f"listed\n{self._version}\n{file.path}\n{file.signature}".encode("utf-8", "surrogatepass")
        ).digest()


class LazyValues(Mapping[str, object]):
    """Values that are there, and some that are worked out when they are asked for."""

    def __init__(self, values: Mapping[str, object], made: Mapping[str, Callable[[], object]]) -> None:
        self._values = values
        self._made = made

    def __getitem__(self, key: str) -> object:
        return self._made[key]() if key in self._made else self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    @cached_property
    def _keys(self) -> Mapping[str, None]:
        return dict.fromkeys((*self._values, *self._made))


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    raise TypeError(type(value).__name__)


def _untagged(written: dict[str, object]) -> object:
    if len(written) == 1:
        ((tag, value),) = written.items()
        if tag == _MOMENT:
            return datetime.fromisoformat(str(value))
        if tag == _DAY:
            return date.fromisoformat(str(value))
    return written
