"""A site whose documents lie in a folder of it: the same dialect, its paths one folder deeper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from search_index.diagnostics import ContentProblem
from search_index.model import Rendered
from search_index.public_files import PublicFiles
from search_index.reading.dialects import Aside, Dialect, Document, PostOutline, PreparedBody, ValueCache
from search_index.reading.other_pages import OtherPages
from search_index.reading.outcome import EVERYTHING
from search_index.reading.source import FoundFile
from search_index.settings import SiteSettings


class SubfolderDialect(Dialect):
    """``inner`` reads the folder ``folder`` as a site of its own; problems of ``outer_files`` are told as they are."""

    def __init__(self, inner: Dialect, folder: str, outer_files: frozenset[str]) -> None:
        self._inner = inner
        self._prefix = f"{folder}/"
        self._outer_files = outer_files

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def reason(self) -> str:
        return f"{self._inner.reason}, its source being {self._prefix}"

    @property
    def fingerprint(self) -> str:
        return f"{self._prefix} {self._inner.fingerprint}"

    @property
    def problems(self) -> tuple[ContentProblem, ...]:
        return self._outside(self._inner.problems)

    def site(self, settings: SiteSettings) -> SiteSettings:
        return self._inner.site(settings)

    def use(self, now: int, cache: ValueCache | None) -> None:
        self._inner.use(now, cache)

    def about_to_read(self, file: FoundFile) -> None:
        self._inner.about_to_read(replace(file, path=self._inside(file.path)))

    def is_read_late(self, path: str) -> bool:
        return self._inner.is_read_late(self._inside(path))

    def enters(self, folder: str) -> bool:
        if self._prefix.startswith(f"{folder}/"):
            return True
        return folder.startswith(self._prefix) and self._inner.enters(self._inside(folder))

    def reads(self, path: str) -> bool:
        return path.startswith(self._prefix) and self._inner.reads(self._inside(path))

    def aside(self, path: str) -> Aside | None:
        return self._inner.aside(self._inside(path))

    def hides(self, path: str) -> str:
        return self._inner.hides(self._inside(path))

    def document(self, path: str, raw: bytes, settings: SiteSettings) -> Document:
        inner = self._inner.document(self._inside(path), raw, settings)
        front_matter = replace(inner.front_matter, problems=self._outside(inner.front_matter.problems))
        return replace(inner, path=path, front_matter=front_matter, problems=self._outside(inner.problems))

    def outline(self, document: Document, settings: SiteSettings) -> PostOutline | Aside:
        outline = self._inner.outline(self._of_inner(document), settings)
        return outline if isinstance(outline, Aside) else replace(outline, problems=self._outside(outline.problems))

    def prepare(self, document: Document, outline: PostOutline) -> PreparedBody:
        prepared = self._inner.prepare(self._of_inner(document), outline)
        uses = tuple(use if use == EVERYTHING else self._prefix + use for use in prepared.uses)
        return replace(prepared, problems=self._outside(prepared.problems), uses=uses)

    def excerpt_html(self, body: Rendered, excerpt: Rendered | None) -> str | None:
        return self._inner.excerpt_html(body, excerpt)

    def text_of(self, raw: bytes) -> str:
        return self._inner.text_of(raw)

    @property
    def other_pages(self) -> OtherPages:
        return self._inner.other_pages

    def document_meant(self, url: str, path: str) -> str | None:
        return self._inner.document_meant(url, self._inside(path))

    @property
    def public_files(self) -> PublicFiles:
        return replace(self._inner.public_files, base=self._prefix.rstrip("/"))

    def file_at(self, path: str) -> str | None:
        return self._inner.file_at(self._inside(path)) if path.startswith(self._prefix) else None

    def document_at(self, path: str) -> str | None:
        return self._inner.document_at(self._inside(path)) if path.startswith(self._prefix) else None

    def image_size(self, path: str) -> tuple[int, int] | None:
        return self._inner.image_size(self._inside(path))

    def _inside(self, path: str) -> str:
        return path.removeprefix(self._prefix)

    def _of_inner(self, document: Document) -> Document:
        return replace(document, path=self._inside(document.path))

    def _outside(self, problems: Iterable[ContentProblem]) -> tuple[ContentProblem, ...]:
        return tuple(
            problem if problem.file in self._outer_files else replace(problem, file=self._prefix + problem.file)
            for problem in problems
        )
