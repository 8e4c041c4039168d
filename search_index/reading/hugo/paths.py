"""From names to addresses: what Hugo makes of file names, titles and ``url``, letter by letter.

Source: ``helpers/path.go``, ``helpers/url.go`` and ``resources/page/page_paths.go`` of Hugo 0.111.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes

_MARKS = frozenset("./\\_#+~-@")
_HEX = frozenset("0123456789abcdefABCDEF")
_SPACES = frozenset("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {
    chr(code) for code in range(0x2000, 0x200B)
}
_PATH_SAFE = "$&+,/:;=@"
_RAW_SAFE = frozenset("!$&'()*+,;=:@[]%/-_.~")
_INDEX = "index"


@dataclass(frozen=True, slots=True)
class PathRules:
    """How a site writes its paths. ``base`` is the path part of its ``baseURL`` without a slash at the end ("" for none)."""

    base: str = ""
    lower: bool = True
    remove_accents: bool = False

    def sanitised(self, text: str) -> str:
        """``text`` as part of a path: blanks become single hyphens, other marks go, letters of all scripts stay."""
        clean = sanitise(_without_accents(text) if self.remove_accents else text)
        return lower(clean) if self.lower else clean

    def urlized(self, text: str) -> str:
        """``sanitised``, percent-encoded."""
        return escape(self.sanitised(text))

    def on_site(self, link: str) -> str:
        """A path within the site as it stands below ``baseURL``, percent-encoded."""
        return below(self.base, escape(link))


def below(base: str, link: str) -> str:
    """``link`` under the path ``base``, its slash at the end kept."""
    return join(base, link) if base else link


def lower(text: str) -> str:
    """Lower case letter by letter, as Go has it: no final sigma, and no letter becomes two."""
    return text.lower() if text.isascii() else "".join(char.lower()[0] for char in text)


def sanitise(text: str) -> str:
    """Letters, digits, marks of scripts and ``. / \\ _ # + ~ - @`` stay, also ``%`` before two hexadecimal digits."""
    target: list[str] = []
    pending = hyphen = False
    for position, char in enumerate(text):
        if _is_allowed(char) or (
            char == "%" and len(text) > position + 2 and text[position + 1] in _HEX and text[position + 2] in _HEX
        ):
            hyphen = char == "-"
            if pending and not hyphen:
                target.append("-")
            pending = False
            target.append(char)
        elif target and not hyphen and char in _SPACES:
            pending = True
    return "".join(target)


def _is_allowed(char: str) -> bool:
    category = unicodedata.category(char)
    return char in _MARKS or category[0] in "LM" or category == "Nd"


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in apart if unicodedata.category(char) != "Mn"))


def escape(link: str) -> str:
    """``link`` percent-encoded as Go's ``net/url`` does when it parses and prints it: ``?`` and ``#`` keep their meaning.

    A ``#`` with nothing behind it goes.
    """
    before, _, fragment = link.partition("#")
    path, question, query = before.partition("?")
    return (
        _escaped(path, "") + question + _without_gaps(query) + ("#" + _escaped(fragment, "?!()*") if fragment else "")
    )


def _escaped(part: str, also_safe: str) -> str:
    """A part that is encoded already, or needs no encoding, stays as it is written."""
    safe = _RAW_SAFE.union(also_safe)
    has_only_escapes = all(len(rest) > 1 and rest[0] in _HEX and rest[1] in _HEX for rest in part.split("%")[1:])
    if has_only_escapes and all(char in safe or (char.isascii() and char.isalnum()) for char in part):
        return part
    plain = unquote_to_bytes(part) if has_only_escapes else part.encode("utf-8", "surrogatepass")
    return quote_from_bytes(plain, _PATH_SAFE + also_safe)


def _without_gaps(query: str) -> str:
    """A query as it is written, but for what ends an address: blanks, control characters and quotation marks."""
    return "".join(quote(char) if char in '"<>' or char <= " " or char == "\x7f" else char for char in query)


def join(*parts: str) -> str:
    """The parts with one slash between them, ``.`` and ``..`` resolved; a slash at the very end stays."""
    joined = clean("/".join(part for part in parts if part))
    return joined + "/" if parts[-1].endswith("/") and not joined.endswith("/") else joined


def clean(path: str) -> str:
    """The shortest path of the same meaning, as Go's ``path.Clean``; nothing above the root."""
    rooted = path.startswith("/")
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if kept and kept[-1] != "..":
                kept.pop()
            elif not rooted:
                kept.append(part)
        elif part not in ("", "."):
            kept.append(part)
    return "/" + "/".join(kept) if rooted else "/".join(kept) or ("." if path else "")


@dataclass(frozen=True, slots=True)
class Target:
    """What decides a page's address.

    ``folder`` and ``name`` are where its file lies (a bundle's name is its folder's), ``slug`` replaces ``name``;
    ``permalink`` is the expanded pattern of its section, ``url`` the front matter's. ``prefix`` is its language's part.
    """

    folder: str
    name: str
    slug: str = ""
    url: str = ""
    permalink: str = ""
    prefix: str = ""
    ugly: bool = False
    own_host: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """``link`` is the path below ``baseURL``, not encoded; relative aliases are relative to ``folder``'s parent."""

    link: str
    folder: str


def page_address(target: Target, rules: PathRules) -> Address:
    """The address of a regular page."""
    if target.url:
        return _written_address(target)
    name = target.slug or target.name
    ugly = target.ugly or (not target.permalink and name == _INDEX)
    page = join("/", target.permalink) if target.permalink else join("/", target.folder, name)
    link = page.removesuffix(_INDEX) if name == _INDEX else page
    folder, link = link, link + "/"
    file = page.strip("/") + ".html"
    if ugly and not file.endswith("/index.html"):
        link = file
    if target.prefix:
        link, folder = join(target.prefix, link), join(target.prefix, folder)
    return Address(_one_slash(rules.sanitised(_rooted(link))), _one_slash(rules.sanitised(clean("/" + folder))))


def section_address(sections: tuple[str, ...], prefix: str, rules: PathRules, *, ugly: bool) -> str:
    """The address of a section or a term page."""
    page = join("/", *sections)
    link = page.strip("/") + ".html" if ugly and sections else page + "/"
    return _one_slash(rules.sanitised(_rooted(join(prefix, link) if prefix else link)))


def _written_address(target: Target) -> Address:
    """``url`` as it is written; one without a slash in front is below the language's part."""
    page = join("/", target.url)
    link = folder = page
    has_dot, has_slash = "." in target.url, target.url.endswith("/")
    if has_slash or not has_dot:
        page = join(page, "index.html")
    else:
        folder = page.rpartition("/")[0] or "/"
    if not page.endswith("/index.html"):
        link = page
    elif not has_slash:
        link += "/"
    prefixed = target.own_host or not target.url.startswith("/")
    if prefixed and target.prefix and not target.url.startswith(f"/{target.prefix}"):
        link, folder = join(target.prefix, link), join(target.prefix, folder)
    return Address(_rooted(link), clean("/" + folder))


def _rooted(link: str) -> str:
    inner = link.strip("/")
    return "/" + inner + ("/" if link.endswith("/") and inner else "")


def _one_slash(path: str) -> str:
    """A name of which nothing is left must not make an address of another host."""
    return "/" + path.lstrip("/")
