"""The write side: scan, diff, read, build, verify, publish.

A build takes over its parent generation where only content changed, and starts from nothing where the structure did
(another format, engine, reader or setting). One ``Indexer`` holds the writer's lock as long as it is open.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from search_index.catalog import Catalog, CatalogWriter, FileRecord
from search_index.changes import write_changes
from search_index.clock import Clock
from search_index.composing import SHAPE_VERSION
from search_index.content_schema import ContentSchema, read_content_schema
from search_index.diagnostics import ContentProblem, repeated_id
from search_index.durable import write_durably
from search_index.engines.port import EngineSpace, IndexBatch, SearchEngine
from search_index.generation import (
    ENGINE_FOLDER,
    GenerationError,
    IndexFolder,
    Published,
    generation_id,
    refuse_shrink,
)
from search_index.previews import Previews, PreviewWriter
from search_index.progress import NoProgress, Progress
from search_index.reading import (
    EVERYTHING,
    ContentError,
    Dialect,
    FoundFile,
    ReadingPool,
    RenderCache,
    Scan,
    choose_dialect,
    in_reading_order,
    read_stable,
    reader_fingerprint,
    scan,
)
from search_index.reading.outcome import ReadOutcome
from search_index.seen import SeenFiles
from search_index.settings import SiteSettings
from search_index.synonyms import read_synonyms
from search_index.visibility import public_at
from search_index.vocabulary import PostWords, VocabularyWriter

_SITE_FACTS = ("title", "description", "public_url", "timezone", "lang", "author")
"""The settings that answers give out."""

RENDER_CACHE_FILE = "render-cache.sqlite"
SEEN_FILE = "seen.json"
ALLOW_SHRINK_FILE = "ALLOW_SHRINK"

_EXCHANGE_SECONDS = 0.1
"""How long a file that is being exchanged for another may not be there."""
_LONGEST_EXCHANGE_SECONDS = 2.0
"""When files come and go for longer than this, what is there is built."""


class ContentFolderError(Exception):
    """The content folder is missing, is no folder, or has nothing to serve; the text says what to do."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build came to.

    ``published`` is False where nothing had changed. ``posts`` counts the generation's posts (scheduled ones included),
    ``read``, ``removed`` and ``unchanged`` count files; ``seconds`` is wall time.
    """

    published: bool
    sequence: int
    generation: str
    posts: int
    read: int
    removed: int
    unchanged: int
    problems: tuple[ContentProblem, ...]
    seconds: float
    dialect: str
    dialect_reason: str


@dataclass(frozen=True, slots=True)
class _Parent:
    """The published generation: its files as last seen, its posts that were not public when it was built.

    ``usable`` is False where it has another structure: then only its number of documents counts.
    """

    published: Published
    folder: Path
    files: Mapping[str, FileRecord]
    waiting: frozenset[str]
    synonyms: str
    documents: int
    usable: bool


@dataclass(frozen=True, slots=True)
class _Difference:
    """What makes the parent's files those of the folder.

    ``read`` are files to read, ``removed`` paths that are gone, ``noted`` what the scan itself has to report, ``due`` the
    ids of posts whose minute has come (their files are among ``read``), ``over`` the ids of those whose has gone.
    """

    read: tuple[FoundFile, ...]
    removed: tuple[str, ...]
    noted: tuple[FileRecord, ...]
    due: frozenset[str]
    over: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.read or self.removed or self.noted or self.over)


class Indexer:
    """Builds generations of one content folder into one index folder.

    Raises ``WriterBusy`` on entering while another process writes; ``ContentFolderError``, ``ShrinkRefused`` and other
    ``GenerationError`` from ``build``. After any of them the published generation is what it was.
    """

    def __init__(
        self,
        content_dir: Path,
        index_dir: Path,
        settings: SiteSettings,
        *,
        engine: SearchEngine,
        clock: Clock,
        progress: Progress | None = None,
    ) -> None:
        self.content_dir = content_dir
        self.settings = settings
        self._index = IndexFolder(index_dir)
        self._engine = engine
        self._clock = clock
        self._progress = progress or NoProgress()
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        check_content_folder(self.content_dir)
        with ExitStack() as resources:
            self._writer = resources.enter_context(self._index.writer())
            cache = resources.enter_context(RenderCache(self._index.path / RENDER_CACHE_FILE))
            self._pool = resources.enter_context(ReadingPool(self.content_dir, self.settings, cache=cache))
            self._seen = SeenFiles(self._index.path / SEEN_FILE)
            self._resources = resources.pop_all()
        return self

    def __exit__(self, *failure: object) -> None:
        self._resources.close()

    def build(self, *, explicit: bool = True, retry: bool = True, allow_shrink: bool = False) -> BuildReport:
        """Publish a generation of the folder as it is now, unless the published one already is.

        ``explicit`` is a person's wish: it ends the pin of ``octavo generations activate``, which other builds respect.
        ``retry`` reads again what failed for a passing reason, though the file is the same. ``allow_shrink`` lets a
        build lose more than half of the posts.
        """
        started = time.monotonic()
        check_content_folder(self.content_dir)
        if explicit:
            self._writer.unpin()
        if self.shrink_is_allowed:
            (self._index.path / ALLOW_SHRINK_FILE).unlink(missing_ok=True)
            allow_shrink = True
        now = self._now()
        dialect = choose_dialect(self.content_dir, self.settings)
        dialect.use(now, None)
        settings = dialect.site(self.settings)
        schema = read_content_schema(self.content_dir, settings.private_fields)
        structure = self._structure(dialect, settings, schema)
        parent = self._parent(structure)
        found = self._scan(parent.files if parent else {}, dialect)
        if parent is None and not found.files:
            raise ContentFolderError(
                f"no Markdown in {self.content_dir}: name the folder that holds the posts (.md or .markdown files)"
            )
        synonyms = read_synonyms(self.content_dir)
        of_the_site = (*dialect.problems, *synonyms.problems, *schema.problems)
        difference = self._difference(found, parent, dialect, of_the_site, now, retry=retry)
        published = parent.published if parent else None
        stale = bool(difference) or not (parent and parent.usable) or parent.synonyms != synonyms.to_json()
        if published is None or (stale and not self._writer.is_pinned):
            site = {name: str(getattr(settings, name)) for name in _SITE_FACTS}
            site["public_files"] = dialect.public_files.to_json()
            site["synonyms"] = synonyms.to_json()
            site["content_schema"] = schema.to_json()
            published = self._publish(
                parent, structure, site, difference, now, allow_shrink=allow_shrink, over_pin=explicit
            )
        self._seen.save()
        for pruned in self._writer.prune(int(time.time())):
            self._engine.discard(EngineSpace(self._index.generation_path(pruned) / ENGINE_FOLDER, pruned))
        with closing(Catalog(self._index.generation_path(published.id))) as catalog:
            problems = tuple(sorted(problem for record in catalog.files() for problem in record.problems))
            posts = catalog.post_count()
        return BuildReport(
            published=parent is None or published != parent.published,
            sequence=published.sequence,
            generation=published.id,
            posts=posts,
            read=len(difference.read),
            removed=len(difference.removed),
            unchanged=len(found.files) - len(difference.read),
            problems=problems,
            seconds=time.monotonic() - started,
            dialect=dialect.name,
            dialect_reason=dialect.reason,
        )

    @property
    def shrink_is_allowed(self) -> bool:
        """Whether a person has allowed the next build to shrink (``allow_shrink``)."""
        return (self._index.path / ALLOW_SHRINK_FILE).exists()

    def next_instant(self, after: datetime) -> int | None:
        """The first instant (UTC epoch seconds) past ``after`` at which a post of the published generation comes or goes."""
        published = self._index.current()
        if published is None:
            return None
        with closing(Catalog(self._index.generation_path(published.id))) as catalog:
            return next((instant for instant in catalog.instants() if instant > int(after.timestamp())), None)

    def _scan(self, known: Mapping[str, FileRecord], dialect: Dialect) -> Scan:
        """The folder as it is.

        What seems gone is looked for again: git, and many an editor, delete a file before they write it anew.
        """
        read_before = {path for path, record in known.items() if record.sha256}
        give_up = time.monotonic() + _LONGEST_EXCHANGE_SECONDS
        while True:
            found = scan(self.content_dir, dialect)
            missing = read_before - {file.path for file in found.files}
            if not missing or time.monotonic() > give_up:
                return found
            time.sleep(_EXCHANGE_SECONDS)
            if not any(os.path.lexists(self.content_dir / path) for path in missing):
                return found

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _structure(self, dialect: Dialect, settings: SiteSettings, schema: ContentSchema) -> str:
        """What a generation can only take over from one that is the same in it."""
        reader = (reader_fingerprint(settings), dialect.name, dialect.fingerprint)
        parts = (
            *(SHAPE_VERSION, self._engine.fingerprint, *reader),
            *(dialect.public_files.to_json(), schema.to_json()),
        )
        return generation_id({"parts": parts, "settings": settings.fingerprint()})

    def _parent(self, structure: str) -> _Parent | None:
        """The published generation; None where there is none that opens."""
        try:
            published = self._index.current()
            if published is None:
                return None
            folder = self._index.open_checked(published.id)
            inputs = self._index.inputs(published.id)
            with closing(Catalog(folder)) as catalog:
                files = {record.path: record for record in catalog.files()}
                documents = catalog.document_count()
                synonyms = catalog.site().get("synonyms", "")
        except (GenerationError, sqlite3.Error):
            return None
        usable = inputs.get("structure") == structure
        waiting = inputs.get("waiting", ())
        known = files if usable else {}
        return _Parent(published, folder, known, frozenset(_strings(waiting)), synonyms, documents, usable)

    def _difference(
        self,
        found: Scan,
        parent: _Parent | None,
        dialect: Dialect,
        of_the_site: tuple[ContentProblem, ...],
        now: int,
        *,
        retry: bool,
    ) -> _Difference:
        known = parent.files if parent else {}
        due, over = self._passed(parent, now)
        changed = {
            file.path
            for file in found.files
            if self._changed(file, known.get(file.path), retry=retry) or known[file.path].post_id in due
        }
        noted = _scan_records(found, dialect, of_the_site)
        there = {file.path for file in found.files} | noted.keys()
        removed = tuple(path for path in known if path not in there and found.covers(path))
        if changed or removed or over:
            changed |= {path for path, record in known.items() if record.hidden == _NOT_ALONE}
            gone = {path for path, record in known.items() if record.post_id in over}
            touched = {EVERYTHING, *changed, *removed, *gone}
            changed |= {path for path, record in known.items() if not touched.isdisjoint(record.uses)}
        return _Difference(
            read=in_reading_order((file for file in found.files if file.path in changed), dialect),
            removed=removed,
            noted=tuple(record for path, record in noted.items() if known.get(path) != record),
            due=due,
            over=tuple(sorted(over)),
        )

    def _passed(self, parent: _Parent | None, now: int) -> tuple[frozenset[str], frozenset[str]]:
        """The posts that became public since the parent was built, and those that ceased to be."""
        if parent is None or not parent.usable:
            return frozenset(), frozenset()
        with closing(Catalog(parent.folder)) as catalog:
            waiting = frozenset(catalog.waiting(now))
        return parent.waiting - waiting, waiting - parent.waiting

    def _changed(self, file: FoundFile, record: FileRecord | None, *, retry: bool) -> bool:
        if record is None or (record.transient and retry):
            return True
        checksum = self._seen.checksum(file)
        if checksum is None:
            try:
                checksum = sha256(read_stable(self.content_dir, file, self.settings.limits)).hexdigest()
            except ContentError:
                return True
            self._seen.remember(file, checksum)
        return checksum != record.sha256

    def _publish(
        self,
        parent: _Parent | None,
        structure: str,
        site: Mapping[str, str],
        difference: _Difference,
        now: int,
        *,
        allow_shrink: bool,
        over_pin: bool,
    ) -> Published:
        base = parent if parent and parent.usable else None
        with self._writer.begin(base.published.id if base else None) as build:
            space = EngineSpace(build.path / ENGINE_FOLDER, build.path.name)
            base_space = EngineSpace(base.folder / ENGINE_FOLDER, base.published.id) if base else None
            base_folder = base.folder if base else None
            with (
                CatalogWriter(build.path, base_folder) as catalog,
                PreviewWriter(build.path, base_folder) as previews,
            ):
                catalog.set_site(**site)
                vocabulary = VocabularyWriter(build.path, base_folder)
                with self._engine.build(space, base_space) as batch:
                    application = _Application(catalog, batch, vocabulary, previews, base, difference.due, now)
                    application.apply(difference, self._read(difference.read, now))
                vocabulary.finish()
                documents = catalog.document_count()
                waiting = catalog.waiting(now)
                if not allow_shrink:
                    refuse_shrink(parent.documents if parent else 0, documents + application.withdrawn)
                files = sha256()
                for record in catalog.files():
                    files.update(repr((record.path, record.sha256, record.post_id, record.hidden)).encode())
                    files.update(repr(record.problems).encode())
                files.update(site["synonyms"].encode())
            write_changes(
                build.path,
                parent.folder if parent else None,
                same_structure=base is not None,
                now=now,
                at=self._now(),
                audience=f"drafts={self.settings.drafts} now={self.settings.now}",
            )
            inputs: dict[str, object] = {
                "structure": structure,
                "waiting": waiting,
                "posts": documents,
                "files": files.hexdigest(),
            }
            if parent and self._was_superseded(generation_id(inputs), parent.published):
                inputs["after"] = parent.published.id
            return self._writer.publish(
                build,
                generation_id(inputs),
                inputs,
                check=lambda folder: self._check(folder, now),
                over_pin=over_pin,
            )

    def _was_superseded(self, generation: str, current: Published) -> bool:
        """Whether content came back of which there is a generation. Its log of changes ends then; the new one's goes on."""
        past = self._index.history().get(generation)
        return generation != current.id and past is not None and past.superseded_at is not None

    def _read(self, files: tuple[FoundFile, ...], now: int) -> Iterator[ReadOutcome]:
        by_path = {file.path: file for file in files}
        self._progress.start(len(files))
        try:
            for outcome in self._pool.read(files, now=now):
                if outcome.sha256:
                    self._seen.remember(by_path[outcome.path], outcome.sha256)
                yield outcome
                self._progress.advance(1)
        finally:
            self._progress.finish()

    def _check(self, folder: Path, now: int) -> None:
        """Open what was built with the readers' own code: the engine's posts must be the catalog's public ones."""
        with (
            closing(Catalog(folder)) as catalog,
            closing(Previews(folder)),
            closing(self._engine.open(EngineSpace(folder / ENGINE_FOLDER, folder.name))) as searcher,
        ):
            differing = searcher.ids() ^ catalog.public_post_ids(now)
        if differing:
            raise GenerationError(f"catalog and engine differ in {len(differing)} posts, such as {min(differing)!r}")


