"""One immutable view of an index folder (``Snapshot``): a generation at one instant, and everything it answers."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from math import inf
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic_core import to_json
from rapidfuzz import fuzz, process

from search_index.answers import (
    ArchiveMonth,
    ArchiveYear,
    FacetBucket,
    FacetCounts,
    Neighbors,
    PostPage,
    Resolution,
    SearchHit,
    SearchResult,
    SectionHit,
    SiteAddress,
    SiteCounts,
    StoredPost,
    Suggestion,
    SuggestionKind,
)
from search_index.catalog import FACET_LIMIT, FACET_TAXONOMY, Catalog, FoundPost, TermCount, without_field
from search_index.changes import ChangeLog, Changes, Step
from search_index.composing import (
    collection_api_url,
    encoded_path,
    public_url,
    term_api_url,
    title_key,
    with_api_url,
    with_neighbours,
)
from search_index.content_schema import ContentSchema
from search_index.diagnostics import ContentProblem
from search_index.engines.port import (
    Deadline,
    EngineHit,
    EngineUnavailable,
    Searcher,
    SearchPage,
)
from search_index.expansion import Expander
from search_index.highlight import Highlighter, Highlights, HighlightSource
from search_index.included import Member, Room, json_array, members, neighbours_json, with_members
from search_index.model import PAGES, Kind
from search_index.post_search import EVERY_VALUE, HitExplanation, PostSearch, names_with
from search_index.previews import Preview, Previews
from search_index.public_files import PublicFiles
from search_index.public_state import public_version
from search_index.query import (
    WINDOW,
    FacetField,
    Include,
    ListQuery,
    Page,
    PostFilters,
    SearchPosition,
    SearchQuery,
)
from search_index.relevance import SearchSettings
from search_index.site_paths import loose_path, site_path, without_base
from search_index.synonyms import Synonyms
from search_index.taxonomy import Taxonomy
from search_index.vocabulary import Vocabulary
from search_index.wire import Collection, Term

_RELATED_INCLUDED = 5
"""How many related posts a post carries where they are included."""

NO_HURRY = Deadline(inf)


@dataclass(frozen=True, slots=True)
class PresentVersion:
    """A snapshot's ``version`` and ``next_change_at``."""

    version: str
    next_change_at: int | None


