"""Searching a site: files in, hits out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search_index.answers import FacetCounts, SearchResult, Suggestion, SuggestionKind
from search_index.engines.port import Deadline
from search_index.query import FacetField, ListQuery, Page, PostFilters, SearchQuery, Sort, TagMatch
from search_index.snapshot import Snapshot
from search_index.vocabulary import Vocabulary
from tests.search.test_grammar import PIECES
from tests.sites import NOON, Site, post

SECONDS = 30


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@contextmanager
def published(site: Site, files: dict[str, str]) -> Iterator[Snapshot]:
    site.write(files)
    site.build()
    with site.snapshot() as snapshot:
        yield snapshot


def found(snapshot: Snapshot, text: str, **more: object) -> SearchResult:
    query = replace(SearchQuery(text, page=Page(1, 50)), **more)  # type: ignore[arg-type]  # tests give what they mean to give
    return snapshot.search(query, Deadline(SECONDS))


def names(result: SearchResult) -> list[str]:
    return [json.loads(hit.post)["slug"] for hit in result.hits]


def marks(result: SearchResult) -> list[str]:
    return [part.html for hit in result.hits for part in hit.highlights]


ANIMALS = {
    "fox.md": post("The quick fox", body="A fox that runs. Foxes are running.", date="2026-01-01", tags=["Wild life"]),
    "dog.md": post("Dogs", body="A dog that ran after a fox.", date="2026-02-01", tags=["Pets"]),
    "cat.md": post(
        "Cats", body="Cats sleep. A category of sleepers.", date="2026-03-01", tags=["Pets"], categories=["Home"]
    ),
}


# Prefixes, typos, spelling


def test_the_last_word_may_be_unfinished(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        assert names(found(snapshot, "sle")) == ["cat"]
        assert marks(found(snapshot, "sle"))[-1] == "Cats <mark>sleep</mark>. A category of <mark>sleepers</mark>."
        assert names(found(snapshot, "sle", prefix=False)) == []
        assert names(found(snapshot, "sle cats", typo=False)) == ["cat"]  # relaxed: nothing has both
        assert found(snapshot, "sle cats", typo=False).dropped == ("sle",)


def test_a_word_as_typed_comes_before_one_that_only_begins_so(site: Site) -> None:
    files = {"a.md": post("A", body="cat"), "b.md": post("B", body="category")}
    with published(site, files) as snapshot:
        assert names(found(snapshot, "cat")) == ["a", "b"]


def test_a_misspelled_word_finds_what_was_meant_and_says_so(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        result = found(snapshot, "quikc fox")
        assert names(result) == ["fox"]
        assert (result.corrected, result.did_you_mean) == ("quick fox", "quick fox")
        assert marks(result)[0] == "The <mark>quick</mark> <mark>fox</mark>"
        exact = found(snapshot, "quikc", typo=False)
        assert (names(exact), exact.corrected, exact.did_you_mean) == ([], "", "quick")


def test_exact_hits_come_before_corrected_ones_and_are_marked_as_typed(site: Site) -> None:
    files = {
        "exact.md": post("One", body="word " * 200 + "react"),
        "near.md": post("reach reach", body="reach reach"),
        "both.md": post("Two", body="word " * 300 + "react and reach"),
    }
    with published(site, files) as snapshot:
        result = found(snapshot, "react")
        assert names(result)[2] == "near"
        assert (result.corrected, result.did_you_mean) == ("", "")
        both = result.hits[names(result).index("both")]
        assert "<mark>react</mark> and reach" in both.highlights[-1].html
        assert "<mark>reach</mark>" in result.hits[2].highlights[0].html
        assert names(found(snapshot, "react", typo=False)) == names(result)[:2]


def test_a_spelling_that_finds_nothing_more_is_not_suggested(site: Site) -> None:
    files = {"a.md": post("A", body="kubernetes"), "b.md": post("B", body="kubernetis")}
    with published(site, files) as snapshot:
        assert found(snapshot, "kubernetes").did_you_mean == ""
        assert found(snapshot, "kubernetas").did_you_mean == "kubernetes"
        assert found(snapshot, "kubernetas -kubernetes").did_you_mean == ""


# Exactness


def test_quoted_words_are_found_as_written_and_nothing_else(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        assert names(found(snapshot, '"runs"')) == ["fox"]
        assert names(found(snapshot, '"run"')) == []
        assert sorted(names(found(snapshot, "run"))) == ["fox"]
        assert names(found(snapshot, '"are running"')) == ["fox"]
        assert names(found(snapshot, '"are run"')) == []


def test_the_word_as_typed_comes_before_others_of_its_stem(site: Site) -> None:
    files = {"a.md": post("A", body="He connects them."), "b.md": post("B", body="One connection there.")}
    with published(site, files) as snapshot:
        assert names(found(snapshot, "connects")) == ["a", "b"]
        assert names(found(snapshot, "connection")) == ["b", "a"]


def test_a_title_that_is_the_query_comes_first(site: Site) -> None:
    files = {
        "exact.md": post("Front matter", body="Nothing else."),
        "more.md": post("Front matter and front matter", body="front matter " * 30, tags=["front matter"]),
    }
    with published(site, files) as snapshot:
        assert names(found(snapshot, "front matter")) == ["exact", "more"]


# Relaxing


def test_where_nothing_has_all_words_those_that_the_fewest_posts_have_go_first(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        result = found(snapshot, "fox zebra cats", prefix=False)
        assert result.dropped == ("zebra", "cats")
        assert names(result) == ["fox", "dog"]
        assert found(snapshot, "fox dog").dropped == ()


def test_a_phrase_is_never_given_up(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        result = found(snapshot, '"blue fox" dog')
        assert (result.total, result.dropped) == (0, ())
        assert found(snapshot, '"a fox" zebra').dropped == ("zebra",)
        assert found(snapshot, "zebra giraffe").dropped == ()


def test_filters_hold_while_words_are_given_up(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        result = found(snapshot, "fox zebra", filters=PostFilters(tags=("pets",)))
        assert (names(result), result.dropped) == (["dog"], ("zebra",))


# Synonyms


def test_synonyms_of_a_file_find_each_other(site: Site) -> None:
    files = ANIMALS | {"synonyms.txt": "dog, hound\nkitty => cats, small cats\nquick fox, reynard\n"}
    with published(site, files) as snapshot:
        assert names(found(snapshot, "hound", typo=False)) == ["dog"]
        assert marks(found(snapshot, "hound", typo=False))[0] == "<mark>Dogs</mark>"
        assert names(found(snapshot, "kitty")) == ["cat"]
        assert names(found(snapshot, "reynard")) == ["fox"]


def test_changed_synonyms_are_a_new_generation(site: Site) -> None:
    site.write(ANIMALS)
    first = site.build()
    site.write({"synonyms.txt": "dog, hound\n"})
    second = site.build()
    assert second.published
    assert second.generation != first.generation
    assert (second.read, second.problems) == (0, ())
    with site.snapshot() as snapshot:
        assert names(found(snapshot, "hound", typo=False)) == ["dog"]
    assert not site.build().published


def test_a_line_that_cannot_be_read_is_told_and_the_others_count(site: Site) -> None:
    site.write(ANIMALS | {"synonyms.txt": "dog\ndog, hound\na => b => c\n"})
    report = site.build()
    assert [(row.file, row.line, row.code.value) for row in report.problems] == [
        ("synonyms.txt", 1, "synonyms_invalid"),
        ("synonyms.txt", 3, "synonyms_invalid"),
    ]
    with site.snapshot() as snapshot:
        assert names(found(snapshot, "hound", typo=False)) == ["dog"]
        assert len(snapshot.diagnostics()) == 2


def test_broken_synonyms_never_stop_a_site(site: Site) -> None:
    site.write(ANIMALS)
    (site.content / "synonyms.txt").write_bytes(b"\xff\xfe dog, hound")
    report = site.build()
    assert (report.posts, [row.code.value for row in report.problems]) == (3, ["synonyms_invalid"])


# Explanations


def test_an_explanation_says_how_each_word_is_held(site: Site) -> None:
    with published(site, ANIMALS | {"synonyms.txt": "hound, dog"}) as snapshot:
        (hit,) = found(snapshot, "foxes hound slep aftr", explain=True).hits
        assert hit.explanation is not None
        assert [(row.typed, row.match) for row in hit.explanation.clauses[:2]] == [
            ("foxes", "stem"),
            ("hound", "synonym"),
        ]
        assert hit.explanation.score == hit.score
        (hit,) = found(snapshot, "quikc fo", explain=True).hits
        assert hit.explanation is not None
        assert [row.match for row in hit.explanation.clauses] == ["typo", "prefix"]
        assert hit.explanation.clauses[0].tokens[0] == "quick"
        assert found(snapshot, "fox").hits[0].explanation is None


# The vocabulary


def vocabulary(site: Site) -> dict[str, tuple[int, str]]:
    with site.snapshot() as snapshot:
        words: Vocabulary = snapshot._vocabulary
    return {word: (words.count(word), words.spelling(word)) for word in words.prefixed("", len(words))}


def test_an_edited_generation_has_the_words_of_one_made_at_once(site: Site, tmp_path: Path) -> None:
    site.write(ANIMALS | {"later.md": post("Later", body="scheduled words", date="2026-09-01T13:00:00Z")})
    site.write({"fox.md": post("Fox", body="Füchse und Vogel")})
    site.build()
    site.write({"fox.md": post("Fox", body="Only fuchse."), "bird.md": post("Bird", body="Vögel of 東京.")})
    (site.content / "dog.md").unlink()
    site.build()
    site.clock.instant = NOON + timedelta(hours=2)
    site.write({"gone.md": post("Gone", body="over soon", expiryDate="2026-09-01T15:00:00Z")})
    site.build()
    site.clock.instant = NOON + timedelta(hours=4)
    site.build()
    (tmp_path / "fresh").mkdir()
    fresh = Site(tmp_path / "fresh")
    fresh.clock.instant = site.clock.instant
    fresh.content.rmdir()
    fresh.content = site.content
    fresh.build()
    assert vocabulary(site) == vocabulary(fresh)
    assert vocabulary(site)["scheduled"] == (1, "scheduled")
    assert vocabulary(site)["vogel"] == (1, "vögel")
    assert vocabulary(site)["fuchse"] == (1, "fuchse")
    assert not {"dog", "quick", "soon", "東", "東京"} & vocabulary(site).keys()


def test_words_of_posts_that_are_not_public_show_nowhere(site: Site) -> None:
    files = ANIMALS | {
        "draft.md": post("Secretdraft", body="draftsecret", draft=True),
        "later.md": post("Secretlater", body="latersecret", date="2027-01-01"),
        "over.md": post("Secretover", body="oversecret", expiryDate="2026-01-01"),
    }
    with published(site, files) as snapshot:
        for typed in ("secret", "draftsec", "latersec", "oversec", "secretdraft", "secreldraft", "draftsecrte"):
            assert snapshot.suggest(typed, (), 10, Deadline(SECONDS)) == ()
            result = found(snapshot, typed)
            assert (result.total, result.did_you_mean) == (0, "")


# Suggestions


def suggested(snapshot: Snapshot, typed: str, limit: int = 10, *langs: str) -> list[tuple[str, str, int]]:
    return [(row.kind.value, row.text, row.count) for row in snapshot.suggest(typed, langs, limit, Deadline(SECONDS))]


def test_titles_terms_and_words_are_completed_with_their_counts(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        assert suggested(snapshot, "ca") == [("title", "Cats", 1), ("word", "category", 1), ("word", "cats", 1)]
        assert suggested(snapshot, "wil") == [("tag", "Wild life", 1), ("word", "wild", 1)]
        assert suggested(snapshot, "pet") == [("tag", "Pets", 2), ("word", "pets", 2)]
        assert suggested(snapshot, "hom")[0] == ("category", "Home", 1)
        assert suggested(snapshot, "the qu") == [("title", "The quick fox", 1), ("word", "the quick", 1)]


def test_a_completion_is_one_that_finds_something_together_with_the_words_before_it(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        assert ("word", "cats sleep", 1) in suggested(snapshot, "cats sl")
        assert suggested(snapshot, "dog sl") == []


def test_where_nothing_begins_so_the_nearest_word_is_suggested(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        assert suggested(snapshot, "catgory") == [("word", "category", 1)]


def test_suggestions_lead_somewhere(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        rows = {row.kind: row for row in snapshot.suggest("ca", (), 10, Deadline(SECONDS))}
        assert rows[SuggestionKind.TITLE].api_url == "/v1/posts/cat"
        assert rows[SuggestionKind.WORD].api_url == "/v1/search?q=cats&prefix=false&typo=false"
        (tag, *_) = snapshot.suggest("wild", (), 10, Deadline(SECONDS))
        assert tag.api_url == "/v1/tags/wild-life"


def test_suggestions_in_a_language_are_of_its_posts_alone(site: Site) -> None:
    files = {
        "en.md": post("Alpha", body="alphabet", lang="en", tags=["Alphas", "Alps"], categories=["Alpine"]),
        "en2.md": post("Alpha again", body="alphabet", lang="en", tags=["Alphas"]),
        "de.md": post("Alpha", body="alphabet Alpha", lang="de", tags=["Alphas", "Alpen"], authors=["Alpert"]),
        "it.md": post("Altro", body="alphabet", lang="it", tags=["Alphas"]),
    }
    with published(site, files) as snapshot:
        terms = {
            langs: [row for row in suggested(snapshot, "alp", 50, *langs) if row[0] not in ("title", "word")]
            for langs in ((), ("de",), ("de", "en"), ("fr",), ("fr", "it"))
        }
        assert terms[()] == [
            ("tag", "Alphas", 4), ("tag", "Alpen", 1), ("author", "Alpert", 1), ("category", "Alpine", 1), ("tag", "Alps", 1)
        ]  # fmt: skip
        assert terms["de",] == [("tag", "Alpen", 1), ("author", "Alpert", 1), ("tag", "Alphas", 1)]
        assert terms["de", "en"] == [
            ("tag", "Alphas", 3), ("tag", "Alpen", 1), ("author", "Alpert", 1), ("category", "Alpine", 1), ("tag", "Alps", 1)
        ]  # fmt: skip
        assert terms["fr",] == []
        assert terms["fr", "it"] == [("tag", "Alphas", 1)]
        assert suggested(snapshot, "alp", 50, "fr") == []
        assert ("word", "alphabet", 1) in suggested(snapshot, "alp", 50, "de")


def test_of_many_suggestions_each_kind_has_its_share(site: Site) -> None:
    files = {
        f"p{n}.md": post(f"Alpha{n} title", body=f"alpha{n}x", tags=[f"alphatag{n}"], date="2026-01-01")
        for n in range(12)
    }
    with published(site, files) as snapshot:
        kinds = [row[0] for row in suggested(snapshot, "alp", 8)]
        assert kinds == ["title"] * 4 + ["tag"] * 2 + ["word"] * 2


# Related posts


def related(snapshot: Snapshot, slug: str, limit: int = 5) -> list[str] | None:
    posts = snapshot.related(slug, limit, Deadline(SECONDS))
    return None if posts is None else [json.loads(row)["slug"] for row in posts]


def test_posts_are_related_by_their_rare_words_and_their_terms_never_by_date(site: Site) -> None:
    common = "the quick words that all of these posts have "
    files = {
        "sourdough.md": post(
            "Sourdough", body=common + "starter flour hydration oven", date="2026-01-01", tags=["Bread"]
        ),
        "rye.md": post("Rye", body=common + "starter hydration rye", date="2020-01-01"),
        "baguette.md": post("Baguette", body=common + "something", date="2019-01-01", tags=["Bread"]),
        "cars.md": post("Cars", body=common + "engine wheels", date="2026-01-02"),
        "brot.md": post("Brot", body="starter flour hydration", lang="de", date="2026-01-01", tags=["Bread"]),
    }
    with published(site, files) as snapshot:
        assert sorted((related(snapshot, "sourdough") or [])[:2]) == ["baguette", "rye"]
        assert "brot" not in (related(snapshot, "sourdough") or [])
        assert "sourdough" not in (related(snapshot, "sourdough") or [])
        assert len(related(snapshot, "sourdough", 1) or []) == 1
        assert related(snapshot, "nothing") is None


def test_a_post_like_no_other_has_no_related_posts(site: Site) -> None:
    files = {"a.md": post("Apples", body="pears"), "b.md": post("Bolts", body="nuts")}
    with published(site, files) as snapshot:
        assert related(snapshot, "a") == []


# Facets


def tagged(number: int) -> str:
    """A post of tag ``t000`` to ``t149``; those before ``t100`` have two posts each."""
    return post(f"Post {number}", tags=[f"t{number % 150:03}"], date="2026-01-01", authors=[f"a{number % 150:03}"])


@pytest.fixture(scope="module")
def many_values(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("values"))
    site.write({f"p{number:03}.md": tagged(number) for number in range(250)})
    site.build()
    return site


def both(snapshot: Snapshot, filters: PostFilters, *fields: FacetField, typed: str = "") -> Iterator[FacetCounts]:
    """The facets of a search and of a list: of both the same is promised."""
    yield from found(snapshot, "post", filters=filters, facets=fields, facet_text=typed).facets
    yield from snapshot.list_posts(ListQuery(filters, facets=fields, facet_text=typed)).facets


@pytest.mark.parametrize("match", TagMatch)
@pytest.mark.parametrize(
    "tags", [("t149",), ("t000", "t120", "t149"), ("t000",), tuple(f"t{n:03}" for n in range(50, 150))]
)
def test_a_selected_value_is_among_those_of_its_facet_however_rare_it_is(
    many_values: Site, tags: tuple[str, ...], match: TagMatch
) -> None:
    with many_values.snapshot() as snapshot:
        for counts in both(snapshot, PostFilters(tags=tags, tag_match=match), FacetField.TAG):
            shown = [row.value for row in counts.buckets]
            assert (len(shown), counts.truncated) == (100, True)
            assert [row.value for row in counts.buckets if row.selected] == list(tags)
            assert shown == [f"t{n:03}" for n in range(150) if f"t{n:03}" in shown], "in the order of their counts"
            others = [value for value in shown if value not in tags]
            assert others == [f"t{n:03}" for n in range(150) if f"t{n:03}" not in tags][: len(others)]
            assert [row.count for row in counts.buckets] == [2 if value < "t100" else 1 for value in shown]


def test_the_facets_beside_a_selected_one_are_cut_as_ever(many_values: Site) -> None:
    with many_values.snapshot() as snapshot:
        wanted = PostFilters(authors=tuple(f"a{number:03}" for number in range(101)))
        for counts in both(snapshot, wanted, FacetField.TAG):
            assert [row.value for row in counts.buckets] == [f"t{n:03}" for n in range(100)]
            assert counts.truncated
        for counts in both(snapshot, wanted, FacetField.AUTHOR, FacetField.LANG):
            assert counts.truncated == (counts.field is FacetField.AUTHOR)
            if counts.field is FacetField.AUTHOR:
                assert [row.value for row in counts.buckets] == [f"a{n:03}" for n in range(100)]


def test_a_selected_value_that_stands_in_no_match_is_not_among_them(many_values: Site) -> None:
    with many_values.snapshot() as snapshot:
        for counts in both(snapshot, PostFilters(tags=("t149",), authors=("a001",)), FacetField.TAG):
            assert [(row.value, row.count, row.selected) for row in counts.buckets] == [("t001", 2, False)]
            assert not counts.truncated
        for counts in both(snapshot, PostFilters(tags=("nothing",)), FacetField.TAG):
            assert not any(row.selected for row in counts.buckets)


def test_a_searched_facet_keeps_what_is_selected_of_the_values_that_were_searched(many_values: Site) -> None:
    with many_values.snapshot() as snapshot:
        for counts in both(snapshot, PostFilters(tags=("t149",)), FacetField.TAG, typed="t"):
            assert (len(counts.buckets), counts.truncated) == (100, True)
            assert [row.value for row in counts.buckets if row.selected] == ["t149"]
        for counts in both(snapshot, PostFilters(tags=("t149",)), FacetField.TAG, typed="t00"):
            assert [row.value for row in counts.buckets] == [f"t00{n}" for n in range(10)]


def facet(snapshot: Snapshot, field: FacetField, typed: str = "", **filters: object) -> dict[str, tuple[int, bool]]:
    wanted = PostFilters(**filters)  # type: ignore[arg-type]  # tests give what they mean to give
    result = found(snapshot, "-zebra", filters=wanted, facets=(field,), facet_text=typed)
    return {row.label: (row.count, row.selected) for row in result.facets[0].buckets}


def test_the_values_of_a_facet_can_be_searched(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        assert facet(snapshot, FacetField.TAG) == {"Pets": (2, False), "Wild life": (1, False)}
        assert facet(snapshot, FacetField.TAG, "LIF") == {"Wild life": (1, False)}
        assert facet(snapshot, FacetField.TAG, "ets") == {}
        assert facet(snapshot, FacetField.TAG, "pe", tags=("pets",)) == {"Pets": (2, True)}


def test_a_searched_facet_has_values_beyond_those_that_are_shown_otherwise(site: Site) -> None:
    files = {f"p{n}.md": post(f"P{n}", tags=[f"tag{n:03}", f"tag{n:03}b"], date="2026-01-01") for n in range(70)}
    with published(site, files) as snapshot:
        result = found(snapshot, "-zebra", facets=(FacetField.TAG,))
        assert (len(result.facets[0].buckets), result.facets[0].truncated) == (100, True)
        assert list(facet(snapshot, FacetField.TAG, "tag069")) == ["tag069", "tag069b"]


def test_months_are_those_of_the_author_s_date(site: Site) -> None:
    files = ANIMALS | {"night.md": post("Night", date="2025-12-31T23:30:00-05:00")}
    with published(site, files) as snapshot:
        assert facet(snapshot, FacetField.MONTH) == {
            "2025-12": (1, False),
            "2026-01": (1, False),
            "2026-02": (1, False),
            "2026-03": (1, False),
        }
        assert facet(snapshot, FacetField.MONTH, month=12)["2025-12"] == (1, True)
        assert facet(snapshot, FacetField.MONTH, year=2026, month=1) == {
            "2026-01": (1, True),
            "2026-02": (1, False),
            "2026-03": (1, False),
        }


# Whatever is typed

NASTY = [
    "x " * 10_000,
    "((((",
    '"',
    '"""',
    "a\x00b",
    "\u202eabc\u202c \u200f",
    "🦊 👩‍👩‍👧 🏳️‍🌈",
    "a* b* " * 2_000,
    "(a+)+$ [[:alpha:]] \\d{1,9999} .*.*.*",
    "the of and to be or not",
    "?!.,;:-_*'",
    "-" * 500,
    "title:tag:author:category:",
    "é" * 500,
    "東京" * 200,
    " ".join(f"kubernetes{n}" for n in range(30)),
]


