"""The slip: what the page after signing up shows, carried by the visitor, sealed by us.

It travels in a cookie for half an hour, never in an address, so the page can greet somebody by
name without an account and without anybody else seeing it. Without a slip the page is general.

The form for a phone number carries a copy that lasts for a day: a page that was left open, or a
browser that drops cookies, must not lose what somebody typed into it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from groundswell.kernel import clock
from groundswell.kernel.sealing import CannotOpen
from groundswell.site import vault

KEPT = timedelta(minutes=30)
KEPT_IN_A_FORM = timedelta(days=1)
FIELD = "slip"  # of the form
_PURPOSE = "public.slip"
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Slip:
    """``rsvp_id`` is 0 for a repeat: its page says the same and changes nothing."""

    event_id: int
    given: str
    state: str  # Rsvp.State, as the visitor may know it
    party: int
    rsvp_id: int = 0
    may_lapse: bool = False


def cookie() -> str:
    """The cookie's name; over TLS no other host can set it."""
    return "__Host-slip" if settings.SESSION_COOKIE_SECURE else "slip"


def put(response: HttpResponse, slip: Slip) -> None:
    """Give the slip to the browser."""
    response.set_cookie(
        cookie(),
        _sealed(slip, KEPT),
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def for_form(slip: Slip) -> str:
    """A copy for a hidden field of the page. It says no name: a page may be kept."""
    return _sealed(replace(slip, given=""), KEPT_IN_A_FORM)


def _sealed(slip: Slip, kept: timedelta) -> str:
    told = json.dumps({**asdict(slip), "until": (clock.now() + kept).timestamp()})
    return urlsafe_b64encode(vault.seal_note(_PURPOSE, told)).decode()


def read(request: HttpRequest, event_id: int) -> Slip | None:
    """The slip for this event; None when there is none, or it is old, changed, or another's."""
    return _opened(request.COOKIES.get(cookie(), ""), event_id)


def read_form(request: HttpRequest, event_id: int) -> Slip | None:
    """The copy that the form brought back, or else the cookie's."""
    return _opened(request.POST.get(FIELD, ""), event_id) or read(request, event_id)


def _opened(text: str, event_id: int) -> Slip | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        told = json.loads(vault.open_note(_PURPOSE, urlsafe_b64decode(text)))
    except (CannotOpen, NotBase64, ValueError):  # a foreign text is no slip
        return None
    until = told.pop("until")
    slip = Slip(**told)
    return slip if slip.event_id == event_id and until > clock.now().timestamp() else None
