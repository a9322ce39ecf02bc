"""What the stop link does when its button is pressed, and taking that back."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundswell.kernel.actor import Actor
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.outreach import stopping
from groundswell.outreach.facts import MessagesWantedAgain
from groundswell.people import aliases
from groundswell.people.models import Consent, Person
from groundswell.people.operations import consents as consent_ops

SOURCE = "mail.stop"


class StopLinkIsBroken(Refusal):
    sentence = _(
        "This link is not complete. Open it again from the foot of the mail, without changing it."
    )


def _read(signed: str) -> stopping.Stop:
    found = stopping.read(signed)
    if found is None:
        raise StopLinkIsBroken
    # A mail that was written to somebody who was merged since stops the messages to who stays.
    found = replace(found, person_id=aliases.standing_id(found.person_id))
    if not Person.objects.filter(id=found.person_id).exists():
        raise StopLinkIsBroken
    return found


@transaction.atomic
def stop(*, signed: str, by: Actor) -> stopping.Stop:
    """Stop the messages that the link names. Twice is harmless. Raises StopLinkIsBroken.

    The link itself is the proof, so it works for whoever holds the mail. What is already in the
    outbox stops at its gate.
    """
    found = _read(signed)
    if _stands(found):
        consent_ops.withdraw(
            person_id=found.person_id,
            purpose=found.purpose,
            about_id=found.about_id,
            source=SOURCE,
            by=by,
        )
    return found


@transaction.atomic
def take_back(*, signed: str, by: Actor) -> stopping.Stop:
    """Undo a stop that this very link made. Raises StopLinkIsBroken. Twice is harmless.

    It brings back the consent that stood before, in its own words, and nothing that was never
    agreed to or was withdrawn in another way.
    """
    found = _read(signed)
    newest = _newest(found)
    if newest is None or newest.source != SOURCE:
        return found
    is_back = consent_ops.give_back(
        person_id=found.person_id,
        purpose=found.purpose,
        about_id=found.about_id,
        channel=Consent.Channel.EMAIL,
        source=SOURCE,
        by=by,
    )
    if is_back:
        fact = MessagesWantedAgain(
            person_id=found.person_id, purpose=found.purpose.value, about_id=found.about_id
        )
        ledger_ops.record(fact, by=by)
    return found


def _stands(found: stopping.Stop) -> bool:
    newest = _newest(found)
    return newest is not None and newest.is_given


def _newest(found: stopping.Stop) -> Consent | None:
    lines = Consent.objects.filter(
        person_id=found.person_id,
        purpose=found.purpose,
        about_id=found.about_id,
        channel=Consent.Channel.EMAIL,
    )
    return lines.order_by("-at", "-id").first()
