"""Builds of a Jekyll site: what is read again when something other than the post itself changes."""

from __future__ import annotations

import json

from search_index.snapshot import Snapshot
from tests.sites import Site

POSTS = {
    "_config.yml": "title: One\npermalink: /:title/\n",
    "_includes/note.html": "first note",
    "_posts/2024-01-01-old.md": "Old.\n",
    "_posts/2024-01-02-plain.md": "Plain.\n",
    "_posts/2024-01-03-linking.md": "See {% post_url 2024-01-01-old %} and {% include note.html %}.\n",
    "_posts/2024-01-04-listing.md": "{{ site.posts.size }} posts\n",
}


def html(snapshot: Snapshot, slug: str) -> str:
    stored = snapshot.get_post(slug)
    assert stored is not None, slug
    return str(json.loads(stored.body)["html"]).strip()


def test_the_dialect_and_its_reason_are_told(site: Site) -> None:
    site.write(POSTS)
    report = site.build()
    assert (report.dialect, report.dialect_reason) == ("jekyll", "_config.yml and _posts/")
    assert report.posts == 4


def test_a_post_is_read_again_when_one_that_it_links_to_moves(site: Site) -> None:
    site.write(POSTS)
    site.build()
    site.write({"_posts/2024-01-01-old.md": "---\npermalink: /moved/\n---\nOld.\n"})
    report = site.build()
    assert report.read == 3  # the post itself, the one that links to it, and the one that lists all posts
    with site.snapshot() as snapshot:
        assert html(snapshot, "linking") == "<p>See /moved/ and first note.</p>"


def test_a_post_is_read_again_when_the_one_it_links_to_appears_or_goes(site: Site) -> None:
    site.write({**POSTS, "_posts/2024-01-03-linking.md": "See {% post_url 2024-01-09-new %}.\n"})
    assert [problem.code for problem in site.build().problems] == ["template_target_missing"]
    site.write({"_posts/2024-01-09-new.md": "New.\n"})
    assert site.build().problems == ()
    with site.snapshot() as snapshot:
        assert html(snapshot, "linking") == "<p>See /new/.</p>"
        assert html(snapshot, "listing") == "<p>5 posts</p>"
    (site.content / "_posts/2024-01-09-new.md").unlink()
    assert [problem.code for problem in site.build().problems] == ["template_target_missing"]


def test_an_include_a_data_file_or_the_configuration_changes_what_depends_on_it(site: Site) -> None:
    site.write(POSTS)
    site.build()
    site.write({"_includes/note.html": "second note"})
    site.build()
    with site.snapshot() as snapshot:
        assert html(snapshot, "linking") == "<p>See /old/ and second note.</p>"
    site.write({"_config.yml": "title: Two\npermalink: /p/:title/\n"})
    site.build()
    with site.snapshot() as snapshot:
        assert snapshot.site_title == "Two"
        assert html(snapshot, "linking") == "<p>See /p/old/ and second note.</p>"
    site.write({"_data/a.yml": "b: 1\n", "_posts/2024-01-02-plain.md": "{{ site.data.a.b }}\n"})
    site.build()
    site.write({"_data/a.yml": "b: 2\n"})
    site.build()
    with site.snapshot() as snapshot:
        assert html(snapshot, "plain") == "<p>2</p>"


def test_one_process_of_many_builds_sees_a_new_configuration(site: Site) -> None:
    site.write(POSTS)
    with site.indexer() as indexer:
        indexer.build()
        site.write({"_config.yml": "title: Two\npermalink: /q/:title/\n"})
        indexer.build()
    with site.snapshot() as snapshot:
        stored = snapshot.get_post("plain")
        assert stored is not None
        assert json.loads(stored.body)["path"] == "/q/plain/"


def test_a_configuration_that_cannot_be_read_is_told_and_jekylls_defaults_hold(site: Site) -> None:
    site.write({**POSTS, "_config.yml": "permalink: [\n"})
    report = site.build()
    assert [(problem.file, problem.code) for problem in report.problems] == [("_config.yml", "front_matter_invalid")]
    with site.snapshot() as snapshot:
        stored = snapshot.get_post("plain")
        assert stored is not None
        assert json.loads(stored.body)["path"] == "/2024/01/02/plain.html"
    site.write({"_config.yml": POSTS["_config.yml"]})
    assert site.build().problems == ()


def test_folders_that_jekyll_passes_over_hold_no_posts(site: Site) -> None:
    site.write(
        {
            "_config.yml": "exclude: [old/, 'gone*']\ninclude: [_import]\n",
            "_posts/2024-01-01-a.md": "A\n",
            "_hidden/_posts/2024-01-01-b.md": "B\n",
            "_import/_posts/2024-01-01-c.md": "C\n",
            "old/_posts/2024-01-01-d.md": "D\n",
            "gone-too/_posts/2024-01-01-e.md": "E\n",
            "vendor/bundle/_posts/2024-01-01-f.md": "F\n",
            "_posts/_inner/2024-01-01-g.md": "G\n",
            "_posts/deep/_inner/2024-01-01-j.md": "J\n",
            "_posts/2024-01-01-h.md~": "H\n",
            "_posts/2024-01-01-i.png": "I\n",
            "README.md": "# No post\n",
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        assert [slug for slug in "abcdefghij" if snapshot.get_post(slug)] == ["a", "c", "j"]


def test_a_sites_collections_folder_holds_its_posts(site: Site) -> None:
    site.write(
        {
            "_config.yml": "collections_dir: all\n",
            "all/_posts/2024-01-01-a.md": "A\n",
            "all/sub/_posts/2024-01-01-b.md": "B\n",
            "_posts/2024-01-01-c.md": "C\n",
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        assert [slug for slug in "abc" if snapshot.get_post(slug)] == ["a", "b"]
        stored = snapshot.get_post("b")
        assert stored is not None
        assert json.loads(stored.body)["path"] == "/sub/2024/01/01/b.html"


def test_the_owner_may_say_whose_rules_hold(site: Site) -> None:
    site.write({"octavo.toml": 'dialect = "plain"\n', **POSTS})
    site.settings = type(site.settings)(dialect="plain")
    assert site.build().dialect == "plain"
