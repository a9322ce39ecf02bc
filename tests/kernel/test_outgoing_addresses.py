"""What is never asked, whatever somebody types: 300 spellings of places inside."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.kernel import outgoing
from groundswell.kernel.outgoing import addresses, client
from tests.running.processes import wait_until
from tests.running.receiver import receiving

INSIDE_V4 = (
    "0.0.0.0", "0.1.2.3", "10.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200",
    "100.127.255.255", "127.0.0.1", "127.0.0.53", "127.1.2.3", "127.255.255.255", "168.63.129.16",
    "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.17.0.1", "172.31.255.255",
    "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.0.192", "192.0.2.1", "192.31.196.1",
    "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "192.175.48.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.254", "255.255.255.255",
)  # fmt: skip
INSIDE_V6 = (
    "::", "::1", "::2", "::127.0.0.1", "::10.0.0.1", "100::1", "100:0:0:1::1", "64:ff9b:1::1",
    "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1",
    "2001:db8::1", "2001:1ff::1", "2002::1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::",
    "2002:5db8:d822::1", "2620:4f:8000::1", "3fff::1", "3fff:fff::1", "5f00::1", "4000::1",
    "8000::1", "fc00::1", "fd00::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "fe80::a00:1",
    "febf::1", "fec0::1", "ff01::1", "ff02::1", "ff05::2", "ff0e::1", "1::", "1fff::1",
    "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:127.0.0.1",
)  # fmt: skip


def spellings(text: str) -> list[str]:
    """Other ways to write an IPv4 address that some reader understands."""
    address = IPv4Address(text)
    parts, number = [int(part) for part in text.split(".")], int(address)
    tail = f"{parts[2] * 256 + parts[3]}"
    return [
        str(number),
        hex(number),
        hex(number).upper().replace("X", "x"),
        f"0{number:o}",
        ".".join(f"0{part:o}" for part in parts),
        ".".join(hex(part) for part in parts),
        ".".join(f"{part:03d}" for part in parts),
        f"{parts[0]}.{number & 0xFFFFFF}",
        f"{parts[0]}.{parts[1]}.{tail}",
        f"{hex(parts[0])}.{parts[1]}.{tail}",
        f"{text}.",
        "".join(chr(0xFF10 + int(sign)) if sign.isdigit() else sign for sign in text),  # wide
        text.replace(".", "\u3002"),
        text.replace(".", "\uff0e"),
        text.replace("1", "\u2460"),  # circled
        text.replace(".", "%2e"),
    ]


def embedded(text: str) -> list[str]:
    """IPv6 addresses that lead to an IPv4 address."""
    number = int(IPv4Address(text))
    high, low = f"{number >> 16:x}", f"{number & 0xFFFF:x}"
    return [
        f"::ffff:{text}",
        f"::ffff:{high}:{low}",
        f"::{high}:{low}",
        f"64:ff9b::{text}",
        f"64:ff9b::{high}:{low}",
        f"2002:{high}:{low}::1",
        f"2606:4700::5efe:{high}:{low}",
    ]


TRICKS = [
    "https://good.example.org@127.0.0.1/", "https://good.example.org:443@127.0.0.1/",
    "https://user:password@hooks.example.org/", "https://@hooks.example.org/",
    "https://hooks.example.org\\@127.0.0.1/", "https://127.0.0.1\\@hooks.example.org/",
    "https://hooks.example.org\\.evil.example.net/", "https:\\\\hooks.example.org/",
    "https:///127.0.0.1/", "https:/127.0.0.1/", "https:127.0.0.1", "https://", "https:// /",
    "//127.0.0.1/", "/etc/passwd", "", "hooks.example.org", "https://hooks.example.org#@127.0.0.1/",
    "https://hooks.example.org/#x", "https://hooks.example.org/a b", "https://hooks.example.org/\n",
    "https://hooks.example.org/\r\nHost: evil", "https://hooks.example.org/%0", "ftp://a.example.org",
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_x", "dict://127.0.0.1:11211/", "data:,x",
    "javascript:alert(1)", "http://hooks.example.org/", "http://hooks.example.org:8080/",
    "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://x.localhost/",
    "https://localhost.localdomain/", "https://intranet/", "https://printer.local/",
    "https://metadata.google.internal/", "https://router.lan/", "https://nas.home/",
    "https://1.0.0.127.in-addr.arpa/", "https://aaaa.onion/", "https://hooks.example/",
    "https://hooks.test/", "https://hooks.invalid/", "https://hooks.example.org./",
    "https://hooks..example.org/", "https://.example.org/", "https://-a.example.org/",
    "https://a-.example.org/", "https://hooks_1.example.org/", "https://hooks.example.org:/",
    "https://hooks.example.org:0/", "https://hooks.example.org:65536/",
    "https://hooks.example.org:99999/", "https://hooks.example.org:+443/",
    "https://hooks.example.org:0443/", "https://hooks.example.org:443:80/",
    "https://hooks.example.org:\u0664\u0664\u0663/", "https://hooks.example.org:80/",
    "https://hooks.example.org:22/", "https://hooks.example.org:25/",
    "https://hooks.example.org:6379/", "https://hooks.example.org:5432/",
    "https://hooks.example.org:2375/", "https://hooks.example.org:9200/",
    "https://hooks.example.org:11211/", "https://hooks.example.org:27017/",
    "https://hooks.example.org:10250/", "https://hooks.example.org:3306/",
    "https://[::1", "https://::1/", "https://[127.0.0.1]/", "https://[fe80::1%25eth0]/",
    "https://[fe80::1%eth0]/", "https://[2606:4700::1%1]/", "https://[v1.x]/", "https://[]/",
    "https://[::1]x/", "https://[::1]@hooks.example.org/", "https://hooks.example.org\u2025/",
    "https://hooks\u3002example\u3002org/", "https://\u24d7ooks.example.org/",
    "https://stra\u00dfe.example.org/", "https://hooks.exa\u00admple.org/",
    "https://hooks\u200d.example.org/", "https://hooks\u2044x.example.org/",
    "https://hooks\u2100.example.org/", "https://127.0.0.1.\u3002/", "https://hooks.example.org%00/",
    "https://hooks.example.org%2f@127.0.0.1/", "https://hooks.example.org\x00.evil.net/",
    "https://hooks.example.org\t/", " https://hooks.example.org/", "https://hooks.example.org /",
    "https://testserver/", "https://127.0.0.1.:443/", "https://0/", "https://0x/", "https://1.2.3/",
    "https://256.256.256.256/", "https://1.1.1.1.1/", "https://1.1.1.0x1/", "https://a.example.0/",
    "https://a.example.0x7f/", "https://a.example.123/", "https://" + "a" * 64 + ".example.org/",
    "https://" + "a." * 127 + "org/", "https://hooks.example.org/" + "x" * 500,
    "https://hooks.example.org/\u00e9", "https://hooks.example.org/<x>", "https://hooks.example.org?`",
]  # fmt: skip

LITERALS = [
    *(f"https://{text}/" for text in INSIDE_V4),
    *(f"https://[{text}]/" for text in INSIDE_V6),
    *(f"https://{one}/" for text in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.0.1",
                                     "172.16.0.1", "100.64.0.1") for one in spellings(text)),
    *(f"https://[{one}]/" for text in ("127.0.0.1", "169.254.169.254", "10.0.0.1", "224.0.0.1",
                                       "172.16.5.4", "100.64.0.1") for one in embedded(text)),
]  # fmt: skip
REFUSED = sorted({*TRICKS, *LITERALS})


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whatever anything tries to connect to."""
    found: list[Any] = []

    def noted(self: socket.socket, where: Any) -> None:
        found.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", noted)
    monkeypatch.setattr(socket.socket, "connect_ex", noted)
    return found


