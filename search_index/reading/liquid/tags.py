"""Liquid's own tags but for its loops, over the library's tree; what they say is read by ``expressions``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from liquid import Token, TokenStream
from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.exceptions import LiquidInterrupt
from liquid.expression import Expression
from liquid.parser import get_parser
from liquid.tag import Tag
from liquid.token import TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG

from search_index.reading.liquid import evaluation, expressions, ruby
from search_index.reading.liquid.context import rendering_of
from search_index.reading.liquid.evaluation import Filtered
from search_index.reading.liquid.guarded import Guarded

if TYPE_CHECKING:
    from liquid import RenderContext


def opening(stream: TokenStream) -> tuple[Token, str]:
    """A tag's token and its markup; the stream stays at the markup."""
    token = stream.eat(TOKEN_TAG)
    return token, stream.expect(TOKEN_EXPRESSION).value


def block(tag: Tag, stream: TokenStream, *ends: str) -> BlockNode:
    """What stands between the markup at the head of the stream and the first of ``ends``, where the stream then is."""
    next(stream)
    return get_parser(tag.env).parse_block(stream, ends)


def without_blank_text(*bodies: BlockNode) -> None:
    """Take the text out of a control-flow tag's bodies: they hold nothing but whitespace and what prints nothing."""
    for body in bodies:
        body.nodes = [node for node in body.nodes if not isinstance(node, ContentNode)]


def rendered(body: BlockNode, context: RenderContext, buffer: TextIO) -> LiquidInterrupt | None:
    """Render ``body``; a ``break`` or ``continue`` in it is given back, to be raised when the tag around it is done."""
    try:
        body.render(context, buffer)
    except LiquidInterrupt as interrupt:
        return interrupt
    return None


class OutputNode(Guarded):
    """``{{ value | filter }}``."""

    __slots__ = ("value",)

    def __init__(self, token: Token, value: Filtered) -> None:
        super().__init__(token)
        self.value = value
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        value = self.value.evaluate(context)
        rendering_of(context).budget.weigh(value)
        return buffer.write(ruby.output(value))


class OutputTag(Tag):
    name = TOKEN_OUTPUT

    def parse(self, stream: TokenStream) -> Node:
        token = stream.eat(TOKEN_OUTPUT)
        return OutputNode(token, expressions.filtered(stream.expect(TOKEN_EXPRESSION).value))


class EchoTag(Tag):
    name = "echo"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return OutputNode(token, expressions.filtered(markup))


class AssignNode(Guarded):
    __slots__ = ("name", "value")

    def __init__(self, token: Token, name: str, value: Filtered) -> None:
        super().__init__(token)
        self.name = name
        self.value = value

    def render_to_output(self, context: RenderContext, _buffer: TextIO) -> int:
        value = self.value.evaluate(context)
        context.assign(self.name, "" if isinstance(value, ruby.MethodLiteral) else value)
        return 0


class AssignTag(Tag):
    name = "assign"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return AssignNode(token, *expressions.assignment(markup))


class CaptureNode(Guarded):
    __slots__ = ("body", "name")

    def __init__(self, token: Token, name: str, body: BlockNode) -> None:
        super().__init__(token)
        self.name = name
        self.body = body

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        captured = context.get_buffer(buffer)
        interrupted = rendered(self.body, context, captured)
        context.assign(self.name, captured.getvalue())
        if interrupted:
            raise interrupted
        return 0


class CaptureTag(Tag):
    name = "capture"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return CaptureNode(token, expressions.variable_name(markup), block(self, stream, "endcapture"))


class CountNode(Guarded):
    """``increment`` prints before it counts, ``decrement`` after."""

    __slots__ = ("name", "up")

    def __init__(self, token: Token, name: str, up: bool) -> None:
        super().__init__(token)
        self.name = name
        self.up = up
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        count = context.increment(self.name) if self.up else context.decrement(self.name)
        return buffer.write(str(count))


class IncrementTag(Tag):
    name = "increment"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return CountNode(token, markup, up=True)


class DecrementTag(Tag):
    name = "decrement"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return CountNode(token, markup, up=False)


