"""The page about the analyser, made of the tables that test it.

python -m tests.search.analysis_page > docs/reference/analysis.md
"""

from __future__ import annotations

import sys

from tests.search.test_analysis import FORMS, TABLE

_LONGEST_SHOWN = 60


def page() -> str:
    """The whole of ``docs/reference/analysis.md``."""
    tokens = [f"| {what} | {lang} | {_code(text)} | {_code(found)} |" for what, lang, text, found in TABLE]
    forms = [
        f"| {_code(typed)} | {_listed(exact)} | {_listed(stemmed)} |"
        for typed, exact, stemmed in FORMS
        if len(typed) < _LONGEST_SHOWN
    ]
    return "\n".join(
        (
            "# From text to tokens",
            "",
            "One analyser makes the tokens of the index, of queries and of highlights. These tables are its tests, too",
            "(`tests/search/test_analysis.py`).",
            "",
            "Tokens that stand at one place are joined with `|`. `~` stands before a stem that differs from its word.",
            "A language without a stemmer is written `xx`.",
            "",
            "| What | Language | Text | Tokens, place by place |",
            "|---|---|---|---|",
            *tokens,
            "",
            "There is no stop list. A token of more than 64 characters is left out; its place remains.",
            "",
            "## What a query looks for",
            "",
            "Parts joined with `+` stand at one place, as those of a longer name do.",
            "",
            "| Typed (English) | As it is | With all words of the same stem |",
            "|---|---|---|",
            *forms,
            "",
        )
    )


def _listed(forms: list[str]) -> str:
    return ", ".join(map(_code, forms))


def _code(text: str) -> str:
    """As code in a cell of a table; what is not seen is written as an escape."""
    shown = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
    return f"`{shown.replace('|', chr(92) + '|')}`" if shown else ""


if __name__ == "__main__":
    sys.stdout.write(page())
