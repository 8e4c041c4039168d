"""The shortcodes that Hugo brings along: parameters to HTML.

Source: Hugo 0.111, ``tpl/tplimpl/embedded/templates/shortcodes``. Those that would ask the network make a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape

from search_index.reading.goldmark.highlighting import HighlightOptions, numbered, parse_options
from search_index.reading.shortcodes.page import ShortcodePage
from search_index.reading.shortcodes.tags import Parameters
from search_index.reading.tokens import TAG, html_markup

Shortcode = Callable[[Parameters, ShortcodePage], str]
"""Parameters to HTML; ``ShortcodeFailed`` for those it cannot use."""

_VIDEO_FRAME = "position: relative; padding-bottom: 56.25%; height: 0; overflow: hidden;"
_VIDEO = "position: absolute; top: 0; left: 0; width: 100%; height: 100%; border:0;"
_SCHEME = re.compile(r"([^/?#:]*+):")
_SAFE_SCHEMES = frozenset({"http", "https", "mailto"})
_UNSAFE = "#ZgotmplZ"
_NOT_IN_URL = re.compile(r"[^A-Za-z0-9!#$&*+,\-./:;=?@\[\]_~%]|%(?![0-9A-Fa-f]{2})")


class ShortcodeFailed(Exception):
    """The parameters make no sense; the text says why."""


def _url(address: str) -> str:
    """An address for an attribute, as Go's ``html/template`` writes it."""
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in _SAFE_SCHEMES:
        return _UNSAFE
    return escape(
        _NOT_IN_URL.sub(lambda match: "".join(f"%{byte:02x}" for byte in match[0].encode("utf-8", "replace")), address)
    )


def _inline_markdown(text: str, page: ShortcodePage) -> str:
    """Markdown without the ``<p>`` around a single paragraph."""
    if not text:
        return ""
    html = page.render_markdown(text).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        return html[3:-4]
    return html


def _plain(html: str) -> str:
    parts: list[str] = []
    at = 0
    for token in html_markup(html):
        parts.append(html[at : token.start()] if token.lastgroup == TAG or token.lastgroup == "comment" else "")
        at = token.end()
    return unescape("".join([*parts, html[at:]]))


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def figure(parameters: Parameters, page: ShortcodePage) -> str:
    """An image with a caption, a title and an attribution."""
    get = parameters.get
    caption = _inline_markdown(get("caption"), page)
    source = get("src")
    image = f'<img src="{_url(page.resource(source) or source)}"'
    if get("alt") or get("caption"):
        image += f' alt="{escape(get("alt") or _plain(caption))}"'
    image += f"{_attribute('width', get('width'))}{_attribute('height', get('height'))}/>"
    if get("link"):
        image = f'<a href="{_url(get("link"))}"{_attribute("target", get("target"))}{_attribute("rel", get("rel"))}>{image}</a>'
    return f"<figure{_attribute('class', get('class'))}>{image}{_figure_text(parameters, caption, page)}\n</figure>\n"


def _figure_text(parameters: Parameters, caption: str, page: ShortcodePage) -> str:
    get = parameters.get
    if not (get("title") or get("caption") or get("attr")):
        return ""
    title = f"<h4>{escape(get('title'))}</h4>" if get("title") else ""
    credit = _inline_markdown(get("attr"), page)
    if get("attrlink"):
        credit = f'\n<a href="{_url(get("attrlink"))}">{credit}</a>'
    text = f"<p>{caption}{credit}</p>" if get("caption") or get("attr") else ""
    return f"<figcaption>\n{title}{text}\n</figcaption>"


def youtube(parameters: Parameters, _page: ShortcodePage) -> str:
    identity = _required(parameters, "id", 0)
    play = "?autoplay=1" if parameters.get("autoplay") == "true" else ""
    title = parameters.get("title") or "YouTube Video"
    address = f"https://www.youtube.com/embed/{_part(identity)}{play}"
    return _frame(address, parameters.get("class", 1), f'allowfullscreen title="{escape(title)}"')


def vimeo(parameters: Parameters, _page: ShortcodePage) -> str:
    identity = _required(parameters, "id", 0)
    title = parameters.get("title", 2) or "vimeo video"
    rest = f'title="{escape(title)}" webkitallowfullscreen mozallowfullscreen allowfullscreen'
    return _frame(f"https://player.vimeo.com/video/{_part(identity)}", parameters.get("class", 1), rest)


