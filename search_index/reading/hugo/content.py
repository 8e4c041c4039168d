"""Which file of the content folders is which: page, section, part of a bundle, translation.

Source: ``hugolib/pages_capture.go``, ``hugolib/content_map.go``, ``hugofs/filter_fs.go`` and ``source/fileInfo.go`` of
Hugo 0.111.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from search_index.reading.hugo.configuration import Mount

MARKDOWN = frozenset({"md", "markdown", "mdown"})
HTML = frozenset({"html", "htm"})
OTHER_FORMATS = frozenset({"asciidoc", "adoc", "ad", "rest", "rst", "org", "pandoc", "pdc"})
CONTENT = MARKDOWN | HTML | OTHER_FORMATS


class Role(StrEnum):
    """What a content file is to the site; ``STRAY`` is the page of a section in a language that nobody configured."""

    PAGE = "page"
    BRANCH = "branch"
    RESOURCE = "resource"
    REPEATED = "repeated"
    STRAY = "stray"


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A content file. ``path`` is relative to the site's root, ``folder`` and ``name`` to where its folder is mounted.

    ``base_name`` is without ending and language; ``is_leaf`` marks the page of a bundle, which is named like its folder.
    ``owner`` is the file of which this one is a part, or for which it is left out.
    """

    path: str
    folder: str
    name: str
    base_name: str
    lang: str
    role: Role = Role.PAGE
    is_leaf: bool = False
    owner: str = ""

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def mounted(self) -> str:
        """The path from the content folder."""
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def content_name(self) -> str:
        """The base name, or the folder's name of a bundle."""
        return self.folder.rpartition("/")[2] if self.is_leaf or self.role is Role.BRANCH else self.base_name

    @property
    def page_folder(self) -> str:
        """The folder that the page is in: that of its bundle's folder for a bundle."""
        return self.folder.rpartition("/")[0] if self.is_leaf else self.folder

    @property
    def section(self) -> str:
        """The first folder; "" for pages and bundles at the top."""
        folders = self.folder.split("/")
        return folders[0] if not self.is_leaf or len(folders) > 1 else ""

    @property
    def key(self) -> str:
        """The page's place in the tree of content, in lower case: ``/posts/hello``."""
        return ("/" + "/".join(part for part in (self.page_folder, self.content_name) if part)).lower()


@dataclass(frozen=True, slots=True)
class Languages:
    """The codes of all languages, and those that are not built."""

    codes: frozenset[str]
    disabled: frozenset[str]


class ContentTree:
    """All content files of a site, by path."""

    def __init__(
        self, paths: Iterable[str], mounts: tuple[Mount, ...], languages: Languages, is_page: Callable[[str], bool]
    ) -> None:
        """``is_page`` tells of an ``index.html`` whether it is a page; others are files as they stand."""
        self._mounts = tuple(sorted(mounts, key=lambda mount: -len(mount.source)))
        self._languages = languages
        found = [file for path in sorted(paths) if (file := self._classified(path))]
        self._leaves: dict[str, dict[str, str]] = {}
        self._branches: set[str] = set()
        for file in found:
            if file.name.startswith("_index.") and is_page(file.path):
                self._branches.add(file.folder)
        for file in found:
            if file.name.startswith("index.") and file.folder not in self._branches and is_page(file.path):
                self._leaves.setdefault(file.folder, {}).setdefault(file.lang, file.path)
        self._kept = self._without_repeated(found)
        self.files: Mapping[str, ContentFile] = {file.path: self._in_role(file) for file in found}

    def file(self, path: str) -> ContentFile | None:
        """The content file at ``path``, relative to the site's root; None for one that is no content."""
        known = self.files.get(path)
        if known is not None:
            return known
        file = self._classified(path)
        return self._in_role(file) if file else None

    def holds(self, folder: str) -> bool:
        """Whether content may lie in ``folder``, relative to the root, or below."""
        return any(_within(folder, mount.source) or _within(mount.source, folder) for mount in self._mounts)

    def is_disabled(self, lang: str) -> bool:
        """Whether the language is configured and not built."""
        return lang in self._languages.disabled

    def _classified(self, path: str) -> ContentFile | None:
        mount = next((mount for mount in self._mounts if _within(path, mount.source)), None)
        if mount is None or not is_content(path):
            return None
        inner = path.removeprefix(mount.source).strip("/") or path.rpartition("/")[2]
        if not mount.takes(inner):
            return None
        mounted = f"{mount.target}/{inner}" if mount.target else inner
        folder, _, name = mounted.rpartition("/")
        stem = name.rpartition(".")[0]
        base, _, code = stem.rpartition(".")
        lang, base_name = (code, base) if code in self._languages.codes else (mount.lang, stem)
        return ContentFile(path, folder, name, base_name, lang)

    def _without_repeated(self, found: Iterable[ContentFile]) -> dict[tuple[str, str, str], str]:
        """The file that counts of those that are one page in one language: the one with the language in its name."""
        kept: dict[tuple[str, str, str], ContentFile] = {}
        for file in found:
            key = _identity(file)
            if key not in kept or (_names_language(file) and not _names_language(kept[key])):
                kept[key] = file
        return {key: file.path for key, file in kept.items()}

    def _in_role(self, file: ContentFile) -> ContentFile:
        parts = (file.path, file.folder, file.name, file.base_name, file.lang)
        owner = self._kept.get(_identity(file), file.path)
        if owner != file.path:
            return ContentFile(*parts, Role.REPEATED, owner=owner)
        bundle = self._bundle_above(file.folder)
        if bundle is not None:
            pages = self._leaves[bundle]
            if pages.get(file.lang) == file.path:
                return ContentFile(*parts, is_leaf=True)
            return ContentFile(*parts, Role.RESOURCE, owner=pages.get(file.lang) or next(iter(pages.values())))
        if file.name.startswith("_index.") and file.folder in self._branches:
            known = file.base_name == "_index"
            return ContentFile(*parts, Role.BRANCH) if known else ContentFile(*parts, Role.STRAY)
        return ContentFile(*parts)

    def _bundle_above(self, folder: str) -> str | None:
        """The outermost folder at or above ``folder`` that is a bundle."""
        parts = folder.split("/") if folder else []
        above = ("/".join(parts[:depth]) for depth in range(len(parts) + 1))
        return next((path for path in above if path in self._leaves), None)


def is_content(path: str) -> bool:
    """Whether a file of this name is content, by its ending; the case counts."""
    name = path.rpartition("/")[2]
    return "." in name and name.rpartition(".")[2] in CONTENT


def is_plain_html(text: str) -> bool:
    """Whether an HTML file is no page but a file as it stands: it begins with ``<``, and not with a comment, or is blank.

    Source: ``hugofs/files/classifier.go``.
    """
    start = text.lstrip()
    return not start or (start.startswith("<") and not start.startswith("<!--"))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _identity(file: ContentFile) -> tuple[str, str, str]:
    return file.lang, file.folder, f"{file.base_name}.{file.extension}"


def _names_language(file: ContentFile) -> bool:
    return file.name != f"{file.base_name}.{file.extension}"
