"""What answers that are sent in parts have in common."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Message, Receive

ENDLESS_KEY = "octavo.endless"
"""What the scope of an answer without an end has under this is true: it is cut off when the server stops."""


async def disconnection(receive: Receive) -> None:
    """Returns when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        continue


def start(headers: Mapping[str, str]) -> Message:
    """The beginning of a 200."""
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": 200, "headers": raw}


def part(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


END: Message = {"type": "http.response.body", "body": b"", "more_body": False}
