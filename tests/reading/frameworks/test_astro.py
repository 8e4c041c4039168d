"""An Astro site: collections, ids, pages, MDX. Source: Astro's documentation."""

from __future__ import annotations

import pytest

from search_index.reading.frameworks.mdx import as_markdown
from tests.reading.frameworks.conftest import ReadSite
from tests.reading.shown import codes, summary, whole

SIGN = {"astro.config.mjs": "export default {}\n"}
POST = "---\ntitle: T\npubDate: 2024-05-06\nupdatedDate: 2024-06-07\nheroImage: ./hero.png\n---\nWords.\n"


@pytest.mark.parametrize(
    ("path", "collection", "slug", "address"),
    [
        ("src/content/blog/First Post.md", "blog", "first-post", "/blog/first-post/"),
        ("src/content/blog/2024/Größe & mehr!.md", "blog", "2024/größe--mehr", "/blog/2024/größe--mehr/"),
        ("src/content/notes/trip/index.mdx", "notes", "trip", "/notes/trip/"),
        ("src/pages/about.md", "pages", "about", "/about/"),
        ("src/pages/docs/index.md", "pages", "docs", "/docs/"),
    ],
)
def test_an_entry_is_named_as_astro_names_it(
    read_site: ReadSite, path: str, collection: str, slug: str, address: str
) -> None:
    shown = summary(read_site({**SIGN, path: POST})[path])
    assert (shown["collection"], shown["slug"], shown["path"]) == (collection, slug, address)
    assert shown["kind"] == ("page" if collection == "pages" else "post")
    assert (shown["published_at"], shown["updated_at"]) == ("2024-05-06T00:00:00+00:00", "2024-06-07T00:00:00+00:00")


def test_a_slug_of_its_own_counts_and_a_draft_is_hidden(read_site: ReadSite) -> None:
    found = read_site(
        {
            **SIGN,
            "src/content/blog/a.md": "---\nslug: other\n---\nA.\n",
            "src/content/blog/b.md": "---\ndraft: true\n---\nB.\n",
            "src/content/blog/_c.md": "---\ntitle: C\n---\nC.\n",
        }
    )
    assert summary(found["src/content/blog/a.md"])["path"] == "/blog/other/"
    assert found["src/content/blog/b.md"].hidden == "draft: true"
    assert found["src/content/blog/_c.md"].post is None


def test_mdx_keeps_its_text_and_tells_of_its_components(read_site: ReadSite) -> None:
    body = (
        "import Chart from './chart.jsx'\nimport {\n  A,\n} from 'b'\n\nexport const x = 1\n\n# Heading\n\n"
        '<Note kind="a > b" on={() => { go() }}>\n\nInside *it*.\n\n</Note>\n\n<Chart.Bar data={[1, 2]} />\n\n'
        "Code `<Kept />` and {/* a comment */} text.\n\n```jsx\nimport Kept from 'x'\n<Kept />\n```\n"
    )
    outcome = read_site({**SIGN, "src/content/blog/a.mdx": f"---\ntitle: T\n---\n{body}"})["src/content/blog/a.mdx"]
    html = whole(outcome)["html"]
    assert "<em>it</em>" in html
    assert "Kept from" in html
    assert html.count("Kept") == 3
    for gone in ("Chart", "Note", "export", "comment", "go()"):
        assert gone not in html, gone
    assert codes(outcome) == ["template_tag_unknown"]
    assert outcome.problems[0].message.endswith(": Note, Chart.Bar")


@pytest.mark.parametrize(
    "body",
    ["<A " * 100_000, "<A>" * 100_000, "{/* " * 100_000, "`<A>" * 100_000, '<A b="' * 50_000, "import " * 100_000],
)
def test_hostile_mdx_is_bounded_and_keeps_its_lines(body: str) -> None:
    text = f"{body}\n\nThe end.\n"
    markdown, _ = as_markdown(text)
    assert markdown.count("\n") == text.count("\n")
    assert markdown.endswith("The end.\n")
