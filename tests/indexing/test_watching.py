"""Following a folder: what is written is published, whatever way it was written."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from search_index.indexer import BuildReport
from search_index.query import ListQuery
from search_index.refresh import REFRESH_FILE, RefreshRequests, request_refresh
from search_index.watching import BuildFailure, watch
from tests.sites import NOON, Site, post, titles

WAIT = 30.0
Reports = queue.Queue[BuildReport | BuildFailure]


@contextmanager
def watching(site: Site) -> Iterator[Reports]:
    reports: Reports = queue.Queue()
    stop = threading.Event()

    def run() -> None:
        with site.indexer() as indexer:
            watch(indexer, site.clock, stop, reports.put)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield reports
    finally:
        stop.set()
        thread.join(WAIT)
    assert not thread.is_alive()


def until(reports: Reports, holds: Callable[[BuildReport], bool]) -> BuildReport:
    """The first report for which it holds."""
    while True:
        report = reports.get(timeout=WAIT)
        if isinstance(report, BuildReport) and holds(report):
            return report


def published_titles(site: Site) -> list[str]:
    with site.snapshot() as snapshot:
        return titles(snapshot, ListQuery())


def test_an_edit_a_new_file_a_rename_and_a_delete_are_each_published(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01"), "b.md": post("B", date="2026-01-02")})
    with watching(site) as reports:
        until(reports, lambda report: report.posts == 2)
        site.write({"a.md": post("A, edited", date="2026-01-01")})
        until(reports, lambda report: report.published and report.read == 1)
        assert published_titles(site) == ["B", "A, edited"]
        site.write({"folder/c.md": post("C", date="2026-01-03")})
        until(reports, lambda report: report.posts == 3)
        (site.content / "b.md").rename(site.content / "folder" / "renamed.md")
        until(reports, lambda report: report.published and report.removed == 1)
        assert published_titles(site) == ["C", "B", "A, edited"]
        (site.content / "a.md").unlink()
        until(reports, lambda report: report.posts == 2)
        assert published_titles(site) == ["C", "B"]


def test_a_scheduled_post_enters_the_search_at_its_minute_without_a_change(site: Site) -> None:
    minute = NOON + timedelta(hours=1)
    site.write({"a.md": post("A", date="2026-01-01"), "soon.md": post("Soon", date=minute.isoformat())})
    with watching(site) as reports:
        until(reports, lambda report: report.posts == 2)
        assert published_titles(site) == ["A"]
        site.clock.instant = minute
        until(reports, lambda report: report.published and report.read == 1)
        with site.snapshot() as snapshot:
            assert snapshot.version
        assert published_titles(site) == ["Soon", "A"]


def test_a_minute_that_comes_while_a_build_is_being_reported_is_not_missed(site: Site) -> None:
    minute = NOON + timedelta(hours=1)
    site.write({"a.md": post("A", date="2026-01-01"), "soon.md": post("Soon", date=minute.isoformat())})
    reports: Reports = queue.Queue()
    stop = threading.Event()

    def report(result: BuildReport | BuildFailure) -> None:
        site.clock.instant = minute
        reports.put(result)

    def run() -> None:
        with site.indexer() as indexer:
            watch(indexer, site.clock, stop, report)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(reports, lambda report: report.posts == 2)
        until(reports, lambda report: report.published and report.read == 1)
    finally:
        stop.set()
        thread.join(WAIT)


def test_a_build_that_fails_is_reported_and_the_next_change_is_built(site: Site) -> None:
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01") for number in range(20)})
    with watching(site) as reports:
        until(reports, lambda report: report.posts == 20)
        moved = site.content.with_name("elsewhere")
        site.content.rename(moved)
        failure = reports.get(timeout=WAIT)
        assert not isinstance(failure, BuildReport)
        assert "does not exist" in str(failure)
        assert len(published_titles(site)) == 20
        moved.rename(site.content)
        until(reports, lambda report: report.posts == 20)


def test_a_link_that_is_turned_to_another_folder_is_followed(site: Site) -> None:
    site.write({"a.md": post("Blue", date="2026-01-01")})
    blue, green = site.content.with_name("blue"), site.content.with_name("green")
    site.content.rename(blue)
    green.mkdir()
    (green / "a.md").write_text(post("Green", date="2026-01-01"), encoding="utf-8")
    site.content.symlink_to(blue)
    with watching(site) as reports:
        until(reports, lambda report: report.published)
        turned = site.content.with_name("turned")
        turned.symlink_to(green)
        turned.rename(site.content)
        until(reports, lambda report: report.published)
        assert published_titles(site) == ["Green"]
        (green / "a.md").write_text(post("Greener", date="2026-01-01"), encoding="utf-8")
        until(reports, lambda report: report.published)
        assert published_titles(site) == ["Greener"]


HOUR = 3600.0


class Deaf:
    """Follows a folder of which no event comes, as on a network drive, and that is looked through once an hour."""

    def __init__(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
        monkeypatch.setenv("WATCHFILES_POLL_DELAY_MS", str(int(HOUR * 1000)))
        self.site = site
        self.reports: Reports = queue.Queue()
        self.file = site.index / REFRESH_FILE
        self.while_reporting: Callable[[], None] = lambda: None

    @contextmanager
    def following(self) -> Iterator[Reports]:
        stop = threading.Event()

        def report(result: BuildReport | BuildFailure) -> None:
            self.while_reporting()
            self.reports.put(result)

        def run() -> None:
            with self.site.indexer() as indexer:
                requests = RefreshRequests(self.file)
                watch(indexer, self.site.clock, stop, report, requests=requests, rescan_seconds=HOUR)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield self.reports
        finally:
            stop.set()
            thread.join(WAIT)
        assert not thread.is_alive()


@pytest.fixture
def deaf(site: Site, monkeypatch: pytest.MonkeyPatch) -> Deaf:
    return Deaf(site, monkeypatch)


def test_a_request_is_a_reason_to_look_where_no_event_comes(site: Site, deaf: Deaf) -> None:
    site.write({"a.md": post("A", date="2026-01-01")})
    with deaf.following() as reports:
        until(reports, lambda report: report.posts == 1)
        for number in range(2, 4):
            site.write({f"{number}.md": post(f"P{number}", date="2026-01-02")})
            request_refresh(deaf.file)
            until(reports, lambda report, number=number: report.posts == number)  # type: ignore[misc]  # bound early


def test_requests_that_come_while_a_build_runs_are_one_further_build(site: Site, deaf: Deaf) -> None:
    site.write({"a.md": post("A", date="2026-01-01")})

    def ask_often_once() -> None:
        deaf.while_reporting = lambda: None
        for _ in range(20):
            request_refresh(deaf.file)

    deaf.while_reporting = ask_often_once
    with deaf.following() as reports:
        for _ in range(2):
            assert isinstance(reports.get(timeout=WAIT), BuildReport)
        site.write({"b.md": post("B", date="2026-01-02")})
        request_refresh(deaf.file)
        report = reports.get(timeout=WAIT)
        assert isinstance(report, BuildReport)
        assert report.posts == 2, "a third build came of the twenty requests"


def test_a_request_from_before_is_none_and_neither_is_a_file_that_is_gone(site: Site) -> None:
    site.index.mkdir()
    file = site.index / REFRESH_FILE
    request_refresh(file)
    requests = RefreshRequests(file)
    assert not requests.is_new()
    request_refresh(file)
    assert requests.is_new()
    assert not requests.is_new()
    file.unlink()
    assert not requests.is_new()
    request_refresh(file)
    assert requests.is_new()


@pytest.mark.slow
def test_a_git_checkout_of_many_files_ends_in_the_state_of_a_full_build(site: Site) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=site.content, check=True, capture_output=True)

    git("init", "--initial-branch=main")
    site.write({f"{number}.md": post(f"First {number}", date="2026-01-01") for number in range(300)})
    git("add", ".")
    git("commit", "-m", "first")
    git("checkout", "-b", "second")
    site.write({f"{number}.md": post(f"Second {number}", date="2026-01-01") for number in range(100, 400)})
    git("add", ".")
    git("commit", "-m", "second")
    with watching(site) as reports:
        until(reports, lambda report: report.posts == 400)
        git("checkout", "main")
        until(reports, lambda report: report.posts == 300)
    with site.snapshot() as snapshot:
        version = snapshot.version
        assert {title.split()[0] for title in titles(snapshot, ListQuery())} == {"First"}
    assert not site.build().published
    with site.snapshot() as snapshot:
        assert snapshot.version == version


def test_an_index_that_cannot_be_read_for_a_moment_does_not_end_the_watch(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01")})
    with watching(site) as reports:
        until(reports, lambda report: report.published)
        pointer = site.index / "CURRENT"
        pointer.unlink()
        pointer.mkdir()
        site.write({"b.md": post("B", date="2026-01-02")})
        assert not isinstance(reports.get(timeout=WAIT), BuildReport)
        pointer.rmdir()
        site.write({"c.md": post("C", date="2026-01-03")})
        until(reports, lambda report: report.posts == 3)
