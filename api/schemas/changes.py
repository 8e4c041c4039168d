"""What changed: as a list, and as events."""

from __future__ import annotations

from pydantic import Field

from api.schemas.lists import Pagination
from search_index.changes import Change
from search_index.model import Kind
from search_index.wire import PostSummary, WireModel

_TAGS = "Of the answers that differ now, as their Cache-Tag headers have them"


class DocumentChange(WireModel):
    """What became of a post or page, in all, since the point that was asked for."""

    id: str = Field(examples=["posts/2024-05-28-hello"])
    kind: Kind = Field(description="A post that becomes a page is deleted as a post and created as a page")
    change: Change
    slug: str = Field(description="The one it has; of a deleted one, the one it had last", examples=["hello"])
    api_url: str = Field(description="Where it is; of a deleted one, where it was", examples=["/v1/posts/hello"])
    path: str = Field(description="The site's own path of it, or the last it had", examples=["/2024/05/28/hello/"])
    tags: list[str] = Field(description=_TAGS, examples=[["post:hello", "posts", "tag:python"]])
    changed_at: str = Field(
        json_schema_extra={"format": "date-time"},
        description="The instant of its last change, in UTC",
        examples=["2024-05-29T04:23:39+00:00"],
    )
    post: PostSummary | None = Field(description="As it is now; null where it was deleted")


class ChangeList(WireModel):
    """A page of what changed between two states of the content, the oldest change first, at most one item a document."""

    items: list[DocumentChange]
    since: str = Field(description="The point that was asked for")
    generation: str = Field(
        description="The state that the items lead to: the next `since`. As in X-Content-Generation"
    )
    complete: bool = Field(description="Always true: what cannot be told whole is an error (`since_unknown`)")
    pagination: Pagination


class ChangedDocument(WireModel):
    id: str
    kind: Kind
    change: Change


class GenerationEvent(WireModel):
    """What is in `data` of an event `generation`: the content is another now."""

    generation: str = Field(description="As in X-Content-Generation; the event's `id` too")
    complete: bool = Field(description="False where it is not known what changed: fetch everything anew")
    tags: list[str] = Field(description=_TAGS)
    changes: list[ChangedDocument]
