"""Hugo's pages: a site with ``hugo.toml`` (or another configuration file) and ``content/``, read as Hugo 0.111 reads it.

Where Hugo stops at something, a permalink token it does not have for instance, the post is kept and the problem named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.model import Rendered
from search_index.public_files import PublicFiles
from search_index.reading.dialects import Aside, Dialect, Document, PostOutline, PreparedBody, ValueCache
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, decode, parse, split
from search_index.reading.goldmark import VERSION as GOLDMARK_VERSION
from search_index.reading.goldmark import GoldmarkMarkdown, GoldmarkOptions
from search_index.reading.goldmark.summary import plain_of, summary_of
from search_index.reading.hugo.configuration import Configuration, Mount, configuration_files, read_configuration
from search_index.reading.hugo.content import HTML, OTHER_FORMATS, ContentFile, Role, is_plain_html
from search_index.reading.hugo.markup import goldmark_options, has_cjk
from search_index.reading.hugo.page import BranchPage, HugoPage, of_section
from search_index.reading.hugo.paths import escape as escape_path
from search_index.reading.hugo.paths import join
from search_index.reading.hugo.references import Folder, References
from search_index.reading.hugo.rendering import HtmlAsWritten, HugoMarkdown
from search_index.reading.hugo.site import HugoSite, base_url
from search_index.reading.hugo.values import lowered, resolve_yaml, to_map, to_text
from search_index.reading.images import first_size
from search_index.reading.other_pages import OtherPages, has_redirects
from search_index.reading.outcome import EVERYTHING
from search_index.reading.plain_text import clean as one_line
from search_index.reading.shortcodes import ProblemKind, expand
from search_index.settings import LinkForm, SiteSettings
from search_index.site_paths import loose_path

_RULES = "hugo 0.111, octavo 2"
"""Part of the fingerprint; the last number rises when these rules change."""
_ZOLA_KEY = "base_url"


class HugoDialect(Dialect):
    """One Hugo site; configuration, sections and the list of content are read once, when the object is made."""

    name = "hugo"

    def __init__(self, root: Path, configuration: Configuration, settings: SiteSettings) -> None:
        self._root = root
        self._configuration = configuration
        self._settings = self._completed(settings, configuration)
        self.hugo = HugoSite(root, configuration, settings)
        self._references: dict[str, References] = {}
        self._goldmarks: dict[str, tuple[GoldmarkMarkdown, GoldmarkOptions]] = {}

    @classmethod
    def of(cls, root: Path, settings: SiteSettings) -> HugoDialect | None:
        """The site in ``root``; None where neither its files nor the owner say that it is Hugo's."""
        named = settings.dialect == cls.name
        if not named and not configuration_files(root) and not (root / ".hugo_build.lock").exists():
            return None
        configuration = read_configuration(root, settings.limits)
        if not named and not _is_hugo(root, configuration):
            return None
        return cls(root, configuration, settings)

    @property
    def reason(self) -> str:
        files = self._configuration.files
        folders = " and ".join(dict.fromkeys(f"{mount.source}/" for mount in self._configuration.mounts))
        return f"{files[0]} and {folders}" if files else folders

    @cached_property
    def fingerprint(self) -> str:
        parts = (
            _RULES,
            GOLDMARK_VERSION,
            self._configuration.sha256,
            self.hugo.structure,
            self.other_pages.fingerprint,
        )
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def problems(self) -> tuple[ContentProblem, ...]:
        return (*self.hugo.problems, *self._other_formats)

    def site(self, settings: SiteSettings) -> SiteSettings:
        return self._completed(settings, self._configuration)

    def enters(self, folder: str) -> bool:
        return self.hugo.enters(folder)

    def reads(self, path: str) -> bool:
        return self.hugo.reads(path)

    def aside(self, path: str) -> Aside | None:
        file = self.hugo.tree.file(path)
        if file is None:
            return Aside("it lies outside of the content folders")
        reasons = {
            Role.STRAY: "it is the page of a section, in a language that is not configured",
            Role.RESOURCE: f"it is a part of the bundle {file.owner}",
            Role.REPEATED: f"{file.owner} is the same page in the same language",
        }
        if file.role in reasons:
            return Aside(reasons[file.role])
        if self.hugo.tree.is_disabled(file.lang):
            return Aside(f"its language {file.lang} is not built")
        return Aside(f"Octavo does not read .{file.extension} files") if file.extension in OTHER_FORMATS else None

    def hides(self, path: str) -> str:
        file = self.hugo.tree.file(path)
        return next((of_section(gate.draft) for gate in self.hugo.gates(file) if gate.draft), "") if file else ""

    def document(self, path: str, raw: bytes, settings: SiteSettings) -> Document:
        split_file = split(decode(raw), settings.limits)
        front_matter = parse(path, split_file, settings.limits, resolve_yaml)
        return Document(path, front_matter, split_file.body, split_file.body_line)

    def outline(self, document: Document, settings: SiteSettings) -> PostOutline | Aside:
        file = self.hugo.tree.file(document.path)
        if file is None:
            return Aside("it lies outside of the content folders")
        if file.extension in HTML and document.front_matter.format is Format.NONE and is_plain_html(document.body):
            at = self.other_pages.base + f"/{file.mounted}"
            return Aside("HTML without front matter is a file as it stands, not a page", at)
        page = BranchPage if file.role is Role.BRANCH else HugoPage
        reading = page(self.hugo, file, document, settings, self._configuration)
        outline, listed = reading.outline(), reading.listed
        is_public = listed != "always" and not outline.visibility.hidden
        return Aside(f"_build: list is {listed}", outline.path if outline.on_site else "") if is_public else outline

    @cached_property
    def public_files(self) -> PublicFiles:
        return self.hugo.public_files

    @cached_property
    def other_pages(self) -> OtherPages:
        """Modules may bring pages, and content in formats that are not read is pages too."""
        configuration = self._configuration
        static = [self._root / mount.source for mount in configuration.static_mounts]
        modules = to_map(configuration.values.get("module")).get("imports")
        unknown = self._other_formats or modules or has_redirects((self._root, *static))
        base = base_url(configuration.values)[1]
        files = (
            f"/{join(mount.target, name)}" for mount in configuration.static_mounts for name in self._html_in(mount)
        )
        loose = {loose_path(f"/{file.lstrip('/')}") for file in files}
        taxonomies = (name for rules in self.hugo.languages.values() for name in rules.taxonomies)
        return OtherPages(
            is_whole=not unknown,
            made=frozenset(name.lower() for name in taxonomies),
            files=frozenset((*loose, *(base + path for path in loose))),
            base=base,
        )

    def _html_in(self, mount: Mount) -> Iterator[str]:
        """The HTML files of a folder whose files the site has as they stand, by their paths below it."""
        folder = self._root / mount.source
        for above, _, names in os.walk(folder):
            for name in names:
                if name.rpartition(".")[2] in HTML:
                    yield (Path(above) / name).relative_to(folder).as_posix()

    def document_meant(self, url: str, path: str) -> str | None:
        """Themes render links to Markdown files as ``ref`` reads them."""
        found = self.resolve_ref(url, path)
        return found.partition("#")[0] or None if found else None

    def image_size(self, path: str) -> tuple[int, int] | None:
        return first_size(self._root, path, self.public_files)

    def prepare(self, document: Document, outline: PostOutline) -> PreparedBody:
        del outline
        file = self.hugo.tree.file(document.path)
        lang = file.lang if file else self._configuration.default_language
        values = to_map(lowered(dict(document.front_matter.values)))
        page = _ShortcodesPage(self, document.path, values, lang)
        goldmark, options = self._goldmark_of(lang)
        expanded = expand(document.body, page, first_line=document.body_line, options=options.highlight)
        problems = tuple(
            ContentProblem(document.path, one.line, 0, *_SHORTCODE_PROBLEMS[one.kind], one.message, one.hint)
            for one in expanded.problems
        )
        summary = None if "<!--more-->" in document.body else to_text(values.get("summary"))
        if file is not None and file.extension in HTML:
            written = goldmark.html(summary) if summary else None
            return PreparedBody(expanded.text, HtmlAsWritten(expanded.insertions), written, problems, page.uses)
        markdown = HugoMarkdown(goldmark, options, expanded.insertions)
        return PreparedBody(expanded.text, markdown, summary or None, problems, page.uses)

    def excerpt_html(self, body: Rendered, excerpt: Rendered | None) -> str | None:
        """The part before ``<!--more-->``, else the front matter's ``summary``, else the first words of the text."""
        if body.marker_html is not None:
            return body.marker_html
        return _without_paragraph(excerpt.html) if excerpt else self.summary(body.html) or None

    def summary(self, html: str) -> str:
        """The first words of a page's HTML, as Hugo cuts them."""
        rules = self.hugo.rules(self._configuration.default_language)
        plain = plain_of(html)
        return summary_of(plain, cjk=rules.has_cjk and has_cjk(plain), length=rules.summary_length)

    def markdown_html(self, text: str, lang: str) -> str:
        """HTML of the Markdown between two shortcodes."""
        return self._goldmark_of(lang)[0].html(text)

    def _goldmark_of(self, lang: str) -> tuple[GoldmarkMarkdown, GoldmarkOptions]:
        if lang not in self._goldmarks:
            options = goldmark_options(self.hugo.rules(lang).values)
            self._goldmarks[lang] = (GoldmarkMarkdown(options), options)
        return self._goldmarks[lang]

    def use(self, now: int, cache: ValueCache | None) -> None:
        del cache
        self.hugo.now = now

    def resolve_ref(self, target: str, from_path: str, lang: str = "") -> str | None:
        """The path on the site of what ``ref`` and ``relref`` mean by ``target`` on the page ``from_path``.

        ``lang`` asks for a page of another language. None where there is no such page, or it is not public; a fragment stays.
        """
        name, mark, fragment = target.partition("#")
        if not name:
            return mark + fragment
        found = self._find(name, from_path, lang)
        path = self._path_of(*found) if found else None
        return None if path is None else path + mark + fragment

    def link_host(self, lang: str) -> str:
        """What stands before a path where Hugo gives a whole address. "" where links are given as paths, for any frontend."""
        untouched = self._settings.links is LinkForm.UNTOUCHED
        return base_url(self.hugo.rules(lang).values)[0] if untouched else ""

    def referred(self, target: str, from_path: str, lang: str = "") -> str | None:
        """The file that ``resolve_ref`` would lead to, for what a body uses."""
        found = self._find(target.partition("#")[0], from_path, lang)
        return found[0].path if found and isinstance(found[0], ContentFile) else None

    def _find(self, name: str, from_path: str, lang: str) -> tuple[ContentFile | Folder, str] | None:
        at = self.hugo.tree.file(from_path)
        if at is None:
            return None
        wanted = lang or at.lang
        found = self._references_of(wanted).find(unquote(name.partition("?")[0]), at)
        return (found, wanted) if found else None

    def resource(self, path: str, name: str) -> str | None:
        """The path on the site of a file of the bundle that ``path`` is the page of; None for a file that is not there."""
        file = self.hugo.tree.file(path)
        if file is None or not file.is_leaf or not self.hugo.has_file(file, name):
            return None
        page = self._path_of(file, file.lang)
        return None if page is None else join(page, escape_path(name))

    def _references_of(self, lang: str) -> References:
        if lang not in self._references:
            self._references[lang] = References(self.hugo.tree, lang, self.hugo.rules(lang).taxonomies)
        return self._references[lang]

    def _path_of(self, found: ContentFile | Folder, lang: str) -> str | None:
        if isinstance(found, Folder):
            return self.hugo.section_path(lang, found.names)
        try:
            front_matter = self.hugo.front_matter(found.path)
        except ContentError:
            return None
        values = self.hugo.values(found, to_map(lowered(dict(front_matter.values))))
        gates = [*self.hugo.gates(found), self.hugo.gate(found, values)]
        draft = next((gate.draft for gate in gates if gate.draft), "")
        if not self.hugo.visibility(gates, draft).is_public(self.hugo.now):
            return None
        if found.role is Role.BRANCH:
            return self.hugo.section_path(lang, tuple(found.folder.split("/")) if found.folder else ())
        dates = self.hugo.dates(found, values, numbers=front_matter.format is not Format.JSON)
        return self.hugo.rules(lang).paths.on_site(self.hugo.address(found, values, dates).link)

    @cached_property
    def _other_formats(self) -> tuple[ContentProblem, ...]:
        files = [file for file in self.hugo.tree.files.values() if file.extension in OTHER_FORMATS]
        pages = [file for file in files if file.role is Role.PAGE]
        return tuple(
            ContentProblem(
                pages[0].path,
                0,
                0,
                Severity.WARNING,
                ProblemCode.CONFIGURATION,
                f"{len(pages)} pages are neither Markdown nor HTML, and are not read",
                "convert them to Markdown",
            )
            for _ in pages[:1]
        )

    @staticmethod
    def _completed(settings: SiteSettings, configuration: Configuration) -> SiteSettings:
        languages = {language.code: language.values for language in configuration.languages}
        values = languages[configuration.default_language]
        params = to_map(values.get("params"))
        author = params.get("author", values.get("author"))
        says = {
            "title": one_line(to_text(values.get("title")) or ""),
            "description": one_line(to_text(params.get("description", values.get("description"))) or ""),
            "timezone": to_text(values.get("timezone")) or "",
            "lang": _language_tag(configuration),
            "author": one_line(to_text(author.get("name") if isinstance(author, dict) else author) or ""),
            "public_url": base_url(values)[0],
        }
        return settings.completed(says)


