"""Links and images of a post's HTML, rewritten to what a frontend elsewhere can use.

A relative address means, in this order: a public file that lies where the document lies, another document there, or what a
browser makes of it on the post's page. Absolute addresses, fragments and other schemes stay as they are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import quote, unquote, urljoin, urlsplit

from search_index.public_files import joined
from search_index.reading.outcome import EVERYTHING
from search_index.reading.source import is_markdown
from search_index.reading.tokens import TAG, html_markup
from search_index.settings import LinkForm
from search_index.site_paths import site_path, without_base

Resolve = Callable[[str], str]

_ATTRIBUTES = frozenset({"href", "src", "poster", "srcset"})
_ATTRIBUTE = re.compile(
    r"(?P<before>(?<![^\s\"'/])(?P<name>[^\s=\"'/>]++)\s*+=\s*+)"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]++))"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ANYWHERE = "http://site.invalid"
_SAFE = "/%:@!$&'()*+,;=~-._"


class PostLinks:
    """Resolves the addresses in one post's HTML; ``uses`` are the documents that it asked about.

    ``path`` is the document's below the folder, ``address`` the post's path on the site. ``file_at`` gives the site's path of
    the file at a path below the folder, ``document_at`` that of the document there; both None where there is none.
    ``source`` is the folder, below the content folder, that is the site's own ("" for that itself).
    """

    def __init__(
        self,
        path: str,
        address: str,
        *,
        file_at: Callable[[str], str | None],
        document_at: Callable[[str], str | None],
        form: LinkForm,
        site_url: str,
        source: str = "",
    ) -> None:
        self._folder = path.rpartition("/")[0]
        self._address = address
        self._file_at = file_at
        self._document_at = document_at
        self._form = form
        self._site_url = site_url
        self._source = source
        self._uses: dict[str, None] = {}

    @property
    def uses(self) -> tuple[str, ...]:
        return tuple(self._uses)

    def __call__(self, url: str) -> str:
        """The address as it is given out."""
        clean = url.strip()
        relative = self._is_relative(clean)
        if self._form is LinkForm.UNTOUCHED or not (relative or (clean.startswith("/") and not clean.startswith("//"))):
            return url
        rooted = self._rooted(clean) if relative else clean
        return on_site(rooted, self._site_url) if self._form is LinkForm.SITE and self._site_url else rooted

    def cover(self, url: str) -> str:
        """The address of a cover. Themes take a relative one from the post or from the root: the file's place decides."""
        if not self._is_relative(url.strip()):
            return self(url)
        for path in (self.file_of(url), posixpath.normpath(unquote(url.strip()))):
            found = self._file_at(path)
            if found is not None:
                return self(quote(found, safe=_SAFE))
        return url

    def file_of(self, url: str) -> str:
        """The path, below the folder or on the site, of the file that ``url`` means."""
        path = unquote(url.strip().partition("#")[0].partition("?")[0])
        return path if path.startswith("/") else posixpath.normpath(posixpath.join(self._folder, path))

    @staticmethod
    def _is_relative(url: str) -> bool:
        return bool(url) and url[0] not in "#/" and not _SCHEME.match(url)

    def paths(self, url: str) -> tuple[str, ...]:
        """Where on the site the address leads, as ``site_path`` gives it, the likeliest first; () where it leads elsewhere.

        A relative one to a Markdown file that is no document leads to where that would lie below the content folder.
        Where the site lives in a folder of its host, a path from the root begins with it or, by mistake, does not.
        """
        clean = url.strip()
        if self._is_relative(clean):
            path = site_path(self._rooted(clean))
            unknown = is_markdown(path) and not self.leaves_folder(clean)
            return (site_path(f"/{quote(self.file_of(clean))}") if unknown else path,)
        try:
            parts = urlsplit(clean)
            path = site_path(urljoin(_ANYWHERE, f"/{parts.path.lstrip('/')}"))
        except ValueError:
            return ()
        if parts.netloc:
            within = without_base(path, self._site_url)
            base = urlsplit(self._site_url).path.rstrip("/")
            ours = parts.scheme in ("", "http", "https") and _host(parts.netloc) == _host(
                urlsplit(self._site_url).netloc
            )
            return (within,) if ours and (not base or within != path) else ()
        if not clean.startswith("/"):
            return ()
        found = self._document_meant(joined(self._source, path[1:]))
        return (site_path(found),) if found else tuple(dict.fromkeys((without_base(path, self._site_url), path)))

    def is_in_own_folder(self, url: str) -> bool:
        """Whether the address is in the folder of its host that the site has for itself; False where it has none."""
        clean = url.strip()
        path = site_path(clean)
        base = urlsplit(self._site_url).path.rstrip("/")
        return bool(base) and (self._is_relative(clean) or without_base(path, self._site_url) != path)

    def names_file(self, url: str, *, rooted: bool) -> bool:
        """Whether the address is that of a Markdown file, seen from the document or, where ``rooted``, from the root too."""
        clean = url.strip()
        begins = self._is_relative(clean) or (rooted and clean.startswith("/") and not clean.startswith("//"))
        return begins and is_markdown(self.file_of(clean))

    def leaves_folder(self, url: str) -> bool:
        """Whether the address is relative and, seen from the file, leads out of the content folder."""
        return self._is_relative(url.strip()) and self.file_of(url).startswith("../")

    def _document_meant(self, path: str) -> str | None:
        """The path on the site of the document in the Markdown file at ``path`` below the folder."""
        if not is_markdown(path):
            return None
        found = self._document_at(path)
        self._uses[path if found is not None else EVERYTHING] = None
        return found

    def _rooted(self, url: str) -> str:
        try:
            parts = urlsplit(url)
        except ValueError:
            return url
        rest = url[len(parts.path) :]
        beside = posixpath.normpath(posixpath.join(self._folder, unquote(parts.path)))
        if parts.path and not beside.startswith("../"):
            found = self._file_at(beside)
            if found is None:
                found = self._document_at(beside)
                if found is not None or is_markdown(beside):
                    self._uses[beside if found is not None else EVERYTHING] = None
            if found is not None:
                return quote(found, safe=_SAFE) + rest
        return urljoin(f"{_ANYWHERE}{self._address}", url).removeprefix(_ANYWHERE)


