"""What mail providers post when a mail came in, in the form that holds the raw mail.

Each reader gives back the mail, or None for a post that its secret did not make. The secret is the
provider's signing key (Mailgun) or the password in the address that we gave it (the others sign
nothing: docs/operate/inbound-mail.md).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from groundswell.kernel import clock
from groundswell.kernel.signed_posts import WINDOW_SECONDS


@dataclass(frozen=True, slots=True)
class Posted:
    """A mail as a provider handed it over."""

    event_id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes


def _mailgun(request: HttpRequest) -> Posted | None:
    """A route with ``forward("…/mime")``: form fields, signed over timestamp and token."""
    form = request.POST
    timestamp, token = form.get("timestamp", ""), form.get("token", "")
    if not timestamp.isdecimal() or not timestamp.isascii() or len(timestamp) > 12 or not token:
        return None
    if abs(clock.now().timestamp() - int(timestamp)) > WINDOW_SECONDS:
        return None
    given = form.get("signature", "").encode("utf-8", "replace")
    is_signed = False
    for secret in settings.GROUNDSWELL_INBOUND_SECRETS:
        wanted = hmac.new(secret.encode(), f"{timestamp}{token}".encode(), sha256).hexdigest()
        is_signed |= hmac.compare_digest(given, wanted.encode())
    if not is_signed or any(len(form.getlist(name)) != 1 for name in ("timestamp", "token")):
        return None
    return Posted(
        token, form.get("sender", ""), _some(form.get("recipient")), _mime(form, "body-mime")
    )


def _postmark(request: HttpRequest) -> Posted | None:
    """JSON, with "Include raw email content" on."""
    if not _has_password(request):
        return None
    told = _json(request)
    raw, name = told.get("RawEmail"), told.get("MessageID")
    if not isinstance(raw, str) or not isinstance(name, str):
        return None
    recipient = told.get("OriginalRecipient")
    return Posted(name, _return_path(told), _some(recipient), _bytes(raw))


def _return_path(told: dict[str, Any]) -> str:
    """Postmark puts the envelope's sender first among the headers."""
    headers = told.get("Headers")
    first = headers[0] if isinstance(headers, list) and headers else {}
    is_path = isinstance(first, dict) and str(first.get("Name", "")).lower() == "return-path"
    return str(first.get("Value", "")) if is_path else ""


def _sendgrid(request: HttpRequest) -> Posted | None:
    """Inbound Parse with "POST the raw, full MIME message": form fields."""
    if not _has_password(request):
        return None
    content = _mime(request.POST, "email")
    try:
        envelope = json.loads(request.POST.get("envelope", "{}"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(envelope, dict) or not content:
        return None
    name = sha256(content).hexdigest()  # no id of its own comes with the post
    return Posted(name, str(envelope.get("from", "")), _some(envelope.get("to")), content)


READERS: dict[str, Callable[[HttpRequest], Posted | None]] = {
    "mailgun": _mailgun,
    "postmark": _postmark,
    "sendgrid": _sendgrid,
}


def _has_password(request: HttpRequest) -> bool:
    """HTTP Basic with one of our secrets for a password; the name does not matter."""
    scheme, _space, coded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        _name, _colon, password = base64.b64decode(coded, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    is_right = False
    for secret in settings.GROUNDSWELL_INBOUND_SECRETS:
        is_right |= hmac.compare_digest(password, secret.encode())
    return is_right


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _mime(form: Any, name: str) -> bytes:
    return _bytes(form.get(name, ""))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _some(given: Any) -> tuple[str, ...]:
    """One address, or several, as providers write them."""
    if isinstance(given, str):
        return tuple(part.strip() for part in given.split(",")[:20] if part.strip())
    if isinstance(given, Sequence):
        return tuple(str(part) for part in given[:20])
    return ()
