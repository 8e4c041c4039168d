"""``catalog.sqlite`` of a generation: the columns that lists, terms, archives, neighbours and lookups are made by.

The finished JSON lies beside it (``post_store``). Every question takes the instant ``now`` (UTC epoch seconds) and sees
what is public then; nothing that depends on the moment is stored.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, Self

from search_index.composing import ComposedPost
from search_index.diagnostics import ContentProblem, ProblemCode, Severity, repeated_slug
from search_index.front_matter_fields import FieldCondition, condition_sql
from search_index.links import BROKEN, LINKING_TO, LINKS_SCHEMA, BrokenLink, link_problems, put_links, without_asides
from search_index.model import Kind
from search_index.post_store import PostStore, PostStoreWriter, StoreAddress
from search_index.public_files import PublicFiles
from search_index.query import FacetField, ListPosition, ListQuery, Order, PostFilters, Sort, TagMatch
from search_index.site_paths import loose_path
from search_index.sqlite_files import ReadConnections, create, open_for_build
from search_index.taxonomy import Taxonomy
from search_index.visibility import PUBLIC_AT
from search_index.vocabulary import PostWords

_PUBLIC_POST = f"posts.kind = '{Kind.POST}' AND {PUBLIC_AT}"
CATALOG_FILE = "catalog.sqlite"
STORE_FOLDER = "posts"

_SCHEMA = (
    """
