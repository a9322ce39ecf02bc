"""Devices on which somebody signed in before: a sealed cookie, and no row anywhere.

It tells a new device from an old one, so that a new one can be told of; and it gives old ones a
number of tries of their own, so that nobody can use the limits to lock somebody else out. It
proves nothing: whoever signs in takes every step all the same.
"""

from __future__ import annotations

import base64
import binascii
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from groundswell.accounts import addresses
from groundswell.accounts.models import Account
from groundswell.kernel.sealing import CannotOpen
from groundswell.site import vault

_PURPOSE = "known device"
_MOST = 4  # accounts that share one browser
_SECONDS = 400 * 24 * 3600  # as long as browsers keep a cookie (RFC 6265bis section 5.5)


def cookie_name() -> str:
    """``__Host-`` where the origin is encrypted, as for the session."""
    is_secure = settings.SESSION_COOKIE_SECURE
    return "__Host-known" if is_secure else "known"


def _held(request: HttpRequest) -> list[dict[str, str]]:
    """What the cookie says: the synthetic address and the session hash of each account."""
    given = request.COOKIES.get(cookie_name(), "")
    try:
        told = json.loads(vault.open_note(_PURPOSE, base64.urlsafe_b64decode(given)))
    except (CannotOpen, ValueError, binascii.Error):
        return []
    return list(told)


def knows(request: HttpRequest, account: Account) -> bool:
    """Did this account sign in here before, and did not sign out everywhere since?"""
    mine = {"email": account.email, "stamp": account.get_session_auth_hash()}
    return mine in _held(request)


def knows_address(request: HttpRequest, email: str) -> bool:
    """Did somebody with this address sign in here before? Asks nothing of the database, so that
    the answer takes as long for an address that nobody has."""
    return addresses.synthetic(email) in {entry.get("email") for entry in _held(request)}


def remember(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Know this device from now on."""
    others = [entry for entry in _held(request) if entry.get("email") != account.email]
    mine = {"email": account.email, "stamp": account.get_session_auth_hash()}
    told = json.dumps([mine, *others][:_MOST])
    response.set_cookie(
        cookie_name(),
        base64.urlsafe_b64encode(vault.seal_note(_PURPOSE, told)).decode("ascii"),
        max_age=_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
