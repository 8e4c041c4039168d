"""Jekyll's tags: ``include``, ``include_relative``, ``highlight``, ``post_url`` and ``link``, and Liquid's ``render``."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, TextIO

from liquid import Token, TokenStream
from liquid.ast import BlockNode, Node
from liquid.tag import Tag

from search_index.reading.liquid import addresses, jekyll_markup, ruby
from search_index.reading.liquid.budget import LiquidFailure
from search_index.reading.liquid.context import LiquidContext, rendering_of
from search_index.reading.liquid.guarded import Guarded
from search_index.reading.liquid.jekyll_markup import Inclusion, Snippet
from search_index.reading.liquid.model import LiquidProblemKind
from search_index.reading.liquid.tags import block, opening, rendered

if TYPE_CHECKING:
    from liquid import RenderContext

    from search_index.reading.liquid.parsing import Parsed

_FILE_NAME = re.compile(r"[\w/.\-()+~#@]+", re.ASCII)
_INCLUDE_COST = 4
_UPWARDS = re.compile(r"[./]{2,}")


class IncludeNode(Guarded):
    """A file of ``_includes``, or one beside the page."""

    __slots__ = ("inclusion", "relative")

    def __init__(self, token: Token, inclusion: Inclusion, relative: bool) -> None:
        super().__init__(token)
        self.inclusion = inclusion
        self.relative = relative
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        rendering_of(context).budget.spend(_INCLUDE_COST)
        name = self.inclusion.file
        if self.inclusion.has_outputs:
            name = inline(name, context)
        partial = self._file(name, context)
        variables: dict[str, object] = {}
        if self.inclusion.parameters is not None:
            given = {name: value.evaluate(context) for name, value in self.inclusion.parameters.items()}
            variables["include"] = given
        with rendering_of(context).within(name, self.token), context.extend(variables):
            return partial.render(context, buffer)

    def _file(self, name: str, context: RenderContext) -> Parsed:
        rendering = rendering_of(context)
        if not _FILE_NAME.fullmatch(name) or _UPWARDS.search(name):
            raise LiquidFailure(
                f"{name[:80]!r} is not the name of a file to include",
                "write a path of letters, digits, `-`, `_`, `.` and `/`",
                LiquidProblemKind.MISSING_INCLUDE,
            )
        if self.relative:
            path = ruby.to_s(rendering.page.get("path"))
            text = rendering.site.included_relative(name, path)
            partial = None if text is None else rendering.parse(text)
            place = "beside the page"
        else:
            partial = rendering.include(name)
            place = "in `_includes`"
        if partial is None:
            raise LiquidFailure(
                f"there is no file {name!r} {place}",
                "look for a typing error, or copy the file out of the theme: a theme that is a gem is not read",
                LiquidProblemKind.MISSING_INCLUDE,
            )
        return partial


def inline(source: str, context: RenderContext) -> str:
    """A template within a tag's markup."""
    buffer = context.get_buffer()
    rendering_of(context).parse(source).render(context, buffer)
    return buffer.getvalue()


class IncludeTag(Tag):
    name = "include"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return IncludeNode(token, jekyll_markup.inclusion(markup), relative=self.name == "include_relative")


class IncludeCachedTag(IncludeTag):
    name = "include_cached"


class IncludeRelativeTag(IncludeTag):
    name = "include_relative"


class SnippetNode(Guarded):
    """``render``: an include that sees only the variables it is given."""

    __slots__ = ("snippet",)

    def __init__(self, token: Token, snippet: Snippet) -> None:
        super().__init__(token)
        self.snippet = snippet
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        rendering = rendering_of(context)
        name = self.snippet.file
        partial = rendering.include(name)
        if partial is None:
            raise LiquidFailure(
                f"there is no file {name!r} in `_includes`",
                "look for a typing error",
                LiquidProblemKind.MISSING_INCLUDE,
            )
        alone = LiquidContext(context.template, rendering, context.globals)
        alone.locals.update((name, value.evaluate(context)) for name, value in self.snippet.variables.items())
        with rendering.within(name, self.token):
            return partial.render(alone, buffer)


class SnippetTag(Tag):
    name = "render"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return SnippetNode(token, jekyll_markup.snippet(markup))


class HighlightNode(Guarded):
    """A block of code, as Jekyll writes it around what its highlighter gives; highlighting is left to the reader."""

    __slots__ = ("body", "language")

    def __init__(self, token: Token, language: str, body: BlockNode) -> None:
        super().__init__(token)
        self.language = language
        self.body = body
        self.blank = body.blank

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        code = context.get_buffer(buffer)
        interrupted = rendered(self.body, context, code)
        text = escape(code.getvalue().strip("\r\n"), quote=False)
        language = self.language
        buffer.write(
            f'<figure class="highlight"><pre><code class="language-{language.replace("+", "-")}" '
            f'data-lang="{language}">{text}</code></pre></figure>'
        )
        if interrupted:
            raise interrupted
        return 0


class HighlightTag(Tag):
    name = "highlight"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return HighlightNode(token, jekyll_markup.highlighting(markup), block(self, stream, "endhighlight"))


class PostUrlNode(Guarded):
    __slots__ = ("post",)

    def __init__(self, token: Token, post: str) -> None:
        super().__init__(token)
        self.post = post
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        rendering = rendering_of(context)
        rendering.asked_posts.add(self.post)
        path = rendering.site.post_url(self.post)
        if path is None:
            raise _no_post(f"there is no post {self.post!r}")
        return buffer.write(addresses.relative(path, rendering.site))


def _no_post(message: str) -> LiquidFailure:
    return LiquidFailure(message, "look for a typing error, in the date too", LiquidProblemKind.MISSING_POST)


class PostUrlTag(Tag):
    name = "post_url"

    def parse(self, stream: TokenStream) -> Node:
        token, markup = opening(stream)
        return PostUrlNode(token, jekyll_markup.post_name(markup))


class LinkNode(Guarded):
    __slots__ = ("path",)

    def __init__(self, token: Token, path: str) -> None:
        super().__init__(token)
        self.path = path
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        rendering = rendering_of(context)
        path = inline(self.path, context)
        rendering.asked_posts.add(path)
        found = rendering.site.link(path)
        if found is None:
            raise _no_post(f"there is no file {path[:80]!r} to link to")
        return buffer.write(addresses.relative(found, rendering.site))


class LinkTag(Tag):
    name = "link"

    def parse(self, stream: TokenStream) -> Node:
        return LinkNode(*opening(stream))


TAGS: tuple[type[Tag], ...] = (
    *(IncludeTag, IncludeCachedTag, IncludeRelativeTag, SnippetTag),
    *(HighlightTag, PostUrlTag, LinkTag),
)
