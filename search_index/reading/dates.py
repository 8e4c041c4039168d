"""Dates as people write them, to instants with the offset that the author meant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_TIME = (
    r"(?:(?:[Tt]|,?\s+(?:at\s+)?)(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>[A-Za-z]{1,5}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?(?:\s*\([A-Za-z ]*\))?)?"
)
_FORMS = tuple(
    re.compile(rf"(?:[A-Za-z]{{3,9}}\.?,?\s+)?{form}{_TIME}", re.ASCII)
    for form in (
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})",
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})",
        rf"{_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
    )
)
_LONGEST = 64

_ZONES = {"Z": 0, "UTC": 0, "UT": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6} | {
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "JST": 9,
    "KST": 9,
    "BST": 1,
}
"""The zone names of RFC 2822, section 4.3, and five more that front matter holds."""


class DateError(ValueError):
    """The text is no date; the message says why."""


def parse_moment(written: object, zone: tzinfo) -> datetime:
    """The instant that ``written`` (a string, or a number such as 20200105) names, with a fixed offset.

    A time beyond the clock counts on: 09:30:75 is 09:31:15, as JavaScript and with it Hexo, Eleventy and Astro have it.
    Without a zone of its own it is in ``zone``: of a time that a clock change repeats the first one, of a time that a
    clock change skips the one that the offset before the change gives. A date alone is its midnight. Raises ``DateError``.
    """
    text = str(written).strip() if isinstance(written, (str, int)) and not isinstance(written, bool) else ""
    if not text:
        raise DateError("is not a date")
    match = _matched(text) if len(text) <= _LONGEST else None
    if match is None:
        raise DateError(f"{text[:_LONGEST]!r} is not a date that can be read")
    naive = _naive(match, text)
    return with_fixed_offset(naive.replace(tzinfo=_offset(match["zone"], zone)))


def with_fixed_offset(moment: datetime) -> datetime:
    """The moment with the offset that its zone has then, in whole minutes: RFC 3339 has no seconds in it, local mean times do.

    Raises ``DateError`` where it lies outside the years 1 to 9999 in UTC.
    """
    offset = moment.utcoffset() or timedelta()
    fixed = moment.replace(tzinfo=timezone(timedelta(minutes=offset.total_seconds() // 60)), fold=0)
    try:
        fixed.astimezone(UTC)
    except OverflowError as error:
        raise DateError(f"{moment:%d.%m.%Y} lies outside the years 1 to 9999 in UTC") from error
    return fixed


def moment_of_name(year: str, month: str, day: str, zone: tzinfo) -> datetime:
    """Midnight of the day that a file name gives. Raises ``DateError`` where there is no such day."""
    return parse_moment(f"{year}-{month}-{day}", zone)


def _matched(text: str) -> re.Match[str] | None:
    return next((match for form in _FORMS if (match := form.fullmatch(text))), None)


def _naive(match: re.Match[str], text: str) -> datetime:
    groups = match.groupdict()
    hour = int(groups["hour"] or 0)
    half = (groups["half"] or "").replace(".", "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise DateError(f"{text!r} names no hour of the day")
        hour = hour % 12 + (12 if half == "pm" else 0)
    fraction = (groups["fraction"] or "0")[:6].ljust(6, "0")
    try:
        day = datetime(  # noqa: DTZ001  # the offset is decided by the caller
            int(groups["year"]),
            int(groups["month"]) if groups.get("month") else _month(groups["name"]),
            int(groups["day"]),
        )
        return day + timedelta(
            hours=hour,
            minutes=int(groups["minute"] or 0),
            seconds=int(groups["second"] or 0),
            microseconds=int(fraction),
        )
    except (ValueError, OverflowError) as error:
        raise DateError(f"{text!r} is no day or time of the calendar: {error}") from error


def _month(name: str) -> int:
    short = name[:3].lower()
    if short not in _MONTHS:
        raise ValueError(f"{name!r} is no month")
    return _MONTHS.index(short) + 1


def _offset(written: str | None, zone: tzinfo) -> tzinfo:
    if written is None:
        return zone
    name = written.upper()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    digits = name.removeprefix("UTC").removeprefix("GMT")
    if digits[:1] not in ("+", "-"):
        raise DateError(f"{written!r} is no time zone that can be read; write an offset such as +02:00")
    hours, minutes = _split_offset(digits[1:])
    if hours > 23 or minutes > 59:
        raise DateError(f"{written!r} is no offset from UTC")
    return timezone((1 if digits[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _split_offset(digits: str) -> tuple[int, int]:
    hours, colon, minutes = digits.partition(":")
    if not colon and len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    return int(hours), int(minutes or 0)
