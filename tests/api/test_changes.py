"""What changed since: the net difference of two public states, and a mirror that lives on it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from api.schemas.changes import ChangeList
from api.schemas.problems import ErrorCode
from search_index import changes as change_log
from search_index.library import Library
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.sites import NOON, Site, post

DAY = timedelta(days=1)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.write(
        {
            "one.md": post("One", date="2024-01-01", tags=["python"], categories=["dev/web"]),
            "two.md": post("Two", date="2024-02-02"),
            "far.md": post("Far", date="2020-02-02"),
        }
    )
    site.build()
    return site


def refresh(client: Client) -> None:
    library: Library = client.app.state.service.library
    library.refresh()


def version(client: Client) -> str:
    return client.get("/v1").headers["x-content-generation"]


def changed(client: Client, since: str) -> list[tuple[str, str]]:
    """(id, change) of what changed."""
    return [(item["id"], item["change"]) for item in listed(client, since)["items"]]


def listed(client: Client, since: str) -> Any:
    response = client.get("/v1/changes", params={"since": since, "per_page": "100"})
    return assert_declared(response, ChangeList)


def at(moment: datetime) -> str:
    return moment.isoformat()


def test_what_came_changed_and_went_is_told_with_the_tags_it_touches(site: Site) -> None:
    with serving(site) as client:
        since = version(client)
        site.write({"one.md": post("One!", date="2024-01-01", tags=["rust"], categories=["dev/web"])})
        site.write({"three.md": post("Three", date="2018-03-03", authors=["Ann"])})
        (site.content / "two.md").unlink()
        site.build()
        refresh(client)
        answer = listed(client, since)
        items = {item["id"]: item for item in answer["items"]}
    assert {key: item["change"] for key, item in items.items()} == {
        "one": "updated",
        "two": "deleted",
        "three": "created",
        "far": "updated",  # its neighbours have other names
    }
    assert items["one"]["post"]["title"] == "One!"
    assert set(items["one"]["tags"]) == {
        *("post:one", "posts", "archives", "collections", "collection:posts"),
        *("tags", "tag:python", "tag:rust", "categories", "category:dev", "category:dev/web"),
    }
    assert items["far"]["tags"] == ["post:far"]
    assert items["two"]["post"] is None
    assert (items["two"]["slug"], items["two"]["path"], items["two"]["api_url"]) == ("two", "/two/", "/v1/posts/two")
    assert {"authors", "author:ann"} <= set(items["three"]["tags"])
    assert items["three"]["changed_at"] == "2026-09-01T12:00:00+00:00"
    assert (answer["since"], answer["complete"]) == (since, True)
    assert answer["generation"] != since


def test_only_the_net_change_is_told(site: Site) -> None:
    with serving(site) as client:
        versions = [version(client)]

        def publish(files: dict[str, str | None]) -> None:
            for name, text in files.items():
                if text is None:
                    (site.content / name).unlink()
                else:
                    site.write({name: text})
            site.build()
            refresh(client)
            versions.append(version(client))

        two = (site.content / "two.md").read_text()
        publish({"new.md": post("New")})
        publish({"two.md": post("Two, edited", date="2024-02-02")})
        publish({"new.md": None, "two.md": two})
        assert versions[3] == versions[0]
        assert changed(client, versions[0]) == []
        assert changed(client, versions[1]) == [("new", "deleted")]
        assert dict(changed(client, versions[2])) == {"new": "deleted", "two": "updated", "one": "updated"}
        publish({"two.md": None})
        publish({"two.md": post("Two, again", date="2024-02-02")})
        assert dict(changed(client, versions[0]))["two"] == "updated"
        assert dict(changed(client, versions[4]))["two"] == "created"


def test_a_draft_is_not_observable(site: Site) -> None:
    site.write({"draft.md": post("Draft", draft=True, tags=["secret"])})
    site.build()
    with serving(site) as client:
        since = version(client)
        before = client.get("/v1/changes", params={"since": since})
        site.write({"draft.md": post("Draft, edited", draft=True, tags=["secret"])})
        site.write({"tomorrow.md": post("Tomorrow", date=at(NOON + DAY), tags=["secret"])})
        site.build()
        refresh(client)
        after = client.get("/v1/changes", params={"since": since})
        assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
        assert version(client) == since


def test_who_sees_drafts_leaves_no_trace_for_the_public(tmp_path: Path) -> None:
    site = Site(tmp_path, drafts=True)
    site.write({"a.md": post("A"), "zebra.md": post("Zebra", draft=True)})
    site.build()
    public = Site(tmp_path)
    public.build()
    assert b"zebra" not in (published(public) / change_log.CHANGES_FILE).read_bytes()
    with serving(public) as client:
        assert changed(client, version(client)) == []
        assert_problem(client.get("/v1/changes?since=2026-09-01T11:00:00Z"), ErrorCode.SINCE_UNKNOWN)


def published(site: Site) -> Path:
    with site.indexer() as indexer:
        return site.index / "generations" / indexer.build(explicit=False).generation


def test_a_post_comes_and_goes_at_its_minute_with_and_without_a_build(site: Site) -> None:
    site.write({"soon.md": post("Soon", date=at(NOON + DAY), expiryDate=at(NOON + 2 * DAY))})
    site.build()
    with serving(site) as client:
        start = version(client)
        site.clock.instant = NOON + DAY
        come = version(client)
        assert dict(changed(client, start))["soon"] == "created"
        assert listed(client, start)["items"][-1]["changed_at"] == "2026-09-02T12:00:00+00:00"
        site.build()
        refresh(client)
        searchable = version(client)
        assert len({start, come, searchable}) == 3
        assert changed(client, come) == []
        assert dict(changed(client, start))["soon"] == "created"
        site.clock.instant = NOON + 2 * DAY
        gone = version(client)
        assert gone == start
        assert dict(changed(client, come))["soon"] == "deleted"
        assert dict(changed(client, searchable))["soon"] == "deleted"
        assert changed(client, start) == []
        site.build()
        refresh(client)
        assert dict(changed(client, come))["soon"] == "deleted"


def test_a_reader_whose_clock_is_behind_the_writers_tells_nothing_early(site: Site) -> None:
    site.write({"soon.md": post("Soon", date=at(NOON + DAY), tags=["secret"])})
    site.build()
    with serving(site) as client:
        since = version(client)
        site.clock.instant = NOON + DAY
        site.build()
        site.clock.instant = NOON + DAY - timedelta(seconds=1)
        refresh(client)
        assert version(client) == since
        assert changed(client, since) == []
        assert changed(client, at(NOON + timedelta(hours=1))) == []


def test_a_rebuild_of_another_structure_goes_on_with_the_log(site: Site) -> None:
    with serving(site) as client:
        since = version(client)
        moved = Site(site.content.parent, public_url="https://example.org")
        moved.build()
        refresh(client)
        assert {change for _, change in changed(client, since)} == {"updated"}
        assert len(changed(client, since)) == 3


def test_an_instant_is_a_point_too(site: Site) -> None:
    with serving(site) as client:
        site.clock.instant = NOON + DAY
        site.write({"two.md": post("Two!", date="2024-02-02")})
        site.build()
        refresh(client)
        ids = {"one", "two"}  # one has it as its neighbour
        for since in ("2026-09-01T12:00:01Z", "2026-09-02", "2026-09-02T14:00:00+02:00"):
            assert {row for row, _ in changed(client, since)} == ids, since
        assert changed(client, "2026-09-02T12:00:01Z") == []


@pytest.mark.parametrize("since", ["0" * 32, "2020-01-01", "2026-09-01T12:00:00Z"])
def test_what_is_not_known_is_said(site: Site, since: str) -> None:
    with serving(site) as client:
        problem = assert_problem(client.get(f"/v1/changes?since={since}"), ErrorCode.SINCE_UNKNOWN)
        assert "/v1/export" in problem["detail"]


def test_what_is_too_old_is_said_not_left_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_log, "MOST_CHANGES", 4)
    with serving(site) as client:
        versions = []
        for number in range(4):
            versions.append(version(client))
            site.write({"two.md": post(f"Two, {number}", date="2024-02-02")})  # a change of it and of its one neighbour
            site.build()
            refresh(client)
        for since in versions[:2]:
            assert_problem(client.get(f"/v1/changes?since={since}"), ErrorCode.SINCE_UNKNOWN)
        for since in versions[2:]:
            assert {row for row, _ in changed(client, since)} == {"two", "one"}


def test_a_log_of_another_format_begins_anew(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(site) as client:
        since = version(client)
        monkeypatch.setattr(change_log, "_FORMAT", 2)
        site.write({"two.md": post("Two!", date="2024-02-02")})
        site.build()
        refresh(client)
        assert_problem(client.get(f"/v1/changes?since={since}"), ErrorCode.SINCE_UNKNOWN)
        assert changed(client, version(client)) == []


def test_a_generation_from_before_there_were_logs_knows_no_past(tmp_path: Path) -> None:
    log = change_log.ChangeLog(tmp_path)
    assert log.since("0" * 32, (), "1" * 32) is None
    assert log.since("1" * 32, (), "1" * 32) == change_log.Changes()
    log.close()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", ErrorCode.MISSING_PARAMETER),
        ("since=", ErrorCode.INVALID_PARAMETER),
        ("since=yesterday", ErrorCode.INVALID_PARAMETER),
        ("since=2024-01-01&since=2024-01-02", ErrorCode.REPEATED_PARAMETER),
        ("since=2024-01-01&tag=a", ErrorCode.UNKNOWN_PARAMETER),
        ("since=2024-01-01&per_page=101", ErrorCode.INVALID_PARAMETER),
    ],
)
def test_a_wrong_question_is_refused(blog: Client, query: str, code: ErrorCode) -> None:
    problem = assert_problem(blog.get(f"/v1/changes?{query}"), code)
    if code is ErrorCode.MISSING_PARAMETER:
        assert "/v1/export" in problem["detail"]


def test_pages_link_to_each_other(site: Site) -> None:
    with serving(site) as client:
        since = version(client)
        site.write({f"new-{number}.md": post(f"New {number}", date="2025-01-01") for number in range(5)})
        site.build()
        refresh(client)
        seen, link = [], f"/v1/changes?since={since}&per_page=2"
        while link:
            answer = client.get(link).json()
            seen += [item["id"] for item in answer["items"]]
            link = answer["pagination"]["next"]
        assert seen == [row for row, _ in changed(client, since)]
        assert len(seen) == answer["pagination"]["total"] == 6


def test_a_worker_that_is_behind_looks_once_more(site: Site) -> None:
    with serving(site, poll_seconds=1000) as ahead, serving(site, poll_seconds=1000) as behind:
        site.write({"new.md": post("New")})
        site.build()
        refresh(ahead)
        assert changed(behind, version(ahead)) == []


def test_a_page_is_told_as_a_page(tmp_path: Path) -> None:
    site = Site(tmp_path, dialect="jekyll")
    site.write({"_config.yml": "title: A", "_posts/2024-01-01-a.md": post("A"), "about.md": post("About", tags=["x"])})
    site.build()
    with serving(site) as client:
        since = version(client)
        site.write({"about.md": post("About us", tags=["x"])})
        site.build()
        refresh(client)
        (item,) = listed(client, since)["items"]
        assert (item["kind"], item["change"], item["api_url"]) == ("page", "updated", "/v1/pages/about")
        assert {"page:about", "pages", "tag:x"} <= set(item["tags"])


class Mirror(RuleBasedStateMachine):
    """A client that exports once and then lives on changes, beside a site that is edited."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.site = Site(Path(self.folder.name))
        self.site.write({"anchor.md": post("Anchor", date="2019-01-01")})
        self.site.build()
        self.serving = serving(self.site, poll_seconds=1000)
        self.client = self.serving.__enter__()
        self.copy: dict[str, Any] = {}
        self.since = ""

    def teardown(self) -> None:
        self.serving.__exit__(None, None, None)
        self.folder.cleanup()

    def export(self) -> tuple[dict[str, Any], str]:
        response = self.client.get("/v1/export")
        return {line["id"]: line for line in map(json.loads, response.iter_lines())}, response.headers[
            "x-content-generation"
        ]

    @initialize()
    def begin(self) -> None:
        self.copy, self.since = self.export()

    @rule(
        name=st.sampled_from(["a.md", "b.md", "sub/a.md"]),
        title=st.sampled_from(["A", "B"]),
        slug=st.sampled_from(["same", "a", "b"]),
        days=st.sampled_from([-400, -1, 1, 2]),
        expires=st.sampled_from([None, 1, 3]),
        draft=st.sampled_from([False, False, True]),
    )
    def write(self, name: str, title: str, slug: str, days: int, expires: int | None, draft: bool) -> None:
        fields: dict[str, Any] = {"slug": slug, "date": at(NOON + days * DAY), "draft": draft}
        if expires is not None:
            fields["expiryDate"] = at(NOON + expires * DAY)
        self.site.write({name: post(title, **fields)})

    @rule(name=st.sampled_from(["a.md", "b.md", "sub/a.md"]))
    def delete(self, name: str) -> None:
        (self.site.content / name).unlink(missing_ok=True)

    @rule()
    def publish(self) -> None:
        self.site.build(allow_shrink=True)
        refresh(self.client)

    @rule(hours=st.sampled_from([1, 23, 25]))
    def wait(self, hours: int) -> None:
        self.site.clock.instant += timedelta(hours=hours)

    @rule()
    def sync(self) -> None:
        link, since = f"/v1/changes?since={self.since}&per_page=1", ""
        while link:
            response = self.client.get(link)
            assert response.status_code == 200, response.text
            answer = response.json()
            since = since or answer["generation"]
            assert answer["generation"] == since
            for item in answer["items"]:
                if item["change"] == "deleted":
                    del self.copy[item["id"]]
                else:
                    assert (item["change"] == "created") == (item["id"] not in self.copy)
                    whole = self.client.get(item["api_url"]).json()
                    assert item["post"].items() <= whole.items()
                    self.copy[item["id"]] = whole
            link = answer["pagination"]["next"]
        self.since = since
        present, generation = self.export()
        assert (self.copy, self.since) == (present, generation)


TestMirror = Mirror.TestCase
TestMirror.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
