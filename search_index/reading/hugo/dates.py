"""Dates as Hugo reads them, and which of a page's keys gives which of its four dates.

Source: ``resources/page/pagemeta/page_frontmatter.go`` of Hugo 0.111 and the list of layouts in ``spf13/cast`` 1.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from search_index.reading.hugo.values import to_map, to_texts

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = tuple(name[:3].lower() for name in MONTH_NAMES)
_DAY_NAME = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG_DAY_NAME = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_NAME = r"(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,30}))?"
_SHORT_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})"
_COLON_ZONE = r"(?P<zone>Z|[+-]\d{2}:\d{2})"
_ZONE = r"(?P<zone>[+-]\d{4})"
_ABBREVIATION = r"(?:[A-Z]{3}|[A-Z]{3}T|[A-Z]{4}T|WITA|ChST|MeST|GMT[+-](?:\d|[01]\d|2[0-3])|[+-](?:\d|[01]\d|2[0-3]))"
_LAYOUTS = tuple(
    re.compile(layout, re.ASCII | re.IGNORECASE if _NAME in layout or _DAY_NAME in layout else re.ASCII)
    for layout in (
        rf"{_DATE}T{_TIME}{_COLON_ZONE}",
        rf"{_DATE}T{_TIME}",
        rf"{_DAY_NAME}, +(?P<day>\d{{2}}) +{_NAME} +(?P<year>\d{{4}}) +{_TIME} +(?:{_ZONE}|{_ABBREVIATION})",
        rf"(?P<day>\d{{2}}) +{_NAME} +(?P<short>\d{{2}}) +{_SHORT_TIME} +(?:{_ZONE}|{_ABBREVIATION})",
        rf"{_LONG_DAY_NAME}, +(?P<day>\d{{2}})-{_NAME}-(?P<short>\d{{2}}) +{_TIME} +{_ABBREVIATION}",
        rf"{_DATE} +{_TIME} +{_ZONE} +{_ABBREVIATION}",
        rf"{_DATE}T{_TIME}{_ZONE}",
        rf"{_DATE} +{_TIME}(?P<zone>Z|[+-]\d{{4}})",
        rf"{_DATE} +{_TIME}",
        rf"{_DAY_NAME} +{_NAME} +(?P<day>\d{{1,2}}) +{_TIME} +(?P<year>\d{{4}})",
        rf"{_DAY_NAME} +{_NAME} +(?P<day>\d{{1,2}}) +{_TIME} +{_ABBREVIATION} +(?P<year>\d{{4}})",
        rf"{_DAY_NAME} +{_NAME} +(?P<day>\d{{2}}) +{_TIME} +{_ZONE} +(?P<year>\d{{4}})",
        rf"{_DATE} +{_TIME}{_COLON_ZONE}",
        _DATE,
        rf"(?P<day>\d{{2}}) +{_NAME} +(?P<year>\d{{4}})",
        rf"{_DATE} +{_TIME} +(?P<zone>[+-]\d{{2}}:\d{{2}})",
        rf"{_DATE} +{_TIME} +{_ZONE}",
    )
)
_LONGEST = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FILE_NAME, FILE_TIME, GIT = ":filename", ":filemodtime", ":git"
_ALIASES = {"lastmod": ("modified",), "publishdate": ("pubdate", "published"), "expirydate": ("unpublishdate",)}
_DEFAULTS = {
    "date": ("date", "publishdate", "lastmod"),
    "lastmod": (GIT, "lastmod", "date", "publishdate"),
    "publishdate": ("publishdate", "date"),
    "expirydate": ("expirydate",),
}


def parse_date(written: object, zone: tzinfo, *, numbers: bool = True) -> datetime | None:
    """The instant, with a fixed offset; None for what Hugo cannot read.

    A number is seconds since 1970 (``numbers``; JSON's numbers are not). Without a zone of its own a date is in ``zone``.
    A year 1 is what Hugo has for no date at all.
    """
    if isinstance(written, int) and not isinstance(written, bool):
        moment = _of_seconds(written) if numbers else None
    elif isinstance(written, str) and len(written) <= _LONGEST:
        moment = next((_moment(found, zone) for layout in _LAYOUTS if (found := layout.fullmatch(written))), None)
    else:
        moment = None
    return moment


def _of_seconds(seconds: int) -> datetime | None:
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _moment(found: re.Match[str], zone: tzinfo) -> datetime | None:
    groups = found.groupdict()
    short = groups.get("short")
    year = int(groups["year"]) if not short else int(short) + (1900 if int(short) >= 69 else 2000)
    month = int(groups["month"]) if groups.get("month") else _MONTHS.index(groups["name"].lower()) + 1
    fraction = int((groups.get("fraction") or "0")[:6].ljust(6, "0"))
    hour, minute, second = (int(groups.get(part) or 0) for part in ("hour", "minute", "second"))
    try:
        naive = datetime(year, month, int(groups["day"]), hour, minute, second, fraction)  # noqa: DTZ001  # see below
        written = groups.get("zone")
        moment = _local(naive, zone) if written is None else naive.replace(tzinfo=_written_offset(written))
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment


def _written_offset(written: str) -> timezone:
    if written == "Z":
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    if minutes > 59:
        raise ValueError(f"{written!r} is no offset")
    return timezone((-1 if written[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _local(naive: datetime, zone: tzinfo) -> datetime:
    """The time in ``zone``, chosen as Go's ``time.Date`` does where a clock change makes two of it, or none."""
    as_utc = naive.replace(tzinfo=UTC)
    moment = as_utc - _offset_at(as_utc - _offset_at(as_utc, zone), zone)
    return moment.astimezone(timezone(_offset_at(moment, zone)))


def _offset_at(moment: datetime, zone: tzinfo) -> timedelta:
    """In whole minutes: RFC 3339 has no seconds in an offset, local mean times do."""
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return timedelta(minutes=offset.total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and the key it stands under; ``FILE_NAME`` for the name of the file. ``slug`` is the rest of that name."""

    moment: datetime
    key: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class PageDates:
    """The dates of a page, None where nothing gives one; ``unread`` are the keys whose values are no dates to Hugo."""

    date: FoundDate | None
    lastmod: FoundDate | None
    publish: FoundDate | None
    expiry: FoundDate | None
    unread: tuple[str, ...]

    @property
    def slug_of_name(self) -> str | None:
        """The slug that a date in the file name leaves, None where the name gave no date."""
        found = (one for one in (self.expiry, self.publish, self.lastmod, self.date) if one and one.key == FILE_NAME)
        return next((one.slug for one in found), None)


@dataclass(frozen=True, slots=True)
class DateRules:
    """Where each date is looked for, first to last: lower-case keys, and ``FILE_NAME``.

    ``unused`` are the sources that were configured and are never used here: what a clone or a copy changes
    (``:fileModTime``), and what lies outside of the files (``:git``).
    """

    date: tuple[str, ...]
    lastmod: tuple[str, ...]
    publish: tuple[str, ...]
    expiry: tuple[str, ...]
    unused: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """All keys that hold dates."""
        sources = (*self.date, *self.lastmod, *self.publish, *self.expiry)
        return frozenset(source for source in sources if not source.startswith(":"))

    def dates(self, values: Mapping[str, object], base_name: str, zone: tzinfo, *, numbers: bool) -> PageDates:
        """The dates that ``values`` (keys in lower case) and the file's ``base_name`` give."""
        unread: dict[str, None] = {}
        read: dict[str, FoundDate | None] = {}

        def found_at(source: str) -> FoundDate | None:
            if source == FILE_NAME:
                return _date_of_name(base_name, zone)
            if source not in values:
                return None
            moment = parse_date(values[source], zone, numbers=numbers)
            if moment is None:
                unread[source] = None
            return FoundDate(moment, source) if moment else None

        def first(sources: Iterable[str]) -> FoundDate | None:
            for source in sources:
                if source not in read:
                    read[source] = found_at(source)
                if found := read[source]:
                    return found
            return None

        def given(found: FoundDate | None) -> FoundDate | None:
            return found if found and found.moment.year > 1 else None

        date, lastmod, publish, expiry = map(first, (self.date, self.lastmod, self.publish, self.expiry))
        return PageDates(given(date), given(lastmod), given(publish), given(expiry), tuple(unread))


def _date_of_name(base_name: str, zone: tzinfo) -> FoundDate | None:
    stem = base_name.rpartition(".")[0] if "." in base_name else base_name
    moment = parse_date(stem[:10], zone)
    return FoundDate(moment, FILE_NAME, stem[10:].strip(" -_")) if moment else None


def date_rules(configured: object) -> DateRules:
    """The rules that ``frontmatter`` of the configuration makes of the defaults; ``:default`` stands for those."""
    written = {key.lower(): value for key, value in to_map(configured).items()}
    unused: dict[str, None] = {}

    def sources(name: str) -> tuple[str, ...]:
        given = [source.lower() for source in to_texts(written[name])] if name in written else [":default"]
        unused.update(dict.fromkeys(source for source in given if source in (FILE_TIME, GIT)))
        return _expanded(given, _DEFAULTS[name])

    return DateRules(sources("date"), sources("lastmod"), sources("publishdate"), sources("expirydate"), tuple(unused))


def _expanded(given: Sequence[str], defaults: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for source in given:
        for one in defaults if source == ":default" else (source,):
            found[one] = None
            found.update(dict.fromkeys(_ALIASES.get(one, ())))
    return tuple(source for source in found if source == FILE_NAME or not source.startswith(":"))


_GO_LAYOUT: tuple[tuple[str, Callable[[datetime], str]], ...] = (
    ("January", lambda day: MONTH_NAMES[day.month - 1]),
    ("Jan", lambda day: MONTH_NAMES[day.month - 1][:3]),
    ("Monday", lambda day: DAY_NAMES[day.weekday()]),
    ("Mon", lambda day: DAY_NAMES[day.weekday()][:3]),
    ("2006", lambda day: f"{day.year:04}"),
    ("002", lambda day: f"{day.timetuple().tm_yday:03}"),
    ("01", lambda day: f"{day.month:02}"),
    ("02", lambda day: f"{day.day:02}"),
    ("03", lambda day: f"{day.hour % 12 or 12:02}"),
    ("04", lambda day: f"{day.minute:02}"),
    ("05", lambda day: f"{day.second:02}"),
    ("06", lambda day: f"{day.year % 100:02}"),
    ("15", lambda day: f"{day.hour:02}"),
    ("PM", lambda day: "AM" if day.hour < 12 else "PM"),
    ("pm", lambda day: "am" if day.hour < 12 else "pm"),
    ("1", lambda day: str(day.month)),
    ("2", lambda day: str(day.day)),
    ("3", lambda day: str(day.hour % 12 or 12)),
    ("4", lambda day: str(day.minute)),
    ("5", lambda day: str(day.second)),
)


def go_format(layout: str, day: datetime) -> str:
    """``day`` in a layout of Go's reference time, as a permalink may have it (``:2006``, ``:Jan``)."""
    parts: list[str] = []
    position = 0
    while position < len(layout):
        for mark, text in _GO_LAYOUT:
            if layout.startswith(mark, position):
                parts.append(text(day))
                position += len(mark)
                break
        else:
            parts.append(layout[position])
            position += 1
    return "".join(parts)
