"""HTML that authors may publish (policy ``safe``): what is kept, and how deep it may nest.

Who is trusted with what: ``docs/reference/limits.md``. The sanitiser cannot be interrupted and is quadratic in nesting,
so ``check_nesting`` comes first.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from urllib.parse import urlsplit

import nh3

from search_index.diagnostics import ProblemCode
from search_index.reading.errors import ContentError
from search_index.reading.tokens import TAG, VOID, html_markup, names

VERSION = f"nh3 {version('nh3')}, octavo 1"

EMBED_HOSTS = frozenset(
    {
        "www.youtube.com",
        "youtube.com",
        "www.youtube-nocookie.com",
        "youtube-nocookie.com",
        "player.vimeo.com",
        "player.bilibili.com",
        "www.slideshare.net",
        "open.spotify.com",
        "w.soundcloud.com",
        "codepen.io",
        "asciinema.org",
    }
)
"""The hosts whose frames are kept, over https only."""

ID_PREFIX = "user-content-"

_PROSE = (
    "a abbr b bdi bdo br cite code data del dfn em i ins kbd mark q rp rt ruby s samp small span strike strong sub sup "
    "time tt u var wbr"
)
_BLOCKS = (
    "address article aside blockquote center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr "
    "li main nav ol p pre section summary ul"
)
_TABLES = "caption col colgroup table tbody td tfoot th thead tr"
_MEDIA = "audio iframe img input picture source track video"
_TAGS = names(f"{_PROSE} {_BLOCKS} {_TABLES} {_MEDIA}")

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id", "title", "lang", "dir", "role", "aria-label", "aria-hidden", "aria-describedby"},
    "a": {"href", "hreflang", "name", "rel", "target", "download"},
    "audio": {"src", "controls", "loop", "muted", "preload"},
    "bdo": {"dir"},
    "blockquote": {"cite"},
    "col": {"span", "align", "width"},
    "colgroup": {"span", "align", "width"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "div": {"align"},
    "hr": {"align", "size", "width"},
    "iframe": {"src", "width", "height", "allowfullscreen", "loading", "frameborder"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "loading", "decoding", "align"},
    "input": {"checked", "disabled"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "p": {"align"},
    "q": {"cite"},
    "source": {"src", "srcset", "sizes", "type", "media", "width", "height"},
    "table": {"align", "border", "cellpadding", "cellspacing", "summary", "width"},
    "tbody": {"align"},
    "td": {"align", "valign", "colspan", "rowspan", "headers", "width", "height"},
    "tfoot": {"align"},
    "th": {"align", "valign", "colspan", "rowspan", "headers", "scope", "width", "height"},
    "thead": {"align"},
    "time": {"datetime"},
    "tr": {"align"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "poster", "controls", "loop", "muted", "preload", "width", "height", "playsinline"},
}
_SCHEMES = frozenset({"http", "https", "mailto"})
_URL_ATTRIBUTES = frozenset({"href", "src", "cite", "poster"})
_SHADOWING = names("""
    __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ constructor hasOwnProperty isPrototypeOf
    propertyIsEnumerable toLocaleString toString valueOf prototype then toJSON
    alert atob blur btoa caches cancelAnimationFrame captureEvents clearInterval clearTimeout clientInformation close closed
    confirm cookieStore createImageBitmap credentialless crossOriginIsolated crypto customElements devicePixelRatio document
    event external fence fetch find focus frameElement frames getComputedStyle getSelection globalThis history indexedDB
    Infinity innerHeight innerWidth isSecureContext launchQueue length localStorage location locationbar matchMedia menubar
    moveBy moveTo name NaN navigation navigator open opener origin originAgentCluster outerHeight outerWidth pageXOffset
    pageYOffset parent performance personalbar postMessage print prompt queueMicrotask releaseEvents reportError
    requestAnimationFrame requestIdleCallback resizeBy resizeTo scheduler screen screenLeft screenTop screenX screenY scroll
    scrollbars scrollBy scrollTo scrollX scrollY self sessionStorage setInterval setTimeout sharedStorage speechSynthesis
    status statusbar stop structuredClone styleMedia toolbar top trustedTypes undefined visualViewport window
    activeElement addEventListener adoptNode adoptedStyleSheets alinkColor all anchors append appendChild applets attributes
    baseURI bgColor body characterSet charset childElementCount childNodes children clear cloneNode compatMode contains
    contentType cookie createAttribute createComment createDocumentFragment createElement createEvent createRange
    createTextNode currentScript defaultView designMode dir dispatchEvent doctype documentElement documentURI domain embeds
    evaluate execCommand exitFullscreen featurePolicy fgColor firstChild firstElementChild fonts forms fullscreen
    fullscreenElement getAnimations getElementById getElementsByClassName getElementsByName getElementsByTagName getRootNode
    hasChildNodes hasFocus head hidden images implementation importNode innerHTML innerText inputEncoding insertBefore
    isConnected lastChild lastElementChild lastModified linkColor links nextSibling nodeName nodeType nodeValue normalize
    outerHTML ownerDocument parentElement parentNode pictureInPictureElement plugins pointerLockElement prepend querySelector
    querySelectorAll readyState referrer removeChild removeEventListener replaceChild replaceChildren rootElement scripts
    scrollingElement styleSheets textContent timeline title URL visibilityState vlinkColor write writeln xmlEncoding
    xmlVersion
    """)
"""Names that an ``id`` could shadow as a property of ``window``, of ``document`` or of every object."""

_CONTROLS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]")
_FRAME = re.compile(r'(<iframe(?: [a-z]+="[^"]*+")*+>)[^<]*+(?:<(?!/iframe>)[^<]*+)*+(</iframe>|\Z)')
_CHECKBOX = re.compile(r'<input(?: [a-z-]+="[^"]*+")*+>')
"""Both are read as the sanitiser writes them: names in lower case, values in double quotes."""


def safe_id(name: str) -> str:
    """``name``, prefixed where it would shadow a name of the page's scripts (DOM clobbering)."""
    return f"{ID_PREFIX}{name}" if name in _SHADOWING else name


