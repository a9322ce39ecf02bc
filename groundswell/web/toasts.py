"""Where the sentences shown once after a press are kept: in a cookie that belongs to this host."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class LockedCookies(CookieStorage):
    """Django's, under a name that browsers accept from this very host over TLS only (RFC 6265bis
    section 4.1.3.2)."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]  # a plain attribute in Django
        return "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"
