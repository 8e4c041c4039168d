"""Bare addresses in text: web addresses, ``www.`` names, e-mail addresses.

Source: goldmark 1.5, ``extension/linkify.go``; GFM 0.29, section 6.9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HOST = r"[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-z]+"
_TAIL = r"-a-zA-Z0-9@:%_+.~#!?&/=();,'\">^{}\[\]`"
_URL = re.compile(rf"(?:https?|ftp)://{_HOST}(?::\d+)?(?:[/#?][{_TAIL}$]*+)?", re.ASCII)
_WWW = re.compile(rf"www\.{_HOST}(?:[/#?][{_TAIL}]*+)?", re.ASCII)
_LOCAL = r"[a-zA-Z0-9][a-zA-Z0-9.#$%&'*+/=?^_`{|}~:!-]{0,254}+@"
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}({_LABEL}(?:\.{_LABEL})*+)")
_CANDIDATE = re.compile(rf"(?<=[ (~])(?:https?:|ftp:|www\.|{_LOCAL})")
_ENTITY_END = re.compile(r"&[a-zA-Z0-9]+;\Z")
_STARTS = ("http:", "https:", "ftp:", "www.")
_TRAILING = "?!.,:*_~"


@dataclass(frozen=True, slots=True)
class BareLink:
    """An address as it is written, and where it leads."""

    text: str
    href: str


def candidates(source: str) -> list[int]:
    """Where, behind a blank or a bracket, an address may begin; in order."""
    if "://" not in source and "www." not in source and "@" not in source:
        return []
    return [match.start() for match in _CANDIDATE.finditer(source)]


def bare_link(source: str, at: int, protocol: str) -> BareLink | None:
    """The address that begins at ``at``."""
    if source.startswith(_STARTS, at):
        match = _URL.match(source, at) or _WWW.match(source, at)
        if match:
            text = _trimmed(match[0])
            return BareLink(text, text if match.re is _URL else f"{protocol}://{text}")
    match = _EMAIL.match(source, at)
    if not match or "." not in match[1][:-1]:
        return None
    text = match[0].rstrip(".")
    if source[at + len(text) : at + len(text) + 1] in ("-", "_"):
        return None
    return BareLink(text, text if text.lower().startswith("mailto:") else f"mailto:{text}")


def _trimmed(url: str) -> str:
    """Without the marks of the sentence it stands in."""
    if url.endswith(")"):
        surplus = url.count(")") - url.count("(")
        url = url[: len(url) - max(0, surplus)]
    elif url.endswith(";") and (entity := _ENTITY_END.search(url)):
        url = url[: entity.start()]
    return url.rstrip(_TRAILING)
