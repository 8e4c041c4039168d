"""``changes.sqlite`` of a generation: what came, changed and went in public, and when.

The log is a chain of steps from one public state to the next. A build carries over its parent's and appends what it
changes; an instant at which a post comes or goes by itself is a step too, whoever notices it first: a build writes it
down, a reader works out those that no build has written down yet. So every version that the public ever saw here has its
place in the log, until it is dropped for its age.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path

from search_index.catalog import Catalog
from search_index.model import Kind
from search_index.public_state import OWN_BYTES, CatalogState, DocumentKey, PublicDocument, PublicState, public_version
from search_index.sqlite_files import ReadConnections, create, open_for_build, read_only

CHANGES_FILE = "changes.sqlite"
MOST_CHANGES = 10_000
"""The newest changes, and the newest steps, that are kept; a client that is further behind has to export anew."""
MOST_INSTANTS = 16
"""Of the instants that passed since a build, the newest so many have a step of their own; those before share one."""

_FORMAT = 1
_ALWAYS = ("site", "changes")
"""The cache tags of answers that give the version itself."""
_SEARCH_FACTS = frozenset({"synonyms"})
"""What of the site's facts changes searches alone; any other may change every answer."""

_SCHEMA = f"""
PRAGMA user_version = {_FORMAT};
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE steps (
    step INTEGER PRIMARY KEY, version TEXT NOT NULL, at INTEGER NOT NULL, tags TEXT NOT NULL, everything INTEGER NOT NULL
);
CREATE INDEX steps_by_version ON steps (version);
CREATE TABLE changes (
    step INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, slug TEXT NOT NULL, api_url TEXT NOT NULL,
    path TEXT NOT NULL, before BLOB, after BLOB, tags TEXT NOT NULL, PRIMARY KEY (step, kind, id)
) WITHOUT ROWID;
CREATE TABLE documents (
    kind TEXT NOT NULL, id TEXT NOT NULL, slug TEXT NOT NULL, api_url TEXT NOT NULL, path TEXT NOT NULL,
    addresses TEXT NOT NULL, hash BLOB NOT NULL, own_tags TEXT NOT NULL, tags TEXT NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
"""


