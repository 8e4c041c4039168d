"""One rendering: its variables, what it may still use up, and what it found wrong."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, TextIO, cast

from liquid import RenderContext, Token, TokenStream
from liquid.utils import ReadOnlyChainMap

from search_index.reading.liquid.budget import Budget, LiquidFailure, Output
from search_index.reading.liquid.model import LiquidLimits, LiquidProblem, LiquidProblemKind, SiteForLiquid

if TYPE_CHECKING:
    from liquid import BoundTemplate

    from search_index.reading.liquid.parsing import Parsed

_LINE_END = re.compile("\n")


@dataclass(slots=True)
class Rendering:
    """What all the contexts of one text share."""

    site: SiteForLiquid
    limits: LiquidLimits
    first_line: int
    page: Mapping[str, object]
    parse: Callable[[str], Parsed]
    include: Callable[[str], Parsed | None]
    markdownify: Callable[[str], str]
    problems: dict[LiquidProblem, None] = field(default_factory=dict)
    asked_posts: set[str] = field(default_factory=set)
    asked_site: bool = False
    at: Token = TokenStream.eof
    """The tag or output that is being rendered."""
    budget: Budget = field(init=False)
    _included: list[str] = field(default_factory=list)
    _page_line: int = 0
    _line_ends: dict[int, tuple[str, list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.budget = Budget(self.limits)

    def report(self, token: Token, kind: LiquidProblemKind, message: str, hint: str) -> None:
        """Something wrong at ``token``, in the text itself or in what it includes."""
        if len(self.problems) >= self.limits.problems:
            return
        line = self._line(token)
        if self._included:
            message = f"in {self._included[-1]!r}, line {line}: {message}"
            line = self._page_line
        else:
            line += self.first_line - 1
        self.problems[LiquidProblem(line, kind, message, hint)] = None

    def _line(self, token: Token) -> int:
        """The line of its source that ``token`` is in."""
        known = self._line_ends.get(id(token.source))
        if known is None:
            ends = [end.start() for end in _LINE_END.finditer(token.source)]
            known = self._line_ends[id(token.source)] = (token.source, ends)
        return 1 + bisect_left(known[1], token.start_index)

    def report_here(self, kind: LiquidProblemKind, message: str, hint: str) -> None:
        """Something wrong in the tag or output that is being rendered."""
        self.report(self.at, kind, message, hint)

    def failed(self, token: Token, error: Exception) -> None:
        """``error`` came up in the tag or output at ``token``, which gives nothing."""
        match error:
            case LiquidFailure():
                self.report(token, error.kind, error.message, error.hint)
            case RecursionError():
                self.report(token, LiquidProblemKind.LIMIT, "this is nested too deeply", "nest less")
            case _:
                message = f"this cannot be calculated ({type(error).__name__})"
                self.report(token, LiquidProblemKind.VALUE, message, "look at the values that go in")

    @contextmanager
    def within(self, name: str, token: Token) -> Iterator[None]:
        """What is reported meanwhile is reported of the file ``name``, which the tag at ``token`` includes."""
        if not self._included:
            self._page_line = self.first_line + self._line(token) - 1
        self._included.append(name)
        try:
            yield
        finally:
            self._included.pop()


class LiquidContext(RenderContext):
    """The variables of a template; undefined ones are None."""

    __slots__ = ("rendering",)

    def __init__(self, template: BoundTemplate, rendering: Rendering, variables: Mapping[str, object]) -> None:
        super().__init__(template, globals=variables)
        self.rendering = rendering
        self.scope = ReadOnlyChainMap(self.locals, self.globals, self.counters)

    def filter(self, name: str, _token: Token | None = None) -> Callable[..., object]:
        """The filter as a function of the value and its arguments; an unknown one gives the value back."""
        call = self.env.filters.get(name)
        return _unchanged if call is None else lambda value, *arguments: call(self, value, *arguments)

    def get_buffer(self, _buf: TextIO | None = None) -> StringIO:
        return Output(self.rendering.budget)


def _unchanged(value: object, *_arguments: object) -> object:
    return value


def rendering_of(context: RenderContext) -> Rendering:
    """The rendering a node is asked to take part in."""
    return cast("LiquidContext", context).rendering
