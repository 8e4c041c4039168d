"""Jekyll's posts: a site with ``_config.yml`` or ``_posts``, read as Jekyll 4 reads it.

Sources: Jekyll's document.rb, utils.rb, drops/url_drop.rb and the pages of its documentation that each rule is named
after. Where Jekyll gives up on the whole site (a date that is none, an unknown placeholder), the post is kept and the
problem named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from search_index.assets import AssetFolder
from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.reading.conventions import (
    EXPIRY_KEYS,
    UPDATED_KEYS,
    Fields,
    as_text,
    normal_path,
    without_private,
)
from search_index.reading.dates import DateError
from search_index.reading.dialects import Aside, Dialect, Document, PostOutline, PreparedBody
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, FrontMatter, decode_exactly, with_plain_lines
from search_index.reading.images import first_size
from search_index.reading.jekyll import dates
from search_index.reading.jekyll.config import JekyllConfig, load_config, read_site_file
from search_index.reading.jekyll.defaults import deep_merge, default_sets, defaults_for
from search_index.reading.jekyll.excerpts import excerpt_of
from search_index.reading.jekyll.files import DRAFTS, POSTS, PostFiles, PostName
from search_index.reading.jekyll.front_matter import parse_jekyll, split_jekyll
from search_index.reading.jekyll.permalinks import FALLBACK_TEMPLATE, UnknownPlaceholder, address, date_values
from search_index.reading.jekyll.site import JekyllSite, ReadPost, SiteFiles, page_values
from search_index.reading.jekyll.terms import categories_of, tags_of
from search_index.reading.jekyll_slugs import slugify
from search_index.reading.kramdown import KramdownMarkdown, KramdownOptions
from search_index.reading.markdown import AsWritten
from search_index.reading.plain_text import clean, without_html
from search_index.reading.source import scan
from search_index.settings import SiteSettings
from search_index.site_paths import without_base
from search_index.taxonomy import term
from search_index.visibility import visibility_of

if TYPE_CHECKING:
    from search_index.reading.jekyll.templates import Templates

_BROKEN_FRONT_MATTER = frozenset(
    {
        ProblemCode.FRONT_MATTER_INVALID,
        ProblemCode.FRONT_MATTER_LIMIT,
        ProblemCode.FRONT_MATTER_NOT_A_MAP,
        ProblemCode.FRONT_MATTER_UNCLOSED,
    }
)
_SIGNS_OF_HIDING = ("draft", "published")
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""What a draft without a date shows in an address that has one in it. Jekyll takes the file's time, which differs by host."""


