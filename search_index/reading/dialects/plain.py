"""A hand-made folder of Markdown: dates and slugs from front matter or ``YYYY-MM-DD-slug.md``."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import datetime
from pathlib import Path, PurePosixPath

from search_index.assets import AssetFolder
from search_index.diagnostics import ProblemCode, Severity
from search_index.reading.conventions import (
    DATE_KEYS,
    EMBARGO_KEYS,
    EXPIRY_KEYS,
    UPDATED_KEYS,
    Fields,
    fold,
    normal_path,
    without_private,
)
from search_index.reading.dates import DateError, moment_of_name, parse_moment
from search_index.reading.dialects import Aside, Dialect, Document, PostOutline, PreparedBody
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, decode, parse, split
from search_index.reading.headers import split_headers
from search_index.reading.images import first_size
from search_index.reading.markdown import BlogMarkdown, MarkdownRenderer
from search_index.reading.plain_text import clean
from search_index.reading.source import is_markdown, read_file
from search_index.settings import SiteSettings
from search_index.taxonomy import slugify, term
from search_index.visibility import visibility_of

_NAME = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[-_ .]+(?P<slug>.*))?", re.ASCII | re.DOTALL)
_ASIDE = frozenset({"readme", "index", "_index"})
_DRAFT_FOLDERS = frozenset({"_drafts", "drafts"})
_HIDDEN_STATUS = frozenset({"draft", "private", "hidden", "unpublished"})


_IGNORED_FOLDERS = frozenset(
    {"node_modules", "vendor", "_site", "_includes", "_layouts", "_sass", "_data", "__pycache__", "bower_components"}
)
"""Folders that generators and package managers fill: no posts of the author's in them, at any depth."""
_IGNORED_HUGO_FOLDERS = frozenset({"public", "resources", "themes", "archetypes", "layouts"})
"""Output and scaffolding of Hugo, ignored at the top only, and only where one of ``_HUGO_MARKERS`` stands beside them."""
_STATIC_FOLDERS = ("", "public", "static", "source")
"""Where hand-made folders and frameworks keep what is served from the site's root."""
_HUGO_MARKERS = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "archetypes", ".hugo_build.lock")


class PlainDialect(Dialect):
    """Every Markdown file with a date (front matter or name) or with front matter is a post; README and index files are not."""

    name = "plain"
    reason = "the folder is not a generator's that Octavo knows"

    def __init__(
        self,
        root: Path | None = None,
        settings: SiteSettings | None = None,
        *,
        markdown: MarkdownRenderer | None = None,
        ignored: frozenset[str] = frozenset(),
    ) -> None:
        self._root = root
        self._settings = settings or SiteSettings()
        self._markdown = markdown or BlogMarkdown()
        self._ignored = ignored

    @classmethod
    def of(cls, root: Path, settings: SiteSettings) -> PlainDialect:
        """Any folder may be read so."""
        is_hugo = any(os.path.lexists(root / marker) for marker in _HUGO_MARKERS)
        return cls(root, settings, ignored=_IGNORED_HUGO_FOLDERS if is_hugo else frozenset())

    @property
    def fingerprint(self) -> str:
        return self._markdown.version

    def enters(self, folder: str) -> bool:
        return folder.rpartition("/")[2] not in _IGNORED_FOLDERS and folder not in self._ignored

    def reads(self, path: str) -> bool:
        return is_markdown(path)

    def aside(self, path: str) -> Aside | None:
        stem = PurePosixPath(path).name.split(".")[0].casefold()
        return Aside("README and index files are about a folder, not posts of it") if stem in _ASIDE else None

    def hides(self, path: str) -> str:
        return _draft_folder(path)

    def document(self, path: str, raw: bytes, settings: SiteSettings) -> Document:
        """Front matter may also be Pelican's headers, or YAML that has no fence before it, as Hexo allows."""
        text = decode(raw)
        split_file = split(text, settings.limits)
        if split_file.format is Format.NONE:
            headers = split_headers(text)
            if isinstance(headers, tuple):
                return Document(path, *headers)
            split_file = headers or split_file
        return Document(path, parse(path, split_file, settings.limits), split_file.body, split_file.body_line)

    def outline(self, document: Document, settings: SiteSettings) -> PostOutline | Aside:
        stem = PurePosixPath(document.path).stem
        name = _NAME.fullmatch(stem)
        if name is None and document.front_matter.format is Format.NONE:
            return Aside("it has neither front matter nor a date in its name")
        fields = Fields(
            document.path,
            document.front_matter,
            without_private(document.front_matter.values, settings.private_fields),
            settings.zone,
            settings.limits,
        )
        return _outline(document, fields, name, stem, settings)

    @property
    def static_folders(self) -> tuple[str, ...]:
        return _STATIC_FOLDERS

    def file_at(self, path: str) -> str | None:
        return f"/{path}" if self._root and AssetFolder(self._root).has(path) else None

    def image_size(self, path: str) -> tuple[int, int] | None:
        return first_size(self._root, path, self.static_folders) if self._root else None

    def document_at(self, path: str) -> str | None:
        if self._root is None or not self.reads(path) or self.aside(path):
            return None
        try:
            document = self.document(path, read_file(self._root, path, self._settings.limits), self._settings)
        except ContentError:
            return None
        outline = self.outline(document, self._settings)
        return None if isinstance(outline, Aside) or outline.visibility.hidden else outline.path

    def prepare(self, document: Document, outline: PostOutline) -> PreparedBody:
        del outline
        return PreparedBody(document.body, self._markdown)