def test_the_table_is_long() -> None:
    assert len(REFUSED) >= 300


@pytest.mark.parametrize("url", REFUSED, ids=ascii)
def test_a_place_inside_is_never_asked(
    url: str, reached: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: pytest.fail("looked up"))

    with pytest.raises(outgoing.Unfit):
        outgoing.post(url, b"{}", {})

    assert reached == []


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://hooks.example.org", "hooks.example.org", 443, "/"),
        ("HTTPS://Hooks.Example.ORG/A?b=%20c", "hooks.example.org", 443, "/A?b=%20c"),
        ("https://hooks.example.org?x=1", "hooks.example.org", 443, "/?x=1"),
        ("https://hooks.example.org:8443/x/../y", "hooks.example.org", 8443, "/x/../y"),
        ("https://m\u00fcnchen.example.org/", "xn--mnchen-3ya.example.org", 443, "/"),
        ("https://\u0645\u062b\u0627\u0644.example.org/", "xn--mgbh0fb.example.org", 443, "/"),
        ("https://8.8.8.8/", "8.8.8.8", 443, "/"),
        ("https://[2606:4700:0::1111]/", "2606:4700::1111", 443, "/"),
        ("https://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808", 443, "/"),
        ("https://4u.example.org/", "4u.example.org", 443, "/"),
    ],
)
def test_a_place_outside_is_read_as_it_stands(url: str, host: str, port: int, path: str) -> None:
    assert outgoing.read(url) == outgoing.Target("https", host, port, path)


def test_our_own_names_are_refused(settings: Any) -> None:
    settings.GROUNDSWELL_ORIGIN = "https://act.example.org"
    settings.ALLOWED_HOSTS = ["act.example.org", "www.act.example.org"]

    for host in ("act.example.org", "ACT.example.org", "www.act.example.org"):
        with pytest.raises(outgoing.Unfit, match="ours"):
            outgoing.read(f"https://{host}/webhooks/")


@pytest.mark.parametrize("mode", ["live", "demo", "test"])
@pytest.mark.parametrize("is_allowed", [True, False])
def test_this_machine_is_for_tests_that_say_so(settings: Any, mode: str, is_allowed: bool) -> None:
    settings.GROUNDSWELL_MODE, settings.GROUNDSWELL_OUTGOING_LOOPBACK = mode, is_allowed
    found: str | None = None
    with contextlib.suppress(outgoing.Unfit):
        found = outgoing.read("http://127.0.0.1:9999/").host

    assert (found is not None) == (mode != "live" and is_allowed)
    with pytest.raises(outgoing.Unfit):
        outgoing.read("http://10.0.0.1:9999/")


