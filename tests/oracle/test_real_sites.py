"""Real sites, against what their generators have said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.oracle.candidate import view_of
from benchmarks.oracle.comparison import compare
from benchmarks.oracle.generators import SCRIPTS, read_answer
from tests.oracle.sites import assert_alike, skip_outside_ci

SITES = SCRIPTS.parents[1] / "sites"


@pytest.mark.parametrize(
    "site", ["brew.sh", "daattali.github.io", "edge-jekyll", "hydejack-starter-kit", "jekyll-test-source"]
)
def test_metadata_is_jekylls(site: str) -> None:
    comparison = compare(
        read_answer(answer_of(site, "jekyll"), drafts=True), view_of(SITES / site / "site", drafts=True)
    )
    assert comparison.posts
    assert_alike(comparison)


def test_metadata_is_hugos() -> None:
    site = "edge-hugo"
    comparison = compare(
        read_answer(answer_of(site, "hugo"), drafts=False), view_of(SITES / site / "site", drafts=False)
    )
    assert comparison.posts
    assert_alike(comparison)


def answer_of(site: str, generator: str) -> Path:
    answer = SITES / site / f"{generator}.json"
    if not answer.is_file():
        skip_outside_ci(f"{answer} is not there")
    return answer
