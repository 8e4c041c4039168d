"""Query parameters: declared once as models, from which both the strict reading and the OpenAPI document are made.

What is unknown, given twice, blank or out of range is refused by name; nothing is capped or dropped silently. Only
``_`` and ``utm_*``, which caches and newsletters add to links, are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from math import ceil
from typing import Annotated, Any, ClassVar, Self, TypeVar
from urllib.parse import unquote_to_bytes
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from api.addresses import Parameter
from api.cursors import LONGEST_CURSOR, InvalidCursor, list_cursor, list_position, search_position
from api.problems import ParameterProblem
from api.schemas.problems import ErrorCode, ParameterError
from search_index.front_matter_fields import FieldCondition, Operator
from search_index.query import (
    WINDOW,
    FacetField,
    Include,
    ListPosition,
    ListQuery,
    Order,
    Page,
    PostFilters,
    SearchPosition,
    SearchQuery,
    Sort,
    TagMatch,
)
from search_index.taxonomy import term_slug

MAX_VALUES = 100
"""The most values one repeated parameter takes, and one condition of ``where``: SQLite refuses very deep expressions."""

MAX_PAGE = 2**31 - 1

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_INSTANT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:[Tt ](?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,9}))?(?P<zone>[Zz]|[+\- ]\d\d:\d\d))?",
    re.ASCII,
)
_DOCUMENTED_INSTANT = (
    "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?(?:[Zz]|[+\- ](?:[01][0-9]|2[0-3]):[0-5][0-9]))?$"
)
"""The same for the document, whose patterns are ECMAScript's."""

_BLANK = r"\s\x1c-\x1f\x85"
"""What ``str.strip`` removes, in a class of ECMAScript's."""

DOCUMENTED_VALUES = rf"^[{_BLANK}/]*[^{_BLANK},/][^,]*(?:,[{_BLANK}/]*[^{_BLANK},/][^,]*)*$"
"""Values with commas between them, none of which is blank."""

_SHOWN = 80
_MOST_ERRORS = 20
_PAGE = {"page", "per_page"}
_NO_QUERY = "write something to search for"
_IF_MISSING: Mapping[str, str] = {
    "since": "begin with /v1/export and pass on the X-Content-Generation of its answer",
}
_VERSION = re.compile(r"[0-9a-f]{32}", re.ASCII)

# Names that people coming from other APIs try first.
_ELSEWHERE: Mapping[str, str] = {
    "limit": "per_page",
    "size": "per_page",
    "offset": "page",
    "order_by": "sort",
    "query": "q",
    "s": "q",
    "search": "q",
    "locale": "lang",
    "language": "lang",
    "after": "published_after",
    "before": "published_before",
}


def _invalid(message: str) -> PydanticCustomError:
    return PydanticCustomError("invalid", "{reason}", {"reason": message})


