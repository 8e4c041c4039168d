"""Filters of texts (``liquid/standardfilters.rb``, ``jekyll/filters.rb``)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from search_index.reading import jekyll_slugs
from search_index.reading.liquid import ruby
from search_index.reading.liquid.context import LiquidContext
from search_index.reading.liquid.filters.calling import calls
from search_index.reading.liquid.ruby import WHITESPACE

_LINE_END = re.compile(r"\r?\n")
_WHITESPACE = re.compile(r"\s+", re.ASCII)
_BACKSLASH = re.compile(r"\\(?:([0-9])|([&\\]))")
_BLOCKS = (("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>"))
_CJK = (
    r"\u1100-\u11ff\u2e80-\u2fd5\u3005\u3007\u3021-\u3029\u302e\u302f\u3038-\u303b\u3041-\u3096\u309d-\u309f"
    r"\u30a1-\u30fa\u30fd-\u30ff\u3131-\u318e\u31f0-\u321e\u3260-\u327e\u32d0-\u32fe\u3300-\u3357\u3400-\u4dbf"
    r"\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufad9\uff66-\uff6f\uff71-\uff9d\uffa0-\uffdc"
    r"\U00016ff0\U00016ff1\U0001aff0-\U0001b122\U0001b150-\U0001b167\U0001f200\U00020000-\U0002fa1d"
)
"""The scripts Han, Katakana, Hiragana and Hangul."""
_CJK_LETTER = re.compile(f"[{_CJK}]")
_OTHER_WORD = re.compile(rf"[^{_CJK}\s]+", re.ASCII)
_MOST_WORDS = 2**31 - 1


def downcase(value: object) -> object:
    return ruby.to_s(value).lower()


def upcase(value: object) -> object:
    return ruby.to_s(value).upper()


def capitalize(value: object) -> object:
    return ruby.to_s(value).capitalize()


def strip(value: object) -> object:
    return ruby.to_s(value).strip(WHITESPACE)


def lstrip(value: object) -> object:
    return ruby.to_s(value).lstrip(WHITESPACE)


def rstrip(value: object) -> object:
    return ruby.to_s(value).rstrip(WHITESPACE)


def append(value: object, other: object) -> object:
    return ruby.to_s(value) + ruby.to_s(other)


def prepend(value: object, other: object) -> object:
    return ruby.to_s(other) + ruby.to_s(value)


def replace(context: LiquidContext, value: object, old: object, new: object = "") -> object:
    return _replaced(context, ruby.to_s(value), ruby.to_s(old), ruby.to_s(new), -1)


def replace_first(context: LiquidContext, value: object, old: object, new: object = "") -> object:
    return _replaced(context, ruby.to_s(value), ruby.to_s(old), ruby.to_s(new), 1)


def _replaced(context: LiquidContext, text: str, old: str, new: str, times: int) -> str:
    r"""As Ruby's ``gsub`` with a text: in the new one, ``\0`` and ``\&`` mean the old one."""
    if "\\" in new:
        new = _BACKSLASH.sub(lambda found: "\\" if found[2] == "\\" else old if found[1] in ("0", None) else "", new)
    found = text.count(old) if times < 0 else 1
    context.rendering.budget.made(found * len(new))
    return text.replace(old, new, times)


def replace_last(value: object, old: object, new: object) -> object:
    before, found, after = ruby.to_s(value).rpartition(ruby.to_s(old)) if ruby.to_s(old) else (ruby.to_s(value), "", "")
    if not found and ruby.to_s(old):
        return after
    return before + ruby.to_s(new) + after


def remove(context: LiquidContext, value: object, old: object) -> object:
    return replace(context, value, old)


def remove_first(context: LiquidContext, value: object, old: object) -> object:
    return replace_first(context, value, old)


def remove_last(value: object, old: object) -> object:
    return replace_last(value, old, "")


def newline_to_br(value: object) -> object:
    return _LINE_END.sub("<br />\n", ruby.to_s(value))


def strip_newlines(value: object) -> object:
    return _LINE_END.sub("", ruby.to_s(value))


