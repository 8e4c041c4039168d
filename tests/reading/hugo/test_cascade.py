"""Front matter that sections and the site hand down."""

from __future__ import annotations

from tests.reading.hugo.conftest import CONFIGURATION, HugoSite, page

SECTION = page(
    "title: Posts",
    "cascade:",
    "- _target:",
    "    path: /posts/{a,b}*",
    "  summary: by path",
    "- _target:",
    "    kind: section",
    "  weight: 7",
    "- _target:",
    "    environment: development",
    "  title: not here",
    "- description: for all",
)


def test_a_section_hands_down_to_the_pages_that_a_target_matches(hugo: HugoSite) -> None:
    site = hugo(
        {
            "posts/_index.md": SECTION,
            "posts/a.md": page("title: A", "description: own"),
            "posts/Bc.md": page("title: B"),
            "posts/sub/a.md": page("title: C"),
            "docs/a.md": page("title: D"),
        }
    )
    assert {name: (post.title, post.excerpt, post.description) for name, post in site.posts.items()} == {
        "posts/a.md": ("A", "by path", "own"),
        "posts/Bc.md": ("B", "by path", "for all"),
        "posts/sub/a.md": ("C", "", "for all"),
        "docs/a.md": ("D", "", ""),
    }
    assert "weight" not in site.posts["posts/a.md"].front_matter


def test_a_nearer_section_counts_over_a_farther_one_and_the_site(hugo: HugoSite) -> None:
    site = hugo(
        {
            "_index.md": page("cascade:", "  description: home"),
            "posts/_index.md": page("cascade:", "  description: posts"),
            "posts/deep/_index.md": page("cascade:", "  Description: deep", "  tags: [handed]", "  slug: same"),
            "posts/deep/a.md": page("title: a"),
            "posts/b.md": page("title: b"),
            "c.md": page("title: c"),
        },
        CONFIGURATION + "[cascade]\ndescription = 'site'\nfeatured = true\n",
    )
    assert {name: post.description for name, post in site.posts.items()} == {
        "posts/deep/a.md": "deep",
        "posts/b.md": "posts",
        "c.md": "home",
    }
    deep = site.posts["posts/deep/a.md"]
    assert (deep.path, deep.slug, [tag.name for tag in deep.tags]) == ("/posts/deep/same/", "same", ["handed"])
    assert deep.featured
    assert [row.reason for row in deep.provenance if row.name == "slug"] == ["from 'slug', handed down by cascade"]


def test_an_empty_value_of_the_page_is_a_value(hugo: HugoSite) -> None:
    site = hugo({"posts/_index.md": page("cascade:", "  tags: [handed]"), "posts/a.md": page("tags: []")})
    assert site.posts["posts/a.md"].tags == ()


def test_a_whole_section_may_be_drafts(hugo: HugoSite) -> None:
    site = hugo({"wip/_index.md": page("cascade:", "  draft: true"), "wip/a.md": page("title: a")})
    assert site.posts["wip/a.md"].visibility.hidden == "draft: true"


def test_what_is_wrong_with_a_cascade_is_told(hugo: HugoSite) -> None:
    site = hugo(
        {
            "a/_index.md": page("cascade:", "  _target:", "    path: /x/**", "  weight: 1"),
            "b/_index.md": page("cascade: 5"),
            "c/_index.md": page("cascade:", "- _target:", "    kind: nonsense"),
        }
    )
    problems = [problem for one in site.pages.values() for problem in one.problems]
    assert [(problem.file, problem.line) for problem in problems] == [
        (f"content/{name}/_index.md", 2) for name in "abc"
    ]
    assert [problem.message for problem in problems] == [
        "'cascade': _target counts only where cascade is a list of maps",
        "'cascade': it is neither a map nor a list of maps",
        "'cascade': a _target cannot be read: 'nonsense' is no kind of page",
    ]
