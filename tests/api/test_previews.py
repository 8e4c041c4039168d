"""Drafts, scheduled and expired posts over HTTP, for whoever has a token."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from api.preview_tokens import PreviewGrant, sign
from api.schemas.problems import ErrorCode
from search_index.catalog import Catalog
from search_index.model import Kind
from search_index.wire import Post
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.sites import NOON, Site, post

SECRET = "a secret of more than 32 characters"
HOUR = int((NOON + timedelta(hours=1)).timestamp())


def token(key: str, kind: Kind | None = Kind.POST, *, expires: int = HOUR, secret: str = SECRET) -> str:
    return sign(secret, PreviewGrant(kind, key, expires))


EVERYTHING = token("", None)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("previews"), public_url="https://example.org")
    site.write(
        {
            "_config.yml": "permalink: /:title/\n",
            "_drafts/draft.md": post("Draft", body="Not *yet*."),
            "_posts/2026-01-01-public.md": post("Public"),
            "_posts/2026-01-02-withdrawn.md": post("Withdrawn", published=False),
            "_posts/2026-09-02-later.md": post("Later"),
            "about.md": post("About", published=False, permalink="/who/"),
        }
    )
    site.build()
    return site


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[Client]:
    with serving(site, preview_secret=SECRET) as client:
        yield client


def assert_preview(response: httpx.Response) -> Post:
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-robots-tag"] == "noindex"
    assert not {"etag", "cache-tag", "last-modified"} & set(response.headers)
    return Post.model_validate(assert_declared(response, Post))


@pytest.mark.parametrize(
    ("key", "title", "status"),
    [
        ("draft", "Draft", "draft"),
        ("withdrawn", "Withdrawn", "draft"),
        ("later", "Later", "published"),
        ("public", "Public", "published"),
    ],
)
def test_a_token_shows_the_post_whole_whichever_way_it_is_sent(
    client: Client, key: str, title: str, status: str
) -> None:
    in_address = client.get(f"/v1/posts/{key}?preview_token={token(key)}")
    in_header = client.get(f"/v1/posts/{key}", headers={"X-Preview-Token": token(key)})
    assert in_address.content == in_header.content
    for response in (in_address, in_header):
        shown = assert_preview(response)
        assert (shown.title, shown.status, shown.api_url) == (title, status, f"/v1/posts/{key}")
    assert client.head(f"/v1/posts/{key}?preview_token={token(key)}").headers["cache-control"] == "private, no-store"


def test_pages_are_shown_by_tokens_of_their_own(client: Client) -> None:
    for key in ("about", "who"):
        shown = assert_preview(client.get(f"/v1/pages/{key}?preview_token={token(key, Kind.PAGE)}"))
        assert (shown.title, shown.kind) == ("About", "page")
    wrong = client.get(f"/v1/pages/about?preview_token={token('about')}")
    assert_problem(wrong, ErrorCode.PREVIEW_TOKEN_INVALID)


def test_a_token_for_everything_shows_everything(client: Client) -> None:
    for address in ("/v1/posts/draft", "/v1/posts/later", "/v1/posts/public", "/v1/pages/about"):
        assert_preview(client.get(address, headers={"X-Preview-Token": EVERYTHING}))
    missing = client.get(f"/v1/posts/drafts?preview_token={EVERYTHING}")
    assert assert_problem(missing, ErrorCode.POST_NOT_FOUND)["suggestions"] == []
    assert_problem(client.get(f"/v1/pages/abuot?preview_token={EVERYTHING}"), ErrorCode.PAGE_NOT_FOUND)


def test_without_a_token_there_is_nothing(client: Client) -> None:
    for key in ("draft", "withdrawn", "later"):
        assert_problem(client.get(f"/v1/posts/{key}"), ErrorCode.POST_NOT_FOUND)
        client.get(f"/v1/posts/{key}?preview_token={EVERYTHING}")
        assert_problem(client.get(f"/v1/posts/{key}"), ErrorCode.POST_NOT_FOUND)


WRONG = {
    "of another post": token("withdrawn"),
    "of another secret": token("draft", secret="another secret of 32 characters!"),
    "tampered with": token("draft")[:-1] + "_",
    "blank": "",
    "no token": "Bearer",
    "not ascii": "tökén",
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_token_is_answered_alike_whatever_there_is(client: Client, wrong: str) -> None:
    told = []
    for key in ("draft", "later", "public", "nothing"):
        problem = assert_problem(
            client.get(f"/v1/posts/{key}", params={"preview_token": wrong}), ErrorCode.PREVIEW_TOKEN_INVALID
        )
        told.append({**problem, "instance": "", "request_id": ""})
    assert told == told[:1] * 4


def test_a_token_whose_time_is_over_says_so_and_no_more(client: Client) -> None:
    over = int(NOON.timestamp())
    for key in ("draft", "public", "nothing"):
        answer = client.get(f"/v1/posts/{key}?preview_token={token('draft', expires=over)}")
        assert_problem(answer, ErrorCode.PREVIEW_TOKEN_EXPIRED)


def test_a_preview_is_never_answered_from_memory_nor_kept_there(client: Client) -> None:
    public = client.get("/v1/posts/public")
    again = client.get("/v1/posts/public")
    assert again.headers["etag"] == public.headers["etag"]
    assert_preview(client.get("/v1/posts/public", headers={"X-Preview-Token": EVERYTHING}))
    matching = {"X-Preview-Token": EVERYTHING, "If-None-Match": public.headers["etag"]}
    assert_preview(client.get("/v1/posts/public", headers=matching))
    assert_problem(client.get("/v1/posts/public", headers={"X-Preview-Token": "x"}), ErrorCode.PREVIEW_TOKEN_INVALID)
    after = client.get("/v1/posts/public")
    assert {**after.headers, "x-request-id": ""} == {**public.headers, "x-request-id": ""}


def test_a_preview_that_was_shown_is_over_with_its_token(site: Site) -> None:
    with serving(site, preview_secret=SECRET) as client:
        address = f"/v1/posts/draft?preview_token={token('draft')}"
        assert_preview(client.get(address))
        site.clock.instant += timedelta(hours=1)
        try:
            assert_problem(client.get(address), ErrorCode.PREVIEW_TOKEN_EXPIRED)
        finally:
            site.clock.instant = NOON


def test_two_tokens_are_one_too_many(client: Client) -> None:
    twice = client.get(f"/v1/posts/draft?preview_token={EVERYTHING}", headers={"X-Preview-Token": EVERYTHING})
    problem = assert_problem(twice, ErrorCode.REPEATED_PARAMETER)
    assert (problem["errors"][0]["in"], problem["errors"][0]["name"]) == ("header", "X-Preview-Token")
    both = [("X-Preview-Token", EVERYTHING)] * 2
    assert_problem(client.get("/v1/posts/draft", headers=both), ErrorCode.REPEATED_PARAMETER)
    given = f"preview_token={EVERYTHING}"
    assert_problem(client.get(f"/v1/posts/draft?{given}&{given}"), ErrorCode.REPEATED_PARAMETER)


def test_a_token_opens_nothing_but_the_post_itself(client: Client) -> None:
    for address in ("/v1/posts", "/v1/posts/draft/related", "/v1/search?q=yet", "/v1/tags", "/v1"):
        joined = f"{address}{'&' if '?' in address else '?'}preview_token={EVERYTHING}"
        assert_problem(client.get(joined), ErrorCode.UNKNOWN_PARAMETER)
        answer = client.get(address, headers={"X-Preview-Token": EVERYTHING})
        assert answer.content.replace(answer.headers["x-request-id"].encode(), b"").find(b"Draft") == -1


def test_where_no_secret_is_set_previews_are_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_to_be_asked(*_: object) -> None:
        raise AssertionError("the preview path was taken")

    monkeypatch.setattr("search_index.library.Previews.of", not_to_be_asked)
    monkeypatch.setattr(Catalog, "find_waiting", not_to_be_asked)
    with serving(site) as client:
        for key in ("draft", "public", "nothing"):
            problem = assert_problem(client.get(f"/v1/posts/{key}?preview_token={EVERYTHING}"), ErrorCode.PREVIEWS_OFF)
            assert "OCTAVO_PREVIEW_SECRET" in problem["detail"]
        assert client.get("/v1/posts/public").status_code == 200


def test_the_secret_and_the_tokens_stay_out_of_answers_and_logs(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answers = [
            client.get(f"/v1/posts/draft?preview_token={EVERYTHING}x"),
            client.get(f"/v1/posts?preview_token={EVERYTHING}"),
            client.get(f"/v1/posts/nothing?preview_token={EVERYTHING}"),
        ]
    assert SECRET not in repr(client.app.state.service.settings)
    for text in (*(answer.text for answer in answers), *(str(answer.headers) for answer in answers), caplog.text):
        assert SECRET not in text
    for answer in answers:
        assert EVERYTHING not in answer.text


def test_scripts_of_other_origins_may_send_the_header(client: Client) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-preview-token"}
    allowed = client.request("OPTIONS", "/v1/posts/draft", headers={"Origin": "https://a.example", **asked})
    assert "X-Preview-Token" in allowed.headers["access-control-allow-headers"]
