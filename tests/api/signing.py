"""Signatures as senders make them, written down here from their documentation and not from the code that checks them."""

from __future__ import annotations

import base64
import hashlib
import hmac

SECRET = "the-secret-of-the-hook"
GITLAB_KEY = bytes(range(32))
GITLAB_SECRET = "whsec_" + base64.b64encode(GITLAB_KEY).decode()

Signature = dict[str, str]


def github(body: bytes, *, secret: str = SECRET, event: str = "push", delivery: str = "72d3162e") -> Signature:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "X-GitHub-Event": event, "X-GitHub-Delivery": delivery}


def standard(body: bytes, time: int, *, key: bytes = SECRET.encode(), name: str = "msg_1") -> Signature:
    digest = hmac.new(key, f"{name}.{time}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": name, "webhook-timestamp": str(time), "webhook-signature": signature}


def octavo(body: bytes, time: int, *, secret: str = SECRET) -> Signature:
    digest = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Octavo-Signature": f"t={time},v1={digest}"}


def gitlab(*, secret: str = SECRET, key: str = "") -> Signature:
    return {"X-Gitlab-Token": secret, "X-Gitlab-Event": "Push Hook"} | ({"Idempotency-Key": key} if key else {})
