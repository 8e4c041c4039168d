"""Which pages there are, what each is made of, and whether a page is as it would be written now."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from difflib import unified_diff
from pathlib import Path

from api.app import openapi_document
from api.openapi30 import openapi30
from scripts.reference.api_page import api_page
from scripts.reference.commands_page import commands_page, help_text
from scripts.reference.diagnostics_page import diagnostics_page
from scripts.reference.problems_page import problems_page
from scripts.reference.settings_page import environment_example, settings_page

ROOT = Path(__file__).parents[2]


def _as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/api.md": lambda: api_page(openapi_document()),
    "docs/reference/openapi.json": lambda: _as_json(openapi_document()),
    "docs/reference/openapi-3.0.json": lambda: _as_json(openapi30(openapi_document())),
    "docs/reference/problems.md": problems_page,
    "docs/reference/settings.md": settings_page,
    ".env.example": environment_example,
    "docs/reference/cli.md": commands_page,
    "docs/reference/cli-help.txt": help_text,
    "docs/reference/diagnostics.md": diagnostics_page,
}
"""Every generated page by its path in the repository."""


def difference(path: str, text: str) -> str:
    """A unified diff from the page in the repository to ``text``; empty where they are equal."""
    file = ROOT / path
    committed = file.read_text(encoding="utf-8") if file.exists() else ""
    return "".join(
        unified_diff(
            committed.splitlines(keepends=True), text.splitlines(keepends=True), path, f"{path} (from the code)"
        )
    )