def _whole_number(value: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(value):
        raise _invalid("write a whole number in the digits 0 to 9")
    return int(value)


def _true_or_false(value: str) -> bool:
    if value not in ("true", "false"):
        raise _invalid("write true or false")
    return value == "true"


def _instant(value: str) -> str:
    """The instant in one spelling: a plain date as it is, else RFC 3339 with whole seconds (rounded up).

    A blank before the offset is a ``+`` that was not escaped.
    """
    parts = _INSTANT.fullmatch(value)
    if parts is None:
        raise _invalid("write a date such as 2024-05-28, or an instant such as 2024-05-28T23:00:00+02:00")
    try:
        if not parts["time"]:
            return date.fromisoformat(parts["date"]).isoformat()
        offset = parts["zone"].upper().replace(" ", "+").replace("Z", "+00:00")
        moment = datetime.fromisoformat(f"{parts['date']}T{parts['time']}{offset}")
        return (moment + timedelta(seconds=bool(int(parts["fraction"] or 0)))).isoformat()
    except (ValueError, OverflowError) as error:
        raise _invalid("there is no such date or time") from error


def _epoch(instant: str | None, zone: ZoneInfo) -> int | None:
    """UTC epoch seconds; a plain date is its midnight in ``zone``."""
    if instant is None:
        return None
    moment = datetime.fromisoformat(instant)
    return ceil((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp())


def _page_number(maximum: int) -> BeforeValidator:
    def check(value: str) -> int:
        number = _whole_number(value)
        if not 1 <= number <= maximum:
            raise _invalid(f"write a number from 1 to {maximum}")
        return number

    return BeforeValidator(check)


def _sent_where_it_is_meant(schema: dict[str, Any]) -> None:
    """No default in the document: generated clients send defaults along, and a page does not go with a cursor."""
    del schema["default"]


Year = Annotated[int, Field(ge=1, le=9999), BeforeValidator(_whole_number)]
Month = Annotated[int, Field(ge=1, le=12), BeforeValidator(_whole_number)]
Flag = Annotated[bool, BeforeValidator(_true_or_false)]
Instant = Annotated[
    str,
    BeforeValidator(_instant),
    Field(examples=["2024-05-28", "2024-05-28T23:00:00+02:00"], json_schema_extra={"pattern": _DOCUMENTED_INSTANT}),
]


def _point(value: str) -> str:
    """A version as answers give it, or an instant as ``_instant`` writes it."""
    return value if _VERSION.fullmatch(value) else _instant(value)


Point = Annotated[
    str,
    BeforeValidator(_point),
    Field(
        examples=["9f2c4f0d6f0e4b0e8d6a3b1c2d4e5f60", "2024-05-28T23:00:00+02:00"],
        json_schema_extra={"pattern": f"^[0-9a-f]{{32}}$|{_DOCUMENTED_INSTANT}"},
    ),
]


Collections = Annotated[
    tuple[str, ...],
    AfterValidator(lambda names: _distinct(names)),
    Field(description="Posts of any of these collections"),
]


def _condition(text: str) -> FieldCondition:
    """``key:op:value``; the operator is the first part that is one, so that keys may have colons. Raises for what is none."""
    parts = text.split(":")
    place = next((place for place, part in enumerate(parts[1:], 1) if part in set(Operator)), None)
    if place is None or not (key := ":".join(parts[:place]).strip()):
        raise _invalid(f"write key:op:value, where op is one of {', '.join(Operator)}")
    operator, value = Operator(parts[place]), ":".join(parts[place + 1 :])
    if operator is Operator.EXISTS:
        value = value or "true"
        if value not in ("true", "false"):
            raise _invalid("write exists, exists:true or exists:false")
    elif place + 1 == len(parts):
        raise _invalid(f"there is nothing to compare with after {operator}: write {key}:{operator}:value")
    values = tuple(value.split(",")) if operator is Operator.IN else (value,)
    if len(values) > MAX_VALUES:
        raise _invalid(f"{operator} takes at most {MAX_VALUES} values")
    return FieldCondition(key, operator, values)


_DOCUMENTED_CONDITION = (
    rf"^[^:]*[^{_BLANK}:][\s\S]*:(?:(?:{'|'.join(name for name in Operator if name is not Operator.EXISTS)}):"
    rf"|{Operator.EXISTS}(?::(?:true|false)?)?[{_BLANK}]*$)"
)


def _conditions(texts: tuple[str, ...]) -> tuple[str, ...]:
    """In one spelling."""
    return _distinct(str(_condition(text)) for text in texts)


Conditions = Annotated[
    tuple[str, ...],
    AfterValidator(_conditions),
    Field(
        description="Posts whose front matter fulfils the condition `key:op:value`; dots reach into maps, of several all hold."
        " `eq`, `ne`, `lt`, `lte`, `gt`, `gte` compare as numbers where both sides are numbers, else as text; `in` takes"
        " values with commas between them; `contains`: a part of a text, an element of a list; `exists` (`key:exists:false`"
        " for the opposite)",
        examples=["rating:gte:4", "layout:in:post,essay", "hero.image:exists"],
        json_schema_extra={"items": {"type": "string", "pattern": _DOCUMENTED_CONDITION}},
    ),
]

Inclusions = Annotated[
    tuple[Include, ...],
    AfterValidator(lambda names: tuple(name for name in Include if name in names)),
    Field(description="What each post carries beside what it has anyway, under the same names"),
]


class ListSort(StrEnum):
    """What a list can be ordered by: ``Sort`` without relevance, which needs a query."""

    PUBLISHED_AT = Sort.PUBLISHED_AT
    UPDATED_AT = Sort.UPDATED_AT
    TITLE = Sort.TITLE
    READING_TIME = Sort.READING_TIME


class CategoryView(StrEnum):
    FLAT = "flat"
    TREE = "tree"


class Parameters(BaseModel):
    """The parameters of a resource; this one takes none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    several: ClassVar[frozenset[str]] = frozenset()
    """The parameters that may be repeated; their values are split at commas too."""

    whole: ClassVar[frozenset[str]] = frozenset()
    """Those of ``several`` whose values may have commas in them."""

    absent: ClassVar[frozenset[str]] = frozenset()
    """What a model has from the one it is made of, and does not take itself."""

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(name for name in cls.model_fields if name not in cls.absent)

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Read a raw query string. Raises ``ParameterProblem`` that names everything wrong in it."""
        return _read(cls, raw) if raw else _read_nothing(cls)

    def canonical(self) -> list[Parameter]:
        """What was asked, in one order and spelling: the key of caches and the query of links."""
        return [
            (name, text)
            for name in type(self).model_fields
            if name in self.model_fields_set
            for text in _spelled(getattr(self, name))
        ]


class ResolveParameters(Parameters):
    path: str = Field(
        max_length=2048,
        json_schema_extra={"pattern": f"[^{_BLANK}]"},
        description="An address of the public site: a path, or a whole URL of which the path is taken",
        examples=["/2024/05/28/hello/"],
    )

    @field_validator("path")
    @classmethod
    def _not_blank(cls, text: str) -> str:
        if not text.strip():
            raise PydanticCustomError("blank", "{reason}", {"reason": "write a path of the site, such as /about/"})
        return text


class CategoryParameters(Parameters):
    view: CategoryView = Field(
        CategoryView.FLAT,
        description="`flat`: one list; `tree`: the outermost categories with those below in `children`",
    )


class FilterParameters(Parameters):
    """Filters, page and facets: the same for lists and search."""

    several: ClassVar[frozenset[str]] = frozenset(
        {
            *("tag", "not_tag", "category", "not_category", "author", "series", "collection", "lang", "facet"),
            *("where", "include"),
        }
    )
    whole: ClassVar[frozenset[str]] = frozenset({"where"})

    page: Annotated[int, _page_number(MAX_PAGE)] = Field(
        1,
        ge=1,
        le=MAX_PAGE,
        description="The page, from 1, which is where a list begins that is asked for without page and cursor",
        json_schema_extra=_sent_where_it_is_meant,
    )
    per_page: Annotated[int, _page_number(100)] = Field(20, ge=1, le=100, description="Items on a page")
    cursor: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_CURSOR,
        description="Where the page begins, as `next_cursor` gave it; pages stay whole while content changes. Not with `page`",
    )
    tag: tuple[str, ...] = Field((), description="Posts with any of these tags (all of them with `tag_match=all`)")
    tag_match: TagMatch = Field(TagMatch.ANY, description="Whether any or all of the values of `tag` are needed")
    not_tag: tuple[str, ...] = Field((), description="Posts without any of these tags")
    category: tuple[str, ...] = Field(
        (), description="Posts in any of these categories or those below them; a path such as `dev/python`"
    )
    not_category: tuple[str, ...] = Field((), description="Posts in none of these categories")
    author: tuple[str, ...] = Field((), description="Posts by any of these authors")
    series: tuple[str, ...] = Field((), description="Posts of any of these series")
    lang: tuple[str, ...] = Field((), description="Posts in any of these languages; all languages without it")
    year: Year | None = Field(None, description="The year of publication, as the author wrote it")
    month: Month | None = Field(None, description="The month of publication; of any year where `year` is not given")
    published_after: Instant | None = Field(
        None,
        description="Published at this instant or later. RFC 3339; a plain date is its midnight in the site's time zone",
    )
    published_before: Instant | None = Field(None, description="Published before this instant")
    updated_after: Instant | None = Field(None, description="Updated at this instant or later")
    updated_before: Instant | None = Field(None, description="Updated before this instant")
    featured: Flag | None = Field(None, description="Only featured posts, or only the others")
    where: Conditions = ()
    include: Inclusions = ()
    facet: tuple[FacetField, ...] = Field((), description="Count the values of these fields over all matching posts")
    facet_q: str = Field(
        "",
        max_length=100,
        description="Of the facets' values only those with a word in their name that begins so; blank is as without it",
        examples=["pyth"],
    )
    order: Order | None = Field(None, description="By default `asc` for titles, `desc` for everything else")

    @field_validator("tag", "not_tag", "author", "series")
    @classmethod
    def _slugs(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _distinct(term_slug(name) for name in names)

    @field_validator("category", "not_category")
    @classmethod
    def _paths(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _distinct(category_path(name) for name in names)

    @field_validator("lang")
    @classmethod
    def _sorted(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _distinct(names)

    @field_validator("facet_q")
    @classmethod
    def _in_some_facet(cls, text: str, info: ValidationInfo) -> str:
        if not text.strip():
            return ""
        if not info.data.get("facet", True):
            raise _invalid("it searches in the values of facets: name them with 'facet'")
        return text

    @field_validator("facet")
    @classmethod
    def _fields(cls, fields: tuple[FacetField, ...]) -> tuple[FacetField, ...]:
        return tuple(field for field in FacetField if field in fields)

    def canonical(self) -> list[Parameter]:
        """A blank ``facet_q`` is as if it were absent."""
        return [pair for pair in super().canonical() if pair != ("facet_q", "")]

    def filters(self, zone: ZoneInfo) -> PostFilters:
        return PostFilters(
            tags=self.tag,
            tag_match=self.tag_match,
            not_tags=self.not_tag,
            categories=self.category,
            not_categories=self.not_category,
            authors=self.author,
            series=self.series,
            langs=self.lang,
            year=self.year,
            month=self.month,
            published_after=_epoch(self.published_after, zone),
            published_before=_epoch(self.published_before, zone),
            updated_after=_epoch(self.updated_after, zone),
            updated_before=_epoch(self.updated_before, zone),
            featured=self.featured,
            where=tuple(map(_condition, self.where)),
        )

    def order_for(self, sort: Sort) -> Order:
        return self.order or (Order.ASC if sort is Sort.TITLE else Order.DESC)

    @classmethod
    def read(cls, raw: bytes) -> Self:
        parameters = super().read(raw)
        if parameters.cursor is not None:
            if "page" in parameters.model_fields_set:
                raise ParameterProblem([wrong("page", "does not go with 'cursor'; leave one of them out")])
            try:
                parameters.place(parameters.cursor)
            except InvalidCursor as error:
                raise ParameterProblem([wrong("cursor", f"is {error}")]) from error
        return parameters

    def place(self, cursor: str) -> object:
        """What the cursor stands for. Raises ``InvalidCursor``."""
        raise NotImplementedError


class CollectionParameters(FilterParameters):
    """A list within one collection."""

    sort: ListSort = Field(ListSort.PUBLISHED_AT, description="What the list is ordered by; ties by id")

    @field_validator("sort", mode="before")
    @classmethod
    def _no_relevance(cls, value: object) -> object:
        if value == Sort.RELEVANCE:
            raise _invalid("relevance needs a query: ask /v1/search")
        return value

    def query(self, zone: ZoneInfo) -> ListQuery:
        """The list that is asked for; ``zone`` is the site's."""
        return ListQuery(
            filters=self.filters(zone),
            sort=Sort(self.sort),
            order=self.order_for(Sort(self.sort)),
            page=Page(self.page, self.per_page),
            facets=self.facet,
            facet_text=self.facet_q,
            after=self.place(self.cursor) if self.cursor is not None else None,
            include=self.include,
        )

    def place(self, cursor: str) -> ListPosition:
        sort = Sort(self.sort)
        return list_position(cursor, sort, self.order_for(sort))

    def cursor_of(self, place: ListPosition) -> str:
        """The cursor of a place in this list."""
        return list_cursor(place, Sort(self.sort), self.order_for(Sort(self.sort)))


class ListParameters(CollectionParameters):
    """A list of posts, which lie in several collections."""

    collection: Collections = ()

    @property
    def is_one_of_the_first(self) -> bool:
        """Whether it is a page of the newest posts, without any filter, that is read in a fraction of a millisecond."""
        return self.model_fields_set <= _PAGE and self.per_page <= 20 and self.page * self.per_page <= 200

    def filters(self, zone: ZoneInfo) -> PostFilters:
        filters = super().filters(zone)
        return replace(filters, collections=self.collection) if self.collection else filters


class FeedParameters(ListParameters):
    """A list of posts as a feed: it counts nothing, its posts are whole, and its pages have numbers."""

    absent: ClassVar[frozenset[str]] = frozenset({"facet", "facet_q", "include", "cursor"})


class SitemapParameters(Parameters):
    page: Annotated[int, Field(ge=1, le=MAX_PAGE), _page_number(MAX_PAGE)] | None = Field(
        None, description="The part of a sitemap that has several; without it, their list"
    )


class ExportParameters(ListParameters):
    """The filters of a list, which is not cut into pages."""

    absent: ClassVar[frozenset[str]] = frozenset(
        {"page", "per_page", "cursor", "facet", "facet_q", "include", "sort", "order"}
    )


class ChangesParameters(Parameters):
    since: Point = Field(
        description="The `generation` (X-Content-Generation) that the client has. Or an instant, RFC 3339; a plain date is its"
        " midnight in the site's time zone"
    )
    page: Annotated[int, _page_number(MAX_PAGE)] = Field(1, ge=1, le=MAX_PAGE, description="The page, from 1")
    per_page: Annotated[int, _page_number(100)] = Field(20, ge=1, le=100, description="Items on a page")


class EventParameters(Parameters):
    since: Point | None = Field(
        None,
        description="What the client has, where no `Last-Event-ID` says it: as for `/v1/changes`."
        " What changed since is the first event",
    )


def point_in(since: str, zone: ZoneInfo) -> str | int:
    """A version, or UTC epoch seconds; a plain date is its midnight in ``zone``."""
    return since if _VERSION.fullmatch(since) else _epoch(since, zone) or 0


class SearchParameters(FilterParameters):
    collection: Collections = ()
    q: str = Field(
        description='The query: words, "exact phrases", -exclusions. Nothing that can be typed is an error; blank: every post',
        examples=['static site "front matter"'],
    )
    sort: Sort = Field(Sort.RELEVANCE, description="What the hits are ordered by; ties: newest first, then by id")
    prefix: Flag = Field(True, description="Whether the last word may be unfinished")
    typo: Flag = Field(True, description="Whether words may be misspelled; hits that are exact come first all the same")
    explain: Flag = Field(False, description="Whether each hit says why it is where it is")

    @classmethod
    def read(cls, raw: bytes) -> Self:
        parameters = super().read(raw)
        if parameters.cursor is None and parameters.page * parameters.per_page > WINDOW:
            message = f"page x per_page reaches beyond {WINDOW} hits; narrow the search with filters"
            raise ParameterProblem([_error("page", ErrorCode.WINDOW_EXCEEDED, message)])
        return parameters

    def filters(self, zone: ZoneInfo) -> PostFilters:
        filters = super().filters(zone)
        return replace(filters, collections=self.collection) if self.collection else filters

    def query(self, zone: ZoneInfo) -> SearchQuery:
        """The search that is asked for; ``zone`` is the site's."""
        page = Page(self.page, self.per_page)
        return SearchQuery(
            text=self.q,
            filters=self.filters(zone),
            sort=self.sort,
            order=self.order_for(self.sort),
            page=page,
            facets=self.facet,
            facet_text=self.facet_q,
            after=self.place(self.cursor) if self.cursor is not None else None,
            include=self.include,
            prefix=self.prefix,
            typo=self.typo,
            explain=self.explain,
        )

    def place(self, cursor: str) -> SearchPosition:
        return search_position(cursor)


class PostParameters(Parameters):
    """Those of a single post or page."""

    several: ClassVar[frozenset[str]] = frozenset({"include"})

    include: Inclusions = ()
    preview_token: str | None = Field(
        None,
        description="Shows the post or page though it is a draft, scheduled or expired; from `octavo preview-token`",
    )


class SuggestParameters(Parameters):
    several: ClassVar[frozenset[str]] = frozenset({"lang"})

    q: str = Field(description="What was typed so far; nothing is suggested for what is blank", examples=["stat"])
    per_page: Annotated[int, _page_number(50)] = Field(10, ge=1, le=50, description="The most suggestions")
    lang: tuple[str, ...] = Field((), description="Posts in any of these languages; all languages without it")

    @field_validator("lang")
    @classmethod
    def _sorted(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _distinct(names)


class AnalyticsParameters(Parameters):
    per_page: Annotated[int, _page_number(1000)] = Field(50, ge=1, le=1000, description="The most queries of each kind")


class RelatedParameters(Parameters):
    per_page: Annotated[int, _page_number(20)] = Field(5, ge=1, le=20, description="The most posts")


def category_path(name: str) -> str:
    """``Dev/Python`` to ``dev/python``: the slug of each level."""
    return "/".join(term_slug(level) for level in name.split("/") if level)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _spelled(value: object) -> Sequence[str]:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def decode(raw: bytes) -> list[Parameter]:
    """Split and decode a raw query string (``application/x-www-form-urlencoded``).

    Raises ``UnicodeDecodeError`` where it is not UTF-8.
    """
    pairs = []
    for part in raw.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            pairs.append((_text(name), _text(value)))
    return pairs


def _text(raw: bytes) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")


P = TypeVar("P", bound=Parameters)


def _read(model: type[P], raw: bytes) -> P:
    values, errors = _gather(model, decode(raw))
    try:
        parameters = model.model_validate(values)
    except ValidationError as error:
        seen = {row.name for row in errors}
        errors += [_explained(row) for row in error.errors() if row["loc"][0] not in seen]
    else:
        if not errors:
            return parameters
    raise ParameterProblem(errors[:_MOST_ERRORS])


@cache
def _read_nothing(model: type[P]) -> P:
    return _read(model, b"")


def _gather(model: type[Parameters], pairs: Sequence[Parameter]) -> tuple[dict[str, object], list[ParameterError]]:
    """Group the values by name; what is unknown, repeated, blank or too much becomes an error (one a name)."""
    known = model.known()
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in known or not _passed_over(name):
            grouped.setdefault(name, []).append(value)
    values: dict[str, object] = {}
    errors: list[ParameterError] = []
    for name, given in grouped.items():
        if len(errors) >= _MOST_ERRORS:
            break
        if name not in known:
            errors.append(_unknown(name, known))
        elif name in model.several:
            split = given if name in model.whole else [part for text in given for part in text.split(",")]
            parts = [part.strip() for part in split]
            if len(parts) > MAX_VALUES:
                errors.append(wrong(name, f"takes at most {MAX_VALUES} values"))
            elif not all(part.replace("/", " ").strip() for part in parts):
                errors.append(wrong(name, "has a blank value; leave the parameter out instead"))
            values[name] = tuple(parts)
        elif len(given) > 1:
            message = f"the parameter '{name}' was given {len(given)} times; it takes one value"
            errors.append(_error(name, ErrorCode.REPEATED_PARAMETER, message))
        else:
            values[name] = given[0]
    return values, errors


def _passed_over(name: str) -> bool:
    return name == "_" or name.startswith("utm_")


def _unknown(name: str, known: Sequence[str]) -> ParameterError:
    wanted = name.lower().replace("[]", "")[:_SHOWN]
    elsewhere = _ELSEWHERE.get(wanted)
    near = [elsewhere] if elsewhere in known else get_close_matches(wanted, known, n=1, cutoff=0.5)
    hint = f"; did you mean '{near[0]}'?" if near else ""
    shown = name[:_SHOWN]
    return _error(
        shown, ErrorCode.UNKNOWN_PARAMETER, f"there is no parameter '{shown}' here{hint}", near[0] if near else None
    )


def wrong(name: str, what: str) -> ParameterError:
    return _error(name, ErrorCode.INVALID_PARAMETER, f"the parameter '{name}' {what}")


def _error(name: str, code: ErrorCode, message: str, suggestion: str | None = None) -> ParameterError:
    return ParameterError.model_validate(
        {"in": "query", "name": name, "code": code, "message": message, "suggestion": suggestion}
    )


def _explained(row: Mapping[str, Any]) -> ParameterError:
    """One error of pydantic's, in our words."""
    name = str(row["loc"][0])
    if row["type"] == "missing":
        return _error(
            name, ErrorCode.MISSING_PARAMETER, f"the parameter '{name}' is missing; {_IF_MISSING.get(name, _NO_QUERY)}"
        )
    given = row["input"] if isinstance(row["input"], str) else ""
    expected = row["ctx"].get("expected") if "ctx" in row else None
    if expected is not None:
        near = get_close_matches(given[:_SHOWN].lower(), _choices(expected), n=1)
        suggestion = near[0] if near else None
        return _error(
            name,
            ErrorCode.INVALID_PARAMETER,
            f"the parameter '{name}' is {_shown(given)}; it takes {expected}",
            suggestion,
        )
    code = ErrorCode.MISSING_PARAMETER if row["type"] == "blank" else ErrorCode.INVALID_PARAMETER
    reason = row["ctx"]["reason"] if "reason" in row.get("ctx", {}) else _lowered(row["msg"])
    return _error(name, code, f"the parameter '{name}' is {_shown(given)}: {reason}" if given else f"{name}: {reason}")


def _choices(expected: str) -> list[str]:
    return expected.replace("' or '", "', '").strip("'").split("', '")


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]


def _shown(value: str) -> str:
    return f"'{value[:_SHOWN]}…'" if len(value) > _SHOWN else f"'{value}'"
