"""One blog for the tests that only read: files in a folder, indexed, served."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.client import Client, serving
from tests.sites import Site, post

MTIME = 1_700_000_000


def png(width: int = 1, height: int = 1) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\x00" + b"\x80" * width for _ in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


FILES = {
    "hello.md": post(
        "Hello, world",
        date="2024-05-28T23:23:39-05:00",
        tags=["Python", "Web"],
        categories=["Dev", "Python"],
        authors=["Ann"],
        body="The quick brown fox jumps.\n\n## Setup\n\nInstall the fox with care.",
    ),
    "second.md": post(
        "A second post", date="2024-06-01", updated="2025-01-01", tags=["python"], featured=True, series="Letters"
    ),
    "über.md": post(
        "Über uns", slug="über", date="2023-01-31", lang="de", tags=["C++"], body="Ein Fuchs und ein Hase."
    ),
    "folder/deep.md": post("Deep", date="2022-03-04", tags=["web"], body="A lazy fox sleeps."),
    "undated.md": post("Undated", tags=["web"]),
    "tomorrow.md": post("Tomorrow", date="2026-09-02", tags=["secret"]),
    "draft.md": post("Draft", date="2024-01-01", draft=True, tags=["secret"], body="fox"),
    "broken.md": "---\ntitle: [unclosed\n---\n\nText.\n",
}


@pytest.fixture(scope="session")
def blog_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("blog"), public_url="https://example.org", title="A blog")
    site.write(FILES)
    images = site.content / "images"
    images.mkdir()
    (images / "dot.png").write_bytes(png())
    (images / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    os.utime(images / "dot.png", (MTIME, MTIME))
    site.build()
    return site


@pytest.fixture(scope="session")
def blog(blog_site: Site) -> Iterator[Client]:
    """The blog behind the API; nothing of it changes."""
    with serving(blog_site) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder
