"""Builds the frontends of examples/ against a running Octavo, opens them, and edits a post to see the edit arrive.

Usage: python -m scripts.check_examples BASE CONTENT, such as http://127.0.0.1:8000 and the folder that is served there. The
folder must be a copy of content/: a post in it is edited. BASE must be an address on 127.0.0.1, since the browser reaches no
other host. OCTAVO_PREVIEW_SECRET must be the one that Octavo was started with.
"""

from __future__ import annotations

import functools
import http.client
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

from tests.browser import Page, browser

EXAMPLES = Path(__file__).parents[1] / "examples"
SECONDS = 60.0
"""The longest wait for a server, or for an edit to be seen."""
NODE = 20
"""The oldest Node.js that Next.js and Astro of the lock files run on."""

EDITED = "guides/2026-01-20-getting-started.md"
EDITED_PATH, OTHER_PATH = "/getting-started/", "/dates-and-time-zones/"
ALIAS, ALIAS_OF = "/nextjs/", "/a-blog-with-nextjs/"
DRAFT, DRAFT_TITLE = "a-plan-for-previews", "A plan for previews"


class Answer:
    """An HTTP answer, with entities of HTML as characters; redirects are not followed."""

    def __init__(
        self, address: str, method: str = "GET", body: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
        try:
            connection.request(method, parts._replace(scheme="", netloc="").geturl(), body or None, dict(headers or {}))
            response = connection.getresponse()
            self.text = unescape(response.read().decode(errors="replace"))
        finally:
            connection.close()
        self.address = address
        self.status = response.status
        self.headers = response.headers


def expect(holds: object, what: str) -> None:
    if not holds:
        sys.exit(f"FAILED: {what}")
    print(f"ok  {what}", flush=True)


def wait_until(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        if time.monotonic() > deadline:
            sys.exit(f"FAILED: not within {SECONDS:.0f} s: {what}")
        time.sleep(0.1)
    print(f"ok  {what}", flush=True)


def require_surroundings() -> None:
    missing = [name for name in ("node", "npm", "chromium") if shutil.which(name) is None]
    if missing:
        sys.exit(
            f"{', '.join(missing)}: not installed (Node.js {NODE} or newer with npm; Debian: apt-get install chromium)"
        )
    version = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if int(version.removeprefix("v").partition(".")[0]) < NODE:
        sys.exit(f"node is {version}; the examples need {NODE} or newer")
    if not os.environ.get("OCTAVO_PREVIEW_SECRET"):
        sys.exit("OCTAVO_PREVIEW_SECRET is not set; it must be the one that Octavo was started with")


def build(name: str, environment: Mapping[str, str]) -> None:
    """Install what the lock file names, and build. What the build says is shown where it fails."""
    started = time.monotonic()
    for command in (["npm", "ci", "--no-progress"], ["npm", "run", "build"]):
        done = subprocess.run(
            command,
            cwd=EXAMPLES / name,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            sys.exit(f"{done.stdout[-8000:]}\nFAILED: {' '.join(command)} in examples/{name}")
    expect(True, f"examples/{name} is built ({time.monotonic() - started:.0f} s)")


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port


@contextmanager
def process(command: list[str], folder: Path, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        running = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=output, stderr=output)
        try:
            yield
        except BaseException:
            print(log.read_text(errors="replace")[-4000:], file=sys.stderr)
            raise
        finally:
            running.terminate()
            running.wait(SECONDS)


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """A browser's requests are no news."""


@contextmanager
def static(folder: Path) -> Iterator[str]:
    """A server of files as any other, on an origin of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietFiles, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def check_static_site(site: str, posts: list[dict[str, Any]]) -> None:
    """Astro's output: every post at its own path, the older addresses, what is not there."""
    for post in posts:
        answer = Answer(site + post["path"])
        if answer.status != 200 or f"<h1>{post['title']}</h1>" not in answer.text:
            sys.exit(f"FAILED: {answer.address}: {answer.status}, without the title {post['title']!r}")
    expect(posts, f"astro: {len(posts)} posts at the site's own paths")
    first = Answer(f"{site}/").text
    expect(all(post["title"] in first for post in posts[:10]), "astro: the newest are on the first page")
    expect(f'url={ALIAS_OF}"' in Answer(site + ALIAS).text, "astro: an alias leads on")
    expect(Answer(f"{site}/assets/images/first-steps.png").status == 200, "astro: images are copied into the site")
    expect(Answer(f"{site}/nowhere/").status == 404, "astro: an unknown path is 404")
    expect("/feeds/rss.xml" in first, "astro: the RSS feed is linked")


def check_next(site: str, posts: list[dict[str, Any]]) -> None:
    first = Answer(f"{site}/")
    expect(all(post["title"] in first.text for post in posts[:10]), "nextjs: the newest are on the first page")
    for post in posts:
        answer = Answer(site + post["path"])
        head = f"<title>{post['title']} ·"
        if answer.status != 200 or head not in answer.text or 'rel="canonical"' not in answer.text:
            sys.exit(f"FAILED: {answer.address}: {answer.status}, without title or canonical address")
    expect(posts, f"nextjs: {len(posts)} posts at the site's own paths, with title and canonical address")
    moved = Answer(site + ALIAS)
    expect((moved.status, moved.headers["location"]) == (308, ALIAS_OF), "nextjs: an alias redirects for good")
    expect(Answer(f"{site}/nowhere/").status == 404, "nextjs: an unknown path is 404")
    expect(Answer(f"{site}/tags/no-such-tag/").status == 404, "nextjs: an unknown tag is 404")
    expect("Front matter that Octavo understands" in Answer(f"{site}/tags/yaml/").text, "nextjs: a tag's posts")
    expect("<mark>" in Answer(f"{site}/search/?q=pagination").text, "nextjs: search results with marked words")
    expect(
        Answer(f"{site}/feeds/atom.xml").headers["content-type"].startswith("application/atom+xml"),
        "nextjs: the feed is passed through",
    )
    expect(Answer(f"{site}/assets/images/first-steps.png").status == 200, "nextjs: images are passed through")


def check_preview(site: str) -> None:
    command = [sys.executable, "-m", "api.cli", "preview-token", DRAFT]
    token = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    shown = Answer(f"{site}/preview/{DRAFT}/?{urlencode({'token': token})}")
    expect(DRAFT_TITLE in shown.text and "no-store" in shown.headers["cache-control"], "nextjs: a token shows a draft")
    refused = [Answer(f"{site}/preview/{DRAFT}/?token=guessed"), Answer(f"{site}/{DRAFT}/")]
    expect(all(DRAFT_TITLE not in answer.text for answer in refused), "nextjs: nothing else does")


def check_revalidation(site: str, secret: str, content: Path) -> None:
    """An edit is on the page as soon as Octavo has told of it; a page that it does not touch comes from the cache."""
    for sent, status in (("guessed", 401), (secret, 200)):
        headers = {"Authorization": f"Bearer {sent}"}
        answer = Answer(f"{site}/api/revalidate/", "POST", '{"tags": ["post:no-such-post"]}', headers)
        expect(
            answer.status == status,
            f"nextjs: revalidating with {'the' if status == 200 else 'another'} secret is {status}",
        )
    marker = f"edited-{secrets.token_hex(8)}"
    file = content / EDITED
    for path in (EDITED_PATH, OTHER_PATH):
        wait_until(functools.partial(cached, site + path), f"nextjs: {path} is kept")
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n{marker}\n", encoding="utf-8")
    try:
        wait_until(lambda: marker in Answer(site + EDITED_PATH).text, "nextjs: an edit is on the page")
        expect(cached(site + OTHER_PATH), "nextjs: a page that the edit does not touch is still kept")
    finally:
        file.write_text(before, encoding="utf-8")
    wait_until(lambda: marker not in Answer(site + EDITED_PATH).text, "nextjs: the edit is taken back on the page")


def cached(address: str) -> bool:
    """Whether the page was there already, and is not made anew in the background either."""
    return Answer(address).headers["x-nextjs-cache"] == "HIT"


def check_plain_page(page: Page, site: str, api: str) -> None:
    """The plain page in a browser, as a reader uses it."""
    page.send("Page.navigate", url=f"{site}/?api={api}")
    page.wait_for("document.querySelectorAll('main article h2 a').length === 10")
    expect(page.evaluate("document.querySelector('main nav[aria-label=Tags] a') !== null"), "html: a list with tags")
    type_into(page, "#q", "pagination")
    page.wait_for("document.querySelector('main h1').innerText.includes('“pagination”')")
    for selector in ("main mark", "#suggestions a"):
        wait_for_element(page, selector)
    expect(
        "q=pagination" in page.evaluate("location.hash"), "html: hits with marked words and suggestions while typing"
    )
    hit = page.evaluate("document.querySelector('main article h2 a').innerText")
    page.click("main article h2 a")
    wait_for_element(page, "article.post h1")
    expect(page.evaluate("document.querySelector('article.post h1').innerText") == hit, "html: a click opens the post")
    expect(page.evaluate("document.activeElement.tagName") == "H1", "html: the focus is where reading begins")
    page.evaluate("history.back()")
    wait_for_element(page, "main mark")
    expect(
        page.evaluate("document.querySelector('#q').value") == "pagination", "html: back are the results and the words"
    )
    expect(page.complaints == [], f"html: nothing in the console ({page.complaints})")
    page.evaluate("location.hash = '#/posts/geting-started'")
    wait_for_element(page, ".nearby a")
    page.click(".nearby a")
    page.wait_for("document.querySelector('article.post h1')?.innerText === 'Getting started'")
    expect(True, "html: a missing post suggests the one that was meant")
    page.complaints.clear()  # the browser notes the 404


def check_search_island(page: Page, site: str) -> None:
    page.send("Page.navigate", url=f"{site}/search/")
    type_into(page, "#q", "pagination")
    wait_for_element(page, "#hits mark")
    page.click("#hits a")
    wait_for_element(page, "article.post h1")
    expect(
        page.complaints == [],
        f"astro: the search finds posts in the browser, and the console is empty ({page.complaints})",
    )


def check_next_in_browser(page: Page, site: str) -> None:
    page.send("Page.navigate", url=f"{site}/")
    page.click("main article h2 a")
    wait_for_element(page, "article.post h1")
    expect(page.complaints == [], f"nextjs: a click opens a post, and the console is empty ({page.complaints})")


def wait_for_element(page: Page, selector: str) -> None:
    page.wait_for(f"document.querySelectorAll({json.dumps(selector)}).length")


def type_into(page: Page, selector: str, text: str) -> None:
    wait_for_element(page, selector)
    page.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
    for letter in text:
        page.send("Input.dispatchKeyEvent", type="char", text=letter)


def main(api: str, content: Path) -> None:
    require_surroundings()
    with urlopen(f"{api}/v1/posts?per_page=100", timeout=SECONDS) as response:  # noqa: S310  # the address that was given
        posts = json.load(response)["items"]
    secret = secrets.token_hex(16)
    port = free_port()
    next_site = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "OCTAVO_API": api,
        "PUBLIC_OCTAVO_API": api,
        "SITE": next_site,
        "SITE_URL": "https://example.org",
        "REVALIDATE_SECRET": secret,
        "NEXT_TELEMETRY_DISABLED": "1",
        "ASTRO_TELEMETRY_DISABLED": "1",
    }
    build("nextjs", environment)
    build("astro", environment)
    folder = EXAMPLES / "nextjs"
    start = ["node", "node_modules/next/dist/bin/next", "start", "--hostname", "127.0.0.1", "--port", str(port)]
    with ExitStack() as running:
        work = Path(running.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        running.enter_context(process(start, folder, environment, work / "next.log"))
        html = running.enter_context(static(EXAMPLES / "html"))
        astro = running.enter_context(static(EXAMPLES / "astro" / "dist"))
        wait_until(lambda: answers(next_site), "nextjs: the production server answers")
        check_static_site(astro, posts)
        check_next(next_site, posts)
        check_preview(next_site)
        with browser(work) as page:
            check_plain_page(page, html, api)
            check_search_island(page, astro)
            check_next_in_browser(page, next_site)
        with process(["node", "listen.mjs"], folder, environment, work / "listen.log"):
            wait_until(
                lambda: "everything" in (work / "listen.log").read_text(), "nextjs: Octavo's events are listened to"
            )
            check_revalidation(next_site, secret, content)


def answers(site: str) -> bool:
    try:
        return Answer(f"{site}/").status == 200
    except OSError:
        return False


if __name__ == "__main__":
    if len(sys.argv) != 3 or not re.fullmatch(r"http://127\.0\.0\.1:\d+", sys.argv[1]):
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
