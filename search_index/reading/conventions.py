"""What front-matter keys commonly mean, whoever wrote them: lookups, and the values of the usual keys.

Keys are compared without case, ``-`` and ``_`` (``pub_date``, ``pubDate``), but for a leading ``_``, which makes a field
private. A value of the wrong type is reported and passed over, never raised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.model import Cover, Provenance, TermRef
from search_index.reading.dates import DateError, parse_moment
from search_index.reading.front_matter import FrontMatter
from search_index.reading.plain_text import clean, plain
from search_index.settings import Limits
from search_index.taxonomy import term


def _keys(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


DATE_KEYS = _keys(
    "date pubDate publishDate publishedAt published publishedOn publishedDate datePublished created createdAt createdOn "
    "creationDate dateCreated"
)
UPDATED_KEYS = _keys(
    "updated lastmod modified lastModifiedAt lastModified updatedDate updatedAt updatedOn dateModified modifiedDate modifiedAt"
)
EXPIRY_KEYS = _keys("expiryDate expires expiresAt expireDate expirationDate unpublishDate")
EMBARGO_KEYS = _keys("publishDate pubDate publishAt publishOn")
COVER_KEYS = _keys("image cover coverImage featuredImage featureImage hero heroImage thumbnail banner ogImage")
LANGUAGE_KEYS = _keys("lang language locale")
ALIAS_KEYS = _keys("aliases alias redirectFrom redirectsFrom")
ADDRESS_KEYS = _keys("permalink url")

_PASSED_OVER = re.compile(r"[\x00-\x20]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def fold(key: str) -> str:
    """The key as it is compared."""
    return key[:1].casefold() + key[1:].replace("_", "").replace("-", "").casefold()


def without_private(values: Mapping[str, object], private: Iterable[str]) -> dict[str, object]:
    """``values`` without the keys that begin with ``_`` or are listed, in inner maps and lists too."""
    listed = frozenset(name.casefold() for name in private)

    def kept(value: object) -> object:
        if isinstance(value, dict):
            return {
                key: kept(inner)
                for key, inner in value.items()
                if not key.startswith("_") and key.casefold() not in listed
            }
        return [kept(item) for item in value] if isinstance(value, list) else value

    return {
        key: kept(value) for key, value in values.items() if not key.startswith("_") and key.casefold() not in listed
    }


@dataclass(slots=True)
class Fields:
    """The public front matter of one file, looked up by convention; collects what was wrong and where values came from."""

    file: str
    front_matter: FrontMatter
    public: dict[str, object]
    zone: ZoneInfo
    limits: Limits
    problems: list[ContentProblem] = field(default_factory=list)
    provenance: list[Provenance] = field(default_factory=list)
    _folded: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in self.public:
            self._folded.setdefault(fold(key), key)

    def key(self, names: Iterable[str]) -> str | None:
        """The key, as written, under which the first of ``names`` stands with a value."""
        for name in names:
            key = self._folded.get(fold(name))
            if key is not None and self.public[key] is not None:
                return key
        return None

    def report(
        self, code: ProblemCode, key: str, message: str, hint: str, severity: Severity = Severity.WARNING
    ) -> None:
        line, column = self.front_matter.lines.get(key, (0, 0))
        self.problems.append(ContentProblem(self.file, line, column, severity, code, message, hint))

    def derived(self, name: str, value: object, reason: str) -> None:
        self.provenance.append(Provenance(name, str(value), reason))

    def written(self, key: str) -> str | None:
        """The scalar under ``key`` as text, as written where that is known; None for a list or a map."""
        written = self.front_matter.written.get(key)
        return written if isinstance(written, str) else as_text(self.public[key])

    def text(self, name: str, *names: str) -> str:
        """A short text: the first of ``names`` with a scalar, as plain text; "" without."""
        key = self.key((name, *names))
        if key is None:
            return ""
        written = self.written(key)
        if written is None:
            self.wrong_type(key, "is not a text", "write one text")
            return ""
        return plain(written)

    def wrong_type(self, key: str, message: str, hint: str) -> None:
        self.report(ProblemCode.FRONT_MATTER_TYPE, key, f"{key!r} {message}, and is passed over", hint)

    def moment(self, names: Iterable[str]) -> tuple[datetime, str] | None:
        """The first of ``names`` that holds a date, with its key; those that should and do not are reported.

        ``published`` may be a switch as well: what is no date there is not reported here.
        """
        for name in names:
            key = self.key((name,))
            if key is None or isinstance(self.public[key], bool):
                continue
            try:
                return parse_moment(self.public[key], self.zone), key
            except DateError as error:
                if fold(key) == "published":
                    continue
                hint = "write it as 2020-12-02 or 2020-12-02T09:30:00+09:00"
                self.report(ProblemCode.DATE_INVALID, key, f"{key!r}: {error}", hint, Severity.ERROR)
        return None

    def flag(self, name: str) -> bool:
        key = self.key((name,))
        if key is None:
            return False
        value = self.public[key]
        if not isinstance(value, bool):
            self.wrong_type(key, "is neither true nor false", "write true or false, without quotes")
            return False
        return value

    def language(self, default: str) -> str:
        key = self.key(LANGUAGE_KEYS)
        if key is None:
            return default
        tag = (self.written(key) or "").strip().replace("_", "-")
        if _LANGUAGE.fullmatch(tag):
            self.derived("lang", tag, f"from {key!r} of the front matter")
            return tag
        self.wrong_type(key, "is not a language tag", "write one such as en or pt-BR")
        return default

    def terms(self, *names: str) -> tuple[TermRef, ...]:
        """A flat taxonomy: a text is split at commas, a list taken as it is."""
        return self.limited((key, (text,)) for key, text in self._names(names))

    def paths(self, *names: str) -> tuple[TermRef, ...]:
        """A hierarchical taxonomy: ``a/b`` is a path, and so is a list within the list."""
        return self.limited(self._paths(names))

    def people(self, *names: str) -> tuple[TermRef, ...]:
        """Texts, or maps with a ``name``; a text is not split."""
        found: list[tuple[str, tuple[str, ...]]] = []
        for name in names:
            key = self.key((name,))
            if key is None:
                continue
            value = self.public[key]
            for item in value if isinstance(value, list) else [value]:
                person = item.get("name", item.get("title")) if isinstance(item, dict) else item
                text = as_text(person)
                if text is None:
                    self.wrong_type(key, "holds a person without a name", "write the name, or a map with a name")
                else:
                    found.append((key, (text,)))
        return self.limited(found)

    def cover(self) -> Cover | None:
        for name in COVER_KEYS:
            key = self.key((name,))
            if key is None:
                continue
            cover = _cover(self.public[key])
            if cover is not None and not _is_address_of_image(cover.url):
                hint = "write the path of the image, or its whole address"
                self.wrong_type(key, "has an address that is neither a path nor one of http or https", hint)
            elif cover is not None:
                self.derived("cover", cover.url, f"from {key!r} of the front matter")
                return cover
            elif not isinstance(self.public[key], bool):
                self.wrong_type(key, "is neither an address nor a map with a path", "write the path of the image")
        return None

    def aliases(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in ALIAS_KEYS:
            key = self.key((name,))
            if key is None:
                continue
            value = self.public[key]
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str) and clean(item):
                    found[clean(item)] = None
                else:
                    self.wrong_type(key, "holds something that is no path", "write paths such as /old/address/")
        return tuple(found)

    def address(self) -> tuple[str, str] | None:
        """The post's own path (``permalink: /a/b/``), with its key."""
        key = self.key(ADDRESS_KEYS)
        value = self.public[key] if key is not None else None
        if key is None or not isinstance(value, str):
            return None
        path = clean(value)
        if path.startswith("/") and not path.startswith(("//", "/\\")) and "/:" not in path:
            return path, key
        return None

    def _names(self, names: Iterable[str]) -> Iterator[tuple[str, str]]:
        for key, value, written in self._lists(names):
            if isinstance(value, list):
                for item in value:
                    yield from ((key, inner) for inner in map(as_text, item) if inner is not None)
            elif written is not None:
                yield key, written

    def _lists(self, names: Iterable[str]) -> Iterator[tuple[str, object, str | None]]:
        """The items under ``names`` with their key and, for scalars, their text; a text is split at commas."""
        for name in names:
            key = self.key((name,))
            if key is None:
                continue
            value = self.public[key]
            if not isinstance(value, list):
                written = self.written(key)
                if written is None:
                    self.wrong_type(key, "is a map", "write a list of names")
                else:
                    yield from ((key, part, part) for part in written.split(","))
                continue
            texts = self.front_matter.written.get(key)
            if not isinstance(texts, list) or len(texts) != len(value):
                texts = [None] * len(value)
            for item, text in zip(value, texts, strict=True):
                if isinstance(item, dict):
                    self.wrong_type(key, "holds a map", "write a list of names")
                elif item is not None:
                    yield key, item, text if isinstance(text, str) else as_text(item)

    def _paths(self, names: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for key, value, written in self._lists(names):
            if isinstance(value, list):
                yield key, tuple(inner for inner in map(as_text, value) if inner is not None)
            elif written is not None:
                yield key, tuple(written.split("/"))

    def limited(
        self, found: Iterable[tuple[str, tuple[str, ...]]], cleaned: Callable[[str], str] = plain
    ) -> tuple[TermRef, ...]:
        """Terms of names as found under keys: cleaned, once each (the first spelling wins), within the limits."""
        terms: dict[str, TermRef] = {}
        for key, names in found:
            levels = tuple(level for level in map(cleaned, names) if level)
            if not levels:
                continue
            if sum(map(len, levels)) > self.limits.tag_characters:
                message = f"a term is longer than limits.tag_characters ({self.limits.tag_characters}), and is left out"
                self._limit(key, message)
                continue
            found_term = term(levels)
            if found_term.path in terms:
                continue
            if len(terms) >= self.limits.tags_per_post:
                message = f"more terms than limits.tags_per_post ({self.limits.tags_per_post}); the rest is left out"
                self._limit(key, message)
                break
            terms[found_term.path] = found_term
        return tuple(terms.values())

    def _limit(self, key: str, message: str) -> None:
        self.report(ProblemCode.TERM_LIMIT, key, message, "write fewer and shorter terms", Severity.ERROR)


def as_text(value: object) -> str | None:
    """A scalar as text (``true``, ``5``, ``1.5``); None for null, a list or a map."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            return None


def _cover(value: object) -> Cover | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, str):
        return Cover(value.strip(), "", None, None) if value.strip() else None
    if not isinstance(value, dict):
        return None
    folded = {fold(key): inner for key, inner in value.items()}
    url = next((folded[key] for key in ("path", "url", "src", "image", "file") if isinstance(folded.get(key), str)), "")
    if not isinstance(url, str) or not url.strip():
        return None
    alt = as_text(folded.get("alt")) or as_text(folded.get("caption")) or ""
    return Cover(url.strip(), plain(alt), _pixels(folded.get("width")), _pixels(folded.get("height")))


def _is_address_of_image(url: str) -> bool:
    """Whether a page may link to it: ``javascript:`` would run there. Browsers pass over the blanks and controls."""
    scheme, colon, _ = _PASSED_OVER.sub("", url).partition(":")
    return not colon or scheme.casefold() in ("http", "https") or any(mark in scheme for mark in "/?#")


def _pixels(value: object) -> int | None:
    text = as_text(value) or ""
    digits = text.removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < len(digits) < 7 else None


def normal_path(path: str) -> str:
    """The path as ids are made of it: composed characters (NFC), whatever the file system gave."""
    return unicodedata.normalize("NFC", path)
