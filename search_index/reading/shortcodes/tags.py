"""Shortcode tags in a text: where they stand, what they are named, what they are given.

Source: Hugo 0.111 documentation, "Shortcodes"; Hugo 0.111, ``parser/pageparser/pagelexer_shortcode.go``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

_OPENING = re.compile(r"\{\{([<%])")
_SPACES = re.compile(r"\s*+")
_NAME = re.compile(r"[\w/-]++(?:\.inline(?=[\s>%/]))?")
_WORD = re.compile(r"[\w.-]++")
_QUOTED = re.compile(r'"((?:[^"\\\n]++|\\(?:"|(?!")))*+)"')
_ESCAPED_QUOTED = re.compile(r'\\"([^"\\\n]*+)\\"')
_RAW = re.compile(r"`([^`]*+)`")
_BARE_VALUE = re.compile(r"[^\s\"`]++")
_CLOSINGS = {"<": ">}}", "%": "%}}"}


class TagKind(StrEnum):
    """``SELF_CLOSING`` is ``{{< name />}}``."""

    OPENING = "opening"
    CLOSING = "closing"
    SELF_CLOSING = "self-closing"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Either ``positional`` or ``named``; the values as they are written, without their quotes."""

    positional: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, position: int | None = None) -> str:
        """The value under ``name``, or at ``position`` of those that have none; empty for neither."""
        if name in self.named:
            return self.named[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return ""


@dataclass(frozen=True, slots=True)
class Tag:
    """``markdown``: ``{{% %}}``, whose result is Markdown. The tag is ``text[start:end]``."""

    kind: TagKind
    name: str
    parameters: Parameters
    markdown: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Comment:
    """``{{</* name */>}}``: the source of a shortcode, shown as ``source``."""

    source: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BrokenTag:
    """What begins like a shortcode and is none."""

    reason: str
    start: int


class _Broken(Exception):
    pass


def tags_in(text: str) -> Iterator[Tag | Comment | BrokenTag]:
    """The tags of a text in order, in time proportional to the text."""
    at = 0
    uncommented: set[str] = set()
    while opening := _OPENING.search(text, at):
        mark = opening[1]
        if text.startswith("/*", opening.end()):
            end = -1 if mark in uncommented else text.find(f"*/{_CLOSINGS[mark]}", opening.end())
            if end < 0:
                uncommented.add(mark)
                yield BrokenTag("the comment is not closed", opening.start())
                at = opening.end()
                continue
            at = end + 2 + len(_CLOSINGS[mark])
            source = f"{opening[0]}{text[opening.end() + 2 : end]}{_CLOSINGS[mark]}"
            yield Comment(source, opening.start(), at)
            continue
        try:
            tag = _tag(text, opening)
        except _Broken as broken:
            yield BrokenTag(str(broken), opening.start())
            at = opening.end()
        else:
            yield tag
            at = tag.end


def _tag(text: str, opening: re.Match[str]) -> Tag:
    closing = _CLOSINGS[opening[1]]
    at = _skip(text, opening.end())
    kind = TagKind.OPENING
    if text.startswith("/", at):
        kind, at = TagKind.CLOSING, _skip(text, at + 1)
    name = _NAME.match(text, at)
    if not name or name[0].startswith("/"):
        raise _Broken("the shortcode has no name")
    word = name[0].rstrip("/")
    at = _skip(text, at + len(word))
    positional: list[str] = []
    named: dict[str, str] = {}
    while not text.startswith(closing, at):
        if text.startswith("/", at) and kind is TagKind.OPENING:
            kind, at = TagKind.SELF_CLOSING, _skip(text, at + 1)
            if not text.startswith(closing, at):
                raise _Broken("a slash stands within the shortcode")
            break
        if kind is TagKind.CLOSING:
            raise _Broken("the closing tag has parameters")
        at = _parameter(text, at, positional, named)
    if positional and named:
        raise _Broken("it mixes named and positional parameters")
    parameters = Parameters(tuple(positional), named)
    return Tag(kind, word, parameters, opening[1] == "%", opening.start(), at + len(closing))


def _parameter(text: str, at: int, positional: list[str], named: dict[str, str]) -> int:
    """Read one parameter; the place behind it and the blanks that follow."""
    value = _delimited(text, at)
    if value:
        positional.append(value[0])
        return _skip(text, value[1])
    word = _WORD.match(text, at)
    if not word:
        raise _Broken("it is not closed" if at >= len(text) else f"{text[at]!r} must stand in quotes")
    if not text.startswith("=", word.end()):
        positional.append(word[0])
        return _skip(text, word.end())
    at = _skip(text, word.end() + 1)
    value = _delimited(text, at)
    if not value:
        bare = _BARE_VALUE.match(text, at)
        if not bare:
            raise _Broken(f"the parameter {word[0]!r} has no value")
        value = bare[0], bare.end()
    named[word[0]] = value[0]
    return _skip(text, value[1])


def _delimited(text: str, at: int) -> tuple[str, int] | None:
    if text.startswith('"', at):
        quoted = _QUOTED.match(text, at)
        if not quoted:
            raise _Broken("a quotation mark is not closed")
        return quoted[1].replace('\\"', '"'), quoted.end()
    if text.startswith("`", at):
        raw = _RAW.match(text, at)
        if not raw:
            raise _Broken("a backtick is not closed")
        return raw[1], raw.end()
    escaped = _ESCAPED_QUOTED.match(text, at)
    return (escaped[1], escaped.end()) if escaped else None


def _skip(text: str, at: int) -> int:
    spaces = _SPACES.match(text, at)
    return spaces.end() if spaces else at
