"""Validators, Cache-Control, and the response cache."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from api.http_cache import Answer, CachePolicy, Finished, ResponseCache, entity_tag, none_match
from api.service import cache_tag

KEY = ("v1", "/v1/posts", "")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", W/"a"', True),
        (' "b" ,"a" ', True),
        ("*", True),
        (" * ", True),
        ('"b"', False),
        ("a", False),
        ("", False),
        (", ".join(f'"{number}"' for number in range(10_000)), False),
        (", ".join(f'"{number}"' for number in range(10_000)) + ', "a"', True),
    ],
)
def test_if_none_match_compares_weakly(header: str | None, expected: bool) -> None:
    assert none_match(header, '"a"') is expected
    assert none_match(header, 'W/"a"') is expected


def test_a_validator_names_program_content_path_and_question() -> None:
    tags = [
        entity_tag("1", KEY),
        entity_tag("2", KEY),
        entity_tag("1", ("v2", "/v1/posts", "")),
        entity_tag("1", ("v1", "/v1/tags", "")),
        entity_tag("1", ("v1", "/v1/posts", "page=2")),
    ]
    assert len(set(tags)) == 5
    assert entity_tag("1", KEY) == tags[0]
    assert entity_tag("1", KEY, weak=True) == f"W/{tags[0]}"


@pytest.mark.parametrize(
    ("left", "fresh", "stale"),
    [(None, 60, 600), (10_000, 60, 600), (100, 60, 40), (30, 30, 0), (0, 0, 0), (-5, 0, 0)],
)
def test_no_cache_keeps_an_answer_past_the_next_scheduled_change(left: int | None, fresh: int, stale: int) -> None:
    next_change = None if left is None else 1000 + left
    header = CachePolicy(60, 600).header(1000.0, next_change)
    assert header == f"public, max-age=0, s-maxage={fresh}, stale-while-revalidate={stale}"


def test_a_preview_is_stored_by_nobody() -> None:
    assert CachePolicy(60, 600, preview=True).header(0, None) == "private, no-store"


def test_cache_tags_are_separated_by_blanks_encoded_and_of_bounded_length() -> None:
    assert cache_tag(["post:grüße", "tag:a b"]) == "post:gr%C3%BC%C3%9Fe tag:a%20b"
    long = cache_tag(f"tag:{number:0>100}" for number in range(256))
    assert len(long) <= 4096
    assert long.split(" ")[-1].startswith("tag:")


def test_the_least_recently_used_answer_leaves_first() -> None:
    async def scenario() -> None:
        cache = ResponseCache(10_000)
        for name in ("a", "b"):
            await cache.start((name, "", ""), _answering(b"x" * 1500))
        assert cache.get(("a", "", "")) is not None
        for name in ("c", "d", "e", "f"):
            await cache.start((name, "", ""), _answering(b"x" * 1500))
        assert cache.get(("b", "", "")) is None
        assert cache.get(("f", "", "")) is not None

    asyncio.run(scenario())


def test_what_does_not_last_or_is_too_large_is_not_kept() -> None:
    async def scenario() -> None:
        cache = ResponseCache(4096)
        await cache.start(("partial", "", ""), _answering(b"x", lasting=False))
        await cache.start(("large", "", ""), _answering(b"x" * 4096))
        assert cache.get(("partial", "", "")) is None
        assert cache.get(("large", "", "")) is None

    asyncio.run(scenario())


def test_an_answer_is_made_although_who_asked_for_it_is_gone() -> None:
    async def scenario() -> None:
        cache = ResponseCache(10_000)
        gate = asyncio.Event()

        async def slow() -> Answer:
            await gate.wait()
            return Answer(b"{}")

        async def ask() -> Answer:
            return await asyncio.shield(cache.start(KEY, slow))

        asking = asyncio.create_task(ask())
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        gate.set()
        await cache.drain()
        assert cache.get(KEY) == Answer(b"{}")
        assert cache.flight(KEY) is None

    asyncio.run(scenario())


def test_a_failure_is_not_remembered() -> None:
    async def scenario() -> None:
        cache = ResponseCache(10_000)

        async def failing() -> Answer:
            raise RuntimeError("once")

        with pytest.raises(RuntimeError):
            await cache.start(KEY, failing)
        assert cache.flight(KEY) is None
        assert (await cache.start(KEY, _answering(b"2"))).body == b"2"

    asyncio.run(scenario())


def test_a_computation_that_is_cancelled_leaves_nothing() -> None:
    async def scenario() -> None:
        cache = ResponseCache(10_000)

        async def endless() -> Answer:
            await asyncio.Event().wait()
            raise AssertionError

        flight = cache.start(KEY, endless)
        await asyncio.sleep(0)
        flight.cancel()
        await cache.drain()
        assert cache.flight(KEY) is None

    asyncio.run(scenario())


def test_spellings_are_remembered_within_bounds() -> None:
    cache = ResponseCache(10_000)
    finished = Finished(KEY, '"a"', "posts")
    cache.remember(("/v1/posts", b"x" * 600), finished)
    assert cache.recall(("/v1/posts", b"x" * 600)) is None
    for number in range(5000):
        cache.remember(("/v1/posts", b"page=%d" % number), finished)
    assert cache.recall(("/v1/posts", b"page=0")) is None
    assert cache.recall(("/v1/posts", b"page=4999")) is finished


def _answering(body: bytes, lasting: bool = True) -> Callable[[], Awaitable[Answer]]:
    async def make() -> Answer:
        return Answer(body, lasting=lasting)

    return make
