"""The reference, made of the declarations that the code runs on.

``python -m scripts.reference`` writes every page below; with ``--check`` it writes nothing, and prints what differs::

    docs/reference/api.md                       routes, parameters, answers: the OpenAPI document
    docs/reference/openapi.json, -3.0.json      that document itself
    docs/reference/problems.md                  api.schemas.problems, api.problems, api.explanations
    docs/reference/settings.md, .env.example    the settings models
    docs/reference/cli.md, cli-help.txt         the commands
    docs/reference/diagnostics.md               search_index.diagnostics, search_index.explanations

What a page says beside that stands in its template, in ``templates/``. Where words are missing, ``Undescribed`` says where.
"""

from __future__ import annotations

from scripts.reference.pages import PAGES, ROOT, difference

__all__ = ["PAGES", "ROOT", "difference"]
