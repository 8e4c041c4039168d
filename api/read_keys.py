"""Read keys: who may read where not everybody may. A key is sent as ``Authorization: Bearer`` (RFC 6750, section 2.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest

LEAST_CHARACTERS = 16

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)
"""``b64token``: what can stand behind ``Bearer``."""
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReadKey:
    """A key by its name; of the secret itself the SHA-256 alone is kept."""

    name: str
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, name: str, secret: str) -> ReadKey:
        return cls(name, sha256(secret.encode()).digest())


def parse_read_keys(text: str) -> tuple[ReadKey, ...]:
    """The keys of ``OCTAVO_READ_KEYS``: ``name:secret`` or a secret alone, separated by commas.

    One without a name is called by its place, from ``key-1``. Raises ``ValueError`` that says what is wrong with which, and
    shows none.
    """
    keys: list[ReadKey] = []
    for place, part in enumerate(filter(None, (part.strip() for part in text.split(","))), 1):
        name, colon, secret = part.partition(":")
        if not colon:
            name, secret = f"key-{place}", part
        if not _NAME.fullmatch(name):
            raise ValueError(f"key {place}: a name is of 1 to 64 letters, digits and ._-")
        if len(secret) < LEAST_CHARACTERS:
            raise ValueError(f"key {place}: {len(secret)} characters; a key has {LEAST_CHARACTERS} or more")
        if not _TOKEN.fullmatch(secret):
            raise ValueError(f"key {place}: a key is of letters, digits and ._~+/- (and = at its end)")
        keys.append(ReadKey.of(name, secret))
    if not keys:
        raise ValueError("write a key, or leave the variable empty")
    if len({key.name for key in keys}) < len(keys):
        raise ValueError("two keys have the same name")
    if len({key.digest for key in keys}) < len(keys):
        raise ValueError("two keys are the same")
    return tuple(keys)


def bearer_token(authorization: Sequence[bytes]) -> bytes:
    """The token in the values of the ``Authorization`` header; empty where there is none, or not exactly one."""
    if len(authorization) != 1:
        return b""
    scheme, _, token = authorization[0].partition(b" ")
    return token.strip() if scheme.lower() == b"bearer" else b""


def key_of(token: bytes, keys: Sequence[ReadKey]) -> ReadKey | None:
    """The key that ``token`` is. As long for a wrong one as for a right one: digests are compared, all of them."""
    digest = sha256(token).digest()
    matching = [key for key in keys if compare_digest(key.digest, digest)]
    return matching[0] if matching else None
