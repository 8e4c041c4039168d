"""What templates ask of a Jekyll site: configuration, data files, includes, and the addresses of posts, pages and files.

Sources: Jekyll's readers/data_reader.rb, tags/include.rb, tags/post_url.rb, tags/link.rb, page.rb, collection.rb.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from search_index.diagnostics import ContentProblem, ProblemCode
from search_index.model import PAGES, Status
from search_index.reading.conventions import as_text
from search_index.reading.dialects import Document, PostOutline
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, decode, with_plain_lines
from search_index.reading.jekyll.config import JekyllConfig, config_limits, read_site_file
from search_index.reading.jekyll.files import POSTS
from search_index.reading.jekyll.front_matter import parse_jekyll, split_jekyll
from search_index.reading.jekyll.listing import LazyValues, Listed, Listing
from search_index.reading.jekyll.permalinks import UnknownPlaceholder, address
from search_index.reading.jekyll.scalars import resolve_scalar
from search_index.reading.sequence import rising
from search_index.reading.source import FoundFile, Signature, scan
from search_index.reading.yaml_values import parse_yaml
from search_index.settings import Limits, SiteSettings

_DATA_SUFFIXES = frozenset({".yml", ".yaml", ".json", ".csv", ".tsv"})
_LISTINGS = frozenset({"posts", "related_posts", "categories", "tags"})
_RELATED = 10
_COMPILED = {"scss": ".css", "sass": ".css", "coffee": ".js"}
_FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReadPost:
    """A post or page without its rendering; ``values`` is its front matter over the site's defaults."""

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
    def author_names(self) -> Mapping[str, str]:
        """The names of authors by the key that posts call them by: ``_data/authors``."""
        authors = self.data.get("authors")
        rows = authors.items() if isinstance(authors, dict) else ()
        return {key: name for key, row in rows if isinstance(row, dict) and (name := as_text(row.get("name")))}

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

    ``found`` gives the files that may be of a collection; ``read`` the post or page in a file, None where there is none or
    it is not public.
    """

    def __init__(
        self,
        root: Path,
        config: JekyllConfig,
        settings: SiteSettings,
        files: SiteFiles,
        found: Callable[[str], tuple[FoundFile, ...]],
        read: Callable[[str], ReadPost | None],
        listing: Listing,
    ) -> None:
        self._root = root
        self._config = config
        self._settings = settings
        self._files = files
        self._found = found
        self._read = read
        self._listing = listing

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
        return _LISTINGS | {*self._config.collections, PAGES} - {"data"}

    def values(self) -> Mapping[str, object]:
        made = {
            "data": lambda: self._files.data,
            "posts": lambda: self._posts,
            "related_posts": lambda: self._posts[:_RELATED],
            "categories": lambda: self._grouped("categories"),
            "tags": lambda: self._grouped("tags"),
        }
        made |= {
            label: partial(self._documents, label)
            for label in (PAGES, *self._config.collections)
            if label not in ("posts", "data")
        }
        return LazyValues(self._config.written, made)

    def include(self, name: str) -> str | None:
        return self._files.include(name)

    def included_relative(self, name: str, page_path: str) -> str | None:
        return self._files.beside(name, page_path.removesuffix("/#excerpt"))

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
        return self._post_path(clean) or self._file_path(clean)

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in self._found("posts"))

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
    def _posts(self) -> list[Mapping[str, object]]:
        """The posts as templates list them, newest first."""
        return self._documents("posts")[::-1]

    def neighbours(self, path: str) -> Neighbours:
        """The posts before and after the one at ``path``."""
        return Neighbours(lambda: self._neighbours_of(path))

    def _neighbours_of(self, path: str) -> tuple[object, object]:
        at = self._places.get(path)
        if at is None:
            return None, None
        older = self._posts[at + 1] if at + 1 < len(self._posts) else None
        return older, self._posts[at - 1] if at else None

    @cached_property
    def _places(self) -> Mapping[object, int]:
        return {post["path"]: place for place, post in enumerate(self._posts)}

    def _documents(self, label: str) -> list[Mapping[str, object]]:
        """The documents of a collection, or the pages, as templates list them."""
        return self._listing.documents(self._found(label))

    def _grouped(self, key: Literal["categories", "tags"]) -> dict[str, list[Mapping[str, object]]]:
        grouped: dict[str, list[Mapping[str, object]]] = {}
        for post in self._posts:
            names = post[key]
            for name in names if isinstance(names, list) else ():
                grouped.setdefault(name, []).append(post)
        return grouped

    def _file_path(self, path: str) -> str | None:
        """The address of a file that is no text to serve, a feed or an image; None where there is no such file."""
        if ".." in path.split("/"):
            return None
        try:
            text = with_plain_lines(self._files.read(path))
            split_file = split_jekyll(text, self._settings.limits)
            values = parse_jekyll(path, split_file, self._settings.limits).values
        except ContentError:
            return f"/{path}" if (self._root / path).is_file() else None
        folder, _, name = path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        output = _COMPILED.get(ending.lower(), f"{dot}{ending}")
        if split_file.format is Format.NONE:
            return f"/{path}"
        permalink = as_text(values.get("permalink")) or "/:path/:basename:output_ext"
        try:
            return address(permalink, {"path": folder, "basename": stem, "output_ext": output})
        except UnknownPlaceholder:
            return f"/{path}"


class Neighbours:
    """``page.previous`` and ``page.next``; ``asked`` tells whether a template wanted them."""

    def __init__(self, find: Callable[[], tuple[object, object]]) -> None:
        self._find = find
        self.asked = False

    def previous(self) -> object:
        self.asked = True
        return self._find()[0]

    def next(self) -> object:
        self.asked = True
        return self._find()[1]


def page_values(post: ReadPost, zone: ZoneInfo) -> dict[str, object]:
    """``page.*`` of a post or page: its front matter with the defaults, and what Jekyll adds to it.

    Source: "Predefined variables for pages" of Jekyll's documentation.
    """
    outline, path = post.outline, post.document.path
    title = post.values.get("title")
    if outline.collection == PAGES:
        return {
            **post.values,
            "url": outline.path,
            "path": path,
            "name": path.rpartition("/")[2],
            "dir": outline.path.rpartition("/")[0] + "/",
            "content": with_plain_lines(post.document.body),
        }
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


def listed(post: ReadPost, zone: ZoneInfo) -> Listed:
    """A post or page for listings; ``content`` is left out, which listings seldom ask for."""
    outline, path = post.outline, post.document.path
    moment = outline.published_at or _FIRST_MOMENT
    order = outline.place.sequence if outline.place else rising(int(moment.timestamp()))
    values = {key: value for key, value in page_values(post, zone).items() if key != "content"}
    span = outline.visibility
    return Listed(path, order, span.visible_from, span.visible_until, values)


def _day(path: str) -> datetime | None:
    """The day that a file's name begins with, where it is written in full."""
    try:
        return datetime.strptime(path.rpartition("/")[2][:10], "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


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
