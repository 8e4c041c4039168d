"""Where Hugo has the pages of sections, taxonomies and terms, and where Octavo says they are."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from benchmarks.oracle.candidate import snapshot_of
from benchmarks.oracle.generators import Generator
from search_index.model import Kind
from search_index.query import ListQuery, Page, PostFilters
from tests.oracle.sites import need, post, write

SITE = {
    "hugo.toml": (
        'baseURL = "https://example.org/sub/"\ndefaultContentLanguage = "en"\n'
        "[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n"
    ),
    "content/_index.md": post("title: Home"),
    "content/_index.de.md": post("title: Zuhause"),
    "content/posts/_index.md": post("title: All posts\naliases: [/old-posts]"),
    "content/posts/a.md": post("title: A\ntags: [Big Cat, ü]"),
    "content/posts/deep/_index.md": post("title: Deep"),
    "content/posts/Upper Case/_index.md": post("title: Upper"),
    "content/own/_index.md": post("title: Own\nurl: /elsewhere/"),
    "content/wip/_index.md": post("title: Wip\ndraft: true"),
    "content/tags/_index.md": post("title: All tags"),
    "content/tags/big-cat/_index.md": post("title: Big cats\ndescription: They purr"),
    "content/unseen/_index.md": post("title: Unseen\n_build: {render: never, list: always}"),
    "layouts/index.html": (
        "{{ range site.AllPages }}{{ if ne .Kind `page` }}{{ with .File }}{{ .Path }}\t{{ end }}"
        "{{ if .File }}{{ .RelPermalink }}\t{{ .Title }}\n{{ end }}{{ end }}{{ end }}"
    ),
    "layouts/_default/list.html": "",
    "layouts/_default/single.html": "",
}


def test_pages_of_sections_and_terms_are_where_hugo_has_them(tmp_path: Path) -> None:
    need(Generator.HUGO)
    site = write(tmp_path / "site", SITE)
    ran = subprocess.run(
        ["hugo", "--quiet", "--source", str(site), "--destination", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    lines = (tmp_path / "out/index.html").read_text(encoding="utf-8").splitlines()
    theirs = {tuple(line.split("\t")) for line in lines if line}
    assert _pages(site) == theirs


def _pages(site: Path) -> set[tuple[str, ...]]:
    """File below ``content``, path on the site, title."""
    with snapshot_of(site) as snapshot:
        found = snapshot.list_posts(ListQuery(PostFilters(kind=Kind.PAGE), page=Page(1, 100))).items
    pages = [json.loads(item) for item in found]
    return {
        (page["source"]["path"].removeprefix("content/"), "" if page["url"] is None else page["path"], page["title"])
        for page in pages
    }
