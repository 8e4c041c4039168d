"""Shortcodes taken out of the Markdown before it is rendered, and their HTML put in afterwards.

Source: Hugo 0.111, ``hugolib/shortcode.go``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from search_index.reading.goldmark.highlighting import HighlightOptions
from search_index.reading.shortcodes.builtin import VOID_SHORTCODES, ShortcodeFailed, highlight
from search_index.reading.shortcodes.page import ShortcodePage
from search_index.reading.shortcodes.tags import BrokenTag, Comment, Tag, TagKind, tags_in

_TOKEN = re.compile(r"(<p>)?(OCTAVOSHORTCODEX*Q\d+Q)(</p>)?", re.IGNORECASE)
_PREFIX = "OCTAVOSHORTCODE"
_TAKEN = re.compile(rf"{_PREFIX}(X*+)", re.IGNORECASE)
_REFERENCES = frozenset({"ref", "relref"})
_BUILT_IN = frozenset(VOID_SHORTCODES) | _REFERENCES | {"highlight"}
_INLINE = ".inline"


class ProblemKind(StrEnum):
    """What is wrong with a shortcode."""

    UNKNOWN = "unknown"
    UNCLOSED = "unclosed"
    MISSING_REF = "missing ref"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class ShortcodeProblem:
    line: int
    kind: ProblemKind
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class ExpandedShortcodes:
    """``text`` is Markdown in which a word stands for each shortcode; ``insertions`` say which HTML takes its place.

    ``asked_pages`` are the targets that ``ref`` and ``relref`` name.
    """

    text: str
    insertions: tuple[tuple[str, str], ...]
    problems: tuple[ShortcodeProblem, ...]
    asked_pages: frozenset[str]


def expand(
    text: str,
    page: ShortcodePage,
    *,
    first_line: int = 1,
    options: HighlightOptions = HighlightOptions(),  # noqa: B008  # frozen
) -> ExpandedShortcodes:
    """Expand the shortcodes of a body that begins on ``first_line`` of its file; ``options`` are for code.

    Raises what ``page`` raises, nothing else.
    """
    if "{{<" not in text and "{{%" not in text:
        return ExpandedShortcodes(text, (), (), frozenset())
    return _Expansion(text, page, first_line, options).run()


def insert(html: str, insertions: Iterable[tuple[str, str]]) -> str:
    """Put the HTML in; a paragraph that holds nothing but a shortcode gives way to it."""
    by_token = dict(insertions)
    if not by_token:
        return html
    known = {token.lower() for token in by_token}

    def put(match: re.Match[str]) -> str:
        opening, token, closing = match[1] or "", match[2], match[3] or ""
        inserted = by_token.get(token)
        if inserted is None:
            return f"{opening}{'' if token.lower() in known else token}{closing}"
        return inserted if opening and closing else f"{opening}{inserted}{closing}"

    return _TOKEN.sub(put, html)


class _Expansion:
    def __init__(self, text: str, page: ShortcodePage, first_line: int, options: HighlightOptions) -> None:
        self._text = text
        self._page = page
        self._options = options
        self._line, self._counted = first_line, 0
        self._prefix = _unused_prefix(text)
        self._parts: list[str] = []
        self._insertions: list[tuple[str, str]] = []
        self._problems: list[ShortcodeProblem] = []
        self._asked: set[str] = set()

    def run(self) -> ExpandedShortcodes:
        found = list(tags_in(self._text))
        partners = _partners([one for one in found if isinstance(one, Tag)])
        at, done = 0, 0
        while done < len(found):
            one = found[done]
            done += 1
            self._parts.append(self._text[at : one.start])
            if isinstance(one, BrokenTag):
                self._report(
                    one.start,
                    ProblemKind.INVALID,
                    f"a shortcode cannot be read: {one.reason}",
                    "mend it, or write {{</* … */>}} to show it",
                )
                at = one.start
                continue
            at = one.end
            if isinstance(one, Comment):
                self._parts.append(one.source)
            elif one.name == "highlight" and (closing := partners.get(one.start)):
                inner_end = done
                while found[inner_end] is not closing:
                    inner_end += 1
                self._parts.append(self._highlighted(one, closing, found[done:inner_end]))
                at, done = closing.end, inner_end + 1
            elif one.name.endswith(_INLINE) and (closing := partners.get(one.start)):
                self._unknown(one)
                while found[done] is not closing:
                    done += 1
                at = closing.end
                done += 1
            else:
                self._parts.append(self._tag(one, partners))
        self._parts.append(self._text[at:])
        return ExpandedShortcodes(
            "".join(self._parts), tuple(self._insertions), tuple(self._problems), frozenset(self._asked)
        )

    def _tag(self, tag: Tag, partners: Mapping[int, Tag]) -> str:
        """What stands in the Markdown for a tag."""
        if tag.kind is TagKind.CLOSING:
            if tag.start not in partners:
                self._report(
                    tag.start,
                    ProblemKind.UNCLOSED,
                    f"{{{{< /{tag.name} >}}}} closes nothing",
                    "remove it, or open it before",
                )
            return ""
        if tag.name in _REFERENCES:
            address = self._reference(tag)
            return address if tag.markdown else self._token(address)
        if tag.name == "highlight":
            self._report(
                tag.start,
                ProblemKind.UNCLOSED,
                "{{< highlight >}} is not closed",
                "write {{< /highlight >}} behind the code",
            )
            return ""
        if tag.name not in _BUILT_IN:
            self._unknown(tag)
            return "" if tag.markdown or tag.start in partners else self._token("")
        html = self._built_in(tag)
        return html if tag.markdown and tag.name == "param" else self._token(html)

    def _built_in(self, tag: Tag) -> str:
        try:
            return VOID_SHORTCODES[tag.name](tag.parameters, self._page)
        except ShortcodeFailed as failure:
            self._report(
                tag.start, ProblemKind.INVALID, f"{{{{< {tag.name} >}}}}: {failure}", "see Hugo's documentation of it"
            )
            return ""

    def _reference(self, tag: Tag) -> str:
        target = tag.parameters.get("path", 0)
        self._asked.add(target)
        address = self._page.ref(target, tag.parameters.get("lang"), whole=tag.name == "ref")
        if address is None:
            self._report(
                tag.start, ProblemKind.MISSING_REF, f"{tag.name} names {target!r}, which is no page", "correct the path"
            )
            return ""
        return address

    def _highlighted(self, opening: Tag, closing: Tag, within: Sequence[Tag | Comment | BrokenTag]) -> str:
        parts: list[str] = []
        at = opening.end
        for one in within:
            parts.append(self._text[at : one.start])
            at = one.start
            if isinstance(one, Comment):
                parts.append(one.source)
                at = one.end
            elif isinstance(one, Tag):
                at = one.end
                if one.name in VOID_SHORTCODES:
                    parts.append(self._built_in(one))
                elif one.name in _REFERENCES:
                    parts.append(self._reference(one))
                elif one.name != "highlight" and one.kind is not TagKind.CLOSING:
                    self._unknown(one)
        parts.append(self._text[at : closing.start])
        line_start = self._text.rfind("\n", 0, opening.start) + 1
        before = self._text[line_start : opening.start]
        indentation = before if before.isspace() else ""
        return self._token(highlight("".join(parts), opening.parameters, indentation, self._options))

    def _token(self, html: str) -> str:
        token = f"{self._prefix}Q{len(self._insertions)}Q"
        self._insertions.append((token, html))
        return token

    def _unknown(self, tag: Tag) -> None:
        self._report(
            tag.start,
            ProblemKind.UNKNOWN,
            f"the shortcode {tag.name!r} is not known; what it encloses is kept",
            f"templates of the site or its theme, such as layouts/shortcodes/{tag.name}.html, are not run",
        )

    def _report(self, start: int, kind: ProblemKind, message: str, hint: str) -> None:
        self._line += self._text.count("\n", self._counted, start)
        self._counted = start
        self._problems.append(ShortcodeProblem(self._line, kind, message, hint))


def _unused_prefix(text: str) -> str:
    """What no word of the text begins with."""
    taken = [len(match[1]) for match in _TAKEN.finditer(text)]
    return _PREFIX + "X" * (max(taken) + 1 if taken else 0)


def _partners(tags: Iterable[Tag]) -> dict[int, Tag]:
    """For tags that open or close an enclosure, by their start, the tag at the other end."""
    partners: dict[int, Tag] = {}
    stack: list[Tag] = []
    open_by_name: dict[str, int] = {}
    for tag in tags:
        if tag.kind is TagKind.OPENING:
            stack.append(tag)
            open_by_name[tag.name] = open_by_name.get(tag.name, 0) + 1
        elif tag.kind is TagKind.CLOSING and open_by_name.get(tag.name):
            while (opening := stack.pop()).name != tag.name:
                open_by_name[opening.name] -= 1
            open_by_name[tag.name] -= 1
            partners[opening.start], partners[tag.start] = tag, opening
    return partners
