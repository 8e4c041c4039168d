"""Straight quotes, hyphens and dots to typographic ones, as goldmark's typographer chooses.

Source: goldmark 1.5, ``extension/typographer.go``, with its oddities: quotes left open count on through the document.
"""

from __future__ import annotations

from dataclasses import dataclass

from search_index.reading.goldmark.characters import (
    ASCII_PUNCTUATION,
    ASCII_SPACE,
    is_delimiting,
    is_digit,
    is_letter,
    is_punctuation,
    is_space,
)

_LONGER = {"---": "—", "...": "…"}
_SHORTER = {"--": "–", "<<": "«", ">>": "»"}
_APOSTROPHE = "’"
_CUT_OFF = frozenset("tenl")
"""First letters of 'twas, 'em, 'net and 'll."""
_ENDINGS = frozenset("smtd")
_LONG_ENDINGS = frozenset({"ve", "ll", "re"})


@dataclass(slots=True)
class OpenQuotes:
    """How many quotes are open in a document, and where the run of quotes ends that was looked at last.

    ``run_source`` is the text that the run stands in.
    """

    single: int = 0
    double: int = 0
    run_source: str = ""
    run_end: int = 0


@dataclass(frozen=True, slots=True)
class Replacement:
    """``text`` in place of the next ``length`` characters."""

    text: str
    length: int


def replacement(source: str, at: int, quotes: OpenQuotes) -> Replacement | None:
    """What takes the place of the characters at ``at``; ``quotes`` is kept up to date."""
    char = source[at]
    if char in "'\"":
        quote = _single(source, at, quotes) if char == "'" else _double(source, at, quotes)
        return Replacement(quote, 1) if quote else None
    longer = _LONGER.get(source[at : at + 3])
    if longer:
        return Replacement(longer, 3)
    shorter = _SHORTER.get(source[at : at + 2])
    return Replacement(shorter, 2) if shorter else None


def _ahead(source: str, at: int) -> str:
    """Up to four characters behind the one at ``at``, none beyond the end of the line."""
    ahead = source[at + 1 : at + 5]
    line_end = ahead.find("\n")
    return ahead if line_end < 0 else ahead[: line_end + 1]


def _flanking(source: str, at: int, quotes: OpenQuotes) -> tuple[bool, bool]:
    """Whether the run of quotes at ``at`` may open, and whether it may close."""
    end = quotes.run_end
    if quotes.run_source is not source or end <= at or source[end - 1] != source[at]:
        end = at + 1
        while end < len(source) and source[end] == source[at]:
            end += 1
        quotes.run_source, quotes.run_end = source, end
    before = source[at - 1] if at else "\n"
    after = source[end] if end < len(source) else " "
    space_before, space_after = is_space(before), is_space(after)
    mark_before, mark_after = is_delimiting(before), is_delimiting(after)
    opens = not space_after and (not mark_after or space_before or mark_before)
    closes = not space_before and (not mark_before or space_after or mark_after)
    return opens, closes


def _single(source: str, at: int, quotes: OpenQuotes) -> str:
    ahead = _ahead(source, at)
    before = source[at - 1] if at else "\n"
    opens, closes = _flanking(source, at, quotes)
    opens_only = opens and not closes
    if (opens_only and _is_decade(ahead)) or _is_contraction(before, ahead):
        return _APOSTROPHE
    if opens_only:
        if _is_ending(ahead):
            return "’"
        quotes.single += 1
        return "‘"
    if len(ahead) > 1 and not is_digit(ahead[0]):
        return "’"
    if quotes.single > 0 and closes and (not opens or _before_mark(ahead)):
        quotes.single -= 1
        return "’"
    return ""


def _double(source: str, at: int, quotes: OpenQuotes) -> str:
    opens, closes = _flanking(source, at, quotes)
    if opens and not closes:
        quotes.double += 1
        return "“"
    if quotes.double < 1 or not closes:
        return ""
    ahead = _ahead(source, at)
    if opens and not _before_mark(ahead):
        return ""
    if ahead[:1] == '"' and at and is_digit(source[at - 1]):
        return ""
    quotes.double -= 1
    return "”"


def _is_decade(ahead: str) -> bool:
    """``90s`` and no more of the word."""
    if len(ahead) < 3 or not (ahead[:2].isascii() and ahead[:2].isdigit()) or ahead[2] != "s":
        return False
    return len(ahead) == 3 or is_space(ahead[3]) or is_delimiting(ahead[3])


def _is_contraction(before: str, ahead: str) -> bool:
    if not ahead:
        return False
    if ahead[0] in _CUT_OFF and (is_punctuation(before) or is_space(before)):
        return True
    return is_letter(ahead[0]) and (is_digit(before) or is_letter(before))


def _is_ending(ahead: str) -> bool:
    """``s`` of Alice's or ``ve`` of I've, and no more of the word."""
    for length, endings in ((1, _ENDINGS), (2, _LONG_ENDINGS)):
        if ahead[:length] in endings and (len(ahead) == length or ahead[length] in ASCII_PUNCTUATION | ASCII_SPACE):
            return True
    return False


def _before_mark(ahead: str) -> bool:
    """One ASCII punctuation mark, then the end, a space or another mark."""
    if not ahead or ahead[0] > "\x7f" or not is_punctuation(ahead[0]):
        return False
    return len(ahead) == 1 or ahead[1] in ASCII_PUNCTUATION or ahead[1] in ASCII_SPACE
