"""Nothing that is not public can be observed through any route of the OpenAPI document.

Two sites: one of what is public alone, one with everything that is not beside it. Every route is asked the same of both, and
both must say the same, byte for byte. A route or a parameter that is new fails here until the tables below know it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.announcements import announcement_since
from api.app import openapi_document
from api.cursors import list_cursor, search_cursor
from search_index.query import Include, ListPosition, Order, SearchPosition, Sort
from tests.api.client import Client, serving
from tests.api.conftest import MTIME, png
from tests.sites import Site, post

MARK = "zyxhush"
"""In everything that is not public, and in private fields; nowhere else."""

PUBLIC = {
    "hello.md": post(
        "Hello, world",
        date="2024-05-28T23:23:39-05:00",
        tags=["Python", "Web"],
        categories=["Dev", "Python"],
        authors=["Ann"],
        series="Letters",
        featured=True,
        aliases=["/old/"],
        body="The quick fox. [Draft](draft.md), [later](later.md), [over](over.md#x), [gone](folder/withdrawn.md).\n",
    ),
    "second.md": post(
        "A second post",
        date="2024-06-01",
        updated="2025-01-01",
        tags=["python"],
        authors=["Ann"],
        _key=f"{MARK}key",
        owner_note=f"{MARK}note",
    ),
    "third.md": post("A third post", date="2024-07-01", tags=["web"], categories=["Dev"], series="Letters"),
    "german.md": post("Ein Fuchs", date="2023-01-31", lang="de", tags=["C++"], body="Ein Fuchs und ein Hase."),
    "about/index.md": post("About", tags=["web"], body="Of foxes."),
    "broken.md": "---\ntitle: [unclosed\n---\n\nText.\n",
}


SECRET = "a secret of more than 32 characters"


def _marked(name: str, **front_matter: object) -> str:
    """A post that has the mark wherever a post can have one, and terms and links of public posts too."""
    mark = f"{MARK}{name}"
    return post(
        f"Title {mark}",
        **{
            "slug": f"slug-{mark}",
            "tags": [f"tag {mark}", "python"],
            "categories": [f"cat {mark}", "Dev"],
            "authors": [f"author {mark}", "Ann"],
            "series": f"series {mark}",
            "aliases": [f"/alias-{mark}/", "/old/"],
            "cover": f"/cover-{mark}.png",
            "description": f"description {mark}",
            f"field_{mark}": mark,
            "featured": True,
            "updated": "2025-03-03",
            **front_matter,
        },
        body=f"The quick fox {mark}.\n\n## Heading {mark}\n\n[Hello](hello.md) [second](/second/) ![](picture-{mark}.png)\n\n"
        f"    code {mark}\n",
    )


_LISTED = "{% for p in site.posts %}{{ p.title }} {{ p.url }} {% endfor %}{{ site.tags | size }}{{ site.pages | size }}"

HIDDEN = {
    "draft.md": _marked("draft", date="2024-05-30", draft=True),
    "draft-in-french.md": _marked("french", date="2024-05-30", draft=True, lang="fr"),
    "later.md": _marked("later", date="2027-01-01"),
    "over.md": _marked("over", date="2024-05-29", expires="2026-01-01"),
    "folder/withdrawn.md": _marked("withdrawn", date="2024-06-02", published=False),
    "drafts/lies-there.md": _marked("lies", date="2024-06-03"),
    "same-slug.md": _marked("same", date="2024-06-04", draft=True, slug="hello"),
    "same-slug-later.md": _marked("samelater", date="2027-06-04", slug="second"),
    "wrong.md": _marked("wrong", date=f"soon {MARK}", draft=True, tags={"a": MARK}),
    "unreadable.md": f"---\ndraft: true\ntitle: [{MARK}\n---\n\n{MARK}\n",
    "page/index.md": _marked("page", draft=True, layout="page"),
}

JEKYLL_PUBLIC = {
    "_config.yml": "collections: {recipes: {output: true}, notes: {}}\npermalink: /:title/\n",
    "_posts/2024-05-28-hello.md": post("Hello, world", tags=["Python"], categories=["Dev"], body="A quick fox."),
    "_posts/2024-06-01-second.md": post("Second", tags=["Python"], body=f"{{{{ page.previous.title }}}} {_LISTED}"),
    "about.md": post("About", tags=["web"], body=_LISTED),
    "index.html": post("Home", body="Welcome to the fox."),
    "_recipes/cake.md": post("Cake", date="2024-02-01", body="Bake the fox."),
}
JEKYLL_HIDDEN = {
    "_drafts/draft.md": _marked("draft"),
    "_posts/2027-01-01-later.md": _marked("later"),
    "_posts/2024-05-30-withdrawn.md": _marked("withdrawn", published=False),
    "_recipes/pie.md": _marked("pie", published=False),
    "_recipes/2027-01-01-tart.md": _marked("tart"),
    "_notes/note.md": _marked("note", published=False),
    "page.md": _marked("page", published=False),
}
HUGO_PUBLIC = {
    "hugo.toml": 'baseURL = "https://example.org/"\n[taxonomies]\ntag = "tags"\ncategory = "categories"\n',
    "content/posts/hello.md": post(
        "Hello, world",
        date="2024-05-28",
        tags=["Python"],
        body='A quick fox. {{< ref "later" >}} {{< ref "draft.md" >}} {{< relref "over" >}} {{< ref "bundle" >}}',
    ),
    "content/posts/second.md": post("Second", date="2024-06-01", categories=["Dev"], body="Another fox."),
    "content/about/_index.md": post("About", body="Of foxes."),
}
HUGO_HIDDEN = {
    "content/posts/draft.md": _marked("draft", date="2024-05-30", draft=True),
    "content/posts/bundle/index.md": _marked("bundle", date="2024-05-30", draft=True),
    "content/posts/later.md": _marked("later", date="2027-01-01"),
    "content/posts/over.md": _marked("over", date="2024-05-30", expiryDate="2026-01-01"),
    "content/page/_index.md": _marked("page", draft=True),
    "content/page/below.md": _marked("below", date="2024-05-30", draft=True),
    "content/tags/python/_index.md": _marked("term", draft=True),
}

CASES = {
    "plain, at once": (PUBLIC, HIDDEN),
    "plain, edit by edit": (PUBLIC, HIDDEN),
    "jekyll, edit by edit": (JEKYLL_PUBLIC, JEKYLL_HIDDEN),
    "hugo, at once": (HUGO_PUBLIC, HUGO_HIDDEN),
}
"""What is public, and what is not; the site with both is built in one go or as people write it."""

PATHS: dict[str, tuple[str, ...]] = {
    "slug": (
        *("hello", "second", "second.md", "nothing", "slug-zyxhushdraft", "slug-zyxhushlater", "slug-zyxhushover"),
        *("draft", "later", "over", "folder/withdrawn", "drafts/lies-there", "same-slug", "slug-zyxhushd"),
        *(
            "python",
            "web",
            "ann",
            "letters",
            "tag-zyxhushdraft",
            "author-zyxhushlater",
            "series-zyxhushover",
            "zyxhush",
        ),
    ),
    "path": (
        *("about", "page", "dev", "dev/python", "cat-zyxhushdraft", "cat-zyxhushlater", "zyxhush", "picture.png"),
        *("cover-zyxhushdraft.png", "draft.md", "drafts/dot.png"),
    ),
    "name": ("posts", "pages", "folder", "drafts", "zyxhush"),
}
"""What stands in the place of a path parameter: public things, hidden ones by every name, and near misses."""

WORDS = ("fox", "zyxhush", "zyxhushdraft", "zyxhus", "title", "quick fox", "", "slug-zyxhushlater", "tag:zyxhushdraft")
QUERY: dict[str, tuple[str, ...]] = {
    "q": WORDS,
    "path": (
        *("/hello/", "/old/", "/slug-zyxhushdraft/", "/alias-zyxhushdraft/", "/alias-zyxhushlater/", "/zyxhush/"),
        *("/draft/", "/later/", "/slug-zyxhushlater/", "/slug-zyxhushover/"),
    ),
    "page": ("1", "2", "9"),
    "per_page": ("1", "3"),
    "tag": ("python", "tag-zyxhushdraft", "tag-zyxhushlater"),
    "tag_match": ("any", "all"),
    "not_tag": ("web", "tag-zyxhushlater"),
    "category": ("dev", "cat-zyxhushdraft"),
    "not_category": ("dev/python", "cat-zyxhushover"),
    "author": ("ann", "author-zyxhushdraft"),
    "series": ("letters", "series-zyxhushlater"),
    "collection": ("posts", "folder", "drafts"),
    "lang": ("en", "fr"),
    "year": ("2024", "2027"),
    "month": ("5", "6", "1"),
    "published_after": ("2024-05-29", "2026-01-01"),
    "published_before": ("2024-06-03",),
    "updated_after": ("2025-02-01",),
    "updated_before": ("2025-04-01",),
    "featured": ("true", "false"),
    "facet": ("tag,category,author,series,year,month,lang,collection",),
    "facet_q": ("zyxhush", "py"),
    "sort": ("title", "updated_at", "published_at", "reading_time"),
    "order": ("asc", "desc"),
    "view": ("tree", "flat"),
    "typo": ("true", "false"),
    "prefix": ("true", "false"),
    "explain": ("true",),
    "preview_token": ("v1.x.y",),
    "since": ("2026-08-01", "2026-09-01T12:00:00Z", "2026-09-02", "0" * 32),
    "where": (
        "field_zyxhushdraft:exists",
        "field_zyxhushlater:exists:false",
        "title:contains:zyxhush",
        "owner_note:exists",
    ),
    "include": (",".join(Include),),
    "cursor": (
        list_cursor(ListPosition(1_800_000_000, 1_800_000_000, "a"), Sort.PUBLISHED_AT, Order.DESC),
        search_cursor(SearchPosition("elsewhere", 1, "slug-zyxhushdraft")),
    ),
}
"""Values to ask with, by parameter."""

NEEDED = {
    "/v1/search": {"q": "fox"},
    "/v1/search/suggest": {"q": "ti"},
    "/v1/resolve": {"path": "/hello/"},
    "/v1/changes": {"since": "2026-09-02"},
}
"""What a route is never asked without."""

TOGETHER: dict[str, dict[str, str]] = {
    "facet_q": {"facet": "tag,category,author,series"},
    "tag_match": {"tag": "python,tag-zyxhushdraft"},
    "order": {"sort": "title"},
}
"""What a parameter means something with."""

BESIDE = (
    *(
        "/",
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/picture.png",
        "/draft.md",
        "/draft/",
        "/later/",
        "/slug-zyxhushdraft/",
    ),
    *("/v1/search/analytics", "/drafts/lies-there.md", "/v1/drafts"),
)
"""Addresses that the document does not have: the service's own, and where the site has, or would have, its files."""