CREATE TABLE files (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, post_id TEXT NOT NULL, hidden TEXT NOT NULL,
    transient INTEGER NOT NULL, problems TEXT NOT NULL, uses TEXT NOT NULL, aside_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE posts (
    row INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL UNIQUE, slug TEXT NOT NULL, path TEXT NOT NULL,
    chain TEXT NOT NULL, sequence TEXT NOT NULL, collection TEXT NOT NULL, lang TEXT NOT NULL, title_key TEXT NOT NULL,
    published_at INTEGER, updated_at INTEGER, year INTEGER, month INTEGER,
    reading_time INTEGER NOT NULL, featured INTEGER NOT NULL, visible_from INTEGER, visible_until INTEGER,
    segment INTEGER NOT NULL, segment_row INTEGER NOT NULL, content_hash BLOB NOT NULL,
    link_hash BLOB NOT NULL
);
CREATE TABLE terms (
    taxonomy TEXT NOT NULL, path TEXT NOT NULL, post INTEGER NOT NULL, name TEXT NOT NULL, own INTEGER NOT NULL,
    PRIMARY KEY (taxonomy, path, post)
) WITHOUT ROWID;
CREATE INDEX terms_by_post ON terms (post);
CREATE TABLE addresses (
    loose TEXT NOT NULL, path TEXT NOT NULL, is_alias INTEGER NOT NULL, post INTEGER NOT NULL,
    PRIMARY KEY (loose, path, is_alias, post)
) WITHOUT ROWID;
CREATE INDEX addresses_by_post ON addresses (post);
CREATE TABLE fields (
    key TEXT NOT NULL, post INTEGER NOT NULL, place INTEGER NOT NULL, text TEXT, number, in_list INTEGER NOT NULL,
    PRIMARY KEY (key, post, place)
) WITHOUT ROWID;
CREATE INDEX fields_by_post ON fields (post);
CREATE INDEX posts_by_sequence ON posts (chain, sequence);
CREATE INDEX posts_by_slug ON posts (slug);
CREATE INDEX posts_by_date ON posts (published_at IS NULL, published_at DESC, id, kind, visible_from, visible_until);
CREATE INDEX posts_by_age ON posts (published_at, id, kind, visible_from, visible_until);
CREATE INDEX posts_by_title ON posts (
    title_key, published_at IS NULL, published_at DESC, id, kind, visible_from, visible_until
);
CREATE INDEX posts_by_update ON posts (
    updated_at DESC, published_at IS NULL, published_at DESC, id, kind, visible_from, visible_until
);
CREATE INDEX posts_by_reading_time ON posts (
    reading_time DESC, published_at IS NULL, published_at DESC, id, kind, visible_from, visible_until
);
CREATE TABLE site (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
    + LINKS_SCHEMA
)
_COMPOSED = (
    *(
        "kind",
        "id",
        "slug",
        "path",
        "chain",
        "sequence",
        "collection",
        "lang",
        "title_key",
        "published_at",
        "updated_at",
        "year",
        "month",
    ),
    *("reading_time", "featured", "visible_from", "visible_until"),
)
_POST_COLUMNS = (*_COMPOSED, "segment", "segment_row", "content_hash", "link_hash")
_INSERT_POST = (
    f"INSERT INTO posts ({', '.join(_POST_COLUMNS)}) VALUES ({', '.join(':' + name for name in _POST_COLUMNS)})"
)
_NEWEST_FIRST = "posts.published_at IS NULL, posts.published_at DESC, posts.id"
_MONTH = "CASE WHEN posts.year IS NOT NULL THEN printf('%04d-%02d', posts.year, posts.month) END"
_SORT_COLUMN = {
    Sort.PUBLISHED_AT: "posts.published_at",
    Sort.UPDATED_AT: "posts.updated_at",
    Sort.TITLE: "posts.title_key",
    Sort.READING_TIME: "posts.reading_time",
}
FACET_TAXONOMY = {
    FacetField.TAG: Taxonomy.TAGS,
    FacetField.CATEGORY: Taxonomy.CATEGORIES,
    FacetField.AUTHOR: Taxonomy.AUTHORS,
    FacetField.SERIES: Taxonomy.SERIES,
}
FACET_LIMIT = 100


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the content folder as the last build found it; the last three as in ``ReadOutcome``."""

    path: str
    sha256: str
    post_id: str
    hidden: str
    transient: bool
    problems: tuple[ContentProblem, ...]
    uses: tuple[str, ...] = ()
    aside_at: str = ""


class FoundPost(NamedTuple):
    """A post's row, its path on the site, and where its JSON lies; a tuple as its address is."""

    row: int
    id: str
    slug: str
    path: str
    address: StoreAddress


class DocumentRow(NamedTuple):
    """A public post or page: hashes of its stored JSON and of the link that its neighbours have to it, and the rows of the
    next newer and the next older one of its chain."""

    row: int
    kind: str
    id: str
    slug: str
    path: str
    collection: str
    content_hash: bytes
    link_hash: bytes
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post's last date (UTC epoch seconds), the slugs of its tags, and the hash of its stored JSON."""

    last_date: int | None
    tags: tuple[str, ...]
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class TermCount:
    """A term as counted at one moment; ``name`` is the one that most posts use (ties: the first in code point order)."""

    path: str
    name: str
    count: int


class CatalogWriter:
    """Writes the catalog and the post store of a build, from nothing or from the parent's; leaving it writes them out."""

    def __init__(self, folder: Path, parent: Path | None) -> None:
        path = folder / CATALOG_FILE
        if parent is None:
            self._connection = create(path, _SCHEMA)
        else:
            shutil.copyfile(parent / CATALOG_FILE, path)
            self._connection = open_for_build(path)
        self._store = PostStoreWriter(folder / STORE_FOLDER, parent / STORE_FOLDER if parent else None)
        self._connection.execute("BEGIN")

    def set_site(self, **values: str) -> None:
        """Facts about the site that answers need (title, address)."""
        self._connection.executemany("INSERT OR REPLACE INTO site VALUES (?, ?)", values.items())

    def put_file(self, record: FileRecord) -> None:
        """Note the file; a post that it was before is taken out."""
        self.remove_file(record.path)
        self._insert_file(record)

    def _insert_file(self, record: FileRecord) -> None:
        problems = json.dumps([asdict(problem) for problem in record.problems], ensure_ascii=False)
        self._connection.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(record.path, record.sha256, record.post_id, record.hidden, record.transient, problems),
                *("\n".join(record.uses), record.aside_at),
            ),
        )

    def keep_file(self, record: FileRecord) -> None:
        """Note the file again, and keep the post that it was."""
        self._connection.execute("DELETE FROM files WHERE path = ?", (record.path,))
        self._insert_file(record)

    def remove_file(self, path: str) -> None:
        """Forget the file and its post."""
        row = self._connection.execute("DELETE FROM files WHERE path = ? RETURNING post_id, hidden", (path,)).fetchone()
        if row and row[0] and not row[1]:
            self.remove_post(row[0])

    def put_post(self, post: ComposedPost) -> None:
        """Add the post, or replace the one with its id."""
        self.remove_post(post.id)
        address = self._store.put(post)
        values = {name: getattr(post, name) for name in _COMPOSED}
        hashes = {"content_hash": _hash(post.body), "link_hash": _hash(post.link)}
        cursor = self._connection.execute(
            _INSERT_POST, values | hashes | {"segment": address.segment, "segment_row": address.row}
        )
        self._connection.executemany(
            "INSERT INTO terms VALUES (?, ?, ?, ?, ?)",
            [(term.taxonomy, term.path, cursor.lastrowid, term.name, term.own) for term in post.terms],
        )
        self._connection.executemany(
            "INSERT INTO addresses VALUES (?, ?, ?, ?)",
            [(row.loose, row.path, row.is_alias, cursor.lastrowid) for row in post.addresses],
        )
        self._connection.executemany(
            "INSERT INTO fields VALUES (?, ?, ?, ?, ?, ?)",
            [
                (field.key, cursor.lastrowid, place, field.text, field.number, field.in_list)
                for place, field in enumerate(post.fields)
            ],
        )
        put_links(self._connection, cursor.lastrowid, post.links)

    def remove_post(self, post_id: str) -> None:
        """Take the post out; an id that is not there is no error."""
        row = self._connection.execute("DELETE FROM posts WHERE id = ? RETURNING row", (post_id,)).fetchone()
        if row:
            self._connection.execute("DELETE FROM terms WHERE post = ?", row)
            self._connection.execute("DELETE FROM addresses WHERE post = ?", row)
            self._connection.execute("DELETE FROM fields WHERE post = ?", row)
            self._connection.execute("DELETE FROM links WHERE post = ?", row)

    def words_of(self, post_id: str) -> PostWords:
        """The words of a post of this build; none where there is no such post."""
        row = self._connection.execute("SELECT segment, segment_row FROM posts WHERE id = ?", (post_id,)).fetchone()
        return self._store.words(StoreAddress(*row)) if row else PostWords()

    def files(self) -> Iterator[FileRecord]:
        """Every file as it stands in this build, by path."""
        return _file_records(self._connection)

    def waiting(self, now: int) -> list[str]:
        """The ids of posts that are in the catalog and not public at ``now``."""
        return _waiting(self._connection, now)

    def document_count(self) -> int:
        """The number of posts and pages, those included that are not public now."""
        return _document_count(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *failure: object) -> None:
        if kind is None:
            self._finish()
        else:
            self._store.abandon()
            self._connection.close()

    def _finish(self) -> None:
        """Merge what the post store wants merged, and write both out."""
        live: dict[int, list[int]] = {}
        for segment, row in self._connection.execute("SELECT segment, segment_row FROM posts"):
            live.setdefault(segment, []).append(row)
        moved = self._store.merge(live)
        self._connection.executemany(
            "UPDATE posts SET segment = ?, segment_row = ? WHERE segment = ? AND segment_row = ?",
            [(new.segment, new.row, old.segment, old.row) for old, new in moved.items()],
        )
        self._store.finish()
        self._connection.execute("COMMIT")
        self._connection.close()