# --- names that lead inside --------------------------------------------------------------------


def answering(*texts: str) -> Callable[..., list[Any]]:
    """A ``getaddrinfo`` that knows only these addresses."""

    def found(host: str, port: int, **more: Any) -> list[Any]:
        rows = []
        for text in texts:
            is_v4 = "." in text and ":" not in text
            family = socket.AF_INET if is_v4 else socket.AF_INET6
            where = (text, port) if is_v4 else (text, port, 0, 0)
            rows.append((family, socket.SOCK_STREAM, 6, "", where))
        return rows

    return found


@pytest.mark.parametrize("inside", [*INSIDE_V4, *INSIDE_V6])
@pytest.mark.parametrize("others", [(), ("8.8.8.8",)], ids=["alone", "behind-a-public-one"])
def test_a_name_that_leads_inside_is_never_asked(
    inside: str, others: tuple[str, ...], reached: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering(*others, inside))

    with pytest.raises(outgoing.Unfit, match="not_public"):
        outgoing.post("https://hooks.example.org/", b"{}", {})

    assert reached == []


def test_without_the_table_the_same_requests_reach_this_machine(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GROUNDSWELL_ORIGIN, settings.ALLOWED_HOSTS = "https://act.example.org", []
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    monkeypatch.setattr(client, "TOTAL_SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.0.1"))

    with receiving() as inside:
        for host in ("127.0.0.1", "hooks.example.org"):
            with pytest.raises(outgoing.Failed):  # it speaks no TLS, but it was reached
                outgoing.post(f"https://{host}:{inside.port}/", b"{}", {})
        wait_until(lambda: inside.connections == 2, seconds=10, what="both were reached")


def test_what_python_calls_global_would_not_have_been_enough() -> None:
    texts = [*INSIDE_V4, *INSIDE_V6, *itertools.chain(*map(embedded, INSIDE_V4))]

    assert [text for text in texts if addresses.is_public(ip_address(text))] == []
    assert "168.63.129.16" in [text for text in texts if ip_address(text).is_global]


def test_a_name_that_means_something_else_a_moment_later_changes_nothing(
    reached: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = lying(monkeypatch)

    with pytest.raises(outgoing.Failed, match="no_connection"):
        outgoing.post("https://hooks.example.org/", b"{}", {})

    assert reached == [("8.8.8.8", 443)]
    assert len(asked) == 1


def test_a_client_that_looks_twice_is_led_inside(
    reached: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lying(monkeypatch)
    monkeypatch.setattr(client._Pinned, "connect", http.client.HTTPConnection.connect)

    with pytest.raises(outgoing.Failed):
        outgoing.post("https://hooks.example.org/", b"{}", {})

    assert reached == [("127.0.0.1", 443)]


def lying(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A name server that answers with a public address first and with this machine afterwards."""
    asked: list[str] = []

    def found(host: str, port: int, *more: Any, **others: Any) -> list[Any]:
        asked.append(host)
        return answering("8.8.8.8" if len(asked) == 1 else "127.0.0.1")(host, port)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


# --- every address of every network --------------------------------------------------------------


def inside(network: IPv4Network | IPv6Network) -> st.SearchStrategy[Any]:
    kind = IPv4Address if network.version == 4 else IPv6Address
    last = int(network.broadcast_address)
    return st.integers(int(network.network_address), last).map(kind)


V6_INSIDE = ["::/8", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "4000::/2", "8000::/1"]
OF_V4 = st.sampled_from(addresses.REFUSED_V4).flatmap(inside)


@given(OF_V4)
def test_no_ipv4_address_of_a_refused_network_passes(address: IPv4Address) -> None:
    assert not addresses.is_public(address)
    assert not any(addresses.is_public(IPv6Address(text)) for text in embedded(str(address)))
    with pytest.raises(outgoing.Unfit):
        outgoing.read(f"https://{address}/")


@given(
    st.sampled_from([*addresses.REFUSED_V6, *map(IPv6Network, V6_INSIDE)])
    .flatmap(inside)
    .filter(lambda address: address not in addresses.NAT64)
)
def test_no_ipv6_address_of_a_refused_network_passes(address: IPv6Address) -> None:
    assert not addresses.is_public(address)
    with pytest.raises(outgoing.Unfit):
        outgoing.read(f"https://[{address}]/")


@given(OF_V4, st.integers(0, 15))
def test_no_other_spelling_of_a_refused_address_passes(address: IPv4Address, which: int) -> None:
    with pytest.raises(outgoing.Unfit):
        outgoing.read(f"https://{spellings(str(address))[which]}/")


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://hooks.example.org{text}"):
        try:
            target = outgoing.read(url)
        except outgoing.Unfit:
            continue
        assert target.scheme == "https"
        assert target.host.isascii()
        assert target.host == target.host.lower()
        assert "\r" not in target.path
        assert "\n" not in target.path
