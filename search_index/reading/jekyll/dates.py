"""Dates as Jekyll reads them: ``Time.parse`` of the value's text, in the site's zone.

Source: Jekyll's utils.rb (``parse_date``) and document.rb (``merge_date!``, ``modify_date``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from search_index.reading.dates import DateError, parse_moment
from search_index.reading.liquid.ruby_dates import parsed

_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?P<rest>\D.*)?", re.ASCII | re.DOTALL)
_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>29|30|31)(?P<rest>\D.*)?", re.ASCII | re.DOTALL)
_TIMESTAMP = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?[ \t]*(?P<zone>Z|[-+]\d{1,2}(?::?\d{2})?)?",
    re.ASCII,
)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def moment_of(text: str, *, quoted: bool, zone: tzinfo) -> datetime:
    """The instant that the front matter's ``date`` names. Raises ``DateError``.

    An unquoted timestamp with seconds and without a zone is one of YAML's, which is in UTC; every other text without a
    zone is in the site's. ``01/05/2020`` is the first of May, ``2020-02-31`` the second of March.
    """
    text = text.strip()
    timestamp = None if quoted else _TIMESTAMP.fullmatch(text)
    if timestamp and not timestamp["zone"]:
        zone = UTC
    if day_first := _DAY_FIRST.fullmatch(text):
        text = f"{day_first['year']}-{day_first['month']}-{day_first['day']}{day_first['rest'] or ''}"
    try:
        return parse_moment(_carried_over(text), zone)
    except DateError:
        found = _picked_out(text, zone)
        if found is None:
            raise
        return found


def _picked_out(text: str, zone: tzinfo) -> datetime | None:
    """What Ruby picks out of a text that has more in it than a date: one with a year, or nothing."""
    return parsed(text.lower(), datetime(1, 1, 1, tzinfo=zone)) if _YEAR.search(text) else None


def moment_of_name(written: str, zone: tzinfo) -> datetime:
    """Midnight of the day in a file name, whose year may have two digits. Raises ``DateError``."""
    year, month, day = written.split("-")
    if len(year) == 2:
        year = f"{'20' if int(year) < 69 else '19'}{year}"
    return parse_moment(_carried_over(f"{year.zfill(4)}-{month}-{day}"), zone)


def _carried_over(text: str) -> str:
    """A day past the end of a month of fewer than 31 days is counted on into the next one, as Ruby's ``Time.local`` does."""
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if not 1 <= month <= 12 or not year:
        raise DateError(f"{text!r} is no day of the calendar")
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    excess = day - _MONTH_DAYS[month - 1] - leap
    if excess <= 0:
        return text
    carried = datetime(year, month, day - excess, tzinfo=UTC) + timedelta(days=excess)
    return f"{carried:%Y-%m-%d}{found['rest'] or ''}"
