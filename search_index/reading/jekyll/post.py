"""What the path and the front matter of one Jekyll post say, by Jekyll's rules, and where each value came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from search_index.diagnostics import ProblemCode, Severity
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
from search_index.reading.jekyll.files import DRAFTS, POSTS, PostFiles, PostName
from search_index.reading.jekyll.permalinks import FALLBACK_TEMPLATE, UnknownPlaceholder, address, date_values
from search_index.reading.jekyll.terms import categories_of, tags_of
from search_index.reading.jekyll_slugs import slugify
from search_index.reading.plain_text import clean, without_html
from search_index.settings import SiteSettings
from search_index.taxonomy import term
from search_index.visibility import visibility_of

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""What a draft without a date shows in an address that has one in it. Jekyll takes the file's time, which differs by host."""


class JekyllPost:
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
        self._defaults = without_private(defaults, settings.private_fields)
        self._document = document
        self._name = name
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
            front_matter=self._own,
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
        """The sign that makes the post a draft ("" without one), and whether it is published. Private fields count here too."""
        fields = self._fields
        draft = "it lies in _drafts" if self._files.home(self._document.path) == DRAFTS else ""
        written = self._all.get("draft")
        if not draft and written is not None and written is not False:
            message = "'draft' hides nothing in _posts: Jekyll publishes the post"
            fields.report(
                ProblemCode.DRAFT_PUBLISHED, "draft", message, "write published: false, or move it to _drafts"
            )
        shown = self._all.get("published", True)
        published = shown is not None and shown is not False
        if draft:
            fields.derived("status", "draft", draft)
        if not published:
            fields.derived("status", "hidden", "published: false")
        return draft, published


def _text_unless_false(value: object) -> str | None:
    """A scalar as text; false counts as nothing, as it does in Ruby."""
    return None if value is False else as_text(value)


def _id(path: str) -> str:
    """The path without ``.md``, its ``_posts`` and ``_drafts`` without their underscore."""
    parts = [part[1:] if part in (POSTS, DRAFTS) else part for part in path.split("/")]
    return normal_path("/".join(parts).removesuffix(".md"))
