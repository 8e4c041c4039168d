"""Serving: requests a second of Octavo against a bare ASGI function, FastAPI, nginx and Datasette. Needs ``wrk``.

    python -m benchmarks.serving [--posts 2000] [--seconds 4] [--rounds 3] [--datasette PATH]

One process each, all of uvicorn's with the same loop and parser, the same load. What is compared is measured in turn, round
after round, and the ratio is the median of the rounds' ratios. *Hot* is one address again and again. *Uncached* is an
Octavo that keeps no answers (``OCTAVO_RESPONSE_CACHE_BYTES=0``), asked for another post or page with each request.
nginx's row is measured where it is installed, Datasette's where ``--datasette`` or the PATH has its command.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.alternatives import SHORT
from benchmarks.building import wait_for
from benchmarks.corpus import write_corpus
from benchmarks.measuring import print_machine, print_table

_CYCLE = """
local paths, at = {{ {paths} }}, 0
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
"""
_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 256; }}
http {{
  access_log off; default_type application/json; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 100000000; open_file_cache max=100; sendfile on;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Load:
    """One URL, or several in turn, asked with these headers."""

    urls: tuple[str, ...]
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """``aim`` is the ratio that is hoped for, 0 where none is."""

    label: str
    octavo: Load
    name: str
    other: Load
    aim: float = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8770, help="the first of seven ports to use")
    parser.add_argument("--datasette", default=shutil.which("datasette"), help="the command of Datasette")
    wanted = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: it is in Debian, Homebrew and others as `wrk`")
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder, ExitStack() as servers:
        Path(folder).chmod(0o755)  # started by root, nginx reads as somebody else
        site = Site(Path(folder), servers, wanted.posts, wanted.port)
        comparisons = [*site.compared_with_python(), *site.compared_with_nginx()]
        if wanted.datasette:
            comparisons += site.compared_with_datasette(wanted.datasette)
        print_machine()
        rows = [measured(one, wanted.rounds, wanted.seconds) for one in comparisons]
        print_table(["", "Octavo, requests/s", "", "its requests/s", "Octavo / it", "aim"], rows)


class Site:
    """A generated site, two Octavos that serve it, and what they are measured against."""

    def __init__(self, folder: Path, servers: ExitStack, posts: int, port: int) -> None:
        self._folder = folder
        self._servers = servers
        self._port = port
        content = folder / "content"
        write_corpus(content, posts)
        self._slugs = [re.sub(r"^\d{4}-\d{2}-\d{2}-", "", path.stem) for path in sorted(content.glob("*/*.md"))]
        index = ["--index-dir", str(folder / "index")]
        serve = ["-m", "api.cli", "serve", str(content), *index]
        self._hot = self._started(0, [*serve, "--port", str(port)], "/readyz")
        self._cold = self._started(
            1, [*serve, "--read-only", "--port", str(port + 1)], "/readyz", {"OCTAVO_RESPONSE_CACHE_BYTES": "0"}
        )
        self.post = f"/v1/posts/{self._slugs[-1]}"
        self.list = "/v1/posts?per_page=20"
        self.short = f"/v1/posts?per_page={SHORT}"
        for name, route in (("post", self.post), ("list", self.list), ("short", self.short)):
            (folder / f"{name}.json").write_bytes(fetched(self._hot + route)[0])

    def compared_with_python(self) -> Iterator[Comparison]:
        bare, ready, models = (
            self._started(
                offset, self._uvicorn(factory, offset), self.short, {"OCTAVO_BENCH_ANSWERS": str(self._folder)}
            )
            for offset, factory in enumerate(("bare_function", "ready_bytes", "pydantic_models"), start=2)
        )
        hot, cold = self._hot, self._cold
        sized = [(f"{what} ({fetched_size(hot + route)} bytes)", route) for what, route in self._routes()]
        for label, route in sized:
            yield Comparison(f"hot {label}", Load((hot + route,)), "bare ASGI", Load((bare + route,)), 0.7)
        post = Load((bare + self.post,))
        yield Comparison("hot post, zstd", Load((hot + self.post,), ("Accept-Encoding: zstd",)), "bare ASGI", post)
        etag = fetched(hot + self.post)[1]
        yield Comparison("304 of a post", Load((hot + self.post,), (f"If-None-Match: {etag}",)), "bare ASGI, 200", post)
        yield Comparison("hot search", Load((hot + "/v1/search?q=post&per_page=5",)), "bare ASGI, a post", post)
        slugs = tuple(cold + f"/v1/posts/{slug}" for slug in self._slugs[:1000])
        first = [
            tuple(cold + f"/v1/posts?per_page={size}&page={page}" for page in range(1, 11)) for size in (20, SHORT)
        ]
        tags = tuple(cold + f"/v1/posts?tag=topic-{number}&per_page={SHORT}" for number in range(1, 61))
        routes = (self.post, self.list, self.short, self.short)
        for (label, _), urls, route in zip((*sized, ("list by tag", "")), (slugs, *first, tags), routes, strict=True):
            aim = 0 if label == "list by tag" else 0.9
            yield Comparison(f"uncached {label}", Load(urls), "FastAPI, ready bytes", Load((ready + route,)), aim)
        for label, route in sized:
            yield Comparison(f"hot {label}", Load((hot + route,)), "FastAPI, pydantic models", Load((models + route,)))

    def compared_with_nginx(self) -> Iterator[Comparison]:
        nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        if nginx is None:
            return
        port = self._port + 5
        configuration = self._folder / "nginx.conf"
        configuration.write_text(_NGINX.format(folder=self._folder, port=port), encoding="utf-8")
        url = self._started(5, [], "/post.json", command=[nginx, "-c", str(configuration), "-p", str(self._folder)])
        for what, route in self._routes():
            name = {self.post: "post", self.list: "list", self.short: "short"}[route]
            yield Comparison(f"hot {what}", Load((self._hot + route,)), "nginx, static", Load((f"{url}/{name}.json",)))

    def compared_with_datasette(self, command: str) -> Iterator[Comparison]:
        """The posts as rows of one table, with an index on the date; whole for a post, without the HTML in lists."""
        database = self._folder / "blog.db"
        columns = ("slug", "title", "published_at", "excerpt", "html", "tags", "word_count")
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(f"CREATE TABLE posts ({', '.join(columns)}, PRIMARY KEY (slug))")
            connection.execute("CREATE INDEX by_date ON posts (published_at)")
            for slug in self._slugs:
                post = json.loads(fetched(f"{self._cold}/v1/posts/{slug}")[0])
                values = [json.dumps(value) if isinstance(value := post[name], list) else value for name in columns]
                connection.execute(f"INSERT INTO posts VALUES ({', '.join('?' * len(columns))})", values)  # noqa: S608  # placeholders alone
        port = str(self._port + 6)
        settings = ("suggest_facets", "off", "default_cache_ttl", "0")
        serve = [command, "serve", str(database), "--setting", *settings[:2], "--setting", *settings[2:]]
        url = self._started(6, [], "/-/versions.json", command=[*serve, "--port", port])
        row = Load((f"{url}/blog/posts/{self._slugs[-1]}.json?_shape=objects",))
        shown = "&".join(f"_col={name}" for name in columns if name != "html")
        page = Load((f"{url}/blog/posts.json?_shape=objects&_size=20&_sort_desc=published_at&_nocount=1&{shown}",))
        for label, octavo, other in (
            ("hot post", Load((self._hot + self.post,)), row),
            ("uncached post", Load(tuple(self._cold + f"/v1/posts/{slug}" for slug in self._slugs[:1000])), row),
            ("hot list of 20", Load((self._hot + self.list,)), page),
        ):
            yield Comparison(label, octavo, "Datasette", other, 20)

    def _routes(self) -> list[tuple[str, str]]:
        return [("post", self.post), ("list of 20", self.list), (f"list of {SHORT}", self.short)]

    def _uvicorn(self, factory: str, offset: int) -> list[str]:
        uvicorn = [
            "-m",
            "uvicorn",
            "--factory",
            f"benchmarks.alternatives:{factory}",
            "--port",
            str(self._port + offset),
        ]
        return [*uvicorn, "--no-access-log", "--log-level", "warning", "--http", "httptools", "--loop", "uvloop"]

    def _started(
        self,
        offset: int,
        arguments: Sequence[str],
        ready: str,
        environment: dict[str, str] | None = None,
        command: Sequence[str] = (),
    ) -> str:
        """The server's address, once it answers."""
        url = f"http://127.0.0.1:{self._port + offset}"
        whole = [*command] or [sys.executable, *arguments]
        self._servers.enter_context(running(whole, url + ready, environment or {}))
        return url