class _Application:
    """Applies a difference to a catalog, to the previews, and to an engine's batch, which has no pages.

    ``withdrawn`` counts the files that are still there and no longer posts or pages: their authors took them back.
    """

    def __init__(
        self,
        catalog: CatalogWriter,
        batch: IndexBatch,
        vocabulary: VocabularyWriter,
        previews: PreviewWriter,
        base: _Parent | None,
        due: frozenset[str],
        now: int,
    ) -> None:
        known = base.files if base else {}
        self._catalog = catalog
        self._batch = batch
        self._vocabulary = vocabulary
        self._previews = previews
        self._not_counted = set(base.waiting if base else ())
        self._known = dict(known)
        self._owners = {record.post_id: path for path, record in known.items() if record.post_id and not record.hidden}
        self._had_post = frozenset(self._owners.values())
        self._due = due
        self.withdrawn = 0
        self._now = now

    def apply(self, difference: _Difference, outcomes: Iterable[ReadOutcome]) -> None:
        for path in difference.removed:
            self._forget(path)
            self._catalog.remove_file(path)
            self._previews.put(path, None)
        for record in difference.noted:
            self._put(record)
            self._previews.put(record.path, None)
        for post_id in difference.over:
            self._discount(post_id)
            self._batch.delete(post_id)
        for outcome in outcomes:
            self._apply(outcome)

    def _apply(self, outcome: ReadOutcome) -> None:
        before = self._known.get(outcome.path)
        self.withdrawn += outcome.post is None and outcome.path in self._had_post
        record = FileRecord(
            *(outcome.path, outcome.sha256, outcome.post_id, outcome.hidden, outcome.transient, outcome.problems),
            uses=outcome.uses,
            aside_at=outcome.aside_at,
        )
        was_not_read = outcome.transient and not outcome.post_id
        if was_not_read and before and before.post_id and before.post_id not in self._due:
            self._catalog.keep_file(replace(before, transient=True, problems=outcome.problems))
            return
        self._previews.put(outcome.path, outcome.preview)
        if outcome.post is None:
            self._put(record)
            return
        rival = self._owners.get(outcome.post_id, outcome.path)
        if rival < outcome.path:
            self._put(_without_post(record, rival))
            return
        if rival != outcome.path:
            self._put(_without_post(self._known[rival], outcome.path))
        public = public_at(outcome.post.visible_from, outcome.post.visible_until, self._now)
        self._put(record, replaced=outcome.post_id if public else "")
        self._owners[outcome.post_id] = outcome.path
        self._catalog.put_post(outcome.post)
        self._not_counted.add(outcome.post_id)
        if public and outcome.document:
            self._batch.put(outcome.document)
            self._vocabulary.add(PostWords.from_json(outcome.post.words))
            self._not_counted.discard(outcome.post_id)

    def _put(self, record: FileRecord, replaced: str = "") -> None:
        """Note the file; the post that it was before goes. ``replaced`` is the id that is about to be put again."""
        self._forget(record.path, replaced)
        self._known[record.path] = record
        self._catalog.put_file(record)

    def _forget(self, path: str, replaced: str = "") -> None:
        before = self._known.pop(path, None)
        if before and self._owners.get(before.post_id) == path:
            del self._owners[before.post_id]
            self._discount(before.post_id)
            if before.post_id != replaced:
                self._batch.delete(before.post_id)

    def _discount(self, post_id: str) -> None:
        """Take the words of a post out of the vocabulary, while the catalog still has them."""
        if post_id not in self._not_counted:
            self._not_counted.add(post_id)
            self._vocabulary.remove(self._catalog.words_of(post_id))


