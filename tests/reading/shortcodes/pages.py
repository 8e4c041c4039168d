"""A page for shortcodes to stand on."""

from __future__ import annotations

from dataclasses import dataclass, field

from search_index.reading.goldmark import GoldmarkMarkdown
from search_index.reading.shortcodes import expand, insert

RENDERER = GoldmarkMarkdown()


@dataclass(frozen=True, slots=True)
class Page:
    """``refs``, ``params`` and ``resources`` are all that it knows."""

    refs: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)

    def ref(self, target: str, lang: str, *, whole: bool) -> str | None:
        del whole
        return self.refs.get(f"{lang}:{target}" if lang else target)

    def param(self, name: str) -> str | None:
        return self.params.get(name)

    def resource(self, name: str) -> str | None:
        return self.resources.get(name)

    def render_markdown(self, text: str) -> str:
        return RENDERER.html(text)


EMPTY = Page()


def rendered(text: str, page: Page = EMPTY) -> str:
    """The HTML of a body with shortcodes."""
    expanded = expand(text, page)
    return insert(RENDERER.html(expanded.text), expanded.insertions)
