"""A site's configuration: which files it is in, and what they come to for each language.

Source: ``config/configLoader.go``, ``hugolib/config.go``, ``langs/config.go`` and ``modules/config.go`` of Hugo 0.111.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.patterns import Pattern, PatternError, compile_glob
from search_index.reading.errors import ContentError
from search_index.reading.front_matter import Format, SplitFile, decode, parse
from search_index.reading.hugo.paths import clean
from search_index.reading.hugo.values import lowered, merged, resolve_yaml, to_bool, to_int, to_map, to_text, to_texts
from search_index.reading.source import FoundFile, read_stable
from search_index.settings import Limits

_STEMS = ("hugo", "config")
_FORMATS = {".toml": Format.TOML, ".yaml": Format.YAML, ".yml": Format.YAML, ".json": Format.JSON}
_FOLDERS = ("config/_default", "config/production")
_TIMES_FRONT_MATTER = 16
"""A configuration may be so many times as large as a front matter."""
_MOST_FILES = 200
_LONGEST_NAME = 255
_LONGEST_PATH = 1000
_GLOBAL_KEYS = frozenset({"defaultcontentlanguageinsubdir", "defaultcontentlanguage"})


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder: ``source`` relative to the root, mounted at ``target`` ("" for the component's top) in language ``lang``.

    Globs name the files in it that are mounted: those of ``includes``; where there are none, all but those of ``excludes``.
    """

    source: str
    target: str
    lang: str
    includes: tuple[Pattern, ...] = ()
    excludes: tuple[Pattern, ...] = ()

    def takes(self, path: str) -> bool:
        """Whether the file at ``path``, below ``source``, is mounted. Source: ``hugofs/glob/filename_filter.go``."""
        names = (path.lower(), f"/{path.lower()}")

        def named(patterns: tuple[Pattern, ...]) -> bool:
            return any(pattern.matches(name) for pattern in patterns for name in names)

        return named(self.includes) if self.includes else not named(self.excludes)


