"""Liquid's and Jekyll's filters: every expectation is what Jekyll 4.3.1 gives."""

from __future__ import annotations

import pytest

from tests.reading.liquid.site import problems, render, text

TEXTS = [
    ("'straße' | upcase", "STRASSE"),
    ("'ÉCOLE et LYCÉE' | capitalize", "École et lycée"),
    ("'a b c' | split: ' ' | join: '|'", "a|b|c"),
    ("'a,b,,' | split: ',' | size", "2"),
    ("'abc' | split: '' | join: '.'", "a.b.c"),
    ("'a.b.c' | replace: '.', '(*)'", "a(*)b(*)c"),
    ("'tea' | replace: 'e', '[\\0]'", "t[e]a"),
    ("'tea tea' | replace_first: 'tea', 'x' | replace_last: 'tea', 'y'", "x y"),
    ("'tea tea' | remove: 'te'", "a a"),
    ("'one two three' | truncate: 9", "one tw..."),
    ("'one two three' | truncatewords: 2, '…'", "one two…"),
    ("'abcdef' | slice: -3, 2", "de"),
    ("'abc' | slice: 9", ""),
    ("'<p>a<!-- b --> c</p><script>d</script>' | strip_html", "a c"),
    ("'a < b &amp; c' | escape_once", "a &lt; b &amp; c"),
    ("page.title | escape", "Tea &amp; &lt;Coffee&gt;"),
    ("page.title | xml_escape", "Tea &amp; &lt;Coffee&gt;"),
    ("'foo,bar;baz?' | cgi_escape", "foo%2Cbar%3Bbaz%3F"),
    ("'foo, bar \\baz?' | uri_escape", "foo,%20bar%20%5Cbaz?"),
    ("'a b&ü' | url_encode | url_decode", "a b&ü"),
    ("'  a   b ' | normalize_whitespace", "a b"),
    ("'안녕 世界 hello there' | number_of_words", "4"),
    ("'안녕 世界 hello there' | number_of_words: 'cjk'", "6"),
    ("'hello there' | number_of_words: 'auto'", "2"),
    ("'안녕 hello' | number_of_words: 'auto'", "3"),
    ("'The _config.yml file' | slugify", "the-config-yml-file"),
    ("'The _config.yml file' | slugify: 'pretty'", "the-_config.yml-file"),
    ("'\"a\" -- it is the 80s...' | smartify", "“a” – it is the 80s…"),
    ('\'<b title="x">"y"</b>\' | smartify', '<b title="x">“y”</b>'),
    ("'x' | default: 'y'", "x"),
    ("page.empty | default: 'y'", "y"),
    ("false | default: 'y', allow_false: true", "false"),
    ("'tea' | base64_encode | base64_decode", "tea"),
    ("nothing | append: nil | append: 1.0", "1.0"),
]

NUMBERS = [
    ("7 | divided_by: 2", "3"),
    ("-7 | divided_by: 2", "-4"),
    ("7 | divided_by: 2.0", "3.5"),
    ("-7 | modulo: 3", "2"),
    ("0.1 | plus: 0.2", "0.3"),
    ("'3' | times: '4'", "12"),
    ("'tea' | plus: 1", "1"),
    ("2.5 | round", "3"),
    ("3.14159 | round: 2", "3.14"),
    ("15 | round: -1", "20"),
    ("-1.2 | ceil", "-1"),
    ("5 | at_least: 7 | at_most: 6.5", "6.5"),
    ("'12 cups' | to_integer", "12"),
    ("true | to_integer", "1"),
    ("page.price | times: 1000000000000000000", "2.5e+18"),
]

LISTS = [
    ("page.teas | map: 'name' | join: ', '", "Assam, Sencha, Oolong, Gyokuro"),
    ("page.teas | where: 'kind', 'black' | map: 'name' | join", "Assam Oolong"),
    ("page.teas | where: 'cups', 10 | map: 'name' | join", "Assam"),
    ("page.teas | where: 'tags', 'grassy' | map: 'name' | join", "Sencha"),
    ("page.teas | where: 'from.land', 'Japan' | map: 'name' | join", "Gyokuro"),
    ("page.teas | where: 'kind', nil | map: 'name' | join", "Gyokuro"),
    ("page.teas | where_exp: 'tea', 'tea.kind == \"black\" and tea.cups' | map: 'name' | join", "Assam"),
    ("page.teas | find: 'kind', 'green' | inspect | slice: 0, 8", "{&quot;n"),
    ("page.teas | find_exp: 'tea', 'tea.name contains \"long\"' | map: 'name' | join", "Oolong"),
    ("page.teas | sort: 'cups' | map: 'name' | join", "Oolong Gyokuro Sencha Assam"),
    ("page.teas | sort: 'cups', 'last' | map: 'name' | join", "Gyokuro Sencha Assam Oolong"),
    ("page.teas | group_by: 'kind' | map: 'name' | join: '/'", "black/green/"),
    ("page.teas | group_by_exp: 'tea', 'tea.name | size' | map: 'size' | join", "1 2 1"),
    ("'b,a,B,A' | split: ',' | sort | join", "A B a b"),
    ("'b,a,B' | split: ',' | sort_natural | join", "a b B"),
    ("'a,b,a' | split: ',' | uniq | join", "a b"),
    ("page.tags | compact | size", "3"),
    ("page.tags | push: 'x' | unshift: 'y' | pop | shift: 2 | join: '+'", "cup++leaf"),
    ("page.tags | concat: page.tags | size", "8"),
    ("'a,b,c' | split: ',' | array_to_sentence_string", "a, b, and c"),
    ("'a,b' | split: ',' | array_to_sentence_string: 'or'", "a or b"),
    (
        "page.teas[0] | jsonify",
        '{"name":"Assam","cups":"10","kind":"black","from":{"land":"India"},"tags":["malty","strong"]}',
    ),
    ("page.tags | inspect", "[&quot;pot&quot;, &quot;cup&quot;, nil, &quot;leaf&quot;]"),
    ("(1..4) | reverse | join", "4 3 2 1"),
]