@pytest.fixture(scope="module")
def animals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    site = Site(tmp_path_factory.mktemp("animals"))
    with published(site, ANIMALS | {"synonyms.txt": "a, b, c d\nfox, x"}) as snapshot:
        yield snapshot


def ask_all(snapshot: Snapshot, typed: str) -> None:
    for more in ({}, {"typo": False, "prefix": False, "explain": True}, {"sort": Sort.TITLE}):
        result = found(snapshot, typed, facets=tuple(FacetField), facet_text=typed[:100], **more)
        assert result.complete
        assert result.total >= len(result.hits)
    snapshot.suggest(typed, (), 10, Deadline(SECONDS))


@pytest.mark.parametrize("typed", NASTY, ids=range(len(NASTY)))
def test_whatever_is_typed_is_answered(animals: Snapshot, typed: str) -> None:
    ask_all(animals, typed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@example(typed="fox\ud800")
def test_no_string_fails(animals: Snapshot, typed: str) -> None:
    ask_all(animals, typed)


# Words that are written together, or apart


TOGETHER = {
    "kubernetes.md": post("Clusters", body="Python on Kubernetes. Behind a reverse web proxy.", date="2026-01-01"),
    "japan.md": post("日本", body="東京タワーを見る。プログラミングも学ぶ。", date="2026-01-02"),
    "names.md": post("Names", body="Call `getUserName` or `XMLHttpRequest`, then os.path.join.", date="2026-01-03"),
    "parts.md": post(
        "Parts", body="The back-end sends e-mail over wi-fi. Full-stack work in node.js.", date="2026-01-04"
    ),
    "wholes.md": post("Wholes", body="A backend, an email, a dropdown.", date="2026-01-05"),
}


@pytest.mark.parametrize(
    ("typed", "expected", "relaxed"),
    [
        ("python/kubernetes", ["kubernetes"], True),
        ("kubernetes-python", ["kubernetes"], True),
        ("python,proxy", ["kubernetes"], True),
        ("reverse-prxoy", ["kubernetes"], True),
        ("東京プログラミング", ["japan"], True),
        ("東京タワー", ["japan"], False),
        ("Kubernetes東京", ["kubernetes"], True),
        ('"kubernetes-python"', [], False),
    ],
)
def test_words_that_signs_join_need_not_stand_together_where_nothing_else_is_found(
    site: Site, typed: str, expected: list[str], relaxed: bool
) -> None:
    with published(site, TOGETHER) as snapshot:
        result = found(snapshot, typed)
        assert (names(result), result.relaxed) == (expected, relaxed)


def test_parts_of_joined_words_are_told_as_they_were_typed(site: Site) -> None:
    with published(site, TOGETHER) as snapshot:
        assert found(snapshot, "Kubernetes東京").dropped == ("東京",)
        assert found(snapshot, "東京タワー pyhton").did_you_mean == ""
        assert found(snapshot, "kuberntes-pyhton").did_you_mean == "kubernetes-python"
        files = {"tower.md": post("Tower", body="東京タワーの Python")}
        site.write(files)
        site.build()
    with site.snapshot() as snapshot:
        assert found(snapshot, "東京タワー pyhton").did_you_mean == "東京タワー python"
        assert found(snapshot, "大阪でログを読む東京タワーの人").dropped == ()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("backend", ["wholes"]),
        ("back-end", ["parts", "wholes"]),
        ("back end", ["parts", "wholes"]),
        ("e-mail", ["parts", "wholes"]),
        ("wifi", ["parts"]),
        ("fullstack", ["parts"]),
        ("drop-down", ["wholes"]),
        ("nodejs", ["parts"]),
        ("username", ["names"]),
        ("UserName", ["names"]),
        ("HttpRequest", ["names"]),
        ("httprequest", ["names"]),
        ("path.jo", ["names"]),
    ],
)
def test_compounds_are_found_however_they_are_written(site: Site, typed: str, expected: list[str]) -> None:
    with published(site, TOGETHER) as snapshot:
        result = found(snapshot, typed)
        assert (sorted(names(result)), result.relaxed, result.did_you_mean) == (expected, False, "")
        assert all("<mark>" in "".join(part.html for part in hit.highlights) for hit in result.hits)


