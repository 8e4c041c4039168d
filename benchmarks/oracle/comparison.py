"""Octavo's view of a site against its generator's, post by post and field by field."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote

from benchmarks.oracle.dom import first_difference, same_elements, same_words
from benchmarks.oracle.generators import Answer, GeneratorPost
from benchmarks.oracle.views import PostView
from search_index.taxonomy import term


class Field(StrEnum):
    """What is compared. ``found`` counts posts that both have against the generator's, ``extra`` against Octavo's."""

    FOUND = "found"
    EXTRA = "extra"
    TITLE = "title"
    DATE = "date"
    SLUG = "slug"
    URL = "url"
    CATEGORIES = "categories"
    TAGS = "tags"
    DRAFT = "draft"
    PREVIOUS = "previous"
    NEXT = "next"
    EXCERPT = "excerpt"
    EXCERPT_TEXT = "excerpt text"
    HTML = "html"
    HTML_TEXT = "html text"


METADATA = (
    *(Field.FOUND, Field.EXTRA, Field.TITLE, Field.DATE, Field.SLUG, Field.URL),
    *(Field.CATEGORIES, Field.TAGS, Field.DRAFT, Field.PREVIOUS, Field.NEXT),
)
BODIES = (Field.EXCERPT, Field.EXCERPT_TEXT, Field.HTML, Field.HTML_TEXT)


class Choice(StrEnum):
    """The differences that are chosen, each with its reason."""

    PLAIN_TITLE = "a title is plain text: it comes without HTML tags, its character references decoded"
    ONE_TERM = "terms that differ only in the spelling of one slug are one term, and are given once"
    TEXT_TERMS = (
        "a category or tag that is no text (a map, a list, a boolean, nothing, blanks) is given as text or left out"
    )
    NO_BINARY = "!binary titles are not decoded"
    NO_FILE_TIME = "a draft without a date has none; the generator takes the file's, which differs from host to host"
    NO_NUL = "NUL characters are dropped"
    IMAGE_TEXT = (
        "typographic marks in an image's text are characters; Hugo 0.111 writes references that readers would see"
    )
    KEPT_POST = "a post whose front matter cannot be read takes date and slug from its file name, not from today"


@dataclass(frozen=True, slots=True)
class Difference:
    """A post's field that the two see differently; ``choice`` is None where that is a fault.

    Of a body, ``wanted`` and ``got`` are what follows from the first difference on.
    """

    path: str
    field: Field
    wanted: str
    got: str
    choice: Choice | None

    def __str__(self) -> str:
        return f"{self.path}: {self.field}: wanted {self.wanted!r}, got {self.got!r}"


@dataclass(slots=True)
class Score:
    """``compared`` is without the chosen differences."""

    equal: int = 0
    compared: int = 0

    @property
    def share(self) -> float:
        return self.equal / self.compared if self.compared else 1.0


@dataclass(slots=True)
class Comparison:
    """Of one site; ``posts`` counts the generator's."""

    posts: int = 0
    scores: dict[Field, Score] = field(default_factory=lambda: {name: Score() for name in Field})
    differences: list[Difference] = field(default_factory=list)
    chosen: Counter[Choice] = field(default_factory=Counter)

    def faults(self, fields: Sequence[Field] = tuple(Field)) -> list[Difference]:
        """The differences in ``fields`` that nobody chose."""
        return [one for one in self.differences if one.choice is None and one.field in fields]

    def note(self, path: str, name: Field, wanted: object, got: object, *, equal: bool, choice: Choice | None) -> None:
        """Count one field of one post. ``choice`` is what explains a difference."""
        if equal or choice is None:
            self.scores[name].compared += 1
            self.scores[name].equal += equal
        if not equal:
            if name in BODIES:
                wanted, got = first_difference(str(wanted), str(got))
            self.differences.append(Difference(path, name, str(wanted), str(got), choice))
            self.chosen.update([choice] if choice else [])


def compare(answer: Answer, ours: Sequence[PostView]) -> Comparison:
    """Compare post by post, matched by path. What the generator gives no answer to is not compared.

    Neighbours are compared among the posts that both have, and that the two date alike.
    """
    result = Comparison(len(answer.posts))
    got = {view.path: view for view in ours}
    for path, post in answer.posts.items():
        choice = Choice.KEPT_POST if post.unreadable else None
        result.note(path, Field.FOUND, "kept", "missing", equal=path in got, choice=choice)
    for path, view in got.items():
        choice = Choice.NO_FILE_TIME if _is_undated_draft(view) else None
        wanted = f"left out: {answer.left_out.get(path, 'not a post')}"
        result.note(path, Field.EXTRA, wanted, "kept", equal=path in answer.posts, choice=choice)
    pairs = [(post, got[path]) for path, post in answer.posts.items() if path in got]
    steady = {post.view.path for post, view in pairs if _equal(Field.DATE, post.view.date, view.date)}
    wanted_chain = {path: post.view for path, post in answer.posts.items()}
    for post, view in pairs:
        for name, said, given, choice in _answers(post, view):
            equal = _equal(name, said, given)
            result.note(view.path, name, said, given, equal=equal, choice=choice or _chosen(name, said, given))
        if view.path in steady:
            for name in (Field.PREVIOUS, Field.NEXT):
                a, b = (_neighbour(chain, view.path, name, steady) for chain in (wanted_chain, got))
                result.note(view.path, name, a, b, equal=a == b, choice=None)
    return result


