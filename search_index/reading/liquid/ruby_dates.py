"""Moments as Ruby reads and prints them: ``Time.parse``'s usual forms, and ``strftime``."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from search_index.reading.liquid.budget import LiquidFailure

_LONGEST_DATE = 128
_WIDEST = 200

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZONE_HOURS = {
    **{"z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5},
    **{"mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
}
_CLOCK = re.compile(
    r"(?<![\d.])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?\s*([ap])?(?(5)\.?m\.?)\s*"
    r"(z\b|[a-z]{3,4}\b(?![+-]\d)|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
_HOUR = re.compile(r"(?<![\d.])(\d{1,2})\s*([ap])\.?m\b", re.ASCII)
_COMPACT = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?(z|[+-]\d{4})?)?(?!\d)", re.ASCII)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(?<!\d)(\d{4})/(\d{1,2})(?!\d)", re.ASCII)
_OF_YEAR = re.compile(r"(?<!\d)(\d{4})-(\d{3})(?!\d)", re.ASCII)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_MONTH_NAME = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_NAMED_BETWEEN = re.compile(rf"(?<!\d)(\d{{4}})-{_MONTH_NAME}-(\d{{1,2}})(?!\d)", re.ASCII)
_NAMED_AFTER_DAY = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[-\s]*{_MONTH_NAME}[-,\s]*(\d{{4}})?", re.ASCII)
_NAMED_BEFORE_DAY = re.compile(rf"{_MONTH_NAME}[-\s]*(\d{{1,2}})(?!\d)(?:st|nd|rd|th)?[-,\s]*(\d{{4}})?", re.ASCII)
_NAMED_WITH_YEAR = re.compile(rf"(?:(?<!\d)(\d{{4}})\s+)?{_MONTH_NAME}(?:[,\s]*(\d{{4}}))?", re.ASCII)
_DIGITS = re.compile(r"[0-9]+")


def moment(value: object, now: datetime) -> datetime | None:
    """What Liquid takes for a moment: a time, a date, ``now``, seconds since 1970, or a text; None for anything else."""
    match value:
        case datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day, tzinfo=now.tzinfo)
        case bool():
            return None
        case int():
            return _at(value, now)
        case str():
            text = value.lower()
            if text in ("now", "today"):
                return now
            if _DIGITS.fullmatch(text):
                return _at(int(text), now) if len(text) < 16 else None
            return parsed(text, now)
        case _:
            return None


def _at(seconds: int, now: datetime) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, now.tzinfo)
    except (OverflowError, OSError, ValueError):
        return None


def parsed(text: str, now: datetime) -> datetime | None:
    """A text in lower case as a moment; what it leaves out is taken from ``now``, what is smaller is the least."""
    if len(text) > _LONGEST_DATE:
        return None
    clock, bare_hour = _CLOCK.search(text), _HOUR.search(text)
    rest = text[: clock.start()] + " " + text[clock.end() :] if clock else text
    day = _day(rest, now)
    time, zone = (0, 0, 0, 0), now.tzinfo
    if clock:
        time, zone = _time(clock), _zone(clock.group(6)) or zone
    elif compact := _COMPACT.search(text):
        hour, minute, second = (int(part or 0) for part in compact.group(4, 5, 6))
        time, zone = (hour, minute, second, 0), _zone(compact.group(7)) or zone
    elif bare_hour:
        time = (_hour(bare_hour.group(1), bare_hour.group(2)), 0, 0, 0)
    elif day is None:
        return None
    return _made(day or (now.year, now.month, now.day), time, zone)


def _time(clock: re.Match[str]) -> tuple[int, int, int, int]:
    hour, minute, second, fraction, half = clock.group(1, 2, 3, 4, 5)
    return _hour(hour, half), int(minute), int(second or 0), int((fraction or "").ljust(6, "0")[:6])


def _hour(hour: str, half: str | None) -> int:
    return int(hour) % 12 + (12 if half == "p" else 0) if half else int(hour)


def _made(day: tuple[int, int, int], time: tuple[int, int, int, int], zone: tzinfo | None) -> datetime | None:
    """The moment; the 30th of February is two days after the 28th, 24:00 the next day."""
    (year, month, of_month), (hour, minute, second, micros) = day, time
    if not (1 <= of_month <= 31 and hour <= 24 and minute <= 59 and second <= 60 and (hour < 24 or not minute)):
        return None
    try:
        start = datetime(year, month, 1, tzinfo=zone)
        return start + timedelta(of_month - 1, second, micros, minutes=minute, hours=hour)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        hours = _ZONE_HOURS.get(text)
        return None if hours is None else UTC if hours == 0 else timezone(timedelta(hours=hours))
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset, "") if offset < timedelta(days=1) else None


def _day_of_year(year: int, number: int) -> tuple[int, int, int] | None:
    if not (year >= 1 and 1 <= number <= 365 + isleap(year)):
        return None
    found = date(year, 1, 1) + timedelta(number - 1)
    return found.year, found.month, found.day


def _day(text: str, now: datetime) -> tuple[int, int, int] | None:
    if found := _NAMED_BETWEEN.search(text):
        return int(found.group(1)), _MONTHS.index(found.group(2)) + 1, int(found.group(3))
    if found := _NAMED_AFTER_DAY.search(text):
        of_month, name, year = found.groups()
        return int(year or now.year), _MONTHS.index(name) + 1, int(of_month)
    if found := _NAMED_BEFORE_DAY.search(text):
        name, of_month, year = found.groups()
        return int(year or now.year), _MONTHS.index(name) + 1, int(of_month)
    if found := _YEAR_FIRST.search(text):
        return int(found.group(1) or found.group(5)), int(found.group(3) or found.group(6)), int(found.group(4) or 1)
    if found := _DAY_FIRST.search(text):
        return int(found.group(4)), int(found.group(3)), int(found.group(1))
    if found := _COMPACT.search(text):
        return int(found.group(1)), int(found.group(2)), int(found.group(3))
    if found := _OF_YEAR.search(text):
        return _day_of_year(int(found.group(1)), int(found.group(2)))
    if found := _NAMED_WITH_YEAR.search(text):
        return int(found.group(1) or found.group(3) or now.year), _MONTHS.index(found.group(2)) + 1, 1
    return None


_DIRECTIVE = re.compile(r"%([-0^#_:]*)([1-9][0-9]*)?[EO]?([a-zA-Z%])")


def strftime(moment: datetime, form: str) -> str:
    """``form`` filled in as Ruby's ``Time#strftime`` does it; an unknown directive stays as it is."""
    return _DIRECTIVE.sub(lambda found: _directive(moment, found), form)


