"""Front-matter defaults by scope.

Source: Jekyll's frontmatter_defaults.rb.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True)
class DefaultSet:
    """Values for the documents whose path begins with ``path`` and that have ``kind`` (None: any)."""

    path: str
    kind: str | None
    values: Mapping[str, object]

    def applies(self, path: str, kind: str) -> bool:
        return self.kind in (None, kind) and (
            _globbed(path, self.path) if "*" in self.path else path.startswith(self.path)
        )

    @property
    def rank(self) -> tuple[int, bool]:
        """A longer path goes before a shorter one, then one with a type before one without."""
        return len(self.path), self.kind is not None


def default_sets(written: object) -> tuple[DefaultSet, ...]:
    """The sets of ``defaults:``; what is no set is passed over, as in Jekyll."""
    found = []
    for row in written if isinstance(written, list) else ():
        scope = row.get("scope") if isinstance(row, dict) else None
        values = row.get("values") if isinstance(row, dict) else None
        if isinstance(scope, dict) and isinstance(values, dict):
            kind = scope.get("type")
            path = scope.get("path")
            found.append(DefaultSet(path.removeprefix("/") if isinstance(path, str) else "", _kind(kind), values))
    return tuple(found)


def defaults_for(sets: tuple[DefaultSet, ...], path: str, kind: str) -> dict[str, object]:
    """The values that hold for the document at ``path``, relative to the site's source; maps are merged deeply."""
    values: dict[str, object] = {}
    ranked: DefaultSet | None = None
    for row in sets:
        if not row.applies(path, kind):
            continue
        if ranked is None or row.rank >= ranked.rank:
            values, ranked = deep_merge(values, row.values), row
        else:
            values = deep_merge(row.values, values)
    return values


def deep_merge(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """``above`` over ``below``, map by map. A key without a value does not take one away.

    Source: ``deep_merge_hashes`` of Jekyll's utils.rb.
    """
    merged = dict(below)
    for key, value in above.items():
        if value is None and key in merged:
            continue
        inner = merged.get(key)
        both = isinstance(inner, dict) and isinstance(value, dict)
        merged[key] = deep_merge(inner, value) if both else value  # type: ignore[arg-type]  # both are maps here
    return merged


def _kind(written: object) -> str | None:
    return None if written is None else str(written)


def _globbed(path: str, pattern: str) -> bool:
    """Whether a file or folder that the pattern names begins ``path``: the pattern's parts match the path's first ones."""
    wanted, parts = pattern.strip("/").split("/"), path.split("/")
    return _matches(wanted, parts)


def _matches(wanted: list[str], parts: list[str]) -> bool:
    reached = {0}
    for part in wanted:
        if part == "**":
            reached = set(range(min(reached, default=len(parts) + 1), len(parts) + 1))
            continue
        reached = {at + 1 for at in reached if at < len(parts) and fnmatchcase(parts[at], part)}
    return bool(reached)
