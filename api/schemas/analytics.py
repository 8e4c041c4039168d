"""Search analytics, for the operator."""

from __future__ import annotations

from pydantic import Field

from search_index.wire import WireModel


class QueryCount(WireModel):
    query: str = Field(description="As it was read, in lower case")
    count: int


class SearchReport(WireModel):
    """Counters of one worker since its start."""

    since: str
    worker: int = Field(description="The worker's process; each counts its own")
    searches: int
    top: list[QueryCount]
    without_result: list[QueryCount]
    forgotten: int = Field(description="Searches whose queries there was no room for")
