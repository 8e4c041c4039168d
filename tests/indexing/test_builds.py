"""What a build promises: nothing lost, nothing leaked, nothing done twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from search_index.diagnostics import ProblemCode
from search_index.engines.port import Deadline
from search_index.generation import GenerationError, IndexFolder, ShrinkRefused, WriterBusy
from search_index.indexer import ContentFolderError, allow_shrink
from search_index.previews import PREVIEWS_FILE
from search_index.query import FacetField, ListQuery, Order, Page, SearchQuery, Sort
from search_index.reading import ContentError, FoundFile, ReadingPool, ReadOutcome, Scan, scan
from search_index.reading.post_reader import not_read
from search_index.reading.source import Selection
from search_index.settings import SiteSettings
from search_index.snapshot import Snapshot
from search_index.taxonomy import Taxonomy
from tests.sites import NOON, Site, post, titles


def found(snapshot: Snapshot, text: str) -> list[str]:
    result = snapshot.search(SearchQuery(text), Deadline(5))
    return [json.loads(hit.post)["title"] for hit in result.hits]


def test_an_unchanged_folder_is_not_published_again(site: Site) -> None:
    site.write({"2026-01-01-a.md": post("A"), "2026-01-02-b.md": post("B")})
    first = site.build()
    second = site.build()
    assert (first.published, first.sequence, first.posts, first.read) == (True, 1, 2, 2)
    assert (second.published, second.sequence, second.generation) == (False, 1, first.generation)
    assert second.read == 0


def test_the_same_content_has_the_same_generation_and_version_on_every_host(tmp_path: Path) -> None:
    seen = []
    for host in ("one", "two"):
        (tmp_path / host).mkdir()
        site = Site(tmp_path / host)
        names = ["a.md", "b.md", "c.md"]
        for name in names if host == "one" else reversed(names):
            site.write({name: post(name, date="2026-01-01")})
        report = site.build()
        with site.snapshot() as snapshot:
            seen.append((report.generation, snapshot.version))
    assert seen[0] == seen[1]


def test_an_edit_reads_one_file_and_is_served(site: Site) -> None:
    site.write({f"2026-01-{day:02}-post.md": post(f"Day {day}", slug=f"day-{day}") for day in range(1, 29)})
    site.build()
    site.write({"2026-01-05-post.md": post("Changed", slug="day-5", body="Entirely new words: kumquat.")})
    report = site.build()
    assert (report.read, report.unchanged, report.posts) == (1, 27, 28)
    with site.snapshot() as snapshot:
        now_there = titles(snapshot, ListQuery(page=Page(size=100)))
        assert len(now_there) == 28
        assert "Changed" in now_there
        assert "Day 5" not in now_there
        assert found(snapshot, "kumquat") == ["Changed"]


def test_a_rename_and_a_delete_leave_nothing_behind(site: Site) -> None:
    site.write({name: post(name, date="2026-01-01") for name in ("stays.md", "old-name.md", "goes.md")})
    site.build()
    (site.content / "old-name.md").rename(site.content / "new-name.md")
    (site.content / "goes.md").unlink()
    report = site.build()
    assert (report.read, report.removed) == (1, 2)
    with site.snapshot() as snapshot:
        page = snapshot.list_posts(ListQuery())
        assert sorted(json.loads(item)["id"] for item in page.items) == ["new-name", "stays"]
        assert snapshot.get_post("old-name") is None
        assert found(snapshot, "goes.md") == []


def test_a_file_with_broken_front_matter_is_reported_and_the_rest_is_served(site: Site) -> None:
    site.write({"good.md": post("Good", date="2026-01-01"), "bad.md": "---\ntitle: [unclosed\n---\ntext\n"})
    report = site.build()
    assert report.posts == 1
    problem = report.problems[0]
    assert (problem.file, problem.code) == ("bad.md", ProblemCode.FRONT_MATTER_INVALID)
    assert problem.line in {2, 3}
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Good"]
        assert [row.file for row in snapshot.diagnostics()] == ["bad.md"]


def test_another_setting_reads_everything_anew(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01"), "b.md": post("B", date="2026-01-02")})
    site.build()
    site.settings = SiteSettings(public_url="https://example.org")
    report = site.build()
    assert (report.published, report.read) == (True, 2)
    with site.snapshot() as snapshot:
        item = json.loads(snapshot.list_posts(ListQuery()).items[0])
        assert item["url"] == "https://example.org/b/"


def test_drafts_are_nowhere_and_editing_one_changes_nothing_that_is_seen(site: Site) -> None:
    site.write(
        {
            "public.md": post("Public", date="2026-01-01", tags=["shown"]),
            "draft.md": post("Secret", date="2026-01-02", draft=True, tags=["hush"], body="Undisclosed words."),
            "hidden.md": post("Withdrawn", date="2026-01-03", published=False, tags=["hush"]),
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        before = snapshot.version
        assert titles(snapshot, ListQuery()) == ["Public"]
        assert found(snapshot, "undisclosed") == []
        assert [term.path for term in snapshot.list_terms(Taxonomy.TAGS)] == ["shown"]
        assert snapshot.get_post("draft") is None
    files = [path for path in site.index.glob("generations/**/*") if path.is_file() and path.name != PREVIEWS_FILE]
    assert b"Undisclosed" not in b"".join(path.read_bytes() for path in files)
    site.write({"draft.md": post("Secret", date="2026-01-02", draft=True, body="Other words.")})
    assert site.build().published
    with site.snapshot() as snapshot:
        assert snapshot.version == before


def test_drafts_are_shown_where_they_are_asked_for(site: Site) -> None:
    site.settings = SiteSettings(drafts=True)
    site.write({"draft.md": post("Secret", date="2026-01-02", draft=True), "a.md": post("A", date="2026-01-01")})
    site.build()
    with site.snapshot() as snapshot:
        page = snapshot.list_posts(ListQuery())
        assert [json.loads(item)["status"] for item in page.items] == ["draft", "published"]


def test_a_scheduled_post_is_listed_at_its_minute_without_a_build_and_searchable_after_the_next(site: Site) -> None:
    minute = NOON + timedelta(hours=1)
    site.write(
        {
            "now.md": post("Now", date="2026-01-01", tags=["t"]),
            "soon.md": post("Soon", date=minute.isoformat(), tags=["t"], body="Forthcoming."),
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Now"]
        assert snapshot.next_change_at == int(minute.timestamp())
        assert snapshot.get_post("soon") is None
        assert [term.post_count for term in snapshot.list_terms(Taxonomy.TAGS)] == [1]
        before = snapshot.version
    site.clock.instant = minute
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Soon", "Now"]
        assert [term.post_count for term in snapshot.list_terms(Taxonomy.TAGS)] == [2]
        listed = snapshot.version
        assert listed != before
        assert not snapshot.is_settled
        assert found(snapshot, "forthcoming") == []
    report = site.build()
    assert (report.published, report.read) == (True, 1)
    with site.snapshot() as snapshot:
        assert found(snapshot, "forthcoming") == ["Soon"]
        assert snapshot.is_settled
        assert snapshot.version not in {before, listed}, "an answer kept from the moment between would never find it"


def test_an_expired_post_goes_at_its_minute_from_lists_and_search(site: Site) -> None:
    minute = NOON + timedelta(hours=1)
    site.write(
        {
            "brief.md": post("Brief", date="2026-01-01", expires=minute.isoformat(), body="Ephemeral."),
            "lasting.md": post("Lasting", date="2026-01-02", body="Ephemeral too."),
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        assert set(found(snapshot, "ephemeral")) == {"Brief", "Lasting"}
    site.clock.instant = minute
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Lasting"]
        assert found(snapshot, "ephemeral") == ["Lasting"]
    assert site.build().published
    with site.snapshot() as snapshot:
        assert found(snapshot, "ephemeral") == ["Lasting"]


def everything(snapshot: Snapshot) -> object:
    """All that a snapshot answers."""
    query = ListQuery(facets=tuple(FacetField), page=Page(size=100))
    keys = [json.loads(item)["id"] for item in snapshot.list_posts(query).items]
    words = ("words", "common", "changed", "unique3", '"some words"', "common -unique3", "tag:even common")
    searches = [snapshot.search(SearchQuery(text, facets=tuple(FacetField)), Deadline(5)) for text in words]
    return (
        snapshot.version,
        snapshot.list_posts(query),
        [snapshot.get_post(key) for key in keys],
        [(snapshot.get_markdown(key), snapshot.get_text(key), snapshot.backlinks(key)) for key in keys],
        snapshot.diagnostics(),
        [snapshot.list_terms(taxonomy, tree=True) for taxonomy in Taxonomy],
        snapshot.list_archives(),
        searches,
    )


def numbered(number: int, *words: str) -> str:
    return post(
        f"Post {number}",
        date=f"2026-01-{number:02}",
        tags=["even" if number % 2 == 0 else "odd", f"t{number % 3}"],
        categories=[f"a/b{number % 2}"],
        author="Ann" if number % 5 else "Bo",
        body=" ".join(["Some common words.", f"unique{number}", f"[before]({number - 1}.md)", *words]),
    )


def test_an_incremental_build_answers_exactly_as_a_full_one(site: Site, tmp_path: Path) -> None:
    site.write({f"{number}.md": numbered(number) for number in range(1, 21)})
    site.build()
    site.write({"3.md": numbered(3, "changed", "common common"), "21.md": numbered(21, "common")})
    (site.content / "7.md").unlink()
    site.build()
    (site.content / "9.md").rename(site.content / "nine.md")
    site.build()
    site.write({"9.md": numbered(9)})
    (site.content / "nine.md").unlink()
    site.build()
    (tmp_path / "fresh").mkdir()
    fresh = Site(tmp_path / "fresh")
    fresh.content.rmdir()
    fresh.content.symlink_to(site.content)
    fresh.build()
    with site.snapshot() as incremental, fresh.snapshot() as full:
        assert everything(incremental) == everything(full)


def test_a_build_that_would_lose_more_than_half_is_refused_unless_allowed(site: Site) -> None:
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01") for number in range(30)})
    site.build()
    for path in sorted(site.content.iterdir())[:20]:
        path.unlink()
    with pytest.raises(GenerationError, match="--allow-shrink"):
        site.build()
    with site.snapshot() as snapshot:
        assert snapshot.counts().posts == 30
    assert site.build(allow_shrink=True).posts == 10


def test_an_emptied_folder_empties_no_site(site: Site) -> None:
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01") for number in range(12)})
    site.build()
    for path in site.content.iterdir():
        path.unlink()
    with pytest.raises(GenerationError, match="--allow-shrink"):
        site.build()
    with site.snapshot() as snapshot:
        assert snapshot.counts().posts == 12


class BusyFile(ReadingPool):
    """Reading, where ``busy.md`` is being written all the time."""

    def read(
        self, files: Iterable[FoundFile], *, with_provenance: bool = False, now: int | None = None
    ) -> Iterator[ReadOutcome]:
        for outcome in super().read(files, with_provenance=with_provenance, now=now):
            yield not_read("busy.md", UNSTABLE) if outcome.path == "busy.md" else outcome


UNSTABLE = ContentError(ProblemCode.FILE_UNSTABLE, "is being written", "it is read again", transient=True)


def test_a_file_that_never_stands_still_keeps_its_last_good_version(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write({"busy.md": post("Steady", date="2026-01-01"), "other.md": post("Other", date="2026-01-02")})
    site.build()
    site.write({"busy.md": post("Torn", date="2026-01-01"), "other.md": post("Other, edited", date="2026-01-02")})
    monkeypatch.setattr("search_index.indexer.ReadingPool", BusyFile)
    report = site.build()
    assert [problem.code for problem in report.problems] == [ProblemCode.FILE_UNSTABLE]
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Other, edited", "Steady"]
        assert [problem.file for problem in snapshot.diagnostics()] == ["busy.md"]
    monkeypatch.undo()
    assert site.build().problems == ()
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Other, edited", "Torn"]


def test_files_whose_ids_meet_are_served_once_and_reported(site: Site) -> None:
    composed, decomposed = "caf\u00e9.md", "cafe\u0301.md"
    site.write({composed: post("Composed", date="2026-01-01"), decomposed: post("Decomposed", date="2026-01-02")})
    report = site.build()
    assert [problem.code for problem in report.problems] == [ProblemCode.ID_REPEATED]
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Decomposed"]
    (site.content / decomposed).unlink()
    assert site.build().problems == ()
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Composed"]


def test_a_second_writer_is_refused_with_the_first_ones_process_id(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01")})
    with site.indexer() as first:
        first.build()
        with pytest.raises(WriterBusy, match=r"pid \d+"):
            site.build()
    assert not site.build().published


def test_a_pinned_generation_stays_until_the_next_explicit_build(site: Site) -> None:
    site.write({"a.md": post("A", date="2026-01-01")})
    first = site.build()
    site.write({"b.md": post("B", date="2026-01-02")})
    site.build()
    with site.indexer() as indexer:
        IndexFolder(site.index).activate(first.generation)
        site.write({"c.md": post("C", date="2026-01-03")})
        assert not indexer.build(explicit=False).published
        with site.snapshot() as snapshot:
            assert titles(snapshot, ListQuery()) == ["A"]
        assert indexer.build().published
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["C", "B", "A"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _folder: None, "does not exist"),
        (lambda folder: folder.write_text("a file"), "is a file"),
        (lambda folder: folder.mkdir(), "no Markdown"),
    ],
)
def test_a_folder_that_cannot_be_a_site_is_refused_in_one_line(site: Site, make: object, said: str) -> None:
    site.content.rmdir()
    make(site.content)  # type: ignore[operator]  # one of the three functions above
    with pytest.raises(ContentFolderError, match=said) as refusal:
        site.build()
    assert "\n" not in str(refusal.value)


def test_sorting_by_title_folds_case(site: Site) -> None:
    site.write({f"{name}.md": post(name, date="2026-01-01") for name in ("banana", "Apple", "cherry")})
    site.build()
    with site.snapshot() as snapshot:
        page = snapshot.list_posts(ListQuery(sort=Sort.TITLE, order=Order.ASC))
        assert [json.loads(item)["title"] for item in page.items] == ["Apple", "banana", "cherry"]


def test_a_file_that_is_being_exchanged_for_another_is_not_taken_for_gone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write({"a.md": post("A", date="2026-01-01"), "b.md": post("B", date="2026-01-02")})
    site.build()
    (site.content / "b.md").unlink()
    looks: list[int] = []

    def scan_then_exchange(root: Path, selection: Selection) -> Scan:
        found = scan(root, selection)
        looks.append(len(found.files))
        if len(looks) == 1:
            site.write({"b.md": post("B, anew", date="2026-01-02")})
        return found

    monkeypatch.setattr("search_index.indexer.scan", scan_then_exchange)
    report = site.build()
    assert (report.removed, looks) == (0, [1, 2])
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["B, anew", "A"]


def test_a_scheduled_file_that_cannot_be_read_at_its_minute_holds_up_nothing_and_comes_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    minute = NOON + timedelta(hours=1)
    site.write({"busy.md": post("Soon", date=minute.isoformat()), "a.md": post("A", date="2026-01-01")})
    site.build()
    site.clock.instant = minute
    site.write({"b.md": post("B", date="2026-01-02")})
    monkeypatch.setattr("search_index.indexer.ReadingPool", BusyFile)
    assert site.build().published
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["B", "A"]
    monkeypatch.undo()
    site.build()
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Soon", "B", "A"]
        assert set(found(snapshot, "words")) == {"Soon", "B", "A"}


def test_when_the_winner_of_an_id_goes_the_other_file_comes_with_the_same_build(site: Site) -> None:
    site.write({"caf\u00e9.md": post("Composed", date="2026-01-01"), "cafe\u0301.md": post("Other", date="2026-01-02")})
    with site.indexer() as indexer:
        indexer.build()
        (site.content / "cafe\u0301.md").unlink()
        assert indexer.build(explicit=False, retry=False).posts == 1
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["Composed"]


@pytest.mark.parametrize(
    "files",
    [
        {"_drafts/merger.md": "---\ntitle: [\n---\n"},
        {"merger.md": "---\ndraft: true\ntitle: *secret\n---\n"},
        {"merger.md": "---\npublished: false\ntitle: [\n---\n"},
        {"merger.md": "---\ntitle: Public\n_codename: a\n_codename: merger\n---\n"},
        {"drafts/merger.md": post("Merger", date="2026-01-01")},
    ],
)
def test_public_diagnostics_tell_nothing_of_drafts_and_private_fields(site: Site, files: dict[str, str]) -> None:
    site.write({"a.md": post("A", date="2026-01-01"), **files})
    site.build()
    with site.snapshot() as snapshot:
        told = " ".join(problem.as_text() for problem in snapshot.diagnostics())
        assert "codename" not in told
        assert "secret" not in told
        assert "drafts" not in told
        if "_codename" not in files.get("merger.md", ""):
            assert told == ""


def test_a_draft_that_shares_its_id_with_a_public_post_is_not_told_of(site: Site) -> None:
    site.write(
        {
            "caf\u00e9.md": post("Draft", date="2026-01-01", draft=True),
            "cafe\u0301.md": post("Public", date="2026-01-02", slug="same"),
            "other.md": post("Other", date="2026-01-03", slug="same"),
        }
    )
    site.build()
    with site.snapshot() as snapshot:
        assert {problem.file for problem in snapshot.diagnostics()} <= {"cafe\u0301.md", "other.md"}
        assert len(snapshot.diagnostics()) == 1


def test_a_date_of_publication_that_cannot_be_read_publishes_nothing(site: Site) -> None:
    site.write({"embargo.md": post("Embargo", date="2024-01-01", publishDate="2027-02-30")})
    report = site.build()
    assert report.posts == 0
    assert [problem.code for problem in report.problems] == [ProblemCode.DATE_INVALID]


@pytest.mark.parametrize("date", ["9999-12-31T23:00:00-05:00", "0001-01-01T00:00:00+09:00"])
def test_a_date_outside_the_calendar_in_utc_is_a_problem_of_its_file(site: Site, date: str) -> None:
    site.write({"2026-01-01-edge.md": post("Edge", date=date, updated=date)})
    report = site.build()
    assert {problem.code for problem in report.problems} == {ProblemCode.DATE_INVALID}
    with site.snapshot() as snapshot:
        (item,) = snapshot.list_posts(ListQuery()).items
        assert json.loads(item)["published_at"] == "2026-01-01T00:00:00+00:00"
        assert json.loads(item)["updated_at"] is None


def test_authors_may_take_back_any_number_of_posts_that_is_no_loss(site: Site) -> None:
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01") for number in range(20)})
    site.build()
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01", draft=True) for number in range(19)})
    assert site.build().posts == 1
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == ["P19"]


def test_a_person_can_let_the_writer_that_is_at_work_shrink_the_site_once(site: Site) -> None:
    site.write({f"{number}.md": post(f"P{number}", date="2026-01-01") for number in range(30)})
    with site.indexer() as indexer:
        indexer.build()
        for path in sorted(site.content.iterdir())[:15]:
            path.unlink()
        (sorted(site.content.iterdir())[0]).unlink()
        with pytest.raises(ShrinkRefused):
            indexer.build(explicit=False)
        allow_shrink(site.index)
        assert indexer.shrink_is_allowed
        assert indexer.build(explicit=False).posts == 14
        assert not indexer.shrink_is_allowed


def test_an_emoji_of_several_characters_in_a_file_name_is_a_name(site: Site) -> None:
    site.write({"\U0001f469\u200d\U0001f467 family.md": post("Family", date="2026-01-01")})
    assert site.build().problems == ()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("2026-01-01-C++ tips.md", "C++ Tips"),
        ("2026-01-01-caf\u00e9-cr\u00e8me.md", "Caf\u00e9 Cr\u00e8me"),
        ("2026-01-01.md", "2026-01-01"),
        ("2026-01-01-what_is-NASA.md", "What Is NASA"),
    ],
)
def test_a_title_from_the_file_name_keeps_the_persons_writing(site: Site, name: str, title: str) -> None:
    site.write({name: "Words.\n"})
    site.build()
    with site.snapshot() as snapshot:
        assert titles(snapshot, ListQuery()) == [title]
