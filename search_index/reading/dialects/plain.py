"""A hand-made folder of Markdown: dates and slugs from front matter or ``YYYY-MM-DD-slug.md``."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from search_index.assets import AssetFolder
from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.model import Kind
from search_index.public_files import PublicFiles
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
from search_index.reading.dialects import Aside, Dialect, Document, PostOutline, PreparedBody, ValueCache
from search_index.reading.errors import ContentError
from search_index.reading.frameworks import MDX, Facts, Framework, framework_of
from search_index.reading.frameworks.mdx import as_markdown
from search_index.reading.front_matter import Format, FrontMatter, decode, parse, split
from search_index.reading.headers import split_headers
from search_index.reading.images import first_size
from search_index.reading.markdown import BlogMarkdown, MarkdownRenderer
from search_index.reading.plain_text import clean
from search_index.reading.source import read_file
from search_index.settings import SiteSettings
from search_index.taxonomy import slugify, term
from search_index.visibility import visibility_of

_NAME = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[-_ .]+(?P<slug>.*))?", re.ASCII | re.DOTALL)
_DRAFT_FOLDERS = frozenset({"_drafts", "drafts"})
_COMPONENTS_TOLD = 8
_RULES = "plain, octavo 3"
"""Raise the number when what a file says of its post is read differently."""
_HIDDEN_STATUS = frozenset({"draft", "private", "hidden", "unpublished"})


_IGNORED_FOLDERS = frozenset(
    {"node_modules", "vendor", "_site", "_includes", "_layouts", "_sass", "_data", "__pycache__", "bower_components"}
)
"""Folders that generators and package managers fill: no posts of the author's in them, at any depth."""
_IGNORED_HUGO_FOLDERS = frozenset({"public", "resources", "themes", "archetypes", "layouts"})
"""Output and scaffolding of Hugo, ignored at the top only, and only where one of ``_HUGO_MARKERS`` stands beside them."""
_HUGO_SOURCES = frozenset({"config", "data", "i18n", "templates"})
"""Folders of Hugo and Zola besides those that have no documents, and whose files are not published either."""
_HUGO_MARKERS = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "archetypes", ".hugo_build.lock")


