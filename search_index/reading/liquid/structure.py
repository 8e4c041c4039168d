"""Pieces of a template as tokens that the library's parser can only accept: every block closed, every markup readable.

Jekyll refuses a whole site for one tag it does not know. Here the tag is taken out and reported, and what it encloses
stays. An opening tag without an end, an end without an opening tag, and a tag whose markup cannot be read are taken out
the same way. What ``comment`` encloses goes, with whatever is wrong in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from liquid import Token
from liquid.exceptions import LiquidSyntaxError
from liquid.token import TOKEN_CONTENT, TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG

from search_index.reading.liquid import expressions, jekyll_markup
from search_index.reading.liquid.model import LiquidLimits, LiquidProblemKind
from search_index.reading.liquid.ruby import WHITESPACE
from search_index.reading.liquid.scanning import Piece, PieceKind, pieces

Check = Callable[[str], object]


def _anything(_markup: str) -> object:
    return None


BLOCKS: dict[str, Check] = {
    "if": expressions.condition,
    "unless": expressions.condition,
    "case": expressions.first_value,
    "for": expressions.loop,
    "tablerow": expressions.rows,
    "capture": expressions.variable_name,
    "comment": _anything,
    "ifchanged": _anything,
    "raw": jekyll_markup.nothing,
    "highlight": jekyll_markup.highlighting,
}
"""The tags that have an end, and what reads their markup."""
_SINGLE: dict[str, Check] = {
    "assign": expressions.assignment,
    "cycle": expressions.cycle,
    "echo": expressions.filtered,
    "include": jekyll_markup.inclusion,
    "include_cached": jekyll_markup.inclusion,
    "include_relative": jekyll_markup.inclusion,
    "render": jekyll_markup.snippet,
    "post_url": jekyll_markup.post_name,
    **dict.fromkeys(("increment", "decrement", "break", "continue", "link", "#"), _anything),
}
_BRANCHES: dict[str, tuple[Check, frozenset[str]]] = {
    "elsif": (expressions.condition, frozenset(("if", "unless"))),
    "else": (_anything, frozenset(("if", "unless", "case", "for"))),
    "when": (expressions.values, frozenset(("case",))),
}
_MOST_FAULTS = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the source at ``token``."""

    token: Token
    kind: LiquidProblemKind
    message: str
    hint: str


@dataclass(slots=True)
class _Open:
    """A block whose end has not come. A ghost's own tags are left out."""

    name: str
    start: int
    place: int
    """Where its token is, or would be, among the tokens."""
    faults: int
    ghost: bool = False
    own: list[int] = field(default_factory=list)
    """The places of its own tags: to be taken out if its end never comes."""
    last_branch: bool = False


