"""The documentation of the analyser."""

from __future__ import annotations

from pathlib import Path

from tests.search.analysis_page import page

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_the_page_has_the_tables_that_are_tested() -> None:
    written = (REFERENCE / "analysis.md").read_text(encoding="utf-8")
    assert written == page(), "run `python -m tests.search.analysis_page > docs/reference/analysis.md`"
