"""What bloggers write and Python-Markdown does not expect, made plain line by line before it parses.

* Fenced code, at the top level, in lists and in block quotes, whatever its info string says.
* A list right behind a paragraph (CommonMark: a bullet, or an ordered list that begins with 1).
* Content of list items that is indented by the marker's width, not by four blanks; ``1)`` as a marker.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

_FENCE = re.compile(r"(?P<fence>`{3,})(?P<info>[^`]*)\Z|(?P<tildes>~{3,})(?P<text>.*)\Z")
_ITEM = re.compile(r"(?P<marker>[*+-]|(?P<number>\d{1,9})[.)])(?P<gap>[ \t]+|\Z)(?P<rest>.*)\Z", re.DOTALL)
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_CONTAINER = re.compile(r"(?:\[\^[^\]\s]+\]:|:[ ]{1,3}(?=\S)|!!!\s|\?\?\?\+?\s)")
_HEADING = re.compile(r"#{1,6}(?:\s|\Z)|(?:=+|-+)[ \t]*\Z")
_RAW_OPEN = re.compile(r"<(pre|script|style|textarea)\b|<(!--)", re.IGNORECASE)
_LANGUAGE = re.compile(r"\{?[\s.]*(?:language-)?([\w+#.-]+)")
_DEEPEST_QUOTE = 16
_STEP = 4

StoreCode = Callable[[str], str]


@dataclass(slots=True)
class _Item:
    """An open list item (or footnote, definition, admonition): the columns of its marker and of its content.

    ``loose``: a blank line stands in it.
    """

    marker: int
    content: int
    is_list: bool
    ordered: bool = False
    loose: bool = False


def normalise(lines: list[str], store: StoreCode, depth: int = 0) -> list[str]:
    """The lines as Python-Markdown wants them; ``store`` takes the HTML of a code block and gives its placeholder."""
    return _Lines(lines, store, depth).run()


class _Lines:
    def __init__(self, lines: list[str], store: StoreCode, depth: int) -> None:
        self._lines = lines
        self._store = store
        self._depth = depth
        self._out: list[str] = []
        self._items: list[_Item] = []
        self._paragraph = False
        self._blank = True
        self._at = 0

    def run(self) -> list[str]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            if not line or line.isspace():
                self._out.append("")
                self._blank, self._paragraph = True, False
            else:
                self._line(line)
                self._blank = False
        return self._out

    def _line(self, line: str) -> None:
        text = line.lstrip(" \t")
        indent = _columns(line, len(line) - len(text))
        if not self._settle(indent, text):
            self._out.append(line)
            return
        relative = indent - self._content
        if relative >= _STEP:
            self._emit(relative, text)
            return
        fence = _FENCE.match(text)
        if fence:
            self._fence(indent, "", fence)
        elif text[0] == ">" and self._depth < _DEEPEST_QUOTE:
            self._quote(text)
        elif text[0] == "<" and (raw := _RAW_OPEN.match(text)):
            self._raw(relative, text, "-->" if raw[2] else f"</{raw[1].lower()}")
        else:
            self._block(indent, relative, text)

    @property
    def _content(self) -> int:
        return self._items[-1].content if self._items else 0

    def _settle(self, indent: int, text: str) -> bool:
        """Close the items that the line is not in; False for the lazy continuation of a paragraph."""
        if self._paragraph and not self._blank and indent < self._content and not self._interrupts(text):
            return False
        closed: list[_Item] = []
        while self._items and indent < self._content and self._ends(self._items[-1], indent):
            closed.append(self._items.pop())
        if closed:
            self._paragraph = False
            item = _ITEM.match(text)
            same_list = item and closed[-1].is_list and closed[-1].ordered == bool(item["number"])
            if not same_list or any(one.loose for one in closed):
                self._separate()
        if self._items and self._blank:
            self._items[-1].loose = True
        return True

    @staticmethod
    def _ends(item: _Item, indent: int) -> bool:
        return item.is_list or indent <= item.marker

    def _interrupts(self, text: str) -> bool:
        if _FENCE.match(text) or _RULE.match(text) or _HEADING.match(text) or text[0] == ">":
            return True
        item = _ITEM.match(text)
        return bool(item and (any(open_item.is_list for open_item in self._items) or _may_begin(item)))

    def _block(self, indent: int, relative: int, text: str) -> None:
        item = None if _RULE.match(text) else _ITEM.match(text)
        if item and (not self._paragraph or _may_begin(item)):
            self._list_item(indent, item)
            return
        if _CONTAINER.match(text):
            self._emit(relative, text)
            self._items.append(_Item(indent, indent + _STEP, False))
            self._paragraph = True
            return
        ends = _RULE.match(text) or _HEADING.match(text)
        if self._paragraph and self._items and self._items[-1].is_list and not ends:
            self._out.append(" " * (_STEP * (len(self._items) - 1)) + text)
        else:
            self._emit(relative, text)
        self._paragraph = not ends

    def _list_item(self, indent: int, item: re.Match[str]) -> None:
        if self._paragraph and not self._items:
            self._separate()
        marker, rest = item["marker"], item["rest"]
        gap = _columns(item["gap"], len(item["gap"]))
        content = indent + len(marker) + (gap if rest and gap <= _STEP else 1)
        shown = f"{item['number']}." if item["number"] else marker
        depth = len(self._items)
        self._items.append(_Item(indent, content, True, bool(item["number"])))
        fence = _FENCE.match(rest)
        if fence:
            self._fence(content, " " * (_STEP * depth) + f"{shown} ", fence)
            return
        padding = " " * (gap - 1) if gap > _STEP else ""
        self._out.append(f"{' ' * (_STEP * depth)}{shown} {padding}{rest}")
        self._paragraph = bool(rest) and not _HEADING.match(rest)

    def _emit(self, relative: int, text: str) -> None:
        self._out.append(" " * (_STEP * len(self._items) + max(0, relative)) + text)

    def _separate(self) -> None:
        if self._out and self._out[-1]:
            self._out.append("")

    def _fence(self, indent: int, lead: str, fence: re.Match[str]) -> None:
        mark = fence["fence"] or fence["tildes"]
        closing = re.compile(rf"[ \t]*{mark[0]}{{{len(mark)},}}[ \t]*\Z")
        code: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            text = line.lstrip(" \t")
            if self._items and text and _columns(line, len(line) - len(text)) < self._items[-1].marker + 1:
                break
            self._at += 1
            if closing.match(line):
                break
            code.append(_dedent(line, indent))
        placeholder = self._store(code_html("\n".join(code), fence["info"] or fence["text"] or ""))
        if not lead and not self._items:
            self._separate()
        self._out.append((lead or " " * (_STEP * len(self._items))) + placeholder)
        if not self._items:
            self._out.append("")
        self._paragraph = False

    def _quote(self, text: str) -> None:
        quoted = [_unquote(text)]
        while self._at < len(self._lines):
            line = self._lines[self._at].lstrip(" \t")
            if not line.startswith(">"):
                break
            quoted.append(_unquote(line))
            self._at += 1
        if self._paragraph and not self._items:
            self._separate()
        lead = " " * (_STEP * len(self._items)) + ">"
        inner = normalise(quoted, self._store, self._depth + 1)
        while inner and not inner[-1]:
            inner.pop()
        self._out += [f"{lead} {line}" if line else lead for line in inner]
        self._paragraph = True

    def _raw(self, relative: int, text: str, closing: str) -> None:
        self._emit(relative, text)
        self._paragraph = False
        if closing in text.lower():
            return
        while self._at < len(self._lines):
            line = self._lines[self._at]
            self._at += 1
            self._out.append(line)
            if closing in line.lower():
                return


def code_html(code: str, info: str) -> str:
    """A code block as HTML; the language is the first word of the info string (``python title="x"``, ``{.python}``)."""
    language = _LANGUAGE.match(info.strip())
    attribute = f' class="language-{escape(language[1])}"' if language else ""
    text = escape(code, quote=False)
    return f"<pre><code{attribute}>{text}\n</code></pre>" if text else f"<pre><code{attribute}></code></pre>"


def _may_begin(item: re.Match[str]) -> bool:
    """Whether a list item may end a paragraph. Source: CommonMark 0.31.2, section 5.2, rule 1."""
    return bool(item["rest"]) and item["number"] in (None, "1")


def _columns(text: str, end: int) -> int:
    if "\t" not in text[:end]:
        return end
    return len(text[:end].expandtabs(_STEP))


def _dedent(line: str, indent: int) -> str:
    at = 0
    while at < min(indent, len(line)) and line[at] == " ":
        at += 1
    return line[at:] if at or not indent or line[:1] != "\t" else line[1:]


def _unquote(line: str) -> str:
    return line[2:] if line[1:2] == " " else line[1:]
