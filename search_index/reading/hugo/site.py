"""A Hugo site as a whole: its languages, its sections and what they hand down, and the address of each page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from search_index.diagnostics import ContentProblem
from search_index.patterns import Pattern, PatternError, compile_expression
from search_index.public_files import PublicFiles, PublicFolder
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import FrontMatter, decode, parse, split
from search_index.reading.hugo.cascade import Cascade, PageFacts, handed_down, read_cascade
from search_index.reading.hugo.configuration import Configuration, Language, Mount
from search_index.reading.hugo.content import HTML, ContentFile, ContentTree, Languages, Role, is_content, is_plain_html
from search_index.reading.hugo.dates import GIT, DateRules, PageDates, date_rules
from search_index.reading.hugo.paths import Address, PathRules, Target, clean, escape, page_address, section_address
from search_index.reading.hugo.permalinks import PermalinkFacts, Permalinks, permalinks
from search_index.reading.hugo.values import lowered, resolve_yaml, to_bool, to_int, to_map, to_text, to_texts
from search_index.reading.source import FoundFile, read_stable, scan
from search_index.settings import SiteSettings
from search_index.visibility import Visibility, visibility_of

_SUMMARY_WORDS = 70
_PASSED_OVER = (".", "#", "~")
"""Beginnings of names. Hugo copies such files of ``static/``; Octavo gives none out."""
_TAXONOMIES = {"tag": "tags", "category": "categories"}


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """What the configuration says for the pages of one language.

    ``prefix`` is the language's part of the path ("" for none), ``ugly`` whether all pages are ``.html`` files, or those
    of which sections. ``taxonomies`` are the plural names.
    """

    code: str
    values: Mapping[str, object]
    zone: ZoneInfo
    dates: DateRules
    paths: PathRules
    permalinks: Permalinks
    taxonomies: tuple[str, ...]
    prefix: str
    own_host: bool
    ugly: bool | frozenset[str]
    cascades: tuple[Cascade, ...]
    summary_length: int
    has_cjk: bool

    def is_ugly(self, section: str) -> bool:
        """Whether the pages of the section are ``.html`` files."""
        return self.ugly if isinstance(self.ugly, bool) else section in self.ugly

    def term_key(self, name: str) -> str:
        """What makes two names one term: equal addresses."""
        return self.paths.sanitised(name)


@dataclass(frozen=True, slots=True)
class Gate:
    """When a page may be seen. ``draft`` is the sign that makes it one ("" for none)."""

    draft: str
    dates: PageDates


@dataclass(frozen=True, slots=True)
class Branch:
    """A section's own page. ``values`` are its front matter, keys in lower case."""

    file: ContentFile
    values: Mapping[str, object]
    cascades: tuple[Cascade, ...]


