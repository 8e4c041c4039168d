"""Dates as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.reading.dates import DateError, moment_of_name, parse_moment

SEOUL = ZoneInfo("Asia/Seoul")
PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2020-12-02", "2020-12-02T00:00:00+09:00"),
        ("2020-1-2", "2020-01-02T00:00:00+09:00"),
        ("2020/01/05", "2020-01-05T00:00:00+09:00"),
        ("2020.01.05", "2020-01-05T00:00:00+09:00"),
        (20200105, "2020-01-05T00:00:00+09:00"),
        ("2020-01-02 23:30", "2020-01-02T23:30:00+09:00"),
        ("2020-01-02 7:05:09", "2020-01-02T07:05:09+09:00"),
        ("2020-01-02T23:30:00", "2020-01-02T23:30:00+09:00"),
        ("2013-12-02 07:37:00 -0400", "2013-12-02T07:37:00-04:00"),
        ("2013-12-02T07:37:00-04:00", "2013-12-02T07:37:00-04:00"),
        ("2013-12-02 07:37:00 +2", "2013-12-02T07:37:00+02:00"),
        ("2024-05-28T23:23:39Z", "2024-05-28T23:23:39+00:00"),
        ("2024-05-28T23:23:39.123456789Z", "2024-05-28T23:23:39.123456+00:00"),
        ("2024-05-28 23:23 UTC", "2024-05-28T23:23:00+00:00"),
        ("2024-05-28 23:23 EST", "2024-05-28T23:23:00-05:00"),
        ("2024-05-28 11:23 PM", "2024-05-28T23:23:00+09:00"),
        ("2024-05-28 12:05 a.m.", "2024-05-28T00:05:00+09:00"),
        ("January 5, 2020", "2020-01-05T00:00:00+09:00"),
        ("Jan 5th 2020 at 10:00", "2020-01-05T10:00:00+09:00"),
        ("5 January 2020", "2020-01-05T00:00:00+09:00"),
        ("Sunday, January 5, 2020", "2020-01-05T00:00:00+09:00"),
        ("Tue, 05 Jan 2021 10:00:00 -0400", "2021-01-05T10:00:00-04:00"),
        ("Tue, 05 Jan 2021 10:00:00 GMT", "2021-01-05T10:00:00+00:00"),
        ("2021-01-05 10:00:00 +0100 (CET)", "2021-01-05T10:00:00+01:00"),
        ("2023-09-19 21:43:79", "2023-09-19T21:44:19+09:00"),
        ("2024-12-31T25:60:00Z", "2025-01-01T02:00:00+00:00"),
    ],
)
def test_a_date_keeps_its_offset_or_gets_the_sites(written: object, meant: str) -> None:
    assert parse_moment(written, SEOUL) == datetime.fromisoformat(meant)
    assert parse_moment(written, SEOUL).utcoffset() == datetime.fromisoformat(meant).utcoffset()


@pytest.mark.parametrize(
    "written",
    [
        "2024-02-30",
        "9999-12-31 25:00",
        "2024-13-01",
        "0000-01-01",
        "2024-01-01T10:00:00+99:99",
        "2024-01-01 10:00 Nowhere",
        "2024-01-01 13:00 PM",
        "32 January 2020",
        "Smarch 5, 2020",
        "not a date",
        "",
        " ",
        "1:30",
        None,
        True,
        1.5,
        [],
        {},
        "9" * 5000,
        "2020-01-01" + " " * 100 + "10:00",
    ],
)
def test_what_is_no_date_is_a_date_error(written: object) -> None:
    with pytest.raises(DateError):
        parse_moment(written, SEOUL)


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("2024-10-27 02:30", "+02:00"),
        ("2024-03-31 02:30", "+01:00"),
        ("2024-07-01", "+02:00"),
        ("2024-01-01", "+01:00"),
    ],
)
def test_clock_changes_have_a_fixed_answer(written: str, offset: str) -> None:
    assert parse_moment(written, PARIS).isoformat().endswith(offset)


def test_local_mean_time_has_whole_minutes_because_rfc_3339_has_no_seconds() -> None:
    assert parse_moment("1850-01-01", PARIS).isoformat() == "1850-01-01T00:00:00+00:09"


@pytest.mark.parametrize("year", ["0001", "1969", "1970", "2038", "9999"])
@pytest.mark.parametrize("zone", ["+14:00", "-12:00"])
@pytest.mark.parametrize("day", ["01-02T00:00:00", "12-30T23:59:59"])
def test_the_first_and_the_last_year_do_not_overflow(year: str, zone: str, day: str) -> None:
    moment = parse_moment(f"{year}-{day}{zone}", UTC)
    assert moment.astimezone(UTC).utcoffset() == timedelta()


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_instant_outside_the_calendar_in_utc_is_refused(written: str) -> None:
    with pytest.raises(DateError, match="years 1 to 9999 in UTC"):
        parse_moment(written, UTC)


def test_a_file_name_gives_midnight_of_its_day() -> None:
    assert moment_of_name("2020", "1", "2", SEOUL).isoformat() == "2020-01-02T00:00:00+09:00"
    with pytest.raises(DateError):
        moment_of_name("2020", "13", "45", SEOUL)


@given(
    st.text(max_size=80)
    | st.from_regex(r"[0-9]{1,5}[-/. ][0-9]{1,3}[-/. ][0-9]{1,3}[ T][0-9:+ -]{0,20}", fullmatch=True)
)
def test_any_text_is_an_aware_moment_or_a_date_error(written: str) -> None:
    try:
        moment = parse_moment(written, PARIS)
    except DateError:
        return
    assert moment.utcoffset() is not None
    assert parse_moment(moment.isoformat(), UTC) == moment
