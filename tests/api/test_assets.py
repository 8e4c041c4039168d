"""Files of the content folder: which are public, and how they are sent."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from api.routers.assets import AssetResponse
from api.schemas.problems import ErrorCode
from search_index.assets import AssetFolder, AssetNotFound
from search_index.public_files import PublicFiles
from tests.api.client import Client, serving_library
from tests.api.conftest import MTIME, png
from tests.api.shapes import assert_problem
from tests.api.standin import StandInLibrary, StandInSnapshot

TEXT = b"0123456789"
PUBLIC = StandInSnapshot.public_files


@pytest.fixture
def files(folder: Path) -> Iterator[Client]:
    (folder / "images").mkdir()
    (folder / "images" / "dot.png").write_bytes(png())
    (folder / "images" / "drawing.svg").write_text("<svg><script>alert(1)</script></svg>")
    (folder / "digits.txt").write_bytes(TEXT)
    os.utime(folder / "digits.txt", (MTIME, MTIME))
    with serving_library(StandInLibrary(StandInSnapshot()), content_dir=folder) as client:
        yield client


def test_a_picture_is_sent_as_it_is(files: Client) -> None:
    response = files.get("/assets/images/dot.png")
    assert (response.status_code, response.content) == (200, png())
    assert response.headers["content-type"] == "image/png"
    assert response.headers["content-length"] == str(len(png()))
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" not in response.headers


def test_the_sites_own_assets_folder_is_where_its_html_looks_for_it(files: Client, folder: Path) -> None:
    (folder / "assets" / "img").mkdir(parents=True)
    (folder / "assets" / "img" / "own.png").write_bytes(png())
    assert files.get("/assets/img/own.png").content == png()
    assert files.get("/assets/assets/img/own.png").content == png()


def test_no_rule_is_asked_about_a_path_deeper_or_longer_than_those_of_files(files: Client, folder: Path) -> None:
    """A rule judges each folder on the way, so that an address of nothing but folders would keep a worker for a minute."""
    judged: list[str] = []

    class Watching(PublicFiles):
        def publishes(self, path: str) -> bool:
            judged.append(path)
            return super().publishes(path)

    deep, deeper = "d/" * 32, "e/" * 33
    for place in (deep, deeper):
        (folder / place).mkdir(parents=True)
        (folder / place / "dot.png").write_bytes(png())
    for path in (f"{deeper}dot.png", f"{'a/' * 3000}dot.png", f"{'long' * 255}/dot.png"):
        assert_problem(files.get(f"/assets/{path}"), ErrorCode.ASSET_NOT_FOUND)
        with pytest.raises(AssetNotFound):
            AssetFolder(folder).open(path, Watching(PUBLIC.folders))
    assert not judged
    assert files.get(f"/assets/{deep}dot.png").content == png()


def test_a_drawing_cannot_run_script(files: Client) -> None:
    response = files.get("/assets/images/drawing.svg")
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["content-security-policy"] == "sandbox; default-src 'none'; style-src 'unsafe-inline'"


def test_a_file_that_did_not_change_is_not_sent_again(files: Client) -> None:
    first = files.get("/assets/digits.txt")
    assert first.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
    again = files.get("/assets/digits.txt", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert files.head("/assets/digits.txt").headers["content-length"] == "10"


@pytest.mark.parametrize(
    ("asked", "content", "described"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
        ("bytes=-99", TEXT, "bytes 0-9/10"),
        ("bytes=5-9999999999999999999", b"56789", "bytes 5-9/10"),
    ],
)
def test_one_range_is_sent_as_a_part(files: Client, asked: str, content: bytes, described: str) -> None:
    response = files.get("/assets/digits.txt", headers={"Range": asked})
    assert (response.status_code, response.content) == (206, content)
    assert response.headers["content-range"] == described
    assert response.headers["content-length"] == str(len(content))


@pytest.mark.parametrize(
    "asked", ["bytes=", "bytes=-", "bytes=3-1", "lines=0-3", "bytes=0-1,3-4", "bytes=" + ",".join(["0-1"] * 6000), "bytes=٣-"]
)  # fmt: skip
def test_several_ranges_or_a_malformed_one_get_the_whole_file(files: Client, asked: str) -> None:
    response = files.get("/assets/digits.txt", headers={"Range": asked.encode()[:8000]})
    assert (response.status_code, response.content) == (200, TEXT)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=-0", "bytes=9999999999999999999-"])
def test_a_range_behind_the_end_is_a_problem_that_says_the_size(files: Client, asked: str) -> None:
    response = files.get("/assets/digits.txt", headers={"Range": asked})
    assert_problem(response, ErrorCode.RANGE_NOT_SATISFIABLE)
    assert response.headers["content-range"] == "bytes */10"


def test_a_part_of_another_version_is_never_sent(files: Client) -> None:
    etag = files.get("/assets/digits.txt").headers["etag"]
    ask = {"Range": "bytes=0-3"}
    assert files.get("/assets/digits.txt", headers={**ask, "If-Range": etag}).status_code == 206
    assert files.get("/assets/digits.txt", headers={**ask, "If-Range": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [".env", ".git/config", "post.md", "page.html", "script.js", "style.css", "feed.xml", "notes.txt~", "photo.jpg.bak",
     "~$report.pdf", "_drafts/secret.pdf", "../outside.txt", "images/../../outside.txt", "..%2foutside.txt",
     "%2e%2e/outside.txt", "..%252foutside.txt", "..%5coutside.txt", "images", "images/", "digits.txt/x.txt", "a%00.txt",
     "line%0abreak.txt", "none.txt", "link.txt", "linked/outside.txt", "inner.txt", "pipe.txt", "x" * 300 + ".txt", "txt", ""],
)  # fmt: skip
def test_nothing_else_of_the_machine_is_served(files: Client, folder: Path, path: str) -> None:
    for name in (".env", "post.md", "page.html", "script.js", "style.css", "feed.xml", "notes.txt~", "photo.jpg.bak"):
        (folder / name).write_text("classified")
    (folder / "~$report.pdf").write_text("classified")
    for private in (".git", "_drafts"):
        (folder / private).mkdir()
    (folder / ".git" / "config").write_text("classified")
    (folder / "_drafts" / "secret.pdf").write_text("classified")
    (folder.parent / "outside.txt").write_text("classified")
    (folder / "link.txt").symlink_to(folder.parent / "outside.txt")
    (folder / "linked").symlink_to(folder.parent)
    (folder / "inner.txt").symlink_to(folder / "digits.txt")
    os.mkfifo(folder / "pipe.txt")

    async def raw() -> bytes:
        return await _body_of_raw_path(files, b"/assets/" + path.encode())

    body = files.run(raw())
    assert b"classified" not in body
    assert b'"status":404' in body or b"308" in body


async def _body_of_raw_path(files: Client, raw_path: bytes) -> bytes:
    """Ask without the client's tidying of dots."""
    sent = []

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote_to_bytes(raw_path).decode(),
        "raw_path": raw_path,
        "query_string": b"",
        "headers": [],
        "app": files.app,
    }
    await files.app(scope, receive, send)  # type: ignore[arg-type]  # ASGI's own loose types
    status = str(sent[0]["status"]).encode()
    return status + b"".join(message["body"] for message in sent[1:])  # type: ignore[misc]  # a bare ASGI call