class Change(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """What became of a post or page between two public states.

    ``slug``, ``api_url`` and ``path`` are those it has, or had last. ``tags`` are the cache tags that it touches;
    ``changed_at`` is the instant of its last change (UTC epoch seconds).
    """

    kind: Kind
    id: str
    change: Change
    slug: str
    api_url: str
    path: str
    tags: tuple[str, ...]
    changed_at: int


@dataclass(frozen=True, slots=True)
class Changes:
    """The net difference of two public states, the oldest change first, at most one a document.

    ``tags`` are all cache tags that it touches. ``everything``: more may have changed than documents and tags can say.
    """

    documents: tuple[DocumentChange, ...] = ()
    tags: tuple[str, ...] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """One change of one document; a hash is None where it was not, or is no longer, public."""

    kind: Kind
    id: str
    slug: str
    api_url: str
    path: str
    before: bytes | None
    after: bytes | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """How the state with ``version`` came about at the instant ``at``."""

    version: str
    at: int
    tags: tuple[str, ...]
    everything: bool
    rows: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class _Present:
    """Where a chain of steps has come to. ``settled``: all that can be listed can be found."""

    state: PublicState
    version: str
    facts: Mapping[str, str]
    problems: str
    settled: bool

    @classmethod
    def of(cls, catalog: Catalog, now: int, not_found_yet: frozenset[str] = frozenset()) -> _Present:
        diagnosed = catalog.diagnosed(now)
        return cls(
            state=CatalogState(catalog, now),
            version=public_version(catalog, now, not_found_yet, diagnosed),
            facts=catalog.site(),
            problems=blake2b(repr(diagnosed).encode(), digest_size=16).hexdigest(),
            settled=not not_found_yet,
        )


class ChangeLog:
    """The log of one generation, read. Safe from several threads; a generation without one has no steps.

    Raises ``sqlite3.Error`` where the file does not open.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / CHANGES_FILE
        self._connections = ReadConnections(path) if path.exists() else None

    def close(self) -> None:
        if self._connections:
            self._connections.close()

    def passed(self, catalog: Catalog, now: int) -> tuple[Step, ...]:
        """The steps that the log does not have, because no build has come since those instants; ``catalog`` is that of the
        log's generation. Costs a look at every document for each instant."""
        if self._connections is None:
            return ()
        log = self._connections.get()
        built = int(_facts(log)["built"])
        if not any(built < instant <= now for instant in catalog.instants()):
            return ()
        return tuple(step for step, _ in _by_themselves(catalog, _last(log, _Noted(log)), built, now))

    def since(self, point: str | int, passed: tuple[Step, ...], present: str) -> Changes | None:
        """The net change from ``point`` to the state with the version ``present``; None where that way is not known.

        ``point`` is a version, or an instant in UTC epoch seconds: then what changed at that second or later. ``passed`` are
        the steps behind the log's last. A reader's clock may be behind the writer's: what comes after ``present`` is not
        told yet.
        """
        if point == present:
            return Changes()
        if self._connections is None:
            return None
        log = self._connections.get()
        written = log.execute("SELECT step, version, at FROM steps ORDER BY step").fetchall()
        marks = [*((version, at) for _, version, at in written), *((step.version, step.at) for step in passed)]
        end = _last_place(marks, lambda version, _: version == present)
        start = _last_place(
            marks[: end + 1], lambda version, at: version == point if isinstance(point, str) else at < point
        )
        if start < 0:
            return None
        numbers = [step for step, _, _ in written[start + 1 : end + 1]]
        unwritten = passed[max(0, start + 1 - len(written)) : max(0, end + 1 - len(written))]
        return _net([*(_steps(log, numbers[0], numbers[-1]) if numbers else ()), *unwritten])


def write_changes(folder: Path, parent: Path | None, *, same_structure: bool, now: int, at: int, audience: str) -> None:
    """Write the log of the build in ``folder``, whose catalog is finished, after that of its ``parent``'s folder.

    ``same_structure``: the parent's catalog can be asked what became of it until ``now``, the instant the build is made for;
    ``at`` is the one it is published at (UTC epoch seconds). ``audience`` says who the public is: where the parent's was
    another (one that sees drafts), its log is not carried over.
    """
    path = folder / CHANGES_FILE
    carried = parent if parent is not None and _can_carry(parent / CHANGES_FILE, audience) else None
    if carried:
        shutil.copyfile(carried / CHANGES_FILE, path)
    with ExitStack() as opened:
        log = opened.enter_context(closing(open_for_build(path) if carried else create(path, _SCHEMA)))
        log.execute("BEGIN")
        present = _Present.of(opened.enter_context(closing(Catalog(folder))), now)
        noted = _Noted(log)
        if carried:
            before = _last(log, noted)
            if same_structure:
                catalog = opened.enter_context(closing(Catalog(carried)))
                for step, after in _by_themselves(catalog, before, int(_facts(log)["built"]), now):
                    _append(log, step)
                    before = after
            latest: int = log.execute("SELECT max(at) FROM steps").fetchone()[0]
            last = _step(before, present, max(at, latest))
        else:
            last = Step(present.version, at, (), True, ())
        if last is not None:
            _append(log, last)
        _note(log, noted.hashes, present, now, audience)
        _forget_the_oldest(log)
        log.execute("COMMIT")


def _last_place(marks: Sequence[tuple[str, int]], is_meant: Callable[[str, int], bool]) -> int:
    """-1 where there is none."""
    return next((place for place in range(len(marks) - 1, -1, -1) if is_meant(*marks[place])), -1)


def _can_carry(path: Path, audience: str) -> bool:
    if not path.exists():
        return False
    try:
        with closing(read_only(path)) as log:
            same_format = log.execute("PRAGMA user_version").fetchone() == (_FORMAT,)
            return same_format and _facts(log)["audience"] == audience
    except (sqlite3.Error, KeyError):
        return False


def _by_themselves(catalog: Catalog, before: _Present, built: int, now: int) -> Iterator[tuple[Step, _Present]]:
    """The steps at the instants after ``built`` up to ``now``: the catalog is the same, time went on."""
    findable = catalog.public_post_ids(built)
    instants = [instant for instant in catalog.instants() if built < instant <= now]
    for instant in instants[-MOST_INSTANTS:]:
        after = _Present.of(catalog, instant, catalog.public_post_ids(instant) - findable)
        step = _step(before, after, instant)
        if step is not None:
            yield step, after
        before = after


def _step(before: _Present, after: _Present, at: int) -> Step | None:
    """What leads from one state to the next; None where the public sees no difference."""
    if before.version == after.version:
        return None
    old, new = before.state.hashes, after.state.hashes
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    rows = tuple(_row(before.state, after.state, key) for key in keys)
    facts = {key for key in before.facts.keys() | after.facts.keys() if before.facts.get(key) != after.facts.get(key)}
    tags = list(_ALWAYS)
    if before.problems != after.problems:
        tags.append("diagnostics")
    if facts & _SEARCH_FACTS or not (before.settled and after.settled):
        tags.append("search")
    return Step(after.version, at, tuple(tags), bool(facts - _SEARCH_FACTS), rows)


def _row(before: PublicState, after: PublicState, key: DocumentKey) -> _Row:
    """The change of a document that differs."""
    old, new = before.hashes.get(key), after.hashes.get(key)
    documents = [state.document(key) for state, found in ((before, old), (after, new)) if found is not None]
    tags = [tag for document in documents for tag in document.own_tags]
    if old is None or new is None or old[:OWN_BYTES] != new[:OWN_BYTES]:
        tags += [tag for document in documents for tag in document.tags]
    if old is None or new is None or documents[0].addresses != documents[1].addresses:
        tags.append("resolve")
    shown = documents[-1]
    return _Row(*(shown.kind, shown.id, shown.slug, shown.api_url, shown.path), old, new, tuple(dict.fromkeys(tags)))


def _net(steps: Iterable[Step]) -> Changes:
    first: dict[DocumentKey, bytes | None] = {}
    last: dict[DocumentKey, tuple[_Row, int]] = {}
    touched: dict[DocumentKey, dict[str, None]] = {}
    tags: dict[str, None] = {}
    everything = False
    for step in steps:
        everything = everything or step.everything
        tags |= dict.fromkeys(step.tags)
        for row in step.rows:
            key = (row.kind, row.id)
            first.setdefault(key, row.before)
            last.pop(key, None)
            last[key] = (row, step.at)
            touched.setdefault(key, {}).update(dict.fromkeys(row.tags))
            tags |= dict.fromkeys(row.tags)
    documents = (
        DocumentChange(
            kind=row.kind,
            id=row.id,
            change=_change(first[key], row.after),
            slug=row.slug,
            api_url=row.api_url,
            path=row.path,
            tags=tuple(touched[key]),
            changed_at=at,
        )
        for key, (row, at) in last.items()
        if first[key] != row.after
    )
    return Changes(tuple(documents), tuple(tags), everything)


def _change(before: bytes | None, after: bytes | None) -> Change:
    if before is None:
        return Change.CREATED
    return Change.DELETED if after is None else Change.UPDATED


def _steps(log: sqlite3.Connection, first: int, last: int) -> Iterator[Step]:
    rows: dict[int, list[_Row]] = {}
    for step, kind, document_id, slug, api_url, path, before, after, tags in log.execute(
        "SELECT step, kind, id, slug, api_url, path, before, after, tags FROM changes"
        " WHERE step BETWEEN ? AND ? ORDER BY step, kind, id",
        (first, last),
    ):
        row = _Row(Kind(kind), document_id, slug, api_url, path, before, after, _split(tags))
        rows.setdefault(step, []).append(row)
    for step, version, at, tags, everything in log.execute(
        "SELECT step, version, at, tags, everything FROM steps WHERE step BETWEEN ? AND ? ORDER BY step", (first, last)
    ):
        yield Step(version, at, _split(tags), bool(everything), tuple(rows.get(step, ())))


def _append(log: sqlite3.Connection, step: Step) -> None:
    number = log.execute(
        "INSERT INTO steps (version, at, tags, everything) VALUES (?, ?, ?, ?)",
        (step.version, step.at, "\n".join(step.tags), step.everything),
    ).lastrowid
    log.executemany(
        "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, row.kind, row.id, row.slug, row.api_url, row.path, row.before, row.after, "\n".join(row.tags))
            for row in step.rows
        ],
    )


