"""``ref`` and ``relref``: the page that a target means, seen from another page.

Source: ``hugolib/pagecollections.go`` of Hugo 0.111, ``getContentNode``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search_index.reading.hugo.content import ContentFile, ContentTree, Role
from search_index.reading.hugo.paths import clean


@dataclass(frozen=True, slots=True)
class Folder:
    """A section or taxonomy without a page of its own, by its folders."""

    names: tuple[str, ...]


Found = ContentFile | Folder


class References:
    """The pages of one language, by path and by name."""

    def __init__(self, tree: ContentTree, lang: str, taxonomies: tuple[str, ...]) -> None:
        self._lang = lang
        self._taxonomies = taxonomies
        self._pages: dict[str, ContentFile] = {}
        self._sections: dict[str, Found] = {"/": Folder(())}
        for file in tree.files.values():
            if file.lang == lang and file.role in (Role.PAGE, Role.BRANCH):
                self._take(file)
        for plural in taxonomies:
            self._sections.setdefault(f"/{plural}", Folder((plural,)))
        self._names = self._by_name()

    def find(self, target: str, at: ContentFile) -> Found | None:
        """What ``target`` (without its fragment) means on the page ``at``; None for nothing, or for several."""
        written = target.strip().lower() or "/"
        if written.startswith("/"):
            return self._at(written) or self._term(written) or self._named(written)
        base = at.folder if not at.is_leaf or written.startswith("..") else at.page_folder
        relative = self._at(clean(f"/{base.lower()}/{written}"))
        elsewhere = None if written.startswith(".") else self._at(f"/{written}")
        return relative or elsewhere or self._named(written)

    def _take(self, file: ContentFile) -> None:
        if file.role is Role.BRANCH:
            self._sections["/" + file.folder.lower()] = file
            return
        self._pages.setdefault(file.key, file)
        first = file.page_folder.split("/")[0]
        if first:
            self._sections.setdefault(f"/{first.lower()}", Folder((first.lower(),)))

    def _by_name(self) -> Mapping[str, Found | None]:
        names: dict[str, Found | None] = {}
        for key, found in (*self._pages.items(), *self._sections.items()):
            name = key.rpartition("/")[2]
            names[name] = None if name in names else found
        return names

    def _at(self, path: str) -> Found | None:
        section = self._sections.get(path.rstrip("/") or "/")
        if section is not None:
            return section
        folder, _, name = path.rpartition("/")
        stem = (name.rpartition(".")[0] or name).removesuffix(f".{self._lang}")
        if stem in ("index", "_index"):
            owner = self._sections.get(folder or "/")
            return self._pages.get(folder) or (owner if isinstance(owner, ContentFile) else None)
        return self._pages.get(f"{folder}/{stem}")

    def _term(self, path: str) -> Found | None:
        """Which terms there are only all posts together know: any is taken for one."""
        plural, _, name = path.strip("/").partition("/")
        return Folder((plural, name)) if plural in self._taxonomies and name and "/" not in name else None

    def _named(self, written: str) -> Found | None:
        """A name alone, such as ``hello.md``, means the one page of that name, wherever it is."""
        inner = written.removeprefix("/")
        if written.startswith(".") or "/" in inner:
            return None
        return self._names.get((inner.rpartition(".")[0] or inner).removesuffix(f".{self._lang}"))
