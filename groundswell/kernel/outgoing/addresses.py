"""What may be asked for: reading an address that somebody typed, and our own table of networks.

Python's ``ipaddress.is_global`` is not enough: in 3.11.7 it says yes to multicast, to NAT64 and
6to4 around 127.0.0.1, and to ``::127.0.0.1``. The table is taken from the IANA registries of
special-purpose addresses (RFC 6890 and what was added since), read in 2026.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 500  # characters of a whole address
HTTPS = 443
LEAST_HIGH_PORT = 1024
# High ports at which something listens that takes commands from whoever reaches it.
CLOSED_PORTS = frozenset(
    {
        1080, 1433, 1521, 2049, 2375, 2376, 2379, 2380, 3128, 3306, 3389, 4369, 5432, 5672, 5900,
        5984, 6000, 6379, 6443, 6665, 6666, 6667, 6668, 6669, 6697, 7000, 7001, 8086, 9042, 9092,
        9200, 9300, 10250, 11211, 15672, 27017, 27018, 27019, 50070,
    }
)  # fmt: skip

REFUSED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by the customers of a provider
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # a cloud's own service, at an address that looks public
        "169.254.0.0/16",  # link-local: the metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # measuring
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
GLOBAL_V6 = IPv6Network("2000::/3")  # the only part that is given to anybody
NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
REFUSED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocols: Teredo, ORCHID, measuring
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: any IPv4 address inside
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})  # RFC 5214: before an IPv4 address of a local net

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LOOKS_LIKE_A_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # WHATWG URL, "ends in a number"
_NEVER_OUTSIDE = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion",
     "test", "example", "invalid", "alt", "private", "localdomain"}
)  # fmt: skip
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_DOTS = frozenset("\u3002\uff0e\uff61")  # what IDNA takes for a dot (RFC 3490 section 3.1)
_WRITTEN = frozenset({"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"})  # letters, their marks, digits


class Failed(Exception):
    """Nothing came of it. ``code`` is one of ours, never a word of the other side."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Unfit(Failed):
    """An address that is never asked, whatever the network says."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to ask. ``host`` is a name in ASCII or an address in its one right spelling."""

    scheme: str
    host: str
    port: int
    path: str  # with its query

    @property
    def is_address(self) -> bool:
        """Whether the host is an address rather than a name."""
        return _as_address(self.host) is not None

    @property
    def is_this_machine(self) -> bool:
        """Typed as this machine, which only tests may reach."""
        return self.host in _THIS_MACHINE

    @property
    def host_header(self) -> str:
        """As the ``Host`` line of the request names it."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        usual = HTTPS if self.scheme == "https" else 80
        return shown if self.port == usual else f"{shown}:{self.port}"


def read(address: str) -> Target:
    """What somebody typed, taken apart by one strict reading. Asks nobody. Raises Unfit.

    Two readers that take an address apart differently are how filters are passed by; so anything
    that has two readings is refused: backslashes, user names, other dots, numbers for a host.
    """
    if not 1 <= len(address) <= LONGEST:
        raise Unfit("length")
    scheme, found, rest = address.partition("://")
    scheme = scheme.lower()
    if not found or scheme not in {"https", "http"}:
        raise Unfit("scheme")
    authority, path = _cut(rest)
    if "@" in authority:
        raise Unfit("user_name")
    target = Target(scheme, *_host_and_port(authority, scheme), path)
    if target.is_this_machine and _may_reach_this_machine():
        return target
    _check(target)
    return target


def _cut(rest: str) -> tuple[str, str]:
    """Host with its port, and path with its query."""
    if "#" in rest:
        raise Unfit("fragment")
    end = next((place for place, sign in enumerate(rest) if sign in "/?"), len(rest))
    authority, path = rest[:end], rest[end:]
    if not path.startswith("/"):
        path = f"/{path}"
    if not re.fullmatch(r"[!-~]+", path) or set(path) & set('\\<>"^`{|}'):
        raise Unfit("path")
    if re.search(r"%(?![0-9A-Fa-f]{2})", path):
        raise Unfit("path")
    return authority, path


def _host_and_port(authority: str, scheme: str) -> tuple[str, int]:
    if authority.startswith("["):
        inner, bracket, after = authority[1:].partition("]")
        if not bracket or (after and not after.startswith(":")):
            raise Unfit("host")
        return _v6(inner), _port(after, scheme)
    host, colon, port = authority.partition(":")
    return _name(host), _port(colon + port, scheme)


def _port(written: str, scheme: str) -> int:
    """The port behind its colon; the usual one where there is none."""
    if not written:
        return HTTPS if scheme == "https" else 80
    if not re.fullmatch(r":[1-9][0-9]{0,4}", written) or int(written[1:]) > 65535:
        raise Unfit("port")
    return int(written[1:])


def _v6(inner: str) -> str:
    try:
        found = IPv6Address(inner)
    except AddressValueError:
        raise Unfit("host") from None
    if found.scope_id is not None:
        raise Unfit("host")
    return str(found)


def _name(host: str) -> str:
    """A host name in ASCII, or an IPv4 address in its usual spelling."""
    lowered = host.lower()
    if not lowered or lowered.endswith(".") or set(lowered) & _DOTS:
        raise Unfit("host")
    is_written = all(sign.isascii() or unicodedata.category(sign) in _WRITTEN for sign in lowered)
    if not is_written or unicodedata.normalize("NFKC", lowered) != lowered:
        raise Unfit("host")  # wide digits, slashes that are none: something else in disguise
    name = lowered if lowered.isascii() else _in_ascii(lowered)
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise Unfit("host")
    if _LOOKS_LIKE_A_NUMBER.fullmatch(name.rpartition(".")[2]) and _as_address(name) is None:
        raise Unfit("host")  # 127.1, 2130706433, 0x7f.1: other readers make an address of it
    return name


def _in_ascii(host: str) -> str:
    """By IDNA 2003, and only where the way back leads to what was typed (``ß`` does not)."""
    try:
        name = host.encode("idna").decode("ascii")
        is_same = name.encode("ascii").decode("idna") == host
    except UnicodeError:
        raise Unfit("host") from None
    if not is_same:
        raise Unfit("host")
    return name


def _check(target: Target) -> None:
    if target.scheme != "https":
        raise Unfit("scheme")
    if target.port != HTTPS and (target.port < LEAST_HIGH_PORT or target.port in CLOSED_PORTS):
        raise Unfit("port")
    if target.host in our_hosts():
        raise Unfit("ours")
    address = _as_address(target.host)
    if address is not None:
        if not is_public(address):
            raise Unfit("not_public")
        return
    labels = target.host.split(".")
    if len(labels) < 2 or labels[-1] in _NEVER_OUTSIDE:
        raise Unfit("host")


def our_hosts() -> frozenset[str]:
    """Every name of this installation: nothing of ours is asked by way of the outside."""
    ours = {urlsplit(origin).hostname for origin in (
        settings.GROUNDSWELL_ORIGIN, settings.GROUNDSWELL_ONION,
    )}  # fmt: skip
    return frozenset(host for host in {*ours, *settings.ALLOWED_HOSTS} if host)


def _may_reach_this_machine() -> bool:
    return settings.GROUNDSWELL_MODE != "live" and settings.GROUNDSWELL_OUTGOING_LOOPBACK


def _as_address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public internet, by our own table."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_V4)
    if address.scope_id is not None:
        return False
    if address in NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if address not in GLOBAL_V6 or any(address in network for network in REFUSED_V6):
        return False
    return (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP
