"""Pages, and the documents of collections: what they are to the site, one file at a time."""

from __future__ import annotations

import pytest

from tests.reading.jekyll.conftest import ReadFile
from tests.reading.shown import codes, summary, whole

COLLECTIONS = "collections: {recipes: {output: true}, notes: {}}\n"


def test_a_file_with_front_matter_beside_the_posts_is_a_page(read_file: ReadFile) -> None:
    page = summary(
        read_file({"docs/install.md": "---\nlast_modified_at: 2024-03-01\ntags: [Setup]\n---\n# Install it\n\nSo.\n"})
    )
    assert (page["kind"], page["collection"], page["id"], page["slug"]) == ("page", "pages", "docs/install", "install")
    assert (page["path"], page["api_url"]) == ("/docs/install.html", "/v1/pages/docs/install")
    assert (page["title"], page["excerpt"]) == ("Install it", "So.")
    assert (page["published_at"], page["updated_at"]) == (None, "2024-03-01T00:00:00+00:00")
    assert [tag["slug"] for tag in page["tags"]] == ["setup"]


def test_a_page_without_title_and_heading_is_named_after_its_file(read_file: ReadFile) -> None:
    assert summary(read_file({"about-us.md": "---\n---\nSome words.\n"}))["title"] == "about-us"


@pytest.mark.parametrize("path", ["README.md", "docs/legal.html"])
def test_a_file_without_front_matter_is_no_page(read_file: ReadFile, path: str) -> None:
    outcome = read_file({path: "Words.\n"})
    assert outcome.post is None
    assert [row.reason for row in outcome.provenance] == ["it has no front matter, so Jekyll copies it as it stands"]


def test_a_page_with_broken_front_matter_is_served_without_it(read_file: ReadFile) -> None:
    outcome = read_file({"about.md": "---\ntitle: [open\n---\nWords.\n"})
    assert summary(outcome)["excerpt"] == "Words."
    assert codes(outcome) == ["front_matter_invalid"]


def test_a_page_that_says_published_false_is_hidden(read_file: ReadFile) -> None:
    outcome = read_file({"about.md": "---\npublished: false\n---\nWords.\n"})
    assert (outcome.post, outcome.hidden) == (None, "published: false")


def test_a_page_with_a_date_to_come_is_there_already_as_in_jekyll(read_file: ReadFile) -> None:
    outcome = read_file({"about.md": "---\ndate: 2999-01-01\n---\nWords.\n"})
    assert outcome.post is not None
    assert outcome.post.visible_from is None


def test_a_document_belongs_to_its_collection(read_file: ReadFile) -> None:
    files = {"_config.yml": COLLECTIONS, "_recipes/sweet/2024-05-01-cake.md": "---\ntags: a b\n---\nBake.\n"}
    document = summary(read_file(files))
    assert (document["kind"], document["collection"], document["id"]) == (
        "page",
        "recipes",
        "recipes/sweet/2024-05-01-cake",
    )
    assert (document["slug"], document["title"], document["published_at"]) == (
        "cake",
        "Cake",
        "2024-05-01T00:00:00+00:00",
    )
    assert [tag["name"] for tag in document["tags"]] == ["a", "b"]
    assert document["categories"] == []


def test_a_document_that_the_site_does_not_write_has_no_address(read_file: ReadFile) -> None:
    outcome = read_file({"_config.yml": f"url: https://x.org\n{COLLECTIONS}", "_notes/a.md": "---\n---\nA.\n"})
    assert summary(outcome)["url"] is None
    assert outcome.post is not None
    assert outcome.post.addresses == ()


def test_a_document_to_come_waits_for_its_day(read_file: ReadFile) -> None:
    files = {"_config.yml": COLLECTIONS, "_recipes/2999-01-01-cake.md": "---\n---\nBake.\n"}
    outcome = read_file(files)
    assert outcome.post is not None
    assert outcome.post.visible_from is not None


def test_defaults_are_by_the_sort_of_document(read_file: ReadFile) -> None:
    files = {
        "_config.yml": COLLECTIONS
        + "defaults:\n"
        + "  - {scope: {path: '', type: pages}, values: {lang: de}}\n"
        + "  - {scope: {path: '', type: recipes}, values: {lang: fr}}\n",
        "about.md": "---\n---\nA.\n",
        "_recipes/cake.md": "---\n---\nC.\n",
    }
    assert summary(read_file(files, "about.md"))["lang"] == "de"
    assert summary(read_file(files, "_recipes/cake.md"))["lang"] == "fr"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("{output: true}", ["dated", "b", "a", "c"]),
        ("{output: true, sort_by: rank}", ["b", "c", "a", "dated"]),
        ("{output: true, order: [c.md, a.md]}", ["c", "a", "dated", "b"]),
    ],
)
def test_documents_follow_each_other_as_their_collection_says(
    read_file: ReadFile, settings: str, expected: list[str]
) -> None:
    files = {
        "_config.yml": f"collections: {{parts: {settings}}}\n",
        "_parts/a.md": "---\nrank: 3\n---\n",
        "_parts/b.md": "---\nrank: 1\ndate: 2021-01-01\n---\n",
        "_parts/c.md": "---\nrank: 2\n---\n",
        "_parts/2020-01-01-dated.md": "---\n---\n",
    }
    order = {}
    for path in list(files)[1:]:
        outcome = read_file(files, path)
        assert outcome.post is not None
        assert outcome.post.chain == "parts"
        order[outcome.post.slug] = outcome.post.sequence
    assert sorted(order, key=lambda slug: order[slug]) == expected


def test_templates_link_to_pages_and_documents_and_list_them(read_file: ReadFile) -> None:
    files = {
        "_config.yml": COLLECTIONS + "permalink: pretty\n",
        "about.md": "---\ntitle: About\n---\n",
        "_recipes/pie.md": "---\ntitle: Pie\n---\n",
        "feed.xml": "---\n---\n<feed/>",
        "_posts/2024-01-01-a.md": "---\ntitle: Post\n---\n",
        "list.md": (
            "---\n---\n{% link about.md %} {% link _recipes/pie.md %} {% link feed.xml %} "
            "{% for one in site.recipes %}{{ one.title }} {{ one.url }}{% endfor %} "
            "{% for one in site.posts %}{{ one.title }}{% endfor %} {{ site.pages.size }} {{ page.name }}"
        ),
    }
    html = whole(read_file(files))["html"]
    assert html.strip() == "<p>/about/ /recipes/pie/ /feed.xml Pie /recipes/pie/ Post 2 list.md</p>"