def _outline(
    document: Document, fields: Fields, name: re.Match[str] | None, stem: str, settings: SiteSettings
) -> PostOutline:
    draft, published = _hiding(document, fields, settings)
    published_at = _published_at(fields, name, settings)
    updated = fields.moment(UPDATED_KEYS)
    expires = fields.moment(EXPIRY_KEYS)
    embargo = fields.moment(EMBARGO_KEYS) if fields.key(("date",)) and fields.key(EMBARGO_KEYS) else None
    if embargo is None and fields.key(("date",)) and fields.key(EMBARGO_KEYS):
        draft = draft or "the date of its publication cannot be read"
    visibility = visibility_of(
        draft=draft,
        published=published,
        published_at=published_at,
        publish_after=embargo[0] if embargo else None,
        expires_at=expires[0] if expires else None,
        show_drafts=settings.drafts,
    )
    slug = _slug(document.path, fields, name, stem)
    path = fields.address()
    fields.derived(
        "path", path[0] if path else f"/{slug}/", f"from {path[1]!r}" if path else "/{slug}/ in a plain folder"
    )
    title = fields.text("title")
    authors = fields.people("author", "authors")
    if not authors and settings.author:
        authors = (term((settings.author,)),)
        fields.derived("authors", settings.author, "from the setting author: the post names nobody")
    series = fields.people("series")
    return PostOutline(
        id=_id(document.path),
        slug=slug,
        collection="posts",
        lang=fields.language(settings.lang),
        path=path[0] if path else f"/{slug}/",
        title=title,
        fallback_title=_title_of_name(name, stem),
        excerpt=fields.text("excerpt", "summary"),
        excerpt_html=None,
        description=fields.text("description"),
        published_at=published_at,
        updated_at=updated[0] if updated else None,
        expires_at=expires[0] if expires else None,
        featured=fields.flag("featured"),
        tags=fields.terms("tags", "tag"),
        categories=fields.paths("categories", "category"),
        authors=authors,
        series=series[0] if series else None,
        cover=fields.cover(),
        aliases=fields.aliases(),
        front_matter=fields.public,
        visibility=visibility,
        problems=tuple(fields.problems),
        provenance=tuple(fields.provenance),
    )


def _id(path: str) -> str:
    return normal_path(path.removesuffix(".md"))


