"""The refresh hook: who may ask for a look, in which forms, and what becomes of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from api.app import create_app
from api.hook import MOST_KEPT, SeenDeliveries
from api.hook_signatures import verified
from api.schemas.hooks import RefreshReceipt
from api.schemas.problems import ErrorCode
from api.settings import ServiceSettings, load_service_settings
from search_index.clock import FixedClock
from search_index.settings import SettingsError, SiteSettings
from tests.api.client import Client, running
from tests.api.shapes import assert_problem
from tests.api.signing import GITLAB_KEY, GITLAB_SECRET, SECRET, github, gitlab, octavo, standard
from tests.api.standin import StandInLibrary, StandInSnapshot
from tests.sites import NOON, MovableClock

URL = "/v1/hooks/refresh"
NOW = int(NOON.timestamp())
BODY = b'{"ref": "refs/heads/main"}'


@contextmanager
def serving_hook(folder: Path, clock: MovableClock | None = None, **settings: object) -> Iterator[Client]:
    """An empty site with the hook, whose requests go to ``folder/REFRESH``."""
    service = ServiceSettings(**{"index_dir": folder, "hook_secret": SECRET, **settings})  # type: ignore[arg-type]  # settings by name
    library = StandInLibrary(StandInSnapshot())
    still = FixedClock(NOON - timedelta(days=400))
    app = create_app(service, SiteSettings(), still, lambda *_: library, system_clock=clock or MovableClock())
    with running(app) as client:
        yield client


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[Client]:
    with serving_hook(tmp_path) as client:
        yield client


def word(folder: Path) -> str:
    """What the indexer was last told; empty where nothing was."""
    file = folder / "REFRESH"
    return file.read_text() if file.exists() else ""


def assert_receipt(response: httpx.Response, status: int, outcome: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["cache-control"] == "no-store"
    receipt = RefreshReceipt.model_validate_json(response.content).model_dump(mode="json")
    assert receipt == {"accepted": status == 202, "outcome": outcome}


FORMS: list[dict[str, str]] = [github(BODY), standard(BODY, NOW), octavo(BODY, NOW), gitlab()]
NAMES = ["github", "standard", "octavo", "gitlab"]


@pytest.mark.parametrize("signature", FORMS, ids=NAMES)
def test_a_signed_request_tells_the_indexer_to_look(hook: Client, tmp_path: Path, signature: dict[str, str]) -> None:
    assert_receipt(hook.request("POST", URL, content=BODY, headers=signature), 202, "requested")
    assert word(tmp_path)


def test_a_signing_token_of_gitlab_is_the_base64_of_its_key(tmp_path: Path) -> None:
    with serving_hook(tmp_path, hook_secret=GITLAB_SECRET) as hook:
        signed = standard(BODY, NOW, key=GITLAB_KEY)
        assert_receipt(hook.request("POST", URL, content=BODY, headers=signed), 202, "requested")
        as_text = standard(BODY, NOW, key=GITLAB_SECRET.encode())
        assert_problem(hook.request("POST", URL, content=BODY, headers=as_text), ErrorCode.SIGNATURE_INVALID)


def test_one_right_signature_of_several_is_enough_while_a_secret_is_exchanged(hook: Client) -> None:
    old, new = standard(BODY, NOW, key=b"another"), standard(BODY, NOW)
    both = {**new, "webhook-signature": f"v1a,abc {old['webhook-signature']} {new['webhook-signature']}"}
    assert_receipt(hook.request("POST", URL, content=BODY, headers=both), 202, "requested")


def test_the_body_may_be_anything_or_nothing(hook: Client) -> None:
    for body in (b"", b"\xff\x00", b"payload=%7B%7D", b"x" * 65536):
        headers = github(body, delivery=str(len(body))) | {"Content-Type": "application/x-www-form-urlencoded"}
        assert_receipt(hook.request("POST", URL, content=body, headers=headers), 202, "requested")


def changed(signature: dict[str, str], **values: str) -> dict[str, str]:
    return signature | {name.replace("_", "-"): value for name, value in values.items()}


WRONG: dict[str, dict[str, str]] = {
    "nothing": {},
    "another secret": github(BODY, secret="another-secret-entirely"),
    "another body": github(b"{}"),
    "sha1": {"X-Hub-Signature": "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    "no prefix": {"X-Hub-Signature-256": github(BODY)["X-Hub-Signature-256"].removeprefix("sha256=")},
    "upper case": {"X-Hub-Signature-256": github(BODY)["X-Hub-Signature-256"].upper()},
    "an empty token": gitlab(secret=""),
    "another token": gitlab(secret=f"{SECRET}!"),
    "too old": standard(BODY, NOW - 301),
    "too new": standard(BODY, NOW + 301),
    "ours, too old": octavo(BODY, NOW - 301),
    "ours, too new": octavo(BODY, NOW + 301),
    "another id": changed(standard(BODY, NOW), webhook_id="msg_2"),
    "another time": changed(standard(BODY, NOW), webhook_timestamp=str(NOW - 1)),
    "no id": changed(standard(BODY, NOW, name=""), webhook_id=""),
    "no time": changed(standard(BODY, NOW), webhook_timestamp=""),
    "a time of letters": changed(standard(BODY, NOW), webhook_timestamp="soon"),
    "only a version": changed(standard(BODY, NOW), webhook_signature="v1,"),
    "ours, another secret": octavo(BODY, NOW, secret="another-secret-entirely"),
    "ours, half": {"X-Octavo-Signature": f"t={NOW}"},
    "a token beside a wrong signature": github(b"{}") | gitlab(),
    "a right signature beside one that is too old": standard(BODY, NOW - 301) | github(BODY),
    "a read key's way": {"Authorization": f"Bearer {SECRET}"},
}


@pytest.mark.parametrize("signature", WRONG.values(), ids=WRONG.keys())
def test_what_is_not_signed_with_the_secret_is_refused_without_a_reason(
    hook: Client, tmp_path: Path, signature: dict[str, str]
) -> None:
    response = hook.request("POST", URL, content=BODY, headers=signature)
    problem = assert_problem(response, ErrorCode.SIGNATURE_INVALID)
    assert problem["detail"] == "the request is not signed with this hook's secret"
    assert response.headers["www-authenticate"] == "HMAC-SHA256"
    assert not word(tmp_path)


def test_a_signature_that_is_given_twice_is_none(hook: Client) -> None:
    twice = [*github(BODY).items(), ("X-Hub-Signature-256", github(BODY)["X-Hub-Signature-256"])]
    assert_problem(hook.request("POST", URL, content=BODY, headers=twice), ErrorCode.SIGNATURE_INVALID)


def test_a_signed_time_counts_to_the_second(hook: Client) -> None:
    for number, time in enumerate((NOW - 300, NOW + 300)):
        signed = standard(BODY, time, name=f"msg_{number}")
        assert_receipt(hook.request("POST", URL, content=BODY, headers=signed), 202, "requested")
        assert_receipt(hook.request("POST", URL, content=BODY, headers=octavo(BODY, time)), 202, "requested")


def test_a_ping_is_answered_and_nothing_is_done(hook: Client, tmp_path: Path) -> None:
    ping = github(BODY, event="ping")
    assert_receipt(hook.request("POST", URL, content=BODY, headers=ping), 200, "ping")
    assert not word(tmp_path)
    forged = github(BODY, event="ping", secret="another-secret-entirely")
    assert_problem(hook.request("POST", URL, content=BODY, headers=forged), ErrorCode.SIGNATURE_INVALID)


REPEATED: list[tuple[dict[str, str], dict[str, str]]] = [
    (github(BODY), github(BODY)),
    (github(BODY), github(BODY, delivery="made-up")),
    (standard(BODY, NOW), standard(BODY, NOW + 5)),
    (octavo(BODY, NOW), octavo(BODY, NOW)),
    (gitlab(key="a"), gitlab(key="a")),
]


@pytest.mark.parametrize(("first", "again"), REPEATED)
def test_a_delivery_that_comes_again_within_ten_minutes_is_not_acted_upon(
    hook: Client, tmp_path: Path, first: dict[str, str], again: dict[str, str]
) -> None:
    assert_receipt(hook.request("POST", URL, content=BODY, headers=first), 202, "requested")
    told = word(tmp_path)
    assert_receipt(hook.request("POST", URL, content=BODY, headers=again), 200, "repeated")
    assert word(tmp_path) == told


def test_another_delivery_is_acted_upon(hook: Client, tmp_path: Path) -> None:
    words = set()
    for number in range(3):
        body = str(number).encode()
        for signature in (github(body, delivery=f"d{number}"), gitlab(key=f"k{number}"), octavo(body, NOW)):
            assert_receipt(hook.request("POST", URL, content=body, headers=signature), 202, "requested")
            words.add(word(tmp_path))
    assert len(words) == 9


def test_a_delivery_is_forgotten_no_sooner_than_its_signature_is_too_old(tmp_path: Path) -> None:
    clock = MovableClock()
    with serving_hook(tmp_path, clock) as hook:
        early = octavo(BODY, NOW + 300)
        hook.request("POST", URL, content=BODY, headers=early)
        hook.request("POST", URL, content=BODY, headers=github(BODY))
        clock.instant = NOON + timedelta(seconds=600)
        assert_receipt(hook.request("POST", URL, content=BODY, headers=early), 200, "repeated")
        assert_receipt(hook.request("POST", URL, content=BODY, headers=github(BODY)), 200, "repeated")
        clock.instant = NOON + timedelta(seconds=601)
        assert_problem(hook.request("POST", URL, content=BODY, headers=early), ErrorCode.SIGNATURE_INVALID)
        assert_receipt(hook.request("POST", URL, content=BODY, headers=github(BODY)), 202, "requested")


def test_where_the_indexer_cannot_be_told_the_answer_says_so_and_the_delivery_may_be_sent_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "not there yet"
    with serving_hook(tmp_path, hook_file=folder / "wish") as hook, caplog.at_level(logging.ERROR):
        refused = hook.request("POST", URL, content=BODY, headers=github(BODY))
        assert assert_problem(refused, ErrorCode.HOOK_UNAVAILABLE)["retry_after"] == 60
        assert str(tmp_path) not in refused.text
        (record,) = caplog.records
        entry = json.loads(record.getMessage())
        assert (entry["file"], entry["error"]) == (str(folder / "wish"), "No such file or directory")
        folder.mkdir()
        assert_receipt(hook.request("POST", URL, content=BODY, headers=github(BODY)), 202, "requested")
        assert (folder / "wish").read_text()


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_what_is_no_file_is_not_written_to(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("mine")
    if kind == "link":
        (tmp_path / "REFRESH").symlink_to(target)
    else:
        (tmp_path / "REFRESH").mkdir()
    with serving_hook(tmp_path) as hook:
        response = hook.request("POST", URL, content=BODY, headers=github(BODY))
        assert_problem(response, ErrorCode.HOOK_UNAVAILABLE)
    assert target.read_text() == "mine"


def test_a_body_that_is_too_large_is_413_before_it_is_looked_at(hook: Client) -> None:
    body = b"x" * 65537
    assert_problem(hook.request("POST", URL, content=body, headers=github(body)), ErrorCode.BODY_TOO_LARGE)


def test_without_a_secret_there_is_no_hook(tmp_path: Path) -> None:
    with serving_hook(tmp_path, hook_secret=None) as client:
        for headers in ({}, github(BODY, secret=""), gitlab(secret="")):
            response = client.request("POST", URL, content=BODY, headers=headers)
            problem = assert_problem(response, ErrorCode.ROUTE_NOT_FOUND)
            assert "OCTAVO_HOOK_SECRET" in problem["detail"]


def test_the_hook_takes_post_alone_and_nothing_else_does(hook: Client) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        response = hook.request(method, URL)
        assert (response.status_code, response.headers["allow"]) == (405, "POST, OPTIONS")
    assert hook.get(URL).json()["detail"] == "the hook takes POST"
    for url in ("/v1/posts", "/v1", "/v1/search?q=a", "/healthz"):
        response = hook.request("POST", url, content=BODY, headers=github(BODY))
        assert assert_problem(response, ErrorCode.METHOD_NOT_ALLOWED)
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_script_of_another_origin_is_not_offered_to_post(hook: Client) -> None:
    preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    for url in (URL, "/v1/posts"):
        answer = hook.request("OPTIONS", url, headers=preflight)
        assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert hook.request("OPTIONS", URL).headers["allow"] == "POST, OPTIONS"


def test_the_hook_takes_no_parameter(hook: Client, tmp_path: Path) -> None:
    response = hook.request("POST", f"{URL}?force=1", content=BODY, headers=github(BODY))
    assert_problem(response, ErrorCode.UNKNOWN_PARAMETER)
    assert not word(tmp_path)


header_text = st.text(st.characters(max_codepoint=255), max_size=60)
NAMED = (
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "x-octavo-signature",
    "x-hub-signature-256",
    "x-gitlab-token",
    "idempotency-key",
)


@given(st.lists(st.tuples(st.sampled_from(NAMED), header_text)), st.binary(max_size=40))
def test_no_headers_and_no_body_make_the_check_fail_and_none_pass_it_by_chance(
    headers: list[tuple[str, str]], body: bytes
) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    assert verified(Headers(raw=raw), body, SECRET, float(NOW)) is None


@given(st.binary(max_size=200), st.integers(0, 10**12 - 1), st.text(st.characters(codec="ascii"), min_size=1).map(repr))
def test_what_was_signed_is_verified_and_nothing_else_is(body: bytes, time: int, name: str) -> None:
    for signature in (github(body), standard(body, time, name=name), octavo(body, time)):
        headers = Headers(signature)
        assert verified(headers, body, SECRET, float(time))
        assert verified(headers, body + b"x", SECRET, float(time)) is None
        assert verified(headers, body, SECRET + "x", float(time)) is None


def test_the_deliveries_that_are_remembered_are_bounded() -> None:
    seen = SeenDeliveries()
    for number in range(3 * MOST_KEPT):
        assert seen.add((f"github {number}", f"signature {number}"), 0.0)
    assert not seen.add((f"github {3 * MOST_KEPT - 1}",), 0.0)
    assert seen.add(("github 0",), 0.0)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("OCTAVO_HOOK_SECRET", "short-secret", "at least 16"),
        ("OCTAVO_HOOK_SECRET", "whsec_not//base64!!", "goes on in base64"),
        ("OCTAVO_RESCAN_SECONDS", "0", "greater than 0"),
    ],
)
def test_a_wrong_setting_ends_the_start_and_a_secret_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=variable) as refused:
        load_service_settings(index_dir=tmp_path)
    assert said in str(refused.value)
    assert "SECRET" not in variable or value not in str(refused.value) + str(refused.value.__cause__)


def test_the_document_describes_the_hook_as_signed_and_not_as_read_with_a_key() -> None:
    from api.app import openapi_document

    document: dict[str, Any] = openapi_document()
    described = document["paths"][URL]["post"]
    assert described["operationId"] == "refresh_content"
    assert described["security"] == []
    assert {"200", "202", "400", "401", "404", "408", "413", "429", "503"} <= set(described["responses"])
    assert {row["name"] for row in described["parameters"]} >= set(standard(BODY, NOW)) | {"X-Hub-Signature-256"}
