"""Anchors: heads of the log's chain, kept apart from the log.

Who can write to the main database can make every digest anew. They cannot make the anchors fit:
those lie in the keys database, each proven with a key that only this installation has. Against
somebody who has all of it, master key too, only a head on paper helps (``groundswell doctor
--audit`` prints it).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.kernel import clock
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import chain
from groundswell.ledger.proof import Mark
from groundswell.site import vault
from groundswell.site.models import Anchor
from groundswell.site.routing import KEYS_DATABASE

SHOWN_BYTES = 10  # of a digest, for people: 80 bits cannot be met by trying
_PURPOSE = "anchors of the log"


class NotAHead(Refusal):
    sentence = _("A head looks like 412-9f3a-11c0-77aa-02bd-e1e1: a place, then its digest.")


def written(place: int, digest: bytes) -> str:
    """A head as people write it down: ``412-9f3a-11c0-77aa-02bd-e1e1``."""
    told = digest[:SHOWN_BYTES].hex()
    return "-".join([str(place), *(told[n : n + 4] for n in range(0, len(told), 4))])


def read(text: str) -> Mark:
    """A head that somebody kept, back as a mark. Raises NotAHead."""
    place, _dash, told = text.strip().lower().partition("-")
    try:
        digest = bytes.fromhex(told.replace("-", ""))
    except ValueError:
        digest = b""
    is_place = place.isascii() and place.isdigit() and 0 < int(place) < 2**63
    if not is_place or len(digest) < SHOWN_BYTES:
        raise NotAHead
    return Mark(int(place), digest)


def head() -> str:
    """The newest head of the chain, to be written down; "" while the chain is empty."""
    place, digest = chain.head()
    return written(place, digest) if place else ""


def _proof(anchor: Anchor, before: bytes) -> bytes:
    told = "|".join(
        (
            str(anchor.place),
            bytes(anchor.digest).hex(),
            anchor.made_at.astimezone(UTC).isoformat(),
            str(anchor.is_after_restore),
            before.hex(),
        )
    )
    return hmac.digest(vault.derived(_PURPOSE), told.encode(), "sha256")


def keep(*, is_after_restore: bool = False) -> bool:
    """Anchor the newest head, if it moved since the last anchor. Returns whether it did.

    ``is_after_restore``: also when it did not; from then on what stood behind it is not asked for.
    """
    vault.derived(_PURPOSE)  # before the transaction: the first use of all makes a key
    place, digest = chain.head()
    with transaction.atomic(using=KEYS_DATABASE):
        last = Anchor.objects.select_for_update().order_by("-number").first()
        if not is_after_restore and place <= (last.place if last else 0):
            return False
        fresh = Anchor(
            follows=last.number if last else 0,
            place=place,
            digest=digest,
            made_at=clock.now(),
            is_after_restore=is_after_restore,
        )
        fresh.proof = _proof(fresh, bytes(last.proof) if last else b"")
        fresh.save(force_insert=True)
    return True


@task()
def keep_anchor() -> None:
    """Every hour (config/wiring.py)."""
    keep()


def marks(*, after: int = 0) -> Iterator[Mark]:
    """What the anchors say about the chain behind a place, in the order of the places.

    Stops before the first anchor whose proof fails; :func:`first_broken` names that one.
    """
    restored = list(
        Anchor.objects.filter(is_after_restore=True).values_list("number", "place")
    )  # there are few, and each takes back the anchors before it that lie behind its place
    for anchor in _proven():
        is_over = any(number > anchor.number and place < anchor.place for number, place in restored)
        if anchor.place > after and not is_over:
            yield Mark(anchor.place, bytes(anchor.digest))


def _proven() -> Iterator[Anchor]:
    before = b""
    for anchor in Anchor.objects.order_by("number").iterator(chunk_size=1000):
        if not hmac.compare_digest(bytes(anchor.proof), _proof(anchor, before)):
            return
        yield anchor
        before = bytes(anchor.proof)


def first_broken() -> int | None:
    """The place of the first anchor that was changed, made up, or stands behind a missing one."""
    good = 0
    for anchor in _proven():
        good = anchor.number
    bad = Anchor.objects.filter(number__gt=good).order_by("number").first()
    return bad.place if bad else None


@dataclass(frozen=True, slots=True)
class Kept:
    """How many anchors there are, and the newest: its place and when it was made."""

    count: int
    place: int
    made_at: datetime | None


def kept() -> Kept:
    newest = Anchor.objects.order_by("-number").first()
    count = Anchor.objects.count()
    return Kept(count, newest.place, newest.made_at) if newest else Kept(0, 0, None)