def on_site(rooted: str, site_url: str) -> str:
    """``rooted`` (a path from the root) on the site's host; the site's own folder there is not given twice."""
    parts = urlsplit(site_url)
    base = parts.path.rstrip("/")
    inside = not base or rooted == base or rooted.startswith(f"{base}/")
    return f"{parts.scheme}://{parts.netloc}{rooted if inside else base + rooted}"


def _host(netloc: str) -> str:
    return netloc.lower().removeprefix("www.")


def relinked(html: str, resolve: Resolve) -> str:
    """``html`` with each address in ``href``, ``src``, ``poster`` and ``srcset`` put through ``resolve``."""
    parts: list[str] = []
    at = 0
    for token in html_markup(html):
        if token.lastgroup != TAG or token["end"] or "=" not in token["attributes"]:
            continue
        written = token["attributes"]
        changed = _ATTRIBUTE.sub(lambda match: _resolved(match, resolve), written)
        if changed != written:
            parts += (html[at : token.start("attributes")], changed)
            at = token.end("attributes")
    return "".join((*parts, html[at:])) if parts else html


def _resolved(match: re.Match[str], resolve: Resolve) -> str:
    name = match["name"].lower()
    if name not in _ATTRIBUTES:
        return match[0]
    value = next(value for value in match.group("double", "single", "bare") if value is not None)
    address = unescape(value)
    given = _candidates(address, resolve) if name == "srcset" else resolve(address)
    return match[0] if given == address else f'{match["before"]}"{escape(given)}"'


def _candidates(written: str, resolve: Resolve) -> str:
    """The images of a ``srcset``: an address and a width or density each.

    A comma ends a candidate behind the address's blank, or as the last character of the address.
    Source: HTML standard, "parsing a srcset attribute".
    """
    candidates: list[list[str]] = []
    is_address = True
    for word in written.split():
        rest = word
        while rest:
            if is_address and (url := rest.lstrip(",")):
                candidates.append([url.rstrip(",")])
                is_address = url.endswith(",")
            elif not is_address:
                descriptor, comma, rest = rest.partition(",")
                candidates[-1].append(descriptor)
                is_address = bool(comma)
                continue
            break
    resolved = [(resolve(url), *descriptors) for url, *descriptors in candidates]
    if [given for given, *_ in resolved] == [url for url, *_ in candidates]:
        return written
    return ", ".join(" ".join(filter(None, candidate)) for candidate in resolved)
