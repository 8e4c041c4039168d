"""What the generator itself says of a site: asked now, or read from an answer that it gave before.

It is asked through the scripts of ``../shared/tools/oracle``, which fix the clock and leave out themes, layouts and
plugins. They need Debian's ``jekyll`` and ``hugo``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from benchmarks.oracle.views import NOW, PostView

SCRIPTS = Path(__file__).resolve().parents[3] / "shared" / "tools" / "oracle"
_LONGEST_SECONDS = 1_800


class Generator(StrEnum):
    """A generator that can be asked."""

    JEKYLL = "jekyll"
    HUGO = "hugo"


class GeneratorMissing(Exception):
    """The generator cannot be asked on this machine; the text says what to install."""


class GeneratorFailed(Exception):
    """The generator gives no answer; the text is what it said."""


@dataclass(frozen=True, slots=True)
class GeneratorPost:
    """The generator's view of a post.

    ``unreadable`` says that it could not read the front matter, ``mixed_terms`` that a category or tag is no text (the
    view has it as text).
    """

    view: PostView
    unreadable: bool = False
    mixed_terms: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that a generator says. ``left_out`` has the files that look like posts and are none, and why.

    ``drafts`` says whether it was asked for drafts.
    """

    generator: Generator
    posts: Mapping[str, GeneratorPost]
    left_out: Mapping[str, str]
    drafts: bool = False


def generator_of(site: Path) -> Generator:
    """Whose site it is, by the configuration's name. Raises ``GeneratorFailed``."""
    if any((site / name).exists() for name in ("_config.yml", "_config.yaml", "_config.toml", "_posts")):
        return Generator.JEKYLL
    endings = ("toml", "yaml", "yml", "json")
    if (site / "config").is_dir() or any(
        (site / f"{stem}.{e}").is_file() for stem in ("hugo", "config") for e in endings
    ):
        return Generator.HUGO
    raise GeneratorFailed(f"{site}: neither Jekyll's nor Hugo's configuration is there")


def what_is_missing(generator: Generator) -> str:
    """Why the generator cannot be asked here, "" where it can."""
    script = SCRIPTS / f"{generator}_oracle.{'rb' if generator is Generator.JEKYLL else 'py'}"
    if not script.is_file():
        return f"{script} is not there"
    packages = "jekyll ruby-kramdown-parser-gfm" if generator is Generator.JEKYLL else "hugo"
    programs = ("ruby", "jekyll") if generator is Generator.JEKYLL else ("hugo",)
    absent = [program for program in programs if shutil.which(program) is None]
    return f"{' and '.join(absent)}: no such program (Debian: apt-get install {packages})" if absent else ""


def ask(site: Path, generator: Generator, *, drafts: bool) -> Answer:
    """Let the generator read the site. Raises ``GeneratorMissing`` and ``GeneratorFailed``."""
    if missing := what_is_missing(generator):
        raise GeneratorMissing(missing)
    with tempfile.TemporaryDirectory(prefix="octavo-oracle-") as folder:
        file = Path(folder) / "answer.json"
        jekyll = ["ruby", str(SCRIPTS / "jekyll_oracle.rb"), *(["--drafts"] if drafts else [])]
        script = jekyll if generator is Generator.JEKYLL else [sys.executable, str(SCRIPTS / "hugo_oracle.py")]
        command = [*script, "--now", NOW.isoformat().replace("+00:00", "Z"), str(site), str(file)]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        ran = subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=_LONGEST_SECONDS, check=False
        )
        if ran.returncode or not file.is_file():
            raise GeneratorFailed((ran.stderr or ran.stdout).strip()[-2_000:])
        return read_answer(file, drafts=drafts and generator is Generator.JEKYLL)


def read_answer(file: Path, *, drafts: bool) -> Answer:
    """An answer of the scripts, kept in a file. Raises ``GeneratorFailed`` where the generator refused the site."""
    written = json.loads(file.read_text(encoding="utf-8"))
    if refused := written.get("read_error") or _hugos_refusal(written):
        raise GeneratorFailed(refused)
    return _jekyll(written, drafts=drafts) if "posts" in written else _hugo(written)


def _hugos_refusal(written: Mapping[str, object]) -> str:
    """What Hugo said where it stopped before it wrote a page."""
    if "posts" in written or _rows(written, "pages") or _items(written.get("exit"))[:1] in ([], [0]):
        return ""
    return "\n".join(_texts(_items(written.get("log")))) or "Hugo stopped"


