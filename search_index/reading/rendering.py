"""Bodies rendered within their budget of time, with their failures turned into plain text and a problem."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from types import FrameType

from search_index.diagnostics import ProblemCode
from search_index.model import Rendered
from search_index.reading import sanitising
from search_index.reading.body import plain_body, render_body
from search_index.reading.errors import ContentError
from search_index.reading.markdown import MarkdownRenderer, readable
from search_index.reading.render_cache import RenderCache
from search_index.settings import SiteSettings

READER_VERSION = "3"
"""Raise it when what reading makes of a file changes without any dependency's version doing so."""

_REPEAT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class RenderedBody:
    """A body's rendering, and what went wrong where it is the plain text instead."""

    rendered: Rendered
    failure: ContentError | None = None


Render = Callable[[str, MarkdownRenderer], RenderedBody]


class TimeUp(BaseException):
    """The wall clock's limit for one body has passed. No ``Exception``: renderers swallow those."""


def rendering_fingerprint(settings: SiteSettings) -> str:
    """What the HTML and the text of a body depend on besides the body and its renderer."""
    limits = settings.limits.model_dump_json()
    parts = (READER_VERSION, sanitising.VERSION, settings.html_policy, limits)
    return sha256("\n".join(parts).encode()).hexdigest()


def reader_fingerprint(settings: SiteSettings) -> str:
    """Everything of reading that shapes a generation, the dialect and the site's settings apart."""
    return f"reader {READER_VERSION} {rendering_fingerprint(settings)[:16]}"


class BodyRenderer:
    """Renders bodies one after another; never raises but ``KeyboardInterrupt`` and ``SystemExit``.

    In a main thread each body has ``limits.render_seconds`` of wall time; in any other thread it is not interrupted.
    """

    def __init__(self, settings: SiteSettings, cache: RenderCache | None = None) -> None:
        self._settings = settings
        self._cache = cache
        self._fingerprint = rendering_fingerprint(settings)

    def __call__(self, body: str, markdown: MarkdownRenderer) -> RenderedBody:
        key = sha256(f"{self._fingerprint}\n{markdown.version}\n{body}".encode("utf-8", "surrogatepass")).digest()
        known = self._cache.get(key) if self._cache else None
        if known is not None:
            return RenderedBody(known)
        rendered = self._attempt(body, markdown)
        if isinstance(rendered, ContentError):
            return RenderedBody(plain_body(readable(body, markdown)), rendered)
        if self._cache:
            self._cache.put(key, rendered)
        return RenderedBody(rendered)

    def _attempt(self, body: str, markdown: MarkdownRenderer) -> Rendered | ContentError:
        """The rendering, or why there is none, without the frames of the failure: they hold the memory it ran out of."""
        limits = self._settings.limits
        try:
            with _time_limit(limits.render_seconds):
                return render_body(body, markdown, self._settings.html_policy, limits)
        except ContentError as error:
            failure = error.detached()
        except TimeUp:
            failure = timed_out(limits.render_seconds)
        except MemoryError:
            failure = out_of_memory(limits.render_memory_bytes)
        except Exception as error:
            failure = ContentError(
                ProblemCode.RENDER_FAILED,
                f"the Markdown renderer failed: {type(error).__name__}: {error}"[:500],
                "simplify the Markdown, and report it to Octavo",
            )
        gc.collect()
        return failure


def timed_out(seconds: float) -> ContentError:
    """The body took longer than ``seconds``."""
    return ContentError(
        ProblemCode.RENDER_TIMEOUT,
        f"rendering takes longer than limits.render_seconds ({seconds:g})",
        "look for very many brackets or a very large table, or split the post",
        transient=True,
    )


def out_of_memory(limit: int) -> ContentError:
    """The body needed more than ``limit`` bytes."""
    return ContentError(
        ProblemCode.RENDER_MEMORY,
        f"rendering needs more memory than limits.render_memory_bytes ({limit})",
        "look for a table with very many columns, or split the post",
    )


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def expire(_number: int, _frame: FrameType | None) -> None:
        raise TimeUp

    try:
        before = signal.signal(signal.SIGALRM, expire)
    except ValueError:
        yield
        return
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT_SECONDS)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
