"""What shortcodes ask of the page they stand on."""

from __future__ import annotations

from typing import Protocol


class ShortcodePage(Protocol):
    """The page, as far as shortcodes know it."""

    def ref(self, target: str, lang: str, *, whole: bool) -> str | None:
        """The address of the page that ``target`` names, a fragment included; ``None`` where there is none.

        ``lang`` is empty for the page's own language. ``whole`` asks for one with the site's host.
        """

    def param(self, name: str) -> str | None:
        """A parameter of the front matter or of the site, as text."""

    def resource(self, name: str) -> str | None:
        """The address of a file of the page's bundle."""

    def render_markdown(self, text: str) -> str:
        """HTML of Markdown."""