def test_what_need_not_be_given_up_is_kept(site: Site) -> None:
    files = {
        "proxy.md": post("Proxy", body="Configure nginx as a proxy."),
        "other.md": post("Other", body="To configure a thing."),
        "third.md": post("Third", body="How do I do it?"),
    }
    with published(site, files) as snapshot:
        result = found(snapshot, "how do configure nginx a proxy", prefix=False)
        assert (names(result), result.dropped) == (["proxy"], ("how", "do"))


def test_of_a_sentence_any_word_will_do_but_those_that_most_posts_have(site: Site) -> None:
    files = {
        "proxy.md": post("Proxy", body="Configure nginx as a proxy."),
        "nginx.md": post("Servers", body="A web server such as nginx."),
        "cats.md": post("Cats", body="A cat."),
        "dogs.md": post("Dogs", body="Dogs."),
    }
    with published(site, files) as snapshot:
        result = found(snapshot, "what is a good way to configure nginx", prefix=False, typo=False)
        assert names(result) == ["proxy", "nginx"]
        assert (result.relaxed, result.dropped) == (True, ("what", "is", "good", "way", "to"))
        explained = found(snapshot, "what is a good way to configure nginx", prefix=False, typo=False, explain=True)
        why = explained.hits[0].explanation
        assert why is not None
        assert [(row.typed, row.match) for row in why.clauses] == [
            ("a", "exact"),
            ("configure", "exact"),
            ("nginx", "exact"),
        ]
        assert sum(row.score for row in why.clauses) == pytest.approx(explained.hits[0].score)
        assert names(found(snapshot, '"web server" for what is a good way to proxy nginx')) == ["nginx"]
        assert found(snapshot, "one two three four five six seven").total == 0
        assert found(snapshot, 'what is a good way to configure nginx "no such"').dropped == ()


