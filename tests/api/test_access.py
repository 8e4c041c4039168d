"""Read keys and rates over the real application: who is let in, how often, and what caches and browsers are told."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app, openapi_document
from api.read_keys import parse_read_keys
from api.schemas.problems import ErrorCode
from api.settings import ServiceSettings, load_service_settings
from search_index.settings import SettingsError
from tests.api.client import Client, running, serving
from tests.api.shapes import assert_problem
from tests.api.signing import SECRET, github
from tests.api.test_every_url import URLS
from tests.cli.conftest import run_octavo
from tests.sites import Site

KEY = "key-of-the-website-0001"
OTHER = "key-of-the-newsletter-2"
TOKEN = "a-token-of-the-operator"
KEYS = f"website:{KEY}, {OTHER}"
READER = {"Authorization": f"Bearer {KEY}"}
PREFLIGHT = {
    "Origin": "https://a.example",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "authorization",
}


class Seconds:
    """A monotonic clock that a test moves; in seconds here, in nanoseconds for the application."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> int:
        return int(self.now * 1_000_000_000)


@contextmanager
def serving_with(site: Site, clock: Seconds | None = None, **settings: object) -> Iterator[Client]:
    service = ServiceSettings(**{"index_dir": site.index, "content_dir": site.content, **settings})  # type: ignore[arg-type]  # settings by name
    app = create_app(service, site.settings, site.clock, monotonic_ns=clock or Seconds())
    with running(app) as client:
        yield client


