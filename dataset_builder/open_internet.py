"""Which numbers are of the open internet, and not of this machine or a network behind a firewall."""

from __future__ import annotations

import ipaddress

_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
#: IPv4 addresses written as IPv6 ones for translators (RFC 6052, 2.1).
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def is_public(number: str) -> bool:
    """Whether an IP address is one that anybody may ask (IANA special-purpose registries)."""
    try:
        found: _Ip = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = inner or found
    return found.is_global and not found.is_multicast and not found.is_reserved
