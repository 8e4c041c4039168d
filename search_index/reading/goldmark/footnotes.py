"""Where footnotes are read and where they are shown: as one list, at the end.

Source: goldmark 1.5, ``extension/footnote.go``.
"""

from __future__ import annotations

from dataclasses import dataclass

from markdown_it.token import Token

from search_index.reading.goldmark.inline import Footnote


@dataclass(frozen=True, slots=True)
class WrittenFootnote:
    """A footnote and the tokens of its content."""

    footnote: Footnote
    tokens: list[Token]


@dataclass(frozen=True, slots=True)
class DocumentTokens:
    """``footnotes`` stand, for the order of references, before the token ``position`` of ``body``."""

    body: list[Token]
    footnotes: list[WrittenFootnote]
    position: int


def take_footnotes(tokens: list[Token]) -> DocumentTokens:
    """The tokens without footnotes, and the footnotes; of several with one label the first counts."""
    body: list[Token] = []
    found: dict[str, WrittenFootnote] = {}
    position = 0
    open_notes: list[list[Token]] = []
    for token in tokens:
        if token.type == "footnote_open":
            if not found:
                position = len(body)
            note = WrittenFootnote(token.meta["footnote"], [])
            found.setdefault(token.meta["label"], note)
            open_notes.append(note.tokens)
        elif token.type == "footnote_close":
            open_notes.pop()
        else:
            (open_notes[-1] if open_notes else body).append(token)
    return DocumentTokens(body, list(found.values()), position)


def shown_footnotes(footnotes: list[WrittenFootnote]) -> list[Token]:
    """The list of those that are referred to, with links back to the references."""
    shown = sorted((note for note in footnotes if note.footnote.index), key=lambda note: note.footnote.index)
    if not shown:
        return []
    tokens = [Token("footnotes_open", "", 1)]
    for note in shown:
        opened = Token("footnote_item_open", "", 1)
        opened.meta = {"index": note.footnote.index}
        back = Token("footnote_back", "", 0)
        back.meta = {"index": note.footnote.index, "references": note.footnote.references}
        ends_in_paragraph = bool(note.tokens) and note.tokens[-1].type == "paragraph_close"
        content = [*note.tokens[:-1], back, note.tokens[-1]] if ends_in_paragraph else [*note.tokens, back]
        tokens += [opened, *content, Token("footnote_item_close", "", -1)]
    return [*tokens, Token("footnotes_close", "", -1)]
