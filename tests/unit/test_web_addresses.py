"""Which addresses are asked: nothing behind a firewall, however it is written."""

from __future__ import annotations

import socket

import pytest

from dataset_builder.open_internet import is_public
from dataset_builder.web import addresses
from dataset_builder.web.addresses import AddressError, parse_address, resolve


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://ledger.example.org/", "gopher://ledger.example.org", "javascript:alert(1)",
        "http://", "https://user:word@ledger.example.org/", "http://[::1", "http://ledger.example.org:99999/",
        "http://" + "a" * 3_000, "", "//ledger.example.org/terms", "http://.../",
    ],
)  # fmt: skip
def test_what_is_no_address_to_ask(url: str) -> None:
    with pytest.raises(AddressError):
        parse_address(url)


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "nonsense",
    ],
)  # fmt: skip
def test_numbers_that_are_not_of_the_open_internet(number: str) -> None:
    assert not is_public(number)


@pytest.mark.parametrize("number", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_numbers_that_anybody_may_ask(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_not_asked_by_any_name(host: str) -> None:
    with pytest.raises(AddressError):
        resolve(parse_address(f"http://{host}/"))


def test_one_private_number_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 80)) for number in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_, **__: numbers)
    with pytest.raises(AddressError, match=r"10\.0\.0\.1"):
        resolve(parse_address("http://ledger.example.org/"))


def test_other_ports_are_not_asked() -> None:
    with pytest.raises(AddressError, match="port 25"):
        resolve(parse_address("http://ledger.example.org:25/"))


def test_an_address_is_sent_as_ascii_without_line_breaks() -> None:
    address = parse_address("http://ledger.example.org/péage one?q=a b\r\nX: y#part")
    assert address.target == "/p%C3%A9age%20one?q=a%20bX:%20y"
    assert address.authority == "ledger.example.org"
