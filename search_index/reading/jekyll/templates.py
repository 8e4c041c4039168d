"""The Liquid in posts, run over one site."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import cast

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.reading.dialects import Document
from search_index.reading.jekyll.site import JekyllSite
from search_index.reading.liquid import LiquidProblem, LiquidProblemKind, LiquidRenderer, LiquidText, close_blocks
from search_index.reading.outcome import EVERYTHING

_PROBLEMS: Mapping[LiquidProblemKind, tuple[ProblemCode, Severity]] = {
    LiquidProblemKind.SYNTAX: (ProblemCode.TEMPLATE_INVALID, Severity.ERROR),
    LiquidProblemKind.UNKNOWN_TAG: (ProblemCode.TEMPLATE_TAG_UNKNOWN, Severity.WARNING),
    LiquidProblemKind.UNSUPPORTED: (ProblemCode.TEMPLATE_TAG_UNKNOWN, Severity.WARNING),
    LiquidProblemKind.MISSING_INCLUDE: (ProblemCode.TEMPLATE_TARGET_MISSING, Severity.ERROR),
    LiquidProblemKind.MISSING_POST: (ProblemCode.TEMPLATE_TARGET_MISSING, Severity.ERROR),
    LiquidProblemKind.VALUE: (ProblemCode.TEMPLATE_INVALID, Severity.WARNING),
    LiquidProblemKind.LIMIT: (ProblemCode.TEMPLATE_LIMIT, Severity.ERROR),
}


@dataclass(frozen=True, slots=True)
class RenderedTemplate:
    """A body after Liquid; ``uses`` as in ``ReadOutcome``."""

    text: str
    problems: tuple[ContentProblem, ...]
    uses: tuple[str, ...]


class Templates:
    """Runs the Liquid of a site's posts."""

    version = f"python-liquid {version('python-liquid')}, octavo 1"
    """Part of the fingerprint; the last number rises when what templates become changes."""

    def __init__(self, root: Path, site: JekyllSite, markdownify: Callable[[str], str]) -> None:
        self._root = root
        self._site = site
        self._liquid = LiquidRenderer(site, markdownify=markdownify)

    def render(self, document: Document, body: str, page: Mapping[str, object]) -> RenderedTemplate:
        """``body`` of ``document``, whose template sees ``page``."""
        rendered = self._liquid.render(body, page, first_line=document.body_line)
        problems = tuple(_problem(document.path, problem) for problem in rendered.problems)
        return RenderedTemplate(rendered.text, problems, tuple(sorted(self._uses(rendered))))

    def excerpt(self, cut: str, page: Mapping[str, object]) -> str:
        """An excerpt, which is a template of its own; what is wrong in it is told of the whole body."""
        own: dict[str, object] = {"id": f"{page['id']}#excerpt", "path": f"{page['path']}/#excerpt"}
        return self._liquid.render(close_blocks(cut), ChainMap(own, cast("dict[str, object]", page))).text

    def _uses(self, rendered: LiquidText) -> Iterator[str]:
        if rendered.asked_site:
            yield EVERYTHING
        for name in rendered.asked_posts:
            yield self._site.post_named(name) or (name if (self._root / name).is_file() else EVERYTHING)


def _problem(path: str, problem: LiquidProblem) -> ContentProblem:
    code, severity = _PROBLEMS[problem.kind]
    return ContentProblem(path, problem.line, 1, severity, code, problem.message, problem.hint)
