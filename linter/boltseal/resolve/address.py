"""IP addresses that must not be reached because a registry points at them."""

import ipaddress

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Metadata services whose addresses are not link-local: of AWS, Google Cloud, Scaleway, Alibaba
# Cloud, Azure and Oracle Cloud, as their owners document them.
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "fd00:ec2::254",
        "fd20:ce::254",
        "fd00:42::42",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
    )
)
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")
_BROADCAST = ipaddress.ip_address("255.255.255.255")
# What the public network does not route (RFC 6890, RFC 6598, RFC 4193), but for examples.
_INTERNAL = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::1/128",
        "fc00::/7",
        "fec0::/10",
    )
)
# The IPv4 address is in the last 32 bits (RFC 6052, RFC 8215, RFC 4291 section 2.5.5.1).
_WITH_IPV4 = tuple(
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")
)
_LOCAL_IPV6 = frozenset(map(ipaddress.IPv6Address, ("::", "::1")))


def is_forbidden(address: str) -> bool:
    """Whether an IP address is no host's own: it must never be asked.

    Link-local addresses and those of metadata services hand out a machine's own credentials
    (RFC 3927, RFC 4291 section 2.5.6). Also true for what is not an IP address.
    """
    ip = _read(address)
    if ip is None:
        return True
    return (
        ip.is_link_local
        or ip.is_unspecified
        or ip.is_multicast
        or ip in _THIS_NETWORK
        or ip == _BROADCAST
        or ip in _METADATA
    )


def is_internal(address: str) -> bool:
    """Whether an IP address is of this machine or of a private network."""
    ip = _read(address)
    return ip is not None and any(ip in network for network in _INTERNAL)


def literal_address(host: str) -> str | None:
    """The IP address that a host is written as, or None for a name.

    A host whose last part is a number is an address in an old notation ('2130706433', '0x7f.1'); it
    is returned as it is, and ``is_forbidden`` refuses it.
    """
    if is_address(host):
        return host
    last = host.rstrip(".").rpartition(".")[2]
    return host if last.isdigit() or last.startswith("0x") else None


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _read(address: str) -> _Address | None:
    """The address that packets go to: an IPv4 address inside an IPv6 one counts."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if not isinstance(ip, ipaddress.IPv6Address) or ip in _LOCAL_IPV6:
        return ip
    if embedded := ip.ipv4_mapped or ip.sixtofour:
        return embedded
    if ip.teredo:
        return ip.teredo[1]
    if any(ip in network for network in _WITH_IPV4):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