class _Builder:
    def __init__(self, source: str, levels: int) -> None:
        self.source = source
        self.levels = levels
        self.tokens: list[tuple[Token, ...]] = []
        self.faults: list[Fault] = []
        self.open: list[_Open] = []
        self.names: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.trim = False

    def add(self, piece: Piece) -> None:
        if piece.trim_before:
            self._trim_last()
        match piece.kind:
            case PieceKind.TEXT | PieceKind.BROKEN:
                self._text(piece)
            case PieceKind.OUTPUT:
                self._output(piece)
            case PieceKind.RAW:
                self._raw(piece)
            case PieceKind.TAG:
                self._tag(piece)
        if piece.kind in (PieceKind.OUTPUT, PieceKind.TAG) and piece.name != "endraw":
            self.trim = piece.trim_after

    def stop(self, start: int, message: str) -> None:
        """The source from ``start`` on is text."""
        self.tokens.append((self._token(TOKEN_CONTENT, self.source[start:], start),))
        self._fault(start, message, "split the text", LiquidProblemKind.LIMIT)

    def finish(self) -> list[Token]:
        while self.open:
            self._leave_open(self.open.pop())
        return [token for tokens in self.tokens for token in tokens]

    def _token(self, kind: str, value: str, start: int) -> Token:
        return Token(kind, value, start, self.source)

    def _pair(self, kind: str, value: str, start: int, markup: str) -> tuple[Token, ...]:
        return self._token(kind, value, start), self._token(TOKEN_EXPRESSION, markup, start)

    def _trim_last(self) -> None:
        if self.tokens and self.tokens[-1] and self.tokens[-1][0].kind == TOKEN_CONTENT:
            last = self.tokens[-1][0]
            self.tokens[-1] = (last._replace(value=last.value.rstrip(WHITESPACE)),)

    def _text(self, piece: Piece) -> None:
        text = piece.text.lstrip(WHITESPACE) if self.trim else piece.text
        self.trim = piece.trim_after
        if text:
            self.tokens.append((self._token(TOKEN_CONTENT, text, piece.start),))
        if piece.kind is PieceKind.BROKEN:
            self._fault(piece.start, f"{piece.name}, and stays as it is", "end it, or put it into `{% raw %}`")

    def _raw(self, piece: Piece) -> None:
        raw = self.open[-1]
        del self.tokens[raw.place :]
        self.tokens.append(self._pair(TOKEN_TAG, "raw", raw.start, piece.text))

    def _output(self, piece: Piece) -> None:
        try:
            expressions.filtered(piece.text)
        except LiquidSyntaxError as error:
            self._fault(piece.start, f"an output is left out: {error.args[0]}", "write it shorter")
        else:
            self.tokens.append(self._pair(TOKEN_OUTPUT, "", piece.start, piece.text))

    def _fault(self, start: int, message: str, hint: str, kind: LiquidProblemKind = LiquidProblemKind.SYNTAX) -> None:
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(self._token("", "", start), kind, message, hint))

    def _tag(self, piece: Piece) -> None:
        name = piece.name
        if name in BLOCKS:
            self._open_block(piece)
        elif name.startswith("end") and name[3:] in BLOCKS:
            self._close_block(piece)
        elif name in _BRANCHES:
            self._branch(piece)
        elif name in _SINGLE:
            if self._readable(piece, _SINGLE[name]):
                self.tokens.append(() if name == "#" else self._pair(TOKEN_TAG, name, piece.start, piece.text))
        else:
            self._unknown(piece)

    def _readable(self, piece: Piece, check: Check) -> bool:
        try:
            check(piece.text)
        except LiquidSyntaxError as error:
            message = f"`{{% {piece.name} %}}` cannot be read and is left out: {error.args[0]}"
            self._fault(piece.start, message, "look at the tag's way of writing")
            return False
        return True

    def _open_block(self, piece: Piece) -> None:
        block = _Open(piece.name, piece.start, len(self.tokens), len(self.faults))
        block.ghost = not self._readable(piece, BLOCKS[piece.name])
        if len(self.open) >= self.levels and not block.ghost:
            block.ghost = True
            message = f"blocks are nested deeper than {self.levels} levels; `{{% {piece.name} %}}` is left out"
            self._fault(piece.start, message, "nest less", LiquidProblemKind.LIMIT)
        if not block.ghost:
            block.own.append(block.place)
            self.tokens.append(self._pair(TOKEN_TAG, piece.name, piece.start, piece.text))
        self.open.append(block)
        self.names[piece.name] += 1

    def _close_block(self, piece: Piece) -> None:
        name = piece.name[3:]
        if not self.names[name]:
            message = f"`{{% {piece.name} %}}` ends nothing and is left out"
            self._fault(piece.start, message, f"write `{{% {name} %}}` before it")
            return
        while self.open[-1].name != name:
            self._leave_open(self.open.pop())
        block = self.open.pop()
        self.names[name] -= 1
        if name == "comment":
            del self.tokens[block.place :], self.faults[block.faults :]
            self.tokens.append(())
        elif name == "case" and not block.ghost:
            self._close_case(block, piece)
        elif name != "raw" and not block.ghost:
            self.tokens.append((self._token(TOKEN_TAG, piece.name, piece.start),))

    def _close_case(self, block: _Open, piece: Piece) -> None:
        if len(block.own) == 1:
            del self.tokens[block.place + 1 :]
        self.tokens.append((self._token(TOKEN_TAG, piece.name, piece.start),))

    def _branch(self, piece: Piece) -> None:
        check, parents = _BRANCHES[piece.name]
        parent = self.open[-1] if self.open else None
        if parent and (parent.ghost or parent.name == "comment"):
            return
        if parent is None or parent.name not in parents or (parent.last_branch and parent.name == "for"):
            message = f"`{{% {piece.name} %}}` stands in no {' or '.join(sorted(parents))} and is left out"
            self._fault(piece.start, message, "look for a block that is closed too early")
            return
        if not self._readable(piece, check):
            return
        if parent.name == "case" and len(parent.own) == 1:
            del self.tokens[parent.place + 1 :]
        parent.last_branch = piece.name == "else"
        parent.own.append(len(self.tokens))
        self.tokens.append(self._pair(TOKEN_TAG, piece.name, piece.start, piece.text))

    def _leave_open(self, block: _Open) -> None:
        self.names[block.name] -= 1
        for place in block.own:
            self.tokens[place] = ()
        if not block.ghost:
            message = f"`{{% {block.name} %}}` has no `{{% end{block.name} %}}` and is left out"
            self._fault(block.start, message, f"write `{{% end{block.name} %}}` where it ends")

    def _unknown(self, piece: Piece) -> None:
        if piece.name.startswith("end") and self.unknown[piece.name[3:]]:
            self.unknown[piece.name[3:]] -= 1
            return
        self.unknown[piece.name] += 1
        message = f"the tag `{{% {piece.name} %}}` is not known and is left out"
        hint = "only Liquid's and Jekyll's own tags are, no plugin's; write Markdown or HTML instead"
        self._fault(piece.start, message, hint, LiquidProblemKind.UNKNOWN_TAG)


def structured(source: str, limits: LiquidLimits) -> tuple[list[Token], tuple[Fault, ...]]:
    """The tokens of ``source``, and what had to be left out of it."""
    builder = _Builder(source, limits.nesting)
    tags = 0
    for piece in pieces(source):
        tags += piece.kind is not PieceKind.TEXT
        if tags > limits.tags:
            builder.stop(piece.start, f"there are more than {limits.tags} tags; all after them stay as they are")
            break
        builder.add(piece)
    found = builder.finish()
    return found, tuple(sorted(builder.faults, key=lambda fault: fault.token.start_index))
