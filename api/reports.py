"""What the commands that only look print: lines for people, one JSON object for programs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from html import unescape

from api.terminal import count, summarize
from search_index.answers import SearchHit, SearchResult
from search_index.checking import CheckReport, Explanation
from search_index.diagnostics import ContentProblem, ProblemCode, Severity, errors_in
from search_index.generation import GenerationEntry
from search_index.highlight import Fragment

_MARKED = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)

_ASIDES_TOLD = 20
_PROBLEMS_TOLD = 5

Mark = Callable[[str], str]


def check_as_text(report: CheckReport) -> Iterator[str]:
    """The dialect and why, every problem, the posts that are not public, the files that are none, a summary."""
    yield f"dialect: {report.dialect}, because {report.dialect_reason}"
    yield from _problems(report.problems)
    for hidden in report.hidden:
        yield printable(f"{hidden.path}: not public: {hidden.reason}")
    yield from _asides(report)
    yield (
        f"{count(report.files, 'file')}, {_public(report)}, {len(report.hidden):,} not public; "
        f"{summarize(report.problems)}"
    )


def check_as_json(report: CheckReport) -> Iterator[str]:
    errors = errors_in(report.problems)
    yield as_json({**asdict(report), "errors": errors, "warnings": len(report.problems) - errors})


def check_as_github(report: CheckReport) -> Iterator[str]:
    """Workflow commands, then the summary, which GitHub shows as it is."""
    for problem in report.problems:
        yield problem.as_github()
    yield f"{count(report.files, 'file')}, {_public(report)}; {summarize(report.problems)}"


def _problems(problems: Sequence[ContentProblem]) -> Iterator[str]:
    """The first problems that say the same, and how many more there are: a theme's shortcode may stand in every post."""
    alike = Counter((problem.severity, problem.code, problem.message) for problem in problems)
    told: Counter[tuple[Severity, ProblemCode, str]] = Counter()
    for problem in problems:
        same = (problem.severity, problem.code, problem.message)
        told[same] += 1
        if told[same] <= _PROBLEMS_TOLD or alike[same] == _PROBLEMS_TOLD + 1:
            yield problem.as_text()
    for (severity, code, message), number in alike.items():
        if number > _PROBLEMS_TOLD + 1:
            yield printable(f"{number - _PROBLEMS_TOLD:,} more: {severity} {code}: {message} (--format json lists all)")


def _asides(report: CheckReport) -> Iterator[str]:
    """The first files of each reason, and how many more there are: a site may hold thousands of pages made elsewhere."""
    by_reason: dict[str, list[str]] = {}
    for file in report.aside:
        by_reason.setdefault(file.reason, []).append(file.path)
    for reason, paths in by_reason.items():
        yield from (printable(f"{path}: no post: {reason}") for path in paths[:_ASIDES_TOLD])
        if len(paths) > _ASIDES_TOLD:
            more = count(len(paths) - _ASIDES_TOLD, "more file")
            yield f"{more}: no post: {reason} (--format json lists all)"


def _public(report: CheckReport) -> str:
    posts = count(report.posts, "public post")
    return f"{posts}, {count(report.pages, 'public page')}" if report.pages else posts


def explanation_as_text(explanation: Explanation) -> Iterator[str]:
    """``published_at  2020-12-02T00:00:00+09:00  from the file name``, a line a value; before it, why it is not served."""
    yield printable(explanation.path)
    if explanation.not_served:
        yield printable(f"not served: {explanation.not_served}")
    for problem in explanation.problems:
        yield problem.as_text()
    names = max((len(row.name) for row in explanation.provenance), default=0)
    values = min(40, max((len(row.value) for row in explanation.provenance), default=0))
    for row in explanation.provenance:
        yield printable(f"{row.name:<{names}}  {row.value:<{values}}  {row.reason}")


def search_as_text(found: SearchResult, mark: Mark) -> Iterator[str]:
    """A line a hit (title, date, file), with its best snippet below."""
    for hit in found.hits:
        post = json.loads(hit.post)
        date = (post["published_at"] or "undated")[:10]
        yield printable(f"{post['title']}  {date}  {post['source']['path']}")
        for fragment in hit.highlights[:1]:
            yield f"    {plain_snippet(fragment, mark)}"
    shown = f", the first {len(found.hits)} of them" if found.total > len(found.hits) else ""
    yield f"{count(found.total, 'hit')}{shown}" + ("" if found.complete else "; the search ran out of time")


def plain_snippet(fragment: Fragment, mark: Mark) -> str:
    """The snippet's text on one line, its marked words through ``mark``."""
    parts = _MARKED.split(" ".join(fragment.html.split()))
    texts = [printable(unescape(part)) for part in parts]
    return "".join(mark(text) if number % 2 else text for number, text in enumerate(texts))


def search_as_json(query: str, found: SearchResult) -> Iterator[str]:
    """The part of /v1/search's answer that does not belong to HTTP."""
    yield as_json(
        {
            "items": [_hit(hit) for hit in found.hits],
            "query": {"raw": query, "interpreted": found.interpreted},
            "complete": found.complete,
            "total": found.total,
        }
    )


def _hit(hit: SearchHit) -> dict[str, object]:
    return {
        "score": hit.score,
        "post": json.loads(hit.post),
        "highlights": [asdict(fragment) for fragment in hit.highlights],
        "sections": [asdict(section) for section in hit.sections],
    }


def generations_as_text(entries: Iterable[GenerationEntry]) -> Iterator[str]:
    """``* 0123456789ab...  made 2026-09-01T12:00:00Z, 1.2 MB, pinned``: ``*`` marks what is served."""
    for entry in entries:
        about = [f"{entry.size / 1e6:,.1f} MB"]
        if entry.created_at is not None:
            about.insert(0, f"made {_instant(entry.created_at)}")
        if entry.superseded_at is not None:
            about.append(f"superseded {_instant(entry.superseded_at)}")
        if entry.pinned:
            about.append("pinned until the next octavo index")
        yield f"{'*' if entry.current else ' '} {entry.id}  {', '.join(about)}"


def _instant(epoch: int) -> str:
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%dT%H:%M:%SZ}"


def as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def printable(text: str) -> str:
    """On one line, without anything that a terminal would obey."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
