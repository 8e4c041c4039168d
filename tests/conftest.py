"""Fixtures for tests over whole sites."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.sites import Site

# A slow machine is no failure. CI looks at the same examples each time; everywhere else new ones are tried.
settings.register_profile(
    "octavo",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("octavo")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty site whose present is noon of 1 September 2026."""
    return Site(tmp_path)
