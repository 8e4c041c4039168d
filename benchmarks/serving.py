"""Serving: requests a second of Octavo, against FastAPI routes that give the same bytes. Needs ``wrk``.

    python -m benchmarks.serving [--posts 2000] [--seconds 6]

One uvicorn process each, the same loop and parser, the same load; three rounds in turn, medians.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.building import wait_for
from benchmarks.corpus import write_corpus
from benchmarks.measuring import print_machine, print_table

ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--port", type=int, default=8770, help="the first of three ports to use")
    wanted = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: it is in Debian, Homebrew and others as `wrk`")
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder, ExitStack() as servers:
        measure(Path(folder), servers, wanted.posts, wanted.seconds, wanted.port)


def measure(folder: Path, servers: ExitStack, posts: int, seconds: int, port: int) -> None:
    content = folder / "content"
    write_corpus(content, posts)
    slug = re.sub(r"^\d{4}-\d{2}-\d{2}-", "", sorted(content.glob("*/*.md"))[-1].stem)
    serve = ["-m", "api.cli", "serve", str(content), "--index-dir", str(folder / "index"), "--port", str(port)]
    servers.enter_context(running(serve, f"http://127.0.0.1:{port}/readyz", {}))
    routes = {"post": f"/v1/posts/{slug}", "list of 20": "/v1/posts?per_page=20"}
    for name, route in zip(("post", "list"), routes.values(), strict=True):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{route}") as answer:
            (folder / f"{name}.json").write_bytes(answer.read())
    for offset, factory in enumerate(("ready_bytes", "pydantic_models"), start=1):
        uvicorn = ["-m", "uvicorn", "--factory", f"benchmarks.alternatives:{factory}", "--port", str(port + offset)]
        options = ["--no-access-log", "--log-level", "warning", "--http", "httptools", "--loop", "uvloop"]
        url = f"http://127.0.0.1:{port + offset}{routes['list of 20']}"
        servers.enter_context(running([*uvicorn, *options], url, {"OCTAVO_BENCH_ANSWERS": str(folder)}))
    names = ("Octavo", "FastAPI, ready bytes", "FastAPI, pydantic models")
    print_machine()
    rows = []
    for label, route in routes.items():
        size = (folder / f"{label.split()[0]}.json").stat().st_size
        rates: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(ROUNDS):
            for offset, name in enumerate(names):
                rates[name].append(requests_per_second(f"http://127.0.0.1:{port + offset}{route}", seconds))
        medians = {name: statistics.median(values) for name, values in rates.items()}
        rows.append([f"{label} ({size} bytes)", *(f"{medians[name]:.0f}" for name in names)])
        rows.append(["Octavo / it", "", *(f"{medians['Octavo'] / medians[name]:.2f}" for name in names[1:])])
    print_table(["requests/s", *names], rows)


@contextmanager
def running(arguments: list[str], ready_url: str, environment: dict[str, str]) -> Iterator[None]:
    server = subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(ready_url, seconds=600)
        yield
    finally:
        server.terminate()
        server.wait(30)


def requests_per_second(url: str, seconds: int) -> float:
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{url}: {printed}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    if found is None:
        raise SystemExit(printed)
    return float(found[1])


if __name__ == "__main__":
    main()
