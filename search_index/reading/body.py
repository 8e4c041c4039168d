"""A Markdown body to ``Rendered``: render, cap, check the nesting, sanitise, extract."""

from __future__ import annotations

import re
from html import escape

from search_index.diagnostics import ProblemCode
from search_index.model import Rendered
from search_index.reading.errors import ContentError
from search_index.reading.extraction import MARKER, MARKER_STAND_IN, extract
from search_index.reading.markdown import MarkdownRenderer
from search_index.reading.sanitising import check_nesting, sanitise
from search_index.settings import HtmlPolicy, Limits

_PARAGRAPH_END = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def render_body(body: str, renderer: MarkdownRenderer, policy: HtmlPolicy, limits: Limits) -> Rendered:
    """Render ``body``. Raises ``ContentError`` (RENDER_OUTPUT, RENDER_NESTING).

    It bounds neither its time nor its memory: the reading process does (``confinement``).
    """
    try:
        html = renderer.html(body)
    except RecursionError as error:
        raise ContentError(
            ProblemCode.RENDER_NESTING,
            "the Markdown nests too deeply to be rendered",
            "nest lists and quotes less deeply",
        ) from error
    _check_output(html, body, limits)
    check_nesting(html, limits.html_depth)
    if policy is HtmlPolicy.SAFE:
        if "<!--" in html:
            html = MARKER.sub(MARKER_STAND_IN, html, count=1)
        html = sanitise(html)
    rendered = extract(html, safe=policy is HtmlPolicy.SAFE)
    _check_output(rendered.html, body, limits)
    return rendered


def plain_body(body: str) -> Rendered:
    """``body`` as it is written, its characters escaped: what is served where rendering failed."""
    paragraphs = (part.strip("\n") for part in _PARAGRAPH_END.split(body.replace("\0", "")))
    return extract("\n".join(f"<p>{escape(part, quote=False)}</p>" for part in paragraphs if part.strip()))


def _check_output(html: str, body: str, limits: Limits) -> None:
    size, most = len(html.encode()), limits.output_bytes_for(len(body.encode()))
    if size > most:
        raise ContentError(
            ProblemCode.RENDER_OUTPUT,
            f"{size} bytes of HTML are more than the limit of {most} (limits.render_output_bytes, _floor, _ratio)",
            "look for a table with very many columns, or split the post",
        )