class Catalog:
    """The read side. Safe from several threads; raises ``sqlite3.Error`` where the file does not open."""

    def __init__(self, folder: Path) -> None:
        self._connections = ReadConnections(folder / CATALOG_FILE)
        self.store = PostStore(folder / STORE_FOLDER)
        self._documents = self.document_count()

    def close(self) -> None:
        self.store.close()
        self._connections.close()

    def site(self) -> dict[str, str]:
        return dict(self._rows("SELECT key, value FROM site"))

    def files(self) -> Iterator[FileRecord]:
        """Every file of the build, by path."""
        return _file_records(self._connections.get())

    def pages_named(self, folder: str, stem: str, now: int) -> list[tuple[bool, bool]]:
        """Of each file ``{stem}.*`` in the folder: whether it is a post or page, or would be, and whether that is public."""
        place = f"{folder}/{stem}." if folder else f"{stem}."
        rows = self._rows(
            f"SELECT files.post_id <> '' OR files.hidden <> '' OR files.problems <> '[]', posts.id IS NOT NULL AND {PUBLIC_AT}"
            " FROM files LEFT JOIN posts ON posts.id = files.post_id AND files.hidden = ''"
            " WHERE files.path >= :place AND files.path < :behind",
            place=place,
            behind=place[:-1] + "/",
            now=now,
        )
        return [(bool(is_page), bool(is_public)) for is_page, is_public in rows]

    def instants(self) -> list[int]:
        """Every instant at which a post comes or goes, rising."""
        union = (
            "SELECT visible_from FROM posts WHERE visible_from IS NOT NULL"
            " UNION SELECT visible_until FROM posts WHERE visible_until IS NOT NULL ORDER BY 1"
        )
        return [row[0] for row in self._rows(union)]

    def waiting(self, now: int) -> list[str]:
        """The ids of posts that are in the catalog and not public at ``now``."""
        return _waiting(self._connections.get(), now)

    def post_count(self) -> int:
        """The number of posts, those included that are not public now."""
        count: int = self._rows(f"SELECT count(*) FROM posts WHERE kind = '{Kind.POST}'")[0][0]
        return count

    def document_count(self) -> int:
        """The number of posts and pages, those included that are not public now."""
        return _document_count(self._connections.get())

    def public_ids(self, now: int) -> frozenset[str]:
        """The ids of public posts and pages."""
        return frozenset(row[0] for row in self._rows(f"SELECT id FROM posts WHERE {PUBLIC_AT}", now=now))

    def public_post_ids(self, now: int) -> frozenset[str]:
        return frozenset(row[0] for row in self._rows(f"SELECT id FROM posts WHERE {_PUBLIC_POST}", now=now))

    def visible_hash(self, now: int, diagnosed: Iterable[ContentProblem] | None = None) -> str:
        """A hash over the content of every public post and page, and over what else the public sees. ``diagnosed`` as of
        ``now``, where it is at hand."""
        digest = blake2b(digest_size=16)
        for row in self._rows(f"SELECT id, content_hash FROM posts WHERE {PUBLIC_AT} ORDER BY id", now=now):
            digest.update(row[0].encode("utf-8") + b"\0" + row[1])
        for key, value in sorted(self.site().items()):
            digest.update(f"\1{key}\0{value}".encode())
        for problem in self.diagnosed(now) if diagnosed is None else diagnosed:
            digest.update(f"\2{problem}".encode())
        return digest.hexdigest()

    def documents(self, now: int) -> Iterator[DocumentRow]:
        """Every public post and page, by id."""
        sql = (
            "SELECT row, kind, id, slug, path, collection, content_hash, link_hash,"
            " lead(row) OVER (PARTITION BY chain ORDER BY sequence),"
            " lag(row) OVER (PARTITION BY chain ORDER BY sequence)"
            f" FROM posts WHERE {PUBLIC_AT} ORDER BY id"
        )
        return (DocumentRow(*row) for row in self._connections.get().execute(sql, {"now": now}))

    def terms_at(self, row: int) -> list[tuple[str, str]]:
        """The (taxonomy, path) of every term that the post or page carries, ancestors included."""
        found = self._rows("SELECT taxonomy, path FROM terms WHERE post = :row ORDER BY 1, 2", row=row)
        return [(taxonomy, path) for taxonomy, path in found]

    def addresses_at(self, row: int) -> list[tuple[str, bool]]:
        """The paths that lead to the post or page, each with whether it is an older one."""
        found = self._rows("SELECT DISTINCT path, is_alias FROM addresses WHERE post = :row ORDER BY 1, 2", row=row)
        return [(path, bool(is_alias)) for path, is_alias in found]

    def shared_slugs(self, now: int) -> frozenset[str]:
        """Slugs that do not lead to one public post: shared, empty, or equal to another post's id."""
        repeated = f"SELECT slug FROM posts WHERE {_PUBLIC_POST} GROUP BY slug HAVING count(*) > 1"
        ids = f"SELECT id FROM posts WHERE {_PUBLIC_POST}"
        taken = f"SELECT slug FROM posts WHERE slug <> id AND slug IN ({ids}) AND {_PUBLIC_POST}"
        rows = self._rows(f"{repeated} UNION {taken} UNION SELECT ''", now=now)
        return frozenset(row[0] for row in rows)

    def ids_where(self, conditions: tuple[FieldCondition, ...], now: int) -> frozenset[str]:
        """The ids of the public posts and pages whose front matter fulfils all of the conditions."""
        where, values = _where(PostFilters(kind=None, where=conditions), now)
        return frozenset(row[0] for row in self._rows(f"SELECT id FROM posts WHERE {where}", **values))

    def count(self, filters: PostFilters, now: int) -> int:
        where, values = _where(filters, now, by_terms=True)
        count: int = self._rows(f"SELECT count(*) FROM posts WHERE {where}", **values)[0][0]
        return count

    def page(self, query: ListQuery, now: int, total: int) -> tuple[list[FoundPost], ListPosition | None]:
        """The posts of one page, in order, and the place of the last one where there are more behind it; ``total`` is how
        many match.

        They are looked for from the filters' terms where fewer posts carry these than would be passed over on the way
        through the sorted index. A page in sorted order needs no sorting, and what it skips is skipped in the index alone.
        """
        offset = 0 if query.after else query.page.offset
        passed_over = (offset + query.page.size) * self._documents
        where, values = _where(query.filters, now, by_terms=total * total < passed_over)
        values |= {"limit": query.page.size + 1, "offset": offset}
        if query.after:
            where += f" AND {_behind(query.after, query.sort, query.order)}"
            values |= {
                "after_value": query.after.value,
                "after_date": query.after.published_at,
                "after_id": query.after.id,
            }
        sql = (
            f"SELECT row, id, slug, path, segment, segment_row, {_SORT_COLUMN[query.sort]}, published_at FROM posts"
            f" WHERE {where} ORDER BY {_order(query.sort, query.order)} LIMIT :limit OFFSET :offset"
        )
        rows = self._rows(sql, **values)
        shown = rows[: query.page.size]
        last = ListPosition(shown[-1][6], shown[-1][7], shown[-1][1]) if len(rows) > len(shown) else None
        return [_found_post(row) for row in shown], last

    def rows(self, filters: PostFilters, now: int) -> array[int]:
        """The rows of all posts that the filters let through, newest first; 8 bytes a post."""
        where, values = _where(filters, now)
        cursor = self._connections.get().execute(
            f"SELECT row FROM posts WHERE {where} ORDER BY {_NEWEST_FIRST}", values
        )
        return array("q", (row[0] for row in cursor))

    def at_rows(self, rows: Iterable[int]) -> list[FoundPost]:
        """The posts of these rows, in the order of the rows."""
        sql = (
            "SELECT row, posts.id, slug, posts.path, segment, segment_row FROM json_each(:rows) AS wanted"
            " JOIN posts ON posts.row = wanted.value ORDER BY wanted.key"
        )
        return [_found_post(row) for row in self._rows(sql, rows=json.dumps(list(rows)))]

    def facet(
        self, field: FacetField, filters: PostFilters, now: int, limit: int
    ) -> tuple[list[tuple[str, int]], bool]:
        """The field's most frequent values with counts, and whether there are more; its own filter does not narrow it."""
        where, values = _where(without_field(filters, field), now)
        taxonomy = FACET_TAXONOMY.get(field)
        if taxonomy:
            sql = (
                "SELECT terms.path, count(*) FROM terms JOIN posts ON posts.row = terms.post"
                f" WHERE terms.taxonomy = :taxonomy AND {where} GROUP BY terms.path ORDER BY 2 DESC, 1"
            )
            values["taxonomy"] = str(taxonomy)
        else:
            column = _MONTH if field is FacetField.MONTH else f"CAST(posts.{field} AS TEXT)"
            sql = (
                f"SELECT {column}, count(*) FROM posts"
                f" WHERE {column} IS NOT NULL AND {where} GROUP BY 1 ORDER BY 2 DESC, 1"
            )
        rows = self._rows(f"{sql} LIMIT {limit + 1}", **values)
        return [(row[0], row[1]) for row in rows[:limit]], len(rows) > limit

    def find(self, key: str, now: int) -> FoundPost | None:
        """The public post with this id, else the first by id with this slug."""
        condition = f"(id = :key OR slug = :key AND slug <> '') AND {_PUBLIC_POST} ORDER BY id <> :key, id"
        return self._first(condition, key=key, now=now)

    def find_page(self, key: str, now: int) -> FoundPost | None:
        """The public page with this id, else the one at this path of the site (without the slash it begins with)."""
        page = f"kind = '{Kind.PAGE}' AND {PUBLIC_AT}"
        by_id = self._first(f"id = :key AND {page}", key=key, now=now)
        at_path = "row IN (SELECT post FROM addresses WHERE loose = :loose AND NOT is_alias)"
        return by_id or self._first(f"{at_path} AND {page} ORDER BY id", loose=loose_path(f"/{key}"), now=now)

    def find_waiting(self, kind: Kind, key: str, now: int) -> FoundPost | None:
        """What ``find`` or ``find_page`` would find if it were public: the scheduled or expired one, for previews alone."""
        waiting = f"kind = '{kind}' AND NOT ({PUBLIC_AT})"
        by_id = self._first(f"id = :key AND {waiting}", key=key, now=now)
        if by_id or not key:
            return by_id
        if kind is Kind.POST:
            return self._first(f"slug = :key AND {waiting} ORDER BY id", key=key, now=now)
        at_path = "row IN (SELECT post FROM addresses WHERE loose = :loose AND NOT is_alias)"
        return self._first(f"{at_path} AND {waiting} ORDER BY id", loose=loose_path(f"/{key}"), now=now)

    def find_all(self, ids: Iterable[str], now: int) -> dict[str, FoundPost]:
        """Those of the posts that are public, by id."""
        sql = (
            "SELECT row, id, slug, path, segment, segment_row FROM posts"
            f" WHERE id IN (SELECT value FROM json_each(:wanted)) AND {PUBLIC_AT}"
        )
        rows = self._rows(sql, wanted=json.dumps(list(ids)), now=now)
        return {row[1]: _found_post(row) for row in rows}

    def neighbours(self, row: int, now: int) -> tuple[FoundPost | None, FoundPost | None]:
        """The next newer and the next older post of the post's chain."""
        here = "(SELECT {0} FROM posts WHERE row = :row)"
        chain = f"chain = {here.format('chain')} AND {PUBLIC_AT}"
        newer = f"{chain} AND sequence > {here.format('sequence')} ORDER BY sequence"
        older = f"{chain} AND sequence < {here.format('sequence')} ORDER BY sequence DESC"
        return self._first(newer, row=row, now=now), self._first(older, row=row, now=now)

    def find_address(self, path: str, now: int) -> FoundPost | None:
        """The public post or page that a path of the site leads to.

        One that is written just so goes before one that a web server takes for the same, an own path before an older one,
        a post before a page.
        """
        rows = self._rows(
            "SELECT posts.row, posts.id, posts.slug, posts.path, segment, segment_row"
            " FROM addresses JOIN posts ON posts.row = addresses.post"
            f" WHERE addresses.loose = :loose AND {PUBLIC_AT}"
            f" ORDER BY addresses.path <> :path, addresses.is_alias, posts.kind = '{Kind.PAGE}', posts.id LIMIT 1",
            loose=loose_path(path),
            path=path,
            now=now,
        )
        return next((_found_post(row) for row in rows), None)

    def facts_of(self, row: int) -> PostFacts:
        """What a whole post's headers are made of."""
        tags = "SELECT path FROM terms WHERE post = :row AND taxonomy = 'tags' ORDER BY path"
        found = self._rows(
            f"SELECT published_at, updated_at, content_hash, (SELECT group_concat(path, char(10)) FROM ({tags}))"
            " FROM posts WHERE row = :row",
            row=row,
        )
        published_at, updated_at, content_hash, slugs = found[0]
        last = max((date for date in (published_at, updated_at) if date is not None), default=None)
        return PostFacts(last, tuple(slugs.split("\n")) if slugs else (), content_hash)

    def is_page(self, row: int) -> bool:
        kind: str = self._rows("SELECT kind FROM posts WHERE row = :row", row=row)[0][0]
        return kind == Kind.PAGE

    def terms(self, taxonomy: Taxonomy, now: int) -> list[TermCount]:
        """Every term of public posts and pages, by path; counted are the posts."""
        posts = f"sum(posts.kind = '{Kind.POST}')"
        sql = (
            "SELECT path, name, total FROM ("
            f" SELECT terms.path, terms.name, sum({posts}) OVER (PARTITION BY terms.path) AS total,"
            f" row_number() OVER (PARTITION BY terms.path ORDER BY {posts} DESC, terms.name) AS place"
            " FROM terms JOIN posts ON posts.row = terms.post"
            f" WHERE terms.taxonomy = :taxonomy AND {PUBLIC_AT} GROUP BY terms.path, terms.name"
            ") WHERE place = 1 ORDER BY path"
        )
        return [TermCount(*row) for row in self._rows(sql, taxonomy=str(taxonomy), now=now)]

    def terms_by_lang(self, now: int) -> dict[tuple[str, str, str], int]:
        """The number of public posts by language, taxonomy and term."""
        sql = (
            "SELECT posts.lang, terms.taxonomy, terms.path, count(*) FROM terms JOIN posts ON posts.row = terms.post"
            f" WHERE {_PUBLIC_POST} GROUP BY 1, 2, 3"
        )
        return {(row[0], row[1], row[2]): row[3] for row in self._rows(sql, now=now)}

    def months(self, now: int) -> list[tuple[int, int, int]]:
        """(year, month, posts), newest first."""
        sql = (
            f"SELECT year, month, count(*) FROM posts WHERE year IS NOT NULL AND {_PUBLIC_POST}"
            " GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC"
        )
        return [(row[0], row[1], row[2]) for row in self._rows(sql, now=now)]

    def collections(self, now: int) -> list[tuple[str, int]]:
        """(name, public posts and pages), by name."""
        sql = f"SELECT collection, count(*) FROM posts WHERE collection <> '' AND {PUBLIC_AT} GROUP BY 1 ORDER BY 1"
        return [(row[0], row[1]) for row in self._rows(sql, now=now)]

    def pages_of(self, collection: str, now: int) -> list[FoundPost]:
        """The public pages of a collection, by id."""
        sql = (
            "SELECT row, id, slug, path, segment, segment_row FROM posts"
            f" WHERE kind = '{Kind.PAGE}' AND collection = :collection AND {PUBLIC_AT} ORDER BY id"
        )
        rows = self._rows(sql, collection=collection, now=now)
        return [_found_post(row) for row in rows]

    def page_ids(self, now: int) -> list[str]:
        sql = f"SELECT id FROM posts WHERE kind = '{Kind.PAGE}' AND {PUBLIC_AT} ORDER BY id"
        return [row[0] for row in self._rows(sql, now=now)]

    def paths(self, now: int) -> list[str]:
        """The paths on the site of every public post and page, posts first."""
        sql = (
            "SELECT addresses.path FROM addresses JOIN posts ON posts.row = addresses.post"
            f" WHERE NOT is_alias AND {PUBLIC_AT} ORDER BY kind DESC, posts.id"
        )
        return [row[0] for row in self._rows(sql, now=now)]

    def site_map(self, now: int) -> list[tuple[str, int | None]]:
        """(path, last date in UTC epoch seconds) of every public post and page that the site has, by path."""
        last = "max(coalesce(published_at, updated_at), coalesce(updated_at, published_at))"
        sql = (
            f"SELECT path, max({last}) FROM posts WHERE row IN (SELECT post FROM addresses WHERE NOT is_alias)"
            f" AND {PUBLIC_AT} GROUP BY path ORDER BY path"
        )
        return [(row[0], row[1]) for row in self._rows(sql, now=now)]

    def shared_paths(self, now: int) -> frozenset[str]:
        """The paths on the site that several public posts have."""
        rows = self._rows(f"SELECT path FROM posts WHERE {_PUBLIC_POST} GROUP BY path HAVING count(*) > 1", now=now)
        return frozenset(row[0] for row in rows)

    def languages(self, now: int) -> tuple[str, ...]:
        return tuple(
            row[0] for row in self._rows(f"SELECT DISTINCT lang FROM posts WHERE {_PUBLIC_POST} ORDER BY 1", now=now)
        )

    def slugs(self, now: int) -> list[str]:
        return [
            row[0]
            for row in self._rows(f"SELECT slug FROM posts WHERE slug <> '' AND {_PUBLIC_POST} ORDER BY id", now=now)
        ]

    def problems(self, now: int) -> list[ContentProblem]:
        """What may be told: problems of public files, of files that could not be read, and slugs that are shared."""
        public = self.public_ids(now)
        told = [
            problem
            for record in self.files()
            if record.problems and not record.hidden and (not record.post_id or record.post_id in public)
            for problem in record.problems
        ]
        return sorted(told + self._shared_slug_problems(now))

    def diagnosed(self, now: int) -> list[ContentProblem]:
        """All that may be told of the content's problems, broken links included, by file and line."""
        return sorted((*self.problems(now), *self.told_links(now)))

    def told_links(self, now: int) -> list[ContentProblem]:
        """The broken links as problems, with the nearest paths."""
        return link_problems(self.broken_links(now), self.paths(now))

    def broken_links(self, now: int) -> list[BrokenLink]:
        """The links of public posts and pages to where the site has nothing for the public, by file and line."""
        broken = [
            BrokenLink(file, line, column, url, path, tuple(json.loads(paths)))
            for file, line, column, url, path, paths in self._rows(BROKEN, now=now)
        ]
        if not broken:
            return []
        asides = self._rows("SELECT path, aside_at FROM files WHERE post_id = '' AND hidden = ''")
        places, addresses = {row[0] for row in asides}, {row[1] for row in asides}
        public = PublicFiles.from_json(self.site().get("public_files", ""))
        return without_asides(broken, places, addresses, public)

    def linking_to(self, row: int, now: int) -> list[FoundPost]:
        """The public posts and pages whose bodies link to the post, newest first, undated ones last."""
        sql = (
            "SELECT row, id, slug, path, segment, segment_row FROM posts"
            f" WHERE row IN ({LINKING_TO}) AND {PUBLIC_AT} ORDER BY {_NEWEST_FIRST}"
        )
        return [_found_post(found) for found in self._rows(sql, row=row, now=now)]

    def _shared_slug_problems(self, now: int) -> list[ContentProblem]:
        sql = (
            "SELECT files.path, posts.slug, first_value(files.path) OVER (PARTITION BY posts.slug ORDER BY posts.id)"
            " FROM posts JOIN files ON files.post_id = posts.id AND files.hidden = ''"
            " WHERE posts.slug IN (SELECT slug FROM posts WHERE "
            f"{_PUBLIC_POST} AND slug <> '' GROUP BY slug, lang HAVING count(*) > 1) AND {_PUBLIC_POST}"
        )
        return [repeated_slug(path, slug, first) for path, slug, first in self._rows(sql, now=now) if path != first]

    def _first(self, condition: str, **values: object) -> FoundPost | None:
        columns = "row, id, slug, path, segment, segment_row"
        for row in self._rows(f"SELECT {columns} FROM posts WHERE {condition} LIMIT 1", **values):
            return _found_post(row)
        return None

    def _rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        return self._connections.get().execute(sql, values).fetchall()


