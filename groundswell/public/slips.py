"""The slip: what the page after signing up shows, carried by the visitor, sealed by us.

It travels in a cookie for half an hour, never in an address, so the page can greet somebody by
name without an account and without anybody else seeing it. Without a slip the page is general.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from groundswell.kernel import clock
from groundswell.kernel.sealing import CannotOpen
from groundswell.site import vault

COOKIE = "slip"
KEPT = timedelta(minutes=30)
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


def put(response: HttpResponse, slip: Slip) -> None:
    """Give the slip to the browser."""
    told = json.dumps({**asdict(slip), "until": (clock.now() + KEPT).timestamp()})
    response.set_cookie(
        COOKIE,
        urlsafe_b64encode(vault.seal_note(_PURPOSE, told)).decode(),
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def read(request: HttpRequest, event_id: int) -> Slip | None:
    """The slip for this event; None when there is none, or it is old, changed, or another's."""
    text = request.COOKIES.get(COOKIE, "")
    if not text or len(text) > _LONGEST:
        return None
    try:
        told = json.loads(vault.open_note(_PURPOSE, urlsafe_b64decode(text)))
    except (CannotOpen, NotBase64, ValueError):
        return None
    until = told.pop("until")
    slip = Slip(**told)
    return slip if slip.event_id == event_id and until > clock.now().timestamp() else None
