"""Where the addresses of a body stand in its file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search_index.reading.front_matter import with_plain_lines
from search_index.reading.site_links import first_mentions

ADDRESSES = st.sampled_from(["/a/", "/a/b/", "/a/#x", "b.md", "../b.md", "/ü/"])
PIECES = st.one_of(
    ADDRESSES, st.sampled_from(["[x](", ")", "<", ">", '<a href="', '"', "\n", " ", "word", "[r]: ", "`", "\t"])
)


@given(st.lists(PIECES, max_size=30).map("".join), st.sets(ADDRESSES), st.integers(1, 50))
def test_an_address_stands_where_it_is_said_to_stand(text: str, wanted: set[str], first: int) -> None:
    lines = with_plain_lines(text).split("\n")
    for address, (line, column) in first_mentions(text, first, wanted).items():
        assert address in wanted
        assert lines[line - first][column - 1 :].startswith(address)


def test_a_link_goes_before_a_mention_and_a_part_of_a_longer_address_is_none() -> None:
    text = "See `/a/` and /a/b/ or\n/a/ and then [x](/a/).\n\n[y](/c/d/)\n"
    assert first_mentions(text, 10, {"/a/", "/c/", "/c/d/"}) == {"/a/": (11, 18), "/c/d/": (13, 5)}


def test_very_many_links_are_found_in_one_pass() -> None:
    text = "".join(f"[x](/{number}/)\n" for number in range(50_000))
    found = first_mentions(text, 1, {f"/{number}/" for number in range(50_000)})
    assert found["/49999/"] == (50_000, 5)