def test_what_says_little_is_the_same_within_a_filter(site: Site) -> None:
    files = {f"{number}.md": post(f"Post {number}", body="Something else.") for number in range(5)} | {
        "proxy.md": post("Proxy", body="Configure nginx as a proxy.", tags=["web"]),
        "nginx.md": post("Servers", body="A web server such as nginx.", tags=["web"]),
    }
    with published(site, files) as snapshot:
        typed = "what is the best good way to configure nginx"
        everywhere = found(snapshot, typed, prefix=False, facets=(FacetField.TAG,))
        assert [(row.value, row.count) for row in everywhere.facets[0].buckets] == [("web", 2)]
        assert found(snapshot, typed, prefix=False, filters=PostFilters(tags=("web",))).total == 2


def test_in_a_sentence_a_corrected_word_is_better_than_none(site: Site) -> None:
    files = {
        "most.md": post("Most", body="Configure nginx, its proxy, certificates, and what is upstreem of it."),
        "single.md": post("Short", body="Only nginx."),
        **{f"{number}.md": post(f"Post {number}", body="Something else.") for number in range(3)},
    }
    with published(site, files) as snapshot:
        result = found(snapshot, "how should one configure nginx proxy certificates behind upstream", prefix=False)
        assert names(result)[0] == "most"


