"""Query parameters: strict, by name, and the same question in every spelling."""

from __future__ import annotations

from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.addresses import query_string
from api.parameters import CategoryParameters, CategoryView, ListParameters, Parameters, SearchParameters, decode
from api.problems import ParameterProblem
from api.schemas.problems import ErrorCode, ParameterError
from search_index.query import FacetField, ListQuery, Order, Page, PostFilters, SearchQuery, Sort, TagMatch

UTC = ZoneInfo("UTC")
PARIS = ZoneInfo("Europe/Paris")


def errors(raw: str, model: type[Parameters] = ListParameters) -> tuple[ParameterError, ...]:
    with pytest.raises(ParameterProblem) as caught:
        model.read(raw.encode())
    return caught.value.errors


def query(raw: str, zone: ZoneInfo = UTC) -> ListQuery:
    return ListParameters.read(raw.encode()).query(zone)


def test_nothing_given_means_the_newest_twenty() -> None:
    assert query("") == ListQuery(PostFilters(), Sort.PUBLISHED_AT, Order.DESC, Page(1, 20), ())


def test_every_filter_reaches_the_question() -> None:
    asked = query(
        "page=2&per_page=5&tag=Python&tag=C%2B%2B,web&tag_match=all&not_tag=old&category=Dev/Python&not_category=x"
        "&author=Ann+Lee&series=Letters&collection=posts&lang=de&year=2024&month=5&published_after=2024-01-01"
        "&published_before=2024-12-31T00:00:00Z&updated_after=2024-02-01&updated_before=2024-03-01&featured=true"
        "&facet=year,tag&sort=title"
    )
    assert asked == ListQuery(
        PostFilters(
            tags=("c-plus-plus", "python", "web"),
            tag_match=TagMatch.ALL,
            not_tags=("old",),
            categories=("dev/python",),
            not_categories=("x",),
            authors=("ann-lee",),
            series=("letters",),
            collections=("posts",),
            langs=("de",),
            year=2024,
            month=5,
            published_after=1704067200,
            published_before=1735603200,
            updated_after=1706745600,
            updated_before=1709251200,
            featured=True,
        ),
        Sort.TITLE,
        Order.ASC,
        Page(2, 5),
        (FacetField.TAG, FacetField.YEAR),
    )


def test_a_search_takes_the_filters_of_a_list() -> None:
    asked = SearchParameters.read(b"q=quick+fox&tag=a&sort=published_at&order=asc").query(UTC)
    assert asked == SearchQuery("quick fox", PostFilters(tags=("a",)), Sort.PUBLISHED_AT, Order.ASC, Page(), ())


@pytest.mark.parametrize(
    ("sort", "order"), [("title", "asc"), ("published_at", "desc"), ("updated_at", "desc"), ("reading_time", "desc")]
)
def test_titles_ascend_and_all_else_descends_unless_told(sort: str, order: str) -> None:
    assert query(f"sort={sort}").order == order
    assert query(f"sort={sort}&order=asc").order == "asc"


@pytest.mark.parametrize(
    ("text", "zone", "seconds"),
    [
        ("2024-05-28", UTC, 1716854400),
        ("2024-05-28", PARIS, 1716847200),
        ("2024-05-28T02:00:00%2B02:00", PARIS, 1716854400),
        ("2024-05-28T02:00:00 02:00", UTC, 1716854400),
        ("2024-05-28t00:00:00z", PARIS, 1716854400),
        ("2024-05-28T00:00:00.000000001Z", UTC, 1716854401),
        ("2024-05-28T00:00:00.0Z", UTC, 1716854400),
        ("0001-01-01T00:00:00+14:00", UTC, -62135647200),
        ("9999-12-31T23:59:59-14:00", UTC, 253402351199),
    ],
)
def test_instants_are_read_as_rfc_3339_and_dates_as_the_sites_midnight(text: str, zone: ZoneInfo, seconds: int) -> None:
    assert query(f"published_after={text}", zone).filters.published_after == seconds


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "2024", "yesterday", "2024-05-28T00:00:00", "0000-01-01",
     "2024-05-28T24:01:00Z", "٢٠٢٤-٠٥-٢٨", "9999-12-31T23:59:59.5Z"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    (error,) = errors("published_after=" + quote(text))
    assert (error.name, error.code) == ("published_after", ErrorCode.INVALID_PARAMETER)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("tga", "tag"), ("tag[]", "tag"), ("perPage", "per_page"), ("limit", "per_page"), ("order_by", "sort"), ("zzzzzz", None)],
)  # fmt: skip
def test_an_unknown_parameter_is_named_and_the_nearest_suggested(name: str, suggestion: str | None) -> None:
    (error,) = errors(f"{quote(name)}=1")
    assert error == ParameterError.model_validate(
        {
            "in": "query",
            "name": name,
            "code": "unknown_parameter",
            "message": error.message,
            "suggestion": suggestion,
        }
    )
    assert repr(name) in error.message
    assert (repr(suggestion) in error.message) == bool(suggestion)


