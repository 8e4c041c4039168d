"""What the path and the front matter of one Hugo page say, by Hugo's rules, and where each value came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from search_index.diagnostics import ProblemCode, Severity
from search_index.model import PAGES, Kind, TermRef
from search_index.reading.conventions import Fields, normal_path, without_private
from search_index.reading.dialects import Document, PostOutline
from search_index.reading.front_matter import Format, FrontMatter
from search_index.reading.hugo.cascade import read_cascade
from search_index.reading.hugo.collation import collation_key
from search_index.reading.hugo.configuration import Configuration
from search_index.reading.hugo.content import ContentFile
from search_index.reading.hugo.dates import FILE_NAME, FoundDate
from search_index.reading.hugo.paths import below, clean
from search_index.reading.hugo.paths import escape as escape_path
from search_index.reading.hugo.site import CASCADE_HINT, Gate, HugoSite, LanguageRules
from search_index.reading.hugo.values import lowered, to_bool, to_int, to_map, to_text, to_texts
from search_index.reading.plain_text import clean as one_line
from search_index.reading.plain_text import without_html
from search_index.reading.sequence import Place, falling
from search_index.settings import SiteSettings
from search_index.taxonomy import slugify, term
from search_index.visibility import Visibility

_OWN_DATES = ("lastmod", "modified")


class HugoPage:
    """One page's derived values, with where each came from."""

    def __init__(
        self,
        hugo: HugoSite,
        file: ContentFile,
        document: Document,
        settings: SiteSettings,
        configuration: Configuration,
    ) -> None:
        self._hugo = hugo
        self._file = file
        self._settings = settings
        self._configuration = configuration
        self._rules: LanguageRules = hugo.rules(file.lang)
        own = document.front_matter
        lower_own = to_map(lowered(dict(own.values)))
        self._own = frozenset(lower_own)
        self._values = hugo.values(file, _hiding_kept(lower_own, own.values))
        self._written = {**{key: self._values[key] for key in self._values if key not in self._own}, **own.values}
        lines = {key.lower(): place for key, place in own.lines.items()}
        merged = FrontMatter(own.format, self._values, lines=lines)
        public = without_private(self._values, settings.private_fields)
        self._fields = Fields(document.path, merged, public, self._rules.zone, settings.limits)
        numbers = own.format is not Format.JSON
        self._gate = hugo.gate(file, self._values, numbers=numbers)
        all_public = self._rules.dates.keys.isdisjoint(self._values.keys() - public.keys())
        self._public_dates = self._gate.dates if all_public else hugo.dates(file, public, numbers=numbers)

    @property
    def listed(self) -> str:
        """``_build.list``: ``always``, ``never`` or ``local``. A headless bundle is never listed."""
        build = to_map(self._values.get("_build"))
        if self._file.base_name == "index" and to_bool(self._values.get("headless")):
            return "never"
        written = build.get("list", "always")
        if isinstance(written, bool):
            return "always" if written else "never"
        text = to_text(written) or ""
        return {"0": "never", "1": "always"}.get(text, text if text in ("never", "local") else "always")

    def outline(self) -> PostOutline:
        fields, file, dates = self._fields, self._file, self._public_dates
        self._tell_unread()
        visibility = self._visibility()
        published = self._moment("published_at", dates.date)
        updated = dates.lastmod if dates.lastmod and not self._is_fallback(dates.lastmod) else None
        path, aliases = self._path()
        authors = fields.people("author", "authors")
        if not authors and self._settings.author:
            authors = (term((self._settings.author,)),)
            fields.derived("authors", self._settings.author, "from the site's author: the post names nobody")
        series = fields.people("series")
        title = to_text(fields.public.get("title")) or ""
        return PostOutline(
            id=normal_path(file.path.rpartition(".")[0]),
            slug=self._slug(),
            collection=self._collection(),
            lang=self._lang(),
            path=path,
            title=without_html(title),
            fallback_title=self._title_of_name() if self._kind is Kind.PAGE else None,
            excerpt=fields.text("summary"),
            excerpt_html=None,
            description=fields.text("description"),
            published_at=published,
            updated_at=updated.moment if updated else None,
            expires_at=dates.expiry.moment if dates.expiry else None,
            featured=fields.flag("featured"),
            tags=self._terms("tags"),
            categories=self._terms("categories"),
            authors=authors,
            series=series[0] if series else None,
            cover=fields.cover(),
            aliases=aliases,
            front_matter=without_private(self._written, self._settings.private_fields),
            visibility=visibility,
            problems=tuple(fields.problems),
            provenance=tuple(fields.provenance),
            place=self._place(published, title),
            kind=self._kind,
            on_site=self._is_rendered(),
        )

    _kind = Kind.POST

    def _is_rendered(self) -> bool:
        """``_build.render``: whether the site has the page at an address of its own."""
        written = to_map(self._values.get("_build")).get("render", "always")
        return written is not False and to_text(written) not in ("never", "link", "0")

    def _source(self, key: str) -> str:
        return f"from {key!r} of the front matter" if key in self._own else f"from {key!r}, handed down by cascade"

    def _moment(self, name: str, found: FoundDate | None) -> datetime | None:
        if found is None:
            self._fields.derived(
                name, "none", "neither the front matter nor, where that counts, the file name has a date"
            )
            return None
        reason = "from the file name" if found.key == FILE_NAME else self._source(found.key)
        self._fields.derived(name, found.moment.isoformat(), reason)
        return found.moment

    def _is_fallback(self, found: FoundDate) -> bool:
        """Whether the date of the last change is only the post's own date: Hugo gives that where there is no other."""
        return found.key not in _OWN_DATES and found.key in (*self._rules.dates.date, *self._rules.dates.publish)

    def _tell_unread(self) -> None:
        for key in self._public_dates.unread:
            value = self._values[key]
            if value is None or (key == "published" and to_bool(value) is not None):
                continue
            message = f"{key!r} holds {value!r}, which Hugo does not read as a date, and is passed over"
            self._fields.report(ProblemCode.DATE_INVALID, key, message[:300], _DATE, Severity.ERROR)

    def _visibility(self) -> Visibility:
        own = self._gate
        gates: Sequence[Gate] = (own, *self._hugo.gates(self._file))
        draft = own.draft or next((of_section(gate.draft) for gate in gates if gate.draft), "")
        if draft:
            self._fields.derived("status", "draft", draft)
        written = self._values.get("draft")
        if written is not None and to_bool(written) is None:
            message = "'draft' is neither true nor false, and Hugo publishes the post"
            self._fields.report(ProblemCode.FRONT_MATTER_TYPE, "draft", message, "write true or false", Severity.ERROR)
        return self._hugo.visibility(gates, draft)

    def _path(self) -> tuple[str, tuple[str, ...]]:
        address = self._hugo.address(self._file, self._values, self._gate.dates)
        path = self._rules.paths.on_site(address.link)
        pattern = self._rules.permalinks.patterns.get(self._file.section)
        if self._values.get("url"):
            reason = self._source("url")
        elif pattern:
            reason = f"the permalink {pattern!r} of the section {self._file.section!r}"
        else:
            reason = "from the folders and the slug"
        self._fields.derived("path", path, reason)
        return path, self._aliases(address.folder)

    def _aliases(self, folder: str) -> tuple[str, ...]:
        """As paths on the site; one without a slash in front is a neighbour of the page."""
        found: dict[str, None] = {}
        for alias in to_texts(self._fields.public.get("aliases")):
            if alias.startswith(("http://", "https://")):
                self._fields.wrong_type("aliases", f"holds {alias!r}", "write a path such as /old/address/")
                continue
            link = clean(alias) if alias.startswith("/") else clean(f"{folder}/../{alias}")
            if self._rules.ugly is True and not link.endswith(".html"):
                link += ".html"
            link = link if link.endswith((".html", "/")) else link + "/"
            found[below(self._rules.paths.base, escape_path(link))] = None
        return tuple(found)

    def _place(self, published: datetime | None, title: str) -> Place | None:
        """Hugo's own order of pages, the first of them the newest: by weight, date and link title, in one language.

        Source: "Default: weight > date > linkTitle > filePath" of Hugo's page on lists.
        """
        weight = to_int(self._values.get("weight"))
        link_title = to_text(self._values.get("linktitle")) or title
        undated = published is None
        moment = 0 if published is None else -int(published.timestamp())
        name = collation_key(link_title, self._file.lang)
        order = falling(weight == 0, weight, undated, moment, name, self._file.path.casefold())
        return Place(self._file.lang, order)

    def _slug(self) -> str:
        written = self._hugo.slug(self._values, self._gate.dates)
        if written and (slug := one_line(written)):
            key = "slug" if "slug" in self._values else ""
            self._fields.derived("slug", slug, self._source(key) if key else "from the file name, without its date")
            return slug
        name = self._file.content_name
        slug = slugify(one_line(name)) or sha256(normal_path(self._file.path).encode()).hexdigest()[:8]
        self._fields.derived("slug", slug, "from the folder's name" if self._file.is_leaf else "from the file name")
        return slug

    def _collection(self) -> str:
        section = self._file.section or PAGES
        reason = "the first folder of the content" if self._file.section else "it lies in no section"
        self._fields.derived("collection", section, reason)
        return section

    def _lang(self) -> str:
        return self._file.lang if len(self._hugo.languages) > 1 else self._settings.lang

    def _title_of_name(self) -> str:
        words = self._file.content_name.replace("-", " ").replace("_", " ").split()
        return one_line(" ".join(word[:1].upper() + word[1:] for word in words)) or self._file.content_name or "Home"

    def _terms(self, plural: str) -> tuple[TermRef, ...]:
        """A text is one term. Of names with one address the last spelling counts, where it stands."""
        if plural not in self._rules.taxonomies:
            return ()
        value = self._fields.public.get(plural)
        names = [value] if isinstance(value, str) else to_texts(value)
        if isinstance(value, dict):
            self._fields.wrong_type(plural, "is a map", "write a list of names")
        last: dict[str, str] = {}
        for name in names:
            key = self._rules.term_key(name)
            last.pop(key, None)
            if key:
                last[key] = name
            elif name:
                self._fields.wrong_type(
                    plural, f"holds {name!r}, of which Hugo makes no term", "write letters or numbers"
                )
        found = self._fields.limited(((plural, (name,)) for name in last.values()), one_line)
        keys = {term((one_line(name),)).path: key for key, name in reversed(last.items())}
        return tuple(self._titled(plural, keys.get(one.path, ""), one) for one in found)

    def _titled(self, plural: str, key: str, found: TermRef) -> TermRef:
        """The term with the title that its own page gives it, once that may be seen."""
        page = self._hugo.terms.get((self._file.lang, f"{plural}/{key}".lower()))
        if page is None or not self._hugo.is_public(page):
            return found
        title = one_line(to_text(page.values.get("linktitle") or page.values.get("title")) or "")
        return replace(found, names=(title,)) if title else found