def test_related_posts_of_a_late_request_are_none(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        assert snapshot.related("fox", 5, Deadline(0)) == ()


def test_what_a_query_has_no_room_for_is_not_completed(site: Site) -> None:
    with published(site, {"a.md": post("A", body="nginx server")}) as snapshot:
        assert [row.text for row in suggestions(snapshot, "nginx ser")] == ["nginx server"]
        assert suggestions(snapshot, "nginx " * 16 + "ser") == []


def test_the_names_of_categories_above_are_found(site: Site) -> None:
    files = {"rose.md": post("Pruning", categories=["Gardening/Roses/Climbing"])}
    with published(site, files) as snapshot:
        for typed in ("gardening", "roses", "climbing"):
            assert names(found(snapshot, typed)) == ["rose"]
            assert f"<mark>{typed.title()}</mark>" in marks(found(snapshot, typed))


def test_a_word_that_is_found_by_its_stem_is_spelled_well(site: Site) -> None:
    files = {f"{number}.md": post("A", body="A house. " * (number > 0) + "Two horses.") for number in range(5)}
    with published(site, files) as snapshot:
        assert found(snapshot, "horse").did_you_mean == ""
        assert found(snapshot, "horsse").did_you_mean == "horses"


def test_a_last_letter_is_optional_behind_anything_else(site: Site) -> None:
    files = {"cat.md": post("Cats", tags=["Pets"]), "zoo.md": post("Zoo 犬", body="東京", tags=["Pets"])}
    with published(site, files) as snapshot:
        assert sorted(names(found(snapshot, "tag:pets q"))) == ["cat", "zoo"]
        assert names(found(snapshot, "-cats q")) == ["zoo"]
        assert names(found(snapshot, "東京 犬")) == ["zoo"]
        assert found(snapshot, "東京 猫").dropped == ("猫",)
        assert names(found(snapshot, "q")) == []


@pytest.mark.parametrize("typed", ["fox zebra", "cats-dog", "quikc zebra fox"])
def test_a_relaxed_search_that_runs_late_never_says_that_nothing_is_there(site: Site, typed: str) -> None:
    with published(site, ANIMALS) as snapshot:
        whole = found(snapshot, typed)
        assert whole.total
        late = [snapshot.search(SearchQuery(typed), Soon(looks)) for looks in range(150)]
        assert all(result.total == whole.total for result in late if result.complete)
        assert any(not result.complete for result in late)
        assert late[-1].complete


class Soon(Deadline):
    """Passes after it was looked at so often."""

    def __init__(self, looks: int) -> None:
        super().__init__(SECONDS)
        self.looks = looks

    @property
    def passed(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def test_a_search_that_runs_late_says_so_and_is_bare(site: Site) -> None:
    with published(site, ANIMALS) as snapshot:
        whole = found(snapshot, "fox dog", explain=True)
        assert whole.complete
        seen = set()
        for looks in range(100):
            result = snapshot.search(SearchQuery("fox dog", explain=True), Soon(looks))
            assert result.complete == (result == whole)
            seen.add((result.total, result.complete, bool(result.hits and result.hits[0].highlights)))
        assert seen >= {(0, False, False), (1, False, False), (1, True, True)}


def test_corrections_and_completions_are_spelled_as_the_posts_spell_them(site: Site) -> None:
    files = {
        "a.md": post("Häuser", body="Große Häuser, ein Cafe.", lang="de"),
        "b.md": post("Straße", body="Die große Fußgängerin, Fußgänger im Café und im Cafe.", lang="de"),
    }
    with published(site, files) as snapshot:
        assert found(snapshot, "Häsuer").did_you_mean == "häuser"
        assert found(snapshot, "große Fussgnger").did_you_mean == "große fußgänger"
        words = {row.text for typed in ("Größ", "fuß", "caf") for row in suggestions(snapshot, typed)}
        assert {"große", "fußgänger", "cafe"} <= words


def suggestions(snapshot: Snapshot, typed: str) -> list[Suggestion]:
    return [row for row in snapshot.suggest(typed, (), 10, Deadline(SECONDS)) if row.kind is SuggestionKind.WORD]