def measured(comparison: Comparison, rounds: int, seconds: int) -> list[str]:
    """A row: the median rates, and the median of the rounds' ratios."""
    pairs = [
        (requests_per_second(comparison.octavo, seconds), requests_per_second(comparison.other, seconds))
        for _ in range(rounds)
    ]
    octavo, other = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    ratio = statistics.median(left / right for left, right in pairs)
    aim = f"{comparison.aim:g}" if comparison.aim else ""
    print(f"{comparison.label} / {comparison.name}: {ratio:.2f}", file=sys.stderr, flush=True)
    return [comparison.label, f"{octavo:.0f}", comparison.name, f"{other:.0f}", f"{ratio:.2f}", aim]


def fetched(url: str) -> tuple[bytes, str]:
    """Body and ``ETag``."""
    with urllib.request.urlopen(url) as answer:
        return answer.read(), answer.headers["ETag"] or ""


def fetched_size(url: str) -> int:
    return len(fetched(url)[0])


@contextmanager
def running(command: Sequence[str], ready_url: str, environment: dict[str, str]) -> Iterator[None]:
    server = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(ready_url, seconds=600)
        yield
    finally:
        server.terminate()
        server.wait(30)


def requests_per_second(load: Load, seconds: int) -> float:
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s"]
    for header in load.headers:
        command += ["-H", header]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if len(load.urls) > 1:
            paths = ", ".join(f'"{"/" + url.split("/", 3)[3]}"' for url in load.urls)
            script.write(_CYCLE.format(paths=paths))
            script.flush()
            command += ["-s", script.name]
        printed = subprocess.run([*command, load.urls[0]], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in printed:
        raise SystemExit(f"{load.urls[0]}: {printed}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    if found is None:
        raise SystemExit(printed)
    return float(found[1])


if __name__ == "__main__":
    main()
