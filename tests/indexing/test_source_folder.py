"""A Jekyll site whose configuration names another folder as its source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search_index.checking import check_content
from tests.sites import Site

FILES = {
    "_config.yml": "source: ./web/src/\nurl: https://example.org\nexclude: [old]\n",
    "README.md": "---\ntitle: No page\n---\n",
    "web/src/_posts/2024-01-01-a.md": "---\ntitle: A\n---\n![](/img/dot.png) ![](../img/dot.png) {% include note.html %}\n",
    "web/src/notes/_posts/2024-01-02-b.md": (
        "---\ntitle: B\n---\n{% post_url 2024-01-01-a %} {% nope %} [a](../../_posts/2024-01-01-a.md)\n"
    ),
    "web/src/_includes/note.html": "note of {{ page.path }}",
    "web/src/_data/wrong.json": "{",
    "web/src/about.md": "---\ntitle: About\n---\nMe.\n",
    "web/src/old/_posts/2024-01-03-c.md": "---\ntitle: C\n---\n",
    "web/src/img/dot.png": "no image",
}


def test_the_source_folder_is_read_as_the_site(site: Site) -> None:
    site.write(FILES)
    report = site.build()
    assert report.dialect_reason == "_config.yml, its source being web/src/"
    assert [(problem.file, problem.code) for problem in report.problems] == [
        ("web/src/_data/wrong.json", "configuration"),
        ("web/src/notes/_posts/2024-01-02-b.md", "template_tag_unknown"),
    ]
    with site.snapshot() as snapshot:
        first, second = (json.loads(stored.body) for key in "ab" if (stored := snapshot.get_post(key)))
        assert snapshot.counts().pages == 1
    assert (first["id"], first["path"], first["source"]["path"]) == (
        "posts/2024-01-01-a",
        "/2024/01/01/a.html",
        "web/src/_posts/2024-01-01-a.md",
    )
    assert "note of _posts/2024-01-01-a.md" in first["html"]
    assert first["html"].count('src="/img/dot.png"') == 2
    assert [category["name"] for category in second["categories"]] == ["notes"]
    assert second["html"] == '<p>/2024/01/01/a.html  <a href="/2024/01/01/a.html">a</a></p>\n'


def test_a_post_of_it_is_read_again_when_one_it_links_to_moves(site: Site) -> None:
    site.write(FILES)
    site.build()
    site.write({"web/src/_posts/2024-01-01-a.md": "---\npermalink: /moved/\n---\nA.\n"})
    assert site.build().read == 2
    with site.snapshot() as snapshot:
        stored = snapshot.get_post("b")
        assert stored is not None
        assert json.loads(stored.body)["html"] == '<p>/moved/  <a href="/moved/">a</a></p>\n'


@pytest.mark.parametrize("source", ["../elsewhere", "/tmp", "nowhere", "link"])  # noqa: S108  # it is not opened
def test_a_source_that_leads_out_or_nowhere_is_not_followed(site: Site, tmp_path: Path, source: str) -> None:
    outside = tmp_path / "elsewhere" / "_posts"
    outside.mkdir(parents=True)
    (outside / "2024-01-01-secret.md").write_text("Secret.\n", encoding="utf-8")
    site.write({"_config.yml": f"source: {source}\n", "_posts/2024-01-01-own.md": "Own.\n"})
    (site.content / "link").symlink_to(tmp_path / "elsewhere")
    assert check_content(site.content, site.settings).posts == 1
    site.build()
    with site.snapshot() as snapshot:
        assert snapshot.get_post("secret") is None
        assert snapshot.get_post("own") is not None
