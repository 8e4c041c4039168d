"""Dates as Hugo 0.111 reads them, and where each comes from."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from search_index.reading.hugo.dates import parse_date
from tests.reading.hugo.conftest import CONFIGURATION, HugoSite, page

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2020-01-02", "2020-01-02T00:00:00+09:00"),
        ("2020-01-02T10:00:00", "2020-01-02T10:00:00+09:00"),
        ("2020-01-02 9:00:00", "2020-01-02T09:00:00+09:00"),
        ("2020-01-02  10:00:00.5", "2020-01-02T10:00:00.500000+09:00"),
        ("2020-01-02T10:00:00Z", "2020-01-02T10:00:00+00:00"),
        ("2020-01-02T10:00:00-0500", "2020-01-02T10:00:00-05:00"),
        ("2020-01-02 10:00:00 +01:00", "2020-01-02T10:00:00+01:00"),
        ("2020-01-02 10:00:00 +0000 UTC", "2020-01-02T10:00:00+00:00"),
        ("Mon, 06 Jan 2020 10:00:00 +0100", "2020-01-06T10:00:00+01:00"),
        ("Mon, 06 Jan 2020 10:00:00 CET", "2020-01-06T10:00:00+09:00"),
        ("Mon Jan  6 10:00:00 2020", "2020-01-06T10:00:00+09:00"),
        ("06 Jan 20 10:00 +0100", "2020-01-06T10:00:00+01:00"),
        ("06 Jan 2020", "2020-01-06T00:00:00+09:00"),
        (1577934245, "2020-01-02T03:04:05+00:00"),
    ],
)
def test_these_are_dates(written: object, moment: str) -> None:
    found = parse_date(written, SEOUL)
    assert found is not None
    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "written",
    [
        *("2020-1-2", "2020/01/02", "2020-01-02 23:30", "2020-01-02T10:00Z", "2020-01-02 10:00:00 Z", "2020-02-30"),
        *("January 6, 2020", "6 Jan 2020", "2020-01-02T24:00:00", "10:30PM", "2020-01-02T10:00:00+25:00", "2020" * 50),
        *(True, None, 1.5, ["2020-01-02"], 10**15),
    ],
)
def test_these_are_none(written: object) -> None:
    assert parse_date(written, SEOUL) is None


def test_a_time_that_a_clock_change_skips_or_repeats_is_the_one_that_go_takes() -> None:
    skipped, repeated = parse_date("2020-03-29 02:30:00", BERLIN), parse_date("2020-10-25 02:30:00", BERLIN)
    assert (str(skipped), str(repeated)) == ("2020-03-29 03:30:00+02:00", "2020-10-25 02:30:00+01:00")


def test_a_number_is_a_date_in_yaml_and_none_in_json(hugo: HugoSite) -> None:
    site = hugo({"a.md": page("date: 1577934245"), "b.md": '{"date": 1577934245}\n'})
    assert site.posts["a.md"].published_at is not None
    assert site.posts["b.md"].published_at is None


def test_the_owners_zone_counts_over_the_sites(hugo: HugoSite) -> None:
    configuration = CONFIGURATION + 'timeZone = "Asia/Seoul"\n'
    files = {"a.md": page("date: 2020-01-02")}
    own = hugo(files, configuration).posts["a.md"].published_at
    owners = hugo(files, configuration, timezone="Europe/Berlin").posts["a.md"].published_at
    assert (str(own), str(owners)) == ("2020-01-02 00:00:00+09:00", "2020-01-02 00:00:00+01:00")


@pytest.mark.parametrize(
    ("lines", "published", "updated"),
    [
        (("date: 2020-01-01", "lastmod: 2020-02-02"), "2020-01-01", "2020-02-02"),
        (("date: 2020-01-01",), "2020-01-01", None),
        (("publishDate: 2020-01-03",), "2020-01-03", None),
        (("pubdate: 2020-01-04",), "2020-01-04", None),
        (("published: 2020-01-05",), "2020-01-05", None),
        (("modified: 2020-01-06",), "2020-01-06", "2020-01-06"),
        (("DATE: 2020-01-07",), "2020-01-07", None),
        (("date: 0001-01-01",), None, None),
        ((), None, None),
    ],
)
def test_a_date_is_looked_for_under_several_keys(
    hugo: HugoSite, lines: tuple[str, ...], published: str | None, updated: str | None
) -> None:
    post = hugo({"2018-01-01-a.md": page("title: t", *lines)}).posts["2018-01-01-a.md"]
    found = [moment.date().isoformat() if moment else None for moment in (post.published_at, post.updated_at)]
    assert found == [published, updated]


def test_a_date_in_the_name_counts_where_the_configuration_says_so(hugo: HugoSite) -> None:
    site = hugo(
        {
            "posts/2018-04-05-My Name.md": page("date: 2001-01-01"),
            "posts/2018-04-06-v1.2.md": page("slug: own"),
            "posts/2018-04-07-trip/index.md": page(),
            "posts/2018-04-08.md": page(),
            "posts/2018-13-41-x.md": page("date: 2002-02-02"),
        },
        CONFIGURATION + '[frontmatter]\ndate = [":filename", ":default"]\n',
    )
    assert {name: (str(post.published_at)[:10], post.path) for name, post in site.posts.items()} == {
        "posts/2018-04-05-My Name.md": ("2018-04-05", "/posts/my-name/"),
        "posts/2018-04-06-v1.2.md": ("2018-04-06", "/posts/own/"),
        "posts/2018-04-07-trip/index.md": ("2018-04-07", "/posts/trip/"),
        "posts/2018-04-08.md": ("2018-04-08", "/posts/2018-04-08/"),
        "posts/2018-13-41-x.md": ("2002-02-02", "/posts/2018-13-41-x/"),
    }


def test_dates_that_are_not_in_the_files_are_not_used(hugo: HugoSite) -> None:
    site = hugo(
        {"a.md": page("date: 2020-01-01")}, CONFIGURATION + '[frontmatter]\nlastmod = [":git", ":fileModTime"]\n'
    )
    assert site.posts["a.md"].updated_at is None
    assert [message.partition(" is ")[0] for message in site.told] == ["frontmatter: :git", "frontmatter: :filemodtime"]


def test_what_is_no_date_is_told_with_its_line_and_the_next_key_counts(hugo: HugoSite) -> None:
    post = hugo({"a.md": page("title: t", "date: 2020-01-02 23:30", "publishDate: 2020-01-03")}).posts["a.md"]
    assert str(post.published_at)[:10] == "2020-01-03"
    assert [(problem.line, problem.code) for problem in post.problems] == [(3, "date_invalid")]


def test_published_is_a_switch_or_a_date_and_neither_is_told(hugo: HugoSite) -> None:
    site = hugo(
        {"a.md": page("published: true"), "b.md": page("published: 2020-01-05"), "c.md": page("published: false")}
    )
    assert [post.visibility.hidden for post in site.posts.values()] == ["", "", "published: false"]
    assert site.told == []