def _jekyll(written: Mapping[str, object], *, drafts: bool) -> Answer:
    config, source = written["config"], written["source"]
    folder = config.get("collections_dir") if isinstance(config, dict) else None
    above = "/".join(part for part in (source, folder) if isinstance(part, str) and part)
    source_only = source if isinstance(source, str) else ""
    posts = (_jekyll_post(post, above) for post in _rows(written, "posts"))
    left_out = {_join(source_only, str(row["path"])): str(row["why"]) for row in _rows(written, "skipped")}
    return Answer(Generator.JEKYLL, {post.view.path: post for post in posts}, left_out, drafts)


def _jekyll_post(post: Mapping[str, object], above: str) -> GeneratorPost:
    path = str(post["path"])
    categories, tags = _items(post["categories"]), _items(post["tags"])
    bodies = not post.get("plugin_tags") and not post.get("render_error")
    view = PostView(
        path=_join(above, path),
        title=_text(post["title"]),
        date=datetime.fromisoformat(str(post["date"])),
        slug=_text(post["slug"]),
        url=_text(post["url"]),
        categories=_texts(categories),
        tags=_texts(tags),
        draft="_drafts" in path.split("/"),
        previous=_joined(above, post["previous"]),
        next=_joined(above, post["next"]),
        excerpt=_text(post.get("excerpt")) if bodies else None,
        html=_text(post.get("html")) if bodies else None,
    )
    return GeneratorPost(
        view,
        unreadable=post["title"] is None and post["slug"] is None,
        mixed_terms=any(item is None or isinstance(item, (bool, list, dict)) for item in [*categories, *tags]),
    )


def _hugo(written: Mapping[str, object]) -> Answer:
    config = written["config"]
    keys = {key.lower(): value for key, value in config.items()} if isinstance(config, dict) else {}
    content = str(keys.get("contentdir", "content"))
    folders = _language_folders(keys.get("languages")) | _mounted_folders(keys.get("module"))
    site = str(written["site"])
    posts = {}
    for page in _rows(written, "pages"):
        if page["kind"] == "page":
            above = _join(site, folders.get(str(page["lang"]), content))
            post = _hugo_post(page, above)
            posts[post.view.path] = post
    left_out = {
        _join(site, folders.get(str(row["lang"]), content), str(row["path"])): ", ".join(_texts(_items(row["why"])))
        for row in _rows(written, "left_out")
    }
    return Answer(Generator.HUGO, posts, left_out)


def _language_folders(languages: object) -> dict[str, str]:
    """The content folder of each language that has its own."""
    folders = {}
    for code, settings in languages.items() if isinstance(languages, dict) else ():
        keys = {key.lower(): value for key, value in settings.items()} if isinstance(settings, dict) else {}
        if "contentdir" in keys:
            folders[str(code)] = str(keys["contentdir"])
    return folders


def _mounted_folders(module: object) -> dict[str, str]:
    """The folder that is mounted as the content of each language; the first of several."""
    mounts = module.get("mounts") if isinstance(module, dict) else None
    folders: dict[str, str] = {}
    for mount in mounts if isinstance(mounts, list) else ():
        if mount.get("target") == "content" and "lang" in mount:
            folders.setdefault(str(mount["lang"]), str(mount["source"]))
    return folders


def _hugo_post(page: Mapping[str, object], above: str) -> GeneratorPost:
    terms = page["terms"] if isinstance(page["terms"], dict) else {}
    date = datetime.fromisoformat(str(page["date"]))
    bodies = not page.get("stubbed_shortcodes")
    return GeneratorPost(
        PostView(
            path=_join(above, str(page["path"])),
            title=_text(page["title"]),
            date=date if date.year > 1 else None,
            slug=_text(page["slug"]) or None,
            url=_text(page["url"]),
            categories=tuple(str(term["title"]) for term in terms.get("categories", [])),
            tags=tuple(str(term["title"]) for term in terms.get("tags", [])),
            draft=page["draft"] is True,
            previous=_joined(above, page["previous"]),
            next=_joined(above, page["next"]),
            excerpt=_text(page["summary"]) if bodies else None,
            html=_text(page.get("html")) if bodies else None,
        )
    )


def _rows(written: Mapping[str, object], key: str) -> Iterable[Mapping[str, object]]:
    rows = written[key]
    return rows if isinstance(rows, list) else []


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _texts(items: list[object]) -> tuple[str, ...]:
    return tuple(_text(item) or "" for item in items)


def _text(value: object) -> str | None:
    """A scalar as its generator would print it; lists and maps as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (bool, list, dict)) else str(value)


def _joined(above: str, path: object) -> str | None:
    return _join(above, path) if isinstance(path, str) and path else None


def _join(*parts: str) -> str:
    return "/".join(part.strip("/") for part in parts if part.strip("/"))