@dataclass(frozen=True, slots=True)
class Language:
    """``values`` are the site's with this language's own over them, keys in lower case."""

    code: str
    weight: int
    disabled: bool
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Configuration:
    """What all files of the configuration say together.

    ``files`` are those that were read, ``lines`` the file, line and column of keys at their top level. ``sha256`` covers
    their bytes. A file that cannot be read is one of ``problems``, and counts as empty.
    """

    values: Mapping[str, object]
    files: tuple[str, ...]
    lines: Mapping[str, tuple[str, int, int]]
    sha256: str
    problems: tuple[ContentProblem, ...]

    @property
    def default_language(self) -> str:
        return (to_text(self.values.get("defaultcontentlanguage")) or "en").lower()

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages by weight (none is last), then code; one, the default, where none is configured."""
        written = to_map(self.values.get("languages"))
        off = {code.lower() for code in to_texts(self.values.get("disablelanguages"))}
        found = [self._language(code, to_map(values), off) for code, values in written.items()]
        if self.default_language not in written:
            found.append(Language(self.default_language, 0, False, self.values))
        return tuple(sorted(found, key=lambda language: (not language.weight, language.weight, language.code)))

    def _language(self, code: str, values: Mapping[str, object], off: set[str]) -> Language:
        own = {key: value for key, value in values.items() if key not in _GLOBAL_KEYS}
        disabled = (code in off or to_bool(values.get("disabled")) is True) and code != self.default_language
        return Language(code, to_int(values.get("weight")), disabled, {**self.values, **own})

    @property
    def is_multihost(self) -> bool:
        """Whether each language has its own ``baseURL``, and no part in the path for it."""
        languages = to_map(self.values.get("languages"))
        return len(languages) > 1 and any("baseurl" in to_map(values) for values in languages.values())

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """Where content lies: mounts of modules, else a folder a language, else ``contentDir``."""
        return self._module_mounts("content") or self._language_mounts()

    @property
    def static_mounts(self) -> tuple[Mount, ...]:
        """What is copied as it stands: of mounts, else of ``staticDir`` and its kin, else of ``static``; then of themes.

        Source: ``getStaticDirs`` and ``ApplyProjectConfigDefaults`` in ``modules/``.
        """
        spoken_of = (self.values, *(language.values for language in self.languages))
        keys = ("staticdir", *(f"staticdir{number}" for number in range(11)))
        named = [clean(folder) for values in spoken_of for key in keys for folder in to_texts(values.get(key))]
        mounted = self._module_mounts("static")
        own = [] if mounted else [Mount(folder, "", "") for folder in named or ("static",)]
        themes = clean(to_text(self.values.get("themesdir")) or "themes")
        of_themes = [Mount(f"{themes}/{clean(name)}/static", "", "") for name in self._themes()]
        found = (*mounted, *own, *of_themes)
        return tuple(mount for mount in found if _is_inside(mount.source))

    @property
    def asset_folders(self) -> tuple[str, ...]:
        """What templates take images from, for covers for instance."""
        mounted = tuple(mount.source for mount in self._module_mounts("assets"))
        named = clean(to_text(self.values.get("assetdir")) or "assets")
        return mounted or ((named,) if _is_inside(named) else ())

    def _themes(self) -> tuple[str, ...]:
        imports = to_map(self.values.get("module")).get("imports")
        paths = (to_text(to_map(one).get("path")) for one in (imports if isinstance(imports, list) else []))
        return (*to_texts(self.values.get("theme")), *(path for path in paths if path))

    def _module_mounts(self, component: str) -> tuple[Mount, ...]:
        module = to_map(self.values.get("module"))
        found = []
        written = module.get("mounts")
        for mount in map(to_map, written if isinstance(written, list) else []):
            source, target = (clean(to_text(mount.get(key)) or "") for key in ("source", "target"))
            lang = (to_text(mount.get("lang")) or self.default_language).lower()
            if target.split("/")[0] == component and _is_inside(source):
                globs = (tuple(_globs(mount.get(key))) for key in ("includefiles", "excludefiles"))
                found.append(Mount(source, target.removeprefix(component).strip("/"), lang, *globs))
        return tuple(found)

    def _language_mounts(self) -> tuple[Mount, ...]:
        found: dict[str, Mount] = {}
        ordered = sorted(self.languages, key=lambda language: language.code != self.default_language)
        for language in ordered:
            source = clean(to_text(language.values.get("contentdir")) or "content")
            if _is_inside(source):
                found.setdefault(source, Mount(source, "", language.code))
        return tuple(found.values()) or (Mount("content", "", self.default_language),)

    def problem(self, key: str, message: str, hint: str, severity: Severity = Severity.WARNING) -> ContentProblem:
        """A problem of what stands under the key ``key`` at the top level."""
        file, line, column = self.lines.get(key, (self.files[0] if self.files else "", 0, 0))
        return ContentProblem(file, line, column, severity, ProblemCode.CONFIGURATION, message, hint)


def _globs(written: object) -> Iterator[Pattern]:
    """What is no glob names nothing."""
    for text in to_texts(written):
        with suppress(PatternError):
            yield compile_glob(text)


def _is_inside(source: str) -> bool:
    """Whether this can be a folder below the root, by its name."""
    written = source.encode("utf-8", "replace")
    fits = len(written) <= _LONGEST_PATH and all(len(part) <= _LONGEST_NAME for part in written.split(b"/"))
    return fits and not source.startswith(("/", "..")) and source not in ("", ".")


def configuration_files(root: Path) -> tuple[str, ...]:
    """The configuration files in the order in which they are read, relative to ``root``; a later one counts over earlier ones.

    One of ``hugo.toml``, ``.yaml``, ``.yml``, ``.json`` and ``config.*`` at the top, the first that is there, then all of
    ``config/_default`` and of ``config/production``.
    """
    names = (f"{stem}{suffix}" for stem in _STEMS for suffix in _FORMATS)
    top = [name for name in names if (root / name).is_file()][:1]
    return (*top, *(path for folder in _FOLDERS for path in sorted(_below(root, folder))))[:_MOST_FILES]


def _below(root: Path, folder: str) -> Iterator[str]:
    for at, folders, names in os.walk(root / folder):
        folders[:] = sorted(name for name in folders if not (Path(at) / name).is_symlink())
        for name in names:
            if Path(name).suffix.lower() in _FORMATS:
                yield (Path(at) / name).relative_to(root).as_posix()


def read_configuration(root: Path, limits: Limits) -> Configuration:
    """Read and merge the site's configuration. Never raises for what the files hold."""
    values: dict[str, object] = {}
    lines: dict[str, tuple[str, int, int]] = {}
    problems: list[ContentProblem] = []
    digest = sha256()
    files = configuration_files(root)
    for file in files:
        try:
            raw = read_configuration_file(root, file, limits)
            digest.update(f"{file}\0{len(raw)}\0".encode() + raw)
            read = _parsed(file, raw, limits)
        except (ContentError, RecursionError) as error:
            problems.append(_unread(file, error))
            continue
        problems.extend(read.problems)
        path = _key_path(file)
        lines.update({key.lower(): (file, *place) for key, place in read.lines.items() if not path})
        values = merged(values, _nested(path, read.values))
        if path:
            lines.setdefault(path[0], (file, 0, 0))
    return Configuration(values, files, lines, digest.hexdigest(), tuple(problems))


