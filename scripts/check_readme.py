"""Asks a running server every curl line of README.md and compares the answers with those that README.md shows.

Usage: scripts/check_readme.py BASE, such as http://127.0.0.1:8000, serving content/ as `make serve` does.

Shown JSON may leave keys out and may end a list or a string with ``…``; ``took_ms`` and ``request_id`` may differ.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
PLACE = re.compile(r"(?:http://)?(?:localhost|127\.0\.0\.1):8000")
DIFFERENT_EACH_TIME = {"took_ms", "request_id"}


def shown() -> Iterator[tuple[str, str]]:
    """Each command of the console blocks with what stands below it."""
    for block in re.findall(
        r"^```console\n(.*?)^```", README.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    ):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, answer = part.partition("\n")
            while command.endswith("\\"):
                line, _, answer = answer.partition("\n")
                command = command[:-1] + line
            yield command, answer.strip()


def difference(expected: object, actual: object, place: str = "") -> str | None:
    """The first place where ``actual`` is not what was shown, None where there is none."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            if key == "…" or key in DIFFERENT_EACH_TIME:
                continue
            if key not in actual:
                return f"{place}.{key} is not in the answer"
            if found := difference(value, actual[key], f"{place}.{key}"):
                return found
        return None
    if isinstance(expected, list) and isinstance(actual, list):
        cut = bool(expected) and expected[-1] == "…"
        items = expected[:-1] if cut else expected
        if len(actual) < len(items) or (not cut and len(actual) != len(items)):
            return f"{place} has {len(actual)} items"
        pairs = enumerate(zip(items, actual, strict=False))
        return next((found for n, (one, other) in pairs if (found := difference(one, other, f"{place}[{n}]"))), None)
    if isinstance(expected, str) and isinstance(actual, str):
        return (
            None
            if re.fullmatch(pattern(expected), actual, re.DOTALL)
            else f"{place} is {actual!r}, shown: {expected!r}"
        )
    return (
        None if expected == actual and type(expected) is type(actual) else f"{place} is {actual!r}, shown: {expected!r}"
    )


def pattern(text: str) -> str:
    return ".*".join(re.escape(part) for part in text.split("…"))


def compare(expected: str, actual: str) -> str | None:
    try:
        return difference(json.loads(expected), json.loads(actual))
    except ValueError:
        one, other = " ".join(expected.split()), " ".join(actual.split())
        return None if re.fullmatch(pattern(one), other, re.DOTALL) else f"the answer is:\n{actual}\nshown:\n{expected}"


def main(base: str) -> None:
    asked = 0
    for command, answer in shown():
        if not command.startswith("curl "):
            continue
        asking = PLACE.sub(base, command)
        got = subprocess.run(["sh", "-c", asking], check=True, capture_output=True, text=True, timeout=30).stdout
        if wrong := compare(answer, got):
            sys.exit(f"README.md: {command}\n{wrong}")
        print(f"ok  {command}")
        asked += 1
    if not asked:
        sys.exit("README.md shows no curl line with its answer")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
