"""Token buckets and client addresses: what holds for every sequence of requests and every header."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.client_address import caller_name, client_address, parse_address
from api.rates import Rate, TokenBuckets, admit

SECOND = 1_000_000_000

rates = st.builds(Rate, st.just("requests"), st.floats(0.001, 10_000), st.integers(1, 100))
pauses = st.lists(st.integers(0, 3 * SECOND) | st.integers(0, 1000), min_size=1, max_size=200)


def allowed_at(rate: Rate, pauses: list[int]) -> list[int]:
    """The instants at which a caller is admitted that asks after each of these pauses."""
    buckets, now, admitted = TokenBuckets(rate), 0, []
    for pause in pauses:
        now += pause
        if not admit([buckets], "a", now).wait:
            admitted.append(now)
    return admitted


@given(rates, pauses)
def test_in_no_window_is_more_allowed_than_the_burst_and_the_rate(rate: Rate, pauses: list[int]) -> None:
    instants = allowed_at(rate, pauses)
    for first, start in enumerate(instants):
        for last in range(first, len(instants)):
            window = (instants[last] - start) / SECOND
            assert last - first + 1 <= rate.burst + rate.per_second * window + 1e-9


@given(rates, st.integers(0, 3 * SECOND))
def test_whoever_asks_no_more_often_than_the_rate_is_never_refused(rate: Rate, extra: int) -> None:
    assert len(allowed_at(rate, [rate.interval + extra] * 50)) == 50


@given(rates, pauses)
def test_a_caller_that_waits_as_long_as_it_is_told_is_admitted(rate: Rate, pauses: list[int]) -> None:
    buckets, now = TokenBuckets(rate), 0
    for pause in pauses:
        now += pause
        refused = admit([buckets], "a", now)
        if refused.wait:
            now += refused.wait * SECOND
            assert not admit([buckets], "a", now).wait


@given(rates, pauses)
def test_what_is_said_to_be_left_is_left(rate: Rate, pauses: list[int]) -> None:
    buckets, now = TokenBuckets(rate), 0
    for pause in pauses:
        now += pause
        admit([buckets], "a", now)
    left = int(buckets.standing("a", now).split(";")[1].removeprefix("r="))
    assert 0 <= left <= rate.burst
    for _ in range(left):
        assert not admit([buckets], "a", now).wait
    assert admit([buckets], "a", now).wait >= 1


def test_a_flood_of_addresses_takes_no_room_and_callers_do_not_count_for_each_other() -> None:
    buckets = TokenBuckets(Rate("requests", 1, 1), most_callers=100)
    for number in range(10_000):
        assert not admit([buckets], f"address {number}", 0).wait
    assert len(buckets) == 100
    assert admit([buckets], "address 9999", 0).wait == 1


PROXIES = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.1"], "192.0.2.1"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.1"], "192.0.2.1"),
        ("127.0.0.1", ["198.51.100.1, 192.0.2.1"], "192.0.2.1"),
        ("127.0.0.1", ["198.51.100.1", "192.0.2.1, 10.1.1.1"], "192.0.2.1"),
        ("127.0.0.1", ["10.2.2.2,10.1.1.1"], "10.2.2.2"),
        ("127.0.0.1", ["192.0.2.1, unknown, 10.1.1.1"], "10.1.1.1"),
        ("127.0.0.1", ["192.0.2.1, "], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.1:4711"], "192.0.2.1"),
        ("127.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("2001:db8:1::9", ["2001:db8::1"], "2001:db8::1"),
        ("::ffff:127.0.0.1", ["::ffff:192.0.2.1"], "192.0.2.1"),
        ("", ["192.0.2.1"], None),
    ],
)
def test_the_client_is_the_nearest_hop_that_is_no_proxy_of_ours(
    peer: str, forwarded: list[str], client: str | None
) -> None:
    found = client_address(peer, forwarded, PROXIES)
    assert found == (ip_address(client) if client else None)


def test_a_network_of_ipv6_is_one_caller_and_an_address_of_ipv4_is_one() -> None:
    def caller(text: str) -> str:
        return caller_name(parse_address(text))

    assert caller("2001:db8::1") == caller("2001:db8::ffff:1") == "2001:db8::/64"
    assert caller("2001:db8:0:1::1") == "2001:db8:0:1::/64"
    assert caller("::ffff:192.0.2.1") == caller("192.0.2.1") == "192.0.2.1"
    assert caller("") == caller("unix:") == "unknown"


addresses = st.ip_addresses().map(str)


@given(st.text(max_size=60) | addresses, st.lists(st.text(max_size=60) | st.lists(addresses).map(",".join)))
def test_no_header_makes_the_reading_fail(peer: str, forwarded: list[str]) -> None:
    caller_name(client_address(peer, forwarded, PROXIES))


@given(st.ip_addresses(), st.lists(st.text(st.characters(codec="ascii"), max_size=30)))
def test_what_a_client_writes_never_changes_who_it_is(client: object, written: list[str]) -> None:
    appended = ",".join([*written, str(client), "10.1.1.1"])
    expected = client_address("127.0.0.1", [f"{client}, 10.1.1.1"], PROXIES[:2])
    ours = any(ip_address(str(client)) in network for network in PROXIES[:2])
    assert ours or client_address("127.0.0.1", [appended], PROXIES[:2]) == expected
