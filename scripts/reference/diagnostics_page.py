"""``diagnostics.md``: every code of a content problem."""

from __future__ import annotations

from scripts.reference.markdown import Undescribed, code, filled, table
from search_index.diagnostics import ProblemCode
from search_index.explanations import EXPLANATIONS


def diagnostics_page() -> str:
    if without := [code for code in ProblemCode if code not in EXPLANATIONS]:
        raise Undescribed(f"{', '.join(without)}: a code has its words in search_index/explanations.py")
    rows = [
        (code(name), EXPLANATIONS[name].meaning, EXPLANATIONS[name].example, EXPLANATIONS[name].mend)
        for name in ProblemCode
    ]
    return filled("diagnostics.md", codes=table(("Code", "Meaning", "Example", "Mend"), rows))
