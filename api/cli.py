"""The ``octavo`` command. Results go to standard output, everything said about the work to standard error."""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from api.environment import (
    CONTENT_DIR_VARIABLE,
    INDEX_DIR_VARIABLE,
    default_index_dir,
    is_loopback,
    refuse_index_among_content,
    refuse_unknown_variables,
)
from search_index.clock import Clock, FixedClock, SystemClock
from search_index.settings import SITE_FILE, SettingsError, SiteSettings, load_site_settings

if TYPE_CHECKING:
    from search_index.engines.port import SearchEngine
    from search_index.generation import IndexFolder

OK = 0
NOT_RIGHT = 1
USAGE = 2
UNAVAILABLE = 69
FAILURE = 70
INPUT_OUTPUT = 74
BUSY = 75
INTERRUPTED = 130

SEARCH_SECONDS = 10.0
LONGEST_PREVIEW = timedelta(days=90)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

EXIT_CODES = """\b
Exit codes:
   0  done
   1  the content has errors, a build was refused because of it, or what was asked for is not there
   2  the command line, a setting or the content folder is wrong
  69  the port is taken, or nothing has been published yet
  70  an error in Octavo itself
  74  the index could not be read or written, or the reading processes do not start
  75  another process writes the index
 130  interrupted
"""
"""Source of the numbers above 2: BSD's sysexits(3), and the shell's 128 + SIGINT."""


class Refused(click.ClickException):
    """What a person can mend: a line or more, and the exit code of its class."""

    def show(self, file: Any = None) -> None:
        for line in self.message.splitlines():
            click.echo(f"octavo: {line}", file=file, err=True)


class NotRight(Refused):
    exit_code = NOT_RIGHT


class Misused(Refused):
    exit_code = USAGE


class Unavailable(Refused):
    exit_code = UNAVAILABLE


class IndexFailed(Refused):
    exit_code = INPUT_OUTPUT


class Busy(Refused):
    exit_code = BUSY


def say(line: str) -> None:
    """Tell the person at the terminal; that the terminal has gone away is no reason to end the work."""
    with suppress(OSError):
        click.echo(f"octavo: {line}", err=True)


