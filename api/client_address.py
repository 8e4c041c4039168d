"""Whose request it is where nobody says who they are: the address of the client, past proxies that are trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_HOP = re.compile(
    r"\[(?P<bracketed>[^\]]*)\](?::[0-9]{1,5})?|(?P<v4>[0-9.]+)(?::[0-9]{1,5})?|(?P<plain>[0-9A-Fa-f:.]+)", re.ASCII
)
"""An address as it stands in ``X-Forwarded-For``, with or without a port."""
_OWN_BITS = 64
"""What one client has of IPv6: a network of this prefix (RFC 6177, section 2; RFC 4291, section 2.5.4)."""


def client_address(peer: str, forwarded: Sequence[str], trusted: Iterable[Network]) -> Address | None:
    """The client's address: the peer, or, where that is a trusted proxy, the nearest address in ``X-Forwarded-For`` (the
    header's values, in order) that is not another one.

    Whoever sends a request can write to the left what it likes, so that reading begins at the right and ends at the first hop
    that is not trusted or that is no address. None where the peer itself has none, as on a socket of the file system.
    """
    client = parse_address(peer)
    trusted = tuple(trusted)
    hops = [hop for value in forwarded for hop in value.split(",")] if trusted else []
    while client and hops and any(client in network for network in trusted):
        before = parse_address(hops.pop())
        if before is None:
            break
        client = before
    return client


def parse_address(text: str) -> Address | None:
    """An address, its port taken off, IPv4 in IPv6's clothes undressed; None for anything else."""
    found = _HOP.fullmatch(text.strip())
    if found is None:
        return None
    try:
        address = ip_address(found["bracketed"] or found["v4"] or found["plain"])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def caller_name(address: Address | None) -> str:
    """By what a client is counted: its IPv4 address, its /64 in IPv6; ``unknown`` are those that have none, together."""
    if address is None:
        return "unknown"
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), _OWN_BITS), strict=False))
