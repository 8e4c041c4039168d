"""Nodes that fail alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from liquid.ast import Node
from liquid.exceptions import LiquidInterrupt

from search_index.reading.liquid.budget import LimitReached
from search_index.reading.liquid.context import rendering_of

if TYPE_CHECKING:
    from liquid import RenderContext


class Guarded(Node):
    """A node whose failure is a problem of its own, while all around it is rendered.

    A limit that is used up ends the whole rendering, as do ``break`` and ``continue`` what they are for.
    """

    __slots__ = ()

    def render(self, context: RenderContext, buffer: TextIO) -> int:
        rendering = rendering_of(context)
        rendering.at = self.token
        try:
            rendering.budget.enter()
            return self.render_to_output(context, buffer)
        except (LiquidInterrupt, LimitReached, MemoryError):
            raise
        except Exception as error:  # whatever a template makes of its values, the post is served
            rendering.failed(self.token, error)
            return 0
        finally:
            rendering.budget.leave()
