"""A plain folder: which files are posts, and where each value of theirs comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from search_index.diagnostics import ProblemCode
from search_index.reading.outcome import ReadOutcome
from tests.reading.shown import codes, summary, whole

Read = Callable[..., ReadOutcome]

SAMPLE = """---
layout: post
title: Paper or screen?
description: >
    A comparison of paper
    and screens
hide_last_modified: true
image: /assets/img/paper.jpg
category: [study]
tag: [blog]
---

In the era of screens, we are lost between *two* surfaces.

## Paper

![](../../assets/img/sheet.jpg){:.lead width="400" height="400" loading="lazy"}

Paper is old.
"""


def test_the_sample_becomes_a_whole_post(read: Read) -> None:
    outcome = read(SAMPLE, path="2020-12-02-paper-or-screen.md", timezone="Asia/Seoul")
    assert outcome.problems == ()
    shown = whole(outcome)
    assert shown["id"] == "2020-12-02-paper-or-screen"
    assert shown["slug"] == "paper-or-screen"
    assert shown["path"] == "/paper-or-screen/"
    assert shown["title"] == "Paper or screen?"
    assert shown["published_at"] == "2020-12-02T00:00:00+09:00"
    assert (shown["excerpt"], shown["excerpt_source"]) == ("A comparison of paper and screens", "description")
    assert shown["excerpt_html"] == "<p>In the era of screens, we are lost between <em>two</em> surfaces.</p>"
    assert [tag["name"] for tag in shown["tags"]] == ["blog"]
    assert [category["path"] for category in shown["categories"]] == ["study"]
    assert shown["cover"] == {"url": "/assets/img/paper.jpg", "alt": "", "width": None, "height": None}
    assert shown["toc"] == [{"id": "paper", "text": "Paper", "level": 2, "children": []}]
    assert (
        '<img alt="" class="lead" height="400" loading="lazy" src="/assets/img/sheet.jpg" width="400">' in shown["html"]
    )
    assert (shown["word_count"], shown["reading_time"]) == (15, 1)
    assert shown["front_matter"]["hide_last_modified"] is True
    assert shown["front_matter"]["description"] == "A comparison of paper and screens\n"


@pytest.mark.parametrize(
    ("path", "text", "is_post"),
    [
        ("2020-01-02-a.md", "body", True),
        ("2020-1-2-a.md", "", True),
        ("2020-01-02.md", "body", True),
        ("a.md", "body", False),
        ("a.md", "", False),
        ("a.md", "   \n\n", False),
        ("a.md", "# only a heading", False),
        ("a.md", "---\n---\n", True),
        ("a.md", "---\ntitle: x\n---\n", True),
        ("a.md", "+++\n+++\n", True),
        ("LICENSE.md", "text", False),
        ("CHANGELOG.md", "text", False),
        ("CONTRIBUTING.md", "---\ntitle: Contribute\n---\n", True),
        ("README.md", "---\ntitle: x\n---\n", False),
        ("readme.ko.md", "---\ntitle: x\n---\n", False),
        ("a/index.md", "---\ntitle: x\n---\n", False),
        ("a/index.md", "---\npublished: true\n---\n", False),
        ("index.md", "---\ndate: 2020-01-02\n---\n", False),
        ("a/index.md", "---\ndate: 2020-01-02\n---\n", True),
        ("a/index.en.md", "---\npublished: 2020-01-02\n---\n", True),
        ("2020-01-02-a/index.md", "---\ntitle: x\n---\n", True),
        ("a/_index.md", "---\ntitle: x\n---\n", False),
        ("README.md", "---\nbroken: [\n---\n", False),
    ],
)
def test_what_has_a_date_or_front_matter_is_a_post(read: Read, path: str, text: str, is_post: bool) -> None:
    outcome = read(text, path=path)
    assert (outcome.post is not None, bool(outcome.post_id), outcome.problems) == (is_post, is_post, ())


def test_a_dated_index_file_is_the_post_of_its_folder(read: Read) -> None:
    post = summary(read("---\ntitle: x\n---\n", path="blog/2020-01-02-hello/index.md"))
    assert (post["slug"], post["path"], post["published_at"][:10]) == ("hello", "/hello/", "2020-01-02")
    assert summary(read("---\ndate: 2020-01-02\n---\n", path="blog/bye/index.md"))["slug"] == "bye"


@pytest.mark.parametrize(
    ("path", "post_id"),
    [
        ("a/2020-01-02-b.md", "a/2020-01-02-b"),
        ("2020-01-02-b.markdown", "2020-01-02-b.markdown"),
        ("2020-01-02-b.MD", "2020-01-02-b.MD"),
        ("2020-01-02-e\u0301.md", "2020-01-02-\u00e9"),
    ],
)
def test_the_id_is_the_path_in_composed_characters(read: Read, path: str, post_id: str) -> None:
    assert read("x", path=path).post_id == post_id


@pytest.mark.parametrize(
    ("path", "written", "slug"),
    [
        ("2020-01-02-Hello World.md", "", "hello-world"),
        ("2020-01-02-v1.2.md", "", "v1-2"),
        ("2020-01-02.md", "", "2020-01-02"),
        ("2020-01-02-한글 제목.md", "", "한글-제목"),
        ("2020-01-02-x.md", "slug: Own Slug", "own-slug"),
        ("2020-01-02-x.md", "slug: 010", "010"),
        ("2020-01-02-x.md", "slug: 2048", "2048"),
        ("2020-01-02-x.md", "Slug: a/b", "a-b"),
        ("2020-01-02-x.md", 'slug: "\\u202Eevil"', "evil"),
        ("2020-01-02-\u202ex.md", "", "x"),
    ],
)
def test_the_slug_is_the_front_matters_or_the_names(read: Read, path: str, written: str, slug: str) -> None:
    shown = summary(read(f"---\n{written}\n---\n", path=path))
    assert (shown["slug"], shown["path"]) == (slug, f"/{slug}/")


@pytest.mark.parametrize("path", ["🎉.md", "...md", "!!.md"])
def test_a_name_without_letters_gives_a_short_hash(read: Read, path: str) -> None:
    slug = summary(read("---\n---\n", path=path))["slug"]
    assert len(slug) == 8
    assert slug == summary(read("---\ntitle: x\n---\n", path=path))["slug"]


@pytest.mark.parametrize("written", ["slug:", "slug: ''", "slug: ' '"])
def test_a_slug_that_was_left_empty_is_none_and_no_problem(read: Read, written: str) -> None:
    outcome = read(f"---\n{written}\n---\n", path="2020-01-02-x.md")
    assert (outcome.problems, summary(outcome)["slug"]) == ((), "x")


def test_a_slug_without_letters_is_reported_and_the_name_counts(read: Read) -> None:
    outcome = read("---\nslug: '!!'\n---\n", path="2020-01-02-x.md")
    assert codes(outcome) == ["front_matter_type"]
    assert summary(outcome)["slug"] == "x"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("permalink: /a/b/", "/a/b/"),
        ("url: /한글/글.html", "/한글/글.html"),
        ("permalink: relative/path", "/x/"),
        ("permalink: //evil.example/", "/x/"),
        ("permalink: /\\evil.example/", "/x/"),
        ("permalink: /:year/:title/", "/x/"),
        ("url: https://a.b/c", "/x/"),
        ("permalink: [a]", "/x/"),
    ],
)
def test_an_absolute_permalink_is_the_posts_path(read: Read, written: str, path: str) -> None:
    assert summary(read(f"---\n{written}\n---\n", path="2020-01-02-x.md"))["path"] == path


@pytest.mark.parametrize(
    ("written", "published_at"),
    [
        ("date: 2021-03-04", "2021-03-04T00:00:00Z"),
        ("Date: 2021-03-04 05:06:07 -0400", "2021-03-04T05:06:07-04:00"),
        ("pubDate: March 4, 2021", "2021-03-04T00:00:00Z"),
        ("publish_date: 2021-03-04", "2021-03-04T00:00:00Z"),
        ("published: 2021-03-04", "2021-03-04T00:00:00Z"),
        ("published_at: 2021-03-04", "2021-03-04T00:00:00Z"),
        ("created: 2021/03/04", "2021-03-04T00:00:00Z"),
        ("created: 2021/03/04\ndate: 2022-01-01", "2022-01-01T00:00:00Z"),
        ("date:", "2020-01-02T00:00:00Z"),
        ("date:\ncreated: 2021/03/04", "2021-03-04T00:00:00Z"),
        ("title: x", "2020-01-02T00:00:00Z"),
    ],
)
def test_the_date_is_the_front_matters_or_the_names(read: Read, written: str, published_at: str) -> None:
    outcome = read(f"---\n{written}\n---\n", path="2020-01-02-x.md")
    assert outcome.problems == ()
    assert summary(outcome)["published_at"].replace("+00:00", "Z") == published_at


@pytest.mark.parametrize(
    "written", ["2024-02-30", "2024-13-01", "0000-01-01", "2024-01-01T00:00:00+99:99", "1:30", "soon", "[a]"]
)
def test_an_impossible_date_is_reported_and_the_names_counts(read: Read, written: str) -> None:
    outcome = read(f"---\ntitle: x\ndate: {written}\n---\n", path="2020-01-02-x.md")
    assert [(problem.code.value, problem.line, problem.column) for problem in outcome.problems] == [
        ("date_invalid", 3, 1)
    ]
    assert summary(outcome)["published_at"].startswith("2020-01-02T00:00:00")


def test_an_impossible_date_in_the_name_leaves_the_post_undated(read: Read) -> None:
    outcome = read("---\ntitle: x\n---\n", path="2020-13-45-x.md")
    assert codes(outcome) == ["date_invalid"]
    assert summary(outcome)["published_at"] is None
    assert summary(outcome)["slug"] == "x"
    assert read("---\ndate: 2020-01-01\n---\n", path="2020-13-45-x.md").problems == ()


@pytest.mark.parametrize("key", ["updated", "lastmod", "modified", "last_modified_at", "updatedDate", "Updated-At"])
def test_a_post_is_updated_only_where_it_says_so(read: Read, key: str) -> None:
    assert summary(read("---\n---\n"))["updated_at"] is None
    assert summary(read(f"---\n{key}: 2022-01-01\n---\n"))["updated_at"].startswith("2022-01-01T00:00:00")


@pytest.mark.parametrize("key", ["expiryDate", "expires", "expires_at"])
def test_an_expiry_bounds_the_span_in_which_it_is_public(read: Read, key: str) -> None:
    post = read(f"---\ndate: 2021-01-01\n{key}: 2022-01-01T00:00:00Z\n---\n").post
    assert post is not None
    assert (post.visible_from, post.visible_until) == (1609459200, 1640995200)


def test_a_date_of_publication_beside_the_date_holds_the_post_back(read: Read) -> None:
    post = read("---\ndate: 2021-01-01\npublishDate: 2030-01-01\n---\n").post
    assert post is not None
    assert post.visible_from == 1893456000


@pytest.mark.parametrize(
    ("written", "hidden"),
    [
        ("draft: true", "draft: true"),
        ("Draft: yes", "Draft: true"),
        ("draft: 'false'", "draft is neither true nor false"),
        ("draft: 'yes'", "draft is neither true nor false"),
        ("draft: 0", "draft is neither true nor false"),
        ("draft:", "draft is neither true nor false"),
        ("draft: [false]", "draft is neither true nor false"),
        ("draft: true\ndraft: false", "draft: true"),
        ("Draft: true\ndraft: false", "Draft: true"),
        ("published: false", "published: false"),
        ("published: no", "published: false"),
        ("published:", "published: false"),
        ("published: 'false'", "published: false"),
        ("published: 0", "published: false"),
        ("Published: false\npublished: true", "published: false"),
        ("status: draft", "status: draft"),
        ("_draft: true", ""),
        ("draft: false", ""),
        ("draft: no", ""),
        ("published: true", ""),
        ("published: 2020-01-01", ""),
        ("status: published", ""),
    ],
)
def test_what_is_not_clearly_public_is_hidden(read: Read, written: str, hidden: str) -> None:
    outcome = read(f"---\ntitle: x\n{written}\n---\nsecret")
    assert outcome.hidden == hidden
    assert (outcome.post is None, outcome.document is None) == (bool(hidden), bool(hidden))


@pytest.mark.parametrize("written", ["draft: 'false'", "draft:", "published: 'false'"])
def test_a_switch_that_is_none_is_reported_where_it_stands(read: Read, written: str) -> None:
    problem = read(f"---\ntitle: x\n{written}\n---\n").problems[0]
    assert (problem.code.value, problem.line, problem.column) == ("front_matter_type", 3, 1)


@pytest.mark.parametrize("path", ["_drafts/a.md", "blog/drafts/2020-01-02-a.md", "Drafts/a.md"])
def test_a_folder_of_drafts_holds_drafts(read: Read, path: str) -> None:
    assert read("---\ntitle: x\n---\n", path=path).hidden.startswith("it lies in the folder")
    shown = read("---\ntitle: x\n---\n", path=path, drafts=True)
    assert summary(shown)["status"] == "draft"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("title: Plain", "Plain"),
        ("TITLE: Capitals", "Capitals"),
        ("title: >\n  Folded\n  over lines", "Folded over lines"),
        ("title: 1984", "1984"),
        ("title: 1.10", "1.10"),
        ("title: Yes", "Yes"),
        ("title: '<b>Bold</b> &amp; <x>'", "Bold & <x>"),
        ("title: '**Strong**, *em*, `code_x`, [link](http://a.b) and ~~gone~~'", "Strong, em, code_x, link and gone"),
        ("title: 'snake_case_name and 2 * 3 * 4'", "snake_case_name and 2 * 3 * 4"),
        ("title: 'C:\\\\*not\\\\* List<String>'", "C:\\*not\\* List<String>"),
        ('title: "a\\u202Eb\\u200Ec\\u2066d"', "abcd"),
        ('title: "two\\nlines\\t and\\0 more"', "two lines and more"),
        ("title:", "Body Title"),
        ("title: [x]", "Body Title"),
        ("title: {a: b}", "Body Title"),
        ("other: x", "Body Title"),
    ],
)
def test_the_title_is_plain_text(read: Read, written: str, title: str) -> None:
    assert summary(read(f"---\n{written}\n---\n## Sub\n\n# Body *Title*\n"))["title"] == title


def test_without_any_title_the_slug_is_made_one(read: Read) -> None:
    assert summary(read("text", path="2020-01-02-how-to_x.md"))["title"] == "How To X"
    assert summary(read("", path="2020-01-02-über-uns.md"))["title"] == "Über Uns"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("tags: [a, B, a]", ["a", "B"]),
        ("tags: a, b c ,, d", ["a", "b c", "d"]),
        ("tag: x", ["x"]),
        ("tags: [a]\ntag: [b, A]", ["a", "b"]),
        ("tags: 5", ["5"]),
        ("tags: [1.10, 2020, no, 2020-01-01]", ["1.10", "2020", "no", "2020-01-01"]),
        ("tags: [a, null, ~, '']", ["a"]),
        ("tags: null", []),
        ("tags: [[a, b], c]", ["a", "b", "c"]),
        ("tags: [C, C++, 'C#', ruby, Ruby]", ["C", "C++", "C#", "ruby"]),
        ("tags: ['../x', 'a/b', '%2e']", ["../x", "a/b", "%2e"]),
        ('tags: ["\\u202Ea", "b\\nc"]', ["a", "b c"]),
        ("tags:\n  - one\n  - two\n", ["one", "two"]),
    ],
)
def test_tags_are_names_once_each_in_their_first_spelling(read: Read, written: str, names: list[str]) -> None:
    outcome = read(f"---\n{written}\n---\n")
    assert [tag["name"] for tag in summary(outcome)["tags"]] == names
    assert outcome.problems == ()


@pytest.mark.parametrize("written", ["tags: {a: b}", "tags: [a, {b: c}]", "categories: {a: b}", "categories: [{a: b}]"])
def test_a_map_is_no_term(read: Read, written: str) -> None:
    assert codes(read(f"---\n{written}\n---\n")) == ["front_matter_type"]


def test_too_many_and_too_long_terms_are_left_out_and_reported(read: Read) -> None:
    many = read(f"---\ntags: [{', '.join(f't{number}' for number in range(300))}]\n---\n")
    assert len(summary(many)["tags"]) == 256
    assert codes(many) == ["term_limit"]
    long = read(f"---\ntags: [{'x' * 129}, y]\n---\n")
    assert [tag["name"] for tag in summary(long)["tags"]] == ["y"]
    assert [(problem.code.value, problem.line) for problem in long.problems] == [("term_limit", 2)]


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("categories: a, b", ["a", "b"]),
        ("category: Dev/Python", ["dev/python"]),
        ("categories: [Dev/Python, Dev]", ["dev/python", "dev"]),
        ("categories: [[Dev, Python], [Life]]", ["dev/python", "life"]),
        ("categories: [2020, a]", ["2020", "a"]),
        ("categories: //", []),
        ("category: [study]", ["study"]),
    ],
)
def test_categories_are_paths(read: Read, written: str, paths: list[str]) -> None:
    assert [category["path"] for category in summary(read(f"---\n{written}\n---\n"))["categories"]] == paths


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("author: Ann Lee", ["Ann Lee"]),
        ("authors: [Ann, Bob]", ["Ann", "Bob"]),
        ("author: {name: Ann, email: a@b.c}", ["Ann"]),
        ("authors: [{name: Ann}, Bob]", ["Ann", "Bob"]),
        ("author: Doe, Jane", ["Doe, Jane"]),
        ("author:", []),
    ],
)
def test_authors_are_names_or_maps_with_a_name(read: Read, written: str, names: list[str]) -> None:
    assert [author["name"] for author in summary(read(f"---\n{written}\n---\n"))["authors"]] == names


def test_a_post_that_names_nobody_is_the_sites_authors(read: Read) -> None:
    assert [author["name"] for author in summary(read("---\n---\n", author="Ann"))["authors"]] == ["Ann"]
    assert [author["name"] for author in summary(read("---\nauthor: Bob\n---\n", author="Ann"))["authors"]] == ["Bob"]
    assert codes(read("---\nauthor: {email: x}\n---\n")) == ["front_matter_type"]


@pytest.mark.parametrize(
    "written", ["series: My Series", "series: [My Series]", "series: {title: My Series, order: 2}"]
)
def test_a_series_is_one_term(read: Read, written: str) -> None:
    series = summary(read(f"---\n{written}\n---\n"))["series"]
    assert (series["slug"], series["name"]) == ("my-series", "My Series")


@pytest.mark.parametrize(
    ("written", "cover"),
    [
        ("image: a.png", {"url": "a.png", "alt": "", "width": None, "height": None}),
        ("heroImage: ' a.png '", {"url": "a.png", "alt": "", "width": None, "height": None}),
        (
            "cover: {path: a.png, alt: '*Alt*', width: 3, height: 4px}",
            {"url": "a.png", "alt": "Alt", "width": 3, "height": 4},
        ),
        ("banner: {src: a.png, width: wide, height: -1}", {"url": "a.png", "alt": "", "width": None, "height": None}),
        ("image: [a.png, b.png]", {"url": "a.png", "alt": "", "width": None, "height": None}),
        ("image: ''", None),
        ("image: {alt: x}", None),
        ("image: 5", None),
        ("image: false", None),
        ("image:\nthumbnail: a.png", {"url": "a.png", "alt": "", "width": None, "height": None}),
        ("image: 'javascript:alert(1)'", None),
        ('image: "\\u0001java\\tSCRIPT:alert(1)"', None),
        ("cover: {src: 'data:text/html,<script>'}", None),
        ("image: 'vbscript:x'\nthumbnail: a.png", {"url": "a.png", "alt": "", "width": None, "height": None}),
        ("image: HTTP://a.example/b", {"url": "HTTP://a.example/b", "alt": "", "width": None, "height": None}),
        ("image: a/b:c.png", {"url": "a/b:c.png", "alt": "", "width": None, "height": None}),
    ],
)
def test_a_cover_is_a_path_or_a_map_with_one(read: Read, written: str, cover: dict[str, Any] | None) -> None:
    assert summary(read(f"---\n{written}\n---\n"))["cover"] == cover


def test_an_address_that_a_cover_must_not_have_is_told(read: Read) -> None:
    (problem,) = read("---\ntitle: t\nimage: 'javascript:alert(1)'\n---\n").problems
    assert (problem.line, problem.code) == (3, ProblemCode.FRONT_MATTER_TYPE)
    assert "http" in problem.message


@pytest.mark.parametrize(
    ("written", "lang", "problems"),
    [
        ("lang: pt_BR", "pt-BR", []),
        ("language: de", "de", []),
        ("lang: no", "no", []),
        ("locale: klingon language", "en", ["front_matter_type"]),
        ("title: x", "en", []),
    ],
)
def test_the_language_is_a_tag(read: Read, written: str, lang: str, problems: list[str]) -> None:
    outcome = read(f"---\n{written}\n---\n")
    assert (summary(outcome)["lang"], codes(outcome)) == (lang, problems)


@pytest.mark.parametrize(
    ("written", "aliases", "problems"),
    [
        ("aliases: [/old/, /older/, /old/]", ["/old/", "/older/"], []),
        ("redirect_from: /old/", ["/old/"], []),
        ("alias: [5, /old/]", ["/old/"], ["front_matter_type"]),
    ],
)
def test_aliases_are_paths(read: Read, written: str, aliases: list[str], problems: list[str]) -> None:
    outcome = read(f"---\n{written}\n---\n")
    assert (whole(outcome)["aliases"], codes(outcome)) == (aliases, problems)


def test_featured_is_a_switch(read: Read) -> None:
    assert summary(read("---\nfeatured: true\n---\n"))["featured"] is True
    odd = read("---\nfeatured: 'true'\n---\n")
    assert (summary(odd)["featured"], codes(odd)) == (False, ["front_matter_type"])


@pytest.mark.parametrize(
    ("text", "excerpt", "source"),
    [
        ("---\nexcerpt: Own *words*\ndescription: d\n---\nprose", "Own words", "front_matter"),
        ("---\nsummary: s\n---\nprose", "s", "front_matter"),
        ("---\ndescription: d\n---\none\n<!--more-->\ntwo", "d", "description"),
        ("---\n---\n# Head\n\none\n\n<!--more-->\n\ntwo", "one", "marker"),
        ("---\n---\n# Head\n\n<!--more-->\n\ntwo", "two", "auto"),
        ("---\n---\n# Head\n\nprose *here*", "prose here", "auto"),
        ("---\nexcerpt: [x]\n---\nprose", "prose", "auto"),
        ("---\n---\n", "", "auto"),
    ],
)
def test_the_excerpt_is_prose_for_people(read: Read, text: str, excerpt: str, source: str) -> None:
    shown = summary(read(text))
    assert (shown["excerpt"], shown["excerpt_source"]) == (excerpt, source)


def test_a_long_paragraph_is_cut_behind_a_word(read: Read) -> None:
    words = summary(read("---\n---\n" + "word " * 200))["excerpt"]
    assert len(words) <= 300
    assert words.endswith("word…")
    assert len(summary(read("---\n---\n" + "字" * 500))["excerpt"]) == 300


def test_private_fields_are_nowhere(read: Read) -> None:
    text = (
        "---\ntitle: x\n_note: secret\nAuthor: {name: secret, email: secret}\n"
        "tags: [open]\nextra: {_inner: secret, Email: secret, list: [{email: secret, kept: 1}]}\n---\n"
    )
    outcome = read(text, private_fields=("author", "email"))
    assert "secret" not in outcome.to_json().decode()
    assert whole(outcome)["front_matter"] == {"title": "x", "tags": ["open"], "extra": {"list": [{"kept": 1}]}}


def test_a_private_switch_hides_all_the_same(read: Read) -> None:
    assert read("---\ndraft: true\n---\n", private_fields=("draft",)).hidden == "draft: true"


def test_provenance_tells_where_values_come_from(read: Read) -> None:
    told = {row.name: (row.value, row.reason) for row in read(SAMPLE, path="2020-12-02-paper.md").provenance}
    assert told["published_at"] == ("2020-12-02T00:00:00+00:00", "from the file name, midnight in UTC")
    assert told["slug"] == ("paper", "from the file name, without its date")
    assert told["title"][1] == "from the front matter"
    assert told["excerpt"][1] == "from description of the front matter"
    aside = read("no front matter", path="notes.md").provenance
    assert [(row.name, row.value) for row in aside] == [("post", "no")]
    draft = {row.name: row.reason for row in read("---\ndraft: true\n---\n").provenance}
    assert draft["visible"] == "draft: true"


def test_one_mistake_is_reported_once(read: Read) -> None:
    assert codes(read("---\ndate: soon\npublishDate: later\n---\n")) == ["date_invalid", "date_invalid"]
