"""``permalinks`` of the configuration: a pattern a section, its tokens filled from a page.

Source: ``resources/page/permalinks.go`` of Hugo 0.111.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote_plus

from search_index.reading.hugo.dates import DAY_NAMES, MONTH_NAMES, go_format
from search_index.reading.hugo.paths import PathRules
from search_index.reading.hugo.values import to_int, to_map, to_text

_TOKEN = re.compile(r":(\w+(?:\[[^\]]+\])?)", re.ASCII)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_REFERENCE = datetime(2019, 11, 9, 23, 1, 42, tzinfo=UTC)
_NO_DATE = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PermalinkFacts:
    """What a pattern may ask of a page. ``sections`` are the folders of the section it lies in."""

    title: str
    slug: str
    file_name: str
    section: str
    sections: tuple[str, ...]
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Permalinks:
    """The patterns by section; "" is the section of pages at the top. ``refused`` tells why a pattern is not used."""

    patterns: Mapping[str, str]
    refused: tuple[tuple[str, str, str], ...]

    def expanded(self, facts: PermalinkFacts, rules: PathRules) -> str:
        """The path for the page, not encoded; "" where its section has no pattern."""
        pattern = self.patterns.get(facts.section, "")
        for token in _TOKEN.findall(pattern):
            pattern = pattern.replace(f":{token}", _value(token, facts, rules), 1)
        return "" if _BAD_ESCAPE.search(pattern) else unquote_plus(pattern)


def permalinks(configured: object) -> Permalinks:
    """The patterns that can be used. ``refused`` has section, pattern and reason of each that Hugo would stop at."""
    patterns: dict[str, str] = {}
    refused: list[tuple[str, str, str]] = []
    for section, written in to_map(configured).items():
        pattern = to_text(written)
        wrong = "it is not a text" if pattern is None else _wrong_with(pattern)
        if pattern is None or wrong:
            refused.append((section, pattern or "", wrong))
        else:
            patterns[section.strip(" /")] = pattern
    return Permalinks(patterns, tuple(refused))


def _wrong_with(pattern: str) -> str:
    if "" in pattern[1:].split("/")[:-1] or not pattern:
        return "a part of it is empty"
    unknown = next((token for token in _TOKEN.findall(pattern) if not _is_known(token)), None)
    return f":{unknown} is no token that Hugo 0.111 has" if unknown else ""


def _is_known(token: str) -> bool:
    return token in _TOKENS or token.startswith("sections[") or go_format(token, _REFERENCE) != token


def _value(token: str, facts: PermalinkFacts, rules: PathRules) -> str:
    if token in _TOKENS:
        return _TOKENS[token](facts, rules)
    if token.startswith("sections["):
        return "/".join(part for part in _cut(facts.sections, token[len("sections[") : -1]) if part)
    return go_format(token, facts.date or _NO_DATE)


def _cut(sections: tuple[str, ...], spec: str) -> tuple[str, ...]:
    """``2``, ``last``, ``1:``, ``:last``, ``1:3``: out of bounds is never an error."""
    low, colon, high = spec.strip().lower().partition(":")
    if not sections:
        return ()
    start = _bound(low, sections, 0)
    return sections[start : _bound(high, sections, len(sections))] if colon else sections[start : start + 1]


def _bound(written: str, sections: tuple[str, ...], default: int) -> int:
    if not written:
        return default
    return len(sections) - 1 if written == "last" else min(max(0, to_int(written)), len(sections))


def _date(part: Callable[[datetime], str]) -> Callable[[PermalinkFacts, PathRules], str]:
    return lambda facts, _: part(facts.date or _NO_DATE)


_TOKENS: dict[str, Callable[[PermalinkFacts, PathRules], str]] = {
    "year": _date(lambda day: str(day.year)),
    "month": _date(lambda day: f"{day.month:02}"),
    "monthname": _date(lambda day: MONTH_NAMES[day.month - 1]),
    "day": _date(lambda day: f"{day.day:02}"),
    "weekday": _date(lambda day: str(day.isoweekday() % 7)),
    "weekdayname": _date(lambda day: DAY_NAMES[day.weekday()]),
    "yearday": _date(lambda day: str(day.timetuple().tm_yday)),
    "section": lambda facts, _: facts.section,
    "sections": lambda facts, _: "/".join(part for part in facts.sections if part),
    "title": lambda facts, rules: rules.urlized(facts.title),
    "slug": lambda facts, rules: rules.urlized(facts.slug or facts.title),
    "slugorfilename": lambda facts, rules: rules.urlized(facts.slug or facts.file_name),
    "filename": lambda facts, rules: rules.urlized(facts.file_name),
}