content_argument = click.argument("content_dir", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
content_option = click.option(
    "--dir",
    "content_dir",
    metavar="DIR",
    default=".",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder that holds the posts.",
)
index_option = click.option(
    "--index-dir",
    metavar="DIR",
    envvar=INDEX_DIR_VARIABLE,
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the index lives, outside the content folder.  "
    f"[default: a folder in the user's cache; variable: {INDEX_DIR_VARIABLE}]",
)


class InOrder(click.Group):
    """Lists its commands in the order in which a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(self.commands)


class Duration(click.ParamType[timedelta]):
    """A length of time in one unit."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        written = re.fullmatch(r"([0-9]{1,6})([smhd])", str(value), re.ASCII)
        length = timedelta(**{_UNITS[written[2]]: int(written[1])}) if written else timedelta()
        if not timedelta() < length <= LONGEST_PREVIEW:
            self.fail(
                f"{value!r} is no length of time such as 30m, 1h or 7d, up to {LONGEST_PREVIEW.days}d", param, ctx
            )
        return length


@click.group(
    cls=InOrder,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
)
@click.version_option(package_name="octavo", prog_name="octavo", message="%(prog)s %(version)s")
def octavo() -> None:
    """Turn a folder of Markdown posts into a JSON content API with full-text search.

    `octavo serve .` in a folder of posts is all it takes. Settings: OCTAVO_* variables, or octavo.toml in the folder.
    """


@octavo.command()
@content_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that answer.")
@click.option("--watch/--no-watch", default=True, show_default=True, help="Follow changes, or build once and serve.")
@index_option
@click.option("--read-only", is_flag=True, help="Write nothing: serve what another process publishes.")
@click.option(
    "--force", is_flag=True, help="Show drafts or another moment (OCTAVO_DRAFTS, OCTAVO_NOW) on a public address."
)
def serve(
    content_dir: Path,
    host: str,
    port: int,
    workers: int,
    watch: bool,
    index_dir: Path | None,
    read_only: bool,
    force: bool,
) -> None:
    """Serve the posts in DIR (default: this folder) over HTTP, and follow changes."""
    from api.serving import CannotListen, Indexing, ServePlan
    from api.serving import serve as run
    from api.settings import load_service_settings

    with refusals():
        settings = site_settings(content_dir)
        refuse_public_preview(settings, host, force=force)
        index = index_folder(content_dir, index_dir)
        os.environ[INDEX_DIR_VARIABLE] = str(index)
        os.environ[CONTENT_DIR_VARIABLE] = str(content_dir.resolve())
        service = load_service_settings()
        if not read_only:
            refuse_unusable(content_dir)
        elif not content_dir.is_dir():
            raise Misused(f"{content_dir} is no folder: name the one that holds the posts")
        indexing = Indexing.NONE if read_only else Indexing.WATCH if watch else Indexing.ONCE
        plan = ServePlan(str(content_dir), content_dir, index, host, port, workers, indexing, bool(service.read_keys))
        try:
            code = run(plan, say)
        except CannotListen as error:
            raise Unavailable(str(error)) from error
    sys.exit(code)


@octavo.command()
@content_argument
@click.option("--watch", is_flag=True, help="Stay, and build again whenever the folder changes.")
@click.option(
    "--allow-shrink",
    is_flag=True,
    help="Accept a build that loses more than half of the posts. Where a writer is at work, that one publishes it.",
)
@index_option
@click.option("--supervised", is_flag=True, hidden=True)
def index(content_dir: Path, watch: bool, allow_shrink: bool, index_dir: Path | None, supervised: bool) -> None:
    """Bring the index of DIR (default: this folder) up to date.

    The exit code is 1 when files have errors, although everything else is published.
    """
    from api.indexing import IndexPlan, index_once, index_supervised, index_watching
    from api.settings import load_service_settings
    from search_index.generation import WriterBusy
    from search_index.indexer import allow_shrink as allow_the_writer_to_shrink

    with refusals():
        settings = site_settings(content_dir)
        folder = index_folder(content_dir, index_dir)
        service = load_service_settings(index_dir=folder)
        plan = IndexPlan(
            str(content_dir),
            content_dir,
            folder,
            settings,
            engine(),
            clock_of(settings),
            service.refresh_file,
            service.rescan_seconds,
        )
        if supervised:
            index_supervised(plan, watching=watch)
            return
        refuse_unusable(content_dir)
        run = index_watching if watch else index_once
        try:
            errors = run(plan, say, allow_shrink=allow_shrink)
        except WriterBusy as busy:
            if not allow_shrink:
                raise
            allow_the_writer_to_shrink(folder)
            say(f"the indexer that is running (pid {busy.pid}) publishes it")
            return
    sys.exit(NOT_RIGHT if errors else OK)


@octavo.command()
@content_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as GitHub workflow commands.",
)
def check(content_dir: Path, form: str) -> None:
    """Say what is wrong in the posts of DIR (default: this folder).

    Says too which posts are not public, and which files are no posts, and why. Writes nothing. As text, the first five
    problems that say the same are told, and how many more there are. The exit code is 1 when there is an error, and 0 when
    there are warnings only.
    """
    from api.reports import check_as_github, check_as_json, check_as_text
    from api.terminal import progress_on
    from search_index.checking import check_content
    from search_index.diagnostics import errors_in

    with refusals():
        settings = site_settings(content_dir)
        refuse_unusable(content_dir)
        report = check_content(content_dir, settings, progress_on(sys.stderr))
    write = {"text": check_as_text, "json": check_as_json, "github": check_as_github}[form]
    echo_all(write(report))
    sys.exit(NOT_RIGHT if errors_in(report.problems) else OK)


