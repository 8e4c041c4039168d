"""A Jekyll site in a folder, and its posts as they are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from search_index.reading.dialects.jekyll import JekyllDialect
from search_index.reading.outcome import ReadOutcome
from search_index.reading.post_reader import read_post
from search_index.reading.rendering import BodyRenderer
from search_index.settings import SiteSettings

ReadFile = Callable[..., ReadOutcome]


@pytest.fixture
def read_file(tmp_path: Path) -> ReadFile:
    """``read_file({path: text, ...}, path, **settings)``: the files are written, the one at ``path`` is read.

    Without ``path`` it is the last of the files.
    """

    def read(files: dict[str, str | bytes], path: str = "", **settings: Any) -> ReadOutcome:
        for name, content in {"_config.yml": "", **files}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(dedent(content).lstrip("\n").encode() if isinstance(content, str) else content)
        owner = SiteSettings(**settings)
        dialect = JekyllDialect.of(tmp_path, owner)
        assert dialect is not None
        site = dialect.site(owner)
        wanted = path or list(files)[-1]
        raw = (tmp_path / wanted).read_bytes()
        return read_post(wanted, raw, site, dialect, BodyRenderer(site), with_provenance=True)

    return read
