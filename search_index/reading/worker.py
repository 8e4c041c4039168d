"""A reading process: ``python -m search_index.reading.worker``, asked and answering over its standard streams.

The first message is the configuration, each further one a file to read; the answers are ``ReadOutcome``. It ends when its
standard input does, so it cannot outlive who started it. Each file has its share of processor time; memory is bounded
for the process. Reaching either kills the process: what cannot be interrupted can still be ended.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from search_index.content_schema import read_content_schema
from search_index.diagnostics import ProblemCode
from search_index.reading.body import plain_body
from search_index.reading.dialects import Dialect, choose_dialect
from search_index.reading.errors import ContentError
from search_index.reading.frames import read_frame, write_frame
from search_index.reading.front_matter_check import read_front_matter
from search_index.reading.markdown import MarkdownRenderer, readable
from search_index.reading.outcome import ReadOutcome
from search_index.reading.post_reader import not_read, read_post
from search_index.reading.render_cache import RenderCache
from search_index.reading.rendering import BodyRenderer, Render, RenderedBody, out_of_memory
from search_index.reading.source import FoundFile, read_stable
from search_index.settings import Limits, SiteSettings

if TYPE_CHECKING:
    from search_index.content_schema.checking import SchemaCheck

READY = b"ready"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a process needs to know before the first file; ``cache`` is "" without one."""

    root: str
    settings: str
    cache: str

    def to_frame(self) -> bytes:
        return json.dumps([self.root, self.settings, self.cache]).encode()

    @classmethod
    def from_frame(cls, frame: bytes) -> Configuration:
        return cls(*json.loads(frame))


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A file to read. ``crash`` says why it is read again without rendering: the code and text of what happened, or "".

    ``round`` rises when the site's configuration may have changed. ``now`` is the build's, in UTC epoch seconds.
    ``front_matter_only``: nothing else of the file is asked for.
    """

    file: FoundFile
    with_provenance: bool
    round: int
    now: int
    crash_code: str = ""
    crash: str = ""
    front_matter_only: bool = False

    def to_frame(self) -> bytes:
        file = self.file
        return json.dumps(
            [
                file.path,
                file.size,
                file.signature,
                self.with_provenance,
                self.round,
                self.now,
                self.crash_code,
                self.crash,
                self.front_matter_only,
            ]
        ).encode()

    @classmethod
    def from_frame(cls, frame: bytes) -> ReadRequest:
        path, size, signature, *rest = json.loads(frame)
        return cls(FoundFile(path, size, tuple(signature)), *rest)

    @property
    def failure(self) -> ContentError | None:
        hint = "simplify its Markdown; it is served as plain text until the file changes"
        return ContentError(ProblemCode(self.crash_code), self.crash, hint) if self.crash else None


class FileReader:
    """Reads files of one content folder."""

    def __init__(
        self,
        root: Path,
        settings: SiteSettings,
        dialect: Dialect,
        render: Render,
        schema: SchemaCheck | None = None,
    ) -> None:
        self._root = root
        self._settings = settings
        self._dialect = dialect
        self._render = render
        self._schema = schema

    def read(self, request: ReadRequest) -> ReadOutcome:
        """The outcome of one file; without rendering where that ended a process before, or takes too much memory."""
        if failure := request.failure:
            return replace(self._read(request, _instead_of(failure)), transient=False)
        try:
            return self._read(request, self._render)
        except MemoryError:
            failure = out_of_memory(self._settings.limits.render_memory_bytes)
        gc.collect()
        try:
            return self._read(request, _instead_of(failure))
        except MemoryError:
            return not_read(request.file.path, failure)

    def _read(self, request: ReadRequest, render: Render) -> ReadOutcome:
        path = request.file.path
        try:
            raw = read_stable(self._root, request.file, self._settings.limits)
        except ContentError as error:
            return not_read(path, error)
        self._dialect.about_to_read(request.file)
        if request.front_matter_only:
            return read_front_matter(path, raw, self._settings, self._dialect, request.now)
        return read_post(
            path,
            raw,
            self._settings,
            self._dialect,
            render,
            with_template=request.failure is None,
            with_provenance=request.with_provenance,
            schema=self._schema,
        )


def _instead_of(failure: ContentError) -> Render:
    def plain(body: str, markdown: MarkdownRenderer) -> RenderedBody:
        return RenderedBody(plain_body(readable(body, markdown)), failure)

    return plain


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until there are no more requests."""
    frame = read_frame(requests)
    if frame is None:
        return
    configuration = Configuration.from_frame(frame)
    settings = SiteSettings.model_validate_json(configuration.settings)
    root = Path(configuration.root)
    cache = RenderCache(Path(configuration.cache)) if configuration.cache else None
    reader: FileReader | None = None
    round_read = 0
    _bound_memory(settings.limits)
    write_frame(answers, READY)
    while (frame := read_frame(requests)) is not None:
        _grant_processor_time(settings.limits)
        request = ReadRequest.from_frame(frame)
        if reader is None or request.round != round_read:
            reader, round_read = _reader(root, settings, cache, request.now), request.round
        write_frame(answers, reader.read(request).to_json())


def _reader(root: Path, settings: SiteSettings, cache: RenderCache | None, now: int) -> FileReader:
    dialect = choose_dialect(root, settings)
    dialect.use(now, cache)
    completed = dialect.site(settings)
    return FileReader(root, completed, dialect, BodyRenderer(completed, cache), _schema_check(root, completed))


def _schema_check(root: Path, settings: SiteSettings) -> SchemaCheck | None:
    schema = read_content_schema(root, settings.private_fields).value
    if schema is None:
        return None
    from search_index.content_schema.checking import SchemaCheck  # takes a while, and most sites have no schema

    return SchemaCheck(schema)


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(sys.stdin.buffer, answers)


def _grant_processor_time(limits: Limits) -> None:
    """The limit counts the whole life of the process: raise it for each file."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + limits.render_cpu_seconds + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _bound_memory(limits: Limits) -> None:
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return
    mapped = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = mapped + limits.render_memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


if __name__ == "__main__":
    main()