def _forget_the_oldest(log: sqlite3.Connection) -> None:
    """Keep the newest changes and steps. The oldest step that stays is where the log begins, without what led to it."""
    full = log.execute("SELECT step FROM changes ORDER BY step DESC LIMIT 1 OFFSET ?", (MOST_CHANGES,)).fetchone()
    long = log.execute("SELECT step FROM steps ORDER BY step DESC LIMIT 1 OFFSET ?", (MOST_CHANGES,)).fetchone()
    beginning = max(row[0] for row in (full, long, (0,)) if row)
    log.execute("DELETE FROM changes WHERE step <= ?", (beginning,))
    log.execute("DELETE FROM steps WHERE step < ?", (beginning,))


class _Noted:
    """The state in which a log ends, as its last build noted it."""

    def __init__(self, log: sqlite3.Connection) -> None:
        self._log = log
        self._hashes = {(kind, key): found for kind, key, found in log.execute("SELECT kind, id, hash FROM documents")}

    @property
    def hashes(self) -> Mapping[DocumentKey, bytes]:
        return self._hashes

    def document(self, key: DocumentKey) -> PublicDocument:
        kind, document_id = key
        columns = "SELECT slug, api_url, path, addresses, own_tags, tags FROM documents WHERE kind = ? AND id = ?"
        slug, api_url, path, addresses, own_tags, tags = self._log.execute(columns, key).fetchone()
        return PublicDocument(Kind(kind), document_id, slug, api_url, path, addresses, _split(own_tags), _split(tags))


