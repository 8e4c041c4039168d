"""Hugo's shortcodes: ``{{< figure src="cat.png" >}}`` and its kin."""

from search_index.reading.shortcodes.expanding import (
    ExpandedShortcodes,
    ProblemKind,
    ShortcodeProblem,
    expand,
    insert,
)
from search_index.reading.shortcodes.page import ShortcodePage

__all__ = ["ExpandedShortcodes", "ProblemKind", "ShortcodePage", "ShortcodeProblem", "expand", "insert"]
