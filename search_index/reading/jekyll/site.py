"""What templates ask of a Jekyll site: configuration, data files, includes, and the addresses of posts, pages and files.

Sources: Jekyll's readers/data_reader.rb, tags/include.rb, tags/post_url.rb, tags/link.rb, page.rb, collection.rb.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from search_index.diagnostics import ContentProblem, ProblemCode
from search_index.model import Status
from search_index.reading.conventions import as_text
from search_index.reading.dialects import Document, PostOutline
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, decode, with_plain_lines
from search_index.reading.jekyll.config import JekyllConfig, config_limits, read_site_file
from search_index.reading.jekyll.files import POSTS
from search_index.reading.jekyll.front_matter import parse_jekyll, split_jekyll
from search_index.reading.jekyll.permalinks import UnknownPlaceholder, address
from search_index.reading.jekyll.scalars import resolve_scalar
from search_index.reading.source import FoundFile, Signature, scan
from search_index.reading.yaml_values import parse_yaml
from search_index.settings import Limits, SiteSettings

_DATA_SUFFIXES = frozenset({".yml", ".yaml", ".json", ".csv", ".tsv"})
_LISTINGS = frozenset({"posts", "related_posts", "categories", "tags"})
_RELATED = 10
_FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReadPost:
    """A post without its rendering; ``values`` is its front matter over the site's defaults."""

    document: Document
    outline: PostOutline
    values: Mapping[str, object]


class _Folder:
    """Every file below one folder; generators' own names are no exception."""

    def enters(self, folder: str) -> bool:
        del folder
        return True

    def reads(self, path: str) -> bool:
        del path
        return True


class SiteFiles:
    """The files of a site that are no posts and shape them: data and includes."""

    def __init__(self, root: Path, config: JekyllConfig, limits: Limits) -> None:
        self._root = root
        self._limits = limits
        self.data_folder = config.text("data_dir").strip("/") or "_data"
        self.include_folder = config.text("includes_dir").strip("/") or "_includes"

    @property
    def problems(self) -> tuple[ContentProblem, ...]:
        """What is wrong with the data files."""
        return self._data[1]

    @property
    def data(self) -> Mapping[str, object]:
        """The data files as nested maps, by their names without ending; those that cannot be read are problems."""
        return self._data[0]

    @cached_property
    def fingerprint(self) -> str:
        """A hash over the contents of all of them."""
        hashed = sha256()
        for folder in (self.data_folder, self.include_folder):
            for file in self._below(folder):
                digest = _digest(self._root, f"{folder}/{file.path}", file.signature, self._limits)
                hashed.update(f"{folder}/{file.path}\0{digest}\n".encode("utf-8", "surrogatepass"))
        return hashed.hexdigest()

    @cached_property
    def _data(self) -> tuple[Mapping[str, object], tuple[ContentProblem, ...]]:
        problems: list[ContentProblem] = []
        found: dict[str, object] = {}
        for file in self._below(self.data_folder):
            path = PurePosixPath(file.path)
            if path.suffix.lower() not in _DATA_SUFFIXES:
                continue
            at = found
            for part in path.parts[:-1]:
                inner = at.setdefault(_data_key(part), {})
                if not isinstance(inner, dict):
                    inner = at[_data_key(part)] = {}
                at = inner
            whole = f"{self.data_folder}/{file.path}"
            try:
                at[_data_key(path.stem)] = _data(path.suffix.lower(), self.read(whole), config_limits(self._limits))
            except ContentError as error:
                problems.append(error.problem(whole))
        return found, tuple(problems)

    def read(self, path: str) -> str:
        """The text of a file. Raises ``ContentError``."""
        return decode(read_site_file(self._root, path, self._limits))

    def include(self, name: str) -> str | None:
        return self._text(f"{self.include_folder}/{name}")

    def beside(self, name: str, page_path: str) -> str | None:
        folder = page_path.rpartition("/")[0]
        return self._text(f"{folder}/{name}" if folder else name)

    def _text(self, path: str) -> str | None:
        if ".." in path.split("/"):
            return None
        try:
            return self.read(path)
        except ContentError:
            return None

    def _below(self, folder: str) -> tuple[FoundFile, ...]:
        place = self._root / folder
        return scan(place, _Folder()).files if place.is_dir() and not place.is_symlink() else ()