class PlainDialect(Dialect):
    """Every Markdown file with a date (front matter or name) or with front matter is a post; README and index files are not."""

    name = "plain"

    def __init__(
        self,
        root: Path | None = None,
        settings: SiteSettings | None = None,
        *,
        markdown: MarkdownRenderer | None = None,
        ignored: frozenset[str] = frozenset(),
        withheld: frozenset[str] = frozenset(),
        framework: Framework | None = None,
    ) -> None:
        self._root = root
        self._framework = framework or Framework(root)
        self._settings = self.site(settings or SiteSettings())
        self._markdown = markdown or BlogMarkdown()
        self._ignored = ignored
        self._withheld = withheld
        self._now: int | None = None

    @classmethod
    def of(cls, root: Path, settings: SiteSettings) -> PlainDialect:
        """Any folder may be read so."""
        is_hugo = any(os.path.lexists(root / marker) for marker in _HUGO_MARKERS)
        ignored = _IGNORED_HUGO_FOLDERS if is_hugo else frozenset()
        withheld = ignored | _HUGO_SOURCES if is_hugo else ignored
        return cls(root, settings, ignored=ignored, withheld=withheld, framework=framework_of(root, settings))

    @property
    def reason(self) -> str:
        return self._framework.reason

    @property
    def fingerprint(self) -> str:
        return f"{self._markdown.version} {type(self._framework).__name__} {self._framework.fingerprint} {_RULES}"

    @property
    def problems(self) -> tuple[ContentProblem, ...]:
        return self._framework.problems

    def site(self, settings: SiteSettings) -> SiteSettings:
        return self._framework.site(settings)

    def enters(self, folder: str) -> bool:
        return folder.rpartition("/")[2] not in _IGNORED_FOLDERS and folder not in self._ignored

    def reads(self, path: str) -> bool:
        return self._framework.reads(path)

    def aside(self, path: str) -> Aside | None:
        reason = self._framework.aside(path)
        return Aside(reason) if reason else None

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
        framework = self._framework
        stem = framework.stem(document.path)
        name = _NAME.fullmatch(stem)
        if name is None and document.front_matter.format is Format.NONE and not framework.describes(document.path):
            return Aside("it has neither front matter nor a date in its name")
        dated = name is not None or _has_date(document.front_matter.values)
        if reason := framework.about_folder(document.path, dated=dated):
            return Aside(reason)
        front_matter = _completed(document.front_matter, framework, document.path)
        if reason := framework.excluded(front_matter.values):
            return Aside(reason)
        fields = Fields(
            document.path,
            front_matter,
            without_private(front_matter.values, settings.private_fields),
            settings.zone,
            settings.limits,
        )
        written = without_private(document.front_matter.values, settings.private_fields)
        completed = replace(document, front_matter=front_matter)
        return replace(_outline(completed, fields, name, stem, settings, framework), front_matter=written)

    @cached_property
    def public_files(self) -> PublicFiles:
        """The framework's, but for what generators fill, and for folders whose documents are drafts."""
        of_framework = self._framework.public_files
        drafts = () if self._settings.drafts else tuple(sorted(_DRAFT_FOLDERS))
        folders = tuple(
            replace(folder, names=tuple(dict.fromkeys((*folder.names, *drafts)))) for folder in of_framework.folders
        )
        withheld = (*of_framework.withheld, *sorted(self._withheld))
        return replace(of_framework, folders=folders, withheld=withheld)

    def file_at(self, path: str) -> str | None:
        return f"/{path}" if self._root and AssetFolder(self._root).has(path, self.public_files) else None

    def image_size(self, path: str) -> tuple[int, int] | None:
        return first_size(self._root, path, self.public_files) if self._root else None

    def document_at(self, path: str) -> str | None:
        if self._root is None or not self.reads(path) or self.aside(path):
            return None
        try:
            document = self.document(path, read_file(self._root, path, self._settings.limits), self._settings)
        except ContentError:
            return None
        outline = self.outline(document, self._settings)
        if isinstance(outline, Aside) or not outline.visibility.is_public(self._now):
            return None
        return outline.path

    def use(self, now: int, cache: ValueCache | None) -> None:
        del cache
        self._now = now

    def prepare(self, document: Document, outline: PostOutline) -> PreparedBody:
        del outline
        if not document.path.lower().endswith(MDX):
            return PreparedBody(document.body, self._markdown)
        body, components = as_markdown(document.body)
        listed = ", ".join(components[:_COMPONENTS_TOLD]) + (", ..." if len(components) > _COMPONENTS_TOLD else "")
        message = f"components are not run, and what they enclose is kept: {listed}"
        problem = ContentProblem(
            document.path, 0, 0, Severity.WARNING, ProblemCode.TEMPLATE_TAG_UNKNOWN, message, "write Markdown instead"
        )
        return PreparedBody(body, self._markdown, problems=(problem,) if components else ())


def _has_date(values: Mapping[str, object]) -> bool:
    """Whether a date of publication stands in the front matter; ``published: true`` is none."""
    dates = {fold(key) for key in DATE_KEYS}
    return any(
        fold(key) in dates and value is not None and not isinstance(value, bool) for key, value in values.items()
    )


