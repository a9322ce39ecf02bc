"""The only place that writes the consent ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from groundswell.kernel import clock, rows
from groundswell.kernel.actor import Actor
from groundswell.ledger import operations as ledger_ops
from groundswell.people import wordings
from groundswell.people.facts import ConsentGiven, ConsentWithdrawn
from groundswell.people.models import Consent, Contact, Suppression

UNPROVEN_PAUSE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One thing a person agreed to: what for, about which event or campaign, in which words."""

    purpose: Consent.Purpose
    about_id: int
    wording: str
    channel: Consent.Channel = Consent.Channel.EMAIL
    expires_at: datetime | None = None


def give(*, person_id: int, agreements: Iterable[Agreement], source: str, by: Actor) -> None:
    """Write consents into the caller's transaction, with a fact for each beyond the event's own.

    Consent "about this event" is part of the RSVP and told by its fact.
    """
    now = clock.now()
    given = [
        Consent(
            person_id=person_id,
            channel=agreement.channel,
            purpose=agreement.purpose,
            about_id=agreement.about_id,
            is_given=True,
            wording=wordings.INVENTED.get(source, agreement.wording),
            source=source,
            at=now,
            expires_at=agreement.expires_at,
        )
        for agreement in agreements
    ]
    rows.insert(*given)
    ledger_ops.record_many(
        [
            ConsentGiven(person_id=person_id, consent_id=row.id, purpose=row.purpose)
            for row in given
            if row.purpose == Consent.Purpose.CAMPAIGN
        ],
        by=by,
    )


@transaction.atomic
def withdraw(
    *, person_id: int, purpose: Consent.Purpose, about_id: int, source: str, by: Actor
) -> None:
    """Write a withdrawal for every channel that stands. Twice is harmless."""
    now = clock.now()
    given = Consent.objects.filter(person_id=person_id, purpose=purpose, about_id=about_id)
    channels = sorted(set(given.values_list("channel", flat=True)))
    for channel in channels:
        row = Consent(
            person_id=person_id,
            channel=channel,
            purpose=purpose,
            about_id=about_id,
            is_given=False,
            wording="withdrawn",
            source=source,
            at=now,
        )
        row.save(force_insert=True)
        fact = ConsentWithdrawn(person_id=person_id, consent_id=row.id, purpose=purpose)
        ledger_ops.record(fact, by=by)


@transaction.atomic
def suppress(*, contact_id: int, reason: str, by: Actor) -> None:
    """Never write to this address again, whatever list it appears on. Twice is harmless."""
    contact = Contact.objects.get(id=contact_id)
    Suppression.objects.bulk_create(
        [Suppression(blind=bytes(contact.blind), reason=reason, at=clock.now())],
        ignore_conflicts=True,
    )
    Contact.objects.filter(id=contact_id).update(problem=reason)


def use_unproven_turn(*, contact_id: int) -> bool:
    """True when the address is proven, or has had no mail in the last 24 hours.

    One conditional update, so two workers cannot both take the turn.
    """
    now = clock.now()
    free = Q(unproven_mail_at=None) | Q(unproven_mail_at__lte=now - UNPROVEN_PAUSE)
    contact = Contact.objects.filter(id=contact_id)
    if contact.filter(proven_at__isnull=False).exists():
        return True
    return contact.filter(free).update(unproven_mail_at=now) == 1
