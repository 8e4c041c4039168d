"""Tokens to HTML, as goldmark's and Hugo's renderers write it.

Source: goldmark 1.5, ``renderer/html/html.go``; Hugo 0.111, ``markup/goldmark/render_hooks.go`` and
``markup/highlight/highlight.go``. Code that Hugo would highlight is left plain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import unescape

from markdown_it.token import Token

from search_index.reading.goldmark.attributes import Attributes, parse_attributes
from search_index.reading.goldmark.highlighting import OPTION_NAMES, numbered
from search_index.reading.goldmark.options import GoldmarkOptions

OMITTED = "<!-- raw HTML omitted -->"

_PLAIN_TAGS: Mapping[str, str] = {
    "paragraph_close": "</p>\n",
    "blockquote_close": "</blockquote>\n",
    "bullet_list_close": "</ul>\n",
    "ordered_list_close": "</ol>\n",
    "list_item_close": "</li>\n",
    "table_close": "</table>\n",
    "thead_open": "<thead>\n",
    "thead_close": "</thead>\n",
    "tbody_open": "<tbody>\n",
    "tbody_close": "</tbody>\n",
    "tr_open": "<tr>\n",
    "tr_close": "</tr>\n",
    "th_close": "</th>\n",
    "td_close": "</td>\n",
    "definitions_close": "</dl>\n",
    "term_open": "<dt>",
    "term_close": "</dt>\n",
    "description_open": "<dd>",
    "description_close": "</dd>\n",
    "footnote_item_close": "</li>\n",
    "footnotes_close": "</ol>\n</div>\n",
    "attributes": "",
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "s_open": "<del>",
    "s_close": "</del>",
    "link_close": "</a>",
    "softbreak": "\n",
}
_OPENED = {
    "paragraph_open": ("p", ""),
    "blockquote_open": ("blockquote", "\n"),
    "bullet_list_open": ("ul", "\n"),
    "ordered_list_open": ("ol", "\n"),
    "table_open": ("table", "\n"),
    "definitions_open": ("dl", "\n"),
}
_ESCAPABLE = re.compile(r"[&<>\"]")
_TYPOGRAPHIC = {
    "‘": "&lsquo;",
    "’": "&rsquo;",
    "“": "&ldquo;",
    "”": "&rdquo;",
    "–": "&ndash;",
    "—": "&mdash;",
    "…": "&hellip;",
    "«": "&laquo;",
    "»": "&raquo;",
}
"""Hugo writes references, which count as words of their own in summaries."""
_DANGEROUS = ("javascript:", "vbscript:", "file:", "data:")
_HARMLESS_DATA = tuple(f"data:image/{kind};" for kind in ("png", "gif", "jpeg", "webp", "svg+xml"))


def escape(text: str) -> str:
    if not _ESCAPABLE.search(text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class HtmlWriter:
    """Writes the tokens of one document after another."""

    def __init__(self, options: GoldmarkOptions) -> None:
        self._options = options
        self._void_end = " />" if options.xhtml else ">"
        typographic = {**_TYPOGRAPHIC, **dict(options.typographic)}
        self._writers: dict[str, Callable[[Token], str]] = {
            "text": lambda token: escape(token.content),
            "text_special": lambda token: escape(token.content),
            "typographic": lambda token: typographic[token.content],
            "hardbreak": self._hard_break,
            "code_inline": lambda token: f"<code>{escape(token.content)}</code>",
            "html_inline": self._raw_inline,
            "html_block": self._raw_block,
            "link_open": self._link,
            "image": self._image,
            "task_box": self._task_box,
            "footnote_reference": _footnote_reference,
            "footnote_back": _footnote_back,
            "footnotes_open": self._footnotes,
            "footnote_item_open": _footnote_item,
            "heading_open": lambda token: f"<{token.tag}{written(_names_kept(token))}>",
            "heading_close": lambda token: f"</{token.tag}>\n",
            "list_item_open": lambda token: f"<li{written(_names_kept(token))}>",
            "th_open": self._cell,
            "td_open": self._cell,
            "hr": lambda token: f"<hr{written(_names_kept(token))}{self._void_end}\n",
            "code_block": lambda token: f"<pre><code>{escape(token.content)}</code></pre>\n",
            "fence": self._fence,
        }
        for name, (tag, after) in _OPENED.items():
            self._writers[name] = _opener(tag, after)
        for name, html in _PLAIN_TAGS.items():
            self._writers[name] = _constant(html)
        if options.hard_wraps:
            self._writers["softbreak"] = self._hard_break

    def html(self, tokens: list[Token]) -> str:
        return "".join(self._parts(tokens))

    def _parts(self, tokens: list[Token]) -> Iterator[str]:
        writers = self._writers
        hidden = False
        for token in tokens:
            if token.type == "inline":
                for child in token.children or ():
                    yield writers[child.type](child)
            elif token.hidden:
                hidden = token.nesting < 0
                continue
            else:
                if hidden and token.nesting >= 0:
                    yield "\n"
                yield writers[token.type](token)
            hidden = False

    def _hard_break(self, _token: Token) -> str:
        return f"<br{self._void_end}\n"

    def _raw_inline(self, token: Token) -> str:
        return token.content if self._options.unsafe else OMITTED

    def _raw_block(self, token: Token) -> str:
        return token.content if self._options.unsafe else f"{OMITTED}\n"

    def _link(self, token: Token) -> str:
        return f'<a href="{self._address(token, "href")}"{_title(token)}>'

    def _image(self, token: Token) -> str:
        attributes = written(token.meta.get("attributes", {}))
        alt = escape("".join(_plain(token.children or ())))
        return f'<img src="{self._address(token, "src")}" alt="{alt}"{_title(token)}{attributes}{self._void_end}'

    def _address(self, token: Token, name: str) -> str:
        address = str(token.attrs[name])
        if self._options.unsafe or not is_dangerous(address):
            return escape(address)
        return ""

    def _task_box(self, token: Token) -> str:
        checked = 'checked="" ' if token.meta["checked"] else ""
        return f'<input {checked}disabled="" type="checkbox"{self._void_end} '

    def _cell(self, token: Token) -> str:
        align = token.attrs.get("align")
        if align is None:
            return f"<{token.tag}>"
        spelled = f'align="{align}"' if self._options.xhtml else f'style="text-align:{align}"'
        return f"<{token.tag} {spelled}>"

    def _footnotes(self, _token: Token) -> str:
        return f'<div class="footnotes" role="doc-endnotes">\n<hr{self._void_end}\n<ol>\n'

    def _fence(self, token: Token) -> str:
        info = token.info.strip()
        code = escape(token.content)
        if not self._options.code_fences:
            language = info.split(maxsplit=1)[0] if info else ""
            named = f' class="language-{escape(language)}"' if language else ""
            return f"<pre><code{named}>{code}</code></pre>\n"
        language = escape(info.split(maxsplit=1)[0].partition("{")[0]) if info else ""
        if not language and not self._options.highlight.guess:
            return f'<pre tabindex="0"><code>{code}</code></pre>'
        asked, around = _asked(info)
        if self._options.highlight.line_numbers or "linenos" in asked:
            frame = numbered(token.content, unescape(language), self._options.highlight.asked(asked))
            if frame is not None:
                return _framed(frame, around)
        opening = (
            f'<pre><code class="language-{language}" data-lang="{language}">'
            if language
            else '<pre tabindex="0"><code>'
        )
        pre = f"{opening}{code}</code></pre>"
        return _framed(pre, around) if around else pre


def _asked(info: str) -> tuple[Attributes, Attributes]:
    """The attributes of a fence: what is for the highlighter, and what is for the element around."""
    brace = info.find("{")
    parsed = parse_attributes(info, brace) if brace >= 0 else None
    written = {name.lower(): value for name, value in parsed.attributes.items()} if parsed else {}
    asked = {name: value for name, value in written.items() if name in OPTION_NAMES}
    around = {name: value for name, value in written.items() if name not in asked and not name.startswith("on")}
    return asked, around


def _framed(block: str, attributes: Attributes) -> str:
    classes = " ".join(["highlight", *attributes.pop("class", "").split()])
    return f'<div class="{escape(classes)}"{written(attributes)}>{block}</div>'


def is_dangerous(address: str) -> bool:
    """Whether the address would run something. Case counts, as it does in goldmark: sanitising comes later."""
    return address.startswith(_DANGEROUS) and not address.startswith(_HARMLESS_DATA)


def written(attributes: Attributes) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def _names_kept(token: Token) -> Attributes:
    """A token's attributes without event handlers."""
    return {name: str(value) for name, value in token.attrs.items() if not name.lower().startswith("on")}