class JekyllDialect(Dialect):
    """One Jekyll site; the configuration is read once, when the object is made."""

    name = "jekyll"

    def __init__(self, root: Path, config: JekyllConfig, reason: str, settings: SiteSettings) -> None:
        self._root = root
        self._config = config
        self._reason = reason
        self._files = PostFiles.of(config)
        self._defaults = default_sets(config.written.get("defaults"))
        self._kramdown = KramdownMarkdown(_kramdown_options(config))
        self._html = AsWritten()
        self._settings = self.site(settings)
        self._site_files = SiteFiles(root, config, settings.limits)
        self._site = JekyllSite(root, config, self._settings, self._site_files, self._post_paths, self._post_at)
        self._templates = _templates(root, self._site, self._kramdown)
        self._posts: dict[str, ReadPost | None] = {}

    @classmethod
    def of(cls, root: Path, settings: SiteSettings) -> JekyllDialect | None:
        """The site at ``root``, where ``_config.yml`` or ``_posts`` is there, or the owner says that it is Jekyll's."""
        config = load_config(root, settings.limits)
        if settings.dialect != cls.name and _is_hexo(root, config):
            return None
        signs = [config.file] if config.file else []
        signs += [f"{POSTS}/"] if (root / POSTS).is_dir() else []
        if settings.dialect == cls.name:
            return cls(root, config, "octavo.toml or OCTAVO_DIALECT says so", settings)
        return cls(root, config, " and ".join(signs), settings) if signs else None

    @property
    def reason(self) -> str:
        return self._reason

    @cached_property
    def fingerprint(self) -> str:
        configuration = sha256(self._config.raw).hexdigest()
        parts = (
            self._kramdown.version,
            self._html.version,
            self._templates.version,
            configuration,
            self._site_files.fingerprint,
        )
        return sha256("\n".join(parts).encode()).hexdigest()

    @property
    def problems(self) -> tuple[ContentProblem, ...]:
        return self._config.problems + self._site_files.problems

    def site(self, settings: SiteSettings) -> SiteSettings:
        config = self._config
        author = config.written.get("author")
        address = config.text("url").rstrip("/")
        baseurl = config.text("baseurl").strip("/")
        says = {
            "title": clean(config.text("title")),
            "description": clean(config.text("description")),
            "timezone": config.text("timezone"),
            "lang": (config.text("lang") or config.text("locale")).replace("_", "-"),
            "author": clean(as_text(author.get("name")) or "" if isinstance(author, dict) else as_text(author) or ""),
            "public_url": f"{address}/{baseurl}" if address and baseurl else address,
        }
        return settings.completed(says)

    def enters(self, folder: str) -> bool:
        return self._files.enters(folder)

    def reads(self, path: str) -> bool:
        return self._files.is_post(path)

    def aside(self, path: str) -> Aside | None:
        if self._files.name(path) is None:
            return Aside("its name is not YYYY-MM-DD-title.md, so Jekyll does not take it for a post")
        return None

    def hides(self, path: str) -> str:
        return "it lies in _drafts" if self._files.home(path) == DRAFTS else ""

    def document(self, path: str, raw: bytes, settings: SiteSettings) -> Document:
        """The body keeps its line ends: the excerpt's separator is looked for in them.

        A post whose front matter cannot be read is kept without it, as Jekyll keeps it, unless it speaks of a draft.
        """
        split_file = split_jekyll(decode_exactly(raw), settings.limits)
        problems: tuple[ContentProblem, ...] = ()
        try:
            front_matter = parse_jekyll(path, split_file, settings.limits)
        except ContentError as error:
            written = split_file.front_matter.lower()
            if error.code not in _BROKEN_FRONT_MATTER or any(sign in written for sign in _SIGNS_OF_HIDING):
                raise
            front_matter = FrontMatter(Format.YAML)
            problems = (error.problem(path),)
        return Document(path, front_matter, split_file.body, split_file.body_line, problems)

    def outline(self, document: Document, settings: SiteSettings) -> PostOutline | Aside:
        name = self._files.name(document.path)
        if name is None:
            return Aside("its name is not YYYY-MM-DD-title.md")
        return _PostReading(self._config, self._files, self._below(document.path), document, name, settings).outline()

    def prepare(self, document: Document, outline: PostOutline) -> PreparedBody:
        values = deep_merge(self._below(document.path), document.front_matter.values)
        name = self._files.name(document.path)
        suffix = name.suffix.lower() if name else ""
        markdown = self._kramdown if suffix in self._config.markdown_suffixes else self._html
        body, excerpt = with_plain_lines(document.body), None
        if not isinstance(values.get("excerpt"), str):
            separator = values.get("excerpt_separator", self._config.excerpt_separator)
            cut = excerpt_of(document.body, as_text(separator) or "")
            excerpt = None if cut is None else with_plain_lines(cut)
        if values.get("render_with_liquid") is False:
            return PreparedBody(body, markdown, excerpt)
        page = page_values(ReadPost(document, outline, values), self._settings.zone)
        rendered = self._templates.render(document, body, page)
        if excerpt is not None:
            excerpt = self._templates.excerpt(excerpt, page)
        return PreparedBody(rendered.text, markdown, excerpt, rendered.problems, rendered.uses)

    @property
    def static_folders(self) -> tuple[str, ...]:
        return ("",)

    def file_at(self, path: str) -> str | None:
        return f"/{path}" if AssetFolder(self._root).has(path) else None

    def image_size(self, path: str) -> tuple[int, int] | None:
        return first_size(self._root, without_base(path, self._settings.public_url), self.static_folders)

    def document_at(self, path: str) -> str | None:
        post = self._post_at(path) if self.reads(path) else None
        return post.outline.path if post else None

    def _post_paths(self) -> tuple[str, ...]:
        return tuple(file.path for file in scan(self._root, self).files if self._files.name(file.path))

    def _post_at(self, path: str) -> ReadPost | None:
        """The post in a file, None where it is none or never public; what is wrong with it is told where it is read itself."""
        if path not in self._posts:
            self._posts[path] = self._read_post(path)
        return self._posts[path]

    def _read_post(self, path: str) -> ReadPost | None:
        try:
            document = self.document(path, read_site_file(self._root, path, self._settings.limits), self._settings)
        except ContentError:
            return None
        outline = self.outline(document, self._settings)
        if isinstance(outline, Aside) or outline.visibility.hidden:
            return None
        return ReadPost(document, outline, deep_merge(self._below(path), document.front_matter.values))

    def _below(self, path: str) -> dict[str, object]:
        """What the site's defaults say of the post."""
        return defaults_for(self._defaults, path, "posts")


