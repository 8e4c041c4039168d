"""A page's body on its way to HTML: shortcodes taken out, Markdown run, the divider of the summary kept, shortcodes put in."""

from __future__ import annotations

from hashlib import sha256

from search_index.reading.goldmark import GoldmarkMarkdown, GoldmarkOptions
from search_index.reading.goldmark.summary import mark_divider, summary_of_divider, without_other_dividers
from search_index.reading.shortcodes import insert

_DIVIDER = "<!--more-->"


class HugoMarkdown:
    """Goldmark with a site's options, for one body and the HTML of its shortcodes."""

    def __init__(
        self, goldmark: GoldmarkMarkdown, options: GoldmarkOptions, insertions: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self._goldmark = goldmark
        self._insertions = insertions
        said = sha256(f"{options!r}\0{insertions!r}".encode("utf-8", "surrogatepass")).hexdigest()
        self.version = f"{goldmark.version} {said}"

    def restored(self, text: str) -> str:
        """Addresses of references and what else is text in place of its stand-in; nothing in place of HTML."""
        return insert(text, ((token, "" if "<" in html else html) for token, html in self._insertions))

    def html(self, text: str) -> str:
        """Raises ``RecursionError`` for very deep nesting."""
        html = self._goldmark.html(mark_divider(text) if _DIVIDER in text else text)
        html = without_other_dividers(html)
        divided = summary_of_divider(html)
        if divided is not None:
            html = f"{divided.summary}\n{_DIVIDER}\n{divided.content.removeprefix(divided.summary).lstrip()}"
        return insert(html, self._insertions)


class HtmlAsWritten:
    """HTML pages: no Markdown is run on them, only their shortcodes."""

    def __init__(self, insertions: tuple[tuple[str, str], ...] = ()) -> None:
        self._insertions = insertions
        self.version = "html " + sha256(repr(insertions).encode("utf-8", "surrogatepass")).hexdigest()

    def html(self, text: str) -> str:
        return insert(text, self._insertions)
