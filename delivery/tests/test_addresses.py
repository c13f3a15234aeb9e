"""A webhook never goes into the network the program stands in, whichever way the address is written."""

import socket

import pytest

from delivery import transport
from delivery.addresses import AddressRefused, is_public, parse_url
from delivery.tests.receiver import receiving


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "https://", "https://user:word@example.com/", "https://user@e.com/",
        "https://example.com:99999/", "javascript:alert(1)", "//example.com", "https://exa mple.com/", "",
        "https://example.com/\r\nx: y", "https://[::1/", "https://example.com/ä",
    ],
)  # fmt: skip
def test_addresses_that_cannot_be_used(url: str) -> None:
    with pytest.raises(AddressRefused):
        parse_url(url, allow_private=False)


def test_nothing_is_sent_to_a_private_address() -> None:
    with receiving() as receiver:
        secure = receiver.url.replace("http://", "https://")
        assert transport.post(secure, b"{}", {}).error == "address"
        for odd in ("https://0x7f000001/", "https://2130706433/", "https://localhost/", "https://[::ffff:127.0.0.1]/"):
            assert transport.post(odd, b"{}", {}).error == "address", odd
        assert receiver.got == []


def test_the_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads somewhere else the second time it is asked for gains nothing."""
    with receiving() as receiver:
        port = int(receiver.url.rsplit(":", 1)[1].split("/")[0])
        asked: list[str] = []
        real = socket.getaddrinfo

        def rebinding(host: str, *args: object, **kwargs: object) -> object:
            if host == "rebind.example.com":
                asked.append(host)
                host = "127.0.0.1" if len(asked) == 1 else "203.0.113.1"
            return real(host, *args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        answer = transport.post(f"http://rebind.example.com:{port}/", b"{}", {}, allow_private=True)
        assert (answer.status, asked) == (204, ["rebind.example.com"])
        assert receiver.got[0][0]["host"] == f"rebind.example.com:{port}"


def test_redirects_are_not_followed_and_answers_are_cut() -> None:
    with receiving() as receiver:
        receiver.status, receiver.location, receiver.said = 302, receiver.url, b"\0" + b"a" * 100_000
        answer = transport.post(receiver.url, b"{}", {}, allow_private=True)
        assert (answer.status, answer.error, answer.is_success) == (302, "redirect", False)
        assert len(receiver.got) == 1
        assert answer.text == "a" * 500


def test_an_answer_that_drips_ends_at_the_deadline() -> None:
    with receiving() as receiver:
        receiver.drips = True
        answer = transport.post(receiver.url, b"{}", {}, allow_private=True, seconds=0.5)
        assert (answer.status, answer.error) == (None, "timeout")


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        answer = transport.post(f"http://127.0.0.1:{taken.getsockname()[1]}/", b"{}", {}, allow_private=True)
    assert (answer.status, answer.error) == (None, "connection")