class Snapshot:
    """One generation at one instant: everything one response is made of. Safe from several threads."""

    def __init__(
        self,
        catalog: Catalog,
        searcher: Searcher,
        vocabulary: Vocabulary,
        log: ChangeLog,
        settings: SearchSettings,
        now: int,
        next_change_at: int | None,
        previews: Previews | None = None,
    ) -> None:
        self._catalog = catalog
        self._searcher = searcher
        self._vocabulary = vocabulary
        self._log = log
        self._settings = settings
        self._now = now
        self._next_change_at = next_change_at
        self._previews = previews
        self._site = catalog.site()
        self._totals: dict[PostFilters, int] = {}

    @property
    def next_change_at(self) -> int | None:
        """The next instant (UTC epoch seconds) at which a post comes or goes by itself."""
        return self._next_change_at

    @property
    def site_title(self) -> str:
        return self._site["title"]

    @property
    def site_description(self) -> str:
        return self._site["description"]

    @property
    def site_lang(self) -> str:
        """The language of posts that name none; "" where a generation does not say."""
        return self._site.get("lang", "")

    @property
    def site_author(self) -> str:
        return self._site.get("author", "")

    @property
    def site_url(self) -> str:
        """The public site's address without a trailing slash, "" if not known."""
        return self._site["public_url"]

    @property
    def site_zone(self) -> ZoneInfo:
        """The zone of dates that name none."""
        return ZoneInfo(self._site["timezone"])

    @cached_property
    def public_files(self) -> PublicFiles:
        """Which files of the content folder are public. A generation that does not say has none."""
        return PublicFiles.from_json(self._site.get("public_files", ""))

    @cached_property
    def content_schema(self) -> ContentSchema:
        """The schema of the front matter. A generation that does not say has none."""
        return ContentSchema.from_json(self._site.get("content_schema", ""))

    @cached_property
    def version(self) -> str:
        """A hash (hex) of what is publicly visible now: the same content gives the same on every host.

        A scheduled post can be listed a moment before it can be found; that moment has a version of its own.
        """
        return public_version(self._catalog, self._now, self._not_found_yet)

    @property
    def known_version(self) -> PresentVersion | None:
        """The version where it has been worked out, which reads the catalog."""
        return self._present if "version" in self.__dict__ else None

    @cached_property
    def _present(self) -> PresentVersion:
        return PresentVersion(self.version, self._next_change_at)

    @property
    def is_settled(self) -> bool:
        """Whether all that can be listed can be found. False in the moment in which a scheduled post has come and the
        writer has not put it into the engine yet: what a search answers then is not to be kept."""
        return not self._not_found_yet

    @cached_property
    def _not_found_yet(self) -> frozenset[str]:
        return self._catalog.public_post_ids(self._now) - self._searcher.ids()

    def changes_since(self, point: str | int) -> Changes | None:
        """What changed in public since ``point``: a version, or an instant in UTC epoch seconds. None where that is not known,
        here or any more."""
        return self._log.since(point, self._passed_since_build, self.version)

    @cached_property
    def _passed_since_build(self) -> tuple[Step, ...]:
        return self._log.passed(self._catalog, self._now)

    def summaries(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The ``PostSummary`` JSON of those posts and pages that are public, by id."""
        return {key: self._summary(found) for key, found in self._catalog.find_all(ids, self._now).items()}

    def export_rows(self, filters: PostFilters) -> array[int]:
        """What ``export_lines`` takes, of all posts that the filters let through, newest first; 8 bytes a post."""
        return self._catalog.rows(filters, self._now)

    def export_lines(self, rows: Iterable[int], enough: int) -> list[bytes]:
        """The ``Post`` JSON of the first of these rows, each with a newline behind it: until that makes ``enough`` bytes."""
        lines: list[bytes] = []
        for found in self._catalog.at_rows(rows):
            lines.append(self._whole(found) + b"\n")
            enough -= len(lines[-1])
            if enough <= 0:
                break
        return lines

    def counts(self) -> SiteCounts:
        return SiteCounts(
            posts=self._count(PostFilters()),
            pages=self._count(PostFilters(kind=Kind.PAGE, collections=(PAGES,))),
            tags=len(self._carried(Taxonomy.TAGS)),
            categories=len(self._carried(Taxonomy.CATEGORIES)),
            authors=len(self._carried(Taxonomy.AUTHORS)),
            series=len(self._carried(Taxonomy.SERIES)),
        )

    def list_posts(self, query: ListQuery, deadline: Deadline = NO_HURRY) -> PostPage:
        """One page of a list; a page past the end is empty, with the true total.

        Raises ``EngineUnavailable`` where what is included takes longer than ``deadline``, ``TooMuchIncluded`` where it is
        too much.
        """
        total = self._count(query.filters)
        posts, last = self._catalog.page(query, self._now, total)
        stored = self._catalog.store.summaries([post.address for post in posts])
        items = tuple(map(self._with_api_url, stored, posts))
        if query.include:
            beside = zip(items, posts, strict=True)
            room = Room()
            items = tuple(self._listed(item, post, query.include, deadline, room) for item, post in beside)
        return PostPage(
            items=items,
            total=total,
            facets=tuple(self._list_facet(field, query.filters, query.facet_text) for field in query.facets),
            last=last,
        )

    def whole_posts(self, query: ListQuery) -> PostPage:
        """As ``list_posts`` without facets; the items are ``Post`` objects without ``prev`` and ``next``."""
        total = self._count(query.filters)
        found, last = self._catalog.page(query, self._now, total)
        items = (self._with_api_url(self._catalog.store.body(row.address), row) + b"}" for row in found)
        return PostPage(tuple(items), total, (), last)

    def get_post(self, key: str, include: tuple[Include, ...] = (), deadline: Deadline = NO_HURRY) -> StoredPost | None:
        """By id, else by slug. None for what is not there, or not there yet.

        A slug that several posts share leads to the first by id; their ``api_url`` is by id. Raises ``EngineUnavailable``
        where what is included takes longer than ``deadline``.
        """
        found = self._catalog.find(key, self._now)
        return self._stored(found, include, deadline) if found else None

    def get_page(self, key: str, include: tuple[Include, ...] = (), deadline: Deadline = NO_HURRY) -> StoredPost | None:
        """A page by id, else by its path on the site without the slash it begins with. None for what is not there.

        Raises as ``get_post``.
        """
        found = self._catalog.find_page(key, self._now)
        return self._stored(found, include, deadline) if found else None

    def preview(self, kind: Kind, key: str) -> bytes | None:
        """``Post`` JSON for whoever may see what is not public: of the public post or page that ``key`` leads to, else of
        the draft, scheduled or expired one, by the same rules. None where there is none of them."""
        public = self.get_post(key) if kind is Kind.POST else self.get_page(key)
        if public is not None:
            return public.body
        found = self._unpublished(kind, key)
        if found is None or kind is Kind.PAGE or found.slug in ("", key):
            return found.body if found else None
        by_slug = self._catalog.find(found.slug, self._now) or self._unpublished(kind, found.slug)
        is_led_to = by_slug is not None and by_slug.id == found.id
        return found.body if is_led_to else with_api_url(found.body, found.slug, found.id)

    def _unpublished(self, kind: Kind, key: str) -> Preview | None:
        """An id goes before a slug or path, what will be or was public before what never is."""
        waiting = self._catalog.find_waiting(kind, key, self._now)
        candidates = (
            Preview(waiting.id, waiting.slug, self._whole(waiting)) if waiting else None,
            self._previews.find(kind, key) if self._previews else None,
        )
        return min(filter(None, candidates), key=lambda preview: preview.id != key, default=None)

    def get_markdown(self, key: str) -> StoredPost | None:
        """The source of a post behind its front matter, as its author wrote it, in UTF-8; found as by ``get_post``."""
        found = self._catalog.find(key, self._now)
        return self._with_body(found, self._catalog.store.markdown(found.address).encode()) if found else None

    def get_text(self, key: str) -> StoredPost | None:
        """The plain text of a post that is indexed, in UTF-8; found as by ``get_post``."""
        found = self._catalog.find(key, self._now)
        return self._with_body(found, self._catalog.store.text(found.address).encode()) if found else None

    def neighbors(self, key: str) -> Neighbors | None:
        """What is ``prev`` and ``next`` of a post; None where there is no such post."""
        found = self._catalog.find(key, self._now)
        return self._neighbors(found) if found else None

    def backlinks(self, key: str) -> tuple[bytes, ...] | None:
        """The posts and pages that link to a post, as ``PostSummary`` JSON, newest first; None where there is no such post."""
        found = self._catalog.find(key, self._now)
        return self._backlinks(found) if found else None

    def _backlinks(self, found: FoundPost) -> tuple[bytes, ...]:
        return tuple(map(self._summary, self._catalog.linking_to(found.row, self._now)))

    def _neighbors(self, found: FoundPost) -> Neighbors:
        newer, older = self._catalog.neighbours(found.row, self._now)
        return Neighbors(self._link(older) if older else None, self._link(newer) if newer else None)

    def _stored(self, found: FoundPost, include: tuple[Include, ...], deadline: Deadline) -> StoredPost:
        if include:
            body = with_members(self._whole(found), self._members(found, include, deadline, listed=False))
            return self._with_body(found, body)
        beside = self._neighbors(found)
        body = with_neighbours(
            self._with_api_url(self._catalog.store.body(found.address), found), beside.next, beside.prev
        )
        facts = self._catalog.facts_of(found.row)
        by_id = b"id" if found.slug in self._shared_slugs else b"slug"
        parts = (facts.content_hash, by_id, beside.next or b"", beside.prev or b"")
        content_hash = blake2b(b"\n".join(parts), digest_size=16).hexdigest()
        return StoredPost(found.id, found.slug, body, content_hash, facts.tags, facts.last_date)

    def _with_body(self, found: FoundPost, body: bytes) -> StoredPost:
        facts = self._catalog.facts_of(found.row)
        content_hash = blake2b(body, digest_size=16).hexdigest()
        return StoredPost(found.id, found.slug, body, content_hash, facts.tags, facts.last_date)

    def _whole(self, found: FoundPost) -> bytes:
        beside = self._neighbors(found)
        body = self._with_api_url(self._catalog.store.body(found.address), found)
        return with_neighbours(body, beside.next, beside.prev)

    def _listed(
        self, summary: bytes, found: FoundPost, include: tuple[Include, ...], deadline: Deadline, room: Room
    ) -> bytes:
        """A post as it stands in a list: its ``summary`` with what is included, as far as there is ``room``."""
        if not include:
            return summary
        return with_members(summary, room.filled(self._members(found, include, deadline, listed=True)))

    def _members(
        self, found: FoundPost, include: tuple[Include, ...], deadline: Deadline, *, listed: bool
    ) -> Iterator[Member]:
        store = self._catalog.store
        others: dict[Include, Callable[[], bytes]] = {
            Include.MARKDOWN: lambda: to_json(store.markdown(found.address)),
            Include.TEXT: lambda: to_json(store.text(found.address)),
            Include.NEIGHBORS: lambda: neighbours_json(self._neighbors(found)),
            Include.BACKLINKS: lambda: json_array(self._backlinks(found)),
            Include.RELATED: lambda: json_array(self._related_in_time(found, deadline)),
        }
        return members(include, lambda: self._whole(found), others, listed=listed)

    def _related_in_time(self, found: FoundPost, deadline: Deadline) -> Sequence[bytes]:
        related = () if deadline.passed else self._related(found, _RELATED_INCLUDED, deadline)
        if deadline.passed:
            raise EngineUnavailable("the related posts of so many posts take too long; ask for fewer posts at once")
        return related

    def resolve(self, address: str) -> Resolution | None:
        """What an address of the public site leads to: a whole URL, or a path with or without the site's own."""
        asked = site_path(address)
        for path in dict.fromkeys((without_base(asked, self.site_url), asked)):
            found = self._catalog.find_address(path, self._now)
            if found is not None:
                is_redirect, is_page = site_path(found.path) != path, self._catalog.is_page(found.row)
                return Resolution(found.id, found.slug, found.path, is_redirect, is_page, self._summary(found))
        return None

    @cached_property
    def shared_paths(self) -> frozenset[str]:
        """The paths on the site that more than one post has: no such post is named by its address alone."""
        return self._catalog.shared_paths(self._now)

    def site_map(self) -> tuple[SiteAddress, ...]:
        """The address of every post and page that the site has, with its last date; each once, by path."""
        return tuple(SiteAddress(encoded_path(path), last) for path, last in self._catalog.site_map(self._now))

    def file_places(self, address: str) -> tuple[str, ...]:
        """Where, below the content folder, the file at a path of the site may lie: with the site's own, or beside a post."""
        path = without_base(site_path(address), self.site_url)
        folder, _, name = path.rpartition("/")
        places = [*self.public_files.places(path[1:])]
        bundle = self._catalog.find_address(f"{folder}/", self._now)
        if bundle is not None:
            source = json.loads(self._catalog.store.summary(bundle.address))["source"]["path"]
            places.append(f"{source.rpartition('/')[0]}/{name}".lstrip("/"))
        return tuple(places)

    def hides_file(self, place: str) -> bool:
        """Whether the file belongs to a page that is not public now. ``place`` is its path below the content folder."""
        if not self.public_files.bundled:
            return False
        folders = place.split("/")[:-1]
        above = ("/".join(folders[:depth]) for depth in range(len(folders) + 1))
        bundles = (self._catalog.pages_named(folder, "index", self._now) for folder in above)
        pages = (next(filter(None, bundles), []), self._catalog.pages_named("/".join(folders), "_index", self._now))
        return any(_all_hidden(found) for found in pages)

    def near_paths(self, address: str, limit: int = 3) -> tuple[str, ...]:
        """Paths of posts and pages that end like ``address``, nearest first."""
        by_ending: dict[str, str] = {}
        for path in self._paths:
            by_ending.setdefault(_ending(path), path)
        return tuple(by_ending[found] for found in _nearest(_ending(site_path(address)), tuple(by_ending), limit))

    def near_posts(self, key: str, limit: int = 3) -> tuple[str, ...]:
        """Slugs that look like ``key``, nearest first."""
        return _nearest(key, self._slugs, limit)

    def near_pages(self, key: str, limit: int = 3) -> tuple[str, ...]:
        """Ids of pages that look like ``key``, nearest first."""
        return _nearest(key, self._catalog.page_ids(self._now), limit)

    def list_collections(self) -> tuple[Collection, ...]:
        """Every collection with the number of its posts and pages, by name."""
        return tuple(
            Collection(name=name, item_count=count, api_url=collection_api_url(name))
            for name, count in self._catalog.collections(self._now)
        )

    def list_terms(self, taxonomy: Taxonomy, *, tree: bool = False) -> tuple[Term, ...]:
        """Every term that posts carry with their number, by name; ``tree`` nests them under the outermost."""
        if not tree:
            return tuple(_by_name(self._term(taxonomy, term, ()) for term in self._carried(taxonomy)))
        return self._children(taxonomy, None)

    def get_term(self, taxonomy: Taxonomy, path: str) -> Term | None:
        """One term, with its children filled in; one that only pages carry has no posts."""
        term = self._terms(taxonomy).get(path)
        return self._term(taxonomy, term, self._children(taxonomy, path)) if term else None

    def near_terms(self, taxonomy: Taxonomy, path: str, limit: int = 3) -> tuple[str, ...]:
        """Paths of terms that look like ``path``, nearest first."""
        return _nearest(path, tuple(self._terms(taxonomy)), limit)

    def list_archives(self) -> tuple[ArchiveYear, ...]:
        """Years newest first; undated posts stand in none."""
        months = self._catalog.months(self._now)
        return tuple(
            ArchiveYear(year, sum(row[2] for row in rows), tuple(ArchiveMonth(row[1], row[2]) for row in rows))
            for year, rows in ((year, list(group)) for year, group in groupby(months, key=lambda row: row[0]))
        )

    def diagnostics(self) -> tuple[ContentProblem, ...]:
        """Problems of public files and of files that could not be read."""
        return tuple(self._catalog.diagnosed(self._now))

    def search(self, query: SearchQuery, deadline: Deadline) -> SearchResult:
        """Raises ``QueryTooCostly`` beyond the window, ``TooMuchIncluded`` and ``EngineUnavailable``."""
        offset = self._offset(query, deadline)
        facet_limit = _counted_values(query.facets, query.filters, query.facet_text)
        found = self._search.run(query, offset, deadline, facet_limit, self._among(query.filters))
        page = found.page
        posts = self._catalog.find_all([hit.id for hit in page.hits], self._now)
        explanations = found.explanations or (None,) * len(page.hits)
        highlighter = Highlighter(found.asked)
        hits: list[SearchHit] = []
        complete = page.complete
        room = Room()
        for hit, explanation in zip(page.hits, explanations, strict=True):
            if hit.id in posts:
                late = deadline.passed
                complete = complete and not late
                corrected = found.relaxed or hit.corrections > 0
                asked = None if late else highlighter
                post, include = posts[hit.id], query.include
                hits.append(self._hit(hit, post, asked, explanation, include, deadline, room, corrected=corrected))
        return SearchResult(
            hits=tuple(hits),
            total=page.total,
            facets=tuple(
                self._facet(
                    facet.field,
                    [(row.value, row.count) for row in facet.buckets],
                    facet.truncated,
                    query.filters,
                    query.facet_text,
                )
                for facet in page.facets
            ),
            interpreted=found.parsed.interpreted,
            has_words=bool(found.parsed.clauses),
            ignored=found.parsed.ignored,
            relaxed=found.relaxed,
            dropped=found.dropped,
            corrected=found.corrected,
            did_you_mean=found.did_you_mean,
            complete=complete,
            last=self._last(page, offset, query.page.size),
        )

    def _among(self, filters: PostFilters) -> frozenset[str] | None:
        """The ids of what the conditions on front matter let through, of which an engine knows nothing; None where there are
        none."""
        return self._catalog.ids_where(filters.where, self._now) if filters.where else None

    def _offset(self, query: SearchQuery, deadline: Deadline) -> int:
        """How many hits stand before the page. After an edit that is looked for where the last one shown stands now; where it
        has gone, as many are passed over as were shown."""
        place = query.after
        if place is None:
            return query.page.offset
        if place.version == self.version:
            return place.offset
        every = replace(query, page=Page(1, WINDOW), facets=(), explain=False)
        found = self._search.run(every, 0, deadline, 0, self._among(query.filters))
        places = (number for number, hit in enumerate(found.page.hits, 1) if hit.id == place.id)
        return next(places, place.offset)

    def _last(self, page: SearchPage, offset: int, size: int) -> SearchPosition | None:
        shown = offset + len(page.hits)
        if not page.hits or shown >= page.total or shown + size > WINDOW:
            return None
        return SearchPosition(self.version, shown, page.hits[-1].id)

    def warm_search(self) -> None:
        """Search for something, so that what all searches need has been worked out."""
        frequent = self._vocabulary.prefixed("", 2)
        if frequent:
            text = " ".join((*frequent, f"{frequent[0]}misspelled"))
            self.search(SearchQuery(text, facets=tuple(FacetField)), Deadline(_WARMING_SECONDS))

    def suggest(self, typed: str, langs: tuple[str, ...], limit: int, deadline: Deadline) -> tuple[Suggestion, ...]:
        """Completions of what somebody is typing: of up to ``limit`` about half are titles, a quarter terms, the rest words;
        what one kind does not fill, the others do. With ``langs`` only posts in these languages are looked at."""
        filters = PostFilters(langs=langs)
        titles = [*self._title_suggestions(typed, filters, limit, deadline)]
        terms = [*self._term_suggestions(typed, langs, limit)]
        words = [
            Suggestion(SuggestionKind.WORD, text, count, _search_api_url(text, langs), None)
            for text, count in self._search.completions(typed, filters, limit, deadline)
        ]
        first_titles, first_terms = titles[: -(-limit // 2)], terms[: -(-limit // 4)]
        first_words = words[: limit - len(first_titles) - len(first_terms)]
        room = limit - len(first_titles) - len(first_terms) - len(first_words)
        more_titles = titles[len(first_titles) :][:room]
        more_terms = terms[len(first_terms) :][: room - len(more_titles)]
        return (*first_titles, *more_titles, *first_terms, *more_terms, *first_words)

    def _title_suggestions(
        self, typed: str, filters: PostFilters, limit: int, deadline: Deadline
    ) -> Iterator[Suggestion]:
        ids = self._search.titles(typed, filters, limit, deadline)
        posts = self._catalog.find_all(list(ids), self._now)
        for post_id in ids:
            if post_id in posts:
                link = json.loads(self._link(posts[post_id]))
                yield Suggestion(SuggestionKind.TITLE, link["title"], 1, link["api_url"], link["url"])

    def _term_suggestions(self, typed: str, langs: tuple[str, ...], limit: int) -> Iterator[Suggestion]:
        is_meant = names_with(typed)
        named = (
            (term, kind, taxonomy)
            for kind, taxonomy in SUGGESTED_TERMS.items()
            for term in self._carried(taxonomy)
            if is_meant(term.name)
        )
        counted = ((self._count_in(langs, taxonomy, term), term, kind) for term, kind, taxonomy in named)
        found = [(-count, term.name, kind, term.path) for count, term, kind in counted if count]
        for count, name, kind, path in sorted(found)[:limit]:
            yield Suggestion(kind, name, -count, term_api_url(SUGGESTED_TERMS[kind], path), None)

    def related(self, key: str, limit: int, deadline: Deadline) -> tuple[bytes, ...] | None:
        """The posts of the same language that are most like a post, as ``PostSummary`` JSON; None where there is no such
        post. Like it are posts that have its rare words and its terms."""
        found = self._catalog.find(key, self._now)
        return self._related(found, limit, deadline) if found else None

    def _related(self, found: FoundPost, limit: int, deadline: Deadline) -> tuple[bytes, ...]:
        summary = json.loads(self._catalog.store.summary(found.address))
        names = [term["name"] for term in (*summary["tags"], *summary["categories"])]
        words = self._catalog.store.words(found.address).frequencies
        ids = self._search.related(words, names, PostFilters(langs=(summary["lang"],)), limit + 1, deadline)
        posts = self._catalog.find_all(list(ids), self._now)
        return tuple(self._summary(posts[row]) for row in ids if row in posts and row != found.id)[:limit]

    @cached_property
    def _search(self) -> PostSearch:
        synonyms = Synonyms.from_json(self._site["synonyms"])
        expander = Expander(self._vocabulary, synonyms, self._languages, self._settings)
        return PostSearch(self._searcher, expander, self._now)

    @cached_property
    def _shared_slugs(self) -> frozenset[str]:
        return self._catalog.shared_slugs(self._now)

    @cached_property
    def _slugs(self) -> tuple[str, ...]:
        return tuple(self._catalog.slugs(self._now))

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(self._catalog.paths(self._now))

    @cached_property
    def _languages(self) -> tuple[str, ...]:
        return self._catalog.languages(self._now)

    @cached_property
    def _all_terms(self) -> Mapping[Taxonomy, Mapping[str, TermCount]]:
        return {
            taxonomy: {term.path: term for term in self._catalog.terms(taxonomy, self._now)} for taxonomy in Taxonomy
        }

    def _terms(self, taxonomy: Taxonomy) -> Mapping[str, TermCount]:
        return self._all_terms[taxonomy]

    def _carried(self, taxonomy: Taxonomy) -> Sequence[TermCount]:
        """The terms of posts; those that only pages carry have none."""
        return [term for term in self._terms(taxonomy).values() if term.count]

    def _count_in(self, langs: Iterable[str], taxonomy: Taxonomy, term: TermCount) -> int:
        """How many posts in these languages (in any where there are none) carry the term."""
        return sum(self._lang_counts.get((lang, taxonomy, term.path), 0) for lang in langs) if langs else term.count

    @cached_property
    def _lang_counts(self) -> Mapping[tuple[str, str, str], int]:
        """The number of posts by language, taxonomy and path of the term."""
        return self._catalog.terms_by_lang(self._now)

    def _term(self, taxonomy: Taxonomy, term: TermCount, children: tuple[Term, ...]) -> Term:
        slug = term.path.rpartition("/")[2]
        return Term(
            slug=slug,
            path=term.path,
            name=term.name,
            description=self._descriptions[taxonomy].get(slug, ""),
            post_count=term.count,
            api_url=term_api_url(taxonomy, term.path),
            parent=_parent(term.path),
            children=list(children),
        )

    @cached_property
    def _descriptions(self) -> Mapping[Taxonomy, Mapping[str, str]]:
        """What the terms' own pages say of them, by slug: those of the collection that is named as the taxonomy."""
        return {
            taxonomy: {
                page.slug: str(json.loads(self._catalog.store.summary(page.address))["excerpt"])
                for page in self._catalog.pages_of(taxonomy, self._now)
            }
            for taxonomy in Taxonomy
        }

    def _children(self, taxonomy: Taxonomy, parent: str | None) -> tuple[Term, ...]:
        below = (term for term in self._carried(taxonomy) if _parent(term.path) == parent)
        return _by_name(self._term(taxonomy, term, self._children(taxonomy, term.path)) for term in below)

    def _count(self, filters: PostFilters) -> int:
        total = self._totals.get(filters)
        if total is None:
            if len(self._totals) >= _MOST_TOTALS:
                self._totals.clear()
            total = self._totals[filters] = self._catalog.count(filters, self._now)
        return total

    def _summary(self, found: FoundPost) -> bytes:
        return self._with_api_url(self._catalog.store.summary(found.address), found)

    def _link(self, found: FoundPost) -> bytes:
        return self._with_api_url(self._catalog.store.link(found.address), found)

    def _with_api_url(self, stored: bytes, found: FoundPost) -> bytes:
        return with_api_url(stored, found.slug, found.id) if found.slug in self._shared_slugs else stored

    def _hit(
        self,
        hit: EngineHit,
        found: FoundPost,
        highlighter: Highlighter | None,
        explanation: HitExplanation | None,
        include: tuple[Include, ...],
        deadline: Deadline,
        room: Room,
        *,
        corrected: bool,
    ) -> SearchHit:
        """Without a highlighter the hit is bare: there is no time left for more."""
        summary, text, highlighting = self._catalog.store.hit_parts(found.address)
        marked = Highlights((), ())
        if highlighter:
            source = HighlightSource.from_json(text, highlighting)
            marked = highlighter.highlight(source, corrected=corrected)
        url = public_url(self.site_url, found.path) or encoded_path(found.path)
        return SearchHit(
            score=hit.score,
            post=self._listed(self._with_api_url(summary, found), found, include, deadline, room),
            explanation=explanation,
            highlights=marked.fragments,
            sections=tuple(
                SectionHit(row.anchor, row.heading, row.trail, f"{url}#{quote(row.anchor)}", row.html)
                for row in marked.sections
            ),
        )

    def _list_facet(self, field: FacetField, filters: PostFilters, typed: str) -> FacetCounts:
        rows, truncated = self._catalog.facet(field, filters, self._now, _counted_values((field,), filters, typed))
        return self._facet(field, rows, truncated, filters, typed)

    def _facet(
        self, field: FacetField, rows: Sequence[tuple[str, int]], truncated: bool, filters: PostFilters, typed: str
    ) -> FacetCounts:
        """The facet with its values' names: of all values those that were asked for by what was ``typed``, of these the most
        frequent, and the selected ones always."""
        taxonomy = FACET_TAXONOMY.get(field)
        names = self._terms(taxonomy) if taxonomy else {}
        selected = frozenset(_selected(field, (value for value, _ in rows), filters))

        def label(value: str) -> str:
            return names[value].name if value in names else value

        if typed:
            is_meant = names_with(typed)
            rows = [row for row in rows if is_meant(label(row[0])) or is_meant(row[0])]
            truncated = False
        truncated = truncated or len(rows) > FACET_LIMIT
        buckets = [
            FacetBucket(value, label(value), count, value in selected) for value, count in _shown(rows, selected)
        ]
        return FacetCounts(field, tuple(buckets), truncated)


_MOST_TOTALS = 1024
_WARMING_SECONDS = 5.0

SUGGESTED_TERMS = {
    SuggestionKind.TAG: Taxonomy.TAGS,
    SuggestionKind.CATEGORY: Taxonomy.CATEGORIES,
    SuggestionKind.AUTHOR: Taxonomy.AUTHORS,
    SuggestionKind.SERIES: Taxonomy.SERIES,
}


def _search_api_url(text: str, langs: Iterable[str]) -> str:
    """The search for these very words, neither unfinished nor misspelled."""
    pairs = [("q", text), ("prefix", "false"), ("typo", "false"), *(("lang", lang) for lang in langs)]
    return "/v1/search?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)


def _all_hidden(pages: Iterable[tuple[bool, bool]]) -> bool:
    """Whether there are posts or pages among them, and none is public."""
    public = [is_public for is_page, is_public in pages if is_page]
    return bool(public) and not any(public)


def _parent(path: str) -> str | None:
    return path.rpartition("/")[0] or None


def _by_name(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda term: (title_key(term.name), term.path)))


def _ending(path: str) -> str:
    return loose_path(path).rpartition("/")[2]


def _nearest(key: str, among: Sequence[str], limit: int) -> tuple[str, ...]:
    found = process.extract(key[:200], among, scorer=fuzz.WRatio, limit=limit, score_cutoff=70)
    return tuple(dict.fromkeys(row[0] for row in found))


def _counted_values(fields: Iterable[FacetField], filters: PostFilters, typed: str) -> int:
    """How many values of the facets are needed: all where rare ones may be asked for, by name or by selection."""
    selective = typed or any(without_field(filters, field) != filters for field in fields)
    return EVERY_VALUE if selective else FACET_LIMIT


def _shown(rows: Sequence[tuple[str, int]], selected: Set[str]) -> Sequence[tuple[str, int]]:
    """The first values and the selected ones, which take the place of the last others; in the order they were in."""
    if len(rows) <= FACET_LIMIT:
        return rows
    places = sorted(range(len(rows)), key=lambda place: rows[place][0] not in selected)[:FACET_LIMIT]
    return [rows[place] for place in sorted(places)]


def _selected(field: FacetField, values: Iterable[str], filters: PostFilters) -> Sequence[str]:
    """Which of a facet's values the filters ask for."""
    match field:
        case FacetField.TAG:
            return filters.tags
        case FacetField.CATEGORY:
            return filters.categories
        case FacetField.AUTHOR:
            return filters.authors
        case FacetField.SERIES:
            return filters.series
        case FacetField.YEAR:
            return (str(filters.year),) if filters.year else ()
        case FacetField.LANG:
            return filters.langs
        case FacetField.COLLECTION:
            return filters.collections
        case FacetField.MONTH:
            return [
                value
                for value in values
                if filters.month == int(value[-2:]) and filters.year in (None, int(value[:-3]))
            ]
