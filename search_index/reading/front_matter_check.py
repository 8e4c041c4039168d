"""Front matter by itself: against the site's schema, and as what a schema is proposed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from search_index.content_schema import SCHEMA_FILE
from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.reading.dialects import Aside, Dialect, Document
from search_index.reading.errors import ContentError
from search_index.reading.outcome import ReadOutcome
from search_index.settings import SiteSettings
from search_index.visibility import public_at

if TYPE_CHECKING:
    from search_index.content_schema.checking import SchemaCheck

_HINT = f"mend the front matter, or {SCHEMA_FILE}"


def breaches(schema: SchemaCheck, document: Document, public: Mapping[str, object]) -> Iterator[ContentProblem]:
    """What in the ``public`` front matter of a document is not as the schema has it, at the lines of its outermost keys."""
    for violation in schema.violations(public):
        key = violation.path[0] if violation.path else ""
        line, column = document.front_matter.lines.get(str(key), (0, 0))
        code = ProblemCode.FRONT_MATTER_SCHEMA
        yield ContentProblem(document.path, line, column, Severity.WARNING, code, violation.message, _HINT)


def is_readable(document: Document) -> bool:
    """Whether its front matter says what its author wrote: Jekyll keeps a post whose front matter is broken, without it."""
    return not any(problem.severity is Severity.ERROR for problem in document.problems)


def read_front_matter(path: str, raw: bytes, settings: SiteSettings, dialect: Dialect, now: int) -> ReadOutcome:
    """The file's public front matter as its post has it, None where it is none or cannot be read; nothing is rendered.

    ``hidden`` is why the post is not public at ``now`` (UTC epoch seconds), "" if it is.
    """
    checksum = sha256(raw).hexdigest()
    try:
        if dialect.aside(path):
            return ReadOutcome(path, checksum, "", "", None, None, (), False)
        document = dialect.document(path, raw, settings)
        outline = dialect.outline(document, settings)
    except ContentError as error:
        return ReadOutcome(path, checksum, "", "", None, None, (error.problem(path),), error.transient)
    if isinstance(outline, Aside):
        return ReadOutcome(path, checksum, "", "", None, None, (), False)
    if not is_readable(document):
        return ReadOutcome(path, checksum, outline.id, "", None, None, document.problems, False)
    span = outline.visibility
    hidden = span.hidden or ("" if public_at(span.visible_from, span.visible_until, now) else "not now")
    return ReadOutcome(
        path,
        checksum,
        outline.id,
        hidden,
        None,
        None,
        (),
        False,
        front_matter=outline.front_matter,  # type: ignore[arg-type]  # a closed model
    )
