"""What a post of a Jekyll site becomes: address, date, terms, visibility, excerpt. Jekyll's own answers: tests/oracle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from search_index.reading.dialects.jekyll import JekyllDialect
from search_index.reading.outcome import ReadOutcome
from search_index.settings import SiteSettings
from tests.reading.shown import codes, summary, whole

ReadFile = Callable[..., ReadOutcome]


def names(outcome: ReadOutcome, taxonomy: str) -> list[str]:
    return [term["name"] for term in summary(outcome)[taxonomy]]


@pytest.mark.parametrize(
    ("path", "slug", "title", "address"),
    [
        ("_posts/2020-01-02-hello-world.md", "hello-world", "Hello World", "/2020/01/02/hello-world.html"),
        ("_posts/2020-1-2-short.md", "short", "Short", "/2020/01/02/short.html"),
        ("_posts/20-01-02-old.md", "old", "Old", "/2020/01/02/old.html"),
        ("_posts/deep/er/2020-01-02-x.md", "x", "X", "/2020/01/02/x.html"),
        ("_posts/2020-01-02-UPPER-Case_and.dots.md", "UPPER-Case_and.dots", "Upper Case_and.dots", None),
        ("_posts/2020-01-02-trailing....md", "trailing", "Trailing", "/2020/01/02/trailing.html"),
        ("_posts/2020-01-02-a b.md", "a b", "A b", "/2020/01/02/a-b.html"),
        ("_posts/2020-01-02-글.md", "글", "글", "/2020/01/02/%EA%B8%80.html"),
        ("_posts/2020-01-02-page.html", "page", "Page", "/2020/01/02/page.html"),
        ("_posts/2020-01-02-notes.txt", "notes", "Notes", "/2020/01/02/notes.txt"),
    ],
)
def test_a_name_gives_date_slug_title_and_address(
    read_file: ReadFile, path: str, slug: str, title: str, address: str | None
) -> None:
    shown = summary(read_file({path: "Text.\n"}))
    assert (shown["slug"], shown["title"], shown["published_at"]) == (slug, title, "2020-01-02T00:00:00+00:00")
    assert address is None or shown["path"] == address


@pytest.mark.parametrize(
    ("style", "address"),
    [
        ("date", "/dev/2020/01/02/x.html"),
        ("pretty", "/dev/2020/01/02/x/"),
        ("ordinal", "/dev/2020/002/x.html"),
        ("weekdate", "/dev/2020/W01/Thu/x.html"),
        ("none", "/dev/x.html"),
        ("/:year/:i_month/:i_day/:title", "/2020/1/2/x"),
        ("/:short_year-:short_month-:long_month/:y_day/:w_year:week_:w_day/", "/20-Jan-January/002/202001_4/"),
        ("/:short_day/:long_day/:hour:minute:second/:slug:output_ext", "/Thu/Thursday/000000/x.html"),
        ("/:collection/:name/:path/:slugified_categories/", "/posts/2020-01-02-x/2020-01-02-x/dev/"),
        ("a//b/../:title", "/a/b/x"),
    ],
)
def test_the_sites_permalink_makes_the_address(read_file: ReadFile, style: str, address: str) -> None:
    files = {"_config.yml": f"permalink: {style}\n", "_posts/2020-01-02-x.md": "---\ncategory: Dev\n---\nText.\n"}
    assert summary(read_file(files))["path"] == address


@pytest.mark.parametrize(
    ("permalink", "address"), [("/a/c", "/a/c"), ("pretty", "/pretty"), ("/한글/글/", "/한글/글/"), ("/:title/", "/x/")]
)
def test_a_posts_own_permalink_is_taken_as_it_is_written(read_file: ReadFile, permalink: str, address: str) -> None:
    assert summary(read_file({"_posts/2020-01-02-x.md": f"---\npermalink: {permalink}\n---\n"}))["path"] == address


def test_an_unknown_placeholder_is_named_and_the_default_address_is_used(read_file: ReadFile) -> None:
    outcome = read_file({"_posts/2020-01-02-x.md": "---\ntitle: X\npermalink: /:yeer/:title/\n---\n"})
    assert summary(outcome)["path"] == "/2020/01/02/x.html"
    (problem,) = outcome.problems
    assert (problem.code, problem.line) == ("permalink_invalid", 3)
    assert "':yeer'" in problem.message


def test_the_address_of_the_site_is_url_and_baseurl(read_file: ReadFile) -> None:
    config = "url: https://example.org/\nbaseurl: /blog\n"
    shown = summary(read_file({"_config.yml": config, "_posts/2020-01-02-x.md": ""}))
    assert (shown["path"], shown["url"]) == ("/2020/01/02/x.html", "https://example.org/blog/2020/01/02/x.html")


@pytest.mark.parametrize(
    ("written", "moment", "address"),
    [
        ("2020-03-04", "2020-03-04T00:00:00+09:00", "/2020/03/04/"),
        ("2020-03-04 23:30:00", "2020-03-04T23:30:00+00:00", "/2020/03/05/"),
        ("'2020-03-04 23:30:00'", "2020-03-04T23:30:00+09:00", "/2020/03/04/"),
        ("2020-03-04 23:30", "2020-03-04T23:30:00+09:00", "/2020/03/04/"),
        ("2020-03-04 23:30:00 -0400", "2020-03-04T23:30:00-04:00", "/2020/03/05/"),
        ("2020-03-04T23:30:00", "2020-03-04T23:30:00+00:00", "/2020/03/05/"),
        ("March 4, 2020", "2020-03-04T00:00:00+09:00", "/2020/03/04/"),
        ("01/05/2020", "2020-05-01T00:00:00+09:00", "/2020/05/01/"),
        ("2020-02-31", "2020-03-02T00:00:00+09:00", "/2020/03/02/"),
        ("2020-04-31 10:00", "2020-05-01T10:00:00+09:00", "/2020/05/01/"),
        ("2021-02-29", "2021-03-01T00:00:00+09:00", "/2021/03/01/"),
        ("2020-02-29", "2020-02-29T00:00:00+09:00", "/2020/02/29/"),
        ("Sun Mar  8 10:20:30 2020", "2020-03-08T10:20:30+09:00", "/2020/03/08/"),
        ("Fri Sep  3 11:21:31 CEST 2021", "2021-09-03T11:21:31+09:00", "/2021/09/03/"),
        ("05.03.2020", "2020-03-05T00:00:00+09:00", "/2020/03/05/"),
    ],
)
def test_a_date_is_in_the_zone_that_jekyll_reads_it_in(
    read_file: ReadFile, written: str, moment: str, address: str
) -> None:
    config = "timezone: Asia/Seoul\npermalink: /:year/:month/:day/\n"
    shown = summary(read_file({"_config.yml": config, "_posts/2020-01-02-x.md": f"---\ndate: {written}\n---\n"}))
    assert (shown["published_at"], shown["path"]) == (moment, address)


@pytest.mark.parametrize("written", ["not a date", "13/25/2020", "2020-13-01", "", "0000-01-01"])
def test_a_date_that_is_none_is_named_and_the_file_name_counts(read_file: ReadFile, written: str) -> None:
    outcome = read_file({"_posts/2020-01-02-x.md": f"---\ntitle: X\ndate: {written}\n---\n"})
    assert summary(outcome)["published_at"] == "2020-01-02T00:00:00+00:00"
    assert [(problem.code, problem.line) for problem in outcome.problems] == [("date_invalid", 3)]


def test_an_impossible_day_in_the_name_matters_only_without_a_date(read_file: ReadFile) -> None:
    dated = read_file({"_posts/2020-13-45-x.md": "---\ndate: 2020-03-04\n---\n"})
    assert (summary(dated)["published_at"], codes(dated)) == ("2020-03-04T00:00:00+00:00", [])
    undated = read_file({"_posts/2020-13-45-y.md": "Text.\n"})
    assert (summary(undated)["published_at"], codes(undated)) == (None, ["date_invalid"])


@pytest.mark.parametrize(
    ("path", "front_matter", "expected"),
    [
        ("_posts/x", "categories: one two", ["one", "two"]),
        ("_posts/x", "categories: one, two", ["one,", "two"]),
        ("_posts/x", "categories: [A b, c]", ["A b", "c"]),
        ("_posts/x", "category: a b", ["a b"]),
        ("_posts/x", "category: [a, b]", ["a", "b"]),
        ("_posts/x", "categories: [a]\ncategory: b", ["a", "b"]),
        ("_posts/x", "categories: a/b", ["a/b"]),
        ("Top/sub/_posts/below", "categories: [own]", ["Top", "sub", "own"]),
        ("a/_posts/x", "categories: [a]", ["a"]),
        ("_posts/x", "categories: 5", []),
    ],
)
def test_categories_are_folders_then_categories_then_category(
    read_file: ReadFile, path: str, front_matter: str, expected: list[str]
) -> None:
    folder, _, rest = path.rpartition("/")
    place = f"{folder}/{'b/' if rest == 'below' else ''}2020-01-02-x.md"
    outcome = read_file({place: f"---\n{front_matter}\n---\n"})
    assert names(outcome, "categories") == expected


@pytest.mark.parametrize(
    ("front_matter", "expected"),
    [
        ("tags: a b", ["a", "b"]),
        ("tags: [A b, c, 2020, 1.5]", ["A b", "c", "2020", "1.5"]),
        ("tag: a b\ntags: [c]", ["a b"]),
        ("tag:\ntags: [c]", ["c"]),
        ("tags: [[a, b], c, null]", ["a", "b", "c"]),
        ("tags: [a, a]", ["a"]),
        ("tags: 7", []),
        ("tags: {a: b}", []),
    ],
)
def test_tag_goes_before_tags_and_is_not_split(read_file: ReadFile, front_matter: str, expected: list[str]) -> None:
    assert names(read_file({"_posts/2020-01-02-x.md": f"---\n{front_matter}\n---\n"}), "tags") == expected


def test_defaults_go_below_the_front_matter_by_scope(read_file: ReadFile) -> None:
    config = """
        defaults:
          - scope: {path: ""}
            values: {author: Ann, lang: de}
          - scope: {path: "", type: posts}
            values: {categories: [all]}
          - scope: {path: _posts/news, type: posts}
            values: {categories: [news], tags: [fresh], author: Ben}
          - scope: {path: "_posts/*/inner"}
            values: {featured: true}
          - scope: {path: "", type: pages}
            values: {author: Nobody}
        """
    news = read_file({"_config.yml": config, "_posts/news/inner/2020-01-02-x.md": "---\ncategories: [own]\n---\n"})
    assert names(news, "categories") == ["news", "own"]
    assert (names(news, "tags"), names(news, "authors")) == (["fresh"], ["Ben"])
    assert (summary(news)["lang"], summary(news)["featured"]) == ("de", True)
    assert whole(news)["front_matter"] == {"categories": ["own"]}
    other = read_file({"_config.yml": config, "_posts/2020-01-02-y.md": "---\ntags: [a]\n---\n"})
    assert (names(other, "categories"), names(other, "tags"), names(other, "authors")) == (["all"], ["a"], ["Ann"])
    blank = read_file({"_config.yml": config, "_posts/news/2020-01-02-z.md": "---\ntags:\nauthor:\n---\n"})
    assert (names(blank, "tags"), names(blank, "authors")) == (["fresh"], ["Ben"])


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("1984", "1984"),
        ("1.10", "1.1"),
        ("1,000", "1000"),
        ("yes", "true"),
        ("017", "15"),
        ("'017'", "017"),
        ("12:30", "750.0"),
        ("~", "Hello World"),
        ("no", "Hello World"),
        ("_plain_ `code` **stays**", "_plain_ `code` **stays**"),
        ("'<b>Rock</b> &amp; Roll'", "Rock & Roll"),
        (">\n  two\n  lines", "two lines"),
    ],
)
def test_a_title_is_what_jekylls_yaml_makes_of_it(read_file: ReadFile, written: str, title: str) -> None:
    assert summary(read_file({"_posts/2020-01-02-hello-world.md": f"---\ntitle: {written}\n---\n"}))["title"] == title


@pytest.mark.parametrize(
    ("front_matter", "hidden"),
    [
        ("published: false", "published: false"),
        ("published:", "published: false"),
        ("published: 'false'", ""),
        ("published: 0", ""),
        ("draft: true", ""),
    ],
)
def test_published_hides_and_draft_does_not(read_file: ReadFile, front_matter: str, hidden: str) -> None:
    outcome = read_file({"_posts/2020-01-02-x.md": f"---\n{front_matter}\n---\n"})
    assert outcome.hidden == hidden
    assert codes(outcome) == (["draft_published"] if "draft" in front_matter else [])


def test_drafts_are_hidden_unless_they_are_asked_for(read_file: ReadFile) -> None:
    files = {"top/_drafts/an-idea.md": "---\ntitle: An idea\n---\nText.\n"}
    assert read_file(files).hidden == "it lies in _drafts"
    shown = summary(read_file(files, drafts=True))
    assert (shown["status"], shown["slug"], shown["published_at"]) == ("draft", "an-idea", None)
    assert [term["name"] for term in shown["categories"]] == ["top"]


def test_a_post_of_the_future_waits_unless_the_site_publishes_it(read_file: ReadFile) -> None:
    waiting = read_file({"_posts/2999-01-02-x.md": "Text.\n"})
    assert waiting.post is not None
    assert waiting.post.visible_from == 32472230400
    shown = read_file({"_config.yml": "future: true\n", "_posts/2999-01-02-x.md": "Text.\n"})
    assert shown.post is not None
    assert shown.post.visible_from is None


def test_files_beside_the_rule_are_no_posts(read_file: ReadFile) -> None:
    outcome = read_file({"_posts/hello.md": "---\ntitle: Hello\n---\n"})
    assert outcome.post is None
    assert "YYYY-MM-DD" in outcome.provenance[0].reason


@pytest.mark.parametrize(
    ("separator", "body", "excerpt_html"),
    [
        ("", "One *two*.\n\nThree.\n", "<p>One <em>two</em>.</p>"),
        ("excerpt_separator: <!--more-->\n", "One.\n\nTwo.\n<!--more-->\nThree.\n", "<p>One.</p>\n\n<p>Two.</p>"),
        ("excerpt_separator: <!--more-->\n", "One.\n\nTwo.\n", "<p>One.</p>\n\n<p>Two.</p>"),
        ("", "One.\r\n\r\nTwo.\r\n", "<p>One.</p>\n\n<p>Two.</p>"),
        ("", "A [link][a].\n\nMore.\n\n[a]: /there\n", '<p>A <a href="/there">link</a>.</p>'),
        ("", "{% if true %}One.\n\nTwo.{% endif %}\n", "<p>One.</p>"),
    ],
)
def test_the_excerpt_is_cut_where_jekyll_cuts_it(
    read_file: ReadFile, separator: str, body: str, excerpt_html: str
) -> None:
    raw = f"---\ntitle: X\n{separator}---\n{body}".encode()
    shown = summary(read_file({"_posts/2020-01-02-x.md": raw}, html_policy="trusted"))
    assert shown["excerpt_html"].split() == excerpt_html.split()


def test_an_excerpt_in_the_front_matter_is_taken_as_it_is_and_sanitised(read_file: ReadFile) -> None:
    shown = summary(
        read_file({"_posts/2020-01-02-x.md": "---\nexcerpt: <b>A</b> *b*<script>c()</script>\n---\nText.\n"})
    )
    assert (shown["excerpt_html"], shown["excerpt_source"]) == ("<b>A</b> *b*", "front_matter")


def test_front_matter_that_cannot_be_read_is_told_and_the_post_kept(read_file: ReadFile) -> None:
    outcome = read_file({"_posts/2020-01-02-x.md": "---\ntitle: a: b\n---\nText.\n"})
    assert codes(outcome) == ["front_matter_invalid"]
    shown = whole(outcome)
    assert (shown["title"], shown["slug"], shown["front_matter"]) == ("X", "x", {})
    assert "Text." in shown["html"]


@pytest.mark.parametrize("line", ["draft: true", "published: false"])
def test_front_matter_that_may_have_hidden_the_post_keeps_it_hidden(read_file: ReadFile, line: str) -> None:
    outcome = read_file({"_posts/2020-01-02-x.md": f"---\ntitle: a: b\n{line}\n---\nText.\n"})
    assert outcome.post is None
    assert outcome.hidden


@pytest.mark.parametrize(
    ("raw", "html"),
    [
        (b"\xef\xbb\xbf---\ntitle: X\n---\nText.\n", "<p>Text.</p>"),
        (b"---   \ntitle: X\n---\t\nText.\n", "<p>Text.</p>"),
        (b"---\r\ntitle: X\r\n---\r\nText.\r\n", "<p>Text.</p>"),
        (b"---\n---\nText.\n", "<p>Text.</p>"),
        (b"---\ntitle: X\n...\nText.\n", "<p>Text.</p>"),
        (b"Text.\n", "<p>Text.</p>"),
        (b"", ""),
    ],
)
def test_front_matter_is_found_as_people_write_it(read_file: ReadFile, raw: bytes, html: str) -> None:
    outcome = read_file({"_posts/2020-01-02-x.md": raw})
    assert (whole(outcome)["html"].strip(), codes(outcome)) == (html, [])


def test_an_html_post_is_not_markdown(read_file: ReadFile) -> None:
    outcome = read_file({"_posts/2020-01-02-x.html": "---\ntitle: X\n---\n<p>*a* {{ page.title }}</p>\n"})
    assert whole(outcome)["html"].strip() == "<p>*a* X</p>"


def test_latin_1_is_named_with_its_place(read_file: ReadFile) -> None:
    outcome = read_file({"_posts/2020-01-02-x.md": "---\ntitle: Grüße\n---\n".encode("latin-1")})
    assert outcome.post is None
    assert [(problem.code, problem.line, problem.column) for problem in outcome.problems] == [("not_utf8", 2, 10)]


def test_private_fields_shape_nothing_that_is_shown_and_still_hide(read_file: ReadFile) -> None:
    front_matter = "title: T\ntags: [secret]\ncategory: secret\nexcerpt: secret\nauthor: secret\npublished: true\n"
    private = ("tags", "category", "excerpt", "author", "published")
    outcome = read_file({"_posts/2020-01-02-x.md": f"---\n{front_matter}---\nText.\n"}, private_fields=private)
    assert outcome.post is not None
    assert "secret" not in outcome.post.body
    hidden = read_file({"_posts/2020-01-02-x.md": "---\npublished: false\n---\nText.\n"}, private_fields=private)
    assert hidden.hidden == "published: false"


def test_the_owners_settings_go_before_the_configuration(read_file: ReadFile) -> None:
    files = {"_config.yml": "timezone: Asia/Seoul\nauthor: {name: Ann}\nlang: ko\n", "_posts/2020-01-02-x.md": ""}
    shown = summary(read_file(files))
    assert (shown["published_at"], shown["lang"], shown["authors"][0]["name"]) == (
        "2020-01-02T00:00:00+09:00",
        "ko",
        "Ann",
    )
    overruled = summary(read_file(files, timezone="Europe/Paris", lang="fr", author="Ben"))
    assert (overruled["published_at"], overruled["lang"], overruled["authors"][0]["name"]) == (
        "2020-01-02T00:00:00+01:00",
        "fr",
        "Ben",
    )


@pytest.mark.parametrize(
    "config", ["timezone: Nowhere/Land\n", "url: example.org\n", "lang: 5\n", "- a\n- b\n", "a: [\n"]
)
def test_a_configuration_that_says_nonsense_stops_nothing(read_file: ReadFile, config: str) -> None:
    shown = summary(read_file({"_config.yml": config, "_posts/2020-01-02-x.md": "Text.\n"}))
    assert (shown["published_at"], shown["url"], shown["lang"]) == ("2020-01-02T00:00:00+00:00", None, "en")


def test_each_derived_value_says_where_it_comes_from(read_file: ReadFile) -> None:
    outcome = read_file({"_config.yml": "timezone: Asia/Seoul\n", "_posts/2020-12-02-x.md": "Text.\n"})
    reasons = {row.name: (row.value, row.reason) for row in outcome.provenance}
    assert reasons["published_at"] == (
        "2020-12-02T00:00:00+09:00",
        "from the file name, midnight in Asia/Seoul, the timezone of _config.yml",
    )
    assert reasons["slug"] == ("x", "from the file name, without its date")
    assert reasons["path"][1].startswith("from permalink")


@pytest.mark.parametrize("engine", ["", "kramdown: {math_engine: katex}\n", "kramdown: {math_engine: mathjax}\n"])
def test_mathematics_keeps_the_delimiters_that_scripts_read(read_file: ReadFile, engine: str) -> None:
    files = {"_config.yml": engine, "_posts/2020-01-02-x.md": "$$a_1$$ and\n\n$$\nb\n$$\n"}
    html = whole(read_file(files))["html"]
    assert r"\(a_1\)" in html
    assert r"\[b\]" in "".join(html.split())


@pytest.mark.parametrize(
    ("config", "path", "front_matter", "status"),
    [
        ("show_drafts: true", "_drafts/idea.md", "title: Idea\ndate: 2024-01-01", "draft"),
        ("unpublished: true", "_posts/2024-01-01-back.md", "published: false", "published"),
    ],
)
def test_what_the_site_itself_shows_of_hidden_posts_is_shown_and_told_loudly(
    read_file: ReadFile, tmp_path: Path, config: str, path: str, front_matter: str, status: str
) -> None:
    files = {path: f"---\n{front_matter}\n---\nWords.\n"}
    assert read_file(files).post is None
    assert summary(read_file({"_config.yml": config, **files}))["status"] == status
    dialect = JekyllDialect.of(tmp_path, SiteSettings())
    assert dialect is not None
    assert [(problem.file, problem.code) for problem in dialect.problems] == [("_config.yml", "configuration")]


def test_an_author_is_called_what_the_data_file_says(read_file: ReadFile) -> None:
    files = {
        "_data/authors.yml": "ann:\n  name: Ann Smith\n  web: https://example.org\nbob: no map\n",
        "_posts/2024-01-01-a.md": "---\nauthors: [ann, bob]\n---\nWords.\n",
    }
    assert [(one["slug"], one["name"]) for one in summary(read_file(files))["authors"]] == [
        ("ann", "Ann Smith"),
        ("bob", "bob"),
    ]


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("UTC-9", "2024-01-01T00:00:00+09:00"),
        ("EST5", "2024-01-01T00:00:00-05:00"),
        ("UTC", "2024-01-01T00:00:00+00:00"),
    ],
)
def test_a_zone_in_posix_form_counts_hours_to_the_west(read_file: ReadFile, zone: str, moment: str) -> None:
    files = {"_config.yml": f"timezone: {zone}\n", "_posts/2024-01-01-a.md": "Words.\n"}
    assert summary(read_file(files))["published_at"] == moment


def test_posts_are_decoded_by_the_encoding_of_the_site(read_file: ReadFile) -> None:
    files: dict[str, str | bytes] = {
        "_config.yml": "encoding: shift_jis\n",
        "_posts/2024-01-01-a.md": "---\ntitle: 日本語\n---\n本文\n".encode("shift_jis"),
    }
    outcome = read_file(files)
    assert (summary(outcome)["title"], summary(outcome)["excerpt"]) == ("日本語", "本文")


def test_an_encoding_that_is_none_is_told_and_utf8_is_read(read_file: ReadFile, tmp_path: Path) -> None:
    outcome = read_file({"_config.yml": "encoding: nonsense\n", "_posts/2024-01-01-a.md": "---\ntitle: é\n---\nA.\n"})
    assert summary(outcome)["title"] == "é"
    dialect = JekyllDialect.of(tmp_path, SiteSettings())
    assert dialect is not None
    (problem,) = dialect.problems
    assert problem.message == "'encoding': 'nonsense' is not known; UTF-8 is used"