@octavo.command()
@click.argument("key", metavar="PATH|SLUG")
@click.option(
    "--dir",
    "content_dir",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder that holds the posts.  [default: the nearest above PATH with an octavo.toml or a generator's "
    "configuration, else this one]",
)
def why(key: str, content_dir: Path | None) -> None:
    """Say where each value of a post comes from, or why a file is not served.

    PATH is a file, or its path below the content folder; SLUG is a post's slug or id.
    """
    from api.reports import explanation_as_text
    from search_index.checking import explain

    with refusals():
        root, path = content_root_of(key, content_dir)
        settings = site_settings(root)
        refuse_unusable(root)
        explanation = explain(root, settings, path)
        if explanation is None:
            raise NotRight(f"{root} has neither a file nor a post {path!r}; octavo check {root} lists what is there")
    echo_all(explanation_as_text(explanation))


@octavo.command()
@click.argument("query")
@content_option
@index_option
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100), help="The most hits to print.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
def search(query: str, content_dir: Path, index_dir: Path | None, limit: int, form: str) -> None:
    """Search the posts as /v1/search does, in what is published now.

    No server is needed.
    """
    from api.reports import search_as_json, search_as_text
    from api.settings import load_service_settings
    from search_index.engines.port import Deadline
    from search_index.library import Library, NotReady
    from search_index.query import Page, SearchQuery

    with refusals():
        settings = site_settings(content_dir)
        folder = index_folder(content_dir, index_dir)
        numbers = load_service_settings(index_dir=folder).search
        library = Library(folder, engine(), clock_of(settings), numbers)
        try:
            library.refresh()
            with library.lease() as snapshot:
                found = snapshot.search(SearchQuery(query, page=Page(1, limit)), Deadline(SEARCH_SECONDS))
        except NotReady as error:
            raise Unavailable(f"{error}; octavo index {content_dir} publishes one") from error
        finally:
            library.close()
    if form == "json":
        echo_all(search_as_json(query, found))
    else:
        echo_all(search_as_text(found, mark=partial(click.style, bold=True)))


@octavo.command("preview-token")
@click.argument("slug", metavar="[SLUG]", required=False)
@click.option("--page", is_flag=True, help="SLUG is a page's id, or its path on the site.")
@click.option("--all", "everything", is_flag=True, help="For every post and page, instead of one.")
@click.option(
    "--expires",
    metavar="DURATION",
    default="1h",
    show_default=True,
    type=Duration(),
    help="How long it is good for: 30m, 1h, 7d; at most 90d.",
)
@click.option("--url", is_flag=True, help="Print the whole address, not the token alone.")
@content_option
def preview_token(
    slug: str | None, page: bool, everything: bool, expires: timedelta, url: bool, content_dir: Path
) -> None:
    """Make a token that shows a draft, a scheduled or an expired post, until it expires.

    SLUG is the post's slug or id, as it stands in /v1/posts/SLUG. The token is signed with OCTAVO_PREVIEW_SECRET, which the
    service has to have too.
    """
    from api.addresses import canonical_path
    from api.preview_tokens import PreviewGrant, sign
    from api.settings import load_service_settings
    from search_index.composing import page_api_url, post_api_url
    from search_index.model import Kind

    with refusals():
        key = canonical_path(slug or "")[1:]
        if bool(key) == everything or (everything and (page or url)):
            raise Misused("name one post or page by its slug, or give --all alone")
        if any("\ud800" <= character <= "\udfff" for character in key):
            raise Misused("SLUG is not UTF-8, so no post can have it")
        settings = site_settings(content_dir)
        secret = load_service_settings(index_dir=Path()).preview_secret
        if secret is None:
            raise Misused("OCTAVO_PREVIEW_SECRET is not set: give it, and the service, the same 32 characters or more")
        kind = None if everything else Kind.PAGE if page else Kind.POST
        expiry = ceil((clock_of(settings).now() + expires).timestamp())
        token = sign(secret.get_secret_value(), PreviewGrant(kind, key, expiry))
    if url:
        token = f"{page_api_url(key) if page else post_api_url(key)}?preview_token={token}"
    click.echo(token)
    say(f"good until {datetime.fromtimestamp(expiry, UTC):%Y-%m-%dT%H:%M:%SZ}")


@octavo.group()
def schema() -> None:
    """Give the front matter types."""


@schema.command()
@content_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="json",
    show_default=True,
    help="The schema itself, or a line a key.",
)
@click.option("--strict", is_flag=True, help="Leave out what looks like a mistake: octavo check then names it.")
@click.option("--write", is_flag=True, help="Write it as content.schema into DIR instead of printing it.")
@click.option("--force", is_flag=True, help="Write over a content.schema that is there.")
def infer(content_dir: Path, form: str, strict: bool, write: bool, force: bool) -> None:
    """Propose a JSON Schema for the front matter.

    It is made from all posts and pages of DIR (default: this folder), drafts and scheduled posts included, without private
    fields. What looks like a mistake is said on standard error.
    """
    from api.reports import as_json, printable
    from api.terminal import count, progress_on
    from search_index.content_schema import SCHEMA_FILE
    from search_index.content_schema.proposing import summary
    from search_index.durable import write_durably
    from search_index.surveying import survey

    with refusals():
        settings = site_settings(content_dir)
        refuse_unusable(content_dir)
        file = content_dir / SCHEMA_FILE
        if write and not force and os.path.lexists(file):
            raise NotRight(f"{file} is there already: look at it, and write over it with --force")
        found = survey(content_dir, settings, strict=strict, progress=progress_on(sys.stderr))
        proposed = as_json(found.proposal.schema)
        if write:
            write_durably(file, f"{proposed}\n".encode())
    for remark in found.proposal.remarks:
        say(printable(remark))
    for path in found.unread:
        say(printable(f"{path}: not read, octavo check says why"))
    say(f"{count(found.documents, 'document')} read{f', {file} written' if write else ''}")
    if form == "text":
        echo_all(printable(line) for line in summary(found.proposal.schema))
    elif not write:
        click.echo(proposed)


