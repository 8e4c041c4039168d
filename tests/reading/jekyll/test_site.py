"""Templates in posts, and what they ask of the site."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search_index.reading.outcome import EVERYTHING, ReadOutcome
from tests.reading.shown import codes, whole

ReadFile = Callable[..., ReadOutcome]
POST = "_posts/2020-01-02-x.md"


def text(outcome: ReadOutcome) -> str:
    assert outcome.post is not None, outcome.problems
    return outcome.post.text.strip()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{ page.title }}", "Hello"),
        ("{{ page.own }}", "5"),
        ("{{ page.date | date: '%Y-%m-%d %H:%M %z' }}", "2020-01-02 00:00 +0900"),
        ("{{ page.url }}", "/a/b/2020/01/02/x.html"),
        ("{{ page.id }}", "/a/b/2020/01/02/x"),
        ("{{ page.path }}", POST),
        ("{{ page.collection }}", "posts"),
        ("{{ page.categories | join: '+' }}", "a+b"),
        ("a{{ page.nothing }}b", "ab"),
        ("{{ site.title }}", "The site"),
        ("{{ site.nested.key }}", "value"),
        ("{{ site.baseurl }}", "/blog"),
        ("{{ '/x' | relative_url }}", "/blog/x"),
        ("{{ '/x' | absolute_url }}", "https://example.org/blog/x"),
        ("{{ site.data.people.ann.name }}", "Ann A."),
        ("{{ site.data.deep.list[1] }}", "two"),
        ("{{ site.data.table[0].b }}", "2"),
        ("{{ site.data.tabs[0].b }}", "2"),
        ("{% include hello.html who='you' %}", "Hello you"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{% post_url 2019-01-01-old %}", "/blog/2019/01/01/old.html"),
        ("{% post_url sub/2019-02-02-below %}", "/blog/2019/02/02/below.html"),
        ("{% link _posts/2019-01-01-old.md %}", "/blog/2019/01/01/old.html"),
        ("{% link about.md %}", "/blog/about.html"),
        ("{% link docs/index.md %}", "/blog/docs/"),
        ("{% link named.md %}", "/blog/my-name/"),
        ("{% link _notes/one.md %}", "/blog/n/one/"),
        ("{% link logo.txt %}", "/blog/logo.txt"),
        ("{{ site.time | date: '%Y-%m-%d' }}", "2026-09-01"),
        ("{{ site.posts.size }} {{ site.posts.first.title }}", "3 Hello"),
        ("{{ site.tags.fresh.size }}", "1"),
        ("{% for c in site.categories %}{{ c[0] }} {% endfor %}", "a b"),
    ],
)
def test_a_template_sees_the_page_and_the_site(read_file: ReadFile, body: str, expected: str) -> None:
    config = """
        title: The site
        url: https://example.org
        baseurl: /blog
        timezone: Asia/Seoul
        nested: {key: value}
        collections: {notes: {output: true, permalink: /n/:name/}}
        """
    files = {
        "_config.yml": config,
        "_data/people.yml": "ann: {name: Ann A.}\n",
        "_data/deep/list.json": '["one", "two"]',
        "_data/deep.yml.txt": "no data",
        "_data/table.csv": "a,b\n1,2\n",
        "_data/tabs.tsv": "a\tb\n1\t2\n",
        "_includes/hello.html": "Hello {{ include.who }}",
        "_posts/2019-01-01-old.md": "---\ntags: [fresh]\n---\nOld.\n",
        "_posts/sub/2019-02-02-below.md": "Below.\n",
        "_posts/2019-03-03-hidden.md": "---\npublished: false\n---\n",
        "about.md": "---\ntitle: About\n---\n",
        "docs/index.md": "---\n---\n",
        "named.md": "---\npermalink: /my-name/\n---\n",
        "_notes/one.md": "---\n---\n",
        "logo.txt": "logo",
        POST: f"---\ntitle: Hello\nown: 5\ncategories: [a, b]\n---\n{body}\n",
    }
    outcome = read_file(files, now="2026-09-01T00:00:00Z")
    assert (text(outcome), codes(outcome)) == (expected, [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{% gallery x %}", "template_tag_unknown"),
        ("{% include gone.html %}", "template_target_missing"),
        ("{% include ../_config.yml %}", "template_target_missing"),
        ("{% post_url 2001-01-01-gone %}", "template_target_missing"),
        ("{% post_url 2019-03-03-hidden %}", "template_target_missing"),
        ("{% link gone.md %}", "template_target_missing"),
        ("{% link ../outside.md %}", "template_target_missing"),
        ("{% if %}", "template_invalid"),
        ("{{ unclosed", "template_invalid"),
        ("{% for i in (1..1000000) %}{{ i }}{% endfor %}", "template_limit"),
        ("{% include self.html %}", "template_limit"),
    ],
)
def test_what_a_template_cannot_do_is_named_with_its_line_and_the_rest_is_served(
    read_file: ReadFile, body: str, code: str
) -> None:
    files = {
        "_includes/self.html": "{% include self.html %}",
        "_posts/2019-03-03-hidden.md": "---\npublished: false\n---\n",
        POST: f"---\ntitle: X\n---\n\nBefore.\n\n{body}\n\nAfter.\n",
    }
    outcome = read_file(files)
    assert set(codes(outcome)) == {code}
    assert outcome.problems[0].line == 7
    assert text(outcome).startswith("Before.")


def test_a_template_is_left_alone_where_the_post_says_so(read_file: ReadFile) -> None:
    outcome = read_file({POST: "---\nrender_with_liquid: false\n---\n{{ page.title }}\n"})
    assert text(outcome) == "{{ page.title }}"


def test_what_a_post_was_made_from_is_noted(read_file: ReadFile) -> None:
    files = {"_posts/2019-01-01-old.md": "Old.\n", "about.md": "---\n---\n"}
    body = "{% post_url 2019-01-01-old %} {% link about.md %}"
    assert read_file({**files, POST: body}).uses == ("_posts/2019-01-01-old.md", "about.md")
    assert read_file({POST: "{% post_url 2001-01-01-gone %}"}).uses == (EVERYTHING,)
    assert read_file({POST: "{{ site.posts.size }}"}).uses == (EVERYTHING,)
    assert read_file({POST: "{{ site.title }}"}).uses == ()


def test_the_present_of_templates_is_the_newest_day_where_nobody_sets_one(read_file: ReadFile) -> None:
    files = {"_posts/2019-01-01-old.md": "", "_posts/2021-05-06-new.md": "", POST: "{{ site.time | date: '%Y-%m-%d' }}"}
    assert text(read_file(files)) == "2021-05-06"
    assert text(read_file({"_drafts/x.md": "{{ 'now' | date: '%Y' }}"}, drafts=True)) == "2021"


def test_a_data_file_that_cannot_be_read_is_a_problem_of_the_site(read_file: ReadFile) -> None:
    files = {"_data/bad.yml": "a: [", "_data/bad.json": "{", "_data/good.yml": "a: 1", POST: "{{ site.data.good.a }}"}
    assert text(read_file(files)) == "1"


def test_markdown_inside_a_template_is_rendered(read_file: ReadFile) -> None:
    outcome = read_file({POST: "{% capture x %}*a*{% endcapture %}{{ x }}\n\n{{ '*b*' | markdownify }}\n"})
    assert "<em>a</em>" in whole(outcome)["html"]
    assert "<em>b</em>" in whole(outcome)["html"]
