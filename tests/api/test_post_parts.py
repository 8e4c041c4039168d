"""What belongs to a post besides its JSON: source, text, neighbours, and the posts that link to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.schemas.lists import Backlinks
from api.schemas.posts import Neighbors
from api.schemas.problems import ErrorCode
from search_index.reading.front_matter import body_as_written, decode, decode_exactly, split
from search_index.settings import Limits
from search_index.wire import Post
from tests.api.client import Client, serving
from tests.api.shapes import assert_declared, assert_problem
from tests.sites import Site, post

SOURCE = "\r\n# Über *alles*  \r\n\r\nText `code`.\r\n\n\n    block\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    site = Site(Path(tmp_path_factory.mktemp("parts")))
    site.write(
        {
            "older.md": post("Older", date="2024-01-01"),
            "notes.md": post("Notes", slug="notes", date="2024-01-02", body="# The plain notes"),
            "a/deep.md": post("Deep", date="2024-01-03", slug="deep", body="In the *deep*."),
            "later.md": post("Later", date="2026-09-02", body="Not yet."),
            "draft.md": post("Draft", date="2024-01-01", draft=True, body="Never."),
            "one.md": post("One", date="2024-02-01", permalink="/one/"),
        }
    )
    raw = b"\xef\xbb\xbf---\r\ntitle: Windows\r\ndate: 2024-01-04\r\n---\r\n" + SOURCE.encode()
    (site.content / "windows.md").write_bytes(raw)
    site.build()
    with serving(site) as opened:
        yield opened


def test_the_source_is_what_stands_behind_the_front_matter_to_the_last_line_end(client: Client) -> None:
    got = client.get("/v1/posts/windows.md")
    assert (got.status_code, got.headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    assert got.content == SOURCE.encode()
    assert got.headers["last-modified"] == "Thu, 04 Jan 2024 00:00:00 GMT"
    assert got.headers["cache-tag"] == "post:windows"


def test_the_text_is_the_one_that_is_indexed(client: Client) -> None:
    got = client.get("/v1/posts/windows.txt")
    assert (got.status_code, got.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert got.text == "Über alles\nText code.\nblock\n"
    assert client.get('/v1/search?q="Text code"').json()["items"][0]["post"]["slug"] == "windows"


@pytest.mark.parametrize("ending", ["md", "txt"])
@pytest.mark.parametrize("name", ["deep", "a/deep", "a%2Fdeep"])
def test_the_forms_of_a_post_are_found_by_slug_and_by_id(client: Client, ending: str, name: str) -> None:
    expected = {"md": "\nIn the *deep*.\n", "txt": "In the deep.\n"}
    assert client.get(f"/v1/posts/{name}.{ending}").text == expected[ending]


@pytest.mark.parametrize("ending", ["md", "txt"])
def test_each_form_has_a_validator_of_its_own_bytes(client: Client, ending: str) -> None:
    got = client.get(f"/v1/posts/deep.{ending}")
    assert got.headers["etag"] != client.get("/v1/posts/deep").headers["etag"]
    again = client.get(f"/v1/posts/deep.{ending}", headers={"If-None-Match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-type" not in again.headers


@pytest.mark.parametrize("part", [".md", ".txt", "/neighbors", "/backlinks"])
@pytest.mark.parametrize("slug", ["later", "draft", "never-was"])
def test_nothing_of_a_post_that_is_not_public_can_be_had(client: Client, slug: str, part: str) -> None:
    problem = assert_problem(client.get(f"/v1/posts/{slug}{part}"), ErrorCode.POST_NOT_FOUND)
    assert not {"later", "draft"} & set(problem["suggestions"])


@pytest.mark.parametrize("part", [".md", ".txt", "/neighbors", "/backlinks"])
def test_a_miss_suggests_the_slugs_that_look_alike(client: Client, part: str) -> None:
    assert "notes" in assert_problem(client.get(f"/v1/posts/note{part}"), ErrorCode.POST_NOT_FOUND)["suggestions"]


@pytest.mark.parametrize("part", [".md", ".txt", "/neighbors", "/backlinks"])
def test_a_post_of_just_this_name_comes_before_the_part_of_another(tmp_path: Path, part: str) -> None:
    site = Site(tmp_path)
    site.write({"note.md": post("Note"), f"note{part}.md": post("Other", slug="other")})
    site.build()
    with serving(site) as client:
        got = client.get(f"/v1/posts/note{part}")
        other = assert_declared(got, Post)
        assert (other["id"], other["title"]) == (f"note{part}", "Other")
        again = client.get(f"/v1/posts/note{part}", headers={"If-None-Match": got.headers["etag"]})
        assert again.status_code == 304


def test_neighbors_are_those_that_the_post_names(client: Client) -> None:
    for item in client.get("/v1/posts").json()["items"]:
        whole = client.get(item["api_url"]).json()
        beside = assert_declared(client.get(f"{item['api_url']}/neighbors"), Neighbors)
        assert beside == {"prev": whole["prev"], "next": whole["next"]}


def linking(client: Client, slug: str) -> list[str]:
    return [item["title"] for item in assert_declared(client.get(f"/v1/posts/{slug}/backlinks"), Backlinks)["items"]]


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A site in a folder of its host, with pages, whose posts link to one another in every way."""
    site = Site(Path(tmp_path_factory.mktemp("linked")))
    body = {
        "path": "[x](/blog/2024/target/)",
        "twice": "[x](/blog/2024/target/) [y](/blog/2024/target/#end) [z](/blog/2024/target/?a=b)",
        "whole": "[x](https://www.example.org/blog/2024/target/index.html)",
        "slashless": "[x](/blog/2024/target)",
        "relative": "[x](../target/)",
        "alias": "[x](/blog/old/target)",
        "post-url": "[x]({% post_url 2024-01-01-target %})",
        "link-tag": "[x]({% link _posts/2024-01-01-target.md %})",
        "file": "[x](2024-01-01-target.md#end)",
        "elsewhere": "[x](https://example.com/blog/2024/target/) [y](https://example.org/2024/target/) [z](mailto:a@b.c)",
        "image": "![x](/blog/2024/target/)",
        "later": "[x](/blog/2024/target/)",
    }
    dates = {name: f"2024-02-{day:02}" for day, name in enumerate(body, 1)} | {"later": "2026-09-02"}
    site.write(
        {
            "_config.yml": "url: https://example.org\nbaseurl: /blog\npermalink: /:year/:title/\n",
            "_posts/2024-01-01-target.md": (
                "---\ntitle: Target\nredirect_from: /old/target/\n---\n"
                "[me](/blog/2024/target/) [here](#end) [there](../relative/)\n"
            ),
            "_posts/2024-01-02-draft.md": "---\ntitle: Draft\npublished: false\n---\n[x](/blog/2024/target/)\n",
            "about.md": "---\ntitle: About\n---\n[x](/blog/2024/target/)\n",
            **{f"_posts/{dates[name]}-{name}.md": f"---\ntitle: {name}\n---\n{text}\n" for name, text in body.items()},
        }
    )
    site.build()
    with serving(site) as opened:
        yield opened


