"""How a problem of a file is told."""

from __future__ import annotations

from search_index.diagnostics import ContentProblem, ProblemCode, Severity, errors_in

PROBLEM = ContentProblem(
    "posts/a,b.md", 3, 7, Severity.ERROR, ProblemCode.DATE_INVALID, "100% wrong:\n2024-02-30", "write a real day"
)


def test_as_text_it_is_one_line_that_editors_can_follow() -> None:
    assert PROBLEM.as_text() == (
        "posts/a,b.md:3:7: error date_invalid: 100% wrong:\\u000a2024-02-30 (write a real day)"
    )


def test_a_problem_of_the_whole_file_has_no_line() -> None:
    whole = ContentProblem("a.md", 0, 0, Severity.WARNING, ProblemCode.SLUG_REPEATED, "again", "rename")
    assert whole.as_text() == "a.md: warning slug_repeated: again (rename)"
    assert whole.as_github() == "::warning file=a.md,title=slug_repeated::again (rename)"


def test_as_a_github_command_it_is_escaped() -> None:
    assert PROBLEM.as_github() == (
        "::error file=posts/a%2Cb.md,line=3,col=7,title=date_invalid::100%25 wrong:%0A2024-02-30 (write a real day)"
    )


def test_errors_are_counted_without_warnings() -> None:
    warning = ContentProblem("a.md", 0, 0, Severity.WARNING, ProblemCode.SLUG_REPEATED, "again", "rename")
    assert errors_in([PROBLEM, warning]) == 1
