"""What is wrong in which file: the one shape in which problems of content are carried, stored and printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``error``: the file, or a part of it, is not served as written. ``warning``: served, but look at it."""

    ERROR = "error"
    WARNING = "warning"


class ProblemCode(StrEnum):
    """The closed list of content problems; each has its row in ``docs/reference/diagnostics.md``."""

    FILE_UNREADABLE = "file_unreadable"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNSTABLE = "file_unstable"
    NOT_A_REGULAR_FILE = "not_a_regular_file"
    LINK_LEAVES_FOLDER = "link_leaves_folder"
    NOT_UTF8 = "not_utf8"
    FRONT_MATTER_UNCLOSED = "front_matter_unclosed"
    FRONT_MATTER_INVALID = "front_matter_invalid"
    FRONT_MATTER_NOT_A_MAP = "front_matter_not_a_map"
    FRONT_MATTER_LIMIT = "front_matter_limit"
    FRONT_MATTER_TYPE = "front_matter_type"
    FRONT_MATTER_SCHEMA = "front_matter_schema"
    DUPLICATE_KEY = "duplicate_key"
    DATE_INVALID = "date_invalid"
    PERMALINK_INVALID = "permalink_invalid"
    DRAFT_PUBLISHED = "draft_published"
    TEMPLATE_INVALID = "template_invalid"
    TEMPLATE_TAG_UNKNOWN = "template_tag_unknown"
    TEMPLATE_TARGET_MISSING = "template_target_missing"
    TEMPLATE_LIMIT = "template_limit"
    TERM_LIMIT = "term_limit"
    BROKEN_LINK = "broken_link"
    SLUG_REPEATED = "slug_repeated"
    ID_REPEATED = "id_repeated"
    RENDER_TIMEOUT = "render_timeout"
    RENDER_MEMORY = "render_memory"
    RENDER_OUTPUT = "render_output"
    RENDER_NESTING = "render_nesting"
    RENDER_FAILED = "render_failed"
    RENDER_CRASHED = "render_crashed"
    SYNONYMS_INVALID = "synonyms_invalid"
    CONTENT_SCHEMA_INVALID = "content_schema_invalid"
    CONFIGURATION = "configuration"


@dataclass(frozen=True, slots=True, order=True)
class ContentProblem:
    """One problem of one file.

    ``file`` is relative to the content folder with ``/``; ``line`` and ``column`` count from 1 and are 0
    where the problem is the whole file's; ``hint`` says what to do about it.
    """

    file: str
    line: int
    column: int
    severity: Severity
    code: ProblemCode
    message: str
    hint: str

    def as_text(self) -> str:
        """``path:line:column: severity code: message (hint)``, control characters escaped."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = f"{place}: {self.severity} {self.code}: {self.message} ({self.hint})"
        return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)

    def as_github(self) -> str:
        """A GitHub Actions workflow command.

        Source: "Workflow commands for GitHub Actions", *Setting an error message*.
        """
        properties = [f"file={_escape_property(self.file)}"]
        if self.line:
            properties += [f"line={self.line}", f"col={self.column}"]
        properties.append(f"title={self.code}")
        message = _escape_message(f"{self.message} ({self.hint})")
        return f"::{self.severity} {','.join(properties)}::{message}"


def errors_in(problems: Iterable[ContentProblem]) -> int:
    """How many of the problems are errors."""
    return sum(problem.severity is Severity.ERROR for problem in problems)


def repeated_id(file: str, post_id: str, winner: str) -> ContentProblem:
    """``file`` has the id of another file, which is the one that is served."""
    return ContentProblem(
        file,
        0,
        0,
        Severity.ERROR,
        ProblemCode.ID_REPEATED,
        f"its id {post_id!r} is also that of {winner}, which is served",
        "rename one of the two files",
    )


def repeated_slug(file: str, slug: str, winner: str) -> ContentProblem:
    """``file`` has the slug of another post of its language."""
    return ContentProblem(
        file,
        0,
        0,
        Severity.WARNING,
        ProblemCode.SLUG_REPEATED,
        f"the slug {slug!r} is also that of {winner}, which /v1/posts/{slug} answers with",
        "give one of them a slug of its own; until then use its id",
    )


def _escape_message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")
