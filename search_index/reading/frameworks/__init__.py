"""What the framework that a plain folder is written for says of its documents, where that differs from a folder of none.

Of a framework that is a program (Eleventy, Astro) the folders and data files are read, never the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from search_index.diagnostics import ContentProblem, ProblemCode, Severity
from search_index.model import Kind, TermRef
from search_index.public_files import PublicFiles, PublicFolder
from search_index.reading.source import is_markdown
from search_index.settings import SiteSettings

MDX = ".mdx"
_AT_THE_ROOT = ("", "public", "static", "source")
"""Where hand-made folders and frameworks keep what is served from the site's root."""
_PASSED_OVER = (".", "#", "~")
ABOUT_A_FOLDER = "README and index files are about a folder, not posts of it"
_ASIDE = frozenset({"readme", "index", "_index"})


@dataclass(slots=True)
class Facts:
    """What is known of a document when its address is worked out. ``values`` are its public front matter.

    ``report`` takes what is wrong: key, message, hint.
    """

    path: str
    slug: str
    title: str
    values: Mapping[str, object]
    moment: datetime | None
    categories: tuple[TermRef, ...]
    report: Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Framework:
    """A folder that no framework made. ``reason`` says which sign was found; ``root`` is None where there are no files."""

    root: Path | None = None
    reason: str = "the folder is not a generator's that Octavo knows"
    fingerprint: str = ""
    problems: tuple[ContentProblem, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)

    waits: bool = True
    """Whether a date in the future keeps a post from the public until then."""

    def site(self, settings: SiteSettings) -> SiteSettings:
        return settings.completed(self.says)

    def reads(self, path: str) -> bool:
        return is_markdown(path) or path.lower().endswith(MDX)

    def aside(self, path: str) -> str:
        """Why the file is no document, by its path alone; "" where it may be one."""
        name = PurePosixPath(path)
        stem = _first_part(path)
        return ABOUT_A_FOLDER if stem in _ASIDE and (stem != "index" or not name.parent.name) else ""

    def about_folder(self, path: str, *, dated: bool) -> str:
        """Why an ``index`` file is no post; "" where it is one: ``hello/index.md`` with a date, its own or its folder's."""
        return ABOUT_A_FOLDER if _first_part(path) == "index" and not dated else ""

    def excluded(self, values: Mapping[str, object]) -> str:
        """Why the document is none, by its front matter; "" where it is one."""
        del values
        return ""

    def describes(self, path: str) -> bool:
        """Whether something beside the file says what it is, so that it needs no front matter to be a document."""
        del path
        return False

    def kind(self, path: str) -> Kind:
        del path
        return Kind.POST

    def collection(self, path: str) -> str:
        del path
        return "posts"

    def below(self, path: str) -> Mapping[str, object]:
        """Values that the document has unless its front matter has others; lists of tags are united."""
        del path
        return {}

    def stem(self, path: str) -> str:
        """What the document is named by: an ``index`` file by its folder."""
        name = PurePosixPath(path)
        return name.parent.name if _first_part(path) == "index" and name.parent.name else name.stem

    def date_in(self, path: str) -> str:
        """The date that a folder of the path names, as ``YYYY-MM-DD``; "" where only the file's own name counts."""
        del path
        return ""

    def slug(self, path: str) -> str:
        """The slug that the path gives; "" where the name is made one."""
        del path
        return ""

    def address(self, facts: Facts) -> tuple[str, str] | None:
        """The document's path on the site, and why it is that; None for ``/{slug}/``."""
        del facts
        return None

    def is_on_site(self, values: Mapping[str, object]) -> bool:
        """Whether the site has the document at an address of its own."""
        del values
        return True

    @property
    def public_files(self) -> PublicFiles:
        """Which files besides the documents are published, and where the site has them.

        A folder such as ``_attachments`` is as good as another, unless generators keep one of its name to themselves.
        """
        return PublicFiles(tuple(PublicFolder(folder, beginnings=_PASSED_OVER) for folder in _AT_THE_ROOT))

    def categories(self, written: object) -> object:
        """The front matter's categories as plain folders write them."""
        return written

    def tags(self, written: object) -> object:
        """The front matter's tags as plain folders write them."""
        return written


def _first_part(path: str) -> str:
    return PurePosixPath(path).name.split(".")[0].casefold()


def framework_of(root: Path, settings: SiteSettings) -> Framework:
    """The framework whose signs lie in ``root``. Its module is loaded only then."""
    if (root / "source" / "_posts").is_dir():
        from search_index.reading.frameworks.hexo import hexo

        return hexo(root, settings)
    configurations = sorted(file.name for file in root.glob("*.config.*") if file.is_file())
    if name := next((name for name in configurations if name.startswith("astro.config.")), ""):
        from search_index.reading.frameworks.astro import astro

        return astro(root, name)
    eleventy_files = [name for name in configurations if name.startswith("eleventy.config.")]
    eleventy_files += [".eleventy.js"] if (root / ".eleventy.js").is_file() else []
    if eleventy_files:
        from search_index.reading.frameworks.eleventy import eleventy

        return eleventy(root, eleventy_files[0], settings)
    return Framework(root)


def configuration_problem(file: str, message: str, hint: str) -> ContentProblem:
    """A warning about the framework's own files."""
    return ContentProblem(file, 0, 0, Severity.WARNING, ProblemCode.CONFIGURATION, message, hint)
