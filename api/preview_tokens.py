"""Preview tokens: who may see what is not public, of what, and until when. Signed, so that nothing has to be stored.

A token is ``v1.``, then the grant as ``kind:expires:key`` in UTF-8, then the HMAC-SHA256 (RFC 2104) of all that stands before
it; both in base64url without padding (RFC 4648, section 5), so that it stands in an address as it is.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from search_index.model import Kind

_VERSION = "v1"
_PURPOSE = b"octavo preview token\0"
"""Signed too: the secret may serve something else one day, whose signatures must be worth nothing here."""
_EVERYTHING = "all"
_GRANT = re.compile(
    rf"(?P<kind>{Kind.POST}|{Kind.PAGE}|{_EVERYTHING}):(?P<expires>[0-9]{{1,12}}):(?P<key>.*)", re.DOTALL
)


class TokenInvalid(Exception):
    """The token was not made with this secret, or not by this version."""


class TokenExpired(Exception):
    """The token is genuine, and its time is over."""


@dataclass(frozen=True, slots=True)
class PreviewGrant:
    """What a token allows to see until ``expires`` (UTC epoch seconds): one post or page, by the very slug, id or path that
    it is asked for by; everything where ``kind`` is None, and ``key`` is "" then."""

    kind: Kind | None
    key: str
    expires: int

    def covers(self, kind: Kind, key: str) -> bool:
        return self.kind is None or (self.kind, self.key) == (kind, key)


def sign(secret: str, grant: PreviewGrant) -> str:
    """The token for a grant."""
    written = f"{grant.kind or _EVERYTHING}:{grant.expires}:{grant.key}"
    signed = f"{_VERSION}.{_encoded(written.encode())}"
    return f"{signed}.{_signature(secret, signed)}"


def read(secret: str, token: str, now: float) -> PreviewGrant:
    """What the token grants. The signature is compared before anything of it is read, in a time that does not tell how much
    of it is right.

    Raises ``TokenInvalid``, and ``TokenExpired`` from ``expires`` on.
    """
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(secret, signed).encode()):
        raise TokenInvalid
    version, _, payload = signed.partition(".")
    if version != _VERSION:
        raise TokenInvalid
    try:
        written = _GRANT.fullmatch(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode())
    except ValueError as error:  # signed, but not as base64 of UTF-8
        raise TokenInvalid from error
    if written is None:
        raise TokenInvalid
    grant = PreviewGrant(
        None if written["kind"] == _EVERYTHING else Kind(written["kind"]), written["key"], int(written["expires"])
    )
    if now >= grant.expires:
        raise TokenExpired
    return grant


def _signature(secret: str, signed: str) -> str:
    return _encoded(hmac.digest(secret.encode(), _PURPOSE + signed.encode(), sha256))


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