def strip_html(value: object) -> object:
    """Scripts, styles and comments go whole, then every tag."""
    text = ruby.to_s(value)
    for start, end in _BLOCKS:
        text = _without(text, start, end)
    return _without(text, "<", ">")


def _without(text: str, start: str, end: str) -> str:
    kept: list[str] = []
    position = 0
    while (opening := text.find(start, position)) >= 0:
        closing = text.find(end, opening + len(start))
        if closing < 0:
            break
        kept.append(text[position:opening])
        position = closing + len(end)
    return "".join((*kept, text[position:]))


def slice_(value: object, offset: object, length: object = None) -> object:
    """Ruby's ``slice``: nothing from beyond the end, or of a negative length."""
    start, count = ruby.to_integer(offset), ruby.to_integer(length) if ruby.truthy(length) else 1
    sequence: list[object] | str = value if isinstance(value, list) else ruby.to_s(value)
    start = start + len(sequence) if start < 0 else start
    return sequence[start : start + count] if 0 <= start <= len(sequence) and count >= 0 else sequence[:0]


def truncate(value: object, length: object = 50, ending: object = "...") -> object:
    if value is None:
        return None
    text, most, end = ruby.to_s(value), ruby.to_integer(length), ruby.to_s(ending)
    return text if len(text) <= most else text[: max(0, most - len(end))] + end


def truncatewords(value: object, words: object = 15, ending: object = "...") -> object:
    if value is None:
        return None
    text, most = ruby.to_s(value), max(1, ruby.to_integer(words))
    if most >= _MOST_WORDS:
        raise ruby.wrong("`truncatewords` is given too large a number", "give a smaller one")
    found = ruby.words(text)
    return text if len(found) <= most else " ".join(found[:most]) + ruby.to_s(ending)


def split(context: LiquidContext, value: object, separator: object) -> object:
    text, between = ruby.to_s(value), ruby.to_s(separator)
    context.rendering.budget.spend(text.count(between))
    return ruby.split(text, between)


def default(value: object, other: object = "", options: object = None) -> object:
    """``other`` for nil, false and what is empty; with ``allow_false: true`` false stays."""
    allows_false = isinstance(options, Mapping) and ruby.truthy(options.get("allow_false"))
    unset = value is None if allows_false else not ruby.truthy(value)
    return other if unset or (isinstance(value, str | list | Mapping) and not value) else value


def slugify(value: object, mode: object = None) -> object:
    if value is None:
        return None
    if not isinstance(value, str):
        raise ruby.wrong("`slugify` needs a text", "give a text")
    return jekyll_slugs.slugify(value, "default" if mode is None else ruby.to_s(mode))


def normalize_whitespace(value: object) -> object:
    return _WHITESPACE.sub(" ", ruby.to_s(value)).strip(WHITESPACE)


def number_of_words(value: object, mode: object = None) -> object:
    """Words between whitespace; ``cjk`` counts each Chinese, Japanese and Korean letter, ``auto`` where there are any."""
    if not isinstance(value, str):
        raise ruby.wrong("`number_of_words` needs a text", "give a text")
    if mode not in ("cjk", "auto"):
        return len(ruby.words(value))
    letters = len(_CJK_LETTER.findall(value))
    if mode == "auto" and not letters:
        return len(ruby.words(value))
    return letters + len(_OTHER_WORD.findall(value))


FILTERS = (
    *calls(
        {
            "downcase": downcase,
            "upcase": upcase,
            "capitalize": capitalize,
            "strip": strip,
            "lstrip": lstrip,
            "rstrip": rstrip,
            "append": append,
            "prepend": prepend,
            "replace_last": replace_last,
            "remove_last": remove_last,
            "newline_to_br": newline_to_br,
            "strip_newlines": strip_newlines,
            "strip_html": strip_html,
            "slice": slice_,
            "truncate": truncate,
            "truncatewords": truncatewords,
            "default": default,
            "slugify": slugify,
            "normalize_whitespace": normalize_whitespace,
            "number_of_words": number_of_words,
        }
    ),
    *calls(
        {
            "replace": replace,
            "replace_first": replace_first,
            "remove": remove,
            "remove_first": remove_first,
            "split": split,
        },
        with_context=True,
    ),
)