def test_the_content_folder_may_itself_be_a_link(folder: Path) -> None:
    (folder / "digits.txt").write_bytes(TEXT)
    link = folder.parent / "link"
    link.symlink_to(folder)
    asset = AssetFolder(link).open("digits.txt", PUBLIC)
    assert asset.read(2, 3) == b"234"
    asset.close()


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    with pytest.raises(AssetNotFound):
        AssetFolder(tmp_path / "gone").open("digits.txt", PUBLIC)


def test_an_error_of_the_machine_is_not_mistaken_for_a_missing_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            AssetFolder(tmp_path).open("digits.txt", PUBLIC)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_without_a_content_folder_there_are_no_files() -> None:
    with serving_library(StandInLibrary(StandInSnapshot())) as client:
        assert_problem(client.get("/assets/dot.png"), ErrorCode.ASSET_NOT_FOUND)


def test_no_descriptor_is_left_behind(files: Client, folder: Path) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # the descriptors of this process

    etag = files.get("/assets/digits.txt").headers["etag"]
    before = descriptors()
    for _ in range(20):
        files.get("/assets/digits.txt")
        files.head("/assets/digits.txt")
        files.get("/assets/digits.txt", headers={"If-None-Match": etag})
        files.get("/assets/digits.txt", headers={"Range": "bytes=99-"})
        files.get("/assets/none.txt")
        files.get("/assets/images")
    assert descriptors() == before


def test_sending_ends_when_the_client_leaves_or_the_file_is_cut(folder: Path) -> None:
    (folder / "large.txt").write_bytes(b"x" * 600_000)

    async def sent_bytes(leaves: bool) -> int:
        asset = AssetFolder(folder).open("large.txt", PUBLIC)
        total = 0

        async def receive() -> dict[str, object]:
            if not leaves:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, object]) -> None:
            nonlocal total
            total += len(message.get("body", b""))  # type: ignore[arg-type]  # a bare ASGI call
            await asyncio.sleep(0)
            if not leaves and total:
                os.truncate(folder / "large.txt", 10)

        response = AssetResponse(asset, None, {})
        await response({"type": "http"}, receive, send)  # type: ignore[arg-type]  # a bare ASGI call
        return total

    assert asyncio.run(sent_bytes(leaves=True)) < 600_000
    assert asyncio.run(sent_bytes(leaves=False)) == 256 * 1024