class HugoSite:
    """Read once: the configuration and what lies in the content folders. Never raises for what the files hold."""

    def __init__(self, root: Path, configuration: Configuration, settings: SiteSettings) -> None:
        self._root = root
        self._settings = settings
        self.configuration = configuration
        self._problems: list[ContentProblem] = [*configuration.problems]
        self._ignored = tuple(self._ignored_patterns())
        languages = configuration.languages
        self.languages = {language.code: self._rules(language) for language in languages}
        codes = Languages(
            frozenset(self.languages), frozenset(language.code for language in languages if language.disabled)
        )
        self.tree = ContentTree([], configuration.mounts, codes, self._is_page)
        found = scan(root, self)
        self.tree = ContentTree([file.path for file in found.files], configuration.mounts, codes, self._is_page)
        self._gates: dict[str, Gate] = {}
        self.now: int | None = None
        """When pages have to be public, in UTC epoch seconds; None: ever."""
        self.branches: dict[tuple[str, str], Branch] = {}
        self.terms: dict[tuple[str, str], Branch] = {}
        for file in self.tree.files.values():
            if file.role is Role.BRANCH:
                self._read_branch(file)

    @property
    def problems(self) -> tuple[ContentProblem, ...]:
        return tuple(self._problems)

    @cached_property
    def structure(self) -> str:
        """What of the content folder shapes pages other than its own: sections, their front matter, bundles."""
        pages = (*self.branches.items(), *self.terms.items())
        said = sorted(f"{branch.file.path}\0{branch.values!r}\0{self.is_public(branch)}" for _, branch in pages)
        bundles = sorted(file.path for file in self.tree.files.values() if file.is_leaf or file.role is Role.REPEATED)
        return "\0".join((*said, "", *bundles))

    def enters(self, folder: str) -> bool:
        """Whether content may lie in the folder, relative to the root, or below."""
        return self.tree.holds(folder) and not self.is_ignored(folder)

    def reads(self, path: str) -> bool:
        """Whether the file is content."""
        return is_content(path) and self.tree.file(path) is not None and not self.is_ignored(path)

    def is_ignored(self, path: str) -> bool:
        """Whether ``ignoreFiles`` names the file or folder, or Hugo passes over such names."""
        name = path.rpartition("/")[2]
        return (
            name.startswith((".", "#")) or name.endswith("~") or any(one.matches("/" + path) for one in self._ignored)
        )

    @property
    def public_files(self) -> PublicFiles:
        """What is copied as it stands, what lies beside pages, and the images that templates take covers from."""
        configuration = self.configuration
        static = (_public(mount, mount.target) for mount in configuration.static_mounts)
        assets = (PublicFolder(folder, folder, beginnings=_PASSED_OVER) for folder in configuration.asset_folders)
        ignored = tuple(pattern.text for pattern in self._ignored)
        content = (
            replace(_public(mount, mount.source), ignored=ignored)
            for mount in configuration.mounts
            if not self.tree.is_disabled(mount.lang)
        )
        return PublicFiles(tuple(dict.fromkeys((*static, *assets, *content))), bundled=True)

    def rules(self, lang: str) -> LanguageRules:
        return self.languages.get(lang) or self.languages[self.configuration.default_language]

    def sections_above(self, file: ContentFile) -> Iterator[Branch]:
        """The section pages above a page, the nearest first, the home page last."""
        parts = file.page_folder.lower().split("/") if file.page_folder else []
        if file.role is Role.BRANCH:
            parts = parts[:-1] if parts else []
        for depth in range(len(parts), -1, -1):
            branch = self.branches.get((file.lang, "/".join(parts[:depth])))
            if branch is not None and branch.file.path != file.path:
                yield branch

    def values(self, file: ContentFile, own: Mapping[str, object]) -> dict[str, object]:
        """A page's front matter ``own`` (keys in lower case) with what is handed down to it."""
        kind = self._kind(file)
        levels = [branch.cascades for branch in self.sections_above(file)]
        if file.role is Role.BRANCH and (branch := self._branch(file)):
            levels.insert(0, branch.cascades)
        levels.append(self.rules(file.lang).cascades)
        return {**handed_down(levels, PageFacts(file.mounted, kind, file.lang)), **own}

    def gates(self, file: ContentFile) -> list[Gate]:
        """Those of the sections above: Hugo leaves out all pages below a section that is a draft, or not yet to be seen."""
        return [self._gate_of(branch) for branch in self.sections_above(file)]

    def _gate_of(self, branch: Branch) -> Gate:
        if branch.file.path not in self._gates:
            self._gates[branch.file.path] = self.gate(branch.file, self.values(branch.file, branch.values))
        return self._gates[branch.file.path]

    def is_public(self, branch: Branch) -> bool:
        gates = (self._gate_of(branch), *self.gates(branch.file))
        draft = next((gate.draft for gate in gates if gate.draft), "")
        return self.visibility(gates, draft).is_public(self.now)

    def visibility(self, gates: Sequence[Gate], draft: str) -> Visibility:
        """Who may see a page that has to pass all of ``gates``; ``draft`` as in ``visibility_of``."""
        starts = [gate.dates.publish.moment for gate in gates if gate.dates.publish]
        ends = [gate.dates.expiry.moment for gate in gates if gate.dates.expiry]
        return visibility_of(
            draft=draft,
            published=True,
            published_at=max(starts) if starts else None,
            publish_after=None,
            expires_at=min(ends) if ends else None,
            show_drafts=self._settings.drafts,
        )

    def gate(self, file: ContentFile, values: Mapping[str, object], *, numbers: bool = True) -> Gate:
        return Gate(draft_sign(values), self.dates(file, values, numbers=numbers))

    def dates(self, file: ContentFile, values: Mapping[str, object], *, numbers: bool = True) -> PageDates:
        """``numbers``: a number is a date (it is none in JSON)."""
        rules = self.rules(file.lang)
        return rules.dates.dates(values, file.content_name, rules.zone, numbers=numbers)

    def slug(self, values: Mapping[str, object], dates: PageDates) -> str:
        """The slug that is written, or that a date in the file name leaves; "" where the file name itself is the slug."""
        if "slug" in values:
            return (to_text(values["slug"]) or "").strip("-")
        return dates.slug_of_name or ""

    def address(self, file: ContentFile, values: Mapping[str, object], dates: PageDates) -> Address:
        """Where the page is, below ``baseURL``, not encoded."""
        rules = self.rules(file.lang)
        slug = self.slug(values, dates)
        facts = PermalinkFacts(
            title=to_text(values.get("title")) or "",
            slug=slug,
            file_name=self._file_name(file),
            section=file.section,
            sections=self._section_entries(file),
            date=dates.date.moment if dates.date else None,
        )
        target = Target(
            folder=file.folder if file.content_name == file.base_name else file.page_folder,
            name=file.content_name,
            slug=slug,
            url=to_text(values.get("url")) or "",
            permalink=rules.permalinks.expanded(facts, rules.paths),
            prefix=rules.prefix,
            ugly=rules.is_ugly(file.section),
            own_host=rules.own_host,
        )
        return page_address(target, rules.paths)

    def section_path(self, lang: str, folders: tuple[str, ...]) -> str:
        """The path on the site of a section's page; () is the home page."""
        rules = self.rules(lang)
        link = section_address(folders, rules.prefix, rules.paths, ugly=rules.is_ugly(folders[0] if folders else ""))
        return rules.paths.on_site(link)

    def front_matter(self, path: str) -> FrontMatter:
        """The front matter of a file of the site. Raises ``ContentError``."""
        raw = read_stable(self._root, FoundFile(path, 0, (0, 0, 0, 0)), self._settings.limits)
        limits = self._settings.limits
        return parse(path, split(decode(raw), limits), limits, resolve_yaml)

    def has_file(self, bundle: ContentFile, name: str) -> bool:
        """Whether the folder of a bundle has a file of this name; nothing outside of the folder is looked at."""
        folder = bundle.path.rpartition("/")[0]
        inner = clean(f"/{name}").lstrip("/")
        root = self._root.resolve()
        target = (root / folder / inner).resolve()
        return target.is_relative_to(root) and target.is_file()

    def _file_name(self, file: ContentFile) -> str:
        return file.folder.rpartition("/")[2] if file.base_name == "index" else file.base_name

    def _section_entries(self, file: ContentFile) -> tuple[str, ...]:
        """The folders of the section that the page lies in, as the permalink tokens have them.

        A section that has no page of its own is in lower case and ends with an empty entry.
        """
        nearest = next(self.sections_above(file), None)
        if nearest is not None and (nearest.file.folder or not file.page_folder):
            return tuple(nearest.file.folder.split("/")) if nearest.file.folder else ()
        return (file.page_folder.split("/")[0].lower(), "") if file.page_folder else ()

    def _kind(self, file: ContentFile) -> str:
        if file.role is not Role.BRANCH:
            return "page"
        if not file.folder:
            return "home"
        plural = self._taxonomy_of(file)
        return "section" if plural is None else "taxonomy" if plural == file.folder else "term"

    def _taxonomy_of(self, file: ContentFile) -> str | None:
        names = self.rules(file.lang).taxonomies
        return next((name for name in names if name and file.folder.lower().startswith(name)), None)

    def _branch(self, file: ContentFile) -> Branch | None:
        key = (file.lang, file.folder.lower())
        return self.branches.get(key) or self.terms.get(key)

    def _read_branch(self, file: ContentFile) -> None:
        """What is wrong in the file is told where it is read itself."""
        try:
            written = lowered(dict(self.front_matter(file.path).values))
        except ContentError:
            written = {}
        values = to_map(written)
        found = self.branches if self._taxonomy_of(file) is None else self.terms
        found[file.lang, file.folder.lower()] = Branch(file, values, read_cascade(values.get("cascade")).cascades)

    def _is_page(self, path: str) -> bool:
        if path.rpartition(".")[2] not in HTML:
            return True
        try:
            raw = read_stable(self._root, FoundFile(path, 0, (0, 0, 0, 0)), self._settings.limits)
            return not is_plain_html(decode(raw))
        except ContentError:
            return True

    def _ignored_patterns(self) -> Iterator[Pattern]:
        for written in to_texts(self.configuration.values.get("ignorefiles")):
            try:
                yield compile_expression(written)
            except PatternError as error:
                message = f"ignoreFiles: {written!r} is not used: {error}"
                self._report("ignorefiles", message, "write a simple ending, such as \\.draft\\.md$")

    def _rules(self, language: Language) -> LanguageRules:
        values = language.values
        dates = date_rules(values.get("frontmatter"))
        self._tell_unused(dates, values)
        found = permalinks(values.get("permalinks"))
        for section, pattern, reason in found.refused:
            message = f"the permalink {pattern!r} of {section!r} is not used: {reason}"
            self._report("permalinks", message, "Hugo 0.111 stops at it; use tokens such as :year, :month and :slug")
        cascade = read_cascade(values.get("cascade"))
        for wrong in cascade.wrong:
            self._report("cascade", f"cascade: {wrong}", CASCADE_HINT)
        length = to_int(values.get("summarylength", _SUMMARY_WORDS))
        return LanguageRules(
            code=language.code,
            values=values,
            zone=self._zone(values),
            dates=dates,
            paths=PathRules(
                base=base_url(values)[1],
                lower=to_bool(values.get("disablepathtolower")) is not True,
                remove_accents=to_bool(values.get("removepathaccents")) is True,
            ),
            permalinks=found,
            taxonomies=_plurals(values.get("taxonomies", _TAXONOMIES)),
            prefix=self._prefix(language.code),
            own_host=self.configuration.is_multihost,
            ugly=_ugly(values.get("uglyurls")),
            cascades=cascade.cascades,
            summary_length=length if length > 0 else _SUMMARY_WORDS,
            has_cjk=to_bool(values.get("hascjklanguage")) is True,
        )

    def _prefix(self, code: str) -> str:
        several = len(self.configuration.languages) > 1
        if not several or self.configuration.is_multihost:
            return ""
        in_folder = to_bool(self.configuration.values.get("defaultcontentlanguageinsubdir")) is True
        return code if in_folder or code != self.configuration.default_language else ""

    def _zone(self, values: Mapping[str, object]) -> ZoneInfo:
        if "timezone" in self._settings.model_fields_set:
            return self._settings.zone
        name = to_text(values.get("timezone")) or "UTC"
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            self._report(
                "timezone", f"timeZone: {name!r} is no time zone; UTC is used", "write one such as Europe/Paris"
            )
            return self._settings.zone

    def _tell_unused(self, dates: DateRules, values: Mapping[str, object]) -> None:
        for source in dates.unused:
            message = f"frontmatter: {source} is not used: it is no part of the files, and differs from copy to copy"
            self._report("frontmatter", message, "write lastmod into the posts")
        if to_bool(values.get("enablegitinfo")) is True and GIT not in dates.unused:
            message = "enableGitInfo: dates of commits are not used"
            self._report("enablegitinfo", message, "write lastmod into the posts")

    def _report(self, key: str, message: str, hint: str) -> None:
        problem = self.configuration.problem(key, message, hint)
        if problem not in self._problems:
            self._problems.append(problem)


