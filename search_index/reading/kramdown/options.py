"""The options of kramdown that change the HTML, with Jekyll's defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

_LEVELS: Final = re.compile(r"([1-6])\.\.([1-6])|[1-6](?:,[1-6])*")


@dataclass(frozen=True, slots=True)
class KramdownOptions:
    """Named as kramdown names them (https://kramdown.gettalong.org/options.html), ``gfm`` for ``input: GFM``.

    ``transliterated_header_ids`` is not offered: it takes a table of every script's letters.
    """

    gfm: bool = True
    hard_wrap: bool = False
    auto_ids: bool = True
    auto_id_prefix: str = ""
    auto_id_stripping: bool = False
    toc_levels: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    smart_quotes: str = "lsquo,rsquo,ldquo,rdquo"
    typographic_symbols: tuple[tuple[str, str], ...] = ()
    entity_output: str = "as_char"
    footnote_nr: int = 1
    footnote_backlink: str = "&#8617;"
    footnote_backlink_inline: bool = False
    footnote_prefix: str = ""
    header_offset: int = 0
    parse_block_html: bool = False
    parse_span_html: bool = True
    remove_line_breaks_for_cjk: bool = False
    math_engine: str = "mathjax"
    gfm_quirks: tuple[str, ...] = ("paragraph_end",)
    link_defs: tuple[tuple[str, str, str | None], ...] = ()

    @classmethod
    def from_config(cls, kramdown: Mapping[str, object]) -> KramdownOptions:
        """From the mapping ``kramdown:`` of ``_config.yml``. A value that kramdown would refuse is left out."""
        options = cls()
        if "input" in kramdown:
            options = replace(options, gfm=str(kramdown["input"]).lower() == "gfm")
        for name, value in kramdown.items():
            options = with_option(options, name, value)
        return options


def with_option(options: KramdownOptions, name: str, value: object) -> KramdownOptions:
    """The options with one changed, its value as YAML or as a text; unchanged for a name or value that is none."""
    if name == "gfm" or name not in _READERS:
        return options
    read = _READERS[name](value)
    return options if read is None else replace(options, **{name: read})


def _flag(value: object) -> bool | None:
    text = str(value).strip().lower()
    return text not in {"false", "", "none"}


def _number(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def _text(value: object) -> str | None:
    return "" if value is None else str(value)


def _symbol(value: object) -> str | None:
    text = "" if value is None else str(value).strip().removeprefix(":")
    return "" if text == "nil" else text


def _quotes(value: object) -> str | None:
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if text.count(",") == 3 else None


def _levels(value: object) -> tuple[int, ...] | None:
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    match = _LEVELS.fullmatch(text)
    if match is None:
        return None
    if match[1]:
        return tuple(range(int(match[1]), int(match[2]) + 1))
    return tuple(dict.fromkeys(map(int, text.split(","))))


def _names(value: object) -> tuple[str, ...] | None:
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    return tuple(str(part).strip().removeprefix(":") for part in parts)


def _pairs(value: object) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(value, Mapping):
        return None
    return tuple((str(name), "" if symbol is None else str(symbol)) for name, symbol in value.items())


def _links(value: object) -> tuple[tuple[str, str, str | None], ...] | None:
    if not isinstance(value, Mapping):
        return None
    links = []
    for name, target in value.items():
        if isinstance(target, list | tuple) and len(target) in (1, 2):
            title = target[1] if len(target) == 2 else None
            links.append((str(name), str(target[0]), None if title is None else str(title)))
    return tuple(links)


_BY_TYPE: Final[Mapping[str, Any]] = {"bool": _flag, "int": _number, "str": _text}
_READERS: Final[Mapping[str, Any]] = {
    field.name: _BY_TYPE.get(str(field.type)) for field in fields(KramdownOptions)
} | {
    "entity_output": _symbol,
    "math_engine": _symbol,
    "smart_quotes": _quotes,
    "toc_levels": _levels,
    "gfm_quirks": _names,
    "typographic_symbols": _pairs,
    "link_defs": _links,
}