def _directive(moment: datetime, found: re.Match[str]) -> str:
    flags, width, letter = found.groups()
    if width and (len(width) > 4 or int(width) > _WIDEST):
        raise LiquidFailure(f"{found.group()!r} in a date is too wide", f"use at most {_WIDEST}")
    least = int(width or 0)
    if letter in _COMPOSED:
        return _filled(strftime(moment, _COMPOSED[letter]), flags, least, " ")
    if letter in _NUMBERS:
        number, digits, filler = _NUMBERS[letter]
        return _filled(str(number(moment)), flags, least or digits, filler)
    if letter in _TEXTS:
        text = _TEXTS[letter](moment)
        if "#" in flags:
            text = text.lower() if letter in "pZ" else text.upper()
        return _filled(text, flags, least, " ")
    if letter in "NL":
        places = least or (9 if letter == "N" else 3)
        return f"{moment.microsecond:06d}".ljust(places, "0")[:places]
    if letter == "z":
        return _filled_offset(moment, flags, least)
    return found.group()


def _filled(text: str, flags: str, width: int, filler: str) -> str:
    if "^" in flags:
        text = text.upper()
    if "-" in flags:
        return text
    if "_" in flags:
        filler = " "
    elif "0" in flags:
        filler = "0"
    if filler == "0" and text.startswith("-"):
        return "-" + text[1:].rjust(width - 1, filler)
    return text.rjust(width, filler)


def _filled_offset(moment: datetime, flags: str, width: int) -> str:
    offset = moment.utcoffset() or timedelta()
    sign, seconds = ("-", -offset) if offset < timedelta() else ("+", offset)
    hours, rest = divmod(int(seconds.total_seconds()), 3600)
    minutes, left = divmod(rest, 60)
    colons = flags.count(":")
    parts = [f"{hours:02d}", f"{minutes:02d}"] + ([f"{left:02d}"] if colons > 1 else [])
    text = (":" if colons else "").join(parts)
    return sign + text.rjust(width - 1, "0")


def _week(moment: datetime, first: int) -> int:
    """The week of the year, 0 before its first ``first`` day (0 Monday, 6 Sunday)."""
    return (moment.timetuple().tm_yday + 6 - (moment.weekday() - first) % 7) // 7


_NUMBERS: dict[str, tuple[Callable[[datetime], int], int, str]] = {
    "Y": (lambda moment: moment.year, 4, "0"),
    "C": (lambda moment: moment.year // 100, 2, "0"),
    "y": (lambda moment: moment.year % 100, 2, "0"),
    "m": (lambda moment: moment.month, 2, "0"),
    "d": (lambda moment: moment.day, 2, "0"),
    "e": (lambda moment: moment.day, 2, " "),
    "j": (lambda moment: moment.timetuple().tm_yday, 3, "0"),
    "H": (lambda moment: moment.hour, 2, "0"),
    "k": (lambda moment: moment.hour, 2, " "),
    "I": (lambda moment: moment.hour % 12 or 12, 2, "0"),
    "l": (lambda moment: moment.hour % 12 or 12, 2, " "),
    "M": (lambda moment: moment.minute, 2, "0"),
    "S": (lambda moment: moment.second, 2, "0"),
    "s": (lambda moment: int(moment.timestamp()), 1, "0"),
    "u": (lambda moment: moment.isoweekday(), 1, "0"),
    "w": (lambda moment: moment.isoweekday() % 7, 1, "0"),
    "G": (lambda moment: moment.isocalendar().year, 4, "0"),
    "g": (lambda moment: moment.isocalendar().year % 100, 2, "0"),
    "V": (lambda moment: moment.isocalendar().week, 2, "0"),
    "U": (lambda moment: _week(moment, 6), 2, "0"),
    "W": (lambda moment: _week(moment, 0), 2, "0"),
}
_TEXTS: dict[str, Callable[[datetime], str]] = {
    "B": lambda moment: _MONTH_NAMES[moment.month - 1],
    "b": lambda moment: _MONTH_NAMES[moment.month - 1][:3],
    "h": lambda moment: _MONTH_NAMES[moment.month - 1][:3],
    "A": lambda moment: _DAY_NAMES[moment.weekday()],
    "a": lambda moment: _DAY_NAMES[moment.weekday()][:3],
    "p": lambda moment: "AM" if moment.hour < 12 else "PM",
    "P": lambda moment: "am" if moment.hour < 12 else "pm",
    "Z": lambda moment: moment.tzname() or "",
    "n": lambda _: "\n",
    "t": lambda _: "\t",
    "%": lambda _: "%",
}
_COMPOSED = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "x": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "v": "%e-%^b-%Y",
    "X": "%H:%M:%S",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
}
