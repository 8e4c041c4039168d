"""Builds of a site with a ``content.schema``: files that break it are named and served, whatever the schema is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from search_index.checking import check_content
from search_index.content_schema import SCHEMA_FILE
from search_index.diagnostics import ContentProblem, ProblemCode
from search_index.indexer import BuildReport
from search_index.settings import SiteSettings
from search_index.surveying import survey
from tests.indexing.test_watching import until, watching
from tests.sites import NOON, Site, post

SCHEMA = json.dumps({"required": ["title"], "properties": {"rating": {"type": "integer"}, "date": {"format": "date"}}})
SITES = {
    "plain": {
        "good.md": "---\ntitle: Good\ndate: 2024-01-01\nrating: 5\n---\nText.\n",
        "bad.md": "---\ntitle: Bad\ndate: 2024-01-02\nrating: five\n---\nText.\n",
        "toml.md": '+++\ntitle = "Toml"\ndate = "2024-01-03"\nrating = "six"\n+++\nText.\n',
    },
    "jekyll": {
        "_config.yml": "title: A\n",
        "_posts/2024-01-01-good.md": "---\ntitle: Good\nrating: 5\n---\nText.\n",
        "_posts/2024-01-02-bad.md": "---\ntitle: Bad\nother: 1\nrating: five\n---\nText.\n",
        "_posts/2024-01-03-broken.md": "---\ntitle: [\n---\nText.\n",
    },
    "hugo": {
        "hugo.toml": 'title = "A"\n',
        "content/posts/good.md": "---\ntitle: Good\nrating: 5\n---\nText.\n",
        "content/posts/bad.md": '{\n"title": "Bad",\n\n"rating": "five"\n}\n\nText.\n',
        "content/posts/caps.md": "+++\ntitle = 'Caps'\nother = 1\nrating = 'six'\n+++\nText.\n",
    },
}
BREACHES = {
    "plain": [("bad.md", 4, "five"), ("toml.md", 4, "six")],
    "jekyll": [("_posts/2024-01-02-bad.md", 4, "five")],
    "hugo": [("content/posts/bad.md", 4, "five"), ("content/posts/caps.md", 4, "six")],
}


def breaches(problems: tuple[ContentProblem, ...]) -> list[tuple[str, int]]:
    return [(row.file, row.line) for row in problems if row.code is ProblemCode.FRONT_MATTER_SCHEMA]


def built(site: Site, schema: str | None, files: dict[str, str] | None = None) -> BuildReport:
    site.write(files or {})
    if schema is None:
        (site.content / SCHEMA_FILE).unlink(missing_ok=True)
    else:
        site.write({SCHEMA_FILE: schema})
    return site.build()


@pytest.mark.parametrize("kind", SITES)
def test_a_file_that_breaks_the_schema_is_named_at_its_line_and_served(site: Site, kind: str) -> None:
    report = built(site, SCHEMA, SITES[kind])
    found = [row for row in report.problems if row.code is ProblemCode.FRONT_MATTER_SCHEMA]
    assert [(row.file, row.line, row.severity) for row in found] == [
        (file, line, "warning") for file, line, _ in BREACHES[kind]
    ]
    for row, (_, _, value) in zip(found, BREACHES[kind], strict=True):
        assert row.message == f'rating should be a whole number, and is "{value}"'
    assert report.posts == 3
    assert check_content(site.content, site.settings).problems == report.problems


@pytest.mark.parametrize("kind", SITES)
def test_what_is_proposed_from_a_site_holds_for_it(site: Site, kind: str) -> None:
    site.write(SITES[kind])
    found = survey(site.content, site.settings)
    assert found.proposal.schema["properties"]["rating"]["type"] == ["string", "integer"]
    assert found.documents == (2 if kind == "jekyll" else 3)
    assert found.unread == (("_posts/2024-01-03-broken.md",) if kind == "jekyll" else ())
    assert breaches(built(site, json.dumps(found.proposal.schema)).problems) == []


def test_a_changed_schema_looks_at_every_file_again_as_a_full_build_does(site: Site, tmp_path: Path) -> None:
    (tmp_path / "anew").mkdir()
    anew = Site(tmp_path / "anew")
    first = built(site, None, SITES["plain"])
    assert breaches(first.problems) == []
    typed = built(site, SCHEMA)
    assert (typed.published, breaches(typed.problems)) == (True, [("bad.md", 4), ("toml.md", 4)])
    assert not site.build().published
    stricter = built(site, json.dumps({"properties": {"title": {"enum": ["Good", "Bad"]}}}))
    assert breaches(stricter.problems) == [("toml.md", 2)]
    full = built(anew, json.dumps({"properties": {"title": {"enum": ["Good", "Bad"]}}}), SITES["plain"])
    assert (full.generation, full.problems) == (stricter.generation, stricter.problems)
    assert breaches(built(site, None).problems) == []


def test_an_edit_is_checked_without_reading_the_others(site: Site) -> None:
    built(site, SCHEMA, SITES["plain"])
    report = built(site, SCHEMA, {"bad.md": "---\ntitle: Better\ndate: 2024-01-02\nrating: 4\n---\nText.\n"})
    assert (report.read, breaches(report.problems)) == (1, [("toml.md", 4)])


def test_watching_notices_a_schema_that_comes_and_goes(site: Site) -> None:
    site.write(SITES["plain"])
    with watching(site) as reports:
        until(reports, lambda report: report.posts == 3)
        site.write({SCHEMA_FILE: SCHEMA})
        until(reports, lambda report: breaches(report.problems) == [("bad.md", 4), ("toml.md", 4)])
        (site.content / SCHEMA_FILE).unlink()
        until(reports, lambda report: report.published and breaches(report.problems) == [])


@pytest.mark.parametrize(
    "raw",
    [
        b"not JSON",
        b"[]",
        b'{"$ref": "https://example.org/schema.json"}',
        b'{"title": "' + b"x" * 1024 * 1024 + b'"}',
        b'{"not": ' * 500 + b"{}" + b"}" * 500,
        b'{"$ref": "#"}',
        b"\xff\xfe",
    ],
    ids=["text", "list", "remote", "large", "deep", "circular", "bytes"],
)
def test_a_schema_that_is_none_is_an_error_and_the_site_is_served_untyped(site: Site, raw: bytes) -> None:
    site.write(SITES["plain"])
    (site.content / SCHEMA_FILE).write_bytes(raw)
    report = site.build()
    assert [(row.file, row.code, row.severity) for row in report.problems] == [
        (SCHEMA_FILE, ProblemCode.CONTENT_SCHEMA_INVALID, "error")
    ]
    assert check_content(site.content, site.settings).problems == report.problems
    with site.snapshot() as snapshot:
        assert snapshot.counts().posts == 3
        assert snapshot.content_schema.value is None
        assert snapshot.diagnostics() == report.problems
    mended = built(site, SCHEMA)
    assert breaches(mended.problems) == [("bad.md", 4), ("toml.md", 4)]
    assert len(mended.problems) == 2


def test_a_schema_that_asks_for_too_much_work_costs_no_post(site: Site) -> None:
    chain = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(15)}
    report = built(site, json.dumps({"$ref": "#/$defs/a0", "$defs": {**chain, "a15": {}}}), SITES["plain"])
    assert (report.posts, breaches(report.problems)) == (3, [("bad.md", 0), ("good.md", 0), ("toml.md", 0)])


def test_private_fields_are_neither_checked_nor_named(site: Site) -> None:
    site.settings = SiteSettings(private_fields=("budget",))
    schema = {
        "required": ["title", "budget", "_note"],
        "properties": {"title": {}, "budget": {"type": "integer"}, "_note": {"type": "integer"}},
        "additionalProperties": False,
    }
    report = built(site, json.dumps(schema), {"a.md": post("A", budget="a lot", _note="x")})
    assert report.problems == ()
    with site.snapshot() as snapshot:
        assert "budget" not in snapshot.content_schema.to_json()
        assert "_note" not in snapshot.content_schema.to_json()


def test_a_draft_that_breaks_the_schema_is_told_to_its_author_alone(site: Site) -> None:
    site.settings = SiteSettings(now=NOON)
    report = built(site, SCHEMA, {"a.md": post("A"), "draft.md": post("D", draft=True, rating="x")})
    assert breaches(report.problems) == [("draft.md", 4)]
    assert breaches(check_content(site.content, site.settings).problems) == [("draft.md", 4)]
    with site.snapshot() as snapshot:
        assert snapshot.diagnostics() == ()