def _templates(root: Path, site: JekyllSite, kramdown: KramdownMarkdown) -> Templates:
    """Imported where a site is Jekyll's: Liquid takes half a second to load."""
    from search_index.reading.jekyll.templates import Templates

    return Templates(root, site, kramdown.html)


class _PostReading:
    """One post's derived values, with where each came from."""

    def __init__(
        self,
        config: JekyllConfig,
        files: PostFiles,
        defaults: Mapping[str, object],
        document: Document,
        name: PostName,
        settings: SiteSettings,
    ) -> None:
        self._config = config
        self._files = files
        self._defaults = defaults
        self._document = document
        self._name = name
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        own = document.front_matter
        values = deep_merge(defaults, own.values)
        self._values = values
        merged = replace(own, values=values)
        public = without_private(values, settings.private_fields)
        self._fields = Fields(document.path, merged, public, settings.zone, settings.limits)

    def outline(self) -> PostOutline:
        fields, settings = self._fields, self._settings
        draft, published = self._hiding()
        moment = self._date()
        expires = fields.moment(EXPIRY_KEYS)
        updated = fields.moment(UPDATED_KEYS)
        slug = self._slug()
        categories = categories_of(
            self._files.categories(self._document.path), self._defaults, self._document.front_matter.values
        )
        path = self._path(slug, [name for _, name in categories], moment)
        authors = fields.people("author", "authors")
        if not authors and settings.author:
            authors = (term((settings.author,)),)
            fields.derived("authors", settings.author, "from the site's author: the post names nobody")
        series = fields.people("series")
        visibility = visibility_of(
            draft=draft,
            published=published,
            published_at=None if self._config.flag("future") else moment,
            publish_after=None,
            expires_at=expires[0] if expires else None,
            show_drafts=settings.drafts,
        )
        excerpt = self._values.get("excerpt")
        return PostOutline(
            id=_id(self._document.path),
            slug=slug,
            collection=POSTS.removeprefix("_"),
            lang=fields.language(settings.lang),
            path=path,
            title=self._title(slug),
            fallback_title=slug,
            excerpt=without_html(excerpt) if isinstance(excerpt, str) else fields.text("summary"),
            excerpt_html=excerpt if isinstance(excerpt, str) else None,
            description=fields.text("description"),
            published_at=moment,
            updated_at=updated[0] if updated else None,
            expires_at=expires[0] if expires else None,
            featured=fields.flag("featured"),
            tags=fields.limited(((key, (name,)) for key, name in tags_of(self._values)), clean),
            categories=fields.limited(((key, (name,)) for key, name in categories), clean),
            authors=authors,
            series=series[0] if series else None,
            cover=fields.cover(),
            aliases=fields.aliases(),
            front_matter=without_private(self._document.front_matter.values, settings.private_fields),
            visibility=visibility,
            problems=tuple(fields.problems),
            provenance=tuple(fields.provenance),
        )

    def _title(self, slug: str) -> str:
        title = _text_unless_false(self._values.get("title"))
        if title is not None:
            self._fields.derived("title", clean(title), "from the front matter")
            return without_html(title)
        words = " ".join(word.capitalize() for word in self._name.slug.split("-")) or slug
        self._fields.derived("title", words, "from the file name: the front matter has none")
        return words

    def _slug(self) -> str:
        written = _text_unless_false(self._values.get("slug"))
        if written is not None:
            self._fields.derived("slug", written, "from 'slug' of the front matter")
            return written
        self._fields.derived("slug", self._name.slug, "from the file name, without its date")
        return self._name.slug

    def _date(self) -> datetime | None:
        written = self._written_date()
        if written is not None:
            front_matter = self._document.front_matter
            quoted = "date" in front_matter.quoted
            try:
                moment = dates.moment_of(written, quoted=quoted, zone=self._zone)
            except DateError as error:
                hint = "write it as 2020-12-02 or 2020-12-02 09:30:00 +0900"
                self._fields.report(ProblemCode.DATE_INVALID, "date", f"'date': {error}", hint, Severity.ERROR)
            else:
                self._fields.derived("published_at", moment.isoformat(), "from 'date' of the front matter")
                return moment
        if not self._name.date:
            self._fields.derived("published_at", "none", "neither the front matter nor the file name has a date")
            return None
        try:
            moment = dates.moment_of_name(self._name.date, self._zone)
        except DateError as error:
            hint = "rename the file, or write a date"
            self._fields.report(ProblemCode.DATE_INVALID, "", f"the file name: {error}", hint, Severity.ERROR)
            self._fields.derived("published_at", "none", "the date in the file name is no day of the calendar")
            return None
        self._fields.derived("published_at", moment.isoformat(), f"from the file name, {self._zone_reason()}")
        return moment

    def _written_date(self) -> str | None:
        """The text of ``date``; a date left empty counts as one that cannot be read."""
        if "date" not in self._values:
            return None
        written = self._document.front_matter.written.get("date")
        return written if isinstance(written, str) else as_text(self._values["date"]) or ""

    def _zone_reason(self) -> str:
        zone = self._settings.timezone
        if self._config.text("timezone") == zone:
            return f"midnight in {zone}, the timezone of {self._config.file}"
        return f"midnight in {zone}" + ("" if zone != "UTC" else ": the site names no other zone")

    def _path(self, slug: str, categories: list[str], moment: datetime | None) -> str:
        shown = (moment or _UNDATED).astimezone(self._zone)
        suffix = self._name.suffix
        output = ".html" if suffix.lower() in (*self._config.markdown_suffixes, ".html") else suffix
        values = {
            **date_values(shown),
            "categories": "/".join(dict.fromkeys(name.lower() for name in categories)),
            "slugified_categories": "/".join(dict.fromkeys(slugify(name) for name in categories)),
            "title": slugify(slug, "pretty", cased=True),
            "slug": slugify(slug),
            "name": slugify(self._document.path.rpartition("/")[2].removesuffix(suffix)),
            "path": self._document.path.rpartition(f"{POSTS}/")[2].removesuffix(suffix).rstrip("."),
            "collection": POSTS.removeprefix("_"),
            "output_ext": output,
        }
        own = as_text(self._values.get("permalink"))
        template = own or self._config.permalink
        try:
            path = address(template, values)
        except UnknownPlaceholder as error:
            message = f"the permalink {template!r} has the placeholder ':{error.name}', which Jekyll does not know"
            hint = "write one of https://jekyllrb.com/docs/permalinks/#placeholders"
            key = "permalink" if "permalink" in self._document.front_matter.values else ""
            self._fields.report(ProblemCode.PERMALINK_INVALID, key, message, hint, Severity.ERROR)
            path = address(FALLBACK_TEMPLATE, values)
        source = "'permalink' of the front matter" if own else f"permalink {template!r} of the site"
        self._fields.derived("path", path, f"from {source}")
        return path

    def _hiding(self) -> tuple[str, bool]:
        """The sign that makes the post a draft ("" without one), and whether it is published."""
        fields = self._fields
        draft = "it lies in _drafts" if self._files.home(self._document.path) == DRAFTS else ""
        written = self._values.get("draft")
        if not draft and written is not None and written is not False:
            message = "'draft' hides nothing in _posts: Jekyll publishes the post"
            fields.report(
                ProblemCode.DRAFT_PUBLISHED, "draft", message, "write published: false, or move it to _drafts"
            )
        shown = self._values.get("published", True)
        published = shown is not None and shown is not False
        if draft:
            fields.derived("status", "draft", draft)
        if not published:
            fields.derived("status", "hidden", "published: false")
        return draft, published


def _kramdown_options(config: JekyllConfig) -> KramdownOptions:
    """The site's; mathematics keeps MathJax's delimiters, which every script for it reads, whichever engine is asked for."""
    options = KramdownOptions.from_config(config.map("kramdown"))
    return replace(options, math_engine="mathjax") if options.math_engine else options


def _text_unless_false(value: object) -> str | None:
    """A scalar as text; false counts as nothing, as it does in Ruby."""
    return None if value is False else as_text(value)


def _is_hexo(root: Path, config: JekyllConfig) -> bool:
    """Hexo's configuration has the same name, and its posts lie in ``source/_posts``."""
    return (root / "source" / POSTS).is_dir() and not (root / POSTS).exists() and "source" not in config.written


def _id(path: str) -> str:
    """The path without ``.md``, its ``_posts`` and ``_drafts`` without their underscore."""
    parts = [part[1:] if part in (POSTS, DRAFTS) else part for part in path.split("/")]
    return normal_path("/".join(parts).removesuffix(".md"))
