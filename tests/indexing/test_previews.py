"""What is never public is kept for previews, in a file of its own that follows the folder exactly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from search_index.diagnostics import ProblemCode
from search_index.engines.whoosh import WhooshEngine
from search_index.generation import IndexFolder
from search_index.library import Library
from search_index.model import Kind
from search_index.previews import PREVIEWS_FILE, Previews
from search_index.snapshot import Snapshot
from search_index.sqlite_files import read_only
from tests.sites import NOON, Site, post


def generation_of(site: Site) -> Path:
    folder = IndexFolder(site.index)
    published = folder.current()
    assert published
    return folder.generation_path(published.id)


def kept(site: Site) -> list[tuple[Any, ...]]:
    """Every row of the published previews."""
    with closing(read_only(generation_of(site) / PREVIEWS_FILE)) as connection:
        return connection.execute("SELECT * FROM previews ORDER BY file").fetchall()


def titles_kept(site: Site) -> dict[str, str]:
    return {row[0]: json.loads(row[5])["title"] for row in kept(site)}


@contextmanager
def previewing(site: Site) -> Iterator[Snapshot]:
    library = Library(site.index, WhooshEngine(), site.clock, previews=True)
    assert library.refresh(), library.status
    try:
        with library.lease() as snapshot:
            yield snapshot
    finally:
        library.close()


def previewed(snapshot: Snapshot, key: str, kind: Kind = Kind.POST) -> Any:
    found = snapshot.preview(kind, key)
    return json.loads(found) if found else None


def test_what_is_never_public_is_previewed_whole(site: Site) -> None:
    site.write(
        {
            "draft.md": post("Draft", date="2026-01-02", draft=True, tags=["hush"], body="## One\n\nA *word*.", _key=1),
            "withdrawn.md": post("Withdrawn", date="2026-01-03", published=False),
            "public.md": post("Public", date="2026-01-01"),
        }
    )
    site.build()
    with previewing(site) as snapshot:
        draft = previewed(snapshot, "draft")
        assert (draft["title"], draft["status"], draft["published_at"]) == (
            "Draft",
            "draft",
            "2026-01-02T00:00:00+00:00",
        )
        assert draft["toc"][0]["text"] == "One"
        assert "<em>word</em>" in draft["html"]
        assert [tag["slug"] for tag in draft["tags"]] == ["hush"]
        assert "_key" not in draft["front_matter"]
        assert (draft["prev"], draft["next"]) == (None, None)
        assert previewed(snapshot, "withdrawn")["status"] == "draft"
        assert previewed(snapshot, "public")["status"] == "published"
        assert previewed(snapshot, "nothing") is None


def test_what_is_scheduled_or_over_is_previewed_from_the_catalog(site: Site) -> None:
    site.write(
        {
            "later.md": post("Later", date="2026-09-02"),
            "over.md": post("Over", date="2026-01-01", expires="2026-02-01"),
            "before.md": post("Before", date="2026-08-01"),
        }
    )
    site.build()
    assert kept(site) == []
    with previewing(site) as snapshot:
        later = previewed(snapshot, "later")
        assert (later["status"], later["published_at"]) == ("published", "2026-09-02T00:00:00+00:00")
        assert later["prev"]["slug"] == "before"
        assert previewed(snapshot, "over")["title"] == "Over"
        assert snapshot.get_post("later") is None


def test_a_generation_of_before_there_were_previews_is_served_without(site: Site, tmp_path: Path) -> None:
    assert Previews.of(tmp_path) is None
    site.write({"later.md": post("Later", date="2026-09-02")})
    site.build()
    with previewing(site) as snapshot:
        snapshot._previews = None
        assert previewed(snapshot, "later")["title"] == "Later"


def test_a_library_without_previews_opens_none(site: Site) -> None:
    site.write({"draft.md": post("Draft", draft=True), "a.md": post("A")})
    site.build()
    with site.snapshot() as snapshot:
        assert snapshot.preview(Kind.POST, "draft") is None


def test_an_edited_a_published_and_a_removed_draft_leave_what_a_full_build_would(tmp_path: Path) -> None:
    (tmp_path / "edited").mkdir()
    (tmp_path / "whole").mkdir()
    site = Site(tmp_path / "edited")
    files = {f"{name}.md": post(name, draft=True, body=f"Words of {name}.") for name in "abcd"}
    site.write(files | {"p.md": post("P", date="2026-01-01")})
    site.build()
    first = generation_of(site) / PREVIEWS_FILE
    site.write({"p.md": post("P again", date="2026-01-01")})
    site.build()
    assert first.samefile(generation_of(site) / PREVIEWS_FILE)
    assert titles_kept(site) == {f"{name}.md": name for name in "abcd"}
    changes = {
        "a.md": post("a edited", draft=True),
        "b.md": post("b", date="2026-01-02"),
        "p.md": post("P taken back", draft=True),
    }
    site.write(changes)
    (site.content / "c.md").unlink()
    site.build()
    assert titles_kept(site) == {"a.md": "a edited", "d.md": "d", "p.md": "P taken back"}
    assert b"Words of c." not in (generation_of(site) / PREVIEWS_FILE).read_bytes()
    whole = Site(tmp_path / "whole")
    whole.write({"d.md": files["d.md"], **changes})
    whole.build()
    assert kept(site) == kept(whole)
    assert generation_of(site).name == generation_of(whole).name


def test_the_preview_of_a_draft_follows_the_documents_that_it_links_to(site: Site) -> None:
    site.write({"draft.md": post("Draft", draft=True, body="[it](a.md)"), "a.md": post("A", slug="first")})
    site.build()
    site.write({"a.md": post("A", slug="second")})
    site.build()
    with previewing(site) as snapshot:
        assert 'href="/second/"' in previewed(snapshot, "draft")["html"]


def test_a_post_that_becomes_a_draft_is_gone_though_its_preview_takes_too_long(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01"), "b.md": post("B", date="2026-01-01")})
    site.build()
    site.write({"a.md": post("A", date="2026-01-01", draft=True, body="[" * 20_000)})
    assert [problem.code for problem in site.build().problems] == [ProblemCode.RENDER_TIMEOUT]
    with previewing(site) as snapshot:
        assert snapshot.get_post("a") is None
        assert snapshot.diagnostics() == ()
        assert "[[[" in previewed(snapshot, "a")["html"]


def test_a_slug_that_others_have_leads_to_the_public_post_and_an_id_to_each(site: Site) -> None:
    site.write(
        {
            "a/public.md": post("Public", slug="same", date="2026-01-01"),
            "b/draft.md": post("Draft", slug="same", draft=True),
            "c/draft.md": post("Another draft", slug="other", draft=True),
            "d/later.md": post("Later", slug="other", date="2026-09-02"),
            "x.md": post("X", slug="y", draft=True),
            "y.md": post("Y", slug="x", draft=True),
        }
    )
    site.build()
    with previewing(site) as snapshot:
        shown = {key: previewed(snapshot, key) for key in ("same", "b/draft", "other", "c/draft", "d/later", "x", "y")}
    assert {key: row["title"] for key, row in shown.items()} == {
        "same": "Public",
        "b/draft": "Draft",
        "other": "Later",
        "c/draft": "Another draft",
        "d/later": "Later",
        "x": "X",
        "y": "Y",
    }
    assert [shown[key]["api_url"] for key in ("same", "b/draft", "other", "c/draft", "d/later", "x")] == [
        "/v1/posts/same",
        "/v1/posts/b/draft",
        "/v1/posts/other",
        "/v1/posts/c/draft",
        "/v1/posts/other",
        "/v1/posts/x",
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"hugo.toml": 'baseURL = "https://example.org/"', "content/posts/x.md": post("X", draft=True)},
        {"_config.yml": "title: Site", "_drafts/x.md": post("X", body="{{ page.title }} {{ page.previous.title }}")},
        {"_config.yml": "title: Site", "_posts/2026-01-01-x.md": post("X", published=False)},
        {
            "_config.yml": "",
            "_posts/2026-01-01-x.md": post(
                "X", body="{% for p in site.posts %}{{ p.title }}{% endfor %}", published=False
            ),
        },
        {"astro.config.mjs": "export default {};", "src/content/blog/x.md": post("X", draft=True)},
    ],
)
def test_drafts_of_every_generator_are_previewed(site: Site, files: dict[str, str]) -> None:
    site.write(files)
    site.build()
    with previewing(site) as snapshot:
        assert snapshot.counts().posts == 0
        assert previewed(snapshot, "x")["title"] == "X"


def test_pages_are_previewed_by_id_and_path(site: Site) -> None:
    site.write(
        {
            "_config.yml": "collections: {recipes: {output: true}}\npermalink: pretty\n",
            "_posts/2024-01-01-hello.md": post("Hello"),
            "about.md": post("About", published=False, permalink="/who/"),
            "_recipes/2999-01-01-later.md": post("Later"),
        }
    )
    site.build()
    with previewing(site) as snapshot:
        about = previewed(snapshot, "about", Kind.PAGE)
        assert (about["kind"], about["api_url"]) == ("page", "/v1/pages/about")
        assert previewed(snapshot, "who", Kind.PAGE) == previewed(snapshot, "who/index.html", Kind.PAGE) == about
        assert previewed(snapshot, "recipes/2999-01-01-later", Kind.PAGE)["title"] == "Later"
        assert previewed(snapshot, "about") is None


def test_a_draft_is_previewed_and_not_served_until_it_is_published(site: Site) -> None:
    site.write({"x.md": post("X", draft=True), "a.md": post("A")})
    site.build()
    with previewing(site) as snapshot:
        before = snapshot.version
    site.write({"x.md": post("X", draft=True, body="Other.")})
    site.build()
    with previewing(site) as snapshot:
        assert snapshot.version == before
        assert "Other." in previewed(snapshot, "x")["html"]
    site.write({"x.md": post("X", date=(NOON - timedelta(days=1)).isoformat())})
    site.build()
    assert kept(site) == []
    with previewing(site) as snapshot:
        assert snapshot.get_post("x") is not None


def test_a_generation_holds_the_previews_under_a_digest(site: Site) -> None:
    site.write({"x.md": post("X", draft=True)})
    site.build()
    folder = IndexFolder(site.index)
    assert PREVIEWS_FILE in folder.manifest(generation_of(site).name).files
    with closing(Previews(generation_of(site))) as previews:
        found = previews.find(Kind.POST, "x")
        assert found
        assert json.loads(found.body)["title"] == "X"


def link_in(site: Site) -> str:
    with site.snapshot() as snapshot:
        stored = snapshot.get_post("a")
        assert stored
        return str(json.loads(stored.body)["html"])


@pytest.mark.parametrize(
    ("files", "folder", "link"),
    [
        ({}, "", "[it](b.md)"),
        ({"_config.yml": "permalink: /:title/"}, "_posts/2026-01-01-", "[it](2026-01-01-b.md)"),
        ({"_config.yml": "permalink: /:title/"}, "_posts/2026-01-01-", "{% post_url 2026-01-01-b %}"),
        ({"hugo.toml": ""}, "content/posts/", '{{< ref "b" >}}'),
    ],
)
def test_a_link_to_a_post_leads_there_while_that_is_public(
    site: Site, files: dict[str, str], folder: str, link: str
) -> None:
    """Before, its address would tell what it will be called."""
    comes, goes = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    span = {"date": comes.isoformat(), "expires": goes.isoformat(), "expiryDate": goes.isoformat()}
    site.write({**files, f"{folder}a.md": post("A", date="2026-01-01", slug="a", body=link)})
    site.write({f"{folder}b.md": post("B", slug="its-name", permalink="/its-name/", **span)})
    site.build()
    assert "its-name" not in link_in(site)
    site.clock.instant = comes
    site.build()
    assert "/its-name/" in link_in(site)
    site.clock.instant = goes
    site.build()
    assert "its-name" not in link_in(site)
