"""What a site's configuration says about its Markdown.

Source: Hugo 0.111 documentation, "Configure Markup", *Goldmark* and *Highlight*; the defaults are Hugo's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from search_index.reading.goldmark.highlighting import HighlightOptions

HeadingIds = Literal["github", "github-ascii", "blackfriday"]


@dataclass(frozen=True, slots=True)
class GoldmarkOptions:
    """``markup.goldmark``, ``markup.highlight`` and ``enableEmoji``, and one option that Hugo has not.

    ``typographic``: what is written in place of a typographic character, where the site says something else than Hugo.

    ``cjk_friendly_emphasis``: ``**강조(한글)**은`` is bold, which plain CommonMark prints with its asterisks.
    """

    unsafe: bool = False
    hard_wraps: bool = False
    xhtml: bool = False
    typographer: bool = True
    typographic: tuple[tuple[str, str], ...] = ()
    table: bool = True
    strikethrough: bool = True
    task_list: bool = True
    linkify: bool = True
    linkify_protocol: str = "https"
    definition_list: bool = True
    footnote: bool = True
    auto_heading_id: bool = True
    auto_heading_id_type: HeadingIds = "github"
    attribute_title: bool = True
    attribute_block: bool = False
    wrap_standalone_image: bool = True
    code_fences: bool = True
    highlight: HighlightOptions = HighlightOptions()
    emoji: bool = False
    cjk_friendly_emphasis: bool = False
