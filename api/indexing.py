"""``octavo index``: for a person at a terminal, and as the child of ``octavo serve``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.ending import Ending
from api.indexer_process import Built, Busy, Event, Failed, Say, report_channel, send
from api.terminal import describe_build, describe_problems, progress_on
from search_index.clock import Clock
from search_index.diagnostics import errors_in
from search_index.engines.port import SearchEngine
from search_index.generation import WriterBusy
from search_index.indexer import BuildReport, Indexer
from search_index.refresh import RefreshRequests
from search_index.settings import SettingsError, SiteSettings, load_site_settings
from search_index.watching import watch

_BUSY_SECONDS = 1.0

Tell = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """What to index, into which folder. ``shown`` is the content folder as the person wrote it; ``refresh_file`` is where
    the hook's wishes arrive."""

    shown: str
    content_dir: Path
    index_dir: Path
    settings: SiteSettings
    engine: SearchEngine
    clock: Clock
    refresh_file: Path
    rescan_seconds: float

    def indexer(self, settings: SiteSettings) -> Indexer:
        return Indexer(
            self.content_dir,
            self.index_dir,
            settings,
            engine=self.engine,
            clock=self.clock,
            progress=progress_on(sys.stderr),
        )


def index_once(plan: IndexPlan, say: Say, *, allow_shrink: bool) -> int:
    """Build once and say what came of it; the number of errors in the content."""
    with plan.indexer(plan.settings) as indexer:
        report = indexer.build(allow_shrink=allow_shrink)
    _say_built(plan, say, Built.of(report))
    return errors_in(report.problems)


def index_watching(plan: IndexPlan, say: Say, *, allow_shrink: bool) -> int:
    """Build, then follow the folder until a signal; 0. Only a build that may shrink ends a person's pin."""
    if allow_shrink:
        index_once(plan, say, allow_shrink=True)
    ending = Ending()
    ending.on_signals()
    heard_before = False

    def tell(event: Event) -> None:
        nonlocal heard_before
        if isinstance(event, Failed):
            say(event.message)
        elif isinstance(event, Built) and (event.published or not heard_before):
            _say_built(plan, say, event)
        heard_before = True

    _follow(plan, ending.stop, tell)
    return 0


def index_supervised(plan: IndexPlan, *, watching: bool) -> None:
    """Build, and follow the folder where asked, reporting to the parent process, until the parent gives the word."""
    channel = report_channel()
    ending = Ending()
    ending.on_signals()
    ending.on_end_of_input()

    def tell(event: Event) -> None:
        try:
            send(channel, event)
        except BrokenPipeError:
            ending.begin()

    while not ending.stop.is_set():
        try:
            if watching:
                _follow(plan, ending.stop, tell)
            else:
                with plan.indexer(plan.settings) as indexer:
                    tell(Built.of(indexer.build()))
            return
        except WriterBusy as busy:
            tell(Busy(busy.pid))
            if not watching:
                return
            _wait_for_the_other(plan, ending.stop)


def _wait_for_the_other(plan: IndexPlan, stop: threading.Event) -> None:
    while not stop.wait(_BUSY_SECONDS):
        try:
            with plan.indexer(plan.settings):
                return
        except WriterBusy:
            continue


def _follow(plan: IndexPlan, stop: threading.Event, tell: Tell) -> None:
    """Build and follow the folder until ``stop``; a change of ``octavo.toml`` begins anew with the settings it gives."""
    settings = plan.settings
    requests = RefreshRequests(plan.refresh_file)
    while not stop.is_set():
        watched = _Watched(plan.content_dir, settings, stop, tell)
        with plan.indexer(settings) as indexer:
            watch(
                indexer,
                plan.clock,
                watched.over,
                watched.report,
                requests=requests,
                rescan_seconds=plan.rescan_seconds,
            )
        settings = watched.settings


class _Watched:
    """One stretch of following under one set of settings; ``over`` is set when it ends."""

    def __init__(self, content_dir: Path, settings: SiteSettings, stop: threading.Event, tell: Tell) -> None:
        self.settings = settings
        self.over = _Either(stop)
        self._content_dir = content_dir
        self._tell = tell
        self._complaint = ""

    def report(self, result: BuildReport | Exception) -> None:
        self._tell(Failed(str(result)) if isinstance(result, Exception) else Built.of(result))
        try:
            written = load_site_settings(self._content_dir)
        except SettingsError as error:
            if str(error) != self._complaint:
                self._complaint = str(error)
                self._tell(Failed(f"{error}; going on with the settings as they were"))
            return
        self._complaint = ""
        kept = {"drafts": self.settings.drafts, "now": self.settings.now}
        fresh = written.model_copy(update=kept)
        if fresh != self.settings:
            self.settings = fresh
            self.over.set()


class _Either(threading.Event):
    """Set when it is set itself or the other is."""

    def __init__(self, other: threading.Event) -> None:
        super().__init__()
        self._other = other

    def is_set(self) -> bool:
        return super().is_set() or self._other.is_set()


def _say_built(plan: IndexPlan, say: Say, built: Built) -> None:
    say(describe_build(built))
    for line in describe_problems(built.problems, f"octavo check {plan.shown}"):
        say(line)
