"""What goes wrong with one file, raised inside reading and turned into a ``ContentProblem`` at its edge."""

from __future__ import annotations

from search_index.diagnostics import ContentProblem, ProblemCode, Severity


class ContentError(Exception):
    """A file, or its front matter, or its rendering cannot be used as it is.

    ``line`` and ``column`` count from 1 in the file (0: the whole file). ``transient`` marks what may be gone at the
    next scan: a file that was being written, a permission, a timeout.
    """

    def __init__(
        self, code: ProblemCode, message: str, hint: str, *, line: int = 0, column: int = 0, transient: bool = False
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.line = line
        self.column = column
        self.transient = transient

    def problem(self, file: str, severity: Severity = Severity.ERROR) -> ContentProblem:
        """The same as a problem of ``file``."""
        return ContentProblem(file, self.line, self.column, severity, self.code, self.message, self.hint)

    def detached(self) -> ContentError:
        """The same, free of the frames that it was raised through."""
        hint, place = self.hint, {"line": self.line, "column": self.column}
        return ContentError(self.code, self.message, hint, **place, transient=self.transient)