def _is_undated_draft(view: PostView) -> bool:
    return view.draft and view.date is None


def _answers(post: GeneratorPost, got: PostView) -> Iterator[tuple[Field, object, object, Choice | None]]:
    """Each field that the generator answers, both answers, and the choice that the post itself brings."""
    wanted = post.view
    kept = Choice.KEPT_POST if post.unreadable else None
    undated = Choice.NO_FILE_TIME if _is_undated_draft(got) else None
    mixed = Choice.TEXT_TERMS if post.mixed_terms else None
    yield from (
        row
        for row in (
            (Field.TITLE, wanted.title, got.title, kept),
            (Field.DATE, wanted.date, got.date, kept or undated),
            (Field.SLUG, wanted.slug, got.slug, kept),
            (Field.URL, wanted.url, got.url, kept or undated or mixed),
            (Field.EXCERPT, wanted.excerpt, got.excerpt, None),
            (Field.EXCERPT_TEXT, wanted.excerpt, got.excerpt, None),
            (Field.HTML, wanted.html, got.html, None),
            (Field.HTML_TEXT, wanted.html, got.html, None),
        )
        if row[1] is not None or row[0] in (Field.DATE, Field.TITLE)
    )
    yield Field.CATEGORIES, wanted.categories, got.categories, mixed
    yield Field.TAGS, wanted.tags, got.tags, mixed
    yield Field.DRAFT, wanted.draft, got.draft, None


def _equal(name: Field, wanted: object, got: object) -> bool:
    match name:
        case Field.URL:
            return unquote(str(wanted)) == unquote(str(got))
        case Field.TITLE | Field.SLUG:
            return str(wanted or "").strip() == str(got or "").strip()
        case Field.DATE:
            return wanted == got if isinstance(wanted, datetime) and isinstance(got, datetime) else wanted is got
        case Field.CATEGORIES | Field.TAGS:
            return _once(wanted) == _once(got)
        case Field.EXCERPT | Field.HTML:
            return same_elements(str(wanted), str(got))
        case Field.EXCERPT_TEXT | Field.HTML_TEXT:
            return same_words(str(wanted), str(got))
        case _:
            return wanted == got


def _chosen(name: Field, wanted: object, got: object) -> Choice | None:
    """The choice that explains a difference, None where none does."""
    written, given = str(wanted or ""), str(got or "")
    match name:
        case Field.TITLE if " ".join(_plain_title(written).split()) == " ".join(given.split()):
            return Choice.PLAIN_TITLE
        case Field.TITLE if _decoded(given) == written:
            return Choice.NO_BINARY
        case Field.CATEGORIES | Field.TAGS if _folded(wanted) == _folded(got):
            return Choice.ONE_TERM
        case Field.CATEGORIES | Field.TAGS if isinstance(wanted, tuple) and not all(map(str.strip, wanted)):
            return Choice.TEXT_TERMS
        case Field.DRAFT | Field.DATE | Field.CATEGORIES | Field.TAGS:
            return None
        case _ if "\0" in written and _equal(name, written.replace("\0", ""), given):
            return Choice.NO_NUL
        case Field.EXCERPT | Field.HTML if _equal(name, _IMAGE_TEXT.sub(_without_references, written), given):
            return Choice.IMAGE_TEXT
        case _:
            return None


_IMAGE_TEXT = re.compile(r'(?<=\balt=")[^"]*&amp;[^"]*')
_MARK_REFERENCE = re.compile(r"&amp;((?:[lr][sd]quo|[lr]aquo|[nm]dash|hellip);)")


def _without_references(alt: re.Match[str]) -> str:
    return _MARK_REFERENCE.sub(r"&\1", alt[0])


_TAG = re.compile(r"<[^<>]*>")


def _plain_title(title: str) -> str:
    return html.unescape(_TAG.sub("", title))


def _decoded(title: str) -> str | None:
    try:
        return base64.b64decode("".join(title.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def _once(names: object) -> list[str]:
    return list(dict.fromkeys(names)) if isinstance(names, tuple) else []


def _folded(names: object) -> list[str]:
    return list(dict.fromkeys(term((name,)).path for name in _once(names)))


def _neighbour(chain: Mapping[str, PostView], path: str, name: Field, among: set[str]) -> str | None:
    """The next post in one direction that is one of ``among``."""
    seen = {path}
    while True:
        view = chain.get(path)
        following = None if view is None else view.previous if name is Field.PREVIOUS else view.next
        if following is None or following in among or following in seen:
            return following
        seen.add(following)
        path = following