@pytest.fixture(scope="module")
def keyed(blog_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The blog, for those who have a key."""
    hook = {"hook_secret": SECRET, "hook_file": tmp_path_factory.mktemp("hook") / "refresh"}
    with serving(blog_site, read_keys=KEYS, search_analytics_token=TOKEN, **hook) as client:
        yield client


class TestReadKeys:
    @pytest.mark.parametrize("url", [*URLS, "/openapi.json", "/images/dot.png", "/nothing", "/v1/search/analytics"])
    def test_without_a_key_nothing_is_read(self, keyed: Client, url: str) -> None:
        response = keyed.get(url)
        problem = assert_problem(response, ErrorCode.UNAUTHORIZED)
        assert problem["detail"] == "send a read key as 'Authorization: Bearer ...'"
        assert response.headers["www-authenticate"] == "Bearer"
        assert "etag" not in response.headers
        wrong = keyed.get(url, headers={"Authorization": f"Bearer {KEY}x"})
        assert {**wrong.json(), "request_id": ""} == {**problem, "request_id": ""}

    @pytest.mark.parametrize(
        "authorization",
        ["", "Bearer", "Bearer ", f"Basic {KEY}", KEY, f"Bearer x{KEY}", f"Bearer website:{KEY}", "Bearer é", f"Bearer {KEYS}"],
    )  # fmt: skip
    def test_what_is_no_key_is_none(self, keyed: Client, authorization: str) -> None:
        assert_problem(keyed.get("/v1", headers={"Authorization": authorization.encode()}), ErrorCode.UNAUTHORIZED)

    @pytest.mark.parametrize("url", [*URLS, "/openapi.json", "/images/dot.png"])
    def test_with_any_of_the_keys_everything_is_and_no_shared_cache_keeps_it(self, keyed: Client, url: str) -> None:
        for key in (KEY, OTHER):
            for _ in range(2):  # the second is a kept answer
                response = keyed.get(url, headers={"Authorization": f"bearer {key}"})
                assert response.status_code == 200
                assert response.headers["cache-control"] == "private, max-age=0"
                assert "Authorization" in response.headers.get_list("vary", split_commas=True)

    def test_what_a_reader_has_is_not_sent_again_and_stays_private(self, keyed: Client) -> None:
        etag = keyed.get("/v1/posts", headers=READER).headers["etag"]
        again = keyed.get("/v1/posts", headers=READER | {"If-None-Match": etag})
        assert (again.status_code, again.headers["cache-control"]) == (304, "private, max-age=0")
        assert_problem(keyed.get("/v1/posts", headers={"If-None-Match": etag}), ErrorCode.UNAUTHORIZED)

    @pytest.mark.parametrize(
        "url", ["/v1/posts/", "//v1/posts", "/v1/./posts", "/healthz/", "//healthz", "/v1/hooks/refresh/"]
    )
    def test_no_other_spelling_of_a_path_is_let_in(self, keyed: Client, url: str) -> None:
        assert_problem(keyed.get(f"http://octavo.test{url}"), ErrorCode.UNAUTHORIZED)

    def test_a_key_given_twice_is_none(self, keyed: Client) -> None:
        twice = [("Authorization", f"Bearer {KEY}"), ("Authorization", f"Bearer {KEY}")]
        assert_problem(keyed.get("/v1", headers=twice), ErrorCode.UNAUTHORIZED)

    def test_a_key_in_the_address_is_none(self, keyed: Client) -> None:
        assert_problem(keyed.get(f"/v1?key={KEY}"), ErrorCode.UNAUTHORIZED)

    def test_probes_need_none(self, keyed: Client) -> None:
        for url in ("/healthz", "/readyz"):
            response = keyed.get(url)
            assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")

    def test_the_hook_has_its_signature_instead(self, keyed: Client) -> None:
        refused = keyed.request("POST", "/v1/hooks/refresh", content=b"a", headers=READER)
        assert_problem(refused, ErrorCode.SIGNATURE_INVALID)
        accepted = keyed.request("POST", "/v1/hooks/refresh", content=b"a", headers=github(b"a"))
        assert accepted.status_code == 202

    def test_the_token_of_the_search_analytics_opens_these_and_nothing_else(self, keyed: Client) -> None:
        operator = {"Authorization": f"Bearer {TOKEN}"}
        assert keyed.get("/v1/search/analytics", headers=operator).status_code == 200
        assert_problem(keyed.get("/v1/search?q=a", headers=operator), ErrorCode.UNAUTHORIZED)
        assert_problem(keyed.get("/v1/search/analytics", headers=READER), ErrorCode.UNAUTHORIZED)

    def test_a_browser_may_send_the_key_from_another_origin(self, keyed: Client, blog: Client) -> None:
        asked = keyed.request("OPTIONS", "/v1/posts", headers=PREFLIGHT)
        assert asked.status_code == 204
        assert "Authorization" in asked.headers["access-control-allow-headers"].split(", ")
        refused = keyed.get("/v1/posts", headers={"Origin": "https://a.example"})
        assert refused.headers["access-control-allow-origin"] == "*"
        without = blog.request("OPTIONS", "/v1/posts", headers=PREFLIGHT)
        assert "Authorization" not in without.headers["access-control-allow-headers"]

    def test_a_list_of_origins_varies_with_both(self, blog_site: Site) -> None:
        with serving(blog_site, read_keys=KEYS, cors_origins="https://a.example") as client:
            varied = client.get("/v1", headers=READER).headers.get_list("vary", split_commas=True)
        assert {*varied} == {"Origin", "Authorization", "Accept-Encoding"}

    def test_without_keys_everybody_reads_and_caches_keep_it(self, blog: Client) -> None:
        response = blog.get("/v1/posts", headers=READER)
        assert response.status_code == 200
        assert response.headers["cache-control"].startswith("public")
        assert "authorization" not in response.headers.get("vary", "").lower()

    def test_a_preview_stays_stored_by_nobody(self, tmp_path: Path) -> None:
        site = Site(tmp_path, drafts=True)
        site.write({"a.md": "---\ntitle: A\n---\n"})
        site.build()
        with serving(site, read_keys=KEYS) as client:
            assert client.get("/v1", headers=READER).headers["cache-control"] == "private, no-store"


class TestRates:
    def test_a_caller_may_ask_in_a_burst_and_then_at_the_rate(self, blog_site: Site) -> None:
        clock = Seconds()
        with serving_with(blog_site, clock, rate_limit=2, rate_burst=3) as client:
            assert [client.get("/v1").status_code for _ in range(4)] == [200, 200, 200, 429]
            refused = client.get("/v1")
            assert assert_problem(refused, ErrorCode.RATE_LIMITED)["retry_after"] == 1
            clock.now += 0.5
            assert [client.get("/v1").status_code for _ in range(2)] == [200, 429]
            clock.now += 60
            assert [client.get("/v1").status_code for _ in range(4)] == [200, 200, 200, 429]

    def test_who_waits_as_long_as_it_was_told_is_answered(self, blog_site: Site) -> None:
        clock = Seconds()
        with serving_with(blog_site, clock, rate_limit=0.1, rate_burst=1) as client:
            client.get("/v1")
            wait = client.get("/v1").headers["retry-after"]
            assert wait == "10"
            clock.now += int(wait)
            assert client.get("/v1").status_code == 200

    def test_every_answer_says_how_the_caller_stands(self, blog_site: Site) -> None:
        with serving_with(blog_site, rate_limit=2, rate_burst=3, search_rate_limit=1, search_rate_burst=2) as client:
            first, second = client.get("/v1/posts"), client.get("/v1/posts?tga=1")
            assert first.headers["ratelimit-policy"] == '"requests";q=3;w=2'
            assert first.headers["ratelimit"] == '"requests";r=2;t=1'
            assert second.status_code == 400
            assert second.headers["ratelimit"] == '"requests";r=1;t=1'
            search = client.get("/v1/search?q=fox")
            assert search.headers["ratelimit"] == '"requests";r=0;t=2, "searches";r=1;t=1'
            assert search.headers["ratelimit-policy"] == '"requests";q=3;w=2, "searches";q=2;w=2'
            refused = client.get("/v1/posts", headers={"Origin": "https://a.example"})
            assert refused.headers["ratelimit"] == '"requests";r=0;t=2'
            assert refused.headers["access-control-allow-origin"] == "*"
            exposed = refused.headers["access-control-expose-headers"].split(", ")
            assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed)

    def test_searches_and_suggestions_have_a_limit_of_their_own(self, blog_site: Site) -> None:
        with serving_with(blog_site, search_rate_limit=1, search_rate_burst=2) as client:
            assert client.get("/v1/search?q=fox").status_code == 200
            assert client.get("/v1/search/suggest?q=fo").status_code == 200
            assert_problem(client.get("/v1/search?q=fox"), ErrorCode.RATE_LIMITED)
            assert [client.get("/v1/posts").status_code for _ in range(5)] == [200] * 5
            assert "ratelimit" not in client.get("/v1/posts").headers

    @pytest.mark.parametrize("url", ["/v1/search%0A?q=fox", "/v1/search/suggest%0A?q=fo", "/v1%0A/search?q=fox"])
    def test_no_other_spelling_of_a_search_goes_around_its_limit(self, blog_site: Site, url: str) -> None:
        with serving_with(blog_site, search_rate_limit=1, search_rate_burst=1) as client:
            assert_problem(client.get(url), ErrorCode.ROUTE_NOT_FOUND)

    def test_a_refused_search_costs_nothing_of_the_other_limit(self, blog_site: Site) -> None:
        with serving_with(blog_site, rate_limit=1, rate_burst=3, search_rate_limit=1, search_rate_burst=1) as client:
            answers = [client.get("/v1/search?q=fox").status_code for _ in range(5)]
            assert answers == [200, 429, 429, 429, 429]
            assert [client.get("/v1").status_code for _ in range(3)] == [200, 200, 429]

    def test_probes_and_preflights_are_never_limited(self, blog_site: Site) -> None:
        with serving_with(blog_site, rate_limit=1, rate_burst=1) as client:
            client.get("/v1")
            for url in ("/healthz", "/readyz"):
                assert client.get(url).status_code == 200
            assert client.request("OPTIONS", "/v1", headers=PREFLIGHT).status_code == 204
            assert client.get("/v1").status_code == 429

    def test_the_hook_and_what_is_refused_count(self, blog_site: Site) -> None:
        with serving_with(blog_site, rate_limit=1, rate_burst=2, hook_secret=SECRET) as client:
            assert client.request("POST", "/v1/hooks/refresh", content=b"").status_code == 401
            assert client.get("/nothing").status_code == 404
            assert_problem(client.request("POST", "/v1/hooks/refresh", content=b""), ErrorCode.RATE_LIMITED)

    def test_every_key_has_its_own_and_guessing_counts_against_the_address(self, blog_site: Site) -> None:
        with serving_with(blog_site, rate_limit=1, rate_burst=2, read_keys=KEYS) as client:
            for _ in range(2):
                assert client.get("/v1", headers={"Authorization": "Bearer guess"}).status_code == 401
            assert client.get("/v1", headers={"Authorization": "Bearer guess"}).status_code == 429
            assert [client.get("/v1", headers=READER).status_code for _ in range(3)] == [200, 200, 429]
            assert client.get("/v1", headers={"Authorization": f"Bearer {OTHER}"}).status_code == 200

    def test_an_address_counts_as_forwarded_by_a_trusted_proxy_alone(self, blog_site: Site) -> None:
        # the test client's peer is 127.0.0.1
        with serving_with(blog_site, rate_limit=1, rate_burst=1, trusted_proxies="127.0.0.1, 10.0.0.0/8") as client:
            statuses = [
                client.get("/v1", headers={"X-Forwarded-For": forwarded}).status_code
                for forwarded in (
                    "192.0.2.1",
                    "192.0.2.2",
                    "192.0.2.9, 192.0.2.1, 10.1.2.3",
                    "2001:db8::1",
                    "2001:db8::2",
                )
            ]
            assert statuses == [200, 200, 429, 200, 429]
        with serving_with(blog_site, rate_limit=1, rate_burst=1) as client:
            statuses = [
                client.get("/v1", headers={"X-Forwarded-For": forwarded}).status_code
                for forwarded in ("192.0.2.1", "192.0.2.2")
            ]
            assert statuses == [200, 429]

    def test_by_default_nobody_is_limited(self, blog: Client) -> None:
        assert {blog.get("/v1").status_code for _ in range(100)} == {200}
        assert "ratelimit" not in blog.get("/v1").headers


SECRETS = {
    "OCTAVO_READ_KEYS": f"website:{KEY},{OTHER}",
    "OCTAVO_HOOK_SECRET": SECRET,
    "OCTAVO_SEARCH_ANALYTICS_TOKEN": TOKEN,
}
HIDDEN = (KEY, OTHER, SECRET, TOKEN)


class TestSecrets:
    @pytest.fixture(autouse=True)
    def _set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in SECRETS.items():
            monkeypatch.setenv(name, value)

    def test_settings_do_not_show_them(self, tmp_path: Path) -> None:
        settings = load_service_settings(index_dir=tmp_path)
        shown = f"{settings!r} {settings} {settings.model_dump_json()} {parse_read_keys(SECRETS['OCTAVO_READ_KEYS'])!r}"
        assert not [secret for secret in HIDDEN if secret in shown]

    @pytest.mark.parametrize(
        ("variable", "value"),
        [("OCTAVO_S_MAXAGE", "soon"), ("OCTAVO_CORS_CREDENTIALS", "true"), ("OCTAVO_TRUSTED_PROXIES", "nginx")],
    )
    def test_what_is_said_of_another_setting_does_not_show_them(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str
    ) -> None:
        monkeypatch.setenv(variable, value)
        with pytest.raises(SettingsError, match=variable) as refused:
            load_service_settings(index_dir=tmp_path)
        said = f"{refused.value} {refused.value.__cause__}"
        assert not [secret for secret in HIDDEN if secret in said]

    @pytest.mark.parametrize(
        ("keys", "said"),
        [
            ("website:short-secret", "key 1: 12 characters"),
            (f"{KEY},too-short", "key 2: 9 characters"),
            ("a key with blanks in it", "key 1: a key is of letters"),
            (f"web site:{KEY}", "key 1: a name is of"),
            (f"website:{KEY},website:{OTHER}", "same name"),
            (f"website:{KEY},{KEY}", "two keys are the same"),
            (", ,", "write a key"),
        ],
    )
    def test_a_wrong_key_is_named_by_its_place_and_not_shown(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keys: str, said: str
    ) -> None:
        monkeypatch.setenv("OCTAVO_READ_KEYS", keys)
        with pytest.raises(SettingsError, match=f"^OCTAVO_READ_KEYS: .*{re.escape(said)}") as refused:
            load_service_settings(index_dir=tmp_path)
        shown = f"{refused.value} {refused.value.__cause__}"
        parts = [part.strip() for part in re.split("[,:]", keys) if len(part.strip()) >= 9]
        assert not [part for part in parts if part in shown]

    def test_neither_answers_nor_the_log_show_them(
        self, blog_site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        secrets: dict[str, Any] = {name.removeprefix("OCTAVO_").lower(): value for name, value in SECRETS.items()}
        given = [READER, {"Authorization": f"Bearer {TOKEN}"}, {"X-Gitlab-Token": SECRET}, github(b""), {}]
        with (
            caplog.at_level(logging.DEBUG),
            serving_with(blog_site, rate_limit=100, rate_burst=12, hook_file=tmp_path / "refresh", **secrets) as client,
        ):
            asked = [
                ("GET", "/v1"),
                ("GET", "/v1/search/analytics"),
                ("POST", "/v1/hooks/refresh"),
                ("GET", "/nothing"),
            ]
            answers = [client.request(method, url, headers=headers) for method, url in asked for headers in given]
        assert {200, 202, 401, 404, 429} <= {answer.status_code for answer in answers}
        shown = " ".join(f"{answer.text} {answer.headers}" for answer in answers) + caplog.text
        assert not [secret for secret in HIDDEN if secret in shown]

    @pytest.mark.parametrize(
        "arguments", [["--help"], ["serve", "--help"], ["index", "--help"], ["serve", "no-such-folder"]]
    )
    def test_the_command_line_does_not_show_them(self, tmp_path: Path, arguments: list[str]) -> None:
        ended = run_octavo(*arguments, cwd=tmp_path, variables=SECRETS)
        assert ended.stdout + ended.stderr
        assert not [secret for secret in HIDDEN if secret in ended.stdout + ended.stderr]


def test_the_document_offers_keys_and_demands_none() -> None:
    document = openapi_document()
    assert document["security"] == [{}, {"bearerAuth": []}]
    scheme = document["components"]["securitySchemes"]["bearerAuth"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, item in document["paths"].items():
        for operation in item.values():
            assert {"401", "429"} <= set(operation["responses"]), path
