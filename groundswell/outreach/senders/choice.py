"""Which sender is in use: SMTP when it is configured, the shelf in a demonstration and in tests.

A live installation without a mail server has none: its messages stay in the outbox, and the
doctor says so.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from groundswell.outreach.senders.contract import Sender
from groundswell.outreach.senders.shelf.send import ShelfSender
from groundswell.outreach.senders.smtp.send import SmtpSender


def current() -> Sender | None:
    """The sender of this installation, kept with its connection by this process."""
    url = settings.GROUNDSWELL_SMTP_URL
    if settings.GROUNDSWELL_MODE == "demo" or (settings.GROUNDSWELL_MODE == "test" and not url):
        return ShelfSender()
    return _smtp(url) if url else None


@lru_cache(maxsize=1)
def _smtp(url: str) -> SmtpSender:
    return SmtpSender(url, called=_our_name())


def _our_name() -> str:
    """Our host name for EHLO, or its address as a literal (RFC 5321 section 4.1.3)."""
    host = urlsplit(settings.GROUNDSWELL_ORIGIN).hostname or "localhost"
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[{address}]" if address.version == 4 else f"[IPv6:{address}]"
