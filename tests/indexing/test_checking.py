"""``octavo check`` and ``octavo why``: what is wrong, and why a post is as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from search_index.checking import HiddenPost, check_content, explain
from search_index.diagnostics import ProblemCode
from search_index.settings import SiteSettings
from tests.sites import NOON, Site, post

MINUTE = NOON + timedelta(minutes=1)


class Told:
    """A progress that writes down what it is told."""

    def __init__(self) -> None:
        self.log: list[object] = []

    def start(self, total: int) -> None:
        self.log.append(("start", total))

    def advance(self, count: int) -> None:
        self.log.append(count)

    def finish(self) -> None:
        self.log.append("finish")


@pytest.fixture
def blog(site: Site) -> Site:
    site.settings = SiteSettings(now=NOON)
    site.write(
        {
            "2026-01-02-public.md": post("Public", slug="hello"),
            "README.md": "# About this folder\n",
            "draft.md": post("Draft", date="2026-01-01", draft=True),
            "soon.md": post("Soon", date=MINUTE.isoformat()),
            "gone.md": post("Gone", date="2026-01-01", expires="2026-02-01T00:00:00Z"),
            "broken.md": "---\ntitle: [\n---\n",
            "notes.txt": "no Markdown",
        }
    )
    return site


def test_a_check_counts_what_is_public_and_names_what_is_not_and_what_is_wrong(blog: Site) -> None:
    told = Told()
    report = check_content(blog.content, blog.settings, told)
    assert (report.dialect, report.files, report.posts) == ("plain", 6, 1)
    assert report.hidden == (
        HiddenPost("draft.md", "draft: true"),
        HiddenPost("gone.md", "it expired at 2026-02-01T00:00:00Z"),
        HiddenPost("soon.md", "it is scheduled for 2026-09-01T12:01:00Z"),
    )
    assert [file.path for file in report.aside] == ["README.md"]
    assert [(problem.file, problem.code) for problem in report.problems] == [
        ("broken.md", ProblemCode.FRONT_MATTER_INVALID)
    ]
    assert told.log == [("start", 6), 1, 1, 1, 1, 1, 1, "finish"]


@pytest.mark.parametrize(
    ("key", "path", "said"),
    [
        ("2026-01-02-public.md", "2026-01-02-public.md", ""),
        ("hello", "2026-01-02-public.md", ""),
        ("2026-01-02-public", "2026-01-02-public.md", ""),
        ("README.md", "README.md", "README and index files"),
        ("draft.md", "draft.md", "draft"),
        ("soon.md", "soon.md", "scheduled for"),
        ("gone.md", "gone.md", "expired"),
        ("broken.md", "broken.md", "could not be read"),
        ("notes.txt", "notes.txt", "no Markdown file"),
    ],
)
def test_why_finds_a_post_by_path_slug_or_id_and_says_why_it_is_not_served(
    blog: Site, key: str, path: str, said: str
) -> None:
    explanation = explain(blog.content, blog.settings, key)
    assert explanation is not None
    assert explanation.path == path
    if said:
        assert said in explanation.not_served
    else:
        assert explanation.not_served == ""


def test_why_says_where_each_value_comes_from(blog: Site) -> None:
    explanation = explain(blog.content, blog.settings, "hello")
    assert explanation is not None
    values = {row.name: row for row in explanation.provenance}
    assert values["published_at"].value == "2026-01-02T00:00:00+00:00"
    assert "file name" in values["published_at"].reason
    assert "front matter" in values["slug"].reason


def test_why_knows_nothing_of_what_is_not_there(blog: Site) -> None:
    assert explain(blog.content, blog.settings, "nothing-like-it") is None


def test_why_names_the_problem_of_a_file_that_is_not_read(blog: Site) -> None:
    (blog.content / "link.md").symlink_to("/etc/hostname")
    explanation = explain(blog.content, blog.settings, "link.md")
    assert explanation is not None
    assert [problem.code for problem in explanation.problems] == [ProblemCode.LINK_LEAVES_FOLDER]


def test_a_check_reports_ids_and_slugs_that_repeat_as_the_service_does(site: Site) -> None:
    site.write(
        {
            "a/hello.md": post("One", date="2026-01-01"),
            "b/hello.md": post("Two", date="2026-01-02"),
            "c/hello.md": post("Drei", date="2026-01-03", lang="de"),
            "caf\u00e9.md": post("Composed", date="2026-01-01"),
            "cafe\u0301.md": post("Decomposed", date="2026-01-02"),
        }
    )
    report = check_content(site.content, site.settings)
    assert report.posts == 4
    repeated = {(problem.file, problem.code) for problem in report.problems}
    assert ("caf\u00e9.md", ProblemCode.ID_REPEATED) in repeated
    assert ("b/hello.md", ProblemCode.SLUG_REPEATED) in repeated
    site.build()
    with site.snapshot() as snapshot:
        served = {(problem.file, problem.code) for problem in snapshot.diagnostics()}
    assert served == {row for row in repeated if row[1] is ProblemCode.SLUG_REPEATED}
