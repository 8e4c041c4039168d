"""What is searched for, as counters for the operator."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.analytics import LONGEST_QUERY, MOST_QUERIES, SearchAnalytics
from api.schemas.analytics import SearchReport
from api.schemas.problems import ErrorCode
from api.settings import load_service_settings
from search_index.settings import SettingsError
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.sites import MovableClock, Site, post

TOKEN = "a-token-of-the-operator"
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}
URL = "/v1/search/analytics"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("searched"))
    site.write({"fox.md": post("Fox", body="A quick fox."), "dog.md": post("Dog", body="A dog and a fox.")})
    site.build()
    return site


@pytest.fixture
def client(site: Site) -> Iterator[Client]:
    with serving(site, search_analytics_token=TOKEN) as client:
        yield client


def counts(client: Client, kind: str = "top") -> dict[str, int]:
    report = assert_declared(client.get(URL, headers=AUTHORISED), SearchReport)
    return {row["query"]: row["count"] for row in report[kind]}


def test_queries_are_counted_as_they_were_read_whatever_answers_them(client: Client) -> None:
    first = client.get("/v1/search?q=Fox")
    client.get("/v1/search?q=Fox")  # by the cache
    client.get("/v1/search?q=%20fox&per_page=1")
    client.get("/v1/search?q=Fox", headers={"If-None-Match": first.headers["etag"]})
    client.get("/v1/search?q=dog")
    client.get("/v1/search?q=zebra+crossing")
    assert counts(client) == {"fox": 4, "dog": 1, "zebra crossing": 1}
    assert counts(client, "without_result") == {"zebra crossing": 1}


def test_only_first_pages_are_searches(client: Client) -> None:
    client.get("/v1/search?q=fox&per_page=1&page=2")
    client.get("/v1/search/suggest?q=fo")
    client.get("/v1/posts")
    assert counts(client) == {}


def test_a_head_request_is_no_search(client: Client) -> None:
    for _ in range(2):
        assert client.head("/v1/search?q=fox").status_code == 200
    client.get("/v1/search?q=fox")
    client.head("/v1/search?q=fox")  # by the cache
    assert counts(client) == {"fox": 1}


def test_signs_in_which_nothing_can_be_searched_are_not_counted(client: Client) -> None:
    for query in ("!!!", "%22%22", "-", "%3F"):
        assert client.get(f"/v1/search?q={query}").json()["pagination"]["total"] == 0
    assert counts(client) == {}


def test_the_most_frequent_come_first_and_as_many_as_are_asked_for(client: Client) -> None:
    for query in ("b", "b", "c", "a"):
        client.get(f"/v1/search?q={query}")
    assert list(counts(client)) == ["b", "a", "c"]
    asked = client.get(f"{URL}?per_page=1", headers=AUTHORISED)
    assert [row["query"] for row in asked.json()["top"]] == ["b"]
    assert asked.headers["cache-control"] == "private, no-store"
    assert "etag" not in asked.headers
    assert_problem(client.get(f"{URL}?per_page=1001", headers=AUTHORISED), ErrorCode.INVALID_PARAMETER)


@pytest.mark.parametrize("given", [None, "Bearer", "Bearer wrong-token-here", f"Basic {TOKEN}", TOKEN, "Bearer tökén"])
def test_nobody_reads_them_without_the_token(client: Client, given: str | None) -> None:
    response = client.get(URL, headers={"Authorization": given.encode()} if given else {})
    assert_problem(response, ErrorCode.UNAUTHORIZED)
    assert response.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in response.text


def test_without_a_token_of_its_own_the_service_serves_them_to_nobody(site: Site) -> None:
    with serving(site) as client:
        problem = assert_problem(client.get(URL, headers={"Authorization": "Bearer "}), ErrorCode.ROUTE_NOT_FOUND)
        assert "OCTAVO_SEARCH_ANALYTICS_TOKEN" in problem["detail"]


def test_one_setting_turns_them_off(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.INFO, "octavo.search"),
        serving(site, search_analytics=False, search_analytics_token=TOKEN) as client,
    ):
        client.get("/v1/search?q=fox")
        assert_problem(client.get(URL, headers=AUTHORISED), ErrorCode.ROUTE_NOT_FOUND)
    assert not caplog.records


def test_the_log_has_them_in_one_line_when_the_worker_ends(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "octavo.search"), serving(site, search_analytics_token=TOKEN) as client:
        client.get("/v1/search?q=fox")
        client.get("/v1/search?q=line%0Abreak")
    (record,) = [row for row in caplog.records if row.name == "octavo.search"]
    line = record.getMessage()
    assert json.loads(line)["top"] == [["fox", 1], ["line break", 1]]
    assert json.loads(line)["without_result"] == [["line break", 1]]
    assert "\n" not in line
    assert TOKEN not in caplog.text


def test_nothing_is_logged_where_nothing_was_searched(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "octavo.search"), serving(site) as client:
        client.get("/v1/posts")
    assert not [row for row in caplog.records if row.name == "octavo.search"]


def test_room_is_bounded_and_what_was_forgotten_is_counted() -> None:
    analytics = SearchAnalytics(MovableClock())
    for _ in range(3):
        analytics.note(("frequent", 1))
    for number in range(2 * MOST_QUERIES):
        analytics.note((f"query {number}", 1))
    analytics.note(("x" * 10_000, 0))
    report = analytics.report(10 * MOST_QUERIES)
    assert len(report.top) <= MOST_QUERIES + 1
    assert report.top[0] == ("frequent", 3)
    assert sum(count for _, count in report.top) + report.forgotten == report.searches == 2 * MOST_QUERIES + 4
    assert len(report.without_result[0][0]) == LONGEST_QUERY


def test_a_token_that_is_too_short_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OCTAVO_SEARCH_ANALYTICS_TOKEN", "short-secret")
    with pytest.raises(SettingsError, match="OCTAVO_SEARCH_ANALYTICS_TOKEN") as refused:
        load_service_settings(index_dir=tmp_path)
    assert "short-secret" not in str(refused.value)


def test_the_numbers_of_the_search_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OCTAVO_SEARCH__TITLE_WEIGHT", "8")
    monkeypatch.setenv("OCTAVO_SEARCH__RELAX", "false")
    settings = load_service_settings(index_dir=tmp_path).search
    assert (settings.title_weight, settings.relax, settings.body_weight) == (8.0, False, 1.0)
    monkeypatch.setenv("OCTAVO_SEARCH__TITEL_WEIGHT", "8")
    with pytest.raises(SettingsError, match="TITEL_WEIGHT"):
        load_service_settings(index_dir=tmp_path)


def test_a_complaint_about_other_settings_does_not_show_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OCTAVO_SEARCH_ANALYTICS_TOKEN", TOKEN)
    monkeypatch.setenv("OCTAVO_CORS_CREDENTIALS", "true")
    with pytest.raises(SettingsError, match="OCTAVO_CORS_CREDENTIALS needs a list of origins") as refused:
        load_service_settings(index_dir=tmp_path)
    assert TOKEN not in f"{refused.value} {refused.value.__cause__}"
