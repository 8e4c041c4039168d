"""What every engine promises. An engine's own test file names the engine and inherits this class."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from search_index.engines.port import (
    Bucket,
    Clause,
    Deadline,
    EngineSpace,
    EngineUnavailable,
    ExpandedQuery,
    FieldTokens,
    IndexDocument,
    Phrase,
    QueryTooCostly,
    Recency,
    Relevance,
    Restriction,
    SearchEngine,
    Searcher,
    SearchPage,
    TextField,
    Word,
)
from search_index.query import WINDOW, FacetField, Order, PostFilters, Sort, TagMatch


def tokens(text: str, first: int = 0) -> FieldTokens:
    """Words as tokens, one place each."""
    words = tuple(text.split())
    return FieldTokens(words, tuple(range(first, first + len(words))))


def document(post_id: str, body: str = "words", *, title: str = "", code: str = "", **values: object) -> IndexDocument:
    """A document; ``code`` stands behind ``body`` in their common space of positions."""
    plain: dict[str, object] = {
        "tags": (),
        "categories": (),
        "authors": (),
        "series": None,
        "lang": "en",
        "collection": "posts",
        "featured": False,
        "year": None,
        "month": None,
        "published_at": None,
        "updated_at": None,
        "reading_time": 1,
        "title_key": title.casefold(),
        "visible_from": None,
        "visible_until": None,
    }
    text = {
        TextField.TITLE: tokens(title),
        TextField.BODY: tokens(body),
        TextField.CODE: tokens(code, first=len(body.split())),
    }
    for field in (TextField.TERMS, TextField.HEADINGS, TextField.SUMMARY):
        text[field] = tokens(str(values.pop(field.value, "")))
    return IndexDocument(id=post_id, text=text, **(plain | values))  # type: ignore[arg-type]  # tests name real fields


def dated(post_id: str, sort: Sort, date: int | None) -> IndexDocument:
    """A document with the date that a sort goes by."""
    if sort is Sort.PUBLISHED_AT:
        return document(post_id, published_at=date)
    return document(post_id, updated_at=date)


def word(text: str, *fields: TextField, boost: float = 1.0) -> Clause:
    return Clause((Word((text,), fields, boost),))


def phrase(text: str, *fields: TextField) -> Clause:
    words = tuple((word,) for word in text.split())
    return Clause((Phrase(words, tuple(range(len(words))), fields),))


def must(*words: str) -> ExpandedQuery:
    return ExpandedQuery(must=tuple(map(word, words)))


def ids(page: SearchPage) -> list[str]:
    return [hit.id for hit in page.hits]


def buckets(page: SearchPage, field: FacetField) -> dict[str, int]:
    (facet,) = [facet for facet in page.facets if facet.field is field]
    return {bucket.value: bucket.count for bucket in facet.buckets}


def seeded(seed: int) -> random.Random:
    """Chance that is the same at every run."""
    return random.Random(seed)  # noqa: S311  # repeatable on purpose


Ask = Callable[..., SearchPage]


class EngineContract:
    """The specification of the engine port."""

    @pytest.fixture
    def engine(self) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def spaces(self, tmp_path: Path, engine: SearchEngine) -> Iterator[Callable[[str], EngineSpace]]:
        """A generation's space by name; all are discarded at the end."""
        known: dict[str, EngineSpace] = {}

        def space(name: str) -> EngineSpace:
            return known.setdefault(name, EngineSpace(tmp_path / name, name))

        yield space
        for row in known.values():
            engine.discard(row)

    @pytest.fixture
    def build(self, engine: SearchEngine, spaces: Callable[[str], EngineSpace]) -> Iterator[Callable[..., Searcher]]:
        """Builds a generation and opens it: ``build("g1", doc, doc, base="g0", delete=("x",))``."""
        opened: list[Searcher] = []

        def build(name: str, *documents: IndexDocument, base: str = "", delete: tuple[str, ...] = ()) -> Searcher:
            with engine.build(spaces(name), spaces(base) if base else None) as batch:
                for post_id in delete:
                    batch.delete(post_id)
                for row in documents:
                    batch.put(row)
            searcher = engine.open(spaces(name))
            opened.append(searcher)
            return searcher

        yield build
        for searcher in opened:
            searcher.close()

    @pytest.fixture
    def ask(self, build: Callable[..., Searcher]) -> Callable[..., Ask]:
        """Builds one generation of documents; what it returns asks it."""

        def over(*documents: IndexDocument) -> Ask:
            searcher = build("only", *documents)
            return lambda query: searcher.search(query, Deadline(30))

        return over

    # Words

    def test_a_word_is_found_in_every_field(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("title", title="needle"),
            document("terms", terms="needle"),
            document("headings", headings="needle"),
            document("summary", summary="needle"),
            document("body", "needle"),
            document("code", code="needle"),
            document("none"),
        )
        assert set(ids(found(must("needle")))) == {"title", "terms", "headings", "summary", "body", "code"}

    def test_a_word_can_be_kept_to_some_fields(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "needle"), document("b", title="needle"), document("c", code="needle"))
        query = ExpandedQuery(must=(word("needle", TextField.TITLE, TextField.CODE),))
        assert set(ids(found(query))) == {"b", "c"}

    def test_words_are_anded(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("both", "red fox"), document("one", "red dog"), document("apart", "fox", title="red"))
        assert set(ids(found(must("red", "fox")))) == {"both", "apart"}

    def test_an_unknown_word_finds_nothing(self, ask: Callable[..., Ask]) -> None:
        page = ask(document("a"))(must("unknown"))
        assert (page.hits, page.total, page.complete) == ((), 0, True)

    def test_tokens_are_taken_as_they_are(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", 'C++ Über 東京 🦊 a* x\' "q" or (not) node.js'), document("b", "c uber"))
        for token in ("C++", "Über", "東京", "🦊", "a*", "x'", '"q"', "or", "(not)", "node.js"):
            assert ids(found(must(token))) == ["a"], token

    def test_an_alternative_is_enough(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "colour"), document("b", "color"), document("c", "shade"))
        clause = Clause((Word(("colour",)), Word(("color",)), Word(("hue",))))
        assert set(ids(found(ExpandedQuery(must=(clause,))))) == {"a", "b"}

    def test_a_clause_without_alternatives_finds_nothing(self, ask: Callable[..., Ask]) -> None:
        assert ask(document("a"))(ExpandedQuery(must=(Clause(()),))).total == 0

    def test_no_clause_at_all_finds_everything(self, ask: Callable[..., Ask]) -> None:
        assert ask(document("a"), document("b"))(ExpandedQuery()).total == 2

    def test_should_alone_asks_for_one_of_its_clauses(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "red"), document("b", "fox"), document("c", "dog"))
        assert set(ids(found(ExpandedQuery(should=(word("red"), word("fox")))))) == {"a", "b"}

    def test_should_beside_must_only_adds_to_the_score(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("plain", "red dog"), document("better", "red fox"), document("other", "fox"))
        assert ids(found(ExpandedQuery(must=(word("red"),), should=(word("fox"),)))) == ["better", "plain"]

    # Exclusions

    def test_an_excluded_word_takes_posts_out(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "red fox"), document("b", "red dog"), document("c", "red", title="dog"))
        assert ids(found(ExpandedQuery(must=(word("red"),), must_not=(word("dog"),)))) == ["a"]

    def test_an_exclusion_alone_finds_the_rest(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "fox"), document("b", "dog"))
        assert ids(found(ExpandedQuery(must_not=(word("dog"),)))) == ["a"]

    def test_an_excluded_phrase_takes_out_the_phrase_only(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "red fox"), document("b", "fox red"))
        assert ids(found(ExpandedQuery(must_not=(phrase("red fox"),)))) == ["b"]

    def test_an_exclusion_can_be_kept_to_a_field(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "fox"), document("b", title="fox"))
        assert ids(found(ExpandedQuery(must_not=(word("fox", TextField.TITLE),)))) == ["a"]

    # Phrases

    def test_a_phrase_asks_for_order_and_neighbourhood(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("exact", "the quick brown fox"),
            document("turned", "brown quick fox"),
            document("apart", "quick and brown"),
        )
        assert ids(found(ExpandedQuery(must=(phrase("quick brown"),)))) == ["exact"]

    def test_a_phrase_of_common_words_is_found(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("hamlet", "to be or not to be"), document("other", "not to be or to be not be to"))
        assert ids(found(ExpandedQuery(must=(phrase("to be or not to be"),)))) == ["hamlet"]

    def test_a_phrase_of_one_word_is_the_word(self, ask: Callable[..., Ask]) -> None:
        assert ids(ask(document("a", "fox"), document("b"))(ExpandedQuery(must=(phrase("fox"),)))) == ["a"]

    def test_a_phrase_runs_from_body_into_code(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "then run", code="make serve"), document("b", "make", code="then run"))
        assert ids(found(ExpandedQuery(must=(phrase("run make"),)))) == ["a"]
        assert ids(found(ExpandedQuery(must=(phrase("then run make serve"),)))) == ["a"]

    def test_a_phrase_does_not_run_from_one_field_into_another(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "fox", title="red", summary="red"))
        assert found(ExpandedQuery(must=(phrase("red fox"),))).total == 0

    def test_a_phrase_does_not_run_over_a_gap(self, ask: Callable[..., Ask]) -> None:
        gapped = replace(document("a"), text={TextField.TERMS: FieldTokens(("web", "design"), (0, 17))})
        assert ask(gapped)(ExpandedQuery(must=(phrase("web design"),))).total == 0

    def test_a_phrase_does_not_run_from_one_post_into_the_next(self, ask: Callable[..., Ask]) -> None:
        assert ask(document("a", "red"), document("b", "fox"))(ExpandedQuery(must=(phrase("red fox"),))).total == 0

    def test_a_phrase_can_be_kept_to_a_field(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "red fox"), document("b", title="red fox"), document("c", "red", code="fox"))
        assert ids(found(ExpandedQuery(must=(phrase("red fox", TextField.TITLE),)))) == ["b"]
        assert ids(found(ExpandedQuery(must=(phrase("red fox", TextField.BODY),)))) == ["a"]

    def test_a_phrase_can_leave_places_open(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "the quick fox"), document("b", "the fox"))
        assert ids(found(ExpandedQuery(must=(Clause((Phrase((("the",), ("fox",)), (0, 2)),)),)))) == ["a"]

    def test_several_tokens_may_stand_at_one_place(self, ask: Callable[..., Ask]) -> None:
        camel = replace(
            document("a"), text={TextField.BODY: FieldTokens(("use", "javascript", "java", "now"), (0, 1, 1, 2))}
        )
        found = ask(camel)
        for text in ("use javascript now", "use java now"):
            assert found(ExpandedQuery(must=(phrase(text),))).total == 1
        same = Clause((Phrase((("javascript",), ("java",)), (0, 0)),))
        assert found(ExpandedQuery(must=(same,))).total == 1
        assert found(ExpandedQuery(must=(phrase("javascript java"),))).total == 0

    def test_a_token_given_twice_at_one_place_counts_once(self, ask: Callable[..., Ask]) -> None:
        twice = {TextField.BODY: FieldTokens(("fox", "fox", "dog"), (0, 0, 1))}
        found = ask(replace(document("a"), text=twice), document("b", "fox dog"))
        first, second = found(must("fox")).hits
        assert first.score == second.score

    def test_a_phrase_is_found_at_every_place_of_a_long_text(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("long", " ".join(f"w{number}" for number in range(70_000))))
        for number in (0, 255, 256, 65_534, 65_535, 65_536, 69_998):
            assert found(ExpandedQuery(must=(phrase(f"w{number} w{number + 1}"),))).total == 1, number

    # Relevance

    def test_the_title_weighs_more_than_the_body(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("body", "fox fox fox", title="dog"), document("title", "dog dog dog", title="fox"))
        assert ids(found(must("fox"))) == ["title", "body"]

    def test_the_weights_are_the_query_s(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("body", "fox dog dog", title="dog"), document("title", "dog dog dog", title="fox"))
        weights = ((TextField.TITLE, 0.1), (TextField.BODY, 10.0))
        assert ids(found(replace(must("fox"), relevance=Relevance(weights)))) == ["body", "title"]

    def test_a_field_without_weight_is_searched_and_adds_nothing(self, ask: Callable[..., Ask]) -> None:
        page = ask(document("a", "fox"))(replace(must("fox"), relevance=Relevance(((TextField.TITLE, 5.0),))))
        assert [(hit.id, hit.score) for hit in page.hits] == [("a", 0.0)]

    def test_a_rarer_word_weighs_more(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("rare", "needle hay"), *(document(f"d{n}", "straw hay") for n in range(9)))
        page = found(ExpandedQuery(should=(word("needle"), word("straw"))))
        assert ids(page)[0] == "rare"

    def test_more_of_a_word_in_less_text_weighs_more(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("once", "fox a b c d"), document("thrice", "fox fox fox c d"), document("long", "fox " + "x " * 50)
        )
        assert ids(found(must("fox"))) == ["thrice", "once", "long"]

    def test_the_best_alternative_is_the_clause_s_score(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "colour color"), document("b", "colour grey"), document("c", "color grey"))
        both = found(ExpandedQuery(must=(Clause((Word(("colour",)), Word(("color",)))),)))
        alone = {hit.id: hit.score for hit in found(must("colour")).hits}
        assert {hit.id: hit.score for hit in both.hits}["b"] == alone["b"]
        assert {hit.id: hit.score for hit in both.hits}["a"] == alone["a"]

    def test_a_boost_multiplies(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "fox"), document("b"))
        plain, boosted = (found(ExpandedQuery(must=(word("fox", boost=boost),))).hits[0].score for boost in (1.0, 0.5))
        assert boosted == pytest.approx(plain / 2)

    def test_clauses_add_up(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "red fox"), document("b", "red"), document("c", "fox"))
        both = found(must("red", "fox")).hits[0].score
        each = [{hit.id: hit.score for hit in found(must(text)).hits}["a"] for text in ("red", "fox")]
        assert both == pytest.approx(sum(each))

    def test_scores_are_above_zero_and_fall(self, ask: Callable[..., Ask]) -> None:
        found = ask(*(document(f"d{n}", "fox " * (n + 1) + "dog " * 9) for n in range(20)))
        scores = [hit.score for hit in found(must("fox")).hits]
        assert scores == sorted(scores, reverse=True)
        assert min(scores) > 0

    # Words that count as one, and corrections

    def test_tokens_that_count_as_one_are_scored_as_one_token_would_be(self, build: Callable[..., Searcher]) -> None:
        apart = build("g1", document("a", "run runs x y"), document("b", "runs z"), document("c", "walk"))
        alike = build("g2", document("a", "run run x y"), document("b", "run z"), document("c", "walk"))
        several = apart.search(ExpandedQuery(must=(Clause((Word(("run", "runs")),)),)), Deadline(30))
        one = alike.search(must("run"), Deadline(30))
        assert [(hit.id, hit.score) for hit in several.hits] == [(hit.id, hit.score) for hit in one.hits]

    def test_a_place_of_a_phrase_may_have_several_words(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "front matter"), document("b", "front matters"), document("c", "front mat"))
        clause = Clause((Phrase((("front",), ("matter", "matters")), (0, 1)),))
        assert sorted(ids(found(ExpandedQuery(must=(clause,))))) == ["a", "b"]

    def test_what_needs_a_correction_comes_after_all_that_needs_none(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("exact", "react " + "x " * 300),
            document("corrected", "reach reach reach", title="reach"),
            document("both", "react reach " + "x " * 400),
        )
        page = found(ExpandedQuery(must=(Clause((Word(("react",)),), (Word(("reach",)),)),)))
        assert [(hit.id, hit.corrections) for hit in page.hits] == [("exact", 0), ("both", 0), ("corrected", 1)]
        assert page.total == 3

    def test_fewer_corrections_come_first(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("two", "b2 d2", title="b2 d2"), document("one", "b2 d"), document("none", "b d"))
        clauses = tuple(Clause((Word((text,)),), (Word((f"{text}2",)),)) for text in ("b", "d"))
        assert ids(found(ExpandedQuery(must=clauses))) == ["none", "one", "two"]
        assert ids(found(ExpandedQuery(must=clauses, order=Order.ASC))) == ["two", "one", "none"]

    def test_a_page_ends_where_it_should_over_the_border_to_corrected_hits(self, ask: Callable[..., Ask]) -> None:
        found = ask(*(document(f"d{n:02}", "react" if n % 3 else "reach") for n in range(60)))
        query = ExpandedQuery(must=(Clause((Word(("react",)),), (Word(("reach",)),)),), limit=7)
        pages = [found(replace(query, offset=offset)) for offset in range(0, 63, 7)]
        assert [row for page in pages for row in ids(page)] == ids(found(replace(query, limit=60)))

    # Titles, neighbourhood, recency

    def test_a_title_that_is_the_query_comes_first(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("more", "red fox " * 20, title="the red fox", headings="red fox"),
            document("exact", "a page", title="red fox"),
            document("longer", "a page", title="red fox red"),
        )
        title = Phrase((("red",), ("fox",)), (0, 1))
        page = found(replace(must("red", "fox"), exact_title=title))
        assert ids(page)[0] == "exact"
        assert [hit.exact_title for hit in page.hits] == [True, False, False]
        assert ids(found(replace(must("red", "fox"), exact_title=title, order=Order.ASC)))[-1] == "exact"

    def test_words_that_stand_near_each_other_get_more_in_this_order_most(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("far", "red a b c d e f g fox"),
            document("turned", "fox red a b c d e f g"),
            document("next", "a red fox b c d e f g"),
        )
        near = replace(must("red", "fox"), relevance=Relevance(proximity=0.5))
        assert ids(found(near)) == ["next", "turned", "far"]
        plain = {hit.id: hit.score for hit in found(must("red", "fox")).hits}
        gained = {hit.id: hit.score - plain[hit.id] for hit in found(near).hits}
        lower = {hit.id: hit.score for hit in found(must("red")).hits}
        assert gained == pytest.approx(
            {row: lower[row] * 0.5 / gap for row, gap in (("next", 1), ("turned", 2), ("far", 8))}
        )

    def test_neighbours_count_within_a_field_and_for_the_best_hits_alone(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "fox", title="red"), *(document(f"d{n}", "red fox " + "x " * n) for n in range(4)))
        plain = {hit.id: hit.score for hit in found(must("red", "fox")).hits}
        near = found(replace(must("red", "fox"), relevance=Relevance(proximity=0.5, window=2)))
        assert [hit.id for hit in near.hits if hit.score > plain[hit.id]] == ["d0"]

    def test_new_posts_can_get_more(self, ask: Callable[..., Ask]) -> None:
        day = 24 * 60 * 60
        found = ask(
            document("old", "fox", published_at=0),
            document("new", "fox", published_at=1_000 * day),
            document("undated", "fox"),
        )
        fresh = Relevance(recency=Recency(1.0, 100 * day))
        page = found(replace(must("fox"), relevance=fresh, visible_at=1_100 * day))
        plain = found(must("fox")).hits[0].score
        scores = {hit.id: hit.score / plain for hit in page.hits}
        assert scores == pytest.approx({"new": 1.5, "old": 1 + 0.5**11, "undated": 1})

    def test_the_numbers_of_bm25_are_the_query_s(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("short", "fox"), document("long", "fox fox " + "x " * 50))
        flat = found(replace(must("fox"), relevance=Relevance(k1=0.0)))
        assert flat.hits[0].score == flat.hits[1].score
        assert ids(found(replace(must("fox"), relevance=Relevance(b=0.0)))) == ["long", "short"]
        assert ids(found(must("fox"))) == ["short", "long"]

    # Explanations

    def test_an_explanation_adds_up_to_the_score(self, build: Callable[..., Searcher]) -> None:
        searcher = build("g1", *generated(120, seeded(3)))
        clauses = (Clause((Word(("w1",)), Word(("w2", "w3"), boost=0.5)), (Word(("w4",)),)), *must("w0").must)
        query = ExpandedQuery(
            must=clauses,
            should=must("w5").must,
            visible_at=9,
            relevance=Relevance(proximity=0.5, recency=Recency(1.0, 3)),
            exact_title=Phrase((("w1",), ("w0",)), (0, 1)),
        )
        hits = searcher.search(query, Deadline(30)).hits
        explained = searcher.explain(query, [hit.id for hit in hits], Deadline(30))
        assert len(explained) == len(hits) == 20
        for hit, why in zip(hits, explained, strict=True):
            assert why.score == hit.score
            assert why.exact_title == hit.exact_title
            assert sum(row.corrected for row in why.clauses[: len(clauses)]) == hit.corrections
            assert sum(row.score for row in why.clauses) == pytest.approx(hit.score / why.recency - why.proximity)
            for row in why.clauses:
                assert sum(part.score for part in row.fields) == pytest.approx(row.score)

    def test_an_explanation_tells_frequencies_and_lengths(self, build: Callable[..., Searcher]) -> None:
        searcher = build(
            "g1", document("a", "fox fox dog", title="fox"), document("b", "dog"), document("c", title="x")
        )
        (why,) = searcher.explain(must("fox"), ["a", "b", "nothing"], Deadline(30))
        told = {row.field: (row.frequency, row.length, row.holding, row.documents) for row in why.clauses[0].fields}
        assert told == {TextField.TITLE: (1, 1, 1, 2), TextField.BODY: (2, 3, 1, 3)}
        assert why.clauses[0].alternative == Word(("fox",))

    def test_a_late_explanation_says_nothing(self, build: Callable[..., Searcher]) -> None:
        searcher = build("g1", document("a", "fox fox dog", title="fox"))
        assert searcher.explain(must("fox"), ["a"], Deadline(0)) == ()

    # Order

    def test_ties_go_by_date_then_by_id(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("undated-b"),
            document("undated-a"),
            document("old", published_at=1),
            document("new-b", published_at=9),
            document("new-a", published_at=9),
        )
        expected = ["new-a", "new-b", "old", "undated-a", "undated-b"]
        assert ids(found(must("words"))) == expected
        assert ids(found(replace(must("words"), order=Order.ASC))) == expected

    @pytest.mark.parametrize("sort", [Sort.PUBLISHED_AT, Sort.UPDATED_AT])
    def test_dates_sort_both_ways_with_the_missing_last(self, ask: Callable[..., Ask], sort: Sort) -> None:
        dates = {"b1969": -1, "a1970": 0, "c2100": 4_102_444_800, "none": None}
        found = ask(*(dated(post_id, sort, date) for post_id, date in dates.items()))
        assert ids(found(ExpandedQuery(sort=sort, order=Order.DESC))) == ["c2100", "a1970", "b1969", "none"]
        assert ids(found(ExpandedQuery(sort=sort, order=Order.ASC))) == ["b1969", "a1970", "c2100", "none"]

    def test_titles_sort_by_their_key(self, ask: Callable[..., Ask]) -> None:
        found = ask(*(document(key, title_key=key) for key in ("zebra", "apple", "émile", "10", "9", "東京")))
        expected = sorted(("zebra", "apple", "émile", "10", "9", "東京"))
        assert ids(found(ExpandedQuery(sort=Sort.TITLE, order=Order.ASC))) == expected
        assert ids(found(ExpandedQuery(sort=Sort.TITLE, order=Order.DESC))) == expected[::-1]

    def test_equal_titles_stand_newest_first_in_both_orders(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("old", title_key="t", published_at=1), document("new", title_key="t", published_at=2))
        for order in Order:
            assert ids(found(ExpandedQuery(sort=Sort.TITLE, order=order))) == ["new", "old"]

    def test_reading_times_sort_as_numbers(self, ask: Callable[..., Ask]) -> None:
        found = ask(*(document(str(minutes), reading_time=minutes) for minutes in (10, 2, 1)))
        assert ids(found(ExpandedQuery(sort=Sort.READING_TIME, order=Order.ASC))) == ["1", "2", "10"]

    def test_relevance_can_be_turned_round(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("much", "fox fox fox a"), document("little", "fox a b c"))
        assert ids(found(replace(must("fox"), order=Order.ASC))) == ["little", "much"]

    def test_a_sort_by_date_keeps_the_scores(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a", "fox", published_at=1), document("b", "fox fox", published_at=2))
        by_score = {hit.id: hit.score for hit in found(must("fox")).hits}
        by_date = {hit.id: hit.score for hit in found(replace(must("fox"), sort=Sort.PUBLISHED_AT)).hits}
        assert by_date == by_score

    # Pages

    def test_pages_follow_each_other_without_holes_or_repeats(self, ask: Callable[..., Ask]) -> None:
        found = ask(*(document(f"d{n:02}", "fox " * (n % 5 + 1)) for n in range(50)))
        whole = ids(found(replace(must("fox"), limit=50)))
        pages = [ids(found(replace(must("fox"), offset=start, limit=7))) for start in range(0, 50, 7)]
        assert [post_id for page in pages for post_id in page] == whole
        assert len(set(whole)) == 50

    def test_a_page_past_the_end_is_empty_with_the_true_total(self, ask: Callable[..., Ask]) -> None:
        page = ask(document("a"), document("b"))(replace(must("words"), offset=40))
        assert (page.hits, page.total) == ((), 2)

    def test_a_limit_of_nothing_counts_all_the_same(self, ask: Callable[..., Ask]) -> None:
        page = ask(document("a", tags=("x",)))(replace(must("words"), limit=0, facets=(FacetField.TAG,)))
        assert (page.hits, page.total, buckets(page, FacetField.TAG)) == ((), 1, {"x": 1})

    def test_the_window_is_the_deepest_hit(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("a"))
        assert found(ExpandedQuery(offset=WINDOW - 20, limit=20)).total == 1
        with pytest.raises(QueryTooCostly, match=str(WINDOW)):
            found(ExpandedQuery(offset=WINDOW - 19, limit=20))

    def test_a_query_of_thousands_of_tokens_is_refused(self, ask: Callable[..., Ask]) -> None:
        clause = Clause(tuple(Word((f"w{number}",)) for number in range(100_000)))
        with pytest.raises(QueryTooCostly, match="tokens"):
            ask(document("a"))(ExpandedQuery(must=(clause,)))

    def test_sixteen_words_of_fifty_alternatives_are_answered(self, ask: Callable[..., Ask]) -> None:
        clause = Clause((*(Word((f"w{number}",)) for number in range(49)), Word(("words",))))
        page = ask(document("a"))(ExpandedQuery(must=(clause,) * 16))
        assert (ids(page), page.complete) == (["a"], True)

    # Filters

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (PostFilters(tags=("web",)), "ab"),
            (PostFilters(tags=("web", "css")), "abc"),
            (PostFilters(tags=("web", "css"), tag_match=TagMatch.ALL), "b"),
            (PostFilters(tags=("we",)), ""),
            (PostFilters(tags=("Web",)), ""),
            (PostFilters(not_tags=("web",)), "cd"),
            (PostFilters(not_tags=("web", "css")), "d"),
            (PostFilters(categories=("dev",)), "abc"),
            (PostFilters(categories=("dev/web",)), "ab"),
            (PostFilters(categories=("web",)), ""),
            (PostFilters(not_categories=("dev/web",)), "cd"),
            (PostFilters(authors=("ann",)), "ad"),
            (PostFilters(authors=("ann", "bob")), "abd"),
            (PostFilters(series=("intro",)), "b"),
            (PostFilters(collections=("notes",)), "c"),
            (PostFilters(langs=("de",)), "d"),
            (PostFilters(langs=("de", "en")), "abcd"),
            (PostFilters(year=2024), "ab"),
            (PostFilters(month=2), "bc"),
            (PostFilters(year=2024, month=2), "b"),
            (PostFilters(published_after=200), "bc"),
            (PostFilters(published_before=200), "a"),
            (PostFilters(published_after=100, published_before=300), "ab"),
            (PostFilters(updated_after=0), "a"),
            (PostFilters(updated_before=1_000), "a"),
            (PostFilters(featured=True), "a"),
            (PostFilters(featured=False), "bcd"),
            (PostFilters(tags=("web",), authors=("bob",), year=2024), "b"),
            (PostFilters(), "abcd"),
        ],
    )
    def test_filters(self, ask: Callable[..., Ask], filters: PostFilters, expected: str) -> None:
        found = ask(*FILTERED)
        for query in (ExpandedQuery(filters=filters), replace(must("words"), filters=filters)):
            page = found(query)
            assert "".join(sorted(ids(page))) == expected
            assert page.total == len(expected)

    @pytest.mark.parametrize(
        ("restrictions", "expected"),
        [
            ((Restriction(FacetField.TAG, "web"),), "ab"),
            ((Restriction(FacetField.TAG, "web"), Restriction(FacetField.TAG, "css")), "b"),
            ((Restriction(FacetField.TAG, "web", excluded=True),), "cd"),
            ((Restriction(FacetField.CATEGORY, "dev"), Restriction(FacetField.AUTHOR, "ann", excluded=True)), "bc"),
            ((Restriction(FacetField.AUTHOR, "nobody"),), ""),
        ],
    )
    def test_what_a_person_restricts_holds_beside_the_filters(
        self, ask: Callable[..., Ask], restrictions: tuple[Restriction, ...], expected: str
    ) -> None:
        found = ask(*FILTERED)
        assert "".join(sorted(ids(found(ExpandedQuery(restrictions=restrictions))))) == expected
        both = found(ExpandedQuery(restrictions=restrictions, filters=PostFilters(tags=("css",))))
        assert set(ids(both)) == set(expected) & set("bc")

    def test_only_those_that_may_match_at_all_are_found_and_counted(self, ask: Callable[..., Ask]) -> None:
        found = ask(*FILTERED)
        for query in (ExpandedQuery(), must("words")):
            page = found(replace(query, among=frozenset("bcx"), facets=(FacetField.TAG,)))
            assert (sorted(ids(page)), page.total) == (["b", "c"], 2)
            assert {row.value: row.count for row in page.facets[0].buckets} == {"web": 1, "css": 2}
            assert found(replace(query, among=frozenset())).total == 0
            assert ids(found(replace(query, among=frozenset("bc"), filters=PostFilters(tags=("web",))))) == ["b"]

    def test_a_post_counts_until_the_second_in_which_it_expires(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("never"), document("soon", visible_until=100))
        assert found(ExpandedQuery(visible_at=99)).total == 2
        assert ids(found(ExpandedQuery(visible_at=100))) == ["never"]
        assert found(ExpandedQuery()).total == 2

    def test_a_post_counts_from_its_second_on_whatever_the_clock_that_built(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("always"), document("soon", visible_from=100))
        assert ids(found(ExpandedQuery(visible_at=99))) == ["always"]
        assert found(ExpandedQuery(visible_at=100)).total == 2

    # Facets

    def test_facets_count_all_matches_not_the_page(self, ask: Callable[..., Ask]) -> None:
        found = ask(*(document(f"d{n}", tags=("even" if n % 2 == 0 else "odd",)) for n in range(31)))
        page = found(replace(must("words"), limit=5, facets=(FacetField.TAG,)))
        assert buckets(page, FacetField.TAG) == {"even": 16, "odd": 15}

    def test_every_facet_counts_its_values(self, ask: Callable[..., Ask]) -> None:
        page = ask(*FILTERED)(ExpandedQuery(facets=tuple(FacetField)))
        assert [facet.field for facet in page.facets] == list(FacetField)
        assert buckets(page, FacetField.TAG) == {"web": 2, "css": 2}
        assert buckets(page, FacetField.CATEGORY) == {"dev": 3, "dev/web": 2}
        assert buckets(page, FacetField.AUTHOR) == {"ann": 2, "bob": 1}
        assert buckets(page, FacetField.SERIES) == {"intro": 1}
        assert buckets(page, FacetField.YEAR) == {"2024": 2, "2025": 1}
        assert buckets(page, FacetField.LANG) == {"en": 3, "de": 1}
        assert buckets(page, FacetField.COLLECTION) == {"posts": 3, "notes": 1}

    def test_a_facet_s_own_filter_does_not_narrow_it(self, ask: Callable[..., Ask]) -> None:
        filters = PostFilters(tags=("css",), authors=("bob",))
        page = ask(*FILTERED)(
            ExpandedQuery(filters=filters, facets=(FacetField.TAG, FacetField.AUTHOR, FacetField.LANG))
        )
        assert ids(page) == ["b"]
        assert buckets(page, FacetField.TAG) == {"web": 1, "css": 1}
        assert buckets(page, FacetField.AUTHOR) == {"bob": 1}
        assert buckets(page, FacetField.LANG) == {"en": 1}

    def test_a_year_filter_leaves_the_other_years_their_counts(self, ask: Callable[..., Ask]) -> None:
        page = ask(*FILTERED)(ExpandedQuery(filters=PostFilters(year=2025), facets=(FacetField.YEAR, FacetField.TAG)))
        assert buckets(page, FacetField.YEAR) == {"2024": 2, "2025": 1}
        assert buckets(page, FacetField.TAG) == {"css": 1}

    def test_months_are_counted_year_by_year_and_a_month_filter_leaves_the_others(
        self, ask: Callable[..., Ask]
    ) -> None:
        found = ask(*FILTERED)
        page = found(ExpandedQuery(facets=(FacetField.MONTH,), filters=PostFilters(month=2)))
        assert sorted(ids(page)) == ["b", "c"]
        assert buckets(page, FacetField.MONTH) == {"2024-01": 1, "2024-02": 1, "2025-02": 1}

    def test_exclusions_and_restrictions_narrow_every_facet(self, ask: Callable[..., Ask]) -> None:
        found = ask(*FILTERED)
        excluded = found(ExpandedQuery(filters=PostFilters(not_tags=("web",)), facets=(FacetField.TAG,)))
        assert buckets(excluded, FacetField.TAG) == {"css": 1}
        restricted = found(ExpandedQuery(restrictions=(Restriction(FacetField.TAG, "web"),), facets=(FacetField.TAG,)))
        assert buckets(restricted, FacetField.TAG) == {"web": 2, "css": 1}

    def test_facets_count_words_exclusions_and_expiry(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("a", "fox", tags=("x",)),
            document("b", "fox dog", tags=("x",)),
            document("c", "fox", tags=("x",), visible_until=5),
            document("d", "cat", tags=("x",)),
        )
        query = ExpandedQuery(must=(word("fox"),), must_not=(word("dog"),), visible_at=5, facets=(FacetField.TAG,))
        assert buckets(found(query), FacetField.TAG) == {"x": 1}

    def test_the_most_frequent_value_stands_first_and_ties_go_by_value(self, ask: Callable[..., Ask]) -> None:
        found = ask(
            document("1", tags=("b", "a", "z")), document("2", tags=("z", "é", "東")), document("3", tags=("10", "9"))
        )
        (facet,) = found(ExpandedQuery(facets=(FacetField.TAG,))).facets
        assert facet.buckets == (Bucket("z", 2), *(Bucket(value, 1) for value in ("10", "9", "a", "b", "é", "東")))

    def test_a_facet_says_where_it_was_cut(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("1", tags=("a", "b", "c")))
        cut, whole = (found(ExpandedQuery(facets=(FacetField.TAG,), facet_limit=limit)).facets[0] for limit in (2, 3))
        assert ([row.value for row in cut.buckets], cut.truncated) == (["a", "b"], True)
        assert (len(whole.buckets), whole.truncated) == (3, False)

    def test_values_without_a_match_are_left_out(self, ask: Callable[..., Ask]) -> None:
        found = ask(document("1", "fox", tags=("a",), year=2024), document("2", "dog", tags=("b",), year=2025))
        page = found(replace(must("fox"), facets=(FacetField.TAG, FacetField.YEAR)))
        assert buckets(page, FacetField.TAG) == {"a": 1}
        assert buckets(page, FacetField.YEAR) == {"2024": 1}

    # Builds

    def test_an_empty_index_answers(self, ask: Callable[..., Ask]) -> None:
        found = ask()
        for query in (ExpandedQuery(facets=tuple(FacetField)), must("fox"), ExpandedQuery(must=(phrase("a b"),))):
            page = found(replace(query, filters=PostFilters(tags=("x",), year=1)))
            assert (page.hits, page.total, page.complete) == ((), 0, True)
            assert all(not facet.buckets for facet in page.facets)

    def test_ids_are_those_of_the_live_documents(self, build: Callable[..., Searcher]) -> None:
        assert build("g1", document("a"), document("b/ü 東")).ids() == {"a", "b/ü 東"}
        assert build("g2", document("c"), base="g1", delete=("a",)).ids() == {"b/ü 東", "c"}
        assert build("g3", base="g2", delete=("b/ü 東", "c")).ids() == frozenset()
        assert build("g4", document("d"), base="g3").ids() == {"d"}

    def test_the_last_put_of_an_id_wins(self, build: Callable[..., Searcher]) -> None:
        searcher = build("g1", document("a", "first"), document("a", "second"))
        assert searcher.search(must("first"), Deadline(30)).total == 0
        assert searcher.search(must("second"), Deadline(30)).total == 1
        assert searcher.ids() == {"a"}

    def test_an_update_replaces_however_often_it_is_put(self, build: Callable[..., Searcher]) -> None:
        build("g1", document("a", "old"), document("b", "other"))
        searcher = build("g2", document("a", "newer"), document("a", "newest"), base="g1")
        assert searcher.search(must("old"), Deadline(30)).total == 0
        assert searcher.search(must("newest"), Deadline(30)).total == 1
        assert searcher.search(ExpandedQuery(), Deadline(30)).total == 2

    def test_a_put_and_a_delete_leave_nothing(
        self, engine: SearchEngine, spaces: Callable[[str], EngineSpace], build: Callable[..., Searcher]
    ) -> None:
        build("g1", document("a"))
        with engine.build(spaces("g2"), spaces("g1")) as batch:
            batch.put(document("a", "again"))
            batch.delete("a")
            batch.delete("never there")
        searcher = engine.open(spaces("g2"))
        assert searcher.ids() == frozenset()
        searcher.close()

    def test_a_deleted_document_leaves_words_and_facets(self, build: Callable[..., Searcher]) -> None:
        build("g1", document("a", "secret", tags=("hidden",), year=1999), document("b", "open"))
        searcher = build("g2", base="g1", delete=("a",))
        page = searcher.search(ExpandedQuery(facets=tuple(FacetField)), Deadline(30))
        assert searcher.search(must("secret"), Deadline(30)).total == 0
        assert buckets(page, FacetField.TAG) == {}
        assert buckets(page, FacetField.YEAR) == {}

    def test_a_build_leaves_its_base_alone(
        self, spaces: Callable[[str], EngineSpace], build: Callable[..., Searcher]
    ) -> None:
        old = build("g1", document("a", "old"), document("b"))
        before = contents(spaces("g1").folder)
        build("g2", document("a", "new"), base="g1", delete=("b",))
        assert contents(spaces("g1").folder) == before
        assert old.ids() == {"a", "b"}
        assert old.search(must("old"), Deadline(30)).total == 1

    def test_a_generation_does_not_need_its_base(
        self, engine: SearchEngine, spaces: Callable[[str], EngineSpace], build: Callable[..., Searcher]
    ) -> None:
        build("g1", document("a", "fox")).close()
        build("g2", document("b", "fox"), base="g1").close()
        engine.discard(spaces("g1"))
        searcher = engine.open(spaces("g2"))
        assert set(ids(searcher.search(must("fox"), Deadline(30)))) == {"a", "b"}
        searcher.close()

    def test_the_same_build_gives_the_same_answers(self, build: Callable[..., Searcher]) -> None:
        documents = generated(200, seeded(1))
        assert everything(build("g1", *documents)) == everything(build("g2", *documents))

    @pytest.mark.parametrize("seed", range(3))
    def test_an_incremental_build_answers_as_a_full_one_to_the_last_score(
        self, build: Callable[..., Searcher], seed: int
    ) -> None:
        chance = seeded(seed)
        documents = {row.id: row for row in generated(120, chance)}
        build("g0", *documents.values())
        for number in range(1, 13):
            gone = chance.sample(sorted(documents), 8)
            changed = [*generated(6, chance), *generated(chance.randrange(3), chance, first=500 + 10 * number)]
            for post_id in gone:
                del documents[post_id]
            documents |= {row.id: row for row in changed}
            searcher = build(f"g{number}", *changed, base=f"g{number - 1}", delete=tuple(gone))
            if number % 4 == 0:
                assert everything(searcher) == everything(build(f"full{number}", *documents.values()))

    def test_the_order_of_puts_does_not_matter(self, build: Callable[..., Searcher]) -> None:
        documents = generated(60, seeded(4))
        assert everything(build("g1", *documents)) == everything(build("g2", *reversed(documents)))

    # Failures

    def test_a_failed_build_leaves_no_trace(
        self, engine: SearchEngine, spaces: Callable[[str], EngineSpace], build: Callable[..., Searcher]
    ) -> None:
        build("g1", document("a"))
        before = contents(spaces("g1").folder)

        def fail() -> None:
            with engine.build(spaces("g2"), spaces("g1")) as batch:
                batch.put(document("b"))
                batch.delete("a")
                raise RuntimeError("stop")

        with pytest.raises(RuntimeError, match="stop"):
            fail()
        assert contents(spaces("g2").folder) == {}
        assert contents(spaces("g1").folder) == before
        with pytest.raises(EngineUnavailable):
            engine.open(spaces("g2"))
        assert build("g2", document("b"), base="g1").ids() == {"a", "b"}

    def test_a_base_that_is_not_there_is_unavailable(
        self, engine: SearchEngine, spaces: Callable[[str], EngineSpace], build: Callable[..., Searcher]
    ) -> None:
        with pytest.raises(EngineUnavailable), engine.build(spaces("g2"), spaces("missing")):
            pass
        assert build("g2", document("a")).ids() == {"a"}

    def test_an_index_that_is_not_there_is_unavailable(
        self, engine: SearchEngine, spaces: Callable[[str], EngineSpace]
    ) -> None:
        with pytest.raises(EngineUnavailable):
            engine.open(spaces("missing"))

    def test_a_discarded_index_is_unavailable_and_discarding_twice_is_no_error(
        self, engine: SearchEngine, spaces: Callable[[str], EngineSpace], build: Callable[..., Searcher]
    ) -> None:
        build("g1", document("a")).close()
        for _ in range(2):
            engine.discard(spaces("g1"))
        with pytest.raises(EngineUnavailable):
            engine.open(spaces("g1"))

    # Time and threads

    def test_a_passed_deadline_is_said(self, build: Callable[..., Searcher]) -> None:
        searcher = build("g1", document("a", "fox"))
        page = searcher.search(replace(must("fox"), facets=(FacetField.TAG,)), Deadline(-1))
        assert page.complete is False
        assert searcher.search(must("fox"), Deadline(30)).complete is True

    def test_threads_that_share_a_searcher_all_get_the_right_answers(self, build: Callable[..., Searcher]) -> None:
        documents = generated(300, seeded(7))
        alone = build("g1", *documents)
        expected = [alone.search(query, Deadline(30)) for query in QUESTIONS]
        shared = build("g2", *documents)
        chance = seeded(3)
        order = [chance.randrange(len(QUESTIONS)) for _ in range(400)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda number: shared.search(QUESTIONS[number], Deadline(30)), order))
        assert answers == [expected[number] for number in order]

    def test_old_and_new_generations_answer_side_by_side(self, build: Callable[..., Searcher]) -> None:
        searchers = [build("g0", document("d0"))]
        for number in range(1, 10):
            searchers.append(build(f"g{number}", document(f"d{number}"), base=f"g{number - 1}"))
        assert [searcher.search(ExpandedQuery(), Deadline(30)).total for searcher in searchers] == list(range(1, 11))

    def test_the_fingerprint_stays_the_same(self, engine: SearchEngine) -> None:
        assert engine.fingerprint
        assert engine.fingerprint == engine.fingerprint


