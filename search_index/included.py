"""What a post carries beside its summary where a request asks for it (``Include``): members behind those it has anyway."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from pydantic_core import from_json, to_json

from search_index.answers import Neighbors
from search_index.query import Include

_OF_A_POST = frozenset({Include.HTML, Include.TOC, Include.FRONT_MATTER})
"""What a post that is not in a list has without being asked."""

MOST_BYTES = 32 * 1024 * 1024
"""What may be included in one answer. Forty posts that six hundred link to had 403 MB of backlinks."""

Member = tuple[str, bytes]


class TooMuchIncluded(Exception):
    """What was asked to be included is more than an answer may have."""


class Room:
    """What of ``MOST_BYTES`` is left in one answer."""

    def __init__(self, left: int = MOST_BYTES) -> None:
        self._left = left

    def filled(self, members: Iterator[Member]) -> Iterator[Member]:
        """The members, as long as there is room for them. Raises ``TooMuchIncluded``."""
        for name, value in members:
            self._left -= len(value)
            if self._left < 0:
                raise TooMuchIncluded
            yield name, value


def with_members(post: bytes, members: Iterator[Member]) -> bytes:
    """A JSON object with further members, whose values are finished JSON."""
    return b"".join((post[:-1], *(b',"%b":%b' % (name.encode(), value) for name, value in members), b"}"))


def json_array(items: Iterable[bytes]) -> bytes:
    return b"[" + b",".join(items) + b"]"


def neighbours_json(beside: Neighbors) -> bytes:
    return b'{"prev":%b,"next":%b}' % (beside.prev or b"null", beside.next or b"null")


def members(
    include: Sequence[Include],
    whole: Callable[[], bytes],
    others: Mapping[Include, Callable[[], bytes]],
    *,
    listed: bool,
) -> Iterator[Member]:
    """The members that are asked for, in the order of ``Include``.

    ``whole`` gives the ``Post`` as JSON, ``others`` what does not stand in it; a post that is not ``listed`` has the first
    kind already.
    """
    wanted = [name for name in Include if name in include and (listed or name not in _OF_A_POST)]
    post: Mapping[str, object] | None = None
    for name in wanted:
        if name in others:
            yield name, others[name]()
            continue
        if post is None:
            post = from_json(whole())
        yield name, to_json(_flat(post["toc"]) if name is Include.HEADINGS else post[name])


def _flat(toc: object) -> list[dict[str, object]]:
    """The headings of a table of contents one after the other, as they stand in the text."""
    rows: list[dict[str, object]] = []
    left = list(reversed(toc)) if isinstance(toc, list) else []
    while left:
        entry = left.pop()
        rows.append({name: entry[name] for name in ("id", "text", "level")})
        left += reversed(entry["children"])
    return rows
