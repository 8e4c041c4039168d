"""The refresh hook between real processes: the worker that is asked, and the indexer that looks."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_index.refresh import REFRESH_FILE
from tests.api.signing import SECRET, Signature, github, octavo
from tests.cli.conftest import (
    Served,
    ServedFactory,
    end_all,
    octavo_environment,
    write_post,
)

HOUR_MS = str(60 * 60 * 1000)
DEAF = {"WATCHFILES_FORCE_POLLING": "1", "WATCHFILES_POLL_DELAY_MS": HOUR_MS, "OCTAVO_RESCAN_SECONDS": "3600"}
"""No event comes, as on a network drive, and the folder is looked through once an hour."""


def call_hook(served: Served, body: bytes, signature: Signature) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request("POST", "/v1/hooks/refresh", body, signature)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_signed_request_has_an_edit_served_that_nobody_saw(serve: ServedFactory, content: Path, workers: str) -> None:
    write_post(content, "one.md", "One")
    served = serve("--workers", workers, variables=DEAF | {"OCTAVO_HOOK_SECRET": SECRET})
    served.until_serving("One")
    served.until_said("1 post in generation")
    write_post(content, "two.md", "Two")
    body = b'{"after": "2"}'
    status, problem = call_hook(served, body, github(body, secret="another-secret-entirely"))
    assert (status, problem["code"]) == (401, "signature_invalid")
    assert call_hook(served, body, github(body)) == (202, {"accepted": True, "outcome": "requested"})
    served.until_serving("One", "Two")
    assert SECRET not in served.said


@pytest.fixture
def indexer(content: Path, index_dir: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """``octavo index --watch`` on the test's folders; it sees no change by itself."""
    write_post(content, "one.md", "One")
    (tmp_path / "hook").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "api.cli", "index", str(content), "--index-dir", str(index_dir), "--watch"],
        encoding="utf-8",
        env=octavo_environment(**DEAF, OCTAVO_HOOK_FILE=str(tmp_path / "hook" / "refresh")),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    yield process
    end_all(process)


def test_a_server_that_may_only_read_the_index_tells_an_indexer_beside_it(
    indexer: subprocess.Popen[str], serve: ServedFactory, content: Path, index_dir: Path, tmp_path: Path
) -> None:
    variables = {"OCTAVO_HOOK_SECRET": SECRET, "OCTAVO_HOOK_FILE": str(tmp_path / "hook" / "refresh")}
    served = serve("--read-only", variables=variables)
    served.until_serving("One")
    write_post(content, "two.md", "Two")
    body = b""
    assert call_hook(served, body, octavo(body, int(time.time())))[0] == 202
    served.until_serving("One", "Two")
    assert not (index_dir / REFRESH_FILE).exists()
    assert indexer.poll() is None


def test_a_place_that_cannot_be_written_is_a_problem_that_the_log_explains(
    serve: ServedFactory, content: Path, tmp_path: Path
) -> None:
    write_post(content, "one.md", "One")
    missing = tmp_path / "not mounted" / "refresh"
    served = serve(variables={"OCTAVO_HOOK_SECRET": SECRET, "OCTAVO_HOOK_FILE": str(missing)})
    served.until_serving("One")
    status, problem = call_hook(served, b"", github(b""))
    assert (status, problem["code"]) == (503, "hook_unavailable")
    assert "not mounted" not in str(problem)
    served.until_said(json.dumps({"file": str(missing)})[1:-1])


def test_a_server_with_read_keys_starts_and_says_that_a_key_is_needed(serve: ServedFactory, content: Path) -> None:
    write_post(content, "one.md", "One")
    served = serve("--workers", "2", variables={"OCTAVO_READ_KEYS": "website:key-of-the-website-0001"})
    served.until_said(f"try: curl --header 'Authorization: Bearer KEY' http://127.0.0.1:{served.port}/v1/posts")
    assert served.get("/readyz")[0] in (200, 503)  # it asks for no key; the other worker may not be ready yet
    assert served.get("/v1/posts")[0] == 401
    assert "key-of-the-website-0001" not in served.said
