"""Files of the site at the addresses that the site itself has for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.schemas.problems import ErrorCode
from tests.api.client import serving
from tests.api.conftest import png
from tests.api.shapes import assert_problem
from tests.sites import Site, post


def put(site: Site, *paths: str) -> None:
    for path in paths:
        file = site.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(png())


@pytest.mark.parametrize(
    ("files", "pictures", "asked"),
    [
        ({"a.md": post("A")}, ["images/x.png"], ["/images/x.png", "/assets/images/x.png"]),
        ({"a.md": post("A")}, ["public/x.png"], ["/x.png", "/assets/public/x.png"]),
        (
            {"_config.yml": "baseurl: /blog\nurl: https://example.org\n", "_posts/2024-01-01-a.md": "A\n"},
            ["img/x.png"],
            ["/img/x.png", "/blog/img/x.png"],
        ),
        (
            {
                "hugo.toml": 'baseURL = "https://example.org/sub/"\n',
                "content/posts/hello/index.md": "---\ntitle: Hello\n---\n![x](x.png)\n",
            },
            ["static/img/y.png", "content/posts/hello/x.png"],
            ["/img/y.png", "/sub/posts/hello/x.png"],
        ),
    ],
)
def test_a_file_is_served_at_the_sites_own_path(
    tmp_path: Path, files: dict[str, str], pictures: list[str], asked: list[str]
) -> None:
    site = Site(tmp_path)
    site.write(files)
    put(site, *pictures)
    site.build()
    with serving(site) as client:
        for path in asked:
            found = client.get(path)
            assert (found.status_code, found.headers["content-type"]) == (200, "image/png"), path
            assert found.content == png()
            assert client.get(path, headers={"If-None-Match": found.headers["etag"]}).status_code == 304
            assert client.head(path).headers["content-length"] == str(len(png()))
            assert client.get(path, headers={"Range": "bytes=0-3"}).content == png()[:4]


@pytest.mark.parametrize(
    "path", ["/gone.png", "/a.md", "/_drafts/x.png", "/../x.png", "/.git/x.png", "/v1/x.png", "/static"]
)
def test_what_the_site_has_not_is_no_route(tmp_path: Path, path: str) -> None:
    site = Site(tmp_path)
    site.write({"a.md": post("A")})
    put(site, "_drafts/x.png", ".git/x.png")
    site.build()
    with serving(site) as client:
        assert_problem(client.get(path), ErrorCode.ROUTE_NOT_FOUND)


SITES = {
    "plain": {"a.md": post("A")},
    "jekyll": {
        "_config.yml": "url: https://example.org\ncollections: {recipes: {output: true}}\n",
        "_posts/2024-01-01-a.md": "A\n",
    },
    "hugo": {"hugo.toml": 'baseURL = "https://example.org/"\n', "content/a.md": post("A")},
}
SETTINGS = (
    *("synonyms.txt", "octavo.toml", "_config.yml", "hugo.toml", "config.toml", "config.yaml", "package.json"),
    *("content.schema", "content.config.ts", "Gemfile", ".env", ".hidden.txt", ".git/notes.txt"),
    *("draft.md", "draft.markdown", "draft.mdx", "_drafts/draft.txt", "_data/people.csv"),
)
PUBLISHED = {
    "plain": {
        "robots.txt": ["/robots.txt", "/assets/robots.txt"],
        "requirements.txt": ["/requirements.txt"],
        "public/synonyms.txt": ["/assets/public/synonyms.txt"],
        "words/synonyms.txt": ["/words/synonyms.txt", "/assets/words/synonyms.txt"],
        "data/people.csv": ["/data/people.csv"],
    },
    "jekyll": {
        "robots.txt": ["/robots.txt"],
        "words/synonyms.txt": ["/words/synonyms.txt"],
        "data/people.csv": ["/data/people.csv"],
        "_recipes/cake.pdf": ["/assets/_recipes/cake.pdf"],
    },
    "hugo": {
        "static/robots.txt": ["/robots.txt", "/assets/static/robots.txt"],
        "static/synonyms.txt": ["/synonyms.txt"],
        "static/data/people.csv": ["/data/people.csv"],
        "content/a.pdf": ["/assets/content/a.pdf"],
    },
}


@pytest.fixture(scope="module", params=SITES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def built(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp(kind))
    site.write(SITES[kind])
    site.build()
    site.write({name: "classified, secret" for name in SETTINGS if name not in SITES[kind]})
    return site


def test_settings_and_sources_of_a_site_are_no_files_of_it(built: Site) -> None:
    with serving(built) as client:
        for name in SETTINGS:
            for url in (f"/assets/{name}", f"/{name}", f"/assets/./{name}", f"/assets//{name}"):
                response = client.get(url, follow_redirects=True)
                assert (response.status_code, "classified" in response.text) == (404, False), url
                assert client.head(url, follow_redirects=True).status_code == 404


def test_what_the_sites_generator_would_publish_is_served(built: Site, kind: str) -> None:
    built.write({name: name for name in PUBLISHED[kind]})
    with serving(built) as client:
        for name, urls in PUBLISHED[kind].items():
            for url in urls:
                assert (client.get(url).status_code, client.get(url).text) == (200, name), url
