"""The application in a process of its own, as uvicorn runs it, and requests that no client library would send."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import pytest

from tests.sites import Site


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def served(site: Site, log: IO[bytes] | None = None, **settings: str) -> Iterator[int]:
    """The port of a server over the site; it has one worker, reads its settings from the environment, and writes what goes
    wrong to ``log``."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("OCTAVO_")},
            "OCTAVO_INDEX_DIR": str(site.index),
            "OCTAVO_CONTENT_DIR": str(site.content),
            **{f"OCTAVO_{name.upper()}": value for name, value in settings.items()},
        }
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            "api.app:from_environment",
            "--fd",
            str(listening.fileno()),
        ]
        process = subprocess.Popen(
            [*command, "--http", "api.protocol:Protocol", "--log-level", "warning" if log else "error"],
            stderr=log,
            env=environment,
            pass_fds=[listening.fileno()],
        )
    try:
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)


@pytest.fixture(scope="module")
def port(blog_site: Site) -> Iterator[int]:
    with served(blog_site) as port:
        yield port


def exchange(port: int, request: bytes) -> list[Answer]:
    """Send the bytes, read until the server closes, and take the answers apart."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    answers = []
    while received:
        head, _, received = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        length = 0 if request.startswith(b"HEAD") else int(headers.get("content-length", 0))
        answers.append(Answer(int(status.split(" ")[1]), headers, received[:length]))
        received = received[length:]
    return answers


def ask(port: int, target: bytes, method: bytes = b"GET", headers: bytes = b"") -> Answer:
    request = method + b" " + target + b" HTTP/1.1\r\nHost: evil.example\r\n" + headers + b"Connection: close\r\n\r\n"
    (answer,) = exchange(port, request)
    return answer


def test_a_post_is_served(port: int) -> None:
    answer = ask(port, b"/v1/posts/hello")
    assert (answer.status, json.loads(answer.body)["title"]) == (200, "Hello, world")
    assert ask(port, b"/v1/posts/%C3%BCber").status == 200
    assert json.loads(ask(port, b"/readyz").body)["status"] == "ready"


def test_head_sends_no_body_and_keeps_the_connection_in_step(port: int) -> None:
    request = b"HEAD %b HTTP/1.1\r\nHost: a\r\n\r\nHEAD /v1/posts HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    for target in (b"/v1/posts/hello", b"/assets/images/dot.png", b"/nothing"):
        answers = exchange(port, request % target)
        assert len(answers) == 2
        assert all(int(answer.headers["content-length"]) > 0 for answer in answers)


@pytest.mark.parametrize(
    ("target", "location"),
    [
        (b"//evil.example//", "/evil.example"),
        (b"http://evil.example/v1/posts/", "/v1/posts"),
        (b"/v1/posts/a%0d%0aSet-Cookie:%20x=y/", "/v1/posts/a%0D%0ASet-Cookie:%20x=y"),
    ],
)
def test_redirects_are_root_relative_whatever_the_host_says(port: int, target: bytes, location: str) -> None:
    answer = ask(port, target)
    assert (answer.status, answer.headers["location"]) == (308, location)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "target", [b"/v1/posts/%ff", b"/v1/search?q=%ff", b"/v1/search?q=%c0%af", b"/assets/%ed%a0%80.png"]
)
def test_what_is_not_utf_8_is_400(port: int, target: bytes) -> None:
    answer = ask(port, target)
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "invalid_encoding")


@pytest.mark.parametrize(
    "target",
    [b"/assets/../octavo.toml", b"/assets/%2e%2e/index/CURRENT", b"/assets/..%2findex%2fCURRENT", b"/assets/images/..;/dot.png",
     b"/assets/images%5cdot.png", b"/assets/images/dot.png%00.txt", b"/assets/hello.md", b"/assets/IMAGES/dot.png"],
)  # fmt: skip
def test_nothing_beside_the_assets_is_reached(port: int, target: bytes) -> None:
    answer = ask(port, target)
    assert (answer.status, json.loads(answer.body)["code"]) == (404, "asset_not_found")


def test_too_much_of_a_request_is_refused_and_the_connection_closed(port: int) -> None:
    assert ask(port, b"/v1?" + b"a" * 9000).status == 414
    assert ask(port, b"/v1", headers=b"X: " + b"a" * 17000 + b"\r\n").status == 431
    assert ask(port, b"/v1", headers=b"X: 1\r\n" * 5000).status == 431
    declared = b"GET /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\nx"
    chunked = b"POST /v1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10001\r\n" + b"x" * 65537
    for request in (declared, chunked):
        (answer,) = exchange(port, request)
        assert (answer.status, json.loads(answer.body)["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("method", [b"POST", b"PUT", b"DELETE", b"PATCH", b"TRACE"])
def test_other_methods_are_405(port: int, method: bytes) -> None:
    answer = ask(port, b"/v1/posts", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_control_character_in_a_header_never_reaches_an_answer(port: int) -> None:
    answer = ask(port, b"/v1", headers=b"X-Request-Id: a\tb\r\nOrigin: https://a.example\x7f\r\n")
    assert all(value.isprintable() for value in answer.headers.values())


HOSTILE = b"\x1b[2J\x07\x9b31m\xe2\x80\xae"
"""What clears a terminal, rings its bell, and turns its text round."""


def test_nothing_that_a_client_sends_stands_in_the_log_as_it_is(blog_site: Site, tmp_path: Path) -> None:
    log = tmp_path / "log"
    typed = quote(b"a\r\nINFO: forged" + HOSTILE).encode()
    requests = [
        b"GET /v1/posts/%b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        % quote("a\r\nforged\x1b[2J\u202e").encode(),
        b"GET /v1/posts?%b=%b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % (typed, typed),
        b"GET /v1/search?q=%b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        % quote("fox\r\nforged\x1b[2J").encode(),
        b"GET /v1 HTTP/1.1\r\nHost: %b\r\nUser-Agent: %b\r\nX-Request-Id: %b\r\n\r\n" % (HOSTILE, HOSTILE, HOSTILE),
        b"GET /v1 HTTP/1.1\r\nHost: a\r\nOrigin: forged\xff\r\nX-Preview-Token: forged\xff\r\nConnection: close\r\n\r\n",
        b"GET /v1 HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: forged\xff\r\n\r\n",
        b"POST /v1/hooks/refresh HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Hub-Signature-256: forged\xff\r\n"
        b"X-GitHub-Delivery: forged\xff\r\nContent-Length: 6\r\n\r\nforged",
        b"FORGED" + HOSTILE + b" / HTTP/1.1\r\n\r\n",
        b"GET /forged" + HOSTILE + b" HTTP/9.9\r\n\r\n",
    ]
    with log.open("wb") as written, served(blog_site, written, hook_secret="h" * 16, preview_secret="p" * 32) as port:
        for request in requests:
            assert all(answer.status < 500 for answer in exchange(port, request))
    said = log.read_bytes()
    assert b"Invalid HTTP request" in said  # the log is the one that is looked at
    assert re.fullmatch(rb"[\x20-\x7e\n]*", said)
    assert b"forged" not in said.lower()


def test_a_server_without_an_index_lives_and_says_that_it_is_not_ready(site: Site) -> None:
    with served(site) as port:
        assert ask(port, b"/healthz").status == 200
        for target in (b"/readyz", b"/v1/posts"):
            answer = ask(port, target)
            assert (answer.status, answer.headers["retry-after"]) == (503, "1")


@pytest.mark.parametrize("target", ["/v1/search?q=über", "/v1/posts/über", "/v1/posts?tag=über"])
def test_an_address_typed_with_letters_of_any_script_is_understood(port: int, target: str) -> None:
    as_typed = ask(port, target.encode())
    encoded = ask(port, quote(target, safe="/?=").encode())
    assert (as_typed.status, encoded.status) == (200, 200)
    typed, plain = json.loads(as_typed.body), json.loads(encoded.body)
    assert typed.get("pagination", typed) == plain.get("pagination", plain)


def test_a_body_that_looks_like_a_request_line_is_a_body(port: int) -> None:
    """Were its letters percent-encoded, it would grow, and its end would be read as a request that nobody made."""
    smuggled = b"GET /v1/tags HTTP/1.1\r\nHost: a\r\n\r\n"
    body = b"GET /" + b"\xe9" * (len(smuggled) // 2) + b" HTTP/1.1\r\n" + smuggled
    head = b"GET /v1/posts/hello HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
    last = "GET /v1/posts/über HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head % len(body))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")  # so that the body is read by itself
        connection.sendall(body)
        received = connection.recv(65536)
        connection.sendall(last)
        while chunk := connection.recv(65536):
            received += chunk
    assert received.count(b"HTTP/1.1 ") == received.count(b"HTTP/1.1 200 OK") == 2
    assert b'"slug":"hello"' in received
    assert '"slug":"über"'.encode() in received


def test_bytes_that_are_no_utf_8_are_a_problem(port: int) -> None:
    answer = ask(port, b"/v1/search?q=\xff")
    assert (answer.status, json.loads(answer.body)["code"]) == (400, "invalid_encoding")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n",
        b"GET /v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"nonsense\r\n\r\n",
        "GET /é è HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
    ],
)
def test_what_is_not_http_is_answered_with_one_problem_and_the_end(port: int, request_bytes: bytes) -> None:
    (answer,) = exchange(port, request_bytes)
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    document = json.loads(answer.body)
    assert (document["code"], document["status"]) == ("request_refused", 400)
    assert len(document["request_id"]) == 16
