"""What a public form carries to tell people from programs, and what a page sees of it.

Three quiet fields: a trap that only programs fill in, a stamp that says when we made the form
(signed, for this very form), and room for the proof of a second's work, which a browser shows by
itself when it is asked (static/js/work.js). Nothing here refuses anybody: the operation weighs what
the page saw (accounts/doubts.py).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest

from groundswell.accounts.doubts import Doubt, Look
from groundswell.kernel import clock, sealing
from groundswell.web import networks

TRAP, STAMP, WORK, SCRIPT = "homepage", "stamp", "work", "script"
FRESH_SECONDS = 12 * 60 * 60
WORK_BITS = 17  # about 130,000 hashes: under a second on a phone of four years
_TAG = 16
_WORK_MOST = 20


@dataclass(frozen=True, slots=True)
class Fields:
    """The quiet fields of one form; ``asks``: the browser should begin to work at once."""

    stamp: str
    bits: int = WORK_BITS
    asks: bool = False


def fields(request: HttpRequest, about: str, *, asks: bool = False) -> Fields:
    """The fields for the form ``about`` something. An answer with errors keeps its first stamp,
    so that somebody who mends one letter is not too fast."""
    sent = request.POST.get(STAMP, "") if request.method == "POST" else ""
    is_kept = _made_at(sent, about) is not None and _age(sent, about) <= FRESH_SECONDS
    return Fields(sent if is_kept else stamp(about), asks=asks)


def stamp(about: str) -> str:
    """When a form was made, signed for it: ``1767225600.k3…``."""
    made_at = str(int(clock.now().timestamp()))
    return f"{made_at}.{_tag(made_at, about)}"


def look(request: HttpRequest, about: str, *, email: str = "") -> Look:
    """What can be seen of a posted form."""
    sent = request.POST
    return Look(
        doubt=_doubt(sent.get(TRAP, ""), sent.get(STAMP, ""), about),
        network=networks.network_of(request),
        can_work=sent.get(SCRIPT) == "yes",
        has_worked=is_worked(sent.get(STAMP, ""), about, email, sent.get(WORK, "")),
    )


def _doubt(trap: str, sent: str, about: str) -> Doubt:
    if trap:
        return Doubt.TRAP
    if _made_at(sent, about) is None:
        return Doubt.UNSTAMPED
    age = _age(sent, about)
    if age > FRESH_SECONDS:
        return Doubt.STALE
    return Doubt.FAST if age < settings.GROUNDSWELL_FORM_SECONDS else Doubt.NONE


def _age(sent: str, about: str) -> float:
    """Seconds since the stamp; below zero for one of the future, which nobody can have made."""
    made_at = _made_at(sent, about)
    return clock.now().timestamp() - made_at if made_at is not None else -1.0


def _made_at(sent: str, about: str) -> int | None:
    made_at, _dot, tag = sent.partition(".")
    if not made_at.isascii() or not made_at.isdigit() or len(made_at) > 12:
        return None
    return (
        int(made_at) if hmac.compare_digest(tag.encode(), _tag(made_at, about).encode()) else None
    )


def _tag(made_at: str, about: str) -> str:
    key = _stamp_key(settings.GROUNDSWELL_MASTER_KEY)
    digest = hmac.new(key, f"{made_at}:{about}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_TAG]).decode().rstrip("=")


@cache
def _stamp_key(master: bytes) -> bytes:
    return sealing.derive(master, "form-stamp")


def is_worked(sent: str, about: str, email: str, work: str) -> bool:
    """Whether ``work`` is a number that took its finder about 2^17 hashes to find.

    It belongs to this stamp and this address, so no work is done once and used for many. With
    ``base`` = hex SHA-256 of ``stamp:address``, SHA-256 of ``base`` and the number begins with 17
    zero bits (hashcash, Back 2002). Checked without storing anything.
    """
    if not work.isascii() or not work.isdigit() or len(work) > _WORK_MOST:
        return False
    if _made_at(sent, about) is None or not 0 <= _age(sent, about) <= FRESH_SECONDS:
        return False
    found = hashlib.sha256(f"{work_base(sent, email)}{work}".encode()).digest()
    return int.from_bytes(found[:4]) >> (32 - WORK_BITS) == 0


def work_base(sent: str, email: str) -> str:
    """What the number is appended to. The address as typed, trimmed: the browser knows no more."""
    return hashlib.sha256(f"{sent}:{email.strip()}".encode()).hexdigest()
