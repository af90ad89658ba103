import pytest

from boltseal.resolve.address import is_forbidden, is_internal, literal_address


@pytest.mark.parametrize(
    ("address", "forbidden"),
    [
        ("169.254.169.254", True),
        ("::ffff:169.254.169.254", True),
        ("64:ff9b::a9fe:a9fe", True),
        ("2002:a9fe:a9fe::1", True),
        ("fe80::1%eth0", True),
        ("fd00:ec2::254", True),
        ("100.100.100.200", True),
        ("0.0.0.0", True),
        ("::", True),
        ("not an address", True),
        ("192.0.2.1", False),
        ("10.0.0.1", False),
        ("2001:db8::1", False),
        ("::ffff:192.0.2.1", False),
    ],
)
def test_metadata_addresses_are_forbidden_in_every_spelling(address: str, forbidden: bool) -> None:
    assert is_forbidden(address) is forbidden


@pytest.mark.parametrize(
    "address",
    [
        "224.0.0.1",
        "ff02::1",
        "0.1.2.3",
        "255.255.255.255",
        "fd20:ce::254",
        "fd00:42::42",
        "168.63.129.16",
        "192.0.0.192",
        "::169.254.169.254",
        "64:ff9b:1::a9fe:a9fe",
        "2001:0:c000:201:0:0:5601:5601",
        "::ffff:0:0",
        "0xa9fea9fe",
        "2852039166",
        "0251.0376.0251.0376",
    ],
)
def test_what_is_no_hosts_own_address_is_forbidden(address: str) -> None:
    assert is_forbidden(address)


@pytest.mark.parametrize(
    ("address", "internal"),
    [
        ("127.0.0.1", True),
        ("127.255.0.3", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("172.31.255.255", True),
        ("172.32.0.1", False),
        ("192.168.0.1", True),
        ("100.64.0.1", True),
        ("100.128.0.1", False),
        ("198.19.0.1", True),
        ("240.0.0.1", True),
        ("fd12::1", True),
        ("fec0::1", True),
        ("::ffff:10.0.0.1", True),
        ("::ffff:127.0.0.1", True),
        ("::127.0.0.1", True),
        ("64:ff9b::7f00:1", True),
        ("2002:7f00:1::", True),
        ("fd12::1%eth0", True),
        ("192.0.2.1", False),
        ("2001:db8::1", False),
        ("not an address", False),
    ],
)
def test_addresses_of_this_machine_and_of_private_networks_are_internal(
    address: str, internal: bool
) -> None:
    assert is_internal(address) is internal


@pytest.mark.parametrize(
    ("host", "literal"),
    [
        ("192.0.2.1", True),
        ("::1", True),
        ("2130706433", True),
        ("0x7f000001", True),
        ("0177.0.0.1", True),
        ("127.1", True),
        ("127.0.0.1.", True),
        ("a.0x7f", True),
        ("example.com", False),
        ("1.example.com", False),
        ("example.com.", False),
    ],
)
def test_a_host_that_a_resolver_could_read_as_a_number_is_no_name(host: str, literal: bool) -> None:
    assert literal_address(host) == (host if literal else None)
