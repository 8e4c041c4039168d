"""``cascade``: front matter that a section, or the whole site, hands down to the pages below.

Source: ``resources/page/page_matcher.go`` and ``hugolib/page__meta.go`` of Hugo 0.111.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from search_index.patterns import Pattern, PatternError, compile_glob
from search_index.reading.hugo.values import to_map, to_text

_ENVIRONMENT = "production"
_KINDS = ("page", "home", "section", "taxonomy", "term")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a target may ask of a page: its path from the content folder, its kind, its language."""

    path: str
    kind: str
    lang: str


@dataclass(frozen=True, slots=True)
class Cascade:
    """Values for the pages that all of ``targets`` (``path``, ``kind``, ``lang``, ``environment``) match."""

    targets: tuple[tuple[str, Pattern], ...]
    values: Mapping[str, object]

    def reaches(self, page: PageFacts) -> bool:
        facts = {
            "path": "/" + page.path.lower().lstrip("/"),
            "kind": page.kind,
            "lang": page.lang,
            "environment": _ENVIRONMENT,
        }
        return all(pattern.matches(facts[name]) for name, pattern in self.targets)


@dataclass(frozen=True, slots=True)
class ReadCascade:
    """The cascades that a ``cascade`` holds, and what is wrong with it."""

    cascades: tuple[Cascade, ...]
    wrong: tuple[str, ...]


def read_cascade(written: object) -> ReadCascade:
    """``written`` is a map of values, or a list of maps with a ``_target`` each; keys are in lower case."""
    if written is None:
        return ReadCascade((), ())
    if isinstance(written, dict):
        wrong = ("_target counts only where cascade is a list of maps",) if "_target" in written else ()
        return ReadCascade((Cascade((), written),), wrong)
    if not isinstance(written, list):
        return ReadCascade((), ("it is neither a map nor a list of maps",))
    found: list[Cascade] = []
    problems: list[str] = []
    for item in written:
        try:
            found.append(_one(to_map(item)))
        except PatternError as error:
            problems.append(f"a _target cannot be read: {error}")
    return ReadCascade(tuple(found), tuple(problems))


def _one(values: Mapping[str, object]) -> Cascade:
    target = to_map(values.get("_target"))
    written = {name: to_text(target.get(name)) or "" for name in ("path", "kind", "lang", "environment")}
    patterns = tuple((name, compile_glob(text)) for name, text in written.items() if text)
    if not all(any(pattern.matches(kind) for kind in _KINDS) for name, pattern in patterns if name == "kind"):
        raise PatternError(f"{written['kind']!r} is no kind of page")
    return Cascade(patterns, values)


def handed_down(levels: Iterable[Iterable[Cascade]], page: PageFacts) -> dict[str, object]:
    """What ``page`` gets of ``levels``, which begin with the nearest section: a nearer value counts over a farther one."""
    values: dict[str, object] = {}
    for level in levels:
        for cascade in level:
            if cascade.reaches(page):
                for key, value in cascade.values.items():
                    values.setdefault(key, value)
    return values
