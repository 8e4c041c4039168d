"""``markup`` of the configuration as options of the Markdown renderer.

Source: ``markup/goldmark/goldmark_config/config.go`` of Hugo 0.111.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from search_index.reading.goldmark.highlighting import HighlightOptions, parse_options
from search_index.reading.goldmark.options import GoldmarkOptions, HeadingIds
from search_index.reading.hugo.values import to_bool, to_map, to_text

_HEADING_IDS: Mapping[str, HeadingIds] = {
    "github": "github",
    "github-ascii": "github-ascii",
    "blackfriday": "blackfriday",
}

_PYGMENTS: Mapping[str, str] = {
    "pygmentsstyle": "style",
    "pygmentscodefences": "codefences",
    "pygmentscodefencesguesssyntax": "guesssyntax",
}
_TYPOGRAPHIC_NAMES: Mapping[str, str] = {
    "‘": "leftsinglequote",
    "’": "rightsinglequote",
    "“": "leftdoublequote",
    "”": "rightdoublequote",
    "–": "endash",
    "—": "emdash",
    "…": "ellipsis",
    "«": "leftanglequote",
    "»": "rightanglequote",
}
_CJK_NAMES = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HANGUL ", "HIRAGANA ", "KATAKANA ", "CJK RADICAL")


def goldmark_options(values: Mapping[str, object]) -> GoldmarkOptions:
    """The options that a language's configuration (keys in lower case) says; what is none keeps Hugo's default."""
    markup = to_map(values.get("markup"))
    goldmark = to_map(markup.get("goldmark"))
    renderer, parser, extensions = (to_map(goldmark.get(key)) for key in ("renderer", "parser", "extensions"))
    highlight = {**_of_pygments(values), **to_map(markup.get("highlight"))}
    written = parser.get("attribute")
    attribute = to_map(written) if isinstance(written, dict) else {"title": written}
    default = GoldmarkOptions()
    return GoldmarkOptions(
        unsafe=_flag(renderer, "unsafe", default.unsafe),
        hard_wraps=_flag(renderer, "hardwraps", default.hard_wraps),
        xhtml=_flag(renderer, "xhtml", default.xhtml),
        typographer=_typographer(extensions.get("typographer"), default.typographer),
        typographic=_typographic(to_map(extensions.get("typographer"))),
        table=_flag(extensions, "table", default.table),
        strikethrough=_flag(extensions, "strikethrough", default.strikethrough),
        task_list=_flag(extensions, "tasklist", default.task_list),
        linkify=_flag(extensions, "linkify", default.linkify),
        linkify_protocol=to_text(extensions.get("linkifyprotocol", default.linkify_protocol)) or "",
        definition_list=_flag(extensions, "definitionlist", default.definition_list),
        footnote=_flag(extensions, "footnote", default.footnote),
        auto_heading_id=_flag(parser, "autoheadingid", default.auto_heading_id),
        auto_heading_id_type=_HEADING_IDS.get(to_text(parser.get("autoheadingidtype")) or "", "github"),
        attribute_title=_flag(attribute, "title", default.attribute_title),
        attribute_block=_flag(attribute, "block", default.attribute_block),
        wrap_standalone_image=_flag(parser, "wrapstandaloneimagewithinparagraph", default.wrap_standalone_image),
        code_fences=_flag(highlight, "codefences", default.code_fences),
        highlight=HighlightOptions().asked({name: to_text(value) or "" for name, value in highlight.items()}),
        emoji=_flag(values, "enableemoji", default.emoji),
    )


def _typographer(said: object, default: bool) -> bool:
    """On or off, or, as Hugo 0.112 has it, a table."""
    table = to_map(said)
    return _flag({"on": said}, "on", default) if not table else not _flag(table, "disable", False)


def _typographic(table: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The site's own spellings of typographic characters."""
    spelled = ((character, to_text(table.get(name))) for character, name in _TYPOGRAPHIC_NAMES.items())
    return tuple((character, text) for character, text in spelled if text)


def _of_pygments(values: Mapping[str, object]) -> dict[str, object]:
    """What the keys of older Hugos say of ``markup.highlight``."""
    found: dict[str, object] = dict(parse_options(to_text(values.get("pygmentsoptions")) or ""))
    for old, new in _PYGMENTS.items():
        found |= {new: values[old]} if old in values else {}
    classes = to_bool(values["pygmentsuseclasses"]) if "pygmentsuseclasses" in values else None
    return found if classes is None else {**found, "noclasses": not classes}


def has_cjk(text: str) -> bool:
    """Whether a letter of ``text`` is Chinese, Japanese or Korean: where ``hasCJKLanguage`` is set, its characters count."""
    return any(char > "\u10ff" and unicodedata.name(char, "").startswith(_CJK_NAMES) for char in text)


def _flag(values: Mapping[str, object], key: str, default: bool) -> bool:
    found = to_bool(values[key]) if values.get(key) is not None else None
    return default if found is None else found