class JekyllSite:
    """``SiteForLiquid``: one site as its posts' templates see it.

    ``paths`` are the files that may be posts; ``read`` gives the one at a path, None where it is none or never public.
    """

    def __init__(
        self,
        root: Path,
        config: JekyllConfig,
        settings: SiteSettings,
        files: SiteFiles,
        paths: Callable[[], tuple[str, ...]],
        read: Callable[[str], ReadPost | None],
    ) -> None:
        self._root = root
        self._config = config
        self._settings = settings
        self._files = files
        self._list_paths = paths
        self._read = read

    @property
    def url(self) -> str:
        parts = urlsplit(self._settings.public_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def baseurl(self) -> str:
        written = self._config.text("baseurl").strip("/")
        return f"/{written}" if written else ""

    @cached_property
    def time(self) -> datetime:
        """No clock enters a generation: the present where the owner sets one, else the day of the newest post's name."""
        if self._settings.now:
            return self._settings.now.astimezone(self._settings.zone)
        newest = max((day for path in self._paths if (day := _day(path)) is not None), default=_FIRST_MOMENT)
        return newest.astimezone(self._settings.zone)

    @property
    def listings(self) -> Set[str]:
        return _LISTINGS

    def values(self) -> Mapping[str, object]:
        made = {
            "data": lambda: self._files.data,
            "posts": lambda: self._posts,
            "related_posts": lambda: self._posts[:_RELATED],
            "categories": lambda: self._grouped("categories"),
            "tags": lambda: self._grouped("tags"),
        }
        return _Values(self._config.written, made)

    def include(self, name: str) -> str | None:
        return self._files.include(name)

    def included_relative(self, name: str, page_path: str) -> str | None:
        return self._files.beside(name, page_path)

    def post_url(self, name: str) -> str | None:
        path = self.post_named(name)
        return self._post_path(path) if path else None

    def post_named(self, name: str) -> str | None:
        """The file that ``post_url`` means by a name: by its folder first, then by the name alone."""
        clean = name.strip("/")
        folder, _, last = clean.rpartition("/")
        wanted = (f"{POSTS}/{clean}", f"{folder}/{POSTS}/{last}" if folder else "")
        return next((self._by_stem[stem] for stem in wanted if stem in self._by_stem), self._by_name.get(last))

    def link(self, path: str) -> str | None:
        clean = path.strip("/")
        return self._post_path(clean) if clean in self._paths else self._page_path(clean)

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return self._list_paths()

    @cached_property
    def _by_stem(self) -> Mapping[str, str]:
        return {path.rpartition(".")[0]: path for path in reversed(self._paths)}

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        return {path.rpartition("/")[2].rpartition(".")[0]: path for path in reversed(self._paths)}

    def _post_path(self, path: str) -> str | None:
        post = self._read(path)
        return post.outline.path if post else None

    @cached_property
    def _posts(self) -> list[dict[str, object]]:
        """The posts as templates list them, newest first."""
        posts = [post for path in self._paths if (post := self._read(path)) is not None]
        posts.sort(key=lambda post: (post.outline.published_at or _FIRST_MOMENT, post.document.path), reverse=True)
        return [page_values(post, self._settings.zone) for post in posts]

    def _grouped(self, key: Literal["categories", "tags"]) -> dict[str, list[dict[str, object]]]:
        grouped: dict[str, list[dict[str, object]]] = {}
        for post in self._posts:
            names = post[key]
            for name in names if isinstance(names, list) else ():
                grouped.setdefault(name, []).append(post)
        return grouped

    def _page_path(self, path: str) -> str | None:
        """The address of a page, a collection's document or a file that is copied; None where there is no such file."""
        if ".." in path.split("/"):
            return None
        try:
            text = with_plain_lines(self._files.read(path))
            split_file = split_jekyll(text, self._settings.limits)
            values = parse_jekyll(path, split_file, self._settings.limits).values
        except ContentError:
            return f"/{path}" if (self._root / path).is_file() else None
        if split_file.format is Format.NONE:
            return f"/{path}"
        try:
            return address(*self._page_address(path, as_text(values.get("permalink"))))
        except UnknownPlaceholder:
            return f"/{path}"

    def _page_address(self, path: str, permalink: str | None) -> tuple[str, dict[str, str]]:
        """The template of a page's or document's address, and what fills it in."""
        folder, _, name = path.rpartition("/")
        stem, _, ending = name.rpartition(".")
        markup = f".{ending.lower()}" in (*self._config.markdown_suffixes, ".html", ".htm")
        output = ".html" if markup else f".{ending}"
        suffix = _ending_of_style(self._config.text("permalink") or "date")
        values = {"path": folder, "basename": stem, "name": stem, "title": stem, "output_ext": output}
        label, _, below = path.partition("/")
        collection = self._config.collections.get(label.removeprefix("_")) if label.startswith("_") and below else None
        if collection is not None:
            own = collection.get("permalink") if isinstance(collection, Mapping) else None
            values |= {"collection": label[1:], "path": below.rpartition(".")[0]}
            return permalink or as_text(own) or f"/:collection/:path{suffix}", values
        if not markup:
            return permalink or "/:path/:basename:output_ext", values
        return permalink or ("/:path/" if stem == "index" else f"/:path/:basename{suffix}"), values


class _Values(Mapping[str, object]):
    """The configuration's values, and some that are worked out when they are asked for."""

    def __init__(self, written: Mapping[str, object], made: Mapping[str, Callable[[], object]]) -> None:
        self._written = written
        self._made = made

    def __getitem__(self, key: str) -> object:
        return self._made[key]() if key in self._made else self._written[key]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._written, **self._made})

    def __len__(self) -> int:
        return len({**self._written, **self._made})


