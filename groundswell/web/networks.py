"""Which network a request came from, as a keyed hash that nobody can turn back after a day.

Only the prefix counts (/24, /48), under a key that is drawn when the server starts, is never
written anywhere, and takes a one-way step every day: what was counted yesterday can be traced by
nobody, us included. Processes that the server forks share the key; several machines each count
for themselves. Addresses themselves are stored nowhere.

People who come by Tor have no network of their own, nor has anybody behind a proxy that we were
not told about: they are not lumped together, and what they send is limited by event and address.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import threading
from datetime import date

from django.conf import settings
from django.http import HttpRequest

from groundswell.kernel import clock

_lock = threading.Lock()
_secret = os.urandom(32)
_day: date | None = None


def network_of(request: HttpRequest) -> str:
    """The keyed hash of the network that a request came from; "" where that says nothing."""
    if request.META.get("HTTP_HOST", "").partition(":")[0].endswith(".onion"):
        return ""
    prefix = _prefix(_address(request))
    if not prefix:
        return ""
    return hmac.new(_key_of_today(), prefix.encode(), hashlib.sha256).hexdigest()


def _address(request: HttpRequest) -> str:
    """The visitor's address as the last proxy that we trust saw it.

    Every proxy adds the address of whoever asked it to ``X-Forwarded-For``; what stands further
    left was sent by the visitor and proves nothing.
    """
    trusted: int = settings.GROUNDSWELL_PROXIES
    if not trusted:
        return str(request.META.get("REMOTE_ADDR", ""))
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return told[-trusted].strip() if len(told) >= trusted else ""


def _prefix(text: str) -> str:
    """``203.0.113.0/24`` or ``2001:db8:5::/48``; "" for what is no address of the internet."""
    try:
        address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback or address.is_link_local or address.is_unspecified:
        return ""
    if _is_home(address):
        return ""
    length = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, length), strict=False))


# RFC 1918 and RFC 4193, as numbers.
_HOME = [
    ipaddress.ip_network((10 << 24, 8)),
    ipaddress.ip_network(((172 << 24) + (16 << 16), 12)),
    ipaddress.ip_network(((192 << 24) + (168 << 16), 16)),
    ipaddress.ip_network((0xFC << 120, 7)),
]


def _is_home(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is a private address: a proxy that we were not told about, or a test at home."""
    return any(address.version == each.version and address in each for each in _HOME)


def _key_of_today() -> bytes:
    """The secret, one step further for each day that began; the way back does not exist."""
    global _secret, _day
    today = clock.now().date()
    with _lock:
        if _day is None:
            _day = today
        while _day < today:
            _secret = hashlib.sha256(b"groundswell.networks" + _secret).digest()
            _day = date.fromordinal(_day.toordinal() + 1)
        return _secret
