"""A person's own code for links that they pass on (``?ref=``).

It is the person's id under a key of this installation (AES-SIV): the same code each time, nobody
else can read or make one, and it holds nothing about them. It needs no row; an erasure ends it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from groundswell.kernel import sealing
from groundswell.site import vault

LENGTH = 32  # 8 bytes of id and 16 of seal, in base 64


def code_of(person_id: int) -> str:
    """Somebody's code: 32 letters, digits, ``-`` and ``_``."""
    name = sealing.seal_name(_key(), person_id.to_bytes(8))
    return urlsafe_b64encode(name).decode()


def person_id_of(code: str) -> int | None:
    """Whose code it is; None for anything that we did not make. They may have been erased."""
    if len(code) != LENGTH or not code.isascii():
        return None
    try:
        return int.from_bytes(sealing.open_name(_key(), urlsafe_b64decode(code)))
    except (NotBase64, ValueError, sealing.CannotOpen):
        return None


def _key() -> bytes:
    return vault.derived("referral")
