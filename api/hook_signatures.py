"""Signatures of the refresh hook, over the body's raw bytes, in the forms in which they are sent.

===================  ==========================================================================  =====================
form                 what is sent                                                                a delivery is known by
===================  ==========================================================================  =====================
Standard Webhooks    ``webhook-id``, ``webhook-timestamp``, ``webhook-signature: v1,<base64>``   its id
Octavo               ``X-Octavo-Signature: t=<unix seconds>,v1=<hex>``                           its signature
GitHub               ``X-Hub-Signature-256: sha256=<hex>``, ``X-GitHub-Delivery``                either of them
GitLab, older        ``X-Gitlab-Token: <the secret>``                                            ``Idempotency-Key``
===================  ==========================================================================  =====================

The first that a request has is the one that counts: a form that proves less does not stand in for one that fails.

Sources: Standard Webhooks specification (which GitLab's signing tokens follow); GitHub documentation, "Validating webhook
deliveries"; GitLab documentation, "Webhooks".
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.datastructures import Headers

TOLERANCE_SECONDS = 300
"""How far a signature's own time may be from ours, either way."""

_ENCODED = "whsec_"
"""A secret that begins so is the base64 of the key, in Standard Webhooks."""
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_OCTAVO = re.compile(r"t=(?P<time>[0-9]{1,12}),v1=(?P<hex>[0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request that whoever knows the secret has sent. ``names``: what it will be known by if it comes again; ``ping``: sent
    to see whether anybody answers."""

    form: str
    names: tuple[str, ...]
    ping: bool = False


@dataclass(frozen=True, slots=True)
class _Signed:
    """What a signature is about. ``now`` is in Unix seconds."""

    headers: Headers
    body: bytes
    secret: str
    now: float

    def one(self, name: str) -> str:
        """The header's value; empty where it is missing or given twice."""
        values = self.headers.getlist(name)
        return values[0] if len(values) == 1 else ""

    def is_timely(self, seconds: str) -> bool:
        return bool(_SECONDS.fullmatch(seconds)) and abs(self.now - int(seconds)) <= TOLERANCE_SECONDS

    def digest(self, before: str = "", key: bytes = b"") -> bytes:
        """The HMAC of ``before`` (as the headers had it) and the body."""
        return hmac.digest(key or self.secret.encode(), before.encode("latin-1") + self.body, "sha256")


def verified(headers: Headers, body: bytes, secret: str, now: float) -> Delivery | None:
    """The delivery; None where no signature is right."""
    signed = _Signed(headers, body, secret, now)
    for header, verify in _FORMS:
        if header in headers:
            return verify(signed)
    return None


def signing_key(secret: str) -> bytes:
    """The key of Standard Webhooks. Raises ``ValueError`` for ``whsec_`` without base64 behind it."""
    if not secret.startswith(_ENCODED):
        return secret.encode()
    try:
        key = base64.b64decode(secret.removeprefix(_ENCODED), validate=True)
    except binascii.Error:
        key = b""
    if not key:
        raise ValueError(f"a secret that begins with {_ENCODED} goes on in base64, as GitLab shows it")
    return key


def _standard(signed: _Signed) -> Delivery | None:
    name, time = signed.one("webhook-id"), signed.one("webhook-timestamp")
    if not name or not signed.is_timely(time):
        return None
    right = b"v1," + base64.b64encode(signed.digest(f"{name}.{time}.", signing_key(signed.secret)))
    given = signed.one("webhook-signature").encode("latin-1").split(b" ")
    if not any(hmac.compare_digest(right, one) for one in given):
        return None
    return _delivery("standard-webhooks", [name])


def _octavo(signed: _Signed) -> Delivery | None:
    given = _OCTAVO.fullmatch(signed.one("x-octavo-signature"))
    if given is None or not signed.is_timely(given["time"]):
        return None
    if not hmac.compare_digest(signed.digest(f"{given['time']}.").hex(), given["hex"]):
        return None
    return _delivery("octavo", [given[0]])


def _github(signed: _Signed) -> Delivery | None:
    right = b"sha256=" + signed.digest().hex().encode()
    if not hmac.compare_digest(right, signed.one("x-hub-signature-256").encode("latin-1")):
        return None
    names = [signed.one("x-github-delivery"), right.decode()]
    return _delivery("github", names, ping=signed.one("x-github-event") == "ping")


def _gitlab(signed: _Signed) -> Delivery | None:
    given = signed.one("x-gitlab-token").encode("latin-1")
    if not hmac.compare_digest(sha256(given).digest(), sha256(signed.secret.encode()).digest()):
        return None
    return _delivery("gitlab", [signed.one("idempotency-key") or signed.one("x-gitlab-event-uuid")])


def _delivery(form: str, names: Sequence[str], *, ping: bool = False) -> Delivery:
    return Delivery(form, tuple(f"{form} {name}" for name in names if name), ping)


_FORMS: Sequence[tuple[str, Callable[[_Signed], Delivery | None]]] = (
    ("webhook-signature", _standard),
    ("x-octavo-signature", _octavo),
    ("x-hub-signature-256", _github),
    ("x-gitlab-token", _gitlab),
)
