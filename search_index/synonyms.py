"""``synonyms.txt`` in the content folder: words that are to find each other.

A line is a group, separated by commas, each of which finds all others: ``js, javascript, ecmascript``. With ``=>`` what stands
on the left finds what stands on the right too, not the other way round: ``k8s => kubernetes``. A member may have several
words. Blank lines and lines that begin with ``#`` are passed over. Source of the form: Apache Solr's reference guide,
*Synonym Graph Filter*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search_index.analysis import fold, query_words
from search_index.diagnostics import ContentProblem, ProblemCode, Severity

SYNONYMS_FILE = "synonyms.txt"

MAX_BYTES = 1024 * 1024
MAX_MEMBERS = 50
"""The most members a line may have."""
MAX_WORDS = 4
"""The most words a member may have."""

Key = tuple[str, ...]
"""The folded words of a member."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What a run of words finds beside itself; ``problems`` are the lines that were left out."""

    of: Mapping[Key, tuple[Key, ...]]
    problems: tuple[ContentProblem, ...] = ()

    @property
    def longest(self) -> int:
        """The most words that a member has."""
        return max(map(len, self.of), default=0)

    def to_json(self) -> str:
        return json.dumps([[list(key), [list(row) for row in rows]] for key, rows in sorted(self.of.items())])

    @classmethod
    def from_json(cls, text: str) -> Synonyms:
        return cls({tuple(key): tuple(map(tuple, rows)) for key, rows in json.loads(text or "[]")})


def read_synonyms(content_dir: Path) -> Synonyms:
    """The synonyms of a content folder; none where there is no such file."""
    path = content_dir / SYNONYMS_FILE
    try:
        if not path.is_file() or path.is_symlink():
            return Synonyms({})
        if path.stat().st_size > MAX_BYTES:
            return Synonyms({}, (_problem(0, f"the file is longer than {MAX_BYTES} bytes", "shorten it"),))
        return parse_synonyms(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        return Synonyms({}, (_problem(0, f"the file cannot be read: {error}", "save it as UTF-8"),))


def parse_synonyms(text: str) -> Synonyms:
    """The groups of a file's text."""
    found: dict[Key, dict[Key, None]] = {}
    problems: list[ContentProblem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        sides = [_members(side) for side in line.split("=>")]
        problem = _what_is_wrong(sides)
        if problem:
            problems.append(_problem(number, *problem))
            continue
        for left in sides[0]:
            for right in sides[-1]:
                if left != right:
                    found.setdefault(left, {})[right] = None
    return Synonyms({key: tuple(rows) for key, rows in found.items()}, tuple(problems))


def _members(side: str) -> list[Key]:
    keys = (tuple(map(fold, query_words(member))) for member in side.split(","))
    return [key for key in keys if key]


def _what_is_wrong(sides: list[list[Key]]) -> tuple[str, str] | None:
    if len(sides) > 2:
        return "a line has one arrow at most", "write 'left => right'"
    if not all(sides) or (len(sides) == 1 and len(sides[0]) < 2):
        return "a group needs two members at least", "write 'js, javascript' or 'k8s => kubernetes'"
    if sum(map(len, sides)) > MAX_MEMBERS:
        return f"a line has at most {MAX_MEMBERS} members", "write several lines"
    if any(len(key) > MAX_WORDS for side in sides for key in side):
        return f"a member has at most {MAX_WORDS} words", "shorten it"
    return None


def _problem(line: int, message: str, hint: str) -> ContentProblem:
    return ContentProblem(
        SYNONYMS_FILE, line, 1 if line else 0, Severity.WARNING, ProblemCode.SYNONYMS_INVALID, message, hint
    )
