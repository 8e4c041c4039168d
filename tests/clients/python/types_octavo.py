"""Proof that the types are there: mypy refuses every line with a "type: ignore", and each ignore that is not needed."""

from __future__ import annotations

from octavo_client import Client
from octavo_client.api.posts import list_posts
from octavo_client.api.search import search
from octavo_client.models import ListedPost, Post, ProblemDocument, SearchResults


def used(_value: object) -> None:
    """An expression alone would be a slip."""


def posts(post: Post, listed: ListedPost) -> None:
    used(post.titel)  # type: ignore[attr-defined]  # a misspelled key
    used(post.url.upper())  # type: ignore[union-attr]  # None where the site's address is not known
    used(post.updated_at.year)  # type: ignore[union-attr]  # None for a post that was never updated
    used(post.published_at.upper())  # type: ignore[union-attr]  # not a text but an instant
    used(listed.html.upper())  # type: ignore[union-attr]  # absent where nobody asked
    used(post.html.upper())


def hits(results: SearchResults) -> None:
    results.facets[0].field = "nope"  # type: ignore[assignment]  # no such facet
    used(results.items[0].highlights[0].text)  # type: ignore[attr-defined]  # it is html


def problems(problem: ProblemDocument) -> None:
    problem.code = "not_found"  # type: ignore[assignment]  # codes are a closed list
    used(problem.retry_after + 1)  # type: ignore[operator]  # None where trying again does not help


def requests(octavo: Client) -> None:
    search.sync(client=octavo)  # type: ignore[call-arg]  # the query is needed
    list_posts.sync(client=octavo, tga=["python"])  # type: ignore[call-arg]  # no such parameter
    list_posts.sync(client=octavo, facet=["nope"])  # type: ignore[list-item]  # no such facet
    list_posts.sync(client=octavo, per_page="ten")  # type: ignore[arg-type]  # a number