def allow_shrink(index_dir: Path) -> None:
    """Let the indexer that is at work publish a build that loses more than half of the posts, once."""
    write_durably(index_dir / ALLOW_SHRINK_FILE, b"")


def check_content_folder(content_dir: Path) -> None:
    """Raises ``ContentFolderError`` where there is no folder that can be listed."""
    try:
        with os.scandir(content_dir):
            return
    except FileNotFoundError as error:
        raise ContentFolderError(f"{content_dir} does not exist: name the folder that holds the posts") from error
    except NotADirectoryError as error:
        raise ContentFolderError(f"{content_dir} is a file: name the folder that holds it") from error
    except OSError as error:
        raise ContentFolderError(f"{content_dir} cannot be listed: {error.strerror}") from error


def _without_post(record: FileRecord, winner: str) -> FileRecord:
    """The record of a file whose id another has. It is told nowhere in public: the other may be scheduled."""
    problem = repeated_id(record.path, record.post_id, winner)
    return replace(record, post_id="", hidden=_NOT_ALONE, problems=(*record.problems, problem))


_NOT_ALONE = "its id is another file's"


def _scan_records(found: Scan, dialect: Dialect, of_the_site: tuple[ContentProblem, ...]) -> dict[str, FileRecord]:
    """What the scan reports of files that are not read, and what is wrong with the site itself, as records."""
    readable = {file.path for file in found.files}
    grouped: dict[str, list[ContentProblem]] = {}
    for problem in (*found.problems, *of_the_site):
        if problem.file not in readable:
            grouped.setdefault(problem.file, []).append(problem)
    return {
        path: FileRecord(path, "", "", dialect.hides(path), False, tuple(problems))
        for path, problems in grouped.items()
    }


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        yield from (item for item in value if isinstance(item, str))
