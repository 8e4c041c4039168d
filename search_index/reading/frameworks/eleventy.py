"""Eleventy: any folder, with data for a folder's documents in JSON beside them.

Sources: "Template and Directory Specific Data Files", "Content Dates", "Permalinks", "fileSlug" and "Collections" of
Eleventy's documentation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from search_index.diagnostics import ContentProblem
from search_index.model import Kind
from search_index.public_files import PublicFiles
from search_index.reading.errors import ContentError
from search_index.reading.frameworks import ABOUT_A_FOLDER, Facts, Framework, configuration_problem
from search_index.reading.front_matter import decode
from search_index.reading.plain_text import clean
from search_index.reading.source import read_file, scan
from search_index.reading.yaml_values import parse_yaml
from search_index.settings import SiteSettings

_DATA = (".yaml", ".yml", ".json", ".11tydata.yaml", ".11tydata.yml", ".11tydata.json")
"""Endings of data files, the later one counting over the earlier one. YAML only where the configuration adds it."""
_YAML = frozenset({"yaml", "yml"})
_ADDED = re.compile(r"\baddDataExtension\(\s*[\"']([\w\s,.]+)[\"']", re.ASCII)
_PROGRAMS = (".11tydata.js", ".11tydata.cjs", ".11tydata.mjs")
_DATED = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)(?:-(?P<rest>.*))?", re.ASCII | re.DOTALL)
_INPUT = re.compile(r"""\binput["']?\s*:\s*["'](?:\./)?([\w./-]+?)/?["']""", re.ASCII)
_OUTPUT = re.compile(r"""\boutput["']?\s*:\s*["'](?:\./)?([\w./-]+?)/?["']""", re.ASCII)
_IGNORED = frozenset({"node_modules", "_site", ".git"})


@dataclass(frozen=True, slots=True)
class Eleventy(Framework):
    """One Eleventy site. ``data`` has the values of each data file, ``programs`` the paths of those not run, without ending."""

    data: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    programs: frozenset[str] = frozenset()
    input_folder: str = ""
    output_folder: str = ""

    @property
    def public_files(self) -> PublicFiles:
        """What is copied as it stands only the configuration's program knows; the site as it was built last is left out."""
        files = super(Eleventy, self).public_files
        return replace(files, withheld=(self.output_folder,)) if self.output_folder else files

    def aside(self, path: str) -> str:
        """The page of a folder is a post as another is; that of the whole site is none."""
        name = PurePosixPath(path)
        if name.stem.casefold() == "index":
            return "" if self._below_input(path).count("/") > 0 else ABOUT_A_FOLDER
        return super(Eleventy, self).aside(path)

    def excluded(self, values: Mapping[str, object]) -> str:
        return "eleventyExcludeFromCollections: true" if values.get("eleventyExcludeFromCollections") is True else ""

    def about_folder(self, path: str, *, dated: bool) -> str:
        del path, dated
        return ""

    def describes(self, path: str) -> bool:
        """A data file of the document's own, or of the folder that it lies in."""
        folders = path.split("/")[:-1]
        places = [str(PurePosixPath(path).with_suffix("")), *(["/".join((*folders, folders[-1]))] if folders else [])]
        return any(place in self.programs or any(place + ending in self.data for ending in _DATA) for place in places)

    def kind(self, path: str) -> Kind:
        del path
        return Kind.POST

    def below(self, path: str) -> Mapping[str, object]:
        """The data of the folders above, the nearer one counting, and of the file itself; tags of all are united."""
        folders = path.split("/")[:-1]
        places = ["/".join((*folders[:depth], folders[depth - 1])) for depth in range(1, len(folders) + 1)]
        merged: dict[str, object] = {}
        for place in (*places, str(PurePosixPath(path).with_suffix(""))):
            for ending in _DATA:
                found = self.data.get(place + ending, {})
                tags = [*_listed(merged.get("tags")), *_listed(found.get("tags"))]
                merged |= found
                if tags:
                    merged["tags"] = tags
        return merged

    def stem(self, path: str) -> str:
        name = PurePosixPath(path)
        return name.parent.name if name.stem == "index" and name.parent.name else name.stem

    def date_in(self, path: str) -> str:
        found = next((match for part in path.split("/") if (match := _DATED.match(part))), None)
        return found["date"] if found else ""

    def address(self, facts: Facts) -> tuple[str, str] | None:
        own = facts.values.get("permalink")
        if isinstance(own, str) and own.strip():
            if "{{" not in own and "{%" not in own:
                path = "/" + clean(own).lstrip("/")
                return path.removesuffix("index.html"), "'permalink' of the front matter or a data file"
            message = f"the permalink {own[:80]!r} is a template, which is not run here"
            facts.report("permalink", message, "write the path itself into the post")
        folders, _, name = self._below_input(facts.path).rpartition("/")
        stem = PurePosixPath(name).stem
        dated = _DATED.fullmatch(stem)
        last = (dated["rest"] if dated and dated["rest"] else stem) if stem != "index" else ""
        return "/" + "".join(
            f"{part}/" for part in (*folders.split("/"), last) if part
        ), "the folders and the file name"

    def is_on_site(self, values: Mapping[str, object]) -> bool:
        return values.get("permalink") is not False

    def tags(self, written: object) -> object:
        return [written] if isinstance(written, str) else written

    def _below_input(self, path: str) -> str:
        return path.removeprefix(f"{self.input_folder}/") if self.input_folder else path


