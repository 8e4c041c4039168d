"""Hexo: posts in ``source/_posts``, settings in ``_config.yml``.

Sources: "Configuration", "Permalinks", "Front-matter" and "Writing" of Hexo's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from search_index.diagnostics import ContentProblem
from search_index.model import PAGES, Kind
from search_index.patterns import PatternError, compile_glob
from search_index.public_files import PublicFiles, PublicFolder
from search_index.reading.conventions import as_text
from search_index.reading.errors import ContentError
from search_index.reading.frameworks import Facts, Framework, configuration_problem
from search_index.reading.front_matter import decode
from search_index.reading.plain_text import clean
from search_index.reading.source import read_file
from search_index.reading.yaml_values import parse_yaml
from search_index.settings import SiteSettings
from search_index.taxonomy import slugify

_CONFIGURATION = "_config.yml"
_SOURCE = "source/"
_POSTS = "source/_posts/"
_DRAFTS = "source/_drafts/"
_STATIC = "source"
_PERMALINK = ":year/:month/:day/:title/"
_PLACEHOLDER = re.compile(r":([a-z_]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hexo(Framework):
    """One Hexo site."""

    permalink: str = _PERMALINK
    default_category: str = "uncategorized"
    theme: str = ""
    exclude: tuple[str, ...] = ()

    @property
    def public_files(self) -> PublicFiles:
        """What lies in ``source/``, and in that of the theme, but for names that begin with ``_``, and ``exclude``."""
        own = tuple(PublicFolder(_STATIC, at, but=self.exclude) for at in ("", _STATIC))
        return PublicFiles((*own, PublicFolder(f"themes/{self.theme}/source")) if self.theme else own)

    def reads(self, path: str) -> bool:
        return path.startswith(_SOURCE) and super(Hexo, self).reads(path)

    def aside(self, path: str) -> str:
        below = path.removeprefix(_SOURCE).split("/")
        hidden = any(part.startswith("_") for part in below[(1 if below[0] in ("_posts", "_drafts") else 0) :])
        return "Hexo passes over files and folders whose name begins with _" if hidden else ""

    def about_folder(self, path: str, *, dated: bool) -> str:
        del path, dated
        return ""

    def kind(self, path: str) -> Kind:
        return Kind.POST if path.startswith((_POSTS, _DRAFTS)) else Kind.PAGE

    def collection(self, path: str) -> str:
        return "posts" if self.kind(path) is Kind.POST else PAGES

    def stem(self, path: str) -> str:
        name = PurePosixPath(path)
        return name.parent.name if name.stem == "index" else name.stem

    def slug(self, path: str) -> str:
        """A post's name with the folders below ``_posts``; a page's folder."""
        below = str(PurePosixPath(path).with_suffix(""))
        for folder in (_POSTS, _DRAFTS, _SOURCE):
            below = below.removeprefix(folder)
        return below.removesuffix("/index")

    def address(self, facts: Facts) -> tuple[str, str]:
        own = facts.values.get("permalink")
        if isinstance(own, str) and own.strip():
            return f"/{clean(own).lstrip('/')}", "'permalink' of the front matter"
        if self.kind(facts.path) is Kind.PAGE:
            path = str(PurePosixPath(facts.path.removeprefix(_SOURCE)).with_suffix(".html"))
            return f"/{path.removesuffix('index.html')}", "the folders below source/"
        return self._filled_in(facts), f"permalink {self.permalink!r} of {_CONFIGURATION}"

    def _filled_in(self, facts: Facts) -> str:
        moment = facts.moment
        values = {
            "title": facts.slug,
            "name": PurePosixPath(facts.slug).name,
            "post_title": slugify(facts.title),
            "category": facts.categories[0].path if facts.categories else self.default_category,
        }
        if moment is not None:
            values |= {
                "year": f"{moment.year:04}",
                "month": f"{moment.month:02}",
                "i_month": str(moment.month),
                "day": f"{moment.day:02}",
                "i_day": str(moment.day),
                "hour": f"{moment.hour:02}",
                "minute": f"{moment.minute:02}",
                "second": f"{moment.second:02}",
                "timestamp": str(int(moment.timestamp())),
            }
        unknown = [name for name in _PLACEHOLDER.findall(self.permalink) if name not in values]
        if unknown and moment is not None:
            message = f"the permalink {self.permalink!r} has ':{unknown[0]}', which is not worked out here"
            facts.report("", message, "write the permalink into the post")
        if unknown:
            return f"/{facts.slug}/"
        path = _PLACEHOLDER.sub(lambda match: values[match[1]], self.permalink)
        return "/" + path.lstrip("/")

    def categories(self, written: object) -> object:
        """A list is one path of categories; a list of lists are several."""
        if isinstance(written, list) and not any(isinstance(item, list) for item in written):
            return [written] if written else written
        return [[written]] if isinstance(written, str) else written

    def tags(self, written: object) -> object:
        return [written] if isinstance(written, str) else written


def hexo(root: Path, settings: SiteSettings) -> Hexo:
    """The site at ``root``. What cannot be read of its configuration becomes a problem, and Hexo's defaults hold."""
    reason = "source/_posts/ (Hexo)"
    problems: list[ContentProblem] = []
    raw, config = b"", {}
    if (root / _CONFIGURATION).is_file():
        reason = f"{_CONFIGURATION} and {reason}"
        try:
            raw = read_file(root, _CONFIGURATION, settings.limits)
            value = parse_yaml(decode(raw), settings.limits).value
            config = value if isinstance(value, dict) else {}
        except ContentError as error:
            problems.append(error.problem(_CONFIGURATION))
    if config.get("post_asset_folder") is True:
        problems.append(
            configuration_problem(
                _CONFIGURATION,
                "'post_asset_folder': files beside a post are found by links, not by Hexo's tags",
                "write ![](name.png) instead of {% asset_img name.png %}",
            )
        )
    exclude = _globs(config.get("exclude"), problems)
    return Hexo(
        root=root,
        reason=reason,
        fingerprint=sha256(raw).hexdigest(),
        problems=tuple(problems),
        says=_says(config),
        waits=config.get("future") is False,
        permalink=as_text(config.get("permalink")) or _PERMALINK,
        default_category=as_text(config.get("default_category")) or "uncategorized",
        theme=(as_text(config.get("theme")) or "").strip("/"),
        exclude=exclude,
    )


def _globs(written: object, problems: list[ContentProblem]) -> tuple[str, ...]:
    """The patterns of files below ``source/`` that can be read; the others are problems."""
    found = []
    for text in written if isinstance(written, list) else [written] if isinstance(written, str) else []:
        try:
            found.append(compile_glob(str(text)).text)
        except PatternError as error:
            message = f"exclude: {text!r} is not used: {error}"
            problems.append(configuration_problem(_CONFIGURATION, message, "write a simple pattern, such as files/**"))
    return tuple(found)


def _says(config: Mapping[str, object]) -> dict[str, str]:
    language = config.get("language")
    first = language[0] if isinstance(language, list) and language else language
    names = {"title": "title", "description": "description", "timezone": "timezone", "author": "author"}
    says = {name: clean(as_text(config.get(key)) or "") for name, key in names.items()}
    return says | {"lang": as_text(first) or "", "public_url": (as_text(config.get("url")) or "").rstrip("/")}