def without_field(filters: PostFilters, field: FacetField) -> PostFilters:
    """The filters less the facet's own selection: what its counts are taken over."""
    match field:
        case FacetField.TAG:
            return replace(filters, tags=())
        case FacetField.CATEGORY:
            return replace(filters, categories=())
        case FacetField.AUTHOR:
            return replace(filters, authors=())
        case FacetField.SERIES:
            return replace(filters, series=())
        case FacetField.YEAR:
            return replace(filters, year=None)
        case FacetField.MONTH:
            return replace(filters, month=None)
        case FacetField.LANG:
            return replace(filters, langs=())
        case FacetField.COLLECTION:
            return replace(filters, collections=())


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def _found_post(row: tuple[Any, ...]) -> FoundPost:
    return FoundPost(row[0], row[1], row[2], row[3], StoreAddress(row[4], row[5]))


def _order(sort: Sort, order: Order) -> str:
    """ORDER BY terms: posts without the value last in both directions; ties newest first, then by id."""
    if sort is Sort.PUBLISHED_AT and order is Order.DESC:
        return _NEWEST_FIRST
    if sort is Sort.PUBLISHED_AT:
        return "posts.published_at ASC NULLS LAST, posts.id"
    return f"{_SORT_COLUMN[sort]} {order.upper()} NULLS LAST, {_NEWEST_FIRST}"