def _last(log: sqlite3.Connection, noted: _Noted) -> _Present:
    """Where the log ends."""
    facts = _facts(log)
    (version,) = log.execute("SELECT version FROM steps ORDER BY step DESC LIMIT 1").fetchone()
    site = {key.removeprefix(_SITE): value for key, value in facts.items() if key.startswith(_SITE)}
    return _Present(noted, version, site, facts["problems"], settled=True)


def _note(
    log: sqlite3.Connection, noted: Mapping[DocumentKey, bytes], present: _Present, now: int, audience: str
) -> None:
    """Note where the log ends; ``noted`` are the hashes that it has from before."""
    facts = {"built": str(now), "audience": audience, "problems": present.problems}
    facts |= {_SITE + key: value for key, value in present.facts.items()}
    log.execute("DELETE FROM facts")
    log.executemany("INSERT INTO facts VALUES (?, ?)", facts.items())
    log.executemany("DELETE FROM documents WHERE kind = ? AND id = ?", noted.keys() - present.state.hashes.keys())
    log.executemany(
        "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(row.kind, row.id, row.slug, row.api_url, row.path, row.addresses, found),
                *("\n".join(row.own_tags), "\n".join(row.tags)),
            )
            for key, found in present.state.hashes.items()
            if noted.get(key) != found
            for row in (present.state.document(key),)
        ),
    )


_SITE = "site."


def _facts(log: sqlite3.Connection) -> dict[str, str]:
    return dict(log.execute("SELECT key, value FROM facts"))


def _split(lines: str) -> tuple[str, ...]:
    return tuple(lines.split("\n")) if lines else ()
