"""``llms.txt``: the site for language models, as a short list of links in Markdown.

Source: llmstxt.org: an H1 with the name, a quote with the summary, then sections (H2) with lists of links.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from api.addresses import address
from search_index.answers import PostPage

MEDIA_TYPE = "text/plain; charset=utf-8"

MOST_POSTS = 100
"""How many posts are listed: what one page of ``/v1/posts`` may have."""

_NO_TITLE = "Posts"
_MEANT = re.compile(r"[\\`*_{}\[\]<>#&|~!$]")
_BEGINNING = re.compile(r"[-+=]|[0-9]{1,9}(?=[.)])")


def llms_txt(title: str, description: str, page: PostPage, site_url: str, api: str) -> bytes:
    """``page`` has the newest posts; links begin with ``api``, the API's own address, "" if not known."""
    blocks = [f"# {escaped(title or urlsplit(site_url).hostname or _NO_TITLE)}"]
    if description.strip():
        blocks.append(f"> {escaped(description)}")
    blocks.append(_extent(page, api))
    sections: dict[str, list[str]] = {}
    for item in page.items:
        post = json.loads(item)
        sections.setdefault(_section(post), []).append(_line(post, api))
    for name, lines in sections.items():
        blocks += [f"## {escaped(name)}", "\n".join(lines)]
    return ("\n\n".join(blocks) + "\n").encode()


def escaped(text: str) -> str:
    """``text`` on one line, such that Markdown shows it as it is."""
    line = _MEANT.sub(r"\\\g<0>", " ".join(text.split()))
    beginning = _BEGINNING.match(line)
    if beginning is None:
        return line
    marker = beginning[0]
    return f"{marker}\\{line[len(marker) :]}" if marker[0].isdigit() else f"\\{line}"


def _extent(page: PostPage, api: str) -> str:
    """How many posts are listed, and where the others are."""
    listed, total = len(page.items), page.total
    told = f"Listed: {listed} of {total} posts, the newest first. Each link leads to a post's Markdown."
    if listed < total:
        others = address("/v1/posts", [("page", "2"), ("per_page", str(MOST_POSTS))])
        told += f" The other {total - listed} are in [the list of posts]({api}{others}), page by page, as JSON."
    search = address("/v1/search", [("q", "words")])
    return f"{told} [Search]({api}{search}) finds posts by what is in them."


def _section(post: Mapping[str, Any]) -> str:
    """The post's first category, else its collection."""
    for category in post["categories"]:
        return str(category["name"])
    return str(post["collection"]).capitalize() or _NO_TITLE


def _line(post: Mapping[str, Any], api: str) -> str:
    link = f"- [{escaped(post['title'] or post['id'])}]({api}{post['api_url']}.md)"
    excerpt = escaped(post["excerpt"])
    return f"{link}: {excerpt}" if excerpt else link
