"""The small files, whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.generation import Published, ShrinkRefused, refuse_shrink
from search_index.generation.pointers import Past, history_as_bytes, is_id, parse_history, parse_pointer

ids = st.text("0123456789abcdef", min_size=32, max_size=32)
sequences = st.integers(1, 10**18 - 1)
pasts = st.builds(Past, st.integers(0, 10**18 - 1), st.none() | st.integers(0, 10**12 - 1))


@given(sequences, ids)
def test_a_pointer_is_read_as_it_was_written(sequence: int, generation: str) -> None:
    published = Published(sequence, generation)
    assert parse_pointer(published.as_line()) == published


@given(st.binary() | st.text("0123456789abcdef \n").map(str.encode))
def test_a_pointer_is_one_exact_line_or_nothing(content: bytes) -> None:
    published = parse_pointer(content)
    assert published is None or (published.as_line() == content and is_id(published.id))


@given(sequences, ids, st.integers(0, 40))
def test_a_torn_pointer_is_no_pointer(sequence: int, generation: str, length: int) -> None:
    line = Published(sequence, generation).as_line()
    assert length >= len(line) or parse_pointer(line[:length]) is None


@given(st.dictionaries(ids, pasts))
def test_a_history_is_read_as_it_was_written(history: dict[str, Past]) -> None:
    assert parse_history(history_as_bytes(history.items())) == history


@given(st.binary())
def test_any_bytes_are_some_history(content: bytes) -> None:
    history = parse_history(content)
    assert parse_history(history_as_bytes(history.items())) == history


def test_the_highest_number_of_a_generation_counts_and_damaged_lines_do_not() -> None:
    a, b = "a" * 32, "b" * 32
    lines = f"3 {a} -\n1 {a} 100\nnonsense\n2 {b}\n02 {b} -\n2 {b} 70\n2 {b} 80\n"
    assert parse_history(lines.encode()) == {a: Past(3, None), b: Past(2, 80)}


@pytest.mark.parametrize(
    ("before", "after"), [(0, 0), (0, 5), (9, 0), (20, 10), (100, 50), (19, 10), (10, 10), (5, 50)]
)
def test_a_build_may_grow_or_lose_up_to_half_or_nine(before: int, after: int) -> None:
    refuse_shrink(before, after)


@pytest.mark.parametrize(("before", "after"), [(10, 0), (19, 9), (20, 9), (100, 49), (10_000, 0)])
def test_a_build_that_loses_more_is_refused_and_told_how_to_insist(before: int, after: int) -> None:
    with pytest.raises(ShrinkRefused, match=rf"^{after} posts are left of {before}.*--allow-shrink") as refusal:
        refuse_shrink(before, after)
    assert (refusal.value.before, refusal.value.after) == (before, after)
