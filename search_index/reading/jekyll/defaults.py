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

    def applies(self, path: str, kind: str, container: str) -> bool:
        """``path`` is relative to the site's source; ``container`` is ``collections_dir`` for what may lie in it, else ""."""
        if self.kind not in (None, kind):
            return False
        if "*" in self.path:
            return not self.path.startswith("/") and _globbed(path, self.path)
        above = f"{container}/" if container else ""
        return path.removeprefix(above).startswith(self.path.removeprefix(above))

    @property
    def rank(self) -> tuple[int, bool]:
        """A longer path goes before a shorter one, then one with a type before one without."""
        return len(self.path.removeprefix("/")), self.kind is not None


def default_sets(written: object) -> tuple[DefaultSet, ...]:
    """The sets of ``defaults:``, of which one without a scope is for all; what is no set is passed over, as in Jekyll."""
    found = []
    for row in written if isinstance(written, list) else ():
        scope = row.get("scope", {}) if isinstance(row, dict) else None
        values = row.get("values") if isinstance(row, dict) else None
        if isinstance(scope, dict) and isinstance(values, dict):
            path = scope.get("path")
            found.append(DefaultSet(path if isinstance(path, str) else "", _kind(scope.get("type")), values))
    return tuple(found)


def defaults_for(sets: tuple[DefaultSet, ...], path: str, kind: str, container: str = "") -> dict[str, object]:
    """The values that hold for the document at ``path`` (as in ``DefaultSet.applies``); maps are merged deeply."""
    values: dict[str, object] = {}
    ranked: DefaultSet | None = None
    for row in sets:
        if not row.applies(path, kind, container):
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
    return None if written is None else _PLURALS.get(str(written), str(written))


_PLURALS = {"page": "pages", "post": "posts", "draft": "drafts"}
"""Source: ``update_deprecated_types`` of frontmatter_defaults.rb."""


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
