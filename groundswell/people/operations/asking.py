"""Asking for the link to everything we hold: by an address that somebody types, or from a mail.

Whoever asks gets the same answer. The page does the same work for an address that nobody has; a
job looks it up later, and the mail goes only to the address that we hold already.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from groundswell.accounts import limits
from groundswell.kernel.actor import VISITOR, Actor
from groundswell.kernel.refusal import Refusal
from groundswell.ledger import operations as ledger_ops
from groundswell.people import contacts
from groundswell.people.facts import DataAsked
from groundswell.people.models import Contact, Person

ASKED_MOST = 3  # for one address
ASKED_PER = timedelta(days=1)


class AskedOften(Refusal):
    sentence = _("You asked for this link a few times today. Open the newest of our mails.")


def ask_by_address(*, email: str, by: Actor) -> None:
    """Send the link to this address if somebody has it. Raises contacts.NotAnEmail, AskedOften."""
    blind = contacts.blind_email(contacts.normalised_email(email))
    if not limits.take("ask for data", blind.hex(), most=ASKED_MOST, per=ASKED_PER):
        raise AskedOften
    ledger_ops.enqueue(send_link.module_path, {"args": [blind.hex()], "kwargs": {}}, priority=40)


@task()
def send_link(blind: str) -> None:
    """The second half, in the worker: nobody can measure whether it found somebody."""
    contact = Contact.objects.filter(blind=bytes.fromhex(blind), kind=Contact.Kind.EMAIL).first()
    if contact is not None:
        ledger_ops.record(DataAsked(person_id=contact.person_id), by=VISITOR)


def ask_from_mail(*, person_id: int, by: Actor) -> None:
    """The link at the foot of a mail was pressed: whoever holds the mail learns nothing by it.

    The door has read the signed link. Raises AskedOften.
    """
    if not limits.take("ask for data", str(person_id), most=ASKED_MOST, per=ASKED_PER):
        raise AskedOften
    with transaction.atomic():
        if Person.objects.filter(id=person_id).exists():
            ledger_ops.record(DataAsked(person_id=person_id), by=by)
