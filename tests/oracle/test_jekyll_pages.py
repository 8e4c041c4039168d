"""Where Jekyll writes pages and the documents of collections, and where Octavo says they are."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from benchmarks.oracle.candidate import snapshot_of
from benchmarks.oracle.generators import Generator
from search_index.query import ListQuery, Page, PostFilters
from search_index.snapshot import Snapshot
from tests.oracle.sites import need, post, write

PAGES = {
    "index.html": post("title: Home", "<h1>Home</h1>\n"),
    "about.md": post("title: About"),
    "Contact Us.md": post(""),
    "docs/index.md": post(""),
    "docs/install.md": post(""),
    "docs/v1.2/notes.markdown": post(""),
    "docs/.hidden.md": post(""),
    "_private/never.md": post(""),
    "_included/shown.md": post(""),
    "own.md": post("permalink: /somewhere/else/"),
    "own-file.md": post("permalink: /file.html"),
    "named.md": post("permalink: /:basename-:path/x:output_ext"),
    "hidden.md": post("published: false"),
    "later.md": post("date: 2999-01-01"),
    "한국어 글.md": post(""),
    "static.md": "No front matter.\n",
    "plain.html": "<p>No front matter</p>\n",
    "404.html": post("permalink: /404.html"),
    "excluded/page.md": post(""),
}
DOCUMENTS = {
    "_recipes/cake.md": post("title: Cake"),
    "_recipes/sweet/pie.md": post(""),
    "_recipes/2020-01-02-dated.md": post(""),
    "_recipes/own.md": post("permalink: /my/recipe/"),
    "_recipes/static.md": "No front matter.\n",
    "_recipes/2999-01-01-later.md": post(""),
    "_recipes/hidden.md": post("published: false"),
    "_recipes/_special.md": post(""),
    "_recipes/slugged.md": post("slug: other-slug"),
    "_people/ann.md": post("title: Ann"),
    "_people/bob.html": post("title: Bob", "<p>Bob</p>\n"),
    "_notes/unwritten.md": post(""),
    "_unknown/no.md": post(""),
}
CONFIG = """
exclude: [excluded]
include: [_included]
collections:
  recipes: {{output: true}}
  people: {{output: true, permalink: "/team/:title/"}}
  notes: {{}}
  posts: {{output: true}}
{}
"""


@pytest.mark.parametrize(
    "style", ["", "permalink: pretty", "permalink: none", "permalink: /:categories/:title/", "permalink: /blog/:title"]
)
def test_pages_and_documents_are_where_jekyll_writes_them(tmp_path: Path, style: str) -> None:
    need(Generator.JEKYLL)
    site = write(tmp_path / "site", {"_config.yml": CONFIG.format(style), **PAGES, **DOCUMENTS})
    assert {unquote(path) for path in _paths(site)} == _written(site, tmp_path / "out")


def _written(site: Path, out: Path) -> set[str]:
    """The paths that a web server has of what Jekyll made of a template, ``index.html`` being its folder."""
    command = ["jekyll", "build", "--source", str(site), "--destination", str(out), "--disable-disk-cache"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    copied = {"/plain.html", "/static.md", "/recipes/static.md"}
    found = {f"/{file.relative_to(out)}" for file in out.rglob("*") if file.is_file()} - copied
    return {path.removesuffix("index.html") for path in found}


def _paths(site: Path) -> set[str]:
    """The paths of everything that Octavo says is on the site, each of which it resolves."""
    with snapshot_of(site) as snapshot:
        items = snapshot.list_posts(ListQuery(PostFilters(kind=None), page=Page(1, 100))).items
        on_site = [json.loads(item)["path"] for item in items if json.loads(item)["collection"] != "notes"]
        assert [_resolved(snapshot, path) for path in on_site] == on_site
        return {path if path.endswith((".html", "/")) else f"{path}.html" for path in on_site}


def _resolved(snapshot: Snapshot, path: str) -> str | None:
    found = snapshot.resolve(path)
    return found.path if found else None
