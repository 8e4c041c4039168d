"""Short texts of front matter as plain text: titles, names, descriptions."""

from __future__ import annotations

import re
from html import unescape

_INVISIBLE = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|u|var|wbr)"
    r"(?:\s[^<>]{0,1000})?/?>",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\[\]]{1,500})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_CODE = re.compile(r"(`{1,2})([^`]{1,500})\1")
_STRONG = re.compile(r"(?<![\w*])(\*\*|__)(?=\S)([^*_]{1,500}?)(?<=\S)\1(?![\w*])")
_EMPHASIS = re.compile(r"(?<![\w*_\\])([*_])(?=\S)([^*_]{1,500}?)(?<=\S)\1(?![\w*_])")
_STRUCK = re.compile(r"~~([^~]{1,500})~~")
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")


def clean(text: str) -> str:
    """One line, without bidirectional controls and other invisible characters."""
    return " ".join(_CONTROLS.sub(" ", _INVISIBLE.sub("", text)).split())


def plain(text: str) -> str:
    """``text`` without HTML tags and inline Markdown, character references decoded, on one line."""
    if any(mark in text for mark in "<&*_`[~\\"):
        text = _TAG.sub("", text)
        text = _CODE.sub(r"\2", text)
        text = _LINK.sub(r"\1", text)
        text = _STRONG.sub(r"\2", text)
        text = _EMPHASIS.sub(r"\2", text)
        text = _STRUCK.sub(r"\1", text)
        text = unescape(_BACKSLASH.sub(r"\1", text))
    return clean(text)


def without_html(text: str) -> str:
    """``text`` without HTML tags, character references decoded, on one line; Markdown in it stays as it is."""
    return clean(unescape(_TAG.sub("", text))) if "<" in text or "&" in text else clean(text)


def shorten(text: str, most: int) -> str:
    """At most ``most`` characters of ``text``, cut behind a word, with an ellipsis where it was cut."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    blank = cut.rfind(" ")
    return (cut[:blank] if blank > most // 2 and text[most - 1] != " " else cut).rstrip(" ,;:.-–—") + "…"
