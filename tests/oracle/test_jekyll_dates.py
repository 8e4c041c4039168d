"""What a post's date is, and in which zone; asked of Jekyll."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.oracle.generators import Generator
from tests.oracle.sites import assert_alike, both_views, post

WRITTEN = {
    "day": "2019-12-31",
    "day-quoted": "'2019-12-31'",
    "one-digit": "2020-1-5",
    "seconds": "2020-01-02 23:30:15",
    "seconds-quoted": "'2020-01-02 23:30:15'",
    "seconds-double-quoted": '"2020-01-02 23:30:15"',
    "seconds-one-digit-hour": "2020-01-02 3:30:15",
    "minutes": "2020-01-02 23:30",
    "minutes-quoted": "'2020-01-02 23:30'",
    "minutes-offset": "2020-01-02 23:30 +0900",
    "offset": "2020-01-02 23:30:15 +0900",
    "offset-short": "2020-01-02 23:30:15 +09",
    "offset-colon": "2020-01-02 23:30:15 -05:00",
    "offset-joined": "2020-01-02 23:30:15-05:00",
    "offset-half-hour": "2020-01-02 23:30:15 +0530",
    "offset-minutes": "2020-01-02T23:30-03:00",
    "zulu": "2020-01-02T23:30:15Z",
    "zulu-blank": "2020-01-02 23:30:15 Z",
    "t": "2020-01-02T23:30:15",
    "t-small": "2020-01-02t23:30:15",
    "t-quoted": "'2020-01-02T23:30:15'",
    "two-blanks": "2020-01-02  23:30:15",
    "tail-blank": "2020-01-02 23:30:15   # with a remark",
    "thousandths": "2020-01-02T23:30:15.250Z",
    "thousandths-next": "2020-01-02T23:30:15.125Z",
    "thousandths-quoted": "'2020-01-02 23:30:15.750 +0000'",
    "utc": "2020-01-02 23:30:15 UTC",
    "gmt": "2020-01-02 23:30:15 GMT",
    "est": "2020-01-02 23:30:15 EST",
    "edt": "2020-07-02 23:30:15 EDT",
    "cet": "2020-01-02 23:30:15 CET",
    "kst": "2020-01-02 23:30:15 KST",
    "utc-offset": "2020-01-02 23:30:15 UTC+2",
    "am": "2020-01-02 7:05 AM",
    "pm": "2020-01-02 7:05pm",
    "noon": "2020-01-02 12:05 PM",
    "midnight": "2020-01-02 12:05 am",
    "twenty-four": "2020-01-02 24:00",
    "english": "January 5, 2020",
    "english-short": "Jan 5 2020",
    "english-weekday": "Sun, 05 Jan 2020 10:20:30 +0100",
    "english-day-first": "5 January 2020",
    "english-ordinal": "5th of March 2020 10:11",
    "asctime": "Sun Jan  5 10:20:30 2020",
    "slashes": "2020/01/05",
    "slashes-time": "2020/01/05 10:20:30",
    "slashes-day-first": "05/03/2020",
    "dots": "2020.01.05",
    "dots-day-first": "05.03.2020",
    "number": "20200105",
    "number-with-time": "20200105102030",
    "iso-basic": "20200105T102030Z",
    "ordinal-day": "2020-032",
    "last-ordinal-day": "2020-366",
    "gmt-offset": "2020-01-02 23:30:15 GMT-3",
    "past-february": "2021-02-30",
    "past-april": "2021-04-31 10:00:00 +0000",
    "summer": "2020-07-02 12:00",
    "summer-time-starts": "2020-03-08 02:30",
    "summer-time-ends": "2020-11-01 01:30",
    "long-ago": "1955-05-05 05:05:05 +0000",
}


def site(config: str) -> Mapping[str, str]:
    files = {"_config.yml": config, "_posts/2018-08-08-only-the-name.md": post("title: t")}
    for name, written in WRITTEN.items():
        files[f"_posts/2018-08-08-{name}.md"] = post(f"title: t\ndate: {written}")
    return files


@pytest.mark.parametrize(
    "config",
    [
        pytest.param("permalink: weekdate\n", id="no zone"),
        pytest.param("timezone: Asia/Seoul\npermalink: ordinal\n", id="Seoul"),
        pytest.param(
            "timezone: America/New_York\npermalink: /:year/:month/:day/:hour-:minute-:second/:title.html\n",
            id="New York",
        ),
    ],
)
def test_dates_are_the_instants_that_jekyll_takes_them_for(tmp_path: Path, config: str) -> None:
    assert_alike(both_views(tmp_path, site(config), Generator.JEKYLL))
