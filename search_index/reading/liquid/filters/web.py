"""Filters that escape, encode and address (``liquid/standardfilters.rb``, ``jekyll/filters.rb``)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from urllib.parse import quote_plus, unquote_to_bytes

from search_index.reading.liquid import addresses, ruby
from search_index.reading.liquid.context import LiquidContext
from search_index.reading.liquid.filters.calling import calls
from search_index.reading.liquid.model import LiquidProblemKind
from search_index.reading.liquid.smart_quotes import smartened

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_XML_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"})
_UNESCAPED = re.compile(r"""[<>"']|&(?!(?:[a-zA-Z]+|#[0-9]+);)""")
_INDEX = re.compile(r"/index\.html?$", re.MULTILINE)
_MARKDOWN_COST = 100


def escape(value: object) -> object:
    return None if value is None else ruby.to_s(value).translate(_ENTITIES)


def escape_once(value: object) -> object:
    return _UNESCAPED.sub(lambda found: found.group().translate(_ENTITIES), ruby.to_s(value))


def xml_escape(value: object) -> object:
    return ruby.to_s(value).translate(_XML_ENTITIES)


def inspect(value: object) -> object:
    return ruby.inspect(value).translate(_XML_ENTITIES)


def url_encode(value: object) -> object:
    return None if value is None else quote_plus(ruby.to_s(value))


def cgi_escape(value: object) -> object:
    if not isinstance(value, str):
        raise ruby.wrong("`cgi_escape` needs a text", "give a text")
    return quote_plus(value)


def url_decode(value: object) -> object:
    if value is None:
        return None
    try:
        return unquote_to_bytes(ruby.to_s(value).replace("+", " ")).decode()
    except UnicodeDecodeError:
        raise ruby.wrong("`url_decode` gives no text", "look at what was encoded") from None


def uri_escape(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ruby.wrong("`uri_escape` needs a text", "give a text")
    return addresses.escaped(value)


def base64_encode(value: object) -> object:
    return base64.b64encode(ruby.to_s(value).encode()).decode()


def base64_url_safe_encode(value: object) -> object:
    return base64.urlsafe_b64encode(ruby.to_s(value).encode()).decode()


def base64_decode(value: object) -> object:
    return _decoded(ruby.to_s(value))


def base64_url_safe_decode(value: object) -> object:
    text = ruby.to_s(value).translate(str.maketrans("-_", "+/"))
    return _decoded(text + "=" * (-len(text) % 4))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        raise ruby.wrong("this is no Base64", "look at what was encoded") from None


def relative_url(context: LiquidContext, value: object) -> object:
    return None if value is None else addresses.relative(_address(value), context.rendering.site)


def absolute_url(context: LiquidContext, value: object) -> object:
    return None if value is None else addresses.absolute(_address(value), context.rendering.site)


def _address(value: object) -> str:
    """A post or a page stands for its own address."""
    if isinstance(value, Mapping) and not isinstance(value, dict):
        value = value.get("url")
    return ruby.to_s(value)


def strip_index(value: object) -> object:
    if not ruby.to_s(value):
        return None
    if not isinstance(value, str):
        raise ruby.wrong("`strip_index` needs a text", "give a text")
    return _INDEX.sub("/", value, count=1)


def jsonify(value: object) -> object:
    match value:
        case Mapping():
            return "{" + ",".join(f"{_quoted(ruby.to_s(key))}:{jsonify(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ",".join(f"{jsonify(item)}" for item in value) + "]"
        case None:
            return "null"
        case bool() | int() | float():
            return ruby.to_s(value)
        case _:
            return _quoted(ruby.to_s(value))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def markdownify(context: LiquidContext, value: object) -> object:
    text = ruby.to_s(value)
    context.rendering.budget.spend(_MARKDOWN_COST + len(text) // 4)
    return context.rendering.markdownify(text)


def left_as_sass(context: LiquidContext, value: object) -> object:
    message = "`scssify` and `sassify` are not supported; the text stays as it is"
    context.rendering.report_here(LiquidProblemKind.UNSUPPORTED, message, "write CSS")
    return value


def smartify(value: object) -> object:
    return smartened(ruby.to_s(value))


FILTERS = (
    *calls(
        {
            "escape": escape,
            "h": escape,
            "escape_once": escape_once,
            "xml_escape": xml_escape,
            "inspect": inspect,
            "url_encode": url_encode,
            "url_decode": url_decode,
            "cgi_escape": cgi_escape,
            "uri_escape": uri_escape,
            "base64_encode": base64_encode,
            "base64_decode": base64_decode,
            "base64_url_safe_encode": base64_url_safe_encode,
            "base64_url_safe_decode": base64_url_safe_decode,
            "strip_index": strip_index,
            "jsonify": jsonify,
            "smartify": smartify,
        }
    ),
    *calls(
        {
            "relative_url": relative_url,
            "absolute_url": absolute_url,
            "markdownify": markdownify,
            "scssify": left_as_sass,
            "sassify": left_as_sass,
        },
        with_context=True,
    ),
)