def _slug(path: str, fields: Fields, name: re.Match[str] | None, stem: str) -> str:
    key = fields.key(("slug",))
    written = fields.written(key) if key else None
    if key and (own := slugify(clean(written or ""))):
        fields.derived("slug", own, f"from {key!r} of the front matter")
        return own
    if key:
        fields.wrong_type(key, "has no letter or number in it", "write a word or several")
    base = (name["slug"] if name else None) or stem
    slug = slugify(clean(base))
    if slug:
        fields.derived("slug", slug, "from the file name" + (", without its date" if name and name["slug"] else ""))
        return slug
    slug = hashlib.sha256(normal_path(path).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    fields.derived("slug", slug, "a hash of the path: the file name has no letter or number in it")
    return slug


def _published_at(fields: Fields, name: re.Match[str] | None, settings: SiteSettings) -> datetime | None:
    if found := fields.moment(DATE_KEYS):
        fields.derived("published_at", found[0].isoformat(), f"from {found[1]!r} of the front matter")
        return found[0]
    if name is None:
        fields.derived("published_at", "none", "neither the front matter nor the file name has a date")
        return None
    try:
        moment = moment_of_name(name["year"], name["month"], name["day"], settings.zone)
    except DateError as error:
        fields.report(
            ProblemCode.DATE_INVALID, "", f"the file name: {error}", "rename the file, or write a date", Severity.ERROR
        )
        fields.derived("published_at", "none", "the date in the file name is no day of the calendar")
        return None
    fields.derived("published_at", moment.isoformat(), f"from the file name, midnight in {settings.timezone}")
    return moment


def _hiding(document: Document, fields: Fields, settings: SiteSettings) -> tuple[str, bool]:
    """The sign that makes the post a draft ("" without one), and whether it is published. Private fields count here too."""
    published = True
    draft = _draft_folder(document.path)
    for key, value in document.front_matter.values.items():
        folded = fold(key)
        if folded == "draft" and value is not False:
            draft = _draft(key, value, fields)
        elif folded == "published":
            published = _published(key, value, fields, settings) and published
        elif folded == "status" and isinstance(value, str) and value.strip().casefold() in _HIDDEN_STATUS:
            draft = draft or f"{key}: {clean(value)}"
    if draft:
        fields.derived("status", "draft", draft)
    if not published:
        fields.derived("status", "hidden", "published: false")
    return draft, published


def _title_of_name(name: re.Match[str] | None, stem: str) -> str:
    """The name's own words behind its date, each with a capital; the name itself where there are none."""
    words = ((name["slug"] if name else stem) or "").replace("-", " ").replace("_", " ").split()
    return clean(" ".join(word[:1].upper() + word[1:] for word in words)) or stem


def _draft_folder(path: str) -> str:
    folders = PurePosixPath(path).parts[:-1]
    return next((f"it lies in the folder {part}" for part in folders if part.casefold() in _DRAFT_FOLDERS), "")


def _draft(key: str, value: object, fields: Fields) -> str:
    if value is not True:
        message = f"{key!r} is neither true nor false, so the post stays hidden"
        fields.report(ProblemCode.FRONT_MATTER_TYPE, key, message, _BOOLEAN, Severity.ERROR)
        return f"{key} is neither true nor false"
    return f"{key}: true"


def _published(key: str, value: object, fields: Fields, settings: SiteSettings) -> bool:
    """A date under ``published`` is a date, and publishes; nothing, as in ``published:``, hides."""
    if value is None or isinstance(value, bool):
        return value is True
    try:
        parse_moment(value, settings.zone)
    except DateError:
        message = f"{key!r} is neither true nor false nor a date, so the post stays hidden"
        fields.report(ProblemCode.FRONT_MATTER_TYPE, key, message, _BOOLEAN, Severity.ERROR)
        return False
    return True


_BOOLEAN = "write true or false, without quotes"
