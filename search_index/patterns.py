"""Glob patterns and regular expressions of a site's configuration, matched in time linear in the text.

Nothing here becomes a Python regular expression: patterns are the site's own text, and a backtracking matcher can be made
to hang. A pattern becomes a small automaton whose states are followed all at once.

Globs are those of ``gobwas/glob`` with the separator ``/``: ``*`` and ``?`` stay within a folder, ``**`` does not, ``[ab]``,
``[!a-z]``, ``{one,two}``, and a backslash before a mark that is meant. Regular expressions are the part of RE2 that
``ignoreFiles`` is written in: letters, ``.``, classes, ``\\d \\w \\s``, groups, ``|``, ``* + ? {n,m}``, ``^`` and ``$``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_LONGEST = 200
_DEEPEST = 20
_MOST_STATES = 1_000
"""Far more than 200 characters need that do not repeat what repeats."""
_DIGITS = ("0", "9")
_CLASSES = {
    "d": (_DIGITS,),
    "w": (_DIGITS, ("A", "Z"), ("a", "z"), ("_", "_")),
    "s": (("\t", "\n"), ("\f", "\r"), (" ", " ")),
}
_COUNTS = re.compile(r"\{(?P<least>\d{1,4})(?:(?P<open>,)(?P<most>\d{1,4})?)?\}", re.ASCII)
_MOST_TIMES = 100
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}

Takes = Callable[[str], bool]


class PatternError(ValueError):
    """The pattern cannot be read; the message says why."""


@dataclass(slots=True)
class _State:
    """A step of the automaton: ``takes`` a character and goes to ``out``, or goes to all of ``out`` without one."""

    takes: Takes | None = None
    anchor: str = ""
    out: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern, and the ``text`` that it was compiled from.

    ``anywhere``: it need not match from the first character to the last.
    """

    _states: tuple[_State, ...]
    _start: int
    _end: int
    anywhere: bool
    text: str

    @property
    def size(self) -> int:
        """The number of its states: at most so many are looked at for each character."""
        return len(self._states)

    def matches(self, text: str) -> bool:
        """Whether ``text`` matches."""
        last = len(text)
        reached = _Reached(self._states)
        current = reached.of([self._start], at_start=True, at_end=not text)
        for position, char in enumerate(text, 1):
            if self.anywhere and self._end in current:
                return True
            following = [
                self._states[state].out[0]
                for state in current
                if (takes := self._states[state].takes) is not None and takes(char)
            ]
            if self.anywhere:
                following.append(self._start)
            current = reached.of(following, at_start=False, at_end=position == last)
            if not current:
                return False
        return self._end in current


class _Reached:
    """The states that follow from a state without a character; kept, as they are asked for again and again."""

    def __init__(self, states: tuple[_State, ...]) -> None:
        self._states = states
        self._known: dict[tuple[int, bool, bool], frozenset[int]] = {}

    def of(self, states: list[int], *, at_start: bool, at_end: bool) -> frozenset[int]:
        found: set[int] = set()
        for state in states:
            if state not in found:
                found |= self._from(state, at_start, at_end)
        return frozenset(found)

    def _from(self, state: int, at_start: bool, at_end: bool) -> frozenset[int]:
        key = (state, at_start, at_end)
        if key not in self._known:
            holds = {"": True, "^": at_start, "$": at_end}
            reached: set[int] = set()
            pending = [state]
            while pending:
                index = pending.pop()
                if index not in reached:
                    reached.add(index)
                    one = self._states[index]
                    if one.takes is None and holds[one.anchor]:
                        pending.extend(one.out)
            self._known[key] = frozenset(reached)
        return self._known[key]


def compile_glob(text: str) -> Pattern:
    """A glob for text in lower case, whatever its own. Raises ``PatternError``."""
    parser = _Glob(text.lower())
    return parser.compile(anywhere=False)


def compile_expression(text: str) -> Pattern:
    """A regular expression that is looked for anywhere. Raises ``PatternError``."""
    parser = _Expression(text)
    return parser.compile(anywhere=True)


Fragment = tuple[int, int]


