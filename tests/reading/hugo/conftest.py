"""A Hugo site in a folder, written in the test, and what is read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from search_index.model import Kind
from search_index.reading.dialects import Aside, PostOutline
from search_index.reading.dialects.hugo import HugoDialect
from search_index.reading.source import scan
from search_index.settings import SiteSettings

CONFIGURATION = 'baseURL = "https://example.org/"\n'


@dataclass(frozen=True, slots=True)
class ReadSite:
    """``posts``, ``pages`` and ``asides`` are by path from the content folder."""

    root: Path
    dialect: HugoDialect
    settings: SiteSettings
    posts: Mapping[str, PostOutline]
    pages: Mapping[str, PostOutline]
    asides: Mapping[str, str]

    @property
    def paths(self) -> dict[str, str]:
        return {file: post.path for file, post in self.posts.items()}

    @property
    def told(self) -> list[str]:
        """The messages of all problems, of the site and of its posts."""
        problems = [*self.dialect.problems, *(one for post in self.posts.values() for one in post.problems)]
        return [problem.message for problem in problems]


HugoSite = Callable[..., ReadSite]


@pytest.fixture
def hugo(put: Callable[..., Path], tmp_path: Path) -> HugoSite:
    """``hugo({"posts/a.md": text}, configuration, **settings)``; a file that begins with ``/`` is put beside ``content``."""

    def read(files: Mapping[str, str], configuration: str = CONFIGURATION, **settings: Any) -> ReadSite:
        put("hugo.toml", configuration)
        for name, text in files.items():
            put(name[1:] if name.startswith("/") else f"content/{name}", text)
        return _read(tmp_path / "site", SiteSettings(**settings))

    return read


def _read(root: Path, settings: SiteSettings) -> ReadSite:
    dialect = HugoDialect.of(root, settings)
    assert dialect is not None
    completed = dialect.site(settings)
    found: dict[Kind, dict[str, PostOutline]] = {kind: {} for kind in Kind}
    asides: dict[str, str] = {}
    for file in scan(root, dialect).files:
        name = file.path.removeprefix("content/")
        aside = dialect.aside(file.path)
        if aside is None:
            document = dialect.document(file.path, (root / file.path).read_bytes(), completed)
            outline = dialect.outline(document, completed)
            if isinstance(outline, PostOutline):
                found[outline.kind][name] = outline
                continue
            aside = outline
        assert isinstance(aside, Aside)
        asides[name] = aside.reason
    return ReadSite(root, dialect, completed, found[Kind.POST], found[Kind.PAGE], asides)


def page(*lines: str, body: str = "Body.\n") -> str:
    """A page with these lines of YAML."""
    return "---\n" + "\n".join(lines) + "\n---\n" + body
