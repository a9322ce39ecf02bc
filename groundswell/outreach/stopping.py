"""The stop link at the foot of a mail: who, which messages, signed. It needs no row.

Pure functions; ``operations.stopping`` acts. The link holds ids and a code, no address; it never
expires, because a mail may be years old when somebody has had enough.
"""

from __future__ import annotations

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import sha256

from groundswell.people.models import Consent
from groundswell.site import vault

KEY_VERSION = 1  # a new version makes new links; the old ones stay valid while it is listed
KEY_VERSIONS = (1,)

_PURPOSES = {
    1: Consent.Purpose.EVENT,
    2: Consent.Purpose.CAMPAIGN,
    3: Consent.Purpose.HOSTING,
    4: Consent.Purpose.NEWS,
}
_CODES = {purpose: code for code, purpose in _PURPOSES.items()}
_BODY = struct.Struct(">BBqq")  # key version, purpose, person, about
_TAG_BYTES = 16
_LENGTH = 48  # 18 bytes of body and 16 of tag, in base 64 with its padding


@dataclass(frozen=True, slots=True)
class Stop:
    """Whose messages, what for, and about which event or campaign."""

    person_id: int
    purpose: Consent.Purpose
    about_id: int


def sign(stop: Stop) -> str:
    """The signed form for a link: about 46 letters, safe in a URL."""
    body = _BODY.pack(KEY_VERSION, _CODES[stop.purpose], stop.person_id, stop.about_id)
    return urlsafe_b64encode(body + _tag(KEY_VERSION, body)).decode().rstrip("=")


def read(signed: str) -> Stop | None:
    """What a link says; None when it was changed, cut, or signed by a key that is gone."""
    padded = signed + "=" * (-len(signed) % 4)
    if len(padded) != _LENGTH or not signed.isascii() or signed.endswith("="):
        return None
    try:
        raw = urlsafe_b64decode(padded)
    except (NotBase64, ValueError):
        return None
    if len(raw) != _BODY.size + _TAG_BYTES or urlsafe_b64encode(raw).decode() != padded:
        return None  # two spellings of one link would make tampering look harmless
    body, tag = raw[: _BODY.size], raw[_BODY.size :]
    version, code, person_id, about_id = _BODY.unpack(body)
    if version not in KEY_VERSIONS or code not in _PURPOSES:
        return None
    if not hmac.compare_digest(tag, _tag(version, body)):
        return None
    return Stop(person_id, _PURPOSES[code], about_id)


def _tag(version: int, body: bytes) -> bytes:
    key = vault.derived(f"stop:{version}")
    return hmac.new(key, body, sha256).digest()[:_TAG_BYTES]
