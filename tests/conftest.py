"""Fixtures for tests over whole sites."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty site whose present is noon of 1 September 2026."""
    return Site(tmp_path)