class BranchPage(HugoPage):
    """The page that a section, a taxonomy, a term or the site itself has in its ``_index.md``."""

    _kind = Kind.PAGE

    def outline(self) -> PostOutline:
        for wrong in read_cascade(self._values.get("cascade") if "cascade" in self._own else None).wrong:
            self._fields.report(ProblemCode.FRONT_MATTER_TYPE, "cascade", f"'cascade': {wrong}", CASCADE_HINT)
        return super().outline()

    def _path(self) -> tuple[str, tuple[str, ...]]:
        folders = tuple(self._file.folder.split("/")) if self._file.folder else ()
        if self._values.get("url"):
            return super()._path()
        path = self._hugo.section_path(self._file.lang, folders)
        self._fields.derived("path", path, "from the folders")
        return path, self._aliases("/" + self._file.folder)

    def _collection(self) -> str:
        """A term's page belongs to its taxonomy."""
        taxonomy, _, term_folder = self._file.folder.partition("/")
        collection = taxonomy if term_folder and taxonomy in self._rules.taxonomies else PAGES
        self._fields.derived("collection", collection, "a section's or term's own page")
        return collection

    def _place(self, published: datetime | None, title: str) -> Place | None:
        """It has no neighbours."""
        del published, title
        return None


_DATE = "write it as 2020-12-02 or 2020-12-02T09:30:00+09:00"


def of_section(draft: str) -> str:
    return f"{draft} of the section it lies in"


def _hiding_kept(values: Mapping[str, object], written: Mapping[str, object]) -> Mapping[str, object]:
    """Of ``draft`` and ``Draft`` beside each other the one that hides the post counts."""
    kept = dict(values)
    for key, hides in (("draft", True), ("published", False)):
        spelled = [value for name, value in written.items() if name.lower() == key]
        if len(spelled) > 1 and any(to_bool(value) is hides for value in spelled):
            kept[key] = hides
    return kept
