"""Content codings: which one a client wants (``Accept-Encoding``), and bodies in it.

Source: RFC 9110, sections 8.4.1 (codings) and 12.5.3 (``Accept-Encoding``); RFC 8878 (zstd). Which codings, in which
order and at which levels: decision 0026.
"""

from __future__ import annotations

import re
import sys
import zlib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class Coding(StrEnum):
    """By their names on the wire. The first is preferred where a client wants several equally."""

    ZSTD = "zstd"
    GZIP = "gzip"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client wants. ``always``: it refuses what is not compressed, so that even a small body is."""

    coding: Coding
    always: bool = False

    def for_size(self, size: int) -> Coding:
        """The coding of a body of ``size`` bytes."""
        return self.coding if size >= LEAST_BYTES or self.always else Coding.IDENTITY


AS_IT_IS = Wanted(Coding.IDENTITY)

LEAST_BYTES = 1024
"""Smaller bodies fit into one packet with their headers anyway."""

INLINE_BYTES = 16 * 1024
"""Larger ones are compressed in a thread: up to here it takes less than the way there and back."""

_ZSTD_LEVEL = 3
_GZIP_LEVEL = 4
_GZIP_WINDOW = 31  # 15 bits, and 16 for gzip's header and trailer

_LONGEST_REMEMBERED = 256

_COMPRESSIBLE = re.compile(r"text/(?!event-stream\b)|application/([a-z0-9.-]+\+)?(json|xml)\b|application/x-ndjson\b")
_WEIGHT = re.compile(rb"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII)
_ALIASES = {b"x-gzip": b"gzip"}


def is_compressible(media_type: str) -> bool:
    """Whether bodies of this type gain by it: text, JSON, XML. Problem documents are small and go as they are; events
    must not wait for a block to fill."""
    return _COMPRESSIBLE.match(media_type) is not None and not media_type.startswith("application/problem+")


def wanted(header: bytes | None) -> Wanted:
    """What the ``Accept-Encoding`` asks for. Linear in its length; elements that cannot be read are passed over.

    Without the header everything would be right, and the plain form is the one that every client reads. A client that
    accepts none of our codings gets the plain form too, even where it refuses that one: RFC 9110 leaves 406 to the server.
    """
    if header is None:
        return AS_IT_IS
    return _remembered(header) if len(header) <= _LONGEST_REMEMBERED else _negotiated(header)


def _negotiated(header: bytes) -> Wanted:
    weights: dict[bytes, int] = {}
    for element in header.split(b","):
        name, semicolon, parameter = element.partition(b";")
        weight = _weight(parameter) if semicolon else 1000
        if weight is not None:
            name = name.strip().lower()
            weights.setdefault(_ALIASES.get(name, name), weight)
    others = weights.get(b"*")
    plain = weights.get(b"identity", others)
    # Who writes * names nothing that it can read; gzip is what everybody can.
    candidates = {Coding.ZSTD: weights.get(b"zstd", 0), Coding.GZIP: weights.get(b"gzip", others or 0)}
    best = max(candidates, key=lambda coding: candidates[coding])
    if candidates[best] == 0 or (b"identity" in weights and weights[b"identity"] > candidates[best]):
        return AS_IT_IS
    return Wanted(best, always=plain == 0)


def _weight(parameter: bytes) -> int | None:
    """``q=0.5`` in thousandths; None where it is no weight."""
    name, _, value = parameter.strip().partition(b"=")
    if name.lower() != b"q" or not _WEIGHT.fullmatch(value):
        return None
    whole, _, fraction = value.partition(b".")
    return int(whole) * 1000 + int(fraction.ljust(3, b"0"))


_remembered = lru_cache(256)(_negotiated)


def compress(coding: Coding, body: bytes) -> bytes:
    """The whole body in a coding. The same input gives the same bytes."""
    match coding:
        case Coding.ZSTD:
            return zstd.compress(body, _ZSTD_LEVEL)
        case Coding.GZIP:
            return zlib.compress(body, _GZIP_LEVEL, wbits=_GZIP_WINDOW)
        case Coding.IDENTITY:
            return body


class Encoder(Protocol):
    """A body in a coding, piece by piece. What goes in comes out with the same call, so that a reader can go on."""

    def encode(self, piece: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


def encoder(coding: Coding) -> Encoder:
    """A new encoder; not for ``identity``."""
    match coding:
        case Coding.ZSTD:
            return _ZstdEncoder()
        case Coding.GZIP:
            return _GzipEncoder()
        case Coding.IDENTITY:
            raise ValueError("identity needs no encoder")


class _ZstdEncoder:
    def __init__(self) -> None:
        self._compressor = zstd.ZstdCompressor(_ZSTD_LEVEL)

    def encode(self, piece: bytes) -> bytes:
        return self._compressor.compress(piece, zstd.ZstdCompressor.FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._compressor.flush()


class _GzipEncoder:
    def __init__(self) -> None:
        self._compressor = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_WINDOW)

    def encode(self, piece: bytes) -> bytes:
        return self._compressor.compress(piece) + self._compressor.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._compressor.flush()
