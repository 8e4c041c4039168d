"""The API explorer at /docs: complete without any other host, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.schemas.problems import ErrorCode
from tests.api.client import Client, serving
from tests.api.shapes import assert_problem
from tests.api.test_server import served
from tests.browser import browser, chromium
from tests.sites import Site


def addresses(blog: Client) -> list[str]:
    """Everything that the page loads before a script runs."""
    return re.findall(r'(?:src|href)="(/docs/[^"]+)"', blog.get("/docs").text)


def test_the_page_is_html_with_a_policy_and_sent_once(blog: Client) -> None:
    response = blog.get("/docs")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "script-src 'self';" in policy
    again = blog.get("/docs", headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = blog.head("/docs")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(response.content))


def test_the_page_names_no_other_host_and_has_no_script_of_its_own(blog: Client) -> None:
    page = blog.get("/docs").text
    assert "//" not in page
    assert re.findall(r"<script[^>]*>[^<]", page) == []


def test_its_files_are_kept_for_a_year_under_a_name_with_their_digest(blog: Client) -> None:
    found = addresses(blog)
    names = [re.sub(r"\.[0-9a-f]{12}\.", ".", address) for address in found]
    assert sorted(names) == [
        "/docs/explorer/explorer.js",
        "/docs/explorer/favicon-32x32.png",
        "/docs/explorer/swagger-ui-bundle.js",
        "/docs/explorer/swagger-ui.css",
    ]
    for address in found:
        response = blog.get(address)
        assert (response.status_code, response.headers["cache-control"]) == (
            200,
            "public, max-age=31536000, immutable",
        )
        assert response.headers["etag"][1:13] in address
        assert blog.get(address, headers={"If-None-Match": response.headers["etag"]}).status_code == 304
        assert blog.head(address).headers["content-length"] == str(len(response.content))


@pytest.mark.parametrize(
    "address",
    [
        "/docs/explorer/swagger-ui.css",
        "/docs/explorer/__init__.py",
        "/docs/explorer/..%2f..%2fapp.py",
        "/docs/explorer/%2e%2e/%2e%2e/app.py",
        "/docs/explorer/..%5c..%5capp.py",
        "/docs/explorer//etc/passwd",
        "/docs/explorer/%00",
        "/docs/explorer/",
        "/docs/page.html",
    ],
)
def test_nothing_else_is_below_docs(address: str, blog: Client) -> None:
    problem = assert_problem(blog.get(address, follow_redirects=True), ErrorCode.ROUTE_NOT_FOUND)
    assert problem["status"] == 404


def test_a_parameter_of_the_page_is_unknown(blog: Client) -> None:
    assert_problem(blog.get("/docs?url=https://elsewhere.example/openapi.json"), ErrorCode.UNKNOWN_PARAMETER)


def test_a_file_that_the_site_has_below_docs_is_served_as_before(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write({"hello.md": "---\ntitle: Hello\n---\nText.\n"})
    for folder in ("docs", "docs/explorer"):
        (site.content / folder).mkdir()
        (site.content / folder / "plan.txt").write_text(folder)
    site.build()
    with serving(site) as client:
        assert [client.get(f"/{name}/plan.txt").text for name in ("docs", "docs/explorer")] == ["docs", "docs/explorer"]


def test_the_explorer_is_not_part_of_the_sdk(blog: Client) -> None:
    assert [path for path in blog.get("/openapi.json").json()["paths"] if path.startswith("/docs")] == []
    assert blog.get(blog.get("/v1").json()["links"]["docs"]).status_code == 200


@pytest.mark.slow
def test_a_browser_without_any_other_host_shows_the_operations_and_runs_one(
    blog_site: Site, blog: Client, tmp_path: Path
) -> None:
    chromium()
    with served(blog_site) as port, browser(tmp_path) as page:
        origin = f"http://127.0.0.1:{port}"
        page.send("Page.navigate", url=f"{origin}/docs")
        page.wait_for("document.querySelectorAll('.opblock').length")
        shown = page.evaluate("[...document.querySelectorAll('.opblock-summary-path')].map(row => row.dataset.path)")
        assert sorted(shown) == sorted(blog.get("/openapi.json").json()["paths"])

        row = "#operations-posts-list_posts"
        for control in (".opblock-summary-control", ".try-out__btn", ".execute"):
            page.click(f"{row} {control}")
        answer = page.wait_for(f"document.querySelector('{row} .live-responses-table .response')?.innerText")
        assert "200" in answer
        assert '"title": "A second post"' in answer

        asked = [url for url in page.requested if not url.startswith(("data:", "blob:"))]
        assert {urlsplit(url).netloc for url in asked} == {f"127.0.0.1:{port}"}
        assert any(urlsplit(url).path == "/v1/posts" for url in asked)
        assert page.complaints == []
        assert page.evaluate("document.querySelector('.swagger-ui .info .title').innerText.startsWith('Octavo')")