def _public(mount: Mount, at: str) -> PublicFolder:
    return PublicFolder(
        mount.source,
        at,
        beginnings=_PASSED_OVER,
        only=tuple(pattern.text for pattern in mount.includes),
        but=tuple(pattern.text for pattern in mount.excludes),
    )


CASCADE_HINT = "write a map of values, or a list of maps each with _target"


def draft_sign(values: Mapping[str, object]) -> str:
    """The sign that makes a page a draft, "" for none. ``draft`` counts over ``published``.

    Source: ``setMetadata`` in ``hugolib/page__meta.go``.
    """
    if "draft" in values:
        return "draft: true" if to_bool(values["draft"]) else ""
    return "published: false" if "published" in values and to_bool(values["published"]) is False else ""


def base_url(values: Mapping[str, object]) -> tuple[str, str]:
    """Scheme and host of ``baseURL`` ("" where it has none), and its path without a slash at the end."""
    written = (to_text(values.get("baseurl")) or "").strip()
    try:
        parts = urlsplit(written)
    except ValueError:
        return "", ""
    is_web = parts.scheme in ("http", "https") and parts.netloc
    path = clean(parts.path).rstrip("/")
    return (f"{parts.scheme}://{parts.netloc}" if is_web else ""), escape(path) if path.startswith("/") else ""


def _plurals(configured: object) -> tuple[str, ...]:
    return tuple(plural.lower() for value in to_map(configured).values() if (plural := to_text(value)))


def _ugly(configured: object) -> bool | frozenset[str]:
    if isinstance(configured, dict):
        return frozenset(section for section, value in configured.items() if to_bool(value))
    return to_bool(configured) is True
