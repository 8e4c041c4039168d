"""What the refresh hook answers."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from search_index.wire import WireModel


class RefreshOutcome(StrEnum):
    """What became of a delivery."""

    REQUESTED = "requested"
    REPEATED = "repeated"
    PING = "ping"


class RefreshReceipt(WireModel):
    """A delivery was received, and is from whoever knows the secret."""

    accepted: bool = Field(description="Whether the indexer was told to look now")
    outcome: RefreshOutcome = Field(
        description="`requested`: it was told; `repeated`: this delivery was received in the last ten minutes, nothing was "
        "done again; `ping`: the sender only wanted to see that somebody answers"
    )