def _outline(
    document: Document,
    fields: Fields,
    name: re.Match[str] | None,
    stem: str,
    settings: SiteSettings,
    framework: Framework,
) -> PostOutline:
    draft, published = _hiding(document, fields, settings)
    kind = framework.kind(document.path)
    published_at = _published_at(fields, name, framework.date_in(document.path), settings)
    updated = fields.moment(UPDATED_KEYS)
    expires = fields.moment(EXPIRY_KEYS)
    embargo = fields.moment(EMBARGO_KEYS) if fields.key(("date",)) and fields.key(EMBARGO_KEYS) else None
    if embargo is None and fields.key(("date",)) and fields.key(EMBARGO_KEYS):
        draft = draft or "the date of its publication cannot be read"
    visibility = visibility_of(
        draft=draft,
        published=published,
        published_at=published_at if framework.waits and kind is Kind.POST else None,
        publish_after=embargo[0] if embargo else None,
        expires_at=expires[0] if expires else None,
        show_drafts=settings.drafts,
    )
    slug = _slug(document.path, fields, name, stem, framework)
    title = fields.text("title")
    categories = fields.paths("categories", "category")
    facts = Facts(
        document.path,
        slug,
        title,
        fields.public,
        published_at.astimezone(settings.zone) if published_at else None,
        categories,
        partial(fields.report, ProblemCode.PERMALINK_INVALID),
    )
    path, reason = _path(fields, framework.address(facts), slug)
    fields.derived("path", path, reason)
    authors = fields.people("author", "authors")
    if not authors and settings.author:
        authors = (term((settings.author,)),)
        fields.derived("authors", settings.author, "from the setting author: the post names nobody")
    series = fields.people("series")
    return PostOutline(
        id=_id(document.path),
        slug=slug,
        collection=framework.collection(document.path),
        lang=fields.language(settings.lang),
        path=path,
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
        categories=categories,
        authors=authors,
        series=series[0] if series else None,
        cover=fields.cover(),
        aliases=fields.aliases(),
        front_matter=fields.public,
        visibility=visibility,
        problems=tuple(fields.problems),
        provenance=tuple(fields.provenance),
        kind=kind,
        on_site=framework.is_on_site(fields.public),
    )


def _completed(written: FrontMatter, framework: Framework, path: str) -> FrontMatter:
    """The front matter over what its folder gives it, with terms as plain folders write them."""
    below = framework.below(path)
    values = {**below, **written.values}
    if "tags" in below and "tags" in written.values:
        own = framework.tags(written.values["tags"])
        above = framework.tags(below["tags"])
        values["tags"] = [tag for tags in (above, own) for tag in (tags if isinstance(tags, list) else ())]
    for name, shaped in (("tags", framework.tags), ("tag", framework.tags), ("categories", framework.categories)):
        if name in values:
            values[name] = shaped(values[name])
    changed = {name for name in values if values[name] != written.values.get(name)}
    if not changed:
        return written
    texts = {name: text for name, text in written.written.items() if name not in changed}
    return replace(written, values=values, written=texts)


def _path(fields: Fields, framework: tuple[str, str] | None, slug: str) -> tuple[str, str]:
    """The path on the site and its source: the framework's, else the front matter's, else ``/{slug}/``."""
    if framework:
        return framework[0], f"from {framework[1]}"
    own = fields.address()
    return (own[0], f"from {own[1]!r}") if own else (f"/{slug}/", "/{slug}/ in a plain folder")


def _id(path: str) -> str:
    return normal_path(path.removesuffix(".md"))


def _slug(path: str, fields: Fields, name: re.Match[str] | None, stem: str, framework: Framework) -> str:
    key = fields.key(("slug",))
    written = fields.written(key) if key else None
    if key and (own := slugify(clean(written or ""))):
        fields.derived("slug", own, f"from {key!r} of the front matter")
        return own
    if key and (written is None or written.strip()):
        fields.wrong_type(key, "has no letter or number in it", "write a word or several")
    if of_path := clean(framework.slug(path)):
        fields.derived("slug", of_path, "from the path")
        return of_path
    base = (name["slug"] if name else None) or stem
    slug = slugify(clean(base))
    if slug:
        fields.derived("slug", slug, "from the file name" + (", without its date" if name and name["slug"] else ""))
        return slug
    slug = hashlib.sha256(normal_path(path).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    fields.derived("slug", slug, "a hash of the path: the file name has no letter or number in it")
    return slug


def _published_at(
    fields: Fields, name: re.Match[str] | None, folder_date: str, settings: SiteSettings
) -> datetime | None:
    if found := fields.moment(DATE_KEYS):
        fields.derived("published_at", found[0].isoformat(), f"from {found[1]!r} of the front matter")
        return found[0]
    if folder_date and (moment := _midnight(folder_date)):
        fields.derived("published_at", moment.isoformat(), "from the path, midnight in UTC")
        return moment
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


def _midnight(day: str) -> datetime | None:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        return None


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
