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