class _ShortcodesPage:
    """What shortcodes ask of the page they stand on; ``uses`` are the files of the pages it refers to."""

    def __init__(self, dialect: HugoDialect, path: str, values: Mapping[str, object], lang: str) -> None:
        self._dialect = dialect
        self._path = path
        self._values = values
        self._lang = lang
        self._uses: dict[str, None] = {}

    @property
    def uses(self) -> tuple[str, ...]:
        return tuple(self._uses)

    def ref(self, target: str, lang: str, *, whole: bool) -> str | None:
        if target.partition("#")[0]:
            self._uses[self._dialect.referred(target, self._path, lang) or EVERYTHING] = None
        path = self._dialect.resolve_ref(target, self._path, lang)
        return f"{self._dialect.link_host(self._lang)}{path}" if whole and path and path.startswith("/") else path

    def param(self, name: str) -> str | None:
        site = to_map(self._dialect.hugo.rules(self._lang).values.get("params"))
        key = name.lower()
        return to_text(self._values[key]) if key in self._values else to_text(site[key]) if key in site else None

    def resource(self, name: str) -> str | None:
        return self._dialect.resource(self._path, name)

    def render_markdown(self, text: str) -> str:
        return self._dialect.markdown_html(text, self._lang)


_SHORTCODE_PROBLEMS = {
    ProblemKind.UNKNOWN: (Severity.WARNING, ProblemCode.TEMPLATE_TAG_UNKNOWN),
    ProblemKind.UNCLOSED: (Severity.ERROR, ProblemCode.TEMPLATE_INVALID),
    ProblemKind.MISSING_REF: (Severity.WARNING, ProblemCode.TEMPLATE_TARGET_MISSING),
    ProblemKind.INVALID: (Severity.ERROR, ProblemCode.TEMPLATE_INVALID),
}


def _is_hugo(root: Path, configuration: Configuration) -> bool:
    """``config.toml`` is Zola's too: that has ``base_url``, and Hugo has not."""
    named_hugo = any(file.startswith("hugo.") for file in configuration.files)
    if not named_hugo and _ZOLA_KEY in configuration.values:
        return False
    return any((root / mount.source).is_dir() for mount in configuration.mounts)


def _language_tag(configuration: Configuration) -> str:
    """Of a site in one language its ``languageCode``, which its author wrote for readers; else the default language."""
    values = configuration.values
    several = len(configuration.languages) > 1
    code = "" if several else to_text(values.get("languagecode")) or ""
    return (code or configuration.default_language).replace("_", "-")


def _without_paragraph(html: str) -> str:
    """The HTML of one paragraph without its ``<p>``, as Hugo gives a short text."""
    inner = html.strip()
    single = inner.startswith("<p>") and inner.count("<p") == 1 and inner.rfind("</") == len(inner) - len("</p>")
    return inner[3:-4].strip() if single else inner