def page_values(post: ReadPost, zone: ZoneInfo) -> dict[str, object]:
    """``page.*`` of a post: its front matter with the defaults, and what Jekyll adds to it.

    Source: "Predefined variables for pages" of Jekyll's documentation.
    """
    outline, path = post.outline, post.document.path
    title = post.values.get("title")
    return {
        **post.values,
        "title": outline.title if title is None else title,
        "slug": outline.slug,
        "date": outline.published_at.astimezone(zone) if outline.published_at else None,
        "url": outline.path,
        "id": f"{outline.path.rpartition('/')[0]}/{outline.slug}",
        "path": path,
        "relative_path": path,
        "collection": outline.collection,
        "categories": [term.name for term in outline.categories],
        "tags": [term.name for term in outline.tags],
        "ext": f".{path.rpartition('.')[2]}",
        "draft": outline.visibility.status is Status.DRAFT,
        "content": with_plain_lines(post.document.body),
    }


def _day(path: str) -> datetime | None:
    """The day that a file's name begins with, where it is written in full."""
    try:
        return datetime.strptime(path.rpartition("/")[2][:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _ending_of_style(permalink: str) -> str:
    """What pages and documents get of the posts' permalink style.

    Source: ``add_permalink_suffix`` of Jekyll's utils.rb.
    """
    if permalink == "pretty" or permalink.endswith("/"):
        return "/"
    return ":output_ext" if permalink in ("date", "ordinal", "none") or permalink.endswith(":output_ext") else ""


def _data_key(name: str) -> str:
    """Source: ``sanitize_filename`` of Jekyll's data_reader.rb."""
    kept = "".join(char for char in name if char.isalnum() or char in "_-" or char.isspace())
    return "_".join(kept.split())


def _data(suffix: str, text: str, limits: Limits) -> object:
    """One data file's value. Raises ``ContentError``."""
    if suffix in (".yml", ".yaml"):
        return parse_yaml(text, limits, resolve_scalar).value
    if suffix == ".json":
        try:
            value: object = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ContentError(ProblemCode.CONFIGURATION, f"no JSON: {error}", "mend it") from error
        return value
    rows = csv.DictReader(StringIO(text), delimiter="\t" if suffix == ".tsv" else ",")
    try:
        return [dict(row) for row in rows]
    except csv.Error as error:
        raise ContentError(ProblemCode.CONFIGURATION, f"no table: {error}", "mend it") from error


@lru_cache(maxsize=4096)
def _digest(root: Path, path: str, signature: Signature, limits: Limits) -> str:
    """A hash of a file's bytes; kept for as long as the file looks the same."""
    del signature
    try:
        return sha256(read_site_file(root, path, limits)).hexdigest()
    except ContentError as error:
        return error.message
