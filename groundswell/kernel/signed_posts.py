"""Signatures over what machines send each other, as Standard Webhooks writes them.

``base64(HMAC-SHA256(secret, id.timestamp.body))`` behind ``v1,``; several signatures with spaces
between, so that a secret can be changed without losing a post (standardwebhooks.com, version 1.0).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

WINDOW_SECONDS = 300
_ID = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES = 10


def sign(*, secret: str, post_id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    code = hmac.new(_key(secret), f"{post_id}.{timestamp}.".encode() + body, sha256).digest()
    return "v1," + base64.b64encode(code).decode()


def is_signed(
    *,
    secrets: Iterable[str],
    post_id: str,
    timestamp: str,
    signature: str,
    body: bytes,
    now: datetime,
) -> bool:
    """Whether one of ``secrets`` signed exactly this, five minutes ago at most.

    A header that came twice arrives joined by a comma and matches nothing.
    """
    if not _ID.fullmatch(post_id) or not _TIMESTAMP.fullmatch(timestamp):
        return False
    if abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        return False
    given = [one for one in signature.split(" ") if one.startswith("v1,")][:_MOST_SIGNATURES]
    whole = f"{post_id}.{timestamp}.".encode() + body
    is_good = False
    for secret in secrets:
        wanted = b"v1," + base64.b64encode(hmac.new(_key(secret), whole, sha256).digest())
        for one in given:
            is_good |= hmac.compare_digest(one.encode("utf-8", "replace"), wanted)
    return is_good


def _key(secret: str) -> bytes:
    """``whsec_`` and base 64, as the standard writes secrets; anything else as it stands."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass
    return secret.encode()
