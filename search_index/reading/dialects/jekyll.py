"""Jekyll's posts: a site with ``_config.yml`` or ``_posts``, read as Jekyll 4 reads it.

Sources: Jekyll's document.rb, utils.rb, drops/url_drop.rb and the pages of its documentation that each rule is named
after. Where Jekyll gives up on the whole site (a date that is none, an unknown placeholder), the post is kept and the
problem named.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath

from search_index.assets import AssetFolder
from search_index.diagnostics import ContentProblem, ProblemCode
from search_index.model import PAGES
from search_index.public_files import PublicFiles
from search_index.reading.conventions import as_text
from search_index.reading.dialects import Aside, Dialect, Document, PostOutline, PreparedBody, ValueCache
from search_index.reading.dialects.subfolder import SubfolderDialect
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, FrontMatter, decode_exactly, with_plain_lines
from search_index.reading.images import first_size
from search_index.reading.jekyll.config import JekyllConfig, load_config, read_site_file
from search_index.reading.jekyll.defaults import deep_merge, default_sets, defaults_for
from search_index.reading.jekyll.document import JekyllDocument, JekyllPage, written_excerpt
from search_index.reading.jekyll.excerpts import excerpt_of
from search_index.reading.jekyll.files import DRAFTS, POSTS, POSTS_LABEL, SiteLayout
from search_index.reading.jekyll.front_matter import parse_jekyll, split_jekyll
from search_index.reading.jekyll.listing import LazyValues, Listed, Listing
from search_index.reading.jekyll.site import JekyllSite, ReadPost, SiteFiles, listed, page_values
from search_index.reading.jekyll.templates import Templates
from search_index.reading.kramdown import KramdownMarkdown, KramdownOptions
from search_index.reading.markdown import AsWritten
from search_index.reading.other_pages import OtherPages, has_redirects
from search_index.reading.outcome import EVERYTHING
from search_index.reading.plain_text import clean
from search_index.reading.source import FoundFile, scan
from search_index.settings import SiteSettings
from search_index.site_paths import without_base

_BROKEN_FRONT_MATTER = frozenset(
    {
        ProblemCode.FRONT_MATTER_INVALID,
        ProblemCode.FRONT_MATTER_LIMIT,
        ProblemCode.FRONT_MATTER_NOT_A_MAP,
        ProblemCode.FRONT_MATTER_UNCLOSED,
    }
)
_SIGNS_OF_HIDING = ("draft", "published")
_RULES = "jekyll, octavo 3"
"""Raise it when what a file says of its post is read differently."""


class JekyllDialect(Dialect):
    """One Jekyll site; the configuration is read once, when the object is made."""

    name = "jekyll"

    def __init__(self, root: Path, config: JekyllConfig, reason: str, settings: SiteSettings) -> None:
        self._root = root
        self._config = config
        self._reason = reason
        self._files = SiteLayout.of(config)
        self._defaults = default_sets(config.written.get("defaults"))
        self._kramdown = KramdownMarkdown(_kramdown_options(config))
        self._html = AsWritten()
        self._settings = self.site(settings)
        self._site_files = SiteFiles(root, config, settings.limits)
        self._listing = Listing(
            self._listed_at, {"content": self._content_of}, self._settings.zone, self._listed_version
        )
        self._site = JekyllSite(
            root, config, self._settings, self._site_files, self._found, self._public_post_at, self._listing
        )
        self._templates = Templates(root, self._site, self._kramdown.html)
        self._posts: dict[str, ReadPost | None] = {}
        self._at: FoundFile | None = None
        self._now: int | None = None

    @classmethod
    def of(cls, root: Path, settings: SiteSettings) -> Dialect | None:
        """The site at ``root``, where ``_config.yml`` or ``_posts`` is there, or the owner says that it is Jekyll's."""
        config = load_config(root, settings.limits)
        if settings.dialect != cls.name and _is_hexo(root, config):
            return None
        signs = [config.file] if config.file else []
        signs += [f"{POSTS}/"] if (root / POSTS).is_dir() else []
        reason = "octavo.toml or OCTAVO_DIALECT says so" if settings.dialect == cls.name else " and ".join(signs)
        if not reason:
            return None
        source = root / config.source
        if config.source and source.is_dir() and source.resolve().is_relative_to(root.resolve()):
            inner = cls(source, config, reason, settings)
            return SubfolderDialect(inner, config.source, frozenset({config.file}))
        return cls(root, config, reason, settings)

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
            self.other_pages.fingerprint,
        )
        return sha256("\n".join(parts).encode()).hexdigest()

    @property
    def problems(self) -> tuple[ContentProblem, ...]:
        return self._config.problems + self._config.warnings + self._site_files.problems

    def site(self, settings: SiteSettings) -> SiteSettings:
        config = self._config
        author = config.written.get("author")
        address = config.text("url").rstrip("/")
        baseurl = config.text("baseurl").strip("/")
        says = {
            "title": clean(config.text("title")),
            "description": clean(config.text("description")),
            "timezone": config.timezone,
            "lang": (config.text("lang") or config.text("locale")).replace("_", "-"),
            "author": clean(as_text(author.get("name")) or "" if isinstance(author, dict) else as_text(author) or ""),
            "public_url": f"{address}/{baseurl}" if address and baseurl else address,
        }
        return settings.completed(says)

    def enters(self, folder: str) -> bool:
        return self._files.enters(folder)

    def reads(self, path: str) -> bool:
        return self._files.reads(path)

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
        split_file = split_jekyll(decode_exactly(raw, self._config.encoding), settings.limits)
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

    def text_of(self, raw: bytes) -> str:
        return decode_exactly(raw, self._config.encoding)

    @cached_property
    def other_pages(self) -> OtherPages:
        """Plugins of the site's own may make pages."""
        plugins = any((self._root / "_plugins").glob("*.rb"))
        above = PurePosixPath(self._config.source).parts
        folders = (self._root, *self._root.parents[: len(above)])
        return OtherPages(is_whole=not plugins and not has_redirects(folders))

    def outline(self, document: Document, settings: SiteSettings) -> PostOutline | Aside:
        name = self._files.name(document.path)
        if name is None:
            return Aside("its name is not YYYY-MM-DD-title.md")
        label = self._files.label(document.path)
        if label != POSTS_LABEL and document.front_matter.format is Format.NONE:
            return Aside("it has no front matter, so Jekyll copies it as it stands")
        reading = JekyllPage if label == PAGES else JekyllDocument
        names = self._site_files.author_names
        below = self._below(document.path)
        return reading(self._config, self._files, below, document, name, settings, names).outline()

    def prepare(self, document: Document, outline: PostOutline) -> PreparedBody:
        values = deep_merge(self._below(document.path), document.front_matter.values)
        name = self._files.name(document.path)
        suffix = name.suffix.lower() if name else ""
        markdown = self._kramdown if suffix in self._config.markdown_suffixes else self._html
        body, excerpt = with_plain_lines(document.body), None
        if written_excerpt(values) is None and outline.collection != PAGES:
            own = values.get("excerpt_separator")
            separator = self._config.excerpt_separator if own is None or own is False else as_text(own) or ""
            cut = excerpt_of(document.body, separator)
            excerpt = None if cut is None else with_plain_lines(cut)
        post = ReadPost(document, outline, values)
        if self._at and self._at.path == document.path:
            is_listed = not outline.visibility.hidden
            self._listing.remember(self._at, listed(post, self._settings.zone) if is_listed else None)
        if values.get("render_with_liquid") is False:
            return PreparedBody(body, markdown, excerpt)
        neighbours = self._site.neighbours(document.path)
        made = {"previous": neighbours.previous, "next": neighbours.next}
        page = LazyValues(page_values(post, self._settings.zone), {} if outline.collection == PAGES else made)
        rendered = self._templates.render(document, body, page)
        if excerpt is not None:
            excerpt = self._templates.excerpt(excerpt, page)
        uses = (EVERYTHING,) if neighbours.asked else ()
        return PreparedBody(rendered.text, markdown, excerpt, rendered.problems, (*rendered.uses, *uses))

    @cached_property
    def public_files(self) -> PublicFiles:
        return self._files.public_files(self._config)

    def file_at(self, path: str) -> str | None:
        return f"/{path}" if AssetFolder(self._root).has(path, self.public_files) else None

    def image_size(self, path: str) -> tuple[int, int] | None:
        return first_size(self._root, without_base(path, self._settings.public_url), self.public_files)

    def document_at(self, path: str) -> str | None:
        post = self._public_post_at(path)
        return post.outline.path if post else None

    def use(self, now: int, cache: ValueCache | None) -> None:
        self._now = now
        self._listing.use(now, cache)

    def about_to_read(self, file: FoundFile) -> None:
        self._at = file

    def is_read_late(self, path: str) -> bool:
        return self._files.label(path) == PAGES

    @property
    def _listed_version(self) -> str:
        """What a document's values depend on besides its file."""
        return f"{_RULES} {sha256(self._config.raw).hexdigest()} {self._settings.fingerprint()}"

    def _listed_at(self, path: str) -> Listed | None:
        post = self._post_at(path)
        return listed(post, self._settings.zone) if post else None

    def _content_of(self, path: str) -> str:
        post = self._post_at(path)
        return with_plain_lines(post.document.body) if post else ""

    def _found(self, label: str) -> tuple[FoundFile, ...]:
        files = (file for file in self._scanned if self._files.label(file.path) == label)
        return tuple(file for file in files if self._files.name(file.path))

    @cached_property
    def _scanned(self) -> tuple[FoundFile, ...]:
        return scan(self._root, self).files

    def _post_at(self, path: str) -> ReadPost | None:
        """The post in a file, None where it is none or never public; what is wrong with it is told where it is read itself."""
        if path not in self._posts:
            self._posts[path] = self._read_post(path)
        return self._posts[path]

    def _public_post_at(self, path: str) -> ReadPost | None:
        """The post in a file, None where it is none or not public now: what others may link to."""
        post = self._post_at(path)
        return post if post and post.outline.visibility.is_public(self._now) else None

    def _read_post(self, path: str) -> ReadPost | None:
        if not self.reads(path):
            return None
        try:
            document = self.document(path, read_site_file(self._root, path, self._settings.limits), self._settings)
        except ContentError:
            return None
        outline = self.outline(document, self._settings)
        if isinstance(outline, Aside) or outline.visibility.hidden:
            return None
        return ReadPost(document, outline, deep_merge(self._below(path), document.front_matter.values))

    def _below(self, path: str) -> dict[str, object]:
        """What the site's defaults say of the post or page."""
        label = self._files.label(path)
        return defaults_for(self._defaults, path, label, "" if label == PAGES else self._files.collections_dir)


def _kramdown_options(config: JekyllConfig) -> KramdownOptions:
    """The site's; mathematics keeps MathJax's delimiters, which every script for it reads, whichever engine is asked for."""
    options = KramdownOptions.from_config(config.map("kramdown"))
    return replace(options, math_engine="mathjax") if options.math_engine else options


def _is_hexo(root: Path, config: JekyllConfig) -> bool:
    """Hexo's configuration has the same name, and its posts lie in ``source/_posts``."""
    return (root / "source" / POSTS).is_dir() and not (root / POSTS).exists() and "source" not in config.written
