"""kramdown 2.4 with its GFM parser, as Jekyll 4 runs it: Markdown to HTML, without a highlighter's markup.

A text is read in two phases. ``block_parser`` reads its blocks, with the constructs that ``constructs`` names;
``span_parser`` reads what stands in each, with the constructs of ``spans``. ``finishing`` goes over the tree between
them, and ``writer`` writes it.
"""

from __future__ import annotations

from search_index.reading.kramdown.constructs import block_parser
from search_index.reading.kramdown.document import Document
from search_index.reading.kramdown.finishing import finish
from search_index.reading.kramdown.options import KramdownOptions
from search_index.reading.kramdown.writer import HtmlWriter

__all__ = ["VERSION", "KramdownMarkdown", "KramdownOptions"]

VERSION = "kramdown 2.4, octavo 1"
"""Part of the reader's fingerprint; the last number rises when what this package makes of a body changes."""


_JEKYLLS = KramdownOptions()


class KramdownMarkdown:
    """A renderer, for any number of texts and from several threads."""

    def __init__(self, options: KramdownOptions = _JEKYLLS) -> None:
        self._options = options

    @property
    def version(self) -> str:
        return f"{VERSION}, {self._options}"

    def html(self, text: str) -> str:
        """HTML that nobody has sanitised yet; any text has some. Takes time in proportion to the text's length."""
        document = Document(self._options)
        source = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
        block_parser(document).parse(document.root, source)
        finish(document, source)
        return HtmlWriter(document).write()
