"""What the path and the front matter of one post, document or page say, by Jekyll's rules, and where each value came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from search_index.diagnostics import ProblemCode, Severity
from search_index.model import PAGES, Kind, TermRef
from search_index.reading.conventions import (
    EXPIRY_KEYS,
    UPDATED_KEYS,
    Fields,
    as_text,
    normal_path,
    without_private,
)
from search_index.reading.dates import DateError
from search_index.reading.dialects import Document, PostOutline
from search_index.reading.jekyll import dates
from search_index.reading.jekyll.config import JekyllConfig
from search_index.reading.jekyll.defaults import deep_merge
from search_index.reading.jekyll.files import DRAFTS, POSTS, POSTS_LABEL, PostName, SiteLayout
from search_index.reading.jekyll.permalinks import FALLBACK_TEMPLATE, UnknownPlaceholder, address, date_values
from search_index.reading.jekyll.terms import categories_of, tags_of
from search_index.reading.jekyll_slugs import slugify
from search_index.reading.plain_text import clean, without_html
from search_index.reading.sequence import Place, rising
from search_index.settings import SiteSettings
from search_index.taxonomy import term
from search_index.visibility import visibility_of

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""What a draft without a date shows in an address that has one in it. Jekyll takes the file's time, which differs by host."""


class JekyllDocument:
    """The derived values of a post or a collection's document, with where each came from."""

    def __init__(
        self,
        config: JekyllConfig,
        files: SiteLayout,
        defaults: Mapping[str, object],
        document: Document,
        name: PostName,
        settings: SiteSettings,
        author_names: Mapping[str, str],
    ) -> None:
        self._config = config
        self._files = files
        self._defaults = without_private(defaults, settings.private_fields)
        self._document = document
        self._name = name
        self._label = files.label(document.path)
        self._author_names = author_names
        self._settings = settings
        self._zone = settings.zone
        own = document.front_matter
        self._own = without_private(own.values, settings.private_fields)
        self._all = deep_merge(defaults, own.values)
        self._values = without_private(self._all, settings.private_fields)
        merged = replace(own, values=self._all)
        self._fields = Fields(document.path, merged, self._values, settings.zone, settings.limits)

    def outline(self) -> PostOutline:
        fields, settings = self._fields, self._settings
        draft, published = self._hiding()
        moment = self._date()
        expires = fields.moment(EXPIRY_KEYS)
        updated = fields.moment(UPDATED_KEYS)
        slug = self._slug()
        categories = categories_of(self._files.categories(self._document.path), self._defaults, self._own)
        path = self._path(slug, [name for _, name in categories], moment)
        authors = fields.people("author", "authors")
        if not authors and settings.author:
            authors = (term((settings.author,)),)
            fields.derived("authors", settings.author, "from the site's author: the post names nobody")
        series = fields.people("series")
        visibility = visibility_of(
            draft=draft,
            published=published,
            published_at=None if self._config.flag("future") or not self._waits else moment,
            publish_after=None,
            expires_at=expires[0] if expires else None,
            show_drafts=settings.drafts or self._config.flag("show_drafts"),
        )
        excerpt = written_excerpt(self._values)
        return PostOutline(
            id=self._id(),
            slug=slug,
            collection=self._label,
            lang=fields.language(settings.lang),
            path=path,
            title=self._title(slug),
            fallback_title=self._fallback_title(slug),
            excerpt=fields.text("summary") if excerpt is None else without_html(excerpt),
            excerpt_html=excerpt,
            description=fields.text("description"),
            published_at=moment,
            updated_at=updated[0] if updated else None,
            expires_at=expires[0] if expires else None,
            featured=fields.flag("featured"),
            tags=fields.limited(((key, (name,)) for key, name in tags_of(self._values)), clean),
            categories=fields.limited(((key, (name,)) for key, name in categories), clean),
            authors=tuple(self._named(author) for author in authors),
            series=series[0] if series else None,
            cover=fields.cover(),
            aliases=fields.aliases(),
            front_matter=self._own,
            visibility=visibility,
            problems=tuple(fields.problems),
            provenance=tuple(fields.provenance),
            place=self._place(moment),
            kind=Kind.POST if self._label == POSTS_LABEL else Kind.PAGE,
            on_site=self._config.is_written(self._label),
        )

    _waits = True
    """Whether a date in the future keeps it from the public until then."""

    def _id(self) -> str:
        """The path without ``.md``, its ``_posts`` and ``_drafts`` without their underscore."""
        parts = [part[1:] if part in (POSTS, DRAFTS) else part for part in self._document.path.split("/")]
        if self._label != POSTS_LABEL:
            parts = [self._label, self._files.below(self._document.path)]
        return normal_path("/".join(parts).removesuffix(".md"))

    def _place(self, moment: datetime | None) -> Place | None:
        """Documents are neighbours of those of their collection; one without a date comes last.

        Source: ``sort_docs!`` of Jekyll's collection.rb.
        """
        if self._label == POSTS_LABEL:
            return None
        below = self._files.below(self._document.path)
        order = self._config.collection(self._label).get("order")
        if isinstance(order, list):
            return Place(self._label, rising(order.index(below) if below in order else len(order), below))
        key = self._config.collection(self._label).get("sort_by")
        if isinstance(key, str):
            value = self._values.get(key)
            known = int(value * 1000) if isinstance(value, (int, float)) else as_text(value) or ""
            return Place(self._label, rising(int(value is None), known, below))
        return Place(self._label, rising(int(moment is None), int(moment.timestamp()) if moment else 0, below))

    def _named(self, author: TermRef) -> TermRef:
        """The author with the name that ``_data/authors`` has for the key in the post."""
        name = clean(self._author_names.get(author.name, ""))
        return replace(author, names=(name,)) if name else author

    def _fallback_title(self, slug: str) -> str | None:
        """None: a document's title is never looked for in its body."""
        del slug
        return None

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
        if self._config.timezone == zone:
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
            "path": self._files.below(self._document.path).removesuffix(suffix).rstrip("."),
            "collection": self._label,
            "output_ext": output,
        }
        own = as_text(self._values.get("permalink"))
        return self._filled_in(own, self._config.permalink_of(self._label), values, FALLBACK_TEMPLATE)

    def _filled_in(self, own: str | None, sites: str, values: Mapping[str, str], fallback: str) -> str:
        """The address by the document's ``own`` template, else the ``sites``; what cannot be filled in is a problem."""
        template = own or sites
        source = "'permalink' of the front matter" if own else f"permalink {template!r} of the site"
        try:
            path = address(template, values)
        except UnknownPlaceholder as error:
            message = f"the permalink {template!r} has the placeholder ':{error.name}', which Jekyll does not know"
            hint = "write one of https://jekyllrb.com/docs/permalinks/#placeholders"
            key = "permalink" if "permalink" in self._document.front_matter.values else ""
            self._fields.report(ProblemCode.PERMALINK_INVALID, key, message, hint, Severity.ERROR)
            path = address(fallback, values)
            source = f"Jekyll's own permalink: {template!r} cannot be filled in"
        self._fields.derived("path", path, f"from {source}")
        return path

    def _hiding(self) -> tuple[str, bool]:
        """The sign that makes the post a draft ("" without one), and whether it is published. Private fields count here too."""
        fields = self._fields
        draft = "it lies in _drafts" if self._files.home(self._document.path) == DRAFTS else ""
        written = self._all.get("draft")
        if not draft and written is not None and written is not False:
            message, hint = "'draft' hides nothing here: Jekyll publishes it", "write published: false"
            if self._label == POSTS_LABEL:
                message = "'draft' hides nothing in _posts: Jekyll publishes the post"
                hint += ", or move it to _drafts"
            fields.report(ProblemCode.DRAFT_PUBLISHED, "draft", message, hint)
        shown = self._all.get("published", True)
        published = self._config.flag("unpublished") or (shown is not None and shown is not False)
        if draft:
            fields.derived("status", "draft", draft)
        if not published:
            fields.derived("status", "hidden", "published: false")
        return draft, published


