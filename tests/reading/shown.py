"""What an outcome shows."""

from __future__ import annotations

import json
from typing import Any

from search_index.reading.outcome import ReadOutcome


def summary(outcome: ReadOutcome) -> dict[str, Any]:
    """The post as lists show it."""
    assert outcome.post is not None, outcome.problems
    shown = json.loads(outcome.post.summary)
    assert isinstance(shown, dict)
    return shown


def whole(outcome: ReadOutcome) -> dict[str, Any]:
    """The post as it is shown by itself, without its neighbours."""
    assert outcome.post is not None, outcome.problems
    shown = json.loads(outcome.post.body + "}")
    assert isinstance(shown, dict)
    return shown


def codes(outcome: ReadOutcome) -> list[str]:
    return [problem.code.value for problem in outcome.problems]
