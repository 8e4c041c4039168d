"""The markup of Jekyll's own tags. What cannot be read raises ``LiquidSyntaxError``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from liquid.exceptions import LiquidSyntaxError
from liquid.expression import Expression

from search_index.reading.liquid.evaluation import Literal
from search_index.reading.liquid.expressions import expression
from search_index.reading.liquid.lexing import ATTRIBUTE
from search_index.reading.liquid.ruby import WHITESPACE

_HIGHLIGHT = re.compile(r'([a-zA-Z0-9.+#_-]+)((?:\s+\w+(?:=(?:\w+|"(?:[0-9]+\s)*[0-9]+"))?)*)', re.ASCII)
_PARAMETER = re.compile(
    r"""\s*([\w-]+)\s*=\s*(?:"([^"\\]*+(?:\\.[^"\\]*+)*+)"|'([^'\\]*+(?:\\.[^'\\]*+)*+)'|([\w.-]+))(?=\s|\Z)\s*""",
    re.ASCII | re.DOTALL,
)
_OUTPUT_START = re.compile(r"\{\{\s*[\w\-.]+\s*", re.ASCII)
_AFTER_OUTPUT = re.compile(r"[^\s{}]*", re.ASCII)
_POST = re.compile(r"(?:\A|/)[0-9]+-[0-9]+-[0-9]+-")
_SNIPPET = re.compile(r"""\s*("[^"]*"|'[^']*')""")
_ITEMS = re.compile(r"\s+(?:for|with)\s", re.ASCII)
_LONGEST_MARKUP = 20_000
_KEPT = 1_024


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What ``include`` says: a file, whose name may hold outputs, and parameters (None: none were written)."""

    file: str
    has_outputs: bool
    parameters: Mapping[str, Expression] | None


@lru_cache(_KEPT)
def inclusion(markup: str) -> Inclusion:
    """The markup of ``include`` (``jekyll/tags/include.rb``)."""
    if len(markup) > _LONGEST_MARKUP:
        raise LiquidSyntaxError(f"it is longer than {_LONGEST_MARKUP} characters", token=None)
    markup = markup.strip(WHITESPACE)
    end = _end_of_outputs(markup)
    if end:
        return Inclusion(markup[:end].strip(WHITESPACE), True, _parameters(markup[end:].strip(WHITESPACE)))
    file, *rest = markup.split(maxsplit=1)[:2] or [""]
    if not file:
        raise LiquidSyntaxError("it names no file", token=None)
    return Inclusion(file, False, _parameters(rest[0]) if rest else None)


def _end_of_outputs(markup: str) -> int:
    """Where a file's name with outputs in it ends; 0 for a name without."""
    end = 0
    position = markup.find("{")
    while position >= 0 and (start := _OUTPUT_START.match(markup, position)):
        closing = markup.rfind("}}", start.end()) if markup.startswith("|", start.end()) else start.end()
        if closing < 0 or not markup.startswith("}}", closing):
            break
        found = _AFTER_OUTPUT.match(markup, closing + 2)
        end = found.end() if found else closing + 2
        position = end
    return end


def _parameters(markup: str) -> dict[str, Expression]:
    found: dict[str, Expression] = {}
    position = 0
    while position < len(markup):
        parameter = _PARAMETER.match(markup, position)
        if not parameter:
            raise LiquidSyntaxError('its parameters are not written as `name="value"`', token=None)
        name, double, single, variable = parameter.groups()
        if double is not None:
            found[name] = Literal(double.replace('\\"', '"'))
        elif single is not None:
            found[name] = Literal(single.replace("\\'", "'"))
        else:
            found[name] = expression(variable)
        position = parameter.end()
    return found


@dataclass(frozen=True, slots=True)
class Snippet:
    """What ``render`` says: a file and the variables it is given."""

    file: str
    variables: Mapping[str, Expression]


@lru_cache(_KEPT)
def snippet(markup: str) -> Snippet:
    """The markup of ``render`` (``liquid/tags/render.rb``), without ``for`` and ``with``."""
    found = _SNIPPET.match(markup)
    if not found or len(markup) > _LONGEST_MARKUP:
        raise LiquidSyntaxError("it names no file in quotes", token=None)
    if _ITEMS.match(markup, found.end()):
        raise LiquidSyntaxError("`for` and `with` are not known here", token=None)
    variables = {name: expression(value) for name, value in ATTRIBUTE.findall(markup, found.end())}
    return Snippet(found.group(1)[1:-1], variables)


@lru_cache(_KEPT)
def highlighting(markup: str) -> str:
    """The language of ``highlight`` (``jekyll/tags/highlight.rb``), in lower case."""
    found = _HIGHLIGHT.fullmatch(markup.strip(WHITESPACE)) if len(markup) <= _LONGEST_MARKUP else None
    if not found:
        raise LiquidSyntaxError("it is not written as `highlight language`", token=None)
    return found.group(1).lower()


def post_name(markup: str) -> str:
    """The post ``post_url`` names (``jekyll/tags/post_url.rb``), without the leading slash."""
    name = markup.strip(WHITESPACE)
    if not _POST.search(name):
        raise LiquidSyntaxError("it is not followed by a post's name such as `2020-01-02-title`", token=None)
    return name.removeprefix("/")


def nothing(markup: str) -> None:
    """The markup of ``raw``."""
    if markup.strip(WHITESPACE):
        raise LiquidSyntaxError("nothing may follow its name", token=None)