class JekyllPage(JekyllDocument):
    """The derived values of a page: a file with front matter that lies in no collection.

    Source: Jekyll's page.rb.
    """

    _waits = False

    def _id(self) -> str:
        """The path without ``.md``; below ``pages/`` where the ids of posts or of a collection begin so."""
        path = self._document.path.removesuffix(".md")
        first = path.split("/")[0]
        taken = first in (POSTS_LABEL, DRAFTS[1:], PAGES) or first in self._files.labels
        return normal_path(f"{PAGES}/{path}" if taken and "/" in path else path)

    def _place(self, moment: datetime | None) -> Place | None:
        """A page has no neighbours."""
        del moment
        return None

    def _fallback_title(self, slug: str) -> str | None:
        return slug

    def _title(self, slug: str) -> str:
        """Without one in the front matter, the body's first heading is it."""
        return super()._title(slug) if _text_unless_false(self._values.get("title")) is not None else ""

    def _path(self, slug: str, categories: list[str], moment: datetime | None) -> str:
        del slug, categories, moment
        folder, _, _ = self._document.path.rpartition("/")
        values = {"path": folder, "basename": self._name.slug, "output_ext": ".html"}
        style = f"/:path/:basename{self._config.suffix_of_style}"
        site = "/:path/" if self._name.slug == "index" else style
        own = as_text(self._values.get("permalink"))
        return self._filled_in(own, site, values, "/:path/:basename:output_ext")


def written_excerpt(values: Mapping[str, object]) -> str | None:
    """The excerpt that the front matter gives whole; None where the body has to."""
    return _text_unless_false(values.get("excerpt"))


def _text_unless_false(value: object) -> str | None:
    """A scalar as text; false counts as nothing, as it does in Ruby."""
    return None if value is False else as_text(value)