def test_only_what_caches_and_newsletters_add_is_passed_over() -> None:
    assert query("_=1725000000&utm_source=letter&utm_medium=mail") == query("")
    assert [error.name for error in errors("fbclid=1&gclid=2")] == ["fbclid", "gclid"]


def test_a_single_value_given_twice_is_refused_even_if_equal() -> None:
    (error,) = errors("page=1&page=1")
    assert (error.name, error.code) == ("page", ErrorCode.REPEATED_PARAMETER)


@pytest.mark.parametrize(
    "raw",
    ["per_page=1000", "per_page=0", "page=0", "page=-1", "page=2147483648", "page=1e3", "page=٣", "page=", "page=+1",
     "page=1.0", "page=1_0", "page=" + "9" * 5000, "year=0", "year=10000", "month=13", "month=0", "featured=yes",
     "featured=True",
     "order=up", "sort=relevance", "sort=date", "tag_match=none", "facet=tags", "tag=", "tag=a,,b", "tag=,", "category=/",
     "lang= ", "tag=" + ",".join(map(str, range(101)))],
)  # fmt: skip
def test_nothing_is_capped_or_guessed(raw: str) -> None:
    name = raw.partition("=")[0]
    (error,) = errors(raw.replace(" ", "%20").replace("+", "%2B"))
    assert (error.name, error.code) == (name, ErrorCode.INVALID_PARAMETER)
    assert name in error.message
    assert len(error.message) < 300


def test_what_is_possible_is_said() -> None:
    (error,) = errors("sort=titel")
    assert error.suggestion == "title"
    assert "'published_at', 'updated_at', 'title' or 'reading_time'" in error.message
    assert "/v1/search" in errors("sort=relevance")[0].message
    assert "from 1 to 100" in errors("per_page=1000")[0].message


def test_everything_wrong_is_told_at_once() -> None:
    told = errors("tga=1&page=1&page=2&per_page=1000&month=13&featured=yes")
    assert [error.name for error in told] == ["tga", "page", "per_page", "month", "featured"]


def test_a_flood_of_wrong_parameters_gets_a_short_answer() -> None:
    assert len(errors("&".join(f"x{number}=1" for number in range(10_000)))) == 20


def test_a_search_needs_a_query_and_a_blank_one_will_do() -> None:
    assert [error.code for error in errors("", SearchParameters)] == [ErrorCode.MISSING_PARAMETER]
    assert SearchParameters.read(b"q=%20%09").q == " \t"
    assert [error.name for error in errors("query=a", SearchParameters)] == ["query", "q"]
    assert errors("query=a", SearchParameters)[0].suggestion == "q"


def test_a_search_reaches_ten_thousand_hits_deep_and_a_list_has_no_end() -> None:
    assert SearchParameters.read(b"q=a&page=100&per_page=100").page == 100
    assert [error.code for error in errors("q=a&page=501", SearchParameters)] == [ErrorCode.WINDOW_EXCEEDED]
    assert query("page=2147483647").page.number == 2147483647


def test_categories_are_flat_or_a_tree() -> None:
    assert CategoryParameters.read(b"").view is CategoryView.FLAT
    assert CategoryParameters.read(b"view=tree").view is CategoryView.TREE
    assert errors("view=forest", CategoryParameters)[0].message.endswith("it takes 'flat' or 'tree'")


def test_the_same_question_in_another_spelling_is_the_same() -> None:
    spellings = [
        "tag=b&tag=a&lang=en",
        "lang=en&tag=a,b",
        "tag=A&tag=B&tag=a&lang=en",
        "utm_source=x&lang=en&tag=%61%2Cb",
    ]
    asked = {tuple(ListParameters.read(raw.encode()).canonical()) for raw in spellings}
    assert asked == {(("tag", "a"), ("tag", "b"), ("lang", "en"))}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.sampled_from([*SearchParameters.model_fields, "tga", "_", "utm_x", "page[]"]) | TEXTS
VALUES = (
    st.sampled_from(["1", "tree", "true", "title", "asc", "a,b", "2024-05-28", "2024-05-28T00:00:00Z", "C++"]) | TEXTS
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6), st.sampled_from([ListParameters, SearchParameters]))
def test_any_query_string_is_read_or_refused_by_name(pairs: list[tuple[str, str]], model: type[Parameters]) -> None:
    given_names = {"q", *(name[:80] for name, _ in pairs)}
    try:
        read = model.read(urlencode(pairs).encode())
    except ParameterProblem as refused:
        named = {error.name for error in refused.errors}
    else:
        named = set()
        again = model.read(query_string(read.canonical()).encode())
        assert (again, again.canonical()) == (read, read.canonical())
    assert named <= given_names


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_are_not_utf_8(raw: bytes) -> None:
    try:
        pairs = decode(raw)
    except UnicodeDecodeError:
        return
    assert all("\ufffd" not in text or b"%" in raw or b"\xef" in raw for pair in pairs for text in pair)
