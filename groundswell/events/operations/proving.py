"""What the link of a mail proves: sign-ups are the person's own, and so is the phone number."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from groundswell.events import facts, policy
from groundswell.events.models import Rsvp
from groundswell.events.operations.rsvps import AlreadyCancelled, NotYourSignUp, fact_of
from groundswell.kernel.actor import Actor
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts
from groundswell.people.operations import persons as person_ops
from groundswell.site import vault


@transaction.atomic
def prove_rsvps(*, person_id: int, by: Actor) -> int:
    """The person opened a link in our mail: their sign-ups are proven, their phone is kept.

    Returns how many sign-ups were waiting for it.
    """
    person_ops.prove_mailbox(person_id=person_id, by=by)
    touched = list(
        Rsvp.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(Q(is_proven=False) | ~Q(phone_sealed=b""), person_id=person_id)
        .exclude(state=Rsvp.State.HELD)  # each by its own link (operations/holding.py)
    )
    waiting = [rsvp for rsvp in touched if not rsvp.is_proven]
    Rsvp.objects.filter(id__in=[rsvp.id for rsvp in waiting]).update(
        is_proven=True, hold_until=None
    )
    for rsvp in touched:
        _keep_phone(rsvp, by)
    ledger_ops.record_many([fact_of(facts.RsvpProven, rsvp) for rsvp in waiting], by=by)
    return len(waiting)


def _keep_phone(rsvp: Rsvp, by: Actor) -> None:
    """The number typed after signing up becomes a contact, now that the address is proven."""
    phone = vault.open_(rsvp, "phone_sealed")
    if phone and rsvp.person is not None:
        person_ops.attach_phone(person=rsvp.person, phone=phone, by=by)
        Rsvp.objects.filter(id=rsvp.id).update(phone_sealed=b"")


@transaction.atomic
def give_phone(*, rsvp_id: int, phone: str, by: Actor, came_by_link: bool = False) -> None:
    """Keep a phone number on the sign-up until a link of our mail is opened, then on the person.

    ``came_by_link``: they stand on a page that such a link opened, so it is theirs at once. On
    the page after signing up nobody has proven anything, even if we knew the address before.
    Raises contacts.NotAPhone.
    """
    rsvp = Rsvp.objects.select_for_update(of=("self",)).select_related("person").get(id=rsvp_id)
    if not policy.can_change_rsvp(by, rsvp):
        raise NotYourSignUp
    if rsvp.person is None:
        raise AlreadyCancelled
    number = contacts.normalised_phone(phone, country=rsvp.person.country)
    sealed = vault.seal(rsvp, "phone_sealed", number, key_id=rsvp.person.key_id)
    Rsvp.objects.filter(id=rsvp.id).update(phone_sealed=sealed)
    if came_by_link:
        rsvp.phone_sealed = sealed
        _keep_phone(rsvp, by)