DATES = [
    ("page.date | date: '%Y-%m-%d %H:%M:%S %z'", "2020-03-04 05:06:07 +0900"),
    (
        "page.date | date: '%-d %e %j %b %^a %B %-m %_m %y %I %l %p %P %u %U %W %V %s %% %:z %L'",
        "4  4 064 Mar WED March 3  3 20 05  5 AM am 3 09 09 10 1583265967 % +09:00 000",
    ),
    ("'now' | date: '%F %T %z'", "2026-03-04 05:06:07 +0900"),
    ("1577836800 | date: '%F %T %Z'", "2020-01-01 09:00:00 KST"),
    ("'March 5, 2019' | date: '%F'", "2019-03-05"),
    ("'5 Mar 2019 3:04 pm' | date: '%F %R'", "2019-03-05 15:04"),
    ("'05/03/2019' | date: '%F'", "2019-03-05"),
    ("'2019-03-05T00:00:00Z' | date: '%F %T %z'", "2019-03-05 00:00:00 +0000"),
    ("'some day' | date: '%F'", "some day"),
    ("page.date | date_to_string", "04 Mar 2020"),
    ("page.date | date_to_string: 'ordinal'", "4th Mar 2020"),
    ("page.date | date_to_long_string: 'ordinal', 'US'", "March 4th, 2020"),
    ("'2020-03-21 01:00' | date_to_long_string: 'ordinal'", "21st March 2020"),
    ("'2020-03-12' | date_to_string: 'ordinal'", "12th Mar 2020"),
    ("'2020-03-03 20:00:00 +0000' | date_to_xmlschema", "2020-03-04T05:00:00+09:00"),
    ("page.date | date_to_rfc822", "Wed, 04 Mar 2020 05:06:07 +0900"),
    ("nothing | date_to_string", ""),
]

ADDRESSES = [
    ("'/tea/우롱.html?a=b c#d' | relative_url", "/blog/tea/%EC%9A%B0%EB%A1%B1.html?a=b%20c#d"),
    ("'tea' | relative_url", "/blog/tea"),
    ("'' | relative_url", "/blog"),
    ("'/a/./b/../c' | relative_url", "/blog/a/c"),
    ("'https://tea.example/x y' | relative_url", "https://tea.example/x y"),
    ("'/tea' | absolute_url", "https://example.org/blog/tea"),
    ("'mailto:a@b.example' | absolute_url", "mailto:a@b.example"),
    ("nothing | absolute_url", ""),
    ("'/tea/index.html' | strip_index", "/tea/"),
]


@pytest.mark.parametrize(("expression", "expected"), TEXTS + NUMBERS + LISTS + DATES + ADDRESSES)
def test_a_filter_gives_what_jekylls_gives(expression: str, expected: str) -> None:
    assert text(f"{{{{ {expression} }}}}") == expected


def test_markdownify_is_the_callers() -> None:
    assert text("{{ '*a*' | markdownify }}") == "<p>*a*</p>\n"


def test_a_sample_is_the_first_item_so_that_no_reading_differs() -> None:
    assert text("{{ page.tags | sample }} {{ page.tags | sample: 2 | join: '+' }}") == "pot pot+cup"


def test_sass_stays_as_it_is_and_is_reported() -> None:
    rendered = render("{{ 'a: b' | scssify }}")
    assert rendered.text == "a: b"
    assert [problem.kind for problem in rendered.problems] == ["unsupported"]


@pytest.mark.parametrize(
    "expression",
    [
        *(
            "'x' | times",
            "1 | divided_by: 0",
            "'x' | upcase: 1",
            "'abc' | slice: 'x'",
            "page.date | date_to_string: 1, 2, 3",
        ),
        *("'some day' | date_to_xmlschema", "nothing | sort", "page.teas | sort: 'cups', 'middle'", "page.tags | sort"),
        *("page.teas | where_exp: 'tea', 'tea.name =='", "page.tags | concat: 'x'", "'%ff' | url_decode"),
    ],
)
def test_what_stops_jekyll_is_a_problem_and_prints_nothing(expression: str) -> None:
    assert problems(f"a\n{{{{ {expression} }}}}b") == [(2, "value")]
    assert render(f"a\n{{{{ {expression} }}}}b").text == "a\nb"
