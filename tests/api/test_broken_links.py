"""Links of a site to itself that lead nowhere: what is told of them, and what is passed over."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from search_index.checking import check_content
from search_index.diagnostics import ProblemCode
from search_index.settings import SiteSettings
from tests.api.client import Client, serving
from tests.sites import NOON, Site, post

MINUTE = datetime(2026, 9, 1, 12, 0, 30, tzinfo=UTC)


def broken(client: Client) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/v1/diagnostics").json()["items"]
    assert {item["code"] for item in items} <= {ProblemCode.BROKEN_LINK}, items
    return items


def targets(site: Site) -> list[str]:
    """The links that are told to be broken, as they are written."""
    site.build()
    with serving(site) as client:
        return [item["message"].split("'")[1] for item in broken(client)]


JEKYLL = {
    "_config.yml": "permalink: /:year/:title/\ncollections: {docs: {output: true}}\n",
    "_posts/2024-01-01-hello.md": "---\ntitle: Hello\nredirect_from: /2023/hi/\ntags: [ruby]\n---\nWords.\n",
    "_docs/install.md": "---\ntitle: Install\n---\nDo it.\n",
    "demo/index.html": "<p>As it stands.</p>\n",
    "docs/plain.md": "Without front matter.\n",
    "about.md": "---\ntitle: About\n---\nWords.\n",
}


def linking(*urls: str) -> str:
    return "---\ntitle: From\n---\n" + "".join(f"[x]({url})\n" for url in urls)


def test_a_broken_link_is_told_with_its_place_and_what_may_have_been_meant(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({**JEKYLL, "_posts/2024-02-01-from.md": "---\ntitle: From\n---\n\nGo [there](/2024/helo/#a), now.\n"})
    site.build()
    with serving(site) as client:
        assert broken(client) == [
            {
                "file": "_posts/2024-02-01-from.md",
                "line": 5,
                "column": 12,
                "severity": "warning",
                "code": "broken_link",
                "message": "the link '/2024/helo/#a' leads to nothing on the site",
                "hint": "did you mean /2024/hello/?",
            }
        ]


SOUND = [
    *(
        "/2024/hello/",
        "/2024/hello",
        "/2024/hello/index.html#a",
        "/2024/hello/?a=b",
        "/2023/hi",
        "../hello/",
        "#anchor",
    ),
    *(
        "2024-01-01-hello.md",
        "{% post_url 2024-01-01-hello %}",
        "{% link about.md %}",
        "?page=2",
        "mailto:ann@example.org",
    ),
    *("https://elsewhere.example/2024/gone/", "//elsewhere.example/2024/gone/", "/2024/picture.png", "/2024/notes.pdf"),
]
BESIDE_DOCUMENTS = [
    *("/", "/index.html", "/feed.xml", "/feed/", "/sitemap.xml", "/tags/ruby/", "/tag/x/", "/categories/a/b/"),
    *("/authors/ann/", "/page2/", "/page/2/", "/2024/page/3/", "/2024/", "/2024/05/", "/docs/", "/demo/"),
    *("/demo/index.html", "/docs/plain.html", "/shop/", "/contact", "/another-project/docs/"),
]
GONE = [
    *("/2024/gone/", "/docs/instal.html", "/docs/deep/gone/", "../gone/", "gone.md", "/gone.md", "gone/"),
]


@pytest.fixture(scope="module")
def told_of_jekyll(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    site = Site(tmp_path_factory.mktemp("jekyll"))
    site.write({**JEKYLL, "_posts/2024-02-01-from.md": linking(*SOUND, *BESIDE_DOCUMENTS, *GONE)})
    return targets(site)


@pytest.mark.parametrize("url", SOUND)
def test_what_leads_to_a_page_a_file_or_elsewhere_is_not_broken(told_of_jekyll: list[str], url: str) -> None:
    assert url not in told_of_jekyll


@pytest.mark.parametrize("url", BESIDE_DOCUMENTS)
def test_what_the_site_may_have_besides_its_documents_is_not_broken(told_of_jekyll: list[str], url: str) -> None:
    assert url not in told_of_jekyll


def test_what_leads_to_nothing_among_the_site_s_own_documents_is_broken(told_of_jekyll: list[str]) -> None:
    assert told_of_jekyll == GONE


@pytest.mark.parametrize(
    "files",
    [
        {"_redirects": "/2024/gone /2024/hello\n"},
        {"vercel.json": '{"rewrites": []}'},
        {"_plugins/pages.rb": "module Pages; end\n"},
    ],
)
def test_where_redirects_or_plugins_answer_paths_are_not_judged(tmp_path: Path, files: dict[str, str]) -> None:
    site = Site(tmp_path)
    site.write({**JEKYLL, "_posts/2024-02-01-from.md": linking("/2024/gone/")})
    assert targets(site) == ["/2024/gone/"]
    site.write(files)
    assert targets(site) == []


def test_a_site_in_a_folder_of_its_host_has_that_for_itself(tmp_path: Path) -> None:
    site = Site(tmp_path)
    config = "url: https://example.org\nbaseurl: /blog\npermalink: /:year/:title/\n"
    urls = [
        "/blog/gone/",
        "https://example.org/blog/gone-too/",
        "/shop/",
        "https://example.org/shop/",
        "/blog/2024/hello/",
    ]
    site.write({**JEKYLL, "_config.yml": config, "_posts/2024-02-01-from.md": linking(*urls)})
    assert targets(site) == ["/blog/gone/", "https://example.org/blog/gone-too/"]


def test_a_site_whose_source_is_a_folder_is_judged_from_there(tmp_path: Path) -> None:
    site = Site(tmp_path)
    files = {path if path == "_config.yml" else f"src/{path}": text for path, text in JEKYLL.items()}
    config = f"source: src\n{JEKYLL['_config.yml']}"
    sound = ["/2024/hello/", "/about.md", "2024-01-01-hello.md", "../docs/plain.md", "/docs/plain.md", "/demo/"]
    gone = ["/2024/gone/", "/gone.md", "gone.md"]
    site.write({**files, "_config.yml": config, "src/_posts/2024-02-01-from.md": linking(*sound, *gone)})
    assert targets(site) == gone


HUGO = {
    "hugo.toml": 'baseURL = "https://example.org/"\n[taxonomies]\ntag = "tags"\nmood = "moods"\n',
    "content/posts/hello.md": "---\ntitle: Hello\ndate: 2024-01-01\naliases: [/posts/hi/]\n---\nWords.\n",
    "content/posts/unlisted.md": "---\ntitle: Thanks\n_build: {list: never}\n---\nThank you.\n",
    "content/posts/hidden.md": "---\ntitle: Hidden\ndraft: true\n_build: {list: never}\n---\nNot yet.\n",
    "static/posts/demo/index.html": "<p>As it stands.</p>\n",
    "content/raw.html": "<p>As it stands.</p>\n",
}


def test_links_of_a_hugo_site_are_judged_as_its_pages_are(tmp_path: Path) -> None:
    sound = [
        *(
            "/posts/hello/",
            "/posts/hi/",
            "/posts/",
            "../hello/",
            "hello.md",
            "/posts/hello.md",
            "/moods/glad/",
            "/gone/",
        ),
        *('{{< ref "hello.md" >}}', '{{< relref "/posts/hello#a" >}}', "/posts/unlisted/", "/posts/demo/", "/raw/"),
    ]
    gone = [
        "/posts/gone/",
        "../gone/",
        "gone.md",
        "/posts/gone.md",
        "/posts/hidden/",
        "https://example.org/posts/gone/",
    ]
    site = Site(tmp_path)
    site.write({**HUGO, "content/posts/from.md": linking(*sound, *gone)})
    assert targets(site) == gone


def test_of_a_hugo_site_in_a_folder_links_with_and_without_it_are_judged_alike(tmp_path: Path) -> None:
    sound = ["/blog/posts/hello/", "/posts/hello/", "/blog/posts/unlisted/", "/blog/posts/demo/"]
    gone = ["/blog/posts/gone/", "/blog/gone/", "https://example.org/blog/posts/gone/"]
    site = Site(tmp_path)
    config = 'baseURL = "https://example.org/blog/"\n'
    site.write({**HUGO, "hugo.toml": config, "content/posts/from.md": linking(*sound, "/posts/gone/", *gone)})
    assert targets(site) == gone


def test_of_a_plain_folder_links_between_its_files_are_judged(tmp_path: Path) -> None:
    """A frontend may have anything at a path."""
    sound = [
        *("hello.md", "../hello.md#part", "README.md", "../README.md", "../../outside.md", "/pricing", "/hello/gone/"),
        *("/notes/hello.md", "/notes/gone.md", "https://example.org/gone.md"),
    ]
    gone = ["gone.md", "../gone.md#part", "draft.md", "later.md"]
    site = Site(tmp_path, public_url="https://example.org")
    site.write(
        {
            "hello.md": post("Hello", date="2024-01-01"),
            "README.md": "# Here\n",
            "notes/hello.md": post("Hello too", date="2024-01-02", slug="hello-too"),
            "notes/README.md": "# There\n",
            "notes/draft.md": post("Draft", draft=True),
            "notes/later.md": post("Later", date="2026-09-02"),
            "notes/from.md": post("From", date="2024-01-03", body="\n".join(f"[x]({url})" for url in (*sound, *gone))),
        }
    )
    assert targets(site) == gone


def test_a_link_to_a_draft_or_to_a_post_to_come_reads_like_one_to_nothing_at_all(tmp_path: Path) -> None:
    files = {
        **JEKYLL,
        "_posts/2024-03-01-draft.md": "---\ntitle: Draft\npublished: false\n---\nWords.\n",
        "_posts/2026-09-02-later.md": "---\ntitle: Later\n---\nWords.\n",
    }
    told = {}
    for name, path in {"draft": "/2024/draft/", "later": "/2026/later/", "nothing": "/2024/nothing/"}.items():
        (tmp_path / name).mkdir()
        site = Site(tmp_path / name)
        others = {"_posts/2026-01-01-now.md": "---\ntitle: Now\n---\nWords.\n"}
        site.write({**files, **others, "_posts/2024-02-01-from.md": linking(path)})
        site.build()
        with serving(site) as client:
            (problem,) = broken(client)
            told[name] = str(problem).replace(path, "PATH")
    assert told["draft"] == told["later"] == told["nothing"]


def test_links_break_and_mend_with_the_clock_and_caches_know_of_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        {
            "soon.md": post("Soon", date="2026-09-01T12:00:30Z", body="[x](gone.md)"),
            "brief.md": post("Brief", date="2024-01-01", expires="2026-09-01T12:00:30Z"),
            "from.md": post("From", date="2024-01-02", body="[x](soon.md)\n\n[y](brief.md)"),
        }
    )
    site.build()
    with serving(site) as client:
        before = client.get("/v1/diagnostics")
        assert [(item["file"], item["line"], item["message"].split("'")[1]) for item in before.json()["items"]] == [
            ("from.md", 6, "soon.md")
        ]
        assert "s-maxage=30" in before.headers["cache-control"]
        site.clock.instant = MINUTE
        site.build()
        client.refresh()
        after = client.get("/v1/diagnostics", headers={"If-None-Match": before.headers["etag"]})
        assert [(item["file"], item["message"].split("'")[1]) for item in after.json()["items"]] == [
            ("from.md", "brief.md"),
            ("soon.md", "gone.md"),
        ]


def test_broken_links_of_hidden_files_are_told_nowhere(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        {
            "draft.md": post("Draft", draft=True, body="[x](gone.md)"),
            "later.md": post("Later", date="2026-09-02", body="[x](gone.md)"),
            "now.md": post("Now", date="2024-01-01"),
        }
    )
    assert targets(site) == []


def test_a_link_is_told_where_it_stands(tmp_path: Path) -> None:
    bodies = {
        "[x](/docs/gone.html)": (4, 5),
        "Words.\r\n\r\n- one [x](</docs/gone.html>)": (6, 12),
        "`/docs/gone.html` is\n[here][a].\n\n[a]: /docs/gone.html": (7, 6),
        '<a class="b" href="/docs/gone.html">x</a>': (4, 20),
        "[y](/docs/gone.html#top) and [x](/docs/gone.html)": (4, 34),
        "[x]({{ site.baseurl }}/docs/gone.html)": (4, 23),
        "[x]({{ '/docs/gone' | append: '.html' }})": (0, 0),
    }
    site = Site(tmp_path)
    site.write(JEKYLL)
    for number, body in enumerate(bodies, 1):
        text = f"---\ntitle: From\n---\n{body}\n"
        (site.content / f"_posts/2024-02-{number:02}-from-{number}.md").write_bytes(text.encode())
    site.build()
    with serving(site) as client:
        found = {item["file"]: (item["line"], item["column"]) for item in broken(client) if "#" not in item["message"]}
    assert list(found.values()) == list(bodies.values())


def test_a_check_tells_the_broken_links_that_the_service_tells(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.settings = SiteSettings(now=NOON)
    site.write({**JEKYLL, "_posts/2024-02-01-from.md": linking("/2024/helo/", "gone.md", "/demo/", "/docs/plain.html")})
    site.write({"_posts/2026-09-02-later.md": linking("gone.md")})
    site.build()
    with serving(site) as client:
        served = broken(client)
    checked = check_content(site.content, site.settings).problems
    assert [(row.file, row.line, row.column, row.message, row.hint) for row in checked] == [
        (row["file"], row["line"], row["column"], row["message"], row["hint"]) for row in served
    ]
    assert len(served) == 2


def test_an_edited_site_tells_the_same_links_as_one_that_is_built_at_once(tmp_path: Path) -> None:
    (tmp_path / "edited").mkdir()
    (tmp_path / "fresh").mkdir()
    edited = Site(tmp_path / "edited")
    edited.write(
        {**JEKYLL, "_posts/2024-02-01-from.md": linking("/2024/hello/", "2024-01-01-hello.md", "/demo/", "new.md")}
    )
    edited.build()
    (edited.content / "_posts/2024-01-01-hello.md").unlink()
    edited.build()
    (edited.content / "demo/index.html").unlink()
    edited.build()
    edited.write({"_posts/2024-03-01-other.md": linking("/2024/from/"), "_posts/new.md": "no post"})
    edited.build()
    fresh = Site(tmp_path / "fresh")
    fresh.content.rmdir()
    fresh.content.symlink_to(edited.content)
    fresh.build()
    with edited.snapshot() as one, fresh.snapshot() as two:
        assert one.diagnostics() == two.diagnostics()
        assert one.backlinks("from") == two.backlinks("from") != ()
        assert one.version == two.version
        assert [row.message.split("'")[1] for row in one.diagnostics()] == ["/2024/hello/", "2024-01-01-hello.md"]
