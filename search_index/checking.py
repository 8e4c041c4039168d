"""Looking at a content folder without writing: what is wrong in it, and why a post is as it is."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from search_index.catalog import Catalog, CatalogWriter, FileRecord
from search_index.clock import SystemClock
from search_index.content_schema import read_content_schema
from search_index.diagnostics import ContentProblem, repeated_id, repeated_slug
from search_index.model import Kind, Provenance
from search_index.progress import NoProgress, Progress
from search_index.public_files import PublicFiles
from search_index.reading import (
    FoundFile,
    ReadingPool,
    ReadOutcome,
    RenderCache,
    choose_dialect,
    in_reading_order,
    scan,
)
from search_index.settings import SiteSettings
from search_index.synonyms import read_synonyms
from search_index.visibility import public_at


@dataclass(frozen=True, slots=True)
class HiddenPost:
    """A post that is not public now, or a file that is no post, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """``files`` are the documents found, ``posts`` and ``pages`` those that are public now, ``aside`` those that are
    neither; problems by file and line."""

    dialect: str
    dialect_reason: str
    files: int
    posts: int
    pages: int
    hidden: tuple[HiddenPost, ...]
    aside: tuple[HiddenPost, ...]
    problems: tuple[ContentProblem, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where each value of a post comes from; ``not_served`` is why it is not public, "" if it is."""

    path: str
    not_served: str
    problems: tuple[ContentProblem, ...]
    provenance: tuple[Provenance, ...]


def check_content(content_dir: Path, settings: SiteSettings, progress: Progress | None = None) -> CheckReport:
    """Read every file, as a build would."""
    dialect = choose_dialect(content_dir, settings)
    found = scan(content_dir, dialect)
    files = in_reading_order(found.files, dialect)
    told = progress or NoProgress()
    outcomes: list[ReadOutcome] = []
    told.start(len(found.files))
    try:
        with (
            TemporaryDirectory() as folder,
            RenderCache(Path(folder) / "cache.sqlite") as cache,
            ReadingPool(content_dir, settings, cache=cache) as pool,
        ):
            for outcome in pool.read(files, with_provenance=True, now=_now(settings)):
                outcomes.append(outcome)
                told.advance(1)
    finally:
        told.finish()
    outcomes, repeated = _served_once(outcomes)
    twice = {problem.file for problem in repeated}
    posts = [outcome for outcome in outcomes if outcome.post_id]
    hidden = [HiddenPost(post.path, reason) for post in posts if (reason := _hidden(post, settings))]
    repeated += _repeated_slugs(posts, {row.path for row in hidden})
    not_public = {row.path for row in hidden}
    pages = sum(1 for row in posts if row.post and row.post.kind is Kind.PAGE and row.path not in not_public)
    public = [outcome for outcome in posts if outcome.path not in not_public]
    others = [outcome for outcome in outcomes if not outcome.post_id and outcome.path not in twice]
    problems = [
        *_broken_links([*public, *others], dialect.public_files, _now(settings)),
        *dialect.problems,
        *found.problems,
        *read_synonyms(content_dir).problems,
        *read_content_schema(content_dir, settings.private_fields).problems,
        *repeated,
        *(problem for outcome in outcomes for problem in outcome.problems),
    ]
    return CheckReport(
        dialect=dialect.name,
        dialect_reason=dialect.reason,
        files=len(found.files),
        posts=len(posts) - len(hidden) - pages,
        pages=pages,
        hidden=tuple(sorted(hidden, key=lambda row: row.path)),
        aside=tuple(HiddenPost(outcome.path, reason) for outcome in outcomes if (reason := _aside(outcome))),
        problems=tuple(sorted(problems)),
    )


def explain(content_dir: Path, settings: SiteSettings, key: str) -> Explanation | None:
    """The post with this path below the folder, slug or id. None where there is neither a file nor a post of it."""
    dialect = choose_dialect(content_dir, settings)
    found = scan(content_dir, dialect)
    at_path = [file for file in found.files if file.path == key]
    with ReadingPool(content_dir, settings) as pool:
        for outcome in pool.read(at_path or _likely_first(found.files, key), with_provenance=True, now=_now(settings)):
            if at_path or key in _names(outcome):
                return Explanation(outcome.path, _not_served(outcome, settings), outcome.problems, outcome.provenance)
    if not (content_dir / key).is_file():
        return None
    problems = tuple(problem for problem in found.problems if problem.file == key)
    reason = (
        "it was not read" if problems else "it is no Markdown file, or its name or folder is one that is passed over"
    )
    return Explanation(key, reason, problems, ())


def _served_once(outcomes: Iterable[ReadOutcome]) -> tuple[list[ReadOutcome], list[ContentProblem]]:
    """Of files that share an id the first is a post, as in a build."""
    owners: dict[str, str] = {}
    kept, problems = [], []
    for outcome in sorted(outcomes, key=lambda outcome: outcome.path):
        owner = owners.setdefault(outcome.post_id, outcome.path) if outcome.post else outcome.path
        if owner != outcome.path:
            problems.append(repeated_id(outcome.path, outcome.post_id, owner))
            kept.append(replace(outcome, post_id="", post=None))
        else:
            kept.append(outcome)
    return kept, problems


def _repeated_slugs(posts: Iterable[ReadOutcome], hidden: set[str]) -> list[ContentProblem]:
    """Slugs that several public posts of one language have, as the catalog reports them."""
    by_slug: dict[str, list[ReadOutcome]] = {}
    for outcome in sorted(posts, key=lambda outcome: outcome.post_id):
        post = outcome.post
        if post and post.kind is Kind.POST and post.slug and outcome.path not in hidden:
            by_slug.setdefault(post.slug, []).append(outcome)
    problems = []
    for slug, sharing in by_slug.items():
        if len({outcome.post.lang for outcome in sharing if outcome.post}) < len(sharing):
            problems += [repeated_slug(outcome.path, slug, sharing[0].path) for outcome in sharing[1:]]
    return problems


def _broken_links(outcomes: Iterable[ReadOutcome], public_files: PublicFiles, now: int) -> list[ContentProblem]:
    """Links of public posts and pages that lead to nothing, asked of a catalog as a build makes it."""
    with TemporaryDirectory() as folder:
        with CatalogWriter(Path(folder), None) as writer:
            writer.set_site(public_files=public_files.to_json())
            for outcome in outcomes:
                record = FileRecord(outcome.path, outcome.sha256, outcome.post_id, outcome.hidden, False, ())
                writer.put_file(replace(record, aside_at=outcome.aside_at))
                if outcome.post:
                    writer.put_post(outcome.post)
        with closing(Catalog(Path(folder))) as catalog:
            return catalog.told_links(now)


def _likely_first(files: Iterable[FoundFile], key: str) -> list[FoundFile]:
    """All files, those first whose path has the key in it."""
    last = key.rpartition("/")[2]
    return sorted(files, key=lambda file: (last not in file.path, file.path))


def _names(outcome: ReadOutcome) -> set[str]:
    names = {outcome.post_id, *(row.value for row in outcome.provenance if row.name in {"slug", "id"})}
    return names - {""}


def _not_served(outcome: ReadOutcome, settings: SiteSettings) -> str:
    if outcome.post_id:
        return _hidden(outcome, settings)
    return _aside(outcome) or "it could not be read"


def _aside(outcome: ReadOutcome) -> str:
    """Why the file is no post, "" if it is one or could not be read."""
    return next((row.reason for row in outcome.provenance if row.name == "post"), "")


def _hidden(outcome: ReadOutcome, settings: SiteSettings) -> str:
    """Why the post is not public now, "" if it is."""
    post = outcome.post
    if post is None:
        return outcome.hidden or "it could not be read"
    now = _now(settings)
    if public_at(post.visible_from, post.visible_until, now):
        return ""
    if post.visible_until is not None and post.visible_until <= now:
        return f"it expired at {_instant(post.visible_until)}"
    return f"it is scheduled for {_instant(post.visible_from or 0)}"


def _now(settings: SiteSettings) -> int:
    return int((settings.now or SystemClock().now()).timestamp())


def _instant(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).isoformat().replace("+00:00", "Z")