def eleventy(root: Path, configuration: str, settings: SiteSettings) -> Eleventy:
    """The site at ``root``. A data file that is a program, or that cannot be read, is a problem."""
    problems: list[ContentProblem] = []
    data: dict[str, Mapping[str, object]] = {}
    programs: set[str] = set()
    written = _text(root, configuration, settings)
    added = {name.strip(" .") for listed in _ADDED.findall(written) for name in listed.split(",")} & _YAML
    hashed = sha256()
    for file in scan(root, _DataFiles(frozenset(added))).files:
        if file.path.endswith(_PROGRAMS):
            programs.add(file.path.partition(".11tydata.")[0])
            message = "a data file that is a program is not run; what it gives its folder's documents is missing"
            problems.append(configuration_problem(file.path, message, "write what is constant in it into a .json file"))
            continue
        try:
            raw = read_file(root, file.path, settings.limits)
            hashed.update(file.path.encode("utf-8", "surrogatepass") + b"\0" + raw)
            text = decode(raw)
            value = json.loads(text) if file.path.endswith(".json") else parse_yaml(text, settings.limits).value
        except ContentError as error:
            problems.append(error.problem(file.path))
        except (ValueError, RecursionError) as error:
            problems.append(configuration_problem(file.path, f"no JSON: {error}", "mend it; it is not used"))
        else:
            if isinstance(value, dict):
                data[file.path] = value
    input_folder = _folder(_INPUT, written)
    return Eleventy(
        root=root,
        reason=f"{configuration} (Eleventy)",
        fingerprint=hashed.hexdigest(),
        problems=tuple(problems),
        data=data,
        programs=frozenset(programs),
        input_folder=input_folder if (root / input_folder).is_dir() else "",
        output_folder=_folder(_OUTPUT, written),
    )


@dataclass(frozen=True, slots=True)
class _DataFiles:
    """The data files of folders and documents: named as the folder they lie in, or as a document beside them.

    ``added`` are the endings that the site reads beside JSON.
    """

    added: frozenset[str]

    def enters(self, folder: str) -> bool:
        return not _IGNORED.intersection(folder.split("/")) and not folder.rpartition("/")[2].startswith("_")

    def reads(self, path: str) -> bool:
        folders, _, name = path.rpartition("/")
        stem, _, ending = name.rpartition(".")
        if ending in self.added:
            return stem.endswith(".11tydata") or stem in (folders.rpartition("/")[2], "index")
        return name.endswith((*_PROGRAMS, ".11tydata.json")) or name == f"{folders.rpartition('/')[2]}.json"


def _text(root: Path, configuration: str, settings: SiteSettings) -> str:
    try:
        return decode(read_file(root, configuration, settings.limits))
    except ContentError:
        return ""


def _folder(key: re.Pattern[str], configuration: str) -> str:
    """The folder that the configuration names under a key, where that is written plainly."""
    found = key.search(configuration)
    return found[1] if found and ".." not in found[1].split("/") else ""


def _listed(tags: object) -> list[object]:
    return tags if isinstance(tags, list) else [] if tags is None else [tags]