def _title(token: Token) -> str:
    title = token.attrs.get("title")
    return f' title="{escape(str(title))}"' if title else ""


def _opener(tag: str, after: str) -> Callable[[Token], str]:
    plain = f"<{tag}>{after}"
    return lambda token: plain if not token.attrs else f"<{tag}{written(_names_kept(token))}>{after}"


def _constant(html: str) -> Callable[[Token], str]:
    return lambda _token: html


def _plain(tokens: Iterable[Token]) -> Iterator[str]:
    """The text of an image's description."""
    for token in tokens:
        if token.type in ("text", "text_special", "typographic", "code_inline"):
            yield token.content
        elif token.type == "image":
            yield from _plain(token.children or ())


def _footnote_reference(token: Token) -> str:
    index, repeat = token.meta["index"], token.meta["repeat"] or ""
    link = f'<a href="#fn:{index}" class="footnote-ref" role="doc-noteref">{index}</a>'
    return f'<sup id="fnref{repeat}:{index}">{link}</sup>'


def _footnote_item(token: Token) -> str:
    return f'<li id="fn:{token.meta["index"]}">\n'


def _footnote_back(token: Token) -> str:
    index = token.meta["index"]
    return "".join(
        f'&#160;<a href="#fnref{repeat or ""}:{index}" class="footnote-backref" role="doc-backlink">&#x21a9;&#xfe0e;</a>'
        for repeat in range(token.meta["references"])
    )
