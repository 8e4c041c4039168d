"""A small site for templates, and ``render`` to see what becomes of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from search_index.reading.liquid import LiquidLimits, LiquidRenderer, LiquidText

PAGE: dict[str, object] = {
    "path": "_posts/2020-01-02-tea.md",
    "title": "Tea & <Coffee>",
    "date": "2020-03-04 05:06:07 +0900",
    "tags": ["pot", "cup", None, "leaf"],
    "count": 5,
    "price": 2.5,
    "empty": "",
    "none": [],
    "shop": {"name": "Kettle", "size": 9, "open": True},
    "teas": [
        {"name": "Assam", "cups": "10", "kind": "black", "from": {"land": "India"}, "tags": ["malty", "strong"]},
        {"name": "Sencha", "cups": 9, "kind": "green", "tags": "grassy"},
        {"name": "Oolong", "kind": "black", "cups": None},
        {"name": "Gyokuro", "cups": "5.5", "from": {"land": "Japan"}},
    ],
}


@dataclass
class SmallSite:
    """A site of one post and one page."""

    includes: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    url: str = "https://example.org"
    baseurl: str = "/blog"
    time: datetime = datetime(2026, 3, 4, 5, 6, 7, tzinfo=ZoneInfo("Asia/Seoul"))
    listings: frozenset[str] = frozenset(("posts", "tags", "categories", "pages", "recipes"))
    asked_includes: list[str] = field(default_factory=list)

    def values(self) -> Mapping[str, object]:
        return {
            "title": "The Teapot",
            "data": {"mugs": [{"colour": "red"}]},
            "posts": [{"title": "Tea"}, {"title": "Milk"}],
            "recipes": [],
        }

    def include(self, name: str) -> str | None:
        self.asked_includes.append(name)
        return self.includes.get(name)

    def included_relative(self, name: str, page_path: str) -> str | None:
        return self.beside.get(f"{page_path.rpartition('/')[0]}/{name}")

    def post_url(self, name: str) -> str | None:
        return {"2020-01-02-tea": "/2020/01/02/tea.html"}.get(name)

    def link(self, path: str) -> str | None:
        return {"about.md": "/about.html"}.get(path)


def render(
    template: str, site: SmallSite | None = None, limits: LiquidLimits | None = None, first_line: int = 1
) -> LiquidText:
    renderer = LiquidRenderer(site or SmallSite(), limits, markdownify=lambda text: f"<p>{text}</p>\n")
    return renderer.render(template, PAGE, first_line=first_line)


def text(template: str, site: SmallSite | None = None) -> str:
    """The rendering of a template in which nothing is wrong."""
    rendered = render(template, site)
    assert rendered.problems == ()
    return rendered.text


def problems(template: str, site: SmallSite | None = None) -> list[tuple[int, str]]:
    """Line and kind of what is wrong."""
    return [(problem.line, problem.kind.value) for problem in render(template, site).problems]