class GuardedIfNode(Guarded, IfNode):
    __slots__ = ()


class GuardedUnlessNode(Guarded, UnlessNode):
    __slots__ = ()


class _BranchingTag(Tag):
    """``else`` is the branch whose condition always holds; what comes after it is never reached."""

    node_class: type[GuardedIfNode] | type[GuardedUnlessNode]

    def parse(self, stream: TokenStream) -> Node:
        end = f"end{self.name}"
        token, markup = opening(stream)
        first = block(self, stream, "elsif", "else", end)
        others: list[ConditionalBlockNode] = []
        while not stream.current.is_tag(end):
            otherwise = stream.current.is_tag("else")
            branch, condition = opening(stream)
            body = block(self, stream, "elsif", "else", end)
            others.append(ConditionalBlockNode(branch, _condition("true" if otherwise else condition), body))
        node = self.node_class(token, _condition(markup), first, others, None)
        if node.blank:
            without_blank_text(first, *(other.block for other in others))
        return node


def _condition(markup: str) -> Expression:
    return expressions.condition(markup)


class IfTag(_BranchingTag):
    name = "if"
    node_class = GuardedIfNode


class UnlessTag(_BranchingTag):
    name = "unless"
    node_class = GuardedUnlessNode


class Matches(Expression):
    """Which of the values of ``when`` equal that of ``case``; the branch is rendered once for each."""

    __slots__ = ("value", "values")

    def __init__(self, token: Token, value: Expression, values: Sequence[Expression]) -> None:
        super().__init__(token)
        self.value = value
        self.values = values

    def evaluate(self, context: RenderContext) -> list[bool]:
        one = self.value.evaluate(context)
        return [evaluation.compare(one, "==", other.evaluate(context), context) for other in self.values]

    def children(self) -> list[Expression]:
        return [self.value, *self.values]


class GuardedCaseNode(Guarded, CaseNode):
    __slots__ = ()


class CaseTag(Tag):
    name = "case"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        value = expressions.first_value(markup)
        next(stream)
        branches: list[MultiExpressionBlockNode | BlockNode] = []
        bodies: list[BlockNode] = []
        ends = ("when", "else", "endcase")
        while not stream.current.is_tag("endcase"):
            if stream.current.is_tag("else"):
                bodies.append(block(self, stream, *ends))
                branches.append(bodies[-1])
                continue
            when, values = opening(stream)
            bodies.append(block(self, stream, *ends))
            matches = Matches(when, value, expressions.values(values))
            branch = MultiExpressionBlockNode(when, bodies[-1], matches)  # type: ignore[arg-type]  # it is only evaluated
            branches.append(branch)
        node = GuardedCaseNode(token, value, branches)
        if node.blank:
            without_blank_text(*bodies)
        return node


class IfChangedNode(Guarded):
    __slots__ = ("body",)

    def __init__(self, token: Token, body: BlockNode) -> None:
        super().__init__(token)
        self.body = body
        self.blank = body.blank

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        own = context.get_buffer(buffer)
        interrupted = rendered(self.body, context, own)
        text = own.getvalue()
        if context.ifchanged(text):
            buffer.write(text)
        if interrupted:
            raise interrupted
        return 0


class IfChangedTag(Tag):
    name = "ifchanged"

    def parse(self, stream: TokenStream) -> Node:
        token, _ = opening(stream)
        return IfChangedNode(token, block(self, stream, "endifchanged"))


class RawNode(Node):
    __slots__ = ("text",)

    def __init__(self, token: Token, text: str) -> None:
        super().__init__(token)
        self.text = text
        self.blank = not text

    def render_to_output(self, _context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(self.text)


class RawTag(Tag):
    """``raw``: the token after it holds the text as it is."""

    name = "raw"

    def parse(self, stream: TokenStream) -> Node:
        return RawNode(*opening(stream))


TAGS: tuple[type[Tag], ...] = (
    *(OutputTag, EchoTag, AssignTag, CaptureTag, IncrementTag, DecrementTag),
    *(IfTag, UnlessTag, CaseTag, IfChangedTag, RawTag),
)