FILTERED = (
    document(
        "a",
        tags=("web",),
        categories=("dev", "dev/web"),
        authors=("ann",),
        featured=True,
        year=2024,
        month=1,
        published_at=100,
        updated_at=500,
    ),
    document(
        "b",
        tags=("web", "css"),
        categories=("dev", "dev/web"),
        authors=("bob",),
        series="intro",
        year=2024,
        month=2,
        published_at=200,
    ),
    document("c", tags=("css",), categories=("dev",), collection="notes", year=2025, month=2, published_at=300),
    document("d", authors=("ann",), lang="de"),
)


def generated(count: int, chance: random.Random, first: int = 0) -> list[IndexDocument]:
    """Documents over a small vocabulary, so that everything meets everything."""
    vocabulary = [f"w{number}" for number in range(40)]

    def text(most: int) -> str:
        return " ".join(chance.choices(vocabulary, range(40, 0, -1), k=chance.randint(0, most)))

    return [
        document(
            f"d{number:04}",
            text(60),
            title=text(5),
            code=text(20),
            headings=text(6),
            summary=text(10),
            tags=tuple(chance.sample(("a", "b", "c", "d"), chance.randint(0, 3))),
            categories=chance.choice(((), ("x",), ("x", "x/y"))),
            year=chance.choice((None, 2023, 2024)),
            published_at=chance.choice((None, 5, 6, 7, 8)),
            reading_time=chance.randint(1, 9),
        )
        for number in range(first, first + count)
    ]


QUESTIONS = (
    *(must(f"w{number}") for number in range(0, 40, 3)),
    *(must(f"w{number}", f"w{number + 2}") for number in range(0, 12, 2)),
    *(ExpandedQuery(must=(phrase(f"w{number} w{number + 1}"),)) for number in range(6)),
    ExpandedQuery(should=(word("w1"), word("w9"), phrase("w0 w1")), must_not=(word("w3"),)),
    ExpandedQuery(must=(Clause((Word(("w5",)), Word(("w30",), boost=0.5), Phrase((("w0",), ("w2",)), (0, 1)))),)),
    ExpandedQuery(sort=Sort.TITLE, order=Order.ASC, limit=100),
    ExpandedQuery(sort=Sort.PUBLISHED_AT, filters=PostFilters(tags=("a",)), facets=tuple(FacetField), limit=100),
    replace(must("w0"), filters=PostFilters(year=2024, categories=("x/y",)), facets=tuple(FacetField), limit=100),
)


def everything(searcher: Searcher) -> list[SearchPage]:
    """The answers to all questions, scores included."""
    return [searcher.search(query, Deadline(30)) for query in QUESTIONS]


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder; none where it is not there."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
