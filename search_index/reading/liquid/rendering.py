"""Templates of posts to text."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import cast

from liquid.builtin.content import ContentNode
from liquid.exceptions import LiquidInterrupt

from search_index.reading.liquid.budget import LimitReached, Output
from search_index.reading.liquid.context import LiquidContext, Rendering
from search_index.reading.liquid.model import LiquidLimits, LiquidProblemKind, LiquidText, SiteForLiquid
from search_index.reading.liquid.parsing import JekyllEnvironment, Parsed
from search_index.reading.liquid.tags import RawNode

_KEPT_TEMPLATES = 512
_JEKYLL = {"version": "4.3.1", "environment": "production"}


class _SiteValues(Mapping[str, object]):
    """``site`` as a template sees it; notes when a listing is used."""

    def __init__(self, rendering: Rendering, values: Mapping[str, object]) -> None:
        self._rendering = rendering
        self._values = values

    def __getitem__(self, key: str) -> object:
        if key in self._rendering.site.listings:
            self._rendering.asked_site = True
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        self._rendering.asked_site = True
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class LiquidRenderer:
    """Renders the Liquid of one site's posts as Jekyll 4.3 would, in lax mode.

    Where Jekyll stops, the tag at fault is left out and reported. Never raises but ``MemoryError``.
    """

    def __init__(
        self, site: SiteForLiquid, limits: LiquidLimits | None = None, *, markdownify: Callable[[str], str]
    ) -> None:
        self._site = site
        self._limits = limits or LiquidLimits()
        self._markdownify = markdownify
        self._environment = JekyllEnvironment()
        self._values: Mapping[str, object] | None = None
        self._includes: dict[str, Parsed | None] = {}
        self._parsed = lru_cache(_KEPT_TEMPLATES)(self._parse)

    def render(self, source: str, page: Mapping[str, object], *, first_line: int = 1) -> LiquidText:
        """``source`` rendered for ``page``; ``first_line`` is where it begins in its file.

        A text without ``{{`` and ``{%`` is given back as it is.
        """
        if "{{" not in source and "{%" not in source:
            return LiquidText(source)
        rendering = Rendering(
            self._site, self._limits, first_line, page, self._parsed, self._include, self._markdownify
        )
        return self._render(self._parse(source), rendering, self._variables(rendering))

    def _variables(self, rendering: Rendering) -> dict[str, object]:
        if self._values is None:
            own = {"url": self._site.url, "baseurl": self._site.baseurl, "time": self._site.time}
            # What is costly among the values is worked out when a template asks for it: none is looked at here.
            self._values = ChainMap(own, cast("dict[str, object]", self._site.values()))
        return {"site": _SiteValues(rendering, self._values), "page": rendering.page, "jekyll": _JEKYLL}

    def _render(self, parsed: Parsed, rendering: Rendering, variables: dict[str, object]) -> LiquidText:
        context = LiquidContext(parsed.template, rendering, variables)
        parsed.report_faults(rendering)
        buffer = Output(rendering.budget)
        kept, rest = 0, ""
        for place, node in enumerate(parsed.nodes):
            try:
                node.render(context, buffer)
                kept = buffer.tell()
            except LiquidInterrupt:
                kept = buffer.tell()
                break
            except LimitReached as reached:
                rendering.report(node.token, LiquidProblemKind.LIMIT, reached.message, reached.hint)
                rest = "".join(node.text for node in parsed.nodes[place:] if isinstance(node, ContentNode | RawNode))
                break
        text = buffer.getvalue()[:kept] + rest
        problems = tuple(sorted(rendering.problems, key=lambda problem: problem.line))
        return LiquidText(text, problems, frozenset(rendering.asked_posts), rendering.asked_site)

    def _parse(self, source: str) -> Parsed:
        return Parsed(source, self._environment, self._limits)

    def _include(self, name: str) -> Parsed | None:
        if name not in self._includes:
            text = self._site.include(name)
            self._includes[name] = None if text is None else self._parse(text)
        return self._includes[name]
