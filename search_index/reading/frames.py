"""Messages over a pipe: four bytes of length, big-endian, then so many bytes."""

from __future__ import annotations

from typing import IO

_LENGTH = 4


def write_frame(stream: IO[bytes], body: bytes) -> None:
    """Send one message."""
    stream.write(len(body).to_bytes(_LENGTH, "big") + body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message; None where the other side has gone."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "big")
    body = stream.read(length)
    return body if len(body) == length else None


class FrameBuffer:
    """Takes bytes as they come, gives whole messages."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, part: bytes) -> None:
        self._bytes += part

    def take(self) -> bytes | None:
        """The next whole message, if it is there."""
        if len(self._bytes) < _LENGTH:
            return None
        end = _LENGTH + int.from_bytes(self._bytes[:_LENGTH], "big")
        if len(self._bytes) < end:
            return None
        body = bytes(self._bytes[_LENGTH:end])
        del self._bytes[:end]
        return body
