"""What is left of a rendering's limits, and the errors that say they are used up or a value is unfit."""

from __future__ import annotations

from io import StringIO

from search_index.reading.liquid.model import LiquidLimits, LiquidProblemKind

_CHARACTERS_A_STEP = 64


class LiquidFailure(Exception):
    """A tag, an output or a filter that gives nothing; the rest of the text is rendered."""

    def __init__(self, message: str, hint: str, kind: LiquidProblemKind = LiquidProblemKind.VALUE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.kind = kind


class LimitReached(LiquidFailure):
    """A limit is used up: what is rendered at the moment cannot go on."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint, LiquidProblemKind.LIMIT)


class Budget:
    """Counts down from ``LiquidLimits``; raises ``LimitReached`` from then on."""

    __slots__ = ("_characters", "_limits", "_steps", "depth")

    def __init__(self, limits: LiquidLimits) -> None:
        self._limits = limits
        self._steps = limits.steps
        self._characters = limits.characters
        self.depth = 0

    def spend(self, steps: int) -> None:
        self._steps -= steps
        if self._steps < 0:
            raise LimitReached(
                f"the template takes more than {self._limits.steps} steps", "loop over less, or use `limit:`"
            )

    def made(self, characters: int) -> None:
        """So many characters came into being."""
        self._characters -= characters
        if self._characters < 0:
            raise LimitReached(
                f"the template makes more than {self._limits.characters} characters", "loop over less, or capture less"
            )

    def enter(self) -> None:
        """A tag within another; ``leave`` must follow, also after the error."""
        self.depth += 1
        self.spend(1)
        if self.depth > self._limits.nesting:
            raise LiquidFailure(
                f"tags and includes are nested deeper than {self._limits.nesting} levels",
                "look for an include that includes itself",
                LiquidProblemKind.LIMIT,
            )

    def leave(self) -> None:
        self.depth -= 1

    def weigh(self, value: object) -> None:
        """Pay for reading or making ``value``: a text by its length, a list with all that it holds."""
        if isinstance(value, str):
            self.spend(len(value) // _CHARACTERS_A_STEP)
        elif isinstance(value, list):
            self._weigh_list(value)
        elif isinstance(value, range):
            self.spend(max(0, value.stop - value.start))

    def _weigh_list(self, value: list[object]) -> None:
        waiting: list[tuple[list[object], int]] = [(value, 1)]
        while waiting:
            items, depth = waiting.pop()
            if depth > self._limits.nesting:
                raise LimitReached(f"lists are nested deeper than {self._limits.nesting} levels", "nest less")
            self.spend(len(items))
            for item in items:
                if isinstance(item, list):
                    waiting.append((item, depth + 1))
                elif isinstance(item, Group):
                    waiting.append((item.items_of_group, depth + 1))


class Group(dict[str, object]):
    """What ``group_by`` makes: ``name``, ``items`` and ``size``."""

    def __init__(self, name: object, items: list[object]) -> None:
        super().__init__(name=name, items=items, size=len(items))
        self.items_of_group = items


class Output(StringIO):
    """What is written, paid for by a budget."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(newline="")
        self._budget = budget

    def write(self, text: str, /) -> int:
        self._budget.made(len(text))
        return super().write(text)
