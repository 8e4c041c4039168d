"""A folder to put posts in, and posts read the way the reading processes read them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search_index.reading.dialects.plain import PlainDialect
from search_index.reading.outcome import ReadOutcome
from search_index.reading.post_reader import read_post
from search_index.reading.rendering import BodyRenderer
from search_index.settings import SiteSettings

Read = Callable[..., ReadOutcome]
LONG_AGO = 1_600_000_000


@pytest.fixture(scope="session")
def render() -> BodyRenderer:
    return BodyRenderer(SiteSettings())


@pytest.fixture
def read(render: BodyRenderer) -> Read:
    """``read("---\\ntitle: x\\n---\\n", path="2020-01-02-x.md", **settings)``."""

    def read_text(text: str | bytes, path: str = "2020-01-02-a-post.md", **settings: Any) -> ReadOutcome:
        raw = text.encode() if isinstance(text, str) else text
        site = SiteSettings(**settings)
        renderer = BodyRenderer(site) if settings else render
        return read_post(path, raw, site, PlainDialect(), renderer, with_provenance=True)

    return read_text


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of the folder ``tmp_path / "site"``, settled long ago."""

    def write(name: str, content: str | bytes = "# Hello\n") -> Path:
        file = tmp_path / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(file, (LONG_AGO, LONG_AGO))
        return file

    (tmp_path / "site").mkdir()
    return write
