"""References between pages, and bodies on their way to HTML."""

from __future__ import annotations

import pytest

from search_index.reading.dialects import PreparedBody
from search_index.reading.extraction import extract
from search_index.reading.markdown import readable
from search_index.reading.outcome import EVERYTHING
from tests.reading.hugo.conftest import CONFIGURATION, HugoSite, ReadSite, page

FILES = {
    "about.md": page(),
    "posts/_index.md": page("title: P"),
    "posts/a.md": page("date: 2020-01-02"),
    "posts/trip/index.md": page(),
    "posts/sub/_index.md": page(),
    "posts/sub/deep.md": page(),
    "posts/hidden.md": page("draft: true"),
    "docs/only.md": page(),
    "docs/dup.md": page(),
    "posts/dup.md": page(),
}


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("a.md", "/posts/a/"),
        ("./a", "/posts/a/"),
        ("/posts/A.md", "/posts/a/"),
        ("posts/a.md#x", "/posts/a/#x"),
        ("../about.md", "/about/"),
        ("trip", "/posts/trip/"),
        ("/posts/trip/index.md", "/posts/trip/"),
        ("/posts", "/posts/"),
        ("_index.md", "/posts/"),
        ("/", "/"),
        ("only", "/docs/only/"),
        ("deep.md", "/posts/sub/deep/"),
        ("/docs/dup.md", "/docs/dup/"),
        ("/tags/x", "/tags/x/"),
        ("#here", "#here"),
        ("hidden.md", None),
        ("nowhere.md", None),
        ("/posts/a/", None),
    ],
)
def test_ref_finds_pages_as_hugo_does(hugo: HugoSite, target: str, path: str | None) -> None:
    assert hugo(FILES).dialect.resolve_ref(target, "content/posts/from.md") == path


@pytest.mark.parametrize(("links", "address"), [("root", "/b/"), ("untouched", "https://example.org/b/")])
def test_ref_gives_the_host_only_where_links_stay_as_hugo_writes_them(hugo: HugoSite, links: str, address: str) -> None:
    site = hugo(
        {"a.md": page(body='[b]({{< ref "b.md" >}}) [b]({{< relref "b.md" >}})\n'), "b.md": page()}, links=links
    )
    prepared = _prepared(site, "a.md")
    assert prepared.markdown.html(prepared.text) == f'<p><a href="{address}">b</a> <a href="/b/">b</a></p>\n'


def test_a_name_that_two_pages_have_means_neither_from_elsewhere(hugo: HugoSite) -> None:
    dialect = hugo(FILES).dialect
    assert dialect.resolve_ref("dup", "content/posts/from.md") == "/posts/dup/"
    assert dialect.resolve_ref("dup", "content/about.md") is None


def test_references_lead_to_the_language_of_the_page_or_the_one_asked_for(hugo: HugoSite) -> None:
    site = hugo({"a.md": page(), "a.fr.md": page()}, CONFIGURATION + "[languages.en]\n[languages.fr]\n")
    assert site.dialect.resolve_ref("a.md", "content/a.fr.md") == "/fr/a/"
    assert site.dialect.resolve_ref("a.md", "content/a.fr.md", "en") == "/a/"


def _prepared(site: ReadSite, name: str) -> PreparedBody:
    raw = (site.root / "content" / name).read_bytes()
    return site.dialect.prepare(site.dialect.document(f"content/{name}", raw, site.settings), site.posts[name])


def test_shortcodes_and_markdown_run(hugo: HugoSite) -> None:
    body = '[x]({{< relref "b.md" >}}) and {{< param "Color" >}}\n\n{{< nope >}}\n'
    site = hugo({"posts/a.md": page("color: red", body=body), "posts/b.md": page()})
    prepared = _prepared(site, "posts/a.md")
    assert '<a href="/posts/b/">x</a> and red' in prepared.markdown.html(prepared.text)
    assert prepared.uses == ("content/posts/b.md",)
    assert [(problem.line, problem.code) for problem in prepared.problems] == [(6, "template_tag_unknown")]


def test_a_reference_to_nothing_may_be_mended_by_any_page(hugo: HugoSite) -> None:
    site = hugo({"a.md": page(body='{{< ref "later.md" >}}\n')})
    assert _prepared(site, "a.md").uses == (EVERYTHING,)


def test_the_divider_ends_the_summary(hugo: HugoSite) -> None:
    site = hugo({"a.md": page(body="One *two*.\n\n<!--more-->\n\nRest.\n")})
    prepared = _prepared(site, "a.md")
    html = prepared.markdown.html(prepared.text)
    assert html.strip() == "<p>One <em>two</em>.</p>\n<!--more-->\n<p>Rest.</p>"
    assert site.dialect.excerpt_html(extract(html), None) == "<p>One <em>two</em>.</p>"


def test_a_summary_of_the_front_matter_is_markdown(hugo: HugoSite) -> None:
    site = hugo({"a.md": page("summary: Given *here*", body="Text.\n")})
    prepared = _prepared(site, "a.md")
    assert prepared.excerpt == "Given *here*"
    excerpt = extract(prepared.markdown.html(prepared.excerpt))
    assert site.dialect.excerpt_html(extract("<p>Text.</p>"), excerpt) == "Given <em>here</em>"


def test_else_the_first_words_are_the_summary(hugo: HugoSite) -> None:
    site = hugo({"a.md": page()}, CONFIGURATION + "summaryLength = 3\n")
    assert site.dialect.excerpt_html(extract("<p>One two three four. Five.</p>"), None) == "One two three four."


def test_the_configuration_of_markdown_counts_and_is_part_of_its_version(hugo: HugoSite) -> None:
    files = {"a.md": page(body="<b>raw</b>\n")}
    plain = _prepared(hugo(files), "a.md").markdown
    raw = _prepared(hugo(files, CONFIGURATION + "[markup.goldmark.renderer]\nunsafe = true\n"), "a.md").markdown
    assert "<b>" not in plain.html("<b>raw</b>\n")
    assert "<b>raw</b>" in raw.html("<b>raw</b>\n")
    assert plain.version != raw.version


def test_the_typographer_can_be_spelled_and_switched_off(hugo: HugoSite) -> None:
    table = CONFIGURATION + "[markup.goldmark.extensions.typographer]\n"
    said = {
        "": "&ldquo;a&rdquo; &ndash; b",
        "disable = true": "&quot;a&quot; -- b",
        "enDash = '--'": "&ldquo;a&rdquo; -- b",
    }
    for line, text in said.items():
        markdown = _prepared(hugo({"a.md": page()}, table + line), "a.md").markdown
        assert markdown.html('"a" -- b') == f"<p>{text}</p>\n"


def test_a_body_that_is_not_rendered_shows_addresses_and_no_stand_ins(hugo: HugoSite) -> None:
    text = 'See [b]({{< ref "b.md" >}}). {{< youtube abc >}}\n'
    prepared = _prepared(hugo({"a.md": page(body=text), "b.md": page()}), "a.md")
    assert readable(prepared.text, prepared.markdown) == "See [b](/b/). \n"


def test_html_pages_are_given_as_written(hugo: HugoSite) -> None:
    site = hugo({"a.html": page(body="<p>html *not Markdown*</p>\n")})
    prepared = _prepared(site, "a.html")
    assert prepared.markdown.html(prepared.text) == "<p>html *not Markdown*</p>\n"