STREAMS = {"/v1/events": "test_events_tell_nothing_of_what_is_hidden"}
"""Routes that never end, each with the test that looks for leaks in it instead."""

OF_THE_MOMENT = {"x-request-id", "date", "content-length"}
"""Headers. The length is the body's, which is compared without ``took_ms`` and the request's id."""
_OF_THE_MOMENT = re.compile(rb'"took_ms":[0-9.e-]+|"request_id":"[^"]*"')

DOCUMENT: dict[str, Any] = openapi_document()
OPERATIONS: dict[str, dict[str, Any]] = {path: item["get"] for path, item in DOCUMENT["paths"].items() if "get" in item}


def parameters(path: str, place: str) -> list[str]:
    return [row["name"] for row in OPERATIONS[path].get("parameters", []) if row["in"] == place]


def requests(path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The addresses that a route is asked by, with their queries: each value of each parameter, one at a time."""
    names = parameters(path, "path")
    addresses = [path.replace(f"{{{name}}}", value) for name in names for value in PATHS[name]] or [path]
    needed = NEEDED.get(path, {})
    for address in addresses:
        yield address, needed
    for name in parameters(path, "query"):
        for value in QUERY[name]:
            for address in addresses[:2]:
                yield address, {**needed, **TOGETHER.get(name, {}), name: value}


def told(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """What of an answer must not differ."""
    headers = {name: value for name, value in response.headers.items() if name not in OF_THE_MOMENT}
    return response.status_code, headers, _OF_THE_MOMENT.sub(b"", response.content)


def site_of(folder: Path, files: Mapping[str, str], **settings: object) -> Site:
    site = Site(folder, public_url="https://example.org", title="A blog", private_fields=["owner_note"], **settings)
    site.write(files)
    (site.content / "picture.png").write_bytes(png())
    os.utime(site.content / "picture.png", (MTIME, MTIME))
    return site


@pytest.fixture(scope="module", params=CASES)
def clients(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Client, Client]]:
    """The site without and with what is not public."""
    public, hidden = CASES[request.param]
    is_edited = request.param.endswith("edit by edit")
    without = site_of(tmp_path_factory.mktemp("without"), public)
    beside = site_of(tmp_path_factory.mktemp("beside"), public if is_edited else public | hidden)
    without.build()
    beside.build()
    if is_edited:
        beside.write(dict.fromkeys(hidden, post("Shown first", date="2024-01-01", body=MARK)))
        beside.build()
        beside.write(hidden)
        beside.build(allow_shrink=True)
    with serving(without, preview_secret=SECRET) as one, serving(beside, preview_secret=SECRET) as other:
        yield one, other


@pytest.mark.parametrize("path", sorted(OPERATIONS.keys() - STREAMS))
def test_a_route_answers_as_if_there_were_nothing_hidden(clients: tuple[Client, Client], path: str) -> None:
    without, beside = clients
    for address, query in requests(path):
        expected, answer = (told(client.get(address, params=query)) for client in (without, beside))
        assert answer == expected, (address, query)
        assert answer[0] < 500, (address, query)
        if MARK not in f"{address}{query}":
            assert MARK not in f"{answer}".lower(), (address, query)


@pytest.mark.parametrize("address", BESIDE)
def test_what_is_not_in_the_document_answers_so_too(clients: tuple[Client, Client], address: str) -> None:
    without, beside = clients
    assert told(beside.get(address)) == told(without.get(address))


def test_every_parameter_of_every_route_is_asked_with() -> None:
    for path in OPERATIONS.keys() - STREAMS:
        assert set(parameters(path, "path")) <= PATHS.keys(), path
        assert set(parameters(path, "query")) <= QUERY.keys(), path
        required = {
            row["name"] for row in OPERATIONS[path].get("parameters", []) if row["required"] and row["in"] == "query"
        }
        assert required == NEEDED.get(path, {}).keys(), path


def test_every_stream_has_a_test_of_its_own() -> None:
    assert STREAMS.keys() <= OPERATIONS.keys()
    assert set(STREAMS.values()) <= globals().keys()


def test_events_tell_nothing_of_what_is_hidden(tmp_path: Path) -> None:
    site = site_of(tmp_path, PUBLIC)
    site.build()
    with serving(site, preview_secret=SECRET) as client:
        before = client.get("/v1").headers["x-content-generation"]
        site.write(HIDDEN)
        site.build()
        client.refresh()
        assert client.get("/v1").headers["x-content-generation"] == before  # so there is no event
        site.write(
            {"news.md": post("News", date="2024-08-01", body="Of the fox."), "draft.md": _marked("other", draft=True)}
        )
        site.build()
        client.refresh()
        with client.app.state.service.library.lease() as snapshot:
            told = announcement_since(snapshot, before).text.decode()
        assert "post:news" in told
        assert MARK not in told


@pytest.mark.parametrize("url", ["/v1/posts", "/v1/search?q=fox", "/v1/tags", "/v1/posts/slug-zyxhushdraft", "/v1"])
def test_what_is_looked_for_would_be_seen(tmp_path: Path, url: str) -> None:
    """Where drafts are shown to everybody, the same answers differ."""
    shown = site_of(tmp_path, PUBLIC | HIDDEN, drafts=True)
    shown.build()
    (tmp_path / "without").mkdir()
    without = site_of(tmp_path / "without", PUBLIC)
    without.build()
    with serving(shown) as one, serving(without) as other:
        assert told(one.get(url)) != told(other.get(url))
        assert MARK in one.get(url).text or url == "/v1"