class _Parser:
    """Builds states while it reads; a fragment is the pair of its first and last state."""

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise PatternError(f"a pattern of more than {_LONGEST} characters")
        self.text = text
        self.position = 0
        self.states: list[_State] = []
        self.depth = 0

    def compile(self, *, anywhere: bool) -> Pattern:
        start, end = self.alternatives()
        if self.position < len(self.text):
            raise PatternError(f"{self.text[self.position]!r} closes nothing")
        return Pattern(tuple(self.states), start, end, anywhere, self.text)

    def alternatives(self) -> Fragment:
        raise NotImplementedError

    def at(self, *marks: str) -> bool:
        return self.text[self.position : self.position + 1] in marks and self.position < len(self.text)

    def take(self) -> str:
        if self.position >= len(self.text):
            raise PatternError("it ends too early")
        self.position += 1
        return self.text[self.position - 1]

    def state(self, takes: Takes | None = None, anchor: str = "") -> int:
        if len(self.states) == _MOST_STATES:
            raise PatternError("it repeats too much")
        self.states.append(_State(takes, anchor))
        return len(self.states) - 1

    def one(self, takes: Takes) -> Fragment:
        first, last = self.state(takes), self.state()
        self.states[first].out.append(last)
        return first, last

    def empty(self) -> Fragment:
        only = self.state()
        return only, only

    def chain(self, first: Fragment, second: Fragment) -> Fragment:
        self.states[first[1]].out.append(second[0])
        return first[0], second[1]

    def either(self, fragments: list[Fragment]) -> Fragment:
        first, last = self.state(), self.state()
        for start, end in fragments:
            self.states[first].out.append(start)
            self.states[end].out.append(last)
        return first, last

    def repeated(self, fragment: Fragment, mark: str) -> Fragment:
        first, last = self.state(), self.state()
        self.states[first].out.append(fragment[0])
        self.states[fragment[1]].out.append(last)
        if mark in "*?":
            self.states[first].out.append(last)
        if mark in "*+":
            self.states[fragment[1]].out.append(fragment[0])
        return first, last

    def nested(self, close: str) -> Fragment:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternError("groups nested too deeply")
        inner = self.alternatives()
        if self.take() != close:
            raise PatternError(f"{close!r} is missing")
        self.depth -= 1
        return inner

    def set_of(self, negations: str) -> Takes:
        """The characters of ``[...]``, its opening mark taken already."""
        negated = self.at(*negations)
        if negated:
            self.take()
        ranges: list[tuple[str, str]] = []
        while not self.at("]") or not ranges:
            low = self.take()
            if low == "\\":
                low = self.take()
                if low in _CLASSES:
                    ranges.extend(_CLASSES[low])
                    continue
                low = _ESCAPED.get(low, low)
            high = low
            if self.at("-") and self.text[self.position + 1 : self.position + 2] not in ("]", ""):
                self.take()
                high = self.take()
            ranges.append((low, high))
        self.take()
        return lambda char: any(low <= char <= high for low, high in ranges) is not negated


class _Glob(_Parser):
    def alternatives(self) -> Fragment:
        found = [self._sequence()]
        while self.depth and self.at(","):
            self.take()
            found.append(self._sequence())
        return self.either(found) if len(found) > 1 else found[0]

    def _sequence(self) -> Fragment:
        whole = self.empty()
        while self.position < len(self.text) and not (self.depth and self.at(",", "}")):
            whole = self.chain(whole, self._item())
        return whole

    def _item(self) -> Fragment:
        mark = self.take()
        match mark:
            case "*":
                wide = self.at("*")
                while self.at("*"):
                    self.take()
                return self.repeated(self.one(_anything if wide else _within_folder), "*")
            case "?":
                return self.one(_within_folder)
            case "[":
                return self.one(self.set_of("!^"))
            case "{":
                return self.nested("}")
            case "\\":
                mark = self.take()
        return self.one(mark.__eq__)


class _Expression(_Parser):
    def alternatives(self) -> Fragment:
        found = [self._sequence()]
        while self.at("|"):
            self.take()
            found.append(self._sequence())
        return self.either(found) if len(found) > 1 else found[0]

    def _sequence(self) -> Fragment:
        whole = self.empty()
        while self.position < len(self.text) and not self.at("|", ")"):
            began = self.position
            item = self._item()
            while self.at("*", "+", "?", "{"):
                item = self._counted(began) if self.at("{") else self.repeated(item, self.take())
            whole = self.chain(whole, item)
        return whole

    def _counted(self, began: int) -> Fragment:
        """``{n}``, ``{n,}`` or ``{n,m}`` behind what began there, which is read again for each time that it may stand."""
        counts = _COUNTS.match(self.text, self.position)
        if counts is None:
            raise PatternError("{ } is only read as {n}, {n,} or {n,m}")
        ends = self.position
        least = int(counts["least"])
        most = int(counts["most"] or least)
        if not least <= most <= _MOST_TIMES:
            raise PatternError(f"{counts[0]} does not rise, or is more than {_MOST_TIMES}")
        whole = self.empty()
        for time in range(most):
            again = self._again(began, ends)
            whole = self.chain(whole, again if time < least else self.repeated(again, "?"))
        if counts["open"] and not counts["most"]:
            whole = self.chain(whole, self.repeated(self._again(began, ends), "*"))
        self.position = counts.end()
        return whole

    def _again(self, began: int, ends: int) -> Fragment:
        """What stands between the two, once more."""
        self.position = began
        item = self._item()
        while self.position < ends:
            item = self._counted(began) if self.at("{") else self.repeated(item, self.take())
        return item

    def _item(self) -> Fragment:
        mark = self.take()
        match mark:
            case ".":
                return self.one("\n".__ne__)
            case "^" | "$":
                first, last = self.state(None, mark), self.state()
                self.states[first].out.append(last)
                return first, last
            case "[":
                return self.one(self.set_of("^"))
            case "(":
                if self.at("?"):
                    self.take()
                    if self.take() != ":":
                        raise PatternError("(? is only read as (?:")
                return self.nested(")")
            case "\\":
                return self.one(self._escaped())
            case "*" | "+" | "?" | "{":
                raise PatternError(f"{mark!r} repeats nothing")
        return self.one(mark.__eq__)

    def _escaped(self) -> Takes:
        mark = self.take()
        if mark.lower() in _CLASSES:
            ranges, negated = _CLASSES[mark.lower()], mark.isupper()
            return lambda char: any(low <= char <= high for low, high in ranges) is not negated
        if mark in _ESCAPED:
            return _ESCAPED[mark].__eq__
        if mark.isalnum():
            raise PatternError(f"\\{mark} is not read here")
        return mark.__eq__


def _within_folder(char: str) -> bool:
    return char != "/"


def _anything(char: str) -> bool:
    return bool(char)
