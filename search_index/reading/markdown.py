"""Markdown to HTML with the ``markdown`` package, set up for what bloggers write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Protocol, runtime_checkable

import markdown
from markdown.extensions import Extension
from markdown.extensions.tables import TableExtension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString
from pymdownx.tasklist import TasklistExtension
from pymdownx.tilde import DeleteSubExtension

from search_index.reading.block_lines import normalise

VERSION = f"markdown {version('markdown')}, pymdown-extensions {version('pymdown-extensions')}, octavo 1"
"""Part of the reader's fingerprint; the last number rises when what this package makes of a body changes."""

_PLACEHOLDERS = re.compile("[\x00\x02\x03\ufdd0]")


class MarkdownRenderer(Protocol):
    """A flavour of Markdown: text to HTML that nobody has sanitised yet. Not safe from several threads."""

    @property
    def version(self) -> str: ...

    def html(self, text: str) -> str: ...


@runtime_checkable
class Restoring(Protocol):
    """A renderer whose text is not quite what the author wrote."""

    def restored(self, text: str) -> str:
        """The text for people to read, where it could not be rendered."""


def readable(text: str, markdown: MarkdownRenderer) -> str:
    """What is shown of a text that could not be rendered."""
    return markdown.restored(text) if isinstance(markdown, Restoring) else text


class AsWritten:
    """HTML, or a format that a site has as it is: no Markdown is run on it."""

    version = "as written"

    def html(self, text: str) -> str:
        return text


class BlogMarkdown:
    """Tables, fenced code, footnotes, attribute lists (kramdown's ``{:.lead width="400"}`` too), definition lists,
    admonitions, task lists, strikethrough, abbreviations, Markdown in HTML."""

    version = VERSION

    def __init__(self) -> None:
        self._markdown: markdown.Markdown | None = None

    def html(self, text: str) -> str:
        """Takes time and memory without bounds for hostile text: call it under limits. Raises ``RecursionError``."""
        renderer, self._markdown = self._markdown or _renderer(), None
        renderer.reset()
        html = renderer.convert(_PLACEHOLDERS.sub("", text))
        self._markdown = renderer
        return html


def _renderer() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            "footnotes",
            "attr_list",
            "def_list",
            "admonition",
            "abbr",
            "md_in_html",
            "sane_lists",
            TasklistExtension(),
            DeleteSubExtension(subscript=False),
            _BlockLinesExtension(),
        ],
        output_format="html",
    )


class _BlockLinesExtension(Extension):
    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802  # the name is the package's
        md.treeprocessors.register(_QuickInline(md), "inline", 20)
        md.preprocessors.deregister("normalize_whitespace")
        md.preprocessors.register(_BlockLines(md), "octavo_block_lines", 30)


_TRIGGERS: Mapping[str, tuple[str, ...]] = {
    "backtick": ("`",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("://",),
    "automail": ("@",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "entity": ("&",),
    "em_strong": ("*", "_"),
    "delimiter": ("~",),
}
"""What a text must hold for an inline pattern to match at all, by the name the pattern is registered under."""

_SPECIAL = re.compile(r"[`\\\[<&*_~@]|://|  \n")
"""One of the triggers."""
_APPLY = "_InlineProcessor__applyPattern"


class _QuickInline(InlineProcessor):
    """The package's inline parser, which asks a pattern only about texts that it can match: most match none.

    Reaches for two private names of the package; the lock file pins its version, and a test compares the results.
    """

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__(md)
        self._quick: list[tuple[Any, tuple[str, ...]]] = []

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803  # overrides
        if isinstance(data, AtomicString):
            return data
        if not self._quick:
            order = self.md.inlinePatterns
            names = {id(order[name]): name for name in _TRIGGERS if name in order}
            self._quick = [(pattern, _TRIGGERS.get(names.get(id(pattern), ""), ("",))) for pattern in order]
        if not _SPECIAL.search(data):
            return data
        apply = getattr(self, _APPLY)
        for number in range(patternIndex, len(self._quick)):
            pattern, triggers = self._quick[number]
            for trigger in triggers:
                if trigger in data:
                    break
            else:
                continue
            start, matched = 0, True
            while matched:
                data, matched, start = apply(pattern, data, number, start)
        return data


class _BlockLines(Preprocessor):
    """Stands where the package's own ``normalize_whitespace`` does, which would expand tabs in code as well."""

    def run(self, lines: list[str]) -> list[str]:
        plain = normalise(lines, self.md.htmlStash.store)
        return [line.expandtabs(4) if "\t" in line else line for line in plain] + ["", ""]
