"""What is read of a site's configuration, and what happens where it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from search_index.reading.dialects.hugo import HugoDialect
from search_index.settings import Limits, SiteSettings
from tests.reading.hugo.conftest import CONFIGURATION, HugoSite, page

Put = Callable[..., Path]


@pytest.fixture
def site(tmp_path: Path, put: Put) -> Path:
    put("content/posts/a.md", page("title: A"))
    return tmp_path / "site"


def _dialect(site: Path, **settings: object) -> HugoDialect:
    dialect = HugoDialect.of(site, SiteSettings(**settings))  # type: ignore[arg-type]  # tests name real fields
    assert dialect is not None
    return dialect


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.toml", 'title = "T"'),
        ("hugo.yaml", "Title: T"),
        ("config.yml", "TITLE: T\nbaseurl: x"),
        ("config.json", '{"title": "T"}'),
        ("config/_default/hugo.toml", 'title = "T"'),
    ],
)
def test_the_configuration_may_be_written_in_several_ways(site: Path, put: Put, name: str, text: str) -> None:
    put(name, text)
    dialect = _dialect(site)
    assert dialect.site(SiteSettings()).title == "T"
    assert dialect.reason == f"{name} and content/"


def test_other_generators_are_not_taken_for_hugo(tmp_path: Path, put: Put) -> None:
    assert HugoDialect.of(tmp_path / "site", SiteSettings()) is None
    put("config.toml", 'base_url = "https://example.org"\n')
    put("content/a.md")
    assert HugoDialect.of(tmp_path / "site", SiteSettings()) is None


def test_a_configuration_without_content_is_no_site(tmp_path: Path, put: Put) -> None:
    put("hugo.toml", CONFIGURATION)
    assert HugoDialect.of(tmp_path / "site", SiteSettings()) is None


def test_one_file_at_the_top_and_all_of_the_folders_count(site: Path, put: Put) -> None:
    put("hugo.toml", 'title = "Top"\nbaseURL = "https://example.org/"\n[params]\ndescription = "Top"\n')
    put("config.toml", 'title = "Passed over"\n')
    put("config/_default/hugo.yaml", "title: Folder\n")
    put("config/_default/permalinks.toml", 'posts = "/:slug/"\n')
    put("config/_default/params.yaml", "Description: Folder\n")
    put("config/_default/menus.en.toml", '[[main]]\nname = "x"\n')
    put("config/production/hugo.toml", 'title = "Live"\n')
    put("config/staging/hugo.toml", 'title = "Elsewhere"\n')
    dialect = _dialect(site)
    completed = dialect.site(SiteSettings())
    assert (completed.title, completed.description) == ("Live", "Folder")
    assert dialect.hugo.rules("en").permalinks.patterns == {"posts": "/:slug/"}


def test_languages_may_have_files_of_their_own(site: Path, put: Put) -> None:
    put("config/_default/languages.toml", "[en]\nweight = 2\n")
    put("config/_default/languages.fr.toml", 'weight = 1\ntimeZone = "Europe/Paris"\n[taxonomies]\nmot = "mots"\n')
    hugo = _dialect(site).hugo
    assert list(hugo.languages) == ["fr", "en"]
    assert (hugo.rules("fr").prefix, hugo.rules("en").prefix) == ("fr", "")
    assert (hugo.rules("fr").taxonomies, str(hugo.rules("fr").zone)) == (("mots",), "Europe/Paris")


def test_the_owner_counts_over_the_configuration(hugo: HugoSite) -> None:
    configuration = 'title = "T"\nbaseURL = "http://example.org"\nlanguageCode = "de-DE"\ntimeZone = "Asia/Seoul"\n'
    said = hugo({"a.md": page()}, configuration).settings
    assert (said.title, said.public_url, said.lang, said.timezone) == ("T", "http://example.org", "de-DE", "Asia/Seoul")
    owned = hugo({"a.md": page()}, configuration, title="Mine", lang="ko", public_url="https://mine.example").settings
    assert (owned.title, owned.lang, owned.public_url) == ("Mine", "ko", "https://mine.example")


@pytest.mark.parametrize("base", ["", "/", "example.org", "ftp://example.org/", "http://[", "5"])
def test_a_base_url_that_is_none_leaves_the_setting_empty(hugo: HugoSite, base: str) -> None:
    site = hugo({"a.md": page()}, f'baseURL = "{base}"\n')
    assert site.settings.public_url == ""
    assert site.paths == {"a.md": "/a/"}


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("hugo.toml", 'title = "T"\nbad = [\n', (3, 1)),
        ("hugo.yaml", "title: T\n\tbad: 1\n", (2, 1)),
        ("hugo.json", '{"title": }', (1, 11)),
        ("hugo.yaml", "- a list\n", (1, 1)),
    ],
)
def test_a_configuration_that_cannot_be_read_is_told_and_the_site_read_without_it(
    site: Path, put: Put, name: str, text: str, place: tuple[int, int]
) -> None:
    put(name, text)
    dialect = _dialect(site)
    problem = dialect.problems[0]
    assert (problem.file, problem.severity, problem.code) == (name, "error", "configuration")
    assert problem.line in (place[0], place[0] - 1)
    assert dialect.reads("content/posts/a.md")


def test_a_huge_configuration_is_refused_by_its_size(site: Path, put: Put) -> None:
    put("hugo.toml", "#" * 200_000)
    problem = _dialect(site, limits=Limits(front_matter_bytes=1024)).problems[0]
    assert "more than 16384 bytes (16 times limits.front_matter_bytes)" in problem.message


def test_a_configuration_that_unfolds_without_end_is_refused(site: Path, put: Put) -> None:
    rows = [f"k{row}: &k{row} [{', '.join([f'*k{row - 1}'] * 9)}]" for row in range(1, 9)]
    put("hugo.yaml", "\n".join(["k0: &k0 [x, x, x, x, x, x, x, x, x]", *rows]))
    assert "aliases written out" in _dialect(site).problems[0].message


def test_a_configuration_that_is_a_link_out_of_the_folder_is_not_followed(site: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text('title = "secret"\n', encoding="utf-8")
    (site / "hugo.toml").symlink_to(tmp_path / "outside.toml")
    dialect = _dialect(site)
    assert dialect.site(SiteSettings()).title == ""
    assert "leads out of the content folder" in dialect.problems[0].message


def test_an_unknown_zone_is_told_and_utc_is_used(hugo: HugoSite) -> None:
    site = hugo({"a.md": page("date: 2020-01-02")}, CONFIGURATION + 'timeZone = "Mars/Olympus"\n')
    assert str(site.posts["a.md"].published_at) == "2020-01-02 00:00:00+00:00"
    assert site.told == ["timeZone: 'Mars/Olympus' is no time zone; UTC is used"]
    assert site.dialect.problems[0].line == 2


def test_values_of_the_wrong_type_never_stop_the_reading(hugo: HugoSite) -> None:
    wrong = "\n".join(
        f"{key} = {value}"
        for key in ("title", "languages", "permalinks", "taxonomies", "frontmatter", "cascade", "markup", "ignoreFiles")
        for value in ("[1, true]",)
    )
    site = hugo({"posts/a.md": page("title: A")}, wrong)
    assert site.paths == {"posts/a.md": "/posts/a/"}


def test_the_fingerprint_changes_with_what_shapes_other_posts_and_not_with_a_post(hugo: HugoSite) -> None:
    first = hugo({"posts/a.md": page("title: A")}).dialect.fingerprint
    assert hugo({"posts/a.md": page("title: B"), "posts/b.md": page()}).dialect.fingerprint == first
    section = hugo({"posts/_index.md": page("title: P")}).dialect.fingerprint
    assert section != first
    assert hugo({"posts/_index.md": page("cascade: {weight: 1}")}).dialect.fingerprint != section
    assert hugo({}, CONFIGURATION + "summaryLength = 5\n").dialect.fingerprint != section
