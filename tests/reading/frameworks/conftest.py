"""A framework's folder, and its documents as they are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from search_index.reading import choose_dialect
from search_index.reading.outcome import ReadOutcome
from search_index.reading.post_reader import read_post
from search_index.reading.rendering import BodyRenderer
from search_index.reading.source import scan
from search_index.settings import SiteSettings

ReadSite = Callable[..., dict[str, ReadOutcome]]


@pytest.fixture
def read_site(tmp_path: Path) -> ReadSite:
    """``read_site({path: text, ...}, **settings)``: what each file that is read comes to, by its path."""

    def read(files: dict[str, str], **settings: Any) -> dict[str, ReadOutcome]:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        owner = SiteSettings(**settings)
        dialect = choose_dialect(tmp_path, owner)
        site = dialect.site(owner)
        return {
            file.path: read_post(
                file.path,
                (tmp_path / file.path).read_bytes(),
                site,
                dialect,
                BodyRenderer(site),
                with_provenance=True,
            )
            for file in scan(tmp_path, dialect).files
        }

    return read