def sanitise(html: str) -> str:
    """The HTML that policy ``safe`` lets through. ``html`` has passed ``check_nesting``."""
    cleaned = _CLEANER.clean(html)
    if "<iframe" in cleaned:
        cleaned = _FRAME.sub(_frame, cleaned)
    if "<input" in cleaned:
        cleaned = _CHECKBOX.sub(_checkbox, cleaned)
    return cleaned.replace("<p></p>", "")


def _frame(found: re.Match[str]) -> str:
    """A frame that still has an address, without what stands in it for browsers that know no frames."""
    return f"{found[1]}</iframe>" if ' src="' in found[1] else ""


def _checkbox(found: re.Match[str]) -> str:
    return found[0] if ' type="checkbox"' in found[0] else ""


def _attribute(element: str, attribute: str, value: str) -> str | None:
    if attribute in _URL_ATTRIBUTES:
        return _url(element, value)
    if attribute == "srcset":
        return value if all(_is_safe(part.split()[0]) for part in value.split(",") if part.split()) else None
    if attribute in {"id", "name"}:
        return safe_id(value)
    if attribute == "target":
        return value if value in {"_blank", "_self", "_parent", "_top"} else None
    return value


def _url(element: str, value: str) -> str | None:
    if element == "iframe":
        return value if _may_embed(value) else None
    if not _is_safe(value):
        return None
    return f"#{safe_id(value[1:])}" if value.startswith("#") else value


def _is_safe(url: str) -> bool:
    """Relative to this site, or http, https or mailto. ``//host`` and every backslash before the path are refused."""
    bare = _CONTROLS.sub("", url)
    if bare.startswith(("//", "/\\", "\\")):
        return False
    head, colon, rest = bare.partition(":")
    if not colon or any(mark in head for mark in "/?#"):
        return True
    scheme = head.lower()
    return scheme in _SCHEMES and not (scheme != "mailto" and "\\" in rest.split("?")[0].split("#")[0])


def _may_embed(url: str) -> bool:
    try:
        parts = urlsplit(f"https:{url}" if url.startswith("//") else url)
        return parts.scheme == "https" and parts.netloc in EMBED_HOSTS and "\\" not in url
    except ValueError:
        return False


_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    clean_content_tags={
        "script",
        "style",
        "template",
        "noscript",
        "title",
        "textarea",
        "select",
        "object",
        "svg",
        "math",
    },
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    set_tag_attribute_values={"input": {"disabled": ""}},
    url_schemes=set(_SCHEMES),
    link_rel=None,
)

_IMPLIED = names("p li dt dd tr td th thead tbody tfoot option optgroup colgroup caption rt rp")
"""Elements that close themselves and nest only inside others, which are counted."""

_FORMATTING = names("a b big code em font i nobr s small strike strong tt u")
"""Elements that the HTML parser opens again behind a block that closed them. Source: HTML, section 13.2.4.3."""

_SCOPES = names("applet caption html marquee object table td th template svg math")


def check_nesting(html: str, deepest: int) -> None:
    """Raise ``ContentError`` (RENDER_NESTING) where elements nest deeper than ``deepest``, or seem to.

    Counts as the HTML parser would, and rather too many than too few: formatting elements stay open until they are closed
    themselves, and an end tag does not reach out of a table cell.
    """
    if html.count("<") <= deepest:
        return
    open_elements: list[str] = []
    for token in html_markup(html):
        if token.lastgroup != TAG:
            continue
        name = token["name"].lower()
        if name in VOID or name in _IMPLIED:
            continue
        if not token["end"]:
            open_elements.append(name)
            if len(open_elements) > deepest:
                raise ContentError(
                    ProblemCode.RENDER_NESTING,
                    f"the HTML nests deeper than limits.html_depth ({deepest})",
                    "close the elements that are left open, or nest less deeply",
                )
        else:
            _close(open_elements, name)


def _close(open_elements: list[str], name: str) -> None:
    for at in range(len(open_elements) - 1, -1, -1):
        if open_elements[at] == name:
            open_elements[at:] = [inner for inner in open_elements[at + 1 :] if inner in _FORMATTING]
            return
        if open_elements[at] in _SCOPES:
            return
