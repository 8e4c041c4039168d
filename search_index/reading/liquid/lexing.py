"""The words of a tag's markup: the strict reading's tokens (``liquid/lexer.rb``), and the loose reading's fragments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from liquid.exceptions import LiquidSyntaxError

_QUOTED = r"""(?:"[^"]*"|'[^']*')"""
FRAGMENT = rf"""(?:{_QUOTED}|(?:[^\s,|'"]|{_QUOTED})++)"""
"""A quoted text, or whatever has no blank, comma or bar in it (``QuotedFragment``)."""
FRAGMENTS = rf"""(?:[^\s,|'"]|{_QUOTED})++"""
"""One or more fragments in a row."""
ATTRIBUTE = re.compile(rf"(?<![\w-])(\w[\w-]*+)\s*:\s*({FRAGMENT})", re.ASCII)
"""``name: value``."""

_FILTER = re.compile(rf"(?:\s++|{FRAGMENT}|,)++", re.ASCII)
_FILTER_NAME = re.compile(r"\w+", re.ASCII)
_FILTER_ARGUMENT = re.compile(rf"[:,]\s*((?:\w+\s*:\s*)?{FRAGMENT})", re.ASCII)
_SEGMENT = re.compile(r"[\w-]+\??", re.ASCII)
_SEGMENT_OR_ITEM = re.compile(r"\[[^\]]+\]|[\w-]+\??", re.ASCII)
_TOKEN = re.compile(
    r"""\s*+(?:(?P<comparison>==|!=|<>|<=?|>=?|contains(?=\s))|(?P<string>'[^']*'|"[^"]*")|"""
    r"""(?P<number>-?[0-9]+(?:\.[0-9]+)?)|(?P<name>[a-zA-Z_][\w-]*\??)|(?P<special>\.\.|[|.:,\[\]()?-])|(?P<end>\Z))""",
    re.ASCII,
)
_DEEPEST = 20


class Tokens:
    """The tokens of a markup, taken one after another. Raises ``LiquidSyntaxError`` where another was needed."""

    def __init__(self, found: list[tuple[str, str]]) -> None:
        self._found = found
        self._position = 0

    def at_end(self) -> bool:
        return self.looks("end")

    def looks(self, kind: str) -> bool:
        return self._found[self._position][0] == kind

    def take(self, kind: str) -> str:
        found, text = self._found[self._position]
        if found != kind:
            raise LiquidSyntaxError(f"{kind} is missing", token=None)
        self._position += found != "end"
        return text

    def took(self, kind: str) -> bool:
        if not self.looks(kind):
            return False
        self._position += 1
        return True

    def took_name(self, name: str) -> str:
        """``name``, if it is the next token; "" else."""
        if self._found[self._position] != ("name", name):
            return ""
        self._position += 1
        return name

    def argument(self) -> str:
        """An argument of a filter: a value, or ``name: value``."""
        if self.looks("name") and self._found[self._position + 1][0] == ":":
            name = self.take("name")
            self.take(":")
            return f"{name}: {self.expression()}"
        return self.expression()

    def expression(self, depth: int = 0) -> str:
        """A value, written without blanks."""
        if depth > _DEEPEST:
            raise LiquidSyntaxError("brackets are nested too deeply", token=None)
        kind, text = self._found[self._position]
        if kind in ("string", "number"):
            self._position += 1
            return text
        if kind == "name":
            self._position += 1
            return text + self._lookups(depth)
        if self.took("["):
            inner = self.expression(depth + 1)
            self.take("]")
            return f"[{inner}]{self._lookups(depth)}"
        if self.took("("):
            first = self.expression(depth + 1)
            self.take("..")
            last = self.expression(depth + 1)
            self.take(")")
            return f"({first}..{last})"
        raise LiquidSyntaxError("a value is missing", token=None)

    def _lookups(self, depth: int) -> str:
        parts: list[str] = []
        while True:
            if self.took("["):
                parts.append(f"[{self.expression(depth + 1)}]")
                self.take("]")
            elif self.took("."):
                parts.append("." + self.take("name"))
            else:
                return "".join(parts)


def tokens(markup: str) -> Tokens:
    """The tokens of ``markup``. Raises ``LiquidSyntaxError`` at a character that begins none."""
    found: list[tuple[str, str]] = []
    position = 0
    while True:
        token = _TOKEN.match(markup, position)
        if token is None or token.lastgroup is None:
            raise LiquidSyntaxError("a character is out of place", token=None)
        kind, text = token.lastgroup, token[token.lastgroup]
        found.append((text if kind == "special" else kind, text))
        if kind == "end":
            return Tokens(found)
        position = token.end()


def lookups(markup: str) -> list[str]:
    """The name of a variable and what follows it: words, and items in brackets."""
    end = markup.rfind("]") + 1
    return _SEGMENT_OR_ITEM.findall(markup, 0, end) + _SEGMENT.findall(markup, end)


def filter_parts(markup: str) -> Iterator[tuple[str, list[str]]]:
    """Name and arguments of each filter in ``| name: argument, argument | ...``, read loosely."""
    _, _, after = markup.partition("|")
    for part in _FILTER.findall(after):
        if name := _FILTER_NAME.search(part):
            yield name.group(), _FILTER_ARGUMENT.findall(part)
