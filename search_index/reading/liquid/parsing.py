"""Sources parsed into the library's tree, with what was wrong in them."""

from __future__ import annotations

from typing import TextIO

from liquid import BoundTemplate, Environment, Mode, RenderContext, TokenStream
from liquid.ast import Node
from liquid.parser import Parser

from search_index.reading.liquid import jekyll_tags, loops, tags
from search_index.reading.liquid.context import Rendering, rendering_of
from search_index.reading.liquid.filters import FILTERS
from search_index.reading.liquid.model import LiquidLimits
from search_index.reading.liquid.structure import structured


class JekyllEnvironment(Environment):
    """Jekyll's tags and filters. Its trees come from ``parsed``, which knows what to do with broken sources."""

    block_nesting_limit = 1_000
    context_depth_limit = 1_000
    """How deep blocks and includes may nest is seen to by ``structured`` and the budget."""

    suppress_blank_control_flow_blocks = False
    """The tags leave blank text out themselves: in Liquid the rest of a blank block is still written."""

    def __init__(self) -> None:
        super().__init__(tolerance=Mode.LAX, strict_filters=False)

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        self.filters.clear()
        for tag in (*tags.TAGS, *loops.TAGS, *jekyll_tags.TAGS):
            self.add_tag(tag)
        for name, call in FILTERS.items():
            self.add_filter(name, call)


class Parsed:
    """A source's tree."""

    __slots__ = ("faults", "nodes", "template")

    def __init__(self, source: str, environment: Environment, limits: LiquidLimits) -> None:
        found, self.faults = structured(source, limits)
        self.nodes: list[Node] = Parser(environment).parse(TokenStream(iter(found)))
        self.template = BoundTemplate(environment, self.nodes)

    def render(self, context: RenderContext, buffer: TextIO) -> int:
        """Render within a template that is being rendered; returns the characters written."""
        self.report_faults(rendering_of(context))
        return sum(node.render(context, buffer) for node in self.nodes)

    def report_faults(self, rendering: Rendering) -> None:
        for fault in self.faults:
            rendering.report(fault.token, fault.kind, fault.message, fault.hint)
