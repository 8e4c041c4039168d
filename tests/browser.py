"""A real Chromium without a screen, told what to do over the DevTools protocol, and cut off from every other host.

Source: Chrome DevTools Protocol, domains Page, Runtime, Log, Network; ``--remote-debugging-pipe``: one JSON object after
another, each ended by a zero byte, read from file descriptor 3 and written to 4.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SECONDS = 120.0
"""The longest that anything may take before the test fails."""

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
    "about:blank",
)


class Page:
    """One tab. What it asked for and what it complained about is kept."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = commands
        self._answers = answers
        self._buffer = b""
        self._number = 0
        self._session = ""
        self.requested: list[str] = []
        self.complaints: list[str] = []
        target = next(row for row in self.send("Target.getTargets")["targetInfos"] if row["type"] == "page")
        attached = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of one command."""
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != number:
            self._note(answer)
        assert "error" not in answer, (method, answer)
        result: dict[str, Any] = answer["result"]
        return result

    def evaluate(self, expression: str) -> Any:
        """What a JavaScript expression is; a promise is waited for."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """The value of the expression as soon as it is true, looked at whenever the page draws."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if value := self.evaluate(f"new Promise(r => setTimeout(() => r({expression}), 50))"):
                return value
        text = self.evaluate("document.body.innerText")
        raise AssertionError(f"{expression} is not true after {SECONDS} s; {self.complaints}\n{text[:2000]}")

    def click(self, selector: str) -> None:
        """Click on the first element that the CSS selector finds, as soon as there is one."""
        self.wait_for(f"(found => found && (found.click(), true))(document.querySelector({json.dumps(selector)}))")

    def _note(self, event: dict[str, Any]) -> None:
        method, parameters = event.get("method", ""), event.get("params", {})
        if method == "Network.requestWillBeSent":
            self.requested.append(parameters["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(parameters["exceptionDetails"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.complaints.append(json.dumps([argument.get("value") for argument in parameters["args"]]))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            readable, _, _ = select.select([self._answers], [], [], SECONDS)
            received = os.read(self._answers, 1 << 20) if readable else b""
            if not received:
                raise AssertionError("the browser does not answer")
            self._buffer += received
        message, _, self._buffer = self._buffer.partition(b"\0")
        event: dict[str, Any] = json.loads(message)
        return event


def chromium() -> str:
    """The browser's path. Without one the test is skipped on a person's machine, and fails where ``CI`` is "true"."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        reason = "no chromium on PATH (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@contextmanager
def browser(profile: Path) -> Iterator[Page]:
    """A tab of a browser that is started for it, with a fresh profile, and ended."""
    theirs_in, ours_out = (_high(end) for end in os.pipe())
    ours_in, theirs_out = (_high(end) for end in os.pipe())
    with (profile / "chromium.log").open("wb") as log:
        program = chromium()
        process = os.posix_spawn(
            program,
            [program, *OPTIONS[:-1], f"--user-data-dir={profile / 'profile'}", OPTIONS[-1]],
            {**os.environ, "HOME": str(profile)},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, log.fileno(), 1),  # first: the log itself may have the number 3 or 4
                (os.POSIX_SPAWN_DUP2, log.fileno(), 2),
                (os.POSIX_SPAWN_DUP2, theirs_in, 3),
                (os.POSIX_SPAWN_DUP2, theirs_out, 4),
            ],
            setpgroup=0,
        )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Page(ours_out, ours_in)
    finally:
        os.close(ours_out)  # the end of its commands is the end of the browser
        _ended(process)
        os.close(ours_in)


def _high(descriptor: int) -> int:
    """The same pipe end under a number that is none of those the browser is given."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return high


def _ended(process: int) -> None:
    deadline = time.monotonic() + SECONDS
    while os.waitpid(process, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            raise AssertionError("the browser did not end")
        time.sleep(0.05)
