"""How a build looks to a person."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest

from api.indexer_process import Built
from api.terminal import (
    LineProgress,
    LogProgress,
    count,
    describe_build,
    describe_problems,
    describe_progress,
    progress_on,
    summarize,
)
from search_index.diagnostics import ContentProblem, ProblemCode, Severity


class Stopwatch:
    """Monotonic seconds that a test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def problem(file: str, severity: Severity = Severity.ERROR) -> ContentProblem:
    return ContentProblem(file, 2, 7, severity, ProblemCode.DATE_INVALID, "the date is no date", "write 2024-01-02")


def built(**changes: object) -> Built:
    first = Built(True, "0123456789abcdef", 37, 40, 0, 0, (), 2.04, "plain", "no generator's files were found")
    return replace(first, **changes)  # type: ignore[arg-type]  # tests give what they mean to give


def test_progress_tells_count_share_rate_and_time_left() -> None:
    assert describe_progress(3_000, 10_000, 5.0) == "3,000 of 10,000 files  30 %  600/s  12 s left"


def test_progress_of_nothing_yet_promises_nothing() -> None:
    assert describe_progress(0, 10, 0.0) == "0 of 10 files  0 %  0/s  no rate yet"
    assert describe_progress(0, 0, 1.0) == "0 of 0 files  100 %  0/s  no rate yet"


def test_a_terminal_has_one_line_that_is_wiped_at_the_end() -> None:
    stream, clock = StringIO(), Stopwatch()
    progress = LineProgress(stream, clock)
    progress.start(4)
    for _ in range(4):
        clock.seconds += 0.06
        progress.advance(1)
    progress.finish()
    assert stream.getvalue() == (
        "\r\x1b[K2 of 4 files  50 %  17/s  0 s left\r\x1b[K4 of 4 files  100 %  17/s  0 s left\r\x1b[K"
    )


def test_a_build_of_a_moment_draws_nothing() -> None:
    stream, clock = StringIO(), Stopwatch()
    progress = LineProgress(stream, clock)
    progress.start(1)
    progress.advance(1)
    progress.finish()
    assert stream.getvalue() == ""


def test_a_log_has_a_line_every_five_seconds() -> None:
    stream, clock = StringIO(), Stopwatch()
    progress = LogProgress(stream, clock)
    progress.start(100)
    for _ in range(12):
        clock.seconds += 1
        progress.advance(8)
    progress.finish()
    assert stream.getvalue().splitlines() == [
        "octavo: 40 of 100 files  40 %  8/s  8 s left",
        "octavo: 80 of 100 files  80 %  8/s  2 s left",
    ]


def test_the_stream_decides_which() -> None:
    assert isinstance(progress_on(Terminal()), LineProgress)
    assert isinstance(progress_on(StringIO()), LogProgress)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "37 posts in generation 0123456789ab: 40 files read, 0 unchanged, in 2.0 s"),
        (
            {"posts": 1, "read": 1, "removed": 1_200, "unchanged": 5_000, "seconds": 0.06},
            "1 post in generation 0123456789ab: 1 file read, 1,200 removed, 5,000 unchanged, in 0.1 s",
        ),
        ({"published": False}, "nothing has changed: 37 posts in generation 0123456789ab"),
    ],
)
def test_a_build_is_one_line(changes: dict[str, object], line: str) -> None:
    assert describe_build(built(**changes)) == line


def test_errors_are_shown_before_warnings_and_the_rest_is_counted() -> None:
    problems = [problem("a.md", Severity.WARNING), problem("c.md"), problem("b.md")]
    assert list(describe_problems(problems, "octavo check .", shown=2)) == [
        "b.md:2:7: error date_invalid: the date is no date (write 2024-01-02)",
        "c.md:2:7: error date_invalid: the date is no date (write 2024-01-02)",
        "2 errors, 1 warning; octavo check . shows them all",
    ]


def test_few_problems_are_all_shown() -> None:
    assert list(describe_problems([problem("a.md")], "octavo check .")) == [problem("a.md").as_text()]
    assert list(describe_problems([], "octavo check .")) == []


def test_numbers_agree_with_their_nouns() -> None:
    assert (count(0, "post"), count(1, "post"), count(1_200, "post")) == ("0 posts", "1 post", "1,200 posts")
    assert summarize([problem("a.md")]) == "1 error, 0 warnings"