def test_backlinks_are_the_public_posts_and_pages_that_link_here_in_any_spelling(linked: Client) -> None:
    assert linking(linked, "target") == [
        *("file", "link-tag", "post-url", "alias", "relative", "slashless", "whole", "twice", "path"),
        "About",
    ]


def test_a_post_is_linked_from_where_it_is_linked_and_from_nowhere_else(linked: Client) -> None:
    assert linking(linked, "relative") == ["Target"]
    assert linking(linked, "path") == []


def test_a_link_counts_for_the_page_that_its_address_leads_to(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        {
            "old.md": post("Old", date="2024-01-01", permalink="/new/", aliases=["/older"]),
            "taken.md": post("Taken", date="2024-01-02", permalink="/older.html"),
            "to-old.md": post("To the old", date="2024-01-03", body="[x](/older)"),
            "to-taken.md": post("To the taken", date="2024-01-04", body="[x](/older.html)"),
        }
    )
    site.build()
    with serving(site) as client:
        assert linking(client, "old") == ["To the old"]
        assert linking(client, "taken") == ["To the taken"]


def test_a_link_counts_from_the_minute_its_page_is_public(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        {
            "target.md": post("Target", date="2024-01-01"),
            "soon.md": post("Soon", date="2026-09-01T12:00:30Z", body="[x](/target/)"),
            "gone.md": post("Gone", date="2024-01-02", expires="2026-09-01T12:00:30Z", body="[x](/target/)"),
        }
    )
    site.build()
    with serving(site) as client:
        assert linking(client, "target") == ["Gone"]
        site.clock.instant = datetime(2026, 9, 1, 12, 0, 30, tzinfo=UTC)
        assert linking(client, "target") == ["Soon"]


def test_hugo_links_by_ref_and_by_file_lead_to_their_pages(tmp_path: Path) -> None:
    site = Site(tmp_path)
    front = "---\ntitle: {}\ndate: 2024-01-0{}\n---\n"
    site.write(
        {
            "hugo.toml": 'baseURL = "https://example.org/blog/"\n',
            "content/posts/target.md": front.format("Target", 1) + "Words.\n",
            "content/posts/ref.md": front.format("Ref", 2) + '[x]({{< ref "target.md" >}})\n',
            "content/posts/relref.md": front.format("Relref", 3) + '[x]({{< relref "/posts/target#a" >}})\n',
            "content/posts/file.md": front.format("File", 4) + "[x](target.md)\n",
            "content/posts/relative.md": front.format("Relative", 5) + "[x](../target/)\n",
            "content/posts/rootless.md": front.format("Without the folder", 6) + "[x](/posts/target/)\n",
        }
    )
    site.build()
    with serving(site) as client:
        assert linking(client, "target") == ["Without the folder", "Relative", "File", "Relref", "Ref"]


@pytest.mark.parametrize("form", ["root", "site", "untouched"])
def test_the_graph_is_the_same_however_links_are_rewritten(tmp_path: Path, form: Any) -> None:
    site = Site(tmp_path, links=form, public_url="https://example.org")
    site.write(
        {
            "a/target.md": post("Target", date="2024-01-01", slug="target"),
            "a/from.md": post("From", date="2024-01-02", body="[x](target.md)"),
        }
    )
    site.build()
    with serving(site) as client:
        assert linking(client, "target") == ["From"]
    site.write({"a/target.md": post("Target", date="2024-01-01", slug="moved")})
    site.build()
    with serving(site) as client:
        assert linking(client, "moved") == ["From"]


@given(
    st.text(st.sampled_from("a-#\r\n "), max_size=30), st.sampled_from(["", "---\r\na: b\r\n---\n", "---\na: b\r---\r"])
)
def test_the_source_and_its_parsed_body_differ_in_line_ends_alone(body: str, front_matter: str) -> None:
    raw = (front_matter + body).encode()
    parsed = split(decode(raw), Limits()).body if front_matter else decode(raw)
    written = body_as_written(decode_exactly(raw), parsed)
    assert written.replace("\r\n", "\n").replace("\r", "\n") == parsed
    assert decode_exactly(raw).endswith(written)