@octavo.group()
def generations() -> None:
    """List, activate or prune what has been published."""


@generations.command("list")
@content_argument
@index_option
def list_generations(content_dir: Path, index_dir: Path | None) -> None:
    """List the generations, newest first; * marks the one that is served."""
    from api.reports import generations_as_text
    from search_index.generation import IndexFolder

    with refusals():
        refuse_unknown_variables(os.environ)
        echo_all(generations_as_text(IndexFolder(index_folder(content_dir, index_dir)).generations()))


@generations.command()
@click.argument("generation", metavar="ID")
@content_argument
@index_option
def activate(generation: str, content_dir: Path, index_dir: Path | None) -> None:
    """Serve an older generation again, until the next `octavo index`.

    Of ID the first digits do; `octavo generations list` shows them. A writer may be at work meanwhile.
    """
    with refusals():
        refuse_unknown_variables(os.environ)
        folder = existing_index(content_dir, index_dir)
        published = folder.activate(one_generation(folder, generation))
    say(f"serving generation {published.id[:12]} again; octavo index {content_dir} ends that")


@generations.command()
@content_argument
@index_option
def prune(content_dir: Path, index_dir: Path | None) -> None:
    """Delete the generations that nobody needs any more, and print their ids."""
    with refusals():
        refuse_unknown_variables(os.environ)
        with existing_index(content_dir, index_dir).writer() as writer:
            removed = writer.prune()
    for generation in removed:
        click.echo(generation)
    say(f"{len(removed)} deleted")


@octavo.command()
@click.argument("content_dir", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--version",
    "openapi_version",
    type=click.Choice(["3.1", "3.0"]),
    default="3.1",
    show_default=True,
    help="Of OpenAPI; 3.0 is for tools that read no newer one.",
)
@click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file to write; else standard output."
)
def openapi(content_dir: Path | None, openapi_version: str, output: Path | None) -> None:
    """Print the OpenAPI document, which is the same for every site.

    With DIR it is that of the folder's own site: its content.schema gives the front matter its types.
    """
    from api.app import openapi_document
    from api.openapi30 import openapi30

    with refusals():
        written = openapi_document(content_schema_of(content_dir) if content_dir else None)
        if openapi_version == "3.0":
            written = openapi30(written)
        document = json.dumps(written, ensure_ascii=False, indent=2) + "\n"
        if output is None:
            click.echo(document, nl=False)
        else:
            output.write_text(document, encoding="utf-8")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the failures that a person can mend into one line and an exit code."""
    try:
        yield
    except click.ClickException:
        raise
    except Exception as error:
        refusal = refusal_for(error)
        if refusal is None:
            raise
        raise refusal(str(error)) from error


def refusal_for(error: Exception) -> type[Refused] | None:
    """What a failure is to the person at the terminal; None for one that nobody foresaw."""
    from search_index.engines.port import EngineError
    from search_index.generation import GenerationError, GenerationMissing, ShrinkRefused, WriterBusy
    from search_index.indexer import ContentFolderError

    refusals: tuple[tuple[type[Exception], type[Refused]], ...] = (
        (SettingsError, Misused),
        (ContentFolderError, Misused),
        (WriterBusy, Busy),
        (ShrinkRefused, NotRight),
        (GenerationMissing, NotRight),
        (GenerationError, IndexFailed),
        (EngineError, IndexFailed),
        (OSError, IndexFailed),
    )
    return next((refusal for kind, refusal in refusals if isinstance(error, kind)), None)


def site_settings(content_dir: Path) -> SiteSettings:
    """The site's settings, after a look at the variables for typing errors."""
    refuse_unknown_variables(os.environ)
    return load_site_settings(content_dir)