def _behind(place: ListPosition, sort: Sort, order: Order) -> str:
    """What comes behind a place in the order of ``_order``; its values are bound as ``:after_value``, ``:after_date`` and
    ``:after_id``."""
    newest_first = _behind_column(
        "posts.published_at", Order.DESC, place.published_at, ":after_date", "posts.id > :after_id"
    )
    if sort is Sort.PUBLISHED_AT and order is Order.DESC:
        return newest_first
    return _behind_column(_SORT_COLUMN[sort], order, place.value, ":after_value", newest_first)


def _behind_column(column: str, order: Order, value: object, bound: str, rest: str) -> str:
    """Behind ``value`` in a column that has what is missing last, or level with it and behind by the ``rest``."""
    if value is None:
        return f"({column} IS NULL AND {rest})"
    sign = "<" if order is Order.DESC else ">"
    return f"({column} {sign} {bound} OR {column} IS NULL OR ({column} = {bound} AND {rest}))"


def _where(filters: PostFilters, now: int, *, by_terms: bool = False) -> tuple[str, dict[str, object]]:
    """The SQL condition of the filters and its values.

    ``by_terms``: so written that SQLite begins with the posts that carry the wanted terms; else it asks of each post that
    it comes to whether it carries them.
    """
    conditions = [PUBLIC_AT]
    values: dict[str, object] = {"now": now}
    if filters.kind is not None:
        conditions.append(f"posts.kind = '{filters.kind}'")

    def bind(value: object) -> str:
        name = f"v{len(values)}"
        values[name] = value
        return f":{name}"

    def has_term(taxonomy: Taxonomy, paths: Iterable[str]) -> str:
        among = ", ".join(bind(path) for path in paths)
        return (
            f"EXISTS (SELECT 1 FROM terms WHERE terms.taxonomy = '{taxonomy}'"
            f" AND terms.path IN ({among}) AND terms.post = posts.row)"
        )

    def carries(taxonomy: Taxonomy, paths: Iterable[str]) -> str:
        if not by_terms:
            return has_term(taxonomy, paths)
        among = ", ".join(bind(path) for path in paths)
        return f"posts.row IN (SELECT post FROM terms WHERE taxonomy = '{taxonomy}' AND path IN ({among}))"

    all_tags = filters.tag_match is TagMatch.ALL
    wanted = (
        *((Taxonomy.TAGS, paths) for paths in ([(tag,) for tag in filters.tags] if all_tags else [filters.tags])),
        (Taxonomy.CATEGORIES, filters.categories),
        (Taxonomy.AUTHORS, filters.authors),
        (Taxonomy.SERIES, filters.series),
    )
    conditions += [carries(taxonomy, paths) for taxonomy, paths in wanted if paths]
    unwanted = ((Taxonomy.TAGS, filters.not_tags), (Taxonomy.CATEGORIES, filters.not_categories))
    conditions += [f"NOT {has_term(taxonomy, paths)}" for taxonomy, paths in unwanted if paths]
    for column, among in (("collection", filters.collections), ("lang", filters.langs)):
        if among:
            conditions.append(f"posts.{column} IN ({', '.join(bind(value) for value in among)})")
    comparisons = (
        ("year =", filters.year),
        ("month =", filters.month),
        ("published_at >=", filters.published_after),
        ("published_at <", filters.published_before),
        ("updated_at >=", filters.updated_after),
        ("updated_at <", filters.updated_before),
        ("featured =", filters.featured),
    )
    conditions += [f"posts.{left} {bind(value)}" for left, value in comparisons if value is not None]
    conditions += [condition_sql(condition, bind) for condition in filters.where]
    return " AND ".join(f"({condition})" for condition in conditions), values


def _file_records(connection: sqlite3.Connection) -> Iterator[FileRecord]:
    columns = "path, sha256, post_id, hidden, transient, problems, uses, aside_at"
    for path, sha256, post_id, hidden, transient, problems, uses, aside_at in connection.execute(
        f"SELECT {columns} FROM files ORDER BY path"
    ):
        used = tuple(uses.split("\n")) if uses else ()
        yield FileRecord(path, sha256, post_id, hidden, bool(transient), _problems(problems), used, aside_at)


def _waiting(connection: sqlite3.Connection, now: int) -> list[str]:
    rows = connection.execute(f"SELECT id FROM posts WHERE NOT ({PUBLIC_AT}) ORDER BY id", {"now": now})
    return [row[0] for row in rows]


def _document_count(connection: sqlite3.Connection) -> int:
    count: int = connection.execute("SELECT count(*) FROM posts").fetchone()[0]
    return count


def _problems(stored: str) -> tuple[ContentProblem, ...]:
    return tuple(
        ContentProblem(**row | {"severity": Severity(row["severity"]), "code": ProblemCode(row["code"])})
        for row in (json.loads(stored) if stored != "[]" else ())
    )
