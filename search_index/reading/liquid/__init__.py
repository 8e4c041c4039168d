"""Jekyll's Liquid: what a post's text becomes before its Markdown is rendered."""

from search_index.reading.liquid.excerpts import close_blocks
from search_index.reading.liquid.model import (
    LiquidLimits,
    LiquidProblem,
    LiquidProblemKind,
    LiquidText,
    SiteForLiquid,
)
from search_index.reading.liquid.rendering import LiquidRenderer

__all__ = [
    "LiquidLimits",
    "LiquidProblem",
    "LiquidProblemKind",
    "LiquidRenderer",
    "LiquidText",
    "SiteForLiquid",
    "close_blocks",
]
