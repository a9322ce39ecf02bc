"""Signed links: made where the message is rendered, ended with the thing that they open.

They record no facts: the message that carries a link is recorded by the room that sends it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from groundswell.accounts.models import Link
from groundswell.kernel import clock
from groundswell.kernel.ids import hash_token, new_token

KEEP_AFTER_EXPIRY = timedelta(days=30)
SWEEP_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link to be made: what for, for whom, what it opens, and until when it does."""

    purpose: str  # Link.Purpose
    person_id: int | None
    object_id: int | None
    expires_at: datetime


def make_link(
    *, purpose: str, person_id: int | None, object_id: int | None, expires_at: datetime
) -> str:
    """The clear token of a new link. It is not stored: put it into the message at once."""
    new = NewLink(purpose=purpose, person_id=person_id, object_id=object_id, expires_at=expires_at)
    return make_links([new])[0]


def make_links(many: Iterable[NewLink]) -> list[str]:
    """The clear tokens of many new links, in order, stored by one statement."""
    now, tokens, rows = clock.now(), [], []
    for new in many:
        token = new_token()
        tokens.append(token)
        rows.append(
            Link(
                token_hash=hash_token(token),
                purpose=Link.Purpose(new.purpose),
                person_id=new.person_id,
                object_id=new.object_id,
                created_at=now,
                expires_at=new.expires_at,
            )
        )
    Link.objects.bulk_create(rows)
    return tokens


def use_link(link: Link) -> bool:
    """Mark a link that works once as used. False when somebody was faster."""
    changed = Link.objects.filter(id=link.id, used_at=None, expires_at__gt=clock.now())
    return changed.update(used_at=clock.now()) == 1


def end_links(purpose: str, object_id: int) -> int:
    """From now on no link of this purpose opens this object. Returns how many ended."""
    now = clock.now()
    alive = Link.objects.filter(purpose=purpose, object_id=object_id, expires_at__gt=now)
    return alive.update(expires_at=now)


def move_links(kept_id: int, gone_id: int) -> None:
    """The links of a person who was merged into another now open for that other."""
    Link.objects.filter(person_id=gone_id).update(person_id=kept_id)


def delete_links_of(person_id: int) -> None:
    """No link opens anything for this person any more."""
    Link.objects.filter(person_id=person_id).delete()


def delete_links_to(purpose: str, object_ids: Iterable[int]) -> None:
    """Links to things that have lost their person: nothing may lead from one to the other."""
    Link.objects.filter(purpose=purpose, object_id__in=list(object_ids)).delete()


def links_due(now: datetime) -> QuerySet[Link]:
    """Links that expired more than 30 days before that moment."""
    return Link.objects.filter(expires_at__lt=now - KEEP_AFTER_EXPIRY)


def sweep_links() -> int:
    """Delete up to 500 links that expired more than 30 days ago; returns how many."""
    old = links_due(clock.now())
    ids = list(old.values_list("id", flat=True)[:SWEEP_AT_ONCE])
    return Link.objects.filter(id__in=ids).delete()[0]