@dataclass(frozen=True, slots=True)
class _ReadFile:
    values: Mapping[str, object]
    lines: Mapping[str, tuple[int, int]]
    problems: tuple[ContentProblem, ...]


def read_configuration_file(root: Path, file: str, limits: Limits) -> bytes:
    """The bytes of a configuration file inside of ``root``. Raises ``ContentError``."""
    most = limits.front_matter_bytes * _TIMES_FRONT_MATTER
    try:
        return read_stable(root, FoundFile(file, 0, (0, 0, 0, 0)), limits.model_copy(update={"file_bytes": most}))
    except ContentError as error:
        if error.code is not ProblemCode.FILE_TOO_LARGE:
            raise
        message = f"more than {most} bytes ({_TIMES_FRONT_MATTER} times limits.front_matter_bytes) of configuration"
        raise ContentError(error.code, message, "split it, or raise OCTAVO_LIMITS__FRONT_MATTER_BYTES") from error


def _parsed(file: str, raw: bytes, limits: Limits) -> _ReadFile:
    most = {
        name: getattr(limits, name) * _TIMES_FRONT_MATTER
        for name in ("front_matter_bytes", "front_matter_events", "front_matter_nodes")
    }
    text = decode(raw)
    split_file = SplitFile(_FORMATS[Path(file).suffix.lower()], text, 1, "", 1)
    if not text.strip():
        return _ReadFile({}, {}, ())
    read = parse(file, split_file, limits.model_copy(update=most), resolve_yaml)
    problems = tuple(replace(problem, code=ProblemCode.CONFIGURATION) for problem in read.problems)
    values = to_map(lowered(dict(read.values)))
    return _ReadFile(values, read.lines, problems)


def _unread(file: str, error: ContentError | RecursionError) -> ContentProblem:
    if isinstance(error, ContentError):
        line, column, message, hint = error.line, error.column, error.message, error.hint
    else:
        line, column, message, hint = 0, 0, "values nested too deeply", "nest them less"
    told = f"the configuration is read without this file: {message}"
    return ContentProblem(file, line, column, Severity.ERROR, ProblemCode.CONFIGURATION, told, hint)


def _key_path(file: str) -> tuple[str, ...]:
    """Where the values of a file go: ``params.toml`` below ``params``, ``params.fr.toml`` below that of a language."""
    stem = Path(file).stem.lower()
    if stem in _STEMS:
        return ()
    name, _, lang = stem.partition(".")
    if not lang:
        return (name,)
    return ("languages", lang, name) if name in ("params", "menu", "menus") else ("languages", lang)


def _nested(path: tuple[str, ...], values: Mapping[str, object]) -> Mapping[str, object]:
    for key in reversed(path):
        values = {key: dict(values)}
    return values
