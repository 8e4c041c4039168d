"""``problems.md``: every error code, by status and one by one."""

from __future__ import annotations

from api.explanations import EXPLANATIONS
from api.problems import MEANINGS
from api.schemas.problems import ErrorCode
from scripts.reference.markdown import Undescribed, filled, table


def problems_page() -> str:
    without = [code for code in ErrorCode if code not in EXPLANATIONS or code not in MEANINGS]
    if without:
        raise Undescribed(
            f"{', '.join(without)}: a code has its words in api/explanations.py, its status in api/problems.py"
        )
    by_status: dict[int, list[str]] = {}
    for code in ErrorCode:
        by_status.setdefault(MEANINGS[code][0], []).append(f"[{code}](#{code})")
    rows = [(str(status), ", ".join(links)) for status, links in sorted(by_status.items())]
    return filled("problems.md", statuses=table(("status", "codes"), rows), codes="\n\n".join(map(_section, ErrorCode)))


def _section(code: ErrorCode) -> str:
    status, title = MEANINGS[code]
    return f"## {code}\n\n**{status}** *{title}*\n\n{EXPLANATIONS[code]}"
