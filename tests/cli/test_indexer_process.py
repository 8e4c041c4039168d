"""What the two ends of the indexer's pipe make of what they hear."""

from __future__ import annotations

import os
import sys
from io import StringIO

import pytest

from api import indexer_process
from api.indexer_process import Built, Busy, Event, Failed, IndexerProcess, describe_exit, send
from search_index.diagnostics import ContentProblem, ProblemCode, Severity

PROBLEM = ContentProblem("a.md", 2, 7, Severity.ERROR, ProblemCode.DATE_INVALID, "no date", "write 2024-01-02")
BUILT = Built(True, "0123", 37, 40, 0, 0, (PROBLEM,), 2.04, "plain", "no generator's files were found")


def lines_of(*events: Event) -> str:
    channel = StringIO()
    for event in events:
        send(channel, event)
    return channel.getvalue()


def run_child(code: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Event], int]:
    """What the parent hears of a child that runs ``code`` in the indexer's place, and the child's exit code."""
    heard: list[Event] = []
    process = IndexerProcess((), heard.append, print)
    monkeypatch.setattr(process, "_command", (sys.executable, "-c", code))
    return heard, process.run_once()


def test_every_event_arrives_as_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Event] = [BUILT, Busy(12), Busy(None), Failed("two\nlines, ünïcode")]
    heard, code = run_child(f"print({lines_of(*events)!r}, end='')", monkeypatch)
    assert heard == events
    assert code == 0


def test_a_line_that_is_no_event_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    heard, code = run_child(f"print('no event'); print({lines_of(BUILT)!r}, end=''); raise SystemExit(3)", monkeypatch)
    assert heard == [BUILT]
    assert code == 3


def test_the_child_is_told_to_end_by_the_end_of_its_input() -> None:
    process = IndexerProcess((), print, print)
    process.ask_to_end()
    assert process.run_once() == 0, "after the word nothing is started any more"
    process.end()


def test_how_a_process_ended_is_said_in_words() -> None:
    assert (describe_exit(-9), describe_exit(3)) == ("signal 9", "exit code 3")


def test_the_child_finds_octavo_whatever_else_python_is_to_find(monkeypatch: pytest.MonkeyPatch) -> None:
    root = str(indexer_process._PACKAGE_ROOT)
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    assert indexer_process._python_path() == os.pathsep.join((root, "/elsewhere"))
    monkeypatch.delenv("PYTHONPATH")
    assert indexer_process._python_path() == root