def content_schema_of(content_dir: Path) -> Mapping[str, Any] | None:
    """The schema of the folder's front matter, None where it has none."""
    from search_index.content_schema import read_content_schema
    from search_index.indexer import check_content_folder

    settings = site_settings(content_dir)
    check_content_folder(content_dir)
    read = read_content_schema(content_dir, settings.private_fields)
    if read.problems:
        raise NotRight("\n".join(problem.as_text() for problem in read.problems))
    return read.value


def index_folder(content_dir: Path, index_dir: Path | None) -> Path:
    if index_dir is None:
        return default_index_dir(content_dir, os.environ)
    refuse_index_among_content(index_dir, content_dir)
    return index_dir.resolve()


def existing_index(content_dir: Path, index_dir: Path | None) -> IndexFolder:
    from search_index.generation import IndexFolder

    folder = index_folder(content_dir, index_dir)
    if not folder.is_dir():
        raise NotRight(f"nothing has been published in {folder}")
    return IndexFolder(folder)


def one_generation(folder: IndexFolder, start: str) -> str:
    """The id that begins with ``start``."""
    found = [generation.id for generation in folder.generations() if generation.id.startswith(start)]
    if len(found) != 1:
        reason = "several generations begin with" if found else "there is no generation"
        raise NotRight(f"{reason} {start!r}; octavo generations list shows them")
    return found[0]


def refuse_unusable(content_dir: Path) -> None:
    """Raises ``ContentFolderError`` for a folder that cannot be listed or has no Markdown in it."""
    from search_index.indexer import ContentFolderError, check_content_folder
    from search_index.reading import choose_dialect, scan
    from search_index.settings import load_site_settings

    check_content_folder(content_dir)
    dialect = choose_dialect(content_dir, load_site_settings(content_dir))
    if not scan(content_dir, dialect).files:
        raise ContentFolderError(
            f"no Markdown in {content_dir}: name the folder that holds the posts (.md or .markdown files)"
        )


def refuse_public_preview(settings: SiteSettings, host: str, *, force: bool) -> None:
    """Drafts and a moved clock are for the author's own eyes."""
    shown = [name for name, on in (("OCTAVO_DRAFTS", settings.drafts), ("OCTAVO_NOW", settings.now)) if on]
    if shown and not force and not is_loopback(host):
        raise Misused(
            f"{' and '.join(shown)} would show unpublished posts to everyone who reaches {host}: "
            f"unset {'it' if len(shown) == 1 else 'them'}, serve on 127.0.0.1, or insist with --force"
        )


def content_root_of(key: str, content_dir: Path | None) -> tuple[Path, str]:
    """The content folder, and the key in it: a file's path below that folder, or the key as it is."""
    file = next((file for file in ((content_dir or Path()) / key, Path(key)) if file.is_file()), None)
    if file is None:
        return content_dir or Path(), key
    whole = file.parent.resolve() / file.name
    root = content_dir or nearest_site(whole)
    if not whole.is_relative_to(root.resolve()):
        raise Misused(f"{file} does not lie in {root}")
    return root, whole.relative_to(root.resolve()).as_posix()


def nearest_site(file: Path) -> Path:
    """The content folder of ``file``: the nearest above it with an ``octavo.toml`` or a generator's configuration, else
    this folder where the file lies below it, else the file's own."""
    from search_index.reading import is_configured

    marked = (folder for folder in file.parents if (folder / SITE_FILE).is_file() or is_configured(folder))
    configured = next(marked, None)
    return configured or (Path() if file.is_relative_to(Path().resolve()) else file.parent)


def clock_of(settings: SiteSettings) -> Clock:
    return FixedClock(settings.now) if settings.now else SystemClock()


def engine() -> SearchEngine:
    from search_index.engines.whoosh import WhooshEngine

    return WhooshEngine()


def echo_all(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def main() -> NoReturn:
    """Run the command line; what Octavo did not foresee is a traceback and exit code 70."""
    try:
        ended_with = octavo.main(prog_name="octavo", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        say("interrupted")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(NOT_RIGHT)
    except Exception:
        traceback.print_exc()
        sys.exit(FAILURE)
    sys.exit(ended_with if isinstance(ended_with, int) else OK)


if __name__ == "__main__":
    main()
