"""A filter: how it is called, and what a call costs."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from search_index.reading.liquid import ruby
from search_index.reading.liquid.context import LiquidContext

Function = Callable[..., object]


class Call:
    """A filter by name. ``with_context`` functions get the context before the value.

    A call pays for reading the value and the arguments, and for what it makes. Raises ``LiquidFailure`` where the
    number of arguments is wrong, or a value unfit.
    """

    __slots__ = ("_function", "_least", "_most", "_with_context", "name")

    def __init__(self, name: str, function: Function, *, with_context: bool = False) -> None:
        self.name = name
        self._function = function
        self._with_context = with_context
        own = list(inspect.signature(function).parameters.values())[1 + with_context :]
        self._most = len(own)
        self._least = sum(parameter.default is inspect.Parameter.empty for parameter in own)

    def __call__(self, context: LiquidContext, value: object, *arguments: object) -> object:
        if not self._least <= len(arguments) <= self._most:
            expected = str(self._least) if self._least == self._most else f"{self._least} to {self._most}"
            raise ruby.wrong(f"the filter `{self.name}` takes {expected} arguments, not {len(arguments)}", "give them")
        budget = context.rendering.budget
        budget.spend(1)
        for read in (value, *arguments):
            budget.weigh(read)
        made = self._function(context, value, *arguments) if self._with_context else self._function(value, *arguments)
        if isinstance(made, str):
            budget.made(len(made))
        elif made is not value:
            budget.weigh(made)
        return made


def calls(functions: dict[str, Function], *, with_context: bool = False) -> tuple[Call, ...]:
    return tuple(Call(name, function, with_context=with_context) for name, function in functions.items())