def _frame(address: str, css_class: str, rest: str) -> str:
    around = f'class="{escape(css_class)}"' if css_class else f'style="{_VIDEO_FRAME}"'
    style = "" if css_class else f'style="{_VIDEO}" '
    return f'\n<div {around}>\n  <iframe src="{address}" {style}{rest}></iframe>\n</div>\n'


def vimeo_simple(parameters: Parameters, _page: ShortcodePage) -> str:
    address = f"https://vimeo.com/{_part(_required(parameters, 'id', 0))}"
    css_class = parameters.get("class", 1) or "__h_video"
    link = f'<a href="{address}" rel="noopener" target="_blank">{address}</a>'
    return f'<div class="s_video_simple {escape(css_class)}">{link}</div>'


def gist(parameters: Parameters, _page: ShortcodePage) -> str:
    if len(parameters.positional) < 2:
        raise ShortcodeFailed("it needs a user and a gist")
    user, identity, *rest = parameters.positional
    file = f"?file={_part(rest[0])}" if rest else ""
    address = f"https://gist.github.com/{_part(user)}/{_part(identity)}.js{file}"
    return f'<script type="application/javascript" src="{address}"></script>\n'


def tweet(parameters: Parameters, _page: ShortcodePage) -> str:
    user, identity = parameters.get("user", 0), parameters.get("id", 1)
    if len(parameters.positional) == 1:
        user, identity = "x", parameters.positional[0]
    if not (user and identity):
        raise ShortcodeFailed("it needs a user and the id of a post")
    address = f"https://twitter.com/{_part(user)}/status/{_part(identity)}"
    return f'<blockquote class="twitter-tweet"><a href="{address}">{address}</a></blockquote>\n'


def instagram(parameters: Parameters, _page: ShortcodePage) -> str:
    address = f"https://www.instagram.com/p/{_part(_required(parameters, 'id', 0))}/"
    return f'<blockquote class="instagram-media"><a href="{address}">{address}</a></blockquote>\n'


def param(parameters: Parameters, page: ShortcodePage) -> str:
    name = _required(parameters, "name", 0)
    value = page.param(name)
    if value is None:
        raise ShortcodeFailed(f"neither the page nor the site has a parameter {name!r}")
    return escape(value)


def highlight(inner: str, parameters: Parameters, indentation: str, options: HighlightOptions) -> str:
    """Code, plain: who shows it may highlight it. Its lines are numbered where the shortcode or the site asks."""
    lines = inner.split("\n")
    text = "\n".join(line.removeprefix(indentation) for line in lines).strip("\r\n")
    asked = parse_options(parameters.get("options", 1))
    code, language = escape(text), escape(parameters.get("lang", 0))
    if asked.get("hl_inline", "").lower() == "true":
        return f'<code class="code-inline language-{language}">{code}</code>'
    frame = numbered(text, parameters.get("lang", 0), options.asked(asked))
    if frame is not None:
        return f'<div class="highlight">{frame}</div>'
    named = f' class="language-{language}" data-lang="{language}"' if language else ""
    return f"<pre><code{named}>{code}\n</code></pre>"


def _required(parameters: Parameters, name: str, position: int) -> str:
    value = parameters.get(name, position)
    if not value:
        raise ShortcodeFailed(f"it needs the parameter {name!r}")
    return value


def _part(text: str) -> str:
    """A piece of an address's path."""
    return escape(
        _NOT_IN_URL.sub(lambda match: "".join(f"%{byte:02x}" for byte in match[0].encode("utf-8", "replace")), text)
    )


VOID_SHORTCODES: Mapping[str, Shortcode] = {
    "figure": figure,
    "gist": gist,
    "instagram": instagram,
    "instagram_simple": instagram,
    "param": param,
    "tweet": tweet,
    "twitter": tweet,
    "twitter_simple": tweet,
    "vimeo": vimeo,
    "vimeo_simple": vimeo_simple,
    "x": tweet,
    "x_simple": tweet,
    "youtube": youtube,
}
"""By name; all stand alone. ``highlight``, ``ref`` and ``relref`` are the others."""
